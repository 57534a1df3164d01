//! `/polls/{id}/results`: what came of a poll, each figure beside the number of ballots it is a
//! share of, as charts and as tables.

use super::page::{about, heading, period, results_come, tag};
use super::{charts, compare, page, versions};
use crate::i18n::{T, time};
use crate::page::{Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::polls::results::QuestionResult;
use domain::polls::{ListedPoll, Poll, PollResults, QuestionKind};
use leptos::prelude::*;

/// Answers in words shown before the rest is folded away.
const TEXTS: usize = 5;

/// The other poll of a comparison; without results nobody may read them yet.
#[derive(Clone, Copy, Debug)]
pub struct With<'a> {
    pub poll: &'a Poll,
    pub results: Option<&'a PollResults>,
}

/// A poll with what came of it, once everyone may read it.
#[derive(Clone, Copy, Debug)]
pub struct ResultsData<'a> {
    pub poll: &'a Poll,
    pub results: Option<&'a PollResults>,
    pub with: Option<With<'a>>,
    /// Other polls that this one can be compared with.
    pub others: &'a [ListedPoll],
}

impl<'a> ResultsData<'a> {
    pub(super) fn of(poll: &'a Poll, results: Option<&'a PollResults>) -> Self {
        Self {
            poll,
            results,
            with: None,
            others: &[],
        }
    }
}

/// `/polls/{id}/results`, perhaps beside those of another poll.
pub fn results_page(cx: &PageContext, data: ResultsData<'_>) -> String {
    let title = cx.t().poll_results_title(&data.poll.questionnaire.title);
    let with = data.with.map(|with| with.poll.id);
    let head = Head {
        title: &title,
        unit: Some(&data.poll.unit),
        canonical: Some(cx.public(&To::PollResults(data.poll.id, with))),
        private: false,
    };
    session_page(cx, &head, || body(cx, &data))
}

/// The body, for page and widget.
pub(super) fn body(cx: &PageContext, data: &ResultsData<'_>) -> AnyView {
    let t = cx.t();
    let poll = data.poll;
    let zone = time::zone(&poll.unit.zone);
    let asked = cx.link(&To::Poll(poll.id));
    let shown = match (data.results, data.with) {
        (None, _) => view! {
            {ui::inset(view! {
                <p>
                    <strong>{t.poll_results_not_yet()}</strong>
                </p>
                <p>{results_come(cx, poll)}</p>
            })}
        }
        .into_any(),
        (Some(results), Some(with)) => compare::comparison(cx, (poll, results), with),
        (Some(results), None) => figures(cx, poll, results),
    };
    let ballots = data.results.map(|results| {
        let codes = results.codes.map(|codes| {
            view! { <p>{t.poll_codes(codes.given, codes.used)}</p> }
        });
        view! {
            <p>{t.poll_ballots(results.ballots)}</p>
            {codes}
        }
    });
    view! {
        {heading(cx, poll, &t.poll_results_title(&poll.questionnaire.title), None)}
        <div class="facts">
            <dl>
                <dt>{t.poll_fact_period()}</dt>
                <dd>
                    <p>{tag(cx, poll.state)}</p>
                    {period(cx, poll, &zone)}
                    {ballots}
                    <p class="noprint">{ui::anchor(asked, t.poll_see())}</p>
                </dd>
                {about(cx, poll)}
            </dl>
        </div>
        {data.results.and_then(|_| called_off(cx, poll))}
        {shown}
        {data.results.map(|results| page::versions(cx, poll, &results.versions))}
        {data.results.map(|_| open_data(cx, poll))}
        {others(cx, data)}
    }
    .into_any()
}

/// Why these are not all the ballots that the poll was meant to bring.
fn called_off(cx: &PageContext, poll: &Poll) -> Option<AnyView> {
    let reason = poll.cancelled_reason.as_deref()?;
    Some(ui::inset(view! {
        <p>
            <strong>{cx.t().poll_cancelled_results()}</strong>
        </p>
        {ui::prose_in(cx.lang_of(&poll.unit), reason)}
    }))
}

fn figures(cx: &PageContext, poll: &Poll, results: &PollResults) -> AnyView {
    let questions = results
        .questions
        .iter()
        .map(|question| figure(cx, poll, results, question))
        .collect_view();
    view! {
        {charts::patterns()}
        {questions}
    }
    .into_any()
}

/// One question: what was asked, by how many it was answered, and how.
fn figure(
    cx: &PageContext,
    poll: &Poll,
    results: &PollResults,
    result: &QuestionResult,
) -> AnyView {
    let t = cx.t();
    let note = (result.kind == QuestionKind::Multiple)
        .then(|| view! { <p class="hint">{t.poll_multiple_note()}</p> });
    let figures = result
        .figures
        .as_ref()
        .map(|figures| view! { <p>{figures_in_words(t, figures)}</p> });
    let number = super::form::number_of(&poll.questionnaire, &result.code)
        .filter(|_| result.earlier.is_none())
        .map(|number| format!("{number}. "));
    let lang = cx.lang_of(&poll.unit);
    view! {
        <section class="outcome">
            <h2>
                {number} <span dir="auto" lang=lang>
                    {plain(&result.text)}
                </span>
            </h2>
            {versions::wording(cx, poll, results, result)}
            <p class="by">{t.poll_answered(result.n, result.ballots)}</p>
            {note}
            {figures}
            {chart(cx, poll, result)}
            {texts(cx, poll, result)}
        </section>
    }
    .into_any()
}

pub(super) fn figures_in_words(t: T, figures: &domain::polls::results::Figures) -> String {
    t.poll_figures(figures.min, figures.mean, figures.median, figures.max)
}

fn chart(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> Option<AnyView> {
    match result.kind {
        _ if result.n == 0 => None,
        QuestionKind::Single | QuestionKind::Multiple => Some(charts::bars(cx, poll, result)),
        QuestionKind::Number => Some(charts::distribution(cx, poll, result)),
        QuestionKind::Scale | QuestionKind::Matrix => Some(charts::stacked(cx, poll, result)),
        QuestionKind::Ranking => Some(charts::ranks(cx, poll, result)),
        QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Section => None,
    }
}

/// Published answers in words, and how many are not.
fn texts(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> Option<AnyView> {
    let t = cx.t();
    if !result.kind.is_text() {
        return None;
    }
    let size = i64::try_from(result.texts.len()).unwrap_or(i64::MAX);
    let lang = cx.lang_of(&poll.unit);
    let items = result
        .texts
        .iter()
        .map(|text| view! { <li dir="auto" lang=lang.clone()>{ui::prose(text)}</li> })
        .collect_view();
    let list = match result.texts.len() {
        0 => view! { <p>{t.poll_texts_none()}</p> }.into_any(),
        few if few <= TEXTS => view! { <ul class="texts">{items}</ul> }.into_any(),
        _ => view! {
            <details>
                <summary>{t.poll_texts_read(size)}</summary>
                <ul class="texts">{items}</ul>
            </details>
        }
        .into_any(),
    };
    let beyond = (result.texts_beyond() > 0)
        .then(|| view! { <p class="hint">{t.poll_texts_beyond(result.texts_beyond())}</p> });
    let withheld = (result.texts_withheld > 0)
        .then(|| view! { <p class="hint">{t.poll_texts_withheld(result.texts_withheld)}</p> });
    Some(
        view! {
            {list}
            {beyond}
            {withheld}
        }
        .into_any(),
    )
}

/// The same figures for programs.
fn open_data(cx: &PageContext, poll: &Poll) -> AnyView {
    let t = cx.t();
    let address = |end: &str| format!("{}/api/v1/polls/{}/results{end}", cx.base, poll.id);
    view! {
        <section class="noprint">
            <h2>{t.poll_open_data()}</h2>
            <ul class="plainlist">
                <li>
                    <a href=address("")>"JSON"</a>
                </li>
                <li>
                    <a href=address(".csv")>"CSV"</a>
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// The ways to a comparison, and back from it.
fn others(cx: &PageContext, data: &ResultsData<'_>) -> Option<AnyView> {
    let t = cx.t();
    data.results?;
    let link = |with: Option<&ListedPoll>| {
        let to = To::PollResults(data.poll.id, with.map(|other| other.id));
        let text = match with {
            Some(other) => plain(&other.title),
            None => t.poll_compare_back().to_owned(),
        };
        view! { <li dir="auto">{ui::anchor(cx.link(&to), text)}</li> }.into_any()
    };
    let shown = data.with.map(|with| with.poll.id);
    let back = shown.map(|_| link(None));
    let links: Vec<AnyView> = data
        .others
        .iter()
        .filter(|other| Some(other.id) != shown)
        .map(|other| link(Some(other)))
        .chain(back)
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="noprint">
                <h2>{t.poll_compare()}</h2>
                <ul class="plainlist">{links}</ul>
            </section>
        }
        .into_any()
    })
}

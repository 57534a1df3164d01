//! `/polls/{id}`: what is asked, by whom and until when, and the questions themselves.

use super::{answers, form, results};
use crate::i18n::time;
use crate::page::{Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::polls::form::BallotForm;
use domain::polls::{Poll, PollResults, PollState, PollVersion, ResultsShown};
use domain::problem::Violations;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// A poll with what somebody answered so far.
#[derive(Clone, Copy, Debug)]
pub struct Answering<'a> {
    pub poll: &'a Poll,
    pub form: &'a BallotForm,
    pub wrong: Option<&'a Violations>,
    /// Why the last press of the button did nothing.
    pub unsent: Option<&'a str>,
}

/// A poll in a host page: its form while it is open, else what came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Widget<'a> {
    pub poll: &'a Poll,
    pub results: Option<&'a PollResults>,
}

/// `/polls/{id}`, perhaps with what is wrong with the answers.
pub fn poll_page(cx: &PageContext, answering: Answering<'_>) -> String {
    let poll = answering.poll;
    let head = Head {
        title: &poll.questionnaire.title,
        unit: Some(&poll.unit),
        canonical: Some(cx.public(&To::Poll(poll.id))),
        private: false,
    };
    session_page(cx, &head, || body(cx, answering))
}

fn body(cx: &PageContext, answering: Answering<'_>) -> AnyView {
    let t = cx.t();
    let poll = answering.poll;
    let unsent = answering.unsent.map(ui::form::not_done);
    let (wrong, why_closed, questions) = if poll.is_open() {
        let wrong = form::error_summary(cx, answering);
        (wrong, None, form::live_form(cx, answering))
    } else {
        // What is asked may be read before and after.
        let asked = view! {
            {super::question::read_only(cx, poll)}
            {answers::left_over(cx, &poll.questionnaire, answering.form)}
        };
        (None, Some(closed(cx, poll)), asked.into_any())
    };
    let intro = poll.questionnaire.intro.as_deref().map(|intro| {
        view! { <div class="intro">{ui::prose_in(cx.lang_of(&poll.unit), intro)}</div> }
    });
    view! {
        {heading(cx, poll, &poll.questionnaire.title, cx.lang_of(&poll.unit))}
        {wrong}
        {unsent}
        {why_closed}
        {intro}
        {facts(cx, poll)}
        {versions(cx, poll, &poll.versions)}
        <h2>{t.poll_questions()}</h2>
        {questions}
    }
    .into_any()
}

/// The body in a host page.
pub(crate) fn widget_body(cx: &PageContext, widget: Widget<'_>) -> AnyView {
    let poll = widget.poll;
    match widget.results {
        Some(_) if !poll.is_open() => {
            results::body(cx, &results::ResultsData::of(poll, widget.results))
        }
        _ => body(
            cx,
            Answering {
                poll,
                form: &BallotForm::default(),
                wrong: None,
                unsent: None,
            },
        ),
    }
}

/// The way back to the consultation, then the title, in the language it is written in.
pub(super) fn heading(cx: &PageContext, poll: &Poll, title: &str, lang: Option<String>) -> AnyView {
    let back = plain(&poll.consultation_title);
    let back = if poll.consultation_public {
        ui::anchor(cx.link(&To::Consultation(poll.consultation)), back)
    } else {
        back.into_any()
    };
    view! {
        <div class="lead">
            <p class="back" dir="auto" lang=cx.lang_of(&poll.unit)>
                {back}
            </p>
            <h1 dir="auto" lang=lang>
                {plain(title)}
            </h1>
        </div>
    }
    .into_any()
}

/// Where it stands, until when, who may answer, how it is asked, and when the results come.
fn facts(cx: &PageContext, poll: &Poll) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&poll.unit.zone);
    let left = poll
        .closes_at
        .filter(|_| poll.is_open())
        .and_then(|closes| t.left(cx.now, closes, &zone))
        .map(|left| view! { <strong class="left">{left}</strong> });
    let results = poll.results_public.then(|| {
        let link = cx.link(&To::PollResults(poll.id, None));
        view! { <p>{ui::anchor(link, t.poll_see_results())}</p> }
    });
    view! {
        <div class="facts">
            <dl>
                <dt>{t.poll_fact_period()}</dt>
                <dd>
                    <p>{tag(cx, poll.state)} " " {left}</p>
                    {period(cx, poll, &zone)}
                </dd>
                {about(cx, poll)}
                <dt>{t.poll_fact_results()}</dt>
                <dd>
                    <p>{results_come(cx, poll)}</p>
                    {results}
                </dd>
            </dl>
        </div>
    }
    .into_any()
}

pub(super) fn tag(cx: &PageContext, state: PollState) -> AnyView {
    view! { <strong class=format!("tag {state}")>{cx.t().poll_state(state)}</strong> }.into_any()
}

pub(super) fn period(cx: &PageContext, poll: &Poll, zone: &TimeZone) -> Option<AnyView> {
    let t = cx.t();
    let (opens, closes) = poll.opens_at.zip(poll.closes_at)?;
    Some(
        view! {
            <p>
                {ui::instant(t, opens, zone)}
                " "
                {t.fact_to()}
                " "
                {ui::deadline(t, closes, zone)}
            </p>
        }
        .into_any(),
    )
}

/// What stands beside the result too: who could answer, before or after the decision, and how it
/// was asked.
pub(super) fn about(cx: &PageContext, poll: &Poll) -> AnyView {
    let t = cx.t();
    let asked = &poll.questionnaire;
    let method = asked.method.as_deref().map(|method| {
        view! {
            <dt>{t.poll_fact_method()}</dt>
            <dd>{ui::prose_in(cx.lang_of(&poll.unit), method)}</dd>
        }
    });
    view! {
        <dt>{t.poll_fact_identity()}</dt>
        <dd>{t.identity_level(asked.identity)}</dd>
        <dt>{t.poll_fact_phase()}</dt>
        <dd>{t.poll_phase(asked.phase)}</dd>
        {method}
    }
    .into_any()
}

/// When the results can be read, as the unit promised.
pub(super) fn results_come(cx: &PageContext, poll: &Poll) -> String {
    let t = cx.t();
    let zone = time::zone(&poll.unit.zone);
    let when = |at: Option<domain::Timestamp>| at.map(|at| t.deadline(at, &zone));
    match (poll.questionnaire.results, poll.state) {
        _ if poll.results_public => t.poll_results_are_public().into(),
        (ResultsShown::ByHand, PollState::Cancelled)
            if poll.opens_at.is_some_and(|at| at <= cx.now) =>
        {
            t.poll_results_come_by_hand().into()
        }
        (_, PollState::Cancelled) => t.poll_results_none().into(),
        (ResultsShown::AtClosing, _) => match when(poll.closes_at) {
            Some(when) => t.poll_results_come_at_closing(when),
            None => t.poll_results_not_yet().into(),
        },
        (ResultsShown::AtOnce, _) => match poll.opens_at.filter(|opens| *opens > cx.now) {
            Some(opens) => t.poll_results_come_from(t.instant(opens, &zone)),
            None => t.poll_results_come_at_once().into(),
        },
        (ResultsShown::ByHand, _) => t.poll_results_come_by_hand().into(),
    }
}

/// Every version of the questions with what it corrected, once there is more than one.
pub(super) fn versions(cx: &PageContext, poll: &Poll, versions: &[PollVersion]) -> Option<AnyView> {
    let t = cx.t();
    if versions.len() < 2 {
        return None;
    }
    let zone = time::zone(&poll.unit.zone);
    let items = versions
        .iter()
        .map(|version| {
            let published = version
                .published_at
                .map(|at| view! { " · " {ui::instant(t, at, &zone)} });
            // Part of the result: nobody is told before it is public.
            let ballots = version
                .ballots
                .filter(|_| poll.results_public)
                .map(|ballots| view! { <p>{t.poll_version_ballots(ballots)}</p> });
            let correction = version.correction.as_deref().map(|correction| {
                view! {
                    <p class="label">{t.poll_version_corrects()}</p>
                    {ui::prose_in(cx.lang_of(&poll.unit), correction)}
                }
            });
            view! {
                <li>
                    {t.poll_version(version.version)}
                    {published}
                    {correction}
                    {ballots}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section>
                <h2>{t.poll_versions()}</h2>
                <ul class="plainlist">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

/// Why no answers are taken now.
fn closed(cx: &PageContext, poll: &Poll) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&poll.unit.zone);
    let why = match (poll.state, poll.opens_at) {
        (PollState::Cancelled, _) => t.poll_cancelled().to_owned(),
        (PollState::Announced, Some(opens)) => t.poll_not_yet_open(t.instant(opens, &zone)),
        _ => t.poll_closed().to_owned(),
    };
    let reason = poll
        .cancelled_reason
        .as_deref()
        .map(|reason| ui::prose_in(cx.lang_of(&poll.unit), reason));
    let results = poll.results_public.then(|| {
        let link = cx.link(&To::PollResults(poll.id, None));
        view! { <p>{ui::call_to_action(link, t.poll_see_results())}</p> }
    });
    view! {
        {ui::inset(view! {
            <p>
                <strong>{why}</strong>
            </p>
            {reason}
        })}
        {results}
    }
    .into_any()
}

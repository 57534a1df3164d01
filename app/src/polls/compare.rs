//! Two polls side by side, for what both asked: before the decision and at its evaluation. A
//! question is the same where it asks the same ([`Question::asks_the_same_as`]); each figure keeps its
//! own number of ballots. Questions are compared as they stand in the newest version of each poll; what
//! differs, and what was answered to an earlier wording, is named as left out.
//!
//! [`Question::asks_the_same_as`]: domain::polls::Question::asks_the_same_as

use super::charts::{self, bar, mean_rank, share, table};
use super::form::number_of;
use super::results::{With, figures_in_words};
use super::versions::asked_in;
use crate::i18n::T;
use crate::page::{PageContext, plain};
use crate::ui;
use domain::polls::results::{Count, QuestionResult};
use domain::polls::{Difference, Poll, PollResults, QuestionKind};
use leptos::prelude::*;

/// The questions that both polls asked.
pub(super) fn comparison(
    cx: &PageContext,
    (poll, results): (&Poll, &PollResults),
    with: With<'_>,
) -> AnyView {
    let t = cx.t();
    let Some(others) = with.results else {
        return ui::inset(view! { <p>{t.poll_compare_hidden()}</p> });
    };
    let both: Vec<AnyView> = current(results)
        .filter_map(|result| {
            let other = same(poll, result, (with.poll, others))?;
            Some(question(cx, poll, result, other))
        })
        .collect();
    let shown = if both.is_empty() {
        ui::inset(view! { <p>{t.poll_compare_none()}</p> })
    } else {
        both.into_any()
    };
    let name = |pattern: usize, name: &'static str, poll: &Poll, ballots: i64| {
        view! {
            <dt>{name} " " {bar(100.0, pattern)}</dt>
            <dd>
                <p dir="auto" lang=cx.lang_of(&poll.unit)>
                    {plain(&poll.questionnaire.title)}
                </p>
                <p class="by">
                    {t.poll_phase(poll.questionnaire.phase)}
                    " · "
                    {t.poll_ballots(ballots)}
                    " · "
                    {t.identity_level(poll.questionnaire.identity)}
                </p>
            </dd>
        }
    };
    view! {
        {charts::patterns()}
        <section>
            <h2>{t.poll_compare_title()}</h2>
            <dl class="pair">
                {name(0, t.poll_first_poll(), poll, results.ballots)}
                {name(1, t.poll_second_poll(), with.poll, others.ballots)}
            </dl>
        </section>
        {shown}
        {left_out(cx, (poll, results), (with.poll, others))}
    }
    .into_any()
}

/// What is asked now and counted.
fn current(results: &PollResults) -> impl Iterator<Item = &QuestionResult> {
    let asked = results.questions.iter();
    asked.filter(|result| result.earlier.is_none() && !result.kind.is_text())
}

/// The question of the other poll that asks the same as this one; a code is not a question.
fn same<'a>(
    poll: &Poll,
    result: &QuestionResult,
    (other, others): (&Poll, &'a PollResults),
) -> Option<&'a QuestionResult> {
    let question = poll.questionnaire.question(&result.code)?;
    let alike = |found: &&QuestionResult| {
        let found = other.questionnaire.question(&found.code);
        found.is_some_and(|found| question.asks_the_same_as(found))
    };
    let by_code = current(others).find(|found| found.code == result.code);
    by_code
        .filter(alike)
        .or_else(|| current(others).find(alike))
}

/// What only one poll asks as it does, and the answers to earlier wordings: compared with nothing.
fn left_out(
    cx: &PageContext,
    first: (&Poll, &PollResults),
    second: (&Poll, &PollResults),
) -> Option<AnyView> {
    let t = cx.t();
    let of = |name: &'static str,
              (poll, results): (&Poll, &PollResults),
              other: (&Poll, &PollResults)| {
        let lang = cx.lang_of(&poll.unit);
        let apart = |result: &QuestionResult| {
            result.earlier.is_some() || same(poll, result, other).is_none()
        };
        let apart = results
            .questions
            .iter()
            .filter(|result| !result.kind.is_text() && apart(result));
        let items = apart.map(|result| {
            let why = match result.earlier {
                Some(_) => asked_in(t, result),
                None => why_not(t, poll, result, other.0),
            };
            let why = t.poll_with_n(result.n, why);
            view! {
                <li>
                    {t.form_place(name)} {number(poll, result)} <span dir="auto" lang=lang.clone()>
                        {plain(&result.text)}
                    </span> " · " {why}
                </li>
            }
            .into_any()
        });
        items.collect::<Vec<_>>()
    };
    let mut items = of(t.poll_first_poll(), first, second);
    items.extend(of(t.poll_second_poll(), second, first));
    (!items.is_empty()).then(|| {
        view! {
            <section>
                <h2>{t.poll_compare_left_out()}</h2>
                <p class="hint">{t.poll_compare_left_out_why()}</p>
                <ul class="plainlist">{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// In what the other poll's question under the same code differs, if there is one.
fn why_not(t: T, poll: &Poll, result: &QuestionResult, other: &Poll) -> String {
    let asked = |poll: &Poll| poll.questionnaire.question(&result.code).cloned();
    let (Some(here), Some(there)) = (asked(poll), asked(other)) else {
        return t.poll_compare_only_here().to_owned();
    };
    let named = here
        .differences(&there)
        .into_iter()
        .map(|difference| match difference {
            Difference::Kind => t.poll_differs_kind(),
            Difference::Text => t.poll_differs_text(),
            Difference::Hint => t.poll_differs_hint(),
            Difference::Options => t.poll_differs_options(),
            Difference::Rows => t.poll_differs_rows(),
            Difference::Limits => t.poll_differs_limits(),
            Difference::Ends => t.poll_differs_ends(),
        });
    t.poll_compare_differs(named.collect::<Vec<_>>().join(t.list_comma()))
}

/// "3. ", as the question is numbered in its poll.
fn number(poll: &Poll, result: &QuestionResult) -> Option<String> {
    number_of(&poll.questionnaire, &result.code)
        .filter(|_| result.earlier.is_none())
        .map(|number| format!("{number}. "))
}

fn question(cx: &PageContext, poll: &Poll, a: &QuestionResult, b: &QuestionResult) -> AnyView {
    let t = cx.t();
    let lang = cx.lang_of(&poll.unit);
    let drawn = match a.kind {
        QuestionKind::Matrix => a
            .rows
            .iter()
            .map(|row| {
                let other = b.rows.iter().find(|other| other.code == row.code);
                let (counts, n) = other.map_or((&[][..], 0), |other| (&other.counts, other.n));
                view! {
                    <h3 dir="auto" lang=lang.clone()>
                        {plain(&row.text)}
                    </h3>
                    {pairs(cx, poll, (&row.counts, row.n), (counts, n))}
                }
            })
            .collect_view()
            .into_any(),
        QuestionKind::Ranking => ranks(cx, poll, a, b),
        // Two distributions have few numbers in common; their figures can be compared.
        QuestionKind::Number => ().into_any(),
        _ => pairs(cx, poll, (&a.counts, a.n), (&b.counts, b.n)),
    };
    let figures: Vec<AnyView> = [(t.poll_first_poll(), a), (t.poll_second_poll(), b)]
        .into_iter()
        .filter_map(|(name, result)| {
            let figures = figures_in_words(t, result.figures.as_ref()?);
            let name = t.form_place(t.poll_with_n(result.n, name));
            Some(view! { <p>{name} {figures}</p> }.into_any())
        })
        .collect();
    view! {
        <section class="outcome">
            <h2>
                {number(poll, a)} <span dir="auto" lang=lang>
                    {plain(&a.text)}
                </span>
            </h2>
            <p class="by">
                {t.poll_with_n(a.n, t.poll_first_poll())} " · "
                {t.poll_with_n(b.n, t.poll_second_poll())}
            </p>
            {figures}
            {drawn}
        </section>
    }
    .into_any()
}

/// Both counts of each option; what only one poll offered has only one.
fn pairs(
    cx: &PageContext,
    poll: &Poll,
    (a, n_a): (&[Count], i64),
    (b, n_b): (&[Count], i64),
) -> AnyView {
    let t = cx.t();
    let (first, second) = (
        t.poll_with_n(n_a, t.poll_first_poll()),
        t.poll_with_n(n_b, t.poll_second_poll()),
    );
    let of = |counts: &[Count], code: &str| counts.iter().find(|c| c.code == code).cloned();
    let only_in_b = b.iter().filter(|count| of(a, &count.code).is_none());
    let options: Vec<(String, Option<Count>, Option<Count>)> = a
        .iter()
        .chain(only_in_b)
        .map(|count| (plain(&count.text), of(a, &count.code), of(b, &count.code)))
        .collect();
    let line = |pattern: usize, name: &str, count: &Option<Count>| {
        count.as_ref().map(|count| {
            let name = name.to_owned();
            view! {
                <p>
                    {name}
                    " "
                    <span class="figure">
                        <b>{share(count.percent)}</b>
                        " "
                        {t.poll_times(count.count)}
                    </span>
                </p>
                {bar(count.percent, pattern)}
            }
        })
    };
    let items = options
        .iter()
        .map(|(text, a, b)| {
            view! {
                <li>
                    <span class="label" dir="auto" lang=cx.lang_of(&poll.unit)>
                        {text.clone()}
                    </span>
                    {line(0, t.poll_first_poll(), a)}
                    {line(1, t.poll_second_poll(), b)}
                </li>
            }
        })
        .collect_view();
    let figure = |count: &Option<Count>| {
        count.as_ref().map_or_else(
            || "–".to_owned(),
            |count| format!("{} ({})", t.number(count.count), share(count.percent)),
        )
    };
    let rows = options
        .iter()
        .map(|(text, a, b)| vec![text.clone(), figure(a), figure(b)])
        .collect();
    let heads = [t.poll_column_option().to_owned(), first, second];
    view! {
        <ul class="bars">{items}</ul>
        {table(t, &heads, rows)}
    }
    .into_any()
}

fn ranks(cx: &PageContext, poll: &Poll, a: &QuestionResult, b: &QuestionResult) -> AnyView {
    let t = cx.t();
    let items = a
        .ranks
        .iter()
        .map(|rank| {
            let other = b.ranks.iter().find(|other| other.code == rank.code);
            let line = |name: &'static str, said: String| {
                view! { <p>{t.form_place(name)} {said}</p> }
            };
            view! {
                <li>
                    <span class="label" dir="auto" lang=cx.lang_of(&poll.unit)>
                        {plain(&rank.text)}
                    </span>
                    {line(t.poll_first_poll(), mean_rank(t, rank))}
                    {other.map(|other| line(t.poll_second_poll(), mean_rank(t, other)))}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="bars">{items}</ul> }.into_any()
}

//! The polls of a consultation on its page.

use super::page::tag;
use crate::i18n::time;
use crate::page::{PageContext, To, plain};
use crate::ui;
use domain::consultations::{Consultation, Unit};
use domain::livelihood::NoPoll;
use domain::polls::{ListedPoll, PollState};
use leptos::prelude::*;

/// Every published poll with its period and the way to answer it or to its results, or why none is
/// held before the decision; nothing where there is neither.
pub(crate) fn listed(
    cx: &PageContext,
    consultation: &Consultation,
    polls: &[ListedPoll],
) -> Option<AnyView> {
    let (t, unit) = (cx.t(), &consultation.unit);
    let none = consultation.no_poll.as_ref();
    if polls.is_empty() && none.is_none() {
        return None;
    }
    let none = none.map(|none| none_held(cx, unit, none));
    let items = polls.iter().map(|poll| one(cx, unit, poll)).collect_view();
    let list = (!polls.is_empty()).then(|| view! { <ul class="list">{items}</ul> });
    Some(
        view! {
            <section id="polls">
                <h2>{t.poll_list_title()}</h2>
                {none}
                {list}
            </section>
        }
        .into_any(),
    )
}

fn none_held(cx: &PageContext, unit: &Unit, none: &NoPoll) -> AnyView {
    let t = cx.t();
    let names = none.fields.iter().map(|field| t.livelihood_field(*field));
    let names = names.collect::<Vec<_>>().join(t.list_comma());
    let fields = (!names.is_empty()).then(|| {
        view! { <p class="hint">{t.poll_none_fields(names)}</p> }
    });
    view! {
        <p>{t.poll_none_before()}</p>
        {ui::prose_in(cx.lang_of(unit), &none.reason)}
        {fields}
    }
    .into_any()
}

fn one(cx: &PageContext, unit: &Unit, poll: &ListedPoll) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&unit.zone);
    let period = poll.opens_at.zip(poll.closes_at).map(|(opens, closes)| {
        view! {
            <p class="by">
                {ui::instant(t, opens, &zone)}
                " "
                {t.fact_to()}
                " "
                {ui::deadline(t, closes, &zone)}
            </p>
        }
    });
    let left = poll
        .closes_at
        .filter(|_| poll.state == PollState::Open)
        .and_then(|closes| t.left(cx.now, closes, &zone))
        .map(|left| view! { " " <strong class="left">{left}</strong> });
    let ballots = poll
        .ballots
        .filter(|_| poll.results_public)
        .map(|ballots| view! { <p class="by">{t.poll_ballots(ballots)}</p> });
    let answer = (poll.state == PollState::Open).then(|| {
        let link = cx.link(&To::Poll(poll.id));
        ui::call_to_action(link, t.poll_answer())
    });
    let results = poll.results_public.then(|| {
        let link = cx.link(&To::PollResults(poll.id, None));
        ui::anchor(link, t.poll_see_results())
    });
    let ways = (answer.is_some() || results.is_some()).then(|| {
        view! {
            <p class="noprint">
                {answer}
                {results}
            </p>
        }
    });
    let page = cx.link(&To::Poll(poll.id));
    view! {
        <li>
            <p class="meta">
                {tag(cx, poll.state)}
                {left}
            </p>
            <h3 dir="auto" lang=cx.lang_of(unit)>
                {ui::anchor(page, plain(&poll.title))}
            </h3>
            {period}
            {ballots}
            {ways}
        </li>
    }
    .into_any()
}

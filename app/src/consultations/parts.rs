//! Parts that several pages about one consultation share.

use crate::i18n::{T, time};
use crate::page::{PageContext, To, plain};
use crate::ui::{self, numbers::Part};
use domain::consultations::{ByState, Consultation, Counts, Round, State};
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// The head of a page that is part of a consultation: the way back, then the page's own title.
pub(crate) fn part_heading(
    cx: &PageContext,
    consultation: &Consultation,
    title: impl Into<String>,
) -> AnyView {
    let title: String = title.into();
    let back = cx.link(&To::Consultation(consultation.number));
    view! {
        <div class="lead">
            <p class="back" dir="auto" lang=cx.lang_of(&consultation.unit)>
                {ui::anchor(back, plain(&consultation.title))}
            </p>
            <h1 dir="auto">{title}</h1>
        </div>
    }
    .into_any()
}

/// On pages that were there before the feedback: the way to what came of the comments.
pub(crate) fn answered(cx: &PageContext, consultation: &Consultation) -> Option<AnyView> {
    consultation.feedback_at?;
    let feedback = cx.link(&To::Feedback(consultation.number));
    Some(ui::inset(ui::anchor(feedback, cx.t().feedback_read_all())))
}

/// "9 days left", while comments are taken.
pub(crate) fn days_left(
    cx: &PageContext,
    state: State,
    round: Option<&Round>,
    zone: &TimeZone,
) -> Option<AnyView> {
    let round = round.filter(|_| state == State::Open)?;
    let left = cx.t().left(cx.now, round.closes_at, zone)?;
    Some(view! { <strong class="left">{left}</strong> }.into_any())
}

/// Links to every public version, its original file, and what changed from one to the next.
pub(crate) fn versions(cx: &PageContext, consultation: &Consultation) -> Option<AnyView> {
    let t = cx.t();
    let number = consultation.number;
    if consultation.versions.is_empty() {
        return None;
    }
    let zone = time::zone(&consultation.unit.zone);
    let items = consultation
        .versions
        .iter()
        .map(|info| {
            let published = info
                .published_at
                .map(|at| view! { " · " {ui::day(t, at, &zone)} });
            let read = cx.link(&To::Draft(number, info.version));
            let original = cx.link(&To::Original(number, info.version));
            view! {
                <li>
                    {ui::anchor(read, t.draft_read_version(info.version))}
                    " · "
                    {ui::anchor(original, t.draft_original(info.version))}
                    {published}
                </li>
            }
        })
        .collect_view();
    let changes = consultation
        .versions
        .windows(2)
        .filter_map(|pair| {
            let [a, b] = pair else { return None };
            let link = cx.link(&To::Changes {
                number,
                from: a.version,
                to: b.version,
                only_changed: true,
            });
            Some(view! { <li>{ui::anchor(link, t.draft_changes(a.version, b.version))}</li> })
        })
        .collect_view();
    Some(view! { <ul class="plainlist">{items} {changes}</ul> }.into_any())
}

/// The ways to the comments of the other stages than `shown`, newest first: each has numbers of
/// its own.
pub(crate) fn stages(cx: &PageContext, consultation: &Consultation, shown: i64) -> Option<AnyView> {
    let t = cx.t();
    let others = (1..=consultation.stage)
        .rev()
        .filter(|stage| *stage != shown);
    let links: Vec<AnyView> = others
        .map(|stage| {
            let current = stage == consultation.stage;
            let to = To::Comments {
                number: consultation.number,
                stage: (!current).then_some(stage),
                clause: None,
                after: None,
            };
            let text = match current {
                true => t.comments_current_stage().to_owned(),
                false => t.comments_earlier_stage(stage),
            };
            view! { <li>{ui::anchor(cx.link(&to), text)}</li> }.into_any()
        })
        .collect();
    (!links.is_empty()).then(|| view! { <ul class="plainlist noprint">{links}</ul> }.into_any())
}

/// Everything that was counted, people and points apart; both add up.
pub(crate) fn counts(t: T, counts: &Counts) -> AnyView {
    if counts.comments.received == 0 {
        return view! { <p>{t.count_none()}</p> }.into_any();
    }
    view! {
        {by_state(t, t.count_comments(), &counts.comments)}
        {more_counts(t, counts)}
    }
    .into_any()
}

/// The same above a list, where the comments should come soon: what is not the first bar is
/// folded away.
pub(crate) fn counts_in_short(t: T, counts: &Counts) -> AnyView {
    if counts.comments.received == 0 {
        return view! { <p>{t.count_none()}</p> }.into_any();
    }
    view! {
        {by_state(t, t.count_comments(), &counts.comments)}
        <details class="more">
            <summary>{t.count_more()}</summary>
            {more_counts(t, counts)}
        </details>
    }
    .into_any()
}

fn more_counts(t: T, counts: &Counts) -> AnyView {
    let held = (!counts.held_for.is_empty()).then(|| {
        let reasons = counts
            .held_for
            .iter()
            .map(|held| {
                view! {
                    <li>{t.hold_reason(held.reason)} " " <b>{t.number(held.comments)}</b></li>
                }
            })
            .collect_view();
        view! {
            <p class="label">{t.count_held_why(counts.comments.held)}</p>
            <ul class="plainlist">{reasons}</ul>
        }
    });
    view! {
        <p>{t.count_senders(t.number(counts.organisations), t.number(counts.individuals))}</p>
        {by_state(t, t.count_points(), &counts.points)}
        {held}
    }
    .into_any()
}

fn by_state(t: T, caption: &str, by: &ByState) -> AnyView {
    ui::numbers::numbers_bar(
        t,
        caption,
        vec![
            Part::new(t.count_published(), by.published),
            Part::new(t.count_waiting(), by.waiting),
            Part::new(t.count_held(), by.held),
            Part::new(t.count_withdrawn(), by.withdrawn),
        ],
    )
}

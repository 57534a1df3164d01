//! `/desk/c/{number}`: where a consultation stands, what to do next, its numbers, and the lines to
//! paste into the department's page.

use super::livelihood::standing;
use super::steps::checklist;
use crate::desk::Desk;
use crate::embed::{self, Widget};
use crate::fields::snippet;
use crate::frame::{Head, Tab, screen};
use crate::overview::Work;
use app::i18n::time;
use app::page::{To, plain};
use app::ui::{self, numbers::Part, numbers::numbers_bar};
use domain::consultations::{ByState, Consultation, State};
use domain::livelihood::Livelihood;
use domain::staff::Role;
use leptos::prelude::*;

/// A consultation with what waits in it.
#[derive(Clone, Copy, Debug)]
pub struct StatusData<'a> {
    pub consultation: &'a Consultation,
    pub work: Work,
    pub livelihood: &'a Livelihood,
    /// Whether a poll that asks before the decision is public.
    pub polls_before: bool,
    /// The unit's origins: where the widget will be shown.
    pub origins: &'a [String],
}

/// `/desk/c/{number}`.
pub fn status_page(desk: &Desk, data: StatusData<'_>) -> String {
    let t = desk.t();
    let consultation = data.consultation;
    let head = Head::of(&consultation.title, consultation, Tab::Status);
    screen(desk, &head, || {
        let theirs = || desk.page.lang_of(&consultation.unit);
        let preparing = consultation.state == State::Preparing;
        let edit = (preparing && desk.may(consultation, Role::Editor)).then(|| {
            let href = desk.of(consultation.number, "/edit");
            view! { <a href=href>{t.desk_edit_facts()}</a> }
        });
        let public = (!preparing).then(|| {
            let href = desk.to(&format!("/c/{}", consultation.number));
            view! { <a href=href>{t.desk_public_page()}</a> }
        });
        let withdrawn = consultation.withdrawn_reason.as_deref().map(|reason| {
            ui::inset(view! {
                <p>{t.fact_withdrawn()}</p>
                {ui::prose_in(theirs(), reason)}
            })
        });
        view! {
            <h1 dir="auto" lang=theirs()>
                {plain(&consultation.title)}
            </h1>
            <p class="under">
                {ui::state_tag(t, consultation.state)} " "
                <span dir="auto" lang=theirs()>{plain(&consultation.unit.name)}</span> " " {edit} " " {public}
            </p>
            {withdrawn}
            <h2>{t.desk_todo()}</h2>
            {checklist(desk, consultation, data.work)}
            {standing(desk, consultation, data.livelihood, data.polls_before)}
            {numbers(desk, consultation)}
            {period(desk, consultation)}
            {pasting(desk, consultation, data.origins)}
            {give_up(desk, consultation)}
        }
    })
}

fn numbers(desk: &Desk, consultation: &Consultation) -> Option<AnyView> {
    let t = desk.t();
    let counts = &consultation.counts;
    if counts.comments.received == 0 {
        return None;
    }
    let parts = |by: &ByState| {
        vec![
            Part::new(t.count_published(), by.published),
            Part::new(t.count_waiting(), by.waiting),
            Part::new(t.count_held(), by.held),
            Part::new(t.count_withdrawn(), by.withdrawn),
        ]
    };
    Some(
        view! {
            <h2>{t.desk_numbers()}</h2>
            {numbers_bar(t, t.count_comments(), parts(&counts.comments))}
            {numbers_bar(t, t.count_points(), parts(&counts.points))}
            <p>
                {t
                    .count_senders(
                        t.number(counts.organisations),
                        t.number(counts.individuals),
                    )}
            </p>
        }
        .into_any(),
    )
}

fn period(desk: &Desk, consultation: &Consultation) -> Option<AnyView> {
    let t = desk.t();
    let round = consultation.round.as_ref()?;
    let zone = time::zone(&consultation.unit.zone);
    let reason = round.reason_for_short_period.as_deref().map(|reason| {
        view! {
            <dt>{t.fact_short_period()}</dt>
            <dd>{ui::prose_in(desk.page.lang_of(&consultation.unit), reason)}</dd>
        }
    });
    Some(
        view! {
            <h2>{t.desk_tab_round()}</h2>
            <dl class="facts">
                <dt>{t.desk_version()}</dt>
                <dd>{t.draft_version(round.version)}</dd>
                <dt>{t.desk_opens()}</dt>
                <dd>{ui::instant(t, round.opens_at, &zone)}</dd>
                <dt>{t.desk_closes()}</dt>
                <dd>{ui::deadline(t, round.closes_at, &zone)}</dd>
                {reason}
            </dl>
        }
        .into_any(),
    )
}

/// The lines to paste, and what a strict content security policy must allow for them.
fn pasting(desk: &Desk, consultation: &Consultation, origins: &[String]) -> AnyView {
    let t = desk.t();
    let base = &desk.page.base;
    let page = desk.page.public(&To::Consultation(consultation.number));
    let lines = embed::lines(Widget::Consultation, base, &page, &consultation.title);
    let origins = if origins.is_empty() {
        view! { <p class="error">{t.desk_embed_no_origins()}</p> }.into_any()
    } else {
        let origins = origins.join(t.desk_comma());
        view! { <p>{t.desk_embed_origins(origins)}</p> }.into_any()
    };
    view! {
        <h2>{t.desk_embed()}</h2>
        <p>{t.desk_embed_how()}</p>
        {snippet(t.desk_embed().into(), lines)}
        {origins}
        <details>
            <summary>{t.desk_embed_policy()}</summary>
            <p>{t.desk_embed_policy_frame()}</p>
            {snippet(t.desk_embed_policy_frame().into(), embed::frame_policy(base))}
            <p>{t.desk_embed_policy_inline()}</p>
            {snippet(t.desk_embed_policy_inline().into(), embed::inline_policy(base))}
        </details>
    }
    .into_any()
}

fn give_up(desk: &Desk, consultation: &Consultation) -> Option<AnyView> {
    let t = desk.t();
    let possible = matches!(
        consultation.state,
        State::Published | State::Open | State::Closed
    );
    (possible && desk.may(consultation, Role::Approver)).then(|| {
        view! {
            <p class="apart">
                <a href=desk.of(consultation.number, "/withdraw")>{t.desk_withdraw()}</a>
            </p>
        }
        .into_any()
    })
}

//! The sessions of a consultation, as its own page lists them.

use super::notice::state_tag;
use crate::i18n::time;
use crate::page::{PageContext, To, plain};
use crate::ui;
use domain::consultations::Unit;
use domain::hearings::{ListedHearing, SessionState};
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// Each session with where it stands, when it is, and the way to apply.
pub(crate) fn listed(cx: &PageContext, unit: &Unit, sessions: &[ListedHearing]) -> Option<AnyView> {
    if sessions.is_empty() {
        return None;
    }
    let zone = time::zone(&unit.zone);
    let items = sessions
        .iter()
        .map(|session| item(cx, unit, session, &zone))
        .collect_view();
    Some(
        view! {
            <section id="sessions">
                <h2>{cx.t().sessions_title()}</h2>
                <ul class="list">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

fn item(cx: &PageContext, unit: &Unit, session: &ListedHearing, zone: &TimeZone) -> AnyView {
    let t = cx.t();
    let applying = session.state == SessionState::Applying;
    let left = applying
        .then(|| t.left(cx.now, session.applications_close_at, zone))
        .flatten()
        .map(|left| view! { <span class="left">{left}</span> });
    let when = match session.starts_at {
        Some(at) => ui::instant(t, at, zone),
        None => t.hearing_to_be_announced().into_any(),
    };
    let place = session
        .place
        .as_deref()
        .map(|place| view! { <li dir="auto" lang=cx.lang_of(unit)>{plain(place)}</li> });
    let apply = applying.then(|| {
        view! {
            <p class="noprint">
                {ui::call_to_action(cx.link(&To::Apply(session.id)), t.apply_start())}
            </p>
        }
    });
    view! {
        <li>
            <p class="meta">
                {state_tag(t, session.state)} " " <span>{t.session_kind(session.kind)}</span> " "
                {left}
            </p>
            <h3 dir="auto" lang=cx.lang_of(unit)>
                {ui::anchor(cx.link(&To::Hearing(session.id)), plain(&session.title))}
            </h3>
            <ul class="dots">
                <li>{when}</li>
                {place}
                <li>{t.seats_number(session.total)}</li>
            </ul>
            {apply}
        </li>
    }
    .into_any()
}

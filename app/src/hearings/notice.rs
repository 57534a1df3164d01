//! The notice of a session: what is heard, where and when, for whom there are seats, how to apply,
//! and afterwards what was said.

use super::{earlier, outcome, seats};
use crate::i18n::{T, time};
use crate::page::{Chrome, Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::hearings::{Hearing, SessionState};
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// `/hearings/{id}`, and the same in a frame.
pub fn hearing_page(cx: &PageContext, hearing: &Hearing) -> String {
    let head = Head {
        title: &hearing.notice.title,
        unit: Some(&hearing.unit),
        canonical: Some(cx.public(&To::Hearing(hearing.id))),
        private: false,
    };
    session_page(cx, &head, || body(cx, hearing))
}

fn body(cx: &PageContext, hearing: &Hearing) -> AnyView {
    let t = cx.t();
    let theirs = || cx.lang_of(&hearing.unit);
    let notice = &hearing.notice;
    let about = hearing.consultation_public.then(|| {
        let link = cx.link(&To::Consultation(hearing.consultation));
        view! {
            <p class="back" dir="auto" lang=theirs()>
                {ui::anchor(link, plain(&hearing.consultation_title))}
            </p>
        }
    });
    let cancelled = hearing.cancelled_reason.as_deref().map(|reason| {
        ui::inset(view! {
            <p>
                <strong>{t.hearing_cancelled_because()}</strong>
            </p>
            {ui::prose_in(theirs(), reason)}
        })
    });
    let intro = notice.matter.as_deref().map(|matter| {
        view! { <div class="intro">{ui::prose_in(theirs(), matter)}</div> }
    });
    view! {
        <div class="lead">
            {about}
            <p class="meta">
                {state_tag(t, hearing.state)} " " <span>{t.session_kind(notice.kind)}</span> " "
                <span>{hearing.id.to_string()}</span>
            </p>
            <h1 dir="auto" lang=theirs()>
                {plain(&notice.title)}
            </h1>
            {intro}
        </div>
        {cancelled}
        {facts(cx, hearing)}
        {earlier::notices(cx, hearing)}
        {outcome::report(cx, hearing)}
        {outcome::minutes(cx, hearing)}
        {outcome::opinions(cx, hearing)}
        {seats::section(cx, hearing)}
        {outcome::participants(cx, hearing)}
        {seats::draw_section(cx, hearing)}
        {outcome::papers(cx, hearing)}
        {practical(cx, hearing)}
        {(cx.chrome == Chrome::Page).then(|| view! { <p class="hint noprint">{t.page_print()}</p> })}
    }
    .into_any()
}

/// Where a session stands: words in a tag, readable without its colour.
pub(super) fn state_tag(t: T, state: SessionState) -> AnyView {
    // Filled like an open round, in the style that every page has.
    let open = match state {
        SessionState::Applying => " open",
        _ => "",
    };
    view! { <strong class=format!("tag {state}{open}")>{t.session_state(state)}</strong> }
        .into_any()
}

/// The head of a page that is part of a session: the way back, then the page's own title.
pub(super) fn part_heading(
    cx: &PageContext,
    hearing: &Hearing,
    title: impl Into<String>,
) -> AnyView {
    let title: String = title.into();
    let back = cx.link(&To::Hearing(hearing.id));
    view! {
        <div class="lead">
            <p class="back" dir="auto" lang=cx.lang_of(&hearing.unit)>
                {ui::anchor(back, plain(&hearing.notice.title))}
            </p>
            <h1>{title}</h1>
        </div>
    }
    .into_any()
}

/// When, where, until when to apply and what happens next; the one thing to do stands below.
pub(super) fn facts(cx: &PageContext, hearing: &Hearing) -> AnyView {
    let t = cx.t();
    let notice = &hearing.notice;
    let zone = time::zone(&hearing.unit.zone);
    let theirs = || cx.lang_of(&hearing.unit);
    let place = match &notice.place {
        Some(place) => ui::prose_in(theirs(), place),
        None => view! { <p>{t.hearing_to_be_announced()}</p> }.into_any(),
    };
    let left = hearing
        .is_open()
        .then(|| t.left(cx.now, notice.applications_close_at, &zone))
        .flatten()
        .map(|left| view! { <strong class="left">{left}</strong> });
    let call = hearing.is_open().then(|| {
        view! {
            <p class="noprint">
                {ui::call_to_action(cx.link(&To::Apply(hearing.id)), t.apply_start())}
                <span class="hint">{t.apply_start_hint()}</span>
            </p>
        }
    });
    view! {
        <div class="facts">
            <dl>
                <dt>{t.hearing_by()}</dt>
                <dd dir="auto" lang=theirs()>
                    {plain(&hearing.unit.name)}
                </dd>
                <dt>{t.hearing_when()}</dt>
                <dd>{when(cx, hearing, &zone)}</dd>
                <dt>{t.hearing_place()}</dt>
                <dd>{place} <p class="hint">{t.attendance(notice.attendance)}</p></dd>
                <dt>{t.hearing_period()}</dt>
                <dd>
                    {left}
                    <p>
                        {ui::instant(t, notice.applications_open_at, &zone)} " " {t.fact_to()} " "
                        {ui::deadline(t, notice.applications_close_at, &zone)}
                    </p>
                </dd>
                <dt>{t.fact_next()}</dt>
                <dd>{next(t, hearing)}</dd>
            </dl>
            {call}
        </div>
    }
    .into_any()
}

/// The day and hour, with the file for one's own calendar once they are known.
fn when(cx: &PageContext, hearing: &Hearing, zone: &TimeZone) -> AnyView {
    let t = cx.t();
    let Some(starts_at) = hearing.notice.starts_at else {
        return view! { <p>{t.hearing_to_be_announced()}</p> }.into_any();
    };
    let ends = hearing.notice.ends_at.map(|ends_at| {
        view! { " " {t.fact_to()} " " {ui::instant(t, ends_at, zone)} }
    });
    let calendar = (hearing.state != SessionState::Cancelled).then(|| {
        let link = cx.link(&To::Calendar(hearing.id));
        view! { <p class="noprint">{ui::anchor(link, t.hearing_calendar())}</p> }
    });
    view! {
        <p>
            {ui::instant(t, starts_at, zone)}
            {ends}
        </p>
        {calendar}
    }
    .into_any()
}

fn next(t: T, hearing: &Hearing) -> &'static str {
    let draws = hearing.notice.has_draw();
    match hearing.state {
        SessionState::Preparing => t.code_session_preparing(),
        SessionState::Announced => t.hearing_next_announced(),
        SessionState::Applying if draws => t.hearing_next_applying_draw(),
        SessionState::Applying => t.hearing_next_applying(),
        SessionState::Closed if draws => t.hearing_next_closed_draw(),
        SessionState::Closed => t.hearing_next_seated(),
        SessionState::Frozen => t.hearing_next_frozen(),
        SessionState::Drawn => t.hearing_next_seated(),
        SessionState::Held => t.hearing_next_held(),
        SessionState::Cancelled => t.hearing_next_cancelled(),
    }
}

/// What to bring, the order of the session, who to ask.
fn practical(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    let t = cx.t();
    let notice = &hearing.notice;
    let parts: Vec<AnyView> = [
        (t.hearing_bring(), &notice.bring),
        (t.hearing_discipline(), &notice.discipline),
        (t.hearing_contact(), &notice.contact),
    ]
    .into_iter()
    .filter_map(|(title, text)| {
        let text = ui::prose_in(cx.lang_of(&hearing.unit), text.as_deref()?);
        Some(
            view! {
                <div>
                    <h3>{title}</h3>
                    {text}
                </div>
            }
            .into_any(),
        )
    })
    .collect();
    (!parts.is_empty()).then(|| {
        view! {
            <section id="practical">
                <h2>{t.hearing_practical()}</h2>
                <div class="two">{parts}</div>
            </section>
        }
        .into_any()
    })
}

//! What a participant can say after a session, behind `/r`: that the minutes are right or what is
//! wrong in them, and, where it is asked, what they made of it.

use crate::i18n::time;
use crate::page::{PageContext, To};
use crate::ui;
use crate::ui::form::{Field, action_button, error_for, hidden, textarea};
use domain::hearings::{Correction, Hearing, OwnApplication, OwnMinutes};
use domain::limits;
use domain::problem::Violations;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// What was typed, when the page is shown again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Afterwards<'a> {
    pub correction: Option<&'a str>,
    pub opinion: Option<&'a str>,
    pub wrong: Option<&'a Violations>,
    /// Why nothing was saved, in words.
    pub unsaved: Option<&'a str>,
}

/// Where a fault is, in words.
pub(super) fn place(cx: &PageContext, field: &str) -> Option<String> {
    let t = cx.t();
    match field {
        "correction" => Some(t.own_minutes_correction().into()),
        "opinion" => Some(t.own_opinion().into()),
        _ => None,
    }
}

/// Both parts, as far as they apply.
pub(super) fn afterwards(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    own: &OwnApplication,
    typed: Afterwards<'_>,
) -> AnyView {
    let zone = time::zone(&hearing.unit.zone);
    let minutes = own
        .minutes
        .as_ref()
        .map(|minutes| of_minutes(cx, code, hearing, minutes, typed, &zone));
    view! {
        {minutes}
        {opinion(cx, code, hearing, own, typed, &zone)}
    }
    .into_any()
}

fn form(cx: &PageContext, code: &str, body: impl IntoView) -> AnyView {
    view! {
        <form class="noprint" method="post" accept-charset="utf-8" action=cx.action(&To::Receipt)>
            {hidden("code", code)}
            {body}
        </form>
    }
    .into_any()
}

fn of_minutes(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    minutes: &OwnMinutes,
    typed: Afterwards<'_>,
    zone: &TimeZone,
) -> AnyView {
    let t = cx.t();
    let mut link = cx.link(&To::Hearing(hearing.id));
    link.href.push_str("#minutes");
    let stands = match minutes.confirmed_at {
        Some(at) => view! {
            <p>
                <strong>{t.own_minutes_confirmed()}</strong>
                " "
                {ui::instant(t, at, zone)}
            </p>
        }
        .into_any(),
        None => form(
            cx,
            code,
            view! {
                <p>{t.own_minutes_ask()}</p>
                {action_button("button", "confirm-minutes".into(), t.own_minutes_confirm())}
            },
        ),
    };
    let asked = minutes
        .corrections
        .iter()
        .map(|one| view! { <li>{correction(cx, hearing, one, zone)}</li> })
        .collect_view();
    let asked = (!minutes.corrections.is_empty()).then(|| {
        view! {
            <h3>{t.own_minutes_asked()}</h3>
            <ol class="comments">{asked}</ol>
        }
    });
    let waits = minutes.corrections.iter().find(|one| one.answer.is_none());
    let value = typed
        .correction
        .or(waits.map(|one| one.text.as_str()))
        .unwrap_or("");
    // Who typed in time and sent too late still has their words, to copy.
    let open = minutes.correctable || typed.correction.is_some();
    let ask = open.then(|| {
        let until = minutes
            .corrections_until
            .map(|until| view! { <p class="hint">{t.own_minutes_until()} " " {ui::deadline(t, until, zone)}</p> });
        let field = Field {
            name: "correction".into(),
            label: t.own_minutes_correction().into(),
            hint: Some(t.own_minutes_correction_hint().into()),
            value,
            error: error_for(t, typed.wrong, "correction"),
        };
        let button = match waits {
            Some(_) => t.own_minutes_replace(),
            None => t.own_minutes_send(),
        };
        form(
            cx,
            code,
            view! {
                {textarea(&field, 4, limits::REASON)}
                {until}
                {action_button("second", "correct".into(), button)}
            },
        )
    });
    view! {
        <section id="own-minutes">
            <h2>{t.minutes_title()}</h2>
            <p>{ui::anchor(link, t.own_minutes_read())}</p>
            {stands}
            {asked}
            {ask}
        </section>
    }
    .into_any()
}

fn correction(cx: &PageContext, hearing: &Hearing, one: &Correction, zone: &TimeZone) -> AnyView {
    let t = cx.t();
    let answer = match &one.answer {
        None => view! { <p class="hint">{t.own_minutes_waits()}</p> }.into_any(),
        Some(answer) => {
            let says = match answer.accepted {
                true => t.own_minutes_accepted(),
                false => t.own_minutes_refused(),
            };
            view! {
                <p>
                    <strong>{says}</strong>
                    " "
                    {ui::instant(t, answer.answered_at, zone)}
                </p>
                {ui::prose_in(cx.lang_of(&hearing.unit), &answer.text)}
            }
            .into_any()
        }
    };
    view! {
        <p class="by">{ui::instant(t, one.asked_at, zone)}</p>
        {ui::prose(&one.text)}
        {answer}
    }
    .into_any()
}

fn opinion(
    cx: &PageContext,
    code: &str,
    hearing: &Hearing,
    own: &OwnApplication,
    typed: Afterwards<'_>,
    zone: &TimeZone,
) -> Option<AnyView> {
    let t = cx.t();
    let open = own.can_opine || typed.opinion.is_some();
    if !open && own.opinion.is_none() {
        return None;
    }
    let reply = own
        .opinion
        .as_ref()
        .and_then(|opinion| opinion.reply.as_ref());
    let said = own.opinion.as_ref().map(|opinion| {
        let reply = match reply {
            None => view! { <p class="hint">{t.own_opinion_waits()}</p> }.into_any(),
            Some(reply) => {
                let public = match reply.published {
                    true => t.own_opinion_public(),
                    false => t.own_opinion_not_public(),
                };
                view! {
                    <p>
                        <strong>{t.own_opinion_reply()}</strong>
                        " "
                        {ui::instant(t, reply.replied_at, zone)}
                    </p>
                    {ui::prose_in(cx.lang_of(&hearing.unit), &reply.text)}
                    <p class="hint">{public}</p>
                }
                .into_any()
            }
        };
        view! {
            <p class="by">{t.own_opinion_sent()} " " {ui::instant(t, opinion.sent_at, zone)}</p>
            {ui::prose(&opinion.text)}
            {reply}
        }
    });
    let write = open.then(|| {
        let before = own.opinion.as_ref().map_or("", |opinion| &opinion.text);
        let field = Field {
            name: "opinion".into(),
            label: t.own_opinion_write().into(),
            hint: Some(match own.publish_name {
                true => t.own_opinion_hint_named().into(),
                false => t.own_opinion_hint().into(),
            }),
            value: typed.opinion.unwrap_or(before),
            error: error_for(t, typed.wrong, "opinion"),
        };
        let button = match own.opinion {
            Some(_) => t.own_opinion_change(),
            None => t.own_opinion_send(),
        };
        form(
            cx,
            code,
            view! {
                {textarea(&field, 8, limits::STATEMENT)}
                {action_button("button", "opine".into(), button)}
            },
        )
    });
    Some(
        view! {
            <section id="own-opinion">
                <h2>{t.own_opinion()}</h2>
                {said}
                {write}
            </section>
        }
        .into_any(),
    )
}

//! What is published of a draw: how it is done, what was fixed before, what decided, who was chosen.
//! It can be read and repeated without scripts; with them the browser repeats it by itself.

use super::islands::DrawIsland;
use super::notice::part_heading;
use crate::i18n::{T, time};
use crate::page::{Head, PageContext, To, plain, session_page};
use crate::ui;
use crate::ui::form::Field;
use domain::hearings::{ApplicationNumber, Draw, Hearing, Mismatch};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// `/hearings/{id}/draw`. `json` is the draw as the API gives it; `sought` a ticket as somebody typed
/// it to find themself.
pub fn draw_page(
    cx: &PageContext,
    hearing: &Hearing,
    draw: &Draw,
    json: &str,
    sought: Option<&str>,
) -> String {
    let t = cx.t();
    let title = t.draw_page_title(&hearing.notice.title);
    let head = Head {
        title: &title,
        unit: Some(&hearing.unit),
        canonical: Some(cx.public(&To::Draw(hearing.id))),
        private: false,
    };
    session_page(cx, &head, || {
        view! {
            {part_heading(cx, hearing, t.draw_title())}
            <p class="intro">{if draw.drawn_at.is_some() { t.draw_done() } else { t.draw_waits() }}</p>
            {find(cx, hearing, draw, sought)}
            {draw.drawn_at.map(|_| results(cx, hearing, draw))}
            {published(cx, hearing, draw)}
            {repeat(cx, hearing, draw, json)}
        }
    })
}

/// "Find your ticket": a form by GET, so that it works without scripts.
fn find(cx: &PageContext, hearing: &Hearing, draw: &Draw, sought: Option<&str>) -> AnyView {
    let t = cx.t();
    let typed = sought.unwrap_or("");
    let found = sought.map(|typed| {
        let text = match ticket(hearing, typed).and_then(|ticket| stands(t, hearing, draw, &ticket))
        {
            Some(text) => text,
            None => t.draw_find_none(plain(typed)),
        };
        view! { <div class="inset" role="status"><p><strong>{text}</strong></p></div> }
    });
    let field = Field {
        name: "ticket".into(),
        label: t.draw_find().into(),
        hint: Some(t.draw_find_hint(format!("{}-0007", hearing.id))),
        value: typed,
        error: None,
    };
    // A form by GET drops the query of its address.
    let lang = cx
        .lang_is_chosen()
        .then(|| ui::form::hidden("lang", cx.lang.tag()));
    view! {
        {found}
        <form
            class="find noprint"
            method="get"
            accept-charset="utf-8"
            action=cx.public(&To::Draw(hearing.id))
        >
            {lang} {ui::form::text_input(&field, "off")}
            <button class="second">{t.draw_find_button()}</button>
        </form>
    }
    .into_any()
}

/// The ticket that somebody means: the whole number, or its last part.
fn ticket(hearing: &Hearing, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if let Ok(number) = typed.parse::<ApplicationNumber>() {
        return (number.hearing == hearing.id).then(|| number.to_string());
    }
    let serial: i64 = typed.parse().ok().filter(|serial| *serial > 0)?;
    let number = ApplicationNumber {
        hearing: hearing.id,
        serial,
    };
    Some(number.to_string())
}

/// What became of a ticket, in words; `None` if it is not in the list.
fn stands(t: T, hearing: &Hearing, draw: &Draw, ticket: &str) -> Option<String> {
    let place = |by: &BTreeMap<String, Vec<String>>| {
        by.iter().find_map(|(category, tickets)| {
            let at = tickets.iter().position(|found| found == ticket)?;
            Some((name(hearing, category), at + 1))
        })
    };
    if let Some((category, at)) = place(&draw.chosen) {
        return Some(t.draw_found_chosen(category, at, ticket));
    }
    if let Some((category, at)) = place(&draw.reserves) {
        return Some(t.draw_found_reserve(category, at, ticket));
    }
    let (category, _) = place(&draw.tickets)?;
    Some(t.draw_found_waits(category, ticket))
}

fn name(hearing: &Hearing, code: &str) -> String {
    hearing
        .notice
        .category(code)
        .map_or_else(|| code.to_owned(), |category| plain(&category.name))
}

/// Chosen and reserves of each category, in the order of the draw.
fn results(cx: &PageContext, hearing: &Hearing, draw: &Draw) -> AnyView {
    let t = cx.t();
    let groups = hearing
        .notice
        .drawn()
        .map(|category| {
            let code = category.code.as_str();
            let (chosen, reserves) = (of(&draw.chosen, code), of(&draw.reserves, code));
            let moves_up = match number(reserves.len()) {
                0 => t.draw_no_reserves().to_owned(),
                n => t.draw_reserves(n),
            };
            let outcome = if of(&draw.tickets, code).is_empty() {
                view! { <p>{t.draw_nobody()}</p> }.into_any()
            } else {
                view! {
                    <p class="label">{t.draw_chosen(number(chosen.len()))}</p>
                    {tickets(chosen)}
                    <p class="label">{moves_up}</p>
                    {tickets(reserves)}
                }
                .into_any()
            };
            view! {
                <section>
                    <h3 dir="auto" lang=cx.lang_of(&hearing.unit)>
                        {plain(&category.name)}
                    </h3>
                    {outcome}
                </section>
            }
        })
        .collect_view();
    view! {
        <section id="result">
            <h2>{t.draw_result()}</h2>
            <div class="two">{groups}</div>
        </section>
    }
    .into_any()
}

fn of<'a>(by: &'a BTreeMap<String, Vec<String>>, category: &str) -> &'a [String] {
    by.get(category).map_or(&[], Vec::as_slice)
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn tickets(list: &[String]) -> Option<AnyView> {
    let items = list
        .iter()
        .map(|ticket| view! { <li>{ticket.clone()}</li> })
        .collect_view();
    (!list.is_empty()).then(|| view! { <ol class="tickets">{items}</ol> }.into_any())
}

/// What was fixed before and what decided.
fn published(cx: &PageContext, hearing: &Hearing, draw: &Draw) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let theirs = || cx.lang_of(&hearing.unit);
    let seed = draw.seed.as_deref().map(|seed| {
        view! {
            <dt>{t.draw_seed()}</dt>
            <dd dir="auto">{plain(seed)}</dd>
        }
    });
    let drawn = draw.drawn_at.map(|at| {
        view! {
            <dt>{t.draw_drawn()}</dt>
            <dd>{ui::instant(t, at, &zone)}</dd>
        }
    });
    let total: usize = draw.tickets.values().map(Vec::len).sum();
    view! {
        <section id="published">
            <h2>{t.draw_published()}</h2>
            <dl class="draw">
                <dt>{t.draw_frozen()}</dt>
                <dd>{ui::instant(t, draw.frozen_at, &zone)}</dd>
                <dt>{t.draw_hash()}</dt>
                <dd class="hash">{draw.tickets_hash.clone()}</dd>
                <dt>{t.draw_source()}</dt>
                <dd dir="auto" lang=theirs()>
                    {plain(&draw.seed_source)}
                </dd>
                <dt>{t.draw_known()}</dt>
                <dd>{ui::instant(t, draw.seed_known_at, &zone)}</dd>
                {seed}
                {drawn}
            </dl>
            <details class="fold">
                <summary>{t.draw_list(number(total))}</summary>
                <p class="hint">{t.draw_list_hint()}</p>
                <pre class="tickets">{draw.list.clone()}</pre>
            </details>
        </section>
    }
    .into_any()
}

/// How to repeat it, and the place in which the browser says that it did.
fn repeat(cx: &PageContext, hearing: &Hearing, draw: &Draw, json: &str) -> AnyView {
    let t = cx.t();
    let json = json.to_owned();
    let names: Vec<AnyView> = draw
        .tickets
        .keys()
        .map(|code| {
            let said = words(t, &Mismatch::Result(code.clone()), &name(hearing, code));
            view! { <p data-said=format!("result:{code}")>{said}</p> }.into_any()
        })
        .collect();
    let holds = match draw.seed {
        Some(_) => t.draw_holds(),
        None => t.draw_holds_so_far(),
    };
    let data = cx.base.clone() + &format!("/api/v1/hearings/{}/draw", hearing.id);
    view! {
        <section id="repeat">
            <h2>{t.draw_repeat()}</h2>
            <p>{t.draw_how()}</p>
            <p class="hint" lang="en">
                {draw.algorithm.clone()}
            </p>
            <p>
                <a href=data>{t.draw_data()}</a>
            </p>
            <div data-eager="">
            <DrawIsland>
                <div class="inset" role="status" data-verdict="">
                    <p>{t.draw_without()}</p>
                </div>
                <div hidden>
                    <p data-said="holds">{holds}</p>
                    <p data-said="list">{words(t, &Mismatch::List, "")}</p>
                    <p data-said="hash">{words(t, &Mismatch::Hash, "")}</p>
                    <p data-said="unread">{t.draw_unread()}</p>
                    {names}
                </div>
                <pre hidden data-draw="">
                    {json}
                </pre>
            </DrawIsland>
            </div>
        </section>
    }
    .into_any()
}

/// Why a draw does not hold, as a sentence.
fn words(t: T, mismatch: &Mismatch, category: &str) -> String {
    match mismatch {
        Mismatch::List => t.draw_wrong_list().into(),
        Mismatch::Hash => t.draw_wrong_hash().into(),
        Mismatch::Result(_) => t.draw_wrong_result(category),
    }
}

//! What the island shows around the form: errors, what was restored, the review, the receipt.

use super::fields::Wrong;
use super::live::{Live, Reviewed};
use super::send::Taken;
use super::{Words, receipt_view};
use domain::comments::{Author, AuthorKind, Display};
use leptos::prelude::*;
use std::rc::Rc;

/// All that is wrong, each line leading to its field. `order` are the indices of the points.
pub fn summary(live: &Rc<Live>, wrong: Vec<Wrong>, order: &[String]) -> impl IntoView + use<> {
    let words = &live.words;
    let lines = wrong
        .into_iter()
        .map(|Wrong { id, message }| {
            let index = id
                .strip_prefix("points.")
                .and_then(|rest| rest.split('.').next());
            let position = index.and_then(|index| order.iter().position(|found| found == index));
            let place = position.map_or(String::new(), |position| {
                let point = words.point.replace("{number}", &(position + 1).to_string());
                words.place.replace("{place}", &point)
            });
            let live = live.clone();
            let go = move |event: leptos::ev::MouseEvent| {
                // Inside a shadow root a fragment leads nowhere.
                event.prevent_default();
                live.fields.focus(&id);
            };
            view! {
                <li>
                    <a href="#" on:click=go>
                        {place + &message}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="summary" role="alert" tabindex="-1" data-here="">
            <h2>{words.wrong_title.clone()}</h2>
            <ul>{lines}</ul>
        </div>
    }
}

/// Something came back from the last visit.
pub fn restored(live: &Rc<Live>) -> impl IntoView + use<> {
    let words = &live.words;
    let (text, button) = (words.restored.clone(), words.clear.clone());
    let live = live.clone();
    view! {
        <div class="inset" role="status">
            <p>{text}</p>
            <button type="button" class="quiet" on:click=move |_| live.start_over()>
                {button}
            </button>
        </div>
    }
}

/// What stood here was sent in another window.
pub fn elsewhere(live: &Rc<Live>) -> impl IntoView + use<> {
    let text = live.words.elsewhere.clone();
    view! {
        <div class="inset" role="status">
            <p>{text}</p>
        </div>
    }
}

/// Above the form for the next comment: what can be shown only once.
pub fn earlier(live: &Rc<Live>, receipts: &[Taken]) -> impl IntoView + use<> {
    let lines = receipts
        .iter()
        .map(|taken| {
            view! {
                <p>
                    {taken.number.clone()} " " <code>{taken.receipt.clone()}</code>
                </p>
            }
        })
        .collect_view();
    view! {
        <div class="inset">
            <h2>{live.words.earlier.clone()}</h2>
            {lines}
        </div>
    }
}

/// The comment before it is sent; `trouble` says why the last attempt did not work.
pub fn review(
    live: &Rc<Live>,
    reviewed: Rc<Reviewed>,
    trouble: Option<String>,
) -> impl IntoView + use<> {
    let words = &live.words;
    let points = reviewed
        .form
        .points
        .iter()
        .zip(&reviewed.labels)
        .enumerate()
        .map(|(index, (point, label))| {
            let title = words.point.replace("{number}", &(index + 1).to_string());
            let proposed = point
                .proposed
                .clone()
                .filter(|text| !text.trim().is_empty());
            let proposed = proposed.map(|text| {
                view! {
                    <p class="hint">{words.proposed.clone()}</p>
                    <blockquote class="said" dir="auto">
                        {text}
                    </blockquote>
                }
            });
            view! {
                <dt>{title}</dt>
                <dd>
                    <p class="label">{label.clone()}</p>
                    <p class="said" dir="auto">
                        {point.text.clone()}
                    </p>
                    {proposed}
                </dd>
            }
        })
        .collect_view();
    let contact = reviewed.form.contact.trim();
    let contact = if contact.is_empty() {
        &words.none_given
    } else {
        contact
    };
    let public = public_name(words, &reviewed);
    let kind = match reviewed.form.kind {
        AuthorKind::Individual => &words.individual,
        AuthorKind::Organisation => &words.organisation,
    };
    let kind = view! { <p>{kind.clone()}</p> };
    let name = reviewed.form.name.trim();
    let given = (reviewed.form.display != Display::Anonymous && !name.is_empty()).then(|| {
        view! { <p dir="auto">{name.to_owned()}</p> }
    });
    let label = if trouble.is_some() {
        &words.retry
    } else {
        &words.send
    };
    // The reading position goes to what is new: the trouble if there is one, else the heading.
    let here = trouble.is_none().then_some("");
    let trouble = trouble.map(|text| {
        view! {
            <div class="summary" role="alert" tabindex="-1" data-here="">
                <p>{text}</p>
            </div>
        }
    });
    let (sender, changer) = (live.clone(), live.clone());
    view! {
        <h2 tabindex="-1" data-here=here>
            {words.review_title.clone()}
        </h2>
        <p class="intro">{words.review_intro.clone()}</p>
        <dl class="review">
            {points} <dt>{words.about_you.clone()}</dt>
            <dd>
                {kind}
                {given} <p dir="auto">{words.will_read.replace("{name}", &public)}</p>
            </dd>
            <dt>{words.contact.clone()}</dt> <dd dir="auto">{contact.to_owned()}</dd>
        </dl>
        {trouble}
        <p class="buttons">
            <button
                type="button"
                class="button"
                on:click=move |event| sender.send(&reviewed, &event_target(&event))
            >
                {label.clone()}
            </button>
            <button type="button" class="second" on:click=move |_| changer.back()>
                {words.change.clone()}
            </button>
        </p>
        <p class="vh" role="status" data-progress=""></p>
    }
}

fn public_name(words: &Words, reviewed: &Reviewed) -> String {
    let form = &reviewed.form;
    let name = form.name.trim();
    let author = Author {
        kind: form.kind,
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        display: form.display,
    };
    let anonymous = match form.kind {
        AuthorKind::Individual => &words.anonymous_individual,
        AuthorKind::Organisation => &words.anonymous_organisation,
    };
    author.public_name().unwrap_or_else(|| anonymous.clone())
}

/// The receipt in the place of the form.
pub fn receipt(live: &Rc<Live>, taken: Taken) -> impl IntoView + use<> {
    let words = &live.words;
    let address = [live.base(), "/r"].concat();
    let when = local_time(&taken.received_at, live.lang(), live.zone());
    let code = taken.receipt.clone();
    let receipt = receipt_view(words, taken.number, taken.receipt, when, &address);
    let (copier, again) = (live.clone(), live.clone());
    let link = address.clone();
    view! {
        <h2 tabindex="-1" data-here="">
            {words.receipt_title.clone()}
        </h2>
        {receipt}
        <p class="buttons noprint">
            <button
                type="button"
                class="button"
                aria-live="polite"
                on:click=move |event| copier.copy(&code, event_target(&event))
            >
                {words.copy.clone()}
            </button>
            <button type="button" class="second" on:click=|_| print()>
                {words.print.clone()}
            </button>
            <a href=link target="_blank" rel="noopener">
                {address}
                <span class="vh">" " {words.new_tab.clone()}</span>
            </a>
            <button type="button" class="quiet" on:click=move |_| again.another()>
                {words.another.clone()}
            </button>
        </p>
    }
}

/// With its zone: it may not be the unit's.
fn local_time(instant: &str, lang: &str, zone: &str) -> String {
    let date = js_sys::Date::new(&instant.into());
    let style = js_sys::Object::new();
    for (part, value) in [
        ("dateStyle", "long"),
        ("timeStyle", "long"),
        ("timeZone", zone),
    ] {
        // A plain object takes any property.
        let _ = js_sys::Reflect::set(&style, &part.into(), &value.into());
    }
    date.to_locale_string(lang, &style).into()
}

fn print() {
    // A browser without printing leaves the receipt on the screen.
    let _ = window().print();
}

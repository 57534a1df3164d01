//! Lists of consultations: of all units, and of one.

use super::parts;
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page, plain};
use crate::ui;
use domain::consultations::{Listed, Page, State, Unit};
use leptos::prelude::*;

/// One page of a list, with what was asked for.
#[derive(Clone, Copy, Debug)]
pub struct ListData<'a> {
    pub items: &'a Page<Listed>,
    /// Only consultations in this state.
    pub state: Option<State>,
    /// Whether this is not the first page.
    pub continued: bool,
}

/// `/`: every unit's consultations, newest first.
pub fn home_page(cx: &PageContext, data: ListData<'_>) -> String {
    let t = cx.t();
    let head = Head {
        canonical: Some(cx.public(&To::Home(None, None))),
        ..Head::default()
    };
    page(cx, &head, || {
        view! {
            <div class="lead">
                <h1>{t.list_home_title()}</h1>
                <p class="intro">{t.list_home_intro()}</p>
            </div>
            {filter(cx, data.state, |state| To::Home(state, None))}
            {entries(cx, data.items, true)}
            {ui::paging(
                cx,
                data.items.next.as_deref().map(|after| To::Home(data.state, Some(after))),
                data.continued.then_some(To::Home(data.state, None)),
            )}
        }
    })
}

/// `/u/{unit}`: one unit's consultations, newest first.
pub fn unit_page(cx: &PageContext, unit: &Unit, data: ListData<'_>) -> String {
    let t = cx.t();
    let here = |state, after| To::Unit(&unit.slug, state, after);
    let head = Head {
        title: &unit.name,
        unit: None,
        canonical: Some(cx.public(&here(None, None))),
        private: false,
    };
    page(cx, &head, || {
        view! {
            <div class="lead">
                <h1 dir="auto" lang=cx.lang_of(unit)>
                    {plain(&unit.name)}
                </h1>
                <p class="intro">{t.list_unit_intro()}</p>
            </div>
            {filter(cx, data.state, |state| To::Unit(&unit.slug, state, None))}
            {entries(cx, data.items, false)}
            {ui::paging(
                cx,
                data.items.next.as_deref().map(|after| here(data.state, Some(after))),
                data.continued.then_some(here(data.state, None)),
            )}
        }
    })
}

/// The public states to choose from, as links.
fn filter<'a>(
    cx: &PageContext,
    chosen: Option<State>,
    to: impl Fn(Option<State>) -> To<'a>,
) -> AnyView {
    let t = cx.t();
    let choices = std::iter::once(None).chain(
        [
            State::Open,
            State::Published,
            State::Closed,
            State::Answered,
            State::Withdrawn,
        ]
        .into_iter()
        .map(Some),
    );
    let links = choices
        .map(|state| {
            let text = state.map_or(t.list_all(), |state| t.state(state));
            let current = (state == chosen).then_some("true");
            let href = cx.link(&to(state)).href;
            view! {
                <a href=href aria-current=current>
                    {text}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="filter" aria-label=t.list_filter()>{links}</nav> }.into_any()
}

/// The entries; an empty list says so and what to do.
pub(crate) fn entries(cx: &PageContext, items: &Page<Listed>, with_unit: bool) -> AnyView {
    let t = cx.t();
    if items.items.is_empty() {
        return ui::inset(view! { <p>{t.list_empty()}</p> });
    }
    let items = items
        .items
        .iter()
        .map(|listed| entry(cx, listed, with_unit))
        .collect_view();
    view! { <ul class="list">{items}</ul> }.into_any()
}

fn entry(cx: &PageContext, listed: &Listed, with_unit: bool) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&listed.unit.zone);
    let when = listed.round.as_ref().map(|round| match listed.state {
        State::Published => {
            view! { {t.fact_opens()} " " {ui::instant(t, round.opens_at, &zone)} }.into_any()
        }
        _ => view! { {t.fact_until()} " " {ui::deadline(t, round.closes_at, &zone)} }.into_any(),
    });
    let left = parts::days_left(cx, listed.state, listed.round.as_ref(), &zone);
    let unit = with_unit.then(|| {
        let link = cx.link(&To::Unit(&listed.unit.slug, None, None));
        view! { <li lang=cx.lang_of(&listed.unit)>{ui::anchor(link, plain(&listed.unit.name))}</li> }
    });
    let received =
        (listed.received > 0).then(|| view! { <li>{t.list_received(listed.received)}</li> });
    view! {
        <li>
            <p class="meta">{ui::state_tag(t, listed.state)} " " {left}</p>
            <h2 dir="auto" lang=cx.lang_of(&listed.unit)>
                {ui::anchor(cx.link(&To::Consultation(listed.number)), plain(&listed.title))}
            </h2>
            <p class="clamp" dir="auto" lang=cx.lang_of(&listed.unit)>
                {plain(&listed.summary)}
            </p>
            <ul class="dots">
                {unit}
                {when.map(|when| view! { <li>{when}</li> })}
                {received}
                <li>{listed.number.to_string()}</li>
            </ul>
        </li>
    }
    .into_any()
}

//! The seats of a session by category: for whom, how they are filled, how many apply, how many are
//! given; and how the draw stands.

use crate::i18n::{T, time};
use crate::page::{PageContext, To, plain};
use crate::ui;
use domain::hearings::{Category, Fill, Hearing, SeatCount, SessionState};
use leptos::prelude::*;

/// The table. It has four columns and no more, so that it can be read on a telephone.
pub(super) fn section(cx: &PageContext, hearing: &Hearing) -> AnyView {
    let t = cx.t();
    let notice = &hearing.notice;
    let rows = notice
        .categories
        .iter()
        .map(|category| row(cx, hearing, category))
        .collect_view();
    let share = notice.pricing.then(|| {
        let (seats, of) = (notice.consumer_seats(), notice.seats_in_total());
        view! { <p class="hint">{t.seats_consumers(of, seats)}</p> }
    });
    view! {
        <section id="seats">
            <h2>{t.seats_title(notice.total)}</h2>
            <table class="seats">
                <thead>
                    <tr>
                        <th scope="col">{t.seats_category()}</th>
                        <th scope="col">{t.seats_quota()}</th>
                        <th scope="col">{t.seats_applied()}</th>
                        <th scope="col">{t.seats_given()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {share}
        </section>
    }
    .into_any()
}

fn row(cx: &PageContext, hearing: &Hearing, category: &Category) -> AnyView {
    let t = cx.t();
    let none = SeatCount::default();
    let count = hearing.count(&category.code).unwrap_or(&none);
    let theirs = || cx.lang_of(&hearing.unit);
    let conditions = category
        .conditions
        .as_deref()
        .map(|conditions| ui::prose_in(theirs(), conditions));
    let beside = (!category.in_total).then(|| view! { <p class="hint">{t.seats_beside()}</p> });
    view! {
        <tr>
            <th scope="row">
                <b dir="auto" lang=theirs()>
                    {plain(&category.name)}
                </b>
                <p class="hint">{filled(t, hearing, category)}</p>
                {beside}
                {conditions}
            </th>
            <td>{t.number(category.quota)}</td>
            <td>{t.number(count.applications)}</td>
            <td>{t.number(count.seated)}</td>
        </tr>
    }
    .into_any()
}

/// How the seats of a category are filled; where they go to who comes first, how many are left.
pub(super) fn filled(t: T, hearing: &Hearing, category: &Category) -> String {
    let fill = t.fill(category.fill);
    let left = hearing
        .seats_left(&category.code)
        .filter(|_| hearing.is_open());
    match left {
        None => fill.to_owned(),
        Some(0) => t.seats_none_left(fill),
        Some(left) => t.seats_left(fill, left),
    }
}

/// How the draw stands: the promise before it, the commitment, the result.
pub(super) fn draw_section(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    let t = cx.t();
    let over = matches!(
        hearing.state,
        SessionState::Cancelled | SessionState::Preparing
    );
    if !hearing.notice.has_draw() || (over && hearing.draw.is_none()) {
        return None;
    }
    let zone = time::zone(&hearing.unit.zone);
    let stands = match &hearing.draw {
        None => view! { <p>{t.draw_before()}</p> }.into_any(),
        Some(draw) => {
            let seed = draw.seed.as_deref().map(|seed| {
                view! {
                    <dt>{t.draw_seed()}</dt>
                    <dd dir="auto">{plain(seed)}</dd>
                }
            });
            let said = match draw.drawn_at {
                Some(_) => t.draw_done(),
                None => t.draw_waits(),
            };
            view! {
                <p>{said}</p>
                <dl class="draw">
                    <dt>{t.draw_source()}</dt>
                    <dd dir="auto" lang=cx.lang_of(&hearing.unit)>
                        {plain(&draw.seed_source)}
                    </dd>
                    <dt>{t.draw_known()}</dt>
                    <dd>{ui::instant(t, draw.seed_known_at, &zone)}</dd>
                    {seed}
                    <dt>{t.draw_frozen()}</dt>
                    <dd>{ui::instant(t, draw.frozen_at, &zone)} " · " {t.draw_tickets(draw.tickets)}</dd>
                    <dt>{t.draw_hash()}</dt>
                    <dd class="hash">{draw.tickets_hash.clone()}</dd>
                </dl>
                <p class="noprint">
                    {ui::anchor(cx.link(&To::Draw(hearing.id)), t.draw_open())}
                </p>
            }
            .into_any()
        }
    };
    let fills = hearing
        .notice
        .categories
        .iter()
        .filter(|category| category.fill == Fill::Draw)
        .map(|category| plain(&category.name))
        .collect::<Vec<_>>()
        .join(t.list_comma());
    Some(
        view! {
            <section id="draw">
                <h2>{t.draw_title()}</h2>
                <p class="hint" dir="auto">
                    {t.draw_for(fills)}
                </p>
                {stands}
            </section>
        }
        .into_any(),
    )
}

//! `/desk/hearings/{id}/draw`: first the list is fixed and the deciding number named, later the
//! number is entered, then the result stands with its reserves.

use super::{place, to, up};
use crate::desk::Desk;
use crate::fields::{form, snippet};
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, action_button, error_for, error_summary, text_input};
use domain::consultations::Consultation;
use domain::hearings::{Draw, Fill, Hearing, SessionState};
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// The draw of a session.
#[derive(Clone, Copy, Debug)]
pub struct DrawData<'a> {
    pub consultation: &'a Consultation,
    pub hearing: &'a Hearing,
    /// What is published; `None` before the list is fixed.
    pub draw: Option<&'a Draw>,
    /// The named number, or the number itself, as typed.
    pub typed: &'a str,
    pub wrong: Option<&'a Violations>,
}

/// `/desk/hearings/{id}/draw`.
pub fn draw_page(desk: &Desk, data: DrawData<'_>) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_draw(), data.consultation, Tab::Hearings);
    screen(desk, &head, || {
        let may = desk.may(data.consultation, Role::Approver);
        let body = match (data.hearing.state, data.draw) {
            _ if !data.hearing.notice.has_draw() => {
                ui::inset(view! { <p>{t.problem_nothing_to_draw()}</p> })
            }
            (SessionState::Closed, None) => freeze(desk, data, may),
            (_, None) => ui::inset(view! { <p>{t.desk_draw_later()}</p> }),
            (state, Some(draw)) => {
                let enter = (draw.seed.is_none() && state == SessionState::Frozen)
                    .then(|| enter(desk, data, may));
                view! {
                    {published(desk, data, draw)}
                    {enter}
                    {result(desk, data, draw)}
                    {list(desk, draw)}
                }
                .into_any()
            }
        };
        view! {
            <h1>{t.desk_draw()}</h1>
            {up(desk, data.hearing)}
            <p class="intro">{t.desk_draw_intro()}</p>
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {body}
        }
    })
}

/// How many stand on the list of each category, and the name of the number that will decide.
fn freeze(desk: &Desk, data: DrawData<'_>, may: bool) -> AnyView {
    let t = desk.t();
    let drawn = data.hearing.notice.categories.iter();
    let rows = drawn
        .filter(|category| category.fill == Fill::Draw)
        .filter_map(|category| {
            let count = data.hearing.count(&category.code)?;
            let says = t.desk_draw_category(count.eligible, category.quota, count.waiting);
            Some(view! { <li>{plain(&category.name)} " " {says}</li> })
        })
        .collect_view();
    let drawn = |code: &str| {
        let found = data.hearing.notice.category(code);
        found.is_some_and(|category| category.fill == Fill::Draw)
    };
    let waiting: i64 = data
        .hearing
        .seats
        .iter()
        .filter(|count| drawn(&count.category))
        .map(|count| count.waiting)
        .sum();
    let body = if waiting > 0 {
        let href = to(desk, data.hearing.id, "/applications?state=received");
        view! {
            <div class="warnings">
                <p>
                    {t.desk_hearing_step_waiting(waiting)} " " <a href=href>{t.desk_applications()}</a>
                </p>
            </div>
        }
        .into_any()
    } else if may {
        let source = Field {
            name: "seed_source".into(),
            label: t.desk_draw_source().into(),
            hint: Some(t.desk_draw_source_hint().into()),
            value: data.typed,
            error: error_for(t, data.wrong, "seed_source"),
        };
        form(
            to(desk, data.hearing.id, "/draw"),
            view! {
                {text_input(&source, "off")}
                <p>{t.desk_draw_freeze_means()}</p>
                {action_button("button", "freeze".into(), t.desk_draw_freeze())}
            },
        )
    } else {
        ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> })
    };
    view! {
        <h2>{t.desk_draw_list()}</h2>
        <ul>{rows}</ul>
        {body}
    }
    .into_any()
}

fn published(desk: &Desk, data: DrawData<'_>, draw: &Draw) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&data.hearing.unit.zone);
    let seed = draw.seed.as_deref().map(|seed| {
        view! {
            <dt>{t.desk_draw_seed()}</dt>
            <dd dir="auto">{plain(seed)}</dd>
        }
    });
    let drawn = draw.drawn_at.map(|at| {
        view! {
            <dt>{t.desk_draw_drawn_at()}</dt>
            <dd>{ui::instant(t, at, &zone)}</dd>
        }
    });
    let public = desk.to(&format!("/hearings/{}/draw", data.hearing.id));
    view! {
        <h2>{t.desk_draw_published()}</h2>
        <dl class="facts">
            <dt>{t.desk_draw_source()}</dt>
            <dd dir="auto">{plain(&draw.seed_source)}</dd>
            <dt>{t.desk_draw_hash()}</dt>
            <dd>
                <code class="hash">{draw.tickets_hash.clone()}</code>
            </dd>
            <dt>{t.desk_draw_frozen_at()}</dt>
            <dd>{ui::instant(t, draw.frozen_at, &zone)}</dd>
            <dt>{t.desk_draw_known_at()}</dt>
            <dd>{ui::instant(t, draw.seed_known_at, &zone)}</dd>
            {seed}
            {drawn}
        </dl>
        <p>
            <a href=public>{t.desk_public_page()}</a>
        </p>
    }
    .into_any()
}

fn enter(desk: &Desk, data: DrawData<'_>, may: bool) -> AnyView {
    let t = desk.t();
    if !may {
        return ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> });
    }
    let seed = Field {
        name: "seed".into(),
        label: t.desk_draw_seed().into(),
        hint: Some(t.desk_draw_seed_hint().into()),
        value: data.typed,
        error: error_for(t, data.wrong, "seed"),
    };
    form(
        to(desk, data.hearing.id, "/draw"),
        view! {
            {text_input(&seed, "off")}
            <p>{t.desk_draw_means()}</p>
            {action_button("button", "draw".into(), t.desk_draw_button())}
        },
    )
}

/// Tickets in the order of the draw, by category.
fn result(desk: &Desk, data: DrawData<'_>, draw: &Draw) -> Option<AnyView> {
    let t = desk.t();
    draw.drawn_at?;
    let categories = draw
        .tickets
        .keys()
        .map(|code| {
            let category = data.hearing.notice.category(code);
            let name = category.map_or_else(|| code.clone(), |found| plain(&found.name));
            let order = |tickets: Option<&Vec<String>>| {
                let items = tickets.into_iter().flatten().cloned();
                items
                    .map(|ticket| view! { <li>{ticket}</li> })
                    .collect_view()
            };
            let chosen = order(draw.chosen.get(code));
            let reserves = order(draw.reserves.get(code));
            view! {
                <h3 dir="auto">{name}</h3>
                <h4>{t.desk_draw_chosen()}</h4>
                <ol class="tickets">{chosen}</ol>
                <h4>{t.desk_hearing_reserves()}</h4>
                <ol class="tickets">{reserves}</ol>
            }
        })
        .collect_view();
    let check_in = to(desk, data.hearing.id, "/checkin");
    Some(
        view! {
            <h2>{t.desk_draw_result()}</h2>
            <p>
                {t.desk_draw_result_note()} " " <a href=check_in>{t.desk_checkin()}</a>
            </p>
            {categories}
        }
        .into_any(),
    )
}

fn list(desk: &Desk, draw: &Draw) -> AnyView {
    let t = desk.t();
    view! {
        <details>
            <summary>{t.desk_draw_whole_list()}</summary>
            {snippet(t.desk_draw_whole_list().into(), draw.list.clone())}
            <p>{draw.algorithm.clone()}</p>
        </details>
    }
    .into_any()
}

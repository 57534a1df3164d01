//! `/desk/hearings/{id}/draw`: first the list is fixed and the deciding number named, later the
//! number is entered, then the result stands with its reserves. Neither can be undone, so each is
//! looked at once more before its last press.

use super::{place, to, up};
use crate::desk::Desk;
use crate::fields::{form, input, snippet};
use crate::frame::{Head, Tab, screen};
use crate::hearings::form::maybe;
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, action_button, error_for, error_summary, hidden, text_input};
use domain::Timestamp;
use domain::consultations::Consultation;
use domain::hearings::{Draw, Hearing, SessionState, draw};
use domain::problem::{Fault, Violations};
use domain::staff::Role;
use leptos::prelude::*;

/// The draw of a session.
#[derive(Clone, Copy, Debug)]
pub struct DrawData<'a> {
    pub consultation: &'a Consultation,
    pub hearing: &'a Hearing,
    /// What is published; `None` before the list is fixed.
    pub draw: Option<&'a Draw>,
    pub form: &'a DrawForm,
    pub step: DrawStep<'a>,
}

/// What is typed: first the name of the number, then the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawForm {
    pub seed_source: String,
    pub seed_known_at: String,
    pub seed: String,
}

/// What is shown of it.
#[derive(Clone, Copy, Debug)]
pub enum DrawStep<'a> {
    /// The form, perhaps with what is wrong.
    Form(Option<&'a Violations>),
    /// What the last press makes public.
    Review,
}

impl<'a> DrawData<'a> {
    fn wrong(self) -> Option<&'a Violations> {
        match self.step {
            DrawStep::Form(wrong) => wrong,
            DrawStep::Review => None,
        }
    }

    fn reviews(self) -> bool {
        matches!(self.step, DrawStep::Review)
    }
}

impl DrawForm {
    /// The name of the number and from when it can be known. The desk always asks for both.
    pub fn named(&self, now: Timestamp, zone: &str) -> Result<(String, Timestamp), Violations> {
        let mut wrong = Violations::new();
        let known = maybe(&self.seed_known_at, zone);
        let known = wrong.keep(
            "seed_known_at",
            known.and_then(|known| known.ok_or(Fault::Required)),
        );
        let source = draw::named(&self.seed_source, known, now);
        match (source, known) {
            (Ok(source), Some(known)) => Ok((source, known)),
            (source, _) => {
                wrong
                    .0
                    .extend(source.err().into_iter().flat_map(|more| more.0));
                Err(wrong)
            }
        }
    }

    /// The number as it is hashed and published.
    pub fn seed(&self) -> Result<String, Violations> {
        let mut wrong = Violations::new();
        let seed = wrong.keep("seed", draw::seed(&self.seed));
        wrong.into_result(|| seed.unwrap_or_default())
    }
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
                    .then(|| enter(desk, data, draw, may));
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
            {error_summary(t, data.wrong(), |violation| place(desk, violation))}
            {body}
        }
    })
}

/// How many stand on the list of each category, and the name of the number that will decide.
fn freeze(desk: &Desk, data: DrawData<'_>, may: bool) -> AnyView {
    let t = desk.t();
    let drawn = data.hearing.notice.drawn();
    let rows = drawn
        .filter_map(|category| {
            let count = data.hearing.count(&category.code)?;
            let says = t.desk_draw_category(count.eligible, category.quota, count.waiting);
            Some(view! { <li>{plain(&category.name)} " " {says}</li> })
        })
        .collect_view();
    let drawn = data.hearing.notice.drawn();
    let counts = drawn.filter_map(|category| data.hearing.count(&category.code));
    let waiting: i64 = counts.map(|count| count.waiting).sum();
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
    } else if may && data.reviews() {
        freeze_review(desk, data)
    } else if may {
        naming(desk, data)
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

/// Which number decides, and from when it can be known.
fn naming(desk: &Desk, data: DrawData<'_>) -> AnyView {
    let t = desk.t();
    let source = Field {
        name: "seed_source".into(),
        label: t.desk_draw_source().into(),
        hint: Some(t.desk_draw_source_hint().into()),
        value: &data.form.seed_source,
        error: error_for(t, data.wrong(), "seed_source"),
    };
    let zone = time::zone(&data.hearing.unit.zone);
    let known = Field {
        name: "seed_known_at".into(),
        label: t.desk_draw_known_at().into(),
        hint: Some(t.desk_draw_known_at_hint(t.zone_name(desk.page.now, &zone))),
        value: &data.form.seed_known_at,
        error: error_for(t, data.wrong(), "seed_known_at"),
    };
    form(
        to(desk, data.hearing.id, "/draw"),
        view! {
            {text_input(&source, "off")}
            {input(&known, "datetime-local", "off")}
            {action_button("button", "review-freeze".into(), t.desk_draw_review())}
        },
    )
}

/// What the freeze makes public, to be looked at once more.
fn freeze_review(desk: &Desk, data: DrawData<'_>) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&data.hearing.unit.zone);
    let named = data.form.named(desk.page.now, &data.hearing.unit.zone).ok();
    let known = named.map(|(_, known)| ui::instant(t, known, &zone));
    view! {
        <h3>{t.desk_round_review_title()}</h3>
        <dl class="facts">
            <dt>{t.desk_draw_source()}</dt>
            <dd dir="auto">{plain(&data.form.seed_source)}</dd>
            <dt>{t.desk_draw_known_at()}</dt>
            <dd>{known}</dd>
        </dl>
        {ui::inset(view! { <p>{t.desk_draw_freeze_means()}</p> })}
        {form(
            to(desk, data.hearing.id, "/draw"),
            view! {
                {hidden("seed_source", &data.form.seed_source)}
                {hidden("seed_known_at", &data.form.seed_known_at)}
                <p class="acts">
                    {action_button("button", "freeze".into(), t.desk_draw_freeze())} " "
                    {action_button("quiet", "change".into(), t.desk_go_back())}
                </p>
            },
        )}
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
        <p class="acts">
            <a href=public>{t.desk_public_page()}</a>
        </p>
    }
    .into_any()
}

fn enter(desk: &Desk, data: DrawData<'_>, draw: &Draw, may: bool) -> AnyView {
    let t = desk.t();
    if !may {
        return ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> });
    }
    if desk.page.now < draw.seed_known_at {
        let zone = time::zone(&data.hearing.unit.zone);
        let says = t.problem_seed_not_known(t.instant(draw.seed_known_at, &zone));
        return ui::inset(view! { <p>{says}</p> });
    }
    if data.reviews() {
        return draw_review(desk, data, draw);
    }
    let seed = Field {
        name: "seed".into(),
        label: t.desk_draw_seed().into(),
        hint: Some(t.desk_draw_seed_hint().into()),
        value: &data.form.seed,
        error: error_for(t, data.wrong(), "seed"),
    };
    form(
        to(desk, data.hearing.id, "/draw"),
        view! {
            {text_input(&seed, "off")}
            {action_button("button", "review".into(), t.desk_draw_review())}
        },
    )
}

/// The number, exactly as it will be hashed, beside what it decides. Sent is what is shown.
fn draw_review(desk: &Desk, data: DrawData<'_>, draw: &Draw) -> AnyView {
    let t = desk.t();
    let seed = data.form.seed().unwrap_or_default();
    let decides = data
        .hearing
        .notice
        .drawn()
        .map(|category| {
            let tickets = draw.tickets.get(&category.code).map_or(0, Vec::len);
            let tickets = i64::try_from(tickets).unwrap_or(i64::MAX);
            let quota = draw.quotas.get(&category.code).copied().unwrap_or(0);
            let says = t.desk_draw_decides(quota, tickets);
            view! { <li>{plain(&category.name)} " " {says}</li> }
        })
        .collect_view();
    view! {
        <h2>{t.desk_round_review_title()}</h2>
        <dl class="facts">
            <dt>{t.desk_draw_source()}</dt>
            <dd dir="auto">{plain(&draw.seed_source)}</dd>
            <dt>{t.desk_draw_seed()}</dt>
            <dd>
                <code class="seed">{seed.clone()}</code>
            </dd>
        </dl>
        <ul>{decides}</ul>
        {ui::inset(view! { <p>{t.desk_draw_means()}</p> })}
        {form(
            to(desk, data.hearing.id, "/draw"),
            view! {
                {hidden("seed", &seed)}
                <p class="acts">
                    {action_button("button", "draw".into(), t.desk_draw_button())} " "
                    {action_button("quiet", "change".into(), t.desk_go_back())}
                </p>
            },
        )}
    }
    .into_any()
}

/// Tickets in the order of the draw, by category.
fn result(desk: &Desk, data: DrawData<'_>, draw: &Draw) -> Option<AnyView> {
    let t = desk.t();
    draw.drawn_at?;
    let categories = data
        .hearing
        .notice
        .drawn()
        .map(|category| {
            let order = |tickets: Option<&Vec<String>>| {
                let tickets = tickets.filter(|tickets| !tickets.is_empty())?;
                let items = tickets.iter().cloned();
                let items = items
                    .map(|ticket| view! { <li>{ticket}</li> })
                    .collect_view();
                Some(view! { <ol class="tickets">{items}</ol> })
            };
            let chosen = order(draw.chosen.get(&category.code));
            let reserves = order(draw.reserves.get(&category.code));
            let moves_up = if reserves.is_some() {
                t.desk_hearing_reserves()
            } else {
                t.draw_no_reserves()
            };
            let outcome = if chosen.is_none() {
                view! { <p>{t.draw_nobody()}</p> }.into_any()
            } else {
                view! {
                    <p class="label">{t.desk_draw_chosen()}</p>
                    {chosen}
                    <p class="label">{moves_up}</p>
                    {reserves}
                }
                .into_any()
            };
            view! {
                <h3 dir="auto">{plain(&category.name)}</h3>
                {outcome}
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

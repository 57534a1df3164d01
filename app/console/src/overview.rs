//! `/desk`: the consultations of the signed-in person's units, and what each needs next.

use crate::consultations::next_step;
use crate::desk::Desk;
use crate::fields::table;
use crate::frame::{Head, Place, screen};
use crate::hearings::{Yearly, yearly};
use app::i18n::time;
use app::page::plain;
use app::ui;
use domain::consultations::Listed;
use domain::staff::Role;
use leptos::prelude::*;

/// A consultation with what waits in it.
#[derive(Clone, Debug)]
pub struct Row {
    pub listed: Listed,
    pub work: Work,
}

/// What waits in a consultation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Comments not reviewed.
    pub waiting: i64,
    /// Points without a response; only known where it matters, after closing.
    pub unanswered: Option<i64>,
}

/// One page of the list.
#[derive(Clone, Copy, Debug)]
pub struct OverviewData<'a> {
    pub rows: &'a [Row],
    pub next: Option<&'a str>,
    /// Whether this is not the first page.
    pub continued: bool,
    /// Observed meetings of the units in which the person works.
    pub yearly: &'a [Yearly],
}

/// `/desk`.
pub fn overview_page(desk: &Desk, data: OverviewData<'_>) -> String {
    let t = desk.t();
    screen(desk, &Head::new(t.desk_overview(), Place::Overview), || {
        let may_create = desk.seats_with(Role::Editor).next().is_some();
        let create = may_create.then(|| {
            view! {
                <p>
                    <a class="button" href=desk.to("/desk/c/new")>
                        {t.desk_create()}
                    </a>
                </p>
            }
        });
        let list = if data.rows.is_empty() {
            let hint = if may_create {
                t.desk_overview_empty_create()
            } else {
                t.desk_overview_empty()
            };
            ui::inset(view! { <p>{hint}</p> })
        } else {
            list(desk, data.rows)
        };
        view! {
            <div class="titled">
                <h1>{t.desk_overview()}</h1>
                {create}
            </div>
            {list}
            {paging(desk, "/desk", data.next, data.continued)}
            {yearly(desk, data.yearly)}
        }
    })
}

fn list(desk: &Desk, rows: &[Row]) -> AnyView {
    let t = desk.t();
    let heads = [
        t.desk_col_consultation(),
        t.desk_col_unit(),
        t.desk_col_state(),
        t.desk_col_period(),
        t.desk_col_comments(),
        t.desk_col_next(),
    ];
    let rows = rows.iter().map(|row| line(desk, row)).collect_view();
    table(
        t.desk_overview().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}

fn line(desk: &Desk, row: &Row) -> AnyView {
    let t = desk.t();
    let Row { listed, work } = row;
    let zone = time::zone(&listed.unit.zone);
    let period = match &listed.round {
        Some(round) => view! {
            {ui::day(t, round.opens_at, &zone)}
            " "
            {t.fact_to()}
            " "
            {ui::deadline(t, round.closes_at, &zone)}
        }
        .into_any(),
        None => t.desk_none().into_any(),
    };
    let waiting = (work.waiting > 0).then(|| {
        let queue = desk.of(listed.number, "/queue?state=received");
        view! {
            <br />
            <a href=queue>{t.desk_waiting(work.waiting)}</a>
        }
    });
    let next = next_step(desk, listed, *work);
    view! {
        <tr>
            <th scope="row">
                <a href=desk.of(listed.number, "") dir="auto" lang=desk.page.lang_of(&listed.unit)>
                    {plain(&listed.title)}
                </a>
                <span class="number">{listed.number.to_string()}</span>
            </th>
            <td dir="auto" lang=desk.page.lang_of(&listed.unit)>
                {plain(&listed.unit.name)}
            </td>
            <td>{ui::state_tag(t, listed.state)}</td>
            <td>{period}</td>
            <td>{t.desk_received(listed.received)} {waiting}</td>
            <td>{next}</td>
        </tr>
    }
    .into_any()
}

/// The way to the next page of a list that is asked for by key, and back to its start.
pub(crate) fn paging(
    desk: &Desk,
    path: &str,
    next: Option<&str>,
    continued: bool,
) -> Option<AnyView> {
    let t = desk.t();
    if next.is_none() && !continued {
        return None;
    }
    let first = continued.then(|| view! { <a href=desk.to(path)>{t.page_first()}</a> });
    let next = next.map(|key| {
        let separator = if path.contains('?') { '&' } else { '?' };
        let href = desk.to(&format!("{path}{separator}after={key}"));
        view! {
            <a class="next" rel="next" href=href>
                {t.page_next()}
            </a>
        }
    });
    Some(
        view! {
            <nav class="paging" aria-label=t.page_paging()>
                {first}
                {next}
            </nav>
        }
        .into_any(),
    )
}

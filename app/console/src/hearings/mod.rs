//! Sessions that people apply to attend: their list, the notice, applications, the draw, the
//! check-in list, and what remains. Each screen is one function of the desk and its data.

mod applications;
mod checkin;
mod compose;
mod draw;
mod entry;
mod filters;
mod form;
mod list;
mod observed;
mod record;
mod session;

pub use applications::{
    ApplicationsData, Decided, TICKED, TICKED_REASON, application_seen_field, applications_page,
    list_address, reason_field,
};
pub use checkin::{Guest, checkin_page};
pub use compose::{NoticeData, notice_page};
pub use draw::{DrawData, DrawForm, DrawStep, draw_page};
pub use form::{CategoryForm, HearingForm, PRESETS, Sums};
pub use list::hearings_page;
pub use observed::Yearly;
pub(crate) use observed::yearly;
pub use record::{
    Answers, AttachForm, MinutesForm, MinutesStep, PaperForm, PapersForm, StatementForm,
    answer_field, attach_page, corrections_page, minutes_page, opinions_page, papers_page,
    publish_field, report_page, seen_field,
};
pub use session::{SessionData, SessionForm, session_page};

use crate::desk::Desk;
use domain::hearings::{Hearing, HearingNumber, SessionState};
use domain::problem::Violation;
use leptos::prelude::*;

/// A screen of one session: `""`, `"/draw"`.
pub fn address(number: HearingNumber, rest: &str) -> String {
    format!("/desk/hearings/{number}{rest}")
}

fn to(desk: &Desk, number: HearingNumber, rest: &str) -> String {
    desk.to(&address(number, rest))
}

fn state_tag(desk: &Desk, state: SessionState) -> AnyView {
    let says = desk.t().session_state(state);
    view! { <strong class=format!("tag {state}")>{says}</strong> }.into_any()
}

/// The way back to the session's own screen, above the heading of each of its others.
fn up(desk: &Desk, hearing: &Hearing) -> AnyView {
    let href = to(desk, hearing.id, "");
    let lang = desk.page.lang_of(&hearing.unit);
    let title = app::page::plain(&hearing.notice.title);
    view! {
        <p class="under">
            <a href=href dir="auto" lang=lang>
                {title}
            </a>
            " "
            {state_tag(desk, hearing.state)}
        </p>
    }
    .into_any()
}

/// In words where a field of the notice is.
fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    let mut parts = violation.field.split('.');
    let (first, row, field) = (parts.next()?, parts.next(), parts.next());
    let row = row
        .and_then(|row| row.parse::<i64>().ok())
        .map(|row| row + 1);
    let name = match (first, field) {
        ("title", _) => t.desk_title(),
        ("matter", _) => t.desk_hearing_matter(),
        ("starts_at", _) => t.desk_hearing_starts(),
        ("ends_at", _) => t.desk_hearing_ends(),
        ("place", _) => t.desk_hearing_place(),
        ("total", _) => t.desk_hearing_total(),
        ("applications_open_at", _) => t.desk_hearing_opens(),
        ("applications_close_at", _) => t.desk_hearing_closes(),
        ("bring", _) => t.desk_hearing_bring(),
        ("discipline", _) => t.desk_hearing_discipline(),
        ("contact", _) => t.desk_hearing_contact(),
        ("cooldown", _) => t.desk_hearing_cooldown(),
        ("categories", Some(_)) => return row.map(|n| t.desk_hearing_category_n(n)),
        ("categories", None) => t.desk_hearing_categories(),
        ("papers", Some(_)) => return row.map(|n| t.desk_hearing_paper_n(n)),
        ("statements", Some(_)) => return row.map(|n| t.desk_hearing_statement_n(n)),
        ("file", _) => t.desk_paper_file(),
        ("delivered_at", _) => t.desk_hearing_delivered(),
        ("attendance", _) => t.desk_hearing_attended(),
        ("corrections_until", _) => t.desk_hearing_corrections(),
        ("seed_source", _) => t.desk_draw_source(),
        ("seed_known_at", _) => t.desk_draw_known_at(),
        ("seed", _) => t.desk_draw_seed(),
        ("report", _) => t.desk_hearing_report(),
        _ => return None,
    };
    Some(name.into())
}

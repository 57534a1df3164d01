//! What remains of a session: papers, minutes, report. Rows are added and taken out without scripts;
//! the minutes are looked at once more before they are public, because they then stand.

mod answers;
mod attach;
mod corrections;
mod minutes;
mod opinions;
mod papers;

pub use answers::{Answers, answer_field, publish_field, seen_field};
pub use attach::{AttachForm, attach_page};
pub use corrections::corrections_page;
pub use minutes::{MinutesForm, MinutesStep, StatementForm, minutes_page};
pub use opinions::opinions_page;
pub use papers::{PaperForm, PapersForm, papers_page};

use super::{place, to, up};
use crate::desk::Desk;
use crate::fields::form;
use crate::frame::{Head, Tab, screen};
use app::ui;
use app::ui::form::{Field, action_button, error_for, error_summary, textarea};
use domain::consultations::Consultation;
use domain::hearings::Hearing;
use domain::limits;
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// `/desk/hearings/{id}/report`: what was said, with facts and reasons, and what is done about it.
pub fn report_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    report: &str,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_hearing_report(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let body = if hearing.minutes.is_none() {
            ui::inset(view! { <p>{t.problem_no_minutes()}</p> })
        } else if desk.may(consultation, Role::Approver) {
            let field = Field {
                name: "report".into(),
                label: t.desk_hearing_report().into(),
                hint: Some(t.desk_hearing_report_hint().into()),
                value: report,
                error: error_for(t, wrong, "report"),
            };
            form(
                to(desk, hearing.id, "/report"),
                view! {
                    {textarea(&field, 20, limits::REPORT)}
                    {action_button("button", "publish".into(), t.desk_hearing_report_publish())}
                },
            )
        } else {
            let stands = hearing.report_html.as_deref();
            view! {
                {ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> })}
                {stands
                    .map(|report| {
                        view! {
                            <h2>{t.desk_draw_published()}</h2>
                            {ui::rendered_in(desk.page.lang_of(&hearing.unit), report)}
                        }
                    })}
            }
            .into_any()
        };
        view! {
            <h1>{t.desk_hearing_report()}</h1>
            {up(desk, hearing)}
            {error_summary(t, wrong, |violation| place(desk, violation))}
            {body}
        }
    })
}

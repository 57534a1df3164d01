//! `/desk/polls/{id}/codes`: codes that are good for one ballot each. They are shown once, to be
//! printed and given out; the database keeps what is needed to know them again, not the codes.

use super::{place, to, up};
use crate::desk::Desk;
use crate::fields::{form, number};
use crate::frame::{Head, Tab, screen};
use app::ui;
use app::ui::form::{Field, action_button, error_for, error_summary};
use domain::consultations::Consultation;
use domain::polls::{IdentityLevel, Poll};
use domain::problem::Violations;
use leptos::prelude::*;

/// `/desk/polls/{id}/codes`: the form, and below it the codes that were just made.
pub fn codes_page(
    desk: &Desk,
    consultation: &Consultation,
    poll: &Poll,
    count: &str,
    made: &[String],
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_poll_codes(), consultation, Tab::Polls);
    screen(desk, &head, || {
        let body = if poll.questionnaire.identity == IdentityLevel::None {
            ui::inset(view! { <p>{t.problem_no_codes()}</p> })
        } else {
            let field = Field {
                name: "count".into(),
                label: t.desk_poll_codes_count().into(),
                hint: None,
                value: count,
                error: error_for(t, wrong, "count"),
            };
            form(
                to(desk, poll.id, "/codes"),
                view! {
                    {number(&field)}
                    {action_button("button", "make".into(), t.desk_poll_codes_make())}
                },
            )
        };
        view! {
            <h1>{t.desk_poll_codes()}</h1>
            {up(desk, poll)}
            <p class="intro">{t.desk_poll_codes_intro()}</p>
            {error_summary(t, wrong, |violation| place(desk, violation))}
            {codes(desk, poll, made)}
            {body}
        }
    })
}

fn codes(desk: &Desk, poll: &Poll, made: &[String]) -> Option<AnyView> {
    let t = desk.t();
    if made.is_empty() {
        return None;
    }
    let n = i64::try_from(made.len()).unwrap_or(i64::MAX);
    let address = format!("{}/polls/{}", desk.page.base, poll.id);
    let items = made
        .iter()
        .map(|code| {
            view! {
                <li>
                    <b>{code.clone()}</b>
                    " "
                    <span>{address.clone()}</span>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <div class="good" role="status">
                <p>{t.desk_poll_codes_made(n)}</p>
            </div>
            <ol class="codes">{items}</ol>
        }
        .into_any(),
    )
}

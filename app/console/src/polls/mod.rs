//! Polls: their list, composing the questions, publication and correction, codes, answers in words,
//! figures.

mod codes;
mod compose;
mod form;
mod list;
mod poll;
mod preview;
mod results;
mod texts;

pub use codes::{CodesData, MadeCode, codes_page};
pub use compose::{ComposeData, compose_page};
pub use form::{PollForm, QuestionForm};
pub use list::polls_page;
pub use poll::{PeriodForm, PollData, poll_page};
pub use results::results_page;
pub use texts::{TICKED_TEXTS, TextsData, texts_address, texts_page};

use crate::desk::Desk;
use domain::polls::{Poll, PollNumber, PollState};
use domain::problem::Violation;
use leptos::prelude::*;

/// A screen of one poll: `""`, `"/texts"`.
pub fn address(number: PollNumber, rest: &str) -> String {
    format!("/desk/polls/{number}{rest}")
}

fn to(desk: &Desk, number: PollNumber, rest: &str) -> String {
    desk.to(&address(number, rest))
}

fn state_tag(desk: &Desk, state: PollState) -> AnyView {
    let says = desk.t().poll_state(state);
    view! { <strong class=format!("tag {state}")>{says}</strong> }.into_any()
}

/// The way back to the poll's own screen, above the heading of each of its others.
fn up(desk: &Desk, poll: &Poll) -> AnyView {
    let title = app::page::plain(&poll.questionnaire.title);
    view! {
        <p class="under">
            <a href=to(desk, poll.id, "") dir="auto" lang=desk.page.lang_of(&poll.unit)>
                {title}
            </a>
            " "
            {state_tag(desk, poll.state)}
        </p>
    }
    .into_any()
}

/// In words where a field is.
fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    let mut parts = violation.field.split('.');
    let (first, row) = (parts.next()?, parts.next());
    let row = row
        .and_then(|row| row.parse::<i64>().ok())
        .map(|row| row + 1);
    let name = match first {
        "title" => t.desk_title(),
        "intro" => t.desk_poll_intro(),
        "method" => t.desk_poll_method(),
        "opens_at" => t.desk_opens(),
        "closes_at" => t.desk_closes(),
        "correction" => t.desk_poll_correction(),
        "reason" => t.desk_hearing_cancel_reason(),
        "questions" => {
            return match row {
                Some(n) => Some(t.desk_poll_question_n(n)),
                None => Some(t.desk_poll_questions().into()),
            };
        }
        _ => return None,
    };
    Some(name.into())
}

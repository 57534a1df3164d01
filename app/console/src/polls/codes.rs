//! `/desk/polls/{id}/codes`: codes that are good for one ballot each, so many or one for each entry of
//! a list. They are shown once, to be printed and given out; the database keeps what is needed to know
//! them again, not the codes, and of the list no names.

use super::{to, up};
use crate::desk::Desk;
use crate::fields::{form, number};
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, action_button, error_lines, hidden, textarea};
use domain::consultations::Consultation;
use domain::limits;
use domain::polls::{CodeCount, IdentityLevel, Poll, PollState};
use domain::problem::{Fault, Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;

/// A code that was just made, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCode {
    pub label: Option<String>,
    pub code: String,
}

/// The codes of a poll.
#[derive(Clone, Copy, Debug)]
pub struct CodesData<'a> {
    pub consultation: &'a Consultation,
    pub poll: &'a Poll,
    pub count: CodeCount,
    /// How many, or the list.
    pub typed: &'a str,
    pub made: &'a [MadeCode],
    pub wrong: Option<&'a Violations>,
}

impl CodesData<'_> {
    /// The field of the form: how many, or for whom.
    fn field(&self) -> &'static str {
        match self.poll.questionnaire.identity {
            IdentityLevel::Invited => "labels",
            IdentityLevel::None | IdentityLevel::OneTimeCode => "count",
        }
    }

    /// What is wrong, in words; the first of a list.
    fn error(&self, desk: &Desk) -> Option<String> {
        let t = desk.t();
        let violation = self.wrong?.0.first()?;
        let line = violation.field.strip_prefix("labels.");
        let line = line.and_then(|line| line.parse::<i64>().ok());
        Some(match (line, &violation.fault) {
            (None, Fault::TooMany { limit, .. }) => {
                t.desk_poll_codes_too_many(i64::try_from(*limit).unwrap_or(i64::MAX))
            }
            (None, _) => t.fault(violation),
            (Some(line), Fault::Taken) => t.desk_poll_invited_twice(line + 1),
            (Some(line), fault) => {
                let said = t.fault(&Violation {
                    field: "labels".into(),
                    fault: fault.clone(),
                });
                t.desk_poll_invited_line(said, line + 1)
            }
        })
    }
}

/// `/desk/polls/{id}/codes`: the form, and above it the codes that were just made.
pub fn codes_page(desk: &Desk, data: CodesData<'_>) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_poll_codes(), data.consultation, Tab::Polls);
    screen(desk, &head, || {
        let identity = data.poll.questionnaire.identity;
        let intro = match identity {
            IdentityLevel::Invited => t.desk_poll_invited_intro(),
            IdentityLevel::None | IdentityLevel::OneTimeCode => t.desk_poll_codes_intro(),
        };
        let error = data.error(desk);
        let lines = error
            .clone()
            .map(|error| vec![(data.field().to_owned(), error)]);
        let count = (identity != IdentityLevel::None).then(|| {
            let says = t.desk_poll_codes_given(data.count.given, data.count.used);
            view! { <p>{says}</p> }
        });
        view! {
            <h1>{t.desk_poll_codes()}</h1>
            {up(desk, data.poll)}
            <p class="intro">{intro}</p>
            {lines.and_then(|lines| error_lines(t, lines))}
            {codes(desk, data)}
            {count}
            {wanted(desk, data, error)}
        }
    })
}

/// What is asked for; or why nothing can be.
fn wanted(desk: &Desk, data: CodesData<'_>, error: Option<String>) -> AnyView {
    let t = desk.t();
    let over = matches!(data.poll.state, PollState::Closed | PollState::Cancelled);
    if data.poll.questionnaire.identity == IdentityLevel::None {
        return ui::inset(view! { <p>{t.problem_no_codes()}</p> });
    }
    if over {
        return ui::inset(view! { <p>{t.problem_poll_over()}</p> });
    }
    if !desk.may(data.consultation, Role::Approver) {
        return ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> });
    }
    let invited = data.poll.questionnaire.identity == IdentityLevel::Invited;
    let field = Field {
        name: data.field().into(),
        label: if invited {
            t.desk_poll_invited_list().into()
        } else {
            t.desk_poll_codes_count().into()
        },
        hint: invited.then(|| t.desk_poll_invited_hint().into()),
        value: data.typed,
        error,
    };
    let field = if invited {
        textarea(&field, 10, limits::CODES_AT_ONCE * limits::CONTACT)
    } else {
        number(&field)
    };
    form(
        to(desk, data.poll.id, "/codes"),
        view! {
            {hidden("given", &data.count.given.to_string())}
            {field}
            {action_button("button", "make".into(), t.desk_poll_codes_make())}
        },
    )
}

/// One slip for each code, whole when it is cut out: for whom, of what, until when and where.
fn codes(desk: &Desk, data: CodesData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let poll = data.poll;
    if data.made.is_empty() {
        return None;
    }
    let n = i64::try_from(data.made.len()).unwrap_or(i64::MAX);
    let address = format!("{}/polls/{}", desk.page.base, poll.id);
    let zone = time::zone(&poll.unit.zone);
    let until = poll
        .closes_at
        .map(|closes| t.desk_poll_code_until(t.deadline(closes, &zone)));
    let title = plain(&poll.questionnaire.title);
    let lang = desk.page.lang_of(&poll.unit);
    let items = data
        .made
        .iter()
        .map(|made| {
            let label = made.label.as_deref().map(plain);
            view! {
                <li>
                    {label.map(|label| view! { <span dir="auto">{label}</span> " " })}
                    <b>{made.code.clone()}</b>
                    " "
                    <span dir="auto" lang=lang.clone()>
                        {title.clone()}
                    </span>
                    " "
                    {until.clone().map(|until| view! { <span>{until}</span> " " })}
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

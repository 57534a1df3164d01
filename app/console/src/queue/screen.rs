//! The screen: filters, the comments of one page, and what to do with those that are ticked.

use super::comment::comment;
use super::{HOLD_TICKED, TICKED};
use crate::desk::Desk;
use crate::fields::{clause_groups, clause_name, form, input};
use crate::frame::{Head, Tab, screen as frame};
use crate::overview::paging;
use app::ui;
use app::ui::form::{
    Choice, Field, Group, action_button, default_button, error_for, error_summary, select,
};
use domain::comments::{CommentNumber, CommentState, HoldReason, QueueFilter, QueuedComment};
use domain::consultations::{Consultation, Number, Page};
use domain::drafts::Draft;
use domain::problem::{Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// What was ticked and chosen, when the form is shown again.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Running numbers of the ticked comments.
    pub ticked: HashSet<i64>,
    /// The reason chosen for each comment.
    pub reasons: HashMap<i64, String>,
    /// The reason for all ticked ones.
    pub reason: String,
}

/// One page of the queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueData<'a> {
    pub consultation: &'a Consultation,
    /// The version under consultation, for the wording beside a proposed one.
    pub draft: Option<&'a Draft>,
    pub filter: &'a QueueFilter,
    pub comments: &'a Page<QueuedComment>,
    pub chosen: &'a Chosen,
    /// Faults of the fields that this module names.
    pub wrong: Option<&'a Violations>,
    /// What could not be done, in words.
    pub refused: &'a [(CommentNumber, String)],
    /// Contact data that was asked for: `None` if the sender left none.
    pub contact: Option<(CommentNumber, Option<&'a str>)>,
}

/// The address of the queue under a filter, without its key.
pub fn address(number: Number, filter: &QueueFilter) -> String {
    let mut address = format!("/desk/c/{number}/queue");
    let mut query = |name: &str, value: &str| {
        address.push(if address.contains('?') { '&' } else { '?' });
        let _ = write!(address, "{name}={}", encode(value));
    };
    if let Some(state) = filter.state {
        query("state", state.code());
    }
    if let Some(clause) = filter.clause {
        query("clause", &clause.to_string());
    }
    if let Some(q) = &filter.q {
        query("q", q);
    }
    address
}

fn encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// `/desk/c/{number}/queue`.
pub fn queue_page(desk: &Desk, data: QueueData<'_>) -> String {
    let t = desk.t();
    let consultation = data.consultation;
    let number = consultation.number;
    let head = Head::of(t.desk_tab_queue(), consultation, Tab::Queue);
    frame(desk, &head, || {
        let list = if data.comments.items.is_empty() {
            let filtered = *data.filter != QueueFilter::default();
            let says = match (consultation.counts.comments.received, filtered) {
                (0, _) => t.desk_queue_none_yet(),
                (_, true) => t.desk_queue_none_fit(),
                (_, false) => t.desk_queue_empty(),
            };
            ui::inset(view! { <p>{says}</p> })
        } else {
            list(desk, data)
        };
        let base = address(number, data.filter);
        let refused = (!data.refused.is_empty()).then(|| refused(desk, data));
        view! {
            <h1>{t.desk_tab_queue()}</h1>
            <p class="under">{t.desk_queue_intro()}</p>
            {error_summary(t, data.wrong, |violation| place(desk, number, violation))}
            {refused}
            {filters(desk, data)}
            {list}
            {paging(
                desk,
                &base,
                data.comments.next.as_deref(),
                data.filter.after.is_some(),
            )}
        }
    })
}

fn place(desk: &Desk, number: Number, violation: &Violation) -> Option<String> {
    let serial = violation.field.strip_prefix("hold.")?;
    let serial: i64 = serial.parse().ok()?;
    Some(desk.t().desk_comment_number(format!("{number}-{serial}")))
}

fn refused(desk: &Desk, data: QueueData<'_>) -> AnyView {
    let t = desk.t();
    let lines = data
        .refused
        .iter()
        .map(|(number, why)| {
            // A filter may leave out what has changed.
            let listed = data.comments.items.iter().any(|one| one.number == *number);
            let href = listed.then(|| format!("#comment-{}", number.serial));
            view! {
                <li>
                    <a href=href>{t.desk_comment_number(number)}</a>
                    " "
                    {why.clone()}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="summary" role="alert">
            <h2>{t.desk_queue_refused()}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

fn filters(desk: &Desk, data: QueueData<'_>) -> AnyView {
    let t = desk.t();
    let filter = data.filter;
    let mut states = vec![Choice {
        value: String::new(),
        text: t.desk_all_states().into(),
    }];
    states.extend(CommentState::ALL.iter().map(|state| Choice {
        value: state.code().into(),
        text: t.comment_state(*state).into(),
    }));
    let state = Field {
        name: "state".into(),
        label: t.desk_filter_state().into(),
        value: filter.state.map_or("", CommentState::code),
        ..Field::default()
    };
    let clause_value = filter.clause.map(|id| id.to_string()).unwrap_or_default();
    let clause = Field {
        name: "clause".into(),
        label: t.desk_filter_clause().into(),
        value: &clause_value,
        ..Field::default()
    };
    let mut first = vec![Choice {
        value: String::new(),
        text: t.desk_all_clauses().into(),
    }];
    // A paragraph or item that was asked for by address stands in the list as well.
    let asked = filter
        .clause
        .and_then(|id| data.draft?.all_clauses().find(|clause| clause.id == id));
    if let (Some(clause), Some(draft)) = (asked, data.draft)
        && draft.clauses.iter().all(|top| top.id != clause.id)
    {
        first.push(Choice {
            value: clause.id.to_string(),
            text: clause_name(t, clause),
        });
    }
    let groups = match data.draft {
        Some(draft) => clause_groups(t, draft, first),
        None => vec![Group {
            heading: String::new(),
            choices: first,
        }],
    };
    let q = Field {
        name: "q".into(),
        label: t.desk_filter_text().into(),
        value: filter.q.as_deref().unwrap_or(""),
        error: error_for(t, data.wrong, "q"),
        ..Field::default()
    };
    let lang = desk
        .page
        .lang_is_chosen()
        .then(|| ui::form::hidden("lang", desk.page.lang.tag()));
    let states = [Group {
        heading: String::new(),
        choices: states,
    }];
    view! {
        <form
            method="get"
            accept-charset="utf-8"
            action=format!("/desk/c/{}/queue", data.consultation.number)
            class="filters"
            role="search"
            aria-label=t.desk_filter()
        >
            {lang}
            {select(&state, &states)}
            {select(&clause, &groups)}
            {input(&q, "search", "off")}
            <button class="quiet">{t.desk_filter_button()}</button>
        </form>
    }
    .into_any()
}

/// The reasons to choose from; none is chosen at first.
pub(super) fn reasons(desk: &Desk) -> Vec<Choice> {
    let t = desk.t();
    let mut choices = vec![Choice {
        value: String::new(),
        text: t.desk_choose_reason().into(),
    }];
    choices.extend(HoldReason::ALL.iter().map(|reason| Choice {
        value: reason.code().into(),
        text: t.hold_reason(*reason).into(),
    }));
    choices
}

fn list(desk: &Desk, data: QueueData<'_>) -> AnyView {
    let t = desk.t();
    let may = desk.may(data.consultation, Role::Moderator);
    let comments = data
        .comments
        .items
        .iter()
        .map(|one| comment(desk, data, one, may))
        .collect_view();
    if !may {
        return comments.into_any();
    }
    let field = Field {
        name: HOLD_TICKED.into(),
        label: t.desk_reason_for_ticked().into(),
        hint: None,
        value: &data.chosen.reason,
        error: error_for(t, data.wrong, HOLD_TICKED),
    };
    let reasons = Group {
        heading: String::new(),
        choices: reasons(desk),
    };
    let mut action = address(data.consultation.number, data.filter);
    if let Some(after) = &data.filter.after {
        action.push(if action.contains('?') { '&' } else { '?' });
        action.push_str("after=");
        action.push_str(&encode(after));
    }
    form(
        desk.to(&action),
        view! {
            {default_button("look".into())}
            {comments}
            <fieldset class="bulk" id=TICKED tabindex="-1">
                <legend>{t.desk_ticked()}</legend>
                {error_for(t, data.wrong, TICKED)
                    .map(|error| view! { <p class="error">{error}</p> })}
                {action_button("button", "publish".into(), t.desk_publish_ticked())}
                {select(&field, &[reasons])}
                {action_button("quiet", "hold".into(), t.desk_hold_ticked())}
            </fieldset>
        },
    )
}

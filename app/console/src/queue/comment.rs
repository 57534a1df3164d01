//! One comment in the queue: who says what on which clause, and the decision on it.

use super::screen::{QueueData, reasons};
use super::{hold_field, seen_field};
use crate::desk::Desk;
use crate::fields::tick;
use app::i18n::time;
use app::page::{To, plain};
use app::ui;
use app::ui::form::{Field, Group, action_button, error_for, hidden, select};
use domain::comments::{CommentState, Display, OwnPoint, QueuedComment};
use domain::drafts::redline::{inline, plain_words};
use domain::drafts::{Draft, InlineOp};
use leptos::prelude::*;

/// The comment with its buttons, if the person may decide.
pub(super) fn comment(
    desk: &Desk,
    data: QueueData<'_>,
    comment: &QueuedComment,
    may: bool,
) -> AnyView {
    let t = desk.t();
    let serial = comment.number.serial;
    let zone = time::zone(&data.consultation.unit.zone);
    let decidable = may && comment.state != CommentState::Withdrawn;
    let ticked = decidable.then(|| {
        let label = t.desk_tick(comment.number);
        tick(
            "comment",
            format!("tick-{serial}"),
            serial.to_string(),
            label,
            data.chosen.ticked.contains(&serial),
        )
    });
    let held = comment
        .hold_reason
        .map(|reason| view! { <span class="why">{t.hold_reason(reason)}</span> });
    let contact = data
        .contact
        .filter(|(of, _)| *of == comment.number)
        .map(|(_, contact)| {
            let says = match contact {
                Some(contact) => t.desk_contact_is(plain(contact)),
                None => t.desk_contact_none().to_owned(),
            };
            view! { <p class="contact" role="status">{says}</p> }
        });
    let points = comment
        .points
        .iter()
        .map(|one| view! { <li>{point(desk, data.consultation.number, data.draft, one)}</li> })
        .collect_view();
    let label = t.desk_comment_number(comment.number);
    view! {
        <article
            class=format!("entry {}", comment.state)
            id=format!("comment-{serial}")
            aria-label=label
            tabindex="-1"
        >
            <header>
                {ticked} <b class="number">{comment.number.to_string()}</b> " "
                <strong class=format!(
                    "tag {}",
                    comment.state,
                )>{t.comment_state(comment.state)}</strong> " " {held} " "
                <span class="from">{sender(desk, comment)}</span> " "
                {ui::instant(t, comment.received_at, &zone)}
            </header>
            <ul class="points" lang=desk.page.lang_of(&data.consultation.unit)>
                {points}
            </ul>
            {contact}
            {decidable.then(|| acts(desk, data, comment))}
        </article>
    }
    .into_any()
}

/// The name as given, and how the public will read it.
pub(crate) fn sender(desk: &Desk, comment: &QueuedComment) -> AnyView {
    let t = desk.t();
    let said = comment.hearing.map(|number| {
        let href = desk.to(&crate::hearings::address(number, "/minutes"));
        view! {
            " "
            <a class="hint" href=href>
                {t.comment_said()}
            </a>
        }
    });
    let shown = match comment.display {
        Display::Shown => t.desk_sent_shown(),
        Display::Masked => t.desk_sent_masked(),
        Display::Anonymous => t.display(Display::Anonymous),
    };
    match &comment.name {
        Some(name) => view! {
            <span dir="auto">{plain(name)}</span>
            " "
            <span class="hint">{t.desk_sender_how(t.kind(comment.kind), shown)}</span>
            {said}
        }
        .into_any(),
        None => view! {
            {t.comment_anonymous(t.kind(comment.kind))}
            {said}
        }
        .into_any(),
    }
}

/// What is said, on which clause, and what is proposed instead of its words.
pub(crate) fn point(
    desk: &Desk,
    number: domain::consultations::Number,
    draft: Option<&Draft>,
    point: &OwnPoint,
) -> AnyView {
    let t = desk.t();
    let clause = match (point.clause, &point.clause_label) {
        (Some(id), Some(label)) => {
            let href = desk.page.link(&To::Clause(number, id)).href;
            view! { <a href=href>{ui::clause_name(t, label)}</a> }.into_any()
        }
        _ => t.comment_whole_draft().into_any(),
    };
    let text = (!point.text.is_empty()).then(|| ui::rendered(&point.html));
    let proposed = point.proposed.as_deref().map(|proposed| {
        let stands = draft
            .and_then(|draft| {
                draft
                    .all_clauses()
                    .find(|clause| Some(clause.id) == point.clause)
            })
            .map(|clause| clause.text.as_str());
        view! {
            <div class="proposed">
                <p>{t.comment_proposed_colon()}</p>
                {wording(desk, stands, proposed, point.proposed_html.as_deref())}
            </div>
        }
    });
    view! {
        <p class="label">{clause}</p>
        {text}
        {proposed}
    }
    .into_any()
}

/// Proposed wording as a redline against what stands, where it is a new version of it and not only
/// a few words of it.
fn wording(
    desk: &Desk,
    stands: Option<&str>,
    proposed: &str,
    proposed_html: Option<&str>,
) -> AnyView {
    let runs = stands.map(|stands| inline(stands, proposed, &plain_words));
    let kept = |runs: &[domain::drafts::Inline]| -> usize {
        runs.iter()
            .filter(|run| run.op == InlineOp::Equal)
            .map(|run| run.text.chars().count())
            .sum()
    };
    let whole = |text: &str| text.chars().count();
    match (runs, stands) {
        (Some(runs), Some(stands)) if kept(&runs) * 2 >= whole(stands).max(whole(proposed)) => {
            view! {
                <div class="words" dir="auto">
                    {app::drafts::inline(desk.t(), &runs)}
                </div>
            }
            .into_any()
        }
        _ => ui::rendered(proposed_html.unwrap_or_default()),
    }
}

fn acts(desk: &Desk, data: QueueData<'_>, comment: &QueuedComment) -> AnyView {
    let t = desk.t();
    let serial = comment.number.serial;
    let publish = (comment.state != CommentState::Published)
        .then(|| action_button("button", format!("publish.{serial}"), t.desk_publish()));
    let name = hold_field(serial);
    let chosen = data
        .chosen
        .reasons
        .get(&serial)
        .cloned()
        .or_else(|| comment.hold_reason.map(|reason| reason.code().into()))
        .unwrap_or_default();
    let reason = Field {
        error: error_for(t, data.wrong, &name),
        name,
        label: t.desk_hold_reason().into(),
        hint: None,
        value: &chosen,
    };
    let reasons = Group {
        heading: String::new(),
        choices: reasons(desk),
    };
    view! {
        <div class="acts">
            {hidden(&seen_field(serial), &comment.seen.to_string())} {publish} {select(&reason, &[reasons])}
            {action_button("quiet", format!("hold.{serial}"), t.desk_hold())}
            {action_button("plain", format!("contact.{serial}"), t.desk_contact_show())}
        </div>
    }
    .into_any()
}

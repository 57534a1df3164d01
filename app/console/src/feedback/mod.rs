//! `/desk/c/{number}/feedback`: the three texts, the numbers as they would be published, and what
//! still stands in the way. First the form, then a look at it, then publication.

mod review;

use crate::desk::Desk;
use crate::fields::form;
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::ui::form::{Field, action_button, error_for, error_summary, textarea};
use app::ui::{self, numbers::Part, numbers::numbers_bar};
use domain::comments::CommentNumber;
use domain::consultations::{Consultation, State};
use domain::feedback::{FeedbackPreview, FeedbackReview, RawFeedback, Unanswered};
use domain::limits;
use domain::problem::{Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;

/// The account as far as it has come.
#[derive(Clone, Copy, Debug)]
pub struct FeedbackData<'a> {
    pub consultation: &'a Consultation,
    /// `None` before there is a round.
    pub preview: Option<&'a FeedbackPreview>,
    /// The first points without a response.
    pub unanswered: &'a [Unanswered],
    pub form: &'a RawFeedback,
    pub wrong: Option<&'a Violations>,
    /// What the last look shows, where the texts are complete.
    pub review: Option<&'a FeedbackReview>,
    /// Why publication was refused, in words.
    pub refused: Option<&'a str>,
}

/// `/desk/c/{number}/feedback`.
pub fn feedback_page(desk: &Desk, data: FeedbackData<'_>) -> String {
    let t = desk.t();
    let consultation = data.consultation;
    let head = Head::of(t.desk_tab_feedback(), consultation, Tab::Feedback);
    screen(desk, &head, || {
        let refused = data.refused.map(|why| {
            view! {
                <div class="summary" role="alert">
                    <h2>{t.desk_feedback_refused()}</h2>
                    <p>{why.to_owned()}</p>
                </div>
            }
        });
        view! {
            <h1>{t.desk_tab_feedback()}</h1>
            {refused}
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {standing(desk, data)}
            {data.preview.map(|preview| numbers(desk, consultation, preview))}
            {texts(desk, data)}
        }
    })
}

fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    let name = match violation.field.as_str() {
        "asked" => t.desk_asked(),
        "heard" => t.desk_heard(),
        "changed" => t.desk_changed(),
        _ => return None,
    };
    Some(name.into())
}

/// Whether it can be published now, and if not, what is to be done first.
fn standing(desk: &Desk, data: FeedbackData<'_>) -> AnyView {
    let t = desk.t();
    let consultation = data.consultation;
    let number = consultation.number;
    let zone = time::zone(&consultation.unit.zone);
    let says = |text: String| ui::inset(view! { <p>{text}</p> });
    match (consultation.state, &consultation.round) {
        (State::Answered, _) => {
            let at = consultation.feedback_at.map(|at| t.instant(at, &zone));
            let href = desk.to(&format!("/c/{number}"));
            ui::inset(view! {
                <p>
                    {t.desk_step_feedback_done(at.unwrap_or_default())} " "
                    <a href=href>{t.desk_public_page()}</a>
                </p>
            })
        }
        (State::Withdrawn, _) => says(t.next_withdrawn().into()),
        (State::Open | State::Published, Some(round)) => {
            says(t.desk_feedback_after(t.deadline(round.closes_at, &zone)))
        }
        (State::Closed, _) => missing(desk, data),
        _ => says(t.desk_step_feedback_later().into()),
    }
}

fn missing(desk: &Desk, data: FeedbackData<'_>) -> AnyView {
    let t = desk.t();
    let number = data.consultation.number;
    let total = data.preview.map_or(0, |preview| preview.unanswered);
    if total == 0 {
        return view! { <p class="good">{t.desk_feedback_ready()}</p> }.into_any();
    }
    let waiting = data.consultation.counts.comments.waiting;
    let waiting = (waiting > 0).then(|| {
        let href = desk.of(number, "/queue?state=received");
        view! {
            <p>
                {t.desk_feedback_waiting(waiting)} " " <a href=href>{t.desk_to_queue()}</a>
            </p>
        }
    });
    let lines = data
        .unanswered
        .iter()
        .map(|point| {
            // The list goes on after a running number: the one before this comment's.
            let after = point
                .comment
                .parse::<CommentNumber>()
                .map_or(0, |comment| comment.serial - 1);
            let href = desk.of(
                number,
                &format!(
                    "/points?unanswered=on&after={after}#{}.disposition",
                    point.point
                ),
            );
            let clause = match point.clause_label.as_deref() {
                Some(label) => ui::clause_name(t, label),
                None => t.comment_whole_draft().into(),
            };
            view! {
                <li>
                    <a href=href>{t.desk_comment_number(&point.comment)} " · " {clause}</a>
                </li>
            }
        })
        .collect_view();
    let more = total - i64::try_from(data.unanswered.len()).unwrap_or(0);
    let more = (more > 0).then(|| view! { <p>{t.desk_feedback_more(more)}</p> });
    view! {
        <section class="warnings" aria-labelledby="missing">
            <h2 id="missing">{t.desk_feedback_missing(total)}</h2>
            {waiting}
            <ul class="columns">{lines}</ul>
            {more}
        </section>
    }
    .into_any()
}

fn numbers(desk: &Desk, consultation: &Consultation, preview: &FeedbackPreview) -> AnyView {
    let t = desk.t();
    let mut parts: Vec<Part> = preview
        .dispositions
        .iter()
        .map(|count| Part::new(t.disposition(count.disposition), count.points))
        .collect();
    if preview.unanswered > 0 {
        parts.push(Part::new(t.desk_unanswered(), preview.unanswered));
    }
    let to_come = consultation.state == State::Closed;
    let version = preview.new_version.map(|version| {
        let href = desk.of(
            consultation.number,
            &format!("/changes/{}/{version}?only=changed", preview.version),
        );
        view! {
            <p>
                {to_come.then(|| t.desk_feedback_new_version(version))} " "
                <a href=href>{t.draft_changes(preview.version, version)}</a>
            </p>
        }
    });
    view! {
        <h2>{t.desk_numbers()}</h2>
        {numbers_bar(t, t.desk_points_by_disposition(), parts)}
        {version}
    }
    .into_any()
}

fn texts(desk: &Desk, data: FeedbackData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let consultation = data.consultation;
    if consultation.state != State::Closed {
        return None;
    }
    if !desk.may(consultation, Role::Approver) {
        return Some(ui::inset(
            view! { <p>{t.desk_feedback_needs_approver()}</p> },
        ));
    }
    let action = desk.of(consultation.number, "/feedback");
    let filled = data.form;
    if let Some(review) = data.review {
        return Some(review::review(desk, data, review, action));
    }
    let field = |name: &str, label: &str, hint: &str, value| Field {
        name: name.into(),
        label: label.into(),
        hint: Some(hint.into()),
        value,
        error: error_for(t, data.wrong, name),
    };
    let asked = field("asked", t.desk_asked(), t.desk_asked_hint(), &filled.asked);
    let heard = field("heard", t.desk_heard(), t.desk_heard_hint(), &filled.heard);
    let changed = field(
        "changed",
        t.desk_changed(),
        t.desk_changed_hint(),
        &filled.changed,
    );
    Some(
        view! {
            <h2>{t.desk_three_texts()}</h2>
            {form(
                action,
                view! {
                    {textarea(&asked, 4, limits::FEEDBACK_TEXT)}
                    {textarea(&heard, 6, limits::FEEDBACK_TEXT)}
                    {textarea(&changed, 6, limits::FEEDBACK_TEXT)}
                    {action_button("button", "review".into(), t.desk_feedback_review())}
                },
            )}
        }
        .into_any(),
    )
}

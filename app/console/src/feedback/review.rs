//! The last look before the feedback is published: the three texts, and what a person should have
//! seen before it cannot be changed any more.

use super::FeedbackData;
use crate::desk::Desk;
use crate::fields::form;
use app::ui;
use app::ui::form::{action_button, hidden};
use domain::comments::CommentNumber;
use domain::feedback::{AnsweredPoint, FeedbackReview};
use leptos::prelude::*;

/// The texts with what does not fit yet, and the button that publishes. The form carries the
/// version that was looked at.
pub(super) fn review(
    desk: &Desk,
    data: FeedbackData<'_>,
    review: &FeedbackReview,
    action: String,
) -> AnyView {
    let t = desk.t();
    let filled = data.form;
    let preview = data.preview;
    let newest = preview.map(|preview| preview.new_version.unwrap_or(preview.version));
    let newest = newest.map(|version| hidden("new_version", &version.to_string()));
    let changes = preview
        .and_then(|preview| preview.new_version)
        .map(|_| view! { <p>{t.desk_feedback_changes(review.changes)}</p> });
    view! {
        <h2>{t.desk_feedback_review_title()}</h2>
        {ui::inset(view! { <p>{t.desk_feedback_final()}</p> })}
        {waiting(desk, data)}
        {changes}
        {unshown(desk, data, review)}
        <h3>{t.desk_asked()}</h3>
        {ui::prose(&filled.asked)}
        <h3>{t.desk_heard()}</h3>
        {ui::prose(&filled.heard)}
        <h3>{t.desk_changed()}</h3>
        {ui::prose(&filled.changed)}
        {form(
            action,
            view! {
                {hidden("asked", &filled.asked)}
                {hidden("heard", &filled.heard)}
                {hidden("changed", &filled.changed)}
                {newest}
                <p class="acts">
                    {action_button("button", "publish".into(), t.desk_feedback_publish())} " "
                    {action_button("quiet", "change".into(), t.desk_go_back())}
                </p>
            },
        )}
    }
    .into_any()
}

/// Comments that nobody has reviewed: they have their answers and can be reviewed later.
fn waiting(desk: &Desk, data: FeedbackData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let waiting = data.consultation.counts.comments.waiting;
    (waiting > 0).then(|| {
        let href = desk.of(data.consultation.number, "/queue?state=received");
        ui::inset(view! {
            <p>
                {t.desk_feedback_still_waiting(waiting)} " " <a href=href>{t.desk_to_queue()}</a>
            </p>
        })
    })
}

/// Adopted points behind which no change shows.
fn unshown(desk: &Desk, data: FeedbackData<'_>, review: &FeedbackReview) -> Option<AnyView> {
    let t = desk.t();
    if review.unshown_total == 0 {
        return None;
    }
    let line = |point: &AnsweredPoint| {
        // The list goes on after a running number: the one before this comment's.
        let number = point.comment.parse::<CommentNumber>();
        let after = number.map_or(0, |comment| comment.serial - 1);
        let path = format!("/points?after={after}#{}.disposition", point.id);
        let href = desk.of(data.consultation.number, &path);
        let clause = ui::subject(t, point.clause, point.clause_label.as_deref());
        view! {
            <li>
                <a href=href>{t.desk_comment_number(&point.comment)} " · " {clause}</a>
            </li>
        }
    };
    let lines = review.unshown.iter().map(line).collect_view();
    let more = review.unshown_total - i64::try_from(review.unshown.len()).unwrap_or(i64::MAX);
    let more = (more > 0).then(|| view! { <p>{t.desk_feedback_unshown_more(more)}</p> });
    Some(
        view! {
            <section class="warnings">
                <p>{t.desk_feedback_unshown(review.unshown_total)}</p>
                <ul class="columns">{lines}</ul>
                {more}
            </section>
        }
        .into_any(),
    )
}

//! `/c/{number}/feedback`.

use super::{dispositions, table, three_texts};
use crate::consultations::parts;
use crate::drafts;
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page, plain};
use crate::ui;
use domain::consultations::Consultation;
use domain::feedback::{AnsweredPoint, ChangeBecause, Disposition, Feedback};
use domain::id::{ClauseId, PointId};
use leptos::prelude::*;
use std::collections::HashMap;

/// The account with a page of its points, and which of them were asked for.
#[derive(Clone, Copy, Debug)]
pub struct FeedbackData<'a> {
    pub consultation: &'a Consultation,
    pub feedback: &'a Feedback,
    /// Only points with this disposition.
    pub disposition: Option<Disposition>,
    /// Only points on this clause, or that changed it.
    pub clause: Option<ClauseId>,
    /// Whether this is not the first page.
    pub continued: bool,
}

/// `/c/{number}/feedback`.
pub fn feedback_page(cx: &PageContext, data: FeedbackData<'_>) -> String {
    let t = cx.t();
    let consultation = data.consultation;
    let title = t.feedback_title(&consultation.title);
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&To::Feedback(consultation.number))),
        private: false,
    };
    page(cx, &head, || feedback_body(cx, data))
}

/// The body, for page and widget. What stands around the points is on the first page alone.
pub(crate) fn feedback_body(cx: &PageContext, data: FeedbackData<'_>) -> AnyView {
    let t = cx.t();
    let (consultation, feedback) = (data.consultation, data.feedback);
    let zone = time::zone(&consultation.unit.zone);
    let heading = view! {
        {parts::part_heading(cx, consultation, t.feedback_heading())}
        <p class="hint">
            {t.feedback_published_on()} " " {ui::instant(t, feedback.published_at, &zone)}
        </p>
    };
    if data.continued {
        return view! {
            {heading}
            {table::table(cx, data)}
        }
        .into_any();
    }
    let waiting = feedback.counts.comments.waiting;
    let waiting = (waiting > 0).then(|| view! { <li>{t.feedback_method_waiting(waiting)}</li> });
    view! {
        {heading}
        {three_texts(
            cx,
            consultation,
            [&feedback.asked, &feedback.heard, &feedback.changed],
            false,
        )}
        <section>
            <h2>{t.feedback_numbers()}</h2>
            {dispositions(cx, consultation, &feedback.dispositions)}
            {parts::counts(t, &feedback.counts)}
        </section>
        {changes(cx, consultation, feedback)}
        {table::table(cx, data)}
        <section>
            <h2>{t.feedback_method()}</h2>
            <ul class="plainlist">
                <li>{t.feedback_method_comment()}</li>
                <li>{t.feedback_method_point()}</li>
                <li>{t.feedback_method_held()}</li>
                {waiting}
                <li>{t.feedback_method_identity()}</li>
            </ul>
        </section>
    }
    .into_any()
}

/// The words that changed because of comments, with the points behind each change.
fn changes(cx: &PageContext, consultation: &Consultation, feedback: &Feedback) -> AnyView {
    let t = cx.t();
    let all = feedback.new_version.map(|to| {
        let link = cx.link(&To::Changes {
            number: consultation.number,
            from: feedback.version,
            to,
            only_changed: true,
        });
        view! { <p class="more">{ui::anchor(link, t.feedback_all_changes())}</p> }
    });
    let body = if feedback.changes.is_empty() {
        let none = if feedback.new_version.is_some() {
            t.feedback_changes_none_named()
        } else {
            t.feedback_changes_none()
        };
        ui::inset(view! { <p>{none}</p> })
    } else {
        let points: HashMap<PointId, &AnsweredPoint> = feedback
            .behind
            .iter()
            .map(|point| (point.id, point))
            .collect();
        let hunks = feedback
            .changes
            .iter()
            .map(|because| {
                drafts::hunk(
                    cx,
                    consultation,
                    &because.change,
                    false,
                    Some(behind(cx, consultation, &points, because)),
                )
            })
            .collect_view();
        view! {
            <p class="hint">{t.draft_legend()}</p>
            <div class="redline">{hunks}</div>
        }
        .into_any()
    };
    view! {
        <section id="changes">
            <h2>{t.feedback_what_changed()}</h2>
            {body}
            {all}
        </section>
    }
    .into_any()
}

/// The first points behind a change, and the way to all.
fn behind(
    cx: &PageContext,
    consultation: &Consultation,
    points: &HashMap<PointId, &AnsweredPoint>,
    because: &ChangeBecause,
) -> AnyView {
    let t = cx.t();
    let more = because.total - i64::try_from(because.points.len()).unwrap_or(i64::MAX);
    let clause = because.change.to.or(because.change.from);
    let more = (more > 0).then(|| {
        let link = cx.link(&To::FeedbackPoints {
            number: consultation.number,
            disposition: None,
            clause,
            after: None,
        });
        view! { <p>{ui::anchor(link, t.feedback_behind_more(more))}</p> }
    });
    let points = because
        .points
        .iter()
        .filter_map(|id| points.get(id))
        .map(|point| {
            let words = match point.text.is_empty() {
                true => point.proposed.as_deref().unwrap_or(""),
                false => &point.text,
            };
            view! {
                <li dir="auto">
                    <b>{ui::author(t, &point.author)}</b>
                    {t.feedback_said(&point.comment)}
                    {excerpt(words)}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="behind">
            <p>{t.feedback_because()}</p>
            <ul lang=cx.lang_of(&consultation.unit)>{points}</ul>
            {more}
        </div>
    }
    .into_any()
}

/// The beginning of a long text; the whole stands in the table.
fn excerpt(text: &str) -> String {
    const CHARACTERS: usize = 120;
    let text = plain(text);
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

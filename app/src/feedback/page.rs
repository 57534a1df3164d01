//! `/c/{number}/feedback`.

use super::{dispositions, table, three_texts};
use crate::consultations::parts;
use crate::drafts;
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page, plain};
use crate::ui;
use domain::consultations::Consultation;
use domain::feedback::{ChangeBecause, Disposition, Feedback};
use leptos::prelude::*;

/// The account; `only` shows the points of one disposition in the table.
pub fn feedback_page(
    cx: &PageContext,
    consultation: &Consultation,
    feedback: &Feedback,
    only: Option<Disposition>,
) -> String {
    let t = cx.t();
    let title = t.feedback_title(&consultation.title);
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&To::Feedback(consultation.number, None))),
        private: false,
    };
    page(cx, &head, || {
        feedback_body(cx, consultation, feedback, only)
    })
}

/// The body, for page and widget.
pub(crate) fn feedback_body(
    cx: &PageContext,
    consultation: &Consultation,
    feedback: &Feedback,
    only: Option<Disposition>,
) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&consultation.unit.zone);
    view! {
        {parts::part_heading(cx, consultation, t.feedback_heading())}
        <p class="hint">
            {t.feedback_published_on()} " " {ui::instant(t, feedback.published_at, &zone)}
        </p>
        {three_texts(cx, feedback, false)}
        <section>
            <h2>{t.feedback_numbers()}</h2>
            {dispositions(cx, consultation, feedback)}
            {parts::counts(t, &feedback.counts)}
        </section>
        {changes(cx, consultation, feedback)}
        {table::table(cx, consultation, feedback, only)}
        <section>
            <h2>{t.feedback_method()}</h2>
            <ul class="plainlist">
                <li>{t.feedback_method_comment()}</li>
                <li>{t.feedback_method_point()}</li>
                <li>{t.feedback_method_held()}</li>
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
        let hunks = feedback
            .changes
            .iter()
            .map(|because| {
                drafts::hunk(
                    t,
                    &because.change,
                    false,
                    Some(behind(cx, feedback, because)),
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

fn behind(cx: &PageContext, feedback: &Feedback, because: &ChangeBecause) -> AnyView {
    let t = cx.t();
    let points = because
        .points
        .iter()
        .filter_map(|id| feedback.points.iter().find(|point| point.id == *id))
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
            <ul>{points}</ul>
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

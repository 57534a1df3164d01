//! Every point and its answer, in the order of the clauses, perhaps only those of one disposition.

use crate::page::{PageContext, To, plain};
use crate::ui;
use domain::consultations::Consultation;
use domain::feedback::{AnsweredPoint, Disposition, Feedback};
use leptos::prelude::*;

pub(super) fn table(
    cx: &PageContext,
    consultation: &Consultation,
    feedback: &Feedback,
    only: Option<Disposition>,
) -> AnyView {
    let t = cx.t();
    let shown: Vec<&AnsweredPoint> = feedback
        .points
        .iter()
        .filter(|point| only.is_none_or(|only| point.response.disposition == only))
        .collect();
    let body = if shown.is_empty() {
        ui::inset(view! { <p>{t.feedback_no_points()}</p> })
    } else {
        let groups = shown
            .chunk_by(|a, b| a.clause == b.clause && a.clause_label == b.clause_label)
            .map(|group| clause_group(cx, consultation, group))
            .collect_view();
        view! {
            <table class="answers">
                <caption class="vh">{t.feedback_points()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t.feedback_column_point()}</th>
                        <th scope="col">{t.feedback_column_answer()}</th>
                    </tr>
                </thead>
                {groups}
            </table>
        }
        .into_any()
    };
    view! {
        <section id="points">
            <h2>{t.feedback_points()}</h2>
            {filter(cx, consultation, feedback, only)}
            {body}
        </section>
    }
    .into_any()
}

fn clause_group(
    cx: &PageContext,
    consultation: &Consultation,
    group: &[&AnsweredPoint],
) -> AnyView {
    let t = cx.t();
    let label = group.first().map(|point| {
        let label = ui::subject(t, point.clause, point.clause_label.as_deref());
        let moved = point
            .new_clause_label
            .as_ref()
            .filter(|new| point.clause_label.as_ref().is_some_and(|old| old != *new))
            .map(|new| t.feedback_now(plain(new)));
        view! {
            {label}
            " "
            {moved}
        }
    });
    let rows = group
        .iter()
        .map(|point| {
            let proposed = point.proposed.as_deref().map(|text| {
                view! {
                    <blockquote>
                        <b>{t.comment_proposed_colon()}</b>
                        {ui::prose(text)}
                    </blockquote>
                }
            });
            view! {
                <tr>
                    <td>
                        <p class="by">
                            <b dir="auto">{ui::author(t, &point.author)}</b>
                            " · "
                            {point.comment.clone()}
                        </p>
                        {ui::prose(&point.text)}
                        {proposed}
                    </td>
                    <td>{crate::comments::answer(cx, consultation.number, &point.response)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <tbody>
            <tr>
                <th colspan="2" scope="rowgroup">
                    {label}
                </th>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

/// Links to each disposition that occurs, with how many.
fn filter(
    cx: &PageContext,
    consultation: &Consultation,
    feedback: &Feedback,
    only: Option<Disposition>,
) -> AnyView {
    let t = cx.t();
    let all: i64 = feedback.dispositions.iter().map(|count| count.points).sum();
    let choices = std::iter::once((None, all)).chain(
        feedback
            .dispositions
            .iter()
            .filter(|count| count.points > 0)
            .map(|count| (Some(count.disposition), count.points)),
    );
    let links = choices
        .map(|(disposition, n)| {
            let mut link = cx.link(&To::Feedback(consultation.number, disposition));
            link.href.push_str("#points");
            let text = disposition.map_or(t.list_all(), |disposition| t.disposition(disposition));
            let current = (disposition == only).then_some("true");
            view! {
                <a href=link.href target=link.target rel=link.rel aria-current=current>
                    {text}
                    " "
                    {t.number(n)}
                    {link.elsewhere.map(ui::elsewhere)}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="filter" aria-label=t.feedback_filter()>{links}</nav> }.into_any()
}

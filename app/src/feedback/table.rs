//! The points and their answers, in the order of the clauses: a page of all, of those with one
//! disposition, or of those on one clause.

use super::FeedbackData;
use crate::page::{PageContext, To, plain};
use crate::ui;
use domain::consultations::Consultation;
use domain::feedback::{AnsweredPoint, Disposition};
use domain::id::ClauseId;
use leptos::prelude::*;

pub(super) fn table(cx: &PageContext, data: FeedbackData<'_>) -> AnyView {
    let t = cx.t();
    let consultation = data.consultation;
    let shown = &data.feedback.points;
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
            {match data.clause {
                Some(clause) => on_clause(cx, data, clause),
                None => filter(cx, data),
            }}
            {body}
            {paging(cx, data)}
        </section>
    }
    .into_any()
}

fn clause_group(cx: &PageContext, consultation: &Consultation, group: &[AnsweredPoint]) -> AnyView {
    let t = cx.t();
    let ours = cx.own_lang(&consultation.unit);
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
            let proposed = point.proposed_html.as_deref().map(|html| {
                view! {
                    <blockquote>
                        <b lang=ours>{t.comment_proposed_colon()}</b>
                        {ui::rendered(html)}
                    </blockquote>
                }
            });
            view! {
                <tr lang=cx.lang_of(&consultation.unit)>
                    <td>
                        <p class="by" lang=ours>
                            <b dir="auto">{ui::author(t, &point.author)}</b>
                            " · "
                            {point.comment.clone()}
                            {crate::comments::at_session(cx, point.hearing)}
                        </p>
                        {ui::rendered(&point.html)}
                        {proposed}
                    </td>
                    <td>{crate::comments::answer(cx, consultation.number, &point.response, ours)}</td>
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
fn filter(cx: &PageContext, data: FeedbackData<'_>) -> AnyView {
    let t = cx.t();
    let feedback = data.feedback;
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
            let link = cx.link(&to_points(data, disposition, None));
            let text = disposition.map_or(t.list_all(), |disposition| t.disposition(disposition));
            let current = (disposition == data.disposition).then_some("true");
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

fn to_points<'a>(
    data: FeedbackData<'a>,
    disposition: Option<Disposition>,
    after: Option<&'a str>,
) -> To<'a> {
    To::FeedbackPoints {
        number: data.consultation.number,
        disposition,
        clause: data.clause,
        after,
    }
}

fn paging(cx: &PageContext, data: FeedbackData<'_>) -> Option<AnyView> {
    let to = |after| to_points(data, data.disposition, after);
    let next = data.feedback.next.as_deref();
    ui::paging(
        cx,
        next.map(|next| to(Some(next))),
        data.continued.then(|| to(None)),
    )
}

/// Says that these are the points on one clause, with the way to all.
fn on_clause(cx: &PageContext, data: FeedbackData<'_>, clause: ClauseId) -> AnyView {
    let t = cx.t();
    let changes = data.feedback.changes.iter().map(|one| &one.change);
    let changed = changes
        .filter(|change| change.to == Some(clause) || change.from == Some(clause))
        .map(|change| change.label.as_str())
        .next();
    let of = |point: &AnsweredPoint| point.clause == Some(clause);
    let about = data.feedback.points.iter().find(|point| of(point));
    let label = changed.or_else(|| about.and_then(|point| point.clause_label.as_deref()));
    let all = cx.link(&To::FeedbackPoints {
        number: data.consultation.number,
        disposition: None,
        clause: None,
        after: None,
    });
    let label = ui::clause_name(t, label.unwrap_or_default());
    view! {
        <p>
            {t.feedback_on_clause(label)} " " {ui::anchor(all, t.feedback_all_points())}
        </p>
    }
    .into_any()
}

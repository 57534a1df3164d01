//! `/desk/c/{number}/draft/{version}`: what became of the text, before everyone reads it.

use super::matches::matches;
use crate::desk::Desk;
use crate::frame::{Head, Tab, screen};
use app::page::plain;
use app::ui;
use app::ui::form::error_summary;
use domain::consultations::{Consultation, State};
use domain::drafts::{Changes, Clause, ClauseChange, ClauseKind, Draft};
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// A version, and how it was matched with the one before.
#[derive(Clone, Copy, Debug)]
pub struct PreviewData<'a> {
    pub consultation: &'a Consultation,
    pub draft: &'a Draft,
    /// The version it follows, with what changed.
    pub before: Option<(&'a Draft, &'a Changes)>,
    /// The clause whose match is to be corrected, by its place in the draft.
    pub correcting: Option<usize>,
    pub wrong: Option<&'a Violations>,
}

/// `/desk/c/{number}/draft/{version}`.
pub fn preview_page(desk: &Desk, data: PreviewData<'_>) -> String {
    let t = desk.t();
    let PreviewData {
        consultation,
        draft,
        ..
    } = data;
    let title = t.draft_version(draft.version);
    let head = Head::of(&title, consultation, Tab::Draft);
    screen(desk, &head, || {
        let number = consultation.number;
        let articles = draft
            .clauses
            .iter()
            .filter(|clause| clause.kind == ClauseKind::Article)
            .count();
        let original = format!("/c/{number}/draft/{}/original", draft.version);
        let state = match draft.published_at {
            Some(_) => t.desk_version_public(),
            None => t.desk_version_not_public(),
        };
        view! {
            <p class="back">
                <a href=desk.of(number, "/draft")>{t.desk_tab_draft()}</a>
            </p>
            <h1>{t.draft_version(draft.version)}</h1>
            <p class="under">
                {t.desk_articles_found(i64::try_from(articles).unwrap_or(0))} " " {state} " "
                <a href=original>{t.draft_original(draft.version)}</a>
            </p>
            {error_summary(t, data.wrong, |_| None)}
            {warnings(desk, draft)}
            {go_on(desk, consultation, draft)}
            {matches(desk, data)}
            <h2 id="tree">{t.desk_tree()}</h2>
            <p class="hint">{t.desk_tree_hint()}</p>
            <div class="law tree" lang=desk.page.lang_of(&consultation.unit)>
                {draft
                    .clauses
                    .iter()
                    .map(|clause| block(desk, consultation, clause))
                    .collect_view()}
            </div>
        }
    })
}

fn warnings(desk: &Desk, draft: &Draft) -> AnyView {
    let t = desk.t();
    if draft.warnings.is_empty() {
        return view! { <p class="good">{t.desk_no_warnings()}</p> }.into_any();
    }
    let lines = draft
        .warnings
        .iter()
        .map(|warning| {
            let says = t.warning(warning.kind, &plain(&warning.label));
            let line = i64::try_from(warning.line).unwrap_or(0);
            view! { <li>{says} " " <span class="hint">{t.desk_line(line)}</span></li> }
        })
        .collect_view();
    let n = i64::try_from(draft.warnings.len()).unwrap_or(0);
    view! {
        <section class="warnings" aria-labelledby="warnings">
            <h2 id="warnings">{t.desk_warnings(n)}</h2>
            <ul>{lines}</ul>
            <p>{t.desk_warnings_advice()}</p>
        </section>
    }
    .into_any()
}

fn go_on(desk: &Desk, consultation: &Consultation, draft: &Draft) -> Option<AnyView> {
    let t = desk.t();
    let possible = draft.published_at.is_none()
        && matches!(
            consultation.state,
            State::Preparing | State::Closed | State::Answered
        )
        && desk.may(consultation, Role::Approver);
    possible.then(|| {
        let href = desk.of(
            consultation.number,
            &format!("/round?version={}", draft.version),
        );
        let text = if consultation.state == State::Preparing {
            t.desk_set_round()
        } else {
            t.desk_another_round()
        };
        view! {
            <p>
                <a class="button" href=href>
                    {text}
                </a>
            </p>
        }
        .into_any()
    })
}

/// A clause as it was understood: its kind, its label, and what stands below it.
fn block(desk: &Desk, consultation: &Consultation, clause: &Clause) -> AnyView {
    let t = desk.t();
    let ours = desk.page.own_lang(&consultation.unit);
    let label = plain(&clause.label);
    let kind = clause.kind.code();
    match clause.kind {
        ClauseKind::Part | ClauseKind::Chapter | ClauseKind::Section => view! {
            <h3 class=kind dir="auto">
                <span class="kind" lang=ours>{t.clause_kind(clause.kind)}</span>
                " "
                {label}
                "\u{3000}"
                {plain(&clause.text)}
            </h3>
        }
        .into_any(),
        ClauseKind::Text => view! {
            <div class="loose">
                <span class="kind" lang=ours>{t.clause_kind(clause.kind)}</span>
                <div inner_html=domain::text::to_html(&clause.text)></div>
            </div>
        }
        .into_any(),
        _ => {
            let parts = clause.children.len();
            let parts = (parts > 0).then(|| {
                let names: Vec<String> = clause
                    .walk()
                    .into_iter()
                    .skip(1)
                    .map(|part| plain(&part.label))
                    .collect();
                view! {
                    <details>
                        <summary lang=ours>{t.desk_parts(i64::try_from(names.len()).unwrap_or(0))}</summary>
                        <p>{names.join(t.desk_comma())}</p>
                    </details>
                }
            });
            view! {
                <section aria-label=label.clone()>
                    <p class="label">
                        <span class="kind" lang=ours>{t.clause_kind(clause.kind)}</span>
                        " "
                        {label.clone()}
                    </p>
                    <div class="words" inner_html=domain::text::to_html(&clause.text)></div>
                    {parts}
                </section>
            }
            .into_any()
        }
    }
}

/// `/desk/c/{number}/changes/{a}/{b}`: the redline, with versions that are not public yet.
pub fn redline_page(
    desk: &Desk,
    consultation: &Consultation,
    changes: &Changes,
    only_changed: bool,
) -> String {
    let t = desk.t();
    let title = t.draft_changes(changes.from, changes.to);
    let head = Head::of(&title, consultation, Tab::Draft);
    screen(desk, &head, || {
        let number = consultation.number;
        let (a, b) = (changes.from, changes.to);
        let nothing = changes
            .changes
            .iter()
            .all(|change| change.kind == ClauseChange::Same);
        let filter = if only_changed {
            let href = desk.of(number, &format!("/changes/{a}/{b}"));
            view! { <a href=href>{t.draft_show_all()}</a> }
        } else {
            let href = desk.of(number, &format!("/changes/{a}/{b}?only=changed"));
            view! { <a href=href>{t.draft_show_changed()}</a> }
        };
        let body = if nothing {
            ui::inset(t.draft_nothing_changed())
        } else {
            app::drafts::redline(&desk.page, consultation, changes, only_changed)
        };
        view! {
            <p class="back">
                <a href=desk.of(number, &format!("/draft/{b}"))>{t.draft_version(b)}</a>
            </p>
            <h1>{t.draft_changes(a, b)}</h1>
            <p class="hint">{t.draft_legend()}</p>
            <p>{filter}</p>
            {body}
        }
    })
}

//! The pages of one draft version and of the changes between two.

use super::tree::{ClauseCounts, Reading, contents, text};
use crate::consultations::parts;
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page};
use crate::ui;
use domain::consultations::Consultation;
use domain::drafts::{Changes, ClauseChange, Draft};
use leptos::prelude::*;

/// One public version of the draft. Clauses can be commented on if it is the one under
/// consultation and the round is open.
pub fn version_page(
    cx: &PageContext,
    consultation: &Consultation,
    draft: &Draft,
    counts: &ClauseCounts,
) -> String {
    let t = cx.t();
    let current = consultation.current_version() == Some(draft.version);
    let title = t.draft_version_title(draft.version, &consultation.title);
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&To::Draft(consultation.number, draft.version))),
        private: false,
    };
    page(cx, &head, || {
        let zone = time::zone(&consultation.unit.zone);
        let reading = Reading {
            cx,
            consultation,
            counts,
            current,
            open: current && consultation.is_open(),
        };
        let status = if current {
            t.draft_is_current()
        } else {
            t.draft_is_other()
        };
        let published = draft
            .published_at
            .map(|at| view! { <p>{t.draft_published_on()} " " {ui::instant(t, at, &zone)}</p> });
        view! {
            {parts::part_heading(cx, consultation, t.draft_version(draft.version))}
            {parts::answered(cx, consultation)}
            {ui::inset(view! { <p>{status}</p> {published} })}
            {parts::versions(cx, consultation)}
            <h2 class="vh">{t.part_draft()}</h2>
            <div class="reader">
                {contents(cx, consultation, draft)}
                {text(reading, draft)}
            </div>
            <p class="hint noprint">{t.page_print()}</p>
        }
    })
}

/// What changed from one version to another.
pub fn changes_page(
    cx: &PageContext,
    consultation: &Consultation,
    changes: &Changes,
    only_changed: bool,
) -> String {
    let t = cx.t();
    let title = t.draft_changes_title(&consultation.title);
    let here = |only_changed| To::Changes {
        number: consultation.number,
        from: changes.from,
        to: changes.to,
        only_changed,
    };
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&here(false))),
        private: false,
    };
    let changed = changes
        .changes
        .iter()
        .filter(|change| change.kind != ClauseChange::Same)
        .count();
    page(cx, &head, || {
        let kinds = ClauseChange::ALL
            .iter()
            .map(|kind| {
                let n = changes.changes.iter().filter(|c| c.kind == *kind).count();
                ui::numbers::Part::new(t.clause_change(*kind), i64::try_from(n).unwrap_or(0))
            })
            .collect();
        let filter = if only_changed {
            ui::anchor(cx.link(&here(false)), t.draft_show_all())
        } else {
            ui::anchor(cx.link(&here(true)), t.draft_show_changed())
        };
        let body = if changed == 0 {
            ui::inset(t.draft_nothing_changed())
        } else {
            super::redline(cx, consultation, changes, only_changed)
        };
        view! {
            {parts::part_heading(
                cx,
                consultation,
                t.draft_changes(changes.from, changes.to),
            )}
            {parts::answered(cx, consultation)}
            {ui::numbers::numbers_bar(t, t.draft_clauses_compared(), kinds)}
            <p class="hint">{t.draft_legend()}</p>
            <p class="noprint">{filter}</p>
            <h2 class="vh">{t.part_draft()}</h2>
            {body}
        }
    })
}

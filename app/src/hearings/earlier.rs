//! What a notice, its papers and its report said before they were changed: nothing that was published
//! vanishes.

use super::outcome::paper_list;
use crate::i18n::time;
use crate::page::PageContext;
use crate::ui;
use domain::hearings::{EarlierNotice, Hearing};
use leptos::prelude::*;

/// When the notice was changed, and which day and place it named until then. The newest change first.
pub(super) fn notices(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    let notices = &hearing.earlier.notices;
    if notices.is_empty() {
        return None;
    }
    let t = cx.t();
    let items = notices.iter().enumerate().rev().map(|(index, before)| {
        let next = notices.get(index + 1);
        notice(cx, hearing, before, next)
    });
    Some(
        view! {
            <section id="earlier">
                <h2>{t.earlier_notices()}</h2>
                {items.collect_view()}
            </section>
        }
        .into_any(),
    )
}

fn notice(
    cx: &PageContext,
    hearing: &Hearing,
    before: &EarlierNotice,
    next: Option<&EarlierNotice>,
) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let now = &hearing.notice;
    let after = match next {
        Some(next) => (next.starts_at, next.ends_at, &next.place, next.attendance),
        None => (now.starts_at, now.ends_at, &now.place, now.attendance),
    };
    let same = after
        == (
            before.starts_at,
            before.ends_at,
            &before.place,
            before.attendance,
        );
    let at = t.instant(before.replaced_at, &zone);
    if same {
        return view! { <p>{t.earlier_details(at)}</p> }.into_any();
    }
    let open = || view! { <p>{t.hearing_to_be_announced()}</p> }.into_any();
    let when = before.starts_at.map_or_else(open, |starts| {
        let ends = before
            .ends_at
            .map(|ends| view! { " " {t.fact_to()} " " {ui::instant(t, ends, &zone)} });
        view! {
            <p>
                {ui::instant(t, starts, &zone)}
                {ends}
            </p>
        }
        .into_any()
    });
    let place = before
        .place
        .as_deref()
        .map_or_else(open, |place| ui::prose_in(cx.lang_of(&hearing.unit), place));
    view! {
        <p>{t.earlier_notice(at)}</p>
        <dl class="facts">
            <dt>{t.hearing_when()}</dt>
            <dd>{when}</dd>
            <dt>{t.hearing_place()}</dt>
            <dd>{place} <p class="hint">{t.attendance(before.attendance)}</p></dd>
        </dl>
    }
    .into_any()
}

/// The lists of papers that stood before, folded away.
pub(super) fn papers(cx: &PageContext, hearing: &Hearing) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let before = hearing.earlier.papers.iter().rev();
    before
        .map(|before| {
            let at = t.instant(before.replaced_at, &zone);
            view! {
                <details class="fold">
                    <summary>{t.earlier_papers(at)}</summary>
                    {paper_list(cx, hearing, &before.papers)}
                </details>
            }
        })
        .collect_view()
        .into_any()
}

/// The reports that stood before, folded away.
pub(super) fn reports(cx: &PageContext, hearing: &Hearing) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let before = hearing.earlier.reports.iter().rev();
    before
        .map(|before| {
            let at = t.instant(before.replaced_at, &zone);
            view! {
                <details class="fold">
                    <summary>{t.earlier_report(at)}</summary>
                    {ui::rendered_in(cx.lang_of(&hearing.unit), &before.report_html)}
                </details>
            }
        })
        .collect_view()
        .into_any()
}

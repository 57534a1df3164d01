//! The redline: clause by clause, inserted and deleted words inside the sentence. Colour is never
//! the only sign: insertions are underlined, deletions struck through, and both are announced.

use crate::i18n::T;
use crate::page::{PageContext, clause_anchor, plain};
use crate::ui::clause_name;
use domain::consultations::Consultation;
use domain::drafts::{Change, Changes, ClauseChange, Inline, InlineOp};
use leptos::prelude::*;

/// All changes, or only those that change something.
pub fn redline(
    cx: &PageContext,
    consultation: &Consultation,
    changes: &Changes,
    only_changed: bool,
) -> AnyView {
    let lang = || cx.lang_of(&consultation.unit);
    let mut path: &[String] = &[];
    let mut out = Vec::new();
    for change in &changes.changes {
        if only_changed && change.kind == ClauseChange::Same {
            continue;
        }
        if change.path != path {
            path = &change.path;
            if let Some(heading) = path.last() {
                out.push(view! { <h3 dir="auto" lang=lang()>{plain(heading)}</h3> }.into_any());
            }
        }
        out.push(hunk(cx, consultation, change, !path.is_empty(), None));
    }
    view! { <div class="redline">{out}</div> }.into_any()
}

/// One changed clause, with what stands under it.
/// Under the heading of a chapter it is one level lower.
pub fn hunk(
    cx: &PageContext,
    consultation: &Consultation,
    change: &Change,
    under_chapter: bool,
    below: Option<AnyView>,
) -> AnyView {
    let t = cx.t();
    let label = clause_name(t, &change.label);
    // The old number matters where it differs: "formerly article 7".
    let formerly = change
        .from_label
        .as_ref()
        .filter(|from| change.to_label.as_ref().is_some_and(|to| to != *from))
        .map(|from| view! { <span class="was">{t.draft_formerly(plain(from))}</span> });
    let id = change.to.or(change.from).map(clause_anchor);
    let badge = (change.kind != ClauseChange::Same).then(|| {
        view! { <strong class=format!("tag {}", change.kind)>{t.clause_change(change.kind)}</strong> }
    });
    let heading = view! { {label} " " {badge} " " {formerly} };
    let heading = if under_chapter {
        view! { <h4>{heading}</h4> }.into_any()
    } else {
        view! { <h3>{heading}</h3> }.into_any()
    };
    view! {
        <section class="hunk" id=id>
            {heading}
            <div class="words" dir="auto" lang=cx.lang_of(&consultation.unit)>
                {inline(t, &change.inline)}
            </div>
            {below}
        </section>
    }
    .into_any()
}

/// The words. Line breaks are kept by the style sheet.
pub fn inline(t: T, runs: &[Inline]) -> Vec<AnyView> {
    runs.iter()
        .map(|run| {
            let text = plain(&run.text);
            match run.op {
                InlineOp::Equal => text.into_any(),
                InlineOp::Insert => view! {
                    <ins>
                        <span class="vh">{t.draft_inserted()}</span>
                        {text}
                        <span class="vh">{t.draft_insert_end()}</span>
                    </ins>
                }
                .into_any(),
                InlineOp::Delete => view! {
                    <del>
                        <span class="vh">{t.draft_deleted()}</span>
                        {text}
                        <span class="vh">{t.draft_delete_end()}</span>
                    </del>
                }
                .into_any(),
            }
        })
        .collect()
}

//! The answer to one point: the form of it, as it was given or as it was typed.

use super::PointsData;
use crate::desk::Desk;
use crate::fields::{clause_name, suggested};
use app::i18n::T;
use app::page::plain;
use app::ui;
use app::ui::form::{Choice, Field, Group, error_for, hidden, select, textarea};
use domain::comments::OwnPoint;
use domain::feedback::{Disposition, Response};
use domain::id::PointId;
use domain::limits;
use leptos::prelude::*;

/// The list of clauses that a change can be in.
pub(super) const CLAUSES: &str = "clauses";

/// An answer as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerForm {
    /// A code, or empty.
    pub disposition: String,
    pub reason: String,
    /// The label or id of the clause of the new version.
    pub change: String,
}

impl AnswerForm {
    /// The form of an answer that was given.
    pub fn of(response: &Response) -> Self {
        Self {
            disposition: response.disposition.code().into(),
            reason: response.reason.clone().unwrap_or_default(),
            change: response.change_label.clone().unwrap_or_default(),
        }
    }

    /// What a form shows: without a new version there is no field for the change.
    pub fn shown(mut self, has_change: bool) -> Self {
        if !has_change {
            self.change.clear();
        }
        self
    }

    /// A mark of the answer as it was shown (FNV-1a), so that a form tells what was typed in it
    /// from what somebody else has answered meanwhile.
    pub fn mark(&self) -> String {
        let parts = [&self.disposition, &self.reason, &self.change];
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
        let mark = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| {
            (mark ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        format!("{mark:016x}")
    }
}

/// The name of a field of a point's answer: the point's id and the field's name in the API.
pub fn answer_field(point: PointId, field: &str) -> String {
    format!("{point}.{field}")
}

/// An answer that cannot be changed any more, or not by this person.
pub(super) fn given(desk: &Desk, response: &Response) -> AnyView {
    let t = desk.t();
    let change = response
        .change_label
        .as_deref()
        .map(|label| view! { <p>{t.desk_changed_in(plain(label))}</p> });
    view! {
        <div class="given">
            <strong class=format!(
                "tag {}",
                response.disposition,
            )>{t.disposition(response.disposition)}</strong>
            {response.reason.as_deref().map(ui::prose)}
            {change}
        </div>
    }
    .into_any()
}

/// The form. Where a colleague answered meanwhile, that answer stands beside what was typed.
pub(super) fn answer(desk: &Desk, data: PointsData<'_>, point: &OwnPoint, needs: bool) -> AnyView {
    let t = desk.t();
    let stored = point.response.as_ref().map(AnswerForm::of);
    let stored = stored.unwrap_or_default().shown(data.new_draft.is_some());
    let was = hidden(&answer_field(point.id, "was"), &stored.mark());
    let form = data.typed.get(&point.id).cloned().unwrap_or(stored);
    let field = |name: &str, label: &str, hint: Option<String>, value| {
        let name = answer_field(point.id, name);
        Field {
            error: error_for(t, data.wrong, &name),
            name,
            label: label.to_owned(),
            hint,
            value,
        }
    };
    let disposition = field("disposition", t.desk_disposition(), None, &form.disposition);
    let reason = field(
        "reason",
        t.desk_answer_reason(),
        Some(t.desk_answer_reason_hint().into()),
        &form.reason,
    );
    let change = data.new_draft.map(|draft| {
        let now = draft
            .all_clauses()
            .find(|clause| Some(clause.id) == point.clause)
            .map(|clause| t.desk_change_now(clause_name(t, clause)));
        let field = field("change.clause", t.desk_change_clause(), now, &form.change);
        suggested(&field, CLAUSES)
    });
    let standing = match (&point.response, needs) {
        (Some(_), _) => view! { <strong class="tag did">{t.desk_answered()}</strong> }.into_any(),
        (None, true) => view! { <strong class="tag now">{t.desk_unanswered()}</strong> }.into_any(),
        (None, false) => view! { <span class="hint">{t.desk_no_answer_needed()}</span> }.into_any(),
    };
    let clashes = data.clashed.contains(&point.id);
    let colleague = point.response.as_ref().filter(|_| clashes).map(|response| {
        ui::inset(view! {
            <p>{t.desk_colleague_answered()}</p>
            {given(desk, response)}
        })
    });
    view! {
        <div class="answer">
            <p>{standing}</p>
            {colleague}
            {was}
            {select(&disposition, &dispositions(desk))}
            {textarea(&reason, 3, limits::REASON)}
            {change}
            <button class="quiet">{t.desk_save()}</button>
        </div>
    }
    .into_any()
}

/// Those that need or gain by a public reason stand apart and are marked.
fn dispositions(desk: &Desk) -> Vec<Group> {
    let t = desk.t();
    let group =
        |heading: &str, belongs: fn(Disposition) -> bool, mark: fn(T, &str) -> String| Group {
            heading: heading.into(),
            choices: Disposition::ALL
                .iter()
                .filter(|one| belongs(**one))
                .map(|one| Choice {
                    value: one.code().into(),
                    text: mark(t, t.disposition(*one)),
                })
                .collect(),
        };
    let neither = |one: Disposition| !one.needs_reason() && !one.gains_by_reason();
    vec![
        Group {
            heading: String::new(),
            choices: vec![Choice {
                value: String::new(),
                text: t.desk_choose().into(),
            }],
        },
        group(t.desk_without_reason(), neither, |_, name| name.into()),
        group(
            t.desk_with_advised_reason(),
            Disposition::gains_by_reason,
            |t, name| t.desk_advises_reason(name),
        ),
        group(
            t.desk_with_reason(),
            Disposition::needs_reason,
            |t, name| t.desk_needs_reason(name),
        ),
    ]
}

//! How each clause was matched with the version before: doubtful ones first, with a form to put
//! them right until the version is published.

use super::preview::PreviewData;
use crate::desk::Desk;
use crate::fields::{clause_name, form, submit, table};
use app::page::plain;
use app::ui;
use app::ui::form::{Choice, Field, Group, error_for, select};
use domain::drafts::align::DOUBTFUL;
use domain::drafts::{Change, ClauseChange, Draft};
use domain::id::ClauseId;
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;
use std::collections::HashMap;

/// Doubtful matches that get their list of choices at once; a list for each of some hundred
/// clauses would make the page too heavy.
const OPEN_AT_ONCE: usize = 12;

/// The name of the field in which the clause at this place of the draft gets its counterpart: the
/// id of a clause of the version before, or `new`.
pub fn counterpart_field(place: usize) -> String {
    format!("counterpart.{place}")
}

fn is_doubtful(change: &Change) -> bool {
    change.to.is_some() && change.confidence < DOUBTFUL
}

/// The list, and the redline to read beside it.
pub(super) fn matches(desk: &Desk, data: PreviewData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let (old, changes) = data.before?;
    let correctable =
        data.draft.published_at.is_none() && desk.may(data.consultation, Role::Editor);
    let mut places: HashMap<ClauseId, usize> = HashMap::new();
    for (place, clause) in data.draft.clauses.iter().enumerate() {
        places.insert(clause.id, place);
    }
    let mut rows: Vec<&Change> = changes.changes.iter().collect();
    // Stable: within each group the order of the text stays.
    rows.sort_by_key(|change| (!is_doubtful(change), change.kind == ClauseChange::Same));
    let doubtful = rows.iter().filter(|change| is_doubtful(change)).count();
    let mut open = 0;
    let lines = rows
        .into_iter()
        .map(|change| {
            let place = change.to.and_then(|id| places.get(&id).copied());
            let place = place.filter(|_| correctable);
            let asked = place.is_some() && place == data.correcting;
            let at_once = is_doubtful(change) && open < OPEN_AT_ONCE;
            open += usize::from(at_once);
            let choice = place.map(|place| {
                if asked || at_once {
                    choose(desk, old, change, place, data.wrong)
                } else {
                    correct_link(desk, data, place)
                }
            });
            line(desk, change, place, choice)
        })
        .collect_view();
    let heads = [
        t.desk_col_change(),
        t.desk_col_new_clause(),
        t.desk_col_old_clause(),
        t.desk_col_certainty(),
        t.desk_col_correct(),
    ];
    let label = t.desk_matches(changes.from);
    let heads: Vec<String> = heads.map(Into::into).to_vec();
    let body = table(label.clone(), heads, lines);
    let number = data.consultation.number;
    let version = data.draft.version;
    let body = if correctable && (open > 0 || data.correcting.is_some()) {
        form(
            desk.of(number, &format!("/draft/{version}")),
            view! { {body} {submit(t.desk_save_matches())} },
        )
    } else {
        body
    };
    let redline = desk.of(
        number,
        &format!("/changes/{}/{version}?only=changed", changes.from),
    );
    let says = match i64::try_from(doubtful).unwrap_or(0) {
        _ if !correctable => String::new(),
        0 => t.desk_no_doubts().to_owned(),
        n => t.desk_doubts(n),
    };
    let unfolded = correctable && (doubtful > 0 || data.correcting.is_some());
    Some(
        view! {
            <h2 id="matches">{label}</h2>
            <p>{says} " " <a href=redline>{t.draft_changes(changes.from, version)}</a></p>
            <details open=unfolded>
                <summary>{t.desk_all_matches()}</summary>
                {body}
            </details>
        }
        .into_any(),
    )
}

fn line(desk: &Desk, change: &Change, place: Option<usize>, choice: Option<AnyView>) -> AnyView {
    let t = desk.t();
    let name = |label: &Option<String>| match label.as_deref() {
        Some(label) => ui::clause_name(t, label),
        None => t.desk_none().into(),
    };
    let doubtful = is_doubtful(change);
    let certainty = change.to.is_some().then(|| {
        let word = if doubtful {
            t.desk_doubtful()
        } else {
            t.desk_certain()
        };
        view! { {word} " " {format!("{}%", change.confidence)} }
    });
    let text: String = change
        .inline
        .iter()
        .filter(|run| run.op != domain::drafts::InlineOp::Delete)
        .flat_map(|run| run.text.chars())
        .take(40)
        .collect();
    view! {
        <tr id=place.map(|place| format!("match-{place}")) class=doubtful.then_some("doubtful")>
            <td>
                <strong class=format!("tag {}", change.kind)>{t.clause_change(change.kind)}</strong>
            </td>
            <td dir="auto">
                {name(&change.to_label)} " " <span class="hint">{plain(&text)}</span>
            </td>
            <td dir="auto">{name(&change.from_label)}</td>
            <td>{certainty}</td>
            <td>{choice}</td>
        </tr>
    }
    .into_any()
}

fn correct_link(desk: &Desk, data: PreviewData<'_>, place: usize) -> AnyView {
    let t = desk.t();
    let href = desk.of(
        data.consultation.number,
        &format!(
            "/draft/{}?correct={place}#match-{place}",
            data.draft.version
        ),
    );
    let of = data
        .draft
        .clauses
        .get(place)
        .map(|clause| clause_name(t, clause))
        .unwrap_or_default();
    view! {
        <a href=href>
            {t.desk_correct()}
            <span class="vh">{of}</span>
        </a>
    }
    .into_any()
}

fn choose(
    desk: &Desk,
    old: &Draft,
    change: &Change,
    place: usize,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = desk.t();
    let heading = old
        .clauses
        .iter()
        .find(|clause| Some(clause.id) == change.from)
        .is_some_and(|clause| clause.kind.is_heading());
    let mut choices = vec![Choice {
        value: "new".into(),
        text: t.desk_match_new().into(),
    }];
    choices.extend(
        old.clauses
            .iter()
            .filter(|clause| change.from.is_none() || clause.kind.is_heading() == heading)
            .map(|clause| Choice {
                value: clause.id.to_string(),
                text: clause_name(t, clause),
            }),
    );
    let name = counterpart_field(place);
    let value = change
        .from
        .map_or_else(|| "new".into(), |id| id.to_string());
    let field = Field {
        error: error_for(t, wrong, &name),
        name,
        label: t.desk_match_is(plain(&change.label)),
        hint: None,
        value: &value,
    };
    select(
        &field,
        &[Group {
            heading: String::new(),
            choices,
        }],
    )
}

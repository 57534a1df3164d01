//! Which points stand behind which change of the text.

use domain::drafts::{Change, Clause, ClauseChange};
use domain::feedback::{AnsweredPoint, ChangeBecause};
use domain::id::{ClauseId, PointId};
use std::collections::HashMap;

/// The standing clause to which each clause, paragraph or item belongs, in both versions.
pub(super) struct Places {
    old: HashMap<ClauseId, ClauseId>,
    new: HashMap<ClauseId, ClauseId>,
}

impl Places {
    pub fn new(old: &[Clause], new: &[Clause]) -> Self {
        Self {
            old: standing(old),
            new: standing(new),
        }
    }
}

fn standing(clauses: &[Clause]) -> HashMap<ClauseId, ClauseId> {
    clauses
        .iter()
        .flat_map(|clause| clause.walk().into_iter().map(|part| (part.id, clause.id)))
        .collect()
}

/// The changes that adopted points led to, in the order of the text. A point led to the change of
/// the clause that its response names, or else to that of the clause it was about. Points whose
/// clause lives on under another identity learn its new label.
pub(super) fn because(
    places: &Places,
    changes: &[Change],
    points: &mut [AnsweredPoint],
) -> Vec<ChangeBecause> {
    let mut to: HashMap<ClauseId, Vec<usize>> = HashMap::new();
    let mut from: HashMap<ClauseId, Vec<usize>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Some(id) = change.to {
            to.entry(id).or_default().push(at);
        }
        if let Some(id) = change.from {
            from.entry(id).or_default().push(at);
        }
    }
    let of_new = |id: ClauseId| places.new.get(&id).and_then(|whole| to.get(whole));
    let of_old = |id: ClauseId| places.old.get(&id).and_then(|whole| from.get(whole));
    let mut behind: Vec<Vec<PointId>> = vec![Vec::new(); changes.len()];
    for point in points {
        let own = point
            .clause
            .and_then(|id| of_old(id).or_else(|| of_new(id)));
        if point.new_clause_label.is_none() {
            let first = own.and_then(|found| found.first());
            point.new_clause_label = first.and_then(|at| changes[*at].to_label.clone());
        }
        if !point.response.disposition.changes_text() {
            continue;
        }
        let named = point
            .response
            .change
            .and_then(|id| of_new(id).or_else(|| of_old(id)));
        for at in named.or(own).into_iter().flatten() {
            if changes[*at].kind != ClauseChange::Same {
                behind[*at].push(point.id);
            }
        }
    }
    changes
        .iter()
        .zip(behind)
        .filter(|(_, points)| !points.is_empty())
        .map(|(change, points)| ChangeBecause {
            change: change.clone(),
            points,
        })
        .collect()
}

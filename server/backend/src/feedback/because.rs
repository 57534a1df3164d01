//! Which points stand behind which change of the text.

use super::points::{Adopted, behind_at_most};
use domain::drafts::{Change, Clause, ClauseChange};
use domain::feedback::{AnsweredPoint, ChangeBecause};
use domain::id::ClauseId;
use sqlx::types::Uuid;
use std::collections::HashMap;
use std::sync::Arc;

/// What changed from one version to another, and to which change each clause, paragraph or item
/// of both belongs.
#[derive(Debug)]
pub(crate) struct Redline {
    changes: Arc<Vec<Change>>,
    /// The standing clause of each part.
    old: HashMap<ClauseId, ClauseId>,
    new: HashMap<ClauseId, ClauseId>,
    /// The changes by the standing clause that they lead from and to.
    from: HashMap<ClauseId, Vec<usize>>,
    to: HashMap<ClauseId, Vec<usize>>,
    /// The labels of the new version.
    pub labels: HashMap<ClauseId, String>,
}

fn standing(clauses: &[Clause]) -> HashMap<ClauseId, ClauseId> {
    clauses
        .iter()
        .flat_map(|clause| clause.walk().into_iter().map(|part| (part.id, clause.id)))
        .collect()
}

/// The clauses of two versions, before what changed between them is known.
pub(super) struct Places {
    old: HashMap<ClauseId, ClauseId>,
    new: HashMap<ClauseId, ClauseId>,
    labels: HashMap<ClauseId, String>,
}

impl Places {
    pub fn new(old: &[Clause], new: &[Clause]) -> Self {
        let all = new.iter().flat_map(Clause::walk);
        Self {
            old: standing(old),
            new: standing(new),
            labels: all
                .map(|clause| (clause.id, clause.label.clone()))
                .collect(),
        }
    }

    pub fn with(self, changes: Arc<Vec<Change>>) -> Redline {
        let mut from: HashMap<ClauseId, Vec<usize>> = HashMap::new();
        let mut to: HashMap<ClauseId, Vec<usize>> = HashMap::new();
        for (at, change) in changes.iter().enumerate() {
            if let Some(id) = change.from {
                from.entry(id).or_default().push(at);
            }
            if let Some(id) = change.to {
                to.entry(id).or_default().push(at);
            }
        }
        Redline {
            changes,
            old: self.old,
            new: self.new,
            from,
            to,
            labels: self.labels,
        }
    }
}

impl Redline {
    fn of_new(&self, id: ClauseId) -> Option<&[usize]> {
        let whole = self.new.get(&id)?;
        self.to.get(whole).map(Vec::as_slice)
    }

    fn of_old(&self, id: ClauseId) -> Option<&[usize]> {
        let whole = self.old.get(&id)?;
        self.from.get(whole).map(Vec::as_slice)
    }

    /// What became of the clause that a point was about.
    fn own(&self, clause: Option<ClauseId>) -> &[usize] {
        let found = clause.and_then(|id| self.of_old(id).or_else(|| self.of_new(id)));
        found.unwrap_or_default()
    }

    /// The changes that an adopted point led to: that of the clause which its response names, or
    /// else that of the clause it was about.
    fn led_to(&self, clause: Option<ClauseId>, change: Option<ClauseId>) -> Vec<usize> {
        let named = change.and_then(|id| self.of_new(id).or_else(|| self.of_old(id)));
        let all = named.unwrap_or_else(|| self.own(clause)).iter().copied();
        all.filter(|at| self.changes[*at].kind != ClauseChange::Same)
            .collect()
    }

    /// Gives points whose clause lives on under another identity its new label.
    pub fn label(&self, points: &mut [AnsweredPoint]) {
        for point in points {
            if point.new_clause_label.is_none() {
                let first = self.own(point.clause).first();
                point.new_clause_label = first.and_then(|at| self.changes[*at].to_label.clone());
            }
        }
    }

    /// Whether a clause stands by itself in one of the versions: is no part of another.
    pub fn stands(&self, clause: ClauseId) -> bool {
        let itself = |of: &HashMap<ClauseId, ClauseId>| of.get(&clause) == Some(&clause);
        itself(&self.old) || itself(&self.new)
    }

    /// The clauses with their parts, in both versions, that the changes of this standing clause
    /// concern.
    pub fn concerned(&self, clause: ClauseId) -> Vec<Uuid> {
        let changes = self.of_new(clause).into_iter().chain(self.of_old(clause));
        let whole = |of: &HashMap<ClauseId, ClauseId>| of.get(&clause).copied();
        let mut wholes: Vec<ClauseId> = whole(&self.old).into_iter().collect();
        wholes.extend(whole(&self.new));
        for at in changes.flatten() {
            wholes.extend(self.changes[*at].from);
            wholes.extend(self.changes[*at].to);
        }
        let parts = self.old.iter().chain(&self.new);
        let mut ids: Vec<Uuid> = parts
            .filter(|(_, whole)| wholes.contains(whole))
            .map(|(part, _)| part.0)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The changes that adopted points led to, in the order of the text, each with its first
    /// points. `first` holds the first points of every group; those that no change names are
    /// taken out of it.
    pub fn because(
        &self,
        groups: &[Adopted],
        first: &mut Vec<AnsweredPoint>,
    ) -> Vec<ChangeBecause> {
        let mut totals = vec![0; self.changes.len()];
        for group in groups {
            for at in self.led_to(group.clause, group.change) {
                totals[at] += group.total;
            }
        }
        let mut behind = vec![Vec::new(); self.changes.len()];
        first.retain(|point| {
            let mut named = false;
            for at in self.led_to(point.clause, point.response.change) {
                if behind[at].len() < behind_at_most() {
                    behind[at].push(point.id);
                    named = true;
                }
            }
            named
        });
        self.changes
            .iter()
            .zip(totals)
            .zip(behind)
            .filter(|((_, total), _)| *total > 0)
            .map(|((change, total), points)| ChangeBecause {
                change: change.clone(),
                points,
                total,
            })
            .collect()
    }

    /// How many changes adopted points led to, and how many points led to none; `first` keeps
    /// those that did not.
    pub fn without(&self, groups: &[Adopted], first: &mut Vec<AnsweredPoint>) -> (i64, i64) {
        let mut led_to: Vec<usize> = Vec::new();
        let mut unshown = 0;
        for group in groups {
            let changes = self.led_to(group.clause, group.change);
            if changes.is_empty() {
                unshown += group.total;
            }
            led_to.extend(changes);
        }
        led_to.sort_unstable();
        led_to.dedup();
        first.retain(|point| self.led_to(point.clause, point.response.change).is_empty());
        (i64::try_from(led_to.len()).unwrap_or(i64::MAX), unshown)
    }
}

//! Where a clause of one version stands in another: what was said of it is shown there.

use super::Link;
use crate::drafts::Clause;
use crate::id::ClauseId;
use std::collections::{HashMap, HashSet};

/// For each clause of a version, with paragraphs and items, the clauses of the other version in
/// which it stands, in the order of that version: several if it was split, none if it was removed.
pub type Trace = HashMap<ClauseId, Vec<ClauseId>>;

/// Follows every clause from one version to another. A paragraph or item that does not live on
/// stands where its article does.
pub fn trace(from: &[Clause], to: &[Clause], links: &[Link]) -> Trace {
    let standing: HashSet<ClauseId> = to.iter().flat_map(Clause::walk).map(|c| c.id).collect();
    let places: HashMap<ClauseId, usize> = to.iter().map(|c| c.id).zip(0..).collect();
    let mut onward: HashMap<ClauseId, Vec<ClauseId>> = HashMap::new();
    for link in links {
        if places.contains_key(&link.new) {
            onward.entry(link.old).or_default().push(link.new);
        }
    }
    let mut trace = Trace::new();
    for clause in from {
        let mut whole = onward.remove(&clause.id).unwrap_or_default();
        whole.sort_unstable_by_key(|id| places[id]);
        whole.dedup();
        for part in clause.walk().into_iter().skip(1) {
            let lives_on = standing.contains(&part.id);
            let stands = if lives_on {
                vec![part.id]
            } else {
                whole.clone()
            };
            trace.insert(part.id, stands);
        }
        trace.insert(clause.id, whole);
    }
    trace
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drafts::{ClauseChange, ClauseKind};
    use uuid::Uuid;

    fn id(n: u128) -> ClauseId {
        ClauseId(Uuid::from_u128(n))
    }

    fn article(n: u128, items: &[u128]) -> Clause {
        let clause = |n, kind, children| Clause {
            id: id(n),
            kind,
            label: n.to_string(),
            path: vec![],
            text: String::new(),
            children,
        };
        let items = items.iter().map(|n| clause(*n, ClauseKind::Item, vec![]));
        clause(n, ClauseKind::Article, items.collect())
    }

    fn link(old: u128, new: u128, kind: ClauseChange) -> Link {
        Link {
            old: id(old),
            new: id(new),
            kind,
            confidence: 100,
        }
    }

    #[test]
    fn what_was_merged_split_moved_or_removed_is_found_where_it_went() {
        use ClauseChange::{Merged, Moved, Split};
        let old = [
            article(1, &[11, 12]),
            article(2, &[]),
            article(3, &[31, 32]),
            article(4, &[]),
            article(5, &[51]),
        ];
        // 2 went into 1 with item 11; 3 became 3 and 6; 4 went to the front; 5 is gone.
        let new = [
            article(4, &[]),
            article(1, &[11]),
            article(3, &[31]),
            article(6, &[]),
        ];
        let links = [
            link(4, 4, Moved),
            link(1, 1, Merged),
            link(2, 1, Merged),
            link(3, 6, Split),
            link(3, 3, Split),
        ];
        let trace = trace(&old, &new, &links);
        let at = |n| trace[&id(n)].clone();
        assert_eq!(at(2), [id(1)]);
        assert_eq!(at(11), [id(11)]);
        assert_eq!(
            at(12),
            [id(1)],
            "an item that is gone stands in its article"
        );
        assert_eq!(at(3), [id(3), id(6)]);
        assert_eq!(at(32), [id(3), id(6)]);
        assert_eq!(at(4), [id(4)]);
        assert_eq!((at(5), at(51)), (vec![], vec![]));
        assert_eq!(trace.len(), 10);
    }
}

//! What is stored of an alignment: one row for each clause of a version and its predecessor in
//! the version before. What has no row was added or removed.

use super::shingles::Corpus;
use super::{Aligned, Alignment, Side, Tie, kinds, same_words};
use crate::drafts::{Clause, ClauseChange};
use crate::id::ClauseId;
use std::collections::HashMap;

/// `new` is what became of `old`, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub old: ClauseId,
    pub new: ClauseId,
    /// For lists and filters. [`super::changes`] finds it anew from the texts.
    pub kind: ClauseChange,
    /// 0 to 100; 100 where staff decided.
    pub confidence: u8,
}

/// All links of a version, in its order.
pub type Links = Vec<Link>;

/// The links of an alignment, once the new clauses have their identities.
pub fn links(old: &[Clause], new: &[Clause], alignment: &Alignment) -> Links {
    let mut links: Vec<(usize, usize, Link)> = Vec::new();
    for found in &alignment.matches {
        for from in &found.old {
            for to in &found.new {
                let (kind, confidence) = (found.kind, found.confidence);
                let link = Link {
                    old: old[*from].id,
                    new: new[*to].id,
                    kind,
                    confidence,
                };
                links.push((*to, *from, link));
            }
        }
    }
    links.sort_by_key(|(to, from, _)| (*to, *from));
    links.into_iter().map(|(.., link)| link).collect()
}

/// Staff say that the new clause is this old one and no other, or (`None`) that it is new.
///
/// Ids are not touched: give an unpublished version its identities with [`super::carry_links`].
pub fn correct(
    mut links: Links,
    old: &[Clause],
    new: &[Clause],
    new_id: ClauseId,
    old_id: Option<ClauseId>,
) -> Links {
    links.retain(|link| link.new != new_id && Some(link.old) != old_id);
    if let Some(old) = old_id {
        links.push(Link {
            old,
            new: new_id,
            kind: ClauseChange::Same,
            confidence: 100,
        });
    }
    rekinded(&links, old, new)
}

/// `links` with their kinds found anew, sorted by the order of the new version. A link to a clause
/// that does not stand in its version is left out.
pub(super) fn rekinded(links: &[Link], old: &[Clause], new: &[Clause]) -> Links {
    let places = |clauses: &[Clause]| -> HashMap<ClauseId, usize> {
        clauses
            .iter()
            .enumerate()
            .map(|(at, clause)| (clause.id, at))
            .collect()
    };
    let (of_old, of_new) = (places(old), places(new));
    let mut ties: Vec<Tie> = links
        .iter()
        .filter_map(|link| {
            let (old, new) = (*of_old.get(&link.old)?, *of_new.get(&link.new)?);
            Some(Tie {
                old,
                new,
                confidence: link.confidence,
            })
        })
        .collect();
    ties.sort_unstable_by_key(|tie| (tie.new, tie.old, u8::MAX - tie.confidence));
    ties.dedup_by_key(|tie| (tie.new, tie.old));
    let kinds = kinds(&Side::new(old), &Side::new(new), &ties);
    ties.iter()
        .zip(kinds)
        .map(|(tie, kind)| Link {
            old: old[tie.old].id,
            new: new[tie.new].id,
            kind,
            confidence: tie.confidence,
        })
        .collect()
}

/// The links between two versions that have one between them. Their kinds are those of the weaker
/// step until [`super::changes`] finds them from the texts.
pub fn compose(a_to_b: &[Link], b_to_c: &[Link]) -> Links {
    let mut onward: HashMap<ClauseId, Vec<&Link>> = HashMap::new();
    for link in b_to_c {
        onward.entry(link.old).or_default().push(link);
    }
    let mut composed: Vec<Link> = Vec::new();
    let mut seen: HashMap<(ClauseId, ClauseId), usize> = HashMap::new();
    for first in a_to_b {
        for second in onward.get(&first.new).into_iter().flatten() {
            let confidence = first.confidence.min(second.confidence);
            let kind = both(first.kind, second.kind);
            let link = Link {
                old: first.old,
                new: second.new,
                kind,
                confidence,
            };
            // Split and merged again: the surer way counts.
            match seen.get(&(link.old, link.new)) {
                Some(at) if composed[*at].confidence < confidence => composed[*at] = link,
                Some(_) => {}
                None => {
                    seen.insert((link.old, link.new), composed.len());
                    composed.push(link);
                }
            }
        }
    }
    composed
}

fn both(first: ClauseChange, second: ClauseChange) -> ClauseChange {
    use ClauseChange::{Merged, Moved, MovedReworded, Reworded, Same, Split};
    match (first, second) {
        (Same, kind) | (kind, Same) => kind,
        (Split, _) | (_, Split) => Split,
        (Merged, _) | (_, Merged) => Merged,
        (Moved, Moved) => Moved,
        (Reworded, Reworded) => Reworded,
        _ => MovedReworded,
    }
}

/// Of the pairs (old, new), the likest, one to one.
pub(super) fn heirs_of<A: Aligned, B: Aligned>(
    old: &[A],
    new: &[B],
    pairs: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let (old, new) = (Side::new(old), Side::new(new));
    let corpus = Corpus::new(old.texts.iter().copied(), new.texts.iter().copied());
    let mut ranked: Vec<(f32, usize, usize)> = pairs
        .iter()
        .map(
            |(a, b)| match same_words(&old.folded[*a], &new.folded[*b]) {
                true => (2.0, *a, *b),
                false => (corpus.likeness(&corpus.old[*a], &corpus.new[*b]), *a, *b),
            },
        )
        .collect();
    ranked.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.2, x.1).cmp(&(y.2, y.1))));
    let (mut of_old, mut of_new) = (vec![false; old.len()], vec![false; new.len()]);
    let mut heirs = Vec::new();
    for (_, a, b) in ranked {
        if !of_old[a] && !of_new[b] {
            of_old[a] = true;
            of_new[b] = true;
            heirs.push((a, b));
        }
    }
    heirs
}

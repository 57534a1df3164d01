//! Finds each clause of one version in the next.
//!
//! [`align`] looks at both versions as a whole: numbers, headings and above all the words decide,
//! not the order of lines, so that a clause is found wherever it went. [`carry_ids`] then gives
//! the new clauses the identities they keep, [`links`] what is stored, and [`changes`] what readers
//! are shown.

mod assign;
mod change;
mod headings;
mod identity;
mod link;
mod order;
mod parts;
mod shingles;
#[cfg(test)]
mod tests;
mod trace;

use super::parse::ParsedClause;
use super::{Clause, ClauseChange, ClauseKind};
use crate::text::fold;
pub use change::changes;
pub use identity::{carry_ids, carry_links};
pub use link::{Link, Links, compose, correct, links};
use shingles::Corpus;
pub(super) use shingles::is_ideograph;
use std::collections::{HashMap, HashSet};
pub use trace::{Trace, trace};

/// Matches of less confidence are shown to staff before publication.
pub const DOUBTFUL: u8 = 60;

/// Clauses of one version that are clauses of the other, by their places in the two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// One, none for an added clause, several for a merged one.
    pub old: Vec<usize>,
    /// One, none for a removed clause, several for a split one.
    pub new: Vec<usize>,
    pub kind: ClauseChange,
    /// 0 to 100; see [`DOUBTFUL`].
    pub confidence: u8,
}

/// How two versions hang together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// In the order of the new version; what was removed stands at the end. A clause that is split
    /// and whose part is merged with another clause stands in both matches.
    pub matches: Vec<Match>,
    /// One to one, old and new: the new clause that carries on the identity of the old one.
    pub heirs: Vec<(usize, usize)>,
}

/// What alignment looks at; stored clauses and freshly parsed ones both have it.
pub trait Aligned: Sized {
    fn kind(&self) -> ClauseKind;
    fn label(&self) -> &str;
    fn path(&self) -> &[String];
    fn text(&self) -> &str;
    fn children(&self) -> &[Self];
}

macro_rules! aligned {
    ($($clause:ty),+) => {$(
        impl Aligned for $clause {
            fn kind(&self) -> ClauseKind {
                self.kind
            }
            fn label(&self) -> &str {
                &self.label
            }
            fn path(&self) -> &[String] {
                &self.path
            }
            fn text(&self) -> &str {
                &self.text
            }
            fn children(&self) -> &[Self] {
                &self.children
            }
        }
    )+};
}
aligned!(Clause, ParsedClause);

/// One version, laid out for looking things up.
struct Side<'a> {
    kinds: Vec<ClauseKind>,
    labels: Vec<&'a str>,
    paths: Vec<&'a [String]>,
    texts: Vec<&'a str>,
    /// The words without blanks and width differences.
    folded: Vec<String>,
    /// The headings above each clause, by their places, outermost first.
    above: Vec<Vec<usize>>,
}

impl<'a> Side<'a> {
    fn new<C: Aligned>(clauses: &'a [C]) -> Self {
        let mut open: Vec<usize> = Vec::new();
        let mut above = Vec::with_capacity(clauses.len());
        for (at, clause) in clauses.iter().enumerate() {
            open.truncate(clause.path().len());
            above.push(open.clone());
            if clause.kind().is_heading() {
                open.push(at);
            }
        }
        Self {
            kinds: clauses.iter().map(C::kind).collect(),
            labels: clauses.iter().map(C::label).collect(),
            paths: clauses.iter().map(C::path).collect(),
            texts: clauses.iter().map(C::text).collect(),
            folded: clauses.iter().map(folded).collect(),
            above,
        }
    }

    fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The clauses that are no headings.
    fn bodies(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|at| !self.kinds[*at].is_heading())
    }

    fn headings(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|at| self.kinds[*at].is_heading())
    }

    fn kinds_meet(&self, at: usize, other: &Side, there: usize) -> bool {
        self.kinds[at] == other.kinds[there]
    }
}

/// The words by which two clauses are the same: without blanks, full-width and half-width forms
/// alike. A heading that has no title is its label.
fn folded<C: Aligned>(clause: &C) -> String {
    let bare = clause.kind().is_heading() && clause.text().is_empty();
    let words = if bare { clause.label() } else { clause.text() };
    fold(words).chars().filter(|c| !c.is_whitespace()).collect()
}

fn same_words(a: &str, b: &str) -> bool {
    a == b
}

/// A pair of places that belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tie {
    old: usize,
    new: usize,
    confidence: u8,
}

/// How the clauses of `new` hang together with those of `old`.
pub fn align<A: Aligned, B: Aligned>(old: &[A], new: &[B]) -> Alignment {
    let (old, new) = (Side::new(old), Side::new(new));
    let corpus = Corpus::new(old.texts.iter().copied(), new.texts.iter().copied());
    let mut found = assign::assign(&old, &new, &corpus);
    let parts = parts::parts(&old, &new, &corpus, &mut found);
    let mut heirs: Vec<(usize, usize)> = Vec::new();
    let mut ties: Vec<Tie> = Vec::new();
    for (at, partner) in found.of_new.iter().enumerate() {
        if let Some((from, likeness)) = partner {
            heirs.push((*from, at));
            let confidence = assign::confidence(&found, *from, at, *likeness);
            ties.push(Tie {
                old: *from,
                new: at,
                confidence,
            });
        }
    }
    ties.extend(parts);
    let titles = headings::headings(&old, &new, &corpus, &found);
    heirs.extend(titles.iter().map(|tie| (tie.old, tie.new)));
    ties.extend(titles);
    heirs.sort_unstable_by_key(|(_, new)| *new);
    ties.sort_unstable_by_key(|tie| (tie.new, tie.old));
    let kinds = kinds(&old, &new, &ties);
    Alignment {
        matches: grouped(&old, &new, &found, &ties, &kinds),
        heirs,
    }
}

/// What became of each pair: split and merged by how many partners they have, moved by order and
/// headings, reworded by words. `ties` are sorted by their new places.
fn kinds(old: &Side, new: &Side, ties: &[Tie]) -> Vec<ClauseChange> {
    let mut partners_of_old = vec![0; old.len()];
    let mut partners_of_new = vec![0; new.len()];
    for tie in ties {
        partners_of_old[tie.old] += 1;
        partners_of_new[tie.new] += 1;
    }
    let single: Vec<Tie> = ties
        .iter()
        .copied()
        .filter(|t| partners_of_old[t.old] == 1 && partners_of_new[t.new] == 1)
        .collect();
    let heading_of: HashMap<usize, usize> = single
        .iter()
        .filter(|t| old.kinds[t.old].is_heading())
        .map(|t| (t.old, t.new))
        .collect();
    let known: HashSet<usize> = heading_of.values().copied().collect();
    let weight = |tie: &Tie| match old.kinds[tie.old] {
        ClauseKind::Text => 0.3,
        _ => 1.0 + (new.folded[tie.new].len() as f32).min(3000.0) / 30_000.0,
    };
    // Headings keep an order among themselves, weighing what stands under them; the parts of a
    // split clause hold its place together.
    let mut under = vec![1.0f32; new.len()];
    new.above
        .iter()
        .flatten()
        .for_each(|heading| under[*heading] += 1.0);
    let mut in_order = vec![true; ties.len()];
    for headings in [true, false] {
        let chosen: Vec<usize> = (0..ties.len())
            .filter(|t| old.kinds[ties[*t].old].is_heading() == headings)
            .collect();
        let places: Vec<_> = chosen
            .iter()
            .map(|t| &ties[*t])
            .map(|t| {
                let parts = partners_of_old[t.old].max(partners_of_new[t.new]) as f32;
                (
                    t.old,
                    t.new,
                    if headings {
                        under[t.new]
                    } else {
                        weight(t) / parts
                    },
                )
            })
            .collect();
        for (t, kept) in chosen.iter().zip(order::in_order(&places)) {
            in_order[*t] = kept;
        }
    }
    let mut stays: HashMap<(usize, usize), bool> = HashMap::new();
    for (tie, in_order) in ties.iter().zip(in_order) {
        // It went under another of the headings that stand in both versions.
        let rehomed = old.above[tie.old].iter().any(|heading| {
            let there = heading_of.get(heading);
            there.is_some_and(|there| {
                let here = &new.above[tie.new];
                !here.contains(there)
                    && here
                        .iter()
                        .any(|h| known.contains(h) && new.kinds[*h] == new.kinds[*there])
            })
        });
        stays.insert((tie.old, tie.new), in_order && !rehomed);
    }
    ties.iter()
        .map(|tie| {
            if partners_of_old[tie.old] > 1 {
                return ClauseChange::Split;
            }
            if partners_of_new[tie.new] > 1 {
                return ClauseChange::Merged;
            }
            let same = same_words(&old.folded[tie.old], &new.folded[tie.new]);
            match (
                stays.get(&(tie.old, tie.new)).copied().unwrap_or(true),
                same,
            ) {
                (true, true) => ClauseChange::Same,
                (true, false) => ClauseChange::Reworded,
                (false, true) => ClauseChange::Moved,
                (false, false) => ClauseChange::MovedReworded,
            }
        })
        .collect()
}

fn grouped(
    old: &Side,
    new: &Side,
    found: &assign::Assignment,
    ties: &[Tie],
    kinds: &[ClauseChange],
) -> Vec<Match> {
    let mut matches: Vec<Match> = Vec::new();
    let mut tied_old = vec![false; old.len()];
    let mut tied_new = vec![false; new.len()];
    let mut split_of_old: HashMap<usize, usize> = HashMap::new();
    let mut merge_of_new: HashMap<usize, usize> = HashMap::new();
    let mut next_tie = 0;
    for at in 0..new.len() {
        while let Some((tie, kind)) = ties.get(next_tie).zip(kinds.get(next_tie))
            && tie.new == at
        {
            next_tie += 1;
            tied_old[tie.old] = true;
            tied_new[tie.new] = true;
            let open = match kind {
                ClauseChange::Split => split_of_old.get(&tie.old),
                ClauseChange::Merged => merge_of_new.get(&tie.new),
                _ => None,
            };
            if let Some(open) = open {
                let group = &mut matches[*open];
                if *kind == ClauseChange::Split {
                    group.new.push(tie.new);
                } else {
                    group.old.push(tie.old);
                }
                group.confidence = group.confidence.min(tie.confidence);
                continue;
            }
            match kind {
                ClauseChange::Split => _ = split_of_old.insert(tie.old, matches.len()),
                ClauseChange::Merged => _ = merge_of_new.insert(tie.new, matches.len()),
                _ => {}
            }
            let (old, new) = (vec![tie.old], vec![tie.new]);
            matches.push(Match {
                old,
                new,
                kind: *kind,
                confidence: tie.confidence,
            });
        }
        if !tied_new[at] {
            let confidence = found.unlike_new[at];
            matches.push(Match {
                old: vec![],
                new: vec![at],
                kind: ClauseChange::Added,
                confidence,
            });
        }
    }
    for at in (0..old.len()).filter(|at| !tied_old[*at]) {
        let confidence = found.unlike_old[at];
        matches.push(Match {
            old: vec![at],
            new: vec![],
            kind: ClauseChange::Removed,
            confidence,
        });
    }
    matches
}

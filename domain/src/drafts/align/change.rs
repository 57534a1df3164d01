//! What readers are shown: every clause of the new version with what became of it, and removed
//! ones where they stood.

use super::Link;
use super::assign::apart;
use super::link::rekinded;
use super::parts::sentences;
use super::shingles::{Corpus, Profile};
use crate::drafts::redline::inline;
use crate::drafts::{Change, Clause, ClauseChange, Inline, InlineOp};
use crate::id::ClauseId;
use std::collections::HashMap;

/// More comparisons than this are not made between added and removed clauses.
const COMPARISONS: usize = 100_000;

/// The changes from `old` to `new`, in the order of `new`. `words` cuts text into words.
///
/// A split clause gives one change for each part, a merged one a change for each source; there
/// the words are compared with the sentences that belong to the part.
pub fn changes(
    old: &[Clause],
    new: &[Clause],
    links: &[Link],
    words: &dyn Fn(&str) -> Vec<&str>,
) -> Vec<Change> {
    let links = rekinded(links, old, new);
    let teller = Teller::new(old, new, &links, words);
    let mut slots: Vec<Vec<Change>> = vec![Vec::new(); new.len() + 1];
    let mut tied_old: Vec<Option<(usize, bool)>> = vec![None; old.len()];
    let mut tied_new = vec![false; new.len()];
    for link in &links {
        let (from, to) = (teller.old_place[&link.old], teller.new_place[&link.new]);
        tied_new[to] = true;
        // Removed clauses follow a neighbour that kept its place, if there is one.
        let stays = !matches!(link.kind, ClauseChange::Moved | ClauseChange::MovedReworded);
        if tied_old[from].is_none_or(|(_, settled)| stays && !settled) {
            tied_old[from] = Some((to, stays));
        }
        slots[to + 1].push(teller.tied(from, to, link));
    }
    let added: Vec<usize> = (0..new.len()).filter(|to| !tied_new[*to]).collect();
    let removed: Vec<usize> = (0..old.len())
        .filter(|from| tied_old[*from].is_none())
        .collect();
    let sure = Sure::of(old, new, &removed, &added);
    for to in added {
        slots[to + 1].push(whole(ClauseChange::Added, &new[to], sure.of_new[to]));
    }
    let mut slot = 0;
    for (from, clause) in old.iter().enumerate() {
        match tied_old[from] {
            Some((to, true)) => slot = to + 1,
            Some(_) => {}
            None => slots[slot].push(whole(ClauseChange::Removed, clause, sure.of_old[from])),
        }
    }
    slots.into_iter().flatten().collect()
}

/// How sure it is that an added clause is none of the removed ones, and the other way round.
struct Sure {
    of_old: Vec<u8>,
    of_new: Vec<u8>,
}

impl Sure {
    fn of(old: &[Clause], new: &[Clause], removed: &[usize], added: &[usize]) -> Self {
        let mut sure = Self {
            of_old: vec![100; old.len()],
            of_new: vec![100; new.len()],
        };
        if removed.is_empty() || added.is_empty() || removed.len() * added.len() > COMPARISONS {
            return sure;
        }
        let corpus = corpus(old, new);
        for from in removed.iter().copied() {
            for to in added
                .iter()
                .copied()
                .filter(|to| new[*to].kind == old[from].kind)
            {
                let apart = apart(corpus.likeness(&corpus.old[from], &corpus.new[to]));
                sure.of_old[from] = sure.of_old[from].min(apart);
                sure.of_new[to] = sure.of_new[to].min(apart);
            }
        }
        sure
    }
}

fn corpus(old: &[Clause], new: &[Clause]) -> Corpus {
    Corpus::new(
        old.iter().map(|c| c.text.as_str()),
        new.iter().map(|c| c.text.as_str()),
    )
}

fn whole(kind: ClauseChange, clause: &Clause, confidence: u8) -> Change {
    let added = kind == ClauseChange::Added;
    let op = if added {
        InlineOp::Insert
    } else {
        InlineOp::Delete
    };
    Change {
        kind,
        from: (!added).then_some(clause.id),
        to: added.then_some(clause.id),
        from_label: (!added).then(|| clause.label.clone()),
        to_label: added.then(|| clause.label.clone()),
        label: clause.label.clone(),
        path: clause.path.clone(),
        confidence,
        inline: match clause.text.is_empty() {
            true => Vec::new(),
            false => vec![Inline {
                op,
                text: clause.text.clone(),
            }],
        },
    }
}

struct Teller<'a> {
    old: &'a [Clause],
    new: &'a [Clause],
    words: &'a dyn Fn(&str) -> Vec<&str>,
    old_place: HashMap<ClauseId, usize>,
    new_place: HashMap<ClauseId, usize>,
    /// The new clauses of each old one that has several, and the other way round.
    parts_of_old: HashMap<usize, Vec<usize>>,
    parts_of_new: HashMap<usize, Vec<usize>>,
    /// Only where something was split or merged.
    corpus: Option<Corpus>,
}

impl<'a> Teller<'a> {
    fn new(
        old: &'a [Clause],
        new: &'a [Clause],
        links: &[Link],
        words: &'a dyn Fn(&str) -> Vec<&str>,
    ) -> Self {
        let places = |clauses: &[Clause]| -> HashMap<ClauseId, usize> {
            clauses
                .iter()
                .enumerate()
                .map(|(at, clause)| (clause.id, at))
                .collect()
        };
        let (old_place, new_place) = (places(old), places(new));
        let mut parts_of_old: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut parts_of_new: HashMap<usize, Vec<usize>> = HashMap::new();
        for link in links {
            let (from, to) = (old_place[&link.old], new_place[&link.new]);
            parts_of_old.entry(from).or_default().push(to);
            parts_of_new.entry(to).or_default().push(from);
        }
        parts_of_old.retain(|_, parts| parts.len() > 1);
        parts_of_new.retain(|_, parts| parts.len() > 1);
        let corpus =
            (!parts_of_old.is_empty() || !parts_of_new.is_empty()).then(|| corpus(old, new));
        Self {
            old,
            new,
            words,
            old_place,
            new_place,
            parts_of_old,
            parts_of_new,
            corpus,
        }
    }

    fn tied(&self, from: usize, to: usize, link: &Link) -> Change {
        let (old, new) = (&self.old[from], &self.new[to]);
        Change {
            kind: link.kind,
            from: Some(old.id),
            to: Some(new.id),
            from_label: Some(old.label.clone()),
            to_label: Some(new.label.clone()),
            label: new.label.clone(),
            path: new.path.clone(),
            confidence: link.confidence,
            inline: match link.kind {
                ClauseChange::Same | ClauseChange::Moved if new.text.is_empty() => Vec::new(),
                ClauseChange::Same | ClauseChange::Moved => {
                    vec![Inline {
                        op: InlineOp::Equal,
                        text: new.text.clone(),
                    }]
                }
                _ => {
                    let before = self.portion(&old.text, to, self.parts_of_old.get(&from), true);
                    let after = self.portion(&new.text, from, self.parts_of_new.get(&to), false);
                    inline(&before, &after, self.words)
                }
            },
        }
    }

    /// The sentences of `text` that are likest to clause `mine` among all `parts` of it.
    fn portion(&self, text: &str, mine: usize, parts: Option<&Vec<usize>>, is_old: bool) -> String {
        let (Some(parts), Some(corpus)) = (parts, &self.corpus) else {
            return text.to_owned();
        };
        let other = |at: usize| -> &Profile {
            if is_old {
                &corpus.new[at]
            } else {
                &corpus.old[at]
            }
        };
        let mut owner = parts[0];
        let mut kept = String::new();
        for sentence in sentences(text) {
            let profile = corpus.part(sentence);
            let share = |at: usize| corpus.covered(&profile, other(at));
            let best = parts
                .iter()
                .copied()
                .max_by(|a, b| share(*a).total_cmp(&share(*b)));
            // A sentence found nowhere stays with the one before it.
            owner = best.filter(|at| share(*at) > 0.3).unwrap_or(owner);
            if owner == mine {
                kept.push_str(sentence);
            }
        }
        match kept.trim_matches('\n').is_empty() {
            true => text.to_owned(),
            false => kept.trim_matches('\n').to_owned(),
        }
    }
}

//! Which new clause carries on the identity of which old one.

use super::link::heirs_of;
use super::shingles::Corpus;
use super::{Aligned, Alignment, Link, folded};
use crate::drafts::Clause;
use crate::drafts::parse::ParsedClause;
use crate::id::ClauseId;
use std::collections::{HashMap, HashSet};

/// A paragraph or item less alike than this is a new one,
const ALIKE: f32 = 0.4;
/// unless it stands at the same place within its article.
const ALIKE_IN_PLACE: f32 = 0.2;
/// More comparisons than this are not made between the parts of two articles.
const COMPARISONS: usize = 100_000;

/// The new clauses with the identities they keep. The heir of a clause keeps its id; paragraphs
/// and items keep theirs by likeness, also in the other parts of a split or merged clause; all
/// else gets a fresh one.
pub fn carry_ids(
    old: &[Clause],
    new: &[ParsedClause],
    alignment: &Alignment,
    fresh: &mut dyn FnMut() -> ClauseId,
) -> Vec<Clause> {
    let pairs: Vec<(usize, usize)> = alignment
        .matches
        .iter()
        .flat_map(|m| {
            m.old
                .iter()
                .flat_map(|o| m.new.iter().map(move |n| (*o, *n)))
        })
        .collect();
    let mut kept = Kept::of(old, new, &alignment.heirs, &pairs);
    new.iter()
        .enumerate()
        .map(|(at, clause)| kept.built(clause, at, fresh))
        .collect()
}

/// The same after staff corrected the links of an unpublished version: its clauses with the
/// identities that follow from `links`, and `links` with the new ids.
pub fn carry_links(
    old: &[Clause],
    new: &[Clause],
    links: &[Link],
    fresh: &mut dyn FnMut() -> ClauseId,
) -> (Vec<Clause>, Vec<Link>) {
    let places = |clauses: &[Clause]| -> HashMap<ClauseId, usize> {
        clauses
            .iter()
            .enumerate()
            .map(|(at, clause)| (clause.id, at))
            .collect()
    };
    let (of_old, of_new) = (places(old), places(new));
    let pairs: Vec<(usize, usize)> = links
        .iter()
        .filter_map(|link| Some((*of_old.get(&link.old)?, *of_new.get(&link.new)?)))
        .collect();
    let mut kept = Kept::of(old, new, &heirs_of(old, new, &pairs), &pairs);
    // What no old clause claims keeps the id it has, unless that was an old one's.
    let taken: HashSet<ClauseId> = old.iter().flat_map(Clause::walk).map(|c| c.id).collect();
    for (at, clause) in new.iter().enumerate() {
        for (step, part) in clause.walk().into_iter().enumerate() {
            if !taken.contains(&part.id) {
                kept.ids.entry((at, step)).or_insert(part.id);
            }
        }
    }
    let clauses: Vec<Clause> = new
        .iter()
        .enumerate()
        .map(|(at, clause)| kept.built(clause, at, fresh))
        .collect();
    let links = links
        .iter()
        .filter_map(|link| {
            of_new.get(&link.new).map(|at| Link {
                new: clauses[*at].id,
                ..*link
            })
        })
        .collect();
    (clauses, links)
}

/// The ids that live on. A part is known by its clause and its place in the walk through it; the
/// clause itself is place 0.
struct Kept {
    ids: HashMap<(usize, usize), ClauseId>,
}

impl Kept {
    fn of<B: Aligned>(
        old: &[Clause],
        new: &[B],
        heirs: &[(usize, usize)],
        pairs: &[(usize, usize)],
    ) -> Self {
        let mut ids: HashMap<(usize, usize), ClauseId> = heirs
            .iter()
            .map(|(from, to)| ((*to, 0), old[*from].id))
            .collect();
        let heirs: HashSet<(usize, usize)> = heirs.iter().copied().collect();
        let mut found: Vec<(f32, ClauseId, (usize, usize))> = Vec::new();
        for pair in pairs {
            let bonus = if heirs.contains(pair) { 0.05 } else { 0.0 };
            let likely = alike_parts(&old[pair.0], &new[pair.1]);
            found.extend(
                likely
                    .into_iter()
                    .map(|(s, id, step)| (s + bonus, id, (pair.1, step))),
            );
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        let mut taken: HashSet<ClauseId> = HashSet::new();
        for (_, id, place) in found {
            if !taken.contains(&id) && !ids.contains_key(&place) {
                taken.insert(id);
                ids.insert(place, id);
            }
        }
        Self { ids }
    }

    fn built<B: Aligned>(
        &mut self,
        clause: &B,
        at: usize,
        fresh: &mut dyn FnMut() -> ClauseId,
    ) -> Clause {
        let mut step = 0;
        self.part(clause, at, &mut step, fresh)
    }

    fn part<B: Aligned>(
        &mut self,
        clause: &B,
        at: usize,
        step: &mut usize,
        fresh: &mut dyn FnMut() -> ClauseId,
    ) -> Clause {
        let id = self.ids.remove(&(at, *step)).unwrap_or_else(&mut *fresh);
        *step += 1;
        Clause {
            id,
            kind: clause.kind(),
            label: clause.label().to_owned(),
            path: clause.path().to_vec(),
            text: clause.text().to_owned(),
            children: clause
                .children()
                .iter()
                .map(|c| self.part(c, at, step, fresh))
                .collect(),
        }
    }
}

/// The parts of two articles that may be the same: how likely, the old id, the place of the new.
fn alike_parts<B: Aligned>(old: &Clause, new: &B) -> Vec<(f32, ClauseId, usize)> {
    let (mut old_parts, mut new_parts) = (Vec::new(), Vec::new());
    descend(old, &mut old_parts);
    descend(new, &mut new_parts);
    let (olds, news) = (&old_parts[1..], &new_parts[1..]);
    if olds.is_empty() || news.is_empty() {
        return Vec::new();
    }
    let few = olds.len() * news.len() <= COMPARISONS;
    let corpus = Corpus::new(olds.iter().map(|c| c.text()), news.iter().map(|c| c.text()));
    let mut by_words: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_label: HashMap<&str, usize> = HashMap::new();
    for (at, part) in olds.iter().enumerate() {
        by_words.entry(folded(*part)).or_default().push(at);
        by_label.insert(within(part.label(), old.label()), at);
    }
    let mut found = Vec::new();
    for (step, part) in news.iter().enumerate() {
        let same = by_words.get(&folded(*part)).map_or(&[][..], Vec::as_slice);
        let in_place = by_label.get(within(part.label(), new.label())).copied();
        let rest = if few { 0..olds.len() } else { 0..0 };
        let middle = same.partition_point(|at| *at < step);
        let nearest = same[middle.saturating_sub(4)..]
            .iter()
            .copied()
            .take(8)
            .chain(in_place);
        for at in rest.chain(nearest.filter(|_| !few)) {
            let here = in_place == Some(at);
            let likeness = match same.binary_search(&at).is_ok() {
                true => 1.0,
                false => corpus.likeness(&corpus.old[at], &corpus.new[step]),
            };
            let enough = if here { ALIKE_IN_PLACE } else { ALIKE };
            if likeness >= enough {
                let near = 0.01 / (1.0 + at.abs_diff(step) as f32);
                let score = likeness + near + if here { 0.04 } else { 0.0 };
                found.push((score, olds[at].id, step + 1));
            }
        }
    }
    found
}

/// A label without that of its article: 第一款第（二）项.
fn within<'a>(label: &'a str, article: &str) -> &'a str {
    label.strip_prefix(article).unwrap_or(label)
}

fn descend<'a, C: Aligned>(clause: &'a C, parts: &mut Vec<&'a C>) {
    parts.push(clause);
    for child in clause.children() {
        descend(child, parts);
    }
}

//! Finds, for each clause, the one clause of the other version that it is.

use super::shingles::Corpus;
use super::{Side, same_words};
use crate::drafts::parse::ordinal;
use std::collections::HashMap;

/// A pair less alike than this is not taken for the same clause.
pub const ALIKE: f32 = 0.36;
/// The same, for a pair whose neighbours on both sides are matched to each other,
const ALIKE_IN_PLACE: f32 = 0.28;
/// or even this, if neither is liker to any other clause,
const MUTUAL_IN_PLACE: f32 = 0.22;
/// or which is far liker than any other pair of the two.
const MARGIN: f32 = 0.1;
/// Less is not looked at.
const UNLIKE: f32 = 0.2;
/// Pairs looked at for each clause.
const CANDIDATES: usize = 16;

/// A possible match.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub old: usize,
    pub new: usize,
    /// How alike the words are.
    pub likeness: f32,
    /// The same, with what number, heading and position say.
    score: f32,
}

/// What was found for the clauses that are no headings.
pub struct Assignment {
    /// For each old clause its new one, and how alike they are.
    pub of_old: Vec<Option<(usize, f32)>>,
    pub of_new: Vec<Option<(usize, f32)>>,
    /// Every pair that was looked at.
    pub pairs: Vec<Pair>,
    /// For each clause, how sure it is (0 to 100) that it has no counterpart, should it get none.
    pub unlike_old: Vec<u8>,
    pub unlike_new: Vec<u8>,
    /// For each match, how like the likest other partner of either is.
    rivals: HashMap<(usize, usize), f32>,
}

impl Assignment {
    pub fn join(&mut self, pair: Pair) {
        self.part(pair.old, pair.new);
        self.of_old[pair.old] = Some((pair.new, pair.likeness));
        self.of_new[pair.new] = Some((pair.old, pair.likeness));
    }

    /// Frees both from whatever they are matched to.
    pub fn part(&mut self, old: usize, new: usize) {
        if let Some((other, _)) = self.of_old[old].take() {
            self.of_new[other] = None;
        }
        if let Some((other, _)) = self.of_new[new].take() {
            self.of_old[other] = None;
        }
    }
}

/// Matches one to one, the likest first, then exchanges partners where both together gain.
pub fn assign(old: &Side, new: &Side, corpus: &Corpus) -> Assignment {
    let pairs = candidates(old, new, corpus);
    let mut found = Assignment {
        of_old: vec![None; old.len()],
        of_new: vec![None; new.len()],
        unlike_old: unlike(old.len(), pairs.iter().map(|p| (p.old, p.likeness))),
        unlike_new: unlike(new.len(), pairs.iter().map(|p| (p.new, p.likeness))),
        pairs,
        rivals: HashMap::new(),
    };
    let mut ranked: Vec<Pair> = found
        .pairs
        .iter()
        .copied()
        .filter(|p| p.likeness >= ALIKE)
        .collect();
    ranked.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then((a.new, a.old).cmp(&(b.new, b.old)))
    });
    for pair in &ranked {
        if found.of_old[pair.old].is_none() && found.of_new[pair.new].is_none() {
            found.join(*pair);
        }
    }
    exchange(&mut found, &ranked);
    fill_gaps(old, new, &mut found);
    found.rivals = rivals(&found);
    found
}

fn rivals(found: &Assignment) -> HashMap<(usize, usize), f32> {
    let mut rivals: HashMap<(usize, usize), f32> = HashMap::new();
    for pair in &found.pairs {
        let of_old = found.of_old[pair.old].map(|(new, _)| (pair.old, new));
        let of_new = found.of_new[pair.new].map(|(old, _)| (old, pair.new));
        for (old, new) in of_old.into_iter().chain(of_new) {
            if (old, new) != (pair.old, pair.new) {
                let rival = rivals.entry((old, new)).or_default();
                *rival = rival.max(pair.likeness);
            }
        }
    }
    rivals
}

fn unlike(clauses: usize, pairs: impl Iterator<Item = (usize, f32)>) -> Vec<u8> {
    let mut sure = vec![100u8; clauses];
    for (at, likeness) in pairs {
        sure[at] = sure[at].min(apart(likeness));
    }
    sure
}

/// How sure it is that two clauses of this likeness are not the same.
pub fn apart(likeness: f32) -> u8 {
    percent(1.0 - 1.1 * likeness.min(0.6))
}

fn percent(share: f32) -> u8 {
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}

/// How sure a match is: by likeness, less if another pair is nearly as like.
pub fn confidence(found: &Assignment, old: usize, new: usize, likeness: f32) -> u8 {
    let rival = found.rivals.get(&(old, new)).copied().unwrap_or(0.0);
    let certain = ((likeness - 0.2) / 0.45).clamp(0.0, 1.0).sqrt();
    let margin = ((likeness - rival) / 0.15).clamp(0.0, 1.0);
    let same = if likeness < 1.0 { 0.98 } else { 1.0 };
    percent(same * certain * (0.75 + 0.25 * margin))
}

/// Swaps partners where the two new pairs together are liker than the old ones, a missing pair
/// counting nothing.
fn exchange(found: &mut Assignment, ranked: &[Pair]) {
    let table: HashMap<(usize, usize), Pair> =
        ranked.iter().map(|p| ((p.old, p.new), *p)).collect();
    let mut by_new: HashMap<usize, Vec<Pair>> = HashMap::new();
    for pair in ranked {
        by_new.entry(pair.new).or_default().push(*pair);
    }
    let score = |old: usize, new: usize| table.get(&(old, new)).map_or(0.0, |p| p.score);
    for _ in 0..4 {
        let mut changed = false;
        for pair in ranked {
            let (Some((rival, _)), now) = (found.of_old[pair.old], found.of_new[pair.new]) else {
                continue;
            };
            if rival == pair.new {
                continue;
            }
            let now_old = now.map(|(old, _)| old);
            let lost = score(pair.old, rival) + now_old.map_or(0.0, |old| score(old, pair.new));
            let free = |p: &&Pair| found.of_old[p.old].is_none() || Some(p.old) == now_old;
            let second = by_new
                .get(&rival)
                .and_then(|pairs| pairs.iter().find(free))
                .copied();
            if let Some(second) = second
                && pair.score + second.score > lost + 0.02
            {
                found.join(*pair);
                found.join(second);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// Between neighbours that are matched to each other, a weaker likeness is enough.
fn fill_gaps(old: &Side, new: &Side, found: &mut Assignment) {
    let before = |matched: &[Option<(usize, f32)>], at: usize| {
        matched[..at]
            .iter()
            .rev()
            .take(8)
            .flatten()
            .next()
            .map(|(other, _)| *other)
    };
    let mut weak: Vec<Pair> = found
        .pairs
        .iter()
        .copied()
        .filter(|p| (MUTUAL_IN_PLACE..ALIKE).contains(&p.likeness))
        .collect();
    weak.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (of_old, of_new) = (
        tops(old.len(), found.pairs.iter().map(|p| (p.old, p.likeness))),
        tops(new.len(), found.pairs.iter().map(|p| (p.new, p.likeness))),
    );
    let mutual = |pair: &Pair| pair.likeness >= of_old[pair.old].0.max(of_new[pair.new].0);
    let stands_out = |pair: &Pair| {
        let rival = |(top, second): (f32, f32)| if top > pair.likeness { top } else { second };
        pair.likeness - rival(of_old[pair.old]).max(rival(of_new[pair.new])) >= MARGIN
    };
    for pair in weak {
        if found.of_old[pair.old].is_some() || found.of_new[pair.new].is_some() {
            continue;
        }
        let old_before = before(&found.of_new, pair.new);
        let new_before = before(&found.of_old, pair.old);
        let follows = old_before.is_none_or(|o| o < pair.old && pair.old - o <= 8)
            && new_before.is_none_or(|n| n < pair.new && pair.new - n <= 8);
        let old_after = found.of_new[pair.new + 1..]
            .iter()
            .take(8)
            .flatten()
            .next()
            .map(|(o, _)| *o);
        let new_after = found.of_old[pair.old + 1..]
            .iter()
            .take(8)
            .flatten()
            .next()
            .map(|(n, _)| *n);
        let precedes = old_after.is_none_or(|o| o > pair.old && o - pair.old <= 8)
            && new_after.is_none_or(|n| n > pair.new && n - pair.new <= 8);
        let anchored = old_before.is_some() || old_after.is_some();
        let in_place = follows && precedes && anchored;
        let enough = match pair.likeness >= ALIKE_IN_PLACE {
            true => in_place || stands_out(&pair),
            false => in_place && mutual(&pair),
        };
        if enough && old.kinds_meet(pair.old, new, pair.new) {
            found.join(pair);
        }
    }
}

/// For each clause the likeness of its likest pair, and of the next.
fn tops(clauses: usize, pairs: impl Iterator<Item = (usize, f32)>) -> Vec<(f32, f32)> {
    let mut tops = vec![(0.0, 0.0); clauses];
    for (at, likeness) in pairs {
        let (top, second) = tops[at];
        tops[at] = if likeness > top {
            (likeness, top)
        } else {
            (top, likeness.max(second))
        };
    }
    tops
}

/// The likest pairs by shared shingles, and the pairs of one number or one text.
fn candidates(old: &Side, new: &Side, corpus: &Corpus) -> Vec<Pair> {
    let mut postings: Vec<Vec<u32>> = vec![Vec::new(); corpus.shingle_count()];
    let common = (old.len().max(new.len()) / 8).clamp(24, 400);
    for at in old.bodies() {
        for id in corpus.old[at].ids() {
            if corpus.spread_of(id) <= common {
                postings[id as usize].push(at as u32);
            }
        }
    }
    let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_number: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    for at in old.bodies() {
        by_text.entry(&old.folded[at]).or_default().push(at);
        if let Some(number) = ordinal(old.labels[at]) {
            by_number.entry(number).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    let mut shared = vec![0.0f32; old.len()];
    for at in new.bodies() {
        let profile = &corpus.new[at];
        let mut touched = Vec::new();
        for id in profile.ids() {
            for other in &postings[id as usize] {
                let other = *other as usize;
                if shared[other] == 0.0 {
                    touched.push(other);
                }
                shared[other] += corpus.weight_of(id);
            }
        }
        let promise = |other: usize| {
            let weight = corpus.old[other].weight;
            shared[other] / (weight + profile.weight)
                + shared[other] / weight.min(profile.weight).max(1.0)
        };
        let mut ranked: Vec<(f32, usize)> = touched.iter().map(|o| (promise(*o), *o)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<usize> = ranked
            .into_iter()
            .take(CANDIDATES)
            .map(|(_, o)| o)
            .collect();
        for other in touched {
            shared[other] = 0.0;
        }
        if let Some(same) = by_text.get(new.folded[at].as_str()) {
            // Of many alike the nearest; the places ascend.
            let middle = same.partition_point(|other| *other < at);
            let from = middle.saturating_sub(CANDIDATES / 2);
            chosen.extend(same[from..].iter().take(CANDIDATES));
        }
        if let Some(same) = ordinal(new.labels[at]).and_then(|number| by_number.get(&number)) {
            chosen.extend(same.iter().take(4));
        }
        chosen.sort_unstable();
        chosen.dedup();
        pairs.extend(
            chosen
                .into_iter()
                .filter_map(|other| pair(old, new, corpus, other, at)),
        );
    }
    pairs
}

fn pair(old: &Side, new: &Side, corpus: &Corpus, from: usize, to: usize) -> Option<Pair> {
    let same = same_words(&old.folded[from], &new.folded[to]);
    let mut likeness = if same {
        1.0
    } else {
        corpus.likeness(&corpus.old[from], &corpus.new[to])
    };
    if !old.kinds_meet(from, new, to) {
        likeness *= 0.75;
    }
    if likeness < UNLIKE {
        return None;
    }
    let same_number = !old.labels[from].is_empty()
        && ordinal(old.labels[from]).is_some_and(|n| ordinal(new.labels[to]) == Some(n));
    let same_heading = match (old.paths[from].last(), new.paths[to].last()) {
        (Some(a), Some(b)) => title(a) == title(b),
        (None, None) => true,
        _ => false,
    };
    let place = |at: usize, side: &Side| at as f32 / side.len().max(1) as f32;
    let apart = (place(from, old) - place(to, new)).abs();
    let score = likeness
        + if same_number { 0.02 } else { 0.0 }
        + if same_heading { 0.02 } else { 0.0 }
        + 0.04 * (1.0 - apart);
    Some(Pair {
        old: from,
        new: to,
        likeness,
        score,
    })
}

/// 第三章 公众参与 without its number.
fn title(entry: &str) -> &str {
    entry.split_once(' ').map_or(entry, |(_, title)| title)
}

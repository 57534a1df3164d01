//! Finds each heading in the other version: by its title, and by the articles under it.

use super::assign::Assignment;
use super::shingles::Corpus;
use super::{Side, Tie};
use std::collections::HashMap;

/// A pair of headings less alike than this is not taken for the same.
const ALIKE: f32 = 0.45;
/// Headings of one title that are looked at.
const SAME_TITLE: usize = 40;

/// The matched headings.
pub fn headings(old: &Side, new: &Side, corpus: &Corpus, found: &Assignment) -> Vec<Tie> {
    let mut shared: HashMap<(usize, usize), f32> = HashMap::new();
    let mut under_old = vec![0.0f32; old.len()];
    let mut under_new = vec![0.0f32; new.len()];
    for at in new.bodies() {
        for heading in &new.above[at] {
            under_new[*heading] += 1.0;
        }
        let Some((from, _)) = found.of_new[at] else {
            continue;
        };
        for a in &old.above[from] {
            for b in &new.above[at] {
                *shared.entry((*a, *b)).or_default() += 1.0;
            }
        }
    }
    for at in old.bodies() {
        for heading in &old.above[at] {
            under_old[*heading] += 1.0;
        }
    }
    let mut by_title: HashMap<&str, Vec<usize>> = HashMap::new();
    for at in old.headings() {
        by_title.entry(&old.folded[at]).or_default().push(at);
    }
    for at in new.headings() {
        let same = by_title.get(new.folded[at].as_str());
        for other in same.into_iter().flatten().take(SAME_TITLE) {
            shared.entry((*other, at)).or_default();
        }
    }
    let mut ranked: Vec<(f32, usize, usize)> = shared
        .iter()
        .map(|((a, b), common)| {
            let support = 2.0 * common / (under_old[*a] + under_new[*b]).max(1.0);
            let same_title = old.folded[*a] == new.folded[*b];
            let likeness = corpus.likeness(&corpus.old[*a], &corpus.new[*b]);
            let title = if same_title { 1.0 } else { likeness.min(0.9) };
            let score = (0.5 * title + 0.45 * support).max(0.75 * support);
            let kind = if old.kinds_meet(*a, new, *b) {
                1.0
            } else {
                0.6
            };
            // A new title over new articles: the number still says something with the old ones.
            let number = if old.labels[*a] == new.labels[*b] {
                0.03 + 0.3 * support
            } else {
                0.0
            };
            (score * kind + number, *a, *b)
        })
        .filter(|(score, ..)| *score >= ALIKE)
        .collect();
    ranked.sort_by(|a, b| {
        let apart = |p: &(f32, usize, usize)| p.1.abs_diff(p.2);
        b.0.total_cmp(&a.0)
            .then(apart(a).cmp(&apart(b)))
            .then((a.1, a.2).cmp(&(b.1, b.2)))
    });
    let mut taken_old = vec![false; old.len()];
    let mut taken_new = vec![false; new.len()];
    let mut ties = Vec::new();
    for (score, a, b) in ranked {
        if !taken_old[a] && !taken_new[b] {
            taken_old[a] = true;
            taken_new[b] = true;
            let confidence = (40.0 + 65.0 * score).clamp(0.0, 100.0) as u8;
            ties.push(Tie {
                old: a,
                new: b,
                confidence,
            });
        }
    }
    ties
}

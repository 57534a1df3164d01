//! Clauses that were split into several, and clauses into which several were merged.
//!
//! A clause is looked at sentence by sentence: a part of it lives on in another clause if whole
//! sentences stand there and do not stand in the clause's own counterpart.

use super::assign::{self, Assignment, Pair};
use super::shingles::{Corpus, Profile};
use super::{Side, Tie};
use std::collections::HashMap;

/// A sentence is found in a clause if this much of its weight stands there,
const FOUND: f32 = 0.56;
/// and this much more than in the counterpart.
const BETTER: f32 = 0.2;
/// A sentence that is found in more clauses than this is a turn of phrase,
const PLACES: usize = 2;
/// as is one that stands all but to the word in so many clauses of its own version,
const WHOLE: f32 = 0.85;
/// and one that is found better by this much elsewhere did not come here.
const RATHER: f32 = 0.1;
/// Least share of the clause that goes to, or comes from, the other.
const SHARE: f32 = 0.2;
/// A match liker than this is not questioned.
const FIRM: f32 = 0.62;

/// The further pairs; weak matches that they prove wrong are undone in `found`.
pub fn parts(old: &Side, new: &Side, corpus: &Corpus, found: &mut Assignment) -> Vec<Tie> {
    let mut sentences = Sentences::new(corpus, &found.pairs);
    let mut ties = Vec::new();
    let mut pairs: Vec<Pair> = found.pairs.clone();
    pairs.sort_by(|a, b| {
        b.likeness
            .total_cmp(&a.likeness)
            .then((a.new, a.old).cmp(&(b.new, b.old)))
    });
    for pair in pairs {
        if !old.kinds_meet(pair.old, new, pair.new) {
            continue;
        }
        let (of_old, of_new) = (found.of_old[pair.old], found.of_new[pair.new]);
        if of_old.is_some_and(|(at, _)| at == pair.new) {
            continue;
        }
        let firm =
            |partner: Option<(usize, f32)>| partner.is_some_and(|(_, likeness)| likeness >= FIRM);
        let tie = |confidence: f32| Tie {
            old: pair.old,
            new: pair.new,
            confidence: (45.0 + 50.0 * confidence).clamp(0.0, 95.0) as u8,
        };
        // Neither has a counterpart, and yet they share whole sentences.
        if of_old.is_none() && of_new.is_none() && pair.likeness < assign::ALIKE {
            let nothing = Profile::default();
            let (before, after) = (&corpus.old[pair.old], &corpus.new[pair.new]);
            let given = part_in(
                corpus,
                &sentences.of(true, pair.old, old.texts[pair.old]),
                after,
                &nothing,
            ) / before.weight.max(1.0);
            let taken = part_in(
                corpus,
                &sentences.of(false, pair.new, new.texts[pair.new]),
                before,
                &nothing,
            ) / after.weight.max(1.0);
            if given.min(taken) >= 0.15 && given.max(taken) >= SHARE {
                found.join(pair);
                continue;
            }
        }
        // A part of the old clause became this new one.
        if let Some((own, _)) = of_old
            && !firm(of_new)
        {
            let parts = sentences.of(true, pair.old, old.texts[pair.old]);
            let there = &corpus.new[pair.new];
            let moved = part_in(corpus, &parts, there, &corpus.new[own]);
            let given = moved / corpus.old[pair.old].weight.max(1.0);
            let taken = moved / there.weight.max(1.0);
            if given >= 0.1 && taken >= 0.15 && (given >= SHARE || taken >= 0.5) {
                if taken >= 0.6
                    && let Some((rival, _)) = of_new
                {
                    found.part(rival, pair.new);
                }
                ties.push(tie(given.max(taken)));
                continue;
            }
        }
        // The old clause became a part of this new one.
        if let Some((own, _)) = of_new
            && !firm(of_old)
        {
            let parts = sentences.of(false, pair.new, new.texts[pair.new]);
            let there = &corpus.old[pair.old];
            let moved = part_in(corpus, &parts, there, &corpus.old[own]);
            let taken = moved / corpus.new[pair.new].weight.max(1.0);
            let given = moved / there.weight.max(1.0);
            if taken >= 0.1 && given >= 0.15 && (taken >= SHARE || given >= 0.5) {
                if given >= 0.6
                    && let Some((rival, _)) = of_old
                {
                    found.part(pair.old, rival);
                }
                ties.push(tie(given.max(taken)));
            }
        }
    }
    ties
}

/// The weight of the sentences that stand in `there` rather than in `own`.
fn part_in(corpus: &Corpus, sentences: &[Sentence], there: &Profile, own: &Profile) -> f32 {
    sentences
        .iter()
        .filter(|sentence| sentence.places <= PLACES)
        .filter_map(|sentence| {
            let found = corpus.covered(&sentence.profile, there);
            let stays = corpus.covered(&sentence.profile, own);
            let moved = found >= FOUND && found >= stays + BETTER;
            (moved && found >= sentence.best - RATHER).then_some(found * sentence.profile.weight)
        })
        .sum()
}

/// A sentence, and where else it is found in the other version.
#[derive(Clone)]
struct Sentence {
    profile: Profile,
    /// In how many clauses of either version, about equally well.
    places: usize,
    /// How much of it, where it is found best.
    best: f32,
}

struct Sentences<'a> {
    corpus: &'a Corpus,
    /// The clauses of the other version that each clause was compared with.
    partners: HashMap<(bool, usize), Vec<usize>>,
    cache: HashMap<(bool, usize), Vec<Sentence>>,
}

impl<'a> Sentences<'a> {
    fn new(corpus: &'a Corpus, pairs: &[Pair]) -> Self {
        let mut partners: HashMap<(bool, usize), Vec<usize>> = HashMap::new();
        for pair in pairs {
            partners.entry((true, pair.old)).or_default().push(pair.new);
            partners
                .entry((false, pair.new))
                .or_default()
                .push(pair.old);
        }
        Self {
            corpus,
            partners,
            cache: HashMap::new(),
        }
    }

    fn of(&mut self, is_old: bool, at: usize, text: &str) -> Vec<Sentence> {
        let corpus = self.corpus;
        let partners = self
            .partners
            .get(&(is_old, at))
            .map_or(&[][..], Vec::as_slice);
        let (own, side) = match is_old {
            true => (&corpus.old, &corpus.new),
            false => (&corpus.new, &corpus.old),
        };
        let mut siblings: Vec<usize> = partners
            .iter()
            .filter_map(|at| self.partners.get(&(!is_old, *at)))
            .flatten()
            .copied()
            .collect();
        siblings.sort_unstable();
        siblings.dedup();
        let one = |text: &str| {
            let profile = corpus.part(text);
            let found: Vec<f32> = partners
                .iter()
                .map(|at| corpus.covered(&profile, &side[*at]))
                .collect();
            let best = found.iter().copied().fold(0.0, f32::max);
            let good = |share: &&f32| **share >= FOUND.max(best - RATHER);
            let there = found.iter().filter(good).count();
            let whole = |at: &&usize| corpus.covered(&profile, &own[**at]) >= WHOLE;
            let here = siblings.iter().filter(whole).count();
            let places = there.max(here);
            Sentence {
                profile,
                places,
                best,
            }
        };
        let parts = || sentences(text).into_iter().map(one).collect();
        self.cache.entry((is_old, at)).or_insert_with(parts).clone()
    }
}

/// The sentences of a clause: a line or what ends in a full stop or semicolon.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let blank_next = chars.peek().is_none_or(|(_, n)| n.is_whitespace());
        if matches!(c, '\n' | '。' | '；' | '！' | '？') || (matches!(c, '.' | ';') && blank_next)
        {
            let end = at + c.len_utf8();
            sentences.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(&text[start..]);
    }
    sentences
}

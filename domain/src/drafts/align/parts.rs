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
/// Least share of the clause that goes to, or comes from, the other.
const SHARE: f32 = 0.2;
/// A match liker than this is not questioned.
const FIRM: f32 = 0.62;

/// The further pairs; weak matches that they prove wrong are undone in `found`.
pub fn parts(old: &Side, new: &Side, corpus: &Corpus, found: &mut Assignment) -> Vec<Tie> {
    let mut sentences = Sentences {
        corpus,
        cache: HashMap::new(),
    };
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
fn part_in(corpus: &Corpus, sentences: &[Profile], there: &Profile, own: &Profile) -> f32 {
    sentences
        .iter()
        .filter_map(|sentence| {
            let found = corpus.covered(sentence, there);
            let stays = corpus.covered(sentence, own);
            (found >= FOUND && found >= stays + BETTER).then_some(found * sentence.weight)
        })
        .sum()
}

struct Sentences<'a> {
    corpus: &'a Corpus,
    cache: HashMap<(bool, usize), Vec<Profile>>,
}

impl Sentences<'_> {
    fn of(&mut self, is_old: bool, at: usize, text: &str) -> Vec<Profile> {
        let corpus = self.corpus;
        let parts = || {
            sentences(text)
                .into_iter()
                .map(|s| corpus.part(s))
                .collect()
        };
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

//! How alike two texts are: shared shingles (pairs of Chinese characters, words and pairs of words
//! in other scripts), where a rare shingle says more than one that stands in every clause.

use crate::text::fold;
use std::collections::HashMap;

/// The shingles of one text: number of the shingle and how often it occurs, by number.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    grams: Vec<(u32, u32)>,
    /// Sum of the weights.
    pub weight: f32,
}

impl Profile {
    /// Distinct shingles.
    pub fn len(&self) -> usize {
        self.grams.len()
    }

    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.grams.iter().map(|(id, _)| *id)
    }
}

/// What stands in this many clauses of one version and in none of the other is a word that was
/// replaced throughout (入境 by 进境): it does not tell one clause from another,
const REPLACED: u32 = 3;
/// and weighs less.
const REPLACED_WEIGHT: f32 = 0.3;

/// The profiles of the clauses of two versions, weighted over both.
pub struct Corpus {
    ids: HashMap<u64, u32>,
    weights: Vec<f32>,
    /// In how many clauses of the version in which it is more common each shingle stands.
    spread: Vec<u32>,
    pub old: Vec<Profile>,
    pub new: Vec<Profile>,
}

impl Corpus {
    pub fn new<'a>(old: impl Iterator<Item = &'a str>, new: impl Iterator<Item = &'a str>) -> Self {
        let mut ids = HashMap::new();
        let mut count = |text: &str| {
            let hashes = shingles(text);
            let next = |ids: &mut HashMap<u64, u32>, hash| {
                let fresh = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                *ids.entry(hash).or_insert(fresh)
            };
            counted(
                hashes
                    .into_iter()
                    .map(|hash| next(&mut ids, hash))
                    .collect(),
            )
        };
        let old: Vec<_> = old.map(&mut count).collect();
        let new: Vec<_> = new.map(&mut count).collect();
        let (in_old, in_new) = (spread(&old, ids.len()), spread(&new, ids.len()));
        let both = || in_old.iter().zip(&in_new);
        let clauses = old.len().max(new.len()) as f32;
        let weights = both()
            .map(|(a, b)| {
                let weight = (1.0 + clauses / *a.max(b) as f32).ln();
                let replaced = *a.min(b) == 0 && *a.max(b) >= REPLACED;
                weight * if replaced { REPLACED_WEIGHT } else { 1.0 }
            })
            .collect();
        let spread = both().map(|(a, b)| *a.max(b)).collect();
        let mut corpus = Self {
            ids,
            weights,
            spread,
            old: Vec::new(),
            new: Vec::new(),
        };
        corpus.old = old.into_iter().map(|grams| corpus.weighed(grams)).collect();
        corpus.new = new.into_iter().map(|grams| corpus.weighed(grams)).collect();
        corpus
    }

    fn weighed(&self, grams: Vec<(u32, u32)>) -> Profile {
        let weight = grams
            .iter()
            .map(|(id, n)| self.weights[*id as usize] * *n as f32)
            .sum();
        Profile { grams, weight }
    }

    /// The profile of a part of one of the texts.
    pub fn part(&self, text: &str) -> Profile {
        let known = shingles(text)
            .into_iter()
            .filter_map(|hash| self.ids.get(&hash).copied());
        self.weighed(counted(known.collect()))
    }

    pub fn weight_of(&self, id: u32) -> f32 {
        self.weights[id as usize]
    }

    pub fn spread_of(&self, id: u32) -> usize {
        self.spread[id as usize] as usize
    }

    pub fn shingle_count(&self) -> usize {
        self.weights.len()
    }

    /// The weight of what both have.
    pub fn shared(&self, a: &Profile, b: &Profile) -> f32 {
        let (mut x, mut y, mut shared) = (0, 0, 0.0);
        while let (Some((id_a, n_a)), Some((id_b, n_b))) = (a.grams.get(x), b.grams.get(y)) {
            match id_a.cmp(id_b) {
                std::cmp::Ordering::Less => x += 1,
                std::cmp::Ordering::Greater => y += 1,
                std::cmp::Ordering::Equal => {
                    shared += self.weights[*id_a as usize] * (*n_a.min(n_b)) as f32;
                    x += 1;
                    y += 1;
                }
            }
        }
        shared
    }

    /// How much of `part` stands in `whole`, 0 to 1.
    pub fn covered(&self, part: &Profile, whole: &Profile) -> f32 {
        if part.weight <= 0.0 {
            0.0
        } else {
            self.shared(part, whole) / part.weight
        }
    }

    /// How alike two texts are, 0 to 1: what they share of both, and of the shorter one, so that
    /// a clause that grew is still found.
    pub fn likeness(&self, a: &Profile, b: &Profile) -> f32 {
        let smaller = a.weight.min(b.weight);
        if smaller <= 0.0 {
            return 0.0;
        }
        let shared = self.shared(a, b);
        let of_both = 2.0 * shared / (a.weight + b.weight);
        // A few shared shingles of a very short text say little.
        let of_smaller = shared / smaller * (a.len().min(b.len()) as f32 / 14.0).min(1.0);
        (0.55 * of_both + 0.45 * of_smaller).max(of_both)
    }
}

/// In how many clauses each shingle stands.
fn spread(side: &[Vec<(u32, u32)>], shingles: usize) -> Vec<u32> {
    let mut spread = vec![0; shingles];
    for (id, _) in side.iter().flatten() {
        spread[*id as usize] += 1;
    }
    spread
}

fn counted(mut ids: Vec<u32>) -> Vec<(u32, u32)> {
    ids.sort_unstable();
    let mut grams: Vec<(u32, u32)> = Vec::with_capacity(ids.len());
    for id in ids {
        match grams.last_mut() {
            Some((last, n)) if *last == id => *n += 1,
            _ => grams.push((id, 1)),
        }
    }
    grams
}

/// Pairs of neighbouring characters in scripts without blanks; words, and pairs of them, in others.
/// References (第十五条第二款) are left out: they change with every number that shifts.
fn shingles(text: &str) -> Vec<u64> {
    let folded = without_references(&fold(text));
    let mut grams = Vec::new();
    let mut word = FNV;
    let mut in_word = false;
    let mut before: Option<(u64, bool)> = None;
    let mut take = |token: u64, is_word: bool, before: &mut Option<(u64, bool)>| {
        if is_word {
            grams.push(token);
        }
        if let Some((last, _)) = before {
            grams.push(step(*last, token));
        }
        *before = Some((token, is_word));
    };
    for c in folded.chars() {
        if c.is_alphanumeric() && !is_ideograph(c) {
            word = step(word, c as u64);
            in_word = true;
            continue;
        }
        if in_word {
            take(word, true, &mut before);
            (word, in_word) = (FNV, false);
        }
        if is_ideograph(c) {
            take(step(FNV, c as u64), false, &mut before);
        } else if !c.is_whitespace() {
            before = None;
        }
    }
    if in_word {
        take(word, true, &mut before);
    }
    if grams.is_empty() && !folded.trim().is_empty() {
        // One character alone, or signs only.
        grams.push(folded.chars().fold(FNV, |hash, c| step(hash, c as u64)));
    }
    grams
}

fn without_references(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('第') {
        let after = &rest[at + '第'.len_utf8()..];
        let unit = after
            .trim_start_matches(|c: char| "〇零一二三四五六七八九十百千0123456789".contains(c));
        let unit_is = |c: char| matches!(c, '条' | '款' | '项' | '章' | '节' | '條' | '項' | '節');
        kept.push_str(&rest[..at]);
        rest = match unit
            .chars()
            .next()
            .filter(|c| unit_is(*c) && unit.len() < after.len())
        {
            // A sign in its place keeps the words around it apart.
            Some(c) => {
                kept.push('·');
                &unit[c.len_utf8()..]
            }
            None => {
                kept.push('第');
                after
            }
        };
    }
    kept.push_str(rest);
    kept
}

const FNV: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, value: u64) -> u64 {
    (hash ^ value)
        .wrapping_mul(0x0000_0100_0000_01b3)
        .rotate_left(17)
}

/// Chinese characters, kana and the like: scripts that set no blanks between words.
pub fn is_ideograph(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

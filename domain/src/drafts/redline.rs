//! The words that changed between two texts.
//!
//! [`inline`] compares word by word and then tidies up as an editor would: scraps of common text
//! between two changes join the change, and a change begins and ends where a reader would put it,
//! so that Chinese reads as words and not as scattered characters.

#[cfg(test)]
mod tests;
mod tidy;

use super::{Inline, InlineOp};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Texts of more words are compared by whole lines first.
const WORDS: usize = 20_000;

/// How `old` became `new`. The equal and deleted runs together are `old`, the equal and inserted
/// ones `new`, to the letter. `words` cuts a text into words that together are the text.
pub fn inline(old: &str, new: &str, words: &dyn Fn(&str) -> Vec<&str>) -> Vec<Inline> {
    if old == new {
        return runs(vec![(InlineOp::Equal, old)]);
    }
    let old_words = cut(old, words);
    let new_words = cut(new, words);
    if old_words.len() + new_words.len() > WORDS {
        let lines = |text| cut(text, &|t: &str| t.split_inclusive('\n').collect());
        return runs(plainly(&compared(&lines(old), &lines(new))));
    }
    runs(tidy::tidy(compared(&old_words, &new_words)))
}

/// Latin words, numbers, single Chinese characters, blanks and signs: what to cut into where no
/// dictionary is at hand.
pub fn plain_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let class = class(c);
        let joins = last == Some(class) && matches!(class, Class::Letter | Class::Blank);
        if !joins && at > start {
            words.push(&text[start..at]);
            start = at;
        }
        last = Some(class);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Blank,
    /// Stands alone.
    Sign,
}

fn class(c: char) -> Class {
    match c {
        '\n' => Class::Sign,
        c if c.is_whitespace() => Class::Blank,
        c if super::align::is_ideograph(c) => Class::Sign,
        c if c.is_alphanumeric() || c == '\u{301}' => Class::Letter,
        _ => Class::Sign,
    }
}

/// The words of `text`; the plain ones should `words` lose or change anything.
fn cut<'a>(text: &'a str, words: &dyn Fn(&str) -> Vec<&str>) -> Vec<&'a str> {
    let mut kept = Vec::new();
    let mut at = 0;
    for word in words(text) {
        if !text[at..].starts_with(word) {
            return plain_words(text);
        }
        kept.push(word);
        at += word.len();
    }
    if at == text.len() {
        uncut(text, kept)
    } else {
        plain_words(text)
    }
}

/// Puts back together what no reader takes apart: 2.5, 1,250.00, café, doesn't.
fn uncut<'a>(text: &'a str, words: Vec<&'a str>) -> Vec<&'a str> {
    let mut whole = Vec::with_capacity(words.len());
    let (mut start, mut at) = (0, 0);
    for word in words {
        if at > start && !holds_together(text, at) {
            whole.push(&text[start..at]);
            start = at;
        }
        at += word.len();
    }
    if start < at {
        whole.push(&text[start..at]);
    }
    whole
}

/// Whether the place between two characters is inside a number or a word.
fn holds_together(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let mut after = text[at..].chars();
    let (Some(last), Some(next)) = (before.next(), after.next()) else {
        return false;
    };
    let is_letter = |c: char| class(c) == Class::Letter;
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    // The mark, and what stands on both sides of it.
    let joined = |mark: char, left: Option<char>, right: Option<char>| match mark {
        '.' | ',' | '．' => left.is_some_and(is_digit) && right.is_some_and(is_digit),
        '\'' | '’' => left.is_some_and(is_letter) && right.is_some_and(is_letter),
        _ => false,
    };
    (is_letter(last) && is_letter(next))
        || joined(next, Some(last), after.next())
        || joined(last, before.next(), Some(next))
}

/// A stretch of words, the same on both sides or replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stretch<'a> {
    Kept(Vec<&'a str>),
    Changed {
        deleted: Vec<&'a str>,
        inserted: Vec<&'a str>,
    },
}

fn compared<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Stretch<'a>> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (old_range, new_range) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            stretches.push(Stretch::Kept(old[old_range].to_vec()));
            continue;
        }
        if let Some(Stretch::Changed { deleted, inserted }) = stretches.last_mut() {
            deleted.extend_from_slice(&old[old_range]);
            inserted.extend_from_slice(&new[new_range]);
        } else {
            let (deleted, inserted) = (old[old_range].to_vec(), new[new_range].to_vec());
            stretches.push(Stretch::Changed { deleted, inserted });
        }
    }
    stretches
}

fn plainly<'a>(stretches: &[Stretch<'a>]) -> Vec<(InlineOp, &'a str)> {
    let mut parts = Vec::new();
    for stretch in stretches {
        match stretch {
            Stretch::Kept(words) => parts.extend(words.iter().map(|w| (InlineOp::Equal, *w))),
            Stretch::Changed { deleted, inserted } => {
                parts.extend(deleted.iter().map(|w| (InlineOp::Delete, *w)));
                parts.extend(inserted.iter().map(|w| (InlineOp::Insert, *w)));
            }
        }
    }
    parts
}

/// Joins neighbours of one fate.
fn runs(parts: Vec<(InlineOp, &str)>) -> Vec<Inline> {
    let mut runs: Vec<Inline> = Vec::new();
    for (op, text) in parts {
        match runs.last_mut() {
            Some(last) if last.op == op => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => runs.push(Inline {
                op,
                text: text.to_owned(),
            }),
        }
    }
    runs
}

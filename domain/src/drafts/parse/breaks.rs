//! Where a line goes on with the sentence of the line before it.

use super::body::begins_item;
use super::lines::{Line, Make};

/// Whether the lines of a draft are broken at a fixed width.
pub struct Wrapped {
    /// Of the longest line, in columns; 0 if lines are whole paragraphs.
    width: usize,
}

/// An English sentence does not end in one of these.
const UNFINISHED: [&str; 18] = [
    "a", "an", "and", "as", "by", "for", "from", "in", "of", "on", "or", "per", "see", "that",
    "the", "to", "under", "with",
];

impl Wrapped {
    pub fn of(lines: &[Line]) -> Self {
        let words = || lines.iter().filter(|l| l.make == Make::Words);
        let width = words().map(|l| columns(&l.text)).max().unwrap_or(0);
        let all = Self { width };
        // A full stop at the end of a line may end a paragraph; words without one are broken off.
        let broken = lines
            .windows(2)
            .filter(|pair| !pair[0].text.ends_with('.') && all.runs_on(&pair[0], &pair[1]))
            .count();
        let is_wrapped = (40..=130).contains(&width) && broken >= 2;
        Self {
            width: if is_wrapped { width } else { 0 },
        }
    }

    /// `line` goes on where `before` was broken off.
    pub fn runs_on(&self, before: &Line, line: &Line) -> bool {
        let both_words = before.make == Make::Words && line.make == Make::Words;
        if line.after_blank || !both_words || before.hashes + line.hashes > 0 {
            return false;
        }
        if before
            .text
            .ends_with(['。', '；', '：', ':', ';', '！', '？'])
            || (begins_item(&line.text) && may_precede_item(&before.text))
        {
            return false;
        }
        if is_unfinished(&before.text) || goes_on(&before.text, &line.text) {
            return true;
        }
        let filled = columns(&before.text);
        match before.text.chars().next_back() {
            _ if self.width == 0 => false,
            Some(c) if c.is_ascii() => filled * 10 >= self.width * 6,
            _ => filled + 4 >= self.width,
        }
    }
}

/// The text breaks off in the middle of a sentence, however short the line is.
fn is_unfinished(text: &str) -> bool {
    if text.ends_with(['，', '、']) {
        return true;
    }
    let last = text.rsplit(' ').next().unwrap_or_default();
    last.len() < text.len() && UNFINISHED.contains(&last)
}

/// An English sentence goes on with a small letter.
fn goes_on(before: &str, text: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !begins_item(text)
}

/// After "…; and" or "…, being" there may follow an item; after "as described in subsection" (a)
/// belongs to the sentence.
fn may_precede_item(text: &str) -> bool {
    let end = text
        .strip_suffix(" and")
        .or_else(|| text.strip_suffix(" or"))
        .unwrap_or(text);
    end.ends_with(['.', ';', ':', ',', '-', '–', '—', '，', '、', '）', ')'])
}

/// Width on a terminal: two columns for a Chinese character.
fn columns(text: &str) -> usize {
    text.chars()
        .take(200)
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum()
}

//! Opinions, plans and notices: no articles, but 一、 over （一） over 1.

use super::lines::{Line, Make};
use super::marks::{Mark, Place, title, unlisted};
use super::numerals::leading;
use crate::drafts::ClauseKind;
use crate::drafts::align::is_ideograph;
use std::ops::Range;

/// How a measure is numbered, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// 一、
    Counted,
    /// （一）
    Bracketed,
    /// 1.
    Decimal,
}

/// A numbered beginning: its level, what is written of it, its value, and what follows.
struct Start<'a> {
    level: Level,
    label: &'a str,
    value: u32,
    rest: &'a str,
}

/// A title longer than this (in characters) is a sentence.
const TITLE: usize = 40;

/// Marks the numbered measures of a draft that has no articles: 一、 with a title is a heading over
/// what follows, everything else that is numbered is an article, or an item of the open one.
pub fn mark_measures(lines: &[Line], marks: &mut [Option<Mark>], contents: Option<&Range<usize>>) {
    let starts: Vec<Option<Start>> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let free = line.make == Make::Words
                && marks[at].is_none()
                && contents.is_none_or(|c| !c.contains(&at));
            free.then(|| start(unlisted(&line.text))).flatten()
        })
        .collect();
    if starts.iter().flatten().count() < 2 {
        return;
    }
    let has_higher = starts.iter().flatten().any(|s| s.level != Level::Decimal);
    let mut open: Option<Level> = None;
    // What the next article of the lowest level is numbered, where there may be one.
    let mut decimal = (!has_higher).then_some(1);
    for at in 0..lines.len() {
        if matches!(
            marks[at].as_ref().map(|m| m.place),
            Some(Place::Heading(..))
        ) {
            (open, decimal) = (None, Some(1));
        }
        let Some(start) = &starts[at] else {
            continue;
        };
        let goes_on = starts
            .get(at + 1)
            .is_some_and(|next| next.as_ref().is_none_or(|next| next.level > start.level));
        if start.level == Level::Counted && goes_on && is_title(start.rest) {
            let place = Place::Heading(ClauseKind::Chapter, 2);
            marks[at] = Some(start.mark(place, title(start.rest)));
            (open, decimal) = (None, Some(1));
            continue;
        }
        let opens = match (start.level, decimal) {
            (Level::Decimal, Some(next)) => {
                open.is_none_or(|open| open == Level::Decimal)
                    && (start.value == next
                        || (next > 1 && (next..next + 4).contains(&start.value)))
            }
            (Level::Decimal, None) => false,
            (level, _) => open.is_none_or(|open| level <= open),
        };
        if opens {
            marks[at] = Some(start.mark(Place::Article, start.rest.to_owned()));
            open = Some(start.level);
            decimal = (start.level == Level::Decimal).then_some(start.value + 1);
        }
    }
}

/// The value of the label of a measure: 一、, （一） or 1.
pub fn label_number(label: &str) -> Option<u32> {
    // The rest of a line is never empty.
    let line = format!("{label}：");
    start(&line).filter(|s| s.rest == "：").map(|s| s.value)
}

impl Start<'_> {
    fn mark(&self, place: Place, rest: String) -> Mark {
        Mark {
            place,
            label: self.label.to_owned(),
            rest,
            numbers: vec![self.value],
            separated: true,
            cites: false,
            joins: false,
            latin: false,
        }
    }
}

fn start(text: &str) -> Option<Start<'_>> {
    let first = text.chars().next()?;
    let (level, value, rest) = match first {
        '（' | '(' => {
            let inner = &text[first.len_utf8()..];
            let (digits, value, rest) = leading(inner)?;
            let rest = rest.trim_start().strip_prefix(['）', ')'])?;
            let counted = !has_decimal(&digits) && inner.starts_with(|c| digits.starts_with(c));
            (counted.then_some(Level::Bracketed)?, value, rest)
        }
        _ => {
            let (digits, value, rest) = leading(text)?;
            let rest = rest.strip_prefix(['、', '．', '.'])?;
            let level = match has_decimal(&digits) {
                true => Level::Decimal,
                false => Level::Counted,
            };
            // 3.1 and 2.5% are no measures, nor is what an English draft numbers.
            let apart = !rest.starts_with(|c: char| c.is_ascii_digit());
            (apart.then_some(level)?, value, rest)
        }
    };
    let label = &text[..text.len() - rest.len()];
    let rest = rest.trim_start();
    let is_chinese = rest.chars().any(is_ideograph) || rest == "：";
    (is_chinese && value < 1_000).then_some(Start {
        level,
        label,
        value,
        rest,
    })
}

fn has_decimal(digits: &str) -> bool {
    digits.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

/// A few words, perhaps with a stop behind them.
fn is_title(text: &str) -> bool {
    let words = text.trim_end_matches(['。', '：', ':']);
    words.chars().nth(TITLE).is_none() && !words.contains(['。', '；', '：', '，'])
}

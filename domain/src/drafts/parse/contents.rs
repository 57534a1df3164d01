//! Contents lists at the front of a draft: readable, but no chapters and no articles.

use super::lines::{Line, Make};
use super::marks::{Mark, Place, unlisted};
use std::ops::Range;

/// A list longer than this is not looked through to its end.
const ENTRIES: usize = 5_000;

/// The lines that list the contents, with their title if they have one.
///
/// A list ends where its first entry stands again: there the draft itself begins.
pub fn contents(lines: &[Line], marks: &[Option<Mark>]) -> Option<Range<usize>> {
    let titled = lines
        .iter()
        .take(1_000)
        .position(|line| is_title(&line.text));
    let (start, first) = match titled {
        Some(title) => (title, title + 1),
        None => {
            let first = marks.iter().position(is_entry_mark)?;
            (first, first)
        }
    };
    let end = lines.len().min(first + ENTRIES);
    let is_entry = |at: usize| {
        let line = &lines[at];
        let listed = titled.is_some() || is_entry_mark(&marks[at]);
        listed && line.make == Make::Words && is_short(&line.text)
    };
    let stop = (first..end).find(|at| !is_entry(*at)).unwrap_or(end);
    let repeats = |entry: usize| {
        (entry + 1..=stop)
            .filter(|at| *at < lines.len())
            .find(|at| same_entry((&lines[entry], &marks[entry]), (&lines[*at], &marks[*at])))
    };
    if stop <= first {
        return None;
    }
    let candidates = (first..stop.min(first + 3)).filter(|at| titled.is_some() || *at == first);
    for entry in candidates {
        if let Some(again) = repeats(entry) {
            // Headings that the list does not have may stand before its first entry.
            let run = (first..again)
                .rev()
                .take_while(|at| is_heading(&marks[*at]))
                .count();
            let listed = (first..again - run).any(|at| is_heading(&marks[at]));
            let end = if listed || is_heading(&marks[entry]) {
                again
            } else {
                again - run
            };
            return (again >= entry + 2).then_some(start..end);
        }
    }
    let listed = match titled {
        Some(_) => stop >= first + 3,
        None => stop >= first + 2 && stands_again(lines, marks, first..stop),
    };
    listed.then_some(start..stop)
}

/// Whether the headings in `list` stand again behind some words, before any article.
fn stands_again(lines: &[Line], marks: &[Option<Mark>], list: Range<usize>) -> bool {
    let headings = list.clone().all(|at| is_heading(&marks[at]));
    let first = (&lines[list.start], &marks[list.start]);
    let again = (list.end..lines.len())
        .take(ENTRIES)
        .filter(|at| marks[*at].is_some())
        .find(|at| !is_heading(&marks[*at]) || same_entry(first, (&lines[*at], &marks[*at])));
    headings && again.is_some_and(|at| is_heading(&marks[at]))
}

fn is_entry_mark(mark: &Option<Mark>) -> bool {
    mark.as_ref()
        .is_some_and(|m| m.place != Place::Numbered || m.numbers.len() == 1)
}

fn is_heading(mark: &Option<Mark>) -> bool {
    mark.as_ref()
        .is_some_and(|m| matches!(m.place, Place::Heading(..)))
}

fn is_title(text: &str) -> bool {
    let key = key(text);
    [
        "目录",
        "目次",
        "目錄",
        "contents",
        "tableofcontents",
        "arrangementofsections",
    ]
    .contains(&key.trim_matches(['：', ':']))
}

/// An entry is a title, not a sentence.
fn is_short(text: &str) -> bool {
    text.chars().nth(120).is_none() && !text.ends_with(['。', '；', ';'])
}

fn same_entry(a: (&Line, &Option<Mark>), b: (&Line, &Option<Mark>)) -> bool {
    let (key_a, key_b) = (key(&a.0.text), key(&b.0.text));
    if key_a == key_b {
        return true;
    }
    let (Some(mark_a), Some(mark_b)) = (a.1, b.1) else {
        return false;
    };
    let (rest_a, rest_b) = (key(&mark_a.rest), key(&mark_b.rest));
    key(&mark_a.label) == key(&mark_b.label)
        && mark_a.place == mark_b.place
        && (rest_b.starts_with(&rest_a) || rest_a.starts_with(&rest_b))
}

/// An entry without blanks, leaders and page number.
fn key(text: &str) -> String {
    let text = unlisted(text);
    let end = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let led = end.trim_end_matches(|c: char| c.is_whitespace() || ".…·-—（(".contains(c));
    let leader = &end[led.len()..];
    let is_leader = text.starts_with('第') && !leader.is_empty()
        || leader.contains(['.', '…', '·', '\t', '—'])
        || leader.chars().count() > 1;
    let text = if end.len() < text.len() && is_leader {
        led
    } else {
        text
    };
    text.chars()
        .filter(|c| !c.is_whitespace() && !".…·".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

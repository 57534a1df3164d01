//! Which marks count: decided with the whole draft in view.

use super::breaks::Wrapped;
use super::contents::contents;
use super::lines::{Line, Make};
use super::marks::{Mark, Place, mark};
use super::policy::{label_number, mark_measures};
use crate::drafts::ClauseKind;
use std::collections::HashSet;
use std::ops::Range;

/// The lines of a draft with the marks that count.
pub struct Outline {
    /// For each line.
    pub marks: Vec<Option<Mark>>,
    pub contents: Option<Range<usize>>,
    pub wrapped: Wrapped,
    /// An English draft.
    pub latin: bool,
}

/// Decides what each line is, with the whole draft in view.
pub fn outline(lines: &[Line]) -> Outline {
    let mut marks: Vec<Option<Mark>> = lines
        .iter()
        .map(|line| (line.make == Make::Words).then(|| mark(line)).flatten())
        .collect();
    let contents = contents(lines, &marks);
    for at in contents.clone().unwrap_or_default() {
        marks[at] = None;
    }
    let wrapped = Wrapped::of(lines);
    for at in 1..lines.len() {
        // 第十二条 with a blank behind it is an article even after a comma.
        let stopped = lines[at - 1].text.ends_with('.');
        let may_run_on = |m: &Mark| {
            if m.latin {
                !stopped || m.cites
            } else {
                !m.separated
            }
        };
        if marks[at].as_ref().is_some_and(may_run_on) && wrapped.runs_on(&lines[at - 1], &lines[at])
        {
            marks[at] = None;
        }
    }
    let latin = choose(lines, &mut marks);
    place_standing_words(&mut marks);
    if marks
        .iter()
        .flatten()
        .all(|m| !matches!(m.place, Place::Article))
    {
        mark_measures(lines, &mut marks, contents.as_ref());
    }
    Outline {
        marks,
        contents,
        wrapped,
        latin,
    }
}

/// 总则 below 第一编 is its title; 附则 stands beside the highest headings, not below the last one.
fn place_standing_words(marks: &mut [Option<Mark>]) {
    let highest = marks
        .iter()
        .flatten()
        .filter(|m| !m.numbers.is_empty())
        .filter_map(|m| match m.place {
            Place::Heading(kind, rank) => Some((rank, kind)),
            _ => None,
        })
        .min_by_key(|(rank, _)| *rank);
    let mut untitled = false;
    for mark in marks {
        let Some(m) = mark else {
            untitled = false;
            continue;
        };
        let is_heading = matches!(m.place, Place::Heading(..));
        if is_heading && m.numbers.is_empty() {
            if untitled {
                *mark = None;
            } else if let Some((rank, kind)) = highest {
                m.place = Place::Heading(kind, rank);
            }
            untitled = false;
            continue;
        }
        untitled = is_heading && m.rest.is_empty();
    }
}

/// Keeps the marks of the draft's own kind of article as [`Place::Article`] and drops what is
/// neither that nor a heading over it. True for an English draft.
fn choose(lines: &[Line], marks: &mut [Option<Mark>]) -> bool {
    let count = |test: &dyn Fn(&Mark) -> bool| marks.iter().flatten().filter(|m| test(m)).count();
    let chinese = count(&|m| m.place == Place::Article && !m.latin && !m.cites);
    let articles = count(&|m| m.place == Place::Article && m.latin && !m.cites);
    let sections = count(&|m| m.place == Place::Section && !m.cites);
    let unit = match () {
        () if chinese > 0 && chinese >= articles => {
            choose_chinese(lines, marks);
            return false;
        }
        () if articles > 0 && articles >= sections => Place::Article,
        () if sections > 0 => Place::Section,
        () => Place::Numbered,
    };
    let dotted = marks.iter().zip(lines).any(|(m, line)| {
        m.as_ref().is_some_and(|m| {
            m.place == Place::Numbered && !m.cites && (line.hashes > 0 || m.label.contains('.'))
        })
    });
    let counted = match unit {
        Place::Numbered => in_sequence(lines, marks, dotted),
        _ => HashSet::new(),
    };
    for (at, (mark, line)) in marks.iter_mut().zip(lines).enumerate() {
        let Some(m) = mark else { continue };
        let kept = match m.place {
            Place::Heading(..) => true,
            _ if m.cites && !line.is_marked() => false,
            place if place == unit && place != Place::Numbered => true,
            Place::Article => heading_like(m),
            Place::Section => line.is_marked() || heading_like(m),
            Place::Numbered if unit != Place::Numbered => false,
            Place::Numbered => counted.contains(&at) || (dotted && numbered_heading(m, line)),
        };
        if !kept {
            *mark = None;
            continue;
        }
        m.place = match m.place {
            place if place == unit => Place::Article,
            Place::Article => Place::Heading(ClauseKind::Chapter, 2),
            Place::Section => Place::Heading(ClauseKind::Section, 3),
            place => place,
        };
    }
    // 3 over 3.1 and 3.2 is a heading.
    let mut below: Option<(Vec<u32>, bool)> = None;
    for mark in marks.iter_mut().rev().flatten() {
        if mark.place != Place::Article {
            continue;
        }
        let numbers = mark.numbers.clone();
        // But not 12 over 12a.
        let over = below.as_ref().is_some_and(|(below, dotted)| {
            *dotted && below.len() > numbers.len() && below.starts_with(&numbers)
        });
        if over && unit != Place::Article && heading_like(mark) {
            let depth = u8::try_from(numbers.len()).unwrap_or(u8::MAX - 10);
            mark.place = Place::Heading(ClauseKind::Section, 10 + depth);
        }
        below = Some((numbers, mark.label.contains('.')));
    }
    true
}

/// The sections of a British act: 1 Overview, 2 Permits, counted through, at least two of them. In
/// a draft that has none, whole paragraphs that are counted through: 1. This Act may be cited as….
fn in_sequence(lines: &[Line], marks: &[Option<Mark>], dotted: bool) -> HashSet<usize> {
    let counted = |paragraphs: bool| {
        let mut next = 1;
        let mut found = HashSet::new();
        for (at, (mark, line)) in marks.iter().zip(lines).enumerate() {
            let Some(m) = mark else { continue };
            let heads = paragraphs || (line.after_blank && heading_like(m));
            if m.place == Place::Numbered
                && heads
                && !m.cites
                && (m.numbers == [next] || is_inserted(m, next - 1))
                && m.rest.starts_with(|c: char| c.is_ascii_uppercase())
            {
                found.insert(at);
                next = m.numbers[0] + 1;
            }
        }
        (found.len() > 1).then_some(found)
    };
    let paragraphs = || (!dotted).then(|| counted(true)).flatten();
    counted(false).or_else(paragraphs).unwrap_or_default()
}

/// 5A behind 5, or in its place.
fn is_inserted(mark: &Mark, behind: u32) -> bool {
    mark.numbers.len() == 2
        && (behind..behind + 2).contains(&mark.numbers[0])
        && !mark.label.contains('.')
}

fn heading_like(mark: &Mark) -> bool {
    mark.rest.chars().nth(100).is_none() && !mark.rest.ends_with(['.', ';', '。', '；', ','])
}

fn numbered_heading(mark: &Mark, line: &Line) -> bool {
    line.hashes > 0 || mark.label.contains('.') || (line.after_blank && heading_like(mark))
}

/// An article is 第十二条 with a blank behind it, unless the draft writes without blanks.
fn choose_chinese(lines: &[Line], marks: &mut [Option<Mark>]) {
    let is_article = |m: &Mark| m.place == Place::Article && !m.latin;
    let own = |m: &&Mark| is_article(m) && !m.cites && !m.joins;
    let apart: HashSet<Vec<u32>> = marks
        .iter()
        .flatten()
        .filter(own)
        .filter(|m| m.separated)
        .map(|m| m.numbers.clone())
        .collect();
    let firm: HashSet<Vec<u32>> = marks
        .iter()
        .flatten()
        .filter(own)
        .filter(|m| !m.separated)
        .map(|m| m.numbers.clone())
        .collect();
    let style_attached = firm.len() > apart.len();
    let mut last = 0;
    for (mark, line) in marks.iter_mut().zip(lines) {
        let Some(m) = mark else { continue };
        let kept = match m.place {
            Place::Heading(..) => !m.latin || line.is_marked() || !m.rest.is_ascii(),
            Place::Article if m.latin => false,
            Place::Article if line.is_marked() => m.separated || !(m.cites || m.joins),
            Place::Article if m.cites => false,
            Place::Article => {
                let next = m.numbers == [last + 1];
                let elsewhere = apart.contains(&m.numbers) || firm.contains(&m.numbers);
                match m.joins {
                    true => style_attached && next && !elsewhere,
                    false => m.separated || style_attached || (next && !apart.contains(&m.numbers)),
                }
            }
            _ => false,
        };
        match kept {
            true if is_article(m) => last = m.numbers[0],
            true => {}
            false => *mark = None,
        }
    }
}

/// The numbers in an article's label.
pub fn label_numbers(label: &str) -> Option<Vec<u32>> {
    let line = Line {
        number: 1,
        text: label.to_owned(),
        hashes: 0,
        bold: false,
        after_blank: true,
        make: Make::Words,
    };
    if let Some(mark) = mark(&line) {
        return (mark.rest.is_empty() && !mark.numbers.is_empty()).then_some(mark.numbers);
    }
    if let Some(number) = label_number(label) {
        return Some(vec![number]);
    }
    label.split('.').map(super::numerals::number).collect()
}

//! Which marks count: decided with the whole draft in view.

use super::contents::contents;
use super::lines::{Line, Make};
use super::marks::{Mark, Place, counted, mark};
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
        if marks[at].as_ref().is_some_and(|m| m.latin)
            && wrapped.runs_on(&lines[at - 1], &lines[at])
        {
            marks[at] = None;
        }
    }
    let latin = choose(lines, &mut marks);
    if marks
        .iter()
        .flatten()
        .all(|m| !matches!(m.place, Place::Article))
    {
        count_headings(lines, &mut marks, contents.as_ref());
    }
    Outline {
        marks,
        contents,
        wrapped,
        latin,
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
    let counted = if unit == Place::Numbered {
        in_sequence(lines, marks)
    } else {
        HashSet::new()
    };
    let dotted = marks.iter().zip(lines).any(|(m, line)| {
        m.as_ref().is_some_and(|m| {
            m.place == Place::Numbered && !m.cites && (line.hashes > 0 || m.numbers.len() > 1)
        })
    });
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
            Place::Counted => false,
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

/// The sections of a British act: 1 Overview, 2 Permits, counted through, at least two of them.
fn in_sequence(lines: &[Line], marks: &[Option<Mark>]) -> HashSet<usize> {
    let mut next = 1;
    let mut found = HashSet::new();
    for (at, (mark, line)) in marks.iter().zip(lines).enumerate() {
        let Some(m) = mark else { continue };
        let heads = m.place == Place::Numbered && line.after_blank && !m.cites && heading_like(m);
        if heads && m.numbers == [next] && m.rest.starts_with(|c: char| c.is_ascii_uppercase()) {
            found.insert(at);
            next += 1;
        }
    }
    if found.len() > 1 {
        found
    } else {
        HashSet::new()
    }
}

fn heading_like(mark: &Mark) -> bool {
    mark.rest.chars().nth(100).is_none() && !mark.rest.ends_with(['.', ';', '。', '；', ','])
}

fn numbered_heading(mark: &Mark, line: &Line) -> bool {
    line.hashes > 0 || mark.numbers.len() > 1 || (line.after_blank && heading_like(mark))
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

/// 一、总体要求: the headings of an opinion or a plan.
fn count_headings(lines: &[Line], marks: &mut [Option<Mark>], contents: Option<&Range<usize>>) {
    let mut next = 1;
    for (at, line) in lines.iter().enumerate() {
        if line.make != Make::Words
            || marks[at].is_some()
            || contents.is_some_and(|c| c.contains(&at))
        {
            continue;
        }
        if let Some(mut mark) = counted(line).filter(|m| m.numbers == [next] || line.is_marked()) {
            next = mark.numbers[0] + 1;
            mark.place = Place::Heading(ClauseKind::Chapter, 2);
            marks[at] = Some(mark);
        }
    }
}

/// Whether the lines of a draft are broken at a fixed width.
pub struct Wrapped {
    /// Of the longest line, in columns; 0 if lines are whole paragraphs.
    width: usize,
}

impl Wrapped {
    fn of(lines: &[Line]) -> Self {
        let words = || lines.iter().filter(|l| l.make == Make::Words);
        let width = words().map(|l| columns(&l.text)).max().unwrap_or(0);
        let all = Self { width };
        let broken = lines
            .windows(2)
            .filter(|pair| all.runs_on(&pair[0], &pair[1]))
            .count();
        let is_wrapped = (40..=130).contains(&width) && broken >= 2;
        Self {
            width: if is_wrapped { width } else { 0 },
        }
    }

    /// `line` goes on where `before` was broken off.
    pub fn runs_on(&self, before: &Line, line: &Line) -> bool {
        let both_words = before.make == Make::Words && line.make == Make::Words;
        if self.width == 0 || line.after_blank || !both_words || before.hashes + line.hashes > 0 {
            return false;
        }
        let filled = columns(&before.text);
        if before
            .text
            .ends_with(['。', '；', '：', ':', ';', '！', '？'])
        {
            return false;
        }
        match before.text.chars().next_back() {
            Some(c) if c.is_ascii() => filled * 10 >= self.width * 6,
            _ => filled + 4 >= self.width,
        }
    }
}

/// Width on a terminal: two columns for a Chinese character.
fn columns(text: &str) -> usize {
    text.chars()
        .take(200)
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum()
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
    label.split('.').map(super::numerals::number).collect()
}

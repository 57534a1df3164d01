//! What the beginning of a line says about its place: 第三章 总则, 第十二条, Section 3.1, § 3.
//! Whether a mark counts is decided later, with the whole draft in view (see `outline`).

use super::lines::Line;
use super::numerals::{leading, number, roman, word};
use crate::drafts::ClauseKind;

/// Where a mark puts its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A heading; the smaller the rank, the higher it stands.
    Heading(ClauseKind, u8),
    /// 第十二条, Article 12.
    Article,
    /// Section 3, § 3: an article or a heading, as the draft goes.
    Section,
    /// 3.1 with nothing else.
    Numbered,
}

/// The recognised beginning of a line.
#[derive(Clone, Debug)]
pub struct Mark {
    pub place: Place,
    /// 第十二条, Section 3.1.
    pub label: String,
    /// What follows on the line.
    pub rest: String,
    /// The number, part by part: 第十二条之一 is `[12, 1]`, 3.1 is `[3, 1]`.
    pub numbers: Vec<u32>,
    /// Something other than a word stands between label and rest.
    pub separated: bool,
    /// Reads like the beginning of a sentence that refers to the clause: 第三条规定的….
    pub cites: bool,
    /// May do so: the words that follow at once (以, 与, 对…) begin some articles, too.
    pub joins: bool,
    pub latin: bool,
}

/// Titles longer than this (in characters) are sentences.
const TITLE: usize = 60;
const LATIN_TITLE: usize = 150;
/// 第三条规定…, 第三条和…: with no blank between, these mostly go on a reference.
const JOINS: [char; 13] = [
    '规', '定', '和', '与', '及', '或', '到', '中', '内', '以', '等', '对', '所',
];

/// The mark at the beginning of `line`.
pub fn mark(line: &Line) -> Option<Mark> {
    let text = unlisted(&line.text);
    let mark = chinese(text)
        .or_else(|| standing_word(text))
        .or_else(|| latin(text))?;
    if !matches!(mark.place, Place::Heading(..)) {
        return Some(mark);
    }
    let limit = if mark.latin { LATIN_TITLE } else { TITLE };
    let is_title = mark.rest.chars().nth(limit).is_none()
        && !mark.rest.ends_with(['。', '；', ';', '，', ','])
        && !mark.rest.contains('。');
    (is_title && (line.is_marked() || !(mark.cites || mark.joins))).then_some(mark)
}

/// Without the bullet of a Markdown list.
pub fn unlisted(text: &str) -> &str {
    match text.as_bytes() {
        [b'-' | b'*' | b'+', b' ', ..] => text[2..].trim_start(),
        _ => text,
    }
}

fn chinese(text: &str) -> Option<Mark> {
    // 笫 is a common slip for 第.
    let first = text.chars().next().filter(|c| matches!(c, '第' | '笫'))?;
    let after = &text[first.len_utf8()..];
    let (digits, value, rest) = leading(after)?;
    let rest = rest.trim_start();
    let units = [
        ("部分", Place::Heading(ClauseKind::Part, 0)),
        ("分编", Place::Heading(ClauseKind::Part, 1)),
        ("编", Place::Heading(ClauseKind::Part, 0)),
        ("篇", Place::Heading(ClauseKind::Part, 0)),
        ("章", Place::Heading(ClauseKind::Chapter, 2)),
        ("节", Place::Heading(ClauseKind::Section, 3)),
        ("編", Place::Heading(ClauseKind::Part, 0)),
        ("節", Place::Heading(ClauseKind::Section, 3)),
        ("条", Place::Article),
        ("條", Place::Article),
    ];
    let (unit, place) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
    let mut rest = &rest[unit.len()..];
    let mut label = format!("{first}{digits}{unit}");
    let mut numbers = vec![value];
    if place == Place::Article {
        while let Some((digits, value, after)) =
            rest.trim_start().strip_prefix('之').and_then(leading)
        {
            label.push('之');
            label.push_str(&digits);
            numbers.push(value);
            rest = after;
        }
    }
    let words = rest.trim_start();
    let separators = [
        '【', '〔', '[', '（', '(', '：', ':', '.', '．', '—', '-', '、',
    ];
    let separated = words.is_empty() || words.len() < rest.len() || rest.starts_with(separators);
    let rest = match place {
        Place::Article => words
            .trim_start_matches(['：', ':', '.', '．', '、'])
            .trim_start()
            .to_owned(),
        _ => title(words.trim_start_matches(['：', ':', '.', '．', '、'])),
    };
    let cites = cites(words, separated);
    let joins = !separated && words.starts_with(JOINS);
    Some(Mark {
        place,
        label,
        rest,
        numbers,
        separated,
        cites,
        joins,
        latin: false,
    })
}

/// Whether what follows 第三条 makes it part of a sentence: 第一款规定的, 、第四条, 所称.
fn cites(words: &str, separated: bool) -> bool {
    let bracketed = words.trim_start_matches(['（', '(']);
    if let Some((_, _, unit)) = leading(bracketed.trim_start_matches('第')) {
        let unit = unit.trim_start().trim_start_matches(['）', ')']);
        // 第四十四条 第四十三条所称…: only a clause of the same article makes it a reference.
        let deeper = unit.starts_with(['款', '项', '目']) || (!separated && unit.starts_with('条'));
        if deeper && (bracketed.starts_with('第') || bracketed.len() < words.len()) {
            return true;
        }
    }
    if ["规定的", "所列", "所称", "所规定", "所指"]
        .iter()
        .any(|w| words.starts_with(w))
    {
        return true;
    }
    // 第三条、第四条, but 第三条、本条例….
    if let Some(next) = words.strip_prefix('、') {
        return leading(next.trim_start_matches('第')).is_some() || next.starts_with('第');
    }
    words.starts_with(['，', ',', '。', '；', ';', '～', '~', '”', '》', '）', ')'])
        || (!separated && words.starts_with(['的', '至']))
}

/// 附则 and its like, alone on a line.
fn standing_word(text: &str) -> Option<Mark> {
    if text.chars().nth(12).is_some() {
        return None;
    }
    let label: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ["总则", "分则", "罚则", "附则", "總則", "罰則", "附則"]
        .contains(&label.as_str())
        .then(|| Mark {
            place: Place::Heading(ClauseKind::Chapter, 2),
            label,
            rest: String::new(),
            numbers: Vec::new(),
            separated: true,
            cites: false,
            joins: false,
            latin: false,
        })
}

fn latin(text: &str) -> Option<Mark> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return numbered(text);
    }
    let (name, after) = match text.strip_prefix('§') {
        Some(after) => ("§", after.trim_start_matches('§')),
        None => text.split_at(text.find(|c: char| !c.is_ascii_alphabetic())?),
    };
    let place = match name.to_ascii_lowercase().as_str() {
        "part" | "title" | "book" => Place::Heading(ClauseKind::Part, 0),
        "division" => Place::Heading(ClauseKind::Chapter, 1),
        "chapter" => Place::Heading(ClauseKind::Chapter, 2),
        "subchapter" | "subpart" => Place::Heading(ClauseKind::Section, 3),
        "article" | "art" => Place::Article,
        "section" | "sec" | "§" => Place::Section,
        _ => return None,
    };
    if !name
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c == '§')
    {
        return None;
    }
    let dot = if matches!(name.len(), 3) && after.starts_with('.') {
        "."
    } else {
        ""
    };
    let after = &after[dot.len()..];
    let token = after.trim_start();
    if token.len() == after.len() && name != "§" {
        return None;
    }
    let end = token
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .unwrap_or(token.len());
    let number = token[..end].trim_end_matches('.');
    let rest = &token[number.len()..];
    let heading = matches!(place, Place::Heading(..));
    let numbers = numbers(number, heading)?;
    let words = rest.trim_start_matches(['.', ':', '–', '—', '-', ' ', '\u{3000}', '\t']);
    let blank = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let stop = rest.starts_with(['.', ':', '–', '—', '-']);
    let separated = blank || stop;
    let lower = words.starts_with(|c: char| c.is_lowercase());
    let cites = !separated || words.starts_with([',', ';', ')']) || (lower && !stop);
    let label = if name == "§" {
        format!("§ {number}")
    } else {
        format!("{name}{dot} {number}")
    };
    let rest = if heading {
        title(words)
    } else {
        words.trim_start().to_owned()
    };
    Some(Mark {
        place,
        label,
        rest,
        numbers,
        separated,
        cites,
        joins: false,
        latin: true,
    })
}

/// 12, 12a, 3.1, IV, Two, B.
fn numbers(token: &str, heading: bool) -> Option<Vec<u32>> {
    if token.is_empty() || token.len() > 20 {
        return None;
    }
    if token.starts_with(|c: char| c.is_ascii_digit()) {
        let mut numbers = Vec::new();
        for part in token.split('.') {
            let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            numbers.push(number(digits)?);
            let letters = &part[digits.len()..];
            match letters.as_bytes() {
                [] => {}
                [letter] => numbers.push(u32::from(letter.to_ascii_lowercase() - b'a') + 1),
                _ => return None,
            }
        }
        return Some(numbers);
    }
    let upper = token.bytes().all(|b| b.is_ascii_uppercase());
    if let Some(value) = roman(token).filter(|_| upper) {
        return Some(vec![value]);
    }
    if !heading {
        return word(token).map(|value| vec![value]);
    }
    match token.as_bytes() {
        [letter @ b'A'..=b'Z'] => Some(vec![u32::from(letter - b'A') + 1]),
        _ => word(token).map(|value| vec![value]),
    }
}

/// "3.1 Scope", "2. Definitions", "1.1 适用范围".
fn numbered(text: &str) -> Option<Mark> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let token = text[..end].trim_end_matches('.');
    // 5A, inserted behind 5.
    let inserted = text[end..]
        .chars()
        .next()
        .filter(|c| c.is_ascii_uppercase() && token.len() == end);
    let after = &text[end + inserted.map_or(0, char::len_utf8)..];
    let words = after.trim_start();
    if token.len() > 20 || words.is_empty() || words.len() == after.len() {
        return None;
    }
    let mut numbers = token.split('.').map(number).collect::<Option<Vec<_>>>()?;
    numbers.extend(inserted.map(|c| u32::from(c) - u32::from('A') + 1));
    if numbers.iter().any(|n| *n > 999) || numbers[0] == 0 {
        return None;
    }
    let cites =
        !words.starts_with(|c: char| c.is_uppercase() || !c.is_ascii() && c.is_alphabetic());
    Some(Mark {
        place: Place::Numbered,
        label: token.chars().chain(inserted).collect(),
        rest: words.to_owned(),
        numbers,
        separated: true,
        cites,
        joins: false,
        latin: true,
    })
}

/// A title with its inner blanks folded; single characters set apart (总　　则) are one word.
pub fn title(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let apart = words.len() > 1
        && words.iter().all(|w| {
            let mut chars = w.chars();
            chars.next().is_some_and(|c| !c.is_ascii()) && chars.next().is_none()
        });
    words.join(if apart { "" } else { " " })
}

//! The inside of an article: its paragraphs (款) and items (项, 目).

use super::ParsedClause;
use super::lines::Make;
use super::numerals::{leading, roman};
use crate::drafts::ClauseKind;

/// One paragraph of running text, or a whole table or quotation.
#[derive(Clone, Debug)]
pub struct Unit {
    pub text: String,
    pub make: Make,
}

/// How an item is numbered. Items numbered alike stand on one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// （一）
    Bracketed,
    /// 一、
    Counted,
    /// 1. 1、
    Decimal,
    /// 3.1
    Dotted,
    /// (1) （1）
    BracketedDecimal,
    /// 1)
    HalfBracketed,
    /// ①
    Circled,
    /// (a)
    Letter,
    /// a) a.
    HalfLetter,
    /// (A)
    Capital,
    /// A.
    HalfCapital,
    /// (i)
    Roman,
    /// - •
    Bullet,
}

/// The articles' paragraphs and items, and the text of the whole.
///
/// `title` says that the first unit is the article's title, not a paragraph.
pub fn article(
    label: String,
    latin: bool,
    path: Vec<String>,
    units: &[Unit],
    title: bool,
) -> ParsedClause {
    let text = units
        .iter()
        .map(|u| u.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let mut clause = ParsedClause {
        kind: ClauseKind::Article,
        label,
        path,
        text,
        children: Vec::new(),
    };
    let body = &units[usize::from(title && !units.is_empty())..];
    let mut open: Vec<(Style, String)> = Vec::new();
    let marks: Vec<Option<(Style, String)>> = body
        .iter()
        .map(|unit| {
            let mark = (unit.make == Make::Words)
                .then(|| item(&unit.text, &open))
                .flatten();
            match &mark {
                Some((style, number)) => nest(&mut open, *style, number),
                None => open.clear(),
            }
            mark
        })
        .collect();
    let paragraphs = body
        .iter()
        .zip(&marks)
        .filter(|(u, m)| m.is_none() && u.make == Make::Words)
        .count();
    let running = |u: &Unit| matches!(u.make, Make::Words | Make::Page);
    let plain = marks.iter().all(Option::is_none) && body.iter().all(running);
    if plain && paragraphs < 2 {
        return clause;
    }
    if title {
        clause.children.push(child(
            &clause,
            ClauseKind::Text,
            String::new(),
            &units[0].text,
        ));
    }
    let mut builder = Builder {
        latin,
        single: paragraphs <= 1,
        paragraphs: 0,
        levels: Vec::new(),
    };
    for (unit, mark) in body.iter().zip(marks) {
        builder.add(&mut clause, unit, mark);
    }
    clause
}

fn child(article: &ParsedClause, kind: ClauseKind, label: String, text: &str) -> ParsedClause {
    ParsedClause {
        kind,
        label,
        path: article.path.clone(),
        text: text.to_owned(),
        children: Vec::new(),
    }
}

/// Moves to the level of `style`: back to it, or one deeper.
fn nest(open: &mut Vec<(Style, String)>, style: Style, number: &str) {
    if let Some(at) = open.iter().position(|(s, _)| *s == style) {
        open.truncate(at);
    }
    open.push((style, number.to_owned()));
}

struct Builder {
    latin: bool,
    /// There is one paragraph at most, so that items are cited without it.
    single: bool,
    paragraphs: u32,
    /// The open items: their style, how many there were, their label.
    levels: Vec<(Style, u32, String)>,
}

impl Builder {
    fn add(&mut self, article: &mut ParsedClause, unit: &Unit, mark: Option<(Style, String)>) {
        let Some((style, number)) = mark else {
            if unit.make == Make::Words && self.add_subparagraph(article, unit) {
                return;
            }
            self.levels.clear();
            let (kind, label) = match unit.make {
                Make::Words => {
                    self.paragraphs += 1;
                    (ClauseKind::Paragraph, self.paragraph_label(&article.label))
                }
                _ => (ClauseKind::Text, String::new()),
            };
            let new = child(article, kind, label, &unit.text);
            article.children.push(new);
            return;
        };
        match self.levels.iter().position(|(s, ..)| *s == style) {
            Some(at) => self.levels.truncate(at + 1),
            None => self.levels.push((style, 0, String::new())),
        }
        let depth = self.levels.len() - 1;
        let above = match depth.checked_sub(1) {
            Some(upper) => self.levels[upper].2.clone(),
            None if self.single || self.paragraphs == 0 => article.label.clone(),
            None => self.paragraph_label(&article.label),
        };
        let level = &mut self.levels[depth];
        level.1 += 1;
        let number = if style == Style::Bullet {
            level.1.to_string()
        } else {
            number
        };
        level.2 = item_label(&above, style, &number, depth, self.latin);
        // 12(1), 12(2): what an English act calls subsections are paragraphs.
        let numbered = matches!(
            style,
            Style::Decimal | Style::Dotted | Style::BracketedDecimal
        );
        let kind = match self.latin && depth == 0 && numbered {
            true => ClauseKind::Paragraph,
            false => ClauseKind::Item,
        };
        let new = child(article, kind, level.2.clone(), &unit.text);
        let mut siblings = &mut article.children;
        // Items hang below the last paragraph, deeper ones below the last item.
        let intro = self.paragraphs > 0
            && siblings
                .last()
                .is_some_and(|c| c.kind == ClauseKind::Paragraph)
            && kind == ClauseKind::Item;
        let steps = depth + usize::from(intro && !self.is_numbered_above());
        for _ in 0..steps {
            let Some(last) = siblings.len().checked_sub(1) else {
                break;
            };
            siblings = &mut siblings[last].children;
        }
        siblings.push(new);
    }

    /// What follows 6(1) and its points (a), (b) without a number is more of 6(1).
    fn add_subparagraph(&mut self, article: &mut ParsedClause, unit: &Unit) -> bool {
        if self.paragraphs > 0 || !self.is_numbered_above() {
            return false;
        }
        self.levels.truncate(1);
        let path = article.path.clone();
        let Some(over) = article.children.last_mut() else {
            return false;
        };
        let before = over
            .children
            .iter()
            .filter(|c| c.kind == ClauseKind::Paragraph);
        let label = format!("{}, subparagraph {}", over.label, before.count() + 2);
        over.children.push(ParsedClause {
            kind: ClauseKind::Paragraph,
            label,
            path,
            text: unit.text.clone(),
            children: Vec::new(),
        });
        true
    }

    /// The outermost open level is itself a paragraph: 12(1) over (a).
    fn is_numbered_above(&self) -> bool {
        let outer = self.levels.first().map(|(style, ..)| *style);
        self.latin
            && matches!(
                outer,
                Some(Style::Decimal | Style::Dotted | Style::BracketedDecimal)
            )
    }

    fn paragraph_label(&self, article: &str) -> String {
        match self.latin {
            true => format!("{article}, paragraph {}", self.paragraphs),
            false => format!("{article}第{}款", super::numerals::chinese(self.paragraphs)),
        }
    }
}

fn item_label(above: &str, style: Style, number: &str, depth: usize, latin: bool) -> String {
    if latin {
        return match style {
            Style::Dotted => format!("{above}, {number}"),
            Style::Bullet => format!("{above}, item {number}"),
            _ => format!("{above}({number})"),
        };
    }
    let name = if depth == 0 { "项" } else { "目" };
    match style {
        Style::Bracketed
        | Style::BracketedDecimal
        | Style::Letter
        | Style::Roman
        | Style::Capital => {
            format!("{above}第（{number}）{name}")
        }
        _ => format!("{above}第{number}{name}"),
    }
}

/// Whether `text` begins with the number or bullet of an item.
pub fn begins_item(text: &str) -> bool {
    let lettered =
        text.starts_with(|c: char| c.is_ascii_uppercase()) && text[1..].starts_with(". ");
    lettered || item(text, &[]).is_some()
}

/// The numbering at the beginning of `text`; `open` are the levels it may continue, with their last
/// numbers.
fn item(text: &str, open: &[(Style, String)]) -> Option<(Style, String)> {
    let first = text.chars().next()?;
    if let '①'..='⑳' = first {
        return Some((Style::Circled, first.to_string()));
    }
    if matches!(first, '-' | '*' | '+' | '•' | '●' | '■' | '–')
        && text[first.len_utf8()..].starts_with(char::is_whitespace)
    {
        let inner = text[first.len_utf8()..].trim_start();
        return Some(item(inner, open).unwrap_or((Style::Bullet, String::new())));
    }
    if let Some(inner) = text.strip_prefix(['（', '(']) {
        let end = inner
            .char_indices()
            .take(12)
            .find(|(_, c)| matches!(c, '）' | ')'))?
            .0;
        return bracketed(inner[..end].trim(), open);
    }
    let ascii = first.is_ascii_digit() || ('０'..='９').contains(&first);
    if ascii {
        return decimal(text);
    }
    if first.is_ascii_alphabetic() {
        let mut rest = text.chars().skip(1);
        let (stop, next) = (rest.next()?, rest.next());
        let apart = next.is_none_or(char::is_whitespace);
        let lower = first.is_ascii_lowercase();
        if stop == '.' && apart && !lower && is_next_capital(first, open) {
            return Some((Style::HalfCapital, first.to_string()));
        }
        return (stop == ')' || stop == '）' || (stop == '.' && lower && apart))
            .then(|| (Style::HalfLetter, first.to_string()));
    }
    let (digits, _, rest) = leading(text)?;
    (text.starts_with(|c| digits.starts_with(c)) && rest.starts_with(['、', '．']))
        .then_some((Style::Counted, digits))
}

fn bracketed(inner: &str, open: &[(Style, String)]) -> Option<(Style, String)> {
    if let Some((digits, _, "")) = leading(inner) {
        let decimal =
            digits.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
        let style = if decimal {
            Style::BracketedDecimal
        } else {
            Style::Bracketed
        };
        return Some((style, digits));
    }
    if inner.is_empty() || inner.len() > 6 || !inner.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let lower = inner.bytes().all(|b| b.is_ascii_lowercase());
    let upper = inner.bytes().all(|b| b.is_ascii_uppercase());
    let repeated = inner.bytes().all(|b| b == inner.as_bytes()[0]);
    let letter = match (lower, upper) {
        (true, _) => Style::Letter,
        (_, true) => Style::Capital,
        _ => return None,
    };
    let value = roman(inner).filter(|_| lower);
    let style = match (value, inner.len() == 1 || repeated) {
        (None, true) => letter,
        (None, false) => return None,
        (Some(_), false) => Style::Roman,
        // (i) is the ninth letter after (h), and the first number below (a).
        (Some(value), true) => open
            .iter()
            .rev()
            .find(|(style, last)| match style {
                Style::Letter => follows(last, inner),
                Style::Roman => roman(last).is_some_and(|last| last + 1 == value),
                _ => false,
            })
            .map_or(
                if value == 1 { Style::Roman } else { letter },
                |(style, _)| *style,
            ),
    };
    Some((style, inner.to_owned()))
}

/// A. begins a list and C. goes on after B.; any other capital is somebody's initial.
fn is_next_capital(letter: char, open: &[(Style, String)]) -> bool {
    let last = open.iter().rfind(|(style, _)| *style == Style::HalfCapital);
    letter == 'A' || last.is_some_and(|(_, last)| follows(last, &letter.to_string()))
}

/// (c) follows (b), (aa) follows (z).
fn follows(last: &str, next: &str) -> bool {
    let (a, b) = (last.as_bytes(), next.as_bytes());
    (a.len() == b.len() && a[0] + 1 == b[0]) || (last == "z" && next == "aa")
}

/// 1. 1、 1) 3.1
fn decimal(text: &str) -> Option<(Style, String)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || ('０'..='９').contains(&c)))?;
    let (number, rest) = text.split_at(end);
    if number.len() > 12 {
        return None;
    }
    let after = |stop: char| rest.strip_prefix(stop);
    if after('、').is_some() || after('．').is_some() {
        return Some((Style::Decimal, number.to_owned()));
    }
    if after(')').is_some() || after('）').is_some() {
        return Some((Style::HalfBracketed, number.to_owned()));
    }
    let next = after('.')?;
    if next.starts_with(|c: char| c.is_ascii_digit()) {
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let dotted = text[..end].trim_end_matches('.');
        let short = dotted.len() < 12 && dotted.split('.').all(|p| p.len() < 3);
        let apart = text[end..].starts_with(char::is_whitespace);
        return (short && apart).then(|| (Style::Dotted, dotted.to_owned()));
    }
    Some((Style::Decimal, number.to_owned()))
}

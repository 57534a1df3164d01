//! Numbers that are left out, stand twice or out of order.

use super::numerals::chinese;
use crate::drafts::{Warning, WarningKind};
use std::collections::HashSet;

/// The number of an article, where it stands, and within what it is counted.
#[derive(Clone, Debug)]
pub struct Numbered {
    pub label: String,
    pub numbers: Vec<u32>,
    pub line: usize,
    /// Which annex; each counts anew.
    pub annex: usize,
    /// How many headings stood before it.
    pub parent: usize,
    pub latin: bool,
}

/// A gap wider than this is told by its ends.
const GAP: u32 = 20;

/// What a reader should look at, in the order of the lines.
pub fn warnings(articles: &[Numbered]) -> Vec<Warning> {
    if articles.is_empty() {
        return vec![Warning {
            kind: WarningKind::NoArticles,
            label: String::new(),
            line: 1,
        }];
    }
    // English sections may be counted within each part.
    let firsts = articles.iter().filter(|a| a.latin && a.numbers == [1]);
    let parents: HashSet<usize> = firsts.map(|a| a.parent).collect();
    let within = |a: &Numbered| match parents.len() > 1 {
        true => (a.annex, a.parent),
        false => (a.annex, 0),
    };
    let present: HashSet<((usize, usize), &[u32])> = articles
        .iter()
        .map(|a| (within(a), a.numbers.as_slice()))
        .collect();
    let mut seen: HashSet<((usize, usize), &[u32])> = HashSet::new();
    let mut warnings = Vec::new();
    let mut last: Option<&Numbered> = None;
    for article in articles {
        let mut warn = |kind, label: String| {
            warnings.push(Warning {
                kind,
                label,
                line: article.line,
            });
        };
        let numbers = article.numbers.as_slice();
        if last.is_some_and(|last| within(last) != within(article)) {
            last = None;
        }
        if !seen.insert((within(article), numbers)) {
            warn(WarningKind::RepeatedNumber, article.label.clone());
            continue;
        }
        let before = last.map(|last| last.numbers.as_slice());
        if before.is_some_and(|before| numbers < before) {
            warn(WarningKind::OutOfOrder, article.label.clone());
            continue;
        }
        // Section 201 is the first of title II.
        let begins_hundred = article.latin
            && last.is_some_and(|last| last.parent != article.parent)
            && numbers[0] % 100 == 1;
        let dotted = article.label.contains('.');
        let missing: Vec<Vec<u32>> = skipped(before, numbers, dotted)
            .into_iter()
            .filter(|_| !begins_hundred)
            .filter(|n| !present.contains(&(within(article), n.as_slice())))
            .collect();
        let wide = missing.len() > GAP as usize;
        for (at, number) in missing.iter().enumerate() {
            if !wide || at == 0 || at + 1 == missing.len() {
                warn(WarningKind::MissingNumber, relabel(&article.label, number));
            }
        }
        last = Some(article);
    }
    warnings
}

/// The numbers between two that follow each other. Over a dotted 3.1 stands a heading 3, over
/// 第三条之一 an article 第三条.
fn skipped(before: Option<&[u32]>, numbers: &[u32], dotted: bool) -> Vec<Vec<u32>> {
    let shared = before.map_or(0, |b| {
        b.iter().zip(numbers).take_while(|(a, b)| a == b).count()
    });
    let Some(to) = numbers.get(shared) else {
        return Vec::new();
    };
    let from = before.and_then(|b| b.get(shared)).copied();
    // 3.1 after 2.4 begins a new count; a draft that begins elsewhere than at 1 is an excerpt
    // as far as its upper levels go.
    let from = match (from, before) {
        (Some(from), _) => from,
        (None, Some(_)) => 0,
        (None, None) if numbers.len() == 1 => 0,
        (None, None) => return Vec::new(),
    };
    let to = (*to).min(from.saturating_add(100_000));
    let under = |parent: &[u32], n: u32| parent.iter().copied().chain([n]).collect::<Vec<u32>>();
    let mut skipped: Vec<Vec<u32>> = (from.saturating_add(1)..to)
        .map(|n| under(&numbers[..shared], n))
        .collect();
    for deeper in shared + 1..numbers.len() {
        if !dotted {
            skipped.push(numbers[..deeper].to_vec());
        }
        skipped.extend((1..numbers[deeper].min(1_000)).map(|n| under(&numbers[..deeper], n)));
    }
    skipped
}

/// `label` with another number: 第三条 as 第四条, Article 12 as Article 13.
fn relabel(label: &str, numbers: &[u32]) -> String {
    if let Some(rest) = label.strip_prefix('第') {
        let decimal = rest.starts_with(|c: char| c.is_ascii_digit());
        let word = |n: u32| if decimal { n.to_string() } else { chinese(n) };
        let mut text = format!("第{}条", word(numbers[0]));
        for n in &numbers[1..] {
            text.push_str(&format!("之{}", word(*n)));
        }
        return text;
    }
    let number = numbers
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(".");
    match label.rfind(' ') {
        Some(blank) => format!("{} {number}", &label[..blank]),
        None => number,
    }
}

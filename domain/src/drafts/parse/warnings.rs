//! Numbers that are left out, stand twice or out of order.

use super::numerals::{chinese, leading, to_roman};
use crate::drafts::{Warning, WarningKind};
use std::collections::{HashMap, HashSet};

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
    /// May be counted anew under each heading: English sections, the measures of a plan.
    pub restarts: bool,
}

/// The number of a heading, and under which headings it stands.
#[derive(Clone, Debug)]
pub struct NumberedHeading {
    pub label: String,
    pub number: u32,
    pub line: usize,
    pub annex: usize,
    pub path: Vec<String>,
    /// 三、 that is an article, counted together with those that are headings.
    pub is_measure: bool,
}

/// In which annex, under which heading, in which way of numbering.
type Within = (usize, usize, String);

/// A gap wider than this is told by its ends.
const GAP: u32 = 20;

/// What a reader should look at, in the order of the lines.
pub fn warnings(articles: &[Numbered], headings: &[NumberedHeading]) -> Vec<Warning> {
    let measures = headings.iter().any(|h| h.is_measure);
    if articles.is_empty() && !measures {
        return vec![Warning {
            kind: WarningKind::NoArticles,
            label: String::new(),
            line: 1,
        }];
    }
    let mut warnings = of_articles(articles);
    warnings.extend(of_headings(headings));
    warnings.sort_by_key(|warning| warning.line);
    warnings
}

fn of_articles(articles: &[Numbered]) -> Vec<Warning> {
    // The measures of a plan are counted level by level; § 2 may follow Section 1.
    let series = |a: &Numbered| match a.label.ends_with(['、', '．', '.', '）', ')']) {
        true => signs(&a.label),
        false => String::new(),
    };
    let firsts = articles
        .iter()
        .filter(|a| a.restarts && a.numbers == [1])
        .map(|a| (series(a), a.parent));
    let mut starts: HashMap<String, HashSet<usize>> = HashMap::new();
    for (series, parent) in firsts {
        starts.entry(series).or_default().insert(parent);
    }
    let within = |a: &Numbered| -> Within {
        let anew = starts.get(&series(a)).is_some_and(|s| s.len() > 1);
        (a.annex, if anew { a.parent } else { 0 }, series(a))
    };
    let present: HashSet<(Within, &[u32])> = articles
        .iter()
        .map(|a| (within(a), a.numbers.as_slice()))
        .collect();
    let mut seen: HashSet<(Within, &[u32])> = HashSet::new();
    let mut warnings = Vec::new();
    let mut lasts: HashMap<Within, &Numbered> = HashMap::new();
    for article in articles {
        let mut warn = |kind, label: String| {
            warnings.push(Warning {
                kind,
                label,
                line: article.line,
            });
        };
        let numbers = article.numbers.as_slice();
        let last = lasts.get(&within(article)).copied();
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
        let begins_hundred = article.restarts
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
        lasts.insert(within(article), article);
    }
    warnings
}

/// Headings are counted under each heading above them, or through the whole draft.
fn of_headings(headings: &[NumberedHeading]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut lasts: HashMap<String, &NumberedHeading> = HashMap::new();
    for heading in headings {
        let Some(last) = lasts.insert(series(&heading.label), heading) else {
            continue;
        };
        let mut warn = |kind, label: String| {
            warnings.push(Warning {
                kind,
                label,
                line: heading.line,
            });
        };
        let (before, number) = (last.number, heading.number);
        let beside = (last.annex, &last.path) == (heading.annex, &heading.path);
        if !beside {
            continue;
        }
        match number {
            // A notice is counted, and so is the plan that it encloses.
            1 if heading.label.ends_with('、') => {}
            n if n == before => warn(WarningKind::RepeatedNumber, heading.label.clone()),
            n if n < before => warn(WarningKind::OutOfOrder, heading.label.clone()),
            n => (before + 1..n)
                .take(GAP as usize)
                .for_each(|n| warn(WarningKind::MissingNumber, relabel(&heading.label, &[n]))),
        }
    }
    warnings
}

/// The way in which a label is numbered: 第…章, Chapter …, （…）.
fn series(label: &str) -> String {
    if let Some(rest) = label.strip_prefix(['第', '笫']) {
        return leading(rest).map_or("", |(_, _, unit)| unit).to_owned();
    }
    label
        .rfind(' ')
        .map_or_else(|| signs(label), |blank| label[..blank].to_owned())
}

/// What is not the number of （三） or 三、.
fn signs(label: &str) -> String {
    let signs = label.chars().filter(|c| "（）()、．.".contains(*c));
    let decimal = label.chars().any(|c| c.is_ascii_digit());
    signs.chain(decimal.then_some('1')).collect()
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

/// `label` with another number: 第三条 as 第四条, Article 12 as Article 13, （三） as （四）.
fn relabel(label: &str, numbers: &[u32]) -> String {
    let decimal = label.contains(|c: char| c.is_ascii_digit());
    if let Some(rest) = label.strip_prefix(['第', '笫']) {
        let word = |n: u32| if decimal { n.to_string() } else { chinese(n) };
        let unit = leading(rest).map_or("条", |(_, _, unit)| unit);
        let unit = unit.split('之').next().unwrap_or(unit);
        let mut text = format!("第{}{unit}", word(numbers[0]));
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
    if let Some(blank) = label.rfind(' ') {
        let roman = super::numerals::roman(&label[blank + 1..]).is_some();
        let number = match numbers {
            [n] if roman => to_roman(*n),
            _ => number,
        };
        return format!("{} {number}", &label[..blank]);
    }
    let number = if decimal { number } else { chinese(numbers[0]) };
    match label.chars().next_back() {
        Some(end @ ('）' | ')')) => {
            let start = if end == '）' { '（' } else { '(' };
            format!("{start}{number}{end}")
        }
        Some(end @ ('、' | '．' | '.')) => format!("{number}{end}"),
        _ => number,
    }
}

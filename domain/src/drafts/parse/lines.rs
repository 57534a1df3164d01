//! The lines of a draft without their Markdown: comments and rules dropped, emphasis and links
//! unwrapped, each with its number in the source.

use super::numerals::leading;

/// What a line is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    Words,
    /// A row of a table, kept as it came.
    Table,
    /// A quoted line, kept as it came.
    Quote,
    /// The number of a printed page.
    Page,
}

/// One line that says something.
#[derive(Clone, Debug)]
pub struct Line {
    /// From 1, in the source.
    pub number: usize,
    pub text: String,
    /// How many `#` stood before it.
    pub hashes: usize,
    /// It began in bold type.
    pub bold: bool,
    /// Nothing stood on the line before it.
    pub after_blank: bool,
    pub make: Make,
}

impl Line {
    /// The author marked it as a heading.
    pub fn is_marked(&self) -> bool {
        self.hashes > 0 || self.bold
    }
}

/// Every line of `source` that says something.
pub fn lines(source: &str) -> Vec<Line> {
    let source = without_comments(source);
    let mut lines = Vec::new();
    let mut after_blank = true;
    for (index, raw) in source.split('\n').enumerate() {
        match line(raw, index + 1, after_blank) {
            Some(line) => {
                lines.extend(unrolled(line));
                after_blank = false;
            }
            None => after_blank = true,
        }
    }
    lines
}

fn line(raw: &str, number: usize, after_blank: bool) -> Option<Line> {
    let trimmed = trim(raw);
    if trimmed.is_empty() || is_rule(trimmed) || is_empty_markup(trimmed) {
        return None;
    }
    let make = match trimmed.as_bytes()[0] {
        b'|' => Make::Table,
        b'>' => Make::Quote,
        _ if is_page_number(trimmed) || is_set_apart_number(raw) => Make::Page,
        _ => Make::Words,
    };
    if make != Make::Words {
        let text = trimmed.to_owned();
        return Some(Line {
            number,
            text,
            hashes: 0,
            bold: false,
            after_blank,
            make,
        });
    }
    let hashes = trimmed.bytes().take_while(|b| *b == b'#').count();
    let (hashes, words) = match hashes {
        1..=6 => (hashes, trim(trimmed[hashes..].trim_end_matches('#'))),
        _ => (0, trimmed),
    };
    let bold = words.starts_with("**") || words.starts_with("__");
    let text = match set_apart(words) {
        Some((label, rest)) => format!("{} {}", plain(label), plain(rest)),
        None => plain(words),
    };
    let text = trim(&text).to_owned();
    (!text.is_empty()).then_some(Line {
        number,
        text,
        hashes,
        bold,
        after_blank,
        make,
    })
}

/// Copied pages may have lost their line ends, so that one article follows another on one line. The
/// line is broken up only if the article that it begins with is followed by the next.
fn unrolled(line: Line) -> Vec<Line> {
    let number = |text: &str| {
        let (_, number, rest) = leading(text.strip_prefix('第')?)?;
        rest.starts_with('条').then_some(number)
    };
    let Some(first) = number(&line.text) else {
        return vec![line];
    };
    let mut breaks = Vec::new();
    let mut next = first + 1;
    let mut before = ('\0', '\0');
    for (at, c) in line.text.char_indices() {
        let apart = before.1.is_whitespace() && !c.is_whitespace();
        if apart && matches!(before.0, '。' | '；' | '：' | ':' | ';' | '”') {
            breaks.push(at);
            if c == '第' && number(&line.text[at..]) == Some(next) {
                next += 1;
            }
        }
        if !(c.is_whitespace() && before.1.is_whitespace()) {
            before = (before.1, c);
        }
    }
    if next == first + 1 {
        return vec![line];
    }
    let starts = std::iter::once(0).chain(breaks.iter().copied());
    let ends = breaks.iter().copied().chain([line.text.len()]);
    starts
        .zip(ends)
        .map(|(start, end)| Line {
            text: trim(&line.text[start..end]).to_owned(),
            after_blank: true,
            ..line.clone()
        })
        .collect()
}

/// **第一条**为了…: the end of the bold type stands for a blank.
fn set_apart(words: &str) -> Option<(&str, &str)> {
    let inner = words
        .strip_prefix("**")
        .filter(|inner| inner.starts_with('第'))?;
    let end = inner
        .char_indices()
        .take(20)
        .find(|(at, _)| inner[*at..].starts_with("**"))?
        .0;
    Some((&inner[..end], &inner[end + 2..]))
}

/// HTML comments are notes of the author, not text. Line breaks inside them stay, so that line
/// numbers hold. A comment that never ends is text.
fn without_comments(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find("<!--") {
        let Some(length) = rest[start..].find("-->") else {
            break;
        };
        kept.push_str(&rest[..start]);
        let comment = &rest[start..start + length];
        kept.extend(comment.chars().filter(|c| *c == '\n'));
        rest = &rest[start + length + 3..];
    }
    kept.push_str(rest);
    if kept.contains('\r') {
        kept = kept.replace("\r\n", "\n").replace('\r', "\n");
    }
    kept
}

/// Zero-width characters, which no reader sees.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}' | '\u{AD}'
    )
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// `<a id="top"></a>`, `<br>`: HTML that only sets a place or a layout.
fn is_empty_markup(text: &str) -> bool {
    let mut rest = text;
    while let Some(tag) = rest.strip_prefix('<') {
        let Some((tag, after)) = tag.split_once('>') else {
            return false;
        };
        let tag = tag.trim_start_matches('/');
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric());
        let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
        if !["a", "br", "div", "span", "p", "center", "hr"].contains(&name.as_str()) {
            return false;
        }
        rest = after.trim_start();
    }
    rest.is_empty()
}

/// `---`, `***`, `===` and the fences of code.
fn is_rule(text: &str) -> bool {
    let first = text.as_bytes()[0];
    (matches!(first, b'-' | b'*' | b'_' | b'=' | b'`')
        && text.len() >= 3
        && text.bytes().all(|b| b == first || b == b' '))
        || (text.starts_with("```") && text.len() < 20)
}

/// A number alone in the middle of its line.
fn is_set_apart_number(raw: &str) -> bool {
    let indent = raw.chars().take_while(|c| c.is_whitespace()).count();
    let number = raw.trim();
    indent >= 8 && number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit())
}

/// — 3 —, 第 3 页 共 12 页, Page 3 of 12, 3 / 12.
fn is_page_number(text: &str) -> bool {
    if text.chars().nth(24).is_some() {
        return false;
    }
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let is_dash = |c: char| "-－—–―─".contains(c);
    let words: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(inner) = words
        .strip_prefix(is_dash)
        .and_then(|w| w.strip_suffix(is_dash))
    {
        let inner = inner.trim_matches(is_dash);
        return !inner.is_empty() && inner.len() <= 12 && inner.chars().all(is_digit);
    }
    let mut shape = String::new();
    for c in words.chars().filter(|c| !",，/".contains(*c)) {
        match is_digit(c) {
            true if shape.ends_with('1') => {}
            true => shape.push('1'),
            false => shape.push(c.to_ascii_lowercase()),
        }
    }
    ["第1页", "第1页共1页", "page1", "page1of1"].contains(&shape.as_str())
}

/// `text` without inline Markdown: emphasis, escapes and links are unwrapped (the target of a link
/// that leaves the document is kept behind its words), blank entities become blanks.
pub fn plain(text: &str) -> String {
    let text = if text.contains('&') {
        text.replace("&nbsp;", " ")
            .replace("&emsp;", "\u{3000}")
            .replace("&ensp;", " ")
    } else {
        text.to_owned()
    };
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let closings = closing_brackets(&chars);
    let emphasis = emphasis(&chars);
    let mut at = 0;
    let mut links: Vec<(usize, usize)> = Vec::new();
    while at < chars.len() {
        let c = chars[at];
        let next = chars.get(at + 1).copied();
        if let Some(&(close, end)) = links.last()
            && at == close
        {
            links.pop();
            let target: String = chars[close + 2..end].iter().collect();
            if !target.starts_with('#') {
                out.push_str(&format!(" ({target})"));
            }
            at = end + 1;
            continue;
        }
        match c {
            '\\' if next.is_none_or(|n| n.is_ascii_punctuation()) => {
                out.extend(next);
                at += 2;
                continue;
            }
            '*' | '_' => {
                let run = run(&chars, at);
                if !emphasis[at] {
                    out.extend(std::iter::repeat_n(c, run));
                }
                at += run;
                continue;
            }
            '[' => {
                if let Some((close, end)) = closings[at] {
                    links.push((close, end));
                    at += 1;
                    continue;
                }
                out.push(c);
            }
            '!' if next == Some('[') && closings[at + 1].is_some() => {}
            c if is_invisible(c) => {}
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
        at += 1;
    }
    out
}

/// How often the character at `at` stands there in a row.
fn run(chars: &[char], at: usize) -> usize {
    chars[at..].iter().take_while(|c| **c == chars[at]).count()
}

/// Where runs of `*` or `__` begin that open or close an emphasis.
fn emphasis(chars: &[char]) -> Vec<bool> {
    let mut marks = vec![false; chars.len()];
    let mut open: Option<(usize, char, usize)> = None;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c != '*' && c != '_' {
            at += 1;
            continue;
        }
        let run = run(chars, at);
        let solid = |x: Option<&char>| x.is_some_and(|x| !x.is_whitespace());
        let opens = solid(chars.get(at + run));
        let closes = at > 0 && solid(chars.get(at - 1));
        if run <= 3 && (c == '*' || run == 2) {
            match open {
                Some((start, mark, length)) if closes && mark == c && length == run => {
                    marks[start] = true;
                    marks[at] = true;
                    open = None;
                }
                _ if opens => open = Some((at, c, run)),
                _ => {}
            }
        }
        at += run;
    }
    marks
}

/// For each `[` of a link `[words](target)`, where the words and the target end.
fn closing_brackets(chars: &[char]) -> Vec<Option<(usize, usize)>> {
    let mut closings = vec![None; chars.len()];
    if !chars.contains(&'[') {
        return closings;
    }
    let mut next_round = vec![None; chars.len() + 1];
    for at in (0..chars.len()).rev() {
        next_round[at] = match chars[at] {
            ')' => Some(at),
            '(' => None,
            _ => next_round[at + 1],
        };
    }
    let mut open = Vec::new();
    for at in 0..chars.len() {
        match chars[at] {
            '[' => open.push(at),
            ']' => {
                let start = open.pop();
                if let (Some(start), Some('(')) = (start, chars.get(at + 1))
                    && let Some(end) = next_round[at + 2]
                    && end > at + 2
                {
                    closings[start] = Some((at, end));
                }
            }
            _ => {}
        }
    }
    closings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_markdown_is_unwrapped_and_targets_outside_the_text_are_kept() {
        for (markdown, words) in [
            ("**第一条** 为了", "第一条 为了"),
            ("第一条 *立法*目的", "第一条 立法目的"),
            ("[第一章](#a)总则", "第一章总则"),
            (
                "see [the act](https://law.example/1)",
                "see the act (https://law.example/1)",
            ),
            ("1\\. not a list", "1. not a list"),
            ("a_b and 5 * 3 _____", "a_b and 5 * 3 _____"),
            ("[x] (y)", "[x] (y)"),
        ] {
            assert_eq!(plain(markdown), words, "{markdown}");
        }
    }

    #[test]
    fn comments_rules_and_invisible_lines_say_nothing_and_numbers_hold() {
        let got: Vec<(usize, String)> =
            lines("a<!-- x\ny -->b\r\n---\n\u{200B}\n# 标题 #\n<!-- open")
                .into_iter()
                .map(|l| (l.number, l.text))
                .collect();
        let want = [(1, "a"), (2, "b"), (5, "标题"), (6, "<!-- open")];
        assert_eq!(got, want.map(|(n, t)| (n, t.to_owned())));
    }
}

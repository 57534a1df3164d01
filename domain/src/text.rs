//! Text that people typed: parsed once, at the edge, into something trimmed, limited and in
//! Unicode normal form C. Nothing is removed that a person could see; escaping happens at output.

use crate::limits;
use crate::problem::Fault;
use unicode_normalization::UnicodeNormalization;

/// Length as a reader counts: extended grapheme clusters (UAX 29).
#[cfg(feature = "graphemes")]
pub fn length(text: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation;
    text.graphemes(true).count()
}

/// Length in code points: an upper bound used where the segmentation tables are left out.
#[cfg(not(feature = "graphemes"))]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// Text of one or more lines: NFC, line ends as `\n`, control characters that no keyboard makes
/// dropped (PostgreSQL cannot hold U+0000), trimmed. Empty text becomes `None`.
pub fn lines(raw: &str, limit: usize) -> Result<Option<String>, Fault> {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    limited(clean(&unified, |c| c == '\n' || c == '\t'), limit)
}

/// Text of one line: as [`lines`], with every run of white space folded to one blank.
pub fn line(raw: &str, limit: usize) -> Result<Option<String>, Fault> {
    let folded = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    limited(clean(&folded, |_| false), limit)
}

/// As [`lines`], but something must be there.
pub fn required_lines(raw: &str, limit: usize) -> Result<String, Fault> {
    lines(raw, limit)?.ok_or(Fault::Required)
}

/// As [`line`], but something must be there.
pub fn required_line(raw: &str, limit: usize) -> Result<String, Fault> {
    line(raw, limit)?.ok_or(Fault::Required)
}

fn clean(text: &str, keep: impl Fn(char) -> bool) -> String {
    text.nfc().filter(|c| !c.is_control() || keep(*c)).collect()
}

/// Bytes that a grapheme may take on average. A family of four takes 25, a letter of any script
/// with its marks fewer.
const GRAPHEME_BYTES: usize = 32;

fn limited(text: String, limit: usize) -> Result<Option<String>, Fault> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if trimmed
        .chars()
        .all(|c| c.is_whitespace() || shows_nothing(c))
    {
        return Ok(None);
    }
    // Cheap first: no text has more graphemes than bytes.
    if trimmed.len() > limit {
        let length = length(trimmed);
        if length > limit {
            return Err(Fault::TooLong { limit, length });
        }
        // One letter may carry marks without end, and a reader counts one.
        if trimmed.len() > limit * GRAPHEME_BYTES {
            let length = trimmed.chars().count();
            return Err(Fault::TooLong { limit, length });
        }
    }
    Ok(Some(trimmed.to_owned()))
}

/// The tag of a language (BCP 47) in its usual spelling: `zh-Hans`, `en`, `bo-CN`. Only its form is
/// checked, not whether such a language is registered.
pub fn language_tag(raw: &str) -> Result<String, Fault> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(Fault::Required);
    }
    let plain = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let mut parts = raw.split('-');
    let language = parts.next().unwrap_or_default();
    let named = (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    if raw.len() > limits::LANGUAGE_TAG_BYTES || !named || !parts.clone().all(plain) {
        return Err(Fault::Malformed);
    }
    let mut tag = language.to_ascii_lowercase();
    for part in parts {
        tag.push('-');
        let mut part = part.to_ascii_lowercase();
        match part.len() {
            2 => part.make_ascii_uppercase(),
            4 => part[..1].make_ascii_uppercase(),
            _ => {}
        }
        tag.push_str(&part);
    }
    Ok(tag)
}

/// Zero-width characters that alone do not make a text.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}'
    )
}

/// Characters that alone show nothing to anybody: those that Unicode calls default-ignorable, and
/// blanks that are no white space (Hangul fillers, the empty Braille pattern).
fn shows_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Direction overrides and isolates (Trojan Source, CVE-2021-42574). They are stored as they came
/// and left out of every rendering.
pub fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Plain text as HTML: escaped, paragraphs at blank lines, line breaks kept, direction controls
/// left out. The result is safe to insert as element content.
pub fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for paragraph in text
        .split("\n\n")
        .map(|p| p.trim_matches('\n'))
        .filter(|p| !p.is_empty())
    {
        html.push_str("<p dir=\"auto\">");
        for (index, line) in paragraph.split('\n').enumerate() {
            if index > 0 {
                html.push_str("<br>");
            }
            escape_into(line, &mut html);
        }
        html.push_str("</p>");
    }
    html
}

fn escape_into(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if is_direction_control(c) => {}
            c => html.push(c),
        }
    }
}

/// The form in which text is searched: lower case, compatibility forms folded (NFKC), so that
/// full-width and half-width letters meet.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_alone_are_nothing() {
        for blank in [
            "",
            "  ",
            "\n\t\u{3000}",
            "\u{200B}\u{FEFF}",
            "\u{202E}",
            " \u{200B}\u{202E} ",
            "\u{AD}\u{180E}",
            "\u{2800}\u{3164}",
        ] {
            assert_eq!(lines(blank, 10), Ok(None), "{blank:?}");
            assert_eq!(required_line(blank, 10), Err(Fault::Required));
        }
    }

    #[test]
    fn limits_count_what_a_reader_counts() {
        let family = "👨‍👩‍👧‍👦".repeat(3);
        #[cfg(feature = "graphemes")]
        assert_eq!(lines(&family, 3), Ok(Some(family.clone())));
        assert_eq!(
            lines("一二三四", 3),
            Err(Fault::TooLong {
                limit: 3,
                length: 4
            })
        );
    }

    #[test]
    fn marks_without_end_do_not_slip_under_a_limit() {
        let heaped = format!("a{}", "\u{301}\u{302}".repeat(5_000));
        assert_eq!(
            lines(&heaped, 100),
            Err(Fault::TooLong {
                limit: 100,
                length: heaped.nfc().count()
            })
        );
    }

    #[test]
    fn control_characters_are_dropped_and_line_ends_unified() {
        assert_eq!(lines("a\0b\r\nc\u{7}", 10), Ok(Some("ab\nc".into())));
        assert_eq!(line("a \n b", 10), Ok(Some("a b".into())));
    }

    #[test]
    fn a_language_has_one_spelling() {
        for (raw, read) in [
            (" ZH-hans ", Ok("zh-Hans")),
            ("en-gb", Ok("en-GB")),
            ("mn-mong-CN", Ok("mn-Mong-CN")),
            ("", Err(Fault::Required)),
            ("z", Err(Fault::Malformed)),
            ("zh_CN", Err(Fault::Malformed)),
            ("zh-", Err(Fault::Malformed)),
            ("zh\" onload=\"", Err(Fault::Malformed)),
            ("简体", Err(Fault::Malformed)),
        ] {
            assert_eq!(language_tag(raw), read.map(str::to_owned), "{raw}");
        }
    }

    #[test]
    fn text_is_composed() {
        assert_eq!(line("e\u{301}", 10), Ok(Some("é".into())));
    }

    #[test]
    fn html_is_escaped_and_direction_overrides_do_not_render() {
        assert_eq!(
            to_html("<b>'1'\n2\n\n\u{202E}3 & 4"),
            "<p dir=\"auto\">&lt;b&gt;&#39;1&#39;<br>2</p><p dir=\"auto\">3 &amp; 4</p>"
        );
    }
}

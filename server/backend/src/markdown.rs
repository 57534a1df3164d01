//! What staff write in Markdown, rendered and sanitised: the explanation of a draft once, when it is
//! written; the report on a session when it is read, for what it said before is kept as text alone.

use ammonia::{Builder, UrlRelative};
use domain::text::is_direction_control;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::collections::BTreeSet;

/// Headings stand below the page's section heading, which is an `h2`.
const TOP_LEVEL: usize = 3;

/// Safe HTML. A line ends where it was ended: who numbers paragraphs line by line means lines, and
/// between two Chinese ones a blank is no sign. Headings fit below an `h2` without a gap, HTML in the source reads as text, and a
/// picture is its description: a public page contacts no other host.
pub(crate) fn to_html(markdown: &str) -> String {
    let source: String = markdown
        .chars()
        .filter(|c| !is_direction_control(*c))
        .collect();
    let parsed = || Parser::new_ext(&source, Options::ENABLE_TABLES);
    let used: BTreeSet<HeadingLevel> = parsed()
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(level),
            _ => None,
        })
        .collect();
    let below = |level: HeadingLevel| {
        let rank = used.iter().position(|one| *one == level).unwrap_or(0);
        HeadingLevel::try_from((TOP_LEVEL + rank).min(6)).unwrap_or(HeadingLevel::H6)
    };
    let events = parsed().filter_map(|event| match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Some(Event::Start(Tag::Heading {
            level: below(level),
            id,
            classes,
            attrs,
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Html(source) | Event::InlineHtml(source) => Some(Event::Text(source)),
        other => Some(other),
    });
    let mut rendered = String::with_capacity(source.len() * 2);
    html::push_html(&mut rendered, events);
    Builder::default()
        .rm_tags(["img"])
        .link_rel(Some("noopener nofollow"))
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .url_relative(UrlRelative::Deny)
        .clean(&rendered)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn headings_begin_below_the_section_and_leave_no_gap() {
        assert_eq!(to_html("# 一\n\n### 二\n"), "<h3>一</h3>\n<h4>二</h4>\n");
    }

    #[test]
    fn lines_stay_lines() {
        let lines = "<p>主要意见：<br>\n一、甲<br>\n二、乙</p>\n";
        assert_eq!(to_html("主要意见：\n一、甲\n二、乙"), lines);
    }

    #[test]
    fn tables_are_kept() {
        let html = to_html("| a | b |\n|---|---|\n| 1 | 2 |\n");
        assert!(
            html.contains("<th>a</th>") && html.contains("<td>2</td>"),
            "{html}"
        );
    }

    #[test]
    fn pictures_and_scripts_become_text() {
        let html = to_html(
            "![地图](https://else.example/a.png) <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>",
        );
        assert!(
            !html.contains("<img") && !html.contains("<script"),
            "{html}"
        );
        assert!(
            html.contains("地图") && html.contains("&lt;script&gt;"),
            "{html}"
        );
    }

    #[test]
    fn links_keep_a_safe_scheme_and_pass_nothing_on() {
        assert_eq!(
            to_html("[a](https://a.example) [b](javascript:alert(1)) [c](/relative)"),
            "<p><a href=\"https://a.example\" rel=\"noopener nofollow\">a</a> \
             <a rel=\"noopener nofollow\">b</a> <a rel=\"noopener nofollow\">c</a></p>\n"
        );
    }

    #[test]
    fn direction_overrides_do_not_render() {
        assert_eq!(to_html("a\u{202E}b"), "<p>ab</p>\n");
    }
}

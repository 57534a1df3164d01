//! The lines that a department pastes into its page, and what a strict content security policy of
//! that page must allow for them. README.md and docs/embedding.md print the same.

use app::page::plain;

/// Keeps room for a widget, so that nothing moves when it appears.
const ROOM: &str = "display:block;min-height:100vh";

/// What is embedded: a consultation or a unit's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widget {
    Consultation,
    List,
}

/// The script and the element. `base` is the server's address, `page` the public page's, `name`
/// what the link says to people without scripts.
pub fn lines(widget: Widget, base: &str, page: &str, name: &str) -> String {
    let tag = match widget {
        Widget::Consultation => "yanlu-consultation",
        Widget::List => "yanlu-list",
    };
    let name = plain(name).replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<script type=\"module\" src=\"{base}/embed/v1.js\"></script>\n\
         <{tag} src=\"{page}\" style=\"{ROOM}\">\n  <a href=\"{page}\">{name}</a>\n</{tag}>"
    )
}

/// What a page's policy must allow for frames.
pub fn frame_policy(base: &str) -> String {
    format!("script-src {base}; frame-src {base}")
}

/// The same for the inline mode, which falls back to a frame.
pub fn inline_policy(base: &str) -> String {
    format!("script-src {base} 'wasm-unsafe-eval'; connect-src {base}; frame-src {base}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = include_str!("../../../README.md");
    const EMBEDDING: &str = include_str!("../../../docs/embedding.md");
    const BASE: &str = "https://yanlu.example";

    #[test]
    fn the_documents_print_what_the_desk_prints() {
        let page = format!("{BASE}/c/2026-0012");
        let name = "公开征求意见：停车条例（草案）";
        let lines = lines(Widget::Consultation, BASE, &page, name);
        for document in [README, EMBEDDING] {
            assert!(document.contains(&lines), "{lines}");
        }
        for policy in [frame_policy(BASE), inline_policy(BASE)] {
            let printed = EMBEDDING.lines().any(|line| {
                line.split_once(": ")
                    .is_some_and(|(_, said)| said.trim() == policy)
            });
            assert!(printed, "{policy}");
        }
    }

    #[test]
    fn a_name_is_text_and_nothing_else() {
        let lines = lines(Widget::List, BASE, "https://yanlu.example/u/x", "甲<b>&乙");
        assert!(
            lines.contains(">甲&lt;b>&amp;乙</a>\n</yanlu-list>"),
            "{lines}"
        );
    }
}

//! Links that lead out of a widget: they open beside the host page and say so.

use super::{all_pages, everywhere};
use crate::i18n::{Lang, T};
use crate::page::{Chrome, PageContext};
use crate::testing::context;

/// Each link with its opening tag and what stands inside.
fn links(html: &str) -> Vec<&str> {
    html.match_indices("<a ")
        .map(|(start, _)| {
            let rest = &html[start..];
            &rest[..rest.find("</a>").unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn a_link_that_opens_elsewhere_says_so_and_no_other_does() {
    let mut told = 0;
    for (name, html) in everywhere() {
        let lang = Lang::ALL
            .into_iter()
            .find(|lang| name.contains(&format!(" {} ", lang.tag())))
            .unwrap();
        for link in links(&html) {
            let leaves = link.contains("target=\"_blank\"");
            let says = link.contains(T(lang).page_new_tab());
            assert_eq!(leaves, says, "{name}: {link}");
            told += usize::from(says);
        }
    }
    assert!(told > 20);
}

#[test]
fn in_the_host_page_itself_every_address_opens_elsewhere() {
    let cx = PageContext {
        chrome: Chrome::Fragment,
        ..context()
    };
    let widgets = all_pages(&cx)
        .into_iter()
        .filter(|(name, _)| name.starts_with("widget"));
    let mut seen = 0;
    for (name, html) in widgets {
        seen += 1;
        for link in links(&html)
            .iter()
            .filter(|link| !link.contains("href=\"#"))
        {
            assert!(link.contains("target=\"_blank\""), "{name}: {link}");
        }
    }
    assert!(seen > 5);
}

#[test]
fn an_error_in_a_frame_leads_on() {
    let cx = PageContext {
        chrome: Chrome::Frame,
        ..context()
    };
    let html = crate::errors::error_page(&cx, "没有找到", "请从列表重新开始。");
    assert!(
        links(&html)
            .iter()
            .any(|link| link.contains("href=\"https://yanlu.example/?") && link.contains("_blank")),
        "{html}"
    );
}

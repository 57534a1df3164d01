//! The frame around every page: language, links, head and chrome, and the way from a Leptos view
//! to a string.
//!
//! Build a [`PageContext`] per request, hand it to a page function, send what comes back.

mod document;
mod links;

pub use document::{Head, html, icon, page, plain, session_page};
pub use links::{Link, To, clause_anchor, comment_anchor};

use crate::i18n::{Lang, T};
use domain::Timestamp;
use domain::consultations::Unit;

/// Where the browser finds what a page needs; each a path or an absolute address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The public style sheet.
    pub css: String,
    /// The same with what the pages of sessions and polls need beside it.
    pub sessions_css: String,
    /// Starts islands; sent only with pages that have one.
    pub boot: String,
    /// Reports the height to the host page; sent with frames only.
    pub frame: String,
    /// The desk's style sheet.
    pub icon: String,
    pub desk_css: String,
    /// Starts the desk's islands.
    pub desk_boot: String,
}

/// What stands around a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chrome {
    /// A document of its own, with header and footer.
    Page,
    /// A document in a host page's frame: no navigation of ours, links elsewhere open beside it.
    Frame,
    /// The body alone, for a shadow root in the host page; all addresses absolute.
    Fragment,
}

/// Everything a page must know apart from its data.
#[derive(Clone, Debug)]
pub struct PageContext {
    pub lang: Lang,
    pub now: Timestamp,
    /// The public address of this server, without a slash at the end.
    pub base: String,
    /// Path and query of this page, for language links and for forms in frames.
    pub here: String,
    pub assets: Assets,
    pub chrome: Chrome,
    /// IANA zone for instants that belong to no unit's page, such as a receipt looked up by code.
    pub zone: String,
}

impl PageContext {
    /// The `lang` of a text that a unit wrote, where the page itself speaks another: so it is read
    /// aloud by the right voice and set in the right font (WCAG 3.1.2).
    pub fn lang_of(&self, unit: &Unit) -> Option<String> {
        (unit.lang != self.lang.tag()).then(|| unit.lang.clone())
    }

    /// The `lang` of our own words inside such a text.
    pub fn own_lang(&self, unit: &Unit) -> Option<&'static str> {
        (unit.lang != self.lang.tag()).then_some(self.lang.tag())
    }

    /// The sentences in the reader's language.
    pub fn t(&self) -> T {
        T(self.lang)
    }

    /// Whether the reader chose the language, so that links must carry it on.
    pub fn lang_is_chosen(&self) -> bool {
        self.chrome != Chrome::Page || links::parameter(&self.here, "lang").is_some()
    }
}

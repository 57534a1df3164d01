//! The parts that pages are made of. Each is a plain function to a view; its look lives in the
//! style sheet of the same name under `style/components/`.

pub mod form;
pub mod numbers;

use crate::i18n::T;
use crate::page::{Link, PageContext, To, plain};
use domain::Timestamp;
use domain::comments::PublicAuthor;
use domain::consultations::State;
use domain::id::ClauseId;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// A link as the chrome needs it.
pub fn anchor(link: Link, content: impl IntoView + 'static) -> AnyView {
    view! {
        <a href=link.href target=link.target rel=link.rel>
            {content.into_any()}
            {link.elsewhere.map(elsewhere)}
        </a>
    }
    .into_any()
}

/// At the end of a link that opens beside the page.
pub fn elsewhere(words: &'static str) -> AnyView {
    unseen(format!(" {words}"))
}

/// A link that looks like a button, for the one thing to do next.
pub fn call_to_action(link: Link, text: &str) -> AnyView {
    let text = text.to_owned();
    view! {
        <a class="button" href=link.href target=link.target rel=link.rel>
            {text}
            {link.elsewhere.map(elsewhere)}
        </a>
    }
    .into_any()
}

/// Where a consultation stands: words in a coloured tag, readable without the colour.
pub fn state_tag(t: T, state: State) -> AnyView {
    view! { <strong class=format!("tag {state}")>{t.state(state)}</strong> }.into_any()
}

/// An instant in full, machine-readable beside it.
pub fn instant(t: T, at: Timestamp, zone: &TimeZone) -> AnyView {
    view! { <time datetime=at.to_string()>{t.instant(at, zone)}</time> }.into_any()
}

/// A day, where the hour says nothing.
pub fn day(t: T, at: Timestamp, zone: &TimeZone) -> AnyView {
    view! { <time datetime=at.to_string()>{t.date(at, zone)}</time> }.into_any()
}

/// The end of a period.
pub fn deadline(t: T, at: Timestamp, zone: &TimeZone) -> AnyView {
    view! { <time datetime=at.to_string()>{t.deadline(at, zone)}</time> }.into_any()
}

/// Something to know before going on.
pub fn inset(content: impl IntoView + 'static) -> AnyView {
    view! { <div class="inset">{content.into_any()}</div> }.into_any()
}

/// Text that staff or senders wrote: paragraphs and line breaks kept, everything escaped.
pub fn prose(text: &str) -> AnyView {
    rendered(&domain::text::to_html(text))
}

/// What was rendered and sanitised already.
pub fn rendered(html: &str) -> AnyView {
    view! { <div class="prose" inner_html=html.to_owned()></div> }.into_any()
}

/// [`prose`] in a language that is not the page's, as [`PageContext::lang_of`] gives it.
pub fn prose_in(lang: Option<String>, text: &str) -> AnyView {
    rendered_in(lang, &domain::text::to_html(text))
}

/// [`rendered`] in such a language.
pub fn rendered_in(lang: Option<String>, html: &str) -> AnyView {
    view! { <div class="prose" lang=lang inner_html=html.to_owned()></div> }.into_any()
}

/// A sender as the public reads it.
pub fn author(t: T, author: &PublicAuthor) -> String {
    match &author.name {
        Some(name) => plain(name),
        None => t.comment_anonymous(t.kind(author.kind)),
    }
}

/// A clause by its label; text without one has a name too.
pub fn clause_name(t: T, label: &str) -> String {
    if label.is_empty() {
        t.draft_unnumbered().to_owned()
    } else {
        plain(label)
    }
}

/// What a point is about: a clause, or the whole draft.
pub fn subject(t: T, clause: Option<ClauseId>, label: Option<&str>) -> String {
    match clause {
        Some(_) => clause_name(t, label.unwrap_or_default()),
        None => t.comment_whole_draft().to_owned(),
    }
}

/// The way to the next page of a list, and back to its start.
pub fn paging(cx: &PageContext, next: Option<To<'_>>, first: Option<To<'_>>) -> Option<AnyView> {
    let t = cx.t();
    if next.is_none() && first.is_none() {
        return None;
    }
    let first = first.map(|to| anchor(cx.link(&to), t.page_first()));
    let next = next.map(|to| {
        let link = cx.link(&to);
        view! {
            <a class="next" rel="next" href=link.href target=link.target>
                {t.page_next()}
                {link.elsewhere.map(elsewhere)}
            </a>
        }
    });
    Some(
        view! {
            <nav class="paging" aria-label=t.page_paging()>
                {first}
                {next}
            </nav>
        }
        .into_any(),
    )
}

/// Text that only a screen reader meets.
pub fn unseen(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <span class="vh">{text}</span> }.into_any()
}

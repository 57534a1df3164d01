//! A complete document around a body, and the rendering of Leptos views to strings.

use super::{Assets, Chrome, PageContext, To};
use crate::i18n::Lang;
use crate::ui::form::shows_errors;
use domain::consultations::Unit;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use memchr::memmem;
use std::sync::Arc;

/// What a page says about itself.
#[derive(Clone, Debug, Default)]
pub struct Head<'a> {
    pub title: &'a str,
    /// The unit whose page this is.
    pub unit: Option<&'a Unit>,
    /// The public address of this content.
    pub canonical: Option<String>,
    /// Holds a person's own data: not for search engines.
    pub private: bool,
}

/// What the boot script works on: islands, and places that tell of what the browser keeps. Text
/// that people typed is escaped, and looks like neither.
const SCRIPTED: [&str; 2] = ["<leptos-island", "<yanlu-kept"];

/// Renders a view with islands to a string, without router, hydration script or async.
pub fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| view().into_view().to_html());
    drop(owner);
    without_markers(&html)
}

/// Leptos separates neighbouring texts by `<!>` so that hydration finds them again. Outside an
/// island nothing is hydrated, and the markers are only bytes.
fn without_markers(html: &str) -> String {
    const OPEN: &str = "<leptos-island";
    const CLOSE: &str = "</leptos-island>";
    let find = |text: &str, part: &str| memmem::find(text.as_bytes(), part.as_bytes());
    let mut lean = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = find(rest, OPEN) {
        let end = find(&rest[start..], CLOSE).map_or(rest.len(), |at| start + at + CLOSE.len());
        push_without_markers(&mut lean, &rest[..start]);
        lean.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    push_without_markers(&mut lean, rest);
    lean
}

fn push_without_markers(lean: &mut String, text: &str) {
    const MARKER: &str = "<!>";
    let mut from = 0;
    for at in memmem::find_iter(text.as_bytes(), MARKER) {
        lean.push_str(&text[from..at]);
        from = at + MARKER.len();
    }
    lean.push_str(&text[from..]);
}

/// The body in the chrome that the context asks for.
pub fn page<V: IntoView>(cx: &PageContext, head: &Head<'_>, body: impl FnOnce() -> V) -> String {
    styled(cx, &cx.assets.css, head, body)
}

/// The same for a session or a poll, whose style sheet holds more.
pub fn session_page<V: IntoView>(
    cx: &PageContext,
    head: &Head<'_>,
    body: impl FnOnce() -> V,
) -> String {
    styled(cx, &cx.assets.sessions_css, head, body)
}

fn styled<V: IntoView>(
    cx: &PageContext,
    css: &str,
    head: &Head<'_>,
    body: impl FnOnce() -> V,
) -> String {
    let body = html(body);
    let scripted = SCRIPTED.iter().any(|tag| body.contains(tag));
    let wrong = shows_errors(&body);
    let title = if wrong {
        cx.t().form_wrong_page(head.title)
    } else {
        head.title.to_owned()
    };
    let head = &Head {
        title: &title,
        ..head.clone()
    };
    match cx.chrome {
        Chrome::Page => document(
            cx,
            css,
            head,
            scripted,
            html(|| {
                view! {
                    <a class="skip" href="#main">
                        {cx.t().page_skip()}
                    </a>
                    {header(cx, head)}
                    <main id="main" tabindex="-1" inner_html=body></main>
                    {footer(cx)}
                }
            }),
        ),
        Chrome::Frame => document(
            cx,
            css,
            head,
            scripted,
            html(|| view! { <main id="main" inner_html=body></main> }),
        ),
        Chrome::Fragment => html(|| {
            view! {
                <div
                    class="yanlu fragment"
                    lang=cx.lang.tag()
                    dir="ltr"
                    data-css=css.to_owned()
                    data-boot=scripted.then(|| cx.assets.boot.clone())
                    inner_html=body
                ></div>
            }
        }),
    }
}

fn document(cx: &PageContext, css: &str, head: &Head<'_>, scripted: bool, body: String) -> String {
    let t = cx.t();
    let framed = cx.chrome == Chrome::Frame;
    let title = match head.unit {
        _ if head.title.is_empty() => t.product_name().to_owned(),
        Some(unit) => t.page_title(plain(&unit.name), plain(head.title)),
        None => t.page_title(t.product_name(), plain(head.title)),
    };
    let hidden = (head.private || framed).then_some("noindex");
    let alternates = (!framed && !head.private).then(|| {
        Lang::ALL
            .map(|lang| {
                let href = format!("{}{}", cx.base, cx.here_in(lang.tag()));
                view! { <link rel="alternate" hreflang=lang.tag() href=href /> }
            })
            .collect_view()
    });
    // A frame is no page to be found, and every byte of it is sent with each widget.
    let canonical = head
        .canonical
        .clone()
        .filter(|_| !framed)
        .map(|href| view! { <link rel="canonical" href=href /> });
    let document = html(|| {
        view! {
            <html lang=cx.lang.tag() dir="ltr">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{title}</title>
                    {hidden.map(|rule| view! { <meta name="robots" content=rule /> })}
                    {canonical}
                    {alternates}
                    {(!framed).then(|| icon(&cx.assets))}
                    <link rel="stylesheet" href=css.to_owned() />
                    {script(scripted, &cx.assets.boot)}
                    {script(framed, &cx.assets.frame)}
                </head>
                <body class=if framed { "yanlu frame" } else { "yanlu" } inner_html=body></body>
            </html>
        }
    });
    format!("<!DOCTYPE html>{document}")
}

/// For the browser's tab.
pub fn icon(assets: &Assets) -> impl IntoView + use<> {
    let href = assets.icon.clone();
    view! { <link rel="icon" type="image/svg+xml" href=href /> }
}

fn script(wanted: bool, src: &str) -> Option<impl IntoView + use<>> {
    (wanted && !src.is_empty()).then(|| {
        let src = src.to_owned();
        view! { <script type="module" src=src></script> }
    })
}

fn header(cx: &PageContext, head: &Head<'_>) -> impl IntoView + use<> {
    let t = cx.t();
    let unit = head.unit.map(|unit| {
        let href = cx.link(&To::Unit(&unit.slug, None, None)).href;
        let name = unit.name.clone();
        view! { <a class="unit" href=href dir="auto" lang=cx.lang_of(unit)>{name}</a> }
    });
    let receipt = cx.link(&To::Receipt).href;
    view! {
        <header class="top">
            <div class="wide">
                <a class="brand" href=cx.link(&To::Home(None, None)).href>
                    {t.product_name()}
                </a>
                {unit}
                <nav aria-label=t.page_service_nav()>
                    <a href=receipt>{t.page_my_comment()}</a>
                </nav>
                {languages(cx)}
            </div>
        </header>
    }
}

/// A private page was the answer to a POST that held a code; a language link would lose it, so
/// it leads to the same path, which asks for the code again.
fn languages(cx: &PageContext) -> impl IntoView + use<> {
    let links = Lang::ALL
        .map(|lang| {
            let current = lang == cx.lang;
            let href = cx.here_in(lang.tag());
            view! {
                <a
                    href=href
                    lang=lang.tag()
                    hreflang=lang.tag()
                    aria-current=current.then_some("true")
                >
                    {lang.own_name()}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="langs" aria-label=cx.t().page_languages()>
            {links}
        </nav>
    }
}

fn footer(cx: &PageContext) -> impl IntoView + use<> {
    let t = cx.t();
    let home = cx.link(&To::Home(None, None)).href;
    let receipt = cx.link(&To::Receipt).href;
    view! {
        <footer class="foot">
            <div class="wide">
                <p>{t.page_footer_promise()}</p>
                <p>
                    <a href=home>{t.page_all_consultations()}</a>
                    " · "
                    <a href=receipt>{t.page_my_comment()}</a>
                </p>
            </div>
        </footer>
    }
}

/// Text for a reader's eye: without direction controls, which could make it read as something
/// else.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !domain::text::is_direction_control(*c))
        .collect()
}

//! Pages for what did not work. The caller brings the sentences, which say what to do next; the
//! page adds the ways on.

use crate::page::{Head, PageContext, To, page};
use crate::ui;
use leptos::prelude::*;

/// A refusal in words, in the chrome in which it happened.
pub fn error_page(cx: &PageContext, title: &str, detail: &str) -> String {
    let t = cx.t();
    let head = Head {
        title,
        private: true,
        ..Head::default()
    };
    page(cx, &head, || {
        view! {
            <div class="lead">
                <h1>{title.to_owned()}</h1>
                <p class="intro">{detail.to_owned()}</p>
            </div>
            <ul class="plainlist">
                <li>{ui::anchor(cx.link(&To::Home(None, None)), t.page_all_consultations())}</li>
                <li>{ui::anchor(cx.link(&To::Receipt), t.page_my_comment())}</li>
            </ul>
        }
    })
}

/// A form that could not be taken, with everything that was typed in it.
#[derive(Clone, Copy, Debug)]
pub struct Unsent<'a> {
    /// Where it was posted.
    pub to: &'a To<'a>,
    /// Its fields, to be sent once more.
    pub fields: &'a [(String, String)],
    /// What was said in them, to be copied.
    pub words: &'a [&'a str],
    /// The receipt code that came with it.
    pub code: Option<&'a str>,
    /// The button that was pressed.
    pub action: &'a str,
}

/// A refusal of a form when not even its page can be shown: why, the same button once more, and the
/// words themselves.
pub fn unsent_page(cx: &PageContext, title: &str, detail: &str, unsent: Unsent<'_>) -> String {
    let t = cx.t();
    let head = Head {
        title,
        private: true,
        ..Head::default()
    };
    page(cx, &head, || {
        let code = unsent.code.map(|code| ("code".to_owned(), code.to_owned()));
        let hidden = unsent
            .fields
            .iter()
            .chain(&code)
            .map(|(name, value)| ui::form::hidden(name, value))
            .collect_view();
        let kept = (!unsent.words.is_empty()).then(|| {
            let words = unsent.words.iter().map(|text| ui::prose(text));
            let words = words.collect_view();
            view! {
                <p>{t.form_kept()}</p>
                {words}
            }
        });
        view! {
            <div class="lead">
                <h1>{title.to_owned()}</h1>
                {ui::form::not_done(detail)}
            </div>
            <form class="buttons" method="post" accept-charset="utf-8" action=cx.action(unsent.to)>
                {hidden}
                {ui::form::action_button("button", unsent.action.to_owned(), t.form_retry())}
            </form>
            {kept}
        }
    })
}

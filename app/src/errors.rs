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

//! `/r`: a sender finds their comment again by its code, reads what became of it, edits it while
//! the round is open, or withdraws it. The code travels in POST bodies only, never in an address.

mod edit;
mod own;

pub use edit::{edit_page, review_page};
pub use own::{Done, own_page, withdraw_page};

use crate::page::{Head, PageContext, To, page};
use crate::ui;
use crate::ui::form::Field;
use leptos::prelude::*;

/// Why a typed code opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// Not a code at all.
    Malformed,
    /// One symbol is wrong.
    Mistyped,
    /// A code, but none of ours.
    NotFound,
}

/// Where a code is typed; `typed` and what is wrong with it on a second try.
pub fn entry_page(cx: &PageContext, typed: &str, wrong: Option<Unopened>) -> String {
    let t = cx.t();
    let head = Head {
        title: t.receipt_entry_title(),
        unit: None,
        canonical: Some(cx.public(&To::Receipt)),
        private: wrong.is_some(),
    };
    let error = wrong.map(|wrong| match wrong {
        Unopened::Malformed => t.receipt_malformed(),
        Unopened::Mistyped => t.receipt_mistyped(),
        Unopened::NotFound => t.receipt_not_found(),
    });
    page(cx, &head, || {
        let field = Field {
            name: "code".into(),
            label: t.receipt_code().into(),
            hint: Some(t.receipt_code_hint().into()),
            value: typed,
            error: error.map(Into::into),
        };
        view! {
            <div class="lead">
                <h1>{t.receipt_entry_title()}</h1>
                <p class="intro">{t.receipt_entry_intro()}</p>
            </div>
            {error.map(|error| ui::form::error_note(t.form_wrong_title(), error.into(), "#code"))}
            <form method="post" accept-charset="utf-8" action=cx.action(&To::Receipt) class="code">
                {ui::form::text_input(&field, "off")}
                {ui::form::action_button("button", "open".into(), t.receipt_entry_open())}
            </form>
        }
    })
}

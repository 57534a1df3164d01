//! The island around the comment form. The form itself is the server's HTML and stays the one
//! place that holds what the person typed; the island reads it, keeps it, checks it, shows the
//! review and sends it. Without the island the same form works by plain POST.
//!
//! It hydrates nothing but its shell: review, receipt and errors are built when they are needed.
//! Views that are both hydrated and built cost twice the code (see end2end/budgets.json).

#[cfg(feature = "hydrate")]
pub(crate) mod fields;
#[cfg(feature = "hydrate")]
pub(crate) mod kept;
#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "hydrate")]
mod points;
#[cfg(feature = "hydrate")]
mod send;
#[cfg(feature = "hydrate")]
mod views;
mod words;

pub use words::Words;

use leptos::prelude::*;
use leptos::web_sys::Element;

/// A receipt, the same on the server's page and in the island. `address` is where the code opens
/// the comment again.
pub fn receipt_view(
    words: &Words,
    number: String,
    code: String,
    when: String,
    address: &str,
) -> impl IntoView + use<> {
    let steps = [&words.next_review, &words.next_edit, &words.next_answer]
        .map(|step| view! { <li>{step.clone()}</li> })
        .into_iter()
        .collect_view();
    view! {
        <dl class="receipt">
            <dt>{words.receipt_number.clone()}</dt>
            <dd>{number}</dd>
            <dt>{words.receipt_code.clone()}</dt>
            <dd>
                <code>{code}</code>
            </dd>
            <dt>{words.receipt_when.clone()}</dt>
            <dd>{when}</dd>
        </dl>
        <div class="inset">
            <p>
                <strong>{words.receipt_keep.clone()}</strong>
            </p>
            <p>{words.receipt_where.replace("{address}", address)}</p>
        </div>
        <h2>{words.next_title.clone()}</h2>
        <ol class="steps">{steps}</ol>
    }
}

/// What the island must know, apart from the form. `words` are [`Words`] as lines.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "read in the browser only")
)]
struct Known {
    base: String,
    number: String,
    lang: String,
    zone: String,
    words: String,
}

/// The entry of the browser's storage under which the form of this consultation is kept.
pub fn kept_name(number: &str) -> String {
    ["yanlu:", number].concat()
}

/// Wraps the server's form. `base` is the public address of the server, so that sending also works
/// from a shadow root in another site's page. `zone` is the unit's: a receipt says its time, as all
/// pages do, and not that of the reader's machine.
#[island]
pub fn CommentFormIsland(
    base: String,
    number: String,
    lang: String,
    zone: String,
    words: String,
    children: Children,
) -> impl IntoView {
    let known = Known {
        base,
        number,
        lang,
        zone,
        words,
    };
    view! {
        <div use:enhance=known>
            <div></div>
            <div></div>
            {children()}
            <div></div>
        </div>
    }
}

/// Runs once in the browser, on the hydrated shell.
#[cfg(feature = "hydrate")]
fn enhance(root: Element, known: Known) {
    live::Live::start(root, known);
}

/// The server renders the shell and never runs this.
#[cfg(not(feature = "hydrate"))]
fn enhance(_root: Element, _known: Known) {}

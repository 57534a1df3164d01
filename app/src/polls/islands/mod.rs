//! The island around a poll's form. The form is the server's HTML and goes by plain POST; the
//! island hides what an answer makes unnecessary, keeps what was chosen in this browser, and gives
//! the ballot its key, so that pressing twice counts once.

#[cfg(feature = "hydrate")]
mod live;

use leptos::prelude::*;
use leptos::web_sys::Element;

/// The entry of the browser's storage under which the form of this poll is kept.
pub fn kept_name(poll: &str) -> String {
    ["yanlu:", poll].concat()
}

/// What the island must know. `words` are two lines: so many signs left, so many too many.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "read in the browser only")
)]
struct Known {
    poll: String,
    words: String,
}

/// Wraps the server's form.
#[island]
pub fn PollFormIsland(poll: String, words: String, children: Children) -> impl IntoView {
    let known = Known { poll, words };
    view! { <div use:enhance=known>{children()}</div> }
}

/// Runs once in the browser, on the hydrated shell.
#[cfg(feature = "hydrate")]
fn enhance(root: Element, known: Known) {
    live::Live::start(&root, &known);
}

/// The server renders the shell and never runs this.
#[cfg(not(feature = "hydrate"))]
fn enhance(_root: Element, _known: Known) {}

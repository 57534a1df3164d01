//! The desk's one island: what is typed into a form's text areas is kept in this browser until it
//! is saved, and whoever types is warned before the session ends and can stay signed in.
//!
//! The forms stay the server's HTML and work without it. It hydrates nothing but its shell; the
//! sentences in the shell are the server's, hidden until they are needed.

#[cfg(feature = "hydrate")]
mod kept;
#[cfg(feature = "hydrate")]
mod session;

#[cfg(feature = "ssr")]
use crate::desk::Desk;
use leptos::prelude::*;
use leptos::web_sys::Element;

/// What the island must know. `seconds` is how long the session lives unless it is used.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "read in the browser only")
)]
struct Known {
    who: String,
    seconds: i32,
}

/// The shell: the sentences, for the browser to show.
#[island]
pub fn KeeperIsland(who: String, seconds: i32, children: Children) -> impl IntoView {
    let known = Known { who, seconds };
    view! { <div use:watch=known>{children()}</div> }
}

/// Runs once in the browser, on the hydrated shell.
#[cfg(feature = "hydrate")]
fn watch(root: Element, known: Known) {
    kept::start(&root, &known.who);
    session::start(root, known.seconds);
}

/// The server renders the shell and never runs this.
#[cfg(not(feature = "hydrate"))]
fn watch(_root: Element, _known: Known) {}

/// The island for a screen with text areas, or after one, above its body; nothing for anybody
/// without a session.
#[cfg(feature = "ssr")]
pub(crate) fn keeper(desk: &Desk) -> Option<AnyView> {
    let t = desk.t();
    let who = desk.who.as_ref()?;
    let left_ms = who.ends_at?.as_millisecond() - desk.page.now.as_millisecond();
    let seconds = i32::try_from(left_ms / 1_000).unwrap_or(0);
    let sign_in = desk.to("/desk/login");
    Some(
        view! {
            <div data-eager>
                <KeeperIsland who=who.email.clone() seconds=seconds>
                    <div class="inset" data-keeper="restored" role="status" hidden>
                        <p>{t.desk_kept_restored()}</p>
                        <button class="quiet" type="button">
                            {t.desk_kept_discard()}
                        </button>
                    </div>
                    <div class="summary" data-keeper="soon" role="alert" hidden>
                        <p>{t.desk_ends_soon()}</p>
                        <button class="button" type="button">
                            {t.desk_stay()}
                        </button>
                    </div>
                    <div class="inset" data-keeper="stayed" role="status" hidden>
                        <p>{t.desk_stayed()}</p>
                    </div>
                    <div class="summary" data-keeper="ended" role="alert" hidden>
                        <p>{t.desk_ended()}</p>
                        <p>
                            <a href=sign_in target="_blank">
                                {t.desk_expired_sign_in()}
                            </a>
                        </p>
                    </div>
                </KeeperIsland>
            </div>
        }
        .into_any(),
    )
}

/// A sentence of the shell.
#[cfg(feature = "hydrate")]
fn part(root: &Element, name: &str) -> Option<Element> {
    let selector = ["[data-keeper=", name, "]"].concat();
    root.query_selector(&selector).ok().flatten()
}

/// Shows or hides a sentence of the shell.
#[cfg(feature = "hydrate")]
fn show(root: &Element, name: &str, shown: bool) {
    if let Some(part) = part(root, name) {
        let _ = part.toggle_attribute_with_force("hidden", !shown);
    }
}

/// Calls the handler for every event of this kind that reaches the target.
#[cfg(feature = "hydrate")]
fn listen(target: &web_sys::EventTarget, kind: &str, handler: impl Fn(web_sys::Event) + 'static) {
    use wasm_bindgen::JsCast;
    let closure = wasm_bindgen::prelude::Closure::<dyn Fn(web_sys::Event)>::new(handler);
    let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    // It lives as long as the page.
    closure.forget();
}

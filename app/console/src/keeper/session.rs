//! The warning before the session ends, and the button that keeps it alive: any request does, so
//! the island asks how long the session still lives.

use super::{listen, part, show};
use js_sys::Reflect;
use leptos::prelude::{set_timeout, window};
use leptos::task::spawn_local;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Response};

/// So many seconds before the end there is a warning.
const WARNING_S: i32 = 5 * 60;

/// The watch over one session.
struct Watch {
    root: Element,
    /// Counts how often the session was prolonged: a timer from before says nothing.
    turn: Cell<u32>,
}

/// Watches a session that lives so many seconds more.
pub fn start(root: Element, seconds: i32) {
    let watch = Rc::new(Watch {
        root,
        turn: Cell::new(0),
    });
    let button = part(&watch.root, "soon").and_then(|part| part.query_selector("button").ok()?);
    if let Some(button) = button {
        let watch = Rc::clone(&watch);
        listen(&button, "click", move |_| {
            let watch = Rc::clone(&watch);
            spawn_local(async move {
                match seconds_left().await {
                    Some(seconds) => {
                        watch.say("stayed");
                        watch.wait(seconds);
                    }
                    None => watch.say("ended"),
                }
            });
        });
    }
    watch.wait(seconds);
}

impl Watch {
    /// Shows this sentence and no other.
    fn say(&self, name: &str) {
        for one in ["soon", "stayed", "ended"] {
            show(&self.root, one, one == name);
        }
    }

    fn wait(self: &Rc<Self>, seconds: i32) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        for (after, name) in [(seconds - WARNING_S, "soon"), (seconds, "ended")] {
            let watch = Rc::clone(self);
            let after = Duration::from_secs(after.max(0).unsigned_abs().into());
            set_timeout(
                move || {
                    if watch.turn.get() == turn {
                        watch.say(name);
                    }
                },
                after,
            );
        }
    }
}

/// How long the session lives from now on, now that it was used. `None` if it has ended.
async fn seconds_left() -> Option<i32> {
    let answer = JsFuture::from(window().fetch_with_str("/desk/session"));
    let answer: Response = answer.await.ok()?.dyn_into().ok()?;
    // Signed out, the desk leads to its sign-in page, which is no JSON.
    let body = JsFuture::from(answer.json().ok()?).await.ok()?;
    let seconds = Reflect::get(&body, &JsValue::from_str("seconds")).ok()?;
    seconds.as_f64().map(|seconds| seconds as i32)
}

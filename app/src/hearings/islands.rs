//! The island that repeats a draw in the visitor's browser, with the same code that did it. What it
//! may say stands on the page already, unseen; it computes and shows the sentence that is true.

use leptos::prelude::*;
use leptos::web_sys::Element;

/// Wraps the verdict, its sentences and the draw as JSON.
#[island]
pub fn DrawIsland(children: Children) -> impl IntoView {
    view! { <div use:repeat>{children()}</div> }
}

/// The server never runs this.
#[cfg(not(feature = "hydrate"))]
fn repeat(_root: Element) {}

/// Runs once in the browser.
#[cfg(feature = "hydrate")]
fn repeat(root: Element) {
    browser::repeat(&root);
}

#[cfg(feature = "hydrate")]
mod browser {
    use domain::Timestamp;
    use domain::hearings::{Draw, Mismatch};
    use js_sys::{Array, JSON, Object, Reflect};
    use leptos::web_sys::Element;
    use std::collections::BTreeMap;
    use wasm_bindgen::{JsCast, JsValue};

    /// Checks the draw and puts the true sentence in the place of the one for browsers without
    /// scripts.
    pub fn repeat(root: &Element) {
        let draw = find(root, "[data-draw]").and_then(|data| read(&data.text_content()?));
        let said = match draw.map(|draw| draw.check()) {
            Some(Ok(())) => "holds".to_owned(),
            Some(Err(Mismatch::List)) => "list".to_owned(),
            Some(Err(Mismatch::Hash)) => "hash".to_owned(),
            Some(Err(Mismatch::Result(category))) => ["result:", &category].concat(),
            None => "unread".to_owned(),
        };
        let sentence = find(root, &["[data-said=\"", &said, "\"]"].concat());
        let (Some(verdict), Some(sentence)) = (find(root, "[data-verdict]"), sentence) else {
            return;
        };
        verdict.set_text_content(sentence.text_content().as_deref());
        let class = if said == "holds" {
            "inset done"
        } else {
            "inset summary"
        };
        verdict.set_class_name(class);
        // A browser that refuses an attribute still shows the sentence.
        let _ = verdict.set_attribute("data-verdict", &said);
    }

    fn find(root: &Element, selector: &str) -> Option<Element> {
        root.query_selector(selector).ok().flatten()
    }

    /// The draw from its JSON, field by field: reading it by a derive would add some 20 KB. What
    /// the check does not need is left empty.
    fn read(json: &str) -> Option<Draw> {
        let draw = JSON::parse(json).ok()?;
        let of = |name: &str| Reflect::get(&draw, &name.into()).ok();
        let text = |name: &str| of(name)?.as_string();
        let tickets = |name: &str| by_category(&of(name)?, list);
        Some(Draw {
            algorithm: String::new(),
            seed_source: String::new(),
            seed_known_at: Timestamp::UNIX_EPOCH,
            seed: text("seed"),
            tickets: tickets("tickets")?,
            list: text("list")?,
            tickets_hash: text("tickets_hash")?,
            // Quotas are small whole numbers, which a JavaScript number holds exactly.
            quotas: by_category(&of("quotas")?, |quota| quota.as_f64().map(|n| n as i64))?,
            chosen: tickets("chosen")?,
            reserves: tickets("reserves")?,
            frozen_at: Timestamp::UNIX_EPOCH,
            drawn_at: None,
        })
    }

    fn by_category<T>(
        value: &JsValue,
        read: impl Fn(JsValue) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        let entries = Object::entries(value.dyn_ref::<Object>()?);
        entries
            .iter()
            .map(|entry| {
                let entry: Array = entry.dyn_into().ok()?;
                Some((entry.get(0).as_string()?, read(entry.get(1))?))
            })
            .collect()
    }

    fn list(value: JsValue) -> Option<Vec<String>> {
        let list: Array = value.dyn_into().ok()?;
        list.iter().map(|ticket| ticket.as_string()).collect()
    }
}

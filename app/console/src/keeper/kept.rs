//! What was typed, in the browser's session storage: per account, screen and field, and gone with
//! the tab. Where storage is forbidden or full the forms work all the same, only without a memory.

use super::{listen, part, show};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlTextAreaElement, Storage, SubmitEvent};

/// Everything of the desk begins with this.
const DESK: &str = "yanlu-desk ";
/// The screen whose form was sent last, and which of its fields are saved with it.
const SENT: &str = "yanlu-desk-sent";

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The screen: its path, and the unit that its form names, for the address names it only where it was
/// chosen. What else stands in an address filters a list.
fn screen() -> String {
    let path = window().location().pathname().unwrap_or_default();
    let form = areas().first().and_then(HtmlTextAreaElement::form);
    let action = form.and_then(|form| form.get_attribute("action"));
    let mut parts = action
        .iter()
        .flat_map(|action| action.split(['?', '&', '#']));
    let unit = parts.find(|part| part.starts_with("unit="));
    unit.map_or_else(|| path.clone(), |unit| [&path, "?", unit].concat())
}

/// The entries of a screen begin with this.
fn prefix(who: &str, screen: &str) -> String {
    [DESK, who, " ", screen, " "].concat()
}

/// Forgets every entry that begins so.
fn forget(storage: &Storage, prefix: &str) {
    forget_those(storage, prefix, |_| true);
}

/// Forgets those entries that begin so whose field is one of those meant.
fn forget_those(storage: &Storage, prefix: &str, meant: impl Fn(&str) -> bool) {
    let count = storage.length().unwrap_or(0);
    let names: Vec<String> = (0..count)
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|name| name.strip_prefix(prefix).is_some_and(&meant))
        .collect();
    for name in names {
        let _ = storage.remove_item(&name);
    }
}

/// The text areas that are saved by a form.
fn areas() -> Vec<HtmlTextAreaElement> {
    let Ok(found) = document().query_selector_all("form[method=post] textarea[name]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// What the server sent for a text area.
fn stored(area: &HtmlTextAreaElement) -> String {
    area.default_value().unwrap_or_default()
}

/// Brings back what was not saved, and keeps what is typed from now on.
pub fn start(root: &Element, who: &str) {
    let Some(storage) = storage() else { return };
    let search = window().location().search().unwrap_or_default();
    if let Ok(Some(sent)) = storage.get_item(SENT) {
        // The screen after one that was saved says so.
        if search.contains("done=") {
            let (screen, entry) = sent.split_once(' ').unwrap_or((&sent, ""));
            forget_those(&storage, &prefix(who, screen), |field| {
                entry.is_empty() || field.split('.').any(|part| part == entry)
            });
        }
        let _ = storage.remove_item(SENT);
    }
    let prefix = prefix(who, &screen());
    restore(root, &storage, &prefix);
    // What was typed before this came, too.
    for area in areas() {
        keep(&storage, &prefix, &area);
    }
    if let Some(button) =
        part(root, "restored").and_then(|part| part.query_selector("button").ok()?)
    {
        let (root, storage, prefix) = (root.clone(), storage.clone(), prefix.clone());
        listen(&button, "click", move |_| {
            for area in areas() {
                area.set_value(&stored(&area));
            }
            forget(&storage, &prefix);
            show(&root, "restored", false);
        });
    }
    let page = document();
    let typed = storage.clone();
    listen(&page, "input", move |event| {
        let target = event.target();
        if let Some(area) = target.and_then(|it| it.dyn_into::<HtmlTextAreaElement>().ok()) {
            keep(&typed, &prefix, &area);
        }
    });
    listen(&page, "submit", move |event| sent(&storage, &event));
}

fn restore(root: &Element, storage: &Storage, prefix: &str) {
    let mut restored = false;
    for area in areas() {
        let Ok(Some(kept)) = storage.get_item(&[prefix, &area.name()].concat()) else {
            continue;
        };
        // A refused form comes back with what was typed already; the server trims.
        if kept.trim() != area.value().trim() {
            area.set_value(&kept);
            restored = true;
        }
    }
    show(root, "restored", restored);
}

fn keep(storage: &Storage, prefix: &str, area: &HtmlTextAreaElement) {
    let name = [prefix, &area.name()].concat();
    // Full or forbidden: see above.
    let _ = if area.value() == stored(area) {
        storage.remove_item(&name)
    } else {
        storage.set_item(&name, &area.value())
    };
}

/// The one entry of a list that the pressed button decides on (`ineligible.7`): what is typed at the
/// others is not saved with it. Empty where the whole form is.
fn entry(event: &Event) -> String {
    let button = event
        .dyn_ref::<SubmitEvent>()
        .and_then(SubmitEvent::submitter);
    let action = button.and_then(|button| button.get_attribute("value"));
    let entry = action.as_deref().and_then(|action| action.split_once('.'));
    entry.map_or_else(String::new, |(_, entry)| entry.to_owned())
}

fn sent(storage: &Storage, event: &Event) {
    let Some(form) = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    // The attribute: buttons named `action` stand in the way of the property of that name.
    let action = form.get_attribute("action").unwrap_or_default();
    if action.contains("/desk/logout") {
        // Whoever signs out leaves nothing to the next at this screen.
        forget(storage, DESK);
    } else if form.query_selector("textarea").ok().flatten().is_some() {
        let _ = storage.set_item(SENT, &[&screen(), " ", &entry(event)].concat());
    }
}

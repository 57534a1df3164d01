//! What was typed, kept in the browser until it is sent: per consultation, in local storage. Where
//! storage is forbidden or full the form works all the same, only without a memory.

use domain::comments::form::CommentForm;
use js_sys::Array;
use leptos::prelude::window;
use web_sys::{Storage, UrlSearchParams};

/// The entry of one consultation. `form.key` is the idempotency key of the last attempt to send.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub form: CommentForm,
    /// What that key was made for: a retry after a lost answer sends the same key, a changed
    /// comment a new one.
    pub attempt: String,
}

const ATTEMPT: &str = "attempt";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was kept under this name.
pub fn load(name: &str) -> Option<Kept> {
    let text = storage()?.get_item(name).ok().flatten()?;
    let params = UrlSearchParams::new_with_str(&text).ok()?;
    let pairs: Vec<(String, String)> = js_sys::try_iter(&params)
        .ok()??
        .filter_map(|pair| {
            let pair = Array::from(&pair.ok()?);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect();
    let (form, _) = CommentForm::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let attempt = params.get(ATTEMPT).unwrap_or_default();
    Some(Kept { form, attempt })
}

/// Keeps it.
pub fn save(name: &str, kept: &Kept) {
    let (Some(storage), Ok(params)) = (storage(), UrlSearchParams::new()) else {
        return;
    };
    for (field, value) in kept.form.pairs() {
        params.append(&field, &value);
    }
    params.append(ATTEMPT, &kept.attempt);
    // Full or forbidden: see above.
    let _ = storage.set_item(name, &String::from(params.to_string()));
}

/// Forgets it.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// A fresh key of 128 random bits. `None` where the browser has no randomness to give.
pub fn new_key() -> Option<String> {
    let mut bytes = [0; 16];
    window()
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    Some(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect(),
    )
}

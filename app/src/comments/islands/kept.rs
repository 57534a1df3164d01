//! What was typed, kept in the browser until it is sent: per consultation, in local storage. Where
//! storage is forbidden or full the form works all the same, only without a memory.

use domain::comments::RawComment;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

/// The entry of one consultation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub comment: RawComment,
    /// The idempotency key of the last attempt to send, and the body it was made for: a retry
    /// after a lost answer sends the same key, a changed comment a new one.
    #[serde(default)]
    pub attempt: Option<(String, String)>,
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was kept under this name.
pub fn load(name: &str) -> Option<Kept> {
    let json = storage()?.get_item(name).ok().flatten()?;
    serde_json::from_str(&json).ok()
}

/// Keeps it.
pub fn save(name: &str, kept: &Kept) {
    if let (Some(storage), Ok(json)) = (storage(), serde_json::to_string(kept)) {
        // Full or forbidden: see above.
        let _ = storage.set_item(name, &json);
    }
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
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

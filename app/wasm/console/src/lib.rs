//! The browser entry of the staff desk: starts hydration, nothing else.
//!
//! Every island is an export of its own; mentioning the crate keeps the linker from dropping them.

use console as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the reactive runtime; islands are then hydrated one by one by name.
#[wasm_bindgen]
pub fn start() {
    leptos::mount::hydrate_islands();
}

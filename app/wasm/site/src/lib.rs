//! The browser entry of the public pages and widgets: starts hydration, nothing else.
//!
//! Every island is an export of its own; mentioning the crate keeps the linker from dropping them.

use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the reactive runtime; islands are then hydrated one by one by name.
#[wasm_bindgen]
pub fn start() {
    leptos::mount::hydrate_islands();
}

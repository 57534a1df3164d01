//! The words and rules of a public consultation: pure types, no I/O, no clock, no randomness.
//!
//! Everything here compiles to WASM and is shared by the browser, the pages, the JSON API and the
//! use cases. A rule that needs the time takes it as an argument. Start at [`consultations`] for
//! the life cycle, [`drafts`] for text and clauses, [`comments`] for what people send.

pub mod codes;
pub mod comments;
pub mod consultations;
pub mod drafts;
pub mod feedback;
pub mod hearings;
pub mod id;
pub mod limits;
pub mod livelihood;
pub mod notify;
pub mod polls;
pub mod problem;
pub mod receipts;
pub mod staff;
pub mod text;

pub use jiff::Timestamp;

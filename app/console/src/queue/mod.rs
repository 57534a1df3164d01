//! `/desk/c/{number}/queue`: every comment of a consultation, to publish or to hold with a reason.
//!
//! The list is one form: any button sends the ticks and reasons of the whole page, so that nothing
//! chosen is lost whichever is pressed.

mod comment;
mod screen;

pub(crate) use comment::{point, sender};
pub use screen::{Chosen, QueueData, address, queue_page};

/// The field of the reason for holding all that are ticked.
pub const HOLD_TICKED: &str = "hold.ticked";
/// Where it is said that nothing is ticked.
pub const TICKED: &str = "ticked";

/// The field of the reason for holding one comment, by its running number.
pub fn hold_field(serial: i64) -> String {
    format!("hold.{serial}")
}

/// The field that says what was shown of one comment.
pub fn seen_field(serial: i64) -> String {
    format!("seen.{serial}")
}

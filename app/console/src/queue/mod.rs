//! `/desk/c/{number}/queue`: every comment of a consultation, to publish or to hold with a reason.
//!
//! The list is one form: any button sends the ticks and reasons of the whole page, so that nothing
//! chosen is lost whichever is pressed.

mod comment;
mod screen;

pub(crate) use comment::{point, sender};
pub use screen::{Chosen, QueueData, address, queue_page};

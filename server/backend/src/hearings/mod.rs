//! Sessions that people apply to attend: notice, applications, review, draw, seats, minutes.
//!
//! Every change of a session or of an application to it first takes the session's row
//! ([`store::lock`]); what also changes comments takes the consultation's row before it.

mod applying;
mod composing;
mod drawing;
pub mod own;
mod reading;
mod record;
mod reviewing;
mod store;

pub use applying::apply;
pub use composing::{cancel, create, publish, update};
pub use drawing::{draw, freeze, published as published_draw};
pub use reading::{find, list, observed, of_unit};
pub use record::{publish_minutes, publish_report, set_papers};
pub use reviewing::{ApplicationFilter, applications, contact, review};

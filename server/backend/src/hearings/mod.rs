//! Sessions that people apply to attend: notice, applications, review, draw, seats, minutes.
//!
//! Every change of a session or of an application to it first takes the row of its consultation
//! ([`store::lock`]), as changes of comments do.

mod applying;
mod attaching;
mod composing;
mod confirming;
mod drawing;
mod earlier;
mod entering;
mod forgetting;
mod opinions;
pub mod own;
mod reading;
mod record;
mod reviewing;
mod store;

pub use applying::apply;
pub use attaching::{attach, file};
pub use composing::{cancel, create, publish, update};
pub use confirming::{answer_correction, corrections};
pub use drawing::{draw, freeze, published as published_draw};
pub use earlier::Amending;
pub use entering::enter;
pub use forgetting::forget_old;
pub use opinions::{opinions, reply};
pub use reading::{find, list, observed, of_unit};
pub use record::{publish_minutes, publish_report, set_papers};
pub use reviewing::{ApplicationFilter, applications, contact, review};

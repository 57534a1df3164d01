//! The lists of consultations, and the page of one: what is decided, by whom, until when, the
//! draft, who to ask and what was counted.

mod list;
mod overview;
pub(crate) mod parts;

pub(crate) use list::entries;
pub use list::{ListData, home_page, unit_page};
pub use overview::{ConsultationData, consultation_page};
pub(crate) use overview::{facts, overview};

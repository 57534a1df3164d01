//! One consultation: its facts, where it stands, what to do next, and giving it up.

mod facts;
mod livelihood;
mod status;
mod steps;
mod withdraw;

pub use facts::{FactsData, facts_page};
pub use livelihood::livelihood_page;
pub use status::{StatusData, status_page};
pub(crate) use steps::next_step;
pub use withdraw::withdraw_page;

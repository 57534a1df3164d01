//! Polls: composed by staff, answered by the public, counted by the database.
//!
//! Every change of a poll takes its row first ([`store::lock`]). A ballot is countable cells and
//! words; who gave it is kept nowhere.

mod codes;
mod composing;
mod open;
mod reading;
mod results;
mod store;
mod texts;
mod voting;

pub use codes::{add_codes, code_count, invite};
pub use composing::{cancel, correct, create, publish, publish_results, update};
pub use open::{OpenBallots, ballots};
pub use reading::{find, list, of_unit, own};
pub use results::results;
pub use texts::{decide_text, texts};
pub use voting::vote;

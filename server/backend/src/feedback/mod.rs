//! The answer to what came in: a response to every point, then the account that everyone reads.

mod account;
mod because;
mod key;
mod points;
mod preview;
mod publishing;
mod responding;

pub use account::{published, summary};
pub use key::{PointKey, UnansweredKey};
pub use points::Wanted;
pub use preview::{preview, review};
pub use publishing::{publish, unanswered, unanswered_count};
pub use responding::respond;

//! The answer to what came in: a response to every point, then the account that everyone reads.

mod account;
mod because;
mod publishing;
mod responding;

pub use account::{preview, published};
pub use publishing::{publish, unanswered, unanswered_count};
pub use responding::respond;

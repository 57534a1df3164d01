//! The text under consultation: with links to comment on each clause, and as a redline between
//! two versions.

mod page;
mod redline;
mod tree;

pub use page::{changes_page, version_page};
pub use redline::{hunk, inline, redline};
pub use tree::{ClauseCounts, Reading, contents, text};

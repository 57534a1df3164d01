//! Draft versions at the desk: given as a file or pasted, looked at as a tree of clauses with what
//! is doubtful, and matched with the version before.

mod add;
mod matches;
mod preview;

pub use add::{DraftsData, drafts_page};
pub use matches::counterpart_field;
pub use preview::{PreviewData, preview_page, redline_page};

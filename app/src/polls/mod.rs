//! Polls as the public meets them: the questions on one page, the check before sending, the
//! receipt, and the results as figures and charts.
//!
//! Everything works by plain forms; the island only hides what need not be answered and keeps what
//! was chosen.

#[cfg(feature = "ssr")]
mod answers;
#[cfg(feature = "ssr")]
mod charts;
#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod compare;
#[cfg(feature = "ssr")]
mod form;
pub mod islands;
#[cfg(feature = "ssr")]
mod listing;
#[cfg(feature = "ssr")]
mod matrix;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod question;
#[cfg(feature = "ssr")]
mod receipt;
#[cfg(feature = "ssr")]
mod results;
#[cfg(all(test, feature = "ssr"))]
pub(crate) mod tests;
#[cfg(feature = "ssr")]
mod versions;

#[cfg(feature = "ssr")]
pub use check::{Check, check_page};
#[cfg(feature = "ssr")]
pub(crate) use listing::listed;
#[cfg(feature = "ssr")]
pub use page::{Answering, poll_page};
#[cfg(feature = "ssr")]
pub(crate) use page::{Widget, widget_body};
#[cfg(feature = "ssr")]
pub use receipt::{own_page, receipt_page};
#[cfg(feature = "ssr")]
pub use results::{ResultsData, With, results_page};
#[cfg(feature = "ssr")]
pub use versions::wording;

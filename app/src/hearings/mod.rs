//! Sessions that people apply to attend: the notice, the form to apply, the receipt, the applicant's
//! own page behind `/r`, and the draw that anyone can repeat.

#[cfg(feature = "ssr")]
mod afterwards;
#[cfg(feature = "ssr")]
mod draw;
#[cfg(feature = "ssr")]
mod earlier;
#[cfg(feature = "ssr")]
mod form;
pub mod islands;
#[cfg(feature = "ssr")]
mod listed;
#[cfg(feature = "ssr")]
mod notice;
#[cfg(feature = "ssr")]
mod outcome;
#[cfg(feature = "ssr")]
mod own;
#[cfg(feature = "ssr")]
mod receipt;
#[cfg(feature = "ssr")]
mod review;
#[cfg(feature = "ssr")]
mod seats;

#[cfg(feature = "ssr")]
pub use afterwards::Afterwards;
#[cfg(feature = "ssr")]
pub use draw::draw_page;
#[cfg(feature = "ssr")]
pub use form::apply_page;
#[cfg(feature = "ssr")]
pub(crate) use listed::listed;
#[cfg(feature = "ssr")]
pub use notice::hearing_page;
#[cfg(feature = "ssr")]
pub use own::{Done, change_page, own_page, review_change_page, withdraw_page};
#[cfg(feature = "ssr")]
pub use receipt::receipt_page;
#[cfg(feature = "ssr")]
pub use review::review_page;

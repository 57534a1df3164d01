//! What people send: the form, the review before sending, the receipt, and the published list.

#[cfg(feature = "ssr")]
mod form;
pub mod islands;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod receipt;
#[cfg(feature = "ssr")]
mod review;

#[cfg(feature = "ssr")]
pub use form::form_page;
#[cfg(feature = "ssr")]
pub(crate) use form::{Editing, comment_form, form_body, live_form, place, point};
#[cfg(feature = "ssr")]
pub use list::{CommentsData, list_page};
#[cfg(feature = "ssr")]
pub(crate) use list::{answer, at_session, latest, list_body};
#[cfg(feature = "ssr")]
pub use receipt::receipt_page;
#[cfg(feature = "ssr")]
pub use review::review_page;
#[cfg(feature = "ssr")]
pub(crate) use review::{clause_name, review_body, said, typed};

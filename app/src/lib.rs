//! What people see: pages and widgets rendered on the server, with islands where a script helps.
//!
//! A page is a plain function of a [`page::PageContext`] and domain values to complete HTML, for
//! example [`consultations::consultation_page`]. The same bodies serve the page on our own site,
//! the frame and the fragment in a host's shadow root; [`page::Chrome`] says which.

pub mod comments;
#[cfg(feature = "ssr")]
pub mod consultations;
#[cfg(feature = "ssr")]
pub mod drafts;
#[cfg(feature = "ssr")]
pub mod embed;
#[cfg(feature = "ssr")]
pub mod errors;
#[cfg(feature = "ssr")]
pub mod feedback;
pub mod hearings;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod notify;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(all(test, feature = "ssr"))]
mod pages_tests;
pub mod polls;
#[cfg(feature = "ssr")]
pub mod receipts;
#[cfg(all(test, feature = "ssr"))]
mod testing;
#[cfg(feature = "ssr")]
pub mod ui;

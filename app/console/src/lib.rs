//! The staff desk: screens rendered on the server that work wholly without scripts.
//!
//! Each screen is a plain function of a [`desk::Desk`] and domain values to complete HTML, for
//! example [`overview::overview_page`]. A form posts to the address of its own screen; a refused one
//! is rendered again with every value kept. The one island is in [`keeper`].

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod consultations;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod drafts;
#[cfg(feature = "ssr")]
pub mod embed;
#[cfg(feature = "ssr")]
pub mod feedback;
#[cfg(feature = "ssr")]
mod fields;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
pub mod hearings;
pub mod keeper;
#[cfg(feature = "ssr")]
pub mod login;
#[cfg(feature = "ssr")]
pub mod notice;
#[cfg(feature = "ssr")]
pub mod overview;
#[cfg(feature = "ssr")]
pub mod points;
#[cfg(feature = "ssr")]
pub mod polls;
#[cfg(feature = "ssr")]
pub mod problem;
#[cfg(feature = "ssr")]
pub mod queue;
#[cfg(feature = "ssr")]
pub mod round;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(all(test, feature = "ssr"))]
mod screens_tests;
#[cfg(all(test, feature = "ssr"))]
mod testing;
#[cfg(feature = "ssr")]
pub mod unit;

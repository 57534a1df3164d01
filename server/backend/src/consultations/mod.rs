//! Consultations: prepared by staff, published for a round, read by everyone, given up if need be.
//!
//! Where one stands is never stored; it follows from its instants and the clock
//! ([`domain::consultations::Life`]).

mod dossier;
mod listing;
pub mod livelihood;
mod preparing;
mod publishing;
mod reading;

pub use dossier::{Dossier, dossier};
pub use listing::{ListFilter, list, list_for_staff, next_change};
pub use preparing::{create, update};
pub use publishing::{publish, withdraw};
pub(crate) use reading::{Current, counts, current, sees_all};
pub use reading::{find, public_unit_of, unit_of};

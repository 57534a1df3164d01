//! What every screen must know apart from its data: the page, who is signed in, and what was just
//! done.

use crate::notice::Notice;
use app::i18n::T;
use app::page::PageContext;
use domain::Timestamp;
use domain::consultations::{Consultation, Number, Unit};
use domain::staff::Role;

/// The context of one screen.
#[derive(Clone, Debug)]
pub struct Desk {
    pub page: PageContext,
    /// `None` before signing in.
    pub who: Option<Who>,
    /// What the request before this one did.
    pub notice: Option<Notice>,
    /// Why what was just sent was not done, where no field is to blame: title, and what to do.
    pub refused: Option<(String, String)>,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Who {
    pub email: String,
    /// The units in which this person has any role, by name.
    pub seats: Vec<Seat>,
    /// When the session ends unless it is used; `None` with a bearer token.
    pub ends_at: Option<Timestamp>,
}

/// A unit, and what this person may do in it.
#[derive(Clone, Debug)]
pub struct Seat {
    pub unit: Unit,
    pub roles: Vec<Role>,
}

impl Desk {
    pub fn t(&self) -> T {
        self.page.t()
    }

    /// A path of the desk, carrying a chosen language on.
    pub fn to(&self, path: &str) -> String {
        if !self.page.lang_is_chosen() {
            return path.to_owned();
        }
        let (path, fragment) = match path.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (path, None),
        };
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut address = format!("{path}{separator}lang={}", self.page.lang.tag());
        if let Some(fragment) = fragment {
            address.push('#');
            address.push_str(fragment);
        }
        address
    }

    /// A screen of one consultation: `""`, `"/queue"`, `"/draft/2"`.
    pub fn of(&self, number: Number, rest: &str) -> String {
        self.to(&format!("/desk/c/{number}{rest}"))
    }

    /// Whether the person has the role in the unit that consults. Only decides what is shown; the
    /// use case asks for a permit.
    pub fn may(&self, consultation: &Consultation, role: Role) -> bool {
        self.may_in(&consultation.unit.slug, role)
    }

    /// The same by the unit's slug.
    pub fn may_in(&self, unit: &str, role: Role) -> bool {
        self.seats_with(role).any(|seat| seat.unit.slug == unit)
    }

    /// The units in which the person has a role.
    pub fn seats_with(&self, role: Role) -> impl Iterator<Item = &Seat> {
        self.who
            .iter()
            .flat_map(|who| &who.seats)
            .filter(move |seat| seat.roles.contains(&role))
    }
}

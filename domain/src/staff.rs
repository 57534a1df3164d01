//! Staff: roles, and rights as values.
//!
//! A use case that changes a unit's data takes a [`Permit`] for that unit. A permit can only be
//! had from an [`Identity`], which the backend builds from a session or a token, so that a
//! forgotten check does not compile.

use crate::id::{AccountId, UnitId};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

crate::codes! {
    /// What a member of staff may do in a unit.
    pub enum Role {
        /// Prepares consultations: drafts, explanation, responses.
        Editor = "editor",
        /// Publishes and holds comments.
        Moderator = "moderator",
        /// Publishes consultations and feedback.
        Approver = "approver",
        /// Manages accounts, origins and units below.
        Administrator = "administrator",
    }
}

/// Who is acting, and where they may do what. Built by the backend alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub account: AccountId,
    /// The account's own unit.
    pub unit: UnitId,
    pub email: String,
    /// Roles by unit. An administrator administers the units below as well; the backend lists
    /// those units here. To administer is not to see: what is prepared there stays there.
    pub grants: Vec<(UnitId, Role)>,
}

/// The acting person lacks the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role {needed} in this unit is needed")]
pub struct Forbidden {
    pub needed: Role,
}

/// Markers for what a permit allows.
pub mod right {
    /// Any role in one's own unit: to see its desk.
    #[derive(Clone, Copy, Debug)]
    pub struct See;
    /// To see the unit's desk or to administer it: its audit record and its origins.
    #[derive(Clone, Copy, Debug)]
    pub struct Oversee;
    #[derive(Clone, Copy, Debug)]
    pub struct Edit;
    #[derive(Clone, Copy, Debug)]
    pub struct Moderate;
    #[derive(Clone, Copy, Debug)]
    pub struct Approve;
    #[derive(Clone, Copy, Debug)]
    pub struct Administer;
}

/// The right `R` of one account in one unit.
#[derive(Clone, Copy, Debug)]
pub struct Permit<R> {
    account: AccountId,
    unit: UnitId,
    right: PhantomData<R>,
}

impl<R> Permit<R> {
    /// Who acts: for the audit record.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The unit whose data may be touched.
    pub fn unit(&self) -> UnitId {
        self.unit
    }
}

impl Identity {
    fn has(&self, unit: UnitId, role: Role) -> bool {
        self.grants.contains(&(unit, role))
    }

    fn permit_if<R>(
        &self,
        granted: bool,
        unit: UnitId,
        needed: Role,
    ) -> Result<Permit<R>, Forbidden> {
        if granted {
            Ok(Permit {
                account: self.account,
                unit,
                right: PhantomData,
            })
        } else {
            Err(Forbidden { needed })
        }
    }

    fn permit<R>(&self, unit: UnitId, needed: Role) -> Result<Permit<R>, Forbidden> {
        self.permit_if(self.has(unit, needed), unit, needed)
    }

    /// Whether a grant shows its unit's desk: not one that only administers a unit below.
    fn shows_desk(&self, (unit, role): (UnitId, Role)) -> bool {
        role != Role::Administrator || unit == self.unit
    }

    fn sees(&self, unit: UnitId) -> bool {
        let mut grants = self.grants.iter().copied();
        grants.any(|grant| grant.0 == unit && self.shows_desk(grant))
    }

    /// To look at the unit's desk, with what it has not published: any role there.
    pub fn see(&self, unit: UnitId) -> Result<Permit<right::See>, Forbidden> {
        self.permit_if(self.sees(unit), unit, Role::Editor)
    }

    /// To read the unit's audit record and origins: whoever sees its desk or administers it.
    pub fn oversee(&self, unit: UnitId) -> Result<Permit<right::Oversee>, Forbidden> {
        let administers = self.has(unit, Role::Administrator);
        self.permit_if(administers || self.sees(unit), unit, Role::Editor)
    }

    /// To prepare consultations and responses.
    pub fn edit(&self, unit: UnitId) -> Result<Permit<right::Edit>, Forbidden> {
        self.permit(unit, Role::Editor)
    }

    /// To publish or hold comments.
    pub fn moderate(&self, unit: UnitId) -> Result<Permit<right::Moderate>, Forbidden> {
        self.permit(unit, Role::Moderator)
    }

    /// To publish consultations and feedback.
    pub fn approve(&self, unit: UnitId) -> Result<Permit<right::Approve>, Forbidden> {
        self.permit(unit, Role::Approver)
    }

    /// To manage accounts and origins.
    pub fn administer(&self, unit: UnitId) -> Result<Permit<right::Administer>, Forbidden> {
        self.permit(unit, Role::Administrator)
    }

    /// The units whose desk this person sees.
    pub fn units(&self) -> Vec<UnitId> {
        let grants = self.grants.iter().copied();
        distinct(grants.filter(|grant| self.shows_desk(*grant)))
    }

    /// The units in which this person has any role, those that are only administered included.
    pub fn overseen(&self) -> Vec<UnitId> {
        distinct(self.grants.iter().copied())
    }
}

fn distinct(grants: impl Iterator<Item = (UnitId, Role)>) -> Vec<UnitId> {
    let mut units: Vec<_> = grants.map(|(unit, _)| unit).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// A living session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: crate::id::SessionId,
    /// When it ends unless it is used again.
    pub ends_at: crate::Timestamp,
}

/// One row of the desk's session list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionRow {
    pub id: crate::id::SessionId,
    pub created_at: crate::Timestamp,
    pub last_seen_at: crate::Timestamp,
    /// The browser as it names itself, shortened.
    pub user_agent: String,
    /// The session that is asking.
    pub current: bool,
}

/// One row of the desk's account list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountRow {
    pub email: String,
    pub roles: Vec<Role>,
    pub last_login_at: Option<crate::Timestamp>,
    /// How many sessions live.
    pub sessions: i64,
}

/// One line of the audit record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditRow {
    pub at: crate::Timestamp,
    pub email: Option<String>,
    /// A code such as `comment.published`.
    pub act: String,
    /// What was acted on, by its public number.
    pub subject: String,
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_in_one_unit_gives_no_right_in_another() {
        let (ours, theirs) = (
            UnitId(uuid::Uuid::from_u128(1)),
            UnitId(uuid::Uuid::from_u128(2)),
        );
        let who = Identity {
            account: AccountId(uuid::Uuid::from_u128(9)),
            unit: ours,
            email: "editor@example.org".into(),
            grants: vec![(ours, Role::Editor)],
        };
        assert_eq!(who.edit(ours).unwrap().unit(), ours);
        assert_eq!(
            who.edit(theirs).unwrap_err(),
            Forbidden {
                needed: Role::Editor
            }
        );
        assert_eq!(
            who.approve(ours).unwrap_err(),
            Forbidden {
                needed: Role::Approver
            }
        );
        assert!(who.see(ours).is_ok() && who.see(theirs).is_err());
    }

    #[test]
    fn to_administer_a_unit_below_is_not_to_see_its_desk() {
        let [own, below, other] = [1, 2, 3].map(|n| UnitId(uuid::Uuid::from_u128(n)));
        let who = Identity {
            account: AccountId(uuid::Uuid::from_u128(9)),
            unit: own,
            email: "administrator@example.org".into(),
            grants: vec![(below, Role::Administrator), (own, Role::Administrator)],
        };
        assert!(who.see(own).is_ok() && who.see(below).is_err());
        assert!(who.administer(below).is_ok() && who.oversee(below).is_ok());
        assert!(who.oversee(other).is_err());
        assert_eq!(who.units(), [own]);
        assert_eq!(who.overseen(), [own, below]);
    }
}

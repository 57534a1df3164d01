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
    pub email: String,
    /// Roles by unit. An administrator's roles cover the units below as well; the backend
    /// lists those units here.
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
    /// Any role in the unit: to see its desk.
    #[derive(Clone, Copy, Debug)]
    pub struct See;
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

    fn permit<R>(&self, unit: UnitId, needed: Role) -> Result<Permit<R>, Forbidden> {
        if self.has(unit, needed) {
            Ok(Permit {
                account: self.account,
                unit,
                right: PhantomData,
            })
        } else {
            Err(Forbidden { needed })
        }
    }

    /// To look at the unit's desk: any role there.
    pub fn see(&self, unit: UnitId) -> Result<Permit<right::See>, Forbidden> {
        if self.grants.iter().any(|(granted, _)| *granted == unit) {
            Ok(Permit {
                account: self.account,
                unit,
                right: PhantomData,
            })
        } else {
            Err(Forbidden {
                needed: Role::Editor,
            })
        }
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

    /// The units in which this person has any role.
    pub fn units(&self) -> Vec<UnitId> {
        let mut units: Vec<_> = self.grants.iter().map(|(unit, _)| *unit).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
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
}

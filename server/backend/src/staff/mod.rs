//! Staff: accounts with roles, passwords, sessions and tokens.
//!
//! A session or token gives an [`Identity`]; an identity gives permits. Only hashes of passwords
//! and tokens are stored.

mod accounts;
mod password;
mod sessions;
mod throttle;

pub use accounts::{
    accounts, add_account, add_token, change_password, end_sessions, grant, revoke_all,
};
pub use sessions::{identify_bearer, identify_session, log_in, log_out, revoke, sessions};

use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::units;
use domain::id::{AccountId, UnitId};
use domain::staff::{Identity, Role};
use sqlx::types::Uuid;

sql! {
    ROLES = "select role from account_role where account_id = $1 order by role";
}

/// What a person may do where: their roles in their own unit, and an administrator's also below.
async fn identity(
    conn: &mut Conn,
    account: Uuid,
    unit: Uuid,
    email: String,
) -> Result<Identity, Error> {
    let rows: Vec<(String,)> = fetch_all!(conn, ROLES, (String,), account)?;
    let unit = UnitId(unit);
    let mut grants = Vec::with_capacity(rows.len());
    for (code,) in rows {
        let role: Role = code.parse().map_err(|_| corrupt("account_role.role"))?;
        if role == Role::Administrator {
            let below = units::with_descendants(conn, unit).await?;
            grants.extend(below.into_iter().map(|unit| (unit, role)));
        } else {
            grants.push((unit, role));
        }
    }
    Ok(Identity {
        account: AccountId(account),
        unit,
        email,
        grants,
    })
}

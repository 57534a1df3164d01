//! Accounts: added by the operator or an administrator, with roles and a password.

use super::password;
use super::sessions::TOKEN_MS;
use super::throttle::{self, Subject};
use crate::audit::{self, Act};
use crate::db::Tx;
use crate::error::{Error, corrupt};
use crate::keys::token_hash;
use crate::moment::instant;
use crate::{Backend, Moment};
use domain::Timestamp;
use domain::id::{AccountId, UnitId};
use domain::limits;
use domain::problem::{Fault, Violations};
use domain::staff::{AccountRow, Identity, Permit, Role, right};
use sqlx::types::Uuid;

sql! {
    UNIT = "select id from unit where slug = $1";
    INSERT = "insert into account (id, unit_id, email, password_hash, created_at)
        values ($1, $2, $3, $4, $5)";
    FIND = "select id, unit_id from account where email = $1";
    // Takes the row, so that of two grants at once the later stands, and not both.
    LOCK = "update account set email = email where email = $1 returning id, unit_id";
    HASH_OF = "select unit_id, password_hash from account where id = $1";
    SET_PASSWORD = "update account set password_hash = $2 where id = $1";
    // Only in the place of the one that was looked at.
    CHANGE_PASSWORD = "update account set password_hash = $3 where id = $1 and password_hash = $2";
    DROP_ROLES = "delete from account_role where account_id = $1";
    ADD_ROLE = "insert into account_role (account_id, role) values ($1, $2)";
    END_SESSIONS = "delete from session where account_id = $1";
    END_OTHER_SESSIONS = "delete from session where account_id = $1 and id <> $2";
    END_TOKENS = "delete from api_token where account_id = $1";
    DROP_EXPIRED = "delete from api_token where created_at < $1";
    ADD_TOKEN = "insert into api_token (id, account_id, token_hash, created_at)
        values ($1, $2, $3, $4)";
    ROLES = "select role from account_role where account_id = $1 order by role";
    OF_UNIT = "select account.email, account.last_login_at, account_role.role,
            (select count(*) from session where session.account_id = account.id
                and session.last_seen_at >= $2 and session.created_at >= $3) as sessions
        from account
        left join account_role on account_role.account_id = account.id
        where account.unit_id = $1
        order by account.email, account_role.role";
}

row! { struct FoundRow { id: Uuid, unit_id: Uuid } }
row! { struct ListRow { email: String, last_login_at: Option<i64>, role: Option<String>, sessions: i64 } }

/// An e-mail address as accounts are known by: lower case, one at sign, no blanks.
pub(super) fn read_email(raw: &str) -> Result<String, Fault> {
    let email = raw.trim().to_lowercase();
    if email.is_empty() {
        return Err(Fault::Required);
    }
    let (local, host) = email.split_once('@').ok_or(Fault::Malformed)?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control())
    };
    if plain(local) && plain(host) && email.len() <= limits::EMAIL_BYTES {
        Ok(email)
    } else {
        Err(Fault::Malformed)
    }
}

fn read_roles(roles: &[Role]) -> Result<Vec<Role>, Fault> {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        Err(Fault::Required)
    } else {
        Ok(roles)
    }
}

/// Adds an account, as the operator at the command line.
///
/// Fails with `Invalid` for `unit`, `email`, `role`, `password`.
pub async fn add_account(
    backend: &Backend,
    moment: &mut Moment,
    unit_slug: &str,
    email: &str,
    roles: &[Role],
    password: &str,
) -> Result<(), Error> {
    let mut conn = backend.db().read().await?;
    let found: Option<(Uuid,)> = fetch_optional!(conn, UNIT, (Uuid,), unit_slug)?;
    drop(conn);
    let mut wrong = Violations::new();
    if found.is_none() {
        wrong.add("unit", Fault::Unknown);
    }
    let email = wrong.keep("email", read_email(email));
    let roles = wrong.keep("role", read_roles(roles));
    wrong.keep("password", password::check_new(password));
    let (unit, email, roles) = match (found, email, roles) {
        (Some((unit,)), Some(email), Some(roles)) if wrong.0.is_empty() => (unit, email, roles),
        _ => return Err(wrong.into()),
    };
    let hash = password::hash(moment, password).await?;
    let mut tx = backend.db().write().await?;
    insert(&mut tx, moment, None, UnitId(unit), &email, &roles, &hash).await?;
    tx.commit().await
}

async fn insert(
    tx: &mut Tx,
    moment: &mut Moment,
    by: Option<AccountId>,
    unit: UnitId,
    email: &str,
    roles: &[Role],
    hash: &str,
) -> Result<(), Error> {
    let id = moment.id();
    execute!(tx, INSERT, id, unit.0, email, hash, moment.millis())
        .map_err(|error| Error::on_taken(error, "account_email_key", "account.email", "email"))?;
    for role in roles {
        execute!(tx, ADD_ROLE, id, role.code())?;
    }
    let detail = codes(roles);
    let act = Act {
        unit,
        account: by,
        act: "account.added",
        subject: email,
        detail: &detail,
    };
    audit::record(tx, moment, act).await
}

fn codes(roles: &[Role]) -> String {
    roles
        .iter()
        .map(|role| role.code())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Gives an account of this unit these roles and, if given, a new password, with which its sessions
/// and tokens end; adds the account if there is none. An account of another unit is `Taken`.
pub async fn grant(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Administer>,
    email: &str,
    roles: &[Role],
    password: Option<&str>,
) -> Result<(), Error> {
    let mut wrong = Violations::new();
    let email = wrong.keep("email", read_email(email)).unwrap_or_default();
    let roles = wrong.keep("role", read_roles(roles)).unwrap_or_default();
    if let Some(password) = password {
        wrong.keep("password", password::check_new(password));
    }
    wrong.into_result(|| ())?;
    let hash = match password {
        Some(password) => Some(password::hash(moment, password).await?),
        None => None,
    };
    let mut tx = backend.db().write().await?;
    let unit = permit.unit();
    let by = Some(permit.account());
    match fetch_optional!(tx, LOCK, FoundRow, email.as_str())? {
        Some(found) if found.unit_id != unit.0 => {
            return Err(Error::invalid("email", Fault::Taken));
        }
        Some(found) => {
            let act = |act, detail| Act {
                unit,
                account: by,
                act,
                subject: &email,
                detail,
            };
            if let Some(hash) = hash {
                execute!(tx, SET_PASSWORD, found.id, hash)?;
                execute!(tx, END_SESSIONS, found.id)?;
                execute!(tx, END_TOKENS, found.id)?;
                audit::record(&mut tx, moment, act("account.password_reset", "")).await?;
            }
            let rows: Vec<(String,)> = fetch_all!(tx, ROLES, (String,), found.id)?;
            let mut held: Vec<String> = rows.into_iter().map(|(code,)| code).collect();
            let mut wanted: Vec<&str> = roles.iter().map(|role| role.code()).collect();
            held.sort_unstable();
            wanted.sort_unstable();
            if held != wanted {
                execute!(tx, DROP_ROLES, found.id)?;
                for role in &roles {
                    execute!(tx, ADD_ROLE, found.id, role.code())?;
                }
                let detail = codes(&roles);
                audit::record(&mut tx, moment, act("account.roles_set", &detail)).await?;
            }
        }
        None => {
            let hash = hash.ok_or_else(|| Error::invalid("password", Fault::Required))?;
            insert(&mut tx, moment, by, unit, &email, &roles, &hash).await?;
        }
    }
    tx.commit().await
}

/// Ends every session of an account of this unit: somebody left a browser open, or left.
///
/// Fails with `NotFound` if the unit has no such account.
pub async fn end_sessions(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Administer>,
    email: &str,
) -> Result<(), Error> {
    let email = read_email(email).map_err(|_| Error::NotFound)?;
    let mut tx = backend.db().write().await?;
    let found = fetch_optional!(tx, LOCK, FoundRow, email.as_str())?
        .filter(|found| found.unit_id == permit.unit().0)
        .ok_or(Error::NotFound)?;
    execute!(tx, END_SESSIONS, found.id)?;
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "account.sessions_ended",
        subject: &email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await
}

/// The accounts of a unit, by address, with how many sessions of each live now.
pub async fn accounts(
    backend: &Backend,
    now: Timestamp,
    permit: &Permit<right::Administer>,
) -> Result<Vec<AccountRow>, Error> {
    let mut conn = backend.db().read().await?;
    let (seen, opened) = super::sessions::oldest_living(now);
    let rows = fetch_all!(conn, OF_UNIT, ListRow, permit.unit().0, seen, opened)?;
    let mut accounts: Vec<AccountRow> = Vec::new();
    for row in rows {
        let role = match row.role {
            Some(code) => Some(code.parse().map_err(|_| corrupt("account_role.role"))?),
            None => None,
        };
        match accounts.last_mut() {
            Some(last) if last.email == row.email => last.roles.extend(role),
            _ => accounts.push(AccountRow {
                email: row.email,
                roles: role.into_iter().collect(),
                last_login_at: row.last_login_at.map(instant).transpose()?,
                sessions: row.sessions,
            }),
        }
    }
    Ok(accounts)
}

/// Changes one's own password and ends one's other sessions. A password that an administrator sets
/// meanwhile stands.
///
/// Fails with `Invalid` for `old` or `new`, or with `TooManyAttempts` after repeated failures: who
/// finds a desk left open does not guess faster than at the door.
pub async fn change_password(
    backend: &Backend,
    moment: &mut Moment,
    who: &Identity,
    current: Option<domain::id::SessionId>,
    old: &str,
    new: &str,
) -> Result<(), Error> {
    password::check_new(new).map_err(|fault| Error::invalid("new", fault))?;
    let wrong = || Error::invalid("old", Fault::Unknown);
    if old.len() > domain::limits::PASSWORD_MAX_BYTES {
        return Err(wrong());
    }
    let subject = Subject::Account(&who.email);
    let mut tx = backend.db().write().await?;
    throttle::check(&mut tx, moment, subject).await?;
    throttle::count(&mut tx, moment, subject).await?;
    let found: Option<(Uuid, String)> =
        fetch_optional!(tx, HASH_OF, (Uuid, String), who.account.0)?;
    tx.commit().await?;
    let (unit, stored) = found.ok_or(Error::NotFound)?;
    if !password::verify(old, Some(stored.clone())).await? {
        return Err(wrong());
    }
    let hash = password::hash(moment, new).await?;
    let mut tx = backend.db().write().await?;
    throttle::forget(&mut tx, subject).await?;
    if execute!(tx, CHANGE_PASSWORD, who.account.0, stored, hash)? == 0 {
        return Err(wrong());
    }
    let kept = current.map_or(Uuid::nil(), |session| session.0);
    execute!(tx, END_OTHER_SESSIONS, who.account.0, kept)?;
    let act = Act {
        unit: UnitId(unit),
        account: Some(who.account),
        act: "account.password_changed",
        subject: &who.email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await
}

/// Makes a bearer token for the staff calls of the API. It is shown once; its hash is kept.
///
/// Fails with `NotFound` if there is no such account.
pub async fn add_token(
    backend: &Backend,
    moment: &mut Moment,
    email: &str,
) -> Result<String, Error> {
    let email = read_email(email).map_err(|fault| Error::invalid("email", fault))?;
    let token = super::sessions::new_token(moment);
    let mut tx = backend.db().write().await?;
    let found = fetch_optional!(tx, FIND, FoundRow, email.as_str())?.ok_or(Error::NotFound)?;
    execute!(tx, DROP_EXPIRED, moment.millis() - TOKEN_MS)?;
    execute!(
        tx,
        ADD_TOKEN,
        moment.id(),
        found.id,
        token_hash(&token),
        moment.millis()
    )?;
    let act = Act {
        unit: UnitId(found.unit_id),
        account: None,
        act: "token.added",
        subject: &email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await?;
    Ok(token)
}

/// Ends every session and bearer token of an account, as the operator at the command line: a token
/// was lost, or somebody left.
///
/// Fails with `NotFound` if there is no such account.
pub async fn revoke_all(backend: &Backend, moment: &mut Moment, email: &str) -> Result<(), Error> {
    let email = read_email(email).map_err(|fault| Error::invalid("email", fault))?;
    let mut tx = backend.db().write().await?;
    let found = fetch_optional!(tx, LOCK, FoundRow, email.as_str())?.ok_or(Error::NotFound)?;
    execute!(tx, END_SESSIONS, found.id)?;
    execute!(tx, END_TOKENS, found.id)?;
    let act = Act {
        unit: UnitId(found.unit_id),
        account: None,
        act: "token.revoked",
        subject: &email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await
}

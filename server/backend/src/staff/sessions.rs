//! Sessions: opened by a password, known by a token of which only the hash is kept, ended by
//! idling, by age, by their owner or by a change of the password.

use super::accounts::read_email;
use super::throttle::{self, Subject};
use super::{identity, password};
use crate::audit::{self, Act};
use crate::comments::store::hex;
use crate::error::Error;
use crate::keys::token_hash;
use crate::moment::instant;
use crate::{Backend, Moment};
use domain::Timestamp;
use domain::id::{AccountId, SessionId, UnitId};
use domain::limits;
use domain::problem::Fault;
use domain::staff::{Identity, Session, SessionRow};
use sqlx::types::Uuid;

/// A session ends after this long without a request.
const IDLE_MS: i64 = 30 * 60_000;
/// A session ends this long after it was opened, used or not.
const ABSOLUTE_MS: i64 = 12 * 60 * 60_000;
/// A bearer token is good for a year.
pub(super) const TOKEN_MS: i64 = 365 * 24 * 60 * 60_000;
/// Use is noted at most this often, so that reading pages does not write each time.
const NOTED_EVERY_MS: i64 = 60_000;

sql! {
    ACCOUNT = "select id, unit_id, email, password_hash from account where email = $1";
    INSERT = "insert into session (id, account_id, token_hash, created_at, last_seen_at, user_agent)
        values ($1, $2, $3, $4, $4, $5)";
    // Takes the row, if the password is still the one that was looked at.
    LOGGED_IN = "update account set last_login_at = $2 where id = $1 and password_hash = $3";
    // Those that somebody else is ending at this moment are left to them.
    DROP_EXPIRED = {
        sqlite: "delete from session where last_seen_at < $1 or created_at < $2",
        postgres: "delete from session where id in (
            select id from session where last_seen_at < $1 or created_at < $2
            for update skip locked)",
    };
    FIND = "select session.id, session.created_at, session.last_seen_at, account.id as account_id,
            account.unit_id, account.email
        from session join account on account.id = session.account_id
        where session.token_hash = $1";
    SEEN = "update session set last_seen_at = $2 where id = $1";
    BEARER = "select account.id, account.unit_id, account.email
        from api_token join account on account.id = api_token.account_id
        where api_token.token_hash = $1 and api_token.created_at >= $2";
    OF_ACCOUNT = "select id, created_at, last_seen_at, user_agent from session
        where account_id = $1 and last_seen_at >= $2 and created_at >= $3
        order by last_seen_at desc, id";
    END = "delete from session where id = $1 and account_id = $2";
    OWNER = "select session.account_id, account.unit_id, account.email
        from session join account on account.id = session.account_id
        where session.id = $1";
    UNIT_OF = "select unit_id from account where id = $1";
}

row! { struct AccountRow { id: Uuid, unit_id: Uuid, email: String, password_hash: String } }
row! { struct FoundRow {
    id: Uuid, created_at: i64, last_seen_at: i64, account_id: Uuid, unit_id: Uuid, email: String,
} }
row! { struct ListRow { id: Uuid, created_at: i64, last_seen_at: i64, user_agent: String } }

/// 256 random bits, in hexadecimal.
pub(super) fn new_token(moment: &mut Moment) -> String {
    hex(&moment.bytes::<32>())
}

/// Opens a session and gives its token, which is shown to nobody else.
///
/// Fails with `Invalid` (`password`, unknown) without saying whether the address exists, or with
/// `TooManyAttempts` after repeated failures of the account or the client.
pub async fn log_in(
    backend: &Backend,
    moment: &mut Moment,
    email: &str,
    password: &str,
    client: &str,
    user_agent: &str,
) -> Result<String, Error> {
    let wrong = || Error::invalid("password", Fault::Unknown);
    let Ok(email) = read_email(email) else {
        return Err(wrong());
    };
    let client = backend.keys().client(client);
    let subjects = [Subject::Account(&email), Subject::Client(&client)];
    let mut tx = backend.db().write().await?;
    for subject in subjects {
        throttle::check(&mut tx, moment, subject).await?;
        throttle::count(&mut tx, moment, subject).await?;
    }
    let found = fetch_optional!(tx, ACCOUNT, AccountRow, email.as_str())?;
    // Last: what it takes is held only until the commit, and nothing is waited for after it. Here
    // and not after a success, so that guesses at a thousand addresses do not pile up.
    throttle::sweep(&mut tx, moment).await?;
    tx.commit().await?;
    let too_long = password.len() > limits::PASSWORD_MAX_BYTES;
    let stored = found
        .as_ref()
        .filter(|_| !too_long)
        .map(|row| row.password_hash.clone());
    let fits = password::verify(if too_long { "" } else { password }, stored).await?;
    let Some(account) = found.filter(|_| fits) else {
        return Err(wrong());
    };
    let token = new_token(moment);
    let mut tx = backend.db().write().await?;
    for subject in subjects {
        throttle::forget(&mut tx, subject).await?;
    }
    let now = moment.millis();
    // A password that was replaced meanwhile opens nothing any more.
    if execute!(tx, LOGGED_IN, account.id, now, account.password_hash)? == 0 {
        return Err(wrong());
    }
    let user_agent: String = user_agent
        .chars()
        .filter(|c| !c.is_control())
        .take(limits::USER_AGENT)
        .collect();
    execute!(
        tx,
        INSERT,
        moment.id(),
        account.id,
        token_hash(&token),
        now,
        user_agent
    )?;
    let act = Act {
        unit: UnitId(account.unit_id),
        account: Some(AccountId(account.id)),
        act: "session.opened",
        subject: &account.email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    // Last as well.
    execute!(tx, DROP_EXPIRED, now - IDLE_MS, now - ABSOLUTE_MS)?;
    tx.commit().await?;
    Ok(token)
}

fn is_live(now: i64, created_at: i64, last_seen_at: i64) -> bool {
    now - last_seen_at < IDLE_MS && now - created_at < ABSOLUTE_MS
}

/// A living session was last seen, and was opened, at these instants (Unix milliseconds) or later.
pub(super) fn oldest_living(now: Timestamp) -> (i64, i64) {
    let now = now.as_millisecond();
    (now - IDLE_MS + 1, now - ABSOLUTE_MS + 1)
}

/// Who holds this session, while it lives, and until when it does.
pub async fn identify_session(
    backend: &Backend,
    now: Timestamp,
    token: &str,
) -> Result<Option<(Identity, Session)>, Error> {
    let now = now.as_millisecond();
    let mut conn = backend.db().read().await?;
    let Some(row) = fetch_optional!(conn, FIND, FoundRow, token_hash(token))? else {
        return Ok(None);
    };
    if !is_live(now, row.created_at, row.last_seen_at) {
        return Ok(None);
    }
    let who = identity(&mut conn, row.account_id, row.unit_id, row.email).await?;
    drop(conn);
    let mut last_seen_at = row.last_seen_at;
    if now - last_seen_at >= NOTED_EVERY_MS {
        last_seen_at = now;
        let mut tx = backend.db().write().await?;
        execute!(tx, SEEN, row.id, now)?;
        tx.commit().await?;
    }
    let session = Session {
        id: SessionId(row.id),
        ends_at: instant((last_seen_at + IDLE_MS).min(row.created_at + ABSOLUTE_MS))?,
    };
    Ok(Some((who, session)))
}

/// Who holds this bearer token. A token is good for a year.
pub async fn identify_bearer(
    backend: &Backend,
    now: Timestamp,
    token: &str,
) -> Result<Option<Identity>, Error> {
    let oldest = now.as_millisecond() - TOKEN_MS;
    let mut conn = backend.db().read().await?;
    let found: Option<(Uuid, Uuid, String)> = fetch_optional!(
        conn,
        BEARER,
        (Uuid, Uuid, String),
        token_hash(token),
        oldest
    )?;
    match found {
        Some((account, unit, email)) => Ok(Some(identity(&mut conn, account, unit, email).await?)),
        None => Ok(None),
    }
}

/// Ends a session.
pub async fn log_out(
    backend: &Backend,
    moment: &mut Moment,
    session: SessionId,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let found: Option<(Uuid, Uuid, String)> =
        fetch_optional!(tx, OWNER, (Uuid, Uuid, String), session.0)?;
    let Some((account, unit, email)) = found else {
        return Ok(());
    };
    execute!(tx, END, session.0, account)?;
    let act = Act {
        unit: UnitId(unit),
        account: Some(AccountId(account)),
        act: "session.closed",
        subject: &email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await
}

/// One's own living sessions, the last used first.
pub async fn sessions(
    backend: &Backend,
    now: Timestamp,
    who: &Identity,
    current: Option<SessionId>,
) -> Result<Vec<SessionRow>, Error> {
    let mut conn = backend.db().read().await?;
    let (seen, opened) = oldest_living(now);
    let rows = fetch_all!(conn, OF_ACCOUNT, ListRow, who.account.0, seen, opened)?;
    rows.into_iter()
        .map(|row| {
            Ok(SessionRow {
                id: SessionId(row.id),
                created_at: instant(row.created_at)?,
                last_seen_at: instant(row.last_seen_at)?,
                user_agent: row.user_agent,
                current: current == Some(SessionId(row.id)),
            })
        })
        .collect()
}

/// Ends one of one's own sessions. Somebody else's is `NotFound`.
pub async fn revoke(
    backend: &Backend,
    moment: &mut Moment,
    who: &Identity,
    session: SessionId,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    if execute!(tx, END, session.0, who.account.0)? == 0 {
        return Err(Error::NotFound);
    }
    let (unit,): (Uuid,) = fetch_one!(tx, UNIT_OF, (Uuid,), who.account.0)?;
    let act = Act {
        unit: UnitId(unit),
        account: Some(who.account),
        act: "session.revoked",
        subject: &who.email,
        detail: "",
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await
}

//! Guessing a password is slow: after a few failures an account, and the client that failed,
//! must wait, longer each time. Kept in the database, so a restart or another process forgets
//! nothing.

use crate::Moment;
use crate::db::Tx;
use crate::error::Error;

/// Failures without any wait.
const FREE: i64 = 5;
/// The first wait; it doubles with each further failure.
const FIRST_WAIT_MS: i64 = 10_000;
/// The longest wait, and the time after which failures are forgotten.
const LONGEST_WAIT_MS: i64 = 15 * 60_000;

sql! {
    // Takes the row, and makes it if need be, so that there is one to take.
    TAKE = "insert into login_throttle (subject, failures, last_failure_at) values ($1, 0, $2)
        on conflict (subject) do update set failures = login_throttle.failures
        returning failures, last_failure_at";
    FAILED = "insert into login_throttle (subject, failures, last_failure_at) values ($1, 1, $2)
        on conflict (subject) do update
        set failures = case when login_throttle.last_failure_at < $3
                then 1 else login_throttle.failures + 1 end,
            last_failure_at = $2";
    FORGET = "delete from login_throttle where subject = $1";
    // Rows that another sign-in holds are left to it: waiting for them while holding others is
    // how two come to wait for each other.
    SWEEP = {
        sqlite: "delete from login_throttle where last_failure_at < $1",
        postgres: "delete from login_throttle where subject in (
            select subject from login_throttle where last_failure_at < $1 for update skip locked)",
    };
}

row! { struct Row { failures: i64, last_failure_at: i64 } }

/// Who is counted: an account by its address, a client by its hashed address. One client behind
/// which many people sit (a ministry's gateway) may fail more often.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    Account(&'a str),
    Client(&'a str),
}

impl Subject<'_> {
    fn key(self) -> String {
        match self {
            Self::Account(email) => format!("account:{email}"),
            Self::Client(client) => format!("client:{client}"),
        }
    }

    const fn free(self) -> i64 {
        match self {
            Self::Account(_) => FREE,
            Self::Client(_) => FREE * 6,
        }
    }
}

/// Refuses while the subject must wait. The row is taken first, so that many attempts at once are
/// counted one by one.
pub async fn check(tx: &mut Tx, moment: &Moment, subject: Subject<'_>) -> Result<(), Error> {
    let row = fetch_one!(tx, TAKE, Row, subject.key(), moment.millis())?;
    let over = row.failures - subject.free();
    if over < 0 {
        return Ok(());
    }
    let doublings = u32::try_from(over.min(20)).unwrap_or(20);
    let wait = (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS);
    let left = row.last_failure_at + wait - moment.millis();
    if left > 0 {
        let retry_after_s = u64::try_from(left).unwrap_or(0).div_ceil(1_000);
        return Err(Error::TooManyAttempts { retry_after_s });
    }
    Ok(())
}

/// Counts an attempt as failed, before the password is looked at: so many at once cannot slip
/// through together.
pub async fn count(tx: &mut Tx, moment: &Moment, subject: Subject<'_>) -> Result<(), Error> {
    let forgotten = moment.millis() - LONGEST_WAIT_MS;
    execute!(tx, FAILED, subject.key(), moment.millis(), forgotten)?;
    Ok(())
}

/// Forgets a subject's failures after a success.
pub async fn forget(tx: &mut Tx, subject: Subject<'_>) -> Result<(), Error> {
    execute!(tx, FORGET, subject.key())?;
    Ok(())
}

/// Forgets everybody's old failures. Last in its transaction.
pub async fn sweep(tx: &mut Tx, moment: &Moment) -> Result<(), Error> {
    execute!(tx, SWEEP, moment.millis() - LONGEST_WAIT_MS)?;
    Ok(())
}

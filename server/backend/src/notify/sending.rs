//! Sending what was written down: each letter is claimed by one process for a while, so that another
//! takes over if that one dies. A letter may then go out twice, never not at all.

use crate::error::{Error, corrupt};
use crate::hearings::own;
use crate::{Backend, Moment};
use domain::hearings::{HearingNumber, OwnApplication};
use domain::limits;
use domain::notify::{LetterKind, Letters, mail_address};
use domain::receipts::ReceiptCode;
use domain::staff::{Permit, right};
use sqlx::types::Uuid;

/// How long a process may take over one letter, in milliseconds.
const LEASE: i64 = 10 * MINUTE;
const MINUTE: i64 = 60_000;
/// Minutes until the next attempt, after each that failed; then it is given up.
const AGAIN: [i64; 7] = [1, 5, 30, 120, 360, 720, 1_440];
const DAY: i64 = 24 * 60 * MINUTE;

sql! {
    CLAIM = {
        sqlite: "update letter set due_at = $2, attempts = attempts + 1
            where id = (select id from letter
                where due_at <= $1 and sent_at is null and dropped_at is null
                order by due_at, id
                limit 1)
            returning id, application_id, kind, attempts",
        postgres: "update letter set due_at = $2, attempts = attempts + 1
            where id = (select id from letter
                where due_at <= $1 and sent_at is null and dropped_at is null
                order by due_at, id
                limit 1
                for update skip locked)
            returning id, application_id, kind, attempts",
    };
    LANG = "select lang from application where id = $1";
    // A process whose claim ran out says nothing about a letter that another has taken over.
    SENT = "update letter set sent_at = $3, failure = null where id = $1 and attempts = $2";
    AGAIN_AT = "update letter set due_at = $3, failure = $4 where id = $1 and attempts = $2";
    DROP = "update letter set dropped_at = $3, failure = $4 where id = $1 and attempts = $2";
    FIGURES = "select
            cast(count(case when sent_at is null and dropped_at is null then 1 end) as bigint) as waiting,
            cast(count(sent_at) as bigint) as sent,
            cast(count(case when dropped_at is not null and failure is not null then 1 end) as bigint) as failed
        from letter
        join application on application.id = letter.application_id
        join hearing on hearing.id = application.hearing_id
        join consultation on consultation.id = hearing.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and hearing.serial = $3
        and consultation.unit_id = $4";
    UNREACHED = "select cast(count(*) as bigint) from application
        join hearing on hearing.id = application.hearing_id
        join consultation on consultation.id = hearing.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and hearing.serial = $3
        and consultation.unit_id = $4
        and application.mailable = 0 and application.contact is not null
        and application.state not in ('withdrawn', 'declined')";
    FORGET = "delete from letter where sent_at <= $1 or dropped_at <= $1";
}

row! { struct ClaimedRow { id: i64, application_id: Uuid, kind: String, attempts: i64 } }
row! { struct FiguresRow { waiting: i64, sent: i64, failed: i64 } }

/// A letter that is to be sent now, with what it is about as it stands now.
#[derive(Clone, Debug)]
pub struct Due {
    pub id: i64,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    pub kind: LetterKind,
    /// BCP 47 tag of the language in which the applicant reads.
    pub lang: String,
    /// The e-mail address.
    pub to: String,
    /// What opens the application.
    pub receipt: ReceiptCode,
    pub application: OwnApplication,
}

impl Due {
    pub fn hearing(&self) -> HearingNumber {
        self.application.number.hearing
    }
}

/// Claims the letter that has waited longest; `None` if none is due. Those that nobody can be sent
/// any more are dropped on the way.
pub async fn next(backend: &Backend, moment: &Moment) -> Result<Option<Due>, Error> {
    loop {
        let mut tx = backend.db().write().await?;
        let until = moment.millis() + LEASE;
        let claimed = fetch_optional!(tx, CLAIM, ClaimedRow, moment.millis(), until)?;
        tx.commit().await?;
        let Some(row) = claimed else { return Ok(None) };
        let receipt = backend.keys().receipt(row.application_id);
        let found = own::open(backend, moment.now, &receipt).await?;
        let claim = (row.id, row.attempts);
        let Some(application) = found.filter(|found| !found.contact.is_empty()) else {
            // Taken back or forgotten meanwhile.
            settle(backend, moment, claim, None).await?;
            continue;
        };
        let Some(to) = mail_address(&application.contact).map(str::to_owned) else {
            // It passed for an address when it was written down; staff see that it did not go out.
            settle(backend, moment, claim, Some("no_address")).await?;
            continue;
        };
        let mut conn = backend.db().read().await?;
        let (lang,): (String,) = fetch_one!(conn, LANG, (String,), row.application_id)?;
        return Ok(Some(Due {
            id: row.id,
            attempt: row.attempts,
            kind: row.kind.parse().map_err(|_| corrupt("letter.kind"))?,
            lang,
            to,
            receipt,
            application,
        }));
    }
}

/// Notes that a letter was handed over.
pub async fn sent(backend: &Backend, moment: &Moment, due: &Due) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    execute!(tx, SENT, due.id, due.attempt, moment.millis())?;
    tx.commit().await
}

/// Notes that what a letter was about is over, so that nothing is sent.
pub async fn drop_moot(backend: &Backend, moment: &Moment, due: &Due) -> Result<(), Error> {
    settle(backend, moment, (due.id, due.attempt), None).await
}

/// Notes that a letter could not be handed over, by a code such as `unreachable` or the reply code
/// of the mail server. It is tried again later, unless that is of no use (`for_good`) or was done
/// often enough; says whether it will be.
pub async fn failed(
    backend: &Backend,
    moment: &Moment,
    due: &Due,
    code: &str,
    for_good: bool,
) -> Result<bool, Error> {
    let attempt = usize::try_from(due.attempt).unwrap_or(usize::MAX);
    let pause = AGAIN
        .get(attempt.saturating_sub(1))
        .filter(|_| !for_good)
        .copied();
    let Some(pause) = pause else {
        settle(backend, moment, (due.id, due.attempt), Some(code)).await?;
        return Ok(false);
    };
    let at = moment.millis() + pause * MINUTE;
    let mut tx = backend.db().write().await?;
    execute!(tx, AGAIN_AT, due.id, due.attempt, at, code)?;
    tx.commit().await?;
    Ok(true)
}

async fn settle(
    backend: &Backend,
    moment: &Moment,
    (id, attempt): (i64, i64),
    failure: Option<&str>,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    execute!(tx, DROP, id, attempt, moment.millis(), failure)?;
    tx.commit().await
}

/// How many letters on a session wait, went out or could not, and how many of its applicants can only
/// be called.
pub async fn figures(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: HearingNumber,
) -> Result<Letters, Error> {
    let mut conn = backend.db().snapshot().await?;
    let (year, serial) = (
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
    );
    let unit = permit.unit().0;
    let row = fetch_one!(conn, FIGURES, FiguresRow, year, serial, number.serial, unit)?;
    let (unreached,): (i64,) =
        fetch_one!(conn, UNREACHED, (i64,), year, serial, number.serial, unit)?;
    Ok(Letters {
        waiting: row.waiting,
        sent: row.sent,
        failed: row.failed,
        without_address: unreached,
    })
}

/// Deletes what is known of letters as long ago as contact data is
/// ([`limits::APPLICATION_DAYS`]). To be called daily.
pub async fn forget_old(backend: &Backend, moment: &Moment) -> Result<u64, Error> {
    let before = moment.millis() - limits::APPLICATION_DAYS * DAY;
    let mut tx = backend.db().write().await?;
    let letters = execute!(tx, FORGET, before)?;
    tx.commit().await?;
    Ok(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_grow_apart_and_end_after_about_two_days() {
        assert!(AGAIN.is_sorted());
        let minutes: i64 = AGAIN.iter().sum();
        assert!((24 * 60..72 * 60).contains(&minutes));
        const { assert!(LEASE >= 5 * MINUTE) };
    }
}

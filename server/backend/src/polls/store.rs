//! The rows of polls: found, locked, and what is stored as JSON.

use crate::comments::store::maybe_instant;
use crate::db::{Conn, Tx};
use crate::error::{Conflict, Error, corrupt};
use domain::Timestamp;
use domain::id::{ConsultationId, PollId, UnitId};
use domain::polls::{PollLife, PollNumber, PollVersion, Questionnaire};
use sqlx::types::Uuid;

sql! {
    // An update that changes nothing takes the row's lock on both databases.
    LOCK = "update poll set ballots = ballots
        where serial = $3 and consultation_id = (
            select id from consultation where year = $1 and serial = $2)
        returning id, consultation_id, version, published_at, opens_at, closes_at, results_at,
            cancelled_at,
            (select unit_id from consultation where consultation.id = poll.consultation_id) as unit_id,
            (select withdrawn_at from consultation
                where consultation.id = poll.consultation_id) as withdrawn_at";
    // With its consultation a poll is called off, unless it had closed before.
    FIND = "select poll.id, poll.version, poll.ballots, poll.published_at, poll.opens_at,
            poll.closes_at, poll.results_at, consultation.unit_id,
            coalesce(poll.cancelled_at, case
                when poll.closes_at is null or consultation.withdrawn_at < poll.closes_at
                then consultation.withdrawn_at end) as cancelled_at,
            coalesce(poll.cancelled_reason, consultation.withdrawn_reason) as cancelled_reason
        from poll
        join consultation on consultation.id = poll.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and poll.serial = $3";
    OF_STAFF = "select poll.id from poll
        join consultation on consultation.id = poll.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and poll.serial = $3
        and consultation.unit_id = $4";
    QUESTIONNAIRE = "select questionnaire from poll_version where poll_id = $1 and version = $2";
    VERSIONS = "select version, correction, published_at, ballots from poll_version
        where poll_id = $1 order by version";
    QUESTIONNAIRES = "select questionnaire from poll_version where poll_id = $1 order by version";
}

row! { struct LockedRow {
    id: Uuid, consultation_id: Uuid, version: i64, published_at: Option<i64>,
    opens_at: Option<i64>, closes_at: Option<i64>, results_at: Option<i64>,
    cancelled_at: Option<i64>, unit_id: Uuid, withdrawn_at: Option<i64>,
} }
row! { struct FoundRow {
    id: Uuid, version: i64, ballots: i64, published_at: Option<i64>, opens_at: Option<i64>,
    closes_at: Option<i64>, cancelled_at: Option<i64>, cancelled_reason: Option<String>,
    results_at: Option<i64>, unit_id: Uuid,
} }
row! { struct VersionRow {
    version: i64, correction: Option<String>, published_at: Option<i64>, ballots: i64,
} }

/// A poll whose row this transaction holds.
pub(super) struct Locked {
    pub id: PollId,
    pub consultation: ConsultationId,
    pub unit: UnitId,
    /// The version that is answered, or prepared.
    pub version: i64,
    pub life: PollLife,
    /// Whether it is called off with its consultation.
    given_up: bool,
}

impl Locked {
    /// What stands in the way of everything once the poll has ended or is called off.
    pub fn over(&self) -> Conflict {
        if self.given_up {
            Conflict::ConsultationWithdrawn
        } else {
            Conflict::PollOver
        }
    }
}

/// Takes a poll's row until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, number: PollNumber) -> Result<Option<Locked>, Error> {
    let row = fetch_optional!(
        tx,
        LOCK,
        LockedRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    let Some(row) = row else { return Ok(None) };
    // With its consultation a poll is called off, unless it had closed before.
    let given_up = row
        .withdrawn_at
        .filter(|at| row.closes_at.is_none_or(|closes| *at < closes));
    Ok(Some(Locked {
        id: PollId(row.id),
        consultation: ConsultationId(row.consultation_id),
        unit: UnitId(row.unit_id),
        version: row.version,
        life: life(
            row.published_at,
            row.opens_at,
            row.closes_at,
            row.cancelled_at.or(given_up),
            row.results_at,
        )?,
        given_up: given_up.is_some(),
    }))
}

/// The same for staff of its unit; `NotFound` for anybody else's.
pub(super) async fn lock_of(
    tx: &mut Tx,
    unit: UnitId,
    number: PollNumber,
) -> Result<Locked, Error> {
    let locked = lock(tx, number).await?;
    locked
        .filter(|locked| locked.unit == unit)
        .ok_or(Error::NotFound)
}

/// A poll of whatever state; who may know of it is for the caller to say.
pub(super) struct Found {
    pub id: PollId,
    pub unit: UnitId,
    /// The newest.
    pub version: i64,
    pub ballots: i64,
    pub life: PollLife,
    /// If it is called off, perhaps with its consultation.
    pub cancelled_reason: Option<String>,
}

/// Finds a poll.
pub(super) async fn find(conn: &mut Conn, number: PollNumber) -> Result<Option<Found>, Error> {
    let row = fetch_optional!(
        conn,
        FIND,
        FoundRow,
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Found {
        id: PollId(row.id),
        unit: UnitId(row.unit_id),
        version: row.version,
        ballots: row.ballots,
        life: life(
            row.published_at,
            row.opens_at,
            row.closes_at,
            row.cancelled_at,
            row.results_at,
        )?,
        cancelled_reason: row.cancelled_reason.filter(|_| row.cancelled_at.is_some()),
    }))
}

/// Finds a poll for staff of its unit; `NotFound` for anybody else's.
pub(super) async fn home(
    conn: &mut Conn,
    unit: UnitId,
    number: PollNumber,
) -> Result<PollId, Error> {
    let found: Option<(Uuid,)> = fetch_optional!(
        conn,
        OF_STAFF,
        (Uuid,),
        i64::from(number.consultation.year),
        i64::from(number.consultation.serial),
        number.serial,
        unit.0
    )?;
    found.map(|(id,)| PollId(id)).ok_or(Error::NotFound)
}

/// What decides where a poll stands, from its columns.
pub(super) fn life(
    published_at: Option<i64>,
    opens_at: Option<i64>,
    closes_at: Option<i64>,
    cancelled_at: Option<i64>,
    results_at: Option<i64>,
) -> Result<PollLife, Error> {
    let opens: Option<Timestamp> = maybe_instant(opens_at)?;
    let period = opens.zip(maybe_instant(closes_at)?);
    Ok(PollLife {
        period: period.filter(|_| published_at.is_some()),
        cancelled_at: maybe_instant(cancelled_at)?,
        results_at: maybe_instant(results_at)?,
    })
}

/// The questions of one version.
pub(super) async fn questionnaire(
    conn: &mut Conn,
    poll: PollId,
    version: i64,
) -> Result<Questionnaire, Error> {
    let found: Option<(String,)> =
        fetch_optional!(conn, QUESTIONNAIRE, (String,), poll.0, version)?;
    let (json,) = found.ok_or_else(|| corrupt("poll_version"))?;
    parsed(&json)
}

/// The questions as they are stored.
pub(super) fn parsed(json: &str) -> Result<Questionnaire, Error> {
    serde_json::from_str(json).map_err(|_| corrupt("poll_version.questionnaire"))
}

/// The versions of a poll, oldest first, with how many answered each.
pub(super) async fn versions(conn: &mut Conn, poll: PollId) -> Result<Vec<PollVersion>, Error> {
    let rows = fetch_all!(conn, VERSIONS, VersionRow, poll.0)?;
    rows.into_iter()
        .map(|row| {
            Ok(PollVersion {
                version: row.version,
                correction: row.correction,
                published_at: maybe_instant(row.published_at)?,
                ballots: Some(row.ballots),
            })
        })
        .collect()
}

/// The questions of every version, in the order of [`versions`].
pub(super) async fn questionnaires(
    conn: &mut Conn,
    poll: PollId,
) -> Result<Vec<Questionnaire>, Error> {
    let rows: Vec<(String,)> = fetch_all!(conn, QUESTIONNAIRES, (String,), poll.0)?;
    rows.iter().map(|(json,)| parsed(json)).collect()
}

//! Papers that are attached: the file is kept as it came, and read by everyone once the session is
//! public.

use super::earlier::Amending;
use super::record;
use super::store::lock_of;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, Viewer, freshness};
use domain::hearings::{HearingNumber, NewPaperFile, Paper, SessionState, file_address};
use domain::{consultations::Number, id::UnitId, limits, problem::Fault};
use sqlx::types::Uuid;

sql! {
    LAST = "select cast(coalesce(max(serial), 0) as bigint) from paper_file where hearing_id = $1";
    ADD = "insert into paper_file (hearing_id, serial, filename, body, added_at)
        values ($1, $2, $3, $4, $5)";
    FIND = "select hearing.published_at, consultation.unit_id, paper_file.filename, paper_file.body
        from paper_file
        join hearing on hearing.id = paper_file.hearing_id
        join consultation on consultation.id = hearing.consultation_id
        where consultation.year = $1 and consultation.serial = $2 and hearing.serial = $3
        and paper_file.serial = $4";
}

row! { struct FileRow {
    published_at: Option<i64>, unit_id: Uuid, filename: String, body: Vec<u8>,
} }

/// Attaches a file as one more paper. It goes the way of every paper: added by an editor, taken out
/// of a public list by an approver alone.
///
/// Fails with `Invalid` beyond the most papers, `HearingOver` for what is called off.
pub async fn attach(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Amending,
    number: HearingNumber,
    new: NewPaperFile,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    permit.suffices(false)?;
    if locked.life.state_at(moment.now) == SessionState::Cancelled {
        return Err(Conflict::HearingOver.into());
    }
    let before = record::papers(&mut tx, locked.id).await?;
    let (limit, length) = (limits::OPTIONS_PER_QUESTION, before.len() + 1);
    if length > limit {
        return Err(Error::invalid("file", Fault::TooMany { limit, length }));
    }
    let (last,): (i64,) = fetch_one!(tx, LAST, (i64,), locked.id.0)?;
    let serial = last + 1;
    let detail = format!("+ {} ({})", new.title, new.filename);
    execute!(
        tx,
        ADD,
        locked.id.0,
        serial,
        new.filename,
        new.bytes,
        moment.millis()
    )?;
    let paper = Paper {
        title: new.title,
        address: Some(file_address(number, Some(serial))),
        delivered_at: new.delivered_at,
    };
    record::append(&mut tx, moment, &locked, before.len(), paper).await?;
    permit
        .record(&mut tx, moment, "hearing.papers", number, &detail)
        .await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// An attached file with its name, if the viewer may read it: everyone once the session is public.
pub async fn file(
    backend: &Backend,
    number: HearingNumber,
    serial: i64,
    viewer: Viewer<'_>,
) -> Result<Option<(String, Vec<u8>)>, Error> {
    let mut conn = backend.db().read().await?;
    let Number { year, serial: of } = number.consultation;
    let found = fetch_optional!(
        conn,
        FIND,
        FileRow,
        i64::from(year),
        i64::from(of),
        number.serial,
        serial
    )?;
    let seen = found.filter(|row| {
        row.published_at.is_some() || crate::consultations::sees_all(viewer, UnitId(row.unit_id))
    });
    Ok(seen.map(|row| (row.filename, row.body)))
}

//! A ballot comes in. It is answered once it is durable; the same key sends it once, and a one-time
//! code is good for one.

use super::store::{self, lock};
use crate::error::{Conflict, Error};
use crate::moment::instant;
use crate::{Backend, Moment, freshness};
use domain::Timestamp;
use domain::polls::{BallotReceipt, Cells, PollNumber, PollState, RawBallot, ResultsShown};
use domain::problem::Fault;
use jiff::SignedDuration;
use serde::Serialize;
use sqlx::types::Uuid;

sql! {
    KNOWN = "select id, received_at, request_hash from ballot
        where poll_id = $1 and idempotency_key = $2";
    INSERT = "insert into ballot (id, poll_id, version, received_at, idempotency_key, request_hash,
            receipt_hash)
        values ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_CELLS = {
        sqlite: "insert into ballot_cell (ballot_id, poll_id, question, cell)
            select $1, $2, value ->> 'question', value ->> 'cell' from json_each($3)",
        postgres: "insert into ballot_cell (ballot_id, poll_id, question, cell)
            select $1, $2, r.question, r.cell
            from jsonb_to_recordset(cast($3 as jsonb)) as r (question text, cell text)",
    };
    INSERT_TEXT = "insert into ballot_text (id, ballot_id, poll_id, question, body, state)
        values ($1, $2, $3, $4, $5, 'received')";
    COUNT = "update poll set ballots = ballots + 1 where id = $1";
    COUNT_VERSION = "update poll_version set ballots = ballots + 1
        where poll_id = $1 and version = $2";
    // That it was used, and nothing of when: the instant would lead to the ballot.
    USE_CODE = "update poll_code set used_at = 1
        where poll_id = $1 and code_hash = $2 and used_at is null";
    HAS_CODE = "select used_at from poll_code where poll_id = $1 and code_hash = $2";
}

row! { struct KnownRow { id: Uuid, received_at: i64, request_hash: Vec<u8> } }

#[derive(Serialize)]
struct CellRecord<'a> {
    question: &'a str,
    cell: &'a str,
}

/// Before its end by so much, a ballot may become durable after it.
const CLOSING: SignedDuration = SignedDuration::from_mins(1);

/// Takes a ballot in. `clock` is asked once nothing is left to wait for: a ballot that waited until
/// the poll was over is too late, whenever it was sent.
///
/// Fails with `NotFound` before publication, `PollNotOpen` outside the period, `PollOver` or
/// `ConsultationWithdrawn` for what is called off, `PollCorrected` if it answers an older version,
/// `Overloaded` if too many come at once, or `Invalid`: answers by question, a missing, unknown or
/// used code.
pub async fn vote(
    backend: &Backend,
    moment: &mut Moment,
    clock: impl Fn() -> Timestamp,
    number: PollNumber,
    raw: &RawBallot,
    key: &str,
) -> Result<BallotReceipt, Error> {
    let hash = request_hash(backend, raw)?;
    let _turn = backend.turns().wait().await?;
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?;
    // Never public, also when it was given up meanwhile: its existence is nobody's business.
    let locked = locked
        .filter(|locked| locked.life.period.is_some())
        .ok_or(Error::NotFound)?;
    if let Some(known) = fetch_optional!(tx, KNOWN, KnownRow, locked.id.0, key)? {
        if known.request_hash != hash {
            return Err(Conflict::KeyReused.into());
        }
        return Ok(BallotReceipt {
            receipt: backend.keys().receipt(known.id).to_string(),
            received_at: instant(known.received_at)?,
        });
    }
    moment.now = clock();
    match locked.life.state_at(moment.now) {
        PollState::Open => {}
        PollState::Cancelled => return Err(locked.over().into()),
        PollState::Preparing | PollState::Announced | PollState::Closed => {
            return Err(Conflict::PollNotOpen.into());
        }
    }
    if raw.version.is_some_and(|version| version != locked.version) {
        return Err(Conflict::PollCorrected.into());
    }
    let poll = store::questionnaire(&mut tx, locked.id, locked.version).await?;
    let (cells, code) = raw.parse(&poll)?;
    if let Some(code) = code {
        let code = backend.keys().receipt_hash(&code);
        let poll = locked.id.0;
        if execute!(tx, USE_CODE, poll, code.as_slice())? == 0 {
            let known: Option<(Option<i64>,)> =
                fetch_optional!(tx, HAS_CODE, (Option<i64>,), poll, code)?;
            let fault = known.map_or(Fault::Unknown, |_| Fault::Taken);
            return Err(Error::invalid("code", fault));
        }
    }
    let id = moment.id();
    let keys = backend.keys();
    execute!(
        tx,
        INSERT,
        id,
        locked.id.0,
        locked.version,
        moment.millis(),
        key,
        hash,
        keys.receipt_hash(&keys.receipt(id))
    )?;
    execute!(tx, INSERT_CELLS, id, locked.id.0, cells_json(&cells)?)?;
    for words in &cells.words {
        let (question, text) = (words.question.as_str(), words.text.as_str());
        execute!(
            tx,
            INSERT_TEXT,
            moment.blind_id(),
            id,
            locked.id.0,
            question,
            text
        )?;
    }
    execute!(tx, COUNT, locked.id.0)?;
    execute!(tx, COUNT_VERSION, locked.id.0, locked.version)?;
    // Pages show the number of ballots only with the results; those may be out by the time that this
    // is durable.
    let closes = locked.life.period.map(|(_, closes)| closes);
    let shown = poll.results == ResultsShown::AtOnce
        || closes.is_some_and(|closes| moment.now + CLOSING >= closes);
    if shown {
        freshness::raise(&mut tx, locked.consultation).await?;
    }
    tx.commit().await?;
    if shown {
        backend.changed(number.consultation);
    }
    Ok(BallotReceipt {
        receipt: backend.keys().receipt(id).to_string(),
        received_at: moment.now,
    })
}

/// The cells, and for each question that was answered one that is empty: how many answered it.
fn cells_json(cells: &Cells) -> Result<String, Error> {
    let chosen = cells.cells.iter().map(|cell| CellRecord {
        question: &cell.question,
        cell: &cell.cell,
    });
    let answered = cells
        .answered
        .iter()
        .map(|question| CellRecord { question, cell: "" });
    let records: Vec<CellRecord<'_>> = chosen.chain(answered).collect();
    serde_json::to_string(&records).map_err(|e| Error::Internal(format!("cells as JSON: {e}")))
}

/// By what a repeated ballot is known again. The code is no part of it: whoever has the
/// installation's secret and a list of codes could else try them.
fn request_hash(backend: &Backend, raw: &RawBallot) -> Result<Vec<u8>, Error> {
    let canonical = serde_json::to_vec(&(&raw.answers, raw.version))
        .map_err(|e| Error::Internal(format!("a ballot as JSON: {e}")))?;
    Ok(backend.keys().request_hash(&canonical))
}

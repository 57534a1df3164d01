//! The rows of comments and points: the lock, and inserting many at once.

use crate::db::Tx;
use crate::error::Error;
use crate::moment::instant;
use domain::Timestamp;
use domain::comments::NewPoint;
use domain::consultations::{Life, Number, Round};
use domain::id::{CommentId, ConsultationId, DraftId, PointId, RoundId, UnitId};
use domain::text;
use serde::Serialize;
use sqlx::types::Uuid;

sql! {
    // An update that changes nothing takes the row's lock on both databases.
    LOCK = "update consultation set last_comment = last_comment
        where year = $1 and serial = $2
        returning id, unit_id, round_id, stage, feedback_at, withdrawn_at, last_comment";
    ROUND = "select round.draft_id, draft.version, round.opens_at, round.closes_at
        from round join draft on draft.id = round.draft_id
        where round.id = $1";
    INSERT_COMMENTS = {
        sqlite: "insert into comment (id, consultation_id, round_id, stage, serial, state, hold_reason,
                kind, display, name, contact, points, received_at, updated_at,
                idempotency_key, request_hash, receipt_hash)
            select unhex(value ->> 'id'), $2, $3, $4, value ->> 'serial', 'received', null,
                value ->> 'kind', value ->> 'display', value ->> 'name', unhex(value ->> 'contact'),
                value ->> 'points', value ->> 'received_at', value ->> 'received_at',
                value ->> 'idempotency_key', unhex(value ->> 'request_hash'), unhex(value ->> 'receipt_hash')
            from json_each($1)",
        postgres: "insert into comment (id, consultation_id, round_id, stage, serial, state, hold_reason,
                kind, display, name, contact, points, received_at, updated_at,
                idempotency_key, request_hash, receipt_hash)
            select cast(r.id as uuid), $2, $3, $4, r.serial, 'received', null,
                r.kind, r.display, r.name, decode(r.contact, 'hex'),
                r.points, r.received_at, r.received_at,
                r.idempotency_key, decode(r.request_hash, 'hex'), decode(r.receipt_hash, 'hex')
            from jsonb_to_recordset(cast($1 as jsonb)) as r (id text, serial bigint, kind text,
                display text, name text, contact text, points bigint, received_at bigint,
                idempotency_key text, request_hash text, receipt_hash text)",
    };
    INSERT_POINTS = {
        sqlite: "insert into point (id, comment_id, consultation_id, serial, position, clause_id,
                body, html, proposed, proposed_html, search)
            select unhex(value ->> 'id'), unhex(value ->> 'comment_id'), $2, value ->> 'serial',
                value ->> 'position', unhex(value ->> 'clause_id'), value ->> 'body',
                value ->> 'html', value ->> 'proposed', value ->> 'proposed_html', value ->> 'search'
            from json_each($1)",
        postgres: "insert into point (id, comment_id, consultation_id, serial, position, clause_id,
                body, html, proposed, proposed_html, search)
            select cast(r.id as uuid), cast(r.comment_id as uuid), $2, r.serial,
                r.position, cast(r.clause_id as uuid), r.body,
                r.html, r.proposed, r.proposed_html, r.search
            from jsonb_to_recordset(cast($1 as jsonb)) as r (id text, comment_id text, serial bigint,
                position bigint, clause_id text, body text, html text, proposed text,
                proposed_html text, search text)",
    };
}

row! { struct LockedRow {
    id: Uuid, unit_id: Uuid, round_id: Option<Uuid>, stage: i64, feedback_at: Option<i64>,
    withdrawn_at: Option<i64>, last_comment: i64,
} }
row! { struct RoundRow { draft_id: Uuid, version: i64, opens_at: i64, closes_at: i64 } }

/// A consultation whose row this transaction holds.
pub(crate) struct Locked {
    pub id: ConsultationId,
    pub unit: UnitId,
    pub stage: i64,
    pub last_comment: i64,
    /// The round that runs or ran last, with its draft.
    pub round: Option<(RoundId, DraftId)>,
    pub life: Life,
}

/// Takes the consultation's row until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, number: Number) -> Result<Option<Locked>, Error> {
    let row = fetch_optional!(
        tx,
        LOCK,
        LockedRow,
        i64::from(number.year),
        i64::from(number.serial)
    )?;
    let Some(row) = row else { return Ok(None) };
    let mut life = Life {
        round: None,
        feedback_at: maybe_instant(row.feedback_at)?,
        withdrawn_at: maybe_instant(row.withdrawn_at)?,
    };
    let mut round = None;
    if let Some(id) = row.round_id {
        let found = fetch_one!(tx, ROUND, RoundRow, id)?;
        life.round = Some(Round {
            version: found.version,
            opens_at: instant(found.opens_at)?,
            closes_at: instant(found.closes_at)?,
            reason_for_short_period: None,
        });
        round = Some((RoundId(id), DraftId(found.draft_id)));
    }
    Ok(Some(Locked {
        id: ConsultationId(row.id),
        unit: UnitId(row.unit_id),
        stage: row.stage,
        last_comment: row.last_comment,
        round,
        life,
    }))
}

/// A comment on its way into the table; binary columns in hexadecimal.
#[derive(Serialize)]
pub(crate) struct CommentRecord {
    pub id: String,
    pub serial: i64,
    pub kind: &'static str,
    pub display: &'static str,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub points: i64,
    pub received_at: i64,
    pub idempotency_key: String,
    pub request_hash: String,
    pub receipt_hash: String,
}

/// A point on its way into the table.
#[derive(Serialize)]
pub(crate) struct PointRecord {
    id: String,
    comment_id: String,
    serial: i64,
    position: i64,
    clause_id: Option<String>,
    body: String,
    html: String,
    proposed: Option<String>,
    proposed_html: Option<String>,
    search: String,
}

impl PointRecord {
    /// Renders and folds the texts, once.
    pub fn new(
        id: PointId,
        comment: CommentId,
        serial: i64,
        position: usize,
        point: NewPoint,
        name: Option<&str>,
    ) -> Self {
        let search = searched(&point.text, point.proposed.as_deref(), name);
        Self {
            id: hex(id.0.as_bytes()),
            comment_id: hex(comment.0.as_bytes()),
            serial,
            position: position as i64,
            clause_id: point.clause.map(|clause| hex(clause.0.as_bytes())),
            html: text::to_html(&point.text),
            search,
            body: point.text,
            proposed_html: point.proposed.as_deref().map(text::to_html),
            proposed: point.proposed,
        }
    }
}

/// What the queue's filter looks through: all that was said, and by whom.
pub(crate) fn searched(said: &str, proposed: Option<&str>, name: Option<&str>) -> String {
    text::fold(&[said, proposed.unwrap_or(""), name.unwrap_or("")].join("\n"))
}

/// Inserts comments of one consultation in one statement.
pub(crate) async fn insert_comments(
    tx: &mut Tx,
    consultation: ConsultationId,
    round: RoundId,
    stage: i64,
    comments: &[CommentRecord],
) -> Result<(), Error> {
    execute!(
        tx,
        INSERT_COMMENTS,
        json(&comments)?,
        consultation.0,
        round.0,
        stage
    )?;
    Ok(())
}

/// Inserts points of one consultation in one statement.
pub(crate) async fn insert_points(
    tx: &mut Tx,
    consultation: ConsultationId,
    points: &[PointRecord],
) -> Result<(), Error> {
    execute!(tx, INSERT_POINTS, json(&points)?, consultation.0)?;
    Ok(())
}

fn json(records: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(records).map_err(|e| Error::Internal(format!("records as JSON: {e}")))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// A stored instant that may be absent.
pub(crate) fn maybe_instant(millis: Option<i64>) -> Result<Option<Timestamp>, Error> {
    millis.map(instant).transpose()
}

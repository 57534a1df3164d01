//! What the holder of a receipt can do: read the state of the comment and the answers, edit it
//! while the round is open, take it back.

mod change;

pub use change::{edit, withdraw};

use crate::Backend;
use crate::comments::queue::{points_of, stored_number};
use crate::comments::store::maybe_instant;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::Timestamp;
use domain::comments::{CommentNumber, CommentState, OwnComment, OwnPoint, RawPoint, Revision};
use domain::consultations::{Life, Number, Round, State};
use domain::id::CommentId;
use domain::receipts::ReceiptCode;
use sqlx::types::Uuid;

sql! {
    FIND = "select comment.id, comment.serial, comment.state, comment.hold_reason, comment.kind,
            comment.display, comment.name, comment.contact, comment.received_at, comment.round_id,
            consultation.id as consultation_id, consultation.year as consultation_year,
            consultation.serial as consultation_serial, consultation.title,
            consultation.withdrawn_at, consultation.round_id as current_round_id,
            round.opens_at, round.closes_at, draft.version, comment.stage,
            feedback.published_at as answered_at
        from comment
        join consultation on consultation.id = comment.consultation_id
        join round on round.id = comment.round_id
        join draft on draft.id = round.draft_id
        left join feedback on feedback.consultation_id = comment.consultation_id
            and feedback.stage = comment.stage
        where comment.receipt_hash = $1";
    REVISIONS = "select replaced_at, points from comment_revision
        where comment_id = $1
        order by replaced_at";
}

row! { struct FoundRow {
    id: Uuid, serial: i64, state: String, hold_reason: Option<String>, kind: String,
    display: String, name: Option<String>, contact: Option<Vec<u8>>, received_at: i64,
    round_id: Uuid, consultation_id: Uuid, consultation_year: i64, consultation_serial: i64,
    title: String, withdrawn_at: Option<i64>, current_round_id: Option<Uuid>, opens_at: i64,
    closes_at: i64, version: i64, stage: i64, answered_at: Option<i64>,
} }

/// The comment that a receipt opens, as its sender sees it; `None` for an unknown code.
pub async fn open(
    backend: &Backend,
    now: Timestamp,
    code: &ReceiptCode,
) -> Result<Option<OwnComment>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let hash = backend.keys().receipt_hash(code);
    let Some(row) = fetch_optional!(conn, FIND, FoundRow, hash)? else {
        return Ok(None);
    };
    let answered = row.answered_at.is_some();
    let points: Vec<OwnPoint> = points_of(&mut conn, row.consultation_id, &[row.serial])
        .await?
        .remove(&row.serial)
        .unwrap_or_default()
        .into_iter()
        .map(|point| point.own(answered))
        .collect::<Result<_, Error>>()?;
    let revisions = revisions(&mut conn, CommentId(row.id)).await?;
    let contact = match &row.contact {
        Some(sealed) => Some(backend.keys().unseal(row.id, sealed)?),
        None => None,
    };
    let consultation = stored_number(row.consultation_year, row.consultation_serial)?;
    let state: CommentState = row.state.parse().map_err(|_| corrupt("comment.state"))?;
    Ok(Some(OwnComment {
        number: CommentNumber {
            consultation,
            serial: row.serial,
        },
        consultation,
        editable: state != CommentState::Withdrawn && row.is_open_at(now)?,
        consultation_title: row.title,
        version: row.version,
        stage: row.stage,
        state,
        hold_reason: row
            .hold_reason
            .map(|code| code.parse().map_err(|_| corrupt("comment.hold_reason")))
            .transpose()?,
        received_at: instant(row.received_at)?,
        editable_until: instant(row.closes_at)?,
        kind: row.kind.parse().map_err(|_| corrupt("comment.kind"))?,
        display: row
            .display
            .parse()
            .map_err(|_| corrupt("comment.display"))?,
        name: row.name,
        contact,
        points,
        revisions,
        answered,
    }))
}

impl FoundRow {
    /// Whether the round in which it was sent still takes comments.
    fn is_open_at(&self, now: Timestamp) -> Result<bool, Error> {
        let life = Life {
            round: Some(Round {
                version: self.version,
                opens_at: instant(self.opens_at)?,
                closes_at: instant(self.closes_at)?,
                reason_for_short_period: None,
            }),
            feedback_at: maybe_instant(self.answered_at)?,
            withdrawn_at: maybe_instant(self.withdrawn_at)?,
        };
        let current = self.current_round_id == Some(self.round_id);
        Ok(current && life.state_at(now) == State::Open)
    }
}

async fn revisions(conn: &mut Conn, comment: CommentId) -> Result<Vec<Revision>, Error> {
    let rows: Vec<(i64, String)> = fetch_all!(conn, REVISIONS, (i64, String), comment.0)?;
    rows.into_iter()
        .map(|(replaced_at, points)| {
            Ok(Revision {
                replaced_at: instant(replaced_at)?,
                points: serde_json::from_str::<Vec<RawPoint>>(&points)
                    .map_err(|_| corrupt("comment_revision.points"))?,
            })
        })
        .collect()
}

sql! {
    HOME = "select consultation.year, consultation.serial
        from comment join consultation on consultation.id = comment.consultation_id
        where comment.receipt_hash = $1";
}

/// The consultation of the comment that a receipt opens.
async fn home(conn: &mut Conn, hash: &[u8]) -> Result<Option<Number>, Error> {
    let found: Option<(i64, i64)> = fetch_optional!(conn, HOME, (i64, i64), hash)?;
    found
        .map(|(year, serial)| stored_number(year, serial))
        .transpose()
}

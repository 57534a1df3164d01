//! Editing and withdrawing by the sender. Earlier texts are kept; counts move along.

use super::home;
use crate::audit::{self, Act};
use crate::comments::counts::{self, Drawer};
use crate::comments::store::{self, Locked, PointRecord, lock};
use crate::comments::{drawer, is_answered};
use crate::db::Tx;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, drafts, freshness};
use domain::comments::{
    CommentNumber, CommentState, NewComment, NewPoint, OwnComment, RawComment, RawPoint,
};
use domain::consultations::{Number, State};
use domain::id::{CommentId, PointId};
use domain::limits;
use domain::receipts::ReceiptCode;
use sqlx::types::Uuid;

sql! {
    FIND = "select id, serial, stage, state, hold_reason, kind, display, name, points, round_id,
            updated_at
        from comment where receipt_hash = $1";
    POINTS = "select id, clause_id, body, proposed from point where comment_id = $1 order by position";
    KEPT = "select count(*), cast(coalesce(sum(octet_length(points)), 0) as bigint)
        from comment_revision where comment_id = $1";
    KEEP_REVISION = "insert into comment_revision (comment_id, replaced_at, points)
        values ($1, $2, $3)";
    // All positions step aside before some points take theirs: no two may ever share one.
    STEP_ASIDE = "update point set position = -1 - position where comment_id = $1";
    TAKE_PLACE = "update point set position = $2, search = $3 where id = $1";
    DROP_RESPONSES = "delete from response
        where point_id in (select id from point where comment_id = $1 and position < 0)";
    DROP_POINTS = "delete from point where comment_id = $1 and position < 0";
    REPLACE = "update comment
        set state = $2, hold_reason = $3, kind = $4, display = $5, name = $6, contact = $7,
            points = $8, updated_at = $9
        where id = $1";
    WITHDRAW = "update comment
        set state = 'withdrawn', hold_reason = null, name = null, contact = null,
            request_hash = $3, updated_at = $2
        where id = $1";
    SEARCHED = "update point set search = $3 where comment_id = $1 and position = $2";
}

row! { struct FoundRow {
    id: Uuid, serial: i64, stage: i64, state: String, hold_reason: Option<String>, kind: String,
    display: String, name: Option<String>, points: i64, round_id: Uuid, updated_at: i64,
} }
row! { struct PointRow {
    id: Uuid, clause_id: Option<Uuid>, body: String, proposed: Option<String>,
} }

/// A comment about to be changed, with its consultation's row held.
struct Held {
    number: Number,
    locked: Locked,
    found: FoundRow,
    drawer: Drawer,
}

impl Held {
    fn comment(&self) -> CommentNumber {
        CommentNumber {
            consultation: self.number,
            serial: self.found.serial,
        }
    }
}

async fn hold(backend: &Backend, tx: &mut Tx, code: &ReceiptCode) -> Result<Held, Error> {
    let hash = backend.keys().receipt_hash(code);
    let number = home(tx, &hash).await?.ok_or(Error::NotFound)?;
    let locked = lock(tx, number).await?.ok_or(Error::NotFound)?;
    let found = fetch_optional!(tx, FIND, FoundRow, hash)?.ok_or(Error::NotFound)?;
    let drawer = drawer(
        found.stage,
        &found.state,
        found.hold_reason.as_deref(),
        &found.kind,
    )?;
    if drawer.state == CommentState::Withdrawn {
        return Err(Conflict::AlreadyWithdrawn.into());
    }
    Ok(Held {
        number,
        locked,
        found,
        drawer,
    })
}

/// Replaces what a comment says. A change of what the public reads sends it back to review; the
/// earlier text is kept. A point that says the same as before stays the same point and keeps its
/// answer; that the answers of others went is put on record.
///
/// Fails with `NotEditable` once the round has closed, `AlreadyWithdrawn`, `EditedTooOften` once as
/// many earlier texts are kept as there can be, or `Invalid`.
pub async fn edit(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
    raw: RawComment,
) -> Result<OwnComment, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    let (round, draft) = held.locked.round.ok_or(Conflict::NotEditable)?;
    let open = held.locked.life.state_at(moment.now) == State::Open;
    if !open || round.0 != held.found.round_id {
        return Err(Conflict::NotEditable.into());
    }
    let clauses = drafts::clause_set(backend, &mut tx, draft).await?;
    let new = raw.parse(&clauses)?;
    let comment = CommentId(held.found.id);
    let earlier = points(&mut tx, comment).await?;
    let said: Vec<RawPoint> = earlier.iter().map(|(_, point)| point.clone()).collect();
    let same_words = said == as_raw(&new);
    let same_sender = held.found.kind == new.author.kind.code()
        && held.found.display == new.author.display.code()
        && held.found.name == new.author.name;
    let to = if same_words && same_sender {
        held.drawer
    } else {
        Drawer {
            state: CommentState::Received,
            kind: new.author.kind,
            hold_reason: None,
            ..held.drawer
        }
    };
    // The old points leave the counts before the new ones enter.
    let published = |drawer: Drawer| drawer.state == CommentState::Published;
    if published(held.drawer) {
        counts::add_clauses(&mut tx, comment, -1).await?;
    }
    counts::add(&mut tx, held.locked.id, held.drawer, -1, -held.found.points).await?;
    if !same_words {
        keep_revision(&mut tx, moment, &held.found, &said).await?;
    }
    let count = new.points.len() as i64;
    write_sender(backend, &mut tx, moment, &held, to, &new).await?;
    if !(same_words && same_sender) {
        write_points(&mut tx, moment, &held, earlier, new).await?;
    }
    counts::add(&mut tx, held.locked.id, to, 1, count).await?;
    if published(to) {
        counts::add_clauses(&mut tx, comment, 1).await?;
    }
    freshness::raise(&mut tx, held.locked.id).await?;
    tx.commit().await?;
    backend.changed(held.number);
    super::open(backend, moment.now, code)
        .await?
        .ok_or(Error::NotFound)
}

async fn points(tx: &mut Tx, comment: CommentId) -> Result<Vec<(PointId, RawPoint)>, Error> {
    let rows = fetch_all!(tx, POINTS, PointRow, comment.0)?;
    let points = rows.into_iter().map(|row| {
        let point = RawPoint {
            clause: row.clause_id.map(|id| id.to_string()),
            text: row.body,
            proposed: row.proposed,
        };
        (PointId(row.id), point)
    });
    Ok(points.collect())
}

fn as_raw(new: &NewComment) -> Vec<RawPoint> {
    new.points.iter().map(raw).collect()
}

fn raw(point: &NewPoint) -> RawPoint {
    RawPoint {
        clause: point.clause.map(|id| id.to_string()),
        text: point.text.clone(),
        proposed: point.proposed.clone(),
    }
}

async fn keep_revision(
    tx: &mut Tx,
    moment: &Moment,
    found: &FoundRow,
    earlier: &[RawPoint],
) -> Result<(), Error> {
    let text = serde_json::to_string(earlier)
        .map_err(|e| Error::Internal(format!("points as JSON: {e}")))?;
    let (count, bytes) = fetch_one!(tx, KEPT, (i64, i64), found.id)?;
    let too_many = count >= limits::REVISIONS_PER_COMMENT as i64;
    // The first edit of a comment of any size is possible.
    let too_large = count > 0 && bytes + text.len() as i64 > limits::REVISION_BYTES as i64;
    if too_many || too_large {
        return Err(Conflict::EditedTooOften.into());
    }
    // Two edits within a millisecond must not overwrite each other.
    let replaced_at = moment.millis().max(found.updated_at + 1);
    execute!(tx, KEEP_REVISION, found.id, replaced_at, text)?;
    Ok(())
}

/// Writes the comment without its points.
async fn write_sender(
    backend: &Backend,
    tx: &mut Tx,
    moment: &mut Moment,
    held: &Held,
    to: Drawer,
    new: &NewComment,
) -> Result<(), Error> {
    let comment = CommentId(held.found.id);
    let sealed = match &new.contact {
        Some(contact) => Some(backend.keys().seal(comment.0, contact, moment)?),
        None => None,
    };
    let updated_at = moment.millis().max(held.found.updated_at + 1);
    execute!(
        tx,
        REPLACE,
        comment.0,
        to.state.code(),
        to.hold_reason.map(|reason| reason.code()),
        new.author.kind.code(),
        new.author.display.code(),
        new.author.name.clone(),
        sealed,
        new.points.len() as i64,
        updated_at,
    )?;
    Ok(())
}

/// Writes the points: those that say the same as before, wherever they stand now, stay what they
/// are; the others go with their answers, and new ones come in.
async fn write_points(
    tx: &mut Tx,
    moment: &mut Moment,
    held: &Held,
    earlier: Vec<(PointId, RawPoint)>,
    new: NewComment,
) -> Result<(), Error> {
    let comment = CommentId(held.found.id);
    let name = new.author.name.as_deref();
    let mut earlier = earlier;
    let mut records = Vec::new();
    execute!(tx, STEP_ASIDE, comment.0)?;
    for (position, point) in new.points.into_iter().enumerate() {
        let said = raw(&point);
        match earlier.iter().position(|(_, before)| *before == said) {
            Some(at) => {
                let (id, _) = earlier.remove(at);
                let searched = store::searched(&point.text, point.proposed.as_deref(), name);
                execute!(tx, TAKE_PLACE, id.0, position as i64, searched)?;
            }
            None => {
                let (id, serial) = (PointId(moment.id()), held.found.serial);
                let record = PointRecord::new(id, comment, serial, position, point, name);
                records.push(record);
            }
        }
    }
    let answers = execute!(tx, DROP_RESPONSES, comment.0)?;
    execute!(tx, DROP_POINTS, comment.0)?;
    if answers > 0 {
        let (subject, detail) = (held.comment().to_string(), answers.to_string());
        let act = Act {
            unit: held.locked.unit,
            account: None,
            act: "point.answer_removed",
            subject: &subject,
            detail: &detail,
        };
        audit::record(tx, moment, act).await?;
    }
    store::insert_points(tx, held.locked.id, &records).await
}

/// Takes a comment back: it is no longer shown, name and contact are deleted with everything by
/// which they could be checked, and it stays counted as withdrawn. Possible until the feedback is published.
///
/// Fails with `AlreadyWithdrawn`, or `NotEditable` after the feedback.
pub async fn withdraw(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
) -> Result<OwnComment, Error> {
    let mut tx = backend.db().write().await?;
    let held = hold(backend, &mut tx, code).await?;
    if is_answered(&mut tx, held.locked.id, held.found.stage).await? {
        return Err(Conflict::NotEditable.into());
    }
    let comment = CommentId(held.found.id);
    let to = Drawer {
        state: CommentState::Withdrawn,
        hold_reason: None,
        ..held.drawer
    };
    let (id, points) = (held.locked.id, held.found.points);
    counts::shift(&mut tx, id, comment, points, held.drawer, to).await?;
    let updated_at = moment.millis().max(held.found.updated_at + 1);
    execute!(tx, WITHDRAW, comment.0, updated_at, Vec::<u8>::new())?;
    forget_name(&mut tx, comment).await?;
    freshness::raise(&mut tx, id).await?;
    tx.commit().await?;
    backend.changed(held.number);
    super::open(backend, moment.now, code)
        .await?
        .ok_or(Error::NotFound)
}

/// Takes the sender's name out of what the queue is searched by.
async fn forget_name(tx: &mut Tx, comment: CommentId) -> Result<(), Error> {
    for (position, (_, point)) in points(tx, comment).await?.into_iter().enumerate() {
        let searched = store::searched(&point.text, point.proposed.as_deref(), None);
        execute!(tx, SEARCHED, comment.0, position as i64, searched)?;
    }
    Ok(())
}

//! Review: a member of staff publishes a comment or holds it for a reason from the list.

use super::counts::{self, Drawer};
use super::store::lock;
use crate::audit::{self, Act};
use crate::db::Tx;
use crate::error::{Conflict, Error, corrupt};
use crate::{Backend, Moment, freshness};
use domain::Timestamp;
use domain::comments::{AuthorKind, CommentNumber, CommentState, HoldReason, Moderation};
use domain::consultations::State;
use domain::id::{CommentId, ConsultationId};
use domain::staff::{Permit, right};
use sqlx::types::Uuid;

sql! {
    FIND = "select id, stage, state, hold_reason, kind, points, contact, updated_at
        from comment
        where consultation_id = $1 and serial = $2";
    // Never twice the same instant: earlier texts are kept by when they were replaced.
    DECIDE = "update comment set state = $2, hold_reason = $3,
            updated_at = case when updated_at < $4 then $4 else updated_at + 1 end
        where id = $1";
    STAGE_ANSWERED = "select cast(1 as bigint) from feedback where consultation_id = $1 and stage = $2";
}

row! { struct FoundRow {
    id: Uuid, stage: i64, state: String, hold_reason: Option<String>, kind: String, points: i64,
    contact: Option<Vec<u8>>, updated_at: i64,
} }

/// A comment with what its counting needs.
pub(crate) struct Found {
    pub id: CommentId,
    pub points: i64,
    pub drawer: Drawer,
    contact: Option<Vec<u8>>,
    updated_at: i64,
}

async fn find(
    tx: &mut Tx,
    consultation: ConsultationId,
    serial: i64,
) -> Result<Option<Found>, Error> {
    let Some(row) = fetch_optional!(tx, FIND, FoundRow, consultation.0, serial)? else {
        return Ok(None);
    };
    Ok(Some(Found {
        id: CommentId(row.id),
        points: row.points,
        contact: row.contact,
        updated_at: row.updated_at,
        drawer: drawer(row.stage, &row.state, row.hold_reason.as_deref(), &row.kind)?,
    }))
}

/// Reads the stored codes.
pub(crate) fn drawer(
    stage: i64,
    state: &str,
    hold_reason: Option<&str>,
    kind: &str,
) -> Result<Drawer, Error> {
    Ok(Drawer {
        stage,
        state: state
            .parse::<CommentState>()
            .map_err(|_| corrupt("comment.state"))?,
        kind: kind
            .parse::<AuthorKind>()
            .map_err(|_| corrupt("comment.kind"))?,
        hold_reason: hold_reason
            .map(|code| {
                code.parse::<HoldReason>()
                    .map_err(|_| corrupt("comment.hold_reason"))
            })
            .transpose()?,
    })
}

/// Whether the feedback that covers this stage is published, so that its numbers stand.
pub(crate) async fn is_answered(
    tx: &mut Tx,
    consultation: ConsultationId,
    stage: i64,
) -> Result<bool, Error> {
    let found: Option<(i64,)> = fetch_optional!(tx, STAGE_ANSWERED, (i64,), consultation.0, stage)?;
    Ok(found.is_some())
}

/// Publishes or holds a comment. May be decided again until the feedback is published; what still
/// waits then has its answers and is decided once. `seen` is the queue's: what was decided on; `None`
/// decides on whatever the comment says now.
///
/// Fails with `AlreadyWithdrawn` if its sender took it back, `AlreadyAnswered` for a decision that
/// stands since the feedback, `ChangedSince` if the comment is not what was seen.
pub async fn moderate(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Moderate>,
    number: CommentNumber,
    decision: Moderation,
    seen: Option<Timestamp>,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number.consultation)
        .await?
        .ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    if locked.life.state_at(moment.now) == State::Withdrawn {
        return Err(Conflict::ConsultationWithdrawn.into());
    }
    let found = find(&mut tx, locked.id, number.serial)
        .await?
        .ok_or(Error::NotFound)?;
    if found.drawer.state == CommentState::Withdrawn {
        return Err(Conflict::AlreadyWithdrawn.into());
    }
    let decided = found.drawer.state != CommentState::Received;
    if decided && is_answered(&mut tx, locked.id, found.drawer.stage).await? {
        return Err(Conflict::AlreadyAnswered.into());
    }
    let (state, hold_reason, act) = match decision {
        Moderation::Publish => (CommentState::Published, None, "comment.published"),
        Moderation::Hold(reason) => (CommentState::Held, Some(reason), "comment.held"),
    };
    let to = Drawer {
        state,
        hold_reason,
        ..found.drawer
    };
    if to == found.drawer {
        return Ok(());
    }
    // Its sender has written something else, or somebody has decided meanwhile.
    if seen.is_some_and(|seen| seen.as_millisecond() != found.updated_at) {
        return Err(Conflict::ChangedSince.into());
    }
    let reason = hold_reason.map(HoldReason::code);
    execute!(
        tx,
        DECIDE,
        found.id.0,
        state.code(),
        reason,
        moment.millis()
    )?;
    counts::shift(&mut tx, locked.id, found.id, found.points, found.drawer, to).await?;
    freshness::raise(&mut tx, locked.id).await?;
    let subject = number.to_string();
    let record = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act,
        subject: &subject,
        detail: reason.unwrap_or(""),
    };
    audit::record(&mut tx, moment, record).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// The sender's contact data, decrypted, if any was given. Looking is an act on record.
pub async fn contact(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Moderate>,
    number: CommentNumber,
) -> Result<Option<String>, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number.consultation)
        .await?
        .ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    let found = find(&mut tx, locked.id, number.serial)
        .await?
        .ok_or(Error::NotFound)?;
    let Some(sealed) = found.contact else {
        return Ok(None);
    };
    let contact = backend.keys().unseal(found.id.0, &sealed)?;
    let subject = number.to_string();
    let record = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "comment.contact_read",
        subject: &subject,
        detail: "",
    };
    audit::record(&mut tx, moment, record).await?;
    tx.commit().await?;
    Ok(Some(contact))
}

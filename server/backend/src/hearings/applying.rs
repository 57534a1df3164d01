//! An application comes in. It is answered once it is durable, and no seat is ever given twice: the
//! row of the consultation is held while seats are counted, on whichever process it arrives.

use super::store::{self, Locked, lock};
use crate::db::Tx;
use crate::error::{Conflict, Error};
use crate::moment::instant;
use crate::{Backend, Moment, drafts, freshness};
use domain::hearings::{
    ApplicationNumber, ApplicationReceipt, ApplicationState, Fill, HearingNumber, NewApplication,
    RawApplication, SessionState, normalised_contact, normalised_name,
};
use domain::id::{ApplicationId, ClauseId};
use domain::limits;
use domain::notify::mail_address;
use sqlx::types::Uuid;
use std::collections::HashSet;
use std::sync::Arc;

sql! {
    KNOWN = "select id, serial, category, state, rank, received_at, request_hash from application
        where hearing_id = $1 and idempotency_key = $2";
    COUNT_IN = "update hearing set last_application = $2 where id = $1";
    INSERT = "insert into application (id, hearing_id, serial, category, state, rank, name, contact,
            contact_key, name_key, district, statement, points, needs, needs_note, publish_name,
            received_at, updated_at, idempotency_key, request_hash, receipt_hash, lang, mailable)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18,
            $19, $20, $21, $22)";
}

row! { struct KnownRow {
    id: Uuid, serial: i64, category: String, state: String, rank: Option<i64>, received_at: i64,
    request_hash: Vec<u8>,
} }

/// Takes an application in; `lang` is the language (BCP 47) in which the applicant is written to. The
/// same key with the same content gives the same receipt, also after
/// the period has ended; with other content it is refused.
///
/// Fails with `NotFound` before publication, `NotApplying` outside the period, `HearingOver` or
/// `ConsultationWithdrawn` for what is called off, `HearingFull` at the limit of applications,
/// `Overloaded` if too many come at once, or `Invalid`.
pub async fn apply(
    backend: &Backend,
    moment: &mut Moment,
    number: HearingNumber,
    raw: RawApplication,
    key: &str,
    lang: &str,
) -> Result<ApplicationReceipt, Error> {
    let hash = request_hash(backend, &raw)?;
    let _turn = backend.turns().wait().await?;
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?;
    // Never public, also when it was given up meanwhile: its existence is nobody's business.
    let locked = locked
        .filter(|locked| locked.life.published_at.is_some())
        .ok_or(Error::NotFound)?;
    if let Some(known) = fetch_optional!(tx, KNOWN, KnownRow, locked.id.0, key)? {
        // Empty once it was withdrawn: then nothing is kept of what it was sent with.
        if known.request_hash.is_empty() {
            return Err(Conflict::AlreadyWithdrawn.into());
        }
        if known.request_hash != hash {
            return Err(Conflict::KeyReused.into());
        }
        return known.receipt(backend, &mut tx, &locked, number).await;
    }
    match locked.life.state_at(moment.now) {
        SessionState::Applying => {}
        SessionState::Cancelled => return Err(locked.over().into()),
        _ => return Err(Conflict::NotApplying.into()),
    }
    if locked.last_application >= limits::APPLICATIONS_PER_HEARING {
        return Err(Conflict::HearingFull.into());
    }
    let clauses = clauses(backend, &mut tx, &locked).await?;
    let new = raw.parse(&locked.notice, &clauses)?;
    let serial = locked.last_application + 1;
    let (state, rank) = begin(&mut tx, &locked, &new.category).await?;
    let id = ApplicationId(moment.id());
    write(
        backend,
        &mut tx,
        moment,
        &locked,
        id,
        serial,
        &new,
        (state, rank),
        (key, &hash, lang),
    )
    .await?;
    execute!(tx, COUNT_IN, locked.id.0, serial)?;
    let reserve = store::place(&mut tx, locked.id, &new.category, state, rank).await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(ApplicationReceipt {
        number: ApplicationNumber {
            hearing: number,
            serial,
        },
        receipt: backend.keys().receipt(id.0).to_string(),
        received_at: moment.now,
        state,
        reserve,
    })
}

/// The state in which an application to a category begins, and its place where seats go by arrival.
pub(super) async fn begin(
    tx: &mut Tx,
    locked: &Locked,
    category: &str,
) -> Result<(ApplicationState, Option<i64>), Error> {
    let found = locked.notice.category(category).ok_or(Error::NotFound)?;
    if found.fill != Fill::FirstCome {
        return Ok((ApplicationState::Received, None));
    }
    let (state, place) = store::arrive(tx, locked.id, found).await?;
    Ok((state, Some(place)))
}

#[expect(clippy::too_many_arguments, reason = "one row, written in one place")]
pub(super) async fn write(
    backend: &Backend,
    tx: &mut Tx,
    moment: &mut Moment,
    locked: &Locked,
    id: ApplicationId,
    serial: i64,
    new: &NewApplication,
    (state, rank): (ApplicationState, Option<i64>),
    (key, hash, lang): (&str, &[u8], &str),
) -> Result<(), Error> {
    let keys = backend.keys();
    let sealed = keys.seal(id.0, &new.contact, moment)?;
    execute!(
        tx,
        INSERT,
        id.0,
        locked.id.0,
        serial,
        new.category.as_str(),
        state.code(),
        rank,
        new.name.as_str(),
        sealed,
        keys.person(&normalised_contact(&new.contact)),
        normalised_name(&new.name),
        new.district.clone(),
        new.statement.clone(),
        points_json(new)?,
        needs_json(new)?,
        new.needs_note.clone(),
        i64::from(new.publish_name),
        moment.millis(),
        key,
        hash,
        keys.receipt_hash(&keys.receipt(id.0)),
        lang,
        i64::from(mail_address(&new.contact).is_some()),
    )?;
    Ok(())
}

impl KnownRow {
    async fn receipt(
        self,
        backend: &Backend,
        tx: &mut Tx,
        locked: &Locked,
        number: HearingNumber,
    ) -> Result<ApplicationReceipt, Error> {
        let state = store::state(&self.state)?;
        Ok(ApplicationReceipt {
            number: ApplicationNumber {
                hearing: number,
                serial: self.serial,
            },
            receipt: backend.keys().receipt(self.id).to_string(),
            received_at: instant(self.received_at)?,
            state,
            reserve: store::place(tx, locked.id, &self.category, state, self.rank).await?,
        })
    }
}

/// The clauses that a point may be about: those of the draft that everyone reads.
pub(super) async fn clauses(
    backend: &Backend,
    tx: &mut Tx,
    locked: &Locked,
) -> Result<Arc<HashSet<ClauseId>>, Error> {
    match locked.home.round {
        Some((_, draft)) => drafts::clause_set(backend, tx, draft).await,
        None => Ok(Arc::default()),
    }
}

/// Points as they are kept with the application: as they came, checked.
pub(super) fn points_json(new: &NewApplication) -> Result<String, Error> {
    let points: Vec<domain::comments::RawPoint> = new
        .points
        .iter()
        .map(|point| domain::comments::RawPoint {
            clause: point.clause.map(|id| id.to_string()),
            text: point.text.clone(),
            proposed: point.proposed.clone(),
        })
        .collect();
    serde_json::to_string(&points).map_err(|e| Error::Internal(format!("points as JSON: {e}")))
}

pub(super) fn needs_json(new: &NewApplication) -> Result<String, Error> {
    serde_json::to_string(&new.needs).map_err(|e| Error::Internal(format!("needs as JSON: {e}")))
}

/// Two requests are the same if they say the same, however they are spaced.
fn request_hash(backend: &Backend, raw: &RawApplication) -> Result<Vec<u8>, Error> {
    let canonical = serde_json::to_vec(raw)
        .map_err(|e| Error::Internal(format!("an application as JSON: {e}")))?;
    Ok(backend.keys().request_hash(&canonical))
}

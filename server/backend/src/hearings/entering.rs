//! Staff enter a participant themselves, where seats are filled by hand: whom a body recommended or
//! the unit appoints never applied.

use super::applying::write;
use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, freshness, notify};
use domain::hearings::{
    ApplicationNumber, ApplicationState, HearingNumber, RawApplication, RawEntry, SessionState,
    normalised_contact, normalised_name,
};
use domain::id::ApplicationId;
use domain::limits;
use domain::notify::LetterKind;
use domain::problem::{Fault, Violations};
use domain::staff::{Permit, right};
use std::collections::HashSet;

sql! {
    ENTERED = "select cast(count(*) as bigint) from application
        where hearing_id = $1 and category = $2 and contact_key = $3 and name_key = $4
        and state not in ('withdrawn', 'declined')";
    COUNT_IN = "update hearing set last_application = $2 where id = $1";
}

/// Enters a participant in a category that staff fill by hand. They are seated as far as seats go, and
/// are a reserve beyond. `lang` is the language (BCP 47) in which they are written to.
///
/// Fails with `NotFound` before publication, `HearingOver` or `ConsultationWithdrawn` for what is called
/// off or held, `HearingFull` at the limit of applications, or `Invalid`: another category is filled by
/// its own rule, and nobody is entered twice.
pub async fn enter(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Moderate>,
    number: HearingNumber,
    entry: RawEntry,
    lang: &str,
) -> Result<(ApplicationNumber, ApplicationState), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        SessionState::Preparing => return Err(Error::NotFound),
        SessionState::Cancelled | SessionState::Held => return Err(locked.over().into()),
        _ => {}
    }
    if locked.last_application >= limits::APPLICATIONS_PER_HEARING {
        return Err(Conflict::HearingFull.into());
    }
    let raw = RawApplication {
        category: entry.category,
        name: entry.name,
        contact: entry.contact,
        ..RawApplication::default()
    };
    let found = locked.notice.category(raw.category.trim());
    let mut wrong = Violations::new();
    if found.is_some_and(|category| !category.fill.is_by_hand()) {
        wrong.add("category", Fault::Unknown);
    }
    let new = match raw.parse(&locked.notice, &HashSet::new()) {
        Ok(new) => wrong.into_result(|| new)?,
        Err(more) => {
            wrong.0.extend(more.0);
            return Err(wrong.into());
        }
    };
    let (there,): (i64,) = fetch_one!(
        tx,
        ENTERED,
        (i64,),
        locked.id.0,
        new.category.as_str(),
        backend.keys().person(&normalised_contact(&new.contact)),
        normalised_name(&new.name)
    )?;
    if there > 0 {
        return Err(Error::invalid("name", Fault::Taken));
    }
    let category = found.ok_or(Error::NotFound)?;
    let (state, place) = store::arrive(&mut tx, locked.id, category).await?;
    let serial = locked.last_application + 1;
    let id = ApplicationId(moment.id());
    // Nobody sends it again, and no client's key can be its own.
    let key = id.0.to_string();
    let hash = backend.keys().request_hash(key.as_bytes());
    write(
        backend,
        &mut tx,
        moment,
        &locked,
        id,
        serial,
        &new,
        (state, Some(place)),
        (&key, &hash, lang),
    )
    .await?;
    execute!(tx, COUNT_IN, locked.id.0, serial)?;
    notify::tell(&mut tx, moment, id, LetterKind::Stands).await?;
    let ticket = ApplicationNumber {
        hearing: number,
        serial,
    };
    record_by(
        &mut tx,
        moment,
        permit,
        "application.entered",
        ticket,
        &category.name,
    )
    .await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok((ticket, state))
}

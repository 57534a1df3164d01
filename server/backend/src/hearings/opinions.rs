//! Observers say in writing what they made of a session, from when it begins; the unit replies, and
//! publishes both.

use super::own::{Held, finish, hold};
use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::comments::store::maybe_instant;
use crate::db::Conn;
use crate::error::{Conflict, Error};
use crate::moment::instant;
use crate::{Backend, Moment, freshness, notify};
use domain::Timestamp;
use domain::hearings::{
    ApplicationNumber, ApplicationState, HearingNumber, Notice, Opinion, Opinions, OwnApplication,
    OwnOpinion, RawOpinion, RawReply, ReceivedOpinion, Reply, SessionState,
};
use domain::id::{ApplicationId, HearingId};
use domain::notify::LetterKind;
use domain::receipts::ReceiptCode;
use domain::staff::{Permit, right};
use sqlx::types::Uuid;

sql! {
    OWN = "select body, sent_at, reply, replied_at, published_at from opinion
        where application_id = $1";
    OF_SESSION = "select application.serial, application.name, application.publish_name,
            opinion.body, opinion.sent_at, opinion.reply, opinion.replied_at, opinion.published_at
        from opinion
        join application on application.id = opinion.application_id
        where opinion.hearing_id = $1
        order by opinion.sent_at, opinion.id";
    FIND = "select opinion.id, opinion.application_id, opinion.sent_at, opinion.replied_at
        from opinion
        join application on application.id = opinion.application_id
        where application.hearing_id = $1 and application.serial = $2";
    REPLACE = "update opinion set body = $2, sent_at = $3
        where application_id = $1 and replied_at is null";
    SEND = "insert into opinion (id, hearing_id, application_id, body, sent_at)
        values ($1, $2, $3, $4, $5)";
    REPLY = "update opinion set reply = $2, replied_at = $3, published_at = $4 where id = $1";
}

row! { struct OwnRow {
    body: String, sent_at: i64, reply: Option<String>, replied_at: Option<i64>,
    published_at: Option<i64>,
} }
row! { struct ListedRow {
    serial: i64, name: Option<String>, publish_name: i64, body: String, sent_at: i64,
    reply: Option<String>, replied_at: Option<i64>, published_at: Option<i64>,
} }
row! { struct FoundRow { id: Uuid, application_id: Uuid, sent_at: i64, replied_at: Option<i64> } }

impl OwnRow {
    fn opinion(self) -> Result<OwnOpinion, Error> {
        let replied_at = maybe_instant(self.replied_at)?;
        Ok(OwnOpinion {
            text: self.body,
            sent_at: instant(self.sent_at)?,
            reply: replied_at.map(|replied_at| Reply {
                text: self.reply.unwrap_or_default(),
                replied_at,
                published: self.published_at.is_some(),
            }),
        })
    }
}

/// The opinion that a participant gave.
pub(super) async fn of_participant(
    conn: &mut Conn,
    application: ApplicationId,
) -> Result<Option<OwnOpinion>, Error> {
    let row = fetch_optional!(conn, OWN, OwnRow, application.0)?;
    row.map(OwnRow::opinion).transpose()
}

/// Whether an opinion may be given: by who had a seat and is asked, from when the session begins.
pub(super) fn is_asked(
    notice: &Notice,
    session: SessionState,
    category: &str,
    state: ApplicationState,
    now: Timestamp,
) -> bool {
    let begun = notice.starts_at.is_some_and(|starts| starts <= now);
    let took_place = match session {
        SessionState::Held => true,
        SessionState::Cancelled | SessionState::Preparing => false,
        _ => begun,
    };
    took_place && state.is_seated() && notice.asks_opinions_of(category)
}

/// Takes an opinion in, or replaces the one that waits for a reply.
///
/// Fails with `NoOpinion` for who is not asked or before the session begins, `OpinionAnswered` once
/// there is a reply, or `Invalid`.
pub async fn opine(
    backend: &Backend,
    moment: &mut Moment,
    code: &ReceiptCode,
    raw: &RawOpinion,
) -> Result<OwnApplication, Error> {
    let said = raw.parse()?;
    let mut tx = backend.db().write().await?;
    let held: Held = hold(backend, &mut tx, code).await?;
    let (locked, now) = (&held.locked, moment.now);
    let session = locked.life.state_at(now);
    if !is_asked(&locked.notice, session, &held.category, held.state, now) {
        return Err(Conflict::NoOpinion.into());
    }
    let before = of_participant(&mut tx, held.id).await?;
    match before {
        Some(before) if before.reply.is_some() => return Err(Conflict::OpinionAnswered.into()),
        Some(_) => {
            execute!(tx, REPLACE, held.id.0, said, moment.millis())?;
        }
        None => {
            let (id, hearing) = (moment.id(), held.locked.id.0);
            execute!(tx, SEND, id, hearing, held.id.0, said, moment.millis())?;
        }
    }
    finish(backend, tx, moment, held, code).await
}

/// The opinions on a session, in the order in which they came, for its staff.
pub async fn opinions(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: HearingNumber,
) -> Result<Vec<ReceivedOpinion>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let home = store::home(&mut conn, permit.unit(), number).await?;
    let rows = fetch_all!(conn, OF_SESSION, ListedRow, home.id.0)?;
    rows.into_iter().map(|row| row.received(number)).collect()
}

impl ListedRow {
    fn received(self, hearing: HearingNumber) -> Result<ReceivedOpinion, Error> {
        let opinion = OwnRow {
            body: self.body,
            sent_at: self.sent_at,
            reply: self.reply,
            replied_at: self.replied_at,
            published_at: self.published_at,
        };
        Ok(ReceivedOpinion {
            number: ApplicationNumber {
                hearing,
                serial: self.serial,
            },
            name: self.name.unwrap_or_default(),
            publish_name: self.publish_name != 0,
            opinion: opinion.opinion()?,
        })
    }
}

/// The opinions on a session as everyone reads them: all are counted, and shown are those that were
/// published with their reply.
pub(super) async fn public(
    conn: &mut Conn,
    hearing: HearingId,
    number: HearingNumber,
) -> Result<Opinions, Error> {
    let mut public = Opinions::default();
    for row in fetch_all!(conn, OF_SESSION, ListedRow, hearing.0)? {
        let one = row.received(number)?;
        public.received += 1;
        let Some(reply) = one.opinion.reply else {
            continue;
        };
        public.answered += 1;
        if reply.published {
            public.published.push(Opinion {
                ticket: one.number,
                name: Some(one.name).filter(|name| one.publish_name && !name.is_empty()),
                text: one.opinion.text,
                reply: reply.text,
                sent_at: one.opinion.sent_at,
                replied_at: reply.replied_at,
            });
        }
    }
    Ok(public)
}

/// Replies to an opinion, and publishes both if `publish` says so. A reply is given once. `seen` is
/// the `sent_at` of what was read; `None` replies to whatever it says now.
///
/// Fails with `NotFound` where there is none, `OpinionAnswered` the second time, `ChangedSince` if it
/// is not what was seen, or `Invalid`.
pub async fn reply(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: ApplicationNumber,
    raw: &RawReply,
    seen: Option<Timestamp>,
) -> Result<(), Error> {
    let words = raw.parse()?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number.hearing).await?;
    let found = fetch_optional!(tx, FIND, FoundRow, locked.id.0, number.serial)?;
    let found = found.ok_or(Error::NotFound)?;
    if found.replied_at.is_some() {
        return Err(Conflict::OpinionAnswered.into());
    }
    if seen.is_some_and(|seen| seen.as_millisecond() != found.sent_at) {
        return Err(Conflict::ChangedSince.into());
    }
    let published_at = raw.publish.then(|| moment.millis());
    execute!(tx, REPLY, found.id, words, moment.millis(), published_at)?;
    let application = ApplicationId(found.application_id);
    notify::tell(&mut tx, moment, application, LetterKind::Opinion).await?;
    let act = if raw.publish {
        "opinion.published"
    } else {
        "opinion.answered"
    };
    record_by(&mut tx, moment, permit, act, number, "").await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.hearing.consultation);
    Ok(())
}

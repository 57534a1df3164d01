//! One-time codes: made, and counted. They are told once; the database keeps their hashes.

use super::store::{self, Locked, lock_of};
use crate::audit::record_by;
use crate::db::{Conn, Tx};
use crate::error::{Conflict, Error};
use crate::{Backend, Moment, freshness};
use domain::id::PollId;
use domain::polls::{CodeCount, IdentityLevel, PollNumber, PollState};
use domain::problem::{Fault, Violations};
use domain::receipts::ReceiptCode;
use domain::staff::{Permit, right};
use domain::{limits, text};
use std::collections::HashSet;

sql! {
    COUNT = "select cast(count(*) as bigint) as given, cast(count(used_at) as bigint) as used
        from poll_code where poll_id = $1";
    ADD_CODE = "insert into poll_code (poll_id, code_hash) values ($1, $2)
        on conflict (poll_id, code_hash) do nothing";
    INVITE = "insert into poll_invited (poll_id, label_hash) values ($1, $2)
        on conflict (poll_id, label_hash) do nothing";
}

row! { struct CountRow { given: i64, used: i64 } }

/// Makes one-time codes, to be given out on paper or in person. `seen` is how many there were when
/// they were asked for: an answer that is loaded again asks again, and must not make a second set.
///
/// Fails with `NoCodes` where the poll asks for none, `PollOver` or `ConsultationWithdrawn` once it has
/// ended, `CodesMadeMeanwhile` if there are more or fewer than were seen, or `Invalid`: a `count` out of
/// range or beyond what one poll may have, or `labels` missing where codes are for a list ([`invite`]).
pub async fn add_codes(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: PollNumber,
    count: usize,
    seen: Option<i64>,
) -> Result<Vec<String>, Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    if let Some(seen) = seen
        && seen != counted(&mut tx, locked.id).await?.given
    {
        return Err(Conflict::CodesMadeMeanwhile.into());
    }
    if asks_for(&mut tx, &locked, moment).await? == IdentityLevel::Invited {
        return Err(Error::invalid("labels", Fault::Required));
    }
    if !(1..=limits::CODES_AT_ONCE).contains(&count) {
        let (least, most) = (1, limits::CODES_AT_ONCE as i64);
        return Err(Error::invalid("count", Fault::OutOfRange { least, most }));
    }
    let codes = make(backend, moment, &mut tx, &locked, ("count", count)).await?;
    made(backend, tx, moment, permit, (number, &locked), count).await?;
    Ok(codes)
}

/// Makes a code for each entry of a list of people or addresses, in their order. Of the list only
/// hashes are kept, so that nobody is given two codes; which code was for whom is not.
///
/// Fails as [`add_codes`]; faults name an entry as `labels.3`.
pub async fn invite(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: PollNumber,
    labels: &[String],
) -> Result<Vec<String>, Error> {
    let entries = hashed(backend, labels)?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    if asks_for(&mut tx, &locked, moment).await? != IdentityLevel::Invited {
        return Err(Error::invalid("labels", Fault::Unknown));
    }
    let count = entries.len();
    let codes = make(backend, moment, &mut tx, &locked, ("labels", count)).await?;
    let mut taken = Vec::new();
    // By their hashes: the order of the rows says nothing of who stood where.
    let mut sorted: Vec<(usize, Vec<u8>)> = entries.into_iter().enumerate().collect();
    sorted.sort_by(|a, b| a.1.cmp(&b.1));
    for (place, hash) in sorted {
        if execute!(tx, INVITE, locked.id.0, hash)? == 0 {
            taken.push(place);
        }
    }
    taken.sort_unstable();
    let mut wrong = Violations::new();
    for place in taken {
        wrong.add(format!("labels.{place}"), Fault::Taken);
    }
    wrong.into_result(|| ())?;
    made(backend, tx, moment, permit, (number, &locked), count).await?;
    Ok(codes)
}

/// How many codes a poll has, for its staff; `NotFound` for anybody else's.
pub async fn code_count(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: PollNumber,
) -> Result<CodeCount, Error> {
    let mut conn = backend.db().snapshot().await?;
    let poll = store::home(&mut conn, permit.unit(), number).await?;
    counted(&mut conn, poll).await
}

pub(super) async fn counted(conn: &mut Conn, poll: PollId) -> Result<CodeCount, Error> {
    let row = fetch_one!(conn, COUNT, CountRow, poll.0)?;
    Ok(CodeCount {
        given: row.given,
        used: row.used,
    })
}

/// The entries of a list as they are known again, each once.
fn hashed(backend: &Backend, labels: &[String]) -> Result<Vec<Vec<u8>>, Error> {
    let (limit, length) = (limits::CODES_AT_ONCE, labels.len());
    if length == 0 {
        return Err(Error::invalid("labels", Fault::Required));
    }
    if length > limit {
        return Err(Error::invalid("labels", Fault::TooMany { limit, length }));
    }
    let mut wrong = Violations::new();
    let mut seen = HashSet::new();
    for (place, label) in labels.iter().enumerate() {
        match text::required_line(label, limits::CONTACT) {
            Ok(label) if seen.contains(&text::fold(&label)) => {
                wrong.add(format!("labels.{place}"), Fault::Taken);
            }
            Ok(label) => {
                seen.insert(text::fold(&label));
            }
            Err(fault) => wrong.add(format!("labels.{place}"), fault),
        }
    }
    let keys = backend.keys();
    wrong
        .into_result(|| {
            let lines = labels.iter().filter_map(|label| {
                let line = text::required_line(label, limits::CONTACT).ok()?;
                Some(keys.person(&text::fold(&line)))
            });
            lines.collect()
        })
        .map_err(Into::into)
}

/// What kind of codes can be made now.
async fn asks_for(tx: &mut Tx, locked: &Locked, moment: &Moment) -> Result<IdentityLevel, Error> {
    let poll = store::questionnaire(tx, locked.id, locked.version).await?;
    if poll.identity == IdentityLevel::None {
        return Err(Conflict::NoCodes.into());
    }
    match locked.life.state_at(moment.now) {
        PollState::Closed | PollState::Cancelled => return Err(locked.over().into()),
        PollState::Preparing | PollState::Announced | PollState::Open => {}
    }
    Ok(poll.identity)
}

async fn make(
    backend: &Backend,
    moment: &mut Moment,
    tx: &mut Tx,
    locked: &Locked,
    (field, count): (&str, usize),
) -> Result<Vec<String>, Error> {
    let there = usize::try_from(counted(tx, locked.id).await?.given).unwrap_or(usize::MAX);
    let (limit, length) = (limits::CODES_PER_POLL, there.saturating_add(count));
    if length > limit {
        return Err(Error::invalid(field, Fault::TooMany { limit, length }));
    }
    let codes: Vec<ReceiptCode> = (0..count)
        .map(|_| ReceiptCode::from_bytes(moment.bytes()))
        .collect();
    let hashes = codes.iter().map(|code| backend.keys().receipt_hash(code));
    let mut hashes: Vec<Vec<u8>> = hashes.collect();
    hashes.sort();
    for hash in hashes {
        execute!(tx, ADD_CODE, locked.id.0, hash)?;
    }
    Ok(codes.iter().map(ToString::to_string).collect())
}

/// Puts on record that codes were made. How many there are stands with the results.
async fn made(
    backend: &Backend,
    mut tx: Tx,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    (number, locked): (PollNumber, &Locked),
    count: usize,
) -> Result<(), Error> {
    let detail = count.to_string();
    record_by(&mut tx, moment, permit, "poll.codes_made", number, &detail).await?;
    freshness::raise(&mut tx, locked.consultation).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

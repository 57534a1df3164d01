//! A new version: read, taken apart, and tied to the version before it.

use super::versions::{Text, base, text, versions};
use super::{clauses, decoding, links};
use crate::audit::{self, Act};
use crate::comments::store::lock;
use crate::consultations::current;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment};
use domain::consultations::Number;
use domain::drafts::align::{self, Alignment, Link};
use domain::drafts::parse::parse;
use domain::drafts::{Clause, Draft, Warning};
use domain::id::{ClauseId, DraftId};
use domain::limits;
use domain::problem::Fault;
use domain::staff::{Permit, right};
use domain::text::line;

sql! {
    INSERT = "insert into draft (id, consultation_id, version, follows_id, filename, original,
            warnings, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// A draft as staff give it, pasted or uploaded.
#[derive(Clone, Debug)]
pub struct NewDraft {
    pub bytes: Vec<u8>,
    pub filename: Option<String>,
}

/// What a text turned out to be.
struct Prepared {
    clauses: Vec<Clause>,
    links: Vec<Link>,
    warnings: Vec<Warning>,
}

/// Adds the next version. Its clauses keep the identities they have in the version that it is
/// aligned with: the last public one, or else the one before.
///
/// Fails with `Invalid` for field `text` (nothing in it, too large, not text in a known encoding,
/// too many clauses) or `filename`.
pub async fn add(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    number: Number,
    new: NewDraft,
) -> Result<Draft, Error> {
    let filename = filename(new.filename.as_deref())?;
    if new.bytes.len() > limits::DRAFT_BYTES {
        let limit = limits::DRAFT_BYTES;
        return Err(Error::invalid("text", Fault::TooLarge { limit }));
    }
    let (source, _) =
        decoding::decode(&new.bytes).ok_or_else(|| Error::invalid("text", Fault::Malformed))?;
    loop {
        // Alignment takes a while; comments must not wait for it. So it is done before the
        // transaction, and again if another version came in between.
        let mut conn = backend.db().snapshot().await?;
        let found = current(&mut conn, number)
            .await?
            .filter(|c| c.unit == permit.unit());
        let found = found.ok_or(Error::NotFound)?;
        if found.life.withdrawn_at.is_some() {
            return Err(Conflict::ConsultationWithdrawn.into());
        }
        let known = versions(&mut conn, found.id).await?;
        let old = match base(&known) {
            Some(version) => Some(text(&mut conn, version).await?),
            None => None,
        };
        drop(conn);
        let follows = old.as_ref().map(|old| old.version.id);
        let ids = Moment::new(moment.now, moment.bytes());
        let prepared = prepare(source.clone(), old, ids).await?;

        let mut tx = backend.db().write().await?;
        let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
        if locked.life.withdrawn_at.is_some() {
            return Err(Conflict::ConsultationWithdrawn.into());
        }
        if versions(&mut tx, locked.id).await? != known {
            continue;
        }
        let version = known.first().map_or(1, |last| last.version + 1);
        let draft = DraftId(moment.id());
        let warnings = serde_json::to_string(&prepared.warnings)
            .map_err(|e| Error::Internal(format!("warnings as JSON: {e}")))?;
        execute!(
            tx,
            INSERT,
            draft.0,
            locked.id.0,
            version,
            follows.map(|id| id.0),
            filename.clone(),
            new.bytes,
            warnings,
            moment.millis(),
            permit.account().0,
        )?;
        clauses::insert(&mut tx, draft, &prepared.clauses).await?;
        links::insert(&mut tx, draft, &prepared.links).await?;
        let (subject, detail) = (number.to_string(), version.to_string());
        let act = Act {
            unit: permit.unit(),
            account: Some(permit.account()),
            act: "draft.added",
            subject: &subject,
            detail: &detail,
        };
        audit::record(&mut tx, moment, act).await?;
        tx.commit().await?;
        return Ok(Draft {
            version,
            filename,
            published_at: None,
            clauses: prepared.clauses,
            warnings: prepared.warnings,
        });
    }
}

/// The name of a file without the folders that some browsers send along.
fn filename(raw: Option<&str>) -> Result<Option<String>, Error> {
    let name = raw.unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("");
    line(name, limits::FILENAME).map_err(|fault| Error::invalid("filename", fault))
}

async fn prepare(source: String, old: Option<Text>, mut ids: Moment) -> Result<Prepared, Error> {
    super::aside(move || {
        let parsed = parse(&source);
        if parsed.clauses.is_empty() {
            return Err(Error::invalid("text", Fault::Required));
        }
        let old = old.map(|old| old.clauses).unwrap_or_default();
        let alignment = match old.is_empty() {
            true => Alignment {
                matches: Vec::new(),
                heirs: Vec::new(),
            },
            false => align::align(&old, &parsed.clauses),
        };
        let mut fresh = || ClauseId(ids.id());
        let clauses = align::carry_ids(&old, &parsed.clauses, &alignment, &mut fresh);
        let length = clauses.iter().map(|clause| clause.walk().len()).sum();
        if length > limits::CLAUSES_PER_DRAFT {
            let limit = limits::CLAUSES_PER_DRAFT;
            return Err(Error::invalid("text", Fault::TooMany { limit, length }));
        }
        let links = align::links(&old, &clauses, &alignment);
        Ok(Prepared {
            clauses,
            links,
            warnings: parsed.warnings,
        })
    })
    .await?
}

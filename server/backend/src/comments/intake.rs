//! The intake: one task that commits waiting comments together.
//!
//! A durable commit costs a disk flush. Under load many comments wait for the same flush: the
//! task takes all that wait, writes them in one transaction with a handful of statements, and
//! answers each sender after the commit (group commit; DeWitt et al., "Implementation techniques
//! for main memory database systems", 1984). An idle server answers a single comment at once.

use super::counts::{self, Drawer};
use super::store::{self, CommentRecord, PointRecord, hex, lock};
use crate::db::Tx;
use crate::error::{Conflict, Error};
use crate::{Backend, Keys, Moment, drafts};
use domain::comments::{AuthorKind, CommentNumber, CommentState, NewComment, RawComment, Receipt};
use domain::consultations::{Number, State};
use domain::id::{ClauseId, CommentId, ConsultationId, PointId};
use sqlx::types::Uuid;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::timeout;

/// Comments waiting at most; beyond, senders are asked to try again.
const QUEUE: usize = 8_192;
/// Comments in one transaction at most.
const BATCH: usize = 256;
/// Bytes of text in one transaction, unless one comment alone has more.
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of text that may wait at once. A comment is copied a few times on its way into the tables.
pub(crate) const BYTES_WAITING: usize = 16 * 1024 * 1024;
/// How long a batch may take. A connection that was lost without a word would otherwise keep
/// everybody waiting until the system gives it up.
const PATIENCE: Duration = Duration::from_secs(20);

sql! {
    KNOWN_KEYS = "select id, serial, received_at, idempotency_key, request_hash from comment
        where consultation_id = $1 and idempotency_key in (select value from json_each(cast($2 as text)))";
    TOOK_IN = "update consultation set last_comment = $2, revision = revision + 1 where id = $1";
}

row! { struct KnownRow {
    id: Uuid, serial: i64, received_at: i64, idempotency_key: String, request_hash: Vec<u8>,
} }

/// One comment waiting to be taken in.
#[derive(Debug)]
pub(crate) struct Job {
    pub moment: Moment,
    pub number: Number,
    pub raw: RawComment,
    pub key: String,
    /// Its share of [`BYTES_WAITING`], given back with the answer.
    pub share: OwnedSemaphorePermit,
    pub reply: oneshot::Sender<Result<Receipt, Error>>,
}

/// The entrance of the intake.
pub(crate) type Entrance = mpsc::Sender<Job>;

pub(crate) fn entrance() -> (Entrance, mpsc::Receiver<Job>) {
    mpsc::channel(QUEUE)
}

/// Works until it is told to close and everything that waited is answered.
pub(crate) async fn run(
    backend: Backend,
    mut waiting: mpsc::Receiver<Job>,
    mut closing: oneshot::Receiver<()>,
) {
    let mut jobs = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            biased;
            count = waiting.recv_many(&mut jobs, BATCH) => {
                if count == 0 {
                    return;
                }
                for batch in batches(&mut jobs) {
                    take_in_together(&backend, batch).await;
                }
            }
            // From here on nothing new enters; what waits is still received above.
            _ = &mut closing, if !waiting.is_closed() => waiting.close(),
        }
    }
}

/// Divides what waits, so that no transaction takes long.
fn batches(jobs: &mut Vec<Job>) -> Vec<Vec<Job>> {
    let mut batches: Vec<Vec<Job>> = Vec::new();
    let mut bytes = 0;
    for job in jobs.drain(..) {
        let more = job.share.num_permits();
        match batches.last_mut() {
            Some(batch) if bytes + more <= BATCH_BYTES => {
                batch.push(job);
                bytes += more;
            }
            _ => {
                batches.push(vec![job]);
                bytes = more;
            }
        }
    }
    batches
}

/// Takes in a batch; if it fails as a whole, each by itself, so that one bad comment does not
/// refuse the others.
async fn take_in_together(backend: &Backend, mut jobs: Vec<Job>) {
    match take_in_time(backend, &mut jobs).await {
        Ok(outcomes) => answer(jobs, outcomes),
        // One by one would only wait as long for each.
        Err(error) if error.is_unreachable() => {
            tracing::error!(%error, comments = jobs.len(), "the database cannot be reached");
            let outcomes = jobs.iter().map(|_| Err(Error::Overloaded)).collect();
            answer(jobs, outcomes);
        }
        Err(error) if jobs.len() > 1 => {
            tracing::warn!(%error, comments = jobs.len(), "a batch failed; taking them in one by one");
            for job in jobs {
                let mut alone = vec![job];
                match take_in_time(backend, &mut alone).await {
                    Ok(outcomes) => answer(alone, outcomes),
                    Err(error) => answer(alone, vec![Err(error)]),
                }
            }
        }
        Err(error) => answer(jobs, vec![Err(error)]),
    }
}

/// A batch that was given up may have been committed after all: its senders ask again with the same
/// keys, and get their receipts.
async fn take_in_time(
    backend: &Backend,
    jobs: &mut [Job],
) -> Result<Vec<Result<Receipt, Error>>, Error> {
    timeout(PATIENCE, take_in(backend, jobs))
        .await
        .unwrap_or(Err(Error::Overloaded))
}

fn answer(jobs: Vec<Job>, outcomes: Vec<Result<Receipt, Error>>) {
    for (job, outcome) in jobs.into_iter().zip(outcomes) {
        // A sender that went away will ask again with the same key.
        let _gone = job.reply.send(outcome);
        drop(job.share);
    }
}

/// One transaction for all jobs. The outcomes are in the order of the jobs and true only once
/// this returns `Ok`.
async fn take_in(
    backend: &Backend,
    jobs: &mut [Job],
) -> Result<Vec<Result<Receipt, Error>>, Error> {
    // Consultations in one order, so that two processes cannot wait for each other.
    let mut by_consultation: BTreeMap<Number, Vec<usize>> = BTreeMap::new();
    for (index, job) in jobs.iter().enumerate() {
        by_consultation.entry(job.number).or_default().push(index);
    }
    let mut outcomes: Vec<Option<Result<Receipt, Error>>> = jobs.iter().map(|_| None).collect();
    let mut changed = Vec::new();
    let mut tx = backend.db().write().await?;
    for (number, indices) in by_consultation {
        let one = OneConsultation {
            backend,
            number,
            outcomes: &mut outcomes,
        };
        if one.take_in(&mut tx, jobs, &indices).await? {
            changed.push(number);
        }
    }
    tx.commit().await?;
    for number in changed {
        backend.changed(number);
    }
    let unanswered = || Err(Error::Internal("a comment was not dealt with".into()));
    Ok(outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap_or_else(unanswered))
        .collect())
}

/// The comments of one batch that go to one consultation.
struct OneConsultation<'a> {
    backend: &'a Backend,
    number: Number,
    outcomes: &'a mut [Option<Result<Receipt, Error>>],
}

impl OneConsultation<'_> {
    /// Decides and writes; says whether anything was written.
    async fn take_in(
        self,
        tx: &mut Tx,
        jobs: &mut [Job],
        indices: &[usize],
    ) -> Result<bool, Error> {
        let Some(locked) = lock(tx, self.number).await? else {
            for index in indices {
                self.outcomes[*index] = Some(Err(Error::NotFound));
            }
            return Ok(false);
        };
        // Never public, also when it was given up meanwhile: its existence is nobody's business.
        let Some((round, draft)) = locked.round else {
            for index in indices {
                self.outcomes[*index] = Some(Err(Error::NotFound));
            }
            return Ok(false);
        };
        let mut known = self.known_keys(tx, locked.id, jobs, indices).await?;
        let clauses = drafts::clause_set(self.backend, tx, draft).await?;
        let mut serial = locked.last_comment;
        let mut comments = Vec::new();
        let mut points = Vec::new();
        let mut sums: HashMap<AuthorKind, (i64, i64)> = HashMap::new();
        for index in indices {
            let job = &mut jobs[*index];
            let hash = request_hash(self.backend.keys(), &job.raw)?;
            if let Some(earlier) = known.get(&job.key) {
                self.outcomes[*index] = Some(earlier.again(&hash));
                continue;
            }
            let state = locked.life.state_at(job.moment.now);
            match accept(&job.raw, state, &clauses) {
                Err(error) => self.outcomes[*index] = Some(Err(error)),
                Ok(new) => {
                    serial += 1;
                    let sum = sums.entry(new.author.kind).or_default();
                    sum.0 += 1;
                    sum.1 += new.points.len() as i64;
                    let receipt =
                        self.write_down(job, new, serial, &hash, &mut comments, &mut points)?;
                    known.insert(
                        job.key.clone(),
                        Known {
                            hash,
                            receipt: receipt.clone(),
                        },
                    );
                    self.outcomes[*index] = Some(Ok(receipt));
                }
            }
        }
        if comments.is_empty() {
            return Ok(false);
        }
        store::insert_comments(tx, locked.id, round, locked.stage, &comments).await?;
        store::insert_points(tx, locked.id, &points).await?;
        for (kind, (comments, points)) in sums {
            let drawer = Drawer {
                stage: locked.stage,
                state: CommentState::Received,
                kind,
                hold_reason: None,
            };
            counts::add(tx, locked.id, drawer, comments, points).await?;
        }
        execute!(tx, TOOK_IN, locked.id.0, serial)?;
        Ok(true)
    }

    /// What was sent before with one of these keys.
    async fn known_keys(
        &self,
        tx: &mut Tx,
        consultation: ConsultationId,
        jobs: &[Job],
        indices: &[usize],
    ) -> Result<HashMap<String, Known>, Error> {
        let keys: Vec<&str> = indices
            .iter()
            .map(|index| jobs[*index].key.as_str())
            .collect();
        let keys = serde_json::to_string(&keys)
            .map_err(|e| Error::Internal(format!("keys as JSON: {e}")))?;
        let rows = fetch_all!(tx, KNOWN_KEYS, KnownRow, consultation.0, keys)?;
        rows.into_iter()
            .map(|row| {
                let receipt = self.receipt(CommentId(row.id), row.serial, row.received_at)?;
                Ok((
                    row.idempotency_key,
                    Known {
                        hash: row.request_hash,
                        receipt,
                    },
                ))
            })
            .collect()
    }

    fn receipt(&self, comment: CommentId, serial: i64, received_at: i64) -> Result<Receipt, Error> {
        Ok(Receipt {
            number: CommentNumber {
                consultation: self.number,
                serial,
            },
            receipt: self.backend.keys().receipt(comment.0).to_string(),
            received_at: crate::moment::instant(received_at)?,
        })
    }

    /// Prepares the rows of one comment.
    fn write_down(
        &self,
        job: &mut Job,
        new: NewComment,
        serial: i64,
        hash: &[u8],
        comments: &mut Vec<CommentRecord>,
        points: &mut Vec<PointRecord>,
    ) -> Result<Receipt, Error> {
        let keys = self.backend.keys();
        let id = CommentId(job.moment.id());
        let contact = match &new.contact {
            Some(contact) => Some(hex(&keys.seal(id.0, contact, &mut job.moment)?)),
            None => None,
        };
        let receipt = self.receipt(id, serial, job.moment.millis())?;
        comments.push(CommentRecord {
            id: hex(id.0.as_bytes()),
            serial,
            kind: new.author.kind.code(),
            display: new.author.display.code(),
            name: new.author.name.clone(),
            contact,
            points: new.points.len() as i64,
            received_at: job.moment.millis(),
            idempotency_key: job.key.clone(),
            request_hash: hex(hash),
            receipt_hash: hex(&keys.receipt_hash(&keys.receipt(id.0))),
        });
        for (position, point) in new.points.into_iter().enumerate() {
            let point_id = PointId(job.moment.id());
            let name = new.author.name.as_deref();
            points.push(PointRecord::new(
                point_id, id, serial, position, point, name,
            ));
        }
        Ok(receipt)
    }
}

/// A comment that came before.
struct Known {
    /// Empty once it was withdrawn: then nothing is kept of what it was sent with.
    hash: Vec<u8>,
    receipt: Receipt,
}

impl Known {
    /// The answer to a request with the same key.
    fn again(&self, hash: &[u8]) -> Result<Receipt, Error> {
        if self.hash.is_empty() {
            Err(Conflict::AlreadyWithdrawn.into())
        } else if self.hash == hash {
            Ok(self.receipt.clone())
        } else {
            Err(Conflict::KeyReused.into())
        }
    }
}

/// Whether a comment may be taken in.
fn accept(
    raw: &RawComment,
    state: State,
    clauses: &HashSet<ClauseId>,
) -> Result<NewComment, Error> {
    match state {
        State::Open => Ok(raw.parse(clauses)?),
        State::Preparing => Err(Error::NotFound),
        State::Withdrawn => Err(Conflict::ConsultationWithdrawn.into()),
        State::Published | State::Closed | State::Answered => Err(Conflict::RoundNotOpen.into()),
    }
}

/// Two requests are the same if they say the same, however they are spaced.
fn request_hash(keys: &Keys, raw: &RawComment) -> Result<Vec<u8>, Error> {
    let canonical =
        serde_json::to_vec(raw).map_err(|e| Error::Internal(format!("a comment as JSON: {e}")))?;
    Ok(keys.request_hash(&canonical))
}

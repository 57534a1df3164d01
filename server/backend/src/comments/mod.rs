//! Comments: taken in, listed, reviewed.
//!
//! [`submit`] goes through the [`intake`], which commits many comments together. Every other
//! change of a comment first takes the consultation's row ([`store::lock`]), so that numbers,
//! counts and states move in one order.

pub(crate) mod counts;
pub(crate) mod intake;
pub(crate) mod moderation;
pub(crate) mod published;
pub(crate) mod queue;
pub(crate) mod standing;
pub(crate) mod store;

pub use moderation::{contact, moderate};
pub(crate) use moderation::{drawer, is_answered};
pub use published::{Wanted, published};
pub use queue::{points_unit, queue};

use crate::error::Error;
use crate::{Backend, Moment};
use domain::comments::{RawComment, Receipt};
use domain::consultations::Number;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Takes in a comment and answers once it is durable.
///
/// `key` is the client's idempotency key: the same key with the same content gives the same
/// receipt, also after the round has closed; with other content it is refused
/// (draft-ietf-httpapi-idempotency-key-header).
pub async fn submit(
    backend: &Backend,
    moment: Moment,
    number: Number,
    raw: RawComment,
    key: String,
) -> Result<Receipt, Error> {
    // Many small comments may wait, or a few large ones.
    let share = Arc::clone(backend.room())
        .try_acquire_many_owned(bytes(&raw))
        .map_err(|_| Error::Overloaded)?;
    let (reply, answer) = oneshot::channel();
    let job = intake::Job {
        moment,
        number,
        raw,
        key,
        share,
        reply,
    };
    backend
        .intake()
        .try_send(job)
        .map_err(|_| Error::Overloaded)?;
    answer
        .await
        .map_err(|_| Error::Internal("the intake stopped".into()))?
}

/// What a comment weighs while it waits.
fn bytes(raw: &RawComment) -> u32 {
    let points = raw.points.iter().map(|point| {
        let proposed = point.proposed.as_ref().map_or(0, String::len);
        size_of_val(point) + point.text.len() + proposed
    });
    let whole = size_of_val(raw) + points.sum::<usize>();
    u32::try_from(whole).unwrap_or(u32::MAX)
}

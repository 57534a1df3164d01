//! What staff see of the account before it is published: its numbers, and at the last look what
//! does not fit together yet.

use super::account::{labels, redline, span};
use super::points::{self, Stage};
use super::publishing::count_missing;
use crate::consultations::{counts, current};
use crate::error::Error;
use crate::{Backend, drafts};
use domain::consultations::Number;
use domain::feedback::{FeedbackPreview, FeedbackReview};
use domain::staff::{Permit, right};
use std::collections::HashMap;

/// Adopted points without a change that are listed at most.
const LISTED: usize = 20;

/// The numbers of the current stage as far as it has come.
///
/// Fails with `NotFound` before the first round.
pub async fn preview(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: Number,
) -> Result<FeedbackPreview, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number)
        .await?
        .filter(|c| c.unit == permit.unit());
    let found = found.ok_or(Error::NotFound)?;
    let span = span(&mut conn, found.id, found.stage)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(FeedbackPreview {
        version: span.from.version,
        new_version: span.to.map(|to| to.version),
        counts: counts(&mut conn, found.id, found.stage).await?,
        dispositions: points::dispositions(&mut conn, found.id, found.stage).await?,
        unanswered: count_missing(&mut conn, found.id, found.stage).await?,
    })
}

/// How the answers of the current stage fit the text that would be published with them.
///
/// Fails with `NotFound` before the first round.
pub async fn review(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: Number,
) -> Result<FeedbackReview, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number)
        .await?
        .filter(|c| c.unit == permit.unit());
    let found = found.ok_or(Error::NotFound)?;
    let span = span(&mut conn, found.id, found.stage)
        .await?
        .ok_or(Error::NotFound)?;
    let of = Stage {
        number,
        consultation: found.id,
        stage: found.stage,
    };
    let all = drafts::versions(&mut conn, found.id).await?;
    let old_labels = match span.to {
        Some(_) => HashMap::new(),
        None => drafts::clause_labels(&mut conn, span.from.id).await?,
    };
    let redline = redline(backend, conn, &all, span).await?;
    let labels = labels(redline.as_ref(), &old_labels);
    let mut conn = backend.db().snapshot().await?;
    let groups = points::adopted(&mut conn, of).await?;
    let mut unshown = points::first_adopted(&mut conn, of, &labels).await?;
    let (changes, unshown_total) = match &redline {
        Some(redline) => redline.without(&groups, &mut unshown),
        None => (0, groups.iter().map(|group| group.total).sum()),
    };
    unshown.truncate(LISTED);
    Ok(FeedbackReview {
        changes,
        unshown,
        unshown_total,
    })
}

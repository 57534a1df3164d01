//! From a number in an address to the unit whose staff may act on it.
//!
//! What another unit has not published does not exist for the asker (404); what it has published
//! may be read and not touched (403, when the permit for the unit is refused).

use crate::edge::Staff;
use crate::problem::Refusal;
use crate::state::AppState;
use backend::hearings::Amending;
use backend::{Error, Viewer, comments, consultations, hearings, polls, units};
use domain::Timestamp;
use domain::comments::CommentNumber;
use domain::consultations::Number;
use domain::hearings::HearingNumber;
use domain::id::{PointId, UnitId};
use domain::polls::PollNumber;
use domain::problem::Fault;
use domain::staff::Permit;
use domain::staff::right::See;

/// What the number in an address names: a consultation, or something of one.
pub trait Named: Copy {
    /// The consultation whose unit's staff act on it.
    fn consultation(self) -> Number;

    /// Whether everyone may know of it.
    fn is_public(
        self,
        state: &AppState,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, Error>> + Send;
}

impl Named for Number {
    fn consultation(self) -> Number {
        self
    }

    async fn is_public(self, state: &AppState, now: Timestamp) -> Result<bool, Error> {
        let found = consultations::find(&state.backend, now, self, Viewer::Public);
        Ok(found.await?.is_some())
    }
}

impl Named for HearingNumber {
    fn consultation(self) -> Number {
        self.consultation
    }

    async fn is_public(self, state: &AppState, now: Timestamp) -> Result<bool, Error> {
        let found = hearings::find(&state.backend, now, self, Viewer::Public);
        Ok(found.await?.is_some())
    }
}

impl Named for PollNumber {
    fn consultation(self) -> Number {
        self.consultation
    }

    async fn is_public(self, state: &AppState, now: Timestamp) -> Result<bool, Error> {
        let found = polls::find(&state.backend, now, self, Viewer::Public);
        Ok(found.await?.is_some())
    }
}

/// The unit of what this person may know of: their own unit's, or what is public.
pub async fn unit_of(
    state: &AppState,
    now: Timestamp,
    staff: &Staff,
    named: impl Named,
) -> Result<UnitId, Refusal> {
    let unit = consultations::unit_of(&state.backend, named.consultation())
        .await?
        .ok_or(Refusal::NotFound)?;
    if staff.identity.see(unit).is_err() && !named.is_public(state, now).await? {
        return Err(Refusal::NotFound);
    }
    Ok(unit)
}

/// The unit of a comment's consultation.
pub async fn unit_of_comment(
    state: &AppState,
    now: Timestamp,
    staff: &Staff,
    number: CommentNumber,
) -> Result<UnitId, Refusal> {
    unit_of(state, now, staff, number.consultation).await
}

/// The unit of a point's consultation.
pub async fn unit_of_point(
    state: &AppState,
    now: Timestamp,
    staff: &Staff,
    point: PointId,
) -> Result<UnitId, Refusal> {
    let (_, number) = comments::points_unit(&state.backend, point)
        .await?
        .ok_or(Refusal::NotFound)?;
    unit_of(state, now, staff, number).await
}

/// The unit with this slug, as a field of a form names it.
pub async fn unit_named(state: &AppState, slug: &str) -> Result<UnitId, Refusal> {
    match units::find(&state.backend, slug.trim()).await? {
        Some((unit, _)) => Ok(unit),
        None if slug.trim().is_empty() => Err(Refusal::field("unit", Fault::Required)),
        None => Err(Refusal::field("unit", Fault::Unknown)),
    }
}

/// The right to see what is not published, if whoever asks has it for this consultation.
pub async fn insight(
    state: &AppState,
    staff: Option<&Staff>,
    number: Number,
) -> Result<Option<Permit<See>>, Refusal> {
    let Some(staff) = staff else {
        return Ok(None);
    };
    let unit = consultations::unit_of(&state.backend, number).await?;
    Ok(unit.and_then(|unit| staff.identity.see(unit).ok()))
}

/// Through whose eyes: staff of the unit, or everyone.
pub fn viewer(insight: &Option<Permit<See>>) -> Viewer<'_> {
    insight.as_ref().map_or(Viewer::Public, Viewer::Staff)
}

/// The right to change a session's notice and papers.
pub fn amending(staff: &Staff, unit: UnitId) -> Result<Amending, Refusal> {
    let (edit, approve) = (staff.identity.edit(unit), staff.identity.approve(unit));
    Ok(Amending::new(edit, approve)?)
}

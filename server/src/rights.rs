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

/// The unit of a consultation that this person may know of.
pub async fn unit_of(
    state: &AppState,
    now: Timestamp,
    staff: &Staff,
    number: Number,
) -> Result<UnitId, Refusal> {
    let public = consultations::find(&state.backend, now, number, Viewer::Public);
    unit_unless_hidden(state, staff, number, public).await
}

/// The unit of a consultation and what belongs to it, which this person may see or everyone may.
async fn unit_unless_hidden<T>(
    state: &AppState,
    staff: &Staff,
    number: Number,
    public: impl Future<Output = Result<Option<T>, Error>>,
) -> Result<UnitId, Refusal> {
    let unit = consultations::unit_of(&state.backend, number)
        .await?
        .ok_or(Refusal::NotFound)?;
    if staff.identity.see(unit).is_err() {
        public.await?.ok_or(Refusal::NotFound)?;
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

/// The unit of a session that this person may know of.
pub async fn unit_of_hearing(
    state: &AppState,
    now: Timestamp,
    staff: &Staff,
    number: HearingNumber,
) -> Result<UnitId, Refusal> {
    let public = hearings::find(&state.backend, now, number, Viewer::Public);
    unit_unless_hidden(state, staff, number.consultation, public).await
}

/// The unit of a poll that this person may know of.
pub async fn unit_of_poll(
    state: &AppState,
    now: Timestamp,
    staff: &Staff,
    number: PollNumber,
) -> Result<UnitId, Refusal> {
    let public = polls::find(&state.backend, now, number, Viewer::Public);
    unit_unless_hidden(state, staff, number.consultation, public).await
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

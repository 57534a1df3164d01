//! What staff do after a session: corrections of the minutes, observers' opinions, and the letters
//! that tell people of it.

use super::{StaffReading, StaffWriting};
use crate::body::{Json, Path};
use crate::edge::{Edge, Staff};
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use backend::{hearings, notify};
use domain::Timestamp;
use domain::hearings::{
    ApplicationNumber, AskedCorrection, HearingNumber, RawCorrectionAnswer, RawReply,
    ReceivedOpinion,
};
use domain::notify::Letters;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// The corrections of the minutes that participants asked for, in the order in which they did.
#[utoipa::path(get, path = "/api/v1/hearings/{id}/corrections", tag = "staff", operation_id = "list_corrections", security(("bearer" = [])),
    params(("id" = String, Path)),
    responses((status = 200, description = "All of them, answered or not", body = Vec<AskedCorrection>), StaffReading))]
pub async fn corrections(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<axum::Json<Vec<AskedCorrection>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let asked = hearings::corrections(&state.backend, &permit, number).await?;
    Ok(axum::Json(asked))
}

/// An answer to a correction.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CorrectionDecision {
    #[serde(flatten)]
    answer: RawCorrectionAnswer,
    /// `asked_at` of what was read; then it is answered only if it is still that
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    seen: Option<Timestamp>,
}

/// Answers the correction that a participant waits for: accepted, the text is public beneath the
/// minutes; refused, it goes to the participant.
#[utoipa::path(post, path = "/api/v1/applications/{number}/correction", tag = "staff", operation_id = "answer_correction", security(("bearer" = [])),
    params(("number" = String, Path, example = "2026-0012-h1-0007")), request_body = CorrectionDecision,
    responses((status = 204, description = "Answered"), StaffWriting))]
pub async fn answer_correction(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(ApplicationNumber,)>,
    Json(decision): Json<CorrectionDecision>,
) -> Result<StatusCode, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number.hearing).await?;
    let permit = staff.identity.approve(unit)?;
    let (backend, moment) = (&state.backend, &mut edge.moment);
    let CorrectionDecision { answer, seen } = decision;
    hearings::answer_correction(backend, moment, &permit, number, &answer, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What observers made of a session, in the order in which it came.
#[utoipa::path(get, path = "/api/v1/hearings/{id}/opinions", tag = "staff", operation_id = "list_opinions", security(("bearer" = [])),
    params(("id" = String, Path)),
    responses((status = 200, description = "All of them, answered or not", body = Vec<ReceivedOpinion>), StaffReading))]
pub async fn opinions(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<axum::Json<Vec<ReceivedOpinion>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let received = hearings::opinions(&state.backend, &permit, number).await?;
    Ok(axum::Json(received))
}

/// A reply to an opinion.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OpinionReply {
    #[serde(flatten)]
    reply: RawReply,
    /// `sent_at` of what was read; then it is replied to only if it is still that
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    seen: Option<Timestamp>,
}

/// Replies to an observer's opinion, and publishes both unless `publish` is `false`.
#[utoipa::path(post, path = "/api/v1/applications/{number}/opinion", tag = "staff", operation_id = "reply_to_opinion", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = OpinionReply,
    responses((status = 204, description = "Replied"), StaffWriting))]
pub async fn reply(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(ApplicationNumber,)>,
    Json(given): Json<OpinionReply>,
) -> Result<StatusCode, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number.hearing).await?;
    let permit = staff.identity.approve(unit)?;
    let (backend, moment) = (&state.backend, &mut edge.moment);
    hearings::reply(backend, moment, &permit, number, &given.reply, given.seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many letters to the applicants of a session wait, went out or could not be delivered, and how
/// many applicants gave no address.
#[utoipa::path(get, path = "/api/v1/hearings/{id}/letters", tag = "staff", operation_id = "count_letters", security(("bearer" = [])),
    params(("id" = String, Path)),
    responses((status = 200, description = "The numbers", body = Letters), StaffReading))]
pub async fn letters(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<axum::Json<Letters>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let letters = notify::figures(&state.backend, &permit, number).await?;
    Ok(axum::Json(letters))
}

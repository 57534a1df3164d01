//! Responses to points, and the published account of a round.

use super::{Reading, StaffReading, StaffWriting};
use crate::body::{Json, Path};
use crate::edge::{Edge, Staff};
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::feedback;
use domain::consultations::Number;
use domain::feedback::{Feedback, RawFeedback, RawResponse, Response, Unanswered};
use domain::id::PointId;
use http::StatusCode;

/// Answers a point. Asked again, it replaces the answer, until the feedback is published.
#[utoipa::path(put, path = "/api/v1/points/{id}/response", tag = "staff", operation_id = "respond_to_point", security(("bearer" = [])),
    params(("id" = PointId, Path)), request_body = RawResponse,
    responses((status = 200, description = "The response", body = Response), StaffWriting))]
pub async fn respond(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((point,)): Path<(PointId,)>,
    Json(response): Json<RawResponse>,
) -> Result<axum::Json<Response>, Refusal> {
    let unit = rights::unit_of_point(&state, edge.now(), &staff, point).await?;
    let permit = staff.identity.edit(unit)?;
    let response = response.parse()?;
    let response =
        feedback::respond(&state.backend, &mut edge.moment, &permit, point, response).await?;
    Ok(axum::Json(response))
}

/// The points that still need a response before the feedback can be published.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/unanswered", tag = "staff", operation_id = "list_unanswered", security(("bearer" = [])),
    params(("number" = String, Path)),
    responses((status = 200, description = "What is missing", body = Vec<Unanswered>), StaffReading))]
pub async fn unanswered(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
) -> Result<axum::Json<Vec<Unanswered>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let points = feedback::unanswered(&state.backend, &permit, number).await?;
    Ok(axum::Json(points))
}

/// Publishes the feedback, after closing and once every point has its response. With 409,
/// `unanswered` lists what is missing.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/feedback", tag = "staff", operation_id = "publish_feedback", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = RawFeedback,
    responses((status = 201, description = "The published account", body = Feedback), StaffWriting))]
pub async fn publish(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Json(texts): Json<RawFeedback>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let texts = texts.parse()?;
    let published =
        feedback::publish(&state.backend, &mut edge.moment, &permit, number, texts).await?;
    Ok((StatusCode::CREATED, axum::Json(published)))
}

/// The published feedback.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/feedback", tag = "public", operation_id = "show_feedback",
    params(("number" = String, Path)),
    responses((status = 200, description = "The published account", body = Feedback), Reading))]
pub async fn show(
    State(state): State<AppState>,
    _known: Option<Staff>,
    edge: Edge,
    Path((number,)): Path<(Number,)>,
) -> Result<axum::Json<Feedback>, Refusal> {
    feedback::published(&state.backend, edge.now(), number)
        .await?
        .map(axum::Json)
        .ok_or(Refusal::NotFound)
}

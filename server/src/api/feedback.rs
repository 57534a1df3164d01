//! Responses to points, and the published account of a round.

use super::{Reading, StaffReading, StaffWriting};
use crate::body::{Json, Path, Query, optional, page_key};
use crate::edge::{Edge, Staff};
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::feedback::{self, PointKey, UnansweredKey, Wanted};
use domain::consultations::{Number, Page};
use domain::feedback::{Disposition, Feedback, RawFeedback, RawResponse, Response, Unanswered};
use domain::id::{ClauseId, PointId};
use domain::limits;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

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

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the page before
    after: Option<String>,
}

/// The points that still need a response before the feedback can be published.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/unanswered", tag = "staff", operation_id = "list_unanswered", security(("bearer" = [])),
    params(("number" = String, Path), PageQuery),
    responses((status = 200, description = "A page of what is missing", body = Page<Unanswered>), StaffReading))]
pub async fn unanswered(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Page<Unanswered>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let after = page_key::<UnansweredKey>(query.after)?;
    let (backend, after) = (&state.backend, after.as_deref());
    let page = feedback::unanswered(backend, &permit, number, after, limits::PAGE).await?;
    Ok(axum::Json(page))
}

/// Publishes the feedback, after closing and once every point has its response. With 409,
/// `unanswered` lists the first points that are missing. The answer holds the first page of points.
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

/// Which points of the feedback.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedbackQuery {
    /// Only points with this disposition
    #[param(value_type = Option<Disposition>)]
    disposition: Option<String>,
    /// Only points on this clause or its parts, or that changed it
    #[param(value_type = Option<ClauseId>)]
    clause: Option<String>,
    /// `next` of the page before
    after: Option<String>,
}

/// The published feedback, with a page of its points.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/feedback", tag = "public", operation_id = "show_feedback",
    params(("number" = String, Path), FeedbackQuery),
    responses((status = 200, description = "The published account", body = Feedback), Reading))]
pub async fn show(
    State(state): State<AppState>,
    _known: Option<Staff>,
    edge: Edge,
    Path((number,)): Path<(Number,)>,
    Query(query): Query<FeedbackQuery>,
) -> Result<axum::Json<Feedback>, Refusal> {
    let after = page_key::<PointKey>(query.after)?;
    let wanted = Wanted {
        disposition: optional("disposition", query.disposition.as_deref())?,
        clause: optional("clause", query.clause.as_deref())?,
        after: after.as_deref(),
        limit: limits::PAGE,
    };
    feedback::published(&state.backend, edge.now(), number, wanted)
        .await?
        .map(axum::Json)
        .ok_or(Refusal::NotFound)
}

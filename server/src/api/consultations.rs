//! Consultations: the public list and page, and what staff do before and at publication.

use super::{Reading, StaffWriting};
use crate::body::{Json, Path, Query, optional, page_key};
use crate::edge::{Edge, Staff};
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::consultations::{self, ListFilter};
use domain::consultations::{Consultation, Listed, NewConsultation, Number, Page, Publish, Round};
use domain::limits;
use domain::text;
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Slug of a unit
    unit: Option<String>,
    /// preparing consultations are never in the list
    #[param(value_type = Option<domain::consultations::State>)]
    state: Option<String>,
    /// `next` of the page before
    after: Option<String>,
}

/// Public consultations, newest first.
#[utoipa::path(get, path = "/api/v1/consultations", tag = "public", operation_id = "list_consultations", params(ListQuery),
    responses((status = 200, description = "A page of the list", body = Page<Listed>), Reading))]
pub async fn list(
    State(state): State<AppState>,
    _known: Option<Staff>,
    edge: Edge,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Listed>>, Refusal> {
    let filter = ListFilter {
        unit: query.unit.filter(|unit| !unit.is_empty()),
        state: optional("state", query.state.as_deref())?,
        after: page_key::<Number>(query.after)?,
    };
    let page = consultations::list(&state.backend, edge.now(), filter).await?;
    Ok(axum::Json(page))
}

/// Begins a consultation. Only staff of the unit see it until it is published.
#[utoipa::path(post, path = "/api/v1/consultations", tag = "staff", operation_id = "create_consultation", security(("bearer" = [])),
    request_body = NewConsultation,
    responses((status = 201, description = "The consultation, as staff see it", body = Consultation), StaffWriting))]
pub async fn create(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Json(new): Json<NewConsultation>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_named(&state, &new.unit).await?;
    let permit = staff.identity.edit(unit)?;
    let facts = new.facts()?;
    let number = consultations::create(&state.backend, &mut edge.moment, &permit, facts).await?;
    let created = read(&state, &edge, Some(&staff), number).await?;
    let location = format!("/api/v1/consultations/{number}");
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        axum::Json(created),
    ))
}

/// One consultation. Unpublished ones are there for staff of the unit alone.
#[utoipa::path(get, path = "/api/v1/consultations/{number}", tag = "public", operation_id = "show_consultation",
    params(("number" = String, Path, example = "2026-0012")),
    responses((status = 200, description = "The consultation", body = Consultation), Reading))]
pub async fn show(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(Number,)>,
) -> Result<axum::Json<Consultation>, Refusal> {
    read(&state, &edge, staff.as_ref(), number)
        .await
        .map(axum::Json)
}

async fn read(
    state: &AppState,
    edge: &Edge,
    staff: Option<&Staff>,
    number: Number,
) -> Result<Consultation, Refusal> {
    let insight = rights::insight(state, staff, number).await?;
    let viewer = rights::viewer(&insight);
    consultations::find(&state.backend, edge.now(), number, viewer)
        .await?
        .ok_or(Refusal::NotFound)
}

/// Changes the facts while the consultation is being prepared. The unit stays what it is.
#[utoipa::path(put, path = "/api/v1/consultations/{number}", tag = "staff", operation_id = "update_consultation", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = NewConsultation,
    responses((status = 200, description = "The consultation as changed", body = Consultation), StaffWriting))]
pub async fn update(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Json(new): Json<NewConsultation>,
) -> Result<axum::Json<Consultation>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.edit(unit)?;
    let facts = new.facts()?;
    consultations::update(&state.backend, &mut edge.moment, &permit, number, facts).await?;
    read(&state, &edge, Some(&staff), number)
        .await
        .map(axum::Json)
}

/// Publishes a draft version and sets the round in which comments on it are taken.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/publish", tag = "staff", operation_id = "publish_consultation", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = Publish,
    responses((status = 200, description = "The round that was set", body = Round), StaffWriting))]
pub async fn publish(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Json(publish): Json<Publish>,
) -> Result<axum::Json<Round>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let round =
        consultations::publish(&state.backend, &mut edge.moment, &permit, number, publish).await?;
    Ok(axum::Json(round))
}

/// Why a consultation is given up; public.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Withdrawal {
    #[serde(default)]
    reason: String,
}

/// Gives a consultation up, with a public reason.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/withdraw", tag = "staff", operation_id = "withdraw_consultation", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = Withdrawal,
    responses((status = 204, description = "Given up"), StaffWriting))]
pub async fn withdraw(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Json(withdrawal): Json<Withdrawal>,
) -> Result<StatusCode, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let reason = text::required_lines(&withdrawal.reason, limits::REASON)
        .map_err(|fault| Refusal::field("reason", fault))?;
    consultations::withdraw(&state.backend, &mut edge.moment, &permit, number, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

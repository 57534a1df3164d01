//! Draft versions, their clauses, and what changed between two of them.

use super::{Reading, StaffWriting};
use crate::body::{Json, Path};
use crate::edge::{Edge, Staff};
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::drafts::{self, NewDraft};
use domain::consultations::Number;
use domain::drafts::{Changes, Draft};
use domain::id::ClauseId;
use domain::limits;
use domain::problem::Fault;
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

/// A draft as text.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DraftText {
    /// Markdown or plain text
    #[serde(default)]
    text: String,
    #[serde(default)]
    filename: Option<String>,
}

/// Adds a draft version and answers with its clauses, for a look before publication.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/drafts", tag = "staff", operation_id = "add_draft", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = DraftText,
    responses((status = 201, description = "The version with its clauses and warnings", body = Draft), StaffWriting))]
pub async fn add(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    draft: Result<Json<DraftText, { limits::DRAFT_JSON_BYTES }>, Refusal>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.edit(unit)?;
    // Whatever it takes as JSON, a draft has one limit.
    let Json(draft) = draft.map_err(|refusal| match refusal {
        Refusal::TooLarge(_) => Refusal::TooLarge(limits::DRAFT_BYTES),
        other => other,
    })?;
    if draft.text.trim().is_empty() {
        return Err(Refusal::field("text", Fault::Required));
    }
    if draft.text.len() > limits::DRAFT_BYTES {
        return Err(Refusal::TooLarge(limits::DRAFT_BYTES));
    }
    let new = NewDraft {
        bytes: draft.text.into_bytes(),
        filename: draft.filename,
    };
    let draft = drafts::add(&state.backend, &mut edge.moment, &permit, number, new).await?;
    let location = format!("/api/v1/consultations/{number}/drafts/{}", draft.version);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        axum::Json(draft),
    ))
}

/// One version with its clauses.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/drafts/{version}", tag = "public", operation_id = "show_draft",
    params(("number" = String, Path), ("version" = i64, Path)),
    responses((status = 200, description = "The version with its clauses", body = Draft), Reading))]
pub async fn show(
    State(state): State<AppState>,
    staff: Option<Staff>,
    Path((number, version)): Path<(Number, i64)>,
) -> Result<axum::Json<Draft>, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number).await?;
    let viewer = rights::viewer(&insight);
    drafts::get(&state.backend, number, version, viewer)
        .await?
        .map(|draft| axum::Json(Draft::clone(&draft)))
        .ok_or(Refusal::NotFound)
}

/// What became of each clause from version `a` to version `b`.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/drafts/{a}/changes/{b}", tag = "public", operation_id = "compare_drafts",
    params(("number" = String, Path), ("a" = i64, Path), ("b" = i64, Path)),
    responses((status = 200, description = "What became of each clause", body = Changes), Reading))]
pub async fn changes(
    State(state): State<AppState>,
    staff: Option<Staff>,
    Path((number, a, b)): Path<(Number, i64, i64)>,
) -> Result<axum::Json<Changes>, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number).await?;
    let viewer = rights::viewer(&insight);
    drafts::changes(&state.backend, number, a, b, viewer)
        .await?
        .map(axum::Json)
        .ok_or(Refusal::NotFound)
}

/// Which clause of the version before this one is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Match {
    /// `null` if it is new
    #[serde(default)]
    counterpart: Option<ClauseId>,
}

/// Corrects the match of a clause with the version before, until this version is published.
#[utoipa::path(put, path = "/api/v1/consultations/{number}/drafts/{version}/matches/{clause}", tag = "staff", operation_id = "correct_match",
    security(("bearer" = [])),
    params(("number" = String, Path), ("version" = i64, Path), ("clause" = ClauseId, Path)),
    request_body = Match,
    responses((status = 204, description = "Corrected"), StaffWriting))]
pub async fn correct_match(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number, version, clause)): Path<(Number, i64, ClauseId)>,
    Json(corrected): Json<Match>,
) -> Result<StatusCode, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.edit(unit)?;
    drafts::correct_match(
        &state.backend,
        &mut edge.moment,
        &permit,
        number,
        version,
        clause,
        corrected.counterpart,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

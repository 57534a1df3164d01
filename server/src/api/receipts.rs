//! What the holder of a receipt can do: read, edit until closing, withdraw.

use super::Writing;
use crate::body::{Json, Path};
use crate::edge::Edge;
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::receipts;
use domain::comments::{OwnComment, RawComment};
use domain::receipts::ReceiptCode;
use http::header;

type Answer = Result<
    (
        [(header::HeaderName, &'static str); 1],
        axum::Json<OwnComment>,
    ),
    Refusal,
>;

fn secret(comment: OwnComment) -> Answer {
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(comment)))
}

/// Reads a code; a wrong one costs the address a token, so that guessing is slow.
pub fn code(state: &AppState, edge: &Edge, typed: &str) -> Result<ReceiptCode, Refusal> {
    state
        .limiter
        .check(Act::WrongReceipt, edge.client, edge.now())?;
    ReceiptCode::read(typed).map_err(Refusal::Receipt)
}

/// Notes that a well-formed code opened nothing.
pub fn unknown(state: &AppState, edge: &Edge) -> Refusal {
    match state
        .limiter
        .take(Act::WrongReceipt, edge.client, edge.now())
    {
        Ok(()) => Refusal::NotFound,
        Err(refusal) => refusal,
    }
}

/// A use case's answer, with an unknown code counted.
pub fn counted<T>(
    state: &AppState,
    edge: &Edge,
    answer: Result<T, backend::Error>,
) -> Result<T, Refusal> {
    answer.map_err(|error| match error {
        backend::Error::NotFound => unknown(state, edge),
        error => error.into(),
    })
}

/// The comment that a receipt opens, with the answers once they are published.
#[utoipa::path(get, path = "/api/v1/receipts/{receipt}", tag = "public", operation_id = "open_receipt",
    params(("receipt" = String, Path, description = "The code on the receipt; case, hyphens and look-alikes do not matter")),
    responses((status = 200, description = "The comment", body = OwnComment), Writing))]
pub async fn open(
    State(state): State<AppState>,
    edge: Edge,
    Path((typed,)): Path<(String,)>,
) -> Result<impl IntoResponse, Refusal> {
    let code = code(&state, &edge, &typed)?;
    let found = receipts::open(&state.backend, edge.now(), &code).await?;
    secret(found.ok_or_else(|| unknown(&state, &edge))?)
}

/// Replaces the comment until the round closes. Earlier texts are kept.
#[utoipa::path(put, path = "/api/v1/receipts/{receipt}", tag = "public", operation_id = "edit_comment",
    params(("receipt" = String, Path)), request_body = RawComment,
    responses((status = 200, description = "The comment as changed", body = OwnComment), Writing))]
pub async fn edit(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
    Json(comment): Json<RawComment>,
) -> Result<impl IntoResponse, Refusal> {
    state.limiter.take(Act::Edit, edge.client, edge.now())?;
    let code = code(&state, &edge, &typed)?;
    let edited = receipts::edit(&state.backend, &mut edge.moment, &code, comment).await;
    secret(counted(&state, &edge, edited)?)
}

/// Takes the comment back. It stays counted as withdrawn.
#[utoipa::path(delete, path = "/api/v1/receipts/{receipt}", tag = "public", operation_id = "withdraw_comment",
    params(("receipt" = String, Path)),
    responses((status = 200, description = "The comment, withdrawn", body = OwnComment), Writing))]
pub async fn withdraw(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
) -> Result<impl IntoResponse, Refusal> {
    let code = code(&state, &edge, &typed)?;
    let withdrawn = receipts::withdraw(&state.backend, &mut edge.moment, &code).await;
    secret(counted(&state, &edge, withdrawn)?)
}

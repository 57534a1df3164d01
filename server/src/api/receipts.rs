//! What the holder of a receipt can do: read what was sent and what came of it, change or take it
//! back while that is possible, confirm or give back a seat.

use super::Writing;
use crate::body::{Json, JsonText, Path};
use crate::edge::Edge;
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::hearings::own;
use backend::{Conflict, polls, receipts};
use domain::comments::{OwnComment, RawComment};
use domain::hearings::{OwnApplication, RawApplication, RawCorrection, RawOpinion};
use domain::polls::OwnBallot;
use domain::receipts::ReceiptCode;
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a receipt opens: a comment, an application for a seat, or a ballot.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Sent {
    Comment(Box<OwnComment>),
    Application(Box<OwnApplication>),
    Ballot(OwnBallot),
}

/// What may be sent instead: of the kind that the receipt opens. For the document; the body is read
/// once that is known.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Changed {
    Comment(RawComment),
    Application(RawApplication),
}

type Answer = Result<([(header::HeaderName, &'static str); 1], axum::Json<Sent>), Refusal>;

fn secret(sent: Sent) -> Answer {
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(sent)))
}

fn comment(comment: OwnComment) -> Sent {
    Sent::Comment(Box::new(comment))
}

fn application(application: OwnApplication) -> Sent {
    Sent::Application(Box::new(application))
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

/// What a receipt opens, with what has become of it.
#[utoipa::path(get, path = "/api/v1/receipts/{receipt}", tag = "public", operation_id = "open_receipt",
    params(("receipt" = String, Path, description = "The code on the receipt; case, hyphens and look-alikes do not matter")),
    responses((status = 200, description = "The comment, the application or the ballot", body = Sent), Writing))]
pub async fn open(
    State(state): State<AppState>,
    edge: Edge,
    Path((typed,)): Path<(String,)>,
) -> Result<impl IntoResponse, Refusal> {
    let code = code(&state, &edge, &typed)?;
    let (backend, now) = (&state.backend, edge.now());
    if let Some(found) = receipts::open(backend, now, &code).await? {
        return secret(comment(found));
    }
    if let Some(found) = own::open(backend, now, &code).await? {
        return secret(application(found));
    }
    let ballot = polls::own(backend, now, &code).await?;
    secret(Sent::Ballot(ballot.ok_or_else(|| unknown(&state, &edge))?))
}

/// Replaces a comment until the round closes, with earlier texts kept; or an application until its
/// period ends, which is then reviewed anew. A ballot cannot be changed.
#[utoipa::path(put, path = "/api/v1/receipts/{receipt}", tag = "public", operation_id = "edit_comment",
    params(("receipt" = String, Path)), request_body = Changed,
    responses((status = 200, description = "The comment or the application as changed", body = Sent), Writing))]
pub async fn edit(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
    body: JsonText,
) -> Result<impl IntoResponse, Refusal> {
    let opens = what_opens(&state, &edge, &typed).await?;
    if opens == Opens::Ballot {
        return Err(Refusal::Conflict(Conflict::BallotFinal));
    }
    if opens == Opens::Application {
        let new: RawApplication = body.parse()?;
        state.limiter.take(Act::Edit, edge.client, edge.now())?;
        let code = code(&state, &edge, &typed)?;
        let edited = own::edit(
            &state.backend,
            &mut edge.moment,
            &code,
            new,
            edge.lang.tag(),
        )
        .await;
        return secret(application(counted(&state, &edge, edited)?));
    }
    let new: RawComment = body.parse()?;
    state.limiter.take(Act::Edit, edge.client, edge.now())?;
    let code = code(&state, &edge, &typed)?;
    let edited = receipts::edit(&state.backend, &mut edge.moment, &code, new).await;
    secret(comment(counted(&state, &edge, edited)?))
}

/// What the body is to be read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// Or nothing: who only guesses is told no more.
    Comment,
    Application,
    /// Whatever the body says.
    Ballot,
}

async fn what_opens(state: &AppState, edge: &Edge, typed: &str) -> Result<Opens, Refusal> {
    let Ok(code) = code(state, edge, typed) else {
        return Ok(Opens::Comment);
    };
    let (backend, now) = (&state.backend, edge.now());
    if own::open(backend, now, &code).await?.is_some() {
        return Ok(Opens::Application);
    }
    let ballot = polls::own(backend, now, &code).await?;
    Ok(ballot.map_or(Opens::Comment, |_| Opens::Ballot))
}

/// Takes a comment or an application back. It stays counted as withdrawn. A ballot cannot be taken
/// back: nothing says which one it was. After a session, what is known of the applicant is deleted.
#[utoipa::path(delete, path = "/api/v1/receipts/{receipt}", tag = "public", operation_id = "withdraw_comment",
    params(("receipt" = String, Path)),
    responses((status = 200, description = "The comment or the application, withdrawn", body = Sent), Writing))]
pub async fn withdraw(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
) -> Result<impl IntoResponse, Refusal> {
    let code = code(&state, &edge, &typed)?;
    match receipts::withdraw(&state.backend, &mut edge.moment, &code).await {
        Err(backend::Error::NotFound) => {}
        withdrawn => return secret(comment(withdrawn?)),
    }
    match own::withdraw(&state.backend, &mut edge.moment, &code).await {
        Err(backend::Error::NotFound) => {}
        withdrawn => return secret(application(withdrawn?)),
    }
    Err(match polls::own(&state.backend, edge.now(), &code).await? {
        Some(_) => Refusal::Conflict(Conflict::BallotFinal),
        None => unknown(&state, &edge),
    })
}

/// Whether who has a seat will come.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Seat {
    /// `false` gives the seat back, and the first reserve moves up
    comes: bool,
}

/// Confirms a seat or gives it back, from when it was given until the session begins.
#[utoipa::path(post, path = "/api/v1/receipts/{receipt}/seat", tag = "public", operation_id = "confirm_seat",
    params(("receipt" = String, Path)), request_body = Seat,
    responses((status = 200, description = "The application as it now stands", body = OwnApplication), Writing))]
pub async fn seat(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
    Json(seat): Json<Seat>,
) -> Result<impl IntoResponse, Refusal> {
    state.limiter.take(Act::Edit, edge.client, edge.now())?;
    let code = code(&state, &edge, &typed)?;
    let confirmed = own::confirm(&state.backend, &mut edge.moment, &code, seat.comes).await;
    let confirmed = counted(&state, &edge, confirmed)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(confirmed)))
}

/// Confirms the minutes of a session, or asks for a correction of them while the unit takes them.
#[utoipa::path(post, path = "/api/v1/receipts/{receipt}/minutes", tag = "public", operation_id = "confirm_minutes",
    params(("receipt" = String, Path)), request_body = RawCorrection,
    responses((status = 200, description = "The application, with what was said of the minutes", body = OwnApplication), Writing))]
pub async fn minutes(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
    Json(said): Json<RawCorrection>,
) -> Result<impl IntoResponse, Refusal> {
    state.limiter.take(Act::Edit, edge.client, edge.now())?;
    let code = code(&state, &edge, &typed)?;
    let (backend, moment) = (&state.backend, &mut edge.moment);
    let correction = said.correction.as_deref();
    let confirmed = own::confirm_minutes(backend, moment, &code, correction).await;
    let confirmed = counted(&state, &edge, confirmed)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(confirmed)))
}

/// Sends what an observer made of a session, from when it begins; until the unit replies, it
/// replaces what was sent before.
#[utoipa::path(post, path = "/api/v1/receipts/{receipt}/opinion", tag = "public", operation_id = "send_opinion",
    params(("receipt" = String, Path)), request_body = RawOpinion,
    responses((status = 200, description = "The application, with the opinion", body = OwnApplication), Writing))]
pub async fn opinion(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
    Json(said): Json<RawOpinion>,
) -> Result<impl IntoResponse, Refusal> {
    state.limiter.take(Act::Edit, edge.client, edge.now())?;
    let code = code(&state, &edge, &typed)?;
    let sent = own::opine(&state.backend, &mut edge.moment, &code, &said).await;
    let sent = counted(&state, &edge, sent)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(sent)))
}

/// Takes the consent to publish the name back, at any time.
#[utoipa::path(delete, path = "/api/v1/receipts/{receipt}/name", tag = "public", operation_id = "hide_name",
    params(("receipt" = String, Path)),
    responses((status = 200, description = "The application, whose name is not public any more", body = OwnApplication), Writing))]
pub async fn hide_name(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((typed,)): Path<(String,)>,
) -> Result<impl IntoResponse, Refusal> {
    let code = code(&state, &edge, &typed)?;
    let hidden = own::hide_name(&state.backend, &mut edge.moment, &code).await;
    let hidden = counted(&state, &edge, hidden)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(hidden)))
}

//! Comments: sent and read by everyone, reviewed by staff.

use super::{Reading, StaffReading, StaffWriting, Writing};
use crate::body::{Json, Path, Query, optional, page_key};
use crate::edge::{Edge, Staff};
use crate::limits::Act;
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::comments::Wanted;
use backend::{comments, consultations};
use domain::comments::{
    CommentNumber, CommentState, PublicComment, QueueFilter, QueuedComment, RawComment,
    RawModeration, Receipt,
};
use domain::consultations::{Number, Page};
use domain::id::ClauseId;
use domain::limits;
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CommentsQuery {
    /// Only comments with a point that stands on this clause of the version under consultation
    #[param(value_type = Option<ClauseId>)]
    clause: Option<String>,
    /// Only comments of this stage; else of all
    #[param(value_type = Option<i64>)]
    stage: Option<String>,
    /// `next` of the page before
    after: Option<String>,
}

/// Published comments, by time.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/comments", tag = "public", operation_id = "list_comments",
    params(("number" = String, Path), CommentsQuery),
    responses((status = 200, description = "A page of the list", body = Page<PublicComment>), Reading))]
pub async fn list(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(Number,)>,
    Query(query): Query<CommentsQuery>,
) -> Result<axum::Json<Page<PublicComment>>, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number).await?;
    let viewer = rights::viewer(&insight);
    consultations::find(&state.backend, edge.now(), number, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let clause: Option<ClauseId> = optional("clause", query.clause.as_deref())?;
    let after = page_key::<i64>(query.after)?;
    let wanted = Wanted {
        clause,
        stage: optional("stage", query.stage.as_deref())?,
        after: after.as_deref(),
        limit: limits::PAGE,
    };
    let page = comments::published(&state.backend, number, &wanted).await?;
    Ok(axum::Json(page))
}

/// Sends a comment. Answered only once it is stored durably; the same key sends it once.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/comments", tag = "public", operation_id = "send_comment",
    params(("number" = String, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 200 visible ASCII characters; the same for each retry")),
    request_body = RawComment,
    responses((status = 201, description = "The receipt", body = Receipt), Writing))]
pub async fn submit(
    State(state): State<AppState>,
    edge: Edge,
    Path((number,)): Path<(Number,)>,
    headers: HeaderMap,
    Json(comment): Json<RawComment>,
) -> Result<impl IntoResponse, Refusal> {
    state.limiter.take(Act::Comment, edge.client, edge.now())?;
    let key = idempotency_key(&headers)?;
    let receipt = comments::submit(&state.backend, edge.moment, number, comment, key).await?;
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(receipt),
    ))
}

/// The one key by which retries are known.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(Refusal::IdempotencyKey);
    };
    let key = key.as_bytes();
    let usable = (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&key.len())
        && key.iter().all(u8::is_ascii_graphic);
    match std::str::from_utf8(key) {
        Ok(key) if usable => Ok(key.to_owned()),
        _ => Err(Refusal::IdempotencyKey),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    #[param(value_type = Option<CommentState>)]
    state: Option<String>,
    #[param(value_type = Option<ClauseId>)]
    clause: Option<String>,
    /// Text in a point, its proposed wording or the sender's name
    q: Option<String>,
    /// `next` of the page before
    after: Option<String>,
    /// `true`: only comments with a point that has no response yet
    #[param(value_type = Option<bool>)]
    unanswered: Option<String>,
}

/// All comments of a consultation, for staff. Contact data is not in it.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/queue", tag = "staff", operation_id = "list_queue", security(("bearer" = [])),
    params(("number" = String, Path), QueueQuery),
    responses((status = 200, description = "A page of the queue", body = Page<QueuedComment>), StaffReading))]
pub async fn queue(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Query(query): Query<QueueQuery>,
) -> Result<axum::Json<Page<QueuedComment>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let filter = QueueFilter {
        state: optional("state", query.state.as_deref())?,
        clause: optional("clause", query.clause.as_deref())?,
        q: query.q.filter(|q| !q.trim().is_empty()),
        after: page_key::<i64>(query.after)?,
        unanswered: optional("unanswered", query.unanswered.as_deref())?.unwrap_or(false),
    };
    let page = comments::queue(&state.backend, &permit, number, filter).await?;
    Ok(axum::Json(page))
}

/// Publishes a comment, or holds it with a reason. With `seen` from the queue, only if the comment
/// is still what was seen.
#[utoipa::path(post, path = "/api/v1/comments/{number}/moderation", tag = "staff", operation_id = "moderate_comment", security(("bearer" = [])),
    params(("number" = String, Path, example = "2026-0012-345")), request_body = RawModeration,
    responses((status = 204, description = "Decided"), StaffWriting))]
pub async fn moderate(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(CommentNumber,)>,
    Json(decision): Json<RawModeration>,
) -> Result<StatusCode, Refusal> {
    let unit = rights::unit_of_comment(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.moderate(unit)?;
    let seen = decision.seen;
    let decision = decision.parse()?;
    let moment = &mut edge.moment;
    comments::moderate(&state.backend, moment, &permit, number, decision, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a sender left to be reached by.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    /// `null` if none was left
    pub(super) contact: Option<String>,
}

/// The contact data of a sender. Each look is recorded, so it is no reading: a link cannot make a
/// browser do it.
#[utoipa::path(post, path = "/api/v1/comments/{number}/contact", tag = "staff", operation_id = "show_contact", security(("bearer" = [])),
    params(("number" = String, Path)),
    responses((status = 200, description = "The contact data", body = Contact), StaffReading))]
pub async fn contact(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(CommentNumber,)>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of_comment(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.moderate(unit)?;
    let contact = comments::contact(&state.backend, &mut edge.moment, &permit, number).await?;
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(Contact { contact }),
    ))
}

//! Polls: composed by staff, answered by everyone, and their results as figures and open data.

use super::comments::idempotency_key;
use super::hearings::Cancellation;
use super::open_data::Shape;
use super::{Reading, ReadingLater, StaffReading, StaffWriting, Writing, open_data, validators};
use crate::body::{Json, JsonText, Path, Query, optional};
use crate::edge::{Edge, Staff};
use crate::limits::Act;
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use backend::{Moment, Scope, consultations, polls};
use domain::Timestamp;
use domain::comments::Decision;
use domain::consultations::{Number, Page};
use domain::id::TextId;
use domain::polls::{
    BallotReceipt, ListedPoll, OpenBallot, Poll, PollNumber, PollResults, PublishPoll, RawBallot,
    RawPoll, ReviewedText, TextState,
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The polls of a consultation; those not published yet for staff of the unit alone.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/polls", tag = "public", operation_id = "list_polls",
    params(("number" = String, Path)),
    responses((status = 200, description = "All of them, in the order in which they were prepared", body = Vec<ListedPoll>), Reading))]
pub async fn list(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(Number,)>,
) -> Result<axum::Json<Vec<ListedPoll>>, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number).await?;
    let viewer = rights::viewer(&insight);
    let listed = polls::list(&state.backend, edge.now(), number, viewer).await?;
    if listed.is_empty() {
        // Nothing to list, or nothing there that the caller may know of.
        consultations::find(&state.backend, edge.now(), number, viewer)
            .await?
            .ok_or(Refusal::NotFound)?;
    }
    Ok(axum::Json(listed))
}

/// The number of a poll that was prepared.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedPoll {
    #[schema(value_type = String, example = "2026-0012-p1")]
    id: PollNumber,
}

/// Prepares a poll. Only staff of the unit see it until it is published.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/polls", tag = "staff", operation_id = "create_poll", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = RawPoll,
    responses((status = 201, description = "Its number", body = CreatedPoll), StaffWriting))]
pub async fn create(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Json(raw): Json<RawPoll>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.edit(unit)?;
    let poll = raw.parse()?;
    let id = polls::create(&state.backend, &mut edge.moment, &permit, number, &poll).await?;
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, format!("/api/v1/polls/{id}"))],
        axum::Json(CreatedPoll { id }),
    ))
}

/// One poll with its questions as they are answered now.
#[utoipa::path(get, path = "/api/v1/polls/{id}", tag = "public", operation_id = "show_poll",
    params(("id" = String, Path, example = "2026-0012-p1")),
    responses((status = 200, description = "The poll", body = Poll), Reading))]
pub async fn show(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(PollNumber,)>,
) -> Result<axum::Json<Poll>, Refusal> {
    let poll = read(&state, edge.now(), staff.as_ref(), number).await?;
    Ok(axum::Json(poll))
}

async fn read(
    state: &AppState,
    now: Timestamp,
    staff: Option<&Staff>,
    number: PollNumber,
) -> Result<Poll, Refusal> {
    let insight = rights::insight(state, staff, number.consultation).await?;
    let viewer = rights::viewer(&insight);
    polls::find(&state.backend, now, number, viewer)
        .await?
        .ok_or(Refusal::NotFound)
}

/// Changes a poll that is not public yet. A public one is corrected.
#[utoipa::path(put, path = "/api/v1/polls/{id}", tag = "staff", operation_id = "update_poll", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = RawPoll,
    responses((status = 200, description = "The poll as changed", body = Poll), StaffWriting))]
pub async fn update(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
    Json(raw): Json<RawPoll>,
) -> Result<axum::Json<Poll>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.edit(unit)?;
    let poll = raw.parse()?;
    polls::update(&state.backend, &mut edge.moment, &permit, number, &poll).await?;
    let poll = read(&state, edge.now(), Some(&staff), number).await?;
    Ok(axum::Json(poll))
}

/// Makes a poll public and sets the period in which ballots are taken.
#[utoipa::path(post, path = "/api/v1/polls/{id}/publish", tag = "staff", operation_id = "publish_poll", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = PublishPoll,
    responses((status = 200, description = "The poll, public", body = Poll), StaffWriting))]
pub async fn publish(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
    Json(period): Json<PublishPoll>,
) -> Result<axum::Json<Poll>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    polls::publish(&state.backend, &mut edge.moment, &permit, number, &period).await?;
    let poll = read(&state, edge.now(), Some(&staff), number).await?;
    Ok(axum::Json(poll))
}

/// What was wrong with a public poll.
#[derive(Debug, Deserialize)]
struct Correction {
    #[serde(default)]
    correction: String,
}

/// A public poll as it should have been, and what was wrong with it. Identity, phase and the time of
/// the results stay as they were promised.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "what the document says of a body read in two parts"
)]
pub struct CorrectedPoll {
    /// What is corrected; public
    correction: String,
    #[serde(flatten)]
    poll: RawPoll,
}

/// Corrects a public poll by a new version that says in public what it corrects.
#[utoipa::path(post, path = "/api/v1/polls/{id}/corrections", tag = "staff", operation_id = "correct_poll", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = CorrectedPoll,
    responses((status = 200, description = "The poll in its new version", body = Poll), StaffWriting))]
pub async fn correct(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
    body: JsonText,
) -> Result<axum::Json<Poll>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    // Apart, so that a fault is named by its field.
    let Correction { correction } = body.parse()?;
    let poll = body.parse::<RawPoll>()?.parse()?;
    let moment = &mut edge.moment;
    polls::correct(&state.backend, moment, &permit, number, &poll, &correction).await?;
    let poll = read(&state, edge.now(), Some(&staff), number).await?;
    Ok(axum::Json(poll))
}

/// Calls a poll off, with a public reason.
#[utoipa::path(post, path = "/api/v1/polls/{id}/cancel", tag = "staff", operation_id = "cancel_poll", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = Cancellation,
    responses((status = 200, description = "The poll, called off", body = Poll), StaffWriting))]
pub async fn cancel(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
    Json(called): Json<Cancellation>,
) -> Result<axum::Json<Poll>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let (moment, reason) = (&mut edge.moment, &called.reason);
    polls::cancel(&state.backend, moment, &permit, number, reason).await?;
    let poll = read(&state, edge.now(), Some(&staff), number).await?;
    Ok(axum::Json(poll))
}

/// The one-time codes that are wanted: so many, or for a poll of the invited one for each of a list.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WantedCodes {
    /// 1 to 5,000
    #[serde(default)]
    count: usize,
    /// People or addresses, each once; kept as hashes
    #[serde(default)]
    labels: Vec<String>,
}

/// One-time codes, each good for one ballot.
#[derive(Debug, Serialize, ToSchema)]
pub struct Codes {
    /// In the order of the list
    codes: Vec<String>,
}

/// Makes one-time codes to be given out. They are told this once.
#[utoipa::path(post, path = "/api/v1/polls/{id}/codes", tag = "staff", operation_id = "add_poll_codes", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = WantedCodes,
    responses((status = 201, description = "The codes", body = Codes), StaffWriting))]
pub async fn add_codes(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
    Json(wanted): Json<WantedCodes>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let (backend, moment) = (&state.backend, &mut edge.moment);
    let codes = if wanted.labels.is_empty() {
        polls::add_codes(backend, moment, &permit, number, wanted.count, None).await?
    } else {
        polls::invite(backend, moment, &permit, number, &wanted.labels).await?
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(Codes { codes }),
    ))
}

/// Sends a ballot. Answered only once it is stored durably. Who it came from is kept nowhere.
#[utoipa::path(post, path = "/api/v1/polls/{id}/ballots", tag = "public", operation_id = "send_ballot",
    params(("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters; the same for each retry. Without it a retry is another ballot")),
    request_body = RawBallot,
    responses((status = 201, description = "The receipt", body = BallotReceipt), Writing))]
pub async fn vote(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((number,)): Path<(PollNumber,)>,
    headers: HeaderMap,
    Json(ballot): Json<RawBallot>,
) -> Result<impl IntoResponse, Refusal> {
    state.limiter.take(Act::Ballot, edge.client, edge.now())?;
    let moment = &mut edge.moment;
    let key = key_or_new(&headers, moment)?;
    let clock = || state.clock.now();
    let receipt = polls::vote(&state.backend, moment, clock, number, &ballot, &key).await?;
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(receipt),
    ))
}

fn key_or_new(headers: &HeaderMap, moment: &mut Moment) -> Result<String, Refusal> {
    if headers.contains_key("idempotency-key") {
        idempotency_key(headers)
    } else {
        Ok(moment.id().to_string())
    }
}

/// What came out of a poll; there for everyone when the unit said, for its staff at any time.
#[utoipa::path(get, path = "/api/v1/polls/{id}/results", tag = "public", operation_id = "show_results",
    params(("id" = String, Path)),
    responses((status = 200, description = "Figures of every question", body = PollResults), Reading))]
pub async fn results(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(PollNumber,)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let of = (number, Shape::Json);
    published(&state, &edge, staff.as_ref(), of, &headers).await
}

/// The results in one of their shapes. What everyone reads is counted once per change.
async fn published(
    state: &AppState,
    edge: &Edge,
    staff: Option<&Staff>,
    (number, shape): (PollNumber, Shape),
    asked: &HeaderMap,
) -> Result<Response, Refusal> {
    if staff.is_some() {
        let results = counted(state, edge.now(), staff, number).await?;
        return open_data::results(&results, shape);
    }
    let make = async || {
        let now = state.clock.now();
        let poll = read(state, now, None, number).await?;
        let results = counted(state, now, None, number).await?;
        let mut response = open_data::results(&results, shape)?;
        validators::keep(response.headers_mut(), true);
        let changes = [poll.opens_at, poll.closes_at].into_iter().flatten();
        let next = changes.filter(|at| *at > now).min();
        Ok((response, next.unwrap_or(Timestamp::MAX)))
    };
    let key = format!("results {number} {shape:?}");
    let of = (key, Scope::Consultation(number.consultation));
    let results = state.pages.data(state, of, make).await?;
    Ok(results.answer(asked))
}

async fn counted(
    state: &AppState,
    now: Timestamp,
    staff: Option<&Staff>,
    number: PollNumber,
) -> Result<PollResults, Refusal> {
    let insight = rights::insight(state, staff, number.consultation).await?;
    let viewer = rights::viewer(&insight);
    polls::results(&state.backend, now, number, viewer)
        .await?
        .ok_or(Refusal::NotFound)
}

/// Publishes the results of a poll whose unit said that it would do so by hand, after closing.
#[utoipa::path(post, path = "/api/v1/polls/{id}/results", tag = "staff", operation_id = "publish_results", security(("bearer" = [])),
    params(("id" = String, Path)),
    responses((status = 200, description = "The results, public", body = PollResults), StaffWriting))]
pub async fn publish_results(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
) -> Result<axum::Json<PollResults>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    polls::publish_results(&state.backend, &mut edge.moment, &permit, number).await?;
    let results = counted(&state, edge.now(), Some(&staff), number).await?;
    Ok(axum::Json(results))
}

/// The results as a table: a line for each figure.
#[utoipa::path(get, path = "/api/v1/polls/{id}/results.csv", tag = "public", operation_id = "show_results_table",
    params(("id" = String, Path)),
    responses((status = 200, description = "CSV (RFC 4180) in UTF-8, with a header", body = String, content_type = "text/csv"), Reading))]
pub async fn results_table(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(PollNumber,)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let of = (number, Shape::Table);
    published(&state, &edge, staff.as_ref(), of, &headers).await
}

/// The ballots in one of their shapes, and how long that may be kept: they do not change any more.
async fn open_ballots(
    state: &AppState,
    edge: &Edge,
    staff: Option<&Staff>,
    (number, shape): (PollNumber, Shape),
    asked: &HeaderMap,
) -> Result<Response, Refusal> {
    let insight = rights::insight(state, staff, number.consultation).await?;
    let viewer = rights::viewer(&insight);
    let ballots = polls::ballots(&state.backend, edge.now(), number, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let etag = format!("\"{number}-{}\"", ballots.ballots);
    validators::unchanging(staff.is_none(), &etag, asked, || {
        let body = open_data::ballots(&state.backend, ballots, shape);
        match shape {
            Shape::Json => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Shape::Table => {
                open_data::answer(&format!("{number}-ballots.csv"), body).into_response()
            }
        }
    })
}

/// Every ballot with what was chosen in it, once the poll has ended and its results may be read, in
/// an order that says nothing about when it was given. What was typed freely, words and numbers, is not
/// among it. Before the end the ballots are given to nobody (409), staff included.
#[utoipa::path(get, path = "/api/v1/polls/{id}/ballots", tag = "public", operation_id = "list_ballots",
    params(("id" = String, Path)),
    responses((status = 200, description = "Each with its version", body = Vec<OpenBallot>), ReadingLater))]
pub async fn ballots(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(PollNumber,)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    open_ballots(
        &state,
        &edge,
        staff.as_ref(),
        (number, Shape::Json),
        &headers,
    )
    .await
}

/// The same ballots as a table: a line for each, a column for its version and for each question.
#[utoipa::path(get, path = "/api/v1/polls/{id}/ballots.csv", tag = "public", operation_id = "show_ballots_table",
    params(("id" = String, Path)),
    responses((status = 200, description = "CSV (RFC 4180) in UTF-8, with a header", body = String, content_type = "text/csv"), ReadingLater))]
pub async fn ballots_table(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(PollNumber,)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    open_ballots(
        &state,
        &edge,
        staff.as_ref(),
        (number, Shape::Table),
        &headers,
    )
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TextsQuery {
    #[param(value_type = Option<TextState>)]
    state: Option<String>,
    /// `next` of the page before
    after: Option<String>,
}

/// The answers in words, for staff.
#[utoipa::path(get, path = "/api/v1/polls/{id}/texts", tag = "staff", operation_id = "list_texts", security(("bearer" = [])),
    params(("id" = String, Path), TextsQuery),
    responses((status = 200, description = "A page of the list", body = Page<ReviewedText>), StaffReading))]
pub async fn texts(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(PollNumber,)>,
    Query(query): Query<TextsQuery>,
) -> Result<axum::Json<Page<ReviewedText>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let wanted: Option<TextState> = optional("state", query.state.as_deref())?;
    let after: Option<TextId> = optional("after", query.after.as_deref())?;
    let page = polls::texts(&state.backend, &permit, number, wanted, after).await?;
    Ok(axum::Json(page))
}

/// What staff decide on an answer in words.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TextDecision {
    decision: Decision,
}

/// Publishes an answer in words, or holds it back. It stays counted.
#[utoipa::path(post, path = "/api/v1/polls/{id}/texts/{text}/moderation", tag = "staff", operation_id = "moderate_text", security(("bearer" = [])),
    params(("id" = String, Path), ("text" = TextId, Path)), request_body = TextDecision,
    responses((status = 204, description = "Decided"), StaffWriting))]
pub async fn decide_text(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number, text)): Path<(PollNumber, TextId)>,
    Json(decided): Json<TextDecision>,
) -> Result<StatusCode, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.moderate(unit)?;
    let publish = decided.decision == Decision::Publish;
    let moment = &mut edge.moment;
    polls::decide_text(&state.backend, moment, &permit, number, text, publish).await?;
    Ok(StatusCode::NO_CONTENT)
}

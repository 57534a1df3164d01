//! Sessions that people apply to attend: the notice, applications and their review, the draw, and
//! what remains of the day.

use super::comments::{Contact, idempotency_key};
use super::{Reading, StaffReading, StaffWriting, Writing};
use crate::body::{Json, Path, Query, optional};
use crate::edge::{Edge, Staff};
use crate::limits::Act;
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use axum::extract::State;
use axum::response::IntoResponse;
use backend::hearings::ApplicationFilter;
use backend::{consultations, hearings};
use domain::Timestamp;
use domain::consultations::{Number, Page};
use domain::hearings::{
    ApplicationNumber, ApplicationReceipt, ApplicationState, Draw, Hearing, HearingNumber,
    ListedHearing, Paper, RawApplication, RawEntry, RawHearing, RawMinutes, RawReview,
    ReviewedApplication,
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The sessions of a consultation; those not published yet for staff of the unit alone.
#[utoipa::path(get, path = "/api/v1/consultations/{number}/hearings", tag = "public", operation_id = "list_hearings",
    params(("number" = String, Path)),
    responses((status = 200, description = "All of them, in the order in which they were prepared", body = Vec<ListedHearing>), Reading))]
pub async fn list(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(Number,)>,
) -> Result<axum::Json<Vec<ListedHearing>>, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number).await?;
    let viewer = rights::viewer(&insight);
    let listed = hearings::list(&state.backend, edge.now(), number, viewer).await?;
    if listed.is_empty() {
        // Nothing to list, or nothing there that the caller may know of.
        consultations::find(&state.backend, edge.now(), number, viewer)
            .await?
            .ok_or(Refusal::NotFound)?;
    }
    Ok(axum::Json(listed))
}

/// The number of a session that was prepared.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedHearing {
    #[schema(value_type = String, example = "2026-0012-h1")]
    id: HearingNumber,
}

/// Prepares a session. Only staff of the unit see it until it is published.
#[utoipa::path(post, path = "/api/v1/consultations/{number}/hearings", tag = "staff", operation_id = "create_hearing", security(("bearer" = [])),
    params(("number" = String, Path)), request_body = RawHearing,
    responses((status = 201, description = "Its number", body = CreatedHearing), StaffWriting))]
pub async fn create(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(Number,)>,
    Json(raw): Json<RawHearing>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.edit(unit)?;
    let notice = raw.parse()?;
    let id = hearings::create(&state.backend, &mut edge.moment, &permit, number, notice).await?;
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, format!("/api/v1/hearings/{id}"))],
        axum::Json(CreatedHearing { id }),
    ))
}

/// One session: its notice, how many apply for which seats, and what came of it.
#[utoipa::path(get, path = "/api/v1/hearings/{id}", tag = "public", operation_id = "show_hearing",
    params(("id" = String, Path, example = "2026-0012-h1")),
    responses((status = 200, description = "The session", body = Hearing), Reading))]
pub async fn show(
    State(state): State<AppState>,
    edge: Edge,
    staff: Option<Staff>,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<axum::Json<Hearing>, Refusal> {
    read(&state, edge.now(), staff.as_ref(), number).await
}

async fn read(
    state: &AppState,
    now: Timestamp,
    staff: Option<&Staff>,
    number: HearingNumber,
) -> Result<axum::Json<Hearing>, Refusal> {
    let insight = rights::insight(state, staff, number.consultation).await?;
    let viewer = rights::viewer(&insight);
    hearings::find(&state.backend, now, number, viewer)
        .await?
        .map(axum::Json)
        .ok_or(Refusal::NotFound)
}

/// Changes a notice: before publication everything, afterwards only time, place and what concerns
/// the day itself, by an approver; what was announced stays in `earlier`.
#[utoipa::path(put, path = "/api/v1/hearings/{id}", tag = "staff", operation_id = "update_hearing", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = RawHearing,
    responses((status = 200, description = "The session as changed", body = Hearing), StaffWriting))]
pub async fn update(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(raw): Json<RawHearing>,
) -> Result<axum::Json<Hearing>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = rights::amending(&staff, unit)?;
    let notice = raw.parse()?;
    hearings::update(&state.backend, &mut edge.moment, &permit, number, notice).await?;
    read(&state, edge.now(), Some(&staff), number).await
}

/// Makes the notice public, if its seats add up to the announced total.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/publish", tag = "staff", operation_id = "publish_hearing", security(("bearer" = [])),
    params(("id" = String, Path)),
    responses((status = 200, description = "The session, public", body = Hearing), StaffWriting))]
pub async fn publish(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<axum::Json<Hearing>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    hearings::publish(&state.backend, &mut edge.moment, &permit, number).await?;
    read(&state, edge.now(), Some(&staff), number).await
}

/// Why a session or a poll is called off; public.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Cancellation {
    #[serde(default)]
    pub(super) reason: String,
}

/// Calls a session off, with a public reason.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/cancel", tag = "staff", operation_id = "cancel_hearing", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = Cancellation,
    responses((status = 200, description = "The session, called off", body = Hearing), StaffWriting))]
pub async fn cancel(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(called): Json<Cancellation>,
) -> Result<axum::Json<Hearing>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let (moment, reason) = (&mut edge.moment, &called.reason);
    hearings::cancel(&state.backend, moment, &permit, number, reason).await?;
    read(&state, edge.now(), Some(&staff), number).await
}

/// Applies for a seat. Answered only once it is stored durably; the same key sends it once.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/applications", tag = "public", operation_id = "apply_for_seat",
    params(("id" = String, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 200 visible ASCII characters; the same for each retry")),
    request_body = RawApplication,
    responses((status = 201, description = "The receipt", body = ApplicationReceipt), Writing))]
pub async fn apply(
    State(state): State<AppState>,
    mut edge: Edge,
    Path((number,)): Path<(HearingNumber,)>,
    headers: HeaderMap,
    Json(application): Json<RawApplication>,
) -> Result<impl IntoResponse, Refusal> {
    state
        .limiter
        .take(Act::Application, edge.client, edge.now())?;
    let key = idempotency_key(&headers)?;
    let (moment, lang) = (&mut edge.moment, edge.lang.tag());
    let receipt = hearings::apply(&state.backend, moment, number, application, &key, lang).await?;
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(receipt),
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApplicationsQuery {
    #[param(value_type = Option<ApplicationState>)]
    state: Option<String>,
    /// Code of a category of seats
    category: Option<String>,
    /// `next` of the page before
    after: Option<String>,
}

/// All applications to a session, for staff, with those of one person beside each other. Contact
/// data is not in it.
#[utoipa::path(get, path = "/api/v1/hearings/{id}/applications", tag = "staff", operation_id = "list_applications", security(("bearer" = [])),
    params(("id" = String, Path), ApplicationsQuery),
    responses((status = 200, description = "A page of the list", body = Page<ReviewedApplication>), StaffReading))]
pub async fn applications(
    State(state): State<AppState>,
    edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Query(query): Query<ApplicationsQuery>,
) -> Result<axum::Json<Page<ReviewedApplication>>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.see(unit)?;
    let filter = ApplicationFilter {
        state: optional("state", query.state.as_deref())?,
        category: query.category.filter(|code| !code.is_empty()),
        after: optional("after", query.after.as_deref())?,
    };
    let page = hearings::applications(&state.backend, &permit, number, &filter).await?;
    Ok(axum::Json(page))
}

/// Where an application stands after its review.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reviewed {
    state: ApplicationState,
}

/// Says whether an application meets the conditions, with a reason where it does not. Where seats
/// are filled by hand, who meets them is seated as far as seats go.
#[utoipa::path(post, path = "/api/v1/applications/{number}/review", tag = "staff", operation_id = "review_application", security(("bearer" = [])),
    params(("number" = String, Path, example = "2026-0012-h1-0007")), request_body = RawReview,
    responses((status = 200, description = "Where it stands now", body = Reviewed), StaffWriting))]
pub async fn review(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(ApplicationNumber,)>,
    Json(review): Json<RawReview>,
) -> Result<axum::Json<Reviewed>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number.hearing).await?;
    let permit = staff.identity.moderate(unit)?;
    let moment = &mut edge.moment;
    let state = hearings::review(&state.backend, moment, &permit, number, review).await?;
    Ok(axum::Json(Reviewed { state }))
}

/// A participant who was entered.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnteredParticipant {
    #[schema(value_type = String, example = "2026-0012-h1-0007")]
    number: ApplicationNumber,
    /// `chosen`, or `reserve` once all seats are taken
    state: ApplicationState,
}

/// Enters a participant whom a body recommended or the unit appoints, and who never applied. Only
/// where seats are filled by hand, and nobody twice. Letters go out in the unit's language.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/participants", tag = "staff", operation_id = "enter_participant", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = RawEntry,
    responses((status = 201, description = "The number and what came of it", body = EnteredParticipant), StaffWriting))]
pub async fn enter(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(entry): Json<RawEntry>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.moderate(unit)?;
    let axum::Json(hearing) = read(&state, edge.now(), Some(&staff), number).await?;
    let (backend, moment, lang) = (&state.backend, &mut edge.moment, &hearing.unit.lang);
    let (number, state) = hearings::enter(backend, moment, &permit, number, entry, lang).await?;
    let entered = EnteredParticipant { number, state };
    Ok((StatusCode::CREATED, axum::Json(entered)))
}

/// The contact data of an applicant. Each look is recorded, so it is no reading: a link cannot make
/// a browser do it.
#[utoipa::path(post, path = "/api/v1/applications/{number}/contact", tag = "staff", operation_id = "show_applicants_contact", security(("bearer" = [])),
    params(("number" = String, Path)),
    responses((status = 200, description = "The contact data", body = Contact), StaffReading))]
pub async fn contact(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(ApplicationNumber,)>,
) -> Result<impl IntoResponse, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number.hearing).await?;
    let permit = staff.identity.moderate(unit)?;
    let contact = hearings::contact(&state.backend, &mut edge.moment, &permit, number).await?;
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(Contact { contact }),
    ))
}

/// What will decide a draw.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SeedSource {
    /// A public number that nobody knows yet, and where it will be found
    #[serde(default)]
    seed_source: String,
    /// From when it can be known, later than now: nothing is drawn earlier. Left out, it counts as
    /// known from now on
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    seed_known_at: Option<Timestamp>,
}

/// Fixes the list of eligible tickets and publishes its hash, before the number that decides is
/// known.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/freeze", tag = "staff", operation_id = "freeze_tickets", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = SeedSource,
    responses((status = 200, description = "The draw as it is published now, with `tickets_hash`", body = Draw), StaffWriting))]
pub async fn freeze(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(named): Json<SeedSource>,
) -> Result<axum::Json<Draw>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let (moment, source) = (&mut edge.moment, &named.seed_source);
    let known = named.seed_known_at;
    let draw = hearings::freeze(&state.backend, moment, &permit, number, source, known).await?;
    Ok(axum::Json(draw))
}

/// What decides a draw.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Seed {
    /// The number, as its source writes it: visible ASCII, Chinese characters and single blanks.
    /// Full-width digits count as ASCII ones; anything that cannot be seen is refused
    #[serde(default)]
    seed: String,
}

/// Enters the number that has become known, and seats those whom it chooses. Refused before
/// `seed_known_at`.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/draw", tag = "staff", operation_id = "draw_seats", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = Seed,
    responses((status = 200, description = "The result: `chosen` and `reserves` by category", body = Draw), StaffWriting))]
pub async fn draw(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(known): Json<Seed>,
) -> Result<axum::Json<Draw>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let (moment, seed) = (&mut edge.moment, &known.seed);
    let draw = hearings::draw(&state.backend, moment, &permit, number, seed).await?;
    Ok(axum::Json(draw))
}

/// Everything that is needed to repeat a draw; there once the list of tickets is fixed.
#[utoipa::path(get, path = "/api/v1/hearings/{id}/draw", tag = "public", operation_id = "show_draw",
    params(("id" = String, Path)),
    responses((status = 200, description = "List, hash and source of the seed; after the draw also seed and result", body = Draw), Reading))]
pub async fn published_draw(
    State(state): State<AppState>,
    _known: Option<Staff>,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<axum::Json<Draw>, Refusal> {
    hearings::published_draw(&state.backend, number)
        .await?
        .map(axum::Json)
        .ok_or(Refusal::NotFound)
}

/// The papers that participants got.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Papers {
    papers: Vec<Paper>,
}

/// Records which papers the participants got, and when. The list replaces the one before. Of a public
/// notice, an editor adds papers, an approver changes them, and what was listed stays in `earlier`; once
/// the session is over papers are only added.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/papers", tag = "staff", operation_id = "set_papers", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = Papers,
    responses((status = 200, description = "The session with its papers", body = Hearing), StaffWriting))]
pub async fn papers(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(sent): Json<Papers>,
) -> Result<axum::Json<Hearing>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = rights::amending(&staff, unit)?;
    let (moment, papers) = (&mut edge.moment, &sent.papers);
    hearings::set_papers(&state.backend, moment, &permit, number, papers).await?;
    read(&state, edge.now(), Some(&staff), number).await
}

/// Publishes the minutes. Each statement enters the ledger of points and is answered with the
/// written comments.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/minutes", tag = "staff", operation_id = "publish_minutes", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = RawMinutes,
    responses((status = 200, description = "The session with its minutes", body = Hearing), StaffWriting))]
pub async fn minutes(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(minutes): Json<RawMinutes>,
) -> Result<axum::Json<Hearing>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let moment = &mut edge.moment;
    hearings::publish_minutes(&state.backend, moment, &permit, number, &minutes).await?;
    read(&state, edge.now(), Some(&staff), number).await
}

/// What came of a session.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Report {
    #[serde(default)]
    report: String,
}

/// Publishes the report on a session, after its minutes.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/report", tag = "staff", operation_id = "publish_report", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = Report,
    responses((status = 200, description = "The session with its report", body = Hearing), StaffWriting))]
pub async fn report(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((number,)): Path<(HearingNumber,)>,
    Json(written): Json<Report>,
) -> Result<axum::Json<Hearing>, Refusal> {
    let unit = rights::unit_of(&state, edge.now(), &staff, number).await?;
    let permit = staff.identity.approve(unit)?;
    let (moment, report) = (&mut edge.moment, &written.report);
    hearings::publish_report(&state.backend, moment, &permit, number, report).await?;
    read(&state, edge.now(), Some(&staff), number).await
}

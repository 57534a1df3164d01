//! Sessions at the desk: notice, applications, draw, check-in, papers, minutes, report.

mod afterwards;
mod applications;
mod attach;
mod draw;
mod notice;
mod record;

use super::AtDesk;
use super::here::Opened;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;
use backend::hearings::ApplicationFilter;
use backend::{Error, Viewer, hearings, notify};
use console::hearings::{
    Guest, SessionData, SessionForm, Yearly, address, checkin_page, hearings_page, session_page,
};
use console::notice::Done;
use domain::Timestamp;
use domain::consultations::Number;
use domain::hearings::{ApplicationState, Hearing, HearingNumber};
use domain::notify::Letters;
use domain::problem::Violations;

/// The addresses of sessions.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/c/{number}/hearings", get(list))
        .route(
            "/desk/c/{number}/hearings/new",
            get(notice::new).post(notice::create),
        )
        .route("/desk/hearings/{hearing}", get(show).post(post))
        .route(
            "/desk/hearings/{hearing}/edit",
            get(notice::edit).post(notice::update),
        )
        .route(
            "/desk/hearings/{hearing}/applications",
            get(applications::show).post(applications::post),
        )
        .route(
            "/desk/hearings/{hearing}/draw",
            get(draw::show).post(draw::post),
        )
        .route("/desk/hearings/{hearing}/checkin", get(check_in))
        .route(
            "/desk/hearings/{hearing}/papers",
            get(record::papers).post(record::set_papers),
        )
        .route(
            "/desk/hearings/{hearing}/papers/attach",
            // The body is read by hand, so that a file that is too large is refused in words.
            get(attach::ask)
                .post(attach::attach)
                .layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/desk/hearings/{hearing}/minutes",
            get(record::minutes).post(record::publish_minutes),
        )
        .route(
            "/desk/hearings/{hearing}/report",
            get(record::report).post(record::publish_report),
        )
        .route(
            "/desk/hearings/{hearing}/corrections",
            get(afterwards::corrections).post(afterwards::answer_correction),
        )
        .route(
            "/desk/hearings/{hearing}/opinions",
            get(afterwards::opinions).post(afterwards::reply),
        )
}

/// A session with its consultation, as staff of its unit see them.
async fn open(at: &AtDesk, number: HearingNumber) -> Result<(Opened, Hearing), Refusal> {
    let opened = at.open(number).await?;
    let viewer = Viewer::Staff(&opened.permit);
    let hearing = hearings::find(&at.state.backend, at.edge.now(), number, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok((opened, hearing))
}

/// `GET /desk/c/{number}/hearings`.
async fn list(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let viewer = Viewer::Staff(&opened.permit);
    let listed = hearings::list(&at.state.backend, at.edge.now(), number, viewer).await?;
    Ok(at.show(hearings_page(&at.desk, &opened.consultation, &listed)))
}

/// `GET /desk/hearings/{hearing}`.
async fn show(at: AtDesk, Path((number,)): Path<(HearingNumber,)>) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let form = SessionForm::default();
    let letters = letters(&at, &opened, number).await?;
    let data = data(&opened, &hearing, letters, &form, None);
    Ok(at.show(session_page(&at.desk, data)))
}

fn data<'a>(
    opened: &'a Opened,
    hearing: &'a Hearing,
    letters: Letters,
    form: &'a SessionForm,
    wrong: Option<&'a Violations>,
) -> SessionData<'a> {
    SessionData {
        consultation: &opened.consultation,
        hearing,
        letters,
        form,
        wrong,
    }
}

async fn letters(at: &AtDesk, opened: &Opened, number: HearingNumber) -> Result<Letters, Refusal> {
    Ok(notify::figures(&at.state.backend, &opened.permit, number).await?)
}

/// `POST /desk/hearings/{hearing}`: publishes the notice, or calls the session off.
async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = posted(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn posted(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let letters = letters(at, &opened, number).await?;
    let form = SessionForm {
        reason: pairs.get("reason").unwrap_or_default().to_owned(),
    };
    let backend = &at.state.backend;
    let moment = &mut at.edge.moment;
    let (outcome, done) = match pairs.get("action") {
        Some("publish") => (
            hearings::publish(backend, moment, &permit, number).await,
            Done::HearingPublished,
        ),
        Some("cancel") => (
            hearings::cancel(backend, moment, &permit, number, &form.reason).await,
            Done::HearingCancelled,
        ),
        _ => {
            return Ok(at.show(session_page(
                &at.desk,
                data(&opened, &hearing, letters, &form, None),
            )));
        }
    };
    match outcome {
        Ok(()) => Ok(at.done(&address(number, ""), done, 1)),
        Err(Error::Invalid(wrong)) => {
            let data = data(&opened, &hearing, letters, &form, Some(&wrong));
            Ok(at.refuse(session_page(&at.desk, data)))
        }
        Err(error) => Ok(at.again(error, |desk| {
            session_page(desk, data(&opened, &hearing, letters, &form, None))
        })),
    }
}

/// `GET /desk/hearings/{hearing}/checkin`.
async fn check_in(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let mut guests = Vec::new();
    for state in [ApplicationState::Chosen, ApplicationState::Confirmed] {
        let mut filter = ApplicationFilter {
            state: Some(state),
            ..ApplicationFilter::default()
        };
        loop {
            let backend = &at.state.backend;
            let page = hearings::applications(backend, &opened.permit, number, &filter).await?;
            guests.extend(page.items.into_iter().map(|one| Guest {
                ticket: one.number,
                category: one.category,
                name: one.name,
                state: one.state,
                needs: one.needs,
                needs_note: one.needs_note,
            }));
            let Some(next) = page.next.and_then(|key| key.parse().ok()) else {
                break;
            };
            filter.after = Some(next);
        }
    }
    guests.sort_by_key(|guest| guest.ticket);
    let html = checkin_page(&at.desk, &opened.consultation, &hearing, &guests);
    Ok(at.show(html))
}

/// Observed meetings of the running year, for each unit in which the person has a role of their own.
pub async fn yearly(at: &AtDesk) -> Result<Vec<Yearly>, Refusal> {
    let now = at.edge.now();
    let mut counters = Vec::new();
    let seats = at.desk.who.iter().flat_map(|who| &who.seats);
    for seat in seats.filter(|seat| !seat.roles.is_empty()) {
        let known = at.units.iter().find(|(_, slug)| *slug == seat.unit.slug);
        let Some((unit, _)) = known else { continue };
        let zone = app::i18n::time::zone(&seat.unit.zone);
        let today = now.to_zoned(zone).date();
        let (Some(from), Some(to)) = (
            new_year(today.year(), &seat.unit.zone),
            new_year(today.year() + 1, &seat.unit.zone),
        ) else {
            continue;
        };
        // A meeting that is still to come was not observed.
        let until = to.min(now);
        let meetings = hearings::observed(&at.state.backend, *unit, from, until).await?;
        counters.push(Yearly {
            unit: seat.unit.clone(),
            year: today.year(),
            month: today.month(),
            meetings,
        });
    }
    Ok(counters)
}

/// The first instant of a year there; `None` only beyond the calendar.
fn new_year(year: i16, zone: &str) -> Option<Timestamp> {
    console::round::instant(&format!("{year}-01-01"), zone).ok()
}

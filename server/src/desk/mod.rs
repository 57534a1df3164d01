//! The staff desk: reads a request, asks one use case, renders one screen of the crate `console`.
//!
//! A write that worked answers with a redirect to the screen that shows its effect; one that was
//! refused renders its own screen again, with every value kept. Every screen posts to its own
//! address, so that a language link or a reload always leads somewhere.

mod account;
mod consultations;
mod drafts;
mod feedback;
mod hearings;
mod here;
mod login;
mod overview;
mod points;
mod polls;
mod queue;
mod round;
mod units;

pub use here::{AtDesk, error_page};

use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// All addresses of the desk.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/login", get(login::ask).post(login::post))
        .route("/desk/logout", post(login::out))
        .route("/desk", get(overview::show))
        .route(
            "/desk/c/new",
            get(consultations::new).post(consultations::create),
        )
        .route("/desk/c/{number}", get(consultations::show))
        .route(
            "/desk/c/{number}/edit",
            get(consultations::edit).post(consultations::update),
        )
        .route(
            "/desk/c/{number}/withdraw",
            get(consultations::ask_withdraw).post(consultations::withdraw),
        )
        .route(
            "/desk/c/{number}/livelihood",
            get(consultations::ask_livelihood).post(consultations::livelihood),
        )
        .route(
            "/desk/c/{number}/draft",
            // The body is read by hand, so that a file that is too large is refused in words.
            get(drafts::show)
                .post(drafts::add)
                .layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/desk/c/{number}/draft/{version}",
            get(drafts::preview).post(drafts::correct),
        )
        .route("/desk/c/{number}/changes/{a}/{b}", get(drafts::changes))
        .route("/desk/c/{number}/round", get(round::show).post(round::post))
        .route("/desk/c/{number}/queue", get(queue::show).post(queue::post))
        .route(
            "/desk/c/{number}/points",
            get(points::show).post(points::post),
        )
        .route(
            "/desk/c/{number}/feedback",
            get(feedback::show).post(feedback::post),
        )
        .route("/desk/account", get(account::show).post(account::post))
        .route("/desk/session", get(account::session))
        .route("/desk/unit", get(units::show).post(units::post))
        .route("/desk/audit", get(units::audit))
        .merge(hearings::routes())
        .merge(polls::routes())
}

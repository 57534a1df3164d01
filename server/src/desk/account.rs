//! One's own password and sessions, and how long the one in use still lives.

use super::AtDesk;
use crate::body::FormPairs;
use crate::edge::{Edge, Staff};
use crate::headers::secret;
use crate::limits::Act;
use crate::problem::Refusal;
use axum::Json;
use axum::response::{IntoResponse, Response};
use backend::{Error, staff};
use console::account::account_page;
use console::notice::Done;
use domain::problem::Violations;
use serde::Serialize;

async fn page(at: &AtDesk, wrong: Option<&Violations>) -> Result<Response, Refusal> {
    let sessions = staff::sessions(
        &at.state.backend,
        at.edge.now(),
        &at.staff.identity,
        at.staff.session.map(|session| session.id),
    )
    .await?;
    let html = account_page(&at.desk, &sessions, wrong);
    Ok(match wrong {
        Some(_) => at.refuse(html),
        None => at.show(html),
    })
}

/// `GET /desk/account`.
pub async fn show(at: AtDesk) -> Result<Response, Refusal> {
    page(&at, None).await
}

/// `POST /desk/account`.
pub async fn post(mut at: AtDesk, pairs: FormPairs) -> Result<Response, Refusal> {
    let field = |name: &str| pairs.get(name).unwrap_or_default();
    let backend = &at.state.backend;
    let moment = &mut at.edge.moment;
    let identity = &at.staff.identity;
    if field("action") == "revoke" {
        let session = field("session").parse().map_err(|_| Refusal::NotFound)?;
        staff::revoke(backend, moment, identity, session).await?;
        return Ok(at.done("/desk/account", Done::SessionRevoked, 1));
    }
    // Guessing the old password is guessing a password.
    let limiter = &at.state.limiter;
    limiter.take(Act::SignIn, at.edge.client, moment.now)?;
    let (old, new) = (field("old"), field("new"));
    let current = at.staff.session.map(|session| session.id);
    match staff::change_password(backend, moment, identity, current, old, new).await {
        Ok(()) => Ok(at.done("/desk/account", Done::PasswordChanged, 1)),
        Err(Error::Invalid(wrong)) => page(&at, Some(&wrong)).await,
        Err(error) => Err(error.into()),
    }
}

/// What a screen that is being filled in asks for, which also keeps the session alive.
#[derive(Serialize)]
struct Left {
    /// `null` for a bearer token.
    seconds: Option<i64>,
}

/// `GET /desk/session`.
pub async fn session(edge: Edge, staff: Staff) -> Response {
    let now = edge.now().as_millisecond();
    let seconds = staff
        .session
        .map(|session| (session.ends_at.as_millisecond() - now) / 1_000);
    secret(Json(Left { seconds }).into_response())
}

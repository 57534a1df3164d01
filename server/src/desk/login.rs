//! Signing in and out.

use super::here::{nobody, own_form, parameter, secret, see_other};
use crate::body::FormPairs;
use crate::edge::{Edge, Staff};
use crate::limits::{self, Act};
use crate::problem::Refusal;
use crate::state::AppState;
use axum::extract::State;
use axum::response::Response;
use backend::{Error, staff};
use console::desk::Desk;
use console::login::{LoginData, Refused, login_page};
use console::notice::{Done, Notice};
use cookie::{Cookie, SameSite};
use domain::Timestamp;
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// As long as a session can last.
const SESSION: cookie::time::Duration = cookie::time::Duration::hours(12);

/// `GET /desk/login`.
pub async fn ask(
    State(state): State<AppState>,
    staff: Option<Staff>,
    edge: Edge,
) -> Result<Response, Refusal> {
    let next = parameter(&edge.here, "next").unwrap_or_default();
    let desk = nobody(&state, edge.lang, &edge.here);
    if staff.is_some() {
        return Ok(see_other(&desk.to(destination(&next))));
    }
    let data = LoginData {
        next: destination(&next),
        ..LoginData::default()
    };
    Ok(secret(StatusCode::OK, login_page(&desk, data)))
}

/// `POST /desk/login`.
pub async fn post(
    State(state): State<AppState>,
    mut edge: Edge,
    headers: HeaderMap,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    own_form(&state, &headers)?;
    let field = |name: &str| pairs.get(name).unwrap_or_default();
    let (email, next) = (field("email"), destination(field("next")));
    let desk = nobody(&state, edge.lang, &edge.here);
    let refuse = |refused: Refused| refused_page(&desk, email, next, refused);
    if let Err(refusal) = state.limiter.take(Act::SignIn, edge.client, edge.now()) {
        return match refusal {
            Refusal::TooMany { retry_after_s } => Ok(refuse(until(edge.now(), retry_after_s))),
            other => Err(other),
        };
    }
    let client = limits::network(edge.client).to_string();
    let signed_in = staff::log_in(
        &state.backend,
        &mut edge.moment,
        email,
        field("password"),
        &client,
        &edge.user_agent,
    )
    .await;
    match signed_in {
        Ok(token) => {
            let mut response = see_other(&desk.to(next));
            set_cookie(&mut response, &state, token, SESSION);
            Ok(response)
        }
        Err(Error::Invalid(_)) => Ok(refuse(Refused::Wrong)),
        Err(Error::TooManyAttempts { retry_after_s }) => {
            Ok(refuse(until(edge.now(), retry_after_s)))
        }
        Err(error) => Err(error.into()),
    }
}

fn until(now: Timestamp, seconds: u64) -> Refused {
    // The next whole minute: that is how the time is shown.
    let millis = now.as_millisecond() + i64::try_from(seconds).unwrap_or(0) * 1_000;
    let minute = (millis + 59_999).div_euclid(60_000) * 60_000;
    Refused::Until(Timestamp::from_millisecond(minute).unwrap_or(now))
}

fn refused_page(desk: &Desk, email: &str, next: &str, refused: Refused) -> Response {
    let data = LoginData {
        email,
        next,
        refused: Some(refused),
    };
    let status = match refused {
        Refused::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::Until(_) => StatusCode::TOO_MANY_REQUESTS,
    };
    secret(status, login_page(desk, data))
}

/// `POST /desk/logout`.
pub async fn out(
    State(state): State<AppState>,
    staff: Option<Staff>,
    mut edge: Edge,
) -> Result<Response, Refusal> {
    if let Some(session) = staff.and_then(|staff| staff.session) {
        staff::log_out(&state.backend, &mut edge.moment, session.id).await?;
    }
    let desk = nobody(&state, edge.lang, &edge.here);
    let notice = Notice {
        done: Done::SignedOut,
        n: 1,
    };
    let mut response = see_other(&desk.to(&format!("/desk/login?{}", notice.query())));
    set_cookie(
        &mut response,
        &state,
        String::new(),
        cookie::time::Duration::ZERO,
    );
    Ok(response)
}

fn set_cookie(
    response: &mut Response,
    state: &AppState,
    value: String,
    max_age: cookie::time::Duration,
) {
    let cookie = Cookie::build((state.config.session_cookie(), value))
        .path("/")
        .http_only(true)
        .secure(state.config.is_https())
        // Strict would sign people out whenever they follow a link from a mail.
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .build();
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Where to go after signing in: a screen of the desk, never another site.
fn destination(next: &str) -> &str {
    let inside = next == "/desk"
        || next
            .strip_prefix("/desk")
            .is_some_and(|rest| rest.starts_with(['/', '?']));
    let circular = next.starts_with("/desk/login") || next.starts_with("/desk/logout");
    let plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain && !circular {
        next
    } else {
        "/desk"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        for next in ["/desk/c/2026-0012/queue?state=held", "/desk?after=1"] {
            assert_eq!(destination(next), next);
        }
        for next in [
            "",
            "https://evil.example/desk",
            "//evil.example",
            "/desk\\evil",
            "/deskevil",
            "/desk/\r\nSet-Cookie: a=b",
            "/desk/login?next=/desk",
            "/c/2026-0012",
        ] {
            assert_eq!(destination(next), "/desk", "{next}");
        }
    }

    #[test]
    fn the_time_to_try_again_is_never_too_early() {
        let now: Timestamp = "2026-11-24T04:00:10Z".parse().unwrap();
        let Refused::Until(at) = until(now, 60) else {
            panic!("no time");
        };
        assert_eq!(at.to_string(), "2026-11-24T04:02:00Z");
    }
}

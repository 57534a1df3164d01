//! Who sits at the desk and what they look at: the inputs that every handler shares.

use crate::body::FormPairs;
use crate::edge::{self, Edge, Staff};
use crate::problem::Refusal;
use crate::rights::{self, Named};
use crate::state::AppState;
use app::i18n::{Lang, T};
use app::page::PageContext;
use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Response};
use backend::{Viewer, consultations, feedback, units};
use console::desk::{Desk, Seat, Who};
use console::notice::{Done, Notice};
use console::overview::Work;
use console::problem::{expired_page, problem_page, unsent_page};
use domain::consultations::{Consultation, State};
use domain::id::UnitId;
use domain::staff::Permit;
use domain::staff::right::See;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, Uri, header};

/// A signed-in person's request.
pub struct AtDesk {
    pub state: AppState,
    pub edge: Edge,
    pub staff: Staff,
    pub desk: Desk,
    /// The units in which the person has any role, those only administered included.
    pub units: Vec<(UnitId, String)>,
}

/// A consultation that the person may see.
pub struct Opened {
    pub unit: UnitId,
    pub permit: Permit<See>,
    pub consultation: Consultation,
}

impl FromRequestParts<AppState> for AtDesk {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let edge = Edge::read(parts, state);
        let staff = match Staff::from_request_parts(parts, state).await {
            Ok(staff) => staff,
            // A form that was filled in must not be lost to a session that ended meanwhile.
            Err(Refusal::SignIn) if parts.method != Method::GET => {
                let html = expired_page(&nobody(state, edge.lang, &edge.here));
                return Err(secret(StatusCode::UNAUTHORIZED, html));
            }
            Err(refusal) => return Err(refusal.into_response()),
        };
        Self::new(state, edge, staff)
            .await
            .map_err(IntoResponse::into_response)
    }
}

impl AtDesk {
    async fn new(state: &AppState, edge: Edge, staff: Staff) -> Result<Self, Refusal> {
        let found = units::by_ids(&state.backend, &staff.identity.overseen()).await?;
        let ids = found
            .iter()
            .map(|(id, unit)| (*id, unit.slug.clone()))
            .collect();
        let seats: Vec<Seat> = found
            .into_iter()
            .map(|(id, unit)| {
                let granted = &staff.identity.grants;
                let mut roles: Vec<_> = granted
                    .iter()
                    .filter(|(at, _)| *at == id)
                    .map(|(_, role)| *role)
                    .collect();
                roles.sort_unstable();
                Seat { unit, roles }
            })
            .collect();
        let mut page = state.context(edge.lang, &edge.here);
        if let Some(seat) = seats.first() {
            page.zone = seat.unit.zone.clone();
        }
        let notice = Notice::read(
            parameter(&edge.here, "done").as_deref(),
            parameter(&edge.here, "n").as_deref(),
        );
        // Said once: language links and forms of this page do not say it again.
        page.here = without(&page.here, &["done", "n"]);
        let who = Who {
            email: staff.identity.email.clone(),
            seats,
            ends_at: staff.session.map(|session| session.ends_at),
        };
        Ok(Self {
            state: state.clone(),
            edge,
            staff,
            desk: Desk {
                page,
                who: Some(who),
                notice,
                refused: None,
            },
            units: ids,
        })
    }

    pub fn t(&self) -> T {
        T(self.edge.lang)
    }

    /// A parameter of the address; an empty one counts as left out.
    pub fn query(&self, name: &str) -> Option<String> {
        parameter(&self.edge.here, name).filter(|value| !value.is_empty())
    }

    /// The consultation with this number, or of what has it, as staff of its unit see it.
    pub async fn open(&self, named: impl Named) -> Result<Opened, Refusal> {
        let now = self.edge.now();
        let unit = rights::unit_of(&self.state, now, &self.staff, named).await?;
        let permit = self.staff.identity.see(unit)?;
        let (viewer, number) = (Viewer::Staff(&permit), named.consultation());
        let consultation = consultations::find(&self.state.backend, now, number, viewer)
            .await?
            .ok_or(Refusal::NotFound)?;
        Ok(Opened {
            unit,
            permit,
            consultation,
        })
    }

    /// What waits in a consultation.
    pub async fn work(&self, opened: &Opened) -> Result<Work, Refusal> {
        let consultation = &opened.consultation;
        let counted = matches!(consultation.state, State::Open | State::Closed);
        let unanswered = if counted {
            let preview = feedback::unanswered_count(
                &self.state.backend,
                &opened.permit,
                consultation.number,
            );
            Some(preview.await?)
        } else {
            None
        };
        Ok(Work {
            waiting: consultation.counts.comments.waiting,
            unanswered,
        })
    }

    /// A screen.
    pub fn show(&self, html: String) -> Response {
        secret(StatusCode::OK, html)
    }

    /// A screen that says why something was not done.
    pub fn refuse(&self, html: String) -> Response {
        secret(StatusCode::UNPROCESSABLE_ENTITY, html)
    }

    /// A form that could not be saved for a reason beyond it comes back with everything that was
    /// typed, to be sent again. What is not there has no form either.
    pub fn unsent(&self, pairs: &FormPairs, refusal: Refusal) -> Result<Response, Refusal> {
        if matches!(refusal, Refusal::NotFound | Refusal::SignIn) {
            return Err(refusal);
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().collect();
        let sentence = self.sentence(&refusal);
        let html = unsent_page(&self.desk, &sentence, &self.desk.page.here, &pairs);
        let mut page = secret(refusal.status(), html);
        // As it asks to wait, without leaving the body to be replaced.
        let asked = refusal.into_response();
        if let Some(wait) = asked.headers().get(header::RETRY_AFTER) {
            page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
        }
        Ok(page)
    }

    /// An answer to a form; a refusal that says no more than why comes back with what was typed.
    pub fn or_unsent(
        &self,
        pairs: &FormPairs,
        answer: Result<Response, Refusal>,
    ) -> Result<Response, Refusal> {
        answer.or_else(|refusal| self.unsent(pairs, refusal))
    }

    /// The screen that was sent, anew and with everything that was typed, below what stood in the
    /// way.
    pub fn again(
        &mut self,
        refusal: impl Into<Refusal>,
        html: impl FnOnce(&Desk) -> String,
    ) -> Response {
        let refusal = refusal.into();
        self.desk.refused = Some(refusal.title_and_detail(self.t()));
        secret(refusal.status(), html(&self.desk))
    }

    /// To the screen that shows what was done.
    pub fn done(&self, path: &str, done: Done, n: usize) -> Response {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let query = Notice { done, n }.query();
        let separator = if path.contains('?') { '&' } else { '?' };
        see_other(&self.desk.to(&format!("{path}{separator}{query}")))
    }

    /// What a refusal says to do.
    pub fn sentence(&self, refusal: &Refusal) -> String {
        refusal.title_and_detail(self.t()).1
    }
}

/// The context before anybody has signed in.
pub fn nobody(state: &AppState, lang: Lang, here: &str) -> Desk {
    let page: PageContext = state.context(lang, here);
    Desk {
        notice: Notice::read(
            parameter(here, "done").as_deref(),
            parameter(here, "n").as_deref(),
        ),
        page,
        who: None,
        refused: None,
    }
}

/// A refusal under `/desk` as a screen.
pub fn error_page(state: &AppState, uri: &Uri, lang: Lang, refusal: &Refusal) -> String {
    let (title, detail) = refusal.title_and_detail(T(lang));
    let here = uri.path_and_query().map_or("/desk", |p| p.as_str());
    problem_page(&nobody(state, lang, here), &title, &detail)
}

/// What staff see is kept by no cache, and its address is told to no other site.
pub fn secret(status: StatusCode, html: String) -> Response {
    crate::headers::secret((status, Html(html)).into_response())
}

/// Elsewhere, by GET.
pub fn see_other(target: &str) -> Response {
    let location =
        HeaderValue::from_str(target).unwrap_or_else(|_| HeaderValue::from_static("/desk"));
    (
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
    )
        .into_response()
}

/// A parameter of an address.
pub fn parameter(here: &str, name: &str) -> Option<String> {
    let (_, query) = here.split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

fn without(here: &str, names: &[&str]) -> String {
    let Some((path, query)) = here.split_once('?') else {
        return here.to_owned();
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !names.contains(&pair.split('=').next().unwrap_or_default()))
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

/// Refuses a form of another site's page before anything is read of it. Requests with a session
/// are checked where the session is; this is for signing in.
pub fn own_form(state: &AppState, headers: &http::HeaderMap) -> Result<(), Refusal> {
    edge::same_origin(headers, &state.config.public_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_once() {
        let names = ["done", "n"];
        assert_eq!(without("/desk?done=saved&n=1", &names), "/desk");
        assert_eq!(
            without("/desk/unit?unit=a&done=saved&lang=en&n=1", &names),
            "/desk/unit?unit=a&lang=en"
        );
        assert_eq!(without("/desk?next=1", &names), "/desk?next=1");
    }
}

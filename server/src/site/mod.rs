//! The public site: pages and widgets that are read, and the forms that work without scripts.
//!
//! A [`Reading`] is a request for something that is only read. [`answer`] gives it from the page
//! cache or renders it; [`from_memory`] is the short way past all layers.

mod applicants;
pub mod applications;
pub mod ballots;
pub mod forms;
mod hearings;
mod polls;
pub mod receipts;
mod render;
pub mod view;
mod widgets;

pub use render::render;

use crate::body::Path;
use crate::config;
use crate::cors;
use crate::edge::{Staff, text_header};
use crate::headers;
use crate::pages::Rendered;
use crate::problem::Refusal;
use crate::rights;
use crate::state::AppState;
use app::embed::refused_page;
use app::i18n::{Lang, T};
use app::page::{Chrome, To};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::drafts;
use domain::consultations::Number;
use domain::hearings::{HearingNumber, file_kind};
use domain::limits;
use http::{HeaderMap, HeaderValue, Uri, header};
use view::{Asked, View};

/// A request for something that is only read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub view: View,
    pub lang: Lang,
    /// The address with what matters of it, the chosen language and the host included.
    pub here: String,
    /// The origin of the page around a widget, as the loader claims it.
    pub host: Option<String>,
}

impl Reading {
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let asked = Asked::read(uri.query());
        let view = View::read(uri.path(), &asked)?;
        let mut here = view.address();
        let mut carry = |name: &str, value: &str| {
            here.push(if here.contains('?') { '&' } else { '?' });
            here.push_str(name);
            here.push('=');
            here.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        };
        let host = asked.host.filter(|_| view.is_widget());
        if let Some(host) = &host {
            carry("host", host);
        }
        let lang = match asked.lang {
            Some(lang) => {
                carry("lang", lang.tag());
                lang
            }
            None => Lang::negotiate(text_header(headers, &header::ACCEPT_LANGUAGE)),
        };
        let host = host.map(|host| host.into_owned());
        Some(Self {
            view,
            lang,
            here,
            host,
        })
    }

    /// The name under which a cache keeps it.
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(self.here.len() + 8);
        key.push_str(self.lang.tag());
        key.push(' ');
        key.push_str(&self.here);
        key
    }

    pub fn chrome(&self) -> Chrome {
        match (self.view.is_widget(), self.view.is_inline()) {
            (true, true) => Chrome::Fragment,
            (true, false) => Chrome::Frame,
            (false, _) => Chrome::Page,
        }
    }

    /// Refuses a widget on a page that the unit has not listed. The browser enforces the same by
    /// `frame-ancestors`; this gives the reader a page that says why, with the link.
    fn admit(
        &self,
        state: &AppState,
        origins: &[String],
        headers: &HeaderMap,
    ) -> Result<(), Refusal> {
        let claimed = if self.view.is_inline() {
            // What the browser says goes before what the address claims: no other wall stands
            // around an inline widget.
            let said = headers.get(header::ORIGIN).and_then(|o| o.to_str().ok());
            said.or(self.host.as_deref())
        } else {
            self.host.as_deref().or_else(|| referer(headers))
        };
        let Some(claimed) = claimed else {
            return Ok(());
        };
        let host = config::origin(claimed);
        let own = host.as_deref() == Some(state.config.public_url.as_str());
        let listed = host.is_some_and(|host| origins.contains(&host));
        if own || listed {
            return Ok(());
        }
        Err(Refusal::Host(
            claimed.chars().take(limits::HOST_SHOWN).collect(),
        ))
    }

    /// Lets a listed page's script read an inline widget.
    fn share(&self, state: &AppState, headers: &HeaderMap, response: &mut Response) {
        let origin = text_header(headers, &header::ORIGIN);
        if self.view.is_inline() && !origin.is_empty() && origin != state.config.public_url {
            cors::allow(response.headers_mut(), origin);
        }
    }
}

/// The origin of the page that holds a frame. A page opened by itself came from a link somewhere,
/// which is no frame.
fn referer(headers: &HeaderMap) -> Option<&str> {
    if headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest.as_bytes() == b"document")
    {
        return None;
    }
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let host_at = referer.find("://")? + 3;
    let end = referer[host_at..]
        .find('/')
        .map_or(referer.len(), |at| host_at + at);
    Some(&referer[..end])
}

/// The page from memory, if it is there, still true, and may be shown where it is asked for.
pub async fn from_memory(
    state: &AppState,
    reading: &Reading,
    headers: &HeaderMap,
) -> Option<Response> {
    let page = state.pages.kept(state, reading).await?;
    if let Some(origins) = &page.origins {
        reading.admit(state, origins, headers).ok()?;
    }
    let mut response = page.answer(headers);
    reading.share(state, headers, &mut response);
    Some(response)
}

/// The page, rendered if need be.
pub async fn answer(
    state: &AppState,
    reading: &Reading,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    // Before anything is kept: claimed hosts without number would fill the memory.
    let admit = |page: &Rendered| match &page.origins {
        Some(origins) => reading.admit(state, origins, headers),
        None => Ok(()),
    };
    let page = state.pages.get(state, reading, admit).await?;
    let mut response = page.answer(headers);
    reading.share(state, headers, &mut response);
    Ok(response)
}

/// All public addresses outside the API.
pub fn routes() -> Router<AppState> {
    let form = || get(show).post(forms::post);
    let apply = || get(show).post(applications::post);
    let ballot = || get(show).post(ballots::post);
    Router::new()
        .route("/", get(show))
        .route("/u/{unit}", get(show))
        .route("/c/{number}", get(show))
        .route("/c/{number}/draft/{version}", get(show))
        .route("/c/{number}/draft/{version}/original", get(original))
        .route("/c/{number}/changes/{a}/{b}", get(show))
        .route("/c/{number}/comments", get(show))
        .route("/c/{number}/comment", form())
        .route("/c/{number}/feedback", get(show))
        .route("/hearings/{id}", get(show))
        .route("/hearings/{id}/apply", apply())
        .route("/hearings/{id}/draw", get(show))
        .route("/hearings/{id}/papers/{serial}", get(paper))
        .route("/embed/hearings/{id}", get(show))
        .route("/embed/hearings/{id}/apply", apply())
        .route("/embed/c/{number}", form())
        .route("/polls/{id}", ballot())
        .route("/polls/{id}/results", get(show))
        .route("/embed/polls/{id}", ballot())
        .route("/embed/u/{unit}", get(show))
        .route("/embed/v1.js", get(loader))
        .route("/assets/{*path}", get(asset))
        .route("/r", get(receipts::ask).post(receipts::post))
}

/// Anything that is only read.
async fn show(State(state): State<AppState>, request: Request) -> Result<Response, Refusal> {
    let reading = Reading::of(request.uri(), request.headers()).ok_or(Refusal::NotFound)?;
    answer(&state, &reading, request.headers()).await
}

async fn asset(
    State(state): State<AppState>,
    Path((path,)): Path<(String,)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    state
        .assets
        .answer(&path, &headers)
        .map(|response| response.map(axum::body::Body::from))
        .ok_or(Refusal::NotFound)
}

async fn loader(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Refusal> {
    state
        .assets
        .loader(&headers)
        .map(|response| response.map(axum::body::Body::from))
        .ok_or(Refusal::NotFound)
}

/// The file as the unit gave it.
async fn original(
    State(state): State<AppState>,
    staff: Option<Staff>,
    Path((number, version)): Path<(Number, i64)>,
) -> Result<Response, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number).await?;
    let viewer = rights::viewer(&insight);
    let original = drafts::original(&state.backend, number, version, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let name = original
        .filename
        .unwrap_or_else(|| format!("{number}-{version}.txt"));
    let kind = HeaderValue::from_str(&original.media_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    Ok(saved(
        &name,
        kind,
        original.bytes.into_response(),
        insight.is_some(),
    ))
}

/// A paper that was attached to a session, as it came.
async fn paper(
    State(state): State<AppState>,
    staff: Option<Staff>,
    Path((number, serial)): Path<(HearingNumber, i64)>,
) -> Result<Response, Refusal> {
    let insight = rights::insight(&state, staff.as_ref(), number.consultation).await?;
    let viewer = rights::viewer(&insight);
    let (name, bytes) = backend::hearings::file(&state.backend, number, serial, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let kind = file_kind(&name).unwrap_or("application/octet-stream");
    let kind = HeaderValue::from_static(kind);
    Ok(saved(&name, kind, bytes.into_response(), insight.is_some()))
}

/// A file that is only ever saved: what staff upload is not ours to run. `private` for who sees what
/// is not public yet.
fn saved(name: &str, kind: HeaderValue, mut response: Response, private: bool) -> Response {
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if private {
            "no-store"
        } else {
            "public, no-cache"
        }),
    );
    response
}

/// A refusal as a page. A widget's refusal may be framed anywhere: it says only why, and where
/// the page itself is.
pub fn error_page(
    state: &AppState,
    uri: &Uri,
    lang: Lang,
    refusal: &Refusal,
    out: &mut HeaderMap,
) -> String {
    let here = uri.path_and_query().map_or("/", |p| p.as_str());
    let mut cx = state.context(lang, here);
    let widget = uri.path().starts_with("/embed/");
    if widget {
        cx.chrome = Chrome::Frame;
        headers::secure(out, &state.config, headers::Framing::Anywhere);
    }
    if let Refusal::Host(host) = refusal
        && let Some(view) = View::read(uri.path(), &Asked::default())
    {
        let to = match &view {
            View::Widget { number, .. } => To::Consultation(*number),
            View::WidgetList { unit, .. } => To::Unit(unit, None, None),
            View::Hearing { number, .. } => To::Hearing(*number),
            View::Poll { id, .. } => To::Poll(*id),
            _ => To::Home(None, None),
        };
        return refused_page(&cx, Some(host), &to);
    }
    let (title, detail) = refusal.title_and_detail(T(lang));
    app::errors::error_page(&cx, &title, &detail)
}

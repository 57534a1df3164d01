//! The comment form by plain POST, on our own page and in a frame: add and remove points, review,
//! change, send. Whatever goes wrong, what was typed comes back.

use super::view::Asked;
use crate::body::{FormPairs, Path};
use crate::edge::Edge;
use crate::headers::{Framing, secret, secure};
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use app::comments::{form_page, receipt_page, review_page};
use app::errors::{Unsent, unsent_page};
use app::page::{Chrome, PageContext, To};
use axum::extract::{OriginalUri, State};
use axum::response::{Html, IntoResponse, Response};
use backend::{Conflict, Error, Viewer, comments, consultations, drafts, units};
use domain::comments::form::{Action, CommentForm};
use domain::consultations::{Consultation, Number, Unit};
use domain::drafts::Draft;
use domain::id::ClauseId;
use domain::limits;
use domain::problem::Violations;
use http::{StatusCode, header};
use std::collections::HashSet;
use std::sync::Arc;

/// The form with the consultation it belongs to.
struct Desk<'a> {
    place: Place<'a>,
    consultation: Consultation,
    draft: Arc<Draft>,
}

/// `POST /c/{number}/comment` and `POST /embed/c/{number}`.
pub async fn post(
    State(state): State<AppState>,
    edge: Edge,
    Path((number,)): Path<(Number,)>,
    OriginalUri(uri): OriginalUri,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let cx = context(&state, &edge, &uri);
    let (form, action) = CommentForm::read(pairs.iter());
    let fields = form.pairs();
    let words: Vec<&str> = form.words().collect();
    let unsent = Unsent {
        to: &To::Comment(number, None),
        fields: &fields,
        words: &words,
        code: None,
        action: &action.code(),
    };
    let unsent = form.words().next().map(|_| unsent);
    let answer = pressed(&state, edge, number, &uri, form.clone(), action).await;
    or_unsent(&state, &cx, unsent, answer)
}

async fn pressed(
    state: &AppState,
    mut edge: Edge,
    number: Number,
    uri: &http::Uri,
    mut form: CommentForm,
    action: Action,
) -> Result<Response, Refusal> {
    let desk = Desk::open(state, &edge, number, uri).await?;
    match action {
        Action::Add => {
            form.add_point();
            Ok(desk.form(StatusCode::OK, &form, None))
        }
        Action::Remove(index) => {
            form.remove_point(index);
            Ok(desk.form(StatusCode::OK, &form, None))
        }
        Action::Change => Ok(desk.form(StatusCode::OK, &form, None)),
        Action::Review => Ok(desk.review(&mut edge, form)),
        // A key that we did not make means that the review was never shown.
        Action::Send if !is_key(&form.key) => Ok(desk.review(&mut edge, form)),
        Action::Send => desk.send(edge, form).await,
    }
}

pub(super) fn is_key(key: &str) -> bool {
    (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_graphic())
}

/// A new idempotency key.
pub(super) fn new_key(edge: &mut Edge) -> String {
    edge.moment.id().simple().to_string()
}

impl<'a> Desk<'a> {
    async fn open(
        state: &'a AppState,
        edge: &Edge,
        number: Number,
        uri: &http::Uri,
    ) -> Result<Self, Refusal> {
        let backend = &state.backend;
        let consultation = consultations::find(backend, edge.now(), number, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let version = consultation.current_version().ok_or(Refusal::NotFound)?;
        let draft = drafts::get(backend, number, version, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        Ok(Self {
            place: Place::of(state, edge, &consultation.unit, uri).await?,
            consultation,
            draft,
        })
    }

    fn form(&self, status: StatusCode, form: &CommentForm, wrong: Option<&Violations>) -> Response {
        let html = form_page(&self.place.cx, &self.consultation, &self.draft, form, wrong);
        self.place.answer(status, html)
    }

    fn review(&self, edge: &mut Edge, form: CommentForm) -> Response {
        let mut form = form.without_empty_points();
        let clauses: HashSet<ClauseId> = self.draft.all_clauses().map(|c| c.id).collect();
        if let Err(wrong) = form.comment().parse(&clauses) {
            return self.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong));
        }
        if !self.consultation.is_open() {
            return self.form(StatusCode::CONFLICT, &form, None);
        }
        if !is_key(&form.key) {
            form.key = new_key(edge);
        }
        let html = review_page(&self.place.cx, &self.consultation, &self.draft, &form, None);
        self.place.answer(StatusCode::OK, html)
    }

    /// The review once more, with what to do about its not being sent.
    fn unsent(&self, form: &CommentForm, refusal: Refusal) -> Response {
        let (_, why) = refusal.title_and_detail(self.place.cx.t());
        let html = review_page(
            &self.place.cx,
            &self.consultation,
            &self.draft,
            form,
            Some(&why),
        );
        not_done(refusal, |status| self.place.answer(status, html))
    }

    async fn send(self, mut edge: Edge, form: CommentForm) -> Result<Response, Refusal> {
        let form = form.without_empty_points();
        let limiter = &self.place.state.limiter;
        if let Err(refusal) = limiter.take(Act::Comment, edge.client, edge.now()) {
            return Ok(self.unsent(&form, refusal));
        }
        let moment = self.place.state.clock.moment();
        let number = self.consultation.number;
        let sent = comments::submit(
            &self.place.state.backend,
            moment,
            number,
            form.comment(),
            form.key.clone(),
        )
        .await;
        match sent {
            Ok(receipt) => {
                let html = receipt_page(&self.place.cx, &self.consultation, &receipt, &form);
                Ok(self.place.answer(StatusCode::OK, html))
            }
            Err(Error::Invalid(wrong)) => {
                Ok(self.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong)))
            }
            Err(Error::Conflict(Conflict::RoundNotOpen)) => {
                Ok(self.form(StatusCode::CONFLICT, &form, None))
            }
            // Changed after it was sent, and sent again: that is another comment, so it is
            // reviewed again under another key.
            Err(Error::Conflict(Conflict::KeyReused)) => {
                let mut form = form;
                form.key.clear();
                Ok(self.review(&mut edge, form))
            }
            // The same key sends it once, however often the button is pressed.
            Err(error) => Ok(self.unsent(&form, error.into())),
        }
    }
}

fn is_framed(uri: &http::Uri) -> bool {
    uri.path().starts_with("/embed/")
}

/// What a page of a form needs, on our own page or in a frame.
pub(super) fn context(state: &AppState, edge: &Edge, uri: &http::Uri) -> PageContext {
    let mut cx = state.context(edge.lang, &edge.here);
    if is_framed(uri) {
        cx.chrome = Chrome::Frame;
    }
    cx
}

/// Where a form stands: on our own page, or in a frame on one that its unit has listed.
pub(super) struct Place<'a> {
    pub cx: PageContext,
    pub state: &'a AppState,
    /// Where a frame may stand; `None` on our own page.
    origins: Option<Vec<String>>,
}

impl<'a> Place<'a> {
    /// Refuses a page that says it is on another.
    pub async fn of(
        state: &'a AppState,
        edge: &Edge,
        unit: &Unit,
        uri: &http::Uri,
    ) -> Result<Self, Refusal> {
        let mut cx = context(state, edge, uri);
        cx.zone = unit.zone.clone();
        Ok(Self {
            cx,
            state,
            origins: origins(state, &unit.slug, uri).await?,
        })
    }

    /// A page with what somebody typed: kept by nobody, and framed only where its form may stand.
    pub fn answer(&self, status: StatusCode, html: String) -> Response {
        let mut response = (status, Html(html)).into_response();
        let origins = self.origins.as_deref();
        let framing = origins.map_or(Framing::Nowhere, Framing::On);
        secure(response.headers_mut(), &self.state.config, framing);
        secret(response)
    }
}

async fn origins(
    state: &AppState,
    unit: &str,
    uri: &http::Uri,
) -> Result<Option<Vec<String>>, Refusal> {
    if !is_framed(uri) {
        return Ok(None);
    }
    let listed = units::origins(&state.backend, unit).await?;
    let host = Asked::read(uri.query()).host;
    let is_listed = |host: &str| {
        crate::config::origin(host)
            .is_some_and(|host| host == state.config.public_url || listed.contains(&host))
    };
    if let Some(host) = host.filter(|host| !is_listed(host)) {
        return Err(Refusal::Host(
            host.chars().take(limits::HOST_SHOWN).collect(),
        ));
    }
    Ok(Some(listed))
}

/// The answer; or its refusal with what was typed, before it was known where its form may stand: in a
/// frame it is shown as any refusal is.
pub(super) fn or_unsent(
    state: &AppState,
    cx: &PageContext,
    unsent: Option<Unsent<'_>>,
    answer: Result<Response, Refusal>,
) -> Result<Response, Refusal> {
    match (answer, unsent) {
        (Err(refusal), Some(unsent)) => {
            let mut response = give_back(cx, refusal, unsent);
            if cx.chrome == Chrome::Frame {
                secure(response.headers_mut(), &state.config, Framing::Anywhere);
            }
            Ok(response)
        }
        (answer, _) => answer,
    }
}

/// A refusal with the form that it refused.
pub(super) fn give_back(cx: &PageContext, refusal: Refusal, unsent: Unsent<'_>) -> Response {
    let (title, detail) = refusal.title_and_detail(cx.t());
    let html = unsent_page(cx, &title, &detail, unsent);
    not_done(refusal, |status| {
        secret((status, Html(html)).into_response())
    })
}

/// A page with the status of a refusal, and when to try again.
pub(super) fn not_done(refusal: Refusal, page: impl FnOnce(StatusCode) -> Response) -> Response {
    let mut response = page(refusal.status());
    let refused = refusal.into_response();
    if let Some(after) = refused.headers().get(header::RETRY_AFTER) {
        let after = after.clone();
        response.headers_mut().insert(header::RETRY_AFTER, after);
    }
    response
}

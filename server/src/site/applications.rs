//! The form to apply for a seat by plain POST, on our own page and in a frame: add and remove points,
//! review, change, send. Whatever goes wrong, what was typed comes back.

use super::forms::{Place, context, is_key, new_key, not_done, or_unsent};
use crate::body::{FormPairs, Path};
use crate::edge::Edge;
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use app::errors::Unsent;
use app::hearings::{apply_page, receipt_page, review_page};
use app::page::To;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use backend::{Conflict, Error, Viewer, consultations, drafts, hearings};
use domain::Timestamp;
use domain::comments::form::Action;
use domain::drafts::Draft;
use domain::hearings::form::ApplicationForm;
use domain::hearings::{Hearing, HearingNumber};
use domain::id::ClauseId;
use domain::problem::Violations;
use http::StatusCode;
use std::collections::HashSet;
use std::sync::Arc;

/// The form with the session it belongs to.
struct Counter<'a> {
    place: Place<'a>,
    hearing: Hearing,
    draft: Option<Arc<Draft>>,
}

/// `POST /hearings/{id}/apply`, and the same in a frame.
pub async fn post(
    State(state): State<AppState>,
    edge: Edge,
    Path((number,)): Path<(HearingNumber,)>,
    OriginalUri(uri): OriginalUri,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let cx = context(&state, &edge, &uri);
    let (form, action) = ApplicationForm::read(&pairs.0);
    let fields = form.pairs();
    let words: Vec<&str> = form.words().collect();
    let unsent = Unsent {
        to: &To::Apply(number),
        fields: &fields,
        words: &words,
        code: None,
        action: &action.code(),
    };
    let unsent = form.says_something().then_some(unsent);
    let answer = pressed(&state, edge, number, &uri, form.clone(), action).await;
    or_unsent(&state, &cx, unsent, answer)
}

/// The draft whose clauses an applicant may speak on: the one that everyone reads, if there is one.
pub(super) async fn draft_of(
    state: &AppState,
    now: Timestamp,
    hearing: &Hearing,
) -> Result<Option<Arc<Draft>>, Refusal> {
    let (backend, number) = (&state.backend, hearing.consultation);
    let consultation = consultations::find(backend, now, number, Viewer::Public).await?;
    let Some(version) = consultation.and_then(|found| found.current_version()) else {
        return Ok(None);
    };
    Ok(drafts::get(backend, number, version, Viewer::Public).await?)
}

/// The clauses of a draft, to check points against.
pub(super) fn clauses_of(draft: Option<&Draft>) -> HashSet<ClauseId> {
    draft
        .into_iter()
        .flat_map(Draft::all_clauses)
        .map(|clause| clause.id)
        .collect()
}

async fn pressed(
    state: &AppState,
    mut edge: Edge,
    number: HearingNumber,
    uri: &http::Uri,
    mut form: ApplicationForm,
    action: Action,
) -> Result<Response, Refusal> {
    let counter = Counter::open(state, &edge, number, uri).await?;
    match action {
        Action::Add => {
            form.add_point();
            Ok(counter.form(StatusCode::OK, &form, None))
        }
        Action::Remove(index) => {
            form.remove_point(index);
            Ok(counter.form(StatusCode::OK, &form, None))
        }
        Action::Change => Ok(counter.form(StatusCode::OK, &form, None)),
        Action::Review => Ok(counter.review(&mut edge, form)),
        // A key that we did not make means that the review was never shown.
        Action::Send if !is_key(&form.key) => Ok(counter.review(&mut edge, form)),
        Action::Send => counter.send(edge, form).await,
    }
}

impl<'a> Counter<'a> {
    async fn open(
        state: &'a AppState,
        edge: &Edge,
        number: HearingNumber,
        uri: &http::Uri,
    ) -> Result<Self, Refusal> {
        let hearing = hearings::find(&state.backend, edge.now(), number, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let draft = draft_of(state, edge.now(), &hearing).await?;
        Ok(Self {
            place: Place::of(state, edge, &hearing.unit, uri).await?,
            hearing,
            draft,
        })
    }

    fn form(
        &self,
        status: StatusCode,
        form: &ApplicationForm,
        wrong: Option<&Violations>,
    ) -> Response {
        let html = apply_page(
            &self.place.cx,
            &self.hearing,
            self.draft.as_deref(),
            form,
            wrong,
        );
        self.place.answer(status, html)
    }

    fn review(&self, edge: &mut Edge, form: ApplicationForm) -> Response {
        let mut form = form.without_empty_points();
        let clauses = clauses_of(self.draft.as_deref());
        if !self.hearing.is_open() {
            return self.form(StatusCode::CONFLICT, &form, None);
        }
        if let Err(wrong) = form.application().parse(&self.hearing.notice, &clauses) {
            return self.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong));
        }
        if !is_key(&form.key) {
            form.key = new_key(edge);
        }
        let draft = self.draft.as_deref();
        let html = review_page(&self.place.cx, &self.hearing, draft, &form, None);
        self.place.answer(StatusCode::OK, html)
    }

    /// The review once more, with what to do about its not being sent.
    fn unsent(&self, form: &ApplicationForm, refusal: Refusal) -> Response {
        let (_, why) = refusal.title_and_detail(self.place.cx.t());
        let draft = self.draft.as_deref();
        let html = review_page(&self.place.cx, &self.hearing, draft, form, Some(&why));
        not_done(refusal, |status| self.place.answer(status, html))
    }

    async fn send(self, mut edge: Edge, form: ApplicationForm) -> Result<Response, Refusal> {
        let form = form.without_empty_points();
        let limiter = &self.place.state.limiter;
        if let Err(refusal) = limiter.take(Act::Application, edge.client, edge.now()) {
            return Ok(self.unsent(&form, refusal));
        }
        let mut moment = self.place.state.clock.moment();
        let number = self.hearing.id;
        let backend = &self.place.state.backend;
        let (raw, key, lang) = (form.application(), &form.key, edge.lang.tag());
        let sent = hearings::apply(backend, &mut moment, number, raw, key, lang).await;
        match sent {
            Ok(receipt) => {
                let html = receipt_page(&self.place.cx, &self.hearing, &receipt, &form.category);
                Ok(self.place.answer(StatusCode::OK, html))
            }
            Err(Error::Invalid(wrong)) => {
                Ok(self.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong)))
            }
            // Changed after it was sent, and sent again: that is another application, so it is
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

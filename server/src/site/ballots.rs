//! A ballot by plain POST, on our own page and in a frame: check, change, send. Whatever goes wrong,
//! what was answered comes back.
//!
//! The page of a poll is the same for everyone, so it holds no key. Its button asks for a page that
//! does, with the answers once more: then pressing twice counts once. Where scripts made a key, they
//! make the button send.

use super::forms::{Place, context, is_key, new_key, not_done, or_unsent};
use crate::body::{FormPairs, Path};
use crate::edge::Edge;
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use app::errors::Unsent;
use app::page::To;
use app::polls::{Answering, Check, check_page, poll_page, receipt_page};
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use backend::{Conflict, Error, Viewer, polls};
use domain::polls::form::BallotForm;
use domain::polls::{IdentityLevel, Poll, PollNumber, RawBallot};
use domain::problem::Violations;
use http::StatusCode;

/// `POST /polls/{id}` and `POST /embed/polls/{id}`.
pub async fn post(
    State(state): State<AppState>,
    edge: Edge,
    Path((id,)): Path<(PollNumber,)>,
    OriginalUri(uri): OriginalUri,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let cx = context(&state, &edge, &uri);
    let (form, action) = BallotForm::read(pairs.iter());
    let fields = pairs.0.iter().filter(|(name, _)| name != "action");
    let fields: Vec<(String, String)> = fields.cloned().collect();
    let unsent = Unsent {
        to: &To::Poll(id),
        fields: &fields,
        words: &[],
        code: None,
        action: &action,
    };
    let unsent = (!form.values.is_empty()).then_some(unsent);
    let answer = pressed(&state, edge, id, &uri, &pairs).await;
    or_unsent(&state, &cx, unsent, answer)
}

async fn pressed(
    state: &AppState,
    mut edge: Edge,
    id: PollNumber,
    uri: &http::Uri,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let booth = Booth::open(state, &edge, id, uri).await?;
    let (mut form, action) = BallotForm::read(pairs.iter());
    // A key that nobody made means that the answers were not shown once more.
    let sends = action == "send" && is_key(&form.key);
    if !is_key(&form.key) {
        form.key = new_key(&mut edge);
    }
    let version = pairs
        .get("version")
        .and_then(|version| version.parse().ok());
    if !booth.poll.is_open() {
        // What was counted before the end has its receipt, however late it is asked for.
        if sends && booth.read(&form).is_ok() {
            return booth.send(edge, form).await;
        }
        return Ok(booth.form(StatusCode::CONFLICT, &form, None, None));
    }
    if action == "change" {
        return Ok(booth.form(StatusCode::OK, &form, None, None));
    }
    if version.is_some_and(|version: i64| version != booth.poll.version) {
        return Ok(booth.not_taken(&form, Refusal::Conflict(Conflict::PollCorrected)));
    }
    if let Err(wrong) = booth.read(&form) {
        return Ok(booth.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong), None));
    }
    if sends {
        booth.send(edge, form).await
    } else {
        Ok(booth.check(StatusCode::OK, &form, false, None))
    }
}

/// A poll that somebody answers.
struct Booth<'a> {
    place: Place<'a>,
    poll: Poll,
}

impl<'a> Booth<'a> {
    async fn open(
        state: &'a AppState,
        edge: &Edge,
        id: PollNumber,
        uri: &http::Uri,
    ) -> Result<Self, Refusal> {
        let poll = polls::find(&state.backend, edge.now(), id, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        Ok(Self {
            place: Place::of(state, edge, &poll.unit, uri).await?,
            poll,
        })
    }

    fn form(
        &self,
        status: StatusCode,
        form: &BallotForm,
        wrong: Option<&Violations>,
        unsent: Option<&str>,
    ) -> Response {
        let answering = Answering {
            poll: &self.poll,
            form,
            wrong,
            unsent,
        };
        self.place
            .answer(status, poll_page(&self.place.cx, answering))
    }

    fn check(
        &self,
        status: StatusCode,
        form: &BallotForm,
        counted_before: bool,
        unsent: Option<&str>,
    ) -> Response {
        let check = Check {
            poll: &self.poll,
            form,
            counted_before,
            unsent,
        };
        self.place.answer(status, check_page(&self.place.cx, check))
    }

    /// The form as it is now, with the answers and why they were not counted.
    fn not_taken(&self, form: &BallotForm, refusal: Refusal) -> Response {
        let (_, why) = refusal.title_and_detail(self.place.cx.t());
        not_done(refusal, |status| self.form(status, form, None, Some(&why)))
    }

    /// The answers once more, with what to do about their not being sent.
    fn unsent(&self, form: &BallotForm, refusal: Refusal) -> Response {
        let (_, why) = refusal.title_and_detail(self.place.cx.t());
        not_done(refusal, |status| {
            self.check(status, form, false, Some(&why))
        })
    }

    fn ballot(&self, form: &BallotForm) -> RawBallot {
        let asked = &self.poll.questionnaire;
        RawBallot {
            answers: form.answers(asked),
            code: (asked.identity != IdentityLevel::None).then(|| form.code.clone()),
            version: Some(self.poll.version),
        }
    }

    /// What can be told before it is sent.
    fn read(&self, form: &BallotForm) -> Result<(), Violations> {
        let read = self.ballot(form).parse(&self.poll.questionnaire);
        read.map(|_| ())
    }

    async fn send(self, mut edge: Edge, mut form: BallotForm) -> Result<Response, Refusal> {
        let limiter = &self.place.state.limiter;
        if let Err(refusal) = limiter.take(Act::Ballot, edge.client, edge.now()) {
            return Ok(self.unsent(&form, refusal));
        }
        let ballot = self.ballot(&form);
        let backend = &self.place.state.backend;
        let (moment, clock) = (&mut edge.moment, || self.place.state.clock.now());
        let sent = polls::vote(backend, moment, clock, self.poll.id, &ballot, &form.key).await;
        match sent {
            Ok(receipt) => {
                let html = receipt_page(&self.place.cx, &self.poll, &receipt);
                Ok(self.place.answer(StatusCode::OK, html))
            }
            Err(Error::Invalid(wrong)) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Ok(self.form(status, &form, Some(&wrong), None))
            }
            // Changed after it was counted, and sent again: that is another ballot, to be checked
            // under another key.
            Err(Error::Conflict(Conflict::KeyReused)) => {
                form.key = new_key(&mut edge);
                Ok(self.check(StatusCode::OK, &form, true, None))
            }
            Err(Error::Conflict(conflict)) => {
                Ok(self.not_taken(&form, Refusal::Conflict(conflict)))
            }
            // The same key sends it once, however often the button is pressed.
            Err(error) => Ok(self.unsent(&form, error.into())),
        }
    }
}

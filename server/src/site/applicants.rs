//! `/r` for the holder of an application's receipt: where it stands, changing it until the period
//! ends, taking it back, confirming or giving back a seat, and what is said after the session.

use super::applications::{clauses_of, draft_of};
use super::forms::not_done;
use crate::body::FormPairs;
use crate::edge::Edge;
use crate::headers::secret;
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use app::hearings::{Afterwards, Done, change_page, own_page, review_change_page, withdraw_page};
use app::page::PageContext;
use axum::response::{Html, IntoResponse, Response};
use backend::{Conflict, Error, Viewer, hearings};
use domain::comments::form::Action;
use domain::drafts::Draft;
use domain::hearings::form::ApplicationForm;
use domain::hearings::{ApplicationState, Hearing, OwnApplication, RawOpinion};
use domain::problem::Violations;
use domain::receipts::ReceiptCode;
use http::StatusCode;
use std::sync::Arc;

fn answer(status: StatusCode, html: String) -> Response {
    secret((status, Html(html)).into_response())
}

/// What was pressed.
enum Press {
    Open,
    Edit,
    /// A button of the form or its review.
    Form(Action),
    Save,
    Withdraw,
    ConfirmWithdraw,
    /// The seat.
    Confirm,
    Decline,
    ConfirmDecline,
    HideName,
    /// What is said after the session.
    ConfirmMinutes,
    Correct,
    Opine,
}

impl Press {
    fn read(action: &str) -> Self {
        match action {
            "" | "open" => Self::Open,
            "edit" => Self::Edit,
            "save" => Self::Save,
            "withdraw" => Self::Withdraw,
            "confirm-withdraw" => Self::ConfirmWithdraw,
            "confirm" => Self::Confirm,
            "decline" => Self::Decline,
            "confirm-decline" => Self::ConfirmDecline,
            "hide-name" => Self::HideName,
            "confirm-minutes" => Self::ConfirmMinutes,
            "correct" => Self::Correct,
            "opine" => Self::Opine,
            other => Self::Form(Action::read(other)),
        }
    }
}

/// The holder of a code that opens an application.
pub(super) struct Applicant<'a> {
    state: &'a AppState,
    cx: PageContext,
    code: ReceiptCode,
    hearing: Hearing,
    draft: Option<Arc<Draft>>,
    own: OwnApplication,
}

impl<'a> Applicant<'a> {
    /// `None` if the code opens no application.
    pub(super) async fn open(
        state: &'a AppState,
        edge: &Edge,
        mut cx: PageContext,
        code: ReceiptCode,
    ) -> Result<Option<Self>, Refusal> {
        let (backend, now) = (&state.backend, edge.now());
        let Some(own) = hearings::own::open(backend, now, &code).await? else {
            return Ok(None);
        };
        let hearing = hearings::find(backend, now, own.number.hearing, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)?;
        let draft = draft_of(state, now, &hearing).await?;
        cx.zone = hearing.unit.zone.clone();
        Ok(Some(Self {
            state,
            cx,
            code,
            hearing,
            draft,
            own,
        }))
    }

    pub(super) async fn press(self, edge: Edge, pairs: &FormPairs) -> Result<Response, Refusal> {
        let (mut form, _) = ApplicationForm::read(&pairs.0);
        match Press::read(pairs.get("action").unwrap_or("")) {
            Press::Open => Ok(self.show(None)),
            // Too late or taken back: the page itself says so, and what was typed is given back.
            Press::Edit if !self.own.editable => Ok(self.show(None)),
            Press::Form(_) | Press::Save if !self.own.editable => {
                let why = match self.own.state {
                    ApplicationState::Withdrawn => Conflict::AlreadyWithdrawn,
                    _ => Conflict::NotEditable,
                };
                Ok(self.unsaved(&form, Refusal::Conflict(why)))
            }
            Press::Edit => Ok(self.form(StatusCode::OK, &ApplicationForm::of(&self.own), None)),
            Press::Form(action) => {
                match action {
                    Action::Add => form.add_point(),
                    Action::Remove(index) => form.remove_point(index),
                    Action::Review => return Ok(self.review(form)),
                    Action::Change | Action::Send => {}
                }
                Ok(self.form(StatusCode::OK, &form, None))
            }
            Press::Save => self.save(edge, form).await,
            Press::Withdraw => Ok(self.ask(false)),
            Press::Decline => Ok(self.ask(true)),
            Press::ConfirmWithdraw => self.withdraw(edge).await,
            Press::Confirm => self.seat(edge, true).await,
            Press::ConfirmDecline => self.seat(edge, false).await,
            Press::HideName => self.hide_name(edge).await,
            Press::ConfirmMinutes => {
                let said = Afterwards::default();
                self.say(edge, said, Done::MinutesConfirmed).await
            }
            Press::Correct => {
                let said = Afterwards {
                    correction: Some(pairs.get("correction").unwrap_or("")),
                    ..Afterwards::default()
                };
                self.say(edge, said, Done::CorrectionSent).await
            }
            Press::Opine => {
                let said = Afterwards {
                    opinion: Some(pairs.get("opinion").unwrap_or("")),
                    ..Afterwards::default()
                };
                self.say(edge, said, Done::OpinionSent).await
            }
        }
    }

    fn typed(&self) -> String {
        self.code.to_string()
    }

    fn show(&self, done: Option<Done>) -> Response {
        answer(StatusCode::OK, self.own_html(done, Afterwards::default()))
    }

    fn own_html(&self, done: Option<Done>, typed: Afterwards<'_>) -> String {
        let (code, draft) = (self.typed(), self.draft.as_deref());
        own_page(
            &self.cx,
            &code,
            &self.hearing,
            draft,
            &self.own,
            done,
            typed,
        )
    }

    fn ask(&self, seat: bool) -> Response {
        let html = withdraw_page(&self.cx, &self.typed(), &self.hearing, &self.own, seat);
        answer(StatusCode::OK, html)
    }

    fn form(
        &self,
        status: StatusCode,
        form: &ApplicationForm,
        wrong: Option<&Violations>,
    ) -> Response {
        let (code, draft) = (self.typed(), self.draft.as_deref());
        let html = change_page(&self.cx, &code, &self.hearing, draft, form, wrong);
        answer(status, html)
    }

    fn review_html(&self, form: &ApplicationForm, unsaved: Option<&str>) -> String {
        let (code, draft) = (self.typed(), self.draft.as_deref());
        review_change_page(&self.cx, &code, &self.hearing, draft, form, unsaved)
    }

    fn review(&self, form: ApplicationForm) -> Response {
        let form = form.without_empty_points();
        let clauses = clauses_of(self.draft.as_deref());
        match form.application().parse(&self.hearing.notice, &clauses) {
            Ok(_) => answer(StatusCode::OK, self.review_html(&form, None)),
            Err(wrong) => self.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong)),
        }
    }

    /// What was typed once more, with what to do about its not being saved.
    fn unsaved(&self, form: &ApplicationForm, refusal: Refusal) -> Response {
        let (_, why) = refusal.title_and_detail(self.cx.t());
        let html = self.review_html(form, Some(&why));
        not_done(refusal, |status| answer(status, html))
    }

    async fn save(mut self, mut edge: Edge, form: ApplicationForm) -> Result<Response, Refusal> {
        let form = form.without_empty_points();
        let limiter = &self.state.limiter;
        if let Err(refusal) = limiter.take(Act::Edit, edge.client, edge.now()) {
            return Ok(self.unsaved(&form, refusal));
        }
        let (raw, lang) = (form.application(), edge.lang.tag());
        let backend = &self.state.backend;
        match hearings::own::edit(backend, &mut edge.moment, &self.code, raw, lang).await {
            Ok(own) => {
                self.own = own;
                Ok(self.show(Some(Done::Saved)))
            }
            Err(Error::Invalid(wrong)) => {
                Ok(self.form(StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong)))
            }
            Err(
                error @ (Error::Conflict(_)
                | Error::Overloaded
                | Error::Database(_)
                | Error::Internal(_)),
            ) => Ok(self.unsaved(&form, error.into())),
            Err(error) => Err(error.into()),
        }
    }

    async fn withdraw(mut self, mut edge: Edge) -> Result<Response, Refusal> {
        let backend = &self.state.backend;
        match hearings::own::withdraw(backend, &mut edge.moment, &self.code).await {
            Ok(own) => {
                let done = match own.state {
                    ApplicationState::Withdrawn => Done::Withdrawn,
                    _ => Done::Erased,
                };
                self.own = own;
                Ok(self.show(Some(done)))
            }
            // Pressed twice: it is done, and the page says so.
            Err(Error::Conflict(Conflict::AlreadyWithdrawn)) => {
                Ok(self.show(Some(Done::Withdrawn)))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn seat(mut self, mut edge: Edge, comes: bool) -> Result<Response, Refusal> {
        let (wanted, done) = match comes {
            true => (ApplicationState::Confirmed, Done::Confirmed),
            false => (ApplicationState::Declined, Done::Declined),
        };
        // Pressed twice: it is done, and the page says so.
        if self.own.state == wanted {
            return Ok(self.show(Some(done)));
        }
        let backend = &self.state.backend;
        self.own = hearings::own::confirm(backend, &mut edge.moment, &self.code, comes).await?;
        Ok(self.show(Some(done)))
    }

    async fn hide_name(mut self, mut edge: Edge) -> Result<Response, Refusal> {
        let backend = &self.state.backend;
        self.own = hearings::own::hide_name(backend, &mut edge.moment, &self.code).await?;
        Ok(self.show(Some(Done::NameHidden)))
    }

    /// Confirms the minutes, or takes in a correction or an opinion; what cannot be taken comes back
    /// with what to do about it.
    async fn say(
        mut self,
        mut edge: Edge,
        said: Afterwards<'_>,
        done: Done,
    ) -> Result<Response, Refusal> {
        let limiter = &self.state.limiter;
        if let Err(refusal) = limiter.take(Act::Edit, edge.client, edge.now()) {
            return Ok(self.unsaid(said, refusal));
        }
        let (backend, moment) = (&self.state.backend, &mut edge.moment);
        let answered = match said.opinion {
            Some(text) => {
                let opinion = RawOpinion { text: text.into() };
                hearings::own::opine(backend, moment, &self.code, &opinion).await
            }
            None => {
                let correction = said.correction;
                hearings::own::confirm_minutes(backend, moment, &self.code, correction).await
            }
        };
        match answered {
            Ok(own) => {
                self.own = own;
                Ok(self.show(Some(done)))
            }
            Err(Error::Invalid(wrong)) => {
                let wrong = Some(&wrong);
                let html = self.own_html(None, Afterwards { wrong, ..said });
                Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, html))
            }
            Err(
                error @ (Error::Conflict(_)
                | Error::Overloaded
                | Error::Database(_)
                | Error::Internal(_)),
            ) => Ok(self.unsaid(said, error.into())),
            Err(error) => Err(error.into()),
        }
    }

    fn unsaid(&self, said: Afterwards<'_>, refusal: Refusal) -> Response {
        let (_, why) = refusal.title_and_detail(self.cx.t());
        let unsaved = Some(why.as_str());
        let html = self.own_html(None, Afterwards { unsaved, ..said });
        not_done(refusal, |status| answer(status, html))
    }
}

//! `/r`: what the holder of a receipt can do without scripts. The code travels in the body of a
//! POST only, never in an address, and nothing of it is kept by browsers or proxies.

use super::applicants::Applicant;
use super::forms::{give_back, not_done};
use crate::api::receipts::{code, unknown};
use crate::body::FormPairs;
use crate::edge::Edge;
use crate::headers::secret;
use crate::limits::Act;
use crate::problem::Refusal;
use crate::state::AppState;
use app::errors::Unsent;
use app::page::{PageContext, To};
use app::polls::own_page as ballot_page;
use app::receipts::{Done, Unopened, edit_page, entry_page, own_page, review_page, withdraw_page};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use backend::{Conflict, Error, Viewer, consultations, drafts, polls, receipts};
use domain::comments::form::{Action, CommentForm};
use domain::comments::{CommentState, OwnComment};
use domain::drafts::Draft;
use domain::hearings::form::ApplicationForm;
use domain::id::ClauseId;
use domain::problem::Violations;
use domain::receipts::{ReceiptCode, ReceiptError};
use http::StatusCode;
use std::collections::HashSet;
use std::sync::Arc;

fn answer(status: StatusCode, html: String) -> Response {
    secret((status, Html(html)).into_response())
}

/// `GET /r`: asks for the code.
pub async fn ask(State(state): State<AppState>, edge: Edge) -> Response {
    let cx = state.context(edge.lang, &edge.here);
    answer(StatusCode::OK, entry_page(&cx, "", None))
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
}

impl Press {
    fn read(action: &str) -> Self {
        match action {
            "" | "open" => Self::Open,
            "edit" => Self::Edit,
            "save" => Self::Save,
            "withdraw" => Self::Withdraw,
            "confirm-withdraw" => Self::ConfirmWithdraw,
            other => Self::Form(Action::read(other)),
        }
    }
}

/// `POST /r`.
pub async fn post(
    State(state): State<AppState>,
    edge: Edge,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let cx = state.context(edge.lang, "/r");
    let (form, _) = CommentForm::read(pairs.iter());
    let (application, _) = ApplicationForm::read(&pairs.0);
    // What is said after a session is one field; only the form for a seat has a category.
    let afterwards = ["correction", "opinion"]
        .iter()
        .find_map(|name| Some((*name, pairs.get(name)?)));
    let (fields, words): (_, Vec<&str>) = match (afterwards, pairs.get("category")) {
        (Some((name, said)), _) => (vec![(name.to_owned(), said.to_owned())], vec![said]),
        (None, Some(_)) => (application.pairs(), application.words().collect()),
        (None, None) => (form.pairs(), form.words().collect()),
    };
    let unsent = Unsent {
        to: &To::Receipt,
        fields: &fields,
        words: &words,
        code: pairs.get("code"),
        action: pairs.get("action").unwrap_or(""),
    };
    match pressed(&state, edge, cx.clone(), &pairs).await {
        Err(refusal) if unsent.code.is_some() => Ok(give_back(&cx, refusal, unsent)),
        answer => answer,
    }
}

async fn pressed(
    state: &AppState,
    edge: Edge,
    mut cx: PageContext,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let typed = pairs.get("code").unwrap_or("").to_owned();
    let code = match code(state, &edge, &typed) {
        Ok(code) => code,
        Err(Refusal::Receipt(error)) => {
            let wrong = match error {
                ReceiptError::Malformed => Unopened::Malformed,
                ReceiptError::Mistyped => Unopened::Mistyped,
            };
            return Ok(not_opened(&cx, &typed, wrong));
        }
        Err(refusal) => return Err(refusal),
    };
    // One box for every code, and each opens one thing: a comment, an application or a ballot.
    let Some(own) = receipts::open(&state.backend, edge.now(), &code).await? else {
        if let Some(applicant) = Applicant::open(state, &edge, cx.clone(), code).await? {
            return applicant.press(edge, pairs).await;
        }
        if let Some(own) = polls::own(&state.backend, edge.now(), &code).await? {
            return Ok(answer(StatusCode::OK, ballot_page(&cx, &own)));
        }
        return match unknown(state, &edge) {
            Refusal::NotFound => Ok(not_opened(&cx, &typed, Unopened::NotFound)),
            refusal => Err(refusal),
        };
    };
    let consultation =
        consultations::find(&state.backend, edge.now(), own.consultation, Viewer::Public).await?;
    if let Some(consultation) = consultation {
        cx.zone = consultation.unit.zone;
    }
    let holder = Holder {
        state,
        cx,
        typed: code.to_string(),
        code,
        own,
    };
    holder.press(edge, pairs).await
}

fn not_opened(cx: &PageContext, typed: &str, wrong: Unopened) -> Response {
    answer(StatusCode::NOT_FOUND, entry_page(cx, typed, Some(wrong)))
}

/// The holder of a code that opens a comment.
struct Holder<'a> {
    state: &'a AppState,
    cx: PageContext,
    /// The code as it is printed.
    typed: String,
    code: ReceiptCode,
    own: OwnComment,
}

impl Holder<'_> {
    async fn press(self, edge: Edge, pairs: &FormPairs) -> Result<Response, Refusal> {
        let press = Press::read(pairs.get("action").unwrap_or(""));
        let (mut form, _) = CommentForm::read(pairs.iter());
        match press {
            Press::Open => Ok(self.show(None)),
            // Too late or withdrawn: the comment itself says so, and what was typed is given back.
            Press::Edit if !self.own.editable => Ok(self.show(None)),
            Press::Form(_) | Press::Save if !self.own.editable => {
                let why = match self.own.state {
                    CommentState::Withdrawn => Conflict::AlreadyWithdrawn,
                    _ => Conflict::NotEditable,
                };
                self.unsaved(&form, Refusal::Conflict(why)).await
            }
            Press::Edit => {
                let draft = self.draft().await?;
                Ok(self.form(&draft, StatusCode::OK, &CommentForm::of(&self.own), None))
            }
            Press::Form(action) => {
                let draft = self.draft().await?;
                match action {
                    Action::Add => {
                        form.add_point();
                    }
                    Action::Remove(index) => form.remove_point(index),
                    Action::Review => return Ok(self.review(&draft, form)),
                    Action::Change | Action::Send => {}
                }
                Ok(self.form(&draft, StatusCode::OK, &form, None))
            }
            Press::Save => self.save(edge, form).await,
            Press::Withdraw => Ok(answer(
                StatusCode::OK,
                withdraw_page(&self.cx, &self.typed, &self.own),
            )),
            Press::ConfirmWithdraw => self.withdraw(edge).await,
        }
    }

    fn show(&self, done: Option<Done>) -> Response {
        let html = own_page(&self.cx, &self.typed, &self.own, done);
        answer(StatusCode::OK, html)
    }

    /// The version that the comment was written on.
    async fn draft(&self) -> Result<Arc<Draft>, Refusal> {
        let (number, version) = (self.own.consultation, self.own.version);
        drafts::get(&self.state.backend, number, version, Viewer::Public)
            .await?
            .ok_or(Refusal::NotFound)
    }

    fn form(
        &self,
        draft: &Draft,
        status: StatusCode,
        form: &CommentForm,
        wrong: Option<&Violations>,
    ) -> Response {
        let html = edit_page(&self.cx, &self.typed, &self.own, draft, form, wrong);
        answer(status, html)
    }

    fn review(&self, draft: &Draft, form: CommentForm) -> Response {
        let form = form.without_empty_points();
        let clauses: HashSet<ClauseId> = draft.all_clauses().map(|clause| clause.id).collect();
        match form.comment().parse(&clauses) {
            Ok(_) => {
                let html = review_page(&self.cx, &self.typed, &self.own, draft, &form, None);
                answer(StatusCode::OK, html)
            }
            Err(wrong) => self.form(draft, StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&wrong)),
        }
    }

    /// What was typed once more, with what to do about its not being saved.
    async fn unsaved(&self, form: &CommentForm, refusal: Refusal) -> Result<Response, Refusal> {
        let draft = self.draft().await?;
        let (_, why) = refusal.title_and_detail(self.cx.t());
        let why = Some(why.as_str());
        let html = review_page(&self.cx, &self.typed, &self.own, &draft, form, why);
        Ok(not_done(refusal, |status| answer(status, html)))
    }

    async fn save(mut self, mut edge: Edge, form: CommentForm) -> Result<Response, Refusal> {
        let form = form.without_empty_points();
        let limiter = &self.state.limiter;
        if let Err(refusal) = limiter.take(Act::Edit, edge.client, edge.now()) {
            return self.unsaved(&form, refusal).await;
        }
        let backend = &self.state.backend;
        match receipts::edit(backend, &mut edge.moment, &self.code, form.comment()).await {
            Ok(own) => {
                self.own = own;
                Ok(self.show(Some(Done::Saved)))
            }
            Err(Error::Invalid(wrong)) => {
                let draft = self.draft().await?;
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Ok(self.form(&draft, status, &form, Some(&wrong)))
            }
            Err(
                error @ (Error::Conflict(_)
                | Error::Overloaded
                | Error::Database(_)
                | Error::Internal(_)),
            ) => self.unsaved(&form, error.into()).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn withdraw(mut self, mut edge: Edge) -> Result<Response, Refusal> {
        let backend = &self.state.backend;
        match receipts::withdraw(backend, &mut edge.moment, &self.code).await {
            Ok(own) => {
                self.own = own;
                Ok(self.show(Some(Done::Withdrawn)))
            }
            // Pressed twice: it is done, and the page says so.
            Err(Error::Conflict(Conflict::AlreadyWithdrawn)) => {
                Ok(self.show(Some(Done::Withdrawn)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

//! The account of the round: form, last look, publication.

use super::AtDesk;
use super::here::Opened;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, feedback};
use console::feedback::{FeedbackData, feedback_page};
use console::notice::Done;
use domain::consultations::{Number, State};
use domain::feedback::{FeedbackReview, RawFeedback};
use domain::limits;
use domain::problem::Violations;

/// Points that are listed at once; answered, they make room for the next.
const LISTED: usize = limits::UNANSWERED_SHOWN;

/// What is shown besides the numbers.
#[derive(Default)]
struct Shown {
    form: RawFeedback,
    wrong: Option<Violations>,
    review: Option<FeedbackReview>,
    refused: Option<String>,
}

async fn page(at: &AtDesk, opened: &Opened, shown: Shown) -> Result<Response, Refusal> {
    let backend = &at.state.backend;
    let consultation = &opened.consultation;
    let preview = match consultation.round {
        Some(_) => Some(feedback::preview(backend, &opened.permit, consultation.number).await?),
        None => None,
    };
    let mut unanswered = Vec::new();
    if consultation.state == State::Closed {
        let (permit, number) = (&opened.permit, consultation.number);
        let page = feedback::unanswered(backend, permit, number, None, LISTED).await?;
        unanswered = page.items;
    }
    let failed = shown.wrong.is_some() || shown.refused.is_some();
    let html = feedback_page(
        &at.desk,
        FeedbackData {
            consultation,
            preview: preview.as_ref(),
            unanswered: &unanswered,
            form: &shown.form,
            wrong: shown.wrong.as_ref(),
            review: shown.review.as_ref(),
            refused: shown.refused.as_deref(),
        },
    );
    Ok(if failed {
        at.refuse(html)
    } else {
        at.show(html)
    })
}

/// `GET /desk/c/{number}/feedback`.
pub async fn show(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    page(&at, &opened, Shown::default()).await
}

/// `POST /desk/c/{number}/feedback`.
pub async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    match take(&mut at, number, &pairs).await {
        Ok(done) => Ok(done),
        Err(refusal) => at.unsent(&pairs, refusal),
    }
}

async fn take(at: &mut AtDesk, number: Number, pairs: &FormPairs) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let field = |name: &str| pairs.get(name).unwrap_or_default().replace("\r\n", "\n");
    let mut shown = Shown {
        form: RawFeedback {
            asked: field("asked"),
            heard: field("heard"),
            changed: field("changed"),
            new_version: field("new_version").parse().ok(),
        },
        ..Shown::default()
    };
    let action = field("action");
    if action == "change" {
        return page(at, &opened, shown).await;
    }
    let texts = match shown.form.parse() {
        Ok(texts) => texts,
        Err(wrong) => {
            shown.wrong = Some(wrong);
            return page(at, &opened, shown).await;
        }
    };
    // What was not looked at is not published: the form of the last look names its version.
    if action != "publish" || texts.new_version.is_none() {
        let backend = &at.state.backend;
        shown.review = match opened.consultation.state {
            State::Closed => Some(feedback::review(backend, &opened.permit, number).await?),
            _ => None,
        };
        return page(at, &opened, shown).await;
    }
    let moment = &mut at.edge.moment;
    match feedback::publish(&at.state.backend, moment, &permit, number, texts).await {
        Ok(_) => Ok(at.done(&format!("/desk/c/{number}"), Done::FeedbackPublished, 1)),
        Err(error @ Error::Conflict(_)) => {
            shown.refused = Some(at.sentence(&error.into()));
            let opened = at.open(number).await?;
            page(at, &opened, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

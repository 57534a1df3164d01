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
use domain::feedback::RawFeedback;
use domain::problem::Violations;

/// Points that are listed at once; answered, they make room for the next.
const LISTED: usize = 100;

/// What is shown besides the numbers.
#[derive(Default)]
struct Shown {
    form: RawFeedback,
    wrong: Option<Violations>,
    review: bool,
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
        unanswered = feedback::unanswered(backend, &opened.permit, consultation.number).await?;
        unanswered.truncate(LISTED);
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
            review: shown.review,
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
    let opened = at.open(number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let field = |name: &str| pairs.get(name).unwrap_or_default().replace("\r\n", "\n");
    let mut shown = Shown {
        form: RawFeedback {
            asked: field("asked"),
            heard: field("heard"),
            changed: field("changed"),
        },
        ..Shown::default()
    };
    let action = field("action");
    if action == "change" {
        return page(&at, &opened, shown).await;
    }
    let texts = match shown.form.parse() {
        Ok(texts) => texts,
        Err(wrong) => {
            shown.wrong = Some(wrong);
            return page(&at, &opened, shown).await;
        }
    };
    if action != "publish" {
        shown.review = true;
        return page(&at, &opened, shown).await;
    }
    let moment = &mut at.edge.moment;
    match feedback::publish(&at.state.backend, moment, &permit, number, texts).await {
        Ok(_) => Ok(at.done(&format!("/desk/c/{number}"), Done::FeedbackPublished, 1)),
        Err(error @ Error::Conflict(_)) => {
            shown.refused = Some(at.sentence(&error.into()));
            let opened = at.open(number).await?;
            page(&at, &opened, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

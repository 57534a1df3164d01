//! The answers. One form holds a page of points; whatever was changed in it is saved, and what was
//! refused comes back beside what was saved.

use super::AtDesk;
use super::here::Opened;
use super::queue::round_draft;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use axum::response::Response as Answer;
use backend::{Conflict, Error, Viewer, comments, drafts, feedback};
use console::notice::Done;
use console::points::{AnswerForm, PointsData, address, answer_field, points_page};
use domain::comments::{OwnPoint, QueueFilter};
use domain::consultations::Number;
use domain::drafts::Draft;
use domain::feedback::{NewResponse, RawChange, RawResponse, Response};
use domain::id::PointId;
use domain::problem::{Fault, Violations};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

fn filter(at: &AtDesk) -> QueueFilter {
    QueueFilter {
        state: None,
        clause: at.query("clause").and_then(|id| id.parse().ok()),
        q: None,
        after: at.query("after").filter(|key| key.parse::<i64>().is_ok()),
        unanswered: at.query("unanswered").is_some(),
    }
}

/// The newest version, if it is newer than the one that was commented on.
async fn new_draft(at: &AtDesk, opened: &Opened) -> Result<Option<Arc<Draft>>, Refusal> {
    let consultation = &opened.consultation;
    let newest = consultation.versions.last().map(|info| info.version);
    let Some(version) = newest.filter(|newest| Some(*newest) > consultation.current_version())
    else {
        return Ok(None);
    };
    let viewer = Viewer::Staff(&opened.permit);
    Ok(drafts::get(&at.state.backend, consultation.number, version, viewer).await?)
}

/// What came of a form.
#[derive(Default)]
struct Outcome {
    typed: HashMap<PointId, AnswerForm>,
    wrong: Violations,
    saved: usize,
    /// Answers to points that were changed or taken back while they were written.
    gone: usize,
    /// Points that a colleague answered meanwhile.
    clashed: HashSet<PointId>,
    /// Why nothing more can be answered, in words.
    refused: Option<String>,
    /// What was typed for points that cannot take it.
    lost: Vec<AnswerForm>,
}

impl Outcome {
    /// Whether something typed was not saved.
    fn failed(&self) -> bool {
        let lost = self.gone > 0 || self.refused.is_some();
        lost || !self.wrong.0.is_empty() || !self.clashed.is_empty()
    }
}

async fn page(at: &AtDesk, opened: &Opened, outcome: Outcome) -> Result<Answer, Refusal> {
    let filter = filter(at);
    let number = opened.consultation.number;
    let backend = &at.state.backend;
    let mut listed = comments::queue(backend, &opened.permit, number, filter.clone()).await?;
    if filter.unanswered && !outcome.typed.is_empty() {
        // What was refused stays on the page even where it has an answer already.
        let all = QueueFilter {
            unanswered: false,
            ..filter.clone()
        };
        let whole = comments::queue(backend, &opened.permit, number, all).await?;
        for comment in whole.items {
            let typed = comment
                .points
                .iter()
                .any(|p| outcome.typed.contains_key(&p.id));
            if typed
                && listed
                    .items
                    .iter()
                    .all(|known| known.number != comment.number)
            {
                listed.items.push(comment);
            }
        }
        listed.items.sort_by_key(|comment| comment.number.serial);
    }
    let draft = round_draft(at, opened).await?;
    let new_draft = new_draft(at, opened).await?;
    let failed = outcome.failed();
    let html = points_page(
        &at.desk,
        PointsData {
            consultation: &opened.consultation,
            draft: draft.as_deref(),
            new_draft: new_draft.as_deref(),
            filter: &filter,
            comments: &listed,
            typed: &outcome.typed,
            wrong: failed.then_some(&outcome.wrong),
            saved: i64::try_from(outcome.saved).unwrap_or(i64::MAX),
            gone: i64::try_from(outcome.gone).unwrap_or(i64::MAX),
            clashed: &outcome.clashed,
            refused: outcome.refused.as_deref(),
            lost: &outcome.lost,
        },
    );
    Ok(if failed {
        at.refuse(html)
    } else {
        at.show(html)
    })
}

/// `GET /desk/c/{number}/points`.
pub async fn show(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Answer, Refusal> {
    let opened = at.open(number).await?;
    page(&at, &opened, Outcome::default()).await
}

/// An answer as it came, with the mark of the one that was shown.
#[derive(Default)]
struct Typed {
    form: AnswerForm,
    was: Option<String>,
}

/// The answers of a form, by point, in the order of the page.
fn answers(pairs: &FormPairs) -> Vec<(PointId, Typed)> {
    let mut answers: Vec<(PointId, Typed)> = Vec::new();
    for (name, value) in pairs.iter() {
        let Some((id, field)) = name.split_once('.') else {
            continue;
        };
        let Ok(id) = id.parse::<PointId>() else {
            continue;
        };
        if answers.last().is_none_or(|(last, _)| *last != id) {
            answers.push((id, Typed::default()));
        }
        let Some((_, Typed { form, was })) = answers.last_mut() else {
            continue;
        };
        match field {
            "was" => *was = Some(value.into()),
            "disposition" => form.disposition = value.trim().into(),
            // A browser sends line ends as two characters.
            "reason" => form.reason = value.replace("\r\n", "\n").trim().into(),
            "change.clause" => form.change = value.trim().into(),
            _ => {}
        }
    }
    answers
}

/// `POST /desk/c/{number}/points`.
pub async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Answer, Refusal> {
    match take(&mut at, number, &pairs).await {
        Ok(done) => Ok(done),
        Err(refusal) => at.unsent(&pairs, refusal),
    }
}

async fn take(at: &mut AtDesk, number: Number, pairs: &FormPairs) -> Result<Answer, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.edit(opened.unit)?;
    let new_draft = new_draft(at, &opened).await?;
    let known = known(at, &opened).await?;
    let mut outcome = Outcome::default();
    for (id, Typed { form, was }) in answers(pairs) {
        let response = known.get(&id).and_then(|point| point.response.as_ref());
        let stored = response.map(AnswerForm::of).unwrap_or_default();
        let stored = stored.shown(new_draft.is_some());
        // What was not touched is not saved: somebody else may have answered it meanwhile.
        let untouched = was.as_ref().is_some_and(|was| *was == form.mark());
        if untouched || form == stored {
            continue;
        }
        if outcome.refused.is_some() {
            outcome.lost.push(form);
            continue;
        }
        // The answer that was shown is not the one that would be replaced.
        let replaces = was.is_none_or(|was| was == stored.mark());
        if response.is_some() && !replaces {
            outcome.clashed.insert(id);
            outcome.typed.insert(id, form);
            continue;
        }
        let parsed = match &new_draft {
            Some(draft) => parse(&form, Some(draft)),
            None => parse(&form, None).map(|new| keep_change(new, response)),
        };
        let refused = match parsed {
            Ok(response) => {
                let moment = &mut at.edge.moment;
                let backend = &at.state.backend;
                match feedback::respond(backend, moment, &permit, id, response).await {
                    Ok(_) => {
                        outcome.saved += 1;
                        continue;
                    }
                    // The other answers must not be lost to it.
                    Err(Error::NotFound | Error::Conflict(Conflict::AlreadyWithdrawn)) => {
                        outcome.gone += 1;
                        outcome.lost.push(form);
                        continue;
                    }
                    Err(error @ Error::Conflict(_)) => {
                        outcome.refused = Some(at.sentence(&error.into()));
                        outcome.lost.push(form);
                        continue;
                    }
                    Err(Error::Invalid(wrong)) => wrong,
                    Err(error) => return Err(error.into()),
                }
            }
            Err(wrong) => wrong,
        };
        for violation in refused.0 {
            let field = answer_field(id, &violation.field);
            outcome.wrong.add(field, violation.fault);
        }
        outcome.typed.insert(id, form);
    }
    if outcome.failed() {
        // What stood in the way may have changed how the consultation stands.
        let opened = at.open(number).await?;
        return page(at, &opened, outcome).await;
    }
    let filter = filter(at);
    let mut path = address(number, &filter);
    if let Some(after) = filter.after {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str("after=");
        path.push_str(&after);
    }
    if outcome.saved == 0 {
        return Ok(super::here::see_other(&at.desk.to(&path)));
    }
    Ok(at.done(&path, Done::PointsAnswered, outcome.saved))
}

/// Without a new version the form has no field for the change: the one that was named stays.
fn keep_change(new: NewResponse, stored: Option<&Response>) -> NewResponse {
    let change = stored.and_then(|response| response.change);
    NewResponse {
        change: change.filter(|_| new.disposition.changes_text()),
        ..new
    }
}

/// The points that the form can be about: those of its page, answered or not.
async fn known(at: &AtDesk, opened: &Opened) -> Result<HashMap<PointId, OwnPoint>, Refusal> {
    let number = opened.consultation.number;
    let mut known = HashMap::new();
    for unanswered in [true, false] {
        let filter = QueueFilter {
            unanswered,
            ..filter(at)
        };
        let page = comments::queue(&at.state.backend, &opened.permit, number, filter).await?;
        for comment in page.items {
            known.extend(comment.points.into_iter().map(|point| (point.id, point)));
        }
    }
    Ok(known)
}

/// The answer, if it can be one. A clause is named by its label or its id.
fn parse(form: &AnswerForm, new_draft: Option<&Draft>) -> Result<NewResponse, Violations> {
    let mut wrong = Violations::new();
    let disposition = match form.disposition.as_str() {
        "" => Err(Fault::Required),
        code => code.parse().map_err(|_| Fault::Unknown),
    };
    let Some(disposition) = wrong.keep("disposition", disposition) else {
        return Err(wrong);
    };
    let change = match form.change.as_str() {
        "" => None,
        name => Some(RawChange {
            clause: clause(name, new_draft).unwrap_or_else(|| name.to_owned()),
        }),
    };
    let raw = RawResponse {
        disposition,
        reason: Some(form.reason.clone()),
        change,
    };
    raw.parse()
}

fn clause(name: &str, draft: Option<&Draft>) -> Option<String> {
    let wanted: String = name.split_whitespace().collect();
    let found = draft?.all_clauses().find(|clause| {
        !clause.label.is_empty() && clause.label.split_whitespace().collect::<String>() == wanted
    })?;
    Some(found.id.to_string())
}

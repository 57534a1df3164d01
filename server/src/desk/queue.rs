//! The queue: publish, hold, look up a contact; one comment or all that are ticked.

use super::AtDesk;
use super::here::Opened;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, Viewer, comments, drafts};
use console::notice::Done;
use console::queue::{
    Chosen, HOLD_TICKED, QueueData, TICKED, address, hold_field, queue_page, seen_field,
};
use domain::Timestamp;
use domain::comments::{CommentNumber, Moderation, QueueFilter};
use domain::consultations::Number;
use domain::drafts::Draft;
use domain::problem::{Fault, Violations};
use std::sync::Arc;

/// What a button does, and to which comment; `None` for all that are ticked.
enum Press {
    Publish(Option<i64>),
    Hold(Option<i64>),
    Contact(i64),
    /// Shows the page again.
    Look,
}

impl Press {
    /// Reads `publish`, `hold.12`, `contact.12`.
    fn read(action: &str) -> Self {
        let (act, of) = match action.split_once('.') {
            Some((act, of)) => match of.parse().ok() {
                Some(serial) => (act, Some(serial)),
                None => return Self::Look,
            },
            None => (action, None),
        };
        match (act, of) {
            ("publish", of) => Self::Publish(of),
            ("hold", of) => Self::Hold(of),
            ("contact", Some(serial)) => Self::Contact(serial),
            _ => Self::Look,
        }
    }
}

fn chosen(pairs: &FormPairs) -> Chosen {
    let mut chosen = Chosen::default();
    for (name, value) in pairs.iter() {
        match name {
            "comment" => chosen.ticked.extend(value.parse::<i64>()),
            HOLD_TICKED => chosen.reason = value.into(),
            other => {
                let serial = other.strip_prefix("hold.").and_then(|s| s.parse().ok());
                if let Some(serial) = serial {
                    chosen.reasons.insert(serial, value.into());
                }
            }
        }
    }
    chosen
}

/// What the page showed of a comment. A form that does not say is answered with the page anew.
fn seen(pairs: &FormPairs, serial: i64) -> Timestamp {
    pairs
        .get(&seen_field(serial))
        .and_then(|instant| instant.parse().ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

fn filter(at: &AtDesk) -> QueueFilter {
    let parsed = |name: &str| at.query(name);
    QueueFilter {
        state: parsed("state").and_then(|code| code.parse().ok()),
        clause: parsed("clause").and_then(|id| id.parse().ok()),
        q: parsed("q"),
        after: parsed("after").filter(|key| key.parse::<i64>().is_ok()),
        unanswered: false,
    }
}

/// What is shown besides the list.
#[derive(Default)]
struct Shown {
    chosen: Chosen,
    wrong: Option<Violations>,
    refused: Vec<(CommentNumber, String)>,
    contact: Option<(CommentNumber, Option<String>)>,
}

async fn page(at: &AtDesk, opened: &Opened, shown: Shown) -> Result<Response, Refusal> {
    let backend = &at.state.backend;
    let mut filter = filter(at);
    let number = opened.consultation.number;
    let mut shown = shown;
    let listed = match comments::queue(backend, &opened.permit, number, filter.clone()).await {
        // A text that is too long to look for: said at its field, with the unfiltered list.
        Err(Error::Invalid(wrong)) => {
            shown.wrong = Some(wrong);
            let all = QueueFilter {
                q: None,
                ..filter.clone()
            };
            comments::queue(backend, &opened.permit, number, all).await?
        }
        other => other?,
    };
    if filter.q.as_deref().is_some_and(|q| q.trim().is_empty()) {
        filter.q = None;
    }
    let draft = round_draft(at, opened).await?;
    let failed = shown.wrong.is_some() || !shown.refused.is_empty();
    let contact = shown.contact.as_ref();
    let html = queue_page(
        &at.desk,
        QueueData {
            consultation: &opened.consultation,
            draft: draft.as_deref(),
            filter: &filter,
            comments: &listed,
            chosen: &shown.chosen,
            wrong: shown.wrong.as_ref(),
            refused: &shown.refused,
            contact: contact.map(|(number, contact)| (*number, contact.as_deref())),
        },
    );
    Ok(if failed {
        at.refuse(html)
    } else {
        at.show(html)
    })
}

/// The version under consultation.
pub async fn round_draft(at: &AtDesk, opened: &Opened) -> Result<Option<Arc<Draft>>, Refusal> {
    let Some(version) = opened.consultation.current_version() else {
        return Ok(None);
    };
    let viewer = Viewer::Staff(&opened.permit);
    let number = opened.consultation.number;
    Ok(drafts::get(&at.state.backend, number, version, viewer).await?)
}

/// `GET /desk/c/{number}/queue`.
pub async fn show(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    page(&at, &opened, Shown::default()).await
}

/// The comments that a button is about, and the decision on them. Nothing ticked and no reason
/// chosen are faults.
fn decided(
    chosen: &Chosen,
    of: Option<i64>,
    hold: bool,
) -> Result<(Vec<i64>, Moderation), Violations> {
    let mut wrong = Violations::new();
    let mut serials: Vec<i64> = match of {
        Some(serial) => vec![serial],
        None => chosen.ticked.iter().copied().collect(),
    };
    serials.sort_unstable();
    if serials.is_empty() {
        wrong.add(TICKED, Fault::Required);
    }
    let mut decision = Moderation::Publish;
    if hold {
        let (field, reason) = match of {
            Some(serial) => (hold_field(serial), chosen.reasons.get(&serial)),
            None => (HOLD_TICKED.into(), Some(&chosen.reason)),
        };
        let reason = match reason.map_or("", String::as_str) {
            "" => Err(Fault::Required),
            code => code.parse().map_err(|_| Fault::Unknown),
        };
        if let Some(reason) = wrong.keep(field, reason) {
            decision = Moderation::Hold(reason);
        }
    }
    wrong.into_result(|| (serials, decision))
}

/// `POST /desk/c/{number}/queue`.
pub async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.moderate(opened.unit)?;
    let chosen = chosen(&pairs);
    let comment = |serial: i64| CommentNumber {
        consultation: number,
        serial,
    };
    let mut shown = Shown {
        chosen,
        ..Shown::default()
    };
    let (of, hold) = match Press::read(pairs.get("action").unwrap_or_default()) {
        Press::Look => return page(&at, &opened, shown).await,
        Press::Contact(serial) => {
            let moment = &mut at.edge.moment;
            let contact = comments::contact(&at.state.backend, moment, &permit, comment(serial));
            shown.contact = Some((comment(serial), contact.await?));
            return page(&at, &opened, shown).await;
        }
        Press::Publish(of) => (of, false),
        Press::Hold(of) => (of, true),
    };
    let (serials, decision) = match decided(&shown.chosen, of, hold) {
        Ok(decided) => decided,
        Err(wrong) => {
            shown.wrong = Some(wrong);
            return page(&at, &opened, shown).await;
        }
    };
    let mut done = 0;
    for serial in serials {
        let moment = &mut at.edge.moment;
        let backend = &at.state.backend;
        let seen = Some(seen(&pairs, serial));
        match comments::moderate(backend, moment, &permit, comment(serial), decision, seen).await {
            Ok(()) => {
                done += 1;
                shown.chosen.reasons.remove(&serial);
            }
            Err(error @ (Error::Conflict(_) | Error::NotFound)) => {
                let why = at.sentence(&error.into());
                shown.refused.push((comment(serial), why));
            }
            Err(error) => return Err(error.into()),
        }
        // What was refused is read and ticked anew.
        shown.chosen.ticked.remove(&serial);
    }
    if !shown.refused.is_empty() {
        let opened = at.open(number).await?;
        return page(&at, &opened, shown).await;
    }
    let what = match decision {
        Moderation::Publish => Done::CommentsPublished,
        Moderation::Hold(_) => Done::CommentsHeld,
    };
    let filter = filter(&at);
    let mut path = address(number, &filter);
    if let Some(after) = filter.after {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str("after=");
        path.push_str(&after);
    }
    Ok(at.done(&path, what, done))
}

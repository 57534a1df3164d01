//! Applications: eligible or not, one or all that are ticked; contact data, on record.

use super::open;
use crate::body::{FormPairs, Path};
use crate::desk::AtDesk;
use crate::desk::here::Opened;
use crate::desk::queue::round_draft;
use crate::problem::Refusal;
use axum::response::Response;
use backend::hearings::ApplicationFilter;
use backend::{Error, hearings};
use console::hearings::{
    ApplicationsData, Decided, TICKED, TICKED_REASON, address, application_seen_field,
    applications_page, list_address, reason_field,
};
use console::notice::Done;
use domain::Timestamp;
use domain::hearings::{ApplicationNumber, Hearing, HearingNumber, RawEntry, RawReview};
use domain::problem::{Fault, Violations};

/// What a button does, and to which application; `None` for all that are ticked.
enum Press {
    Decide(Option<i64>, bool),
    Contact(i64),
    /// A participant whom staff enter themselves.
    Enter,
    /// Shows the page again.
    Look,
}

impl Press {
    /// Reads `eligible`, `ineligible.12`, `contact.12`.
    fn read(action: &str) -> Self {
        let (act, of) = match action.split_once('.') {
            Some((act, of)) => match of.parse().ok() {
                Some(serial) => (act, Some(serial)),
                None => return Self::Look,
            },
            None => (action, None),
        };
        match (act, of) {
            ("eligible", of) => Self::Decide(of, true),
            ("ineligible", of) => Self::Decide(of, false),
            ("contact", Some(serial)) => Self::Contact(serial),
            ("enter", None) => Self::Enter,
            _ => Self::Look,
        }
    }
}

fn decided(pairs: &FormPairs) -> Decided {
    let mut decided = Decided::default();
    for (name, value) in pairs.iter() {
        match name {
            "application" => decided.ticked.extend(value.parse::<i64>()),
            TICKED_REASON => decided.reason = value.into(),
            other => {
                let serial = other
                    .strip_prefix("application.")
                    .and_then(|rest| rest.strip_suffix(".reason"))
                    .and_then(|serial| serial.parse().ok());
                if let Some(serial) = serial {
                    decided.reasons.insert(serial, value.into());
                }
            }
        }
    }
    decided
}

/// What the page showed of an application. A form that does not say is answered with the page anew.
fn seen(pairs: &FormPairs, serial: i64) -> Timestamp {
    pairs
        .get(&application_seen_field(serial))
        .and_then(|instant| instant.parse().ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whom staff enter, as typed.
fn entry(pairs: &FormPairs) -> RawEntry {
    let of = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
    RawEntry {
        category: of("entry.category"),
        name: of("entry.name"),
        contact: of("entry.contact"),
    }
}

/// Faults of that form, under the names of its fields.
fn placed(wrong: Violations) -> Violations {
    let mut placed = Violations::new();
    for violation in wrong.0 {
        placed.add(format!("entry.{}", violation.field), violation.fault);
    }
    placed
}

/// The filter of the address. A category that the notice does not have is none.
fn filter(at: &AtDesk, hearing: &Hearing) -> ApplicationFilter {
    ApplicationFilter {
        state: at.query("state").and_then(|code| code.parse().ok()),
        category: at
            .query("category")
            .filter(|code| hearing.notice.category(code).is_some()),
        after: at.query("after").and_then(|key| key.parse().ok()),
    }
}

/// What is shown besides the list.
#[derive(Default)]
struct Shown {
    decided: Decided,
    wrong: Option<Violations>,
    refused: Vec<(ApplicationNumber, String)>,
    contact: Option<(ApplicationNumber, Option<String>)>,
    entry: RawEntry,
}

async fn page(
    at: &AtDesk,
    opened: &Opened,
    hearing: &Hearing,
    shown: Shown,
) -> Result<Response, Refusal> {
    let filter = filter(at, hearing);
    let backend = &at.state.backend;
    let listed = hearings::applications(backend, &opened.permit, hearing.id, &filter).await?;
    let draft = round_draft(at, opened).await?;
    let failed = shown.wrong.is_some() || !shown.refused.is_empty();
    let contact = shown.contact.as_ref();
    let html = applications_page(
        &at.desk,
        ApplicationsData {
            consultation: &opened.consultation,
            hearing,
            draft: draft.as_deref(),
            state: filter.state,
            category: filter.category.as_deref(),
            after: filter.after,
            applications: &listed,
            decided: &shown.decided,
            wrong: shown.wrong.as_ref(),
            refused: &shown.refused,
            entry: &shown.entry,
            contact: contact.map(|(number, contact)| (*number, contact.as_deref())),
        },
    );
    Ok(if failed {
        at.refuse(html)
    } else {
        at.show(html)
    })
}

/// `GET /desk/hearings/{hearing}/applications`.
pub async fn show(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    page(&at, &opened, &hearing, Shown::default()).await
}

/// The applications that a button is about, each with the review of it. Nothing ticked and no reason
/// where one is needed are faults.
fn reviews(
    decided: &Decided,
    of: Option<i64>,
    eligible: bool,
) -> Result<Vec<(i64, RawReview)>, Violations> {
    let mut wrong = Violations::new();
    let mut serials: Vec<i64> = match of {
        Some(serial) => vec![serial],
        None => decided.ticked.iter().copied().collect(),
    };
    serials.sort_unstable();
    if serials.is_empty() {
        wrong.add(TICKED, Fault::Required);
    }
    let (field, reason) = match of {
        Some(serial) => (reason_field(serial), decided.reasons.get(&serial)),
        None => (TICKED_REASON.into(), Some(&decided.reason)),
    };
    let review = RawReview {
        eligible,
        // What was typed beside another decision is not the reason of this one.
        reason: reason.filter(|_| !eligible).cloned(),
        seen: None,
    };
    if let Err(faults) = review.reason() {
        for violation in faults.0 {
            wrong.add(field.clone(), violation.fault);
        }
    }
    let reviews = serials
        .into_iter()
        .map(|serial| (serial, review.clone()))
        .collect();
    wrong.into_result(|| reviews)
}

/// `POST /desk/hearings/{hearing}/applications`.
pub async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = posted(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn posted(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = at.staff.identity.moderate(opened.unit)?;
    let application = |serial: i64| ApplicationNumber {
        hearing: number,
        serial,
    };
    let mut shown = Shown {
        decided: decided(pairs),
        entry: entry(pairs),
        ..Shown::default()
    };
    let (of, eligible) = match Press::read(pairs.get("action").unwrap_or_default()) {
        Press::Look => return page(at, &opened, &hearing, shown).await,
        Press::Contact(serial) => {
            let moment = &mut at.edge.moment;
            let backend = &at.state.backend;
            let contact = hearings::contact(backend, moment, &permit, application(serial)).await?;
            shown.contact = Some((application(serial), contact));
            return page(at, &opened, &hearing, shown).await;
        }
        Press::Enter => {
            let moment = &mut at.edge.moment;
            let lang = &hearing.unit.lang;
            let (backend, entry) = (&at.state.backend, shown.entry.clone());
            match hearings::enter(backend, moment, &permit, number, entry, lang).await {
                Ok(_) => {
                    let path = address(number, "/applications");
                    return Ok(at.done(&path, Done::ParticipantEntered, 1));
                }
                Err(Error::Invalid(wrong)) => {
                    shown.wrong = Some(placed(wrong));
                    return page(at, &opened, &hearing, shown).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Press::Decide(of, eligible) => (of, eligible),
    };
    let reviews = match reviews(&shown.decided, of, eligible) {
        Ok(reviews) => reviews,
        Err(wrong) => {
            shown.wrong = Some(wrong);
            return page(at, &opened, &hearing, shown).await;
        }
    };
    let mut done = 0;
    for (serial, review) in reviews {
        let review = RawReview {
            seen: Some(seen(pairs, serial)),
            ..review
        };
        let backend = &at.state.backend;
        let moment = &mut at.edge.moment;
        match hearings::review(backend, moment, &permit, application(serial), review).await {
            Ok(_) => {
                done += 1;
                shown.decided.reasons.remove(&serial);
            }
            Err(error @ (Error::Conflict(_) | Error::NotFound)) => {
                let why = at.sentence(&error.into());
                shown.refused.push((application(serial), why));
            }
            Err(error) => return Err(error.into()),
        }
        shown.decided.ticked.remove(&serial);
    }
    if !shown.refused.is_empty() {
        let (opened, hearing) = open(at, number).await?;
        return page(at, &opened, &hearing, shown).await;
    }
    let filter = filter(at, &hearing);
    let mut path = list_address(number, filter.state, filter.category.as_deref());
    if let Some(after) = filter.after {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str(&format!("after={after}"));
    }
    Ok(at.done(&path, Done::ApplicationsReviewed, done))
}

//! Draft versions: given, looked at, matched with the version before, compared.

use super::AtDesk;
use super::here::Opened;
use crate::body::{FileForm, FormPairs, Path, SentFile};
use crate::problem::Refusal;
use axum::extract::Request;
use axum::response::Response;
use backend::drafts::{self, NewDraft};
use backend::{Error, Viewer};
use console::drafts::{
    DraftsData, PreviewData, counterpart_field, drafts_page, preview_page, redline_page,
};
use console::notice::Done;
use domain::consultations::{Consultation, Number};
use domain::drafts::{Changes, Draft};
use domain::id::ClauseId;
use domain::limits;
use domain::problem::{Fault, Violation, Violations};
use std::sync::Arc;

/// `GET /desk/c/{number}/draft`.
pub async fn show(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let data = DraftsData {
        consultation: &opened.consultation,
        text: "",
        wrong: None,
    };
    Ok(at.show(drafts_page(&at.desk, data)))
}

/// `POST /desk/c/{number}/draft`.
pub async fn add(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    request: Request,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.edit(opened.unit)?;
    let sent = match FileForm::read(request, limits::DRAFT_FORM_BYTES).await {
        Ok(sent) => sent,
        Err(Refusal::TooLarge(_)) => {
            let limit = limits::DRAFT_BYTES;
            let wrong = Violations(vec![Violation {
                field: "file".into(),
                fault: Fault::TooLarge { limit },
            }]);
            return Ok(refused(&at, &opened.consultation, "", &wrong));
        }
        Err(refusal) => return Err(refusal),
    };
    let text = sent.pairs.get("text").unwrap_or_default();
    // A file if one was chosen, else the pasted text; faults belong to what is read.
    let (field, new) = match sent.file {
        Some(SentFile { name, bytes }) => {
            let filename = Some(name);
            ("file", NewDraft { bytes, filename })
        }
        None => {
            let (bytes, filename) = (text.as_bytes().to_vec(), None);
            ("text", NewDraft { bytes, filename })
        }
    };
    let moment = &mut at.edge.moment;
    let added = drafts::add(&at.state.backend, moment, &permit, number, new).await;
    match added {
        Ok(draft) => {
            let path = format!("/desk/c/{number}/draft/{}", draft.version);
            Ok(at.done(&path, Done::DraftAdded, 1))
        }
        Err(Error::Invalid(mut wrong)) => {
            for violation in &mut wrong.0 {
                violation.field = field.into();
            }
            Ok(refused(&at, &opened.consultation, text, &wrong))
        }
        Err(error) => Ok(at.again(error, |desk| {
            let data = DraftsData {
                consultation: &opened.consultation,
                text,
                wrong: None,
            };
            drafts_page(desk, data)
        })),
    }
}

fn refused(at: &AtDesk, consultation: &Consultation, text: &str, wrong: &Violations) -> Response {
    let data = DraftsData {
        consultation,
        text,
        wrong: Some(wrong),
    };
    at.refuse(drafts_page(&at.desk, data))
}

/// A version with the one it follows.
struct Version {
    draft: Arc<Draft>,
    before: Option<(Arc<Draft>, Changes)>,
}

impl Version {
    async fn read(at: &AtDesk, opened: &Opened, version: i64) -> Result<Self, Refusal> {
        let backend = &at.state.backend;
        let number = opened.consultation.number;
        let viewer = || Viewer::Staff(&opened.permit);
        let draft = drafts::get(backend, number, version, viewer())
            .await?
            .ok_or(Refusal::NotFound)?;
        let Some(base) = followed(&opened.consultation, version) else {
            return Ok(Self {
                draft,
                before: None,
            });
        };
        let old = drafts::get(backend, number, base, viewer()).await?;
        let changes = drafts::changes(backend, number, base, version, viewer()).await?;
        Ok(Self {
            draft,
            before: old.zip(changes),
        })
    }

    fn page(
        &self,
        at: &AtDesk,
        opened: &Opened,
        correcting: Option<usize>,
        wrong: Option<&Violations>,
    ) -> String {
        let data = PreviewData {
            consultation: &opened.consultation,
            draft: &self.draft,
            before: self.before.as_ref().map(|(old, changes)| (&**old, changes)),
            correcting,
            wrong,
        };
        preview_page(&at.desk, data)
    }
}

/// The version that a version was matched with: the last public one before it, or else the one
/// before it.
fn followed(consultation: &Consultation, version: i64) -> Option<i64> {
    let earlier = || {
        consultation
            .versions
            .iter()
            .rev()
            .filter(move |info| info.version < version)
    };
    earlier()
        .find(|info| info.published_at.is_some())
        .or_else(|| earlier().next())
        .map(|info| info.version)
}

/// `GET /desk/c/{number}/draft/{version}`.
pub async fn preview(
    at: AtDesk,
    Path((number, version)): Path<(Number, i64)>,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let found = Version::read(&at, &opened, version).await?;
    let correcting = at.query("correct").and_then(|place| place.parse().ok());
    Ok(at.show(found.page(&at, &opened, correcting, None)))
}

/// `POST /desk/c/{number}/draft/{version}`: puts matches right. A correction gives clauses other
/// ids, so each is found anew by its place, which stays.
pub async fn correct(
    mut at: AtDesk,
    Path((number, version)): Path<(Number, i64)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.edit(opened.unit)?;
    let mut found = Version::read(&at, &opened, version).await?;
    let mut saved = 0;
    for place in 0..found.draft.clauses.len() {
        let name = counterpart_field(place);
        let Some(value) = pairs.get(&name) else {
            continue;
        };
        let wanted = match value {
            "new" => Ok(None),
            id => id.parse::<ClauseId>().map(Some),
        };
        let Ok(wanted) = wanted else {
            return Ok(doubt(&at, &opened, &found, place, Fault::UnknownClause));
        };
        let clause = found.draft.clauses[place].id;
        let current = found.before.as_ref().and_then(|(_, changes)| {
            let change = changes.changes.iter().find(|c| c.to == Some(clause))?;
            change.from
        });
        if wanted == current {
            continue;
        }
        let moment = &mut at.edge.moment;
        let corrected = drafts::correct_match(
            &at.state.backend,
            moment,
            &permit,
            number,
            version,
            clause,
            wanted,
        );
        match corrected.await {
            Ok(()) => {
                saved += 1;
                found = Version::read(&at, &opened, version).await?;
            }
            Err(Error::Invalid(wrong)) => {
                let fault = wrong.0.into_iter().next().map(|violation| violation.fault);
                let fault = fault.unwrap_or(Fault::UnknownClause);
                return Ok(doubt(&at, &opened, &found, place, fault));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let path = format!("/desk/c/{number}/draft/{version}");
    Ok(at.done(&path, Done::MatchesSaved, saved))
}

fn doubt(at: &AtDesk, opened: &Opened, found: &Version, place: usize, fault: Fault) -> Response {
    let mut wrong = Violations::new();
    wrong.add(counterpart_field(place), fault);
    at.refuse(found.page(at, opened, Some(place), Some(&wrong)))
}

/// `GET /desk/c/{number}/changes/{a}/{b}`.
pub async fn changes(
    at: AtDesk,
    Path((number, a, b)): Path<(Number, i64, i64)>,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let viewer = Viewer::Staff(&opened.permit);
    let changes = drafts::changes(&at.state.backend, number, a, b, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let only_changed = at.query("only").is_some();
    let page = redline_page(&at.desk, &opened.consultation, &changes, only_changed);
    Ok(at.show(page))
}

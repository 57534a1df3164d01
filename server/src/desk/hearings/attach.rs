//! A paper with its file.

use super::open;
use crate::body::{FileForm, Path};
use crate::desk::AtDesk;
use crate::problem::Refusal;
use crate::rights;
use axum::extract::Request;
use axum::response::Response;
use backend::{Error, hearings};
use console::hearings::{AttachForm, address, attach_page};
use console::notice::Done;
use console::round::{instant, local};
use domain::hearings::{HearingNumber, RawPaperFile};
use domain::limits;
use domain::problem::{Fault, Violation, Violations};

/// `GET /desk/hearings/{hearing}/papers/attach`.
pub async fn ask(at: AtDesk, Path((number,)): Path<(HearingNumber,)>) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let form = AttachForm {
        delivered_at: local(at.edge.now(), &hearing.unit.zone),
        ..AttachForm::default()
    };
    let html = attach_page(&at.desk, &opened.consultation, &hearing, &form, None);
    Ok(at.show(html))
}

/// `POST /desk/hearings/{hearing}/papers/attach`.
pub async fn attach(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    request: Request,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let permit = rights::amending(&at.staff, opened.unit)?;
    let of = &opened.consultation;
    let sent = match FileForm::read(request, limits::PAPER_FORM_BYTES).await {
        Ok(sent) => sent,
        Err(Refusal::TooLarge(_)) => {
            let limit = limits::PAPER_BYTES;
            let wrong = Violations(vec![Violation {
                field: "file".into(),
                fault: Fault::TooLarge { limit },
            }]);
            let form = AttachForm::default();
            let html = attach_page(&at.desk, of, &hearing, &form, Some(&wrong));
            return Ok(at.refuse(html));
        }
        Err(refusal) => return Err(refusal),
    };
    let typed = |name| sent.pairs.get(name).unwrap_or_default().to_owned();
    let form = AttachForm {
        title: typed("title"),
        delivered_at: typed("delivered_at"),
    };
    let file = sent.file.unwrap_or_default();
    let mut wrong = Violations::new();
    let delivered_at = wrong.keep(
        "delivered_at",
        instant(&form.delivered_at, &hearing.unit.zone),
    );
    let raw = RawPaperFile {
        title: form.title.clone(),
        delivered_at: delivered_at.unwrap_or_default(),
        filename: file.name,
        bytes: file.bytes,
    };
    let new = match (raw.parse(), wrong.0.is_empty()) {
        (Ok(new), true) => new,
        (parsed, _) => {
            if let Err(mut more) = parsed {
                wrong.0.append(&mut more.0);
            }
            let html = attach_page(&at.desk, of, &hearing, &form, Some(&wrong));
            return Ok(at.refuse(html));
        }
    };
    let moment = &mut at.edge.moment;
    match hearings::attach(&at.state.backend, moment, &permit, number, new).await {
        Ok(()) => Ok(at.done(&address(number, "/papers"), Done::Saved, 1)),
        Err(Error::Invalid(wrong)) => {
            let html = attach_page(&at.desk, of, &hearing, &form, Some(&wrong));
            Ok(at.refuse(html))
        }
        Err(error) => Ok(at.again(error, |desk| attach_page(desk, of, &hearing, &form, None))),
    }
}

//! The period: form, last look, publication.

use super::AtDesk;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, consultations};
use console::notice::Done;
use console::round::{RoundForm, RoundStep, instant, proposal, round_page};
use domain::Timestamp;
use domain::consultations::{Consultation, Number, Publish};
use domain::problem::{Fault, Violations};

/// `GET /desk/c/{number}/round`.
pub async fn show(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let consultation = &opened.consultation;
    let newest = consultation.versions.last().map(|info| info.version);
    let asked = at.query("version").and_then(|version| version.parse().ok());
    let (opens_at, closes_at) = proposal(at.edge.now(), &consultation.unit.zone);
    let form = RoundForm {
        version: asked.or(newest).unwrap_or(1).to_string(),
        opens_at,
        closes_at,
        reason_for_short_period: String::new(),
    };
    let step = RoundStep::Form(None);
    Ok(at.show(round_page(&at.desk, consultation, &form, step)))
}

/// `POST /desk/c/{number}/round`.
pub async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let consultation = &opened.consultation;
    let field = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
    let form = RoundForm {
        version: field("version"),
        opens_at: field("opens_at"),
        closes_at: field("closes_at"),
        reason_for_short_period: field("reason_for_short_period"),
    };
    let publish = match parse(&form, consultation) {
        Ok(publish) => publish,
        Err(violations) => return Ok(wrong(&at, consultation, &form, &violations)),
    };
    match field("action").as_str() {
        "publish" => {
            let backend = &at.state.backend;
            let moment = &mut at.edge.moment;
            match consultations::publish(backend, moment, &permit, number, publish).await {
                Ok(_) => Ok(at.done(&format!("/desk/c/{number}"), Done::RoundPublished, 1)),
                Err(Error::Invalid(violations)) => Ok(wrong(&at, consultation, &form, &violations)),
                Err(error) => Ok(at.again(error, |desk| {
                    round_page(desk, consultation, &form, RoundStep::Form(None))
                })),
            }
        }
        "change" => {
            let step = RoundStep::Form(None);
            Ok(at.show(round_page(&at.desk, consultation, &form, step)))
        }
        _ => match publish.round(at.edge.now()) {
            Ok(round) => {
                let step = RoundStep::Review(&round);
                Ok(at.show(round_page(&at.desk, consultation, &form, step)))
            }
            Err(violations) => Ok(wrong(&at, consultation, &form, &violations)),
        },
    }
}

fn wrong(
    at: &AtDesk,
    consultation: &Consultation,
    form: &RoundForm,
    violations: &Violations,
) -> Response {
    let step = RoundStep::Form(Some(violations));
    at.refuse(round_page(&at.desk, consultation, form, step))
}

fn parse(form: &RoundForm, consultation: &Consultation) -> Result<Publish, Violations> {
    let mut wrong = Violations::new();
    let zone = &consultation.unit.zone;
    let version = form.version.parse().map_err(|_| Fault::Unknown);
    let known = |version: i64| {
        let versions = &consultation.versions;
        if versions.iter().any(|info| info.version == version) {
            Ok(version)
        } else {
            Err(Fault::Unknown)
        }
    };
    let version = wrong.keep("version", version.and_then(known));
    let opens_at = wrong.keep("opens_at", instant(&form.opens_at, zone));
    let closes_at = wrong.keep("closes_at", instant(&form.closes_at, zone));
    wrong.into_result(|| Publish {
        version: version.unwrap_or_default(),
        opens_at: opens_at.unwrap_or(Timestamp::UNIX_EPOCH),
        closes_at: closes_at.unwrap_or(Timestamp::UNIX_EPOCH),
        reason_for_short_period: Some(form.reason_for_short_period.clone()),
    })
}

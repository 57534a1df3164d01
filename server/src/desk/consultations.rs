//! One consultation: its facts, where it stands, and giving it up.

use super::AtDesk;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use crate::rights;
use axum::response::Response;
use backend::consultations::livelihood;
use backend::{Error, consultations, units};
use console::consultations::{
    FactsData, StatusData, facts_page, livelihood_page, status_page, withdraw_page,
};
use console::notice::Done;
use domain::consultations::{Consultation, NewConsultation, Number};
use domain::livelihood::RawLivelihood;
use domain::problem::Violations;

/// `GET /desk/c/{number}`.
pub async fn show(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let work = at.work(&opened).await?;
    let slug = &opened.consultation.unit.slug;
    let origins = units::origins(&at.state.backend, slug).await?;
    let (livelihood, polls_before) = livelihood::read(&at.state.backend, number).await?;
    let data = StatusData {
        consultation: &opened.consultation,
        work,
        livelihood: &livelihood,
        polls_before,
        origins: &origins,
    };
    Ok(at.show(status_page(&at.desk, data)))
}

fn typed(pairs: &FormPairs) -> NewConsultation {
    let field = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
    NewConsultation {
        unit: field("unit"),
        title: field("title"),
        summary: field("summary"),
        explanation: field("explanation"),
        contact: Some(field("contact")),
        other_ways: Some(field("other_ways")),
    }
}

fn facts(
    at: &AtDesk,
    form: &NewConsultation,
    of: Option<&Consultation>,
    wrong: Option<&Violations>,
) -> Response {
    let html = facts_page(&at.desk, FactsData { form, of, wrong });
    match wrong {
        Some(_) => at.refuse(html),
        None => at.show(html),
    }
}

fn facts_again(
    at: &mut AtDesk,
    form: &NewConsultation,
    of: Option<&Consultation>,
    refusal: Refusal,
) -> Response {
    let data = FactsData {
        form,
        of,
        wrong: None,
    };
    at.again(refusal, |desk| facts_page(desk, data))
}

/// `GET /desk/c/new`.
pub async fn new(at: AtDesk) -> Response {
    facts(&at, &NewConsultation::default(), None, None)
}

/// `POST /desk/c/new`.
pub async fn create(mut at: AtDesk, pairs: FormPairs) -> Result<Response, Refusal> {
    let form = typed(&pairs);
    let parsed = form.facts();
    let (unit, parsed) = match (rights::unit_named(&at.state, &form.unit).await, parsed) {
        (Ok(unit), Ok(facts)) => (unit, facts),
        (unit, parsed) => {
            let mut wrong = parsed.err().unwrap_or_default();
            match unit {
                Ok(_) => {}
                Err(Refusal::Invalid(more)) => wrong.0.splice(0..0, more.0).for_each(drop),
                Err(other) => return Ok(facts_again(&mut at, &form, None, other)),
            }
            return Ok(facts(&at, &form, None, Some(&wrong)));
        }
    };
    let created = match at.staff.identity.edit(unit) {
        Ok(permit) => {
            let moment = &mut at.edge.moment;
            consultations::create(&at.state.backend, moment, &permit, parsed).await
        }
        Err(forbidden) => Err(forbidden.into()),
    };
    match created {
        Ok(number) => Ok(at.done(&format!("/desk/c/{number}"), Done::Created, 1)),
        Err(error) => Ok(facts_again(&mut at, &form, None, error.into())),
    }
}

/// `GET /desk/c/{number}/edit`.
pub async fn edit(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let stored = opened.consultation.clone();
    let form = NewConsultation {
        unit: stored.unit.slug,
        title: stored.title,
        summary: stored.summary,
        explanation: stored.explanation,
        contact: stored.contact,
        other_ways: stored.other_ways,
    };
    Ok(facts(&at, &form, Some(&opened.consultation), None))
}

/// `POST /desk/c/{number}/edit`.
pub async fn update(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.edit(opened.unit)?;
    let form = typed(&pairs);
    match form.facts() {
        Ok(facts) => {
            let moment = &mut at.edge.moment;
            let updated =
                consultations::update(&at.state.backend, moment, &permit, number, facts).await;
            match updated {
                Ok(_) => Ok(at.done(&format!("/desk/c/{number}"), Done::Saved, 1)),
                Err(error) => {
                    let of = Some(&opened.consultation);
                    Ok(facts_again(&mut at, &form, of, error.into()))
                }
            }
        }
        Err(wrong) => Ok(facts(&at, &form, Some(&opened.consultation), Some(&wrong))),
    }
}

/// `GET /desk/c/{number}/withdraw`.
pub async fn ask_withdraw(
    at: AtDesk,
    Path((number,)): Path<(Number,)>,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    Ok(at.show(withdraw_page(&at.desk, &opened.consultation, "", None)))
}

/// `POST /desk/c/{number}/withdraw`.
pub async fn withdraw(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let reason = pairs.get("reason").unwrap_or_default();
    let moment = &mut at.edge.moment;
    let backend = &at.state.backend;
    match consultations::withdraw(backend, moment, &permit, number, reason.to_owned()).await {
        Ok(()) => Ok(at.done(&format!("/desk/c/{number}"), Done::Withdrawn, 1)),
        Err(Error::Invalid(wrong)) => {
            let page = withdraw_page(&at.desk, &opened.consultation, reason, Some(&wrong));
            Ok(at.refuse(page))
        }
        Err(error) => Ok(at.again(error, |desk| {
            withdraw_page(desk, &opened.consultation, reason, None)
        })),
    }
}

/// `GET /desk/c/{number}/livelihood`.
pub async fn ask_livelihood(
    at: AtDesk,
    Path((number,)): Path<(Number,)>,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let (stored, _) = livelihood::read(&at.state.backend, number).await?;
    let form = RawLivelihood {
        fields: stored.fields,
        no_poll_reason: stored.no_poll_reason.unwrap_or_default(),
    };
    let html = livelihood_page(&at.desk, &opened.consultation, &form, None);
    Ok(at.show(html))
}

/// `POST /desk/c/{number}/livelihood`.
pub async fn livelihood(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.edit(opened.unit)?;
    let of = &opened.consultation;
    let form = RawLivelihood {
        fields: pairs
            .iter()
            .filter(|(name, _)| *name == "field")
            .filter_map(|(_, code)| code.parse().ok())
            .collect(),
        no_poll_reason: pairs.get("no_poll_reason").unwrap_or_default().to_owned(),
    };
    let parsed = match form.parse() {
        Ok(parsed) => parsed,
        Err(wrong) => {
            let html = livelihood_page(&at.desk, of, &form, Some(&wrong));
            return Ok(at.refuse(html));
        }
    };
    let moment = &mut at.edge.moment;
    match livelihood::set(&at.state.backend, moment, &permit, number, &parsed).await {
        Ok(()) => Ok(at.done(&format!("/desk/c/{number}"), Done::Saved, 1)),
        Err(error) => Ok(at.again(error, |desk| livelihood_page(desk, of, &form, None))),
    }
}

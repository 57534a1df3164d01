//! Papers, minutes and report.

use super::open;
use crate::body::{FormPairs, Path};
use crate::desk::AtDesk;
use crate::desk::queue::round_draft;
use crate::problem::Refusal;
use crate::rights;
use axum::response::Response;
use backend::{Error, hearings};
use console::hearings::{
    MinutesForm, MinutesStep, PapersForm, address, minutes_page, papers_page, report_page,
};
use console::notice::Done;
use console::rows::Press;
use domain::hearings::HearingNumber;

/// `GET /desk/hearings/{hearing}/papers`.
pub async fn papers(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let form = PapersForm::of(&hearing.papers, &hearing.unit.zone);
    let html = papers_page(&at.desk, &opened.consultation, &hearing, &form, None);
    Ok(at.show(html))
}

/// `POST /desk/hearings/{hearing}/papers`.
pub async fn set_papers(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = papers_set(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn papers_set(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = rights::amending(&at.staff, opened.unit)?;
    let of = &opened.consultation;
    let mut form = PapersForm::read(pairs.iter());
    let press = Press::read(pairs.get("action").unwrap_or_default());
    form.press(&press, at.edge.now(), &hearing.unit.zone);
    if press != Press::Other("save".into()) {
        return Ok(at.show(papers_page(&at.desk, of, &hearing, &form, None)));
    }
    let papers = match form.papers(&hearing.papers, &hearing.unit.zone) {
        Ok(papers) => papers,
        Err(wrong) => {
            let html = papers_page(&at.desk, of, &hearing, &form, Some(&wrong));
            return Ok(at.refuse(html));
        }
    };
    let moment = &mut at.edge.moment;
    match hearings::set_papers(&at.state.backend, moment, &permit, number, &papers).await {
        Ok(()) => Ok(at.done(&address(number, "/papers"), Done::Saved, 1)),
        Err(Error::Invalid(wrong)) => {
            let html = papers_page(&at.desk, of, &hearing, &form, Some(&wrong));
            Ok(at.refuse(html))
        }
        Err(error) => Ok(at.again(error, |desk| papers_page(desk, of, &hearing, &form, None))),
    }
}

/// `GET /desk/hearings/{hearing}/minutes`.
pub async fn minutes(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let draft = round_draft(&at, &opened).await?;
    let mut form = MinutesForm::default();
    form.press(&Press::Add);
    let step = MinutesStep::Form(None);
    let of = &opened.consultation;
    let html = minutes_page(&at.desk, of, &hearing, draft.as_deref(), &form, step);
    Ok(at.show(html))
}

/// `POST /desk/hearings/{hearing}/minutes`: rows, a last look, publication.
pub async fn publish_minutes(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = minutes_published(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn minutes_published(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let of = &opened.consultation;
    let draft = round_draft(at, &opened).await?;
    let mut form = MinutesForm::read(pairs.iter());
    let press = Press::read(pairs.get("action").unwrap_or_default());
    form.press(&press);
    let page = |desk: &_, step| minutes_page(desk, of, &hearing, draft.as_deref(), &form, step);
    let publishes = press == Press::Other("publish".into());
    if !publishes && press != Press::Other("review".into()) {
        return Ok(at.show(page(&at.desk, MinutesStep::Form(None))));
    }
    let raw = match form.minutes(draft.as_deref(), &hearing.unit.zone) {
        Ok(raw) => raw,
        Err(wrong) => return Ok(at.refuse(page(&at.desk, MinutesStep::Form(Some(&wrong))))),
    };
    if !publishes {
        return Ok(at.show(page(&at.desk, MinutesStep::Review)));
    }
    let moment = &mut at.edge.moment;
    let backend = &at.state.backend;
    match hearings::publish_minutes(backend, moment, &permit, number, &raw).await {
        Ok(()) => Ok(at.done(&address(number, "/minutes"), Done::MinutesPublished, 1)),
        Err(Error::Invalid(wrong)) => {
            Ok(at.refuse(page(&at.desk, MinutesStep::Form(Some(&wrong)))))
        }
        Err(error) => Ok(at.again(error, |desk| page(desk, MinutesStep::Form(None)))),
    }
}

/// `GET /desk/hearings/{hearing}/report`.
pub async fn report(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let report = hearing.report.as_deref().unwrap_or("");
    let html = report_page(&at.desk, &opened.consultation, &hearing, report, None);
    Ok(at.show(html))
}

/// `POST /desk/hearings/{hearing}/report`.
pub async fn publish_report(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = report_published(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn report_published(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let report = pairs.get("report").unwrap_or_default();
    let of = &opened.consultation;
    let moment = &mut at.edge.moment;
    let backend = &at.state.backend;
    match hearings::publish_report(backend, moment, &permit, number, report).await {
        Ok(()) => Ok(at.done(&address(number, ""), Done::ReportPublished, 1)),
        Err(Error::Invalid(wrong)) => {
            let html = report_page(&at.desk, of, &hearing, report, Some(&wrong));
            Ok(at.refuse(html))
        }
        Err(error) => Ok(at.again(error, |desk| report_page(desk, of, &hearing, report, None))),
    }
}

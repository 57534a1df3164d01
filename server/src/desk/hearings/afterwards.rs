//! After a session: corrections of the minutes, and observers' opinions.

use super::open;
use crate::body::{FormPairs, Path};
use crate::desk::AtDesk;
use crate::desk::here::Opened;
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, hearings};
use console::desk::Desk;
use console::hearings::{Answers, address, answer_field, corrections_page, opinions_page};
use console::notice::Done;
use domain::hearings::{ApplicationNumber, Hearing, HearingNumber, RawCorrectionAnswer, RawReply};
use domain::problem::Violations;

/// Reads `accept.12`: what is done, and to whose entry.
fn press(pairs: &FormPairs) -> Option<(&str, i64)> {
    let (act, serial) = pairs.get("action")?.split_once('.')?;
    Some((act, serial.parse().ok()?))
}

/// Faults of one entry's answer, under the field in which it was typed.
fn beside(wrong: Violations, serial: i64) -> Violations {
    let mut placed = Violations::new();
    for violation in wrong.0 {
        placed.add(answer_field(serial), violation.fault);
    }
    placed
}

/// The screen again, with what stood in the way of the answer to one entry.
fn not_answered(
    at: &mut AtDesk,
    error: Error,
    serial: i64,
    page: impl FnOnce(&Desk, Option<&Violations>) -> String,
) -> Result<Response, Refusal> {
    match error {
        Error::Invalid(wrong) => {
            let wrong = beside(wrong, serial);
            Ok(at.refuse(page(&at.desk, Some(&wrong))))
        }
        error @ Error::Conflict(_) => Ok(at.again(error, |desk| page(desk, None))),
        error => Err(error.into()),
    }
}

async fn corrections_html(
    at: &AtDesk,
    opened: &Opened,
    hearing: &Hearing,
    typed: &Answers,
) -> Result<String, Refusal> {
    let backend = &at.state.backend;
    let asked = hearings::corrections(backend, &opened.permit, hearing.id).await?;
    let of = &opened.consultation;
    Ok(corrections_page(&at.desk, of, hearing, &asked, typed, None))
}

/// `GET /desk/hearings/{hearing}/corrections`.
pub async fn corrections(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let typed = Answers::default();
    let html = corrections_html(&at, &opened, &hearing, &typed).await?;
    Ok(at.show(html))
}

/// `POST /desk/hearings/{hearing}/corrections`: accepts one, or refuses it with a reason.
pub async fn answer_correction(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = correction_answered(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn correction_answered(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let typed = Answers::read(pairs.iter());
    let (accepted, serial) = match press(pairs) {
        Some(("accept", serial)) => (true, serial),
        Some(("refuse", serial)) => (false, serial),
        _ => {
            let html = corrections_html(at, &opened, &hearing, &typed).await?;
            return Ok(at.show(html));
        }
    };
    let answer = RawCorrectionAnswer {
        accepted,
        text: typed.of(serial).into(),
    };
    let whose = ApplicationNumber {
        hearing: number,
        serial,
    };
    let seen = typed.seen.get(&serial).copied();
    let (backend, moment) = (&at.state.backend, &mut at.edge.moment);
    let done = hearings::answer_correction(backend, moment, &permit, whose, &answer, seen).await;
    let Err(error) = done else {
        let screen = address(number, "/corrections");
        return Ok(at.done(&screen, Done::CorrectionAnswered, 1));
    };
    let asked = hearings::corrections(&at.state.backend, &opened.permit, number).await?;
    let of = &opened.consultation;
    not_answered(at, error, serial, |desk, wrong| {
        corrections_page(desk, of, &hearing, &asked, &typed, wrong)
    })
}

async fn opinions_html(
    at: &AtDesk,
    opened: &Opened,
    hearing: &Hearing,
    typed: &Answers,
) -> Result<String, Refusal> {
    let backend = &at.state.backend;
    let received = hearings::opinions(backend, &opened.permit, hearing.id).await?;
    let of = &opened.consultation;
    Ok(opinions_page(&at.desk, of, hearing, &received, typed, None))
}

/// `GET /desk/hearings/{hearing}/opinions`.
pub async fn opinions(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let typed = Answers::default();
    let html = opinions_html(&at, &opened, &hearing, &typed).await?;
    Ok(at.show(html))
}

/// `POST /desk/hearings/{hearing}/opinions`: replies to one, and publishes it if that is ticked.
pub async fn reply(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = replied(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn replied(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let typed = Answers::read(pairs.iter());
    let Some(("reply", serial)) = press(pairs) else {
        let html = opinions_html(at, &opened, &hearing, &typed).await?;
        return Ok(at.show(html));
    };
    let reply = RawReply {
        reply: typed.of(serial).into(),
        publish: typed.publish.contains(&serial),
    };
    let whose = ApplicationNumber {
        hearing: number,
        serial,
    };
    let seen = typed.seen.get(&serial).copied();
    let (backend, moment) = (&at.state.backend, &mut at.edge.moment);
    let done = hearings::reply(backend, moment, &permit, whose, &reply, seen).await;
    let Err(error) = done else {
        return Ok(at.done(&address(number, "/opinions"), Done::OpinionAnswered, 1));
    };
    let received = hearings::opinions(&at.state.backend, &opened.permit, number).await?;
    let of = &opened.consultation;
    not_answered(at, error, serial, |desk, wrong| {
        opinions_page(desk, of, &hearing, &received, &typed, wrong)
    })
}

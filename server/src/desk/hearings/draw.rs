//! The draw: the list is fixed, then the number entered, each after a last look.

use super::open;
use crate::body::{FormPairs, Path};
use crate::desk::AtDesk;
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, hearings};
use console::hearings::{DrawData, DrawForm, DrawStep, address, draw_page};
use console::notice::Done;
use domain::hearings::HearingNumber;

/// `GET /desk/hearings/{hearing}/draw`.
pub async fn show(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let draw = hearings::published_draw(&at.state.backend, number).await?;
    let data = DrawData {
        consultation: &opened.consultation,
        hearing: &hearing,
        draw: draw.as_ref(),
        form: &DrawForm::default(),
        step: DrawStep::Form(None),
    };
    Ok(at.show(draw_page(&at.desk, data)))
}

/// `POST /desk/hearings/{hearing}/draw`: what is typed, a last look, the press that makes it public.
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
    let permit = at.staff.identity.approve(opened.unit)?;
    let backend = &at.state.backend;
    let before = hearings::published_draw(backend, number).await?;
    let field = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
    let form = DrawForm {
        seed_source: field("seed_source"),
        seed_known_at: field("seed_known_at"),
        seed: field("seed"),
    };
    let data = |step| DrawData {
        consultation: &opened.consultation,
        hearing: &hearing,
        draw: before.as_ref(),
        form: &form,
        step,
    };
    let action = pairs.get("action").unwrap_or_default();
    let zone = &hearing.unit.zone;
    let moment = &mut at.edge.moment;
    let (outcome, done) = match action {
        "review-freeze" | "freeze" => match form.named(moment.now, zone) {
            Ok((source, known)) if action == "freeze" => {
                let known = Some(known);
                let frozen =
                    hearings::freeze(backend, moment, &permit, number, &source, known).await;
                (frozen.map(|_| ()), Done::ListFrozen)
            }
            named => {
                let step = match &named {
                    Ok(_) => DrawStep::Review,
                    Err(wrong) => DrawStep::Form(Some(wrong)),
                };
                let html = draw_page(&at.desk, data(step));
                return Ok(if named.is_ok() {
                    at.show(html)
                } else {
                    at.refuse(html)
                });
            }
        },
        "review" | "draw" => match form.seed() {
            Ok(seed) if action == "draw" => {
                let drawn = hearings::draw(backend, moment, &permit, number, &seed).await;
                (drawn.map(|_| ()), Done::Drawn)
            }
            read => {
                let step = match &read {
                    Ok(_) => DrawStep::Review,
                    Err(wrong) => DrawStep::Form(Some(wrong)),
                };
                let html = draw_page(&at.desk, data(step));
                return Ok(if read.is_ok() {
                    at.show(html)
                } else {
                    at.refuse(html)
                });
            }
        },
        _ => return Ok(at.show(draw_page(&at.desk, data(DrawStep::Form(None))))),
    };
    match outcome {
        Ok(()) => Ok(at.done(&address(number, "/draw"), done, 1)),
        Err(Error::Invalid(wrong)) => {
            let html = draw_page(&at.desk, data(DrawStep::Form(Some(&wrong))));
            Ok(at.refuse(html))
        }
        Err(error) => Ok(at.again(error, |desk| draw_page(desk, data(DrawStep::Form(None))))),
    }
}

//! The draw: the list is fixed, then the number entered.

use super::open;
use crate::body::{FormPairs, Path};
use crate::desk::AtDesk;
use crate::desk::here::Opened;
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, hearings};
use console::hearings::{DrawData, address, draw_page};
use console::notice::Done;
use domain::hearings::{Draw, Hearing, HearingNumber};
use domain::problem::Violations;

fn data<'a>(
    opened: &'a Opened,
    hearing: &'a Hearing,
    draw: Option<&'a Draw>,
    typed: &'a str,
    wrong: Option<&'a Violations>,
) -> DrawData<'a> {
    DrawData {
        consultation: &opened.consultation,
        hearing,
        draw,
        typed,
        wrong,
    }
}

/// `GET /desk/hearings/{hearing}/draw`.
pub async fn show(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let draw = hearings::published_draw(&at.state.backend, number).await?;
    let data = data(&opened, &hearing, draw.as_ref(), "", None);
    Ok(at.show(draw_page(&at.desk, data)))
}

/// `POST /desk/hearings/{hearing}/draw`.
pub async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let backend = &at.state.backend;
    let before = hearings::published_draw(backend, number).await?;
    let moment = &mut at.edge.moment;
    let field = |name: &str| pairs.get(name).unwrap_or_default();
    let (outcome, typed, done) = match field("action") {
        "freeze" => {
            let source = field("seed_source");
            let frozen = hearings::freeze(backend, moment, &permit, number, source, None).await;
            (frozen, source, Done::ListFrozen)
        }
        "draw" => {
            let seed = field("seed");
            let drawn = hearings::draw(backend, moment, &permit, number, seed).await;
            (drawn, seed, Done::Drawn)
        }
        _ => {
            let data = data(&opened, &hearing, before.as_ref(), "", None);
            return Ok(at.show(draw_page(&at.desk, data)));
        }
    };
    match outcome {
        Ok(_) => Ok(at.done(&address(number, "/draw"), done, 1)),
        Err(Error::Invalid(wrong)) => {
            let data = data(&opened, &hearing, before.as_ref(), typed, Some(&wrong));
            Ok(at.refuse(draw_page(&at.desk, data)))
        }
        Err(error) => Ok(at.again(error, |desk| {
            draw_page(desk, data(&opened, &hearing, before.as_ref(), typed, None))
        })),
    }
}

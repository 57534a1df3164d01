//! The notice: a form with rows that comes back whole at each press until it is saved.

use super::open;
use crate::body::{FormPairs, Path};
use crate::desk::AtDesk;
use crate::problem::Refusal;
use crate::rights;
use app::i18n::{Lang, T};
use axum::response::Response;
use backend::{Error, hearings};
use console::hearings::{HearingForm, NoticeData, address, notice_page};
use console::notice::Done;
use console::rows::Press;
use domain::consultations::{Number, Unit};
use domain::hearings::HearingNumber;

/// The language in which a unit writes, as far as there are words in it.
fn theirs(at: &AtDesk, unit: &Unit) -> T {
    Lang::from_tag(&unit.lang).map_or(at.t(), T)
}

/// `GET /desk/c/{number}/hearings/new`.
pub async fn new(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let unit = &opened.consultation.unit;
    let form = HearingForm::proposed(at.edge.now(), &unit.zone, theirs(&at, unit));
    let data = NoticeData {
        consultation: &opened.consultation,
        of: None,
        public: false,
        form: &form,
        wrong: None,
    };
    Ok(at.show(notice_page(&at.desk, data)))
}

/// `POST /desk/c/{number}/hearings/new`.
pub async fn create(
    mut at: AtDesk,
    Path((number,)): Path<(Number,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = created(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn created(at: &mut AtDesk, number: Number, pairs: &FormPairs) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let permit = at.staff.identity.edit(opened.unit)?;
    let unit = &opened.consultation.unit;
    let mut form = HearingForm::read(pairs.iter());
    let press = Press::read(pairs.get("action").unwrap_or_default());
    form.press(&press, theirs(at, unit));
    let data = |form, wrong| NoticeData {
        consultation: &opened.consultation,
        of: None,
        public: false,
        form,
        wrong,
    };
    if press != Press::Other("save".into()) {
        return Ok(at.show(notice_page(&at.desk, data(&form, None))));
    }
    let notice = match form.notice(&unit.zone) {
        Ok(notice) => notice,
        Err(wrong) => return Ok(at.refuse(notice_page(&at.desk, data(&form, Some(&wrong))))),
    };
    let moment = &mut at.edge.moment;
    match hearings::create(&at.state.backend, moment, &permit, number, notice).await {
        Ok(created) => Ok(at.done(&address(created, ""), Done::Saved, 1)),
        Err(Error::Invalid(wrong)) => {
            Ok(at.refuse(notice_page(&at.desk, data(&form, Some(&wrong)))))
        }
        Err(error) => Ok(at.again(error, |desk| notice_page(desk, data(&form, None)))),
    }
}

/// `GET /desk/hearings/{hearing}/edit`.
pub async fn edit(
    at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(&at, number).await?;
    let form = HearingForm::of(&hearing.notice, &hearing.unit.zone);
    let data = NoticeData {
        consultation: &opened.consultation,
        of: Some(number),
        public: hearing.published_at.is_some(),
        form: &form,
        wrong: None,
    };
    Ok(at.show(notice_page(&at.desk, data)))
}

/// `POST /desk/hearings/{hearing}/edit`.
pub async fn update(
    mut at: AtDesk,
    Path((number,)): Path<(HearingNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = updated(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn updated(
    at: &mut AtDesk,
    number: HearingNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, hearing) = open(at, number).await?;
    let permit = rights::amending(&at.staff, opened.unit)?;
    let mut form = HearingForm::read(pairs.iter());
    let press = Press::read(pairs.get("action").unwrap_or_default());
    form.press(&press, theirs(at, &hearing.unit));
    let data = |form, wrong| NoticeData {
        consultation: &opened.consultation,
        of: Some(number),
        public: hearing.published_at.is_some(),
        form,
        wrong,
    };
    if press != Press::Other("save".into()) {
        return Ok(at.show(notice_page(&at.desk, data(&form, None))));
    }
    let notice = match form.notice(&hearing.unit.zone) {
        Ok(notice) => notice,
        Err(wrong) => return Ok(at.refuse(notice_page(&at.desk, data(&form, Some(&wrong))))),
    };
    // Forms hold minutes; what stands keeps its seconds.
    let notice = if hearing.published_at.is_some() {
        let stands = &hearing.notice;
        domain::hearings::Notice {
            applications_open_at: stands.applications_open_at,
            applications_close_at: stands.applications_close_at,
            ..notice
        }
    } else {
        notice
    };
    let moment = &mut at.edge.moment;
    match hearings::update(&at.state.backend, moment, &permit, number, notice).await {
        Ok(()) => Ok(at.done(&address(number, ""), Done::Saved, 1)),
        Err(Error::Invalid(wrong)) => {
            Ok(at.refuse(notice_page(&at.desk, data(&form, Some(&wrong)))))
        }
        Err(error) => Ok(at.again(error, |desk| notice_page(desk, data(&form, None)))),
    }
}

//! Polls at the desk: composing, publication and correction, codes, answers in words, figures.

use super::AtDesk;
use super::here::Opened;
use crate::body::{FormPairs, Path};
use crate::problem::Refusal;
use crate::state::AppState;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use backend::{Error, Viewer, polls};
use console::notice::Done;
use console::polls::{
    CodesData, ComposeData, MadeCode, PeriodForm, PollData, PollForm, TICKED_TEXTS, TextsData,
    address, codes_page, compose_page, poll_page, polls_page, results_page, texts_address,
    texts_page,
};
use console::round::{instant, proposal};
use console::rows::Press;
use domain::Timestamp;
use domain::consultations::Number;
use domain::id::TextId;
use domain::polls::{IdentityLevel, Poll, PollNumber, PublishPoll, TextState};
use domain::problem::{Fault, Violations};

/// The addresses of polls.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/c/{number}/polls", get(list))
        .route("/desk/c/{number}/polls/new", get(new).post(create))
        .route("/desk/polls/{poll}", get(show).post(post))
        .route("/desk/polls/{poll}/edit", get(edit).post(update))
        .route("/desk/polls/{poll}/codes", get(codes).post(make_codes))
        .route("/desk/polls/{poll}/texts", get(texts).post(decide_texts))
        .route("/desk/polls/{poll}/results", get(results))
}

/// A poll with its consultation, as staff of its unit see them.
async fn open(at: &AtDesk, number: PollNumber) -> Result<(Opened, Poll), Refusal> {
    let opened = at.open(number).await?;
    let viewer = Viewer::Staff(&opened.permit);
    let poll = polls::find(&at.state.backend, at.edge.now(), number, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok((opened, poll))
}

/// `GET /desk/c/{number}/polls`.
async fn list(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let viewer = Viewer::Staff(&opened.permit);
    let listed = polls::list(&at.state.backend, at.edge.now(), number, viewer).await?;
    Ok(at.show(polls_page(&at.desk, &opened.consultation, &listed)))
}

/// `GET /desk/c/{number}/polls/new`.
async fn new(at: AtDesk, Path((number,)): Path<(Number,)>) -> Result<Response, Refusal> {
    let opened = at.open(number).await?;
    let data = ComposeData {
        consultation: &opened.consultation,
        of: None,
        public: false,
        form: &PollForm::proposed(),
        wrong: None,
    };
    Ok(at.show(compose_page(&at.desk, data)))
}

/// `POST /desk/c/{number}/polls/new`.
async fn create(
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
    let mut form = PollForm::read(pairs.iter());
    let press = Press::read(pairs.get("action").unwrap_or_default());
    form.press(&press);
    let data = |form, wrong| ComposeData {
        consultation: &opened.consultation,
        of: None,
        public: false,
        form,
        wrong,
    };
    if press != Press::Other("save".into()) {
        return Ok(at.show(compose_page(&at.desk, data(&form, None))));
    }
    let asked = match form.questionnaire() {
        Ok(asked) => asked,
        Err(wrong) => return Ok(at.refuse(compose_page(&at.desk, data(&form, Some(&wrong))))),
    };
    let moment = &mut at.edge.moment;
    match polls::create(&at.state.backend, moment, &permit, number, &asked).await {
        Ok(created) => Ok(at.done(&address(created, ""), Done::Saved, 1)),
        Err(error) => Ok(at.again(error, |desk| compose_page(desk, data(&form, None)))),
    }
}

/// `GET /desk/polls/{poll}/edit`.
async fn edit(at: AtDesk, Path((number,)): Path<(PollNumber,)>) -> Result<Response, Refusal> {
    let (opened, poll) = open(&at, number).await?;
    let data = ComposeData {
        consultation: &opened.consultation,
        of: Some(number),
        public: is_public(&poll),
        form: &if is_public(&poll) {
            PollForm::correcting(&poll.questionnaire)
        } else {
            PollForm::of(&poll.questionnaire)
        },
        wrong: None,
    };
    Ok(at.show(compose_page(&at.desk, data)))
}

fn is_public(poll: &Poll) -> bool {
    poll.versions.iter().any(|one| one.published_at.is_some())
}

/// `POST /desk/polls/{poll}/edit`: changes a poll, or corrects one that is public.
async fn update(
    mut at: AtDesk,
    Path((number,)): Path<(PollNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = updated(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn updated(
    at: &mut AtDesk,
    number: PollNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, poll) = open(at, number).await?;
    let public = is_public(&poll);
    let mut form = PollForm::read(pairs.iter());
    let press = Press::read(pairs.get("action").unwrap_or_default());
    form.press(&press);
    let data = |form, wrong| ComposeData {
        consultation: &opened.consultation,
        of: Some(number),
        public,
        form,
        wrong,
    };
    if press != Press::Other("save".into()) {
        return Ok(at.show(compose_page(&at.desk, data(&form, None))));
    }
    let asked = form.questionnaire();
    let mut wrong = asked.as_ref().err().cloned().unwrap_or_default();
    if public && form.correction.trim().is_empty() {
        wrong.add("correction", Fault::Required);
    }
    let (Ok(asked), true) = (asked, wrong.0.is_empty()) else {
        return Ok(at.refuse(compose_page(&at.desk, data(&form, Some(&wrong)))));
    };
    let backend = &at.state.backend;
    let outcome = if public {
        let permit = at.staff.identity.approve(opened.unit)?;
        let moment = &mut at.edge.moment;
        let note = &form.correction;
        let version = polls::correct(backend, moment, &permit, number, &asked, note).await;
        version.map(|_| Done::PollCorrected)
    } else {
        let permit = at.staff.identity.edit(opened.unit)?;
        let moment = &mut at.edge.moment;
        let saved = polls::update(backend, moment, &permit, number, &asked).await;
        saved.map(|()| Done::Saved)
    };
    match outcome {
        Ok(done) => Ok(at.done(&address(number, ""), done, 1)),
        Err(Error::Invalid(wrong)) => {
            Ok(at.refuse(compose_page(&at.desk, data(&form, Some(&wrong)))))
        }
        Err(error) => Ok(at.again(error, |desk| compose_page(desk, data(&form, None)))),
    }
}

fn data<'a>(
    opened: &'a Opened,
    poll: &'a Poll,
    form: &'a PeriodForm,
    wrong: Option<&'a Violations>,
) -> PollData<'a> {
    PollData {
        consultation: &opened.consultation,
        poll,
        form,
        wrong,
    }
}

/// `GET /desk/polls/{poll}`.
async fn show(at: AtDesk, Path((number,)): Path<(PollNumber,)>) -> Result<Response, Refusal> {
    let (opened, poll) = open(&at, number).await?;
    let (opens_at, closes_at) = proposal(at.edge.now(), &poll.unit.zone);
    let form = PeriodForm {
        opens_at,
        closes_at,
        reason: String::new(),
    };
    Ok(at.show(poll_page(&at.desk, data(&opened, &poll, &form, None))))
}

fn period(form: &PeriodForm, zone: &str) -> Result<PublishPoll, Violations> {
    let mut wrong = Violations::new();
    let opens_at = wrong.keep("opens_at", instant(&form.opens_at, zone));
    let closes_at = wrong.keep("closes_at", instant(&form.closes_at, zone));
    wrong.into_result(|| PublishPoll {
        opens_at: opens_at.unwrap_or(Timestamp::UNIX_EPOCH),
        closes_at: closes_at.unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

/// `POST /desk/polls/{poll}`: publishes the poll or its results, or calls it off.
async fn post(
    mut at: AtDesk,
    Path((number,)): Path<(PollNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = posted(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn posted(
    at: &mut AtDesk,
    number: PollNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, poll) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let field = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
    let form = PeriodForm {
        opens_at: field("opens_at"),
        closes_at: field("closes_at"),
        reason: field("reason"),
    };
    let backend = &at.state.backend;
    let moment = &mut at.edge.moment;
    let (outcome, done) = match pairs.get("action") {
        Some("publish") => {
            let outcome = match period(&form, &poll.unit.zone) {
                Ok(period) => polls::publish(backend, moment, &permit, number, &period).await,
                Err(wrong) => Err(Error::Invalid(wrong)),
            };
            (outcome, Done::PollPublished)
        }
        Some("results") => {
            let outcome = polls::publish_results(backend, moment, &permit, number).await;
            (outcome, Done::ResultsPublished)
        }
        Some("cancel") => {
            let outcome = polls::cancel(backend, moment, &permit, number, &form.reason).await;
            (outcome, Done::PollCancelled)
        }
        _ => return Ok(at.show(poll_page(&at.desk, data(&opened, &poll, &form, None)))),
    };
    match outcome {
        Ok(()) => Ok(at.done(&address(number, ""), done, 1)),
        Err(Error::Invalid(wrong)) => {
            let data = data(&opened, &poll, &form, Some(&wrong));
            Ok(at.refuse(poll_page(&at.desk, data)))
        }
        Err(error) => Ok(at.again(error, |desk| {
            poll_page(desk, data(&opened, &poll, &form, None))
        })),
    }
}

/// The screen of codes; `typed` is how many, or the list.
async fn codes_screen<'a>(
    at: &AtDesk,
    opened: &'a Opened,
    poll: &'a Poll,
    typed: &'a str,
) -> Result<CodesData<'a>, Refusal> {
    let count = polls::code_count(&at.state.backend, &opened.permit, poll.id).await?;
    Ok(CodesData {
        consultation: &opened.consultation,
        poll,
        count,
        typed,
        made: &[],
        wrong: None,
    })
}

/// `GET /desk/polls/{poll}/codes`.
async fn codes(at: AtDesk, Path((number,)): Path<(PollNumber,)>) -> Result<Response, Refusal> {
    let (opened, poll) = open(&at, number).await?;
    let data = codes_screen(&at, &opened, &poll, "").await?;
    Ok(at.show(codes_page(&at.desk, data)))
}

/// `POST /desk/polls/{poll}/codes`: the codes stand in this answer and nowhere else.
async fn make_codes(
    mut at: AtDesk,
    Path((number,)): Path<(PollNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = codes_made(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn codes_made(
    at: &mut AtDesk,
    number: PollNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, poll) = open(at, number).await?;
    let permit = at.staff.identity.approve(opened.unit)?;
    let invited = poll.questionnaire.identity == IdentityLevel::Invited;
    let typed = pairs.get(if invited { "labels" } else { "count" });
    let typed = typed.unwrap_or_default();
    let labels: Vec<String> = if invited {
        let lines = typed.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(Into::into)
            .collect()
    } else {
        Vec::new()
    };
    let seen = pairs.get("given").and_then(|given| given.parse().ok());
    let (backend, moment) = (&at.state.backend, &mut at.edge.moment);
    let outcome = if invited {
        polls::invite(backend, moment, &permit, number, &labels).await
    } else {
        // No number is out of the range that the use case names.
        let count = typed.trim().parse().unwrap_or(0);
        polls::add_codes(backend, moment, &permit, number, count, seen).await
    };
    let data = codes_screen(at, &opened, &poll, typed).await?;
    match outcome {
        Ok(codes) => {
            let labels = labels.into_iter().map(Some).chain(std::iter::repeat(None));
            let made: Vec<MadeCode> = labels
                .zip(codes)
                .map(|(label, code)| MadeCode { label, code })
                .collect();
            let data = CodesData {
                typed: "",
                made: &made,
                ..data
            };
            Ok(at.show(codes_page(&at.desk, data)))
        }
        Err(Error::Invalid(wrong)) => {
            let wrong = Some(&wrong);
            Ok(at.refuse(codes_page(&at.desk, CodesData { wrong, ..data })))
        }
        Err(error) => Ok(at.again(error, |desk| codes_page(desk, data))),
    }
}

async fn texts_screen(
    at: &AtDesk,
    opened: &Opened,
    poll: &Poll,
    wrong: Option<Violations>,
) -> Result<Response, Refusal> {
    let state: Option<TextState> = at.query("state").and_then(|code| code.parse().ok());
    let after = at.query("after");
    let key = after.as_deref().and_then(|id| id.parse::<TextId>().ok());
    let backend = &at.state.backend;
    let listed = polls::texts(backend, &opened.permit, poll.id, state, key).await?;
    let html = texts_page(
        &at.desk,
        TextsData {
            consultation: &opened.consultation,
            poll,
            state,
            after: after.as_deref().filter(|_| key.is_some()),
            texts: &listed,
            wrong: wrong.as_ref(),
        },
    );
    Ok(match wrong {
        Some(_) => at.refuse(html),
        None => at.show(html),
    })
}

/// `GET /desk/polls/{poll}/texts`.
async fn texts(at: AtDesk, Path((number,)): Path<(PollNumber,)>) -> Result<Response, Refusal> {
    let (opened, poll) = open(&at, number).await?;
    texts_screen(&at, &opened, &poll, None).await
}

/// `POST /desk/polls/{poll}/texts`: `publish`, `hold` for what is ticked, or with an id for one.
async fn decide_texts(
    mut at: AtDesk,
    Path((number,)): Path<(PollNumber,)>,
    pairs: FormPairs,
) -> Result<Response, Refusal> {
    let answer = decided(&mut at, number, &pairs).await;
    at.or_unsent(&pairs, answer)
}

async fn decided(
    at: &mut AtDesk,
    number: PollNumber,
    pairs: &FormPairs,
) -> Result<Response, Refusal> {
    let (opened, poll) = open(at, number).await?;
    let permit = at.staff.identity.moderate(opened.unit)?;
    let action = pairs.get("action").unwrap_or_default();
    let (act, of) = match action.split_once('.') {
        Some((act, id)) => (act, Some(id)),
        None => (action, None),
    };
    let publish = match act {
        "publish" => true,
        "hold" => false,
        _ => return texts_screen(at, &opened, &poll, None).await,
    };
    let ids: Vec<TextId> = match of {
        Some(id) => id.parse().into_iter().collect(),
        None => pairs
            .iter()
            .filter(|(name, _)| *name == "text")
            .filter_map(|(_, id)| id.parse().ok())
            .collect(),
    };
    if ids.is_empty() {
        let mut wrong = Violations::new();
        wrong.add(TICKED_TEXTS, Fault::Required);
        return texts_screen(at, &opened, &poll, Some(wrong)).await;
    }
    let mut done = 0;
    for id in ids {
        let moment = &mut at.edge.moment;
        polls::decide_text(&at.state.backend, moment, &permit, number, id, publish).await?;
        done += 1;
    }
    let state = at.query("state").and_then(|code| code.parse().ok());
    let what = if publish {
        Done::TextsPublished
    } else {
        Done::TextsHeld
    };
    Ok(at.done(&texts_address(number, state), what, done))
}

/// `GET /desk/polls/{poll}/results`.
async fn results(at: AtDesk, Path((number,)): Path<(PollNumber,)>) -> Result<Response, Refusal> {
    let (opened, poll) = open(&at, number).await?;
    let viewer = Viewer::Staff(&opened.permit);
    let found = polls::results(&at.state.backend, at.edge.now(), number, viewer)
        .await?
        .ok_or(Refusal::NotFound)?;
    let html = results_page(&at.desk, &opened.consultation, &poll, &found);
    Ok(at.show(html))
}

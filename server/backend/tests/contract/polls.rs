//! Polls from their questions to the last ballot: periods, versions, codes, receipts, rights.

use crate::ballots::{Asked, BALLOTS, CLOSES, DURING, OPENS, ballot, questions};
use crate::counting::shares;
use crate::offices::{assert_refused, faults};
use crate::world::World;
use backend::{Conflict, Error, Viewer, consultations, hearings, polls, receipts};
use domain::consultations::Number;
use domain::polls::{IdentityLevel, PollNumber, PollState, RawBallot, ResultsShown};
use domain::receipts::ReceiptCode;
use testing::{meddle, on_both_databases};

on_both_databases! {
    what_must_be_answered_depends_on_what_is_shown,
    the_same_key_counts_once,
    ballots_are_taken_only_in_their_period,
    a_published_poll_never_changes_and_a_correction_is_a_version_of_its_own,
    a_code_is_good_for_one_ballot,
    nobody_learns_from_a_code_which_ballot_it_was_used_for,
    a_receipt_says_that_a_ballot_counts_and_not_what_it_says,
    staff_of_another_unit_find_nothing,
    a_poll_falls_with_its_consultation_unless_it_had_closed,
}

async fn what_must_be_answered_depends_on_what_is_shown(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    for (answers, field, fault) in [
        ("{}", "answers.one", "required"),
        (r#"{"one": "against"}"#, "answers.why", "required"),
        (
            r#"{"one": "for", "any": ["day", "night", "feast"]}"#,
            "answers.any",
            "too_many",
        ),
        (
            r#"{"one": "for", "rank": ["x"]}"#,
            "answers.rank",
            "not_a_ranking",
        ),
        (r#"{"one": "for", "km": 101}"#, "answers.km", "out_of_range"),
        (r#"{"one": "for", "else": 1}"#, "answers.else", "unknown"),
    ] {
        let refused = asked.vote(&ballot(answers), answers).await;
        assert_eq!(faults(refused), [(field.to_owned(), fault)]);
    }
    asked.vote(&ballot(r#"{"one": "for"}"#), "k").await.unwrap();
    world.travel(CLOSES);
    assert_eq!(
        asked.page().await.ballots,
        Some(1),
        "what is refused is not counted"
    );
    assert_eq!(asked.result("one").await.n, 1);
}

async fn the_same_key_counts_once(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    let once = ballot(BALLOTS[0]);
    let first = asked.vote(&once, "k").await.unwrap();
    world.pass_seconds(5);
    assert_eq!(asked.vote(&once, "k").await.unwrap(), first);
    assert_refused!(
        asked.vote(&ballot(BALLOTS[1]), "k").await,
        Error::Conflict(Conflict::KeyReused)
    );
    world.travel(CLOSES);
    assert_eq!(
        asked.vote(&once, "k").await.unwrap(),
        first,
        "also afterwards"
    );
    assert_eq!(asked.result("one").await.n, 1);
}

async fn ballots_are_taken_only_in_their_period(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::prepared(world, &desk, number, &questions()).await;
    let vote = async || asked.vote(&ballot(BALLOTS[0]), "k").await;
    let seen = async || {
        let list = polls::list(&world.backend, world.now(), number, Viewer::Public).await;
        list.unwrap()
            .iter()
            .map(|one| one.state)
            .collect::<Vec<_>>()
    };
    assert_refused!(vote().await, Error::NotFound);
    assert_eq!(seen().await, []);
    world.travel(CLOSES);
    assert_eq!(
        faults(asked.publish().await),
        [("closes_at".to_owned(), "too_early")]
    );
    world.travel("2026-03-01T00:00:00Z");
    asked.publish().await.unwrap();
    assert_refused!(
        asked.publish().await,
        Error::Conflict(Conflict::PollPublished)
    );
    assert_refused!(vote().await, Error::Conflict(Conflict::PollNotOpen));
    assert_eq!(seen().await, [PollState::Announced]);
    world.travel(OPENS);
    assert!(asked.page().await.is_open());
    vote().await.unwrap();
    world.travel(CLOSES);
    let late = asked.vote(&ballot(BALLOTS[1]), "late").await;
    assert_refused!(late, Error::Conflict(Conflict::PollNotOpen));
    // Sent in time, and in the way of others until the end.
    world.travel(DURING);
    let (mut moment, waited) = (world.moment(), ballot(BALLOTS[1]));
    let clock = || CLOSES.parse().unwrap();
    let (backend, poll) = (&world.backend, asked.number);
    let waited = polls::vote(backend, &mut moment, clock, poll, &waited, "waited").await;
    assert_refused!(waited, Error::Conflict(Conflict::PollNotOpen));
    world.travel(CLOSES);
    assert_refused!(asked.cancel().await, Error::Conflict(Conflict::PollOver));
    assert_eq!(seen().await, [PollState::Closed]);
    // One that is called off before anybody saw it stays unknown; another says why.
    world.travel("2026-03-01T00:00:00Z");
    let unseen = Asked::prepared(world, &desk, number, &questions()).await;
    unseen.cancel().await.unwrap();
    assert_refused!(unseen.vote(&ballot(BALLOTS[0]), "k").await, Error::NotFound);
    let called_off = Asked::open(world, &desk, number, &questions()).await;
    called_off.cancel().await.unwrap();
    assert_refused!(
        called_off.vote(&ballot(BALLOTS[0]), "k").await,
        Error::Conflict(Conflict::PollOver)
    );
    let page = called_off.page().await;
    assert_eq!(page.cancelled_reason.as_deref(), Some("重做"));
    assert!(called_off.results(Viewer::Public).await.is_some());
}

async fn a_published_poll_never_changes_and_a_correction_is_a_version_of_its_own(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let mut raw = questions();
    let asked = Asked::prepared(world, &desk, number, &raw).await;
    assert_refused!(
        asked.correct(&raw).await,
        Error::Conflict(Conflict::PollNotPublished)
    );
    let update = async |raw: &domain::polls::RawPoll| {
        let (moment, questionnaire) = (&mut world.moment(), raw.parse().unwrap());
        let (backend, permit) = (&world.backend, desk.edit());
        polls::update(backend, moment, &permit, asked.number, &questionnaire).await
    };
    raw.title = "停车问卷".into();
    update(&raw).await.unwrap();
    asked.publish().await.unwrap();
    world.travel(DURING);
    assert_refused!(update(&raw).await, Error::Conflict(Conflict::PollPublished));
    let on = |version: i64, answers: &str| RawBallot {
        version: Some(version),
        ..ballot(answers)
    };
    asked.vote(&on(1, BALLOTS[0]), "first").await.unwrap();
    let third = domain::polls::PollOption {
        code: "neither".into(),
        text: "无所谓".into(),
    };
    raw.questions[1].options.push(third);
    // What was promised for every ballot stands, whatever a correction says.
    raw.results = Some(ResultsShown::AtOnce);
    let mut other_kind = raw.clone();
    other_kind.questions[1].kind = domain::polls::QuestionKind::Multiple;
    assert_eq!(
        faults(asked.correct(&other_kind).await),
        [("questions.1.kind".to_owned(), "taken")]
    );
    assert_eq!(asked.correct(&raw).await.unwrap(), 2);
    assert_refused!(
        asked.vote(&on(1, BALLOTS[1]), "second").await,
        Error::Conflict(Conflict::PollCorrected)
    );
    asked
        .vote(&on(1, BALLOTS[0]), "first")
        .await
        .expect("it came before");
    let neither = r#"{"one": "neither"}"#;
    asked.vote(&on(2, neither), "second").await.unwrap();
    asked.vote(&ballot(neither), "third").await.unwrap();
    let page = asked.page().await;
    assert_eq!((page.version, page.results_public), (2, false));
    let said: Vec<_> = page
        .versions
        .iter()
        .map(|one| one.correction.as_deref())
        .collect();
    assert_eq!(said, [None, Some("漏了一项")]);
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    let ballots: Vec<_> = results.versions.iter().map(|one| one.ballots).collect();
    assert_eq!((results.ballots, ballots), (3, vec![Some(1), Some(2)]));
    let one = asked.result("one").await;
    assert_eq!(
        shares(&one.counts),
        [("for", 0, 0.0), ("against", 0, 0.0), ("neither", 2, 100.0)],
        "who could not choose the third is not counted with who could"
    );
    assert_refused!(
        asked.correct(&raw).await,
        Error::Conflict(Conflict::PollOver)
    );
}

/// A poll that asks for codes, and three of them.
async fn coded<'w>(world: &'w World, desk: &'w crate::world::Desk) -> (Asked<'w>, Vec<String>) {
    let (number, _) = world.open_consultation(desk).await;
    let mut raw = questions();
    raw.identity = Some(IdentityLevel::OneTimeCode);
    let asked = Asked::open(world, desk, number, &raw).await;
    let (moment, permit) = (&mut world.moment(), desk.approve());
    let codes = polls::add_codes(&world.backend, moment, &permit, asked.number, 3, None).await;
    (asked, codes.unwrap())
}

fn with(code: &str) -> RawBallot {
    RawBallot {
        code: Some(code.into()),
        ..ballot(r#"{"one": "for"}"#)
    }
}

async fn a_code_is_good_for_one_ballot(world: &World) {
    let desk = world.desk("transport").await;
    let (asked, codes) = coded(world, &desk).await;
    assert_eq!(codes.len(), 3);
    let of_code = |fault: &'static str| [("code".to_owned(), fault)];
    let refused = asked.vote(&ballot(r#"{"one": "for"}"#), "none").await;
    assert_eq!(faults(refused), of_code("required"));
    let unknown = ReceiptCode::from_bytes([9; 10]).to_string();
    assert_eq!(
        faults(asked.vote(&with(&unknown), "u").await),
        of_code("unknown")
    );
    assert_eq!(
        faults(asked.vote(&with("abc"), "m").await),
        of_code("malformed")
    );
    // A refused ballot uses no code up.
    let unanswered = RawBallot {
        code: Some(codes[0].clone()),
        ..RawBallot::default()
    };
    let refused = asked.vote(&unanswered, "r").await;
    assert_eq!(faults(refused), [("answers.one".to_owned(), "required")]);
    let typed = codes[0].to_lowercase();
    let first = asked.vote(&with(&typed), "k").await.unwrap();
    assert_eq!(asked.vote(&with(&typed), "k").await.unwrap(), first);
    assert_eq!(
        faults(asked.vote(&with(&codes[0]), "again").await),
        of_code("taken")
    );
    asked.vote(&with(&codes[1]), "second").await.unwrap();
    // The codes of one poll are nothing in another.
    let (other, _) = coded(world, &desk).await;
    assert_eq!(
        faults(other.vote(&with(&codes[2]), "o").await),
        of_code("unknown")
    );
    let free = Asked::prepared(world, &desk, asked.number.consultation, &questions()).await;
    let add = async |number: PollNumber, count: usize| {
        let (moment, permit) = (&mut world.moment(), desk.approve());
        polls::add_codes(&world.backend, moment, &permit, number, count, None).await
    };
    assert_refused!(
        add(free.number, 1).await,
        Error::Conflict(Conflict::NoCodes)
    );
    assert_eq!(
        faults(add(asked.number, 0).await),
        [("count".to_owned(), "out_of_range")]
    );
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    assert_eq!(
        (results.ballots, results.identity),
        (2, IdentityLevel::OneTimeCode)
    );
}

async fn nobody_learns_from_a_code_which_ballot_it_was_used_for(world: &World) {
    let desk = world.desk("transport").await;
    let (asked, codes) = coded(world, &desk).await;
    world.pass_seconds(12_345);
    let first = asked.vote(&with(&codes[0]), "k").await.unwrap();
    // What a repeated ballot is known by holds no code, or the codes could be tried on it.
    let repeated = asked.vote(&with(&codes[1]), "k").await.unwrap();
    assert_eq!(repeated, first);
    asked.vote(&with(&codes[1]), "other").await.unwrap();
    // This would break a rule of the table if a used code led to a ballot by its instant.
    meddle(
        &world.url,
        "update ballot set receipt_hash = null
            where received_at in (select used_at from poll_code where used_at is not null)",
    )
    .await;
    // And this, if no code were used.
    meddle(
        &world.url,
        "update ballot set receipt_hash = null
            where not exists (select 1 from poll_code where used_at is not null)",
    )
    .await;
    // And this, if codes that were used could be told apart.
    meddle(
        &world.url,
        "update ballot set receipt_hash = null
            where exists (select 1 from poll_code where used_at <> 1)",
    )
    .await;
}

async fn a_receipt_says_that_a_ballot_counts_and_not_what_it_says(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    let sent = asked.vote(&ballot(BALLOTS[0]), "k").await.unwrap();
    let code = ReceiptCode::read(&sent.receipt).unwrap();
    let own = async || {
        let own = polls::own(&world.backend, world.now(), &code).await;
        own.unwrap().expect("the receipt opens it")
    };
    let before = own().await;
    assert_eq!((before.poll, before.version), (asked.number, 1));
    assert_eq!(
        (before.received_at, before.results_public),
        (sent.received_at, false)
    );
    world.travel(CLOSES);
    assert!(own().await.results_public);
    let (backend, now) = (&world.backend, world.now());
    assert!(receipts::open(backend, now, &code).await.unwrap().is_none());
    assert!(
        hearings::own::open(backend, now, &code)
            .await
            .unwrap()
            .is_none()
    );
    let unknown = ReceiptCode::from_bytes([9; 10]);
    assert!(polls::own(backend, now, &unknown).await.unwrap().is_none());
}

async fn staff_of_another_unit_find_nothing(world: &World) {
    let desk = world.desk("transport").await;
    let other = world.desk("commerce").await;
    let (number, _) = world.open_consultation(&desk).await;
    let preparing = Asked::prepared(world, &desk, number, &questions()).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    asked.vote(&ballot(BALLOTS[2]), "k").await.unwrap();
    let stranger = Asked {
        world,
        desk: &other,
        number: asked.number,
    };
    let questionnaire = questions().parse().unwrap();
    let (backend, moment) = (&world.backend, &mut world.moment());
    let (see, edit) = (other.see(), other.edit());
    let (moderate, approve) = (other.moderate(), other.approve());
    let created = polls::create(backend, moment, &edit, number, &questionnaire).await;
    assert_refused!(created, Error::NotFound);
    let updated = polls::update(backend, moment, &edit, preparing.number, &questionnaire).await;
    assert_refused!(updated, Error::NotFound);
    assert_refused!(stranger.publish().await, Error::NotFound);
    assert_refused!(stranger.cancel().await, Error::NotFound);
    assert_refused!(stranger.correct(&questions()).await, Error::NotFound);
    let texts = polls::texts(backend, &see, asked.number, None, None).await;
    assert_refused!(texts, Error::NotFound);
    let ours = polls::texts(backend, &desk.see(), asked.number, None, None).await;
    let text = ours.unwrap().items[0].id;
    let decided = polls::decide_text(backend, moment, &moderate, asked.number, text, true).await;
    assert_refused!(decided, Error::NotFound);
    let codes = polls::add_codes(backend, moment, &approve, asked.number, 1, None).await;
    assert_refused!(codes, Error::NotFound);
    let shown = polls::publish_results(backend, moment, &approve, asked.number).await;
    assert_refused!(shown, Error::NotFound);
    let viewer = Viewer::Staff(&see);
    assert!(stranger.results(viewer).await.is_none());
    let found = polls::find(backend, world.now(), preparing.number, viewer).await;
    assert!(found.unwrap().is_none());
    let ours = desk.see();
    let viewer = Viewer::Staff(&ours);
    let found = polls::find(backend, world.now(), preparing.number, viewer).await;
    assert!(found.unwrap().is_some());
}

async fn a_poll_falls_with_its_consultation_unless_it_had_closed(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    asked.vote(&ballot(BALLOTS[0]), "k").await.unwrap();
    let preparing = Asked::prepared(world, &desk, number, &questions()).await;
    let (later, _) = world.open_consultation(&desk).await;
    world.travel("2026-03-01T00:00:00Z");
    let closed = Asked::open(world, &desk, later, &questions()).await;
    closed.vote(&ballot(BALLOTS[0]), "k").await.unwrap();
    let give_up = async |number: Number| {
        let (moment, permit) = (&mut world.moment(), desk.approve());
        consultations::withdraw(&world.backend, moment, &permit, number, "不再需要".into()).await
    };
    give_up(number).await.unwrap();
    assert_refused!(
        asked.vote(&ballot(BALLOTS[1]), "late").await,
        Error::Conflict(Conflict::ConsultationWithdrawn)
    );
    assert_refused!(
        preparing.publish().await,
        Error::Conflict(Conflict::ConsultationWithdrawn)
    );
    let page = asked.page().await;
    assert_eq!(
        (page.state, page.cancelled_reason.as_deref()),
        (PollState::Cancelled, Some("不再需要"))
    );
    let kept = asked.results(Viewer::Public).await.expect("what had come");
    assert_eq!(kept.cancelled_reason.as_deref(), Some("不再需要"));
    world.travel(CLOSES);
    give_up(later).await.unwrap();
    let page = closed.page().await;
    assert_eq!(
        (page.state, page.cancelled_reason),
        (PollState::Closed, None)
    );
    assert_eq!(closed.result("one").await.n, 1, "what was public stays");
}

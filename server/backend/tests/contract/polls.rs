//! Polls from their questions to what came out, counted against counts made by hand.

use crate::ballots::{Asked, CLOSES, DURING, OPENS, ballot, questions};
use crate::offices::{assert_refused, faults};
use crate::world::World;
use backend::{Conflict, Error, Viewer, consultations, hearings, polls, receipts};
use domain::consultations::Number;
use domain::id::TextId;
use domain::polls::results::{Count, Figures};
use domain::polls::{IdentityLevel, PollNumber, PollState, RawBallot, ResultsShown, TextState};
use domain::receipts::ReceiptCode;
use std::collections::BTreeMap;
use testing::{meddle, on_both_databases};

on_both_databases! {
    ballots_with_every_kind_of_question_are_counted_as_by_hand,
    what_must_be_answered_depends_on_what_is_shown,
    the_same_key_counts_once,
    ballots_are_taken_only_in_their_period,
    a_published_poll_never_changes_and_a_correction_is_a_version_of_its_own,
    a_code_is_good_for_one_ballot,
    nobody_learns_from_a_code_which_ballot_it_was_used_for,
    results_show_when_the_unit_said_and_so_does_how_many_answered,
    words_show_only_after_somebody_has_read_them,
    open_data_says_nothing_about_who_or_when,
    a_receipt_says_that_a_ballot_counts_and_not_what_it_says,
    staff_of_another_unit_find_nothing,
    a_poll_falls_with_its_consultation_unless_it_had_closed,
}

/// Five ballots.
const BALLOTS: [&str; 5] = [
    r#"{"one": "for", "any": ["day"], "scale": 5, "rank": ["y", "x", "z"],
        "grid": {"r": "good", "s": "bad"}, "line": "中山路", "km": 2.5}"#,
    r#"{"one": "for", "any": ["day", "night"], "scale": 4, "rank": ["y", "z", "x"],
        "grid": {"r": "bad"}, "km": 10}"#,
    r#"{"one": "against", "why": "太贵", "scale": 1, "rank": ["x", "y", "z"],
        "grid": {"r": "good", "s": "good"}, "km": "１０"}"#,
    r#"{"one": "for", "why": "这一题不显示", "any": ["feast", "night"], "scale": 4}"#,
    r#"{"one": "against", "why": "不公平", "line": "长江路", "km": 0}"#,
];

fn shares(counts: &[Count]) -> Vec<(&str, i64, f64)> {
    counts
        .iter()
        .map(|one| (one.code.as_str(), one.count, one.percent))
        .collect()
}

async fn ballots_with_every_kind_of_question_are_counted_as_by_hand(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    for (index, answers) in BALLOTS.iter().enumerate() {
        asked
            .vote(&ballot(answers), &index.to_string())
            .await
            .unwrap();
    }
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    assert_eq!((results.ballots, results.versions[0].ballots), (5, 5));
    assert_eq!(results.identity, IdentityLevel::None);
    assert!(results.method.unwrap().contains("全市居民"));
    assert_eq!(results.questions.len(), 8, "a section asks nothing");
    let one = asked.result("one").await;
    assert_eq!(one.n, 5);
    assert_eq!(
        shares(&one.counts),
        [("for", 3, 60.0), ("against", 2, 40.0)]
    );
    let any = asked.result("any").await;
    assert_eq!(any.n, 3);
    assert_eq!(
        shares(&any.counts),
        [("day", 2, 66.7), ("night", 2, 66.7), ("feast", 1, 33.3)]
    );
    let scale = asked.result("scale").await;
    assert_eq!(scale.n, 4);
    assert_eq!(
        shares(&scale.counts),
        [
            ("1", 1, 25.0),
            ("2", 0, 0.0),
            ("3", 0, 0.0),
            ("4", 2, 50.0),
            ("5", 1, 25.0)
        ]
    );
    let figures = |mean, median, min, max| {
        Some(Figures {
            mean,
            median,
            min,
            max,
        })
    };
    assert_eq!(scale.figures, figures(3.5, 4.0, 1.0, 5.0));
    let rank = asked.result("rank").await;
    let ranks: Vec<_> = rank
        .ranks
        .iter()
        .map(|one| (one.code.as_str(), one.mean_rank, one.at_rank.as_slice()))
        .collect();
    assert_eq!(
        ranks,
        [
            ("y", 1.33, [2, 1, 0].as_slice()),
            ("x", 2.0, [1, 1, 1].as_slice()),
            ("z", 2.67, [0, 1, 2].as_slice())
        ]
    );
    let grid = asked.result("grid").await;
    assert_eq!((grid.n, grid.rows[0].n, grid.rows[1].n), (3, 3, 2));
    assert_eq!(
        shares(&grid.rows[0].counts),
        [("good", 2, 66.7), ("bad", 1, 33.3)]
    );
    assert_eq!(
        shares(&grid.rows[1].counts),
        [("good", 1, 50.0), ("bad", 1, 50.0)]
    );
    let km = asked.result("km").await;
    assert_eq!(
        shares(&km.counts),
        [("0", 1, 25.0), ("2.5", 1, 25.0), ("10", 2, 50.0)]
    );
    assert_eq!(km.figures, figures(5.63, 6.25, 0.0, 10.0));
    for (code, n) in [("why", 2), ("line", 2)] {
        let words = asked.result(code).await;
        assert_eq!(
            (words.n, words.texts_withheld, words.texts.len()),
            (n, n, 0)
        );
    }
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
        1,
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
    world.travel(CLOSES);
    assert!(called_off.results(Viewer::Public).await.is_none());
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
    let ballots: Vec<i64> = results.versions.iter().map(|one| one.ballots).collect();
    assert_eq!((results.ballots, ballots), (3, vec![1, 2]));
    let one = asked.result("one").await;
    assert_eq!(
        shares(&one.counts),
        [("for", 1, 33.3), ("against", 0, 0.0), ("neither", 2, 66.7)]
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
    let codes = polls::add_codes(&world.backend, moment, &permit, asked.number, 3).await;
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
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    assert_eq!(
        (results.ballots, results.identity),
        (2, IdentityLevel::OneTimeCode)
    );
    let free = Asked::prepared(world, &desk, asked.number.consultation, &questions()).await;
    let add = async |number: PollNumber, count: usize| {
        let (moment, permit) = (&mut world.moment(), desk.approve());
        polls::add_codes(&world.backend, moment, &permit, number, count).await
    };
    assert_refused!(
        add(free.number, 1).await,
        Error::Conflict(Conflict::NoCodes)
    );
    assert_eq!(
        faults(add(asked.number, 0).await),
        [("count".to_owned(), "out_of_range")]
    );
}

async fn nobody_learns_from_a_code_which_ballot_it_was_used_for(world: &World) {
    let desk = world.desk("transport").await;
    let (asked, codes) = coded(world, &desk).await;
    world.pass_seconds(12_345);
    asked.vote(&with(&codes[0]), "k").await.unwrap();
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
}

async fn results_show_when_the_unit_said_and_so_does_how_many_answered(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    for (shown, while_open, once_closed, published) in [
        (ResultsShown::AtClosing, false, true, true),
        (ResultsShown::AtOnce, true, true, true),
        (ResultsShown::ByHand, false, false, true),
    ] {
        world.travel("2026-03-01T00:00:00Z");
        let mut raw = questions();
        raw.results = Some(shown);
        let asked = Asked::open(world, &desk, number, &raw).await;
        asked.vote(&ballot(BALLOTS[0]), "k").await.unwrap();
        let look = async |public: bool| {
            let page = asked.page().await;
            let list = polls::list(&world.backend, world.now(), number, Viewer::Public).await;
            let listed = list.unwrap().pop().unwrap();
            let now = world.now();
            let data = polls::ballots(&world.backend, now, asked.number, Viewer::Public).await;
            let results = asked.results(Viewer::Public).await;
            assert_eq!(
                results.map(|one| one.ballots),
                public.then_some(1),
                "{shown}"
            );
            assert_eq!(data.unwrap().is_some(), public, "{shown}");
            let counts = [page.ballots, page.versions[0].ballots, listed.ballots];
            assert_eq!(counts, [i64::from(public); 3], "{shown}");
            assert_eq!(
                (page.results_public, listed.results_public),
                (public, public)
            );
        };
        look(while_open).await;
        let (see, seen) = (desk.see(), 1);
        let staff = asked.results(Viewer::Staff(&see)).await.unwrap();
        assert_eq!(staff.ballots, seen, "staff see them at any time");
        let publish = async || {
            let (moment, permit) = (&mut world.moment(), desk.approve());
            polls::publish_results(&world.backend, moment, &permit, asked.number).await
        };
        assert_refused!(publish().await, Error::Conflict(Conflict::PollStillOpen));
        world.travel(CLOSES);
        look(once_closed).await;
        publish().await.unwrap();
        look(published).await;
    }
}

async fn words_show_only_after_somebody_has_read_them(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    for (index, answers) in BALLOTS.iter().enumerate() {
        asked
            .vote(&ballot(answers), &index.to_string())
            .await
            .unwrap();
    }
    world.travel(CLOSES);
    let read = async |state: Option<TextState>| {
        let (backend, see) = (&world.backend, desk.see());
        let page = polls::texts(backend, &see, asked.number, state, None).await;
        page.unwrap().items
    };
    let decide = async |text: TextId, publish: bool| {
        let (moment, permit) = (&mut world.moment(), desk.moderate());
        polls::decide_text(&world.backend, moment, &permit, asked.number, text, publish).await
    };
    let waiting = read(Some(TextState::Received)).await;
    assert_eq!(waiting.len(), 4);
    let of = |said: &str| {
        let found = waiting.iter().find(|one| one.text == said);
        found.unwrap_or_else(|| panic!("nobody said {said}")).id
    };
    decide(of("太贵"), true).await.unwrap();
    decide(of("不公平"), false).await.unwrap();
    assert_eq!(read(Some(TextState::Received)).await.len(), 2);
    assert_eq!(read(None).await.len(), 4);
    let why = asked.result("why").await;
    assert_eq!(
        (why.n, why.texts, why.texts_withheld),
        (2, vec!["太贵".to_owned()], 1)
    );
    decide(of("太贵"), false).await.unwrap();
    assert_eq!(asked.result("why").await.texts, Vec::<String>::new());
    assert_refused!(
        decide(TextId(Default::default()), true).await,
        Error::NotFound
    );
}

async fn open_data_says_nothing_about_who_or_when(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &questions()).await;
    let read = async || {
        let now = world.now();
        polls::ballots(&world.backend, now, asked.number, Viewer::Public)
            .await
            .unwrap()
            .expect("they are public")
    };
    let other = Asked::open(world, &desk, number, &questions()).await;
    for (index, answers) in BALLOTS.iter().enumerate() {
        asked
            .vote(&ballot(answers), &index.to_string())
            .await
            .unwrap();
        world.pass_seconds(60);
    }
    world.travel(DURING);
    for (index, answers) in BALLOTS.iter().rev().enumerate() {
        other
            .vote(&ballot(answers), &index.to_string())
            .await
            .unwrap();
        world.pass_seconds(60);
    }
    world.travel(CLOSES);
    let ballots = read().await;
    let now = world.now();
    let turned = polls::ballots(&world.backend, now, other.number, Viewer::Public).await;
    assert_eq!(
        Some(&ballots),
        turned.unwrap().as_ref(),
        "whatever the order"
    );
    assert_eq!(ballots.len(), 5);
    let last: BTreeMap<String, Vec<String>> = [
        ("grid", vec!["r:good", "s:bad"]),
        ("any", vec!["day"]),
        ("km", vec!["2.5"]),
        ("one", vec!["for"]),
        ("rank", vec!["x:2", "y:1", "z:3"]),
        ("scale", vec!["5"]),
    ]
    .into_iter()
    .map(|(code, cells)| (code.to_owned(), cells.into_iter().map(Into::into).collect()))
    .collect();
    assert!(ballots.contains(&last), "{ballots:?}");
    let mut codes = ballots.iter().flat_map(BTreeMap::keys);
    assert!(codes.all(|code| code != "why" && code != "line"));
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
    let codes = polls::add_codes(backend, moment, &approve, asked.number, 1).await;
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
    world.travel(CLOSES);
    assert!(asked.results(Viewer::Public).await.is_none());
    give_up(later).await.unwrap();
    let page = closed.page().await;
    assert_eq!(
        (page.state, page.cancelled_reason),
        (PollState::Closed, None)
    );
    assert_eq!(closed.result("one").await.n, 1, "what was public stays");
}

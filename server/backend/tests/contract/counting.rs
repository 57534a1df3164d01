//! What comes out of a poll: figures as a count by hand gives them, when they show, and to whom.

use crate::ballots::{Asked, BALLOTS, CLOSES, DURING, ballot, questions};
use crate::offices::assert_refused;
use crate::world::World;
use backend::{Conflict, Error, Viewer, polls};
use domain::id::TextId;
use domain::polls::results::{Count, Figures};
use domain::polls::{IdentityLevel, OpenBallot, ResultsShown, TextState};
use std::collections::BTreeMap;
use testing::on_both_databases;

on_both_databases! {
    ballots_with_every_kind_of_question_are_counted_as_by_hand,
    results_show_when_the_unit_said_and_so_does_how_many_answered,
    a_poll_that_is_called_off_does_not_vanish,
    words_show_only_after_somebody_has_read_them,
    open_data_says_nothing_about_who_or_when,
}

pub fn shares(counts: &[Count]) -> Vec<(&str, i64, f64)> {
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
    assert_eq!((results.ballots, results.versions[0].ballots), (5, Some(5)));
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
            let results = asked.results(Viewer::Public).await;
            assert_eq!(
                results.map(|one| one.ballots),
                public.then_some(1),
                "{shown}"
            );
            let counts = [page.ballots, page.versions[0].ballots, listed.ballots];
            assert_eq!(counts, [public.then_some(1); 3], "{shown}");
            assert_eq!(
                (page.results_public, listed.results_public),
                (public, public)
            );
        };
        look(while_open).await;
        let (see, seen) = (desk.see(), 1);
        // Who reads the rows twice knows what came in between: so nobody does before the end.
        for viewer in [Viewer::Public, Viewer::Staff(&see)] {
            let early = asked.open_data(viewer).await;
            assert_refused!(early, Error::Conflict(Conflict::PollStillOpen));
        }
        let staff = asked.results(Viewer::Staff(&see)).await.unwrap();
        assert_eq!(staff.ballots, seen, "staff see them at any time");
        let publish = async || {
            let (moment, permit) = (&mut world.moment(), desk.approve());
            polls::publish_results(&world.backend, moment, &permit, asked.number).await
        };
        assert_refused!(publish().await, Error::Conflict(Conflict::PollStillOpen));
        world.travel(CLOSES);
        look(once_closed).await;
        let rows = async |viewer| {
            asked
                .open_data(viewer)
                .await
                .unwrap()
                .map(|rows| rows.len())
        };
        assert_eq!(rows(Viewer::Public).await, once_closed.then_some(1));
        assert_eq!(rows(Viewer::Staff(&see)).await, Some(1));
        publish().await.unwrap();
        look(published).await;
    }
}

async fn a_poll_that_is_called_off_does_not_vanish(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    for shown in [
        ResultsShown::AtClosing,
        ResultsShown::AtOnce,
        ResultsShown::ByHand,
    ] {
        world.travel("2026-03-01T00:00:00Z");
        let mut raw = questions();
        raw.results = Some(shown);
        let unopened = Asked::prepared(world, &desk, number, &raw).await;
        unopened.publish().await.unwrap();
        unopened.cancel().await.unwrap();
        let asked = Asked::open(world, &desk, number, &raw).await;
        for (index, answers) in BALLOTS.iter().enumerate() {
            let key = index.to_string();
            asked.vote(&ballot(answers), &key).await.unwrap();
        }
        asked.cancel().await.unwrap();
        world.pass_seconds(1);
        let page = asked.page().await;
        assert_eq!(page.ballots, Some(5), "{shown}: how many had answered");
        assert_eq!(page.cancelled_reason.as_deref(), Some("重做"));
        let publish = async |asked: &Asked<'_>| {
            let (moment, permit) = (&mut world.moment(), desk.approve());
            polls::publish_results(&world.backend, moment, &permit, asked.number).await
        };
        if shown == ResultsShown::ByHand {
            assert!(asked.results(Viewer::Public).await.is_none());
            publish(&asked).await.unwrap();
        }
        assert_refused!(
            publish(&unopened).await,
            Error::Conflict(Conflict::PollOver)
        );
        let results = asked.results(Viewer::Public).await.expect("they stay");
        assert_eq!((results.ballots, results.questions[0].n), (5, 5), "{shown}");
        assert_eq!(results.cancelled_reason.as_deref(), Some("重做"));
        let rows = asked.open_data(Viewer::Public).await.unwrap().unwrap();
        assert_eq!(rows.len(), 5);
        assert!(unopened.results(Viewer::Public).await.is_none());
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
    let read = async |asked: &Asked<'_>| {
        let rows = asked.open_data(Viewer::Public).await;
        rows.unwrap().expect("they are public")
    };
    let (mut ballots, mut turned) = (read(&asked).await, read(&other).await);
    let came: Vec<_> = BALLOTS.iter().map(|one| one.contains("\"for\"")).collect();
    let stands = |rows: &[OpenBallot]| -> Vec<bool> {
        let one = rows.iter().map(|row| row.answers["one"] == ["for"]);
        one.collect()
    };
    let (first, second) = (stands(&ballots), stands(&turned));
    assert!(
        first != came || second.iter().rev().ne(&came),
        "not as they came"
    );
    ballots.sort();
    turned.sort();
    assert_eq!(ballots, turned, "the same ballots");
    assert_eq!(ballots.len(), 5);
    assert!(ballots.iter().all(|ballot| ballot.version == 1));
    let last: BTreeMap<String, Vec<String>> = [
        ("grid", vec!["r:good", "s:bad"]),
        ("any", vec!["day"]),
        ("one", vec!["for"]),
        ("rank", vec!["x:2", "y:1", "z:3"]),
        ("scale", vec!["5"]),
    ]
    .into_iter()
    .map(|(code, cells)| (code.to_owned(), cells.into_iter().map(Into::into).collect()))
    .collect();
    let mut answers = ballots.iter().map(|ballot| &ballot.answers);
    assert!(answers.any(|answers| *answers == last), "{ballots:?}");
    let mut codes = ballots.iter().flat_map(|ballot| ballot.answers.keys());
    assert!(
        codes.all(|code| !["why", "line", "km"].contains(&code.as_str())),
        "what is typed could be a mark"
    );
    let texts = async |asked: &Asked<'_>| {
        let page = polls::texts(&world.backend, &desk.see(), asked.number, None, None).await;
        let items = page.unwrap().items;
        assert_eq!(items.len(), 4);
        items
    };
    let words = texts(&asked).await;
    // An id that sorts by time would say when; and the same words would stand as they came.
    assert!(words.iter().all(|one| one.id.0.get_version_num() == 4));
}

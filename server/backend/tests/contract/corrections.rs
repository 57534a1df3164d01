//! A poll that is corrected twice while it is answered: what asks the same is counted as one, what
//! asks something else apart.

use crate::ballots::{Asked, CLOSES, ballot};
use crate::counting::shares;
use crate::world::{Desk, World};
use backend::{Viewer, polls};
use domain::polls::results::QuestionResult;
use domain::polls::{OpenBallot, RawPoll, TextState};
use testing::on_both_databases;

on_both_databases! {
    answers_are_counted_together_only_where_the_versions_ask_the_same,
    open_data_tells_the_version_so_that_the_figures_can_be_counted_again,
    a_correction_before_the_first_ballot_leaves_nothing_apart,
}

fn poll(questions: &[&str]) -> RawPoll {
    let json = format!(
        r#"{{"title": "停车问卷", "questions": [{}]}}"#,
        questions.join(",")
    );
    serde_json::from_str(&json).expect("a sound poll")
}

/// The same in every version: the second turns its options and lets it out, the third asks it on a
/// condition.
const SAME: [&str; 3] = [
    r#"{"code": "same", "kind": "single", "text": "有车吗", "required": true,
        "options": [{"code": "yes", "text": "有"}, {"code": "no", "text": "没有"}]}"#,
    r#"{"code": "same", "kind": "single", "text": "有车吗", "random": true,
        "options": [{"code": "no", "text": "没有"}, {"code": "yes", "text": "有"}]}"#,
    r#"{"code": "same", "kind": "single", "text": "有车吗",
        "show_if": {"question": "reworded", "any_of": ["for", "against"]},
        "options": [{"code": "yes", "text": "有"}, {"code": "no", "text": "没有"}]}"#,
];
/// From the second version on an option says something else.
const REWORDED: [&str; 2] = [
    r#"{"code": "reworded", "kind": "single", "text": "是否赞成",
        "options": [{"code": "for", "text": "赞成"}, {"code": "against", "text": "反对"}]}"#,
    r#"{"code": "reworded", "kind": "single", "text": "是否赞成",
        "options": [{"code": "for", "text": "赞成夜间收费"}, {"code": "against", "text": "反对"}]}"#,
];
/// In the first version alone.
const DROPPED: &str = r#"{"code": "dropped", "kind": "scale", "text": "满意度"}"#;
/// From the second version on.
const ADDED: &str = r#"{"code": "added", "kind": "number", "text": "路程", "min": 0}"#;
/// Asked otherwise in the second version and again as before in the third.
const WHY: [&str; 2] = [
    r#"{"code": "why", "kind": "long_text", "text": "为什么"}"#,
    r#"{"code": "why", "kind": "long_text", "text": "为什么反对"}"#,
];

const FIRST: [&str; 3] = [
    r#"{"same": "yes", "reworded": "for", "dropped": 4, "why": "一之一"}"#,
    r#"{"same": "no", "reworded": "for", "dropped": 1}"#,
    r#"{"same": "yes", "reworded": "against", "why": "一之二"}"#,
];
const SECOND: [&str; 2] = [
    r#"{"same": "no", "reworded": "against", "added": 3, "why": "二之一"}"#,
    r#"{"reworded": "against", "added": 5}"#,
];
const THIRD: [&str; 4] = [
    r#"{"same": "yes", "reworded": "for", "added": 3, "why": "三之一"}"#,
    r#"{"same": "yes", "reworded": "against"}"#,
    r#"{"reworded": "against", "why": "三之二"}"#,
    "{}",
];

/// Answered on three versions, and closed.
async fn corrected_twice<'w>(world: &'w World, desk: &'w Desk) -> Asked<'w> {
    let (number, _) = world.open_consultation(desk).await;
    let versions = [
        poll(&[SAME[0], REWORDED[0], DROPPED, WHY[0]]),
        poll(&[REWORDED[1], SAME[1], ADDED, WHY[1]]),
        poll(&[REWORDED[1], SAME[2], ADDED, WHY[0]]),
    ];
    let ballots = [FIRST.as_slice(), &SECOND, &THIRD];
    let asked = Asked::open(world, desk, number, &versions[0]).await;
    for (index, (raw, ballots)) in versions.iter().zip(ballots).enumerate() {
        if index > 0 {
            asked.correct(raw).await.expect("corrected");
        }
        for (place, answers) in ballots.iter().enumerate() {
            let key = format!("{index}-{place}");
            asked.vote(&ballot(answers), &key).await.expect("counted");
            world.pass_seconds(60);
        }
    }
    asked
}

/// What is told of one wording of a question.
fn told(result: &QuestionResult) -> (&str, &[i64], bool, i64, i64) {
    (
        &result.code,
        &result.versions,
        result.earlier.is_some(),
        result.ballots,
        result.n,
    )
}

async fn answers_are_counted_together_only_where_the_versions_ask_the_same(world: &World) {
    let desk = world.desk("transport").await;
    let asked = corrected_twice(world, &desk).await;
    let (see, moderate) = (desk.see(), desk.moderate());
    let read = polls::texts(&world.backend, &see, asked.number, None, None).await;
    for text in read.unwrap().items {
        // Who reads an answer reads what was asked, not what is asked now.
        let otherwise = text.text == "二之一";
        let asked_then = if otherwise {
            "为什么反对"
        } else {
            "为什么"
        };
        assert_eq!(text.question_text, asked_then, "{}", text.text);
        if text.text != "三之二" {
            let (moment, number) = (&mut world.moment(), asked.number);
            polls::decide_text(&world.backend, moment, &moderate, number, text.id, true)
                .await
                .unwrap();
        }
    }
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    let ballots: Vec<_> = results.versions.iter().map(|one| one.ballots).collect();
    assert_eq!(
        (results.ballots, ballots),
        (9, [3, 2, 4].map(Some).to_vec())
    );
    assert_eq!(
        results.questions.iter().map(told).collect::<Vec<_>>(),
        [
            ("reworded", [2, 3].as_slice(), false, 6, 5),
            ("reworded", &[1], true, 3, 3),
            ("same", &[1, 2, 3], false, 9, 6),
            ("added", &[2, 3], false, 6, 3),
            ("why", &[1, 3], false, 7, 4),
            ("why", &[2], true, 2, 1),
            ("dropped", &[1], true, 3, 2),
        ]
    );
    let [now, before, same, added, why, other_why, dropped] = results.questions.as_slice() else {
        panic!("{results:?}")
    };
    assert_eq!(
        shares(&now.counts),
        [("for", 1, 20.0), ("against", 4, 80.0)]
    );
    assert_eq!(
        shares(&before.counts),
        [("for", 2, 66.7), ("against", 1, 33.3)]
    );
    assert_eq!(now.counts[0].text, "赞成夜间收费");
    assert_eq!(before.counts[0].text, "赞成");
    let asked_before = before.earlier.as_ref().unwrap();
    assert_eq!(asked_before.options[0].text, "赞成");
    assert_eq!(shares(&same.counts), [("yes", 4, 66.7), ("no", 2, 33.3)]);
    assert_eq!(shares(&added.counts), [("3", 2, 66.7), ("5", 1, 33.3)]);
    assert_eq!(added.figures.as_ref().unwrap().mean, 3.67);
    assert_eq!(why.texts, ["三之一", "一之二", "一之一"], "newest first");
    assert_eq!((why.texts_withheld, other_why.texts_withheld), (1, 0));
    assert_eq!(other_why.texts, ["二之一"]);
    assert_eq!(other_why.text, "为什么反对");
    assert_eq!(dropped.figures.as_ref().unwrap().mean, 2.5);
    let waiting = Some(TextState::Received);
    let waiting = polls::texts(&world.backend, &see, asked.number, waiting, None).await;
    assert_eq!(waiting.unwrap().items.len(), 1, "what is withheld");
}

/// A count of open ballots, as anyone can make it: those of these versions that chose the cell.
fn counted_again(ballots: &[OpenBallot], result: &QuestionResult, cell: Option<&str>) -> i64 {
    let of = ballots.iter().filter(|ballot| {
        let cells = ballot.answers.get(&result.code);
        result.versions.contains(&ballot.version)
            && cells.is_some_and(|cells| cell.is_none_or(|cell| cells.iter().any(|c| c == cell)))
    });
    of.count() as i64
}

async fn open_data_tells_the_version_so_that_the_figures_can_be_counted_again(world: &World) {
    let desk = world.desk("transport").await;
    let asked = corrected_twice(world, &desk).await;
    world.travel(CLOSES);
    let ballots = asked.open_data(Viewer::Public).await;
    let ballots = ballots.unwrap().expect("they are public");
    let mut versions: Vec<i64> = ballots.iter().map(|ballot| ballot.version).collect();
    versions.sort_unstable();
    // The last ballot of the third version answers nothing that is counted.
    assert_eq!(versions, [1, 1, 1, 2, 2, 3, 3, 3]);
    let results = asked.results(Viewer::Public).await.unwrap();
    let mut figures = 0;
    for result in &results.questions {
        if !result.kind.is_chosen() {
            continue;
        }
        let n = counted_again(&ballots, result, None);
        assert_eq!(n, result.n, "{} {:?}", result.code, result.versions);
        for count in &result.counts {
            let again = counted_again(&ballots, result, Some(&count.code));
            assert_eq!(again, count.count, "{} {}", result.code, count.code);
            figures += 1;
        }
    }
    assert_eq!(figures, 2 + 2 + 2 + 5);
}

async fn a_correction_before_the_first_ballot_leaves_nothing_apart(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let asked = Asked::open(world, &desk, number, &poll(&[REWORDED[0], DROPPED])).await;
    asked.correct(&poll(&[REWORDED[1], ADDED])).await.unwrap();
    asked.vote(&ballot(SECOND[1]), "k").await.unwrap();
    world.travel(CLOSES);
    let results = asked.results(Viewer::Public).await.unwrap();
    assert_eq!(
        results.questions.iter().map(told).collect::<Vec<_>>(),
        [
            ("reworded", [2].as_slice(), false, 1, 1),
            ("added", &[2], false, 1, 1)
        ]
    );
}

//! A poll corrected while it is answered, over HTTP: its results and open data keep the versions
//! apart where the question changed, and say which is which.

use crate::polls::{CLOSES, questions};
use crate::world::World;
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    results_say_in_which_versions_a_question_was_asked_and_how,
    open_ballots_say_on_which_version_they_were_given,
}

/// Two ballots, a correction of the words of an option and of one question less, and a third
/// ballot; the path of the poll, closed.
async fn corrected(world: &World) -> String {
    let draft = world.open().await;
    let path = world.asked(&draft, questions()).await;
    for answers in [
        json!({"fee": "yes", "rate": 5, "km": 3}),
        json!({"fee": "no", "km": 3}),
    ] {
        assert_eq!(world.votes(&path, answers).await.status, 201);
    }
    let mut correction = questions();
    correction["correction"] = json!("选项说得不清楚。");
    correction["questions"][1]["options"][0]["text"] = json!("赞成<夜间>收费");
    let left = correction["questions"].as_array_mut().unwrap();
    left.retain(|question| question["code"] != "rate");
    let done = world
        .run("approver", &path, "corrections", correction)
        .await;
    assert_eq!(done.json()["version"], 2, "{done:?}");
    let answers = json!({"fee": "yes", "km": 4});
    assert_eq!(world.votes(&path, answers).await.status, 201);
    world.set_clock(CLOSES);
    path
}

async fn results_say_in_which_versions_a_question_was_asked_and_how(world: &World) {
    let path = corrected(world).await;
    let results = world.public().get(&format!("{path}/results")).await.json();
    let of = |code: &str| -> Vec<&Value> {
        let all = results["questions"].as_array().unwrap().iter();
        all.filter(|question| question["code"] == code).collect()
    };
    let [now, before] = of("fee")[..] else {
        panic!("{results}")
    };
    assert_eq!(
        (&now["versions"], &now["ballots"], &now["n"]),
        (&json!([2]), &json!(1), &json!(1))
    );
    assert_eq!(now["earlier"], Value::Null);
    assert_eq!(now["counts"][0]["text"], "赞成<夜间>收费");
    assert_eq!(now["counts"][0]["percent"], 100.0);
    assert_eq!(
        (&before["versions"], &before["ballots"], &before["n"]),
        (&json!([1]), &json!(2), &json!(2))
    );
    assert_eq!(before["earlier"]["options"][0]["text"], "赞成");
    assert_eq!(before["counts"][0]["percent"], 50.0);
    let [km] = of("km")[..] else {
        panic!("{results}")
    };
    assert_eq!((&km["versions"], &km["n"]), (&json!([1, 2]), &json!(3)));
    let last = results["questions"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["code"], &last["versions"]),
        (&json!("rate"), &json!([1])),
        "what is asked no more comes last"
    );
    let table = world.public().get(&format!("{path}/results.csv")).await;
    let table = table.text();
    for line in [
        "fee,single,是否赞成收费？,2,1,,,yes,赞成<夜间>收费,,1,100.0",
        "fee,single,是否赞成收费？,1,2,,,yes,赞成,,1,50.0",
        "km,number,每天开多少公里？,1;2,3,,,3,3,,2,66.7",
        "rate,scale,满意吗？,1,1,,,5,5,,1,100.0",
    ] {
        assert!(table.lines().any(|found| found == line), "{line}: {table}");
    }
    let id = path.rsplit_once('/').unwrap().1;
    let page = world.public().get(&format!("/polls/{id}/results")).await;
    let page = page.text();
    assert!(page.contains("Asked in version 1"), "{page}");
    assert!(page.contains("赞成&lt;夜间&gt;收费"), "{page}");
    let desk = world.at_the_desk("editor").await;
    let screen = desk.get(&format!("/desk/polls/{id}/results")).await.text();
    assert!(screen.contains("Asked in version 2"), "{screen}");
    assert_eq!(screen.matches("asked no more").count(), 1, "{screen}");
}

async fn open_ballots_say_on_which_version_they_were_given(world: &World) {
    let path = corrected(world).await;
    let public = world.public();
    let ballots = public.get(&format!("{path}/ballots")).await.json();
    let mut ballots = ballots.as_array().unwrap().clone();
    // They stand in an order of no meaning.
    ballots.sort_by_key(ToString::to_string);
    assert_eq!(
        json!(ballots),
        json!([
            {"version": 1, "answers": {"fee": ["no"]}},
            {"version": 1, "answers": {"fee": ["yes"], "rate": ["5"]}},
            {"version": 2, "answers": {"fee": ["yes"]}},
        ])
    );
    let table = public.get(&format!("{path}/ballots.csv")).await.text();
    let mut lines: Vec<&str> = table.split_terminator("\r\n").collect();
    assert_eq!(lines.remove(0), "version,fee,where,rank,grid,rate");
    lines.sort_unstable();
    assert_eq!(lines, ["1,no,,,,", "1,yes,,,,5", "2,yes,,,,"]);
}

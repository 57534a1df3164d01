//! What is said after a session, over HTTP: the minutes confirmed and corrected, opinions with their
//! replies, by plain forms and by the API.

use crate::hearings::notice;
use crate::world::{Answer, World};
use serde_json::{Value, json};
use testing::on_both_databases;

on_both_databases! {
    minutes_are_confirmed_and_corrected_by_plain_forms,
    an_opinion_is_given_replied_to_and_published_by_plain_forms,
    the_api_does_the_same_and_refuses_who_may_not,
    a_name_is_hidden_and_data_deleted_at_r,
}

const DURING: &str = "2026-03-04T00:00:00Z";
const HELD: &str = "2026-04-02T05:00:00Z";

/// A session of two observers who came first, held, with its minutes; their receipts.
async fn held(world: &World) -> (String, Vec<Value>) {
    let draft = world.open().await;
    let mut raw = notice();
    raw["pricing"] = json!(false);
    raw["total"] = json!(2);
    raw["categories"] = json!([
        {"code": "observers", "name": "旁听", "quota": 2, "fill": "first_come", "in_total": true},
    ]);
    let path = world.announced(&draft, raw).await;
    world.set_clock(DURING);
    let mut receipts = Vec::new();
    for n in [1, 2] {
        receipts.push(world.applies(&path, "observers", n).await);
    }
    world.set_clock(HELD);
    let minutes = json!({
        "attendance": "应到二人，实到二人。",
        "statements": [],
        "corrections_until": "2026-04-09T00:00:00Z",
    });
    let answer = world.act("approver", &path, "minutes", minutes).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    (path, receipts)
}

fn code(receipt: &Value) -> &str {
    receipt["receipt"].as_str().unwrap()
}

async fn press(world: &World, receipt: &Value, pairs: &[(&str, &str)]) -> Answer {
    let pairs = [&[("code", code(receipt))], pairs].concat();
    let answer = world.public().submit("/r", &pairs).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

async fn minutes_are_confirmed_and_corrected_by_plain_forms(world: &World) {
    let (path, people) = held(world).await;
    let session = path.rsplit('/').next().unwrap();
    let opened = press(world, &people[0], &[("action", "open")]).await.text();
    assert!(opened.contains("value=\"confirm-minutes\"") && opened.contains("value=\"correct\""));
    let done = press(world, &people[0], &[("action", "confirm-minutes")]).await;
    assert_eq!(done.status, 200);
    assert!(
        done.text()
            .contains("You confirmed that the minutes are right")
    );

    let empty = press(
        world,
        &people[1],
        &[("action", "correct"), ("correction", " ")],
    )
    .await;
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("href=\"#correction\""));
    let asked = "第一段少了“不”字。";
    let sent = press(
        world,
        &people[1],
        &[("action", "correct"), ("correction", asked)],
    )
    .await;
    assert!(sent.text().contains("Your correction was received"));
    assert!(sent.text().contains("Change what you asked for"));

    // The desk sees it, loses nothing of a reason it left out, and publishes its own words.
    let desk = world.at_the_desk("approver").await;
    let screen = format!("/desk/hearings/{session}/corrections");
    let list = desk.get(&screen).await.text();
    assert!(list.contains(asked), "{list}");
    let seen = list.split("name=\"seen.2\" value=\"").nth(1).unwrap();
    let seen = seen.split('"').next().unwrap().to_owned();
    let refused = desk
        .submit(&screen, &[("action", "accept.2"), ("seen.2", &seen)])
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("href=\"#answer.2\""));
    world.set_clock("2026-04-02T05:05:00Z");
    press(
        world,
        &people[1],
        &[("action", "correct"), ("correction", "另一处也错了。")],
    )
    .await;
    let words = [
        ("answer.2", "第一段更正为“不同意”。"),
        ("action", "accept.2"),
        ("seen.2", &seen),
    ];
    let changed = desk.submit(&screen, &words).await;
    assert_eq!(changed.status, 409);
    let again = changed.text();
    assert!(again.contains("另一处也错了。") && again.contains("第一段更正为“不同意”。"));
    let words = [words[0], words[1]];
    let done = desk.submit(&screen, &words).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let page = world
        .public()
        .get(&format!("/hearings/{session}"))
        .await
        .text();
    assert!(page.contains("第一段更正为“不同意”。"));
    assert!(page.contains("1 correction was asked for: 1 accepted, 0 refused, 0 waiting"));
    assert!(!page.contains(asked), "what was asked for is not public");
    let own = press(world, &people[1], &[("action", "open")]).await.text();
    assert!(own.contains("Accepted; it is public beneath the minutes"));

    // Too late: the words come back, to be copied.
    world.set_clock("2026-04-10T00:00:00Z");
    let late = press(
        world,
        &people[0],
        &[("action", "correct"), ("correction", "太晚的话")],
    )
    .await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("太晚的话"));
}

async fn an_opinion_is_given_replied_to_and_published_by_plain_forms(world: &World) {
    let (path, people) = held(world).await;
    let session = path.rsplit('/').next().unwrap();
    let empty = press(world, &people[0], &[("action", "opine"), ("opinion", "")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("href=\"#opinion\""));
    for (who, text) in [(0, "材料应当提前公开。"), (1, "<b>很好</b>")] {
        let sent = press(
            world,
            &people[who],
            &[("action", "opine"), ("opinion", text)],
        )
        .await;
        assert_eq!(sent.status, 200);
        assert!(sent.text().contains("Your opinion was received"));
    }
    let desk = world.at_the_desk("approver").await;
    let screen = format!("/desk/hearings/{session}/opinions");
    let list = desk.get(&screen).await.text();
    assert!(list.contains("材料应当提前公开。") && list.contains("&lt;b&gt;很好"));
    let reply = [
        ("answer.1", "已写入规程。"),
        ("answer.2", "写到一半"),
        ("publish.1", "on"),
        ("action", "reply.1"),
    ];
    let done = desk.submit(&screen, &reply).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let twice = desk.submit(&screen, &reply).await;
    assert_eq!(twice.status, 409);
    assert!(
        twice.text().contains("写到一半"),
        "what was typed for another stays"
    );
    let kept = desk
        .submit(&screen, &[("answer.2", "谢谢。"), ("action", "reply.2")])
        .await;
    assert_eq!(kept.status, 303);
    let page = world
        .public()
        .get(&format!("/hearings/{session}"))
        .await
        .text();
    assert!(page.contains("材料应当提前公开。") && page.contains("已写入规程。"));
    assert!(page.contains("2 opinions received, 2 answered, 1 published."));
    assert!(!page.contains("很好"));
    let own = press(world, &people[1], &[("action", "open")]).await.text();
    assert!(own.contains("谢谢。") && own.contains("were not published"));
    let late = press(
        world,
        &people[1],
        &[("action", "opine"), ("opinion", "补充的话")],
    )
    .await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("补充的话"));
    let overview = desk.get(&format!("/desk/hearings/{session}")).await.text();
    assert!(overview.contains("2 received, none waiting."));
    assert!(
        overview.contains("2 applicants gave no e-mail address"),
        "{overview}"
    );
}

async fn the_api_does_the_same_and_refuses_who_may_not(world: &World) {
    let (path, people) = held(world).await;
    let at = |receipt: &Value, act: &str| format!("/api/v1/receipts/{}/{act}", code(receipt));
    let public = world.public();
    let confirmed = public.post(&at(&people[0], "minutes"), json!({})).await;
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    assert_eq!(
        confirmed.json()["minutes"]["confirmed_at"],
        "2026-04-02T05:00:00Z"
    );
    let asked = json!({"correction": "漏了一句。"});
    let asked = public.post(&at(&people[1], "minutes"), asked).await;
    assert_eq!(
        asked.json()["minutes"]["corrections"][0]["text"],
        "漏了一句。"
    );
    let opinion = public
        .post(&at(&people[1], "opinion"), json!({"text": "好。"}))
        .await;
    assert_eq!(opinion.json()["opinion"]["text"], "好。");
    let none = public.post(&at(&people[1], "opinion"), json!({})).await;
    assert_eq!(
        (none.status.as_u16(), none.faults()),
        (422, vec!["opinion required".into()])
    );
    let nobody = "/api/v1/receipts/0000-0000-0000-0000-0/opinion";
    assert_eq!(public.post(nobody, json!({"text": "x"})).await.status, 404);

    for list in ["corrections", "opinions", "letters"] {
        let list = format!("{path}/{list}");
        assert_eq!(public.get(&list).await.status, 401, "{list}");
        assert_eq!(
            world.staff("stranger").get(&list).await.status,
            403,
            "{list}"
        );
        assert_eq!(
            world.staff("moderator").get(&list).await.status,
            200,
            "{list}"
        );
    }
    let letters = world
        .staff("editor")
        .get(&format!("{path}/letters"))
        .await
        .json();
    let expected = json!({"waiting": 0, "sent": 0, "failed": 0, "without_address": 2});
    assert_eq!(letters, expected);
    let listed = world
        .staff("editor")
        .get(&format!("{path}/corrections"))
        .await
        .json();
    assert_eq!(listed[0]["number"], people[1]["number"]);
    let number = people[1]["number"].as_str().unwrap();
    let answer = format!("/api/v1/applications/{number}/correction");
    let accepted = json!({"accepted": true, "text": "补上一句。", "seen": listed[0]["asked_at"]});
    assert_eq!(
        world
            .staff("editor")
            .post(&answer, accepted.clone())
            .await
            .status,
        403
    );
    assert_eq!(
        world
            .staff("approver")
            .post(&answer, accepted.clone())
            .await
            .status,
        204
    );
    let twice = world.staff("approver").post(&answer, accepted).await;
    assert_eq!(
        (twice.status.as_u16(), twice.problem()),
        (409, "no_correction".into())
    );
    let reply = format!("/api/v1/applications/{number}/opinion");
    let published = json!({"reply": "谢谢。"});
    assert_eq!(
        world
            .staff("stranger")
            .post(&reply, published.clone())
            .await
            .status,
        403
    );
    assert_eq!(
        world.staff("approver").post(&reply, published).await.status,
        204
    );
    let page = public.get(&path).await.json();
    assert_eq!(page["minutes"]["corrections"][0]["text"], "补上一句。");
    assert_eq!(page["opinions"]["published"][0]["reply"], "谢谢。");
    // The second applicant let their name be published, as it is even.
    assert_eq!(page["opinions"]["published"][0]["name"], "申请人2");
}

async fn a_name_is_hidden_and_data_deleted_at_r(world: &World) {
    let (path, people) = held(world).await;
    let names = async || world.public().get(&path).await.json()["participants"].clone();
    assert_eq!(names().await[1]["name"], "申请人2");
    let opened = press(world, &people[1], &[("action", "open")]).await.text();
    assert!(opened.contains("value=\"hide-name\""));
    let hidden = press(world, &people[1], &[("action", "hide-name")])
        .await
        .text();
    assert!(hidden.contains("no longer on the published list"));
    assert_eq!(names().await[1]["name"], Value::Null);
    let ask = press(world, &people[1], &[("action", "withdraw")])
        .await
        .text();
    assert!(ask.contains("Delete what is known of you?"));
    let gone = press(world, &people[1], &[("action", "confirm-withdraw")])
        .await
        .text();
    assert!(gone.contains("What was known of you is deleted"), "{gone}");
    assert!(!gone.contains("申请人2") && !gone.contains("收费应当合理"));
    // The seat was held, and stays counted.
    assert_eq!(names().await.as_array().unwrap().len(), 2);
    let hide = format!("/api/v1/receipts/{}/name", code(&people[0]));
    let answer = world.public().delete(&hide).await;
    assert_eq!(answer.json()["publish_name"], false);
}

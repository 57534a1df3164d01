//! Sessions that people apply to attend, from the notice to the report, over HTTP.

use crate::world::{Answer, Draft, Person, World};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    a_hearing_goes_from_the_notice_to_the_report,
    anyone_repeats_the_draw_from_what_is_published_alone,
}

/// After the application period of [`notice`].
pub const ENDED: &str = "2026-03-20T16:00:00Z";

/// Two residents and one operator are drawn; one observer comes first.
pub fn notice() -> Value {
    json!({
        "kind": "hearing",
        "title": "停车收费听证会",
        "matter": "停车收费标准",
        "starts_at": "2026-04-02T01:00:00Z",
        "ends_at": "2026-04-02T04:00:00Z",
        "place": "区政府, 3 楼",
        "total": 3,
        "pricing": true,
        "categories": [
            {"code": "residents", "name": "居民", "quota": 2, "fill": "draw"},
            {"code": "operators", "name": "经营者", "quota": 1},
            {"code": "observers", "name": "旁听", "quota": 1, "fill": "first_come"},
        ],
        "applications_open_at": "2026-03-02T01:00:00Z",
        "applications_close_at": ENDED,
    })
}

pub fn applicant(category: &str, n: usize) -> Value {
    json!({
        "category": category,
        "name": format!("申请人{n}"),
        "contact": format!("1380000{n:04}"),
        "statement": "收费应当合理。",
        "needs": ["step_free"],
        "publish_name": n.is_multiple_of(2),
    })
}

impl World {
    /// A session as prepared; its path under `/api/v1`.
    pub async fn hearing(&self, draft: &Draft, notice: Value) -> String {
        let editor = self.staff("editor");
        let created = editor.post(&draft.path("/hearings"), notice).await;
        assert_eq!(created.status, 201, "{created:?}");
        let id = created.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/hearings/{id}");
        assert_eq!(created.header("location"), path);
        path
    }

    /// The same, public.
    pub async fn announced(&self, draft: &Draft, notice: Value) -> String {
        let path = self.hearing(draft, notice).await;
        let published = self.act("approver", &path, "publish", json!({})).await;
        assert_eq!(published.status, 200, "{published:?}");
        path
    }

    pub async fn act(&self, who: &str, path: &str, act: &str, body: Value) -> Answer {
        self.staff(who).post(&format!("{path}/{act}"), body).await
    }

    /// Applies and expects to be taken.
    pub async fn applies(&self, path: &str, category: &str, n: usize) -> Value {
        let person = self.public().with("idempotency-key", &format!("k{n}"));
        let path = format!("{path}/applications");
        let answer = person.post(&path, applicant(category, n)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }

    pub async fn review(&self, number: &Value, eligible: bool) -> Value {
        let path = format!("/api/v1/applications/{}/review", number.as_str().unwrap());
        let body = json!({"eligible": eligible, "reason": "不在本区居住"});
        let answer = self.staff("moderator").post(&path, body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["state"].clone()
    }

    /// Six residents and two operators, all eligible, drawn by a lottery.
    pub async fn drawn(&self, draft: &Draft) -> String {
        let path = self.announced(draft, notice()).await;
        for n in 0..8 {
            let category = if n < 6 { "residents" } else { "operators" };
            let sent = self.applies(&path, category, n).await;
            assert_eq!(self.review(&sent["number"], true).await, "eligible");
        }
        self.set_clock(ENDED);
        let source = json!({"seed_source": "双色球第 2026035 期"});
        let frozen = self.act("approver", &path, "freeze", source).await;
        assert_eq!(frozen.status, 200, "{frozen:?}");
        let seed = json!({"seed": "02 07 11 19 24 31 + 08"});
        let drawn = self.act("approver", &path, "draw", seed).await;
        assert_eq!(drawn.status, 200, "{drawn:?}");
        path
    }
}

pub async fn own(person: &Person<'_>, receipt: &Value) -> Value {
    let path = format!("/api/v1/receipts/{}", receipt.as_str().unwrap());
    let answer = person.get(&path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

async fn a_hearing_goes_from_the_notice_to_the_report(world: &World) {
    let draft = world.open().await;
    let public = world.public();
    let path = world.hearing(&draft, notice()).await;
    let listed = draft.path("/hearings");
    assert_eq!(public.get(&listed).await.json(), json!([]));
    assert_eq!(public.get(&path).await.problem(), "not_found");
    let staff = world.staff("editor").get(&listed).await.json();
    assert_eq!(staff[0]["state"], "preparing");

    let mut wrong = notice();
    wrong["total"] = json!(4);
    let changed = world.staff("editor").put(&path, wrong).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let refused = world.act("approver", &path, "publish", json!({})).await;
    assert_eq!(refused.faults(), ["total seats_do_not_add_up"]);
    let changed = world.staff("editor").put(&path, notice()).await;
    assert_eq!(changed.json()["total"], 3, "{changed:?}");
    let published = world.act("approver", &path, "publish", json!({})).await;
    assert_eq!(published.json()["state"], "applying", "{published:?}");
    assert_eq!(public.get(&listed).await.json()[0]["state"], "applying");

    let resident = world.applies(&path, "residents", 1).await;
    assert_eq!(resident["state"], "received");
    let observer = world.applies(&path, "observers", 2).await;
    assert_eq!(
        (&observer["state"], &observer["reserve"]),
        (&json!("chosen"), &Value::Null)
    );
    let late = world.applies(&path, "observers", 3).await;
    assert_eq!(
        (&late["state"], &late["reserve"]),
        (&json!("reserve"), &json!(1))
    );
    let outsider = world.applies(&path, "residents", 4).await;
    let seen = public.get(&path).await;
    assert!(!seen.text().contains("申请人"), "{}", seen.text());
    let seats = &seen.json()["seats"];
    assert_eq!(seats[0]["applications"], 2, "{seats}");
    assert_eq!(seats[2]["seated"], 1, "{seats}");
    assert_eq!(
        public.get(&format!("{path}/draw")).await.problem(),
        "not_found"
    );

    // Staff see each application, without the contact data; a look at that is on record.
    let list = format!("{path}/applications?category=residents");
    let page = world.staff("moderator").get(&list).await;
    assert_eq!(
        page.json()["items"].as_array().unwrap().len(),
        2,
        "{page:?}"
    );
    assert!(!page.text().contains("1380000"), "{page:?}");
    let number = resident["number"].as_str().unwrap();
    let contact = format!("/api/v1/applications/{number}/contact");
    let shown = world.staff("moderator").post(&contact, Value::Null).await;
    assert_eq!(shown.json(), json!({"contact": "13800000001"}));
    assert_eq!(shown.header("cache-control"), "no-store");

    world.set_clock(ENDED);
    let source = json!({"seed_source": "上证指数 2026-03-23 收盘"});
    let waiting = world.act("approver", &path, "freeze", source.clone()).await;
    assert_eq!(waiting.problem(), "unreviewed");
    assert!(waiting.text().contains(number), "{waiting:?}");
    assert_eq!(world.review(&resident["number"], true).await, "eligible");
    assert_eq!(world.review(&outsider["number"], false).await, "ineligible");
    let refused = own(&public, &outsider["receipt"]).await;
    assert_eq!(refused["reason"], "不在本区居住", "{refused}");
    let early = world
        .act("approver", &path, "draw", json!({"seed": "1"}))
        .await;
    assert_eq!(early.problem(), "not_frozen");
    let frozen = world.act("approver", &path, "freeze", source.clone()).await;
    assert_eq!(frozen.status, 200, "{frozen:?}");
    assert_eq!(frozen.json()["tickets_hash"].as_str().unwrap().len(), 64);
    assert_eq!(frozen.json()["seed"], Value::Null);
    let again = world.act("approver", &path, "freeze", source).await;
    assert_eq!(again.problem(), "list_frozen");
    let drawn = world
        .act("approver", &path, "draw", json!({"seed": "3412.08"}))
        .await;
    assert_eq!(
        drawn.json()["chosen"]["residents"],
        json!([number]),
        "{drawn:?}"
    );
    let again = world
        .act("approver", &path, "draw", json!({"seed": "1"}))
        .await;
    assert_eq!(again.problem(), "already_drawn");
    let chosen = own(&public, &resident["receipt"]).await;
    assert_eq!(
        (&chosen["state"], &chosen["can_confirm"]),
        (&json!("chosen"), &json!(true))
    );

    let papers =
        json!({"papers": [{"title": "成本监审报告", "delivered_at": "2026-03-25T01:00:00Z"}]});
    let sent = world.act("editor", &path, "papers", papers).await;
    assert_eq!(
        sent.json()["papers"][0]["title"],
        "成本监审报告",
        "{sent:?}"
    );
    let early = world
        .act("approver", &path, "report", json!({"report": "见附件"}))
        .await;
    assert_eq!(early.problem(), "no_minutes");
    world.set_clock("2026-04-03T01:00:00Z");
    let minutes = json!({
        "attendance": "应到三人，实到二人。",
        "statements": [
            {"speaker": "申请人一", "clause": draft.clause("第二条"), "text": "每小时不超过二元。"},
            {"speaker": "李四", "display": "anonymous", "text": "同意。"},
        ],
    });
    let held = world
        .act("approver", &path, "minutes", minutes.clone())
        .await;
    assert_eq!(held.status, 200, "{held:?}");
    let again = world.act("approver", &path, "minutes", minutes).await;
    assert_eq!(again.problem(), "minutes_published");
    let said = public.get(&path).await.json();
    assert_eq!(said["state"], "held");
    let statements = said["minutes"]["statements"].as_array().unwrap();
    assert_eq!(statements.len(), 2, "{said}");
    assert_eq!(statements[0]["clause_label"], "第二条");
    assert_eq!(statements[1]["speaker"], Value::Null);
    // What was said is in the ledger with the written comments.
    let comments = public.get(&draft.path("/comments")).await.text();
    assert!(comments.contains("每小时不超过二元"), "{comments}");
    assert_eq!(world.points(&draft).await.len(), 2);
    let report = world
        .act("approver", &path, "report", json!({"report": "采纳一条。"}))
        .await;
    assert_eq!(report.json()["report"], "采纳一条。", "{report:?}");
    let over = world
        .act("approver", &path, "cancel", json!({"reason": "x"}))
        .await;
    assert_eq!(over.problem(), "hearing_over");
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// As `docs/draw.md` does it, with nothing of the product but what it publishes.
async fn anyone_repeats_the_draw_from_what_is_published_alone(world: &World) {
    let draft = world.open().await;
    let path = world.drawn(&draft).await;
    let draw = world.public().get(&format!("{path}/draw")).await.json();
    let tickets = |of: &Value| -> Vec<String> {
        let list = of.as_array().unwrap().iter();
        list.map(|ticket| ticket.as_str().unwrap().to_owned())
            .collect()
    };
    let mut lines = Vec::new();
    let categories = draw["tickets"].as_object().unwrap();
    assert_eq!(
        categories.keys().collect::<Vec<_>>(),
        ["operators", "residents"]
    );
    for (category, list) in categories {
        for ticket in tickets(list) {
            lines.push(format!("{category}:{ticket}\n"));
        }
    }
    lines.sort();
    assert_eq!(lines.len(), 8);
    assert_eq!(draw["tickets_hash"], sha256(&lines.concat()));
    let seed = draw["seed"].as_str().unwrap();
    for (category, quota) in [("residents", 2), ("operators", 1)] {
        assert_eq!(draw["quotas"][category], quota);
        let mut order = tickets(&draw["tickets"][category]);
        order.sort_by_key(|ticket| sha256(&format!("{seed}:{ticket}")));
        let (chosen, reserves) = order.split_at(quota);
        assert_eq!(tickets(&draw["chosen"][category]), chosen, "{draw}");
        assert_eq!(tickets(&draw["reserves"][category]), reserves, "{draw}");
    }
    let hearing = world.public().get(&path).await.json();
    let seated: BTreeSet<String> = hearing["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|participant| participant["ticket"].as_str().unwrap().to_owned())
        .collect();
    let chosen = ["residents", "operators"].map(|category| tickets(&draw["chosen"][category]));
    assert_eq!(seated, chosen.concat().into_iter().collect());
    for participant in hearing["participants"].as_array().unwrap() {
        let serial: usize = participant["ticket"].as_str().unwrap()[13..]
            .parse()
            .unwrap();
        // Every second applicant agreed; the first is number 1.
        assert_eq!(
            participant["name"].is_string(),
            serial % 2 == 1,
            "{participant}"
        );
    }
}

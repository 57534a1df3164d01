//! Polls over HTTP: composed, answered, counted, corrected, given away as open data.

use crate::world::{Answer, Draft, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both_databases;

on_both_databases! {
    a_poll_of_every_kind_is_counted_as_by_hand,
    results_are_there_when_the_unit_said_and_not_before,
    open_data_holds_every_ballot_and_no_formula,
    a_published_poll_is_corrected_and_says_so,
    answers_in_words_are_read_before_everyone_reads_them,
    a_ballots_receipt_says_that_it_counts_and_not_what_it_says,
}

pub const OPENS: &str = "2026-03-02T01:00:00Z";
pub const CLOSES: &str = "2026-03-16T16:00:00Z";

/// A question of every kind.
pub fn questions() -> Value {
    let options = json!([{"code": "yes", "text": "赞成"}, {"code": "no", "text": "=反对()"}]);
    json!({
        "title": "停车收费民意调查",
        "method": "在网上向所有人征询，至三月十六日。",
        "questions": [
            {"kind": "section", "code": "s", "text": "收费"},
            {"kind": "single", "code": "fee", "text": "是否赞成收费？", "required": true, "options": options},
            {"kind": "multiple", "code": "where", "text": "在哪里停车？", "max": 2, "options": [
                {"code": "street", "text": "路边"}, {"code": "yard", "text": "小区"}, {"code": "hall", "text": "车库"}],
             "show_if": {"question": "fee", "any_of": ["yes"]}},
            {"kind": "scale", "code": "rate", "text": "满意吗？"},
            {"kind": "ranking", "code": "rank", "text": "先做什么？", "options": [
                {"code": "a", "text": "甲"}, {"code": "b", "text": "乙"}, {"code": "c", "text": "丙"}]},
            {"kind": "matrix", "code": "grid", "text": "评价", "rows": [{"code": "r1", "text": "价格"}, {"code": "r2", "text": "车位"}],
             "options": [{"code": "good", "text": "好"}, {"code": "bad", "text": "差"}]},
            {"kind": "number", "code": "km", "text": "每天开多少公里？", "min": -5, "max": 500},
            {"kind": "short_text", "code": "word", "text": "一句话"},
            {"kind": "long_text", "code": "more", "text": "还想说什么？"},
        ],
    })
}

fn ballots() -> [Value; 3] {
    [
        json!({"fee": "yes", "where": ["street", "hall"], "rate": 5, "rank": ["b", "a", "c"],
            "grid": {"r1": "good", "r2": "bad"}, "km": 12.5, "word": "=1+1", "more": "多建车库。"}),
        json!({"fee": "no", "where": ["yard"], "rate": "2", "rank": ["b", "c", "a"], "grid": {"r1": "bad"}, "km": "-3"}),
        json!({"fee": "yes", "rate": 5, "km": 12.5}),
    ]
}

impl World {
    /// A poll as prepared; its path.
    pub async fn poll(&self, draft: &Draft, poll: Value) -> String {
        let editor = self.staff("editor");
        let created = editor.post(&draft.path("/polls"), poll).await;
        assert_eq!(created.status, 201, "{created:?}");
        let id = created.json()["id"].as_str().unwrap().to_owned();
        format!("/api/v1/polls/{id}")
    }

    /// The same, open.
    pub async fn asked(&self, draft: &Draft, poll: Value) -> String {
        let path = self.poll(draft, poll).await;
        let period = json!({"opens_at": OPENS, "closes_at": CLOSES});
        let published = self.run("approver", &path, "publish", period).await;
        assert_eq!(published.json()["state"], "open", "{published:?}");
        path
    }

    pub async fn run(&self, who: &str, path: &str, act: &str, body: Value) -> Answer {
        self.staff(who).post(&format!("{path}/{act}"), body).await
    }

    pub async fn votes(&self, path: &str, answers: Value) -> Answer {
        let path = format!("{path}/ballots");
        self.public().post(&path, json!({"answers": answers})).await
    }

    async fn all_vote(&self, path: &str) -> Vec<Value> {
        let mut receipts = Vec::new();
        for ballot in ballots() {
            let sent = self.votes(path, ballot).await;
            assert_eq!(sent.status, 201, "{sent:?}");
            assert_eq!(sent.header("cache-control"), "no-store");
            receipts.push(sent.json());
        }
        receipts
    }
}

/// `code: count` of a list of counts.
fn counts(list: &Value) -> Vec<(String, i64)> {
    let list = list.as_array().unwrap().iter();
    list.map(|c| {
        (
            c["code"].as_str().unwrap().to_owned(),
            c["count"].as_i64().unwrap(),
        )
    })
    .collect()
}

fn counted(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(code, n)| ((*code).to_owned(), *n))
        .collect()
}

async fn a_poll_of_every_kind_is_counted_as_by_hand(world: &World) {
    let draft = world.open().await;
    let path = world.asked(&draft, questions()).await;
    world.all_vote(&path).await;
    world.set_clock(CLOSES);
    let answer = world.public().get(&format!("{path}/results")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let results = answer.json();
    assert_eq!(results["ballots"], 3);
    assert_eq!(results["identity"], "none");
    assert_eq!(results["method"], "在网上向所有人征询，至三月十六日。");
    let questions = results["questions"].as_array().unwrap();
    let codes: Vec<&str> = questions
        .iter()
        .map(|q| q["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        ["fee", "where", "rate", "rank", "grid", "km", "word", "more"]
    );
    let [fee, place, rate, rank, grid, km, word, more] = questions.as_slice() else {
        panic!("{results}")
    };
    assert_eq!(counts(&fee["counts"]), counted(&[("yes", 2), ("no", 1)]));
    assert_eq!(
        (&fee["n"], &fee["counts"][0]["percent"]),
        (&json!(3), &json!(66.7))
    );
    // Who was against was not asked where; who did not say is not counted.
    assert_eq!(
        counts(&place["counts"]),
        counted(&[("street", 1), ("yard", 0), ("hall", 1)])
    );
    assert_eq!(
        (&place["n"], &place["counts"][0]["percent"]),
        (&json!(1), &json!(100.0))
    );
    assert_eq!(
        counts(&rate["counts"]),
        counted(&[("1", 0), ("2", 1), ("3", 0), ("4", 0), ("5", 2)])
    );
    assert_eq!(rate["figures"]["mean"], 4.0);
    let means: Vec<_> = rank["ranks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (&r["code"], &r["mean_rank"]))
        .collect();
    let (a, b, c) = (json!("a"), json!("b"), json!("c"));
    assert_eq!(
        means,
        [(&b, &json!(1.0)), (&a, &json!(2.5)), (&c, &json!(2.5))]
    );
    assert_eq!(
        (&grid["rows"][0]["n"], &grid["rows"][1]["n"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        counts(&grid["rows"][0]["counts"]),
        counted(&[("good", 1), ("bad", 1)])
    );
    assert_eq!(counts(&km["counts"]), counted(&[("-3", 1), ("12.5", 2)]));
    assert_eq!(km["figures"]["median"], 12.5);
    for words in [word, more] {
        assert_eq!(
            (&words["n"], &words["texts"], &words["texts_withheld"]),
            (&json!(1), &json!([]), &json!(1))
        );
    }
}

async fn results_are_there_when_the_unit_said_and_not_before(world: &World) {
    let draft = world.open().await;
    let public = world.public();
    let mut by_hand = questions();
    by_hand["results"] = json!("by_hand");
    let hidden = world.poll(&draft, by_hand.clone()).await;
    assert_eq!(public.get(&hidden).await.problem(), "not_found");
    assert_eq!(public.get(&draft.path("/polls")).await.json(), json!([]));
    assert_eq!(
        world.votes(&hidden, json!({"fee": "yes"})).await.problem(),
        "not_found"
    );
    let at_closing = world.asked(&draft, questions()).await;
    let by_hand = world.asked(&draft, by_hand).await;
    let mut at_once = questions();
    at_once["results"] = json!("at_once");
    let at_once = world.asked(&draft, at_once).await;
    for path in [&at_closing, &by_hand, &at_once] {
        assert_eq!(world.votes(path, json!({"fee": "yes"})).await.status, 201);
    }
    let reads = ["results", "results.csv"];
    let rows = async |path: &str| {
        let (json, table) = (format!("{path}/ballots"), format!("{path}/ballots.csv"));
        let json = public.get(&json).await.status.as_u16();
        assert_eq!(public.get(&table).await.status.as_u16(), json, "{path}");
        json
    };
    let status = async |path: &str| {
        let mut found = BTreeSet::new();
        for read in reads {
            let answer = public.get(&format!("{path}/{read}")).await;
            if answer.status != 200 {
                assert_eq!(answer.problem(), "not_found", "{path}/{read}");
            }
            found.insert(answer.status.as_u16());
        }
        found.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(status(&at_closing).await, [404]);
    assert_eq!(status(&at_once).await, [200]);
    let watched = format!("{at_once}/ballots");
    for someone in [public.clone(), world.staff("editor")] {
        assert_eq!(someone.get(&watched).await.problem(), "poll_still_open");
    }
    assert_eq!(rows(&at_closing).await, 409);
    // How many have answered is part of the result; staff know it at any time.
    let hidden = public.get(&at_closing).await.json();
    let listed = public.get(&draft.path("/polls")).await.json()[0].clone();
    for counts in [&hidden, &hidden["versions"][0], &listed] {
        assert_eq!(counts.get("ballots"), Some(&Value::Null), "{counts}");
    }
    let staff = world
        .staff("editor")
        .get(&format!("{at_closing}/results"))
        .await;
    assert_eq!(staff.json()["ballots"], 1, "{staff:?}");
    assert_eq!(staff.header("cache-control"), "no-store");
    let early = world
        .run("approver", &by_hand, "results", Value::Null)
        .await;
    assert_eq!(early.problem(), "poll_still_open");
    let off = world
        .run(
            "approver",
            &at_once,
            "cancel",
            json!({"reason": "问题有误"}),
        )
        .await;
    assert_eq!(off.json()["cancelled_reason"], "问题有误", "{off:?}");
    assert_eq!(status(&at_once).await, [200], "what was public stays");
    assert_eq!(rows(&at_once).await, 200);
    let kept = public.get(&format!("{at_once}/results")).await.json();
    assert_eq!(
        (&kept["ballots"], &kept["cancelled_reason"]),
        (&json!(1), &json!("问题有误"))
    );
    world.set_clock(CLOSES);
    assert_eq!(
        world
            .votes(&at_closing, json!({"fee": "yes"}))
            .await
            .problem(),
        "poll_not_open"
    );
    assert_eq!(status(&at_closing).await, [200]);
    assert_eq!((rows(&at_closing).await, rows(&by_hand).await), (200, 404));
    assert_eq!(status(&by_hand).await, [404]);
    let shown = world
        .run("approver", &by_hand, "results", Value::Null)
        .await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!(
        (status(&by_hand).await, rows(&by_hand).await),
        (vec![200], 200)
    );
    for table in ["results.csv", "ballots.csv", "ballots", "results"] {
        let kept = public.get(&format!("{at_closing}/{table}")).await;
        assert_eq!(kept.header("cache-control"), "public, no-cache");
        let again = public.clone().with("if-none-match", kept.header("etag"));
        assert_eq!(
            again.get(&format!("{at_closing}/{table}")).await.status,
            304
        );
    }
}

/// The lines of a table without quoted line breaks.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    answer
        .text()
        .split_terminator("\r\n")
        .map(Into::into)
        .collect()
}

async fn open_data_holds_every_ballot_and_no_formula(world: &World) {
    let draft = world.open().await;
    let path = world.asked(&draft, questions()).await;
    world.all_vote(&path).await;
    let texts = world
        .staff("moderator")
        .get(&format!("{path}/texts"))
        .await
        .json();
    for text in texts["items"].as_array().unwrap() {
        let act = format!("texts/{}/moderation", text["id"].as_str().unwrap());
        let decided = world
            .run("moderator", &path, &act, json!({"decision": "publish"}))
            .await;
        assert_eq!(decided.status, 204, "{decided:?}");
    }
    world.set_clock(CLOSES);
    let public = world.public();
    let given = public.get(&format!("{path}/ballots.csv")).await;
    let id = path.rsplit_once('/').unwrap().1;
    let name = format!("attachment; filename=\"{id}-ballots.csv\"");
    assert_eq!(given.header("content-disposition"), name);
    let table = lines(&given);
    assert_eq!(table[0], "version,fee,where,rate,rank,grid");
    let mut rows = table[1..].to_vec();
    rows.sort();
    assert_eq!(
        rows,
        [
            "1,no,,2,a:3;b:1;c:2,r1:bad",
            "1,yes,,5,,",
            "1,yes,hall;street,5,a:2;b:1;c:3,r1:good;r2:bad",
        ]
    );
    let json = public.get(&format!("{path}/ballots")).await.json();
    assert_eq!(json.as_array().unwrap().len(), 3);
    let results = lines(&public.get(&format!("{path}/results.csv")).await);
    assert_eq!(
        results[0],
        "question,kind,question_text,versions,answered,row,row_text,code,text,place,count,percent"
    );
    for line in [
        "fee,single,是否赞成收费？,1,3,,,yes,赞成,,2,66.7",
        "fee,single,是否赞成收费？,1,3,,,no,'=反对(),,1,33.3",
        "grid,matrix,评价,1,2,r1,价格,good,好,,1,50.0",
        "rank,ranking,先做什么？,1,2,,,b,乙,1,2,",
        "km,number,每天开多少公里？,1,3,,,-3,-3,,1,33.3",
        "word,short_text,一句话,1,1,,,,'=1+1,,1,",
    ] {
        assert!(
            results.iter().any(|found| found == line),
            "{line} in {results:#?}"
        );
    }
}

async fn a_published_poll_is_corrected_and_says_so(world: &World) {
    let draft = world.open().await;
    let editor = world.staff("editor");
    let path = world.poll(&draft, questions()).await;
    let mut new = questions();
    new["title"] = json!("停车民意调查");
    assert_eq!(
        editor.put(&path, new.clone()).await.json()["title"],
        "停车民意调查"
    );
    let mut corrected = questions();
    corrected["correction"] = json!("写错了选项。");
    let early = world
        .run("approver", &path, "corrections", corrected.clone())
        .await;
    assert_eq!(early.problem(), "poll_not_published");
    let past = json!({"opens_at": OPENS, "closes_at": "2026-03-01T00:00:00Z"});
    let past = world.run("approver", &path, "publish", past).await;
    assert_eq!(past.faults(), ["closes_at too_early"]);
    let period = json!({"opens_at": OPENS, "closes_at": CLOSES});
    let published = world
        .run("approver", &path, "publish", period.clone())
        .await;
    assert_eq!(published.status, 200, "{published:?}");
    let again = world.run("approver", &path, "publish", period).await;
    assert_eq!(again.problem(), "poll_published");
    assert_eq!(editor.put(&path, new).await.problem(), "poll_published");
    assert_eq!(world.votes(&path, json!({"fee": "yes"})).await.status, 201);

    let unsaid = world
        .run("approver", &path, "corrections", questions())
        .await;
    assert_eq!(unsaid.faults(), ["correction required"]);
    let mut typed = corrected.clone();
    typed["questions"][1]["kind"] = json!("riddle");
    let typed = world.run("approver", &path, "corrections", typed).await;
    assert_eq!(typed.faults(), ["questions.1.kind unknown"]);
    let done = world.run("approver", &path, "corrections", corrected).await;
    assert_eq!(done.json()["version"], 2, "{done:?}");
    let seen = world.public().get(&path).await.json();
    assert_eq!(seen["versions"][1]["correction"], "写错了选项。", "{seen}");
    let old = json!({"answers": {"fee": "yes"}, "version": 1});
    let old = world.public().post(&format!("{path}/ballots"), old).await;
    assert_eq!(old.problem(), "poll_corrected");
    let new = json!({"answers": {"fee": "no"}, "version": 2});
    assert_eq!(
        world
            .public()
            .post(&format!("{path}/ballots"), new)
            .await
            .status,
        201
    );
    world.set_clock(CLOSES);
    let results = world.public().get(&format!("{path}/results")).await.json();
    assert_eq!(
        (
            &results["versions"][0]["ballots"],
            &results["versions"][1]["ballots"]
        ),
        (&json!(1), &json!(1))
    );
}

async fn answers_in_words_are_read_before_everyone_reads_them(world: &World) {
    let draft = world.open().await;
    let mut poll = questions();
    poll["results"] = json!("at_once");
    let path = world.asked(&draft, poll).await;
    world.all_vote(&path).await;
    let public = world.public();
    let results = format!("{path}/results");
    assert!(!public.get(&results).await.text().contains("多建车库"));
    let (moderator, list) = (world.staff("moderator"), format!("{path}/texts"));
    let texts = moderator
        .get(&format!("{list}?state=received"))
        .await
        .json();
    let items = texts["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{texts}");
    let of = |question: &str| {
        let item = items
            .iter()
            .find(|item| item["question"] == question)
            .unwrap();
        format!("texts/{}/moderation", item["id"].as_str().unwrap())
    };
    let publish = json!({"decision": "publish"});
    let done = world
        .run("moderator", &path, &of("more"), publish.clone())
        .await;
    assert_eq!(done.status, 204, "{done:?}");
    let held = world
        .run("moderator", &path, &of("word"), json!({"decision": "hold"}))
        .await;
    assert_eq!(held.status, 204, "{held:?}");
    let shown = public.get(&results).await;
    assert!(shown.text().contains("多建车库"), "{shown:?}");
    assert!(!shown.text().contains("=1+1"), "{shown:?}");
    let left = moderator
        .get(&format!("{list}?state=received"))
        .await
        .json();
    assert_eq!(left["items"], json!([]));
    let refused = world
        .run("editor", &path, &of("word"), publish.clone())
        .await;
    assert_eq!(refused.problem(), "forbidden");
    let missing = world.run("moderator", &path, &of("word"), json!({})).await;
    assert_eq!(missing.faults(), ["decision required"]);
    let nobody = "texts/00000000-0000-7000-8000-000000000000/moderation";
    let nobody = world.run("moderator", &path, nobody, publish).await;
    assert_eq!(nobody.problem(), "not_found");
    for query in ["state=asleep", "after=x"] {
        assert_eq!(
            moderator.get(&format!("{list}?{query}")).await.problem(),
            "query"
        );
    }
}

async fn a_ballots_receipt_says_that_it_counts_and_not_what_it_says(world: &World) {
    let draft = world.open().await;
    let path = world.asked(&draft, questions()).await;
    let sent = world.all_vote(&path).await.remove(0);
    let own = format!("/api/v1/receipts/{}", sent["receipt"].as_str().unwrap());
    let public = world.public();
    let seen = public.get(&own).await;
    assert_eq!(seen.header("cache-control"), "no-store");
    assert_eq!(seen.json()["poll"], path.rsplit_once('/').unwrap().1);
    assert_eq!(seen.json()["received_at"], sent["received_at"]);
    assert!(!seen.text().contains("street"), "{seen:?}");
    assert_eq!(public.delete(&own).await.problem(), "ballot_final");
    for body in [json!({"answers": {"fee": "no"}}), json!({})] {
        assert_eq!(public.put(&own, body).await.problem(), "ballot_final");
    }
    let seat = public
        .post(&format!("{own}/seat"), json!({"comes": true}))
        .await;
    assert_eq!(seat.problem(), "not_found");
}

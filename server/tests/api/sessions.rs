//! Sessions as people meet them without scripts: the notice, the form, the receipt, the draw.

use crate::world::{Answer, LISTED, PASSWORD, World, at};
use backend::{Moment, hearings, staff, units};
use domain::hearings::{Draw, HearingNumber, RawHearing, RawReview};
use domain::id::UnitId;
use domain::staff::{Identity, Role};
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use testing::on_both_databases;

on_both_databases! {
    a_session_that_is_not_public_is_nowhere,
    the_pages_of_a_session_follow_the_clock,
    a_refused_application_comes_back_with_everything_and_links_to_its_faults,
    an_application_is_sent_once_and_its_receipt_opens_changes_and_withdraws_it,
    an_application_that_is_too_late_comes_back_too,
    a_seat_given_back_goes_to_the_first_reserve,
    the_published_page_alone_is_enough_to_repeat_the_draw,
    a_frame_shows_the_newest_open_session_and_takes_its_form_where_the_unit_allows_it,
}

const OPENS: &str = "2026-03-03T00:00:00Z";
const DURING: &str = "2026-03-04T00:00:00Z";
const CLOSES: &str = "2026-03-10T16:00:00Z";

/// Somebody with every role at the department.
struct Desk<'w> {
    world: &'w World,
    unit: UnitId,
    who: Identity,
}

fn moment(now: &str) -> Moment {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut seed = [9; 32];
    seed[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Moment::new(at(now), seed)
}

impl<'w> Desk<'w> {
    async fn of(world: &'w World) -> Self {
        let (backend, email) = (&world.backend, "sessions@example.org");
        let roles = [Role::Editor, Role::Moderator, Role::Approver];
        let now = "2026-03-02T01:00:00Z";
        staff::add_account(
            backend,
            &mut moment(now),
            "transport",
            email,
            &roles,
            PASSWORD,
        )
        .await
        .unwrap();
        let token = staff::add_token(backend, &mut moment(now), email)
            .await
            .unwrap();
        let who = staff::identify_bearer(backend, at(now), &token)
            .await
            .unwrap();
        let (unit, _) = units::find(backend, "transport").await.unwrap().unwrap();
        Self {
            world,
            unit,
            who: who.unwrap(),
        }
    }

    async fn prepared(&self, consultation: &str, title: &str) -> HearingNumber {
        let raw: RawHearing = serde_json::from_value(json!({
            "kind": "hearing",
            "title": title,
            "place": "市民中心三楼",
            "starts_at": "2026-04-01T01:00:00Z",
            "total": 3,
            "categories": [
                {"code": "residents", "name": "居民", "quota": 2, "fill": "draw", "conditions": "年满十八周岁"},
                {"code": "operators", "name": "经营者", "quota": 1, "fill": "first_come"},
            ],
            "applications_open_at": OPENS,
            "applications_close_at": CLOSES,
        }))
        .unwrap();
        hearings::create(
            &self.world.backend,
            &mut moment("2026-03-02T01:00:00Z"),
            &self.who.edit(self.unit).unwrap(),
            consultation.parse().unwrap(),
            raw.parse().unwrap(),
        )
        .await
        .unwrap()
    }

    async fn published(&self, consultation: &str, title: &str) -> HearingNumber {
        let id = self.prepared(consultation, title).await;
        let permit = self.who.approve(self.unit).unwrap();
        let mut moment = moment("2026-03-02T01:00:00Z");
        hearings::publish(&self.world.backend, &mut moment, &permit, id)
            .await
            .unwrap();
        id
    }
}

/// The value of a hidden field.
#[track_caller]
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let tag = text
        .split("<input")
        .find(|tag| tag.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    let value = tag.split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// Number and code of a receipt.
#[track_caller]
fn receipt(page: &Answer) -> (String, String) {
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    let code = text
        .split("<code>")
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let code = code.split('<').next().unwrap().to_owned();
    let list = text.split("class=\"receipt\"").nth(1).unwrap();
    let number = list.split("<dd>").nth(1).unwrap();
    (number.split('<').next().unwrap().to_owned(), code)
}

fn filled<'a>(category: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("category", category),
        ("name", name),
        ("contact", "138 0013 8000"),
        ("district", "大厂街道"),
        ("statement", "收费不宜过高。"),
        ("needs", "step_free"),
        ("needs_note", "靠门的座位"),
    ]
}

/// Reviews and sends, as a browser does.
async fn apply(world: &World, id: HearingNumber, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/hearings/{id}/apply");
    let mut pairs = fields.to_vec();
    pairs.push(("action", "review"));
    let review = world.public().submit(&path, &pairs).await;
    assert_eq!(review.status, 200, "{review:?}");
    let key = hidden(&review, "key");
    let mut pairs = fields.to_vec();
    pairs.extend([("key", key.as_str()), ("action", "send")]);
    world.public().submit(&path, &pairs).await
}

/// Presses a button at `/r`.
async fn press(world: &World, code: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let mut pairs = vec![("code", code), ("action", action)];
    pairs.extend_from_slice(fields);
    world.public().submit("/r", &pairs).await
}

async fn a_session_that_is_not_public_is_nowhere(world: &World) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    let id = desk.prepared(&draft.number, "未公布的听证会").await;
    for path in ["", "/apply", "/draw"] {
        let page = world.public().get(&format!("/hearings/{id}{path}")).await;
        assert_eq!(page.status, 404, "{path}");
    }
    let person = world.public();
    let form = format!("/hearings/{id}/apply");
    let sent = person.submit(&form, &[("action", "review")]).await;
    assert_eq!(sent.status, 404);
    let list = world.public().get(&format!("/c/{}", draft.number)).await;
    assert!(!list.text().contains("未公布的听证会"));
    let widget = format!("/embed/c/{}?view=hearing", draft.number);
    let widget = person.get(&widget).await;
    assert_eq!(widget.status, 200);
    assert!(!widget.text().contains("未公布的听证会") && widget.text().contains("停车办法"));
}

async fn the_pages_of_a_session_follow_the_clock(world: &World) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    let id = desk.published(&draft.number, "停车收费听证会").await;
    let person = world.public();
    let apply = format!("href=\"/hearings/{id}/apply\"");
    let (notice, list) = (format!("/hearings/{id}"), format!("/c/{}", draft.number));
    for (now, state, open) in [
        ("2026-03-02T01:00:00Z", "Announced", false),
        (OPENS, "Open for applications", true),
        (CLOSES, "Applications closed", false),
    ] {
        world.set_clock(now);
        for path in [&notice, &list] {
            let page = person.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text().contains(state), "{path} at {now}");
            assert_eq!(page.text().contains(&apply), open, "{path} at {now}");
        }
        let form = person.get(&format!("{notice}/apply")).await.text();
        assert_eq!(form.contains("name=\"category\""), open, "{now}");
    }
    let draw = person.get(&format!("{notice}/draw")).await;
    assert_eq!(draw.status, 404, "nothing is frozen yet");
}

async fn a_refused_application_comes_back_with_everything_and_links_to_its_faults(world: &World) {
    let draft = world.open().await;
    let clause = draft.clause("第二条");
    let desk = Desk::of(world).await;
    let id = desk.published(&draft.number, "停车收费听证会").await;
    world.set_clock(DURING);
    let fields = [
        ("name", "朱小明"),
        ("contact", " "),
        ("statement", "收费不宜过高。"),
        ("points.3.clause", clause.as_str()),
        ("points.3.text", "每小时二元。"),
        ("points.4.clause", "01890000-0000-7000-8000-000000000001"),
        ("points.4.text", "另一点。"),
        ("needs", "sign_language"),
        ("publish_name", "yes"),
    ];
    for path in ["/hearings", "/embed/hearings"] {
        for action in ["review", "send"] {
            let mut pairs = fields.to_vec();
            pairs.push(("action", action));
            let page = world
                .public()
                .submit(&format!("{path}/{id}/apply"), &pairs)
                .await;
            assert_eq!(page.status, 422, "{path} {action} {page:?}");
            let text = page.text();
            let summary = text.split("id=\"errors\"").nth(1).unwrap();
            let summary = summary.split("</div>").next().unwrap();
            for field in ["category", "contact", "points.1.clause"] {
                assert!(summary.contains(&format!("href=\"#{field}\"")), "{field}");
                assert!(text.contains(&format!("id=\"{field}\"")), "{field}");
            }
            for kept in [
                "朱小明",
                "收费不宜过高。",
                "每小时二元。",
                "另一点。",
                &clause,
            ] {
                assert!(text.contains(kept), "{kept} is lost");
            }
            assert_eq!(text.matches(" checked").count(), 2, "{text}");
        }
    }
    let page = world.public().get(&format!("/hearings/{id}")).await;
    assert!(page.text().contains("<td>0</td><td>0</td>"));
}

async fn an_application_is_sent_once_and_its_receipt_opens_changes_and_withdraws_it(world: &World) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    let id = desk.published(&draft.number, "停车收费听证会").await;
    world.set_clock(DURING);
    let path = format!("/hearings/{id}/apply");
    let mut pairs = filled("residents", "朱小明");
    pairs.push(("action", "review"));
    let review = world.public().submit(&path, &pairs).await;
    let key = hidden(&review, "key");
    for value in [
        "朱小明",
        "138 0013 8000",
        "大厂街道",
        "收费不宜过高。",
        "靠门的座位",
        "Step-free",
    ] {
        assert!(
            review.text().contains(value),
            "{value} is not in the review"
        );
    }
    let mut pairs = filled("residents", "朱小明");
    pairs.extend([("key", key.as_str()), ("action", "send")]);
    let (first, again) = (
        receipt(&world.public().submit(&path, &pairs).await),
        receipt(&world.public().submit(&path, &pairs).await),
    );
    assert_eq!(first, again);
    assert_eq!(first.0, format!("{id}-0001"));
    let code = first.1;

    let own = press(world, &code, "open", &[]).await;
    assert_eq!(own.status, 200);
    for value in ["朱小明", "Received, awaiting review", "市民中心三楼"] {
        assert!(own.text().contains(value), "{value}");
    }
    let edit = press(world, &code, "edit", &[]).await;
    assert!(edit.text().contains("value=\"朱小明\""));
    let mut changed = filled("operators", "朱大明");
    let reviewed = press(world, &code, "review", &changed).await;
    assert!(reviewed.text().contains("value=\"save\""), "{reviewed:?}");
    let saved = press(world, &code, "save", &changed).await;
    assert!(saved.text().contains("朱大明") && saved.text().contains("Has a seat"));
    changed[0].1 = "nobody";
    let wrong = press(world, &code, "save", &changed).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("href=\"#category\""));

    let asked = press(world, &code, "withdraw", &[]).await;
    assert!(asked.text().contains("confirm-withdraw"));
    for _ in 0..2 {
        let gone = press(world, &code, "confirm-withdraw", &[]).await;
        assert_eq!(gone.status, 200);
        assert!(!gone.text().contains("朱大明"), "{gone:?}");
        assert!(gone.text().contains("Withdrawn"));
    }
    let late = press(world, &code, "save", &filled("residents", "朱三明")).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("朱三明"), "what was typed is lost");
}

async fn an_application_that_is_too_late_comes_back_too(world: &World) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    let id = desk.published(&draft.number, "停车收费听证会").await;
    world.set_clock(DURING);
    let (_, code) = receipt(&apply(world, id, &filled("residents", "朱小明")).await);
    world.set_clock(CLOSES);
    for action in ["review", "send"] {
        let mut pairs = filled("residents", "来晚的人");
        pairs.extend([("key", "k"), ("action", action)]);
        let page = world
            .public()
            .submit(&format!("/hearings/{id}/apply"), &pairs)
            .await;
        assert_eq!(page.status, 409, "{action} {page:?}");
        for kept in ["来晚的人", "收费不宜过高。", "靠门的座位"] {
            assert!(page.text().contains(kept), "{kept} is lost by {action}");
        }
    }
    let page = press(world, &code, "save", &filled("residents", "改晚的人")).await;
    assert_eq!(page.status, 409);
    assert!(page.text().contains("改晚的人"));
}

async fn a_seat_given_back_goes_to_the_first_reserve(world: &World) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    let id = desk.published(&draft.number, "停车收费听证会").await;
    world.set_clock(DURING);
    let first = apply(world, id, &filled("operators", "先到的人")).await;
    assert!(first.text().contains("Has a seat"), "{first:?}");
    let second = apply(world, id, &filled("operators", "后到的人")).await;
    assert!(
        second.text().contains("number 1 on the reserve list"),
        "{second:?}"
    );
    let ((_, seated), (_, reserve)) = (receipt(&first), receipt(&second));
    let none = press(world, &reserve, "confirm", &[]).await;
    assert_eq!(none.status, 409);
    for _ in 0..2 {
        let sure = press(world, &seated, "confirm", &[]).await;
        assert!(sure.text().contains("Seat confirmed"), "{sure:?}");
    }
    let asked = press(world, &seated, "decline", &[]).await;
    assert!(asked.text().contains("confirm-decline"));
    for _ in 0..2 {
        let back = press(world, &seated, "confirm-decline", &[]).await;
        assert!(back.text().contains("Seat given back"), "{back:?}");
    }
    let up = press(world, &reserve, "open", &[]).await;
    assert!(up.text().contains("Has a seat"), "{up:?}");
}

async fn the_published_page_alone_is_enough_to_repeat_the_draw(world: &World) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    let id = desk.published(&draft.number, "停车收费听证会").await;
    world.set_clock(DURING);
    let backend = &world.backend;
    for name in ["甲", "乙", "丙", "丁", "戊"] {
        let (number, _) = receipt(&apply(world, id, &filled("residents", name)).await);
        let review = RawReview {
            eligible: true,
            reason: None,
            seen: None,
        };
        let permit = desk.who.moderate(desk.unit).unwrap();
        let number = number.parse().unwrap();
        hearings::review(backend, &mut moment(DURING), &permit, number, review)
            .await
            .unwrap();
    }
    world.set_clock(CLOSES);
    let permit = desk.who.approve(desk.unit).unwrap();
    hearings::freeze(
        backend,
        &mut moment(CLOSES),
        &permit,
        id,
        "第 100 期开奖号码",
        None,
    )
    .await
    .unwrap();
    let path = format!("/hearings/{id}/draw");
    let before = world.public().get(&path).await.text();
    assert!(before.contains("第 100 期开奖号码") && before.contains("waits for the public number"));
    hearings::draw(backend, &mut moment(CLOSES), &permit, id, "01 02 <03>")
        .await
        .unwrap();
    let page = world.public().get(&path).await.text();
    let json = page.split("data-draw=\"\">").nth(1).unwrap();
    let json = json.split("</pre>").next().unwrap();
    let json = json
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let drawn: Draw = serde_json::from_str(&json.replace("&amp;", "&")).unwrap();
    assert_eq!(drawn.check(), Ok(()));
    assert_eq!(drawn.seed.as_deref(), Some("01 02 <03>"));
    let of =
        |tickets: &std::collections::BTreeMap<String, Vec<String>>| tickets["residents"].clone();
    assert_eq!((of(&drawn.chosen).len(), of(&drawn.reserves).len()), (2, 3));
    let first = &of(&drawn.chosen)[0];
    let sought = world.public().get(&format!("{path}?ticket={first}")).await;
    assert!(sought.text().contains(&format!("{first} was chosen")));
    let notice = world.public().get(&format!("/hearings/{id}")).await.text();
    for ticket in of(&drawn.chosen) {
        assert!(notice.contains(&ticket), "{ticket} has a seat");
    }
    // Nobody agreed to be named.
    for name in ["甲", "乙", "丙", "丁", "戊"] {
        assert!(!notice.contains(&format!(">{name}<")), "{name}");
    }
}

async fn a_frame_shows_the_newest_open_session_and_takes_its_form_where_the_unit_allows_it(
    world: &World,
) {
    let draft = world.open().await;
    let desk = Desk::of(world).await;
    desk.published(&draft.number, "先前的听证会").await;
    let id = desk.published(&draft.number, "最近的听证会").await;
    world.set_clock(DURING);
    let person = world.public().with("referer", &format!("{LISTED}/page"));
    let widget = person
        .get(&format!("/embed/c/{}?view=hearing", draft.number))
        .await;
    assert_eq!(widget.status, 200);
    assert!(widget.text().contains("最近的听证会"));
    let policy = widget.header("content-security-policy").to_owned();
    assert!(
        policy.contains(&format!("frame-ancestors 'self' {LISTED}")),
        "{policy}"
    );
    let form = format!("/embed/hearings/{id}/apply");
    assert!(widget.text().contains(&form));
    assert_eq!(person.get(&form).await.status, 200);
    let mut pairs = filled("residents", "框中的人");
    pairs.push(("action", "review"));
    let page = person.submit(&form, &pairs).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-security-policy"), policy);
    assert!(
        page.text().contains(&format!("action=\"{form}\"")),
        "{page:?}"
    );
    let stranger = "host=https%3A%2F%2Fother.example";
    for path in [
        format!("{form}?{stranger}"),
        format!("/embed/hearings/{id}?{stranger}"),
    ] {
        let refused = person.get(&path).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.text().contains("https://other.example"));
    }
    let posted = person.submit(&format!("{form}?{stranger}"), &pairs).await;
    assert_eq!(posted.status, 403);
    assert!(posted.text().contains("框中的人"), "what was typed is lost");
}

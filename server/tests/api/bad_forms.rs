//! Forms without scripts: what was typed comes back, with what is wrong and where; and what no
//! form of ours sends is refused by a page.

use crate::world::{Answer, CLOSED, World, comment};
use axum::body::Bytes;
use domain::limits;
use http::Method;
use serde_json::json;
use testing::on_both_databases;

on_both_databases! {
    a_refused_form_comes_back_with_everything_and_links_to_its_faults,
    a_form_is_reviewed_and_sent_once_however_often_it_is_pressed,
    a_form_that_is_too_late_comes_back_too,
    a_form_whose_consultation_was_withdrawn_comes_back_too,
    a_form_that_finds_no_database_comes_back_with_a_button_to_try_again,
    a_change_is_not_lost_because_a_neighbour_guesses_codes,
    what_is_no_form_is_refused_by_a_page,
    a_file_that_is_no_draft_is_refused_in_words,
    a_flood_is_slowed_down_and_told_for_how_long,
}

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// Every link in the summary of faults leads to a field of the page. Gives the fields.
#[track_caller]
fn faulty_fields(page: &str) -> Vec<String> {
    let summary = page.split("id=\"errors\"").nth(1).expect("a summary");
    let summary = summary.split("</div>").next().unwrap();
    let links = summary.split("href=\"#").skip(1);
    let fields: Vec<_> = links
        .map(|link| link.split('"').next().unwrap().to_owned())
        .collect();
    for field in &fields {
        let place = format!("id=\"{field}\"");
        assert!(page.contains(&place), "{field} is nowhere on the page");
    }
    fields
}

async fn a_refused_form_comes_back_with_everything_and_links_to_its_faults(world: &World) {
    let draft = world.open().await;
    let clause = draft.clause("第二条");
    let long = "字".repeat(limits::POINT_TEXT + 1);
    let fields = [
        ("kind", "organisation"),
        ("display", "shown"),
        ("name", "  "),
        ("contact", "13800001111"),
        ("points.0.clause", clause.as_str()),
        ("points.0.text", long.as_str()),
        ("points.0.proposed", "每小时二元"),
        ("points.7.clause", "01890000-0000-7000-8000-000000000001"),
        ("points.7.text", "第二点"),
    ];
    for (language, lang) in [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("en", "en")] {
        let person = world.public().with("accept-language", language);
        for action in ["review", "send"] {
            let mut pairs = fields.to_vec();
            pairs.push(("action", action));
            for path in ["/c/", "/embed/c/"] {
                let path = match path {
                    "/c/" => format!("/c/{}/comment", draft.number),
                    _ => format!("/embed/c/{}", draft.number),
                };
                let page = person.submit(&path, &pairs).await;
                assert_eq!(page.status, 422, "{path} {action} {page:?}");
                assert_eq!(page.header("cache-control"), "no-store");
                let text = page.text();
                assert!(text.contains(&format!("lang=\"{lang}\"")), "{path}");
                assert_eq!(faulty_fields(&text).len(), 3, "{path} {action}");
                let kept = ["13800001111", &long, "每小时二元", "第二点", &clause];
                for value in kept {
                    assert!(text.contains(value), "{value:.20} is lost");
                }
            }
        }
    }
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(seen["counts"]["comments"]["received"], 0);
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let tag = text
        .split("<input")
        .find(|tag| tag.contains(&format!("name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    let value = tag.split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

async fn a_form_is_reviewed_and_sent_once_however_often_it_is_pressed(world: &World) {
    let draft = world.open().await;
    let path = format!("/c/{}/comment", draft.number);
    let fields = [
        ("kind", "individual"),
        ("display", "masked"),
        ("name", "朱小明"),
        ("points.0.text", "太贵"),
        ("points.1.text", ""),
    ];
    let with = |more: &[(&'static str, String)]| {
        let mut pairs: Vec<(&str, String)> = fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        pairs.extend(more.iter().cloned());
        pairs
    };
    let person = world.public();
    let submit = async |pairs: Vec<(&str, String)>| {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        person.submit(&path, &pairs).await
    };
    let review = submit(with(&[("action", "review".into())])).await;
    assert_eq!(review.status, 200, "{review:?}");
    let key = hidden(&review, "key");
    assert!(!key.is_empty());
    let send = with(&[("key", key), ("action", "send".into())]);
    let first = submit(send.clone()).await;
    let second = submit(send.clone()).await;
    assert_eq!(
        (first.status, second.status),
        (review.status, review.status)
    );
    let number = format!("{}-1", draft.number);
    for page in [&first, &second] {
        assert!(page.text().contains(&number), "{}", page.text());
        assert_eq!(page.header("referrer-policy"), "same-origin");
    }
    // The same key with another text is another comment, which is reviewed first.
    let mut other = send;
    other.push(("points.0.text", "太便宜".into()));
    let other = submit(other).await;
    assert_eq!(other.status, 200);
    assert!(other.text().contains("太便宜") && !other.text().contains(&number));
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(seen["counts"]["comments"]["received"], 1);
    assert_eq!(
        seen["counts"]["points"]["received"], 1,
        "the empty point is none"
    );
}

async fn a_form_that_is_too_late_comes_back_too(world: &World) {
    let draft = world.open().await;
    world.set_clock(CLOSED);
    let path = format!("/c/{}/comment", draft.number);
    for action in ["review", "send"] {
        let pairs = [
            ("display", "anonymous"),
            ("points.0.text", "写了很久"),
            ("key", "k"),
            ("action", action),
        ];
        let page = world.public().submit(&path, &pairs).await;
        assert_eq!(page.status, 409, "{action}");
        assert!(page.text().contains("写了很久"), "{action} {}", page.text());
    }
}

async fn a_form_whose_consultation_was_withdrawn_comes_back_too(world: &World) {
    let draft = world.open().await;
    let path = format!("/c/{}/comment", draft.number);
    let reason = json!({"reason": "改由上级部门制定"});
    let withdrawn = world.staff("approver");
    let withdrawn = withdrawn.post(&draft.path("/withdraw"), reason).await;
    assert_eq!(withdrawn.status, 204, "{withdrawn:?}");
    for action in ["review", "send"] {
        let pairs = [
            ("display", "anonymous"),
            ("points.0.text", "写了很久"),
            ("key", "k"),
            ("action", action),
        ];
        let page = world.public().submit(&path, &pairs).await;
        assert_eq!(page.status, 409, "{action} {page:?}");
        assert!(page.text().contains("写了很久"), "{action} {}", page.text());
    }
}

/// The page carries every value on, and the button that was pressed.
#[track_caller]
fn carries(page: &Answer, pairs: &[(&str, &str)]) {
    let text = page.text();
    assert!(text.contains("role=\"alert\""), "{text}");
    for (name, value) in pairs {
        if *name == "action" {
            assert!(text.contains(&format!("name=\"action\" value=\"{value}\"")));
        } else {
            assert_eq!(hidden(page, name), *value, "{name}");
        }
    }
}

async fn a_form_that_finds_no_database_comes_back_with_a_button_to_try_again(world: &World) {
    let draft = world.open().await;
    let receipt = comment(&[(None, "先前的", None)]);
    let receipt = world.public().comments(&draft, "k", receipt).await;
    let receipt = receipt["receipt"].as_str().unwrap();
    world.backend.close().await;
    let number = &draft.number;
    let typed = [
        ("kind", "organisation"),
        ("display", "shown"),
        ("name", "某公司"),
        ("contact", "13800001111"),
        ("key", "k2"),
        ("points.0.clause", "x"),
        ("points.0.text", "写了很久"),
        ("points.0.proposed", "改成这样"),
        ("points.1.text", "第二点"),
    ];
    let comment = format!("/c/{number}/comment");
    let widget = format!("/embed/c/{number}?view=comment");
    for (path, action) in [
        (comment.as_str(), "review"),
        (&comment, "send"),
        (&widget, "send"),
        ("/r", "review"),
        ("/r", "save"),
    ] {
        let mut pairs = typed.to_vec();
        pairs.push(("action", action));
        if path == "/r" {
            pairs.push(("code", receipt));
        }
        let page = world.public().submit(path, &pairs).await;
        assert!(page.status.is_server_error(), "{path} {page:?}");
        assert_eq!(page.header("cache-control"), "no-store");
        carries(&page, &pairs);
    }
}

async fn a_change_is_not_lost_because_a_neighbour_guesses_codes(world: &World) {
    let draft = world.open().await;
    let person = world.public();
    let receipt = comment(&[(None, "先前的", None)]);
    let receipt = person.comments(&draft, "k", receipt).await;
    let receipt = receipt["receipt"].as_str().unwrap();
    let wrong = [("code", "0000-0000-0000-0000-0")];
    let mut guesses = 0;
    while person.submit("/r", &wrong).await.status != 429 {
        guesses += 1;
        assert!(guesses < 100, "guessing goes on for ever");
    }
    let pairs = [
        ("code", receipt),
        ("display", "anonymous"),
        ("points.0.text", "改了很久"),
        ("action", "save"),
    ];
    let page = person.submit("/r", &pairs).await;
    assert_eq!(page.status, 429);
    let wait: u32 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    carries(&page, &pairs);
    world.set_clock("2026-03-02T01:05:00Z");
    let saved = person.submit("/r", &pairs).await;
    assert_eq!(saved.status, 200, "{saved:?}");
    assert!(saved.text().contains("改了很久"));
}

async fn what_is_no_form_is_refused_by_a_page(world: &World) {
    let draft = world.open().await;
    let path = format!("/c/{}/comment", draft.number);
    let large = vec![b'x'; limits::BODY_BYTES + 1];
    let endless: String = (0..20_000).map(|n| format!("points.{n}.text=x&")).collect();
    assert!(endless.len() < limits::BODY_BYTES);
    let json = Some("application/json");
    let cases: [(&str, Option<&str>, Bytes, u16); 7] = [
        (
            "broken UTF-8",
            FORM,
            Bytes::from_static(b"points.0.text=%FF%FE"),
            400,
        ),
        (
            "raw bytes",
            FORM,
            Bytes::from_static(b"points.0.text=\xff"),
            400,
        ),
        (
            "half an escape",
            FORM,
            Bytes::from_static(b"points.0.text=%E5%81"),
            400,
        ),
        ("JSON", json, Bytes::from_static(b"{}"), 415),
        ("no type", None, Bytes::from_static(b"a=b"), 415),
        ("a large body", FORM, large.into(), 413),
        (
            "points without end",
            FORM,
            format!("{endless}action=review").into(),
            422,
        ),
    ];
    for (name, kind, body, status) in cases {
        for (language, lang) in [("zh", "zh-Hans"), ("zh-HK", "zh-Hant"), ("en", "en")] {
            let person = world.public().with("accept-language", language);
            for path in [path.as_str(), "/r"] {
                let page = person.send(Method::POST, path, kind, body.clone()).await;
                let expected = if status == 422 && path == "/r" {
                    404
                } else {
                    status
                };
                assert_eq!(page.status, expected, "{name} at {path}");
                assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
                assert!(page.text().contains(&format!("lang=\"{lang}\"")), "{name}");
                assert!(page.text().ends_with("</html>"), "a whole page: {name}");
            }
        }
    }
    // Nothing in these is a fault of ours, whatever stands in the fields.
    let browser = world.public().with("origin", &world.public_url);
    for (email, password) in [("a\0@b", "x"), ("\0", "\0"), ("a@b", ""), ("", "")] {
        let form = [("email", email), ("password", password)];
        let page = browser.submit("/desk/login", &form).await;
        assert_eq!(page.status, 422, "{email:?}");
    }
    let password = "x".repeat(limits::PASSWORD_MAX_BYTES + 1);
    let form = [("email", "editor@example.org"), ("password", &password)];
    assert_eq!(browser.submit("/desk/login", &form).await.status, 422);
}

async fn a_file_that_is_no_draft_is_refused_in_words(world: &World) {
    let draft = world.prepared().await;
    let desk = world.at_the_desk("editor").await;
    let path = format!("/desk/c/{}/draft", draft.number);
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\x80";
    let mut broken = "第一条 为了规范停车，制定本办法。".repeat(9).into_bytes();
    broken.remove(1);
    let large = vec![b'x'; limits::DRAFT_BYTES + 1];
    let larger = vec![b'x'; 2 * limits::DRAFT_BYTES + 100_000];
    let files: [(&str, &[u8]); 6] = [
        ("a picture", picture),
        ("broken UTF-8", &broken),
        ("an empty file", b""),
        ("blanks", b" \r\n\t\n"),
        ("a large file", &large),
        ("a larger file", &larger),
    ];
    for (name, file) in files {
        let page = desk.upload(&path, "draft.txt", file).await;
        assert_eq!(page.status, 422, "{name} {page:?}");
        let faulty = faulty_fields(&page.text());
        assert_eq!(faulty.len(), 1, "{name}");
    }
    for (kind, body, status) in [
        (Some("multipart/form-data"), "x", 415),
        (
            Some("multipart/form-data; boundary=edge"),
            "no edge at all",
            400,
        ),
        (
            Some("multipart/form-data; boundary=edge"),
            "--edge\r\nhalf",
            400,
        ),
        (FORM, "text=x", 415),
    ] {
        let page = desk.send(Method::POST, &path, kind, body.into()).await;
        assert_eq!(page.status, status, "{kind:?} {body}");
        assert!(page.header("content-type").starts_with("text/html"));
    }
    let seen = world.staff("editor").get(&draft.path("")).await.json();
    assert_eq!(seen["versions"].as_array().unwrap().len(), 1);
    // A name with folders and signs is kept as a name.
    let text = "第一条 甲。\n";
    let done = desk
        .upload(&path, "..\\..\\草案 (1);.txt", text.as_bytes())
        .await;
    assert_eq!(done.status, 303, "{done:?}");
    let seen = world.staff("editor").get(&draft.path("")).await.json();
    assert_eq!(seen["versions"][1]["filename"], "草案 (1);.txt");
}

async fn a_flood_is_slowed_down_and_told_for_how_long(world: &World) {
    let draft = world.open().await;
    let person = world.public();
    let slowed = |answer: &Answer| {
        assert_eq!(answer.problem(), "too_many");
        let wait: u32 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    };
    let unknown = "/api/v1/receipts/0000-0000-0000-0000-0";
    let mut wrong = 0;
    let last = loop {
        let answer = person.get(unknown).await;
        if answer.status != 404 {
            break answer;
        }
        wrong += 1;
        assert!(wrong < 100, "guessing goes on for ever");
    };
    slowed(&last);
    assert!(wrong >= 10, "a few mistakes are human");
    let page = person
        .submit("/r", &[("code", "0000-0000-0000-0000-0")])
        .await;
    assert_eq!(page.status, 429);
    assert!(page.header("content-type").starts_with("text/html"));

    let body = json!({"author": {"kind": "individual", "display": "anonymous"}, "points": []});
    let mut sent = 0;
    let last = loop {
        // Refused for their key, so that they cost nothing; they count all the same.
        let answer = person.post(&draft.path("/comments"), body.clone()).await;
        if answer.status != 400 {
            break answer;
        }
        sent += 1;
        assert!(sent < 1_000, "a flood goes on for ever");
    };
    slowed(&last);
    assert!(sent >= 100, "an office may sit behind one address: {sent}");
    assert_eq!(
        person.get(&draft.path("")).await.status,
        200,
        "reading goes on"
    );
    world.set_clock("2026-03-02T01:05:00Z");
    let body = comment(&[(None, "行", None)]);
    person.comments(&draft, "k", body).await;
}

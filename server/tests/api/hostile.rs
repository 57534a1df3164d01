//! Script, markup, direction controls and control characters in every field that anyone can fill:
//! stored as they came, harmless wherever they are shown.

use crate::world::{CLOSED, DRAFT, Draft, World};
use backend::units::NewUnit;
use backend::{staff, units};
use domain::staff::Role;
use serde_json::json;
use server::edge::Clock;
use testing::on_both_databases;

on_both_databases! {
    script_in_every_field_is_shown_as_text_on_every_page,
    script_in_a_form_comes_back_as_text,
    an_uploaded_page_is_saved_and_never_shown,
}

/// Ends an attribute and an element, opens a script and an image, turns the direction.
const EVIL: &str =
    "'\"></p></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\0";

/// [`EVIL`] with a mark by which it is found again.
fn evil(mark: &str) -> String {
    format!("{mark}{EVIL}")
}

/// Everything that is wrong with a page: scripts of its own, handlers, script addresses, and
/// direction controls outside the fields of a form, which give back what was typed. A small reader
/// of tags; quotes are respected, as a browser does.
fn harm(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    let mut in_field = false;
    while let Some(at) = rest.find('<') {
        if rest[..at].contains('\u{202e}') && !in_field {
            found.push(format!("a direction control: {}", &rest[..at]));
        }
        rest = &rest[at + 1..];
        in_field = false;
        let begins = rest.starts_with(|c: char| c.is_ascii_alphabetic());
        if !begins {
            continue;
        }
        let (name, attributes, after) = tag(rest);
        in_field = name == "textarea";
        for (attribute, value) in &attributes {
            let is_field = name == "input" && attribute == "value";
            if value.contains('\u{202e}') && !is_field {
                found.push(format!("a direction control: <{name} {attribute}={value}>"));
            }
            if attribute.starts_with("on") || value.trim_start().starts_with("javascript:") {
                found.push(format!("<{name} {attribute}={value}>"));
            }
        }
        let has = |wanted: &str| attributes.iter().any(|(found, _)| found == wanted);
        let own_script = name == "script" && !(has("src") && after.starts_with("</script>"));
        if own_script || ["iframe", "object", "embed", "base", "style"].contains(&name.as_str()) {
            found.push(format!(
                "<{name}>{}",
                after.chars().take(40).collect::<String>()
            ));
        }
        if name == "img" {
            found.push(format!("an image {attributes:?}"));
        }
        rest = after;
    }
    found
}

/// The name and attributes of a tag that begins here, and what follows it.
fn tag(text: &str) -> (String, Vec<(String, String)>, &str) {
    let end_of_name = text
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .unwrap_or(text.len());
    let name = text[..end_of_name].to_ascii_lowercase();
    let mut rest = &text[end_of_name..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (name, attributes, after);
        }
        if rest.is_empty() {
            return (name, attributes, rest);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>' || c == '/')
            .unwrap_or(rest.len())
            .max(1);
        let end = (end..=rest.len())
            .find(|at| rest.is_char_boundary(*at))
            .unwrap_or(rest.len());
        let attribute = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((attribute, String::new()));
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &value[1..];
                let end = inner.find(quote).unwrap_or(inner.len());
                (&inner[..end], inner.get(end + 1..).unwrap_or(""))
            }
            _ => {
                let end = value
                    .find(|c: char| c.is_whitespace() || c == '>')
                    .unwrap_or(value.len());
                (&value[..end], &value[end..])
            }
        };
        attributes.push((attribute, value.to_owned()));
        rest = after;
    }
}

#[test]
fn the_reader_of_tags_finds_what_harms() {
    for bad in [
        "<p>x<script>alert(1)</script>",
        "<script src=\"/a.js\">alert(1)</script>",
        "<IMG src=x>",
        "<a href=\"javascript:alert(1)\">",
        "<p title='a' onclick=alert(1)>",
        "<p title=\"\"onclick=\"x\">",
        "<p>a\u{202e}b</p>",
        "<p title=\"a\u{202e}b\"></p>",
        "<textarea>a</textarea>a\u{202e}b<br>",
    ] {
        assert_ne!(harm(bad), [""; 0], "{bad}");
    }
    let good = "<p title=\"<script>onclick=\">&lt;script&gt; < onclick</p><script src=\"/a.js\"></script>\
        <input value=\"\u{202e}\"><textarea>\u{202e}</textarea>";
    assert_eq!(harm(good), [""; 0]);
}

/// A unit with an evil name, and an evil consultation in it, up to its feedback.
struct Evil {
    draft: Draft,
    receipt: String,
}

impl Evil {
    async fn in_unit(world: &World) -> (Self, Vec<&'static str>) {
        let draft = Self::draft(world).await;
        let receipt = Self::comment(world, &draft).await;
        let mut marks = vec![
            "TITLE", "SUMMARY", "EXPLAIN", "CONTACT", "WAYS", "CLAUSE", "PERIOD", "NAME", "TEXT",
            "WORDING",
        ];
        let path = draft.path("/drafts");
        let text = format!("{DRAFT}\n第四条 {}\n", evil("SECOND").replace('\0', ""));
        let added = world
            .staff("editor")
            .post(&path, json!({"text": text}))
            .await;
        assert_eq!(added.status, 201, "{added:?}");
        world.set_clock(CLOSED);
        let point = world.points(&draft).await.remove(0);
        let clause = draft.clause("第二条");
        let answer = json!({"disposition": "partly_adopted", "reason": evil("REASON"), "change": {"clause": clause}});
        assert_eq!(world.respond(&point, answer).await.status, 200);
        let texts =
            json!({"asked": evil("ASKED"), "heard": evil("HEARD"), "changed": evil("CHANGED")});
        let path = draft.path("/feedback");
        let done = world.staff("approver").post(&path, texts).await;
        assert_eq!(done.status, 201, "{done:?}");
        marks.extend(["SECOND", "REASON", "ASKED", "HEARD", "CHANGED"]);
        (Self { draft, receipt }, marks)
    }

    async fn draft(world: &World) -> Draft {
        let editor = world.staff("editor");
        let facts = json!({
            "unit": "transport", "title": evil("TITLE"), "summary": evil("SUMMARY"),
            "explanation": format!("# EXPLAIN\n\n{EVIL}\n\n[a](javascript:alert(1))\n\n<div onclick=\"x\">y</div>\n\n![z](x)"),
            "contact": evil("CONTACT"), "other_ways": evil("WAYS"),
        });
        let created = editor.post("/api/v1/consultations", facts).await;
        assert_eq!(created.status, 201, "{created:?}");
        let number = created.json()["number"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/consultations/{number}/drafts");
        let text = format!(
            "# {}\n\n## 第一章 {EVIL}\n\n第一条 {}\n\n第二条 二。\n",
            evil("HEAD"),
            evil("CLAUSE")
        );
        let drafted = json!({"text": text, "filename": evil("FILE")});
        let drafted = editor.post(&path, drafted).await;
        assert_eq!(drafted.status, 201, "{drafted:?}");
        let clauses = drafted.json()["clauses"].as_array().unwrap().clone();
        let draft = Draft { number, clauses };
        let round = json!({
            "version": 1, "opens_at": "2026-03-02T01:00:00Z", "closes_at": "2026-03-12T01:00:00Z",
            "reason_for_short_period": evil("PERIOD"),
        });
        let path = draft.path("/publish");
        let published = world.staff("approver").post(&path, round).await;
        assert_eq!(published.status, 200, "{published:?}");
        draft
    }

    async fn comment(world: &World, draft: &Draft) -> String {
        let body = json!({
            "author": {"kind": "organisation", "name": evil("NAME"), "display": "shown"},
            "contact": evil("PHONE"),
            "points": [{"clause": draft.clause("第二条"), "text": evil("TEXT"), "proposed": evil("WORDING")}],
        });
        let receipt = world.public().comments(draft, "k", body).await;
        world.publish(receipt["number"].as_str().unwrap()).await;
        receipt["receipt"].as_str().unwrap().to_owned()
    }
}

/// The public pages of a consultation after its feedback.
fn pages(number: &str) -> Vec<String> {
    let of = |rest: &str| format!("/c/{number}{rest}");
    let widget = |view: &str, mode: &str| format!("/embed/c/{number}?view={view}&mode={mode}");
    let mut pages = vec![
        "/".to_owned(),
        "/u/transport".to_owned(),
        "/embed/u/transport".to_owned(),
        of(""),
        of("/draft/1"),
        of("/draft/2"),
        of("/changes/1/2"),
        of("/comments"),
        of("/comment"),
        of("/feedback"),
    ];
    for view in ["overview", "draft", "comment", "comments", "feedback"] {
        pages.extend([widget(view, "frame"), widget(view, "inline")]);
    }
    pages
}

/// The screens of the desk about a consultation.
fn screens(number: &str) -> Vec<String> {
    let rest = [
        "",
        "/edit",
        "/draft",
        "/draft/2",
        "/changes/1/2",
        "/round",
        "/queue",
        "/points",
        "/feedback",
        "/withdraw",
    ];
    let mut screens: Vec<_> = rest
        .iter()
        .map(|rest| format!("/desk/c/{number}{rest}"))
        .collect();
    screens.extend(
        [
            "/desk",
            "/desk/audit?unit=transport",
            "/desk/unit?unit=transport",
            "/desk/account",
        ]
        .map(Into::into),
    );
    screens
}

async fn script_in_every_field_is_shown_as_text_on_every_page(world: &World) {
    let (evil, marks) = Evil::in_unit(world).await;
    let number = &evil.draft.number;
    let mut shown = String::new();
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        let person = world.public().with("accept-language", lang);
        for path in pages(number) {
            let page = person.get(&path).await;
            assert_eq!(page.status, 200, "{path} {lang}");
            assert_eq!(harm(&page.text()), [""; 0], "{path} {lang}");
            let policy = page.header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
            shown.push_str(&page.text());
        }
        let own = person.submit("/r", &[("code", &evil.receipt)]).await;
        assert_eq!(own.status, 200);
        assert_eq!(harm(&own.text()), [""; 0], "/r {lang}");
        let again = person
            .submit("/r", &[("code", &evil.receipt), ("action", "edit")])
            .await;
        assert_eq!(again.status, 200);
        assert_eq!(harm(&again.text()), [""; 0], "/r {lang}");
    }
    for mark in marks {
        assert!(shown.contains(mark), "{mark} is shown somewhere");
    }
    assert!(shown.contains("TEXT&#39;") || shown.contains("TEXT'"));
    assert!(shown.contains("&lt;script&gt;alert(1)"), "as text");
    assert!(!shown.contains("PHONE"), "contact data is not public");
    for who in ["editor", "administrator"] {
        let desk = world.at_the_desk(who).await;
        for path in screens(number) {
            let screen = desk.get(&path).await;
            let expected = [200, 403].contains(&screen.status.as_u16());
            assert!(expected, "{who} {path} {}", screen.status);
            assert_eq!(harm(&screen.text()), [""; 0], "{who} {path}");
        }
    }
    // The API says what was said: programs get the text as it came.
    let list = world.public().get(&evil.draft.path("/comments")).await;
    assert_eq!(list.header("content-type"), "application/json");
    let point = list.json()["items"][0]["points"][0].clone();
    let kept = EVIL.replace('\0', "");
    assert_eq!(point["text"], format!("TEXT{kept}"));
    assert_eq!(point["proposed"], format!("WORDING{kept}"));
    assert_eq!(harm(point["html"].as_str().unwrap()), [""; 0]);
    let consultation = world.public().get(&evil.draft.path("")).await.json();
    assert_eq!(
        harm(consultation["explanation_html"].as_str().unwrap()),
        [""; 0]
    );
    assert_eq!(consultation["title"], format!("TITLE{kept}"));
    withdrawn(world, &evil.draft, &kept).await;
}

/// A public reason is text like any other; so is a unit's name.
async fn withdrawn(world: &World, draft: &Draft, kept: &str) {
    let path = draft.path("/withdraw");
    let reason = json!({"reason": evil("WITHDRAWN")});
    let done = world.staff("approver").post(&path, reason).await;
    assert_eq!(done.status, 204, "{done:?}");
    let page = world.public().get(&format!("/c/{}", draft.number)).await;
    assert!(page.text().contains("WITHDRAWN"));
    assert_eq!(harm(&page.text()), [""; 0]);
    let seen = world.public().get(&draft.path("")).await.json();
    assert_eq!(seen["withdrawn_reason"], format!("WITHDRAWN{kept}"));

    let clock = Clock::System;
    let new = NewUnit {
        slug: "evil".into(),
        name: evil("UNIT"),
        parent: Some("city".into()),
        zone: "Asia/Shanghai".into(),
        lang: String::new(),
        origins: Vec::new(),
    };
    let mut moment = clock.moment();
    units::add(&world.backend, &mut moment, new).await.unwrap();
    let email = "<script>alert(1)</script>@evil.example";
    let password = crate::world::PASSWORD;
    staff::add_account(
        &world.backend,
        &mut moment,
        "evil",
        email,
        &[Role::Editor],
        password,
    )
    .await
    .unwrap();
    for path in ["/u/evil", "/embed/u/evil"] {
        let page = world.public().get(path).await.text();
        assert!(page.contains("UNIT"), "{page}");
        assert_eq!(harm(&page), [""; 0], "{path}");
    }
    let desk = world.at_the_desk("administrator").await;
    for path in ["/desk/unit?unit=evil", "/desk/audit?unit=evil"] {
        let screen = desk.get(path).await.text();
        assert!(screen.contains("&lt;script&gt;"), "{path} {screen}");
        assert_eq!(harm(&screen), [""; 0], "{path}");
    }
}

async fn script_in_a_form_comes_back_as_text(world: &World) {
    let draft = world.open().await;
    let value = evil("TYPED");
    let clause = draft.clause("第二条");
    let fields = [
        ("kind", "individual"),
        ("display", "shown"),
        ("name", value.as_str()),
        ("contact", value.as_str()),
        ("points.0.clause", clause.as_str()),
        ("points.0.text", value.as_str()),
        ("points.0.proposed", value.as_str()),
        ("points.1.clause", value.as_str()),
        ("points.1.text", value.as_str()),
        ("key", value.as_str()),
    ];
    for action in [
        "review",
        "send",
        "add",
        "change",
        "remove-0",
        value.as_str(),
    ] {
        let mut pairs = fields.to_vec();
        pairs.push(("action", action));
        for path in [
            format!("/c/{}/comment", draft.number),
            format!("/embed/c/{}", draft.number),
        ] {
            let page = world.public().submit(&path, &pairs).await;
            assert!(page.status.as_u16() < 500, "{path} {action} {page:?}");
            assert!(page.text().contains("TYPED"), "nothing is lost: {action}");
            assert_eq!(harm(&page.text()), [""; 0], "{path} {action}");
        }
    }
    let page = world.public().submit("/r", &[("code", &value)]).await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("TYPED"));
    assert_eq!(harm(&page.text()), [""; 0]);
    let browser = world.public().with("origin", &world.public_url);
    let form = [
        ("email", value.as_str()),
        ("password", "x"),
        ("next", value.as_str()),
    ];
    let page = browser.submit("/desk/login", &form).await;
    assert_eq!(page.status, 422);
    assert_eq!(harm(&page.text()), [""; 0]);
    let query: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    for path in [
        format!("/?state={query}&after={query}&lang={query}"),
        format!("/c/{}?lang={query}", draft.number),
        format!("/c/{}/comments?clause={query}&after={query}", draft.number),
        format!("/embed/c/{}?host={query}", draft.number),
        format!("/desk/login?next={query}&done={query}&n={query}"),
        format!("/{query}"),
    ] {
        let page = world.public().get(&path).await;
        assert!(page.status.as_u16() < 500, "{path} {page:?}");
        assert_eq!(harm(&page.text()), [""; 0], "{path}");
    }
}

async fn an_uploaded_page_is_saved_and_never_shown(world: &World) {
    let (evil, _) = Evil::in_unit(world).await;
    let path = format!("/c/{}/draft/1/original", evil.draft.number);
    let file = world.public().get(&path).await;
    assert_eq!(file.status, 200);
    assert!(file.text().contains("<script>"), "as it was given");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment;"),
        "{file:?}"
    );
    assert!(
        !file.header("content-disposition").contains('<'),
        "{file:?}"
    );
    assert!(!file.header("content-type").contains("html"), "{file:?}");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-security-policy").contains("sandbox"));
}

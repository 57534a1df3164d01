//! Papers with files: attached at the desk, kept as they came, read by everyone once it is public.

use crate::hearings::notice;
use crate::world::{Answer, Person, World};
use http::Method;
use testing::on_both_databases;

on_both_databases! {
    a_paper_is_attached_at_the_desk_and_read_by_everyone_once_it_is_public,
    what_cannot_be_attached_is_said_with_everything_else_kept,
}

const BOUNDARY: &str = "form-7d29";

async fn attach(
    person: &Person<'_>,
    session: &str,
    (title, delivered_at): (&str, &str),
    (filename, bytes): (&str, &[u8]),
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("title", title), ("delivered_at", delivered_at)] {
        let head =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    );
    body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    let path = format!("/desk/hearings/{session}/papers/attach");
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    person
        .send(Method::POST, &path, Some(&kind), body.into())
        .await
}

async fn a_paper_is_attached_at_the_desk_and_read_by_everyone_once_it_is_public(world: &World) {
    let draft = world.open().await;
    let path = world.hearing(&draft, notice()).await;
    let session = path.rsplit('/').next().unwrap();
    let editor = world.at_the_desk("editor").await;
    let screen = editor
        .get(&format!("/desk/hearings/{session}/papers"))
        .await
        .text();
    assert!(screen.contains("/papers/attach"));
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let when = ("听证方案", "2026-03-20T09:00");
    let done = attach(&editor, session, when, ("方案（定稿）.pdf", &bytes)).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let file = format!("/hearings/{session}/papers/1");
    assert_eq!(
        world.public().get(&file).await.status,
        404,
        "not public yet"
    );
    assert_eq!(editor.get(&file).await.status, 200);
    assert_eq!(world.staff("stranger").get(&file).await.status, 404);
    let published = world
        .act("approver", &path, "publish", serde_json::json!({}))
        .await;
    assert_eq!(published.status, 200, "{published:?}");
    let page = world
        .public()
        .get(&format!("/hearings/{session}"))
        .await
        .text();
    assert!(page.contains(&format!("href=\"{file}\"")) && page.contains("听证方案"));
    let got = world.public().get(&file).await;
    assert_eq!(
        (got.status.as_u16(), got.body.as_ref()),
        (200, bytes.as_slice())
    );
    assert_eq!(got.header("content-type"), "application/pdf");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(
        got.header("content-disposition")
            .starts_with("attachment; filename*=UTF-8''%E6")
    );
    assert!(got.header("content-security-policy").contains("sandbox"));
    assert_eq!(
        world
            .public()
            .get(&format!("/hearings/{session}/papers/2"))
            .await
            .status,
        404
    );
    // One more is added after publication; its number is the next.
    let more = attach(
        &editor,
        session,
        ("", "2026-03-21T09:00"),
        ("附件.docx", b"x"),
    )
    .await;
    assert_eq!(more.status, 303, "{}", more.text());
    let papers = world.public().get(&path).await.json()["papers"].clone();
    assert_eq!(papers[1]["title"], "附件");
    assert_eq!(
        papers[1]["address"],
        format!("/hearings/{session}/papers/2")
    );
}

async fn what_cannot_be_attached_is_said_with_everything_else_kept(world: &World) {
    let draft = world.open().await;
    let path = world.hearing(&draft, notice()).await;
    let session = path.rsplit('/').next().unwrap();
    let editor = world.at_the_desk("editor").await;
    let when = ("听证方案", "2026-03-20T09:00");
    for (file, says) in [
        (("", &b""[..]), "href=\"#file\""),
        (
            ("run.html", &b"<script>"[..]),
            "This kind of file is not taken.",
        ),
    ] {
        let refused = attach(&editor, session, when, file).await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        assert!(text.contains(says), "{says} in {text}");
        assert!(text.contains("value=\"听证方案\"") && text.contains("2026-03-20T09:00"));
    }
    let large = vec![b'x'; 11 * 1024 * 1024];
    let refused = attach(&editor, session, when, ("a.pdf", &large)).await;
    assert_eq!(refused.status, 422);
    let soon = attach(&editor, session, ("t", "soon"), ("a.pdf", b"x")).await;
    assert_eq!(soon.status, 422);
    assert!(soon.text().contains("href=\"#delivered_at\""));
    let moderator = world.at_the_desk("moderator").await;
    assert_eq!(
        attach(&moderator, session, when, ("a.pdf", b"x"))
            .await
            .status,
        403
    );
    let stranger = world.at_the_desk("stranger").await;
    assert_eq!(
        attach(&stranger, session, when, ("a.pdf", b"x"))
            .await
            .status,
        404
    );
}

//! What tests do again and again on the way to what they are about.

use crate::world::{Answer, Draft, LISTED, PASSWORD, Person, World, comment};
use axum::body::Bytes;
use http::Method;
use serde_json::{Value, json};

/// The second version of [`crate::world::DRAFT`]: an article reworded, one added, one renumbered.
pub const SECOND_DRAFT: &str = "# 停车办法\n\n## 第一章 总则\n\n第一条 为了规范停车，制定本办法。\n\n\
    第二条 停车应当付费，收费标准由区人民政府制定，每小时不超过二元。\n\n\
    第三条 残疾人凭证停车免费。\n\n## 第二章 罚则\n\n第四条 违反本办法的，处五十元罚款。\n";

impl World {
    /// A member of staff at the desk: with the cookie of a session and a browser's `Origin`.
    pub async fn at_the_desk(&self, who: &str) -> Person<'_> {
        let browser = self.public().with("origin", &self.public_url);
        let email = format!("{who}@example.org");
        let form = [("email", email.as_str()), ("password", PASSWORD)];
        let answer = browser.submit("/desk/login", &form).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let cookie = answer.header("set-cookie");
        let (pair, _) = cookie.split_once(';').unwrap();
        browser.with("cookie", pair)
    }

    /// Publishes a comment.
    pub async fn publish(&self, number: &str) {
        let path = format!("/api/v1/comments/{number}/moderation");
        let body = json!({"decision": "publish"});
        let answer = self.staff("moderator").post(&path, body).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    /// Holds a comment.
    pub async fn hold(&self, number: &str, reason: &str) {
        let path = format!("/api/v1/comments/{number}/moderation");
        let body = json!({"decision": "hold", "reason": reason});
        let answer = self.staff("moderator").post(&path, body).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    /// Answers a point.
    pub async fn respond(&self, point: &str, response: Value) -> Answer {
        let path = format!("/api/v1/points/{point}/response");
        self.staff("editor").put(&path, response).await
    }

    /// Sends a comment of one point on the whole and answers with its number.
    pub async fn one_comment(&self, draft: &Draft, key: &str, text: &str) -> String {
        let body = comment(&[(None, text, None)]);
        let receipt = self.public().comments(draft, key, body).await;
        receipt["number"].as_str().unwrap().to_owned()
    }

    /// A consultation as it ends: three comments (published with two points, held, withdrawn), a
    /// second version and the feedback. Answers with the published sender's receipt.
    pub async fn answered(&self) -> (Draft, String) {
        let draft = self.open().await;
        let clause = draft.clause("第二条");
        let two = comment(&[
            (Some(&clause), "太贵", Some("每小时二元")),
            (None, "总体支持", None),
        ]);
        let receipt = self.public().comments(&draft, "two", two).await;
        let code = receipt["receipt"].as_str().unwrap().to_owned();
        self.publish(receipt["number"].as_str().unwrap()).await;
        let held = self.one_comment(&draft, "held", "买一送一").await;
        self.hold(&held, "advertising").await;
        let body = comment(&[(None, "我再想想", None)]);
        let gone = self.public().comments(&draft, "gone", body).await;
        let path = format!("/api/v1/receipts/{}", gone["receipt"].as_str().unwrap());
        assert_eq!(self.public().delete(&path).await.status, 200);

        let path = draft.path("/drafts");
        let second = json!({"text": SECOND_DRAFT});
        let second = self.staff("editor").post(&path, second).await;
        assert_eq!(second.status, 201, "{second:?}");
        self.set_clock(crate::world::CLOSED);
        let points = self.points(&draft).await;
        let adopted = json!({"disposition": "adopted", "change": {"clause": clause}});
        assert_eq!(self.respond(&points[0], adopted).await.status, 200);
        let noted = json!({"disposition": "support_noted"});
        assert_eq!(self.respond(&points[1], noted).await.status, 200);
        let path = draft.path("/feedback");
        let done = self.staff("approver").post(&path, three_texts()).await;
        assert_eq!(done.status, 201, "{done:?}");
        (draft, code)
    }

    /// The ids of all points of published comments, in the order of the queue.
    pub async fn points(&self, draft: &Draft) -> Vec<String> {
        let path = draft.path("/queue?state=published");
        let queue = self.staff("editor").get(&path).await.json();
        let items = queue["items"].as_array().unwrap();
        let points = items
            .iter()
            .flat_map(|item| item["points"].as_array().unwrap());
        points
            .map(|point| point["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Person<'_> {
    /// A file as a browser uploads it.
    pub async fn upload(&self, path: &str, filename: &str, file: &[u8]) -> Answer {
        let mut body = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             content-type: text/plain\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let kind = Some("multipart/form-data; boundary=edge");
        self.send(Method::POST, path, kind, Bytes::from(body)).await
    }

    /// A page in a frame on a department's site.
    pub fn framed_on(self, origin: &str) -> Self {
        self.with("referer", &format!("{origin}/news/1"))
            .with("sec-fetch-dest", "iframe")
    }

    /// The same on the listed site.
    pub fn framed(self) -> Self {
        self.framed_on(LISTED)
    }
}

pub fn three_texts() -> Value {
    json!({"asked": "停车怎么收费。", "heard": "收费太贵。", "changed": "写明每小时不超过二元。"})
}

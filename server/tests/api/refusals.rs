//! A call that must be refused: with the same status and code every time, as a problem detail, in
//! the language of the caller.

use crate::world::{Person, comment};
use axum::body::Bytes;
use http::Method;
use serde_json::{Value, json};

pub const JSON: Option<&str> = Some("application/json");
/// A call that must be refused, and how.
pub struct Case<'w> {
    pub name: &'static str,
    pub person: Person<'w>,
    pub method: Method,
    pub path: String,
    pub kind: Option<&'static str>,
    pub body: Bytes,
    /// Status, code and the faulty fields.
    pub refused: (u16, &'static str, &'static [&'static str]),
}

/// What one language says of a refusal.
#[derive(Debug, PartialEq)]
struct Said {
    title: String,
    detail: String,
    messages: Vec<String>,
}

impl Case<'_> {
    async fn said(&self, language: &str) -> Said {
        let person = self.person.clone().with("accept-language", language);
        let answer = person
            .send(
                self.method.clone(),
                &self.path,
                self.kind,
                self.body.clone(),
            )
            .await;
        let (status, code, fields) = self.refused;
        let what = format!("{} in {language}: {answer:?}", self.name);
        assert_eq!(answer.status, status, "{what}");
        assert_eq!(answer.problem(), code, "{what}");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if code == "invalid" {
            assert_eq!(answer.faults(), fields, "{what}");
        }
        let problem = answer.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        Said {
            title: text(&problem["title"]),
            detail: text(&problem["detail"]),
            messages: errors.iter().map(|error| text(&error["message"])).collect(),
        }
    }

    /// Refused alike in all three languages, and said in each.
    async fn check(&self) {
        let [hans, hant, en] = [
            self.said("zh-CN,zh;q=0.9").await,
            self.said("zh-Hant").await,
            self.said("en-GB,en;q=0.8,zh;q=0.5").await,
        ];
        let has_han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for chinese in [&hans, &hant] {
            let Said {
                title,
                detail,
                messages,
            } = chinese;
            let mut texts = [title, detail].into_iter().chain(messages);
            assert!(texts.all(|text| has_han(text)), "{} {chinese:?}", self.name);
        }
        let Said {
            title,
            detail,
            messages,
        } = &en;
        let mut texts = [title, detail].into_iter().chain(messages);
        assert!(texts.all(|text| !has_han(text)), "{} {en:?}", self.name);
        assert_ne!(hans, hant, "{}", self.name);
    }
}

pub async fn check(cases: Vec<Case<'_>>) {
    for case in cases {
        case.check().await;
    }
}

pub fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    *value.pointer_mut(pointer).unwrap() = new;
    value
}

/// A comment that would be taken.
pub fn good() -> Value {
    let mut body = comment(&[(None, "太贵", Some("每小时二元"))]);
    body["contact"] = json!("13800001111");
    body
}

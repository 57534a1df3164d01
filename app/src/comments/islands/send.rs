//! One comment on its way to the JSON API, and what comes back. The browser's own JSON and fetch
//! do the work: they are there already.

use super::fields::Wrong;
use domain::comments::RawComment;
use domain::comments::form::CommentForm;
use js_sys::{Array, JSON, Object, Reflect};
use leptos::prelude::{set_timeout_with_handle, window};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

/// The receipt, as far as it is shown.
#[derive(Clone, Debug)]
pub struct Taken {
    pub number: String,
    pub receipt: String,
    pub received_at: String,
}

/// How it went.
pub enum Answer {
    Taken(Taken),
    /// Fields need correction; ids as in the form.
    Wrong(Vec<Wrong>),
    /// Refused, with the server's sentence.
    Refused(String),
    /// Nothing certain came back.
    Lost,
}

/// The body for the API.
pub fn body(form: &CommentForm) -> String {
    let RawComment {
        author,
        contact,
        points,
    } = form.comment();
    let list = Array::new();
    for point in points {
        list.push(&object(&[
            ("clause", point.clause.as_deref().into()),
            ("text", point.text.as_str().into()),
            ("proposed", point.proposed.as_deref().into()),
        ]));
    }
    let author = object(&[
        ("kind", author.kind.code().into()),
        ("name", author.name.as_deref().into()),
        ("display", author.display.code().into()),
    ]);
    let comment = object(&[
        ("author", author.into()),
        ("contact", contact.as_deref().into()),
        ("points", list.into()),
    ]);
    JSON::stringify(&comment)
        .map(String::from)
        .unwrap_or_default()
}

/// A value of an object; text that is not there becomes `null`.
struct Value(JsValue);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self(text.map_or(JsValue::NULL, Into::into))
    }
}

impl From<Array> for Value {
    fn from(list: Array) -> Self {
        Self(list.into())
    }
}

impl From<JsValue> for Value {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

fn object(entries: &[(&str, Value)]) -> JsValue {
    let object = Object::new();
    for (name, Value(value)) in entries {
        // A plain object takes any property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// How long an answer is waited for. Afterwards it is lost; the same key sends nothing twice.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends the body under the key. `indices` are those that the sent points have in the form.
pub async fn send(address: &str, lang: &str, key: &str, body: &str, indices: &[String]) -> Answer {
    match exchange(address, lang, key, body).await {
        Ok((status, answer)) => read(status, &answer, indices),
        Err(_) => Answer::Lost,
    }
}

async fn exchange(
    address: &str,
    lang: &str,
    key: &str,
    body: &str,
) -> Result<(u16, JsValue), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("accept-language", lang)?;
    headers.set("idempotency-key", key)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    let abort = AbortController::new()?;
    init.set_signal(Some(&abort.signal()));
    let patience = set_timeout_with_handle(move || abort.abort(), PATIENCE)?;
    let answer = answer(address, &init).await;
    patience.clear();
    answer
}

async fn answer(address: &str, init: &RequestInit) -> Result<(u16, JsValue), JsValue> {
    let response = JsFuture::from(window().fetch_with_str_and_init(address, init)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    let answer = JSON::parse(&text.as_string().unwrap_or_default())?;
    Ok((response.status(), answer))
}

fn text(value: &JsValue, name: &str) -> String {
    Reflect::get(value, &name.into())
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

fn read(status: u16, answer: &JsValue, indices: &[String]) -> Answer {
    if (200..300).contains(&status) {
        let taken = Taken {
            number: text(answer, "number"),
            receipt: text(answer, "receipt"),
            received_at: text(answer, "received_at"),
        };
        return if taken.receipt.is_empty() {
            Answer::Lost
        } else {
            Answer::Taken(taken)
        };
    }
    let errors = Reflect::get(answer, &"errors".into()).unwrap_or(JsValue::UNDEFINED);
    let errors: Vec<Wrong> = errors
        .dyn_ref::<Array>()
        .map(|errors| {
            let wrong = |error: JsValue| Wrong {
                id: field_id(&text(&error, "field"), indices),
                message: text(&error, "message"),
            };
            errors.iter().map(wrong).collect()
        })
        .unwrap_or_default();
    if errors.is_empty() {
        Answer::Refused(text(answer, "detail"))
    } else {
        Answer::Wrong(errors)
    }
}

/// From the field of the API to the id in the form.
fn field_id(field: &str, indices: &[String]) -> String {
    let mut parts = field.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("author"), Some(name), None) => name.into(),
        (Some("points"), Some(index), Some(name)) => {
            let sent = index.parse().ok().and_then(|at: usize| indices.get(at));
            let index = sent.map_or(index, String::as_str);
            ["points", index, name].join(".")
        }
        (Some("points"), None, None) => {
            let first = indices.first().map_or("0", String::as_str);
            ["points", first, "text"].join(".")
        }
        _ => field.into(),
    }
}

//! One comment on its way to the JSON API, and what comes back.

use super::fields::Wrong;
use gloo_net::http::Request;
use serde::Deserialize;

/// The receipt, as far as it is shown.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    pub number: String,
    pub receipt: String,
    pub received_at: String,
}

/// How it went.
pub enum Answer {
    Taken(Taken),
    /// Fields need correction; ids as in the form, with the indices of the points that were sent.
    Wrong(Vec<Wrong>),
    /// Refused, with the server's sentence.
    Refused(String),
    /// Nothing certain came back.
    Lost,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    detail: String,
    #[serde(default)]
    errors: Vec<FieldError>,
}

#[derive(Deserialize)]
struct FieldError {
    field: String,
    message: String,
}

/// Sends the body under the key. `indices` are those that the sent points have in the form.
pub async fn send(
    address: &str,
    lang: &str,
    key: &str,
    body: String,
    indices: &[String],
) -> Answer {
    let request = Request::post(address)
        .header("content-type", "application/json")
        .header("accept-language", lang)
        .header("idempotency-key", key)
        .body(body);
    let Ok(request) = request else {
        return Answer::Lost;
    };
    let Ok(response) = request.send().await else {
        return Answer::Lost;
    };
    let ok = response.ok();
    let Ok(text) = response.text().await else {
        return Answer::Lost;
    };
    if ok {
        return serde_json::from_str(&text).map_or(Answer::Lost, Answer::Taken);
    }
    let Ok(problem) = serde_json::from_str::<Problem>(&text) else {
        return Answer::Lost;
    };
    if problem.errors.is_empty() {
        return Answer::Refused(problem.detail);
    }
    let wrong = problem.errors.into_iter().map(|error| Wrong {
        id: field_id(&error.field, indices),
        message: error.message,
    });
    Answer::Wrong(wrong.collect())
}

/// From the field of the API to the id in the form.
fn field_id(field: &str, indices: &[String]) -> String {
    let mut parts = field.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("author"), Some(name), None) => name.into(),
        (Some("points"), Some(index), Some(name)) => {
            let sent = index.parse().ok().and_then(|at: usize| indices.get(at));
            format!("points.{}.{name}", sent.map_or(index, String::as_str))
        }
        (Some("points"), None, None) => {
            format!(
                "points.{}.text",
                indices.first().map_or("0", String::as_str)
            )
        }
        _ => field.into(),
    }
}

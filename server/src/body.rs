//! What a request brings, read into types: body, path and query. Every failure is a [`Refusal`]
//! that says what to do; nothing larger than its limit is ever held in memory.

use crate::problem::Refusal;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Multipart, RawPathParams, Request};
use bytes::{Bytes, BytesMut};
use domain::limits;
use domain::problem::Fault;
use http::request::Parts;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// Reads a body of at most `limit` bytes. One that is larger is given up as soon as it is known to
/// be ([`crate::drain`] sees to the rest).
pub async fn read(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    if body.size_hint().lower() > limit as u64 {
        return Err(Refusal::TooLarge(limit));
    }
    let mut body = body;
    let mut held = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreadable(&error))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if held.len() + data.len() > limit {
            return Err(Refusal::TooLarge(limit));
        }
        held.extend_from_slice(&data);
    }
    Ok(held.freeze())
}

/// A body that broke off: by the layer's limit of silence, or by the client.
fn unreadable(error: &axum::Error) -> Refusal {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<tower_http::timeout::TimeoutError>() {
            return Refusal::Timeout;
        }
        cause = error.source();
    }
    Refusal::Malformed("the body broke off".into())
}

/// A JSON body of at most `LIMIT` bytes.
#[derive(Debug)]
pub struct Json<T, const LIMIT: usize = { limits::BODY_BYTES }>(pub T);

impl<S: Send + Sync, T: DeserializeOwned, const LIMIT: usize> FromRequest<S> for Json<T, LIMIT> {
    type Rejection = Refusal;
    async fn from_request(request: Request, _state: &S) -> Result<Self, Refusal> {
        parse_json(&json_text(request, LIMIT).await?).map(Self)
    }
}

/// A JSON body that is read once it is known what it must be.
#[derive(Debug)]
pub struct JsonText(Bytes);

impl JsonText {
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        parse_json(&self.0)
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonText {
    type Rejection = Refusal;
    async fn from_request(request: Request, _state: &S) -> Result<Self, Refusal> {
        json_text(request, limits::BODY_BYTES).await.map(Self)
    }
}

async fn json_text(request: Request, limit: usize) -> Result<Bytes, Refusal> {
    let is_json = is_kind(request.headers(), |kind| {
        kind == "application/json"
            || kind
                .strip_prefix("application/")
                .is_some_and(|k| k.ends_with("+json"))
    });
    let bytes = read(request.into_body(), limit).await?;
    if !is_json {
        return Err(Refusal::MediaType("application/json"));
    }
    Ok(bytes)
}

fn is_kind(headers: &HeaderMap, fits: impl Fn(&str) -> bool) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| {
            value
                .split(';')
                .next()
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase()
        })
        .is_some_and(|kind| fits(&kind))
}

/// Reads JSON; a value of the wrong type is named by its field.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Refusal::NotUtf8);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        // A number or null in the place of a code is a syntax error to serde, not to its reader.
        if error.is_data() || is_json(bytes) {
            of_field(path, &error.to_string())
        } else {
            Refusal::Malformed(place(&error))
        }
    })?;
    reader
        .end()
        .map_err(|error| Refusal::Malformed(place(&error)))?;
    Ok(value)
}

fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// The field of a value that is there but cannot be taken. Serde says what is wrong in words only.
fn of_field(path: String, message: &str) -> Refusal {
    // Paths look like `points[0].text`; fields are named `points.0.text` everywhere else.
    let mut field = path.replace('[', ".").replace(']', "");
    if field == "." {
        field.clear();
    }
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    if let Some(name) = missing {
        let field = if field.is_empty() {
            name.to_owned()
        } else {
            format!("{field}.{name}")
        };
        return Refusal::field(field, Fault::Required);
    }
    let fault = if message.starts_with("unknown variant") {
        Fault::Unknown
    } else {
        Fault::Malformed
    };
    Refusal::field(field, fault)
}

/// The pairs of an HTML form, as typed.
#[derive(Debug)]
pub struct FormPairs(pub Vec<(String, String)>);

impl FormPairs {
    /// The last value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

impl<S: Send + Sync> FromRequest<S> for FormPairs {
    type Rejection = Refusal;
    async fn from_request(request: Request, _state: &S) -> Result<Self, Refusal> {
        let is_form = is_kind(request.headers(), |kind| kind == FORM);
        let bytes = read(request.into_body(), limits::BODY_BYTES).await?;
        if !is_form {
            return Err(Refusal::MediaType(FORM));
        }
        // Percent-decoding repairs broken UTF-8 with U+FFFD, which would change what was typed
        // without a word; a form that contains it was broken before it came here.
        let decoded: Vec<u8> = percent_decode(&bytes);
        if std::str::from_utf8(&decoded).is_err() {
            return Err(Refusal::NotUtf8);
        }
        // Each pair takes many times the two bytes that make it: few bytes would fill the memory.
        let fields = bytes.split(|byte| *byte == b'&').count();
        if fields > limits::FORM_FIELDS {
            return Err(Refusal::TooLarge(limits::BODY_BYTES));
        }
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

/// A form with a file (`multipart/form-data`).
#[derive(Debug)]
pub struct FileForm {
    /// The file in the field `file`, if one was chosen.
    pub file: Option<SentFile>,
    /// All other fields.
    pub pairs: FormPairs,
}

/// A file under the name that the browser gave.
#[derive(Debug, Default)]
pub struct SentFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl FileForm {
    /// Reads a form of at most `limit` bytes. It is read by hand, where its handler knows at which
    /// field to say that it is too large.
    pub async fn read(request: Request, limit: usize) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, limit).await?;
        let request = Request::from_parts(parts, Body::from(bytes));
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| Refusal::MediaType("multipart/form-data"))?;
        let broken = |_| Refusal::Malformed("multipart".into());
        let mut read = Self {
            file: None,
            pairs: FormPairs(Vec::new()),
        };
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let filename = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?.to_vec();
            if name != "file" {
                let text = String::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
                read.pairs.0.push((name, text));
            } else if !bytes.is_empty() || !filename.is_empty() {
                // A browser sends an empty part where no file was chosen.
                let name = filename;
                read.file = Some(SentFile { name, bytes });
            }
        }
        Ok(read)
    }
}

fn percent_decode(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match (first, digits.map(|digits| u8::from_str_radix(digits, 16))) {
            (b'%', Some(Ok(byte))) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            _ => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    decoded
}

/// The parameters of the path, each parsed. What cannot be parsed names nothing: not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

async fn raw_path<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<String>, Refusal> {
    let found = RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| Refusal::NotFound)?;
    Ok(found.iter().map(|(_, value)| value.to_owned()).collect())
}

fn parsed<T: FromStr>(text: Option<&String>) -> Result<T, Refusal> {
    text.and_then(|text| text.parse().ok())
        .ok_or(Refusal::NotFound)
}

impl<S: Send + Sync, A: FromStr> FromRequestParts<S> for Path<(A,)> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let found = raw_path(parts, state).await?;
        Ok(Self((parsed(found.first())?,)))
    }
}

impl<S: Send + Sync, A: FromStr, B: FromStr> FromRequestParts<S> for Path<(A, B)> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let found = raw_path(parts, state).await?;
        Ok(Self((parsed(found.first())?, parsed(found.get(1))?)))
    }
}

impl<S: Send + Sync, A: FromStr, B: FromStr, C: FromStr> FromRequestParts<S> for Path<(A, B, C)> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let found = raw_path(parts, state).await?;
        Ok(Self((
            parsed(found.first())?,
            parsed(found.get(1))?,
            parsed(found.get(2))?,
        )))
    }
}

/// The parameters of the query.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| Refusal::Query(parameter(&error.body_text())))
    }
}

/// The parameter that came twice. Nothing else goes wrong while all are texts that may be left out;
/// serde says which in words only.
fn parameter(message: &str) -> String {
    message.split('`').nth(1).unwrap_or_default().to_owned()
}

/// A parameter that may be left out or left empty.
pub fn optional<T: FromStr>(name: &str, value: Option<&str>) -> Result<Option<T>, Refusal> {
    value
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|_| Refusal::Query(name.to_owned())))
        .transpose()
}

/// The `next` of the page before, as it is passed on; of the kind `T`.
pub fn page_key<T: FromStr>(after: Option<String>) -> Result<Option<String>, Refusal> {
    let key: Option<T> = optional("after", after.as_deref())?;
    Ok(after.filter(|_| key.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::comments::RawComment;
    use domain::problem::Violation;

    fn faults(text: &str) -> Vec<Violation> {
        match parse_json::<RawComment>(text.as_bytes()) {
            Err(Refusal::Invalid(violations)) => violations.0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_type_is_named_by_its_field() {
        let broken = [
            ("{}", "author", Fault::Required),
            (
                r#"{"author":{"kind":"robot"}}"#,
                "author.kind",
                Fault::Unknown,
            ),
            (
                r#"{"author":{"kind":"individual","display":"shown"},"points":[{"text":7}]}"#,
                "points.0.text",
                Fault::Malformed,
            ),
            (
                r#"{"author":{"kind":null}}"#,
                "author.kind",
                Fault::Malformed,
            ),
            ("[]", "", Fault::Malformed),
        ];
        for (text, field, fault) in broken {
            let found = faults(text);
            assert_eq!(
                (found[0].field.as_str(), &found[0].fault),
                (field, &fault),
                "{text}"
            );
        }
    }

    #[test]
    fn broken_json_and_broken_text_are_told_apart() {
        assert!(matches!(
            parse_json::<RawComment>(b"{"),
            Err(Refusal::Malformed(_))
        ));
        assert!(matches!(
            parse_json::<RawComment>(b"\"\xff\""),
            Err(Refusal::NotUtf8)
        ));
        assert!(matches!(
            parse_json::<u8>(b"1 2"),
            Err(Refusal::Malformed(_))
        ));
    }

    #[tokio::test]
    async fn a_form_that_is_not_utf8_is_refused_and_not_repaired() {
        let form = |body: &'static str| {
            Request::post("/")
                .header(header::CONTENT_TYPE, FORM)
                .body(Body::from(body))
                .unwrap()
        };
        let broken = FormPairs::from_request(form("text=%FF%FE"), &()).await;
        assert!(matches!(broken, Err(Refusal::NotUtf8)));
        let fine = FormPairs::from_request(form("a=%E5%81%9C+100%&a=2"), &())
            .await
            .unwrap();
        assert_eq!(fine.0[0].1, "停 100%");
        assert_eq!(fine.get("a"), Some("2"));
    }

    #[tokio::test]
    async fn a_form_of_nothing_but_fields_is_refused() {
        let body = "a&".repeat(limits::FORM_FIELDS);
        let form = Request::post("/")
            .header(header::CONTENT_TYPE, FORM)
            .body(Body::from(body))
            .unwrap();
        let refused = FormPairs::from_request(form, &()).await;
        assert!(matches!(refused, Err(Refusal::TooLarge(_))));
    }
}

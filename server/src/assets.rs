//! The browser's files: styles, scripts and WASM modules, built by `cargo xtask build` into
//! `target/site` and carried inside the program.
//!
//! `manifest.json` says which hashed file stands behind a name. Beside each file lie its `.br` and
//! `.gz` forms.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
struct Built;

/// The loader that departments paste; its address never changes.
const LOADER: &str = "embed/v1.js";
/// What pages ask for by name; without these nothing works.
const NEEDED: [&str; 8] = [
    "icon.svg",
    "site.css",
    "sessions.css",
    "desk.css",
    "boot.js",
    "frame.js",
    "desk_boot.js",
    LOADER,
];
const MISSING: &str = "The browser files are not built in: run `cargo xtask build`.";

/// All files in memory, by the name under `/assets/`.
#[derive(Debug)]
pub struct Assets {
    names: HashMap<String, String>,
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    kind: &'static str,
    etag: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Assets {
    /// Reads what was built in. The error is a sentence for the operator.
    pub fn load() -> Result<Self, String> {
        let manifest = read("manifest.json").ok_or(MISSING)?;
        let names: HashMap<String, String> =
            serde_json::from_slice(&manifest).map_err(|e| format!("{MISSING} ({e})"))?;
        let files = Built::iter()
            .filter(|path| {
                !path.ends_with(".br") && !path.ends_with(".gz") && *path != "manifest.json"
            })
            .filter_map(|path| Some((path.to_string(), read(&path)?)));
        let assets = Self::of(names, files);
        match NEEDED.iter().find(|name| assets.file(name).is_none()) {
            Some(name) => Err(format!("{MISSING} ({name} is missing)")),
            None => Ok(assets),
        }
    }

    /// Assets from given names and files; compressed forms are looked up among the built ones.
    pub fn of(
        names: HashMap<String, String>,
        files: impl IntoIterator<Item = (String, Bytes)>,
    ) -> Self {
        let files = files
            .into_iter()
            .map(|(path, plain)| {
                let digest = Sha256::digest(&plain);
                let etag: String = digest[..8].iter().map(|b| format!("{b:02x}")).collect();
                let file = File {
                    kind: media_type(&path),
                    etag,
                    brotli: read(&format!("{path}.br")),
                    gzip: read(&format!("{path}.gz")),
                    plain,
                };
                (path, file)
            })
            .collect();
        Self { names, files }
    }

    /// The address of a file by its name: `site.css` is at `/assets/site.3f2a….css`.
    pub fn url(&self, name: &str) -> String {
        let file = self.names.get(name).map_or(name, String::as_str);
        format!("/assets/{file}")
    }

    fn file(&self, name: &str) -> Option<&File> {
        self.files
            .get(self.names.get(name).map_or(name, String::as_str))
    }

    /// Answers `GET /assets/{path}`: hashed names never change their content.
    pub fn answer(&self, path: &str, request: &HeaderMap) -> Option<Response<Bytes>> {
        let file = self.files.get(path)?;
        Some(file.answer(request, "public, max-age=31536000, immutable"))
    }

    /// Answers `GET /embed/v1.js`: a fixed name, so it is asked for again soon.
    pub fn loader(&self, request: &HeaderMap) -> Option<Response<Bytes>> {
        let file = self.file(LOADER)?;
        Some(file.answer(request, "public, max-age=300, stale-while-revalidate=86400"))
    }
}

impl File {
    fn answer(&self, request: &HeaderMap, caching: &'static str) -> Response<Bytes> {
        let accepted = Coding::accepted(request);
        let (coding, body) = match (&self.brotli, &self.gzip) {
            (Some(body), _) if accepted.brotli => (Some("br"), body),
            (_, Some(body)) if accepted.gzip => (Some("gzip"), body),
            _ => (None, &self.plain),
        };
        let etag = match coding {
            Some(coding) => format!("\"{}-{coding}\"", self.etag),
            None => format!("\"{}\"", self.etag),
        };
        let known = is_known(request, &etag);
        let mut response = Response::new(if known { Bytes::new() } else { body.clone() });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::CONTENT_TYPE, self.kind);
        set(header::CACHE_CONTROL, caching);
        set(header::VARY, "accept-encoding");
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        );
        set(header::HeaderName::from_static("timing-allow-origin"), "*");
        if let Some(coding) = coding {
            set(header::CONTENT_ENCODING, coding);
        }
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        response
    }
}

fn read(path: &str) -> Option<Bytes> {
    Built::get(path).map(|file| match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Which codings a client takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coding {
    pub brotli: bool,
    pub gzip: bool,
}

impl Coding {
    /// Reads `Accept-Encoding` (RFC 9110 section 12.5.3); `q=0` refuses.
    pub fn accepted(request: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        let Some(value) = request
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
        else {
            return accepted;
        };
        for coding in value.split(',') {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = parameters
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim().trim_end_matches(['0', '.']).is_empty());
            match name.trim() {
                "br" => accepted.brotli = !refused,
                "gzip" => accepted.gzip = !refused,
                _ => {}
            }
        }
        accepted
    }
}

/// Whether the client holds this very content (`If-None-Match`, weak comparison).
pub fn is_known(request: &HeaderMap, etag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_coding_is_used_only_if_it_is_taken() {
        let accepted = |value| Coding::accepted(&with(header::ACCEPT_ENCODING, value));
        assert_eq!(
            accepted("gzip, deflate, br;q=0.9"),
            Coding {
                brotli: true,
                gzip: true
            }
        );
        assert_eq!(
            accepted("br;q=0, gzip;q=0.0"),
            Coding {
                brotli: false,
                gzip: false
            }
        );
    }

    #[test]
    fn a_file_is_sent_once_and_then_only_confirmed() {
        let names = HashMap::from([("site.css".into(), "site.0.css".into())]);
        let assets = Assets::of(names, [("site.0.css".into(), Bytes::from_static(b"a{}"))]);
        assert_eq!(assets.url("site.css"), "/assets/site.0.css");
        let first = assets.answer("site.0.css", &HeaderMap::new()).unwrap();
        assert_eq!(first.body().as_ref(), b"a{}");
        let etag = first.headers()[header::ETAG].to_str().unwrap();
        let again = assets.answer("site.0.css", &with(header::IF_NONE_MATCH, etag));
        assert_eq!(again.unwrap().status(), StatusCode::NOT_MODIFIED);
        assert!(assets.answer("../Cargo.toml", &HeaderMap::new()).is_none());
    }
}

//! The demonstration's department: ordinary web pages on another origin, into which the widgets
//! are pasted. It stands for the sites of other people, old and strict ones among them, and shares
//! nothing with the server but the address it embeds.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::Backend;
use backend::consultations::{self, ListFilter};
use domain::Timestamp;
use domain::consultations::{Listed, State as Phase};
use http::{HeaderName, HeaderValue, StatusCode, header};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the pages embed.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// Address of the site, without a slash at the end.
    pub public_url: String,
    /// Number of a consultation that takes comments.
    pub open: String,
    /// Number of one whose feedback is published.
    pub answered: String,
    /// Slug of the unit whose list is shown.
    pub unit: String,
}

impl Embedded {
    /// What the database has to show: an open consultation and an answered one, or whatever is
    /// newest where the demonstration has been left running past its dates.
    pub async fn found(
        backend: &Backend,
        now: Timestamp,
        public_url: &str,
    ) -> Result<Self, backend::Error> {
        let newest = async |state| {
            let filter = ListFilter {
                state,
                ..ListFilter::default()
            };
            let page = consultations::list(backend, now, filter).await?;
            Ok::<_, backend::Error>(page.items.into_iter().next())
        };
        let any = newest(None).await?;
        let open = newest(Some(Phase::Open)).await?.or(any.clone());
        let answered = newest(Some(Phase::Answered)).await?.or(any);
        let number = |listed: &Option<Listed>| {
            listed
                .as_ref()
                .map_or_else(String::new, |listed| listed.number.to_string())
        };
        Ok(Self {
            public_url: public_url.into(),
            open: number(&open),
            answered: number(&answered),
            unit: open.map_or_else(String::new, |listed| listed.unit.slug),
        })
    }
}

/// Name and bytes of a file; the GBK page is not UTF-8, so all are bytes.
const FILES: [(&str, &[u8]); 15] = [
    ("index.html", include_bytes!("../../public/demo/index.html")),
    ("plain.html", include_bytes!("../../public/demo/plain.html")),
    ("list.html", include_bytes!("../../public/demo/list.html")),
    (
        "inline.html",
        include_bytes!("../../public/demo/inline.html"),
    ),
    (
        "several.html",
        include_bytes!("../../public/demo/several.html"),
    ),
    (
        "hostile.html",
        include_bytes!("../../public/demo/hostile.html"),
    ),
    ("gbk.html", include_bytes!("../../public/demo/gbk.html")),
    (
        "strict-csp.html",
        include_bytes!("../../public/demo/strict-csp.html"),
    ),
    (
        "answered.html",
        include_bytes!("../../public/demo/answered.html"),
    ),
    (
        "hearing.html",
        include_bytes!("../../public/demo/hearing.html"),
    ),
    ("poll.html", include_bytes!("../../public/demo/poll.html")),
    (
        "department.css",
        include_bytes!("../../public/demo/department.css"),
    ),
    (
        "hostile.css",
        include_bytes!("../../public/demo/hostile.css"),
    ),
    ("legacy.js", include_bytes!("../../public/demo/legacy.js")),
    (
        "jquery-1.11.3.min.js",
        include_bytes!("../../public/demo/jquery-1.11.3.min.js"),
    ),
];

struct Page {
    kind: &'static str,
    body: Vec<u8>,
    /// The policy of the strict page.
    policy: Option<HeaderValue>,
}

type Pages = Arc<BTreeMap<&'static str, Page>>;

/// The department's site.
pub fn router(embedded: &Embedded) -> Router {
    let values: [(&str, &str); 4] = [
        ("{{PUBLIC_URL}}", &embedded.public_url),
        ("{{OPEN}}", &embedded.open),
        ("{{ANSWERED}}", &embedded.answered),
        ("{{UNIT}}", &embedded.unit),
    ];
    let pages: BTreeMap<_, _> = FILES
        .iter()
        .map(|(name, bytes)| {
            let body = values.iter().fold(bytes.to_vec(), |body, (mark, value)| {
                replaced(&body, mark.as_bytes(), value.as_bytes())
            });
            let policy = (*name == "strict-csp.html")
                .then(|| strict_policy(&embedded.public_url))
                .flatten();
            let kind = media_type(name);
            (*name, Page { kind, body, policy })
        })
        .collect();
    Router::new()
        .route(
            "/",
            get(|State(pages): State<Pages>| async move { answer(&pages, "index.html") }),
        )
        .route(
            "/{name}",
            get(
                |State(pages): State<Pages>, Path(name): Path<String>| async move {
                    answer(&pages, &name)
                },
            ),
        )
        .with_state(Arc::new(pages))
}

/// What `docs/embedding.md` asks a strict site to allow, and no more: no WASM, no inline style.
fn strict_policy(public_url: &str) -> Option<HeaderValue> {
    format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'self'; {}",
        console::embed::frame_policy(public_url)
    )
    .parse()
    .ok()
}

fn answer(pages: &BTreeMap<&'static str, Page>, name: &str) -> Response {
    let Some(page) = pages.get(name) else {
        return (StatusCode::NOT_FOUND, "There is no such page.").into_response();
    };
    let kind = [(header::CONTENT_TYPE, page.kind)];
    let mut response = (kind, page.body.clone()).into_response();
    if let Some(policy) = &page.policy {
        let name: HeaderName = header::CONTENT_SECURITY_POLICY;
        response.headers_mut().insert(name, policy.clone());
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ if name == "gbk.html" => "text/html; charset=gbk",
        _ => "text/html; charset=utf-8",
    }
}

/// The marks are ASCII, and a GBK character can contain one brace but no whole mark, so replacing
/// bytes is safe in both encodings.
fn replaced(text: &[u8], mark: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(mark.len()).position(|window| window == mark) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(value);
        rest = &rest[at + mark.len()..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn fetch(path: &str) -> (StatusCode, http::HeaderMap, Vec<u8>) {
        let site = router(&Embedded {
            public_url: "http://127.0.0.1:3000".into(),
            open: "2026-0001".into(),
            answered: "2026-0002".into(),
            unit: "transport".into(),
        });
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = site.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        (head.status, head.headers, body)
    }

    #[tokio::test]
    async fn every_page_that_the_index_links_to_is_there_and_embeds_the_given_address() {
        let (_, _, index) = fetch("/").await;
        let index = String::from_utf8(index).unwrap();
        let links: Vec<&str> = index
            .split("<a href=\"/")
            .skip(1)
            .map(|rest| &rest[..rest.find('"').unwrap()])
            .collect();
        assert_eq!(links.len(), 10);
        for link in links {
            let (status, _, body) = fetch(&format!("/{link}")).await;
            assert_eq!(status, StatusCode::OK, "{link}");
            let has = |text: &str| body.windows(text.len()).any(|w| w == text.as_bytes());
            assert!(has("src=\"http://127.0.0.1:3000/embed/v1.js\""), "{link}");
            assert!(!has("{{"), "{link}");
        }
    }

    #[tokio::test]
    async fn the_old_page_is_really_gbk_and_says_so() {
        let (_, headers, body) = fetch("/gbk.html").await;
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=gbk");
        assert!(String::from_utf8(body.clone()).is_err());
        // 停车 in GBK.
        assert!(body.windows(4).any(|w| w == [0xCD, 0xA3, 0xB3, 0xB5]));
    }

    #[tokio::test]
    async fn the_strict_page_allows_scripts_and_frames_of_the_site_alone() {
        let (_, headers, _) = fetch("/strict-csp.html").await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.contains("script-src http://127.0.0.1:3000;"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(
            !fetch("/plain.html")
                .await
                .1
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
    }
}

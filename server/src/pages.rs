//! Public pages, and data that are dear to count, in memory: made once per change and language, answered
//! with ETag, 304 and a compressed form that is made on first demand.
//!
//! An entry is true as long as the revision of what it shows has not grown and the clock has not
//! passed the next opening, closing or midnight. The bound is by bytes; a page too large for it is
//! rendered each time, and nothing else changes.

use crate::assets::{Coding, is_known};
use crate::freshness::Freshness;
use crate::headers::{Framing, secure};
use crate::problem::Refusal;
use crate::site::Reading;
use crate::site::view::{HearingPage, View};
use crate::state::AppState;
use axum::body::Body;
use axum::response::Response;
use backend::Scope;
use bytes::Bytes;
use domain::Timestamp;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::{Arc, OnceLock};

/// A page as a view gives it.
#[derive(Debug)]
pub struct Page {
    pub html: String,
    /// When the clock alone makes it untrue.
    pub valid_until: Timestamp,
    /// For widgets: the origins on which the unit embeds.
    pub origins: Option<Vec<String>>,
}

/// A page with everything that does not depend on who asks.
#[derive(Debug)]
pub struct Rendered {
    revision: i64,
    valid_until: Timestamp,
    pub origins: Option<Vec<String>>,
    digest: String,
    headers: HeaderMap,
    plain: Variant,
    brotli: OnceLock<Variant>,
    gzip: OnceLock<Variant>,
    /// Whether the compressed forms are worth making well.
    kept: bool,
}

#[derive(Debug)]
struct Variant {
    body: Bytes,
    etag: HeaderValue,
    headers: HeaderMap,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<String, Arc<Rendered>> for ByBytes {
    fn weight(&self, key: &String, page: &Arc<Rendered>) -> u64 {
        // The compressed forms come later and are together well below half of the text.
        (key.len() + page.plain.body.len() * 3 / 2 + 2048) as u64
    }
}

/// All pages of this process.
#[derive(Debug)]
pub struct Pages {
    cache: Option<Cache<String, Arc<Rendered>, ByBytes>>,
    freshness: Freshness,
}

impl Pages {
    /// `megabytes` bounds the memory; 0 keeps nothing.
    pub fn new(megabytes: u64) -> Self {
        let bytes = megabytes * 1024 * 1024;
        Self {
            cache: (bytes > 0).then(|| {
                let expected = usize::try_from(bytes / 30_000).unwrap_or(1_000);
                Cache::with_weighter(expected, bytes, ByBytes)
            }),
            freshness: Freshness::default(),
        }
    }

    /// The memory, for a view that is kept in it. What somebody looks for in a draw is anything they type,
    /// and would fill it.
    fn cache_for(&self, reading: &Reading) -> Option<&Cache<String, Arc<Rendered>, ByBytes>> {
        let sought = matches!(
            reading.view,
            View::Hearing {
                page: HearingPage::Draw(Some(_)),
                ..
            }
        );
        self.cache.as_ref().filter(|_| !sought)
    }

    /// The page, if it is in memory and still true.
    pub async fn kept(&self, state: &AppState, reading: &Reading) -> Option<Arc<Rendered>> {
        let page = self.cache_for(reading)?.get(reading.key().as_str())?;
        // A database that does not answer is reported by whoever renders.
        let revision = self
            .freshness
            .of(&state.backend, reading.view.scope())
            .await
            .ok()?;
        page.is_true(revision, state.clock.now()).then_some(page)
    }

    /// The page, from memory if it is still true. What `admit` refuses is neither given nor kept.
    pub async fn get(
        &self,
        state: &AppState,
        reading: &Reading,
        admit: impl Fn(&Rendered) -> Result<(), Refusal>,
    ) -> Result<Arc<Rendered>, Refusal> {
        let made = async |revision, kept| {
            let page = render(state, reading, revision, kept).await?;
            admit(&page)?;
            Ok(page)
        };
        let Some(cache) = self.cache_for(reading) else {
            return made(0, false).await;
        };
        let of = (reading.key(), reading.view.scope());
        let page = self.kept_or_made(state, cache, of, made).await?;
        admit(&page)?;
        Ok(page)
    }

    /// An answer that is the same for everyone who asks, from memory if it is still true. `make` gives it
    /// with the instant at which the clock alone makes it untrue. The key begins as no page's does.
    pub async fn data(
        &self,
        state: &AppState,
        of: (String, Scope),
        make: impl AsyncFnOnce() -> Result<(Response, Timestamp), Refusal>,
    ) -> Result<Arc<Rendered>, Refusal> {
        let made = async |revision, kept| {
            let (answer, valid_until) = make().await?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.map_err(|error| {
                tracing::error!(%error, "an answer broke off");
                Refusal::Internal
            })?;
            let (body, mut headers) = (body.to_bytes(), parts.headers);
            headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
            let until = (revision, valid_until);
            Ok(Arc::new(Rendered::new(body, headers, None, until, kept)))
        };
        match &self.cache {
            Some(cache) => self.kept_or_made(state, cache, of, made).await,
            None => made(0, false).await,
        }
    }

    async fn kept_or_made(
        &self,
        state: &AppState,
        cache: &Cache<String, Arc<Rendered>, ByBytes>,
        (key, scope): (String, Scope),
        made: impl AsyncFnOnce(i64, bool) -> Result<Arc<Rendered>, Refusal>,
    ) -> Result<Arc<Rendered>, Refusal> {
        // Asked before rendering: what changes meanwhile makes the entry old at once.
        let revision = self.freshness.of(&state.backend, scope).await?;
        loop {
            let now = state.clock.now();
            if let Some(page) = cache.get(key.as_str())
                && page.is_true(revision, now)
            {
                metrics::counter!("yanlu_page_cache_total", "found" => "yes").increment(1);
                return Ok(page);
            }
            cache.remove_if(key.as_str(), |page| !page.is_true(revision, now));
            // Of many who miss at once, one renders and the others wait for it.
            match cache.get_value_or_guard_async(key.as_str()).await {
                Ok(page) if page.is_true(revision, now) => return Ok(page),
                Ok(_) => continue,
                Err(guard) => {
                    metrics::counter!("yanlu_page_cache_total", "found" => "no").increment(1);
                    let page = made(revision, true).await?;
                    // Refused only if the entry was removed meanwhile; then nothing is kept.
                    let _kept = guard.insert(Arc::clone(&page));
                    return Ok(page);
                }
            }
        }
    }
}

async fn render(
    state: &AppState,
    reading: &Reading,
    revision: i64,
    kept: bool,
) -> Result<Arc<Rendered>, Refusal> {
    let page = crate::site::render(state, reading).await?;
    let lang = reading.lang.tag();
    Ok(Arc::new(Rendered::page(state, page, lang, revision, kept)))
}

impl Rendered {
    fn page(state: &AppState, page: Page, lang: &'static str, revision: i64, kept: bool) -> Self {
        let mut headers = HeaderMap::new();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::CONTENT_TYPE, "text/html; charset=utf-8");
        // Kept by anyone, used only after asking: a change shows on the next request.
        set(header::CACHE_CONTROL, "public, no-cache");
        set(header::CONTENT_LANGUAGE, lang);
        set(
            header::VARY,
            if page.origins.is_some() {
                "accept-encoding, accept-language, origin"
            } else {
                "accept-encoding, accept-language"
            },
        );
        let framing = page
            .origins
            .as_deref()
            .map_or(Framing::Nowhere, Framing::On);
        secure(&mut headers, &state.config, framing);
        let until = (revision, page.valid_until);
        Self::new(Bytes::from(page.html), headers, page.origins, until, kept)
    }

    fn new(
        body: Bytes,
        headers: HeaderMap,
        origins: Option<Vec<String>>,
        (revision, valid_until): (i64, Timestamp),
        kept: bool,
    ) -> Self {
        let digest = Sha256::digest(&body);
        let digest: String = digest[..12].iter().map(|b| format!("{b:02x}")).collect();
        Self {
            revision,
            valid_until,
            origins,
            plain: Variant::new(body, &digest, None, &headers),
            digest,
            headers,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            kept,
        }
    }

    fn is_true(&self, revision: i64, now: Timestamp) -> bool {
        self.revision >= revision && now < self.valid_until
    }

    /// The answer to a request with these headers.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let accepted = Coding::accepted(request);
        let variant = if accepted.brotli {
            self.brotli.get_or_init(|| {
                let body = brotli(&self.plain.body, if self.kept { 8 } else { 1 });
                Variant::new(body, &self.digest, Some("br"), &self.headers)
            })
        } else if accepted.gzip {
            self.gzip.get_or_init(|| {
                let body = gzip(&self.plain.body, if self.kept { 6 } else { 1 });
                Variant::new(body, &self.digest, Some("gzip"), &self.headers)
            })
        } else {
            &self.plain
        };
        let known = request.contains_key(header::IF_NONE_MATCH)
            && variant
                .etag
                .to_str()
                .is_ok_and(|etag| is_known(request, etag));
        let body = if known {
            Body::empty()
        } else {
            Body::from(variant.body.clone())
        };
        let mut response = Response::new(body);
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *response.headers_mut() = variant.headers.clone();
        response
    }
}

impl Variant {
    fn new(body: Bytes, digest: &str, coding: Option<&'static str>, headers: &HeaderMap) -> Self {
        let mut headers = headers.clone();
        let etag = match coding {
            Some(coding) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
                format!("\"{digest}-{coding}\"")
            }
            None => format!("\"{digest}\""),
        };
        let etag = HeaderValue::try_from(etag).expect("hexadecimal digits make a header");
        headers.insert(header::ETAG, etag.clone());
        Self {
            body,
            etag,
            headers,
        }
    }
}

fn brotli(text: &[u8], quality: u32) -> Bytes {
    let mut packed = Vec::with_capacity(text.len() / 4);
    {
        let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, quality, 20);
        writer
            .write_all(text)
            .expect("a vector takes what is written");
    }
    Bytes::from(packed)
}

fn gzip(text: &[u8], level: u32) -> Bytes {
    let packed = Vec::with_capacity(text.len() / 4);
    let mut writer = flate2::write::GzEncoder::new(packed, flate2::Compression::new(level));
    writer
        .write_all(text)
        .expect("a vector takes what is written");
    Bytes::from(writer.finish().expect("a vector takes what is written"))
}

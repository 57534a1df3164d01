//! Where the outside comes in: the clock, the operating system's randomness, who is asking and in
//! which language. Nothing below this file asks for the time or makes a random number.

use crate::problem::Refusal;
use crate::state::AppState;
use app::i18n::Lang;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use backend::Moment;
use domain::Timestamp;
use domain::limits;
use domain::staff::{Identity, Session};
use http::request::Parts;
use http::{HeaderMap, Method, Uri, header};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The clock: the system's, or one that a test moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Unix milliseconds, set from outside.
    Settable(Arc<AtomicI64>),
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that asks the clock"
        )]
        let system = Timestamp::now();
        match self {
            Self::System => system,
            Self::Settable(millis) => {
                Timestamp::from_millisecond(millis.load(Ordering::Acquire)).unwrap_or(system)
            }
        }
    }

    /// This instant with fresh randomness, for one request.
    pub fn moment(&self) -> Moment {
        // What is stored has milliseconds; what is answered must not have more.
        let now = self.now();
        let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        Moment::new(now, random())
    }
}

/// 256 bits from the operating system's generator (by way of a generator that it seeds).
pub fn random() -> [u8; 32] {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that makes randomness"
    )]
    rand::random()
}

/// The other end of the connection, noted by the server when it accepted it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Who asks, when and in which language.
#[derive(Debug)]
pub struct Edge {
    pub lang: Lang,
    pub moment: Moment,
    /// The client's address, seen through trusted proxies only.
    pub client: IpAddr,
    /// As the browser names itself; shortened.
    pub user_agent: String,
    /// Path and query of this request.
    pub here: String,
}

impl Edge {
    pub fn now(&self) -> Timestamp {
        self.moment.now
    }

    pub fn read(parts: &Parts, state: &AppState) -> Self {
        let here = parts
            .uri
            .path_and_query()
            .map_or_else(|| "/".into(), |p| p.as_str().to_owned());
        Self {
            lang: lang(&parts.uri, &parts.headers),
            moment: state.clock.moment(),
            client: client(
                parts.extensions.get::<Peer>().copied(),
                &parts.headers,
                &state.config.trusted_proxies,
            ),
            user_agent: text_header(&parts.headers, &header::USER_AGENT)
                .chars()
                .take(limits::USER_AGENT)
                .collect(),
            here,
        }
    }
}

impl FromRequestParts<AppState> for Edge {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self::read(parts, state))
    }
}

/// The language asked for: `?lang=`, else `Accept-Language`.
pub fn lang(uri: &Uri, headers: &HeaderMap) -> Lang {
    let chosen = uri.query().and_then(|query| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "lang")
            .and_then(|(_, tag)| Lang::from_tag(&tag))
    });
    chosen.unwrap_or_else(|| Lang::negotiate(text_header(headers, &header::ACCEPT_LANGUAGE)))
}

/// A header as text; empty if it is absent or not ASCII.
pub fn text_header<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
}

/// The client's address. `X-Forwarded-For` is walked from the right while each hop is a trusted
/// proxy: what stands further left, a client can write itself.
pub fn client(peer: Option<Peer>, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    let unknown = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
    let mut client = peer.map_or(unknown, |Peer(address)| address.ip().to_canonical());
    let hops = headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.rsplit(','));
    for hop in hops {
        if !is_trusted(&client) {
            break;
        }
        let hop = hop.trim();
        let parsed = hop
            .parse::<IpAddr>()
            .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()));
        match parsed {
            Ok(ip) => client = ip.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

/// A signed-in member of staff. For anything but reading, a session cookie counts only when the
/// request came from our own pages; a bearer token is not sent by a browser on its own.
#[derive(Clone, Debug)]
pub struct Staff {
    pub identity: Identity,
    /// `None` for a bearer token.
    pub session: Option<Session>,
}

impl FromRequestParts<AppState> for Staff {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        identify(parts, state).await?.ok_or(Refusal::SignIn)
    }
}

impl OptionalFromRequestParts<AppState> for Staff {
    type Rejection = Refusal;
    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Refusal> {
        identify(parts, state).await
    }
}

async fn identify(parts: &Parts, state: &AppState) -> Result<Option<Staff>, Refusal> {
    let now = state.clock.moment().now;
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| Refusal::SignIn)?;
        let token = value
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(Refusal::SignIn)?;
        // A token that is not known is an error even where none is needed: silence would show the
        // public view and hide the mistake.
        let identity = backend::staff::identify_bearer(&state.backend, now, token)
            .await?
            .ok_or(Refusal::SignIn)?;
        return Ok(Some(Staff {
            identity,
            session: None,
        }));
    }
    let Some(token) = session_token(&parts.headers, state.config.session_cookie()) else {
        return Ok(None);
    };
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        same_origin(&parts.headers, &state.config.public_url)?;
    }
    let found = backend::staff::identify_session(&state.backend, now, token).await?;
    Ok(found.map(|(identity, session)| Staff {
        identity,
        session: Some(session),
    }))
}

/// The session token in the cookies, if there is one.
pub fn session_token<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, token)| token)
}

/// Refuses what another site's page made the browser send. Call it for every form that acts with
/// the browser's cookies, signing in included.
pub fn same_origin(headers: &HeaderMap, public_url: &str) -> Result<(), Refusal> {
    let origin = headers.get(header::ORIGIN);
    if origin.is_some_and(|origin| origin.as_bytes() == public_url.as_bytes()) {
        return Ok(());
    }
    let own = match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        Some(b"same-origin" | b"none") => true,
        Some(_) => false,
        // No browser of the last years leaves out both; a program without a browser carries no
        // cookies that it does not mean.
        None => false,
    };
    if own { Ok(()) } else { Err(Refusal::Origin) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        headers
    }

    fn seen(peer: &str, values: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let peer = Peer(peer.parse().unwrap());
        client(Some(peer), &forwarded(values), &trusted).to_string()
    }

    #[test]
    fn a_client_cannot_choose_its_address() {
        assert_eq!(seen("203.0.113.9:1", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(
            seen("10.0.0.1:1", &["1.2.3.4, 198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            seen("10.0.0.1:1", &["1.2.3.4", "198.51.100.1, 10.0.0.7"]),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1:1", &["nonsense"]), "10.0.0.1");
        assert_eq!(seen("[::1]:1", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(seen("10.0.0.1:1", &[]), "10.0.0.1");
    }

    #[test]
    fn only_our_own_pages_act_with_the_cookie() {
        let check = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            same_origin(&headers, "https://yanlu.example").is_ok()
        };
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("origin", "https://yanlu.example")]));
        assert!(!check(&[("origin", "https://yanlu.example.evil.example")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(!check(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "null")
        ]));
        assert!(!check(&[]));
    }
}

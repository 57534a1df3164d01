//! How often one client address may write: a bucket of tokens per address and kind of act, kept
//! in memory. The buckets only slow a flood down; nothing depends on them for being right.

use crate::config::Limits;
use crate::problem::Refusal;
use domain::Timestamp;
use quick_cache::sync::Cache;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Sending a comment. A whole office may sit behind one address.
    Comment,
    /// An application for a seat: a flood of them leaves the comments of the same office alone.
    Application,
    /// A ballot: sooner given than a comment is written, but a person gives one; a whole office or
    /// school may sit behind one address.
    Ballot,
    /// Changing a comment: each keeps the text before it.
    Edit,
    /// A receipt code that opened nothing.
    WrongReceipt,
    /// An attempt to sign in, or to give one's old password.
    SignIn,
}

impl Act {
    /// How many at once, and how many more in a minute.
    const fn allowance(self) -> (f64, f64) {
        match self {
            Self::Comment | Self::Application => (300.0, 120.0),
            Self::Ballot => (200.0, 60.0),
            Self::Edit => (60.0, 20.0),
            Self::WrongReceipt => (30.0, 10.0),
            Self::SignIn => (30.0, 10.0),
        }
    }
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at_ms: i64,
}

/// Addresses remembered at most; the longest unused are forgotten first.
const ADDRESSES: usize = 50_000;

type Buckets = Cache<(Act, IpAddr), Arc<Mutex<Bucket>>>;

/// The buckets of this process.
#[derive(Debug)]
pub struct Limiter {
    buckets: Option<Buckets>,
}

impl Limiter {
    pub fn new(limits: Limits) -> Self {
        Self {
            buckets: (limits == Limits::On).then(|| Cache::new(ADDRESSES)),
        }
    }

    /// Takes a token, or says when to try again.
    pub fn take(&self, act: Act, client: IpAddr, now: Timestamp) -> Result<(), Refusal> {
        self.draw(act, client, now, 1.0)
    }

    /// Only looks whether there is a token: for acts that cost one when they fail.
    pub fn check(&self, act: Act, client: IpAddr, now: Timestamp) -> Result<(), Refusal> {
        self.draw(act, client, now, 0.0)
    }

    fn draw(&self, act: Act, client: IpAddr, now: Timestamp, cost: f64) -> Result<(), Refusal> {
        let Some(buckets) = &self.buckets else {
            return Ok(());
        };
        let (burst, per_minute) = act.allowance();
        let now_ms = now.as_millisecond();
        let full = || {
            Ok::<_, Refusal>(Arc::new(Mutex::new(Bucket {
                tokens: burst,
                filled_at_ms: now_ms,
            })))
        };
        let bucket = buckets.get_or_insert_with(&(act, network(client)), full)?;
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let waited_ms = (now_ms - bucket.filled_at_ms).max(0) as f64;
        bucket.tokens = (bucket.tokens + waited_ms / 60_000.0 * per_minute).min(burst);
        bucket.filled_at_ms = now_ms;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= cost;
            return Ok(());
        }
        let wait_s = ((1.0 - bucket.tokens) * 60.0 / per_minute).ceil();
        Err(Refusal::TooMany {
            retry_after_s: wait_s.max(1.0) as u64,
        })
    }
}

/// One subscriber has a whole /64 of IPv6 addresses.
pub fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_flood_is_told_when_to_try_again_and_others_are_not_touched() {
        let limiter = Limiter::new(Limits::On);
        let (flood, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..30 {
            assert!(limiter.take(Act::SignIn, flood, at(0)).is_ok());
        }
        let refused = limiter.take(Act::SignIn, flood, at(0)).unwrap_err();
        assert!(matches!(refused, Refusal::TooMany { retry_after_s: 6 }));
        assert!(limiter.take(Act::SignIn, other, at(0)).is_ok());
        assert!(limiter.take(Act::WrongReceipt, flood, at(0)).is_ok());
        assert!(limiter.take(Act::SignIn, flood, at(6)).is_ok());
        assert!(limiter.take(Act::SignIn, flood, at(6)).is_err());
    }

    #[test]
    fn ballots_are_counted_apart_and_an_office_can_vote() {
        let limiter = Limiter::new(Limits::On);
        let office = "192.0.2.1".parse().unwrap();
        for _ in 0..200 {
            assert!(limiter.take(Act::Ballot, office, at(0)).is_ok());
        }
        assert!(limiter.take(Act::Ballot, office, at(0)).is_err());
        assert!(limiter.take(Act::Comment, office, at(0)).is_ok());
        assert!(limiter.take(Act::Application, office, at(0)).is_ok());
        assert!(limiter.take(Act::Ballot, office, at(1)).is_ok());
    }

    #[test]
    fn a_subscriber_cannot_dodge_by_changing_the_end_of_an_address() {
        let limiter = Limiter::new(Limits::On);
        for host in 0..30 {
            let ip = format!("2001:db8::{host:x}").parse().unwrap();
            assert!(limiter.take(Act::SignIn, ip, at(0)).is_ok());
        }
        let last = "2001:db8::ffff".parse().unwrap();
        assert!(limiter.take(Act::SignIn, last, at(0)).is_err());
        assert!(
            Limiter::new(Limits::Off)
                .take(Act::SignIn, last, at(0))
                .is_ok()
        );
    }
}

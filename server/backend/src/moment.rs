//! Time and chance as an argument: a use case is given a [`Moment`] and asks nothing else.

use domain::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// The instant at which something is done, and the randomness it may use.
#[derive(Debug)]
pub struct Moment {
    pub now: Timestamp,
    random: StdRng,
}

impl Moment {
    /// `seed` must come from the operating system's generator, except in tests.
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        Self {
            now,
            random: StdRng::from_seed(seed),
        }
    }

    /// A new id that sorts by time (UUID version 7, RFC 9562 section 5.7).
    pub fn id(&mut self) -> Uuid {
        let millis = u64::try_from(self.now.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A new id that tells nothing, not even when (UUID version 4): of what must not lead to its sender.
    pub fn blind_id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    /// The instant as it is stored: Unix milliseconds.
    pub fn millis(&self) -> i64 {
        self.now.as_millisecond()
    }
}

/// A stored instant.
pub(crate) fn instant(millis: i64) -> Result<Timestamp, crate::Error> {
    Timestamp::from_millisecond(millis).map_err(|_| crate::error::corrupt("instant"))
}

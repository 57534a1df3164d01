//! Turns: what many people send at once is written a few at a time in each process.
//!
//! Whoever waits for a row that another holds waits with a connection in hand, and a burst would
//! leave none for those who read. Waiting here costs nothing and keeps the order of arrival.

use crate::error::Error;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// One writes while the next one already waits for the row.
const AT_ONCE: usize = 2;
/// How long somebody waits before being asked to send the same again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The turns of one process.
#[derive(Debug)]
pub(crate) struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Turns {
    /// Waits for a turn, which lasts until it is dropped. Fails with `Overloaded` if it takes too
    /// long.
    pub async fn wait(&self) -> Result<SemaphorePermit<'_>, Error> {
        let turn = timeout(PATIENCE, self.0.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or(Error::Overloaded)
    }
}

//! Passwords as argon2id hashes, made and checked off the async threads, two at a time, so that a
//! burst of logins cannot take the machine's memory.

use crate::Moment;
use crate::error::{Error, corrupt};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::limits;
use domain::problem::Fault;
use domain::text;
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, argon2id).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
static TURNS: Semaphore = Semaphore::const_new(2);

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Checks the length that a new password must have.
pub fn check_new(password: &str) -> Result<(), Fault> {
    if password.len() > limits::PASSWORD_MAX_BYTES {
        let length = text::length(password);
        return Err(Fault::TooLong {
            limit: limits::PASSWORD_MAX_BYTES,
            length,
        });
    }
    match text::length(password) {
        0 => Err(Fault::Required),
        length if length < limits::PASSWORD_MIN => Err(Fault::TooShort {
            limit: limits::PASSWORD_MIN,
        }),
        _ => Ok(()),
    }
}

/// Hashes a password, as a PHC string.
pub async fn hash(moment: &mut Moment, password: &str) -> Result<String, Error> {
    let salt: [u8; 16] = moment.bytes();
    let password = password.to_owned();
    in_turn(move || hash_now(&password, &salt)).await?
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, Error> {
    argon2()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Error::Internal(format!("a password could not be hashed: {e}")))
}

/// Whether the password fits the stored hash. Without one (no such account) the same work is done,
/// so that the time of an answer does not tell which addresses exist.
pub async fn verify(password: &str, stored: Option<String>) -> Result<bool, Error> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let password = password.to_owned();
    in_turn(move || {
        let (hash, known) = match stored {
            Some(hash) => (hash, true),
            None => match NOBODY.get() {
                Some(hash) => (hash.clone(), false),
                None => {
                    let hash = hash_now("nobody", &[0; 16])?;
                    (NOBODY.get_or_init(|| hash).clone(), false)
                }
            },
        };
        let parsed = PasswordHash::new(&hash).map_err(|_| corrupt("account.password_hash"))?;
        let fits = argon2()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(fits && known)
    })
    .await?
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let turn = TURNS
        .acquire()
        .await
        .map_err(|e| Error::Internal(format!("password hashing stopped: {e}")))?;
    // The turn goes with the work, which runs on though nobody waits for it any more.
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    })
    .await
    .map_err(|e| Error::Internal(format!("password hashing failed: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_goes_away_does_not_free_the_turn_of_the_work_left_behind() {
        let mut releases = Vec::new();
        for _ in 0..2 {
            let (release, released) = mpsc::channel::<()>();
            let (start, started) = tokio::sync::oneshot::channel();
            let request = tokio::spawn(in_turn(move || {
                start.send(()).expect("the test waits for the start");
                // Ends with an error once the other end is gone.
                let _gone = released.recv();
            }));
            started.await.expect("the work starts");
            request.abort();
            assert!(request.await.expect_err("it went away").is_cancelled());
            releases.push(release);
        }
        assert!(TURNS.try_acquire().is_err(), "two are still at work");
        drop(releases);
        let free = TURNS.acquire_many(2).await.map(drop);
        free.expect("both turns come free");
    }
}

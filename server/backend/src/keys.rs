//! The installation's secrets. One file of 32 bytes gives every key by HMAC (RFC 2104) under its
//! own label, so that no key is used for two things.

use crate::db::Db;
use crate::error::Error;
use crate::moment::Moment;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::receipts::{ReceiptCode, SECRET_BYTES};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use sqlx::types::Uuid;
use std::fmt;

/// The keys derived from the installation's secret.
#[derive(Clone)]
pub struct Keys {
    receipts: [u8; 32],
    contact: [u8; 32],
    clients: [u8; 32],
    people: [u8; 32],
    requests: [u8; 32],
    fingerprint: [u8; 32],
}

const NONCE_BYTES: usize = 24;

impl Keys {
    /// Derives every key from the secret.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let key = |label: &str| keyed(secret, &[label.as_bytes()]);
        Self {
            receipts: key("yanlu receipts v1"),
            contact: key("yanlu contact v1"),
            clients: key("yanlu clients v1"),
            people: key("yanlu people v1"),
            requests: key("yanlu requests v1"),
            fingerprint: key("yanlu fingerprint v1"),
        }
    }

    /// What a database remembers of the secret, to notice a wrong one. Reveals nothing.
    pub fn fingerprint(&self) -> String {
        self.fingerprint[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The receipt code of a comment. It follows from the comment's id, so a client that lost the
    /// answer and asks again is given the same code, though the database holds only its hash.
    pub fn receipt(&self, sent: Uuid) -> ReceiptCode {
        let mac = keyed(&self.receipts, &[b"code", sent.as_bytes()]);
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(&mac[..SECRET_BYTES]);
        ReceiptCode::from_bytes(secret)
    }

    /// How a receipt code is looked up.
    pub fn receipt_hash(&self, code: &ReceiptCode) -> Vec<u8> {
        keyed(&self.receipts, &[b"hash", code.as_bytes()]).to_vec()
    }

    /// A client address as it is remembered for throttling: not readable back.
    pub fn client(&self, address: &str) -> String {
        let mac = keyed(&self.clients, &[address.as_bytes()]);
        mac[..12].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A person as two applications of theirs are recognised: not readable back.
    pub fn person(&self, contact: &str) -> Vec<u8> {
        keyed(&self.people, &[contact.as_bytes()]).to_vec()
    }

    /// What was sent, to recognise a retry. Under a key, because a name or a number has too few
    /// possible values for a plain hash to hide it.
    pub fn request_hash(&self, content: &[u8]) -> Vec<u8> {
        keyed(&self.requests, &[content]).to_vec()
    }

    /// Encrypts contact data for one comment or application; it cannot be moved to another.
    pub fn seal(&self, sent: Uuid, contact: &str, moment: &mut Moment) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE_BYTES] = moment.bytes();
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload(contact.as_bytes(), &sent))
            .map_err(|_| Error::Internal("contact data could not be encrypted".into()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts contact data.
    pub fn unseal(&self, sent: Uuid, sealed: &[u8]) -> Result<String, Error> {
        let broken = || Error::Internal("contact data could not be decrypted".into());
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(broken)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| broken())?;
        let opened = self
            .cipher()
            .decrypt(&XNonce::from(nonce), payload(sealed, &sent))
            .map_err(|_| broken())?;
        String::from_utf8(opened).map_err(|_| broken())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.contact.into())
    }
}

fn payload<'a>(message: &'a [u8], sent: &'a Uuid) -> chacha20poly1305::aead::Payload<'a, 'a> {
    chacha20poly1305::aead::Payload {
        msg: message,
        aad: sent.as_bytes(),
    }
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key)
        .expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// How a session or bearer token is looked up. Tokens are 256 random bits, so a plain hash will do.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

sql! {
    REMEMBER = "insert into installation (name, value) values ('key_fingerprint', $1)
        on conflict (name) do nothing";
    REMEMBERED = "select value from installation where name = 'key_fingerprint'";
}

/// Checks that the secret is the one this database was begun with; a new database remembers it.
/// With another secret, contact data could not be read and receipts would not open.
pub(crate) async fn check(db: &Db, keys: &Keys) -> Result<(), Error> {
    let mut tx = db.write().await?;
    execute!(tx, REMEMBER, keys.fingerprint())?;
    let (remembered,): (String,) = fetch_one!(tx, REMEMBERED, (String,))?;
    tx.commit().await?;
    if remembered == keys.fingerprint() {
        Ok(())
    } else {
        Err(Error::Internal(
            "the secret key is not the one this database was begun with; \
             give the right file with YANLU_SECRET_KEY_FILE"
                .into(),
        ))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn contact_data_opens_only_for_its_own_comment_and_key() {
        let keys = Keys::from_secret(&[1; 32]);
        let mut moment = Moment::new(Timestamp::UNIX_EPOCH, [2; 32]);
        let (ours, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = keys.seal(ours, "13800000000", &mut moment).unwrap();
        assert!(!sealed.windows(5).any(|w| w == b"13800"));
        assert_eq!(keys.unseal(ours, &sealed).unwrap(), "13800000000");
        assert!(keys.unseal(other, &sealed).is_err());
        assert!(Keys::from_secret(&[3; 32]).unseal(ours, &sealed).is_err());
        assert!(keys.unseal(ours, &sealed[..10]).is_err());
    }

    #[test]
    fn what_was_sent_cannot_be_guessed_without_the_secret() {
        let (ours, other) = (Keys::from_secret(&[1; 32]), Keys::from_secret(&[2; 32]));
        let content = b"13800000000";
        assert_eq!(ours.request_hash(content), ours.request_hash(content));
        assert_ne!(ours.request_hash(content), other.request_hash(content));
        assert_ne!(ours.request_hash(content), Sha256::digest(content).to_vec());
    }

    #[test]
    fn a_receipt_follows_from_the_comment_and_the_secret() {
        let comment = Uuid::from_u128(1);
        let code = Keys::from_secret(&[1; 32]).receipt(comment);
        assert_eq!(code, Keys::from_secret(&[1; 32]).receipt(comment));
        assert_ne!(code, Keys::from_secret(&[2; 32]).receipt(comment));
        assert_ne!(
            code,
            Keys::from_secret(&[1; 32]).receipt(Uuid::from_u128(2))
        );
    }
}

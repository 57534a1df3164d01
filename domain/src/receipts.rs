//! The secret code on a receipt: Crockford base32 with its check symbol, read forgivingly.
//!
//! Source: Douglas Crockford, "Base 32", <https://www.crockford.com/base32.html>: letters I and L
//! read as 1, O as 0, case and hyphens are ignored, the check symbol is the value modulo 37.

use std::fmt;

const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
/// Bytes of secret in a code: 80 bits.
pub const SECRET_BYTES: usize = 10;
const SYMBOLS: usize = 16;

/// A receipt code of 80 secret bits, 16 symbols and one check symbol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReceiptCode([u8; SECRET_BYTES]);

/// Why a typed code is not a receipt code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not sixteen symbols and a check symbol, or a sign that no code contains.
    #[error("not a receipt code")]
    Malformed,
    /// The check symbol does not fit: most likely mistyped.
    #[error("the check symbol does not fit")]
    Mistyped,
}

impl ReceiptCode {
    pub const fn from_bytes(secret: [u8; SECRET_BYTES]) -> Self {
        Self(secret)
    }

    /// The secret bits, for hashing.
    pub const fn as_bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    fn value(&self) -> u128 {
        self.0
            .iter()
            .fold(0, |value, byte| value << 8 | u128::from(*byte))
    }

    /// Reads what a person typed: any case, hyphens and blanks anywhere, look-alikes accepted.
    pub fn read(typed: &str) -> Result<Self, ReceiptError> {
        let mut digits = Vec::with_capacity(SYMBOLS + 1);
        for c in typed.chars() {
            match c {
                '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => continue,
                c if c.is_whitespace() => continue,
                c => digits.push(digit(c).ok_or(ReceiptError::Malformed)?),
            }
            if digits.len() > SYMBOLS + 1 {
                return Err(ReceiptError::Malformed);
            }
        }
        let [symbols @ .., check] = digits.as_slice() else {
            return Err(ReceiptError::Malformed);
        };
        if symbols.len() != SYMBOLS || symbols.iter().any(|d| *d >= 32) {
            return Err(ReceiptError::Malformed);
        }
        let value = symbols
            .iter()
            .fold(0u128, |value, digit| value << 5 | u128::from(*digit));
        if value % 37 != u128::from(*check) {
            return Err(ReceiptError::Mistyped);
        }
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(&value.to_be_bytes()[16 - SECRET_BYTES..]);
        Ok(Self(secret))
    }
}

fn digit(c: char) -> Option<u8> {
    // Full-width letters and digits come from Chinese input methods.
    let c = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0)?,
        c => c,
    };
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let position = ALPHABET.iter().position(|a| char::from(*a) == c)?;
    u8::try_from(position).ok()
}

impl fmt::Display for ReceiptCode {
    /// As printed on a receipt: groups of four, then the check symbol.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value();
        for index in 0..SYMBOLS {
            if index > 0 && index % 4 == 0 {
                f.write_str("-")?;
            }
            let digit = (value >> (5 * (SYMBOLS - 1 - index))) as usize & 31;
            write!(f, "{}", char::from(ALPHABET[digit]))?;
        }
        write!(f, "-{}", char::from(ALPHABET[(value % 37) as usize]))
    }
}

impl fmt::Debug for ReceiptCode {
    /// Never prints the secret: a receipt in a log would open a comment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_code_reads_back(secret: [u8; SECRET_BYTES]) {
            let code = ReceiptCode::from_bytes(secret);
            prop_assert_eq!(ReceiptCode::read(&code.to_string()), Ok(code));
            prop_assert_eq!(ReceiptCode::read(&code.to_string().to_lowercase().replace('-', " ")), Ok(code));
        }

        #[test]
        fn one_wrong_symbol_is_noticed(secret: [u8; SECRET_BYTES], at in 0usize..16, by in 1u8..32) {
            let mut digits: Vec<u8> = ReceiptCode::from_bytes(secret)
                .to_string().chars().filter(|c| *c != '-').map(|c| digit(c).unwrap()).collect();
            digits[at] = (digits[at] + by) % 32;
            let typed: String = digits.iter().map(|d| char::from(ALPHABET[usize::from(*d)])).collect();
            prop_assert_eq!(ReceiptCode::read(&typed), Err(ReceiptError::Mistyped));
        }

        #[test]
        fn nothing_typed_panics(typed: String) {
            let _ = ReceiptCode::read(&typed);
        }
    }

    #[test]
    fn look_alikes_are_forgiven() {
        let zero = ReceiptCode::from_bytes([0; SECRET_BYTES]);
        assert_eq!(zero.to_string(), "0000-0000-0000-0000-0");
        assert_eq!(ReceiptCode::read("oOoO 0000—ｏ0Ｏ0 0000 o"), Ok(zero));
        assert_eq!(ReceiptCode::read(""), Err(ReceiptError::Malformed));
        assert_eq!(ReceiptCode::read("0000"), Err(ReceiptError::Malformed));
    }
}

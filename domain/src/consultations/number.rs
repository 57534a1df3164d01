//! The number of a consultation.

use crate::codes::{UnknownCode, as_text, one_spelling};
use std::fmt;
use std::str::FromStr;

/// The public number of a consultation: year and running number, `2026-0012`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number {
    pub year: i16,
    pub serial: u32,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:04}", self.year, self.serial)
    }
}

impl FromStr for Number {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let digits = |s: &str| s.len() <= 9 && s.bytes().all(|b| b.is_ascii_digit());
        let (year, serial) = text.split_once('-').ok_or(UnknownCode)?;
        if year.len() != 4 || serial.len() < 4 || !digits(year) || !digits(serial) {
            return Err(UnknownCode);
        }
        one_spelling(
            text,
            Self {
                year: year.parse().map_err(|_| UnknownCode)?,
                serial: serial.parse().map_err(|_| UnknownCode)?,
            },
        )
    }
}

as_text!(Number);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(
            "2026-0012".parse(),
            Ok(Number {
                year: 2026,
                serial: 12
            })
        );
        assert_eq!(
            "2026-10012".parse(),
            Ok(Number {
                year: 2026,
                serial: 10012
            })
        );
        for bad in [
            "2026-12",
            "2026-00012",
            "26-0012",
            "2026_0012",
            "2026-+012",
            "",
            "2026-0012 ",
        ] {
            assert_eq!(bad.parse::<Number>(), Err(UnknownCode), "{bad}");
        }
    }
}

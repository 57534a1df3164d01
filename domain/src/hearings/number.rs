//! The public numbers of sessions and of applications to attend them.

use crate::codes::{UnknownCode, as_text, one_spelling, positive};
use crate::consultations::Number;
use std::fmt;
use std::str::FromStr;

/// The public number of a session: its consultation's number and a running one, `2026-0012-h1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HearingNumber {
    pub consultation: Number,
    pub serial: i64,
}

/// The public number of an application, and its ticket in the draw: `2026-0012-h1-0007`. Padded, so
/// that tickets sort as text in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApplicationNumber {
    pub hearing: HearingNumber,
    pub serial: i64,
}

impl fmt::Display for HearingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-h{}", self.consultation, self.serial)
    }
}

impl FromStr for HearingNumber {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let (consultation, serial) = text.rsplit_once("-h").ok_or(UnknownCode)?;
        one_spelling(
            text,
            Self {
                consultation: consultation.parse()?,
                serial: positive(serial)?,
            },
        )
    }
}

impl fmt::Display for ApplicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.hearing, self.serial)
    }
}

impl FromStr for ApplicationNumber {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let (hearing, serial) = text.rsplit_once('-').ok_or(UnknownCode)?;
        one_spelling(
            text,
            Self {
                hearing: hearing.parse()?,
                serial: positive(serial)?,
            },
        )
    }
}

as_text!(HearingNumber, ApplicationNumber);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_sessions_and_applications_have_one_spelling() {
        for text in ["2026-0012-h1", "2026-0012-h12"] {
            assert_eq!(text.parse::<HearingNumber>().unwrap().to_string(), text);
        }
        for text in ["2026-0012-h1-0007", "2026-0012-h1-10007"] {
            assert_eq!(text.parse::<ApplicationNumber>().unwrap().to_string(), text);
        }
        for bad in [
            "2026-0012",
            "2026-0012-h0",
            "2026-0012-h01",
            "2026-0012-h+1",
            "2026-0012-1",
        ] {
            assert_eq!(bad.parse::<HearingNumber>(), Err(UnknownCode), "{bad}");
        }
        for bad in [
            "2026-0012-h1",
            "2026-0012-h1-7",
            "2026-0012-h1-0000",
            "2026-0012-h1-00007",
        ] {
            assert_eq!(bad.parse::<ApplicationNumber>(), Err(UnknownCode), "{bad}");
        }
    }
}

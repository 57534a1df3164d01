//! The public number of a poll.

use crate::codes::{UnknownCode, as_text, one_spelling, positive};
use crate::consultations::Number;
use std::fmt;
use std::str::FromStr;

/// Its consultation's number and a running one, `2026-0012-p1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PollNumber {
    pub consultation: Number,
    pub serial: i64,
}

impl fmt::Display for PollNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-p{}", self.consultation, self.serial)
    }
}

impl FromStr for PollNumber {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let (consultation, serial) = text.rsplit_once("-p").ok_or(UnknownCode)?;
        one_spelling(
            text,
            Self {
                consultation: consultation.parse()?,
                serial: positive(serial)?,
            },
        )
    }
}

as_text!(PollNumber);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_polls_have_one_spelling() {
        assert_eq!(
            "2026-0012-p3".parse::<PollNumber>().unwrap().to_string(),
            "2026-0012-p3"
        );
        for bad in [
            "2026-0012-p0",
            "2026-0012-p03",
            "2026-0012-h1",
            "2026-0012",
            "2026-0012-p",
        ] {
            assert_eq!(bad.parse::<PollNumber>(), Err(UnknownCode), "{bad}");
        }
    }
}

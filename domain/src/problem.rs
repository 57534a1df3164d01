//! What is wrong with an input, as codes that a page or the API turns into a sentence in the
//! person's language. A violation always names the field it belongs to.

use serde::{Deserialize, Serialize};

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The field, as in the JSON body and the HTML form: `title`, `points.2.text`.
    pub field: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    /// Nothing, or only blanks, where something must stand.
    Required,
    /// More graphemes than the limit allows.
    TooLong { limit: usize, length: usize },
    /// More bytes than the limit allows.
    TooLarge { limit: usize },
    /// Fewer than needed.
    TooShort { limit: usize },
    /// More entries in a list than the limit allows.
    TooMany { limit: usize, length: usize },
    /// Not one of the allowed values.
    Unknown,
    /// Holds a character that not everyone can see and type again, named by its code point.
    NotTypedAgain { sign: String },
    /// Not of the expected form (a date, a URL origin, an e-mail address).
    Malformed,
    /// Names a clause that is not in the draft under consultation.
    UnknownClause,
    /// Lies in the past, or before what it must follow.
    TooEarly,
    /// Already taken by another.
    Taken,
    /// The period is shorter than the rule asks, and no public reason is given
    /// (Decree 713 art. 15).
    ShortPeriodReason { days: i64, rule_days: i64 },
    /// Fewer choices than asked for.
    TooFew { limit: usize },
    /// Not every option once.
    NotARanking,
    /// A number below or above what is possible.
    OutOfRange { least: i64, most: i64 },
    /// The seats of the categories do not make up the announced total.
    SeatsDoNotAddUp { sum: i64, total: i64 },
    /// Consumers have fewer than two fifths of the seats of a price hearing.
    TooFewConsumers { seats: i64, of: i64 },
}

impl Fault {
    /// The stable code, as in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too_long",
            Self::TooLarge { .. } => "too_large",
            Self::TooShort { .. } => "too_short",
            Self::TooMany { .. } => "too_many",
            Self::Unknown => "unknown",
            Self::NotTypedAgain { .. } => "not_typed_again",
            Self::Malformed => "malformed",
            Self::UnknownClause => "unknown_clause",
            Self::TooEarly => "too_early",
            Self::Taken => "taken",
            Self::ShortPeriodReason { .. } => "short_period_reason",
            Self::TooFew { .. } => "too_few",
            Self::NotARanking => "not_a_ranking",
            Self::OutOfRange { .. } => "out_of_range",
            Self::SeatsDoNotAddUp { .. } => "seats_do_not_add_up",
            Self::TooFewConsumers { .. } => "too_few_consumers",
        }
    }
}

/// Collects violations while fields are parsed, so that a person hears of all of them at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(pub Vec<Violation>);

impl Violations {
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a fault.
    pub fn add(&mut self, field: impl Into<String>, fault: Fault) {
        self.0.push(Violation {
            field: field.into(),
            fault,
        });
    }

    /// Keeps the value, or notes the fault and goes on with nothing.
    pub fn keep<T>(&mut self, field: impl Into<String>, parsed: Result<T, Fault>) -> Option<T> {
        parsed.map_err(|fault| self.add(field, fault)).ok()
    }

    /// `Ok(value)` if nothing was wrong. The value is only asked for then.
    pub fn into_result<T>(self, value: impl FnOnce() -> T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(value())
        } else {
            Err(self)
        }
    }
}

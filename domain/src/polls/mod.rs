//! Polls (民意调查): questions, ballots and counts.
//!
//! Staff give a [`RawPoll`], which parses into a [`Questionnaire`]; the public gives [`RawAnswers`],
//! which parse against it into [`Cells`], the countable form that is stored; [`results`] makes
//! figures of counted cells.

mod answering;
mod composing;
pub mod form;
mod number;
pub mod results;
mod shown;
mod wording;

pub use answering::*;
pub use composing::*;
pub use number::PollNumber;
pub use shown::*;
pub use wording::Difference;

use crate::Timestamp;

crate::codes! {
    /// What is asked, and so how it is answered and counted.
    pub enum QuestionKind {
        /// One of the options.
        Single = "single",
        /// Any of the options, from `min` to `max` of them.
        Multiple = "multiple",
        /// A whole number from `min` to `max`, 1 to 5 if left out.
        Scale = "scale",
        /// The options in an order.
        Ranking = "ranking",
        /// For each row one of the options.
        Matrix = "matrix",
        /// One line.
        ShortText = "short_text",
        /// Several lines.
        LongText = "long_text",
        /// A number from `min` to `max`, decimals allowed.
        Number = "number",
        /// A heading with a text: nothing is answered.
        Section = "section",
    }
}

impl QuestionKind {
    /// Whether options are chosen from.
    pub const fn has_options(self) -> bool {
        matches!(
            self,
            Self::Single | Self::Multiple | Self::Ranking | Self::Matrix
        )
    }

    /// Whether the answer is made of what the unit wrote. Words and numbers are the sender's own: one
    /// that nobody else gave marks its ballot.
    pub const fn is_chosen(self) -> bool {
        self.has_options() || matches!(self, Self::Scale)
    }

    /// Whether the answer is words, which are read before they are shown.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::ShortText | Self::LongText)
    }
}

crate::codes! {
    /// How far it is made sure that a person answers once. Stated with the result.
    pub enum IdentityLevel {
        /// Anyone, as often as the limits allow.
        None = "none",
        /// A code that was given out on paper or in person, good for one ballot.
        OneTimeCode = "one_time_code",
        /// A code sent to each person on a list.
        Invited = "invited",
    }
}

crate::codes! {
    /// When the results can be read by everyone.
    pub enum ResultsShown {
        AtClosing = "at_closing",
        AtOnce = "at_once",
        /// When staff say so.
        ByHand = "by_hand",
    }
}

crate::codes! {
    /// Whether it asks before the decision or at its evaluation.
    pub enum PollPhase {
        Before = "before",
        After = "after",
    }
}

crate::codes! {
    /// Where a poll stands. Opening and closing follow from the clock alone.
    pub enum PollState {
        Preparing = "preparing",
        Announced = "announced",
        Open = "open",
        Closed = "closed",
        Cancelled = "cancelled",
    }
}

crate::codes! {
    /// Where a free-text answer stands.
    pub enum TextState {
        Received = "received",
        Published = "published",
        Held = "held",
    }
}

/// What decides where a poll stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollLife {
    /// Opening and closing, once published.
    pub period: Option<(Timestamp, Timestamp)>,
    pub cancelled_at: Option<Timestamp>,
    /// When staff published the results by hand.
    pub results_at: Option<Timestamp>,
}

impl PollLife {
    /// The state at an instant. A ballot at the closing is too late.
    pub fn state_at(&self, now: Timestamp) -> PollState {
        match self.period {
            _ if self.cancelled_at.is_some() => PollState::Cancelled,
            None => PollState::Preparing,
            Some((opens, _)) if now < opens => PollState::Announced,
            Some((_, closes)) if now < closes => PollState::Open,
            Some(_) => PollState::Closed,
        }
    }

    /// Whether everyone may read the results.
    pub fn shows_results(&self, shown: ResultsShown, now: Timestamp) -> bool {
        self.results_since(shown, now).is_some()
    }

    /// Whether ballots could be given before now: what came of them stands, also if the poll is called
    /// off.
    pub fn has_opened(&self, now: Timestamp) -> bool {
        let called_off = |opens| self.cancelled_at.is_some_and(|at| at < opens);
        self.period
            .is_some_and(|(opens, _)| opens <= now && !called_off(opens))
    }

    /// The instant at which the results became public, if they are. Calling a poll off ends it: what
    /// had come until then becomes public as it would have at its closing.
    pub fn results_since(&self, shown: ResultsShown, now: Timestamp) -> Option<Timestamp> {
        let (opens, closes) = self.period.filter(|_| self.has_opened(now))?;
        let at = match shown {
            ResultsShown::AtClosing => Some(self.cancelled_at.map_or(closes, |at| at.min(closes))),
            ResultsShown::AtOnce => Some(opens),
            ResultsShown::ByHand => self.results_at,
        };
        at.filter(|at| *at <= now)
    }

    /// The next instant at which the state changes by itself, if any.
    pub fn next_change_after(&self, now: Timestamp) -> Option<Timestamp> {
        let (opens, closes) = self.period?;
        match self.state_at(now) {
            PollState::Announced => Some(opens),
            PollState::Open => Some(closes),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_show_when_the_unit_said_they_would() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut life = PollLife {
            period: Some((at("2026-03-01T00:00:00Z"), at("2026-03-08T00:00:00Z"))),
            cancelled_at: None,
            results_at: None,
        };
        let during = at("2026-03-02T00:00:00Z");
        let after = at("2026-03-08T00:00:00Z");
        assert_eq!(life.state_at(during), PollState::Open);
        assert_eq!(life.state_at(after), PollState::Closed);
        assert!(!life.shows_results(ResultsShown::AtClosing, during));
        assert!(life.shows_results(ResultsShown::AtClosing, after));
        assert!(life.shows_results(ResultsShown::AtOnce, during));
        assert!(!life.shows_results(ResultsShown::ByHand, after));
        assert_eq!(
            life.results_since(ResultsShown::AtOnce, after),
            Some(at("2026-03-01T00:00:00Z"))
        );
        life.results_at = Some(after);
        assert!(life.shows_results(ResultsShown::ByHand, after));
    }

    #[test]
    fn a_poll_that_is_called_off_keeps_what_had_come() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (opens, closes) = (at("2026-03-01T00:00:00Z"), at("2026-03-08T00:00:00Z"));
        let off = at("2026-03-02T00:00:00Z");
        let mut life = PollLife {
            period: Some((opens, closes)),
            cancelled_at: Some(off),
            results_at: None,
        };
        assert_eq!(life.state_at(off), PollState::Cancelled);
        assert_eq!(life.results_since(ResultsShown::AtOnce, off), Some(opens));
        assert_eq!(
            life.results_since(ResultsShown::AtClosing, closes),
            Some(off)
        );
        assert!(!life.shows_results(ResultsShown::ByHand, closes));
        life.results_at = Some(closes);
        assert!(life.shows_results(ResultsShown::ByHand, closes));
        // Nobody could answer.
        life.cancelled_at = Some(at("2026-02-01T00:00:00Z"));
        assert!(!life.has_opened(closes));
        for shown in ResultsShown::ALL {
            assert!(!life.shows_results(*shown, closes), "{shown}");
        }
    }
}

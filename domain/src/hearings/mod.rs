//! Sessions that people apply to attend: hearings (听证会), seminars (座谈会) and observed meetings
//! (列席). One model for the three: a notice with seats by category, applications, a draw that
//! anyone can repeat, and what was said.

mod applying;
pub mod draw;
mod earlier;
pub mod form;
mod notice;
mod number;
mod opinions;
mod papers;
mod record;
mod shown;

pub use applying::*;
pub use earlier::{Earlier, EarlierNotice, EarlierPapers, EarlierReport};
pub use notice::*;
pub use number::{ApplicationNumber, HearingNumber};
pub use opinions::*;
pub use papers::*;
pub use record::*;
pub use shown::*;

use crate::Timestamp;

crate::codes! {
    /// What people are invited to.
    pub enum SessionKind {
        /// Decree 713 art. 16-17.
        Hearing = "hearing",
        Seminar = "seminar",
        /// Representatives sit in on a meeting of the unit (国办发〔2016〕80号).
        Observation = "observation",
    }
}

crate::codes! {
    /// How the seats of a category are filled.
    pub enum Fill {
        /// Open application, then the draw among the eligible.
        Draw = "draw",
        /// In the order in which applications arrive.
        FirstCome = "first_come",
        /// Staff seat whom a named body recommends.
        Recommendation = "recommendation",
        /// Staff seat whom the unit appoints, such as experts.
        Appointment = "appointment",
    }
}

impl Fill {
    /// Whether staff decide about each seat by hand.
    pub const fn is_by_hand(self) -> bool {
        matches!(self, Self::Recommendation | Self::Appointment)
    }

    /// Whether applications to seats filled like this are reviewed in a state: until the session is
    /// over, and where they are drawn until the list is fixed.
    pub const fn is_reviewed_in(self, state: SessionState) -> bool {
        match state {
            SessionState::Applying | SessionState::Closed => true,
            SessionState::Frozen | SessionState::Drawn => !matches!(self, Self::Draw),
            SessionState::Preparing
            | SessionState::Announced
            | SessionState::Cancelled
            | SessionState::Held => false,
        }
    }
}

crate::codes! {
    /// Where a session takes place.
    pub enum Attendance {
        OnSite = "on_site",
        Online = "online",
        Both = "both",
    }
}

crate::codes! {
    /// Where a session stands. Opening and closing of applications follow from the clock alone.
    pub enum SessionState {
        /// Not public yet.
        Preparing = "preparing",
        /// Public; applications are not taken yet.
        Announced = "announced",
        /// Taking applications.
        Applying = "applying",
        /// No longer taking applications.
        Closed = "closed",
        /// The list of tickets is fixed and its hash published.
        Frozen = "frozen",
        /// The draw is done.
        Drawn = "drawn",
        /// The minutes are published.
        Held = "held",
        /// Called off, with a public reason.
        Cancelled = "cancelled",
    }
}

crate::codes! {
    /// Where an application stands.
    pub enum ApplicationState {
        /// Waits for staff to say whether it meets the conditions.
        Received = "received",
        /// Meets them; waits for the draw.
        Eligible = "eligible",
        /// Does not meet them, with a reason.
        Ineligible = "ineligible",
        /// Has a seat, not confirmed yet.
        Chosen = "chosen",
        /// Has no seat, moves up when one becomes free.
        Reserve = "reserve",
        /// Has a seat and will come.
        Confirmed = "confirmed",
        /// Gave the seat back.
        Declined = "declined",
        /// Taken back by the applicant.
        Withdrawn = "withdrawn",
    }
}

impl ApplicationState {
    /// Whether it holds one of the seats.
    pub const fn is_seated(self) -> bool {
        matches!(self, Self::Chosen | Self::Confirmed)
    }

    /// Whether it is over: nothing more can come of it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ineligible | Self::Declined | Self::Withdrawn)
    }
}

crate::codes! {
    /// What a person needs to take part.
    pub enum Need {
        StepFree = "step_free",
        SignLanguage = "sign_language",
        Interpreter = "interpreter",
        LargePrint = "large_print",
    }
}

/// What decides where a session stands: dates and published facts, no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLife {
    pub published_at: Option<Timestamp>,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub frozen_at: Option<Timestamp>,
    pub drawn_at: Option<Timestamp>,
    pub minutes_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
}

impl SessionLife {
    /// The state at an instant. An application at `closes_at` is too late.
    pub fn state_at(&self, now: Timestamp) -> SessionState {
        if self.cancelled_at.is_some() {
            SessionState::Cancelled
        } else if self.published_at.is_none() {
            SessionState::Preparing
        } else if self.minutes_at.is_some() {
            SessionState::Held
        } else if self.drawn_at.is_some() {
            SessionState::Drawn
        } else if self.frozen_at.is_some() {
            SessionState::Frozen
        } else if now < self.opens_at {
            SessionState::Announced
        } else if now < self.closes_at {
            SessionState::Applying
        } else {
            SessionState::Closed
        }
    }

    /// The next instant at which the state changes by itself, if any.
    pub fn next_change_after(&self, now: Timestamp) -> Option<Timestamp> {
        match self.state_at(now) {
            SessionState::Announced => Some(self.opens_at),
            SessionState::Applying => Some(self.closes_at),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn applications_open_and_close_by_the_clock_and_the_draw_ends_it() {
        let mut life = SessionLife {
            published_at: Some(at("2026-03-01T00:00:00Z")),
            opens_at: at("2026-03-02T00:00:00Z"),
            closes_at: at("2026-03-09T00:00:00Z"),
            frozen_at: None,
            drawn_at: None,
            minutes_at: None,
            cancelled_at: None,
        };
        for (now, state) in [
            ("2026-03-01T12:00:00Z", SessionState::Announced),
            ("2026-03-02T00:00:00Z", SessionState::Applying),
            ("2026-03-08T23:59:59Z", SessionState::Applying),
            ("2026-03-09T00:00:00Z", SessionState::Closed),
        ] {
            assert_eq!(life.state_at(at(now)), state, "{now}");
        }
        assert_eq!(
            life.next_change_after(at("2026-03-03T00:00:00Z")),
            Some(life.closes_at)
        );
        life.frozen_at = Some(at("2026-03-10T00:00:00Z"));
        assert_eq!(
            life.state_at(at("2026-03-11T00:00:00Z")),
            SessionState::Frozen
        );
        life.drawn_at = Some(at("2026-03-11T00:00:00Z"));
        assert_eq!(
            life.state_at(at("2026-03-12T00:00:00Z")),
            SessionState::Drawn
        );
        life.cancelled_at = Some(at("2026-03-12T00:00:00Z"));
        assert_eq!(
            life.state_at(at("2026-03-12T00:00:00Z")),
            SessionState::Cancelled
        );
        assert_eq!(life.next_change_after(at("2026-03-12T00:00:00Z")), None);
    }
}

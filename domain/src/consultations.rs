//! A consultation: the dossier of one decision, its number, its life and what everyone may read.

mod number;

pub use number::Number;

use crate::Timestamp;
use crate::limits;
use crate::livelihood::NoPoll;
use crate::problem::{Fault, Violations};
use crate::text;
use serde::{Deserialize, Serialize};

crate::codes! {
    /// Where a consultation stands. Opening and closing follow from the clock alone.
    pub enum State {
        /// Not public yet.
        Preparing = "preparing",
        /// Public, the round has not opened.
        Published = "published",
        /// Taking comments.
        Open = "open",
        /// No longer taking comments, not answered yet.
        Closed = "closed",
        /// The feedback is published.
        Answered = "answered",
        /// Given up, with a public reason.
        Withdrawn = "withdrawn",
    }
}

/// One period of taking comments on one draft version. Opening counts, closing does not:
/// a comment at `closes_at` is too late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Round {
    /// The draft version under consultation.
    pub version: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opens_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub closes_at: Timestamp,
    /// Why the period is shorter than the rule asks; public.
    pub reason_for_short_period: Option<String>,
}

/// What decides the state: dates and published facts, no clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub round: Option<Round>,
    pub feedback_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
}

impl Life {
    /// The state at an instant.
    pub fn state_at(&self, now: Timestamp) -> State {
        match &self.round {
            _ if self.withdrawn_at.is_some() => State::Withdrawn,
            None => State::Preparing,
            Some(_) if self.feedback_at.is_some() => State::Answered,
            Some(round) if now < round.opens_at => State::Published,
            Some(round) if now < round.closes_at => State::Open,
            Some(_) => State::Closed,
        }
    }

    /// The next instant at which the state changes by itself, if any.
    pub fn next_change_after(&self, now: Timestamp) -> Option<Timestamp> {
        let round = self.round.as_ref()?;
        match self.state_at(now) {
            State::Published => Some(round.opens_at),
            State::Open => Some(round.closes_at),
            _ => None,
        }
    }
}

/// Shortest normal period: 30 natural days, the first day not counted
/// (State Council Decree 713 art. 15: 一般不少于30日; Civil Code art. 201 on counting).
pub const NORMAL_PERIOD_DAYS: i64 = 30;

/// Whole days between two instants.
pub fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_millisecond() - from.as_millisecond()).div_euclid(86_400_000)
}

/// What staff ask for when they publish: which version, and when comments are taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publish {
    pub version: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opens_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub closes_at: Timestamp,
    #[serde(default)]
    pub reason_for_short_period: Option<String>,
}

impl Publish {
    /// The round that results if published at `now`. An opening in the past becomes `now`: a
    /// period cannot begin before the draft was public (Decree 713 art. 15; backdating is a veto
    /// item of the 2019 website indicators).
    pub fn round(&self, now: Timestamp) -> Result<Round, Violations> {
        let mut wrong = Violations::new();
        let opens_at = self.opens_at.max(now);
        if self.closes_at <= opens_at {
            wrong.add("closes_at", Fault::TooEarly);
        }
        let reason = wrong
            .keep(
                "reason_for_short_period",
                text::lines(
                    self.reason_for_short_period.as_deref().unwrap_or(""),
                    limits::REASON,
                ),
            )
            .flatten();
        // Seconds between filling in the form and publishing must not make 30 days into 29.
        let late = now.as_millisecond() - self.opens_at.as_millisecond();
        let counted_from = if (0..3_600_000).contains(&late) {
            self.opens_at
        } else {
            opens_at
        };
        let days = days_between(counted_from, self.closes_at);
        if self.closes_at > opens_at && days < NORMAL_PERIOD_DAYS && reason.is_none() {
            wrong.add(
                "reason_for_short_period",
                Fault::ShortPeriodReason {
                    days,
                    rule_days: NORMAL_PERIOD_DAYS,
                },
            );
        }
        wrong.into_result(|| Round {
            version: self.version,
            opens_at,
            closes_at: self.closes_at,
            reason_for_short_period: reason,
        })
    }
}

/// A unit, as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unit {
    /// The short name in addresses: `transport`.
    pub slug: String,
    pub name: String,
    /// IANA time zone in which its days begin and end.
    pub zone: String,
    /// The language in which it writes, as a BCP 47 tag: `zh-Hans`.
    pub lang: String,
    /// The unit above it, by slug.
    pub parent: Option<String>,
}

/// The facts that staff enter about a consultation, as they arrive.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewConsultation {
    /// Slug of the unit.
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub title: String,
    /// What is decided, in a few sentences.
    #[serde(default)]
    pub summary: String,
    /// The explanation of the draft, in Markdown.
    #[serde(default)]
    pub explanation: String,
    /// Who to ask.
    #[serde(default)]
    pub contact: Option<String>,
    /// Other ways to respond: post, telephone, in person.
    #[serde(default)]
    pub other_ways: Option<String>,
}

/// The same, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub title: String,
    pub summary: String,
    pub explanation: String,
    pub contact: Option<String>,
    pub other_ways: Option<String>,
}

impl NewConsultation {
    /// Checks every field and reports all faults at once. The unit is looked up by the caller.
    pub fn facts(&self) -> Result<Facts, Violations> {
        let mut wrong = Violations::new();
        let optional =
            |raw: &Option<String>| text::lines(raw.as_deref().unwrap_or(""), limits::CONTACT_LINES);
        let title = wrong.keep("title", text::required_line(&self.title, limits::TITLE));
        let summary = wrong.keep(
            "summary",
            text::required_lines(&self.summary, limits::SUMMARY),
        );
        let explanation = wrong.keep(
            "explanation",
            text::required_lines(&self.explanation, limits::EXPLANATION),
        );
        let contact = wrong.keep("contact", optional(&self.contact));
        let other_ways = wrong.keep("other_ways", optional(&self.other_ways));
        wrong.into_result(|| Facts {
            title: title.unwrap_or_default(),
            summary: summary.unwrap_or_default(),
            explanation: explanation.unwrap_or_default(),
            contact: contact.flatten(),
            other_ways: other_ways.flatten(),
        })
    }
}

/// Counts of one kind of thing by state. They add up:
/// `received = waiting + published + held + withdrawn`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByState {
    /// All that ever came in.
    pub received: i64,
    /// Received, not yet reviewed.
    pub waiting: i64,
    pub published: i64,
    pub held: i64,
    pub withdrawn: i64,
}

/// How many were held for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldFor {
    pub reason: crate::comments::HoldReason,
    pub comments: i64,
}

/// Everything that was counted. Senders (one comment is one sending) and points apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    pub comments: ByState,
    pub points: ByState,
    /// Comments from individuals, of those received.
    pub individuals: i64,
    /// Comments from organisations, of those received.
    pub organisations: i64,
    /// The held ones by reason; sums to `comments.held`.
    pub held_for: Vec<HeldFor>,
}

/// A consultation in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Listed {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-0012"))]
    pub number: Number,
    pub unit: Unit,
    pub title: String,
    pub summary: String,
    pub state: State,
    pub round: Option<Round>,
    /// Comments received so far.
    pub received: i64,
}

/// A draft version, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionInfo {
    pub version: i64,
    /// The name of the uploaded file, if there was one.
    pub filename: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When everyone could read it; `null` while staff alone can.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<Timestamp>,
}

/// All that a page about a consultation says, apart from the draft and the comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consultation {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-0012"))]
    pub number: Number,
    pub unit: Unit,
    pub title: String,
    pub summary: String,
    /// The explanation as written, in Markdown.
    pub explanation: String,
    /// The explanation, rendered and sanitised when it was written.
    pub explanation_html: String,
    pub contact: Option<String>,
    pub other_ways: Option<String>,
    pub state: State,
    pub round: Option<Round>,
    /// The public versions, oldest first; all of them for staff.
    pub versions: Vec<VersionInfo>,
    /// The current stage, from 1: a round after a published feedback begins the next.
    pub stage: i64,
    /// What came in during the current stage.
    pub counts: Counts,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub feedback_at: Option<Timestamp>,
    pub withdrawn_reason: Option<String>,
    /// Why no poll is held before the decision, if the unit says so and has published none.
    pub no_poll: Option<NoPoll>,
}

impl Consultation {
    /// Whether comments are taken.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// The version that a reader is shown first: the one under consultation.
    pub fn current_version(&self) -> Option<i64> {
        self.round.as_ref().map(|round| round.version)
    }
}

/// One page of a list, and the key that asks for the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass as `after` to go on; `null` at the end.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn publish(opens: &str, closes: &str, reason: Option<&str>) -> Publish {
        Publish {
            version: 1,
            opens_at: at(opens),
            closes_at: at(closes),
            reason_for_short_period: reason.map(Into::into),
        }
    }

    #[test]
    fn a_round_opens_and_closes_by_the_clock() {
        let life = Life {
            round: Some(
                publish("2026-03-02T00:00:00Z", "2026-04-02T00:00:00Z", None)
                    .round(at("2026-03-01T00:00:00Z"))
                    .unwrap(),
            ),
            feedback_at: None,
            withdrawn_at: None,
        };
        assert_eq!(
            life.state_at(at("2026-03-01T23:59:59.999Z")),
            State::Published
        );
        assert_eq!(life.state_at(at("2026-03-02T00:00:00Z")), State::Open);
        assert_eq!(life.state_at(at("2026-04-01T23:59:59.999Z")), State::Open);
        assert_eq!(life.state_at(at("2026-04-02T00:00:00Z")), State::Closed);
        assert_eq!(
            life.next_change_after(at("2026-03-01T00:00:00Z")),
            Some(at("2026-03-02T00:00:00Z"))
        );
        assert_eq!(life.next_change_after(at("2026-05-01T00:00:00Z")), None);
    }

    #[test]
    fn a_short_period_needs_a_public_reason() {
        let now = at("2026-03-01T00:00:00Z");
        let thirty = publish("2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z", None);
        assert!(thirty.round(now).is_ok());
        assert!(
            thirty.round(at("2026-03-01T00:00:40Z")).is_ok(),
            "seconds of publishing are forgiven"
        );
        let short = publish("2026-03-01T00:00:00Z", "2026-03-30T23:59:00Z", None);
        assert_eq!(
            short.round(now).unwrap_err().0[0].fault,
            Fault::ShortPeriodReason {
                days: 29,
                rule_days: 30
            }
        );
        let reasoned = publish("2026-03-01T00:00:00Z", "2026-03-11T00:00:00Z", Some("洪水"));
        assert_eq!(
            reasoned
                .round(now)
                .unwrap()
                .reason_for_short_period
                .as_deref(),
            Some("洪水")
        );
    }

    #[test]
    fn a_period_cannot_be_backdated_to_look_long_enough() {
        let backdated = publish("2026-01-01T00:00:00Z", "2026-03-05T00:00:00Z", None);
        let now = at("2026-03-01T00:00:00Z");
        assert_eq!(
            backdated.round(now).unwrap_err().0[0].fault,
            Fault::ShortPeriodReason {
                days: 4,
                rule_days: 30
            }
        );
        let reasoned = Publish {
            reason_for_short_period: Some("r".into()),
            ..backdated
        };
        assert_eq!(reasoned.round(now).unwrap().opens_at, now);
    }

    #[test]
    fn a_period_must_end_after_it_begins_and_after_now() {
        let now = at("2026-03-01T00:00:00Z");
        for (opens, closes) in [
            ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
            ("2026-02-01T00:00:00Z", "2026-02-20T00:00:00Z"),
        ] {
            let wrong = publish(opens, closes, Some("r")).round(now).unwrap_err();
            assert_eq!(wrong.0[0].field, "closes_at");
        }
    }
}

//! What a person or organisation sends: a comment with one or more points, its choices and states.

pub mod form;
mod moderation;
mod shown;

pub use moderation::*;
pub use shown::*;

use crate::codes::{UnknownCode, as_text, one_spelling, positive};
use crate::consultations::Number;
use crate::id::ClauseId;
use crate::limits;
use crate::problem::{Fault, Violations};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

crate::codes! {
    /// Who sends.
    pub enum AuthorKind {
        Individual = "individual",
        Organisation = "organisation",
    }
}

crate::codes! {
    /// How the sender's name appears in public. Masked is the default (PIPL art. 25: publishing
    /// needs separate consent).
    pub enum Display {
        Shown = "shown",
        /// 朱**
        Masked = "masked",
        Anonymous = "anonymous",
    }
}

crate::codes! {
    /// Where a comment stands.
    pub enum CommentState {
        /// Taken in, waiting for review.
        Received = "received",
        Published = "published",
        /// Not published, with a reason code; still counted.
        Held = "held",
        /// Taken back by its sender; still counted.
        Withdrawn = "withdrawn",
    }
}

crate::codes! {
    /// Why a comment is not published.
    pub enum HoldReason {
        Illegal = "illegal",
        NoSubstance = "no_substance",
        Advertising = "advertising",
        NotGovernmentBusiness = "not_government_business",
        InProceedings = "in_proceedings",
        PetitionFinished = "petition_finished",
        Repeated = "repeated",
        PersonalData = "personal_data",
        Other = "other",
    }
}

/// The public number of a comment: its consultation's number and a running one, `2026-0012-345`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommentNumber {
    pub consultation: Number,
    pub serial: i64,
}

impl fmt::Display for CommentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.consultation, self.serial)
    }
}

impl FromStr for CommentNumber {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let (consultation, serial) = text.rsplit_once('-').ok_or(UnknownCode)?;
        one_spelling(
            text,
            Self {
                consultation: consultation.parse()?,
                serial: positive(serial)?,
            },
        )
    }
}

as_text!(CommentNumber);

/// The sender, as the client says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawAuthor {
    pub kind: AuthorKind,
    #[serde(default)]
    pub name: Option<String>,
    pub display: Display,
}

/// One point, as the client says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawPoint {
    /// Id of the clause it is about; none for the draft as a whole.
    #[serde(default)]
    pub clause: Option<String>,
    #[serde(default)]
    pub text: String,
    /// The wording the sender proposes instead.
    #[serde(default)]
    pub proposed: Option<String>,
}

impl RawPoint {
    /// Whether there is anything but blanks in it.
    pub fn says_something(&self) -> bool {
        self.words().next().is_some()
    }

    /// The text and the proposed wording, as far as they are not blank.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let both = [Some(self.text.as_str()), self.proposed.as_deref()];
        both.into_iter()
            .flatten()
            .filter(|text| !text.trim().is_empty())
    }
}

/// A comment as a client sends it: the body of `POST …/comments` and `PUT /receipts/{receipt}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawComment {
    pub author: RawAuthor,
    /// E-mail address or telephone number; optional, kept encrypted, never published.
    #[serde(default)]
    pub contact: Option<String>,
    #[serde(deserialize_with = "points")]
    pub points: Vec<RawPoint>,
}

/// Keeps one point more than a comment may hold, so that it is refused; what follows is skipped,
/// so that a body full of empty points takes no memory.
fn points<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<RawPoint>, D::Error> {
    struct Points;
    impl<'de> serde::de::Visitor<'de> for Points {
        type Value = Vec<RawPoint>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of points")
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut seq: A,
        ) -> Result<Vec<RawPoint>, A::Error> {
            let mut points = Vec::new();
            while points.len() <= limits::POINTS_PER_COMMENT {
                match seq.next_element()? {
                    Some(point) => points.push(point),
                    None => return Ok(points),
                }
            }
            while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(points)
        }
    }
    d.deserialize_seq(Points)
}

/// The sender, parsed. A name is there unless the comment is anonymous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub kind: AuthorKind,
    pub name: Option<String>,
    pub display: Display,
}

/// One point, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPoint {
    pub clause: Option<ClauseId>,
    pub text: String,
    pub proposed: Option<String>,
}

/// A comment, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComment {
    pub author: Author,
    pub contact: Option<String>,
    pub points: Vec<NewPoint>,
}

impl RawComment {
    /// Checks every field against the limits and the clauses of the draft under consultation.
    /// Faults name fields as `author.name`, `contact`, `points`, `points.0.text`.
    pub fn parse(&self, clauses: &HashSet<ClauseId>) -> Result<NewComment, Violations> {
        let mut wrong = Violations::new();
        let name = wrong
            .keep(
                "author.name",
                text::line(self.author.name.as_deref().unwrap_or(""), limits::NAME),
            )
            .flatten();
        let needs_name = self.author.display != Display::Anonymous;
        if needs_name && name.is_none() && wrong.0.is_empty() {
            wrong.add("author.name", Fault::Required);
        }
        let contact = wrong
            .keep(
                "contact",
                text::line(self.contact.as_deref().unwrap_or(""), limits::CONTACT),
            )
            .flatten();
        if self.points.is_empty() {
            wrong.add("points", Fault::Required);
        }
        let points = parse_points(&self.points, clauses, &mut wrong);
        wrong.into_result(|| NewComment {
            author: Author {
                kind: self.author.kind,
                // Asked for less: an anonymous sender's name is not kept.
                name: name.filter(|_| needs_name),
                display: self.author.display,
            },
            contact,
            points,
        })
    }
}

/// Checks points against the limits and the clauses of a draft. Faults name fields as
/// `points.0.text`.
pub(crate) fn parse_points(
    points: &[RawPoint],
    clauses: &HashSet<ClauseId>,
    wrong: &mut Violations,
) -> Vec<NewPoint> {
    if points.len() > limits::POINTS_PER_COMMENT {
        let (limit, length) = (limits::POINTS_PER_COMMENT, points.len());
        wrong.add("points", Fault::TooMany { limit, length });
    }
    points
        .iter()
        .take(limits::POINTS_PER_COMMENT)
        .enumerate()
        .filter_map(|(index, raw)| raw.parse(index, clauses, wrong))
        .collect()
}

impl RawPoint {
    fn parse(
        &self,
        index: usize,
        clauses: &HashSet<ClauseId>,
        wrong: &mut Violations,
    ) -> Option<NewPoint> {
        let clause = match self
            .clause
            .as_deref()
            .map(str::trim)
            .filter(|id| !id.is_empty())
        {
            None => Some(None),
            Some(id) => match id.parse().ok().filter(|id| clauses.contains(id)) {
                Some(id) => Some(Some(id)),
                None => {
                    wrong.add(format!("points.{index}.clause"), Fault::UnknownClause);
                    None
                }
            },
        };
        let proposed = wrong.keep(
            format!("points.{index}.proposed"),
            text::lines(
                self.proposed.as_deref().unwrap_or(""),
                limits::PROPOSED_TEXT,
            ),
        );
        let said = wrong.keep(
            format!("points.{index}.text"),
            text::lines(&self.text, limits::POINT_TEXT),
        )?;
        // Proposed wording alone says enough.
        let text = match (said, &proposed) {
            (Some(text), _) => text,
            (None, Some(Some(_))) => String::new(),
            (None, _) => {
                wrong.add(format!("points.{index}.text"), Fault::Required);
                return None;
            }
        };
        Some(NewPoint {
            clause: clause?,
            text,
            proposed: proposed?,
        })
    }
}

/// A masked name: the first character and two stars, 朱**; an organisation's keeps its first
/// two characters. The length of the real name does not show.
pub fn mask(kind: AuthorKind, name: &str) -> String {
    let kept: String = match kind {
        AuthorKind::Individual => name.chars().take(1).collect(),
        AuthorKind::Organisation => name.chars().take(2).collect(),
    };
    format!("{kept}**")
}

impl Author {
    /// The name as the public reads it; `None` for an anonymous sender.
    pub fn public_name(&self) -> Option<String> {
        let name = self.name.as_deref()?;
        match self.display {
            Display::Shown => Some(name.to_owned()),
            Display::Masked => Some(mask(self.kind, name)),
            Display::Anonymous => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(name: Option<&str>, display: Display, points: Vec<RawPoint>) -> RawComment {
        RawComment {
            author: RawAuthor {
                kind: AuthorKind::Individual,
                name: name.map(Into::into),
                display,
            },
            contact: None,
            points,
        }
    }

    fn point(clause: Option<&str>, text: &str, proposed: Option<&str>) -> RawPoint {
        RawPoint {
            clause: clause.map(Into::into),
            text: text.into(),
            proposed: proposed.map(Into::into),
        }
    }

    fn faults(raw: &RawComment, clauses: &HashSet<ClauseId>) -> Vec<(String, &'static str)> {
        let wrong = raw.parse(clauses).unwrap_err();
        wrong
            .0
            .into_iter()
            .map(|v| (v.field, v.fault.code()))
            .collect()
    }

    #[test]
    fn a_flood_of_points_is_read_only_as_far_as_its_refusal() {
        let author = r#"{"kind": "individual", "display": "anonymous"}"#;
        let body = |n: usize| {
            format!(
                r#"{{"author": {author}, "points": [{}]}}"#,
                vec!["{}"; n].join(",")
            )
        };
        let read = |n: usize| {
            serde_json::from_str::<RawComment>(&body(n))
                .unwrap()
                .points
                .len()
        };
        assert_eq!((read(0), read(2)), (0, 2));
        assert_eq!(read(100_000), limits::POINTS_PER_COMMENT + 1);
    }

    #[test]
    fn all_faults_are_reported_at_once_and_by_field() {
        let raw = comment(
            None,
            Display::Shown,
            vec![
                point(None, "fine", None),
                point(Some("nonsense"), " ", None),
                point(None, &"字".repeat(limits::POINT_TEXT + 1), None),
            ],
        );
        assert_eq!(
            faults(&raw, &HashSet::new()),
            [
                ("author.name".into(), "required"),
                ("points.1.clause".into(), "unknown_clause"),
                ("points.1.text".into(), "required"),
                ("points.2.text".into(), "too_long"),
            ]
        );
    }

    #[test]
    fn one_to_fifty_points() {
        assert_eq!(
            faults(&comment(None, Display::Anonymous, vec![]), &HashSet::new()),
            [("points".into(), "required")]
        );
        let many = vec![point(None, "x", None); limits::POINTS_PER_COMMENT + 1];
        assert_eq!(
            faults(&comment(None, Display::Anonymous, many), &HashSet::new()),
            [("points".into(), "too_many")]
        );
    }

    #[test]
    fn proposed_wording_alone_is_a_point_and_an_anonymous_name_is_not_kept() {
        let id = ClauseId(uuid::Uuid::from_u128(7));
        let raw = comment(
            Some("朱小明"),
            Display::Anonymous,
            vec![point(Some(&id.to_string()), "", Some("改"))],
        );
        let parsed = raw.parse(&HashSet::from([id])).unwrap();
        assert_eq!(parsed.author.name, None);
        assert_eq!(
            parsed.points,
            [NewPoint {
                clause: Some(id),
                text: String::new(),
                proposed: Some("改".into())
            }]
        );
    }

    #[test]
    fn a_masked_name_shows_its_first_character_only() {
        assert_eq!(mask(AuthorKind::Individual, "朱小明"), "朱**");
        assert_eq!(mask(AuthorKind::Individual, "诸葛"), "诸**");
        assert_eq!(mask(AuthorKind::Organisation, "南京某某公司"), "南京**");
    }

    #[test]
    fn comment_numbers_have_one_spelling() {
        assert!("2026-0012-345".parse::<CommentNumber>().is_ok());
        for bad in [
            "2026-0012",
            "2026-0012-0",
            "2026-0012-01",
            "2026-0012--1",
            "x-1",
        ] {
            assert!(bad.parse::<CommentNumber>().is_err(), "{bad}");
        }
    }
}

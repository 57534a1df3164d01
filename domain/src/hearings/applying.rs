//! An application for a seat: what a person gives, and nothing more is asked.

use super::{ApplicationNumber, ApplicationState, Need, Notice};
use crate::comments::{NewPoint, RawPoint, parse_points};
use crate::id::ClauseId;
use crate::problem::{Fault, Violations};
use crate::{Timestamp, limits, text};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An application as it arrives: the body of `POST /hearings/{id}/applications`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawApplication {
    /// The code of a seat category
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub name: String,
    /// E-mail address or telephone number; kept encrypted, never published
    #[serde(default)]
    pub contact: String,
    #[serde(default)]
    pub district: Option<String>,
    /// The main points, in the applicant's words
    #[serde(default)]
    pub statement: Option<String>,
    /// Points on clauses of the draft
    #[serde(default)]
    pub points: Vec<RawPoint>,
    /// Codes of [`Need`]; anything else is kept as a note. One text is taken for a list of one
    #[serde(default, deserialize_with = "one_or_many")]
    pub needs: Vec<String>,
    #[serde(default)]
    pub needs_note: Option<String>,
    /// Whether the name may be published if the applicant gets a seat
    #[serde(default)]
    pub publish_name: bool,
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Nothing,
        One(String),
        Many(Vec<String>),
    }
    Ok(match Given::deserialize(d)? {
        Given::Nothing => Vec::new(),
        Given::One(one) => vec![one],
        Given::Many(many) => many,
    })
}

/// An application, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApplication {
    pub category: String,
    pub name: String,
    pub contact: String,
    pub district: Option<String>,
    pub statement: Option<String>,
    pub points: Vec<NewPoint>,
    pub needs: Vec<Need>,
    pub needs_note: Option<String>,
    pub publish_name: bool,
}

impl RawApplication {
    /// Checks every field against the notice and the clauses of the draft (none if there is none).
    pub fn parse(
        &self,
        notice: &Notice,
        clauses: &HashSet<ClauseId>,
    ) -> Result<NewApplication, Violations> {
        let mut wrong = Violations::new();
        let category = self.category.trim();
        match notice.category(category) {
            _ if category.is_empty() => wrong.add("category", Fault::Required),
            None => wrong.add("category", Fault::Unknown),
            Some(_) => {}
        }
        let name = wrong.keep("name", text::required_line(&self.name, limits::NAME));
        let contact = wrong.keep(
            "contact",
            text::required_line(&self.contact, limits::CONTACT),
        );
        let line = |raw: &Option<String>| raw.clone().unwrap_or_default();
        let district = wrong.keep("district", text::line(&line(&self.district), limits::NAME));
        let statement = wrong.keep(
            "statement",
            text::lines(&line(&self.statement), limits::STATEMENT),
        );
        let points = parse_points(&self.points, clauses, &mut wrong);
        let mut needs = Vec::new();
        let mut note = Vec::new();
        for given in self.needs.iter().take(limits::OPTIONS_PER_QUESTION) {
            match given.trim().parse::<Need>() {
                Ok(need) if !needs.contains(&need) => needs.push(need),
                Ok(_) => {}
                Err(_) => note.push(given.as_str()),
            }
        }
        note.extend(self.needs_note.as_deref());
        let needs_note = wrong.keep(
            "needs_note",
            text::lines(&note.join("\n"), limits::NEEDS_NOTE),
        );
        needs.sort_unstable();
        wrong.into_result(|| NewApplication {
            category: category.to_owned(),
            name: name.unwrap_or_default(),
            contact: contact.unwrap_or_default(),
            district: district.flatten(),
            statement: statement.flatten(),
            points,
            needs,
            needs_note: needs_note.flatten(),
            publish_name: self.publish_name,
        })
    }
}

/// A contact as duplicates are found by it: digits of a telephone number, or an address in lower
/// case, without blanks.
pub fn normalised_contact(contact: &str) -> String {
    let folded: String = text::fold(contact)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let only_number = folded
        .chars()
        .all(|c| c.is_ascii_digit() || "+-()".contains(c));
    if !only_number || digits.len() < limits::TELEPHONE_DIGITS {
        return folded;
    }
    // The country's own code is written or not: +86 138… is 138….
    match digits.strip_prefix("0086").or(digits.strip_prefix("86")) {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

/// A name as duplicates are found by it.
pub fn normalised_name(name: &str) -> String {
    text::fold(name)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The answer to a sent application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationReceipt {
    /// Also the ticket in the draw
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-0012-h1-0007"))]
    pub number: ApplicationNumber,
    /// The secret code that opens the application again.
    pub receipt: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// `chosen` at once where seats go to who comes first; `reserve` once they are taken.
    pub state: ApplicationState,
    /// For a reserve: its place in the queue, from 1.
    pub reserve: Option<i64>,
}

/// A participant whom staff enter where seats are filled by hand: the body of
/// `POST /hearings/{id}/participants`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawEntry {
    /// The code of a seat category that is filled by `recommendation` or `appointment`
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub name: String,
    /// E-mail address or telephone number; kept encrypted, never published
    #[serde(default)]
    pub contact: String,
}

/// What staff say of an application: the body of `POST /applications/{number}/review`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawReview {
    pub eligible: bool,
    /// Shown to the applicant; required if not eligible
    #[serde(default)]
    pub reason: Option<String>,
    /// The list's `seen` of the application that the decision is about. If it has changed since, the
    /// decision is refused; left out, it is about whatever the application says now
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub seen: Option<Timestamp>,
}

impl RawReview {
    /// The reason, if there must or may be one.
    pub fn reason(&self) -> Result<Option<String>, Violations> {
        let mut wrong = Violations::new();
        let reason = wrong
            .keep(
                "reason",
                text::lines(self.reason.as_deref().unwrap_or(""), limits::REASON),
            )
            .flatten();
        if wrong.0.is_empty() && reason.is_none() && !self.eligible {
            wrong.add("reason", Fault::Required);
        }
        wrong.into_result(|| reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hearings::{Attendance, Category, Fill, SessionKind};

    fn notice() -> Notice {
        Notice {
            kind: SessionKind::Hearing,
            title: "t".into(),
            matter: None,
            starts_at: None,
            ends_at: None,
            place: None,
            attendance: Attendance::OnSite,
            total: 1,
            categories: vec![Category {
                code: "residents".into(),
                name: "居民".into(),
                quota: 1,
                fill: Fill::Draw,
                conditions: None,
                in_total: true,
                consumers: true,
            }],
            applications_open_at: "2026-03-01T00:00:00Z".parse().unwrap(),
            applications_close_at: "2026-03-02T00:00:00Z".parse().unwrap(),
            bring: None,
            discipline: None,
            contact: None,
            pricing: false,
            cooldown: 0,
        }
    }

    #[test]
    fn an_application_says_who_for_which_seat_and_how_to_reach_them() {
        let wrong = RawApplication::default()
            .parse(&notice(), &HashSet::new())
            .unwrap_err();
        let fields: Vec<_> = wrong
            .0
            .iter()
            .map(|v| (v.field.as_str(), v.fault.code()))
            .collect();
        assert_eq!(
            fields,
            [
                ("category", "required"),
                ("name", "required"),
                ("contact", "required")
            ]
        );
    }

    #[test]
    fn needs_are_codes_or_words_one_or_many() {
        let read = |json: &str| {
            let raw: RawApplication = serde_json::from_str(json).unwrap();
            let new = raw.parse(&notice(), &HashSet::new()).unwrap();
            (new.needs, new.needs_note)
        };
        let who = r#""category":"residents","name":"n","contact":"c""#;
        assert_eq!(
            read(&format!(
                r#"{{{who},"needs":["large_print","step_free","large_print"]}}"#
            )),
            (vec![Need::StepFree, Need::LargePrint], None)
        );
        assert_eq!(
            read(&format!(
                r#"{{{who},"needs":"a seat near the door","needs_note":"I am tall"}}"#
            )),
            (vec![], Some("a seat near the door\nI am tall".into()))
        );
        assert_eq!(read(&format!(r#"{{{who},"needs":null}}"#)), (vec![], None));
    }

    #[test]
    fn one_person_is_found_however_the_number_is_written() {
        for same in [
            "138-0013-8000",
            "+86 138 0013 8000",
            "１３８００１３８０００",
            "(0086)13800138000",
        ] {
            assert_eq!(normalised_contact(same), "13800138000", "{same}");
        }
        assert_eq!(normalised_contact(" Li@Example.ORG "), "li@example.org");
        assert_ne!(
            normalised_contact("0551-62600000"),
            normalised_contact("62600000")
        );
        assert_eq!(normalised_name(" 欧阳·小 明"), normalised_name("欧阳小明"));
    }

    #[test]
    fn a_refusal_says_why() {
        let refused = RawReview {
            eligible: false,
            reason: Some("  ".into()),
            seen: None,
        };
        assert_eq!(refused.reason().unwrap_err().0[0].fault, Fault::Required);
        let taken = RawReview {
            eligible: true,
            reason: None,
            seen: None,
        };
        assert_eq!(taken.reason(), Ok(None));
    }
}

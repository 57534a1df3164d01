//! The notice of a session as staff give it, and the rules it must keep to be published.

use super::{Attendance, Fill, SessionKind};
use crate::problem::{Fault, Violations};
use crate::{Timestamp, limits, text};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Categories that listen and report, and are not among the participants that a notice counts.
pub const LISTENERS: [&str; 2] = ["observers", "media"];
/// Categories that stand for consumers.
pub const CONSUMERS: [&str; 2] = ["consumers", "residents"];

/// One category of seats, as staff give it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawCategory {
    /// A short name for addresses and lists: `residents`, `operators`, `experts`, `deputies` …
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub quota: i64,
    /// `draw` if left out
    #[serde(default)]
    pub fill: Option<Fill>,
    /// Who may apply
    #[serde(default)]
    pub conditions: Option<String>,
    /// Whether its seats are part of the announced total. Left out: not for `observers` and `media`
    /// beside others at a hearing or seminar
    #[serde(default)]
    pub in_total: Option<bool>,
    /// Whether it stands for consumers. Left out: `consumers` and `residents` do
    #[serde(default)]
    pub consumers: Option<bool>,
}

/// A session as staff give it: the body of `POST …/hearings`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawHearing {
    pub kind: SessionKind,
    #[serde(default)]
    pub title: String,
    /// What it is about, and on what basis it is held
    #[serde(default)]
    pub matter: Option<String>,
    /// Left out: to be announced
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub starts_at: Option<Timestamp>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ends_at: Option<Timestamp>,
    /// Left out: to be announced
    #[serde(default)]
    pub place: Option<String>,
    /// `on_site` if left out
    #[serde(default)]
    pub attendance: Option<Attendance>,
    /// The number of participants that the notice announces
    #[serde(default)]
    pub total: i64,
    #[serde(default)]
    pub categories: Vec<RawCategory>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub applications_open_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub applications_close_at: Timestamp,
    /// What to bring
    #[serde(default)]
    pub bring: Option<String>,
    /// The order of the session
    #[serde(default)]
    pub discipline: Option<String>,
    /// Who to ask
    #[serde(default)]
    pub contact: Option<String>,
    /// Whether prices are heard: consumers then need two fifths of the seats
    #[serde(default)]
    pub pricing: bool,
    /// Who sat in one of the unit's last so many sessions is pointed out in the review; 0 for none
    #[serde(default)]
    pub cooldown: i64,
}

/// One category of seats, parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    pub code: String,
    pub name: String,
    pub quota: i64,
    pub fill: Fill,
    pub conditions: Option<String>,
    /// Part of the announced total.
    pub in_total: bool,
    pub consumers: bool,
}

/// A notice, parsed. Whether it may be published is [`Notice::publishable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    pub kind: SessionKind,
    pub title: String,
    pub matter: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub starts_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ends_at: Option<Timestamp>,
    pub place: Option<String>,
    pub attendance: Attendance,
    pub total: i64,
    pub categories: Vec<Category>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub applications_open_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub applications_close_at: Timestamp,
    pub bring: Option<String>,
    pub discipline: Option<String>,
    pub contact: Option<String>,
    pub pricing: bool,
    pub cooldown: i64,
}

impl RawHearing {
    /// Checks every field. Faults name fields as `title`, `total`, `categories.0.quota`.
    pub fn parse(&self) -> Result<Notice, Violations> {
        let mut wrong = Violations::new();
        let long = |raw: &Option<String>, limit| text::lines(raw.as_deref().unwrap_or(""), limit);
        let title = wrong.keep("title", text::required_line(&self.title, limits::TITLE));
        let matter = wrong.keep("matter", long(&self.matter, limits::SUMMARY));
        let place = wrong.keep("place", long(&self.place, limits::CONTACT_LINES));
        let bring = wrong.keep("bring", long(&self.bring, limits::SUMMARY));
        let discipline = wrong.keep("discipline", long(&self.discipline, limits::SUMMARY));
        let contact = wrong.keep("contact", long(&self.contact, limits::CONTACT_LINES));
        if self.applications_close_at <= self.applications_open_at {
            wrong.add("applications_close_at", Fault::TooEarly);
        }
        match (self.starts_at, self.ends_at) {
            (Some(starts), _) if starts < self.applications_close_at => {
                wrong.add("starts_at", Fault::TooEarly);
            }
            (Some(starts), Some(ends)) if ends <= starts => wrong.add("ends_at", Fault::TooEarly),
            (None, Some(_)) => wrong.add("starts_at", Fault::Required),
            _ => {}
        }
        if !(1..=limits::SEATS).contains(&self.total) {
            wrong.add(
                "total",
                Fault::OutOfRange {
                    least: 1,
                    most: limits::SEATS,
                },
            );
        }
        if !(0..=limits::COOLDOWN).contains(&self.cooldown) {
            wrong.add(
                "cooldown",
                Fault::OutOfRange {
                    least: 0,
                    most: limits::COOLDOWN,
                },
            );
        }
        let categories = self.categories(&mut wrong);
        wrong.into_result(|| Notice {
            kind: self.kind,
            title: title.unwrap_or_default(),
            matter: matter.flatten(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            place: place.flatten(),
            attendance: self.attendance.unwrap_or(Attendance::OnSite),
            total: self.total,
            categories,
            applications_open_at: self.applications_open_at,
            applications_close_at: self.applications_close_at,
            bring: bring.flatten(),
            discipline: discipline.flatten(),
            contact: contact.flatten(),
            pricing: self.pricing,
            cooldown: self.cooldown,
        })
    }

    fn categories(&self, wrong: &mut Violations) -> Vec<Category> {
        if self.categories.is_empty() {
            wrong.add("categories", Fault::Required);
        }
        if self.categories.len() > limits::SEAT_CATEGORIES {
            let (limit, length) = (limits::SEAT_CATEGORIES, self.categories.len());
            wrong.add("categories", Fault::TooMany { limit, length });
        }
        let listens = |code: &str| LISTENERS.contains(&code);
        // Where everybody listens, as at an observed meeting, they are who is counted.
        let beside_others = self.kind != SessionKind::Observation
            && self.categories.iter().any(|c| !listens(c.code.trim()));
        let mut codes = HashSet::new();
        let mut parsed = Vec::new();
        for (index, raw) in self
            .categories
            .iter()
            .take(limits::SEAT_CATEGORIES)
            .enumerate()
        {
            let field = |name: &str| format!("categories.{index}.{name}");
            let code = raw.code.trim();
            match category_code(code) {
                Err(fault) => wrong.add(field("code"), fault),
                Ok(()) if !codes.insert(code) => wrong.add(field("code"), Fault::Taken),
                Ok(()) => {}
            }
            let name = wrong.keep(field("name"), text::required_line(&raw.name, limits::NAME));
            let conditions = wrong.keep(
                field("conditions"),
                text::lines(raw.conditions.as_deref().unwrap_or(""), limits::SUMMARY),
            );
            if !(1..=limits::SEATS).contains(&raw.quota) {
                wrong.add(
                    field("quota"),
                    Fault::OutOfRange {
                        least: 1,
                        most: limits::SEATS,
                    },
                );
            }
            parsed.push(Category {
                code: code.to_owned(),
                name: name.unwrap_or_default(),
                quota: raw.quota,
                fill: raw.fill.unwrap_or(Fill::Draw),
                conditions: conditions.flatten(),
                in_total: raw.in_total.unwrap_or(!(beside_others && listens(code))),
                consumers: raw.consumers.unwrap_or(CONSUMERS.contains(&code)),
            });
        }
        parsed
    }
}

/// Codes stand in addresses, lists and tickets' lines: few signs, none of which needs escaping.
fn category_code(code: &str) -> Result<(), Fault> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    if code.is_empty() {
        Err(Fault::Required)
    } else if code.len() <= limits::CATEGORY_CODE && code.bytes().all(fits) {
        Ok(())
    } else {
        Err(Fault::Malformed)
    }
}

impl Notice {
    /// The seats that the announced total counts.
    pub fn seats_in_total(&self) -> i64 {
        self.categories
            .iter()
            .filter(|c| c.in_total)
            .map(|c| c.quota)
            .sum()
    }

    /// Consumers' seats among the participants.
    pub fn consumer_seats(&self) -> i64 {
        self.categories
            .iter()
            .filter(|c| c.in_total && c.consumers)
            .map(|c| c.quota)
            .sum()
    }

    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories
            .iter()
            .find(|category| category.code == code)
    }

    /// Whether the draw has anything to decide.
    pub fn has_draw(&self) -> bool {
        self.drawn().next().is_some()
    }

    /// The categories whose seats are drawn, in the order of the notice.
    pub fn drawn(&self) -> impl Iterator<Item = &Category> {
        let categories = self.categories.iter();
        categories.filter(|category| category.fill == Fill::Draw)
    }

    /// What keeps it from being published at `now`: seats that do not add up to the announced
    /// total; at a price hearing, consumers with less than two fifths of the participants
    /// (rules on government pricing hearings, NDRC decree 21, in force 10 January 2019); a period
    /// that is over.
    pub fn publishable(&self, now: Timestamp) -> Result<(), Violations> {
        let mut wrong = Violations::new();
        let sum = self.seats_in_total();
        if sum != self.total {
            wrong.add(
                "total",
                Fault::SeatsDoNotAddUp {
                    sum,
                    total: self.total,
                },
            );
        }
        let consumers = self.consumer_seats();
        if self.pricing && consumers * 5 < sum * 2 {
            wrong.add(
                "categories",
                Fault::TooFewConsumers {
                    seats: consumers,
                    of: sum,
                },
            );
        }
        if self.applications_close_at <= now {
            wrong.add("applications_close_at", Fault::TooEarly);
        }
        wrong.into_result(|| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn hearing(total: i64, seats: &[(&str, i64)]) -> RawHearing {
        RawHearing {
            kind: SessionKind::Hearing,
            title: "听证会".into(),
            matter: None,
            starts_at: None,
            ends_at: None,
            place: None,
            attendance: None,
            total,
            categories: seats
                .iter()
                .map(|(code, quota)| RawCategory {
                    code: (*code).into(),
                    name: (*code).into(),
                    quota: *quota,
                    ..RawCategory::default()
                })
                .collect(),
            applications_open_at: at("2026-03-01T00:00:00Z"),
            applications_close_at: at("2026-03-15T00:00:00Z"),
            bring: None,
            discipline: None,
            contact: None,
            pricing: true,
            cooldown: 0,
        }
    }

    fn verdict(raw: &RawHearing) -> Result<(), Vec<(String, &'static str)>> {
        let now = at("2026-03-01T00:00:00Z");
        raw.parse()
            .and_then(|notice| notice.publishable(now))
            .map_err(|wrong| {
                wrong
                    .0
                    .into_iter()
                    .map(|v| (v.field, v.fault.code()))
                    .collect()
            })
    }

    /// The quotas of four published notices (Zhuzhou, Zhuhai, Panjin, Luntai). Luntai announced 18
    /// participants, and its categories sum to 18 only with the two observers.
    #[test]
    fn real_notices_publish_unless_their_seats_do_not_add_up() {
        let zhuzhou = [
            ("consumers", 10),
            ("deputies", 2),
            ("committee_members", 2),
            ("departments", 7),
            ("observers", 3),
            ("media", 12),
        ];
        assert_eq!(verdict(&hearing(21, &zhuzhou)), Ok(()));
        let zhuhai = [
            ("consumers", 11),
            ("operators", 2),
            ("affected", 2),
            ("experts", 3),
            ("deputies", 2),
            ("committee_members", 1),
            ("departments", 2),
        ];
        assert_eq!(verdict(&hearing(23, &zhuhai)), Ok(()));
        let panjin = [
            ("consumers", 10),
            ("operators", 1),
            ("experts", 2),
            ("departments", 8),
        ];
        assert_eq!(verdict(&hearing(21, &panjin)), Ok(()));
        let luntai = [
            ("consumers", 7),
            ("operators", 2),
            ("experts", 2),
            ("departments", 5),
            ("observers", 2),
        ];
        assert_eq!(
            verdict(&hearing(18, &luntai)),
            Err(vec![("total".into(), "seats_do_not_add_up")])
        );
        assert_eq!(verdict(&hearing(16, &luntai)), Ok(()));
    }

    #[test]
    fn consumers_need_two_fifths_where_prices_are_heard() {
        let mut raw = hearing(10, &[("residents", 4), ("operators", 6)]);
        assert_eq!(verdict(&raw), Ok(()));
        raw.categories[0].quota = 3;
        raw.categories[1].quota = 7;
        assert_eq!(
            verdict(&raw),
            Err(vec![("categories".into(), "too_few_consumers")])
        );
        raw.pricing = false;
        assert_eq!(verdict(&raw), Ok(()));
    }

    #[test]
    fn listeners_count_where_nobody_else_sits() {
        assert_eq!(
            verdict(&RawHearing {
                pricing: false,
                ..hearing(10, &[("observers", 10)])
            }),
            Ok(())
        );
        let mut meeting = hearing(5, &[("deputies", 2), ("media", 3)]);
        meeting.kind = SessionKind::Observation;
        meeting.pricing = false;
        assert_eq!(verdict(&meeting), Ok(()));
    }

    #[test]
    fn every_fault_is_named_by_its_field() {
        let mut raw = hearing(0, &[("Residents", 0), ("a", 1), ("a", 1)]);
        raw.title = " ".into();
        raw.applications_close_at = raw.applications_open_at;
        assert_eq!(
            verdict(&raw).unwrap_err(),
            [
                ("title", "required"),
                ("applications_close_at", "too_early"),
                ("total", "out_of_range"),
                ("categories.0.code", "malformed"),
                ("categories.0.quota", "out_of_range"),
                ("categories.2.code", "taken"),
            ]
            .map(|(field, code)| (field.to_owned(), code))
        );
    }

    #[test]
    fn a_session_cannot_begin_while_applications_are_taken() {
        let mut raw = hearing(4, &[("residents", 4)]);
        raw.starts_at = Some(at("2026-03-10T00:00:00Z"));
        assert_eq!(verdict(&raw), Err(vec![("starts_at".into(), "too_early")]));
        raw.starts_at = Some(at("2026-04-10T01:00:00Z"));
        raw.ends_at = raw.starts_at;
        assert_eq!(verdict(&raw), Err(vec![("ends_at".into(), "too_early")]));
    }
}

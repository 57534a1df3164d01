//! Sessions and applications as they are read: by everyone, by applicants, by staff.

use super::{
    ApplicationNumber, ApplicationState, Correction, Earlier, Fill, HearingNumber, Minutes, Need,
    Notice, Opinions, OwnOpinion, Paper, SessionState,
};
use crate::Timestamp;
use crate::comments::RawPoint;
use crate::consultations::{Number, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many apply for the seats of a category. They add up:
/// `applications = waiting + ineligible + eligible + seated + reserves + declined + withdrawn`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeatCount {
    /// Code of the category.
    pub category: String,
    pub quota: i64,
    /// All that ever came in.
    pub applications: i64,
    /// Not reviewed yet.
    pub waiting: i64,
    pub ineligible: i64,
    /// Eligible, before the draw.
    pub eligible: i64,
    /// Seats that are taken.
    pub seated: i64,
    pub reserves: i64,
    pub declined: i64,
    pub withdrawn: i64,
}

impl SeatCount {
    /// Counts applications in this state.
    pub fn add(&mut self, state: ApplicationState, n: i64) {
        self.applications += n;
        *match state {
            ApplicationState::Received => &mut self.waiting,
            ApplicationState::Eligible => &mut self.eligible,
            ApplicationState::Ineligible => &mut self.ineligible,
            ApplicationState::Chosen | ApplicationState::Confirmed => &mut self.seated,
            ApplicationState::Reserve => &mut self.reserves,
            ApplicationState::Declined => &mut self.declined,
            ApplicationState::Withdrawn => &mut self.withdrawn,
        } += n;
    }
}

/// Who has a seat, as everyone reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub ticket: ApplicationNumber,
    /// Code of the category.
    pub category: String,
    /// `null` without consent to publish it.
    pub name: Option<String>,
    pub confirmed: bool,
}

/// What everyone may know of a draw, before and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draw {
    /// How to repeat it.
    pub algorithm: String,
    /// The public number that decides, named before it was known, and where to find it.
    pub seed_source: String,
    /// From when the number can be known, said before it was: it is not drawn earlier.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub seed_known_at: Timestamp,
    /// The number, once it is known.
    pub seed: Option<String>,
    /// The frozen tickets of each category, sorted.
    pub tickets: BTreeMap<String, Vec<String>>,
    /// The text that was hashed: a line `category:ticket` for each ticket, sorted.
    pub list: String,
    /// SHA-256 of `list`, published before the draw.
    pub tickets_hash: String,
    /// Seats of each category.
    pub quotas: BTreeMap<String, i64>,
    /// By category, in the order of the draw; empty before it.
    pub chosen: BTreeMap<String, Vec<String>>,
    /// By category, in the order in which they move up; empty before the draw.
    pub reserves: BTreeMap<String, Vec<String>>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub frozen_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub drawn_at: Option<Timestamp>,
}

/// Why a published draw does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mismatch {
    /// The published list is not the tickets of the categories.
    List,
    /// The hash is not that of the list.
    Hash,
    /// The result of this category is not what the seed gives.
    Result(String),
}

impl Draw {
    /// Repeats the draw from what is published alone: list, hash, order, quotas.
    pub fn check(&self) -> Result<(), Mismatch> {
        let tickets = self
            .tickets
            .iter()
            .flat_map(|(category, tickets)| tickets.iter().map(move |t| (&**category, &**t)));
        if super::draw::list_text(tickets) != self.list {
            return Err(Mismatch::List);
        }
        if super::draw::tickets_hash(&self.list) != self.tickets_hash {
            return Err(Mismatch::Hash);
        }
        let Some(seed) = &self.seed else {
            return Ok(());
        };
        let none = Vec::new();
        for (category, tickets) in &self.tickets {
            let quota = self.quotas.get(category).copied().unwrap_or(0);
            let order = super::draw::order(seed, tickets);
            let seats = usize::try_from(quota).unwrap_or(0).min(order.len());
            let (chosen, reserves) = order.split_at(seats);
            let published =
                |by: &BTreeMap<String, Vec<String>>| by.get(category).unwrap_or(&none).clone();
            if published(&self.chosen) != chosen || published(&self.reserves) != reserves {
                return Err(Mismatch::Result(category.clone()));
            }
        }
        Ok(())
    }
}

/// A session as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hearing {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-0012-h1"))]
    pub id: HearingNumber,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub consultation: Number,
    /// Empty where the consultation is not public, for everyone but its staff.
    pub consultation_title: String,
    /// Whether the consultation has a page that everyone may read.
    pub consultation_public: bool,
    pub unit: Unit,
    pub state: SessionState,
    #[serde(flatten)]
    pub notice: Notice,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<Timestamp>,
    pub cancelled_reason: Option<String>,
    pub seats: Vec<SeatCount>,
    /// What decides the draw, its list's hash, and its result once it is done.
    pub draw: Option<DrawInShort>,
    /// Who has a seat; public once the draw is done or the application period is over.
    pub participants: Vec<Participant>,
    /// Papers sent to the participants.
    pub papers: Vec<Paper>,
    pub minutes: Option<Minutes>,
    /// The report as written, in Markdown.
    pub report: Option<String>,
    /// The report, rendered and sanitised.
    pub report_html: Option<String>,
    /// What notice, papers and report said before.
    pub earlier: Earlier,
    /// What observers made of it; `null` where nobody is asked.
    pub opinions: Option<Opinions>,
}

/// A draw on the session's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawInShort {
    pub seed_source: String,
    /// From when the number can be known.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub seed_known_at: Timestamp,
    pub seed: Option<String>,
    pub tickets_hash: String,
    pub tickets: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub frozen_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub drawn_at: Option<Timestamp>,
}

impl Hearing {
    /// Whether applications are taken.
    pub fn is_open(&self) -> bool {
        self.state == SessionState::Applying
    }

    /// The counts of a category.
    pub fn count(&self, category: &str) -> Option<&SeatCount> {
        self.seats.iter().find(|count| count.category == category)
    }

    /// Whether some category still fills its seats from applications in their order.
    pub fn seats_left(&self, category: &str) -> Option<i64> {
        let found = self.notice.category(category)?;
        let count = self.count(category)?;
        (found.fill == Fill::FirstCome).then(|| (found.quota - count.seated).max(0))
    }
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedHearing {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: HearingNumber,
    pub kind: super::SessionKind,
    pub title: String,
    pub state: SessionState,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub starts_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ends_at: Option<Timestamp>,
    pub place: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub applications_open_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub applications_close_at: Timestamp,
    pub total: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub updated_at: Timestamp,
}

/// What the holder of an application's receipt sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnApplication {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: ApplicationNumber,
    pub hearing_title: String,
    pub hearing_state: SessionState,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub starts_at: Option<Timestamp>,
    pub place: Option<String>,
    /// Code and name of the category.
    pub category: String,
    pub category_name: String,
    pub state: ApplicationState,
    /// Why it was found not eligible.
    pub reason: Option<String>,
    /// For a reserve: its place in the queue, from 1.
    pub reserve: Option<i64>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// Until when it can be changed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub editable_until: Timestamp,
    pub editable: bool,
    /// Whether a seat waits to be confirmed or declined.
    pub can_confirm: bool,
    pub name: String,
    pub contact: String,
    pub district: Option<String>,
    pub statement: Option<String>,
    pub points: Vec<RawPoint>,
    pub needs: Vec<Need>,
    pub needs_note: Option<String>,
    pub publish_name: bool,
    /// For who has a seat: the minutes, once they are published.
    pub minutes: Option<OwnMinutes>,
    /// Whether an opinion may be given, or changed, now.
    pub can_opine: bool,
    pub opinion: Option<OwnOpinion>,
}

/// What a participant has said of the minutes, and may still say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnMinutes {
    /// When the participant confirmed that they say what was said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub confirmed_at: Option<Timestamp>,
    /// What the participant asked to have corrected, oldest first; the last may wait for an answer.
    pub corrections: Vec<Correction>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub corrections_until: Option<Timestamp>,
    /// Whether a correction may still be asked for.
    pub correctable: bool,
}

/// An application in the staff's review. Contact data is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewedApplication {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: ApplicationNumber,
    pub category: String,
    pub state: ApplicationState,
    pub reason: Option<String>,
    pub reserve: Option<i64>,
    pub name: String,
    pub district: Option<String>,
    pub statement: Option<String>,
    pub points: Vec<RawPoint>,
    pub needs: Vec<Need>,
    pub needs_note: Option<String>,
    pub publish_name: bool,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// Names what the application says now, for a decision about it (`RawReview::seen`).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub seen: Timestamp,
    /// Whether the contact is an e-mail address that letters go to; if not, call.
    pub mailable: bool,
    /// Whether a letter could not be delivered.
    pub undelivered: bool,
    /// Other applications to this session with the same contact or the same name.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub same_person: Vec<ApplicationNumber>,
    /// Earlier sessions within the cool-down in which the person had a seat.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub sat_in: Vec<HearingNumber>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hearings::draw;

    fn drawn() -> Draw {
        let tickets: Vec<String> = (1..=5).map(|i| format!("2026-0012-h1-{i:04}")).collect();
        let list = draw::list_text(tickets.iter().map(|t| ("residents", t.as_str())));
        let order = draw::order("5", &tickets);
        let by = |part: &[String]| BTreeMap::from([("residents".to_owned(), part.to_vec())]);
        Draw {
            algorithm: draw::ALGORITHM.into(),
            seed_source: "lottery".into(),
            seed_known_at: Timestamp::UNIX_EPOCH,
            seed: Some("5".into()),
            tickets: by(&tickets),
            tickets_hash: draw::tickets_hash(&list),
            list,
            quotas: BTreeMap::from([("residents".to_owned(), 2)]),
            chosen: by(&order[..2]),
            reserves: by(&order[2..]),
            frozen_at: Timestamp::UNIX_EPOCH,
            drawn_at: Some(Timestamp::UNIX_EPOCH),
        }
    }

    #[test]
    fn a_draw_holds_only_as_it_was_done() {
        let honest = drawn();
        assert_eq!(honest.check(), Ok(()));
        let mut other_seed = honest.clone();
        other_seed.seed = Some("6".into());
        assert_eq!(
            other_seed.check(),
            Err(Mismatch::Result("residents".into()))
        );
        let mut swapped = honest.clone();
        let seat = swapped.chosen.get_mut("residents").unwrap();
        seat[0] = swapped.reserves["residents"][0].clone();
        assert_eq!(swapped.check(), Err(Mismatch::Result("residents".into())));
        let mut one_more = honest.clone();
        one_more
            .tickets
            .get_mut("residents")
            .unwrap()
            .push("2026-0012-h1-0006".into());
        assert_eq!(one_more.check(), Err(Mismatch::List));
        one_more.list.push_str("residents:2026-0012-h1-0006\n");
        assert_eq!(one_more.check(), Err(Mismatch::Hash));
    }

    #[test]
    fn counts_of_seats_add_up() {
        let mut count = SeatCount::default();
        for state in ApplicationState::ALL {
            count.add(*state, 2);
        }
        let parts = count.waiting
            + count.ineligible
            + count.eligible
            + count.seated
            + count.reserves
            + count.declined
            + count.withdrawn;
        assert_eq!((count.applications, parts), (16, 16));
    }
}

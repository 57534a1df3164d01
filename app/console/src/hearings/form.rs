//! The notice as typed: every value as it stands in its field, so that a refused form comes back
//! whole, and what its seats make together.

use crate::round::{instant, local, proposal};
use crate::rows::{self, Press, whole};
use app::i18n::T;
use domain::Timestamp;
use domain::hearings::{CONSUMERS, Fill, LISTENERS, Notice, RawCategory, RawHearing, SessionKind};
use domain::limits;
use domain::problem::{Fault, Violations};

/// Categories of real notices, in the order in which notices name them, and how their seats are
/// usually filled.
pub const PRESETS: [(&str, Fill); 10] = [
    ("residents", Fill::Draw),
    ("affected", Fill::Draw),
    ("operators", Fill::Recommendation),
    ("experts", Fill::Appointment),
    ("deputies", Fill::Recommendation),
    ("committee_members", Fill::Recommendation),
    ("departments", Fill::Appointment),
    ("social_organisations", Fill::Recommendation),
    ("media", Fill::FirstCome),
    ("observers", Fill::FirstCome),
];

/// A category of seats, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryForm {
    /// Given when the row is added; it does not change with the name.
    pub code: String,
    pub name: String,
    pub quota: String,
    pub fill: String,
    pub conditions: String,
    pub in_total: bool,
    pub consumers: bool,
}

/// The notice, as typed. Instants are local times of the unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HearingForm {
    pub kind: String,
    pub title: String,
    pub matter: String,
    pub starts_at: String,
    pub ends_at: String,
    pub place: String,
    pub attendance: String,
    pub total: String,
    pub applications_open_at: String,
    pub applications_close_at: String,
    pub bring: String,
    pub discipline: String,
    pub contact: String,
    pub pricing: bool,
    pub cooldown: String,
    /// The category that the next press of "add" adds.
    pub preset: String,
    pub categories: Vec<CategoryForm>,
}

/// What the seats make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Seats of the categories that the announced total counts.
    pub seats: i64,
    /// The announced total; `None` if it is no number yet.
    pub total: Option<i64>,
    /// Consumers' seats among them.
    pub consumers: i64,
    pub pricing: bool,
}

impl Sums {
    pub fn add_up(&self) -> bool {
        self.total == Some(self.seats)
    }

    /// Whether consumers have two fifths, where the rule asks for it.
    pub fn enough_consumers(&self) -> bool {
        !self.pricing || self.consumers * 5 >= self.seats * 2
    }
}

impl HearingForm {
    /// Reads the pairs of the form.
    pub fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs.clone() {
            let field = match name {
                "kind" => &mut form.kind,
                "title" => &mut form.title,
                "matter" => &mut form.matter,
                "starts_at" => &mut form.starts_at,
                "ends_at" => &mut form.ends_at,
                "place" => &mut form.place,
                "attendance" => &mut form.attendance,
                "total" => &mut form.total,
                "applications_open_at" => &mut form.applications_open_at,
                "applications_close_at" => &mut form.applications_close_at,
                "bring" => &mut form.bring,
                "discipline" => &mut form.discipline,
                "contact" => &mut form.contact,
                "cooldown" => &mut form.cooldown,
                "preset" => &mut form.preset,
                "pricing" => {
                    form.pricing = true;
                    continue;
                }
                _ => continue,
            };
            value.clone_into(field);
        }
        form.categories = rows::read(
            pairs,
            "categories",
            limits::SEAT_CATEGORIES,
            |row: &mut CategoryForm, field, value| match field {
                "code" => row.code = value.into(),
                "name" => row.name = value.into(),
                "quota" => row.quota = value.into(),
                "fill" => row.fill = value.into(),
                "conditions" => row.conditions = value.into(),
                "in_total" => row.in_total = true,
                "consumers" => row.consumers = true,
                _ => {}
            },
        );
        form
    }

    /// A stored notice, to be changed.
    pub fn of(notice: &Notice, zone: &str) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let time = |at: Option<Timestamp>| at.map(|at| local(at, zone)).unwrap_or_default();
        Self {
            kind: notice.kind.code().into(),
            title: notice.title.clone(),
            matter: text(&notice.matter),
            starts_at: time(notice.starts_at),
            ends_at: time(notice.ends_at),
            place: text(&notice.place),
            attendance: notice.attendance.code().into(),
            total: notice.total.to_string(),
            applications_open_at: local(notice.applications_open_at, zone),
            applications_close_at: local(notice.applications_close_at, zone),
            bring: text(&notice.bring),
            discipline: text(&notice.discipline),
            contact: text(&notice.contact),
            pricing: notice.pricing,
            cooldown: notice.cooldown.to_string(),
            preset: String::new(),
            categories: notice
                .categories
                .iter()
                .map(|category| CategoryForm {
                    code: category.code.clone(),
                    name: category.name.clone(),
                    quota: category.quota.to_string(),
                    fill: category.fill.code().into(),
                    conditions: text(&category.conditions),
                    in_total: category.in_total,
                    consumers: category.consumers,
                })
                .collect(),
        }
    }

    /// What a new notice begins with: applications from now on, and seats for residents and
    /// observers, named in the language in which the unit writes.
    pub fn proposed(now: Timestamp, zone: &str, theirs: T) -> Self {
        let (opens, closes) = proposal(now, zone);
        let mut form = Self {
            kind: SessionKind::Hearing.code().into(),
            applications_open_at: opens,
            applications_close_at: closes,
            cooldown: "0".into(),
            ..Self::default()
        };
        for preset in ["residents", "observers"] {
            preset.clone_into(&mut form.preset);
            form.press(&Press::Add, theirs);
        }
        form.preset = "affected".into();
        form
    }

    /// Does what a button about rows asks for; `false` if it was another button.
    pub fn press(&mut self, press: &Press, theirs: T) -> bool {
        let (preset, kind) = (self.preset.clone(), self.kind.clone());
        press.on(&mut self.categories, limits::SEAT_CATEGORIES, |rows| {
            new_row(&preset, &kind, rows, theirs)
        })
    }

    /// What the seats make, as far as they are numbers.
    pub fn sums(&self) -> Sums {
        let seats = |which: fn(&CategoryForm) -> bool| -> i64 {
            self.categories
                .iter()
                .filter(|row| which(row))
                .filter_map(|row| whole(&row.quota))
                .fold(0, i64::saturating_add)
        };
        Sums {
            seats: seats(|row| row.in_total),
            total: whole(&self.total),
            consumers: seats(|row| row.in_total && row.consumers),
            pricing: self.pricing,
        }
    }

    /// As it is kept. Every fault is named at once.
    pub fn notice(&self, zone: &str) -> Result<Notice, Violations> {
        let mut wrong = Violations::new();
        let opens = wrong.keep(
            "applications_open_at",
            instant(&self.applications_open_at, zone),
        );
        let closes = wrong.keep(
            "applications_close_at",
            instant(&self.applications_close_at, zone),
        );
        let starts = wrong.keep("starts_at", maybe(&self.starts_at, zone));
        let ends = wrong.keep("ends_at", maybe(&self.ends_at, zone));
        let text = |text: &String| Some(text.clone());
        let raw = RawHearing {
            kind: self.kind.parse().unwrap_or(SessionKind::Hearing),
            title: self.title.clone(),
            matter: text(&self.matter),
            starts_at: starts.flatten(),
            ends_at: ends.flatten(),
            place: text(&self.place),
            attendance: self.attendance.parse().ok(),
            total: whole(&self.total).unwrap_or(0),
            categories: self.categories.iter().map(raw_category).collect(),
            applications_open_at: opens.unwrap_or(Timestamp::MIN),
            applications_close_at: closes.unwrap_or(Timestamp::MAX),
            bring: text(&self.bring),
            discipline: text(&self.discipline),
            contact: text(&self.contact),
            pricing: self.pricing,
            cooldown: match self.cooldown.trim() {
                "" => 0,
                typed => whole(typed).unwrap_or(-1),
            },
        };
        match (raw.parse(), wrong.0.is_empty()) {
            (Ok(notice), true) => Ok(notice),
            (Ok(_), false) => Err(wrong),
            (Err(mut more), in_order) => {
                // What follows what, only times that can be read say.
                let says = |fault: &Fault| in_order || *fault != Fault::TooEarly;
                more.0.retain(|violation| says(&violation.fault));
                wrong.0.append(&mut more.0);
                Err(wrong)
            }
        }
    }
}

/// A time that may be left out.
pub(super) fn maybe(typed: &str, zone: &str) -> Result<Option<Timestamp>, Fault> {
    match typed.trim() {
        "" => Ok(None),
        typed => instant(typed, zone).map(Some),
    }
}

fn raw_category(row: &CategoryForm) -> RawCategory {
    RawCategory {
        code: row.code.clone(),
        name: row.name.clone(),
        quota: whole(&row.quota).unwrap_or(0),
        fill: row.fill.parse().ok(),
        conditions: Some(row.conditions.clone()),
        in_total: Some(row.in_total),
        consumers: Some(row.consumers),
    }
}

/// A row of this preset; of none, one that is still to be named. Its code is nobody else's.
fn new_row(preset: &str, kind: &str, rows: &[CategoryForm], theirs: T) -> CategoryForm {
    let found = PRESETS.iter().find(|(code, _)| *code == preset);
    let (stem, name, fill) = match found {
        Some((code, fill)) => (*code, preset_name(theirs, code), *fill),
        None => ("category", "", Fill::Draw),
    };
    let taken = |code: &str| rows.iter().any(|row| row.code == code);
    let code = std::iter::once(stem.to_owned())
        .chain((2..).map(|n| format!("{stem}-{n}")))
        .find(|code| !taken(code))
        .unwrap_or_default();
    // At an observed meeting those who listen are who is counted.
    let listens = LISTENERS.contains(&stem) && kind != SessionKind::Observation.code();
    CategoryForm {
        code,
        name: name.into(),
        quota: String::new(),
        fill: fill.code().into(),
        conditions: String::new(),
        in_total: !listens,
        consumers: CONSUMERS.contains(&stem),
    }
}

/// A preset in words.
pub(super) fn preset_name(t: T, code: &str) -> &'static str {
    match code {
        "residents" => t.desk_seats_residents(),
        "affected" => t.desk_seats_affected(),
        "operators" => t.desk_seats_operators(),
        "experts" => t.desk_seats_experts(),
        "deputies" => t.desk_seats_deputies(),
        "committee_members" => t.desk_seats_committee_members(),
        "departments" => t.desk_seats_departments(),
        "social_organisations" => t.desk_seats_social_organisations(),
        "media" => t.desk_seats_media(),
        "observers" => t.desk_seats_observers(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::i18n::Lang;

    const T_EN: T = T(Lang::En);

    fn filled() -> HearingForm {
        let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let mut form = HearingForm::proposed(now, "Asia/Shanghai", T_EN);
        form.title = "停车收费听证会".into();
        form.total = "１８".into();
        form.categories[0].quota = "18".into();
        form.categories[1].quota = "2".into();
        form
    }

    #[test]
    fn a_filled_form_is_a_notice_and_a_notice_fills_the_form() {
        let form = filled();
        let notice = form.notice("Asia/Shanghai").unwrap();
        assert_eq!((notice.total, notice.seats_in_total()), (18, 18));
        let again = HearingForm::of(&notice, "Asia/Shanghai");
        assert_eq!(again.notice("Asia/Shanghai").unwrap(), notice);
    }

    #[test]
    fn a_category_is_added_under_a_code_of_its_own() {
        let mut form = filled();
        for preset in ["residents", "deputies", "", "nonsense"] {
            form.preset = preset.into();
            assert!(form.press(&Press::Add, T_EN));
        }
        let codes: Vec<&str> = form.categories.iter().map(|row| &*row.code).collect();
        let expected = [
            "residents",
            "observers",
            "residents-2",
            "deputies",
            "category",
            "category-2",
        ];
        assert_eq!(codes, expected);
    }

    #[test]
    fn observers_count_only_where_everybody_observes() {
        let sums = filled().sums();
        assert_eq!((sums.seats, sums.consumers), (18, 18));
        assert!(sums.add_up() && sums.enough_consumers());
        let mut meeting = HearingForm {
            kind: "observation".into(),
            preset: "observers".into(),
            ..HearingForm::default()
        };
        meeting.press(&Press::Add, T_EN);
        assert!(meeting.categories[0].in_total);
    }

    #[test]
    fn times_that_cannot_be_read_are_the_only_fault_named_of_times() {
        let mut form = filled();
        form.applications_close_at = "soon".into();
        form.starts_at = "2026-03-03T09:00".into();
        let wrong = form.notice("Asia/Shanghai").unwrap_err();
        let fields: Vec<_> = wrong
            .0
            .iter()
            .map(|v| (&*v.field, v.fault.code()))
            .collect();
        assert_eq!(fields, [("applications_close_at", "malformed")]);
    }
}

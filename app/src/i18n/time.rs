//! Dates, times, periods and numbers as people of each language write them. A time never stands
//! without its zone.

use super::{Lang, T};
use domain::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// The zone with this IANA name. Names are checked when a unit is added; should one have left the
/// database since, UTC is shown, and named as such.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Whole days in the unit's calendar from today to the last day on which comments are taken:
/// 0 is today.
pub fn days_left(now: Timestamp, closes_at: Timestamp, zone: &TimeZone) -> i64 {
    let last = last_instant(closes_at).to_zoned(zone.clone()).date();
    let today = now.to_zoned(zone.clone()).date();
    i64::from((last - today).get_days())
}

/// A round is open before `closes_at`, not at it.
fn last_instant(closes_at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(closes_at.as_millisecond() - 1).unwrap_or(closes_at)
}

impl T {
    /// 2026年12月3日, 3 December 2026.
    pub fn date(self, at: Timestamp, zone: &TimeZone) -> String {
        self.calendar_date(&at.to_zoned(zone.clone()))
    }

    fn calendar_date(self, at: &Zoned) -> String {
        let (year, month, day) = (at.year(), i64::from(at.month()), at.day());
        match self.0 {
            Lang::ZhHans | Lang::ZhHant => format!("{year}年{month}月{day}日"),
            Lang::En => format!("{day} {} {year}", MONTHS[usize::from(at.month() as u8) - 1]),
        }
    }

    /// Date and time of day, without the zone: for places where the zone stands nearby.
    pub fn date_time(self, at: Timestamp, zone: &TimeZone) -> String {
        let at = at.to_zoned(zone.clone());
        format!(
            "{} {:02}:{:02}",
            self.calendar_date(&at),
            at.hour(),
            at.minute()
        )
    }

    /// The time of day, where the day is today.
    pub fn clock(self, at: Timestamp, zone: &TimeZone) -> String {
        let at = at.to_zoned(zone.clone());
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// An instant in full: date, time of day, zone.
    pub fn instant(self, at: Timestamp, zone: &TimeZone) -> String {
        self.time_in_zone(self.date_time(at, zone), self.zone_name(at, zone))
    }

    /// The end of a period. Midnight belongs to the day that ends: 12月3日24:00, not 12月4日0:00.
    pub fn deadline(self, closes_at: Timestamp, zone: &TimeZone) -> String {
        let local = closes_at.to_zoned(zone.clone());
        let midnight = local.hour() == 0 && local.minute() == 0 && local.second() == 0;
        let when = if midnight {
            let day = last_instant(closes_at).to_zoned(zone.clone());
            self.time_end_of_day(self.calendar_date(&day))
        } else {
            self.date_time(closes_at, zone)
        };
        self.time_in_zone(when, self.zone_name(closes_at, zone))
    }

    /// 北京时间; where the zone has no name that everybody knows, its offset and place.
    pub fn zone_name(self, at: Timestamp, zone: &TimeZone) -> String {
        let name = zone.iana_name().unwrap_or("UTC");
        match name {
            "Asia/Shanghai" | "Asia/Chongqing" | "PRC" => self.time_zone_china().into(),
            "Asia/Hong_Kong" => self.time_zone_hong_kong().into(),
            "Asia/Macau" => self.time_zone_macau().into(),
            "Asia/Taipei" => self.time_zone_taipei().into(),
            "UTC" | "Etc/UTC" => "UTC".into(),
            place => {
                let seconds = zone.to_offset(at).seconds();
                let sign = if seconds < 0 { '-' } else { '+' };
                let minutes = seconds.abs() / 60;
                let place = place.rsplit('/').next().unwrap_or(place).replace('_', " ");
                format!("UTC{sign}{:02}:{:02}, {place}", minutes / 60, minutes % 60)
            }
        }
    }

    /// How long comments are still taken, in words; `None` once they are not.
    pub fn left(self, now: Timestamp, closes_at: Timestamp, zone: &TimeZone) -> Option<String> {
        if now >= closes_at {
            return None;
        }
        Some(match days_left(now, closes_at, zone) {
            0 => self.time_last_day().into(),
            days => self.time_days_left(days),
        })
    }

    /// 12,345.
    pub fn number(self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        if n < 0 {
            grouped.push('-');
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_deadline_at_midnight_is_the_end_of_the_day_before() {
        let zone = zone("Asia/Shanghai");
        let closes = at("2026-12-03T16:00:00Z");
        assert_eq!(
            T(Lang::ZhHans).deadline(closes, &zone),
            "2026年12月3日 24:00（北京时间）"
        );
        assert_eq!(
            T(Lang::En).deadline(closes, &zone),
            "the end of 3 December 2026 (China Standard Time)"
        );
        assert_eq!(
            T(Lang::En).deadline(at("2026-12-03T09:30:00Z"), &zone),
            "3 December 2026 17:30 (China Standard Time)"
        );
    }

    #[test]
    fn days_left_follow_the_calendar_of_the_unit() {
        let shanghai = zone("Asia/Shanghai");
        let closes = at("2026-12-03T16:00:00Z");
        assert_eq!(days_left(at("2026-12-02T15:59:00Z"), closes, &shanghai), 1);
        assert_eq!(days_left(at("2026-12-02T16:00:00Z"), closes, &shanghai), 0);
        let t = T(Lang::En);
        assert_eq!(t.left(closes, closes, &shanghai), None);
        assert_eq!(
            t.left(at("2026-11-24T04:00:00Z"), closes, &shanghai)
                .unwrap(),
            "9 days left"
        );
    }

    #[test]
    fn a_zone_without_a_household_name_is_shown_by_offset_and_place() {
        let t = T(Lang::En);
        let urumqi = zone("Asia/Urumqi");
        assert_eq!(
            t.instant(at("2026-12-03T16:00:00Z"), &urumqi),
            "3 December 2026 22:00 (UTC+06:00, Urumqi)"
        );
    }

    #[test]
    fn long_numbers_are_grouped() {
        let t = T(Lang::En);
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(|n| t.number(n)),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}

//! `/desk/c/{number}/round`: from when until when comments are taken. First the form, then a look
//! at what will be public, then publication, which cannot be undone.

use crate::desk::Desk;
use crate::fields::{form, input};
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::ui;
use app::ui::form::{
    Choice, Field, Group, action_button, error_for, error_summary, hidden, select, textarea,
};
use domain::Timestamp;
use domain::consultations::{Consultation, NORMAL_PERIOD_DAYS, Round, State, days_between};
use domain::limits;
use domain::problem::{Fault, Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;

/// The form as typed. The instants are local times of the unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundForm {
    pub version: String,
    pub opens_at: String,
    pub closes_at: String,
    pub reason_for_short_period: String,
}

/// What is shown of it.
#[derive(Clone, Copy, Debug)]
pub enum RoundStep<'a> {
    /// The form, perhaps with what is wrong.
    Form(Option<&'a Violations>),
    /// What will be public.
    Review(&'a Round),
}

/// `/desk/c/{number}/round`.
pub fn round_page(
    desk: &Desk,
    consultation: &Consultation,
    filled: &RoundForm,
    step: RoundStep<'_>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_tab_round(), consultation, Tab::Round);
    screen(desk, &head, || {
        let current = consultation.round.as_ref().map(|round| {
            view! {
                <h2>{t.desk_round_current()}</h2>
                {facts(desk, consultation, round)}
            }
        });
        let body = match step {
            _ if matches!(
                consultation.state,
                State::Published | State::Open | State::Withdrawn
            ) =>
            {
                None
            }
            _ if consultation.versions.is_empty() => Some(ui::inset(view! {
                <p>
                    {t.desk_step_draft_none()} " "
                    <a href=desk.of(consultation.number, "/draft")>{t.desk_add_draft()}</a>
                </p>
            })),
            _ if !desk.may(consultation, Role::Approver) => {
                Some(ui::inset(view! { <p>{t.desk_round_needs_approver()}</p> }))
            }
            RoundStep::Form(wrong) => Some(fields(desk, consultation, filled, wrong)),
            RoundStep::Review(round) => Some(review(desk, consultation, filled, round)),
        };
        view! {
            <h1>{t.desk_tab_round()}</h1>
            {current}
            {body}
        }
    })
}

fn facts(desk: &Desk, consultation: &Consultation, round: &Round) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&consultation.unit.zone);
    let days = days_between(round.opens_at, round.closes_at);
    let reason = round.reason_for_short_period.as_deref().map(|reason| {
        view! {
            <dt>{t.fact_short_period()}</dt>
            <dd>{ui::prose(reason)}</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>{t.desk_version()}</dt>
            <dd>{t.draft_version(round.version)}</dd>
            <dt>{t.desk_opens()}</dt>
            <dd>{ui::instant(t, round.opens_at, &zone)}</dd>
            <dt>{t.desk_closes()}</dt>
            <dd>{ui::deadline(t, round.closes_at, &zone)}</dd>
            <dt>{t.desk_length()}</dt>
            <dd>{t.desk_days(days)}</dd>
            {reason}
        </dl>
    }
    .into_any()
}

fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    let name = match violation.field.as_str() {
        "version" => t.desk_version(),
        "opens_at" => t.desk_opens(),
        "closes_at" => t.desk_closes(),
        "reason_for_short_period" => t.desk_short_reason(),
        _ => return None,
    };
    Some(name.into())
}

fn fields(
    desk: &Desk,
    consultation: &Consultation,
    filled: &RoundForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&consultation.unit.zone);
    let zone_name = t.zone_name(desk.page.now, &zone);
    let error = |name: &str| {
        let malformed = matches!(name, "opens_at" | "closes_at")
            && wrong.is_some_and(|wrong| {
                wrong
                    .0
                    .iter()
                    .any(|violation| violation.field == name && violation.fault == Fault::Malformed)
            });
        if malformed {
            return Some(t.desk_time_malformed().to_owned());
        }
        error_for(t, wrong, name)
    };
    let last = consultation.round.as_ref().map_or(0, |round| round.version);
    let choices = consultation
        .versions
        .iter()
        .rev()
        .filter(|info| info.version >= last)
        .map(|info| Choice {
            value: info.version.to_string(),
            text: t.draft_version(info.version),
        })
        .collect();
    let version = Field {
        name: "version".into(),
        label: t.desk_version().into(),
        hint: None,
        value: &filled.version,
        error: error("version"),
    };
    let opens = Field {
        name: "opens_at".into(),
        label: t.desk_opens().into(),
        hint: Some(t.desk_opens_hint(&zone_name)),
        value: &filled.opens_at,
        error: error("opens_at"),
    };
    let closes = Field {
        name: "closes_at".into(),
        label: t.desk_closes().into(),
        hint: Some(t.desk_closes_hint(&zone_name)),
        value: &filled.closes_at,
        error: error("closes_at"),
    };
    let reason = Field {
        name: "reason_for_short_period".into(),
        label: t.desk_short_reason().into(),
        hint: Some(t.desk_short_reason_hint(NORMAL_PERIOD_DAYS)),
        value: &filled.reason_for_short_period,
        error: error("reason_for_short_period"),
    };
    let again = consultation
        .round
        .is_some()
        .then(|| view! { <h2>{t.desk_another_round()}</h2> });
    view! {
        {again}
        {error_summary(t, wrong, |violation| place(desk, violation))}
        {form(
            desk.of(consultation.number, "/round"),
            view! {
                {select(
                    &version,
                    &[
                        Group {
                            heading: String::new(),
                            choices,
                        },
                    ],
                )}
                {input(&opens, "datetime-local", "off")}
                {input(&closes, "datetime-local", "off")}
                {textarea(&reason, 4, limits::REASON)}
                {action_button("button", "review".into(), t.desk_round_review())}
            },
        )}
    }
    .into_any()
}

fn review(desk: &Desk, consultation: &Consultation, filled: &RoundForm, round: &Round) -> AnyView {
    let t = desk.t();
    let at_once =
        (round.opens_at <= desk.page.now).then(|| view! { <p>{t.desk_round_at_once()}</p> });
    view! {
        <h2>{t.desk_round_review_title()}</h2>
        {ui::inset(
            view! {
                <p>{t.desk_round_final()}</p>
                {at_once}
            },
        )}
        {facts(desk, consultation, round)}
        {form(
            desk.of(consultation.number, "/round"),
            view! {
                {hidden("version", &filled.version)}
                {hidden("opens_at", &filled.opens_at)}
                {hidden("closes_at", &filled.closes_at)}
                {hidden("reason_for_short_period", &filled.reason_for_short_period)}
                <p class="acts">
                    {action_button("button", "publish".into(), t.desk_round_publish())} " "
                    {action_button("quiet", "change".into(), t.desk_go_back())}
                </p>
            },
        )}
    }
    .into_any()
}

/// Reads a local time as browsers send it (`2026-11-25T09:00`) or people write it
/// (`2026年11月25日 9时`, `2026/11/25 24:00`). Without a time of day it is the beginning of the day.
/// What the clock skips in spring is read as the time after the gap.
pub fn instant(typed: &str, zone: &str) -> Result<Timestamp, Fault> {
    let numbers = numbers(typed.trim())?;
    let (year, month, day, rest) = match numbers.as_slice() {
        [] => return Err(Fault::Required),
        [year, month, day, rest @ ..] => (*year, *month, *day, rest),
        _ => return Err(Fault::Malformed),
    };
    let (hour, minute) = match rest {
        [] => (0, 0),
        [hour] => (*hour, 0),
        [hour, minute] | [hour, minute, _] => (*hour, *minute),
        _ => return Err(Fault::Malformed),
    };
    let small = |n: i64| i8::try_from(n).map_err(|_| Fault::Malformed);
    let year = i16::try_from(year).map_err(|_| Fault::Malformed)?;
    let mut date =
        jiff::civil::Date::new(year, small(month)?, small(day)?).map_err(|_| Fault::Malformed)?;
    let hour = match (hour, minute) {
        // The end of the day, as notices write it.
        (24, 0) => {
            date = date.tomorrow().map_err(|_| Fault::Malformed)?;
            0
        }
        _ => hour,
    };
    let local = jiff::civil::Time::new(small(hour)?, small(minute)?, 0, 0)
        .map_err(|_| Fault::Malformed)?
        .on(date.year(), date.month(), date.day());
    local
        .to_zoned(time::zone(zone))
        .map(|zoned| zoned.timestamp())
        .map_err(|_| Fault::Malformed)
}

/// The runs of digits. Letters other than the `T` between date and time make it no date.
fn numbers(typed: &str) -> Result<Vec<i64>, Fault> {
    let mut numbers: Vec<i64> = Vec::new();
    let mut in_number = false;
    for c in typed.chars() {
        // Full-width digits come from Chinese input methods.
        let digit = match c {
            '０'..='９' => Some(i64::from(u32::from(c) - u32::from('０'))),
            _ => c.to_digit(10).map(i64::from),
        };
        match (digit, numbers.last_mut()) {
            (Some(digit), Some(last)) if in_number => {
                *last = last.saturating_mul(10).saturating_add(digit);
            }
            (Some(digit), _) => numbers.push(digit),
            (None, _) if " T-/.:：年月日时時分秒　".contains(c) => {}
            (None, _) => return Err(Fault::Malformed),
        }
        in_number = digit.is_some();
    }
    Ok(numbers)
}

/// A local time as the form's field holds it.
pub fn local(at: Timestamp, zone: &str) -> String {
    at.to_zoned(time::zone(zone))
        .strftime("%Y-%m-%dT%H:%M")
        .to_string()
}

/// What the form proposes: from now on, for thirty days after the first day, to the end of the day.
pub fn proposal(now: Timestamp, zone: &str) -> (String, String) {
    let opens = now.to_zoned(time::zone(zone));
    let closes = opens
        .date()
        .checked_add(jiff::Span::new().days(NORMAL_PERIOD_DAYS + 1))
        .map(|date| format!("{date}T00:00"))
        .unwrap_or_default();
    (local(now, zone), closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_browsers_send_it_and_as_people_write_it() {
        for typed in [
            "2026-11-25T09:30",
            "2026-11-25 09:30:00",
            "2026/11/25 9:30",
            "2026年11月25日9时30分",
            "２０２６年１１月２５日　９：３０",
        ] {
            let at = instant(typed, "Asia/Shanghai");
            assert_eq!(at.unwrap().to_string(), "2026-11-25T01:30:00Z", "{typed}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_the_beginning_of_the_next() {
        let end = instant("2026-12-31 24:00", "Asia/Shanghai").unwrap();
        assert_eq!(end, instant("2027-01-01", "Asia/Shanghai").unwrap());
        assert_eq!(local(end, "Asia/Shanghai"), "2027-01-01T00:00");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert_eq!(instant(" ", "Asia/Shanghai"), Err(Fault::Required));
        for typed in [
            "tomorrow",
            "2026-13-01 00:00",
            "2026-02-30",
            "2026-11-25 24:01",
            "2026-11-25 9:61",
            "11-25",
            "2026-11-25T09:30:00.5.5",
            "99999999999999999999-01-01",
        ] {
            assert_eq!(
                instant(typed, "Asia/Shanghai"),
                Err(Fault::Malformed),
                "{typed}"
            );
        }
    }

    #[test]
    fn the_proposal_is_long_enough_without_a_reason() {
        for now in [
            "2026-11-24T04:00:00Z",
            "2026-11-24T15:59:00Z",
            "2026-11-24T16:00:00Z",
        ] {
            let now: Timestamp = now.parse().unwrap();
            let (opens, closes) = proposal(now, "Asia/Shanghai");
            let publish = domain::consultations::Publish {
                version: 1,
                opens_at: instant(&opens, "Asia/Shanghai").unwrap(),
                closes_at: instant(&closes, "Asia/Shanghai").unwrap(),
                reason_for_short_period: None,
            };
            assert!(publish.round(now).is_ok(), "{now}");
        }
    }
}

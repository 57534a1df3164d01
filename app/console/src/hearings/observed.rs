//! How many meetings each unit let be observed this year, on the overview: at least three a year
//! are asked for.

use crate::desk::Desk;
use app::page::plain;
use domain::consultations::Unit;
use leptos::prelude::*;

/// Observed meetings asked for in a year, after 国办发〔2016〕80号 as practised.
const TARGET: i64 = 3;

/// The observed meetings of a unit in the year so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yearly {
    pub unit: Unit,
    pub year: i16,
    /// The month that is running, from 1.
    pub month: i8,
    /// Held or announced in this year, called-off ones left out.
    pub meetings: i64,
}

/// The traffic light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Light {
    Reached,
    OnTheWay,
    Behind,
}

impl Yearly {
    /// Behind is who has fewer than the share of the year that has gone by, in whole meetings.
    fn light(&self) -> Light {
        let due = TARGET * (i64::from(self.month) - 1) / 12;
        if self.meetings >= TARGET {
            Light::Reached
        } else if self.meetings >= due && self.month < 12 {
            Light::OnTheWay
        } else {
            Light::Behind
        }
    }
}

/// The counters of the units in which the person works.
pub(crate) fn yearly(desk: &Desk, counters: &[Yearly]) -> Option<AnyView> {
    let t = desk.t();
    if counters.is_empty() {
        return None;
    }
    let lines = counters
        .iter()
        .map(|counter| {
            let (class, word) = match counter.light() {
                Light::Reached => ("tag did", t.desk_observed_reached()),
                Light::OnTheWay => ("tag now", t.desk_observed_on_the_way()),
                Light::Behind => ("tag behind", t.desk_observed_behind()),
            };
            let says = t.desk_observed_count(counter.meetings, TARGET, counter.year);
            view! {
                <li>
                    <span dir="auto" lang=desk.page.lang_of(&counter.unit)>
                        {plain(&counter.unit.name)}
                    </span>
                    " "
                    {says}
                    " "
                    <strong class=class>{word}</strong>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <h2>{t.desk_observed()}</h2>
            <ul class="yearly">{lines}</ul>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_turns_with_the_year() {
        for (month, meetings, light) in [
            (1, 0, Light::OnTheWay),
            (5, 0, Light::Behind),
            (5, 1, Light::OnTheWay),
            (9, 1, Light::Behind),
            (9, 2, Light::OnTheWay),
            (12, 2, Light::Behind),
            (12, 3, Light::Reached),
            (2, 4, Light::Reached),
        ] {
            let yearly = Yearly {
                unit: crate::testing::unit("transport"),
                year: 2026,
                month,
                meetings,
            };
            assert_eq!(yearly.light(), light, "{meetings} by month {month}");
        }
    }
}

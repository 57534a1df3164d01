//! `/desk/hearings/{id}/papers`: what the participants got, and when. Decree 713 art. 16 asks for
//! seven days before the hearing; later ones are pointed out.

use crate::desk::Desk;
use crate::fields::{form, input};
use crate::frame::{Head, Tab, screen};
use crate::hearings::{place, to, up};
use crate::round::{instant, local};
use crate::rows::{self, Press};
use app::i18n::{T, time};
use app::page::plain;
use app::ui;
use app::ui::form::{
    Field, action_button, default_button, error_for, error_summary, hidden, text_input,
};
use domain::Timestamp;
use domain::consultations::Consultation;
use domain::hearings::{Hearing, Paper, SessionState};
use domain::limits;
use domain::problem::{Fault, Violations};
use domain::staff::Role;
use leptos::prelude::*;

/// Days before the hearing (Decree 713 art. 16).
const DAYS_BEFORE: i64 = 7;
const ROWS: &str = "papers";

/// One paper, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaperForm {
    pub title: String,
    pub address: String,
    pub delivered_at: String,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PapersForm {
    pub papers: Vec<PaperForm>,
}

impl PapersForm {
    /// Reads the pairs of the form.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let papers = rows::read(
            pairs,
            ROWS,
            limits::OPTIONS_PER_QUESTION,
            |row: &mut PaperForm, field, value| match field {
                "title" => row.title = value.into(),
                "address" => row.address = value.into(),
                "delivered_at" => row.delivered_at = value.into(),
                _ => {}
            },
        );
        Self { papers }
    }

    /// What is on record.
    pub fn of(papers: &[Paper], zone: &str) -> Self {
        let papers = papers.iter().map(|paper| PaperForm {
            title: paper.title.clone(),
            address: paper.address.clone().unwrap_or_default(),
            delivered_at: local(paper.delivered_at, zone),
        });
        Self {
            papers: papers.collect(),
        }
    }

    /// Does what a button about rows asks for; `false` if it was another button.
    pub fn press(&mut self, press: &Press, now: Timestamp, zone: &str) -> bool {
        press.on(&mut self.papers, limits::OPTIONS_PER_QUESTION, |_| {
            PaperForm {
                delivered_at: local(now, zone),
                ..PaperForm::default()
            }
        })
    }

    /// As it is kept, as far as times go; the use case checks the words. The form knows minutes only:
    /// a row that shows one of those that are `listed` is that one, to the second.
    pub fn papers(&self, listed: &[Paper], zone: &str) -> Result<Vec<Paper>, Violations> {
        let mut shown: Vec<_> = listed.iter().zip(Self::of(listed, zone).papers).collect();
        let mut wrong = Violations::new();
        let mut papers = Vec::with_capacity(self.papers.len());
        for (index, row) in self.papers.iter().enumerate() {
            if let Some(same) = shown.iter().position(|(_, shown)| shown == row) {
                papers.push(shown.remove(same).0.clone());
                continue;
            }
            let field = |name: &str| format!("{ROWS}.{index}.{name}");
            if row.title.trim().is_empty() {
                wrong.add(field("title"), Fault::Required);
            }
            let at = wrong.keep(field("delivered_at"), instant(&row.delivered_at, zone));
            papers.push(Paper {
                title: row.title.clone(),
                address: Some(row.address.clone()),
                delivered_at: at.unwrap_or(Timestamp::UNIX_EPOCH),
            });
        }
        wrong.into_result(|| papers)
    }
}

/// `/desk/hearings/{id}/papers`.
pub fn papers_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    filled: &PapersForm,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_hearing_papers(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let may = |role| desk.may(consultation, role);
        let body = if may(Role::Editor) || may(Role::Approver) {
            let stands = stands(t, hearing, may(Role::Approver));
            fields(desk, hearing, filled, (wrong, stands))
        } else {
            ui::inset(view! { <p>{t.desk_hearing_needs_editor()}</p> })
        };
        let attach = may(Role::Editor).then(|| {
            let href = to(desk, hearing.id, "/papers/attach");
            view! {
                <p class="acts">
                    <a class="button second" href=href>
                        {t.desk_paper_attach()}
                    </a>
                </p>
            }
        });
        view! {
            <h1>{t.desk_hearing_papers()}</h1>
            {up(desk, hearing)}
            <p class="intro">{t.desk_hearing_papers_intro(DAYS_BEFORE)}</p>
            {error_summary(t, wrong, |violation| place(desk, violation))}
            {late(desk, hearing)}
            {attach}
            {body}
        }
    })
}

/// Papers that came later than they should have.
fn late(desk: &Desk, hearing: &Hearing) -> Option<AnyView> {
    let t = desk.t();
    let starts = hearing.notice.starts_at?;
    let zone = time::zone(&hearing.unit.zone);
    let lines: Vec<AnyView> = hearing
        .papers
        .iter()
        .filter(|paper| days_before(paper.delivered_at, starts, &hearing.unit.zone) < DAYS_BEFORE)
        .map(|paper| {
            let title = app::page::plain(&paper.title);
            let day = t.date(paper.delivered_at, &zone);
            view! { <li dir="auto">{t.desk_hearing_paper_late(day, title)}</li> }.into_any()
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="warnings">
                <p>{t.desk_hearing_papers_late(DAYS_BEFORE)}</p>
                <ul>{lines}</ul>
            </div>
        }
        .into_any()
    })
}

/// Whole days of the calendar between delivery and the day of the session.
fn days_before(delivered: Timestamp, starts: Timestamp, zone: &str) -> i64 {
    let zone = time::zone(zone);
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    day(delivered)
        .until(day(starts))
        .map_or(0, |span| i64::from(span.get_days()))
}

/// Why what is listed stays as it is, by the rule of the use case: then papers are only added.
fn stands(t: T, hearing: &Hearing, approver: bool) -> Option<&'static str> {
    hearing.published_at?;
    match hearing.state {
        SessionState::Cancelled | SessionState::Held => Some(t.problem_papers_stand()),
        _ => (!approver).then(|| t.desk_papers_of_approver()),
    }
}

/// A paper that stands: the form carries it along as it is.
fn standing(t: T, index: usize, row: &PaperForm) -> AnyView {
    let carried = |name: &str, value: &str| hidden(&format!("{ROWS}.{index}.{name}"), value);
    let address = (!row.address.is_empty()).then(|| {
        view! {
            <p class="hint" dir="auto">
                {plain(&row.address)}
            </p>
        }
    });
    let delivered = row.delivered_at.replace('T', " ");
    view! {
        <div id=rows::id(ROWS, index) tabindex="-1">
            {carried("title", &row.title)} {carried("address", &row.address)}
            {carried("delivered_at", &row.delivered_at)} <p dir="auto">{plain(&row.title)}</p> {address}
            <p class="hint">{t.desk_hearing_delivered()} " " {delivered}</p>
        </div>
    }
    .into_any()
}

fn fields(
    desk: &Desk,
    hearing: &Hearing,
    filled: &PapersForm,
    (wrong, stands): (Option<&Violations>, Option<&'static str>),
) -> AnyView {
    let t = desk.t();
    let address = to(desk, hearing.id, "/papers");
    let zone = t.zone_name(desk.page.now, &time::zone(&hearing.unit.zone));
    let stands = stands.filter(|_| !hearing.papers.is_empty());
    let stood = match stands {
        Some(_) => PapersForm::of(&hearing.papers, &hearing.unit.zone),
        None => PapersForm::default(),
    };
    let says = stands.map(|why| ui::inset(view! { <p>{why}</p> }));
    let rows = filled
        .papers
        .iter()
        .enumerate()
        .map(|(index, row)| {
            if stood.papers.contains(row) {
                return standing(t, index, row);
            }
            let field = |name: &str, label: &str, hint: Option<&str>, value| {
                let name = format!("{ROWS}.{index}.{name}");
                Field {
                    error: error_for(t, wrong, &name),
                    name,
                    label: label.into(),
                    hint: hint.map(Into::into),
                    value,
                }
            };
            let n = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
            let called = t.desk_hearing_paper_n(n);
            let title = field("title", t.desk_title(), None, &row.title);
            let hint = t.desk_hearing_paper_address_hint();
            let link = field("address", t.desk_hearing_paper_address(), Some(hint), &row.address);
            let at = field(
                "delivered_at",
                t.desk_hearing_delivered(),
                Some(&zone),
                &row.delivered_at,
            );
            view! {
                <fieldset class="row" id=rows::id(ROWS, index) tabindex="-1">
                    <legend>{called.clone()}</legend>
                    {text_input(&title, "off")}
                    {text_input(&link, "off")}
                    {input(&at, "datetime-local", "off")}
                    {rows::button(&address, (ROWS, filled.papers.len()), format!("remove.{index}"), t.desk_take_out(), called)}
                </fieldset>
            }
            .into_any()
        })
        .collect_view();
    let count = error_for(t, wrong, ROWS);
    form(
        address.clone(),
        view! {
            {default_button("look".into())}
            {says}
            <div id=ROWS tabindex="-1">
                {count.map(|error| view! { <p class="error">{error}</p> })}
                {rows}
            </div>
            <p class="acts">
                {rows::button(&address, (ROWS, filled.papers.len()), "add".into(), t.desk_hearing_paper_add(), "")} " "
                {action_button("button", "save".into(), t.desk_save())}
            </p>
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_before_are_those_of_the_calendar_at_the_place() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let starts = at("2026-03-20T01:00:00Z");
        let zone = "Asia/Shanghai";
        assert_eq!(days_before(at("2026-03-13T15:59:00Z"), starts, zone), 7);
        assert_eq!(days_before(at("2026-03-13T16:00:00Z"), starts, zone), 6);
        assert_eq!(days_before(at("2026-02-13T04:00:00Z"), starts, zone), 35);
    }
}

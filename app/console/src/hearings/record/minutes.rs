//! `/desk/hearings/{id}/minutes`: who was there, and each statement with its speaker and its clause.
//! Published, every statement is a point to be answered like those of written comments.

use crate::desk::Desk;
use crate::fields::{clause_name, form, input, suggested};
use crate::frame::{Head, Tab, screen};
use crate::hearings::form::maybe;
use crate::hearings::{place, to, up};
use crate::rows::{self, Press};
use app::i18n::{T, time};
use app::page::plain;
use app::ui;
use app::ui::form::{
    Choice, Field, Group, action_button, default_button, error_for, error_summary, hidden, select,
    text_input, textarea,
};
use domain::comments::Display;
use domain::consultations::Consultation;
use domain::drafts::{Clause, Draft};
use domain::hearings::{Hearing, RawMinutes, RawStatement, SessionState, shown_speaker};
use domain::limits;
use domain::problem::{Fault, Violations};
use domain::staff::Role;
use leptos::prelude::*;

const ROWS: &str = "statements";
/// The clauses to choose from.
const CLAUSES: &str = "clauses";

/// One statement, as typed. Its clause is named as the draft names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementForm {
    pub speaker: String,
    pub display: String,
    pub clause: String,
    pub text: String,
}

/// The minutes, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MinutesForm {
    pub attendance: String,
    pub corrections_until: String,
    pub statements: Vec<StatementForm>,
}

/// What is shown of them.
#[derive(Clone, Copy, Debug)]
pub enum MinutesStep<'a> {
    /// The form, perhaps with what is wrong.
    Form(Option<&'a Violations>),
    /// What will be public.
    Review,
}

impl MinutesForm {
    /// Reads the pairs of the form.
    pub fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs.clone() {
            match name {
                "attendance" => form.attendance = value.into(),
                "corrections_until" => form.corrections_until = value.into(),
                _ => {}
            }
        }
        form.statements = rows::read(
            pairs,
            ROWS,
            limits::STATEMENTS_PER_SESSION,
            |row: &mut StatementForm, field, value| match field {
                "speaker" => row.speaker = value.into(),
                "display" => row.display = value.into(),
                "clause" => row.clause = value.into(),
                "text" => row.text = value.into(),
                _ => {}
            },
        );
        form
    }

    /// Does what a button about rows asks for; `false` if it was another button.
    pub fn press(&mut self, press: &Press) -> bool {
        press.on(&mut self.statements, limits::STATEMENTS_PER_SESSION, |_| {
            StatementForm {
                display: Display::Masked.code().into(),
                ..StatementForm::default()
            }
        })
    }

    /// As the use case takes them. A clause is found by its label or its id; one that is not in the
    /// draft is a fault.
    pub fn minutes(&self, draft: Option<&Draft>, zone: &str) -> Result<RawMinutes, Violations> {
        let mut wrong = Violations::new();
        let until = wrong.keep("corrections_until", maybe(&self.corrections_until, zone));
        let mut statements = Vec::with_capacity(self.statements.len());
        for (index, row) in self.statements.iter().enumerate() {
            let found = find(draft, &row.clause);
            if found.is_none() && !row.clause.trim().is_empty() {
                wrong.add(format!("{ROWS}.{index}.clause"), Fault::UnknownClause);
            }
            statements.push(RawStatement {
                speaker: row.speaker.clone(),
                display: row.display.parse().ok(),
                clause: found.map(|clause| clause.id.to_string()),
                text: row.text.clone(),
            });
        }
        let raw = RawMinutes {
            attendance: self.attendance.clone(),
            statements,
            corrections_until: until.flatten(),
        };
        let clauses = draft
            .into_iter()
            .flat_map(Draft::all_clauses)
            .map(|clause| clause.id)
            .collect();
        if let Err(mut more) = raw.parse(&clauses) {
            wrong.0.append(&mut more.0);
        }
        wrong.into_result(|| raw)
    }
}

/// The clause of this name, blanks aside.
fn find<'d>(draft: Option<&'d Draft>, typed: &str) -> Option<&'d Clause> {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let wanted = bare(typed);
    if wanted.is_empty() {
        return None;
    }
    draft?.all_clauses().find(|clause| {
        clause.id.to_string() == wanted
            || (!clause.label.is_empty() && bare(&clause.label) == wanted)
    })
}

/// `/desk/hearings/{id}/minutes`.
pub fn minutes_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    draft: Option<&Draft>,
    filled: &MinutesForm,
    step: MinutesStep<'_>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_hearing_minutes(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let wrong = match step {
            MinutesStep::Form(wrong) => wrong,
            MinutesStep::Review => None,
        };
        let body = match (hearing.state, step) {
            (SessionState::Held, _) => published(desk, hearing),
            (SessionState::Cancelled, _) => ui::inset(view! { <p>{t.problem_hearing_over()}</p> }),
            (SessionState::Preparing | SessionState::Announced | SessionState::Applying, _) => {
                ui::inset(view! { <p>{t.problem_still_applying()}</p> })
            }
            _ if hearing
                .notice
                .starts_at
                .is_some_and(|starts| desk.page.now < starts) =>
            {
                ui::inset(view! { <p>{t.problem_not_begun()}</p> })
            }
            _ if !desk.may(consultation, Role::Approver) => {
                ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> })
            }
            (_, MinutesStep::Form(wrong)) => fields(desk, hearing, draft, filled, wrong),
            (_, MinutesStep::Review) => review(desk, hearing, filled),
        };
        view! {
            <h1>{t.desk_hearing_minutes()}</h1>
            {up(desk, hearing)}
            {error_summary(t, wrong, |violation| place(desk, violation))}
            {body}
        }
    })
}

fn displays(t: T) -> [Group; 1] {
    let name = |display| match display {
        Display::Shown => t.desk_sent_shown(),
        Display::Masked => t.desk_sent_masked(),
        Display::Anonymous => t.display(Display::Anonymous),
    };
    let choices = [Display::Masked, Display::Shown, Display::Anonymous]
        .map(|display| Choice {
            value: display.code().into(),
            text: name(display).into(),
        })
        .to_vec();
    [Group {
        heading: String::new(),
        choices,
    }]
}

fn fields(
    desk: &Desk,
    hearing: &Hearing,
    draft: Option<&Draft>,
    filled: &MinutesForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = desk.t();
    let address = to(desk, hearing.id, "/minutes");
    let zone = t.zone_name(desk.page.now, &time::zone(&hearing.unit.zone));
    let rows = (0..filled.statements.len())
        .map(|index| statement(desk, filled, index, wrong, &address))
        .collect_view();
    let names = draft.map(|draft| {
        let clauses = draft.all_clauses();
        let names = clauses
            .filter(|clause| !clause.label.is_empty() && !clause.kind.is_heading())
            .map(|clause| view! { <option value=clause_name(t, clause)></option> })
            .collect_view();
        view! { <datalist id=CLAUSES>{names}</datalist> }
    });
    let attendance = Field {
        name: "attendance".into(),
        label: t.desk_hearing_attended().into(),
        hint: Some(t.desk_hearing_attended_hint().into()),
        value: &filled.attendance,
        error: error_for(t, wrong, "attendance"),
    };
    let until = Field {
        name: "corrections_until".into(),
        label: t.desk_hearing_corrections().into(),
        hint: Some(t.desk_hearing_corrections_hint(&zone)),
        value: &filled.corrections_until,
        error: error_for(t, wrong, "corrections_until"),
    };
    let many = error_for(t, wrong, ROWS);
    view! {
        <p class="intro">{t.desk_hearing_minutes_intro()}</p>
        {form(
            address.clone(),
            view! {
                {default_button("look".into())}
                {names}
                {textarea(&attendance, 5, limits::SUMMARY)}
                <h2>{t.desk_hearing_statements()}</h2>
                <div id=ROWS tabindex="-1">
                    {many.map(|error| view! { <p class="error">{error}</p> })}
                    {rows}
                </div>
                <p class="acts adding">
                    {rows::button(&address, (ROWS, filled.statements.len()), "add".into(), t.desk_hearing_statement_add(), "")}
                </p>
                {input(&until, "datetime-local", "off")}
                {action_button("button", "review".into(), t.desk_hearing_minutes_review())}
            },
        )}
    }
    .into_any()
}

fn statement(
    desk: &Desk,
    filled: &MinutesForm,
    index: usize,
    wrong: Option<&Violations>,
    address: &str,
) -> AnyView {
    let t = desk.t();
    let row = &filled.statements[index];
    let field = |name: &str, label: &str, value| {
        let name = format!("{ROWS}.{index}.{name}");
        Field {
            error: error_for(t, wrong, &name),
            name,
            label: label.into(),
            hint: None,
            value,
        }
    };
    let speaker = field("speaker", t.desk_hearing_speaker(), &row.speaker);
    let display = field("display", t.desk_hearing_speaker_shown(), &row.display);
    let clause = field("clause", t.desk_hearing_statement_clause(), &row.clause);
    let text = field("text", t.desk_hearing_statement_text(), &row.text);
    let n = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
    let called = t.desk_hearing_statement_n(n);
    let up = (index > 0).then(|| {
        rows::button(
            address,
            (ROWS, filled.statements.len()),
            format!("up.{index}"),
            t.desk_move_up(),
            called.clone(),
        )
    });
    view! {
        <fieldset class="row" id=rows::id(ROWS, index) tabindex="-1">
            <legend>{called.clone()}</legend>
            {text_input(&speaker, "off")}
            {select(&display, &displays(t))}
            {suggested(&clause, CLAUSES)}
            {textarea(&text, 4, limits::POINT_TEXT)}
            <p class="acts">
                {up} " "
                {rows::button(
                    address,
                    (ROWS, filled.statements.len()),
                    format!("remove.{index}"),
                    t.desk_take_out(),
                    called,
                )}
            </p>
        </fieldset>
    }
    .into_any()
}

fn review(desk: &Desk, hearing: &Hearing, filled: &MinutesForm) -> AnyView {
    let t = desk.t();
    let lang = || desk.page.lang_of(&hearing.unit);
    let statements = filled
        .statements
        .iter()
        .map(|row| {
            let display = row.display.parse().unwrap_or(Display::Masked);
            let speaker = shown_speaker(display, &row.speaker).map_or_else(
                || t.desk_hearing_speaker_unnamed().to_owned(),
                |name| plain(&name),
            );
            view! { <li>{line(desk, hearing, speaker, &row.clause, &row.text)}</li> }
        })
        .collect_view();
    let carried = filled
        .statements
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let name = |field: &str| format!("{ROWS}.{index}.{field}");
            view! {
                {hidden(&name("speaker"), &row.speaker)}
                {hidden(&name("display"), &row.display)}
                {hidden(&name("clause"), &row.clause)}
                {hidden(&name("text"), &row.text)}
            }
        })
        .collect_view();
    view! {
        <h2>{t.desk_round_review_title()}</h2>
        {ui::inset(view! { <p>{t.desk_hearing_minutes_final()}</p> })}
        {ui::prose_in(lang(), &filled.attendance)}
        <ol class="minutes">{statements}</ol>
        {form(
            to(desk, hearing.id, "/minutes"),
            view! {
                {hidden("attendance", &filled.attendance)}
                {hidden("corrections_until", &filled.corrections_until)}
                {carried}
                <p class="acts">
                    {action_button("button", "publish".into(), t.desk_hearing_minutes_publish())}
                    " "
                    {action_button("quiet", "change".into(), t.desk_go_back())}
                </p>
            },
        )}
    }
    .into_any()
}

fn line(desk: &Desk, hearing: &Hearing, speaker: String, clause: &str, text: &str) -> AnyView {
    let t = desk.t();
    let clause = match clause.trim() {
        "" => t.comment_whole_draft().to_owned(),
        label => plain(label),
    };
    view! {
        <p class="label">
            <b dir="auto">{speaker}</b>
            " "
            <span dir="auto">{clause}</span>
        </p>
        {ui::prose_in(desk.page.lang_of(&hearing.unit), text)}
    }
    .into_any()
}

/// The minutes as everyone reads them, and how many participants said that they are right.
fn published(desk: &Desk, hearing: &Hearing) -> AnyView {
    let t = desk.t();
    let Some(minutes) = &hearing.minutes else {
        return ui::inset(view! { <p>{t.problem_no_minutes()}</p> });
    };
    let zone = time::zone(&hearing.unit.zone);
    let statements = minutes
        .statements
        .iter()
        .map(|one| {
            let speaker = one
                .speaker
                .as_deref()
                .map_or_else(|| t.desk_hearing_speaker_unnamed().to_owned(), plain);
            let clause = one.clause_label.as_deref().unwrap_or("");
            view! { <li>{line(desk, hearing, speaker, clause, &one.text)}</li> }
        })
        .collect_view();
    let until = minutes.corrections_until.map(|at| {
        view! {
            <dt>{t.desk_hearing_corrections()}</dt>
            <dd>{ui::deadline(t, at, &zone)}</dd>
        }
    });
    let points = desk.of(hearing.consultation, "/points?unanswered=on");
    view! {
        <dl class="facts">
            <dt>{t.desk_col_public()}</dt>
            <dd>{ui::instant(t, minutes.published_at, &zone)}</dd>
            {until}
            <dt>{t.desk_hearing_confirmed()}</dt>
            <dd>{t.number(minutes.confirmed)}</dd>
        </dl>
        <p>
            {t.desk_hearing_minutes_ledger()} " " <a href=points>{t.desk_tab_points()}</a>
        </p>
        {ui::prose_in(desk.page.lang_of(&hearing.unit), &minutes.attendance)}
        <ol class="minutes">{statements}</ol>
    }
    .into_any()
}

//! `/desk/hearings/{id}/corrections`: what participants want corrected in the minutes. Accepted, the
//! unit's words are published beneath them; refused, the participant reads why.

use super::answers::{Answers, answer_field, seen_field, who};
use crate::desk::Desk;
use crate::fields::form;
use crate::frame::{Head, Tab, screen};
use crate::hearings::{to, up};
use app::i18n::time;
use app::ui;
use app::ui::form::{
    Field, action_button, default_button, error_for, error_summary, hidden, textarea,
};
use domain::consultations::Consultation;
use domain::hearings::{AskedCorrection, Hearing};
use domain::limits;
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// `/desk/hearings/{id}/corrections`.
pub fn corrections_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    asked: &[AskedCorrection],
    typed: &Answers,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_corrections(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let may = desk.may(consultation, Role::Approver);
        let (waiting, answered): (Vec<_>, Vec<_>) = asked
            .iter()
            .partition(|one| one.correction.answer.is_none());
        let needs = (!may && !waiting.is_empty())
            .then(|| ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> }));
        let open = (!waiting.is_empty()).then(|| {
            let entries = waiting
                .iter()
                .map(|one| entry(desk, hearing, one, may.then_some((typed, wrong))))
                .collect_view();
            if !may {
                return entries.into_any();
            }
            form(
                to(desk, hearing.id, "/corrections"),
                view! {
                    {default_button("look".into())}
                    {entries}
                },
            )
        });
        let done = (!answered.is_empty()).then(|| {
            let entries = answered
                .iter()
                .map(|one| entry(desk, hearing, one, None))
                .collect_view();
            view! {
                <h2>{t.desk_answered_already()}</h2>
                {entries}
            }
        });
        let none = asked
            .is_empty()
            .then(|| ui::inset(view! { <p>{t.desk_corrections_none()}</p> }));
        view! {
            <h1>{t.desk_corrections()}</h1>
            {up(desk, hearing)}
            <p class="intro">{t.desk_corrections_intro()}</p>
            {error_summary(t, wrong, |_| Some(t.desk_correction_answer().into()))}
            {needs}
            {none}
            {open}
            {done}
        }
    })
}

fn entry(
    desk: &Desk,
    hearing: &Hearing,
    one: &AskedCorrection,
    typed: Option<(&Answers, Option<&Violations>)>,
) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&hearing.unit.zone);
    let serial = one.number.serial;
    let answer = one.correction.answer.as_ref().map(|answer| {
        let says = match answer.accepted {
            true => t.desk_correction_accepted(),
            false => t.desk_correction_refused(),
        };
        view! {
            <p class="why">{says} " " {ui::instant(t, answer.answered_at, &zone)}</p>
            {ui::prose_in(desk.page.lang_of(&hearing.unit), &answer.text)}
        }
    });
    let confirmed = one
        .confirmed
        .then(|| view! { <span class="hint">{t.desk_correction_confirmed()}</span> });
    let acts = typed.map(|(typed, wrong)| {
        let name = answer_field(serial);
        let field = Field {
            error: error_for(t, wrong, &name),
            name,
            label: t.desk_correction_answer().into(),
            hint: Some(t.desk_correction_answer_hint().into()),
            value: typed.of(serial),
        };
        view! {
            {hidden(&seen_field(serial), &one.correction.asked_at.to_string())}
            {textarea(&field, 3, limits::REASON)}
            <p class="acts">
                {action_button("button", format!("accept.{serial}"), t.desk_correction_accept())}
                " "
                {action_button("quiet", format!("refuse.{serial}"), t.desk_correction_refuse())}
            </p>
        }
    });
    view! {
        <article class="entry" id=format!("correction-{serial}") tabindex="-1">
            <header>
                {who(one.number, &one.name)} " " {ui::instant(t, one.correction.asked_at, &zone)}
                " " {confirmed}
            </header>
            {ui::prose(&one.correction.text)}
            {answer}
            {acts}
        </article>
    }
    .into_any()
}

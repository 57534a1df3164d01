//! `/desk/hearings/{id}/corrections`: what participants want corrected in the minutes. Accepted, the
//! unit's words are published beneath them; refused, the participant reads why.

use super::answers::{Answers, Entry, Typed, Words, answer_field, entries_page, seen_field, who};
use crate::desk::Desk;
use app::i18n::time;
use app::ui;
use app::ui::form::{Field, action_button, error_for, hidden, textarea};
use domain::consultations::Consultation;
use domain::hearings::{AskedCorrection, Hearing};
use domain::limits;
use domain::problem::Violations;
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
    let words = Words {
        title: t.desk_corrections(),
        intro: t.desk_corrections_intro(),
        none: t.desk_corrections_none(),
        answer: t.desk_correction_answer(),
    };
    let of = (consultation, hearing, "/corrections");
    let answers = typed;
    entries_page(desk, of, &words, asked, Typed { answers, wrong })
}

impl Entry for AskedCorrection {
    fn is_answered(&self) -> bool {
        self.correction.answer.is_some()
    }

    fn view(&self, desk: &Desk, hearing: &Hearing, typed: Option<Typed<'_>>) -> AnyView {
        let t = desk.t();
        let zone = time::zone(&hearing.unit.zone);
        let serial = self.number.serial;
        let answer = self.correction.answer.as_ref().map(|answer| {
            let says = match answer.accepted {
                true => t.desk_correction_accepted(),
                false => t.desk_correction_refused(),
            };
            view! {
                <p class="why">{says} " " {ui::instant(t, answer.answered_at, &zone)}</p>
                {ui::prose_in(desk.page.lang_of(&hearing.unit), &answer.text)}
            }
        });
        let confirmed = self
            .confirmed
            .then(|| view! { <span class="hint">{t.desk_correction_confirmed()}</span> });
        let acts = typed.map(|typed| {
            let name = answer_field(serial);
            let field = Field {
                error: error_for(t, typed.wrong, &name),
                name,
                label: t.desk_correction_answer().into(),
                hint: Some(t.desk_correction_answer_hint().into()),
                value: typed.answers.of(serial),
            };
            view! {
                {hidden(&seen_field(serial), &self.correction.asked_at.to_string())}
                {textarea(&field, 3, limits::REASON)}
                <p class="acts">
                    {action_button("button", format!("accept.{serial}"), t.desk_correction_accept())}
                    " "
                    {action_button(
                        "quiet",
                        format!("refuse.{serial}"),
                        t.desk_correction_refuse(),
                    )}
                </p>
            }
        });
        view! {
            <article class="entry" id=format!("correction-{serial}") tabindex="-1">
                <header>
                    {who(self.number, &self.name)} " "
                    {ui::instant(t, self.correction.asked_at, &zone)} " " {confirmed}
                </header>
                {ui::prose(&self.correction.text)}
                {answer}
                {acts}
            </article>
        }
        .into_any()
    }
}

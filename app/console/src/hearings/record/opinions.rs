//! `/desk/hearings/{id}/opinions`: what observers made of a session, to be replied to and, with the
//! reply, published.

use super::answers::{
    Answers, Entry, Typed, Words, answer_field, entries_page, publish_field, seen_field, who,
};
use crate::desk::Desk;
use crate::fields::tick;
use app::i18n::time;
use app::ui;
use app::ui::form::{Field, action_button, error_for, hidden, textarea};
use domain::consultations::Consultation;
use domain::hearings::{Hearing, ReceivedOpinion};
use domain::limits;
use domain::problem::Violations;
use leptos::prelude::*;

/// `/desk/hearings/{id}/opinions`.
pub fn opinions_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    received: &[ReceivedOpinion],
    typed: &Answers,
    wrong: Option<&Violations>,
) -> String {
    let t = desk.t();
    let words = Words {
        title: t.desk_opinions(),
        intro: t.desk_opinions_intro(),
        none: t.desk_opinions_none(),
        answer: t.desk_opinion_reply(),
    };
    let of = (consultation, hearing, "/opinions");
    let answers = typed;
    entries_page(desk, of, &words, received, Typed { answers, wrong })
}

impl Entry for ReceivedOpinion {
    fn is_answered(&self) -> bool {
        self.opinion.reply.is_some()
    }

    fn view(&self, desk: &Desk, hearing: &Hearing, typed: Option<Typed<'_>>) -> AnyView {
        let t = desk.t();
        let zone = time::zone(&hearing.unit.zone);
        let serial = self.number.serial;
        let reply = self.opinion.reply.as_ref().map(|reply| {
            let public = match reply.published {
                true => t.desk_opinion_is_public(),
                false => t.desk_opinion_is_kept(),
            };
            view! {
                <p class="why">
                    {t.desk_opinion_reply()} " " {ui::instant(t, reply.replied_at, &zone)} " · "
                    {public}
                </p>
                {ui::prose_in(desk.page.lang_of(&hearing.unit), &reply.text)}
            }
        });
        let named = match self.publish_name {
            true => t.desk_application_name_public(),
            false => t.desk_application_name_kept(),
        };
        let acts = typed.map(|typed| {
            let name = answer_field(serial);
            let field = Field {
                error: error_for(t, typed.wrong, &name),
                name,
                label: t.desk_opinion_reply().into(),
                hint: None,
                value: typed.answers.of(serial),
            };
            let publish = publish_field(serial);
            let publishes = !typed.answers.typed || typed.answers.publish.contains(&serial);
            view! {
                {hidden(&seen_field(serial), &self.opinion.sent_at.to_string())}
                {textarea(&field, 4, limits::REASON)}
                <p class="ticks">
                    {tick(
                        &publish,
                        publish.clone(),
                        "on".into(),
                        t.desk_opinion_publish().into(),
                        publishes,
                    )}
                </p>
                <p class="acts">
                    {action_button("button", format!("reply.{serial}"), t.desk_opinion_send())}
                </p>
            }
        });
        view! {
            <article class="entry" id=format!("opinion-{serial}") tabindex="-1">
                <header>
                    {who(self.number, &self.name)} " " <span class="hint">{named}</span> " "
                    {ui::instant(t, self.opinion.sent_at, &zone)}
                </header>
                {ui::prose(&self.opinion.text)}
                {reply}
                {acts}
            </article>
        }
        .into_any()
    }
}

//! `/desk/hearings/{id}/opinions`: what observers made of a session, to be replied to and, with the
//! reply, published.

use super::answers::{Answers, answer_field, publish_field, seen_field, who};
use crate::desk::Desk;
use crate::fields::{form, tick};
use crate::frame::{Head, Tab, screen};
use crate::hearings::{to, up};
use app::i18n::time;
use app::ui;
use app::ui::form::{
    Field, action_button, default_button, error_for, error_summary, hidden, textarea,
};
use domain::consultations::Consultation;
use domain::hearings::{Hearing, ReceivedOpinion};
use domain::limits;
use domain::problem::Violations;
use domain::staff::Role;
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
    let head = Head::of(t.desk_opinions(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let may = desk.may(consultation, Role::Approver);
        let (waiting, answered): (Vec<_>, Vec<_>) =
            received.iter().partition(|one| one.opinion.reply.is_none());
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
                to(desk, hearing.id, "/opinions"),
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
        let none = received
            .is_empty()
            .then(|| ui::inset(view! { <p>{t.desk_opinions_none()}</p> }));
        view! {
            <h1>{t.desk_opinions()}</h1>
            {up(desk, hearing)}
            <p class="intro">{t.desk_opinions_intro()}</p>
            {error_summary(t, wrong, |_| Some(t.desk_opinion_reply().into()))}
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
    one: &ReceivedOpinion,
    typed: Option<(&Answers, Option<&Violations>)>,
) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&hearing.unit.zone);
    let serial = one.number.serial;
    let reply = one.opinion.reply.as_ref().map(|reply| {
        let public = match reply.published {
            true => t.desk_opinion_is_public(),
            false => t.desk_opinion_is_kept(),
        };
        view! {
            <p class="why">
                {t.desk_opinion_reply()} " " {ui::instant(t, reply.replied_at, &zone)} " · " {public}
            </p>
            {ui::prose_in(desk.page.lang_of(&hearing.unit), &reply.text)}
        }
    });
    let named = match one.publish_name {
        true => t.desk_application_name_public(),
        false => t.desk_application_name_kept(),
    };
    let acts = typed.map(|(typed, wrong)| {
        let name = answer_field(serial);
        let field = Field {
            error: error_for(t, wrong, &name),
            name,
            label: t.desk_opinion_reply().into(),
            hint: None,
            value: typed.of(serial),
        };
        let publish = publish_field(serial);
        let publishes = !typed.typed || typed.publish.contains(&serial);
        view! {
            {hidden(&seen_field(serial), &one.opinion.sent_at.to_string())}
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
                {who(one.number, &one.name)} " " <span class="hint">{named}</span> " "
                {ui::instant(t, one.opinion.sent_at, &zone)}
            </header>
            {ui::prose(&one.opinion.text)}
            {reply}
            {acts}
        </article>
    }
    .into_any()
}

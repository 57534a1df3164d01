//! What is typed beside each of several entries that wait for an answer, and how a screen of them is
//! made: corrections of the minutes, and opinions of observers.

use crate::desk::Desk;
use crate::fields::form;
use crate::frame::{Head, Tab, screen};
use crate::hearings::{to, up};
use app::page::plain;
use app::ui;
use app::ui::form::{default_button, error_summary};
use domain::Timestamp;
use domain::consultations::Consultation;
use domain::hearings::{ApplicationNumber, Hearing};
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;
use std::collections::HashMap;

/// The field of the answer to one entry.
pub fn answer_field(serial: i64) -> String {
    format!("answer.{serial}")
}

/// The field that says what of an entry was seen.
pub fn seen_field(serial: i64) -> String {
    format!("seen.{serial}")
}

/// The field of the choice to publish an entry.
pub fn publish_field(serial: i64) -> String {
    format!("publish.{serial}")
}

/// Everything that was typed, by the serial number of the application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    pub answers: HashMap<i64, String>,
    pub seen: HashMap<i64, Timestamp>,
    pub publish: Vec<i64>,
    /// Whether anything was typed at all: then an empty tick is a choice.
    pub typed: bool,
}

impl Answers {
    /// Reads the pairs of the form.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut read = Self {
            typed: true,
            ..Self::default()
        };
        for (name, value) in pairs {
            let Some((field, serial)) = name.split_once('.') else {
                continue;
            };
            let Ok(serial) = serial.parse::<i64>() else {
                continue;
            };
            match field {
                "answer" => {
                    read.answers.insert(serial, value.into());
                }
                "seen" => {
                    if let Ok(at) = value.parse() {
                        read.seen.insert(serial, at);
                    }
                }
                "publish" => read.publish.push(serial),
                _ => {}
            }
        }
        read
    }

    /// What was typed for one entry.
    pub fn of(&self, serial: i64) -> &str {
        self.answers.get(&serial).map_or("", String::as_str)
    }
}

/// Something that was said after a session and waits for an answer, or has it.
pub(super) trait Entry {
    fn is_answered(&self) -> bool;

    /// With the fields of its answer where one may be given.
    fn view(&self, desk: &Desk, hearing: &Hearing, typed: Option<Typed<'_>>) -> AnyView;
}

/// What was typed, and what is wrong with it.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    pub answers: &'a Answers,
    pub wrong: Option<&'a Violations>,
}

/// What a screen of entries says of them.
pub(super) struct Words {
    pub title: &'static str,
    pub intro: &'static str,
    /// Where there is no entry.
    pub none: &'static str,
    /// What the field of an answer is called.
    pub answer: &'static str,
}

/// A screen of entries, below its session's at `rest`: first those that wait.
pub(super) fn entries_page<E: Entry>(
    desk: &Desk,
    (consultation, hearing, rest): (&Consultation, &Hearing, &str),
    words: &Words,
    entries: &[E],
    typed: Typed<'_>,
) -> String {
    let t = desk.t();
    let head = Head::of(words.title, consultation, Tab::Hearings);
    screen(desk, &head, || {
        let may = desk.may(consultation, Role::Approver);
        let (answered, waiting): (Vec<_>, Vec<_>) =
            entries.iter().partition(|one| one.is_answered());
        let needs = (!may && !waiting.is_empty())
            .then(|| ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> }));
        let open = (!waiting.is_empty()).then(|| {
            let entries = waiting
                .iter()
                .map(|one| one.view(desk, hearing, may.then_some(typed)))
                .collect_view();
            if !may {
                return entries.into_any();
            }
            form(
                to(desk, hearing.id, rest),
                view! {
                    {default_button("look".into())}
                    {entries}
                },
            )
        });
        let done = (!answered.is_empty()).then(|| {
            let entries = answered
                .iter()
                .map(|one| one.view(desk, hearing, None))
                .collect_view();
            view! {
                <h2>{t.desk_answered_already()}</h2>
                {entries}
            }
        });
        let none = entries
            .is_empty()
            .then(|| ui::inset(view! { <p>{words.none}</p> }));
        view! {
            <h1>{words.title}</h1>
            {up(desk, hearing)}
            <p class="intro">{words.intro}</p>
            {error_summary(t, typed.wrong, |_| Some(words.answer.into()))}
            {needs}
            {none}
            {open}
            {done}
        }
    })
}

/// Who an entry is of: the ticket, and the name for staff.
pub(super) fn who(number: ApplicationNumber, name: &str) -> AnyView {
    view! {
        <b class="number">{number.to_string()}</b>
        " "
        <span class="from" dir="auto">
            {plain(name)}
        </span>
    }
    .into_any()
}

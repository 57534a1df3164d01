//! What is typed beside each of several entries that wait for an answer, and how a screen of them is
//! made: corrections of the minutes, and opinions of observers.

use app::page::plain;
use domain::Timestamp;
use domain::hearings::ApplicationNumber;
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

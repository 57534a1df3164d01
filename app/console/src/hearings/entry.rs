//! A participant whom staff enter themselves: where seats are filled by hand, those who are recommended
//! or appointed need not apply.

use super::ApplicationsData;
use crate::desk::Desk;
use crate::fields::form;
use app::page::plain;
use app::ui::form::{Choice, Field, Group, action_button, error_for, select, text_input};
use domain::hearings::SessionState;
use domain::staff::Role;
use leptos::prelude::*;

/// The form below the list, where some seats are filled by hand and the session is still to come.
pub(super) fn entry(desk: &Desk, data: ApplicationsData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let by_hand: Vec<Choice> = data
        .hearing
        .notice
        .categories
        .iter()
        .filter(|category| category.fill.is_by_hand())
        .map(|category| Choice {
            value: category.code.clone(),
            text: plain(&category.name),
        })
        .collect();
    let to_come = !matches!(
        data.hearing.state,
        SessionState::Preparing | SessionState::Cancelled | SessionState::Held
    );
    let may = desk.may(data.consultation, Role::Moderator);
    if by_hand.is_empty() || !to_come || !may {
        return None;
    }
    let field = |name: &str, label: &str, hint: Option<&str>, value| Field {
        name: name.into(),
        label: label.into(),
        hint: hint.map(Into::into),
        value,
        error: error_for(t, data.wrong, name),
    };
    let entry = data.entry;
    let category = field(
        "entry.category",
        t.desk_hearing_category(),
        None,
        &entry.category,
    );
    let name = field("entry.name", t.desk_entry_name(), None, &entry.name);
    let contact = field(
        "entry.contact",
        t.desk_entry_contact(),
        Some(t.desk_entry_contact_hint()),
        &entry.contact,
    );
    let choices = [Group {
        heading: String::new(),
        choices: by_hand,
    }];
    Some(
        view! {
            <section>
                <h2>{t.desk_entry()}</h2>
                <p>{t.desk_entry_intro()}</p>
                {form(
                    desk.to(&data.action()),
                    view! {
                        {select(&category, &choices)}
                        {text_input(&name, "off")}
                        {text_input(&contact, "off")}
                        {action_button("button", "enter".into(), t.desk_entry_button())}
                    },
                )}
            </section>
        }
        .into_any(),
    )
}

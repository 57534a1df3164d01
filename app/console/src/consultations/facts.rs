//! The facts that staff enter: title, what is decided, explanation, who to ask.

use crate::desk::Desk;
use crate::fields::{form, submit};
use crate::frame::{Head, Place, Tab, screen};
use app::ui::form::{
    Choice, Field, Group, error_for, error_summary, hidden, select, text_input, textarea,
};
use domain::consultations::{Consultation, NewConsultation};
use domain::limits;
use domain::problem::{Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub struct FactsData<'a> {
    pub form: &'a NewConsultation,
    /// The consultation that is edited; `None` for a new one.
    pub of: Option<&'a Consultation>,
    pub wrong: Option<&'a Violations>,
}

/// `/desk/c/new` and `/desk/c/{number}/edit`.
pub fn facts_page(desk: &Desk, data: FactsData<'_>) -> String {
    let t = desk.t();
    let title = match data.of {
        Some(_) => t.desk_edit_facts(),
        None => t.desk_create(),
    };
    let head = match data.of {
        Some(consultation) => Head::of(title, consultation, Tab::Status),
        None => Head::new(title, Place::Elsewhere),
    };
    screen(desk, &head, || {
        let action = match data.of {
            Some(consultation) => desk.of(consultation.number, "/edit"),
            None => desk.to("/desk/c/new"),
        };
        let button = match data.of {
            Some(_) => t.desk_save(),
            None => t.desk_create_button(),
        };
        view! {
            <h1>{title}</h1>
            <p class="intro">{t.desk_facts_intro()}</p>
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {form(action, view! { {fields(desk, data)} {submit(button)} })}
        }
    })
}

fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    let name = match violation.field.as_str() {
        "unit" => t.desk_unit(),
        "title" => t.desk_title(),
        "summary" => t.desk_summary(),
        "explanation" => t.part_explanation(),
        "contact" => t.ask_who(),
        "other_ways" => t.ask_other_ways(),
        _ => return None,
    };
    Some(name.into())
}

fn fields(desk: &Desk, data: FactsData<'_>) -> AnyView {
    let t = desk.t();
    let FactsData { form, of, wrong } = data;
    let field = |name: &'static str, label: &str, hint: &str, value| Field {
        name: name.into(),
        label: label.into(),
        hint: Some(hint.to_owned()).filter(|hint| !hint.is_empty()),
        value,
        error: error_for(t, wrong, name),
    };
    let title = field("title", t.desk_title(), t.desk_title_hint(), &form.title);
    let summary = field(
        "summary",
        t.desk_summary(),
        t.desk_summary_hint(),
        &form.summary,
    );
    let explanation = field(
        "explanation",
        t.part_explanation(),
        t.desk_explanation_hint(),
        &form.explanation,
    );
    let contact = form.contact.as_deref().unwrap_or("");
    let contact = field(
        "contact",
        t.desk_ask_who_optional(),
        t.desk_contact_hint(),
        contact,
    );
    let other_ways = form.other_ways.as_deref().unwrap_or("");
    let other_ways = field(
        "other_ways",
        t.desk_other_ways_optional(),
        t.desk_other_ways_hint(),
        other_ways,
    );
    view! {
        {of.is_none().then(|| unit(desk, form, wrong))}
        {text_input(&title, "off")}
        {textarea(&summary, 4, limits::SUMMARY)}
        {textarea(&explanation, 14, limits::EXPLANATION)}
        {textarea(&contact, 3, limits::CONTACT_LINES)}
        {textarea(&other_ways, 3, limits::CONTACT_LINES)}
    }
    .into_any()
}

/// Which unit consults; not asked where there is only one.
fn unit(desk: &Desk, form: &NewConsultation, wrong: Option<&Violations>) -> AnyView {
    let t = desk.t();
    let mut choices: Vec<Choice> = desk
        .seats_with(Role::Editor)
        .map(|seat| Choice {
            value: seat.unit.slug.clone(),
            text: app::page::plain(&seat.unit.name),
        })
        .collect();
    let error = error_for(t, wrong, "unit");
    if let ([only], None) = (choices.as_slice(), &error) {
        return hidden("unit", &only.value);
    }
    choices.insert(
        0,
        Choice {
            value: String::new(),
            text: t.desk_choose().into(),
        },
    );
    let field = Field {
        name: "unit".into(),
        label: t.desk_unit().into(),
        hint: None,
        value: &form.unit,
        error,
    };
    select(
        &field,
        &[Group {
            heading: String::new(),
            choices,
        }],
    )
}

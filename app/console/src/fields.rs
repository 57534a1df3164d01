//! Form parts that only the desk needs, beside those of [`app::ui::form`].

use app::i18n::T;
use app::ui::form::{Choice, Field, Group};
use domain::drafts::{Clause, Draft};
use leptos::prelude::*;

/// One line of a kind that browsers know: `password`, `email`, `datetime-local`, `search`.
pub(crate) fn input(field: &Field<'_>, kind: &'static str, autocomplete: &'static str) -> AnyView {
    view! {
        <div class=field.class()>
            <label for=field.name.clone()>{field.label.clone()}</label>
            {field.notes()}
            <input
                type=kind
                id=field.name.clone()
                name=field.name.clone()
                value=field.value.to_owned()
                autocomplete=autocomplete
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
            />
        </div>
    }
    .into_any()
}

/// One line with suggestions from the list with this id.
pub(crate) fn suggested(field: &Field<'_>, list: &'static str) -> AnyView {
    view! {
        <div class=field.class()>
            <label for=field.name.clone()>{field.label.clone()}</label>
            {field.notes()}
            <input
                id=field.name.clone()
                name=field.name.clone()
                value=field.value.to_owned()
                list=list
                autocomplete="off"
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
            />
        </div>
    }
    .into_any()
}

/// One line for a number: a telephone offers its digits.
pub(crate) fn number(field: &Field<'_>) -> AnyView {
    view! {
        <div class=format!("{} number", field.class())>
            <label for=field.name.clone()>{field.label.clone()}</label>
            {field.notes()}
            <input
                inputmode="decimal"
                id=field.name.clone()
                name=field.name.clone()
                value=field.value.to_owned()
                autocomplete="off"
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
            />
        </div>
    }
    .into_any()
}

/// Something to tick.
pub(crate) fn tick(name: &str, id: String, value: String, label: String, ticked: bool) -> AnyView {
    view! {
        <span class="tick">
            <input type="checkbox" id=id.clone() name=name.to_owned() value=value checked=ticked />
            <label for=id>{label}</label>
        </span>
    }
    .into_any()
}

/// A form that posts to a screen of the desk.
pub(crate) fn form(action: String, body: impl IntoView + 'static) -> AnyView {
    view! {
        <form method="post" accept-charset="utf-8" action=action>
            {body.into_any()}
        </form>
    }
    .into_any()
}

/// A button that sends the form as it is.
pub(crate) fn submit(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <button class="button">{text}</button> }.into_any()
}

/// A table that scrolls inside its own region, which the keyboard can reach.
pub(crate) fn table(label: String, heads: Vec<String>, rows: impl IntoView + 'static) -> AnyView {
    let heads = heads
        .into_iter()
        .map(|head| view! { <th scope="col">{head}</th> })
        .collect_view();
    view! {
        <div class="scroll" role="region" aria-label=label tabindex="0">
            <table>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows.into_any()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Something to copy by hand.
pub(crate) fn snippet(label: String, text: String) -> AnyView {
    view! {
        <pre class="snippet" tabindex="0" role="region" aria-label=label>
            <code>{text}</code>
        </pre>
    }
    .into_any()
}

/// A clause as it is named in a list: 第二章 总则, 第十二条, or the beginning of unlabelled text.
pub(crate) fn clause_name(t: T, clause: &Clause) -> String {
    app::ui::clause_name(t, &clause.name())
}

/// The clauses of a draft to choose from, under their headings; what stands outside them first.
pub(crate) fn clause_groups(t: T, draft: &Draft, first: Vec<Choice>) -> Vec<Group> {
    let mut groups = vec![Group {
        heading: String::new(),
        choices: first,
    }];
    for clause in &draft.clauses {
        if clause.kind.is_heading() {
            groups.push(Group {
                heading: clause_name(t, clause),
                choices: Vec::new(),
            });
            continue;
        }
        let Some(group) = groups.last_mut() else {
            continue;
        };
        if !clause.invites_comments() {
            continue;
        }
        group.choices.push(Choice {
            value: clause.id.to_string(),
            text: clause_name(t, clause),
        });
    }
    groups.retain(|group| !group.choices.is_empty());
    groups
}

//! Form parts: every field has a visible label, a hint and an error that assistive technology
//! reads with it, and an id that the error summary links to. What is wrong takes the reading
//! position when the page comes, and the page's title says that there is something.

use crate::i18n::T;
use domain::problem::{Violation, Violations};
use leptos::prelude::*;

/// One field: its name, what stands beside it, and what the person typed.
#[derive(Clone, Debug, Default)]
pub struct Field<'a> {
    /// Name and id.
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    pub value: &'a str,
    pub error: Option<String>,
}

impl Field<'_> {
    fn hint_id(&self) -> String {
        format!("{}-hint", self.name)
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.name)
    }

    pub fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| self.hint_id());
        let error = self.error.as_ref().map(|_| self.error_id());
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    pub fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    pub fn class(&self) -> &'static str {
        if self.error.is_some() {
            "field wrong"
        } else {
            "field"
        }
    }

    pub fn notes(&self) -> impl IntoView + use<> {
        let hint_id = self.hint_id();
        let hint = self.hint.clone().map(|hint| {
            view! { <p class="hint" id=hint_id>{hint}</p> }
        });
        (hint, error_message(self.error_id(), self.error.clone()))
    }
}

fn error_message(id: String, error: Option<String>) -> Option<AnyView> {
    error.map(|error| view! { <p class="error" id=id>{error}</p> }.into_any())
}

/// The id of the form field that a violation belongs to.
pub fn field_id(field: &str) -> &str {
    match field {
        "author.name" => "name",
        "author.kind" => "kind",
        "author.display" => "display",
        "points" => "points.0.text",
        // One field with a line for each.
        line if line.starts_with("origins.") => "origins",
        field => field,
    }
}

/// The sentence for a form field, if something is wrong with it.
pub fn error_for(t: T, wrong: Option<&Violations>, id: &str) -> Option<String> {
    wrong?
        .0
        .iter()
        .find(|violation| field_id(&violation.field) == id)
        .map(|violation| t.fault(violation))
}

/// All that is wrong, at the top of the page, each line leading to its field. `place` says in
/// words where a field is, where its sentence alone does not.
pub fn error_summary(
    t: T,
    wrong: Option<&Violations>,
    place: impl Fn(&Violation) -> Option<String>,
) -> Option<AnyView> {
    let wrong = wrong.filter(|wrong| !wrong.0.is_empty())?;
    let lines = wrong
        .0
        .iter()
        .map(|violation| {
            let href = format!("#{}", field_id(&violation.field));
            let place = place(violation)
                .map(|place| t.form_place(place))
                .unwrap_or_default();
            let text = format!("{place}{}", t.fault(violation));
            view! {
                <li>
                    <a href=href>{text}</a>
                </li>
            }
        })
        .collect_view();
    Some(summary_box(t.form_wrong_title(), lines))
}

/// The error summary for a form whose fields and sentences are its own: ids and what to say.
pub fn error_lines(t: T, lines: Vec<(String, String)>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let lines = lines
        .into_iter()
        .map(|(id, sentence)| {
            view! {
                <li>
                    <a href=format!("#{id}")>{sentence}</a>
                </li>
            }
        })
        .collect_view();
    Some(summary_box(t.form_wrong_title(), lines))
}

/// One sentence in the place of the error summary.
pub fn error_note(title: &'static str, sentence: String, href: &'static str) -> AnyView {
    summary_box(
        title,
        view! {
            <li>
                <a href=href>{sentence}</a>
            </li>
        },
    )
}

fn summary_box(title: &'static str, lines: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="summary" role="alert" tabindex="-1" autofocus id="errors">
            <h2>{title}</h2>
            <ul>{lines.into_any()}</ul>
        </div>
    }
    .into_any()
}

/// Why the last press of the button did nothing.
pub fn not_done(why: &str) -> AnyView {
    let why = why.to_owned();
    view! {
        <div class="inset" role="alert" tabindex="-1" autofocus>
            <p>{why}</p>
        </div>
    }
    .into_any()
}

/// Whether a rendered body shows an error summary or a refusal. What people typed stands in it
/// escaped, and cannot look like one.
pub fn shows_errors(body: &str) -> bool {
    body.split("<div ")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .any(|(attributes, _)| attributes.contains(" autofocus"))
}

/// One line of text.
pub fn text_input(field: &Field<'_>, autocomplete: &'static str) -> AnyView {
    view! {
        <div class=field.class()>
            <label for=field.name.clone()>{field.label.clone()}</label>
            {field.notes()}
            <input
                id=field.name.clone()
                name=field.name.clone()
                value=field.value.to_owned()
                autocomplete=autocomplete
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                dir="auto"
            />
        </div>
    }
    .into_any()
}

/// Several lines of text, with a limit in characters that an island counts.
pub fn textarea(field: &Field<'_>, rows: usize, limit: usize) -> AnyView {
    // A text area's content is not escaped by the view, and its first line break is swallowed.
    let content = format!("\n{}", escape(field.value));
    view! {
        <div class=field.class()>
            <label for=field.name.clone()>{field.label.clone()}</label>
            {field.notes()}
            <textarea
                id=field.name.clone()
                name=field.name.clone()
                rows=rows.to_string()
                data-limit=limit.to_string()
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                dir="auto"
                inner_html=content
            ></textarea>
        </div>
    }
    .into_any()
}

/// One choice of a select.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub text: String,
}

/// Choices under a heading; no heading puts them directly into the list.
#[derive(Clone, Debug)]
pub struct Group {
    pub heading: String,
    pub choices: Vec<Choice>,
}

/// A list to choose one from.
pub fn select(field: &Field<'_>, groups: &[Group]) -> AnyView {
    let options = |choices: &[Choice]| {
        choices
            .iter()
            .map(|choice| {
                let selected = choice.value == field.value;
                view! {
                    <option value=choice.value.clone() selected=selected>
                        {choice.text.clone()}
                    </option>
                }
            })
            .collect_view()
    };
    let groups = groups
        .iter()
        .map(|group| {
            let options = options(&group.choices);
            if group.heading.is_empty() {
                options.into_any()
            } else {
                view! { <optgroup label=group.heading.clone()>{options}</optgroup> }.into_any()
            }
        })
        .collect_view();
    view! {
        <div class=field.class()>
            <label for=field.name.clone()>{field.label.clone()}</label>
            {field.notes()}
            <select
                id=field.name.clone()
                name=field.name.clone()
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
            >
                {groups}
            </select>
        </div>
    }
    .into_any()
}

/// One choice among few, each with its explanation.
pub struct Radio {
    pub value: &'static str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
}

/// A question with few answers, all visible. The first choice carries the name as its id, so that
/// an error can lead there.
pub fn radios(field: &Field<'_>, choices: &[Radio]) -> AnyView {
    let items = choices
        .iter()
        .enumerate()
        .map(|(index, choice)| {
            let id = if index == 0 {
                field.name.clone()
            } else {
                format!("{}-{}", field.name, choice.value)
            };
            let hint_id = format!("{id}-{}", "about");
            let described = choice.hint.map(|_| hint_id.clone());
            let hint = choice
                .hint
                .map(|hint| view! { <span class="hint" id=hint_id>{hint}</span> });
            view! {
                <div class="radio">
                    <input
                        type="radio"
                        id=id.clone()
                        name=field.name.clone()
                        value=choice.value
                        checked=choice.value == field.value
                        aria-describedby=described
                    />
                    <label for=id>{choice.label}</label>
                    {hint}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class=field.class() aria-describedby=field.described_by()>
            <legend>{field.label.clone()}</legend>
            {field.notes()}
            {items}
        </fieldset>
    }
    .into_any()
}

/// A value that the form carries along unseen.
pub fn hidden(name: &str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }.into_any()
}

/// A button that sends the form with this `action`.
pub fn action_button(class: &'static str, action: String, text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! {
        <button class=class name="action" value=action>
            {text}
        </button>
    }
    .into_any()
}

/// Return in a text field presses a form's first button: this one, not "take out point 1".
pub fn default_button(action: String) -> AnyView {
    view! { <button class="vh" name="action" value=action tabindex="-1" aria-hidden="true"></button> }
        .into_any()
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

//! The comment form: points first, then who is speaking. It works by plain POST, button by button;
//! the island around it only makes it quicker.

use super::islands::{CommentFormIsland, Words, kept_name};
use crate::consultations::parts;
use crate::page::{Chrome, Head, PageContext, To, page, plain};
use crate::ui;
use crate::ui::form::{Choice, Field, Group, Radio, error_for};
use domain::comments::form::{Action, CommentForm};
use domain::comments::{AuthorKind, Display, RawPoint};
use domain::consultations::Consultation;
use domain::drafts::{Clause, Draft};
use domain::id::ClauseId;
use domain::limits;
use domain::problem::{Violation, Violations};
use leptos::prelude::*;

/// `/c/{number}/comment`: the form, perhaps with what is wrong with it.
pub fn form_page(
    cx: &PageContext,
    consultation: &Consultation,
    draft: &Draft,
    form: &CommentForm,
    wrong: Option<&Violations>,
) -> String {
    let t = cx.t();
    let title = t.comment_form_title(&consultation.title);
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&To::Comment(consultation.number, None))),
        private: false,
    };
    page(cx, &head, || {
        form_body(cx, consultation, draft, form, wrong)
    })
}

/// The form with its heading; outside the round it says why there is none.
pub(crate) fn form_body(
    cx: &PageContext,
    consultation: &Consultation,
    draft: &Draft,
    form: &CommentForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = cx.t();
    if !consultation.is_open() {
        return view! {
            {parts::part_heading(cx, consultation, t.comment_heading())}
            {ui::inset(view! { <p>{t.comment_not_open()}</p> })}
            {parts::answered(cx, consultation)}
            {too_late(cx, draft, form).unwrap_or_else(|| left(cx, consultation))}
            {crate::consultations::facts(cx, consultation)}
        }
        .into_any();
    }
    view! {
        {parts::part_heading(cx, consultation, t.comment_heading())}
        {live_form(cx, consultation, draft, form, wrong)}
    }
    .into_any()
}

/// What was typed while the round closed, so that its writer can still take it elsewhere.
fn too_late(cx: &PageContext, draft: &Draft, form: &CommentForm) -> Option<AnyView> {
    let t = cx.t();
    let points: Vec<AnyView> = form
        .points
        .iter()
        .filter(|point| point.says_something())
        .map(|point| {
            let clause = super::review::clause_name(t, draft, point);
            super::review::typed(t, clause, point)
        })
        .collect();
    (!points.is_empty()).then(|| {
        view! {
            <h2>{t.comment_too_late()}</h2>
            {points}
        }
        .into_any()
    })
}

/// What the browser still keeps for this consultation, to be copied; its script shows it.
fn left(cx: &PageContext, consultation: &Consultation) -> AnyView {
    let t = cx.t();
    let name = kept_name(&consultation.number.to_string());
    view! {
        <yanlu-kept hidden data-left=name>
            <h2>{t.comment_left_title()}</h2>
            <p>{t.comment_left()}</p>
            <button type="button" class="quiet">
                {t.comment_left_clear()}
            </button>
        </yanlu-kept>
    }
    .into_any()
}

/// The form in its island, with what is wrong above it.
pub(crate) fn live_form(
    cx: &PageContext,
    consultation: &Consultation,
    draft: &Draft,
    form: &CommentForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = cx.t();
    let to = To::Comment(consultation.number, None);
    let action = cx.action(&to);
    let number = consultation.number.to_string();
    // A form that came back with its values must not be filled again from what the browser kept.
    let kept = wrong.is_some() || form.points.iter().any(|p| !p.text.is_empty());
    let editing = Editing {
        action,
        code: None,
        intro: Some(t.comment_intro()),
        kept,
    };
    let fields = comment_form(cx, draft, form, wrong, &editing);
    let kept = kept_name(&number);
    view! {
        {ui::form::error_summary(t, wrong, |violation| place(cx, violation))}
        <div data-draft=kept>
            <CommentFormIsland
                base=cx.base.clone()
                number=number
                lang=cx.lang.tag().to_owned()
                zone=consultation.unit.zone.clone()
                words=Words::of(t).lines()
            >
                {fields}
            </CommentFormIsland>
        </div>
    }
    .into_any()
}

/// "Point 2", for violations inside a point.
pub(crate) fn place(cx: &PageContext, violation: &Violation) -> Option<String> {
    let index = violation.field.strip_prefix("points.")?.split('.').next()?;
    let number = index.parse::<usize>().ok()? + 1;
    Some(cx.t().comment_point(number))
}

/// Where the form goes, and what it carries along.
pub(crate) struct Editing {
    pub action: String,
    /// The receipt code, when a sent comment is being edited.
    pub code: Option<String>,
    /// Stands at the top of the form, and goes with it when the review takes its place.
    pub intro: Option<&'static str>,
    /// The values came from the person just now.
    pub kept: bool,
}

/// The fields and buttons.
pub(crate) fn comment_form(
    cx: &PageContext,
    draft: &Draft,
    form: &CommentForm,
    wrong: Option<&Violations>,
    editing: &Editing,
) -> AnyView {
    let t = cx.t();
    let many = form.points.len() > 1;
    let points = form
        .points
        .iter()
        .enumerate()
        .map(|(index, raw)| point(cx, draft, raw, index, many, wrong))
        .collect_view();
    let target = (cx.chrome == Chrome::Fragment).then_some("_blank");
    let code = editing
        .code
        .as_ref()
        .map(|code| ui::form::hidden("code", code));
    let full = form.points.len() >= limits::POINTS_PER_COMMENT;
    view! {
        <form
            class="comment"
            method="post"
            accept-charset="utf-8"
            action=editing.action.clone()
            target=target
            novalidate
            data-kept=editing.kept.then_some("")
        >
            {ui::form::default_button(Action::Review.code())}
            {editing.intro.map(|intro| view! { <p class="intro">{intro}</p> })}
            {code}
            {ui::form::hidden("key", &form.key)}
            {points}
            <p class="add" hidden=full>
                {ui::form::action_button("second", Action::Add.code(), t.comment_add_point())}
            </p>
            {sender(cx, form, wrong)}
            <p class="buttons">
                {ui::form::action_button("button", Action::Review.code(), t.comment_review())}
                <span class="hint">{t.comment_review_hint()}</span>
            </p>
            {editing.code.is_none().then(|| keeping(cx))}
        </form>
    }
    .into_any()
}

/// Said once the island is there: without it nothing is kept.
fn keeping(cx: &PageContext) -> AnyView {
    view! {
        <p class="hint" hidden data-keeping="">
            {cx.t().comment_kept_here()}
        </p>
    }
    .into_any()
}

/// One point: its clause, the text, perhaps another wording. `many` shows the button to take it out.
pub(crate) fn point(
    cx: &PageContext,
    draft: &Draft,
    raw: &RawPoint,
    index: usize,
    many: bool,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = cx.t();
    let clause_name = format!("points.{index}.clause");
    let text_name = format!("points.{index}.text");
    let proposed_name = format!("points.{index}.proposed");
    // What names no clause at all is carried on as what it is, not letter by letter.
    let chosen = match raw.clause.as_deref().map(str::trim).unwrap_or("") {
        id if id.is_empty() || id.parse::<ClauseId>().is_ok() => id,
        _ => "unknown",
    };
    let quoted = find(draft, chosen).map(|clause| {
        view! {
            <blockquote class="quoted" dir="auto">
                {plain(&clause.text)}
            </blockquote>
        }
    });
    let clause = Field {
        error: error_for(t, wrong, &clause_name),
        name: clause_name,
        label: t.comment_clause().into(),
        hint: None,
        value: chosen,
    };
    let text = Field {
        error: error_for(t, wrong, &text_name),
        name: text_name,
        label: t.comment_text().into(),
        hint: None,
        value: &raw.text,
    };
    let proposed = Field {
        error: error_for(t, wrong, &proposed_name),
        name: proposed_name,
        label: t.comment_proposed().into(),
        hint: Some(t.comment_proposed_hint().into()),
        value: raw.proposed.as_deref().unwrap_or(""),
    };
    let open = !proposed.value.is_empty() || proposed.error.is_some();
    view! {
        <fieldset class="point" data-index=index.to_string()>
            <legend>{t.comment_point(index + 1)}</legend>
            {ui::form::select(&clause, &clause_choices(cx, draft, chosen))}
            {quoted}
            {ui::form::textarea(&text, 5, limits::POINT_TEXT)}
            <details open=open>
                <summary>{t.comment_proposed_open()}</summary>
                {ui::form::textarea(&proposed, 4, limits::PROPOSED_TEXT)}
            </details>
            <p class="remove" hidden=!many>
                {ui::form::action_button(
                    "quiet",
                    Action::Remove(index).code(),
                    t.comment_remove_point(index + 1),
                )}
            </p>
        </fieldset>
    }
    .into_any()
}

fn find<'a>(draft: &'a Draft, id: &str) -> Option<&'a Clause> {
    let id = id.parse().ok()?;
    draft.all_clauses().find(|clause| clause.id == id)
}

/// The clauses to choose from: the draft as a whole, then the articles and texts under their
/// headings.
/// Paragraphs and items would make a list that nobody can use; the one that was chosen in the text
/// stands with its siblings under its article.
fn clause_choices(cx: &PageContext, draft: &Draft, chosen: &str) -> Vec<Group> {
    let t = cx.t();
    let mut first = vec![Choice {
        value: String::new(),
        text: t.comment_whole_draft().into(),
    }];
    if !chosen.is_empty() && find(draft, chosen).is_none() {
        // Without it the browser would choose the first: the draft as a whole, unasked.
        first.push(Choice {
            value: chosen.to_owned(),
            text: t.comment_clause_gone().into(),
        });
    }
    let chosen = chosen.parse().ok();
    let mut groups = vec![Group {
        heading: String::new(),
        choices: first,
    }];
    for clause in &draft.clauses {
        if clause.kind.is_heading() {
            groups.push(Group {
                heading: plain(&clause.name()),
                choices: Vec::new(),
            });
            continue;
        }
        let Some(group) = groups.last_mut() else {
            break;
        };
        let below = clause.walk();
        let opened = chosen.is_some_and(|id| below.iter().any(|clause| clause.id == id));
        if !clause.invites_comments() && !opened {
            continue;
        }
        for (depth, clause) in below.into_iter().enumerate() {
            if depth == 0 || opened {
                group.choices.push(Choice {
                    value: clause.id.to_string(),
                    text: plain(&clause.name()),
                });
            }
        }
    }
    groups.retain(|group| !group.choices.is_empty());
    groups
}

fn sender(cx: &PageContext, form: &CommentForm, wrong: Option<&Violations>) -> AnyView {
    let t = cx.t();
    let kind = Field {
        name: "kind".into(),
        label: t.comment_kind().into(),
        value: form.kind.code(),
        ..Field::default()
    };
    let kinds = AuthorKind::ALL
        .iter()
        .map(|kind| Radio {
            value: kind.code(),
            label: t.kind(*kind),
            hint: None,
        })
        .collect::<Vec<_>>();
    let display = Field {
        name: "display".into(),
        label: t.comment_display().into(),
        hint: Some(t.comment_display_hint().into()),
        value: form.display.code(),
        error: None,
    };
    let displays = Display::ALL
        .iter()
        .map(|display| Radio {
            value: display.code(),
            label: t.display(*display),
            hint: Some(match display {
                Display::Shown => t.comment_shown_hint(),
                Display::Masked => t.comment_masked_hint(),
                Display::Anonymous => t.comment_anonymous_hint(),
            }),
        })
        .collect::<Vec<_>>();
    let name = Field {
        name: "name".into(),
        label: t.comment_name().into(),
        hint: Some(t.comment_name_hint().into()),
        value: &form.name,
        error: error_for(t, wrong, "name"),
    };
    let contact = Field {
        name: "contact".into(),
        label: t.comment_contact().into(),
        hint: Some(t.comment_contact_hint().into()),
        value: &form.contact,
        error: error_for(t, wrong, "contact"),
    };
    view! {
        <h2>{t.comment_about_you()}</h2>
        {ui::form::radios(&kind, &kinds)}
        {ui::form::radios(&display, &displays)}
        {ui::form::text_input(&name, "name")}
        {ui::form::text_input(&contact, "email")}
    }
    .into_any()
}

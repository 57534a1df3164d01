//! The form to apply for a seat. It works by plain POST, button by button; what is done with the
//! person's data is said before anything is sent.

use super::notice::{facts, part_heading};
use super::seats::filled;
use crate::comments::{self, place, point};
use crate::page::{Chrome, Head, PageContext, To, plain, session_page};
use crate::ui;
use crate::ui::form::{Field, error_for};
use domain::comments::form::Action;
use domain::drafts::Draft;
use domain::hearings::form::ApplicationForm;
use domain::hearings::{Hearing, Need};
use domain::limits;
use domain::problem::{Violation, Violations};
use leptos::prelude::*;

/// `/hearings/{id}/apply`: the form, perhaps with what is wrong with it. Outside the period it says
/// why there is none. Without a draft that everyone reads there are no clauses to speak on.
pub fn apply_page(
    cx: &PageContext,
    hearing: &Hearing,
    draft: Option<&Draft>,
    form: &ApplicationForm,
    wrong: Option<&Violations>,
) -> String {
    let t = cx.t();
    let title = t.apply_title(&hearing.notice.title);
    let head = Head {
        title: &title,
        unit: Some(&hearing.unit),
        canonical: Some(cx.public(&To::Apply(hearing.id))),
        private: false,
    };
    session_page(cx, &head, || {
        if !hearing.is_open() {
            return view! {
                {part_heading(cx, hearing, t.apply_heading())}
                {ui::inset(view! { <p>{t.apply_not_open()}</p> })}
                {too_late(cx, draft, form)}
                {facts(cx, hearing)}
            }
            .into_any();
        }
        let sending = Sending {
            action: cx.action(&To::Apply(hearing.id)),
            code: None,
        };
        view! {
            {part_heading(cx, hearing, t.apply_heading())}
            {ui::form::error_summary(t, wrong, |violation| place_of(cx, violation))}
            <p class="intro">{t.apply_intro()}</p>
            {fields(cx, hearing, draft, form, wrong, &sending)}
        }
        .into_any()
    })
}

/// What was typed while the period ended, so that its writer can still take it elsewhere.
fn too_late(cx: &PageContext, draft: Option<&Draft>, form: &ApplicationForm) -> Option<AnyView> {
    form.says_something().then(|| {
        view! {
            <h2>{cx.t().apply_too_late()}</h2>
            {super::review::values(cx, None, draft, form)}
        }
        .into_any()
    })
}

/// Which field a violation is about, where its sentence alone does not say it.
pub(super) fn place_of(cx: &PageContext, violation: &Violation) -> Option<String> {
    let t = cx.t();
    let label = match violation.field.as_str() {
        "category" => t.seats_category(),
        "name" => t.apply_name(),
        "contact" => t.apply_contact(),
        "district" => t.apply_district_short(),
        "statement" => t.apply_say(),
        "needs_note" => t.apply_needs_short(),
        _ => return place(cx, violation),
    };
    Some(label.to_owned())
}

/// Where the form goes, and the receipt code that it carries along when an application is changed.
pub(super) struct Sending {
    pub action: String,
    pub code: Option<String>,
}

/// The fields and buttons.
pub(super) fn fields(
    cx: &PageContext,
    hearing: &Hearing,
    draft: Option<&Draft>,
    form: &ApplicationForm,
    wrong: Option<&Violations>,
    sending: &Sending,
) -> AnyView {
    let t = cx.t();
    let target = (cx.chrome == Chrome::Fragment).then_some("_blank");
    let code = sending
        .code
        .as_ref()
        .map(|code| ui::form::hidden("code", code));
    let line = |name: &'static str, label: &str, hint: &str, value: &str, fill: &'static str| {
        let field = Field {
            name: name.into(),
            label: label.into(),
            hint: (!hint.is_empty()).then(|| hint.into()),
            value,
            error: error_for(t, wrong, name),
        };
        ui::form::text_input(&field, fill)
    };
    let statement = Field {
        name: "statement".into(),
        label: t.apply_statement().into(),
        hint: Some(t.apply_statement_hint().into()),
        value: &form.statement,
        error: error_for(t, wrong, "statement"),
    };
    view! {
        <form
            class="comment apply"
            method="post"
            accept-charset="utf-8"
            action=sending.action.clone()
            target=target
            novalidate
        >
            {ui::form::default_button(Action::Review.code())}
            {code}
            {ui::form::hidden("key", &form.key)}
            {categories(cx, hearing, form, wrong)}
            <h2>{t.comment_about_you()}</h2>
            {line("name", t.apply_name(), t.apply_name_hint(), &form.name, "name")}
            {line("contact", t.apply_contact(), t.apply_contact_hint(), &form.contact, "email")}
            {line("district", t.apply_district(), t.apply_district_hint(), &form.district, "off")}
            <h2>{t.apply_say()}</h2>
            {ui::form::textarea(&statement, 5, limits::STATEMENT)}
            {draft.map(|draft| points(cx, draft, form, wrong))}
            {needs(cx, form, wrong)}
            {publish_name(cx, form)}
            {ui::inset(
                view! {
                    <h2>{t.apply_data_title()}</h2>
                    <p>{t.apply_data(limits::APPLICATION_DAYS)}</p>
                },
            )}
            <p class="buttons">
                {ui::form::action_button("button", Action::Review.code(), t.comment_review())}
                <span class="hint">{t.comment_review_hint()}</span>
            </p>
        </form>
    }
    .into_any()
}

/// For which seats. The first carries the name as its id, so that an error can lead there.
fn categories(
    cx: &PageContext,
    hearing: &Hearing,
    form: &ApplicationForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = cx.t();
    let field = Field {
        name: "category".into(),
        label: t.apply_category().into(),
        hint: Some(t.apply_category_hint().into()),
        value: form.category.trim(),
        error: error_for(t, wrong, "category"),
    };
    let items = hearing
        .notice
        .categories
        .iter()
        .enumerate()
        .map(|(index, category)| {
            let id = match index {
                0 => "category".to_owned(),
                _ => format!("category-{}", category.code),
            };
            let about = format!("{id}-about");
            let conditions = category
                .conditions
                .as_deref()
                .map(|text| ui::prose_in(cx.lang_of(&hearing.unit), text));
            view! {
                <div class="radio">
                    <input
                        type="radio"
                        id=id.clone()
                        name="category"
                        value=category.code.clone()
                        checked=category.code == field.value
                        aria-describedby=about.clone()
                    />
                    <label for=id dir="auto" lang=cx.lang_of(&hearing.unit)>
                        {plain(&category.name)}
                    </label>
                    <div class="hint" id=about>
                        {t.seats_number(category.quota)}
                        " · "
                        {filled(t, hearing, category)}
                        {conditions}
                    </div>
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

/// Points on clauses, as in a comment; there need not be any.
fn points(
    cx: &PageContext,
    draft: &Draft,
    form: &ApplicationForm,
    wrong: Option<&Violations>,
) -> AnyView {
    let t = cx.t();
    let points = form
        .points
        .iter()
        .enumerate()
        .map(|(index, raw)| point(cx, draft, raw, index, true, wrong))
        .collect_view();
    let full = form.points.len() >= limits::POINTS_PER_COMMENT;
    view! {
        {points}
        <div class="field" hidden=full>
            <p class="hint" id="add-hint">
                {t.apply_add_point_hint()}
            </p>
            {ui::form::action_button("second", Action::Add.code(), t.apply_add_point())}
        </div>
    }
    .into_any()
}

fn needs(cx: &PageContext, form: &ApplicationForm, wrong: Option<&Violations>) -> AnyView {
    let t = cx.t();
    let items = Need::ALL
        .iter()
        .map(|need| {
            let ticked = form.needs.contains(need);
            let id = format!("needs-{need}");
            check(&id, "needs", need.code(), t.need(*need), ticked)
        })
        .collect_view();
    let note = Field {
        name: "needs_note".into(),
        label: t.apply_needs_note().into(),
        hint: None,
        value: &form.needs_note,
        error: error_for(t, wrong, "needs_note"),
    };
    view! {
        <fieldset class="field">
            <legend>{t.apply_needs()}</legend>
            <p class="hint">{t.apply_needs_hint()}</p>
            {items}
        </fieldset>
        {ui::form::text_input(&note, "off")}
    }
    .into_any()
}

fn publish_name(cx: &PageContext, form: &ApplicationForm) -> AnyView {
    let t = cx.t();
    view! {
        <fieldset class="field">
            <legend>{t.apply_publish_title()}</legend>
            <p class="hint">{t.apply_publish_hint()}</p>
            {check("publish_name", "publish_name", "yes", t.apply_publish(), form.publish_name)}
        </fieldset>
    }
    .into_any()
}

/// A box to tick.
fn check(
    id: &str,
    name: &'static str,
    value: &'static str,
    label: &'static str,
    ticked: bool,
) -> AnyView {
    let id = id.to_owned();
    view! {
        <div class="radio check">
            <input type="checkbox" id=id.clone() name=name value=value checked=ticked />
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

/// A point as it stands in the review.
pub(super) fn typed_points(
    cx: &PageContext,
    draft: Option<&Draft>,
    form: &ApplicationForm,
) -> AnyView {
    let t = cx.t();
    form.points
        .iter()
        .filter(|point| point.says_something())
        .enumerate()
        .map(|(index, point)| {
            let clause = match draft {
                Some(draft) => comments::clause_name(t, draft, point),
                None => t.comment_whole_draft().to_owned(),
            };
            view! {
                <dt>{t.comment_point(index + 1)}</dt>
                <dd>{comments::typed(t, clause, point)}</dd>
            }
        })
        .collect_view()
        .into_any()
}

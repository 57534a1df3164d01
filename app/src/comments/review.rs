//! The last look before sending: everything that will be stored, and what of it will be public.

use crate::consultations::parts;
use crate::i18n::T;
use crate::page::{Chrome, Head, PageContext, To, page, plain};
use crate::ui;
use domain::comments::form::{Action, CommentForm};
use domain::comments::{Author, Display, RawPoint};
use domain::consultations::Consultation;
use domain::drafts::{Clause, Draft};
use domain::text::to_html;
use leptos::prelude::*;

/// Everything before it is sent, perhaps with the reason why it was not. The form must hold its
/// idempotency key.
pub fn review_page(
    cx: &PageContext,
    consultation: &Consultation,
    draft: &Draft,
    form: &CommentForm,
    unsent: Option<&str>,
) -> String {
    let t = cx.t();
    let title = t.comment_form_title(&consultation.title);
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: None,
        private: true,
    };
    page(cx, &head, || {
        let action = cx.action(&To::Comment(consultation.number, None));
        view! {
            {parts::part_heading(cx, consultation, t.comment_review_title())}
            {unsent.map(ui::form::not_done)}
            <p class="intro">{t.comment_review_intro()}</p>
            {review_body(cx, draft, form, action, None)}
        }
    })
}

/// The values, the hidden fields and the two buttons. With a code it saves a sent comment anew.
pub(crate) fn review_body(
    cx: &PageContext,
    draft: &Draft,
    form: &CommentForm,
    action: String,
    code: Option<&str>,
) -> AnyView {
    let t = cx.t();
    let points = form
        .points
        .iter()
        .enumerate()
        .map(|(index, point)| {
            view! {
                <dt>{t.comment_point(index + 1)}</dt>
                <dd>{typed(t, clause_name(t, draft, point), point)}</dd>
            }
        })
        .collect_view();
    let hidden = form
        .pairs()
        .iter()
        .map(|(name, value)| ui::form::hidden(name, value))
        .collect_view();
    let code_field = code.map(|code| ui::form::hidden("code", code));
    let (send, text) = match code {
        None => (Action::Send.code(), t.comment_send()),
        Some(_) => ("save".to_owned(), t.receipt_save()),
    };
    let target = (cx.chrome == Chrome::Fragment).then_some("_blank");
    view! {
        <dl class="review">
            {points}
            <dt>{t.comment_about_you()}</dt>
            <dd>{sender(t, form)}</dd>
            <dt>{t.comment_contact_short()}</dt>
            <dd dir="auto">
                {if form.contact.trim().is_empty() {
                    t.comment_none_given().to_owned()
                } else {
                    plain(&form.contact)
                }}
            </dd>
        </dl>
        <form class="buttons" method="post" accept-charset="utf-8" action=action target=target>
            {code_field}
            {hidden}
            {ui::form::action_button("button", send, text)}
            {ui::form::action_button("second", Action::Change.code(), t.comment_change())}
        </form>
    }
    .into_any()
}

pub(crate) fn clause_name(t: T, draft: &Draft, point: &RawPoint) -> String {
    let id = point.clause.as_deref().and_then(|id| id.parse().ok());
    let clause = id.and_then(|id| draft.all_clauses().find(|clause| clause.id == id));
    ui::subject(t, id, clause.map(Clause::name).as_deref())
}

/// One point as it is typed, before it is stored and rendered for good.
pub(crate) fn typed(t: T, clause: String, point: &RawPoint) -> AnyView {
    let proposed = point.proposed.as_deref().map(str::trim);
    let proposed = proposed.filter(|text| !text.is_empty()).map(to_html);
    said(t, clause, &to_html(&point.text), proposed.as_deref())
}

/// One point as its sender said it, rendered.
pub(crate) fn said(t: T, clause: String, html: &str, proposed_html: Option<&str>) -> AnyView {
    let proposed = proposed_html.map(|html| {
        view! {
            <p class="hint">{t.comment_proposed_colon()}</p>
            <blockquote>{ui::rendered(html)}</blockquote>
        }
    });
    view! {
        <p class="label" dir="auto">{clause}</p>
        {ui::rendered(html)}
        {proposed}
    }
    .into_any()
}

/// Who speaks, and how the public will read it.
fn sender(t: T, form: &CommentForm) -> AnyView {
    let name = form.name.trim();
    let author = Author {
        kind: form.kind,
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        display: form.display,
    };
    let public = author.public_name().map_or_else(
        || t.comment_anonymous(t.kind(form.kind)),
        |name| plain(&name),
    );
    let given = (form.display != Display::Anonymous && !name.is_empty()).then(|| {
        view! { <p dir="auto">{plain(name)}</p> }
    });
    view! {
        <p>{t.kind(form.kind)}</p>
        {given}
        <p>{t.comment_will_read(public)}</p>
    }
    .into_any()
}

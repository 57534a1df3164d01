//! The last look before an application is sent: everything that will be stored, and what of it may
//! become public.

use super::form::typed_points;
use super::notice::part_heading;
use crate::page::{Chrome, Head, PageContext, To, plain, session_page};
use crate::ui;
use domain::comments::form::Action;
use domain::drafts::Draft;
use domain::hearings::Hearing;
use domain::hearings::form::ApplicationForm;
use domain::notify::{is_mistyped, mail_address};
use leptos::prelude::*;

/// Everything before it is sent, perhaps with the reason why it was not. The form must hold its
/// idempotency key.
pub fn review_page(
    cx: &PageContext,
    hearing: &Hearing,
    draft: Option<&Draft>,
    form: &ApplicationForm,
    unsent: Option<&str>,
) -> String {
    let t = cx.t();
    let title = t.apply_title(&hearing.notice.title);
    let head = Head {
        title: &title,
        unit: Some(&hearing.unit),
        canonical: None,
        private: true,
    };
    session_page(cx, &head, || {
        let action = cx.action(&To::Apply(hearing.id));
        view! {
            {part_heading(cx, hearing, t.apply_review_title())}
            {unsent.map(ui::form::not_done)}
            <p class="intro">{t.apply_review_intro()}</p>
            {values(cx, Some(hearing), draft, form)}
            {buttons(cx, form, action, None)}
        }
    })
}

/// The hidden fields and the two buttons. With a code it saves a sent application anew.
pub(super) fn buttons(
    cx: &PageContext,
    form: &ApplicationForm,
    action: String,
    code: Option<&str>,
) -> AnyView {
    let t = cx.t();
    let hidden = form
        .pairs()
        .iter()
        .map(|(name, value)| ui::form::hidden(name, value))
        .collect_view();
    let code_field = code.map(|code| ui::form::hidden("code", code));
    let (send, text) = match code {
        None => (Action::Send.code(), t.apply_send()),
        Some(_) => ("save".to_owned(), t.receipt_save()),
    };
    let target = (cx.chrome == Chrome::Fragment).then_some("_blank");
    view! {
        <form class="buttons" method="post" accept-charset="utf-8" action=action target=target>
            {code_field}
            {hidden}
            {ui::form::action_button("button", send, text)}
            {ui::form::action_button("second", Action::Change.code(), t.comment_change())}
        </form>
    }
    .into_any()
}

/// All values as typed. Without the session a category has no name to show.
pub(super) fn values(
    cx: &PageContext,
    hearing: Option<&Hearing>,
    draft: Option<&Draft>,
    form: &ApplicationForm,
) -> AnyView {
    let t = cx.t();
    let line = |label: &'static str, value: &str| {
        let value = match value.trim() {
            "" => t.comment_none_given().to_owned(),
            value => plain(value),
        };
        view! {
            <dt>{label}</dt>
            <dd dir="auto">{value}</dd>
        }
    };
    let category = hearing
        .and_then(|hearing| hearing.notice.category(form.category.trim()))
        .map(|category| line(t.seats_category(), &category.name));
    let statement = (!form.statement.trim().is_empty()).then(|| {
        view! {
            <dt>{t.apply_say()}</dt>
            <dd>{ui::prose(&form.statement)}</dd>
        }
    });
    let reached = match mail_address(&form.contact) {
        Some(address) => {
            let says = t.apply_letters_to(address);
            Some(view! { <dd class="hint">{says}</dd> }.into_any())
        }
        None => is_mistyped(&form.contact)
            .then(|| view! { <dd class="error">{t.apply_contact_mistyped()}</dd> }.into_any()),
    };
    let mut needs: Vec<String> = form.needs.iter().map(|need| t.need(*need).into()).collect();
    needs.extend(Some(form.needs_note.trim().to_owned()).filter(|note| !note.is_empty()));
    let consent = match form.publish_name {
        true => t.apply_will_publish(),
        false => t.apply_will_not_publish(),
    };
    view! {
        <dl class="review">
            {category} {line(t.apply_name(), &form.name)}
            {line(t.apply_contact_short(), &form.contact)} {reached}
            {line(t.apply_district_short(), &form.district)} {statement}
            {typed_points(cx, draft, form)} {line(t.apply_needs_short(), &needs.join(t.list_comma()))}
            <dt>{t.apply_publish_title()}</dt>
            <dd>{consent}</dd>
        </dl>
    }
    .into_any()
}

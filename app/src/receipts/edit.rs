//! Editing a sent comment: the same fields as for a new one, saved instead of sent.

use super::own::heading;
use crate::comments::{Editing, comment_form, place, review_body};
use crate::i18n::time;
use crate::page::{Head, PageContext, To, page};
use crate::ui;
use domain::comments::OwnComment;
use domain::comments::form::CommentForm;
use domain::drafts::Draft;
use domain::problem::Violations;
use leptos::prelude::*;

/// The form with the comment in it; buttons send `add`, `remove.N`, `review`.
pub fn edit_page(
    cx: &PageContext,
    code: &str,
    own: &OwnComment,
    draft: &Draft,
    form: &CommentForm,
    wrong: Option<&Violations>,
) -> String {
    let t = cx.t();
    let title = t.receipt_edit_title(own.number);
    let head = Head {
        title: &title,
        private: true,
        ..Head::default()
    };
    page(cx, &head, || {
        let zone = time::zone(&cx.zone);
        let editing = Editing {
            action: cx.action(&To::Receipt),
            code: Some(code.to_owned()),
            intro: None,
            kept: true,
        };
        view! {
            {heading(cx, own, &title)}
            {ui::inset(
                view! {
                    <p>{t.receipt_edit_means()}</p>
                    <p>
                        {t.receipt_editable_until()} " "
                        {ui::deadline(t, own.editable_until, &zone)}
                    </p>
                },
            )}
            {ui::form::error_summary(t, wrong, |violation| place(cx, violation))}
            {comment_form(cx, draft, form, wrong, &editing)}
        }
    })
}

/// Everything before it is saved, perhaps with the reason why it was not; buttons send `save`,
/// `change`.
pub fn review_page(
    cx: &PageContext,
    code: &str,
    own: &OwnComment,
    draft: &Draft,
    form: &CommentForm,
    unsaved: Option<&str>,
) -> String {
    let t = cx.t();
    let head = Head {
        title: t.comment_review_title(),
        private: true,
        ..Head::default()
    };
    page(cx, &head, || {
        view! {
            {heading(cx, own, t.comment_review_title())}
            {unsaved.map(ui::form::not_done)}
            <p class="intro">{t.receipt_review_intro()}</p>
            {review_body(cx, draft, form, cx.action(&To::Receipt), Some(code))}
        }
    })
}

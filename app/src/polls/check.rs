//! Between the form and the ballot box: a last look, for who has no scripts that make a key.

use super::{answers, form, page::heading};
use crate::page::{Chrome, Head, PageContext, To, session_page};
use crate::ui;
use domain::polls::Poll;
use domain::polls::form::BallotForm;
use leptos::prelude::*;

/// A ballot that is whole and not counted yet. The form must hold its idempotency key.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    pub poll: &'a Poll,
    pub form: &'a BallotForm,
    /// Whether another ballot was counted from the same page.
    pub counted_before: bool,
    /// Why it was not taken, if it was sent already.
    pub unsent: Option<&'a str>,
}

/// All answers in words, and the two buttons.
pub fn check_page(cx: &PageContext, check: Check<'_>) -> String {
    let t = cx.t();
    let head = Head {
        title: t.poll_check_title(),
        unit: Some(&check.poll.unit),
        canonical: None,
        private: true,
    };
    session_page(cx, &head, || {
        let poll = check.poll;
        let before = check
            .counted_before
            .then(|| ui::inset(view! { <p>{t.poll_counted_before()}</p> }));
        view! {
            {heading(cx, poll, t.poll_check_title(), None)}
            {check.unsent.map(ui::form::not_done)}
            {before}
            <p class="intro">{t.poll_check_intro()}</p>
            {answers::all(cx, poll, check.form)}
            <form
                class="buttons"
                method="post"
                accept-charset="utf-8"
                action=cx.link(&To::Poll(poll.id)).href
                target=(cx.chrome == Chrome::Fragment).then_some("_blank")
            >
                {form::carried(poll, check.form)}
                {ui::form::action_button("button", "send".into(), t.poll_send())}
                {ui::form::action_button("second", "change".into(), t.poll_change())}
            </form>
        }
    })
}

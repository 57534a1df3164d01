//! The island around the comment form. The form itself is the server's HTML and stays the one
//! place that holds what the person typed; the island reads it, keeps it, checks it, shows the
//! review and sends it. Without the island the same form works by plain POST.

#[cfg(feature = "hydrate")]
mod fields;
#[cfg(feature = "hydrate")]
mod kept;
#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "hydrate")]
mod send;

#[cfg(feature = "ssr")]
use crate::i18n::T;
use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the island says. `{number}`, `{place}` and `{name}` are filled in by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Words {
    pub left: String,
    pub over: String,
    pub text_required: String,
    pub name_required: String,
    pub wrong_title: String,
    pub place: String,
    pub restored: String,
    pub clear: String,
    pub point: String,
    pub remove_point: String,
    pub review_title: String,
    pub review_intro: String,
    pub about_you: String,
    pub will_read: String,
    pub anonymous: [String; 2],
    pub proposed: String,
    pub contact: String,
    pub none_given: String,
    pub send: String,
    pub change: String,
    pub sending: String,
    pub offline: String,
    pub failed: String,
    pub retry: String,
    pub another: String,
    pub copy: String,
    pub copied: String,
    pub print: String,
    pub receipt: ReceiptWords,
}

/// What stands on a receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptWords {
    pub title: String,
    pub number: String,
    pub code: String,
    pub when: String,
    pub keep: String,
    pub next_title: String,
    pub next: [String; 3],
    pub address: String,
}

#[cfg(feature = "ssr")]
impl Words {
    pub fn of(t: T) -> Self {
        use domain::comments::AuthorKind;
        Self {
            left: t.island_left("{number}"),
            over: t.island_over("{number}"),
            text_required: t.fault_text_required().into(),
            name_required: t.fault_name_required().into(),
            wrong_title: t.form_wrong_title().into(),
            place: t.form_place("{place}"),
            restored: t.island_restored().into(),
            clear: t.island_clear().into(),
            point: t.comment_point("{number}"),
            remove_point: t.comment_remove_point("{number}"),
            review_title: t.comment_review_title().into(),
            review_intro: t.comment_review_intro().into(),
            about_you: t.comment_about_you().into(),
            will_read: t.comment_will_read("{name}"),
            anonymous: [AuthorKind::Individual, AuthorKind::Organisation]
                .map(|kind| t.comment_anonymous(t.kind(kind))),
            proposed: t.comment_proposed_colon().into(),
            contact: t.comment_contact_short().into(),
            none_given: t.comment_none_given().into(),
            send: t.comment_send().into(),
            change: t.comment_change().into(),
            sending: t.island_sending().into(),
            offline: t.island_offline().into(),
            failed: t.island_failed().into(),
            retry: t.island_retry().into(),
            another: t.island_another().into(),
            copy: t.island_copy().into(),
            copied: t.island_copied().into(),
            print: t.island_print().into(),
            receipt: ReceiptWords::of(t),
        }
    }
}

#[cfg(feature = "ssr")]
impl ReceiptWords {
    pub fn of(t: T) -> Self {
        Self {
            title: t.receipt_title().into(),
            number: t.receipt_number().into(),
            code: t.receipt_code().into(),
            when: t.receipt_when().into(),
            keep: t.receipt_keep().into(),
            next_title: t.receipt_next_title().into(),
            next: [
                t.receipt_next_review().into(),
                t.receipt_next_edit().into(),
                t.receipt_next_answer().into(),
            ],
            address: t.receipt_where("{address}"),
        }
    }
}

/// A receipt, the same on the server's page and in the island. `address` is where the code opens
/// the comment again.
pub fn receipt_view(
    words: ReceiptWords,
    number: String,
    code: String,
    when: String,
    address: String,
) -> AnyView {
    let steps = words
        .next
        .map(|step| view! { <li>{step}</li> })
        .collect_view();
    view! {
        <dl class="receipt">
            <dt>{words.number}</dt>
            <dd>{number}</dd>
            <dt>{words.code}</dt>
            <dd>
                <code>{code}</code>
            </dd>
            <dt>{words.when}</dt>
            <dd>{when}</dd>
        </dl>
        <div class="inset">
            <p>
                <strong>{words.keep}</strong>
            </p>
            <p>{words.address.replace("{address}", &address)}</p>
        </div>
        <h2>{words.next_title}</h2>
        <ol class="steps">{steps}</ol>
    }
    .into_any()
}

/// Wraps the server's form. `base` is the public address of the server, so that sending also works
/// from a shadow root in another site's page.
#[island]
pub fn CommentFormIsland(
    base: String,
    number: String,
    lang: String,
    words: Words,
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    #[cfg(feature = "hydrate")]
    let live = live::Live::start(root, base, number, lang, words);
    #[cfg(not(feature = "hydrate"))]
    let _ = (base, number, lang, words);
    let before = move || {
        #[cfg(feature = "hydrate")]
        return live.before();
        #[cfg(not(feature = "hydrate"))]
        None::<AnyView>
    };
    let after = move || {
        #[cfg(feature = "hydrate")]
        return live.after();
        #[cfg(not(feature = "hydrate"))]
        None::<AnyView>
    };
    view! {
        <div node_ref=root>
            <div>{before}</div>
            {children()}
            <div>{after}</div>
        </div>
    }
}

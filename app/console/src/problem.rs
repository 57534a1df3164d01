//! What did not work at the desk, in words, with the ways on.

use crate::desk::Desk;
use crate::fields::form;
use crate::frame::{Head, Place, screen};
use app::ui;
use app::ui::form::hidden;
use leptos::prelude::*;

/// A refusal: its title, and what to do.
pub fn problem_page(desk: &Desk, title: &str, detail: &str) -> String {
    screen(desk, &Head::new(title, Place::Elsewhere), || {
        view! {
            <h1>{title.to_owned()}</h1>
            <p class="intro">{detail.to_owned()}</p>
            <p>
                <a href=desk.to("/desk")>{desk.t().desk_back_overview()}</a>
            </p>
        }
    })
}

/// The session ended while a form was filled in. The browser still holds what was typed: signing in
/// elsewhere and loading this page again sends it.
pub fn expired_page(desk: &Desk) -> String {
    let t = desk.t();
    screen(
        desk,
        &Head::new(t.desk_expired_title(), Place::Elsewhere),
        || {
            view! {
                <h1>{t.desk_expired_title()}</h1>
                <p class="intro">{t.desk_expired_kept()}</p>
                <ol>
                    <li>
                        <a href=desk.to("/desk/login") target="_blank">
                            {t.desk_expired_sign_in()}
                            {ui::elsewhere(t.page_new_tab())}
                        </a>
                    </li>
                    <li>{t.desk_expired_reload()}</li>
                </ol>
            }
        },
    )
}

/// A form that was not saved for a reason beyond it: the reason, everything that was typed in it,
/// and a button that sends it to `action` again.
pub fn unsent_page(desk: &Desk, detail: &str, action: &str, pairs: &[(&str, &str)]) -> String {
    let t = desk.t();
    // Marks, choices and buttons mean nothing to a reader.
    let typed = pairs
        .iter()
        .filter(|(name, _)| !["was", "disposition", "action", "new_version"].contains(&last(name)))
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(_, value)| view! { <li>{ui::prose(value)}</li> })
        .collect_view();
    let fields = pairs
        .iter()
        .map(|(name, value)| hidden(name, value))
        .collect_view();
    screen(
        desk,
        &Head::new(t.desk_unsent_title(), Place::Elsewhere),
        || {
            view! {
                <h1>{t.desk_unsent_title()}</h1>
                <p class="intro" role="alert">
                    {detail.to_owned()}
                </p>
                <p>{t.desk_unsent_kept()}</p>
                <ul>{typed}</ul>
                {form(
                    action.to_owned(),
                    view! {
                        {fields}
                        <button class="button">{t.desk_unsent_again()}</button>
                    },
                )}
            }
        },
    )
}

/// The name of a field without the point it belongs to.
fn last(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, field)| field)
}

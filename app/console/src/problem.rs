//! What did not work at the desk, in words, with the ways on.

use crate::desk::Desk;
use crate::frame::{Head, Place, screen};
use app::ui;
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

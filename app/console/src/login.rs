//! Signing in.

use crate::desk::Desk;
use crate::fields::{form, input, submit};
use crate::frame::{Head, Place, screen};
use app::i18n::time;
use app::ui::form::{Field, error_note, hidden};
use domain::Timestamp;
use leptos::prelude::*;

/// Why signing in did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The address or the password is wrong; which, is not said.
    Wrong,
    /// Too many attempts: not before this instant.
    Until(Timestamp),
}

/// What is filled in.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoginData<'a> {
    pub email: &'a str,
    /// Where to go afterwards, a path of this server.
    pub next: &'a str,
    pub refused: Option<Refused>,
}

/// `/desk/login`.
pub fn login_page(desk: &Desk, data: LoginData<'_>) -> String {
    let t = desk.t();
    screen(desk, &Head::new(t.desk_login(), Place::Elsewhere), || {
        let refused = data.refused.map(|refused| {
            let sentence = match refused {
                Refused::Wrong => t.desk_login_wrong().to_owned(),
                Refused::Until(at) => {
                    t.desk_login_later(t.instant(at, &time::zone(&desk.page.zone)))
                }
            };
            error_note(t.form_wrong_title(), sentence, "#email")
        });
        let email = Field {
            name: "email".into(),
            label: t.desk_email().into(),
            value: data.email,
            ..Field::default()
        };
        let password = Field {
            name: "password".into(),
            label: t.desk_password().into(),
            ..Field::default()
        };
        view! {
            <div class="narrow">
                <h1>{t.desk_login()}</h1>
                <p class="intro">{t.desk_login_intro()}</p>
                {refused}
                {form(
                    desk.to("/desk/login"),
                    view! {
                        {hidden("next", data.next)}
                        {input(&email, "email", "username")}
                        {input(&password, "password", "current-password")}
                        {submit(t.desk_login_button())}
                    },
                )}
            </div>
        }
    })
}

//! `/desk/account`: one's own password and sessions.

use crate::desk::Desk;
use crate::fields::{form, input, submit, table};
use crate::frame::{Head, Place, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, error_for, error_summary, hidden};
use domain::limits;
use domain::problem::{Violation, Violations};
use domain::staff::SessionRow;
use leptos::prelude::*;

/// `/desk/account`. Passwords are never shown again; `wrong` has faults of `old` and `new`.
pub fn account_page(desk: &Desk, sessions: &[SessionRow], wrong: Option<&Violations>) -> String {
    let t = desk.t();
    screen(
        desk,
        &Head::new(t.desk_nav_account(), Place::Account),
        || {
            let seats = desk
                .who
                .iter()
                .flat_map(|who| &who.seats)
                .map(|seat| {
                    let roles: Vec<_> = seat.roles.iter().map(|role| t.role(*role)).collect();
                    view! {
                        <li dir="auto">
                            {plain(&seat.unit.name)} " · " {roles.join(t.desk_comma())}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <h1>{t.desk_nav_account()}</h1>
                {error_summary(t, wrong, |violation| place(desk, violation))}
                <h2>{t.desk_my_roles()}</h2>
                <ul>{seats}</ul>
                <h2>{t.desk_change_password()}</h2>
                {password(desk, wrong)}
                <h2>{t.desk_sessions()}</h2>
                <p>{t.desk_sessions_intro()}</p>
                {list(desk, sessions)}
            }
        },
    )
}

fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    match violation.field.as_str() {
        "old" => Some(t.desk_password_old().into()),
        "new" => Some(t.desk_password_new().into()),
        _ => None,
    }
}

fn password(desk: &Desk, wrong: Option<&Violations>) -> AnyView {
    let t = desk.t();
    let old = Field {
        name: "old".into(),
        label: t.desk_password_old().into(),
        error: error_for(t, wrong, "old"),
        ..Field::default()
    };
    let least = i64::try_from(limits::PASSWORD_MIN).unwrap_or(0);
    let new = Field {
        name: "new".into(),
        label: t.desk_password_new().into(),
        hint: Some(t.desk_password_hint(least)),
        error: error_for(t, wrong, "new"),
        ..Field::default()
    };
    form(
        desk.to("/desk/account"),
        view! {
            // Lets a password manager know whose password changes.
            <input
                class="vh"
                type="email"
                name="email"
                autocomplete="username"
                value=desk.who.as_ref().map(|who| who.email.clone())
                readonly
                tabindex="-1"
                aria-hidden="true"
            />
            {hidden("action", "password")}
            {input(&old, "password", "current-password")}
            {input(&new, "password", "new-password")}
            {submit(t.desk_change_password())}
        },
    )
}

fn list(desk: &Desk, sessions: &[SessionRow]) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&desk.page.zone);
    let rows = sessions
        .iter()
        .map(|session| {
            let act = if session.current {
                view! { <strong class="tag did">{t.desk_session_this()}</strong> }.into_any()
            } else {
                form(
                    desk.to("/desk/account"),
                    view! {
                        {hidden("action", "revoke")}
                        {hidden("session", &session.id.to_string())}
                        <button class="quiet">{t.desk_session_revoke()}</button>
                    },
                )
            };
            view! {
                <tr>
                    <td>{plain(&session.user_agent)}</td>
                    <td>{ui::instant(t, session.created_at, &zone)}</td>
                    <td>{ui::instant(t, session.last_seen_at, &zone)}</td>
                    <td>{act}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = [
        t.desk_col_browser(),
        t.desk_col_since(),
        t.desk_col_seen(),
        t.desk_col_act(),
    ];
    table(
        t.desk_sessions().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}

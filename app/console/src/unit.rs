//! `/desk/unit`: for administrators: who may do what, and on which sites the unit embeds.

use crate::desk::Desk;
use crate::embed::{self, Widget};
use crate::fields::{form, input, snippet, submit, table, tick};
use crate::frame::{Head, Place, screen};
use app::i18n::time;
use app::page::{To, plain};
use app::ui;
use app::ui::form::{Field, error_for, error_summary, hidden, text_input, textarea};
use domain::consultations::Unit;
use domain::limits;
use domain::problem::{Violation, Violations};
use domain::staff::{AccountRow, Role};
use leptos::prelude::*;

/// An account as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountForm {
    pub email: String,
    pub roles: Vec<Role>,
    /// Whether the account exists; then its address cannot be changed, and a password need not be
    /// given.
    pub known: bool,
}

/// A unit as its administrators see it.
#[derive(Clone, Copy, Debug)]
pub struct UnitData<'a> {
    pub unit: &'a Unit,
    pub accounts: &'a [AccountRow],
    /// The origins as listed, or as typed when they were refused.
    pub origins: &'a str,
    /// The tag of its language, as stored or as typed.
    pub lang: &'a str,
    pub form: &'a AccountForm,
    /// Faults of `email`, `role`, `password`, `origins`, `lang`.
    pub wrong: Option<&'a Violations>,
}

/// The address of the screen for one unit.
pub fn address(slug: &str) -> String {
    format!("/desk/unit?unit={slug}")
}

/// `/desk/unit`.
pub fn unit_page(desk: &Desk, data: UnitData<'_>) -> String {
    let t = desk.t();
    screen(desk, &Head::new(t.desk_nav_unit(), Place::Unit), || {
        view! {
            <h1 dir="auto" lang=desk.page.lang_of(data.unit)>
                {plain(&data.unit.name)}
            </h1>
            {choice(desk, "/desk/unit", &data.unit.slug, Some(Role::Administrator))}
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            <h2>{t.desk_accounts()}</h2>
            {accounts(desk, data)}
            {account(desk, data)}
            <h2>{t.desk_unit_language()}</h2>
            {language(desk, data)}
            <h2>{t.desk_origins()}</h2>
            {origins(desk, data)}
            {pasting(desk, data.unit)}
        }
    })
}

/// The person's units, where there are several.
pub(crate) fn choice(desk: &Desk, path: &str, here: &str, role: Option<Role>) -> Option<AnyView> {
    let t = desk.t();
    let seats: Vec<_> = desk
        .who
        .iter()
        .flat_map(|who| &who.seats)
        .filter(|seat| role.is_none_or(|role| seat.roles.contains(&role)))
        .collect();
    if seats.len() < 2 {
        return None;
    }
    let links = seats
        .into_iter()
        .map(|seat| {
            let href = desk.to(&format!("{path}?unit={}", seat.unit.slug));
            let current = (seat.unit.slug == here).then_some("page");
            view! {
                <li>
                    <a href=href aria-current=current dir="auto">
                        {plain(&seat.unit.name)}
                    </a>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <nav class="units" aria-label=t.desk_units()>
                <ul>{links}</ul>
            </nav>
        }
        .into_any(),
    )
}

fn place(desk: &Desk, violation: &Violation) -> Option<String> {
    let t = desk.t();
    if let Some(line) = origin_line(violation) {
        return Some(format!("{}{}", t.desk_origins(), t.desk_line(line)));
    }
    let name = match violation.field.as_str() {
        "email" => t.desk_email(),
        "role" => t.desk_roles(),
        "password" => t.desk_password(),
        "origins" => t.desk_origins(),
        "lang" => t.desk_unit_language_label(),
        _ => return None,
    };
    Some(name.into())
}

/// The line of the list, counted from 1, that a fault is about.
fn origin_line(violation: &Violation) -> Option<i64> {
    let index: i64 = violation.field.strip_prefix("origins.")?.parse().ok()?;
    Some(index + 1)
}

fn accounts(desk: &Desk, data: UnitData<'_>) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&data.unit.zone);
    let rows = data
        .accounts
        .iter()
        .map(|row| {
            let roles: Vec<_> = row.roles.iter().map(|role| t.role(*role)).collect();
            let seen = match row.last_login_at {
                Some(at) => ui::instant(t, at, &zone),
                None => t.desk_never().into_any(),
            };
            let email: String = row
                .email
                .bytes()
                .map(|b| match b {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                        char::from(b).to_string()
                    }
                    b => format!("%{b:02X}"),
                })
                .collect();
            let href = desk.to(&format!(
                "{}&account={email}#account",
                address(&data.unit.slug)
            ));
            view! {
                <tr>
                    <th scope="row">{row.email.clone()}</th>
                    <td>{roles.join(t.desk_comma())}</td>
                    <td>{seen}</td>
                    <td>{sessions(desk, data.unit, row)}</td>
                    <td>
                        <a href=href>
                            {t.desk_change()} <span class="vh">{row.email.clone()}</span>
                        </a>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let heads = [
        t.desk_email(),
        t.desk_roles(),
        t.desk_col_last_login(),
        t.desk_col_sessions(),
        t.desk_col_act(),
    ];
    table(
        t.desk_accounts().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}

/// How many browsers are signed in with the account, and the way to end that.
fn sessions(desk: &Desk, unit: &Unit, row: &AccountRow) -> AnyView {
    let t = desk.t();
    if row.sessions == 0 {
        return t.desk_none().into_any();
    }
    form(
        desk.to(&address(&unit.slug)),
        view! {
            {hidden("action", "end_sessions")}
            {hidden("email", &row.email)}
            {t.desk_sessions_count(row.sessions)}
            " "
            <button class="quiet">
                {t.desk_sessions_end()} <span class="vh">{row.email.clone()}</span>
            </button>
        },
    )
}

fn language(desk: &Desk, data: UnitData<'_>) -> AnyView {
    let t = desk.t();
    let field = Field {
        name: "lang".into(),
        label: t.desk_unit_language_label().into(),
        hint: Some(t.desk_unit_language_hint().into()),
        value: data.lang,
        error: error_for(t, data.wrong, "lang"),
    };
    form(
        desk.to(&address(&data.unit.slug)),
        view! {
            {hidden("action", "lang")}
            {text_input(&field, "off")}
            {submit(t.desk_save())}
        },
    )
}

fn account(desk: &Desk, data: UnitData<'_>) -> AnyView {
    let t = desk.t();
    let filled = data.form;
    let email = Field {
        name: "email".into(),
        label: t.desk_email().into(),
        hint: None,
        value: &filled.email,
        error: error_for(t, data.wrong, "email"),
    };
    let least = i64::try_from(limits::PASSWORD_MIN).unwrap_or(0);
    let password = Field {
        name: "password".into(),
        label: if filled.known {
            t.desk_password_reset().into()
        } else {
            t.desk_password_first().into()
        },
        hint: Some(if filled.known {
            t.desk_password_reset_hint(least)
        } else {
            t.desk_password_hint(least)
        }),
        error: error_for(t, data.wrong, "password"),
        ..Field::default()
    };
    let roles = Field {
        name: "role".into(),
        error: error_for(t, data.wrong, "role"),
        ..Field::default()
    };
    let ticks = Role::ALL
        .iter()
        .enumerate()
        .map(|(index, role)| {
            // The first carries the name, so that the summary leads to it.
            let id = if index == 0 {
                "role".to_owned()
            } else {
                format!("role-{role}")
            };
            let about = match role {
                Role::Editor => t.desk_role_editor(),
                Role::Moderator => t.desk_role_moderator(),
                Role::Approver => t.desk_role_approver(),
                Role::Administrator => t.desk_role_administrator(),
            };
            let label = t.desk_role_about(t.role(*role), about);
            view! {
                <div>
                    {tick("role", id, role.code().into(), label, filled.roles.contains(role))}
                </div>
            }
        })
        .collect_view();
    let (heading, button) = if filled.known {
        (t.desk_account_change(), t.desk_save())
    } else {
        (t.desk_account_add(), t.desk_account_add())
    };
    let address_field = if filled.known {
        view! {
            {hidden("email", &filled.email)}
            {hidden("known", "on")}
            <p>
                <b>{filled.email.clone()}</b>
            </p>
        }
        .into_any()
    } else {
        input(&email, "email", "off")
    };
    view! {
        <section id="account" class="boxed">
            <h3>{heading}</h3>
            {form(
                desk.to(&address(&data.unit.slug)),
                view! {
                    {hidden("action", "account")}
                    {address_field}
                    <fieldset class=roles.class()>
                        <legend>{t.desk_roles()}</legend>
                        {roles.notes()}
                        {ticks}
                    </fieldset>
                    {input(&password, "password", "new-password")}
                    {submit(button)}
                },
            )}
        </section>
    }
    .into_any()
}

fn origins(desk: &Desk, data: UnitData<'_>) -> AnyView {
    let t = desk.t();
    // A fault names one line: `origins.2`.
    let error = data.wrong.and_then(|wrong| {
        let fault = wrong.0.iter().find(|v| v.field.starts_with("origins"))?;
        Some(match origin_line(fault) {
            Some(line) => t.desk_origin_wrong(line),
            None => t.fault(fault),
        })
    });
    let field = Field {
        name: "origins".into(),
        label: t.desk_origins_label().into(),
        hint: Some(t.desk_origins_hint().into()),
        value: data.origins,
        error,
    };
    form(
        desk.to(&address(&data.unit.slug)),
        view! {
            {hidden("action", "origins")}
            {textarea(&field, 5, limits::ORIGINS_PER_UNIT * 200)}
            {submit(t.desk_save())}
        },
    )
}

fn pasting(desk: &Desk, unit: &Unit) -> AnyView {
    let t = desk.t();
    let base = &desk.page.base;
    let page = desk.page.public(&To::Unit(&unit.slug, None, None));
    let lines = embed::lines(Widget::List, base, &page, &unit.name);
    view! {
        <h2>{t.desk_embed_list()}</h2>
        <p>{t.desk_embed_how()}</p>
        {snippet(t.desk_embed_list().into(), lines)}
    }
    .into_any()
}

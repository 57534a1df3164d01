//! A unit's accounts and sites, for its administrators; its audit record, for them and for all of
//! its staff.

use super::AtDesk;
use crate::body::FormPairs;
use crate::problem::Refusal;
use axum::response::Response;
use backend::{Error, audit, staff, units};
use console::audit::audit_page;
use console::notice::Done;
use console::unit::{AccountForm, UnitData, address, unit_page};
use domain::consultations::Unit;
use domain::id::UnitId;
use domain::problem::Violations;
use domain::staff::right::Administer;
use domain::staff::{Permit, Role};

/// The unit that the address names, else the first in which the person has the role.
fn chosen(at: &AtDesk, role: Option<Role>) -> Result<(UnitId, Unit), Refusal> {
    let asked = at.query("unit");
    let seats = at.desk.who.iter().flat_map(|who| &who.seats);
    let seat = seats
        .filter(|seat| match &asked {
            Some(slug) => seat.unit.slug == *slug,
            None => role.is_none_or(|role| seat.roles.contains(&role)),
        })
        .min_by_key(|seat| seat.unit.parent.is_some());
    let Some(seat) = seat else {
        return Err(match (asked, role) {
            (None, Some(role)) => Refusal::Forbidden(role),
            _ => Refusal::NotFound,
        });
    };
    let id = at
        .units
        .iter()
        .find(|(_, slug)| *slug == seat.unit.slug)
        .map(|(id, _)| *id)
        .ok_or(Refusal::NotFound)?;
    Ok((id, seat.unit.clone()))
}

/// What is shown besides what is stored.
#[derive(Default)]
struct Shown {
    form: AccountForm,
    origins: Option<String>,
    lang: Option<String>,
    wrong: Option<Violations>,
}

async fn page(
    at: &AtDesk,
    permit: &Permit<Administer>,
    unit: &Unit,
    shown: Shown,
) -> Result<Response, Refusal> {
    let backend = &at.state.backend;
    let accounts = staff::accounts(backend, at.edge.now(), permit).await?;
    let origins = match shown.origins {
        Some(typed) => typed,
        None => units::origins(backend, &unit.slug).await?.join("\n"),
    };
    let data = UnitData {
        unit,
        accounts: &accounts,
        origins: &origins,
        lang: shown.lang.as_deref().unwrap_or(&unit.lang),
        form: &shown.form,
        wrong: shown.wrong.as_ref(),
    };
    let html = unit_page(&at.desk, data);
    Ok(match shown.wrong {
        Some(_) => at.refuse(html),
        None => at.show(html),
    })
}

/// `GET /desk/unit`.
pub async fn show(at: AtDesk) -> Result<Response, Refusal> {
    let (id, unit) = chosen(&at, Some(Role::Administrator))?;
    let permit = at.staff.identity.administer(id)?;
    let mut shown = Shown::default();
    if let Some(email) = at.query("account") {
        let accounts = staff::accounts(&at.state.backend, at.edge.now(), &permit).await?;
        if let Some(account) = accounts.into_iter().find(|row| row.email == email) {
            shown.form = AccountForm {
                email: account.email,
                roles: account.roles,
                known: true,
            };
        }
    }
    page(&at, &permit, &unit, shown).await
}

/// `POST /desk/unit`.
pub async fn post(mut at: AtDesk, pairs: FormPairs) -> Result<Response, Refusal> {
    let (id, unit) = chosen(&at, Some(Role::Administrator))?;
    let permit = at.staff.identity.administer(id)?;
    let field = |name: &str| pairs.get(name).unwrap_or_default();
    let backend = &at.state.backend;
    let moment = &mut at.edge.moment;
    let path = address(&unit.slug);
    let mut shown = Shown::default();
    let (outcome, done) = match field("action") {
        "origins" => {
            let typed = field("origins").replace("\r\n", "\n");
            // With the empty ones: a fault names its line.
            let origins = typed.lines().map(ToOwned::to_owned).collect();
            shown.origins = Some(typed);
            let set = units::set_origins(backend, moment, &permit, origins).await;
            (set, Done::OriginsSaved)
        }
        "lang" => {
            shown.lang = Some(field("lang").into());
            let set = units::set_lang(backend, moment, &permit, field("lang")).await;
            (set, Done::LangSaved)
        }
        "end_sessions" => {
            let ended = staff::end_sessions(backend, moment, &permit, field("email")).await;
            (ended, Done::SessionsEnded)
        }
        _ => {
            let roles = pairs
                .iter()
                .filter(|(name, _)| *name == "role")
                .filter_map(|(_, code)| code.parse().ok())
                .collect();
            shown.form = AccountForm {
                email: field("email").into(),
                roles,
                known: field("known") == "on",
            };
            let password = Some(field("password")).filter(|password| !password.is_empty());
            let AccountForm { email, roles, .. } = &shown.form;
            let granted = staff::grant(backend, moment, &permit, email, roles, password).await;
            (granted, Done::AccountSaved)
        }
    };
    match outcome {
        Ok(()) => Ok(at.done(&path, done, 1)),
        Err(Error::Invalid(wrong)) => {
            shown.wrong = Some(wrong);
            page(&at, &permit, &unit, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /desk/audit`.
pub async fn audit(at: AtDesk) -> Result<Response, Refusal> {
    let (id, unit) = chosen(&at, None)?;
    let permit = at.staff.identity.oversee(id)?;
    let after = at.query("after");
    let rows = audit::list(&at.state.backend, &permit, after.as_deref()).await?;
    Ok(at.show(audit_page(&at.desk, &unit, &rows, after.is_some())))
}

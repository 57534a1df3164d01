//! `/desk/hearings/{id}/applications`: who applies, whether they meet the conditions, and what to
//! look at twice: applications of one person, and people who sat not long ago. One application or
//! all that are ticked.

use super::{address, to, up};
use crate::desk::Desk;
use crate::fields::{clause_name, form, tick};
use crate::frame::{Head, Tab, screen};
use crate::overview::paging;
use app::i18n::time;
use app::page::{To, plain};
use app::ui;
use app::ui::form::{
    Field, action_button, default_button, error_for, error_summary, hidden, textarea,
};
use domain::comments::RawPoint;
use domain::consultations::{Consultation, Page};
use domain::drafts::Draft;
use domain::hearings::{
    ApplicationNumber, ApplicationState, Hearing, HearingNumber, RawEntry, ReviewedApplication,
};
use domain::limits;
use domain::problem::{Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};

/// The ticks, as faults name them.
pub const TICKED: &str = "ticked";
/// The reason for all that are ticked.
pub const TICKED_REASON: &str = "ticked.reason";

/// The field of one application's reason.
pub fn reason_field(serial: i64) -> String {
    format!("application.{serial}.reason")
}

/// The field that says what was shown of one application.
pub fn application_seen_field(serial: i64) -> String {
    format!("application.{serial}.seen")
}

/// What was ticked and typed, when the form is shown again.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    pub ticked: HashSet<i64>,
    pub reasons: HashMap<i64, String>,
    pub reason: String,
}

/// One page of the applications.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationsData<'a> {
    pub consultation: &'a Consultation,
    pub hearing: &'a Hearing,
    /// The version to whose clauses points are tied.
    pub draft: Option<&'a Draft>,
    pub state: Option<ApplicationState>,
    pub category: Option<&'a str>,
    /// Whether this is not the first page.
    pub after: Option<i64>,
    pub applications: &'a Page<ReviewedApplication>,
    pub decided: &'a Decided,
    pub wrong: Option<&'a Violations>,
    /// What could not be done, in words.
    pub refused: &'a [(ApplicationNumber, String)],
    /// A participant whom staff enter themselves, as typed.
    pub entry: &'a RawEntry,
    /// Contact data that was asked for.
    pub contact: Option<(ApplicationNumber, Option<&'a str>)>,
}

impl ApplicationsData<'_> {
    /// Where forms of this page go: to the page itself.
    pub(super) fn action(&self) -> String {
        let mut action = list_address(self.hearing.id, self.state, self.category);
        if let Some(after) = self.after {
            action.push(if action.contains('?') { '&' } else { '?' });
            action.push_str(&format!("after={after}"));
        }
        action
    }
}

/// The list under a filter, without its key.
pub fn list_address(
    number: HearingNumber,
    state: Option<ApplicationState>,
    category: Option<&str>,
) -> String {
    let mut list = address(number, "/applications");
    // Codes of categories need no escaping.
    for (name, value) in [
        ("state", state.map(ApplicationState::code)),
        ("category", category),
    ] {
        if let Some(value) = value {
            list.push(if list.contains('?') { '&' } else { '?' });
            list.push_str(&format!("{name}={value}"));
        }
    }
    list
}

/// `/desk/hearings/{id}/applications`.
pub fn applications_page(desk: &Desk, data: ApplicationsData<'_>) -> String {
    let t = desk.t();
    let number = data.hearing.id;
    let head = Head::of(t.desk_applications(), data.consultation, Tab::Hearings);
    screen(desk, &head, || {
        let list = if data.applications.items.is_empty() {
            let says = if data.state.is_some() || data.category.is_some() {
                t.desk_applications_none_fit()
            } else {
                t.desk_applications_none()
            };
            ui::inset(view! { <p>{says}</p> })
        } else {
            list(desk, data)
        };
        let base = list_address(number, data.state, data.category);
        let stands = (!any_reviewable(data.hearing))
            .then(|| ui::inset(view! { <p>{t.desk_applications_stand()}</p> }));
        view! {
            <h1>{t.desk_applications()}</h1>
            {up(desk, data.hearing)}
            <p class="intro">{t.desk_applications_intro()}</p>
            {error_summary(t, data.wrong, |violation| whose(desk, number, violation))}
            {refused(desk, data)}
            {stands}
            {super::filters::filters(desk, data)}
            {list}
            {super::entry::entry(desk, data)}
            {paging(desk, &base, data.applications.next.as_deref(), data.after.is_some())}
        }
    })
}

/// Whether applications to a category can be decided on now, by the rule of the use case.
fn reviewable(hearing: &Hearing, category: &str) -> bool {
    let found = hearing.notice.category(category);
    found.is_some_and(|category| category.fill.is_reviewed_in(hearing.state))
}

/// Whether there is any category of which that is so.
fn any_reviewable(hearing: &Hearing) -> bool {
    let categories = &hearing.notice.categories;
    categories
        .iter()
        .any(|category| category.fill.is_reviewed_in(hearing.state))
}

/// Whether this one can be: what was given up stays so.
fn decidable(data: ApplicationsData<'_>, one: &ReviewedApplication) -> bool {
    let given_up = matches!(
        one.state,
        ApplicationState::Withdrawn | ApplicationState::Declined
    );
    reviewable(data.hearing, &one.category) && !given_up
}

fn whose(desk: &Desk, number: HearingNumber, violation: &Violation) -> Option<String> {
    if violation.field.starts_with("entry.") {
        return Some(desk.t().desk_entry().into());
    }
    let serial = violation.field.strip_prefix("application.")?;
    let serial: i64 = serial.strip_suffix(".reason")?.parse().ok()?;
    let application = ApplicationNumber {
        hearing: number,
        serial,
    };
    Some(desk.t().desk_application_number(application))
}

fn refused(desk: &Desk, data: ApplicationsData<'_>) -> Option<AnyView> {
    let t = desk.t();
    if data.refused.is_empty() {
        return None;
    }
    let lines = data
        .refused
        .iter()
        .map(|(number, why)| {
            let items = &data.applications.items;
            let listed = items.iter().any(|one| one.number == *number);
            let href = listed.then(|| format!("#application-{}", number.serial));
            view! {
                <li>
                    <a href=href>{t.desk_application_number(number)}</a>
                    " "
                    {why.clone()}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <div class="summary" role="alert">
                <h2>{t.desk_applications_refused()}</h2>
                <ul>{lines}</ul>
            </div>
        }
        .into_any(),
    )
}

fn list(desk: &Desk, data: ApplicationsData<'_>) -> AnyView {
    let t = desk.t();
    let may = desk.may(data.consultation, Role::Moderator);
    let applications = data
        .applications
        .items
        .iter()
        .map(|one| application(desk, data, one, may))
        .collect_view();
    if !may {
        return applications.into_any();
    }
    let reason = Field {
        name: TICKED_REASON.into(),
        label: t.desk_applications_reason_ticked().into(),
        hint: None,
        value: &data.decided.reason,
        error: error_for(t, data.wrong, TICKED_REASON),
    };
    let items = &data.applications.items;
    // What was typed stays, even if everything was decided meanwhile.
    let typed = !data.decided.reason.is_empty() || !data.decided.ticked.is_empty();
    let offered = typed || items.iter().any(|one| decidable(data, one));
    let bulk = offered.then(|| {
        view! {
            <fieldset class="bulk" id=TICKED tabindex="-1">
                <legend>{t.desk_applications_ticked()}</legend>
                {error_for(t, data.wrong, TICKED)
                    .map(|error| view! { <p class="error">{error}</p> })}
                {action_button("button", "eligible".into(), t.desk_eligible())}
                {textarea(&reason, 1, limits::REASON)}
                {action_button("quiet", "ineligible".into(), t.desk_ineligible())}
            </fieldset>
        }
    });
    form(
        desk.to(&data.action()),
        view! {
            {default_button("look".into())}
            {applications}
            {bulk}
        },
    )
}

fn application(
    desk: &Desk,
    data: ApplicationsData<'_>,
    one: &ReviewedApplication,
    may: bool,
) -> AnyView {
    let t = desk.t();
    let serial = one.number.serial;
    let zone = time::zone(&data.hearing.unit.zone);
    let reasons = &data.decided.reasons;
    let typed = reasons
        .get(&serial)
        .is_some_and(|reason| !reason.is_empty());
    let decidable = may && (typed || decidable(data, one));
    let ticked = decidable.then(|| {
        tick(
            "application",
            format!("tick-{serial}"),
            serial.to_string(),
            t.desk_tick_application(one.number),
            data.decided.ticked.contains(&serial),
        )
    });
    let category = data.hearing.notice.category(&one.category);
    let category = category.map_or_else(|| one.category.clone(), |found| plain(&found.name));
    let district = one.district.as_deref().map(plain);
    let reserve = one.reserve.map(|place| t.desk_reserve_place(place));
    let reason = one.reason.as_deref().map(|reason| {
        view! {
            <p class="why">{t.desk_application_reason()}</p>
            {ui::prose(reason)}
        }
    });
    let contact = data
        .contact
        .filter(|(of, _)| *of == one.number)
        .map(|(_, contact)| {
            let says = match contact {
                Some(contact) => t.desk_contact_is(plain(contact)),
                None => t.desk_contact_none().to_owned(),
            };
            view! { <p class="contact" role="status">{says}</p> }
        });
    let reached = match (one.undelivered, one.mailable) {
        (true, _) => Some(t.desk_application_undelivered()),
        (false, false) if !one.name.is_empty() => Some(t.desk_application_to_call()),
        _ => None,
    };
    let reached = reached.map(|says| view! { <strong class="tag warn">{says}</strong> });
    let publish = if one.publish_name {
        t.desk_application_name_public()
    } else {
        t.desk_application_name_kept()
    };
    let label = t.desk_application_number(one.number);
    view! {
        <article
            class=format!("entry {}", one.state)
            id=format!("application-{serial}")
            aria-label=label
            tabindex="-1"
        >
            <header>
                {ticked} <b class="number">{one.number.to_string()}</b> " "
                <strong class=format!("tag {}", one.state)>{t.application_state(one.state)}</strong>
                " " {reserve} " " {reached} " " <span class="from" dir="auto">{plain(&one.name)}</span> " "
                <span class="hint">{publish}</span> " " <span dir="auto">{category}</span> " "
                <span dir="auto">{district}</span> " " {ui::instant(t, one.received_at, &zone)}
            </header>
            {twice(desk, data.hearing.id, one)}
            {says(desk, data, one)}
            {needs(desk, one)}
            {reason}
            {contact}
            {may.then(|| acts(desk, data, one, decidable))}
        </article>
    }
    .into_any()
}

/// What to look at twice: other applications of the same person, and seats held not long ago.
fn twice(desk: &Desk, hearing: HearingNumber, one: &ReviewedApplication) -> Option<AnyView> {
    let t = desk.t();
    if one.same_person.is_empty() && one.sat_in.is_empty() {
        return None;
    }
    let same = one
        .same_person
        .iter()
        .map(|number| {
            let rest = format!(
                "/applications?after={}#application-{}",
                number.serial - 1,
                number.serial
            );
            let href = to(desk, hearing, &rest);
            view! {
                <li>{t.desk_application_same()} " " <a href=href>{number.to_string()}</a></li>
            }
        })
        .collect_view();
    let sat = one
        .sat_in
        .iter()
        .map(|number| {
            let href = to(desk, *number, "");
            view! {
                <li>{t.desk_application_sat()} " " <a href=href>{number.to_string()}</a></li>
            }
        })
        .collect_view();
    Some(view! { <ul class="warnings twice">{same} {sat}</ul> }.into_any())
}

/// What the applicant wants to say: as a whole, and on clauses.
fn says(desk: &Desk, data: ApplicationsData<'_>, one: &ReviewedApplication) -> AnyView {
    let statement = one.statement.as_deref().map(ui::prose);
    let points = one
        .points
        .iter()
        .filter(|point| point.says_something())
        .map(|one| view! { <li>{point(desk, data, one)}</li> })
        .collect_view();
    view! {
        <div lang=desk.page.lang_of(&data.hearing.unit)>
            {statement} <ul class="points">{points}</ul>
        </div>
    }
    .into_any()
}

fn point(desk: &Desk, data: ApplicationsData<'_>, point: &RawPoint) -> AnyView {
    let t = desk.t();
    let named = point.clause.as_deref().and_then(|id| id.parse().ok());
    let clause = named.and_then(|id| data.draft?.all_clauses().find(|clause| clause.id == id));
    let clause = match clause {
        Some(clause) => {
            let to = To::Clause(data.hearing.consultation, clause.id);
            let href = desk.page.link(&to).href;
            view! { <a href=href>{clause_name(t, clause)}</a> }.into_any()
        }
        None => t.comment_whole_draft().into_any(),
    };
    let proposed = point
        .proposed
        .as_deref()
        .filter(|words| !words.trim().is_empty())
        .map(|words| {
            view! {
                <div class="proposed">
                    <p>{t.comment_proposed_colon()}</p>
                    {ui::prose(words)}
                </div>
            }
        });
    view! {
        <p class="label">{clause}</p>
        {ui::prose(&point.text)}
        {proposed}
    }
    .into_any()
}

fn needs(desk: &Desk, one: &ReviewedApplication) -> Option<AnyView> {
    let t = desk.t();
    if one.needs.is_empty() && one.needs_note.is_none() {
        return None;
    }
    let names: Vec<&str> = one.needs.iter().map(|need| t.need(*need)).collect();
    let note = one.needs_note.as_deref().map(ui::prose);
    Some(
        view! {
            <p class="why">{t.desk_application_needs()} " " {names.join(t.desk_comma())}</p>
            {note}
        }
        .into_any(),
    )
}

fn acts(
    desk: &Desk,
    data: ApplicationsData<'_>,
    one: &ReviewedApplication,
    decidable: bool,
) -> AnyView {
    let t = desk.t();
    let serial = one.number.serial;
    let contact = action_button("plain", format!("contact.{serial}"), t.desk_contact_show());
    if !decidable {
        return view! { <div class="acts">{contact}</div> }.into_any();
    }
    let name = reason_field(serial);
    let typed = data.decided.reasons.get(&serial);
    let value = typed.or(one.reason.as_ref()).cloned().unwrap_or_default();
    let reason = Field {
        error: error_for(t, data.wrong, &name),
        name,
        label: t.desk_application_reason_label().into(),
        hint: None,
        value: &value,
    };
    view! {
        <div class="acts">
            {hidden(&application_seen_field(serial), &one.seen.to_string())}
            {action_button("button", format!("eligible.{serial}"), t.desk_eligible())}
            {textarea(&reason, 1, limits::REASON)}
            {action_button("quiet", format!("ineligible.{serial}"), t.desk_ineligible())} {contact}
        </div>
    }
    .into_any()
}

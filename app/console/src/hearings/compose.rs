//! `/desk/c/{number}/hearings/new` and `/desk/hearings/{id}/edit`: the notice. Each press shows what
//! the seats make together; once the notice is public only the day itself can still be arranged.

use super::form::{HearingForm, PRESETS, Sums, preset_name};
use super::{address, place};
use crate::desk::Desk;
use crate::fields::{form, input, number, tick};
use crate::frame::{Head, Tab, screen};
use crate::rows;
use app::i18n::time;
use app::ui;
use app::ui::form::{
    Choice, Field, Group, action_button, default_button, error_for, error_summary, hidden, select,
    text_input, textarea,
};
use domain::consultations::Consultation;
use domain::hearings::{Attendance, Fill, HearingNumber, SessionKind};
use domain::limits;
use domain::problem::Violations;
use leptos::prelude::*;

/// Where the rows stand in the page.
const ROWS: &str = "categories";

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub struct NoticeData<'a> {
    pub consultation: &'a Consultation,
    /// The session that is changed; `None` for a new one.
    pub of: Option<HearingNumber>,
    /// Whether the notice is public: seats, conditions and periods then stand.
    pub public: bool,
    pub form: &'a HearingForm,
    pub wrong: Option<&'a Violations>,
}

impl NoticeData<'_> {
    fn action(&self, desk: &Desk) -> String {
        match self.of {
            Some(number) => desk.to(&address(number, "/edit")),
            None => desk.of(self.consultation.number, "/hearings/new"),
        }
    }
}

/// The form of the notice.
pub fn notice_page(desk: &Desk, data: NoticeData<'_>) -> String {
    let t = desk.t();
    let title = match data.of {
        Some(_) => t.desk_hearing_edit(),
        None => t.desk_hearing_new(),
    };
    let head = Head::of(title, data.consultation, Tab::Hearings);
    screen(desk, &head, || {
        let intro = if data.public {
            t.desk_hearing_edit_public()
        } else {
            t.desk_hearing_edit_intro()
        };
        let back = match data.of {
            Some(number) => desk.to(&address(number, "")),
            None => desk.of(data.consultation.number, "/hearings"),
        };
        let fixed = if data.public {
            carried(data.form)
        } else {
            offer(desk, data)
        };
        view! {
            <h1>{title}</h1>
            <p class="intro">{intro}</p>
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {form(
                data.action(desk),
                view! {
                    {default_button("look".into())}
                    {fixed}
                    {day(desk, data)}
                    <p class="acts">
                        {action_button("button", "save".into(), t.desk_save())} " "
                        <a href=back>{t.desk_cancel()}</a>
                    </p>
                },
            )}
        }
    })
}

fn group(choices: Vec<Choice>) -> [Group; 1] {
    [Group {
        heading: String::new(),
        choices,
    }]
}

fn choice(value: impl Into<String>, text: impl Into<String>) -> Choice {
    Choice {
        value: value.into(),
        text: text.into(),
    }
}

/// What people apply for: it stands once it is public.
fn offer(desk: &Desk, data: NoticeData<'_>) -> AnyView {
    let t = desk.t();
    let NoticeData { form, wrong, .. } = data;
    let zone = time::zone(&data.consultation.unit.zone);
    let zone = t.zone_name(desk.page.now, &zone);
    let field = |name: &str, label: &str, hint: String, value| Field {
        name: name.into(),
        label: label.into(),
        hint: Some(hint).filter(|hint| !hint.is_empty()),
        value,
        error: error_for(t, wrong, name),
    };
    let kinds = SessionKind::ALL
        .iter()
        .map(|kind| choice(kind.code(), t.session_kind(*kind)))
        .collect();
    let kind = field("kind", t.desk_hearing_kind(), String::new(), &form.kind);
    let title = field("title", t.desk_title(), String::new(), &form.title);
    let matter = field(
        "matter",
        t.desk_hearing_matter(),
        t.desk_hearing_matter_hint().into(),
        &form.matter,
    );
    let opens = field(
        "applications_open_at",
        t.desk_hearing_opens(),
        zone.clone(),
        &form.applications_open_at,
    );
    let closes = field(
        "applications_close_at",
        t.desk_hearing_closes(),
        t.desk_hearing_closes_hint(&zone),
        &form.applications_close_at,
    );
    let total = field(
        "total",
        t.desk_hearing_total(),
        t.desk_hearing_total_hint().into(),
        &form.total,
    );
    let cooldown = field(
        "cooldown",
        t.desk_hearing_cooldown(),
        t.desk_hearing_cooldown_hint().into(),
        &form.cooldown,
    );
    view! {
        {select(&kind, &group(kinds))}
        {text_input(&title, "off")}
        {textarea(&matter, 4, limits::SUMMARY)}
        {input(&opens, "datetime-local", "off")}
        {input(&closes, "datetime-local", "off")}
        <h2>{t.desk_hearing_categories()}</h2>
        {number(&total)}
        <p class="field">
            {tick(
                "pricing",
                "pricing".into(),
                "on".into(),
                t.desk_hearing_pricing().into(),
                form.pricing,
            )}
        </p>
        {categories(desk, data)}
        {sums(desk, form.sums())}
        {number(&cooldown)}
    }
    .into_any()
}

fn categories(desk: &Desk, data: NoticeData<'_>) -> AnyView {
    let t = desk.t();
    let address = data.action(desk);
    let rows = (0..data.form.categories.len())
        .map(|index| category(desk, data, index, &address))
        .collect_view();
    let mut presets: Vec<Choice> = PRESETS
        .iter()
        .map(|(code, _)| choice(*code, preset_name(t, code)))
        .collect();
    presets.push(choice("", t.desk_seats_other()));
    let preset = Field {
        name: "preset".into(),
        label: t.desk_hearing_category_kind().into(),
        value: &data.form.preset,
        ..Field::default()
    };
    view! {
        <div id=ROWS tabindex="-1">
            {error_for(t, data.wrong, ROWS)
                .map(|error| view! { <p class="error">{error}</p> })}
            {rows}
        </div>
        <div class="acts adding">
            {select(&preset, &group(presets))}
            {rows::button(&address, (ROWS, data.form.categories.len()), "add".into(), t.desk_hearing_category_add(), "")}
            {rows::button(&address, (ROWS, data.form.categories.len()), "look".into(), t.desk_hearing_add_up(), "")}
        </div>
    }
    .into_any()
}

fn category(desk: &Desk, data: NoticeData<'_>, index: usize, address: &str) -> AnyView {
    let t = desk.t();
    let row = &data.form.categories[index];
    let id = |name: &str| format!("categories.{index}.{name}");
    let field = |name: &str, label: &str, hint: Option<&str>, value| Field {
        name: id(name),
        label: label.into(),
        hint: hint.map(Into::into),
        value,
        error: error_for(t, data.wrong, &id(name)),
    };
    let fills = Fill::ALL
        .iter()
        .map(|fill| choice(fill.code(), t.fill(*fill)))
        .collect();
    let name = field("name", t.desk_hearing_category_name(), None, &row.name);
    let quota = field("quota", t.desk_hearing_quota(), None, &row.quota);
    let fill = field("fill", t.desk_hearing_fill(), None, &row.fill);
    let conditions = field(
        "conditions",
        t.desk_hearing_conditions(),
        None,
        &row.conditions,
    );
    let n = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
    let called = t.desk_hearing_category_n(n);
    let code_wrong = error_for(t, data.wrong, &id("code"));
    view! {
        <fieldset class="row" id=rows::id(ROWS, index) tabindex="-1">
            <legend>{called.clone()}</legend>
            {hidden(&id("code"), &row.code)}
            {code_wrong.map(|error| view! { <p class="error" id=id("code")>{error}</p> })}
            {text_input(&name, "off")}
            {number(&quota)}
            {select(&fill, &group(fills))}
            {textarea(&conditions, 2, limits::SUMMARY)}
            <p class="ticks">
                {tick(
                    &id("in_total"),
                    id("in_total"),
                    "on".into(),
                    t.desk_hearing_in_total().into(),
                    row.in_total,
                )}
                {tick(
                    &id("consumers"),
                    id("consumers"),
                    "on".into(),
                    t.desk_hearing_consumers().into(),
                    row.consumers,
                )}
            </p>
            {rows::button(address, (ROWS, data.form.categories.len()), format!("remove.{index}"), t.desk_take_out(), called)}
        </fieldset>
    }
    .into_any()
}

/// What the seats make together, and whether that is what is announced.
pub(super) fn sums(desk: &Desk, sums: Sums) -> AnyView {
    let t = desk.t();
    let fits = sums.add_up() && sums.enough_consumers();
    let seats = match sums.total {
        Some(total) if total == sums.seats => t.desk_hearing_adds_up(sums.seats),
        Some(total) => t.desk_hearing_not_up(sums.seats, total),
        None => t.desk_hearing_no_total(sums.seats),
    };
    let consumers = (sums.seats > 0).then(|| {
        let share = domain::polls::results::percent(sums.consumers, sums.seats);
        let says = t.desk_hearing_consumer_share(sums.consumers, sums.seats, share);
        let rule = sums.pricing.then(|| {
            if sums.enough_consumers() {
                t.desk_hearing_consumers_enough()
            } else {
                t.desk_hearing_consumers_few()
            }
        });
        view! { <p>{says} " " {rule}</p> }
    });
    let class = if fits { "good sums" } else { "warnings sums" };
    view! {
        <div class=class role="status" id="sums">
            <p>{seats}</p>
            {consumers}
        </div>
    }
    .into_any()
}

/// What stands, carried along so that the form is whole.
fn carried(form: &HearingForm) -> AnyView {
    let rows = form
        .categories
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let id = |name: &str| format!("categories.{index}.{name}");
            let ticked = |name: &str, on: bool| on.then(|| hidden(&id(name), "on"));
            view! {
                {hidden(&id("code"), &row.code)}
                {hidden(&id("name"), &row.name)}
                {hidden(&id("quota"), &row.quota)}
                {hidden(&id("fill"), &row.fill)}
                {hidden(&id("conditions"), &row.conditions)}
                {ticked("in_total", row.in_total)}
                {ticked("consumers", row.consumers)}
            }
        })
        .collect_view();
    view! {
        {hidden("kind", &form.kind)}
        {hidden("title", &form.title)}
        {hidden("matter", &form.matter)}
        {hidden("applications_open_at", &form.applications_open_at)}
        {hidden("applications_close_at", &form.applications_close_at)}
        {hidden("total", &form.total)}
        {form.pricing.then(|| hidden("pricing", "on"))}
        {hidden("cooldown", &form.cooldown)}
        {rows}
    }
    .into_any()
}

/// When and where, and what concerns the day itself.
fn day(desk: &Desk, data: NoticeData<'_>) -> AnyView {
    let t = desk.t();
    let NoticeData { form, wrong, .. } = data;
    let zone = time::zone(&data.consultation.unit.zone);
    let zone = t.zone_name(desk.page.now, &zone);
    let field = |name: &str, label: &str, hint: String, value| Field {
        name: name.into(),
        label: label.into(),
        hint: Some(hint).filter(|hint| !hint.is_empty()),
        value,
        error: error_for(t, wrong, name),
    };
    let starts = field(
        "starts_at",
        t.desk_hearing_starts(),
        t.desk_hearing_starts_hint(&zone),
        &form.starts_at,
    );
    let ends = field("ends_at", t.desk_hearing_ends(), zone, &form.ends_at);
    let where_to = field(
        "place",
        t.desk_hearing_place(),
        t.desk_hearing_place_hint().into(),
        &form.place,
    );
    let attendances = Attendance::ALL
        .iter()
        .map(|attendance| choice(attendance.code(), t.attendance(*attendance)))
        .collect();
    let attendance = field(
        "attendance",
        t.desk_hearing_attendance(),
        String::new(),
        &form.attendance,
    );
    let plain = |name: &'static str, label: &str, value| field(name, label, String::new(), value);
    let bring = plain("bring", t.desk_hearing_bring(), &form.bring);
    let discipline = plain("discipline", t.desk_hearing_discipline(), &form.discipline);
    let contact = plain("contact", t.desk_hearing_contact(), &form.contact);
    view! {
        <h2>{t.desk_hearing_day()}</h2>
        {input(&starts, "datetime-local", "off")}
        {input(&ends, "datetime-local", "off")}
        {textarea(&where_to, 2, limits::CONTACT_LINES)}
        {select(&attendance, &group(attendances))}
        {textarea(&bring, 2, limits::SUMMARY)}
        {textarea(&discipline, 3, limits::SUMMARY)}
        {textarea(&contact, 2, limits::CONTACT_LINES)}
    }
    .into_any()
}

/// A notice that is to be published, in what it makes.
pub(super) fn sums_of(desk: &Desk, notice: &domain::hearings::Notice) -> AnyView {
    sums(
        desk,
        Sums {
            seats: notice.seats_in_total(),
            total: Some(notice.total),
            consumers: notice.consumer_seats(),
            pricing: notice.pricing,
        },
    )
}

/// Something to know about the day, in the facts of a session.
pub(super) fn prose(desk: &Desk, data: &domain::hearings::Hearing, text: &str) -> AnyView {
    ui::prose_in(desk.page.lang_of(&data.unit), text)
}

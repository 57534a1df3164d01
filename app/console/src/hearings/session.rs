//! `/desk/hearings/{id}`: where a session stands, what is to be done next, its seats, publication and
//! calling it off.

use super::compose::{prose, sums_of};
use super::{place, state_tag, to};
use crate::desk::Desk;
use crate::fields::{form, table};
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, action_button, error_for, error_summary, textarea};
use domain::consultations::Consultation;
use domain::hearings::{Hearing, SessionState};
use domain::limits;
use domain::notify::Letters;
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// What is typed on this screen.
#[derive(Clone, Debug, Default)]
pub struct SessionForm {
    /// Why it is called off.
    pub reason: String,
}

/// One session.
#[derive(Clone, Copy, Debug)]
pub struct SessionData<'a> {
    pub consultation: &'a Consultation,
    pub hearing: &'a Hearing,
    pub letters: Letters,
    pub form: &'a SessionForm,
    pub wrong: Option<&'a Violations>,
}

/// `/desk/hearings/{id}`.
pub fn session_page(desk: &Desk, data: SessionData<'_>) -> String {
    let t = desk.t();
    let hearing = data.hearing;
    let head = Head::of(&hearing.notice.title, data.consultation, Tab::Hearings);
    screen(desk, &head, || {
        let theirs = || desk.page.lang_of(&hearing.unit);
        let public = hearing.published_at.map(|_| {
            let href = desk.to(&format!("/hearings/{}", hearing.id));
            view! { <a href=href>{t.desk_public_page()}</a> }
        });
        let over = matches!(hearing.state, SessionState::Cancelled | SessionState::Held);
        let needed = match hearing.published_at {
            Some(_) => Role::Approver,
            None => Role::Editor,
        };
        let edit = (desk.may(data.consultation, needed) && !over).then(|| {
            view! { <a href=to(desk, hearing.id, "/edit")>{t.desk_hearing_edit()}</a> }
        });
        let cancelled = hearing.cancelled_reason.as_deref().map(|reason| {
            ui::inset(view! {
                <p>{t.desk_hearing_was_cancelled()}</p>
                {ui::prose_in(theirs(), reason)}
            })
        });
        view! {
            <h1 dir="auto" lang=theirs()>
                {plain(&hearing.notice.title)}
            </h1>
            <p class="under">
                {state_tag(desk, hearing.state)} " " <span>{hearing.id.to_string()}</span> " "
                <span>{t.session_kind(hearing.notice.kind)}</span> " " {edit} " " {public}
            </p>
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {cancelled}
            {next(desk, hearing)}
            {post(desk, data)}
            {publish(desk, data)}
            <h2>{t.desk_hearing_categories()}</h2>
            {seats(desk, hearing)}
            <h2>{t.desk_hearing_facts()}</h2>
            {facts(desk, hearing)}
            {call_off(desk, data)}
        }
    })
}

/// The screens of a session, with what each is for now.
fn next(desk: &Desk, hearing: &Hearing) -> Option<AnyView> {
    let t = desk.t();
    hearing.published_at?;
    let waiting: i64 = hearing.seats.iter().map(|count| count.waiting).sum();
    let applications: i64 = hearing.seats.iter().map(|count| count.applications).sum();
    let step = |rest: &str, name: &'static str, says: String| {
        let href = to(desk, hearing.id, rest);
        view! {
            <li>
                <a href=href>{name}</a>
                <p>{says}</p>
            </li>
        }
        .into_any()
    };
    let draw = hearing.notice.has_draw().then(|| {
        let says = match &hearing.draw {
            None => t.desk_hearing_step_draw_none().to_owned(),
            Some(draw) if draw.drawn_at.is_none() => t.desk_hearing_step_draw_frozen(draw.tickets),
            Some(draw) => t.desk_hearing_step_draw_done(draw.tickets),
        };
        step("/draw", t.desk_draw(), says)
    });
    let review = match waiting {
        0 => t.desk_hearing_step_applications(applications),
        n => t.desk_hearing_step_waiting(n),
    };
    let rest = if waiting > 0 {
        "/applications?state=received"
    } else {
        "/applications"
    };
    let papers = i64::try_from(hearing.papers.len()).unwrap_or(i64::MAX);
    let minutes = match &hearing.minutes {
        Some(_) => t.desk_hearing_step_minutes_done(),
        None => t.desk_hearing_step_minutes(),
    };
    let report = hearing.minutes.as_ref().map(|_| {
        let says = match &hearing.report {
            Some(_) => t.desk_hearing_step_report_done(),
            None => t.desk_hearing_step_report(),
        };
        step("/report", t.desk_hearing_report(), says.into())
    });
    let corrections = hearing.minutes.as_ref().and_then(|minutes| {
        let accepted = i64::try_from(minutes.corrections.len()).unwrap_or(i64::MAX);
        let waiting = minutes.corrections_asked - accepted - minutes.corrections_refused;
        let says = match waiting {
            0 if minutes.corrections_asked == 0 && minutes.corrections_until.is_none() => {
                return None;
            }
            0 => t.desk_hearing_step_corrections(minutes.corrections_asked),
            n => t.desk_hearing_step_corrections_waiting(n),
        };
        Some(step("/corrections", t.desk_corrections(), says))
    });
    let opinions = hearing.opinions.as_ref().map(|opinions| {
        let says = match opinions.received - opinions.answered {
            0 => t.desk_hearing_step_opinions(opinions.received),
            n => t.desk_hearing_step_opinions_waiting(n),
        };
        step("/opinions", t.desk_opinions(), says)
    });
    Some(
        view! {
            <h2>{t.desk_todo()}</h2>
            <ul class="steps">
                {step(rest, t.desk_applications(), review)} {draw}
                {step("/checkin", t.desk_checkin(), t.desk_hearing_step_checkin().into())}
                {step("/papers", t.desk_hearing_papers(), t.desk_hearing_step_papers(papers))}
                {step("/minutes", t.desk_hearing_minutes(), minutes.into())} {corrections}
                {opinions} {report}
            </ul>
        }
        .into_any(),
    )
}

/// Who is told by letter, and who has to be called.
fn post(desk: &Desk, data: SessionData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let Letters {
        waiting,
        sent,
        failed,
        without_address,
    } = data.letters;
    if waiting + sent + failed + without_address == 0 {
        return None;
    }
    let told =
        (waiting + sent + failed > 0).then(|| view! { <li>{t.desk_letters(sent, waiting)}</li> });
    let failed =
        (failed > 0).then(|| view! { <li class="warning">{t.desk_letters_failed(failed)}</li> });
    let call =
        (without_address > 0).then(|| view! { <li>{t.desk_letters_without(without_address)}</li> });
    Some(
        view! {
            <h2>{t.desk_letters_title()}</h2>
            <ul>{told} {failed} {call}</ul>
        }
        .into_any(),
    )
}

/// What stands in the way of publication; without anything, the button.
fn publish(desk: &Desk, data: SessionData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let hearing = data.hearing;
    if hearing.state != SessionState::Preparing {
        return None;
    }
    let body = match hearing.notice.publishable(desk.page.now) {
        Err(wrong) => {
            let lines = wrong
                .0
                .iter()
                .map(|violation| {
                    let place = place(desk, violation)
                        .map(|place| t.form_place(place))
                        .unwrap_or_default();
                    view! { <li>{place} {t.fault(violation)}</li> }
                })
                .collect_view();
            view! {
                <div class="warnings">
                    <p>{t.desk_hearing_in_the_way()}</p>
                    <ul>{lines}</ul>
                    <p>
                        <a href=to(desk, hearing.id, "/edit")>{t.desk_hearing_edit()}</a>
                    </p>
                </div>
            }
            .into_any()
        }
        Ok(()) if !desk.may(data.consultation, Role::Approver) => {
            ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> })
        }
        Ok(()) => form(
            to(desk, hearing.id, ""),
            view! {
                <p>{t.desk_hearing_publish_means()}</p>
                <p class="acts">
                    {action_button("button", "publish".into(), t.desk_hearing_publish())}
                </p>
            },
        ),
    };
    Some(
        view! {
            <h2>{t.desk_hearing_publishing()}</h2>
            {sums_of(desk, &hearing.notice)}
            {body}
        }
        .into_any(),
    )
}

fn seats(desk: &Desk, hearing: &Hearing) -> AnyView {
    let t = desk.t();
    let heads = [
        t.desk_hearing_category(),
        t.desk_hearing_fill(),
        t.desk_hearing_quota(),
        t.desk_applications(),
        t.desk_hearing_waiting(),
        t.desk_hearing_eligible(),
        t.desk_hearing_seated(),
        t.desk_hearing_reserves(),
    ];
    let nothing = domain::hearings::SeatCount::default();
    let rows = hearing
        .notice
        .categories
        .iter()
        .map(|category| {
            let count = hearing.count(&category.code).unwrap_or(&nothing);
            let number = |n: i64| view! { <td>{t.number(n)}</td> };
            view! {
                <tr>
                    <th scope="row" dir="auto" lang=desk.page.lang_of(&hearing.unit)>
                        {plain(&category.name)}
                    </th>
                    <td>{t.fill(category.fill)}</td>
                    {number(category.quota)}
                    {number(count.applications)}
                    {number(count.waiting)}
                    {number(count.eligible)}
                    {number(count.seated)}
                    {number(count.reserves)}
                </tr>
            }
        })
        .collect_view();
    table(
        t.desk_hearing_categories().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}

fn facts(desk: &Desk, hearing: &Hearing) -> AnyView {
    let t = desk.t();
    let notice = &hearing.notice;
    let zone = time::zone(&hearing.unit.zone);
    let starts = match notice.starts_at {
        Some(at) => ui::instant(t, at, &zone),
        None => t.desk_hearing_later().into_any(),
    };
    let ends = notice.ends_at.map(|at| {
        view! {
            <dt>{t.desk_hearing_ends_at()}</dt>
            <dd>{ui::instant(t, at, &zone)}</dd>
        }
    });
    let text = |label: &'static str, text: &Option<String>| {
        text.as_deref().map(|text| {
            view! {
                <dt>{label}</dt>
                <dd>{prose(desk, hearing, text)}</dd>
            }
        })
    };
    let where_to = match &notice.place {
        Some(place) => prose(desk, hearing, place),
        None => t.desk_hearing_later().into_any(),
    };
    view! {
        <dl class="facts">
            <dt>{t.desk_hearing_applying_period()}</dt>
            <dd>
                {ui::instant(t, notice.applications_open_at, &zone)} " " {t.fact_to()} " "
                {ui::deadline(t, notice.applications_close_at, &zone)}
            </dd>
            <dt>{t.desk_hearing_starts()}</dt>
            <dd>{starts}</dd>
            {ends}
            <dt>{t.desk_hearing_place()}</dt>
            <dd>{where_to}</dd>
            <dt>{t.desk_hearing_attendance()}</dt>
            <dd>{t.attendance(notice.attendance)}</dd>
            {text(t.desk_hearing_matter(), &notice.matter)}
            {text(t.hearing_bring(), &notice.bring)}
            {text(t.hearing_discipline(), &notice.discipline)}
            {text(t.hearing_contact(), &notice.contact)}
        </dl>
    }
    .into_any()
}

fn call_off(desk: &Desk, data: SessionData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let over = matches!(
        data.hearing.state,
        SessionState::Cancelled | SessionState::Held
    );
    if over || !desk.may(data.consultation, Role::Approver) {
        return None;
    }
    let reason = Field {
        name: "reason".into(),
        label: t.desk_hearing_cancel_reason().into(),
        hint: Some(t.desk_hearing_cancel_hint().into()),
        value: &data.form.reason,
        error: error_for(t, data.wrong, "reason"),
    };
    let open = data.wrong.is_some() || !data.form.reason.is_empty();
    Some(
        view! {
            <details class="apart" open=open>
                <summary>{t.desk_hearing_cancel()}</summary>
                {form(
                    to(desk, data.hearing.id, ""),
                    view! {
                        {textarea(&reason, 4, limits::REASON)}
                        {action_button(
                            "button danger",
                            "cancel".into(),
                            t.desk_hearing_cancel(),
                        )}
                    },
                )}
            </details>
        }
        .into_any(),
    )
}

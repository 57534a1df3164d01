//! `/desk/polls/{id}`: where a poll stands, its questions as they will be asked, publication,
//! publishing the results and calling it off.

use super::preview::preview;
use super::{place, state_tag, to};
use crate::desk::Desk;
use crate::fields::{form, input};
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use app::ui::form::{Field, action_button, error_for, error_summary, textarea};
use domain::consultations::Consultation;
use domain::limits;
use domain::polls::{IdentityLevel, Poll, PollState, QuestionKind, ResultsShown};
use domain::problem::Violations;
use domain::staff::Role;
use leptos::prelude::*;

/// What is typed on this screen. The instants are local times of the unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodForm {
    pub opens_at: String,
    pub closes_at: String,
    /// Why the poll is called off.
    pub reason: String,
}

/// One poll.
#[derive(Clone, Copy, Debug)]
pub struct PollData<'a> {
    pub consultation: &'a Consultation,
    pub poll: &'a Poll,
    pub form: &'a PeriodForm,
    pub wrong: Option<&'a Violations>,
}

/// `/desk/polls/{id}`.
pub fn poll_page(desk: &Desk, data: PollData<'_>) -> String {
    let t = desk.t();
    let poll = data.poll;
    let head = Head::of(&poll.questionnaire.title, data.consultation, Tab::Polls);
    screen(desk, &head, || {
        let theirs = || desk.page.lang_of(&poll.unit);
        let cancelled = poll.cancelled_reason.as_deref().map(|reason| {
            ui::inset(view! {
                <p>{t.desk_poll_was_cancelled()}</p>
                {ui::prose_in(theirs(), reason)}
            })
        });
        view! {
            <h1 dir="auto" lang=theirs()>
                {plain(&poll.questionnaire.title)}
            </h1>
            <p class="under">
                {state_tag(desk, poll.state)} " " <span>{poll.id.to_string()}</span> " "
                {ways(desk, data)}
            </p>
            {error_summary(t, data.wrong, |violation| place(desk, violation))}
            {cancelled}
            {facts(desk, poll)}
            {show_results(desk, data)}
            {publish(desk, data)}
            {versions(desk, poll)}
            <h2>{t.desk_poll_preview()}</h2>
            {preview(desk, poll)}
            {call_off(desk, data)}
        }
    })
}

/// The ways to the poll's other screens and to its public page.
fn ways(desk: &Desk, data: PollData<'_>) -> AnyView {
    let t = desk.t();
    let poll = data.poll;
    let published = !poll.versions.iter().all(|one| one.published_at.is_none());
    let way = |rest: &str, name: &'static str| {
        view! {
            <a href=to(desk, poll.id, rest)>{name}</a>
            " "
        }
        .into_any()
    };
    let running = matches!(poll.state, PollState::Announced | PollState::Open);
    let edit = match poll.state {
        PollState::Preparing if desk.may(data.consultation, Role::Editor) => {
            Some(way("/edit", t.desk_poll_edit()))
        }
        _ if running && desk.may(data.consultation, Role::Approver) => {
            Some(way("/edit", t.desk_poll_correct()))
        }
        _ => None,
    };
    let asks_for_code = poll.questionnaire.identity != IdentityLevel::None;
    let codes = (asks_for_code && desk.may(data.consultation, Role::Approver))
        .then(|| way("/codes", t.desk_poll_codes()));
    let words = poll.questionnaire.questions.iter();
    let texts = (published && words.into_iter().any(|question| question.kind.is_text()))
        .then(|| way("/texts", t.desk_poll_texts()));
    let results = published.then(|| way("/results", t.desk_poll_results()));
    let public = published.then(|| {
        let href = desk.to(&format!("/polls/{}", poll.id));
        view! { <a href=href>{t.desk_public_page()}</a> }
    });
    view! {
        {edit}
        {codes}
        {texts}
        {results}
        {public}
    }
    .into_any()
}

fn facts(desk: &Desk, poll: &Poll) -> AnyView {
    let t = desk.t();
    let zone = time::zone(&poll.unit.zone);
    let asked = &poll.questionnaire;
    let period = poll.opens_at.zip(poll.closes_at).map(|(opens, closes)| {
        view! {
            <dt>{t.desk_opens()}</dt>
            <dd>{ui::instant(t, opens, &zone)}</dd>
            <dt>{t.desk_closes()}</dt>
            <dd>{ui::deadline(t, closes, &zone)}</dd>
            {poll
                .ballots
                .map(|ballots| {
                    view! {
                        <dt>{t.desk_poll_ballots()}</dt>
                        <dd>{t.number(ballots)}</dd>
                    }
                })}
        }
    });
    view! {
        <dl class="facts">
            {period} <dt>{t.desk_poll_identity()}</dt>
            <dd>{t.identity_level(asked.identity)}</dd>
            <dt>{t.desk_poll_results_when()}</dt>
            <dd>{t.results_shown(asked.results)}</dd>
            <dt>{t.desk_poll_phase()}</dt>
            <dd>{t.poll_phase(asked.phase)}</dd>
        </dl>
    }
    .into_any()
}

/// The button of a poll whose results wait for a decision.
fn show_results(desk: &Desk, data: PollData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let poll = data.poll;
    let opened = poll.opens_at.is_some_and(|opens| opens <= desk.page.now);
    let over = match poll.state {
        PollState::Closed => true,
        PollState::Cancelled => opened,
        PollState::Preparing | PollState::Announced | PollState::Open => false,
    };
    let waits = over && poll.questionnaire.results == ResultsShown::ByHand && !poll.results_public;
    (waits && desk.may(data.consultation, Role::Approver)).then(|| {
        form(
            to(desk, poll.id, ""),
            view! {
                <p>{t.desk_poll_results_wait()}</p>
                <p class="acts">
                    {action_button("button", "results".into(), t.desk_poll_results_publish())}
                </p>
            },
        )
    })
}

fn publish(desk: &Desk, data: PollData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let poll = data.poll;
    if poll.state != PollState::Preparing {
        return None;
    }
    let body = if desk.may(data.consultation, Role::Approver) {
        let zone = t.zone_name(desk.page.now, &time::zone(&poll.unit.zone));
        let opens = Field {
            name: "opens_at".into(),
            label: t.desk_opens().into(),
            hint: Some(t.desk_opens_hint(&zone)),
            value: &data.form.opens_at,
            error: error_for(t, data.wrong, "opens_at"),
        };
        let closes = Field {
            name: "closes_at".into(),
            label: t.desk_closes().into(),
            hint: Some(t.desk_poll_closes_hint(&zone)),
            value: &data.form.closes_at,
            error: error_for(t, data.wrong, "closes_at"),
        };
        form(
            to(desk, poll.id, ""),
            view! {
                <p>{t.desk_poll_publish_means()}</p>
                {input(&opens, "datetime-local", "off")}
                {input(&closes, "datetime-local", "off")}
                {action_button("button", "publish".into(), t.desk_poll_publish())}
            },
        )
    } else {
        ui::inset(view! { <p>{t.desk_hearing_needs_approver()}</p> })
    };
    Some(
        view! {
            <h2>{t.desk_poll_publishing()}</h2>
            {body}
        }
        .into_any(),
    )
}

/// What was corrected, and how many answered which version.
fn versions(desk: &Desk, poll: &Poll) -> Option<AnyView> {
    let t = desk.t();
    if poll.versions.len() < 2 {
        return None;
    }
    let zone = time::zone(&poll.unit.zone);
    let lines = poll
        .versions
        .iter()
        .map(|version| {
            let at = version.published_at.map(|at| ui::instant(t, at, &zone));
            let correction = version.correction.as_deref();
            let number = version.version;
            let name = match version.ballots {
                Some(ballots) => t.desk_poll_version(number, ballots),
                None => t.poll_version(number),
            };
            view! {
                <li>
                    {name} " " {at}
                    {correction.map(|text| ui::prose_in(desk.page.lang_of(&poll.unit), text))}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <h2>{t.desk_poll_versions()}</h2>
            <ul>{lines}</ul>
        }
        .into_any(),
    )
}

fn call_off(desk: &Desk, data: PollData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let over = data.poll.state == PollState::Cancelled;
    if over || !desk.may(data.consultation, Role::Approver) {
        return None;
    }
    let error = error_for(t, data.wrong, "reason");
    let open = error.is_some() || !data.form.reason.is_empty();
    let reason = Field {
        name: "reason".into(),
        label: t.desk_hearing_cancel_reason().into(),
        hint: Some(t.desk_poll_cancel_hint().into()),
        value: &data.form.reason,
        error,
    };
    Some(
        view! {
            <details class="apart" open=open>
                <summary>{t.desk_poll_cancel()}</summary>
                {form(
                    to(desk, data.poll.id, ""),
                    view! {
                        {textarea(&reason, 4, limits::REASON)}
                        {action_button("button danger", "cancel".into(), t.desk_poll_cancel())}
                    },
                )}
            </details>
        }
        .into_any(),
    )
}

/// Whether something is answered, as a heading with a text is not.
pub(super) fn is_answered(kind: QuestionKind) -> bool {
    kind != QuestionKind::Section
}

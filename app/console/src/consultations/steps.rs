//! What a consultation needs next: one thing in the list, all steps with their state on its own
//! screen.

use crate::desk::Desk;
use crate::overview::Work;
use app::i18n::time;
use app::ui;
use domain::consultations::{Consultation, Listed, State};
use leptos::prelude::*;

/// The one thing to do next, with a link where there is something to do.
pub(crate) fn next_step(desk: &Desk, listed: &Listed, work: Work) -> AnyView {
    let t = desk.t();
    let link = |rest: &str, text: String| {
        view! { <a href=desk.of(listed.number, rest)>{text}</a> }.into_any()
    };
    let zone = time::zone(&listed.unit.zone);
    match (listed.state, &listed.round) {
        (State::Preparing, _) => link("", t.desk_next_prepare().into()),
        (State::Published, Some(round)) => {
            t.desk_next_opens(t.date(round.opens_at, &zone)).into_any()
        }
        (State::Open | State::Closed, _) if work.waiting > 0 => {
            link("/queue?state=received", t.desk_next_moderate(work.waiting))
        }
        (State::Open, Some(round)) => view! {
            {t.desk_next_closes()}
            " "
            {ui::deadline(t, round.closes_at, &zone)}
        }
        .into_any(),
        (State::Closed, _) => match work.unanswered {
            Some(0) => link("/feedback", t.desk_next_feedback().into()),
            Some(n) => link("/points?unanswered=on", t.desk_next_answer(n)),
            None => link("/points?unanswered=on", t.desk_tab_points().into()),
        },
        _ => t.desk_none().into_any(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Done,
    Now,
    Later,
}

struct Step {
    name: &'static str,
    standing: Standing,
    says: String,
    link: Option<(String, &'static str)>,
}

/// Draft, round, review, responses, feedback: which are done, which is due, which come later.
pub(super) fn checklist(desk: &Desk, consultation: &Consultation, work: Work) -> AnyView {
    let t = desk.t();
    let items = steps(desk, consultation, work)
        .into_iter()
        .map(|step| {
            let (class, word) = match step.standing {
                Standing::Done => ("did", t.desk_step_done()),
                Standing::Now => ("now", t.desk_step_now()),
                Standing::Later => ("later", t.desk_step_later()),
            };
            let link = step.link.map(|(href, text)| {
                view! {
                    " "
                    <a href=href>{text}</a>
                }
            });
            view! {
                <li class=class>
                    <strong class="tag">{word}</strong>
                    " "
                    <b>{step.name}</b>
                    <p>{step.says} {link}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{items}</ol> }.into_any()
}

fn steps(desk: &Desk, consultation: &Consultation, work: Work) -> Vec<Step> {
    let t = desk.t();
    let number = consultation.number;
    let state = consultation.state;
    let zone = time::zone(&consultation.unit.zone);
    let versions = consultation.versions.len();
    let unpublished = consultation
        .versions
        .iter()
        .any(|version| version.published_at.is_none());
    let preparing = state == State::Preparing;
    let ended = matches!(state, State::Answered | State::Withdrawn);
    let closed = state == State::Closed;
    let stand = |done: bool, now: bool| match (done, now) {
        (true, _) => Standing::Done,
        (false, true) => Standing::Now,
        (false, false) => Standing::Later,
    };
    let link = |rest: &str, text: &'static str| Some((desk.of(number, rest), text));

    let draft = Step {
        name: t.desk_tab_draft(),
        standing: stand(versions > 0, preparing),
        says: match versions {
            0 => t.desk_step_draft_none().into(),
            n if unpublished && !preparing => t.desk_step_draft_new(count(n)),
            n => t.desk_step_draft_versions(count(n)),
        },
        link: link(
            "/draft",
            if versions == 0 {
                t.desk_add_draft()
            } else {
                t.desk_look()
            },
        ),
    };
    let round = Step {
        name: t.desk_tab_round(),
        standing: stand(consultation.round.is_some(), versions > 0),
        says: match &consultation.round {
            Some(round) => t.desk_step_round(
                t.instant(round.opens_at, &zone),
                t.deadline(round.closes_at, &zone),
            ),
            None => t.desk_step_round_none().into(),
        },
        link: (preparing && versions > 0).then(|| (desk.of(number, "/round"), t.desk_set_round())),
    };
    let moderated = consultation.round.is_some() && work.waiting == 0;
    let moderate = Step {
        name: t.desk_tab_queue(),
        standing: stand(
            moderated && (closed || ended),
            work.waiting > 0 || state == State::Open,
        ),
        says: match (state, work.waiting) {
            (State::Preparing | State::Published, _) => t.desk_step_queue_later().into(),
            (_, 0) => t.desk_step_queue_none().into(),
            (_, n) => t.desk_waiting(n),
        },
        link: (work.waiting > 0)
            .then(|| (desk.of(number, "/queue?state=received"), t.desk_to_queue())),
    };
    let answered = work.unanswered == Some(0);
    let respond = Step {
        name: t.desk_tab_points(),
        standing: stand(
            state == State::Answered || (closed && answered),
            closed || (state == State::Open && consultation.counts.points.published > 0),
        ),
        says: match work.unanswered {
            _ if state == State::Answered => t.desk_step_points_done().into(),
            Some(0) if closed => t.desk_step_points_done().into(),
            Some(n) if n > 0 => t.desk_next_answer(n),
            _ => t.desk_step_points_later().into(),
        },
        link: (matches!(state, State::Open | State::Closed) && !answered)
            .then(|| (desk.of(number, "/points?unanswered=on"), t.desk_to_points())),
    };
    let feedback = Step {
        name: t.desk_tab_feedback(),
        standing: stand(
            state == State::Answered,
            closed && answered && work.waiting == 0,
        ),
        says: match consultation.feedback_at {
            Some(at) => t.desk_step_feedback_done(t.instant(at, &zone)),
            None if closed => t.desk_step_feedback_now().into(),
            None => t.desk_step_feedback_later().into(),
        },
        link: (closed || state == State::Answered)
            .then(|| (desk.of(number, "/feedback"), t.desk_look())),
    };
    vec![draft, round, moderate, respond, feedback]
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

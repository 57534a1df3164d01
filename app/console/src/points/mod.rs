//! `/desk/c/{number}/points`: the answer to every point. The page is one form: any button saves
//! all answers that were changed, so that nothing typed is lost by saving something else.

mod answer;

pub use answer::{AnswerForm, answer_field};

use crate::desk::Desk;
use crate::fields::{clause_groups, clause_name, form};
use crate::frame::{Head, Tab, screen};
use crate::overview::paging;
use crate::queue::{point, sender};
use answer::{CLAUSES, answer, given};
use app::ui;
use app::ui::form::{Choice, Field, Group, error_summary, hidden, select};
use domain::comments::{CommentState, OwnPoint, QueueFilter, QueuedComment};
use domain::consultations::{Consultation, Number, Page, State};
use domain::drafts::Draft;
use domain::feedback::Disposition;
use domain::id::PointId;
use domain::problem::{Violation, Violations};
use domain::staff::Role;
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};

/// One page of comments with their points.
#[derive(Clone, Copy, Debug)]
pub struct PointsData<'a> {
    pub consultation: &'a Consultation,
    /// The version under consultation.
    pub draft: Option<&'a Draft>,
    /// The newest version, if it is newer than that.
    pub new_draft: Option<&'a Draft>,
    pub filter: &'a QueueFilter,
    pub comments: &'a Page<QueuedComment>,
    /// What was typed, by point, when the form is shown again.
    pub typed: &'a HashMap<PointId, AnswerForm>,
    /// Faults by [`answer_field`].
    pub wrong: Option<&'a Violations>,
    /// Answers that were saved although others were refused.
    pub saved: i64,
    /// Answers to points that their senders changed or took back meanwhile.
    pub gone: i64,
    /// Points that a colleague answered while these answers were typed.
    pub clashed: &'a HashSet<PointId>,
    /// Why no answer can be saved any more, in words.
    pub refused: Option<&'a str>,
    /// What was typed for points that cannot take it any more.
    pub lost: &'a [AnswerForm],
}

/// The address of the screen under a filter, without its key.
pub fn address(number: Number, filter: &QueueFilter) -> String {
    let mut address = format!("/desk/c/{number}/points");
    let mut separator = '?';
    if filter.unanswered {
        address.push_str("?unanswered=on");
        separator = '&';
    }
    if let Some(clause) = filter.clause {
        address.push(separator);
        address.push_str(&format!("clause={clause}"));
    }
    address
}

/// `/desk/c/{number}/points`.
pub fn points_page(desk: &Desk, data: PointsData<'_>) -> String {
    let t = desk.t();
    let consultation = data.consultation;
    let number = consultation.number;
    let head = Head::of(t.desk_tab_points(), consultation, Tab::Points);
    screen(desk, &head, || {
        let base = address(number, data.filter);
        let saved = (data.saved > 0).then(|| {
            view! {
                <p class="done" role="status">
                    {t.desk_done_points_answered(data.saved)}
                </p>
            }
        });
        let list = if data.comments.items.is_empty() {
            let says = match (consultation.counts.points.received, data.filter.unanswered) {
                (0, _) => t.desk_queue_none_yet(),
                (_, true) => t.desk_points_all_answered(),
                (_, false) => t.desk_queue_none_fit(),
            };
            ui::inset(view! { <p>{says}</p> })
        } else {
            list(desk, data)
        };
        view! {
            <h1>{t.desk_tab_points()}</h1>
            <p class="under">{t.desk_points_intro()}</p>
            {error_summary(t, data.wrong, |violation| place(data, violation, desk))}
            {saved}
            {unsaved(desk, data)}
            {new_version_hint(desk, data)}
            {filters(desk, data)}
            {list}
            {paging(
                desk,
                &base,
                data.comments.next.as_deref(),
                data.filter.after.is_some(),
            )}
        }
    })
}

/// Which answers were not saved, and why. What has no place on the page any more is given back.
fn unsaved(desk: &Desk, data: PointsData<'_>) -> Option<AnyView> {
    let t = desk.t();
    let clashed = i64::try_from(data.clashed.len()).unwrap_or(i64::MAX);
    if data.gone == 0 && clashed == 0 && data.refused.is_none() {
        return None;
    }
    let why = [
        (data.gone > 0).then(|| t.desk_points_gone(data.gone)),
        (clashed > 0).then(|| t.desk_points_clashed(clashed)),
        data.refused.map(str::to_owned),
    ];
    let why = why.into_iter().flatten();
    let lines = data
        .lost
        .iter()
        .map(|form| {
            let disposition = form.disposition.parse::<Disposition>();
            let disposition = disposition
                .map(|one| t.disposition(one))
                .unwrap_or_default();
            let words = [&form.reason, &form.change].map(|text| ui::prose(text));
            view! { <li><strong>{disposition}</strong> {words}</li> }
        })
        .collect_view();
    let lost = (!data.lost.is_empty()).then(|| {
        view! {
            <p>{t.desk_points_lost()}</p>
            <ul>{lines}</ul>
        }
    });
    Some(
        view! {
            <div class="inset" role="alert">
                {why.map(|why| view! { <p>{why}</p> }).collect_view()} {lost}
            </div>
        }
        .into_any(),
    )
}

/// Which point a fault belongs to, in words.
fn place(data: PointsData<'_>, violation: &Violation, desk: &Desk) -> Option<String> {
    let t = desk.t();
    let id = violation.field.split('.').next()?;
    data.comments.items.iter().find_map(|comment| {
        let at = comment
            .points
            .iter()
            .position(|point| point.id.to_string() == id)?;
        let nth = i64::try_from(at + 1).unwrap_or(0);
        Some(t.desk_point_of(nth, comment.number))
    })
}

fn new_version_hint(desk: &Desk, data: PointsData<'_>) -> Option<AnyView> {
    let t = desk.t();
    (data.new_draft.is_none() && data.consultation.state == State::Closed).then(|| {
        let href = desk.of(data.consultation.number, "/draft");
        ui::inset(view! {
            <p>
                {t.desk_points_no_new_version()} " " <a href=href>{t.desk_add_version()}</a>
            </p>
        })
    })
}

fn filters(desk: &Desk, data: PointsData<'_>) -> AnyView {
    let t = desk.t();
    let filter = data.filter;
    let value = filter.clause.map(|id| id.to_string()).unwrap_or_default();
    let clause = Field {
        name: "clause".into(),
        label: t.desk_filter_clause().into(),
        value: &value,
        ..Field::default()
    };
    let first = vec![Choice {
        value: String::new(),
        text: t.desk_all_clauses().into(),
    }];
    let groups = match data.draft {
        Some(draft) => clause_groups(t, draft, first),
        None => vec![Group {
            heading: String::new(),
            choices: first,
        }],
    };
    let lang = desk
        .page
        .lang_is_chosen()
        .then(|| hidden("lang", desk.page.lang.tag()));
    let unanswered = crate::fields::tick(
        "unanswered",
        "unanswered".into(),
        "on".into(),
        t.desk_only_unanswered().into(),
        filter.unanswered,
    );
    view! {
        <form
            method="get"
            accept-charset="utf-8"
            action=format!("/desk/c/{}/points", data.consultation.number)
            class="filters"
            role="search"
            aria-label=t.desk_filter()
        >
            {lang}
            {select(&clause, &groups)}
            {unanswered}
            <button class="quiet">{t.desk_filter_button()}</button>
        </form>
    }
    .into_any()
}

fn list(desk: &Desk, data: PointsData<'_>) -> AnyView {
    let t = desk.t();
    let may = desk.may(data.consultation, Role::Editor)
        && matches!(data.consultation.state, State::Open | State::Closed);
    let comments = data
        .comments
        .items
        .iter()
        .map(|one| comment(desk, data, one, may))
        .collect_view();
    if !may {
        return comments.into_any();
    }
    let clauses = data.new_draft.map(|draft| {
        let names = draft
            .all_clauses()
            .filter(|clause| !clause.label.is_empty() && !clause.kind.is_heading())
            .map(|clause| view! { <option value=clause_name(t, clause)></option> })
            .collect_view();
        view! { <datalist id=CLAUSES>{names}</datalist> }
    });
    let mut action = address(data.consultation.number, data.filter);
    if let Some(after) = data
        .filter
        .after
        .as_deref()
        .and_then(|key| key.parse::<i64>().ok())
    {
        action.push(if action.contains('?') { '&' } else { '?' });
        action.push_str(&format!("after={after}"));
    }
    form(
        desk.to(&action),
        view! {
            {clauses}
            {comments}
            <p class="bulk">
                <button class="button">{t.desk_save_answers()}</button>
            </p>
        },
    )
}

/// Points that need an answer first.
fn comment(desk: &Desk, data: PointsData<'_>, comment: &QueuedComment, may: bool) -> AnyView {
    let t = desk.t();
    let needs = matches!(
        comment.state,
        CommentState::Received | CommentState::Published
    );
    let mut points: Vec<(usize, &OwnPoint)> = comment.points.iter().enumerate().collect();
    points.sort_by_key(|(_, point)| point.response.is_some());
    let points = points
        .into_iter()
        .map(|(index, one)| {
            let form = if may && comment.state != CommentState::Withdrawn {
                Some(answer(desk, data, one, needs))
            } else {
                one.response.as_ref().map(|response| given(desk, response))
            };
            let nth = i64::try_from(index + 1).unwrap_or(0);
            let label = t.desk_point_of(nth, comment.number);
            view! {
                <section class="point" aria-label=label>
                    {point(desk, data.consultation.number, data.draft, one)}
                    {form}
                </section>
            }
        })
        .collect_view();
    view! {
        <article class=format!("entry {}", comment.state) id=format!("comment-{}", comment.number.serial)>
            <header>
                <b class="number">{comment.number.to_string()}</b> " "
                <strong class=format!("tag {}", comment.state)>
                    {t.comment_state(comment.state)}
                </strong> " " <span class="from">{sender(desk, comment)}</span>
            </header>
            {points}
        </article>
    }
    .into_any()
}

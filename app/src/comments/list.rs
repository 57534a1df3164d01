//! Published comments, newest first, all of them or those on one clause.

use crate::consultations::parts;
use crate::drafts::ClauseCounts;
use crate::i18n::{T, time};
use crate::page::{Head, PageContext, To, clause_anchor, comment_anchor, page};
use crate::ui;
use domain::comments::{ClausePlace, PublicComment, PublicPoint};
use domain::consultations::{Consultation, Counts, Number, Page};
use domain::drafts::{Clause, Draft};
use domain::feedback::Response;
use domain::hearings::HearingNumber;
use domain::id::ClauseId;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// One page of the list, with what was asked for.
#[derive(Clone, Copy, Debug)]
pub struct CommentsData<'a> {
    pub consultation: &'a Consultation,
    /// Names the clauses to choose from.
    pub draft: Option<&'a Draft>,
    pub clause_counts: &'a ClauseCounts,
    /// The stage whose comments these are, with what came in during it.
    pub stage: i64,
    pub counts: &'a Counts,
    /// Only comments on this clause and its parts.
    pub clause: Option<ClauseId>,
    /// Whether this is not the first page.
    pub continued: bool,
    pub comments: &'a Page<PublicComment>,
}

impl CommentsData<'_> {
    /// The list of the same stage, on a clause, from a key on.
    fn to<'a>(&self, clause: Option<ClauseId>, after: Option<&'a str>) -> To<'a> {
        To::Comments {
            number: self.consultation.number,
            stage: (!self.is_current()).then_some(self.stage),
            clause,
            after,
        }
    }

    fn is_current(&self) -> bool {
        self.stage == self.consultation.stage
    }
}

/// `/c/{number}/comments`.
pub fn list_page(cx: &PageContext, data: CommentsData<'_>) -> String {
    let t = cx.t();
    let consultation = data.consultation;
    let title = t.comments_title(&consultation.title);
    let head = Head {
        title: &title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&data.to(data.clause, None))),
        private: false,
    };
    page(cx, &head, || list_body(cx, data))
}

/// The list with its heading, numbers and choice of clauses.
pub(crate) fn list_body(cx: &PageContext, data: CommentsData<'_>) -> AnyView {
    let t = cx.t();
    let consultation = data.consultation;
    let number = consultation.number;
    let label = data.clause.map(|id| clause_label(t, &data, id));
    let heading = match &label {
        Some(label) => t.comments_on(label),
        None if data.is_current() => t.comments_heading().to_owned(),
        None => t.comments_stage_heading(data.stage),
    };
    let all = data
        .clause
        .map(|_| view! { <p>{ui::anchor(cx.link(&data.to(None, None)), t.comments_all())}</p> });
    let first_page = !data.continued && data.clause.is_none();
    let counts = first_page.then(|| parts::counts_in_short(t, data.counts));
    let comment = (consultation.is_open() && data.is_current()).then(|| {
        let link = cx.link(&To::Comment(number, data.clause));
        view! { <p class="noprint">{ui::call_to_action(link, t.comment_start())}</p> }
    });
    view! {
        {parts::part_heading(cx, consultation, heading)}
        {parts::answered(cx, consultation)}
        {all}
        {counts}
        {comment}
        {by_clause(cx, &data)}
        {comments(cx, consultation, &data.comments.items)}
        {ui::paging(
            cx,
            data.comments.next.as_deref().map(|after| data.to(data.clause, Some(after))),
            data.continued.then(|| data.to(data.clause, None)),
        )}
        {parts::stages(cx, consultation, data.stage)}
    }
    .into_any()
}

/// The name of a clause in the text, or else as those who wrote on it knew it.
fn clause_label(t: T, data: &CommentsData<'_>, id: ClauseId) -> String {
    let mut clauses = data.draft.into_iter().flat_map(Draft::all_clauses);
    let name = clauses.find(|clause| clause.id == id).map(Clause::name);
    let mut points = data.comments.items.iter().flat_map(|one| &one.points);
    let label = || {
        let point = points.find(|point| point.clause == Some(id));
        point.and_then(|point| point.clause_label.clone())
    };
    ui::clause_name(t, &name.or_else(label).unwrap_or_default())
}

/// The clauses that have comments, with how many, in the order of the text.
fn by_clause(cx: &PageContext, data: &CommentsData<'_>) -> Option<AnyView> {
    let t = cx.t();
    let links: Vec<AnyView> = data
        .draft?
        .clauses
        .iter()
        .filter_map(|clause| {
            let n: i64 = clause
                .walk()
                .iter()
                .filter_map(|part| data.clause_counts.get(&part.id))
                .sum();
            (n > 0).then(|| {
                let label = ui::clause_name(t, &clause.name());
                let link = cx.link(&data.to(Some(clause.id), None));
                let current = (data.clause == Some(clause.id)).then_some("true");
                view! {
                    <a href=link.href target=link.target rel=link.rel aria-current=current>
                        {t.comments_clause_count(label, n)}
                        {link.elsewhere.map(ui::elsewhere)}
                    </a>
                }
                .into_any()
            })
        })
        .collect();
    (links.len() > 1).then(|| {
        view! {
            <details class="toc">
                <summary>{t.comments_by_clause()}</summary>
                <nav class="articles" aria-label=t.comments_by_clause()>
                    {links}
                </nav>
            </details>
        }
        .into_any()
    })
}

/// The newest few, with the way to all.
pub(crate) fn latest(
    cx: &PageContext,
    consultation: &Consultation,
    items: &[PublicComment],
) -> Option<AnyView> {
    let t = cx.t();
    if items.is_empty() {
        return None;
    }
    let all = cx.link(&To::Comments {
        number: consultation.number,
        stage: None,
        clause: None,
        after: None,
    });
    Some(
        view! {
            <h3>{t.comments_latest()}</h3>
            {comments(cx, consultation, items)}
            <p class="more">
                {ui::anchor(all, t.comments_see_all(consultation.counts.comments.published))}
            </p>
        }
        .into_any(),
    )
}

fn comments(cx: &PageContext, consultation: &Consultation, items: &[PublicComment]) -> AnyView {
    if items.is_empty() {
        return ui::inset(view! { <p>{cx.t().comments_empty()}</p> });
    }
    let zone = time::zone(&consultation.unit.zone);
    let items = items
        .iter()
        .map(|comment| entry(cx, consultation, comment, &zone))
        .collect_view();
    // Once on the list and not on each text: a page holds fifty comments.
    let lang = cx.lang_of(&consultation.unit);
    view! {
        <ol class="comments" lang=lang>
            {items}
        </ol>
    }
    .into_any()
}

/// One comment. The markup is as lean as it can be: a page holds fifty of them.
fn entry(
    cx: &PageContext,
    consultation: &Consultation,
    comment: &PublicComment,
    zone: &TimeZone,
) -> AnyView {
    let t = cx.t();
    let ours = cx.own_lang(&consultation.unit);
    let anchor = comment_anchor(comment.number.serial);
    let here = format!("#{anchor}");
    let points = comment
        .points
        .iter()
        .map(|point| point_view(cx, consultation.number, point, ours))
        .collect_view();
    let kind = comment
        .author
        .name
        .is_some()
        .then(|| format!(" · {}", t.kind(comment.author.kind)));
    view! {
        <li id=anchor>
            <p class="by" lang=ours>
                <b dir="auto">{ui::author(t, &comment.author)}</b>
                {kind}
                " · "
                {t.date(comment.received_at, zone)}
                " · "
                <a href=here>{comment.number.to_string()}</a>
                {at_session(cx, comment.hearing)}
            </p>
            {points}
        </li>
    }
    .into_any()
}

/// That something was said at a session, with the way to its minutes; nothing for what was written.
pub(crate) fn at_session(cx: &PageContext, hearing: Option<HearingNumber>) -> Option<AnyView> {
    let mut link = cx.link(&To::Hearing(hearing?));
    link.href.push_str("#minutes");
    Some(view! { " · " {ui::anchor(link, cx.t().comment_said())} }.into_any())
}

fn point_view(
    cx: &PageContext,
    number: Number,
    point: &PublicPoint,
    ours: Option<&'static str>,
) -> AnyView {
    let t = cx.t();
    let clause = point
        .clause_label
        .as_ref()
        .map(|label| subject(cx, number, label, &point.clause_now));
    let proposed = point.proposed_html.as_deref().map(|html| {
        view! {
            <blockquote>
                <b lang=ours>{t.comment_proposed_colon()}</b>
                {ui::rendered(html)}
            </blockquote>
        }
    });
    let response = point
        .response
        .as_ref()
        .map(|response| answer(cx, number, response, ours));
    view! {
        <div>
            {clause}
            <div inner_html=point.html.clone()></div>
            {proposed}
            {response}
        </div>
    }
    .into_any()
}

/// The clause that a point is about, by its name in the version that was commented on, with the
/// ways to where it stands now; names are told apart where they differ.
fn subject(cx: &PageContext, number: Number, label: &str, now: &[ClausePlace]) -> AnyView {
    let t = cx.t();
    let way =
        |place: &ClausePlace, text| ui::anchor(cx.link(&To::Clause(number, place.clause)), text);
    if let [place] = now
        && (label.is_empty() || place.name == label)
    {
        return way(place, ui::clause_name(t, &place.name));
    }
    let ways = now
        .iter()
        .map(|place| {
            let name = ui::clause_name(t, &place.name);
            view! { " · " {way(place, t.comments_clause_now(name))} }
        })
        .collect_view();
    let gone = now
        .is_empty()
        .then(|| view! { " · " {t.comments_clause_gone()} });
    view! {
        {ui::clause_name(t, label)}
        {ways}
        {gone}
    }
    .into_any()
}

/// What became of a point: disposition, reason, and the clause that changed. `ours` is the `lang`
/// of our words where what stands around them has another.
pub(crate) fn answer(
    cx: &PageContext,
    number: Number,
    response: &Response,
    ours: Option<&'static str>,
) -> AnyView {
    let t = cx.t();
    let changed = response.change_label.as_ref().map(|label| {
        let text = t.feedback_see_change(ui::clause_name(t, label));
        match response.change {
            Some(id) => {
                let mut link = cx.link(&To::Feedback(number));
                link.href.push('#');
                link.href.push_str(&clause_anchor(id));
                view! { <p lang=ours>{ui::anchor(link, text)}</p> }.into_any()
            }
            None => view! { <p lang=ours>{text}</p> }.into_any(),
        }
    });
    let reason = response.reason.as_deref().map(ui::prose);
    view! {
        <div class="answer">
            <strong class=format!("tag {}", response.disposition) lang=ours>
                {t.disposition(response.disposition)}
            </strong>
            {reason}
            {changed}
        </div>
    }
    .into_any()
}

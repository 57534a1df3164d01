//! Widgets in other sites' pages: the bodies of the pages, in a frame or as a fragment.

use crate::comments::{self, CommentsData, form_body, live_form};
use crate::consultations::{ConsultationData, ListData, entries, overview, parts};
use crate::drafts;
use crate::feedback::{FeedbackData, feedback_body};
use crate::page::{Chrome, Head, PageContext, To, page, plain, session_page};
use crate::polls;
use crate::ui;
use domain::comments::PublicComment;
use domain::comments::form::CommentForm;
use domain::consultations::{Consultation, Counts, Page, Unit};
use domain::feedback::{Disposition, Feedback};
use domain::id::ClauseId;
use domain::polls::{Poll, PollResults};
use domain::problem::Violations;
use leptos::prelude::*;

/// The part of a consultation that a widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Overview,
    Draft,
    Comment,
    Comments,
    Feedback,
    /// Its newest session; a page of its own, see [`crate::hearings::hearing_page`].
    Hearing,
    Poll,
}

impl Part {
    /// From the loader's `view`. Parts of later releases show what the state calls for.
    pub fn read(view: &str) -> Option<Self> {
        Some(match view {
            "overview" => Self::Overview,
            "draft" => Self::Draft,
            "comment" => Self::Comment,
            "comments" => Self::Comments,
            "feedback" => Self::Feedback,
            "hearing" => Self::Hearing,
            "poll" => Self::Poll,
            _ => return None,
        })
    }
}

/// What a consultation's widget may need, whichever part it shows.
#[derive(Clone, Copy, Debug)]
pub struct WidgetData<'a> {
    pub consultation: ConsultationData<'a>,
    /// For [`Part::Comments`]: the page asked for. Otherwise the latest are enough.
    pub comments: Option<&'a Page<PublicComment>>,
    /// The stage of these comments, with what came in during it.
    pub stage: i64,
    pub counts: &'a Counts,
    /// Comments or points on this clause only; or the clause that a form begins with.
    pub clause: Option<ClauseId>,
    pub continued: bool,
    /// For [`Part::Feedback`]: the account, with the page of points asked for.
    pub feedback: Option<&'a Feedback>,
    /// For [`Part::Feedback`]: only these points.
    pub disposition: Option<Disposition>,
    /// For [`Part::Poll`]: the poll to show, with its results once they are public.
    pub poll: Option<(&'a Poll, Option<&'a PollResults>)>,
    /// For [`Part::Comment`]: what was typed, and what is wrong with it.
    pub form: Option<&'a CommentForm>,
    pub wrong: Option<&'a Violations>,
}

/// The part that a state calls for where the page's author named none, or where the named one has
/// nothing to show yet.
pub fn part_for(consultation: &Consultation, asked: Option<Part>) -> Part {
    match asked {
        Some(Part::Feedback | Part::Hearing) | None if consultation.feedback_at.is_some() => {
            Part::Feedback
        }
        Some(Part::Feedback | Part::Hearing) | None => Part::Overview,
        Some(part) => part,
    }
}

/// A consultation, or a part of it.
pub fn consultation_widget(cx: &PageContext, asked: Option<Part>, data: WidgetData<'_>) -> String {
    let consultation = data.consultation.consultation;
    let head = head(cx, consultation);
    let part = part_for(consultation, asked);
    // A poll has a style of its own, which the parts of a consultation are not sent.
    if let (Part::Poll, Some((poll, results))) = (part, data.poll) {
        return poll_widget(cx, poll, results);
    }
    page(cx, &head, || match part {
        // A session is shown by its own page; without one there is the consultation.
        Part::Overview | Part::Hearing => view! {
            {overview(cx, data.consultation, false)}
            {inline_form(cx, asked, &data)}
        }
        .into_any(),
        Part::Draft => draft(cx, &data),
        Part::Comment => form(cx, &data),
        Part::Comments => list(cx, &data),
        Part::Feedback => match data.feedback {
            Some(feedback) => feedback_body(
                cx,
                FeedbackData {
                    consultation,
                    feedback,
                    disposition: data.disposition,
                    clause: data.clause,
                    continued: data.continued,
                },
            ),
            None => overview(cx, data.consultation, false),
        },
        // Reached without a poll alone.
        Part::Poll => overview(cx, data.consultation, false),
    })
}

/// One poll by itself: its form while it is open, else what came of it.
pub fn poll_widget(cx: &PageContext, poll: &Poll, results: Option<&PollResults>) -> String {
    let head = Head {
        title: &poll.questionnaire.title,
        unit: Some(&poll.unit),
        canonical: Some(cx.public(&To::Poll(poll.id))),
        private: false,
    };
    session_page(cx, &head, || {
        polls::widget_body(cx, polls::Widget { poll, results })
    })
}

fn head<'a>(cx: &PageContext, consultation: &'a Consultation) -> Head<'a> {
    Head {
        title: &consultation.title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&To::Consultation(consultation.number))),
        private: false,
    }
}

/// A fragment has no view of its own to go to, so an open consultation brings its form along.
fn inline_form(cx: &PageContext, asked: Option<Part>, data: &WidgetData<'_>) -> Option<AnyView> {
    let consultation = data.consultation.consultation;
    let here = cx.chrome == Chrome::Fragment && asked.is_none() && consultation.is_open();
    let draft = data.consultation.draft.filter(|_| here)?;
    let t = cx.t();
    let empty = CommentForm::about(data.clause.map(|id| id.to_string()));
    let form = data.form.unwrap_or(&empty);
    Some(
        view! {
            <section>
                <h2>{t.comment_heading()}</h2>
                {live_form(cx, consultation, draft, form, data.wrong)}
            </section>
        }
        .into_any(),
    )
}

fn draft(cx: &PageContext, data: &WidgetData<'_>) -> AnyView {
    let consultation = data.consultation.consultation;
    let t = cx.t();
    match data.consultation.draft {
        Some(draft) => view! {
            {parts::part_heading(cx, consultation, t.part_draft())}
            <h2 class="vh">{t.part_draft()}</h2>
            <div class="reader">
                {drafts::contents(cx, consultation, draft)}
                {drafts::text(
                    drafts::Reading {
                        cx,
                        consultation,
                        counts: data.consultation.clause_counts,
                        current: true,
                        open: consultation.is_open(),
                    },
                    draft,
                )}
            </div>
        }
        .into_any(),
        None => overview(cx, data.consultation, false),
    }
}

fn form(cx: &PageContext, data: &WidgetData<'_>) -> AnyView {
    let consultation = data.consultation.consultation;
    let empty = CommentForm::about(data.clause.map(|id| id.to_string()));
    match data.consultation.draft {
        Some(draft) => form_body(
            cx,
            consultation,
            draft,
            data.form.unwrap_or(&empty),
            data.wrong,
        ),
        None => overview(cx, data.consultation, false),
    }
}

fn list(cx: &PageContext, data: &WidgetData<'_>) -> AnyView {
    let latest = Page {
        items: data.consultation.latest.to_vec(),
        next: None,
    };
    comments::list_body(
        cx,
        CommentsData {
            consultation: data.consultation.consultation,
            draft: data.consultation.draft,
            clause_counts: data.consultation.clause_counts,
            stage: data.stage,
            counts: data.counts,
            clause: data.clause,
            continued: data.continued,
            comments: data.comments.unwrap_or(&latest),
        },
    )
}

/// A unit's consultations.
pub fn list_widget(cx: &PageContext, unit: &Unit, data: ListData<'_>) -> String {
    let t = cx.t();
    let head = Head {
        title: &unit.name,
        unit: None,
        canonical: Some(cx.public(&To::Unit(&unit.slug, None, None))),
        private: false,
    };
    page(cx, &head, || {
        let all = cx.link(&To::Unit(&unit.slug, None, None));
        view! {
            <h1 class="vh" dir="auto" lang=cx.lang_of(unit)>
                {plain(&unit.name)}
            </h1>
            {entries(cx, data.items, false)}
            <p class="more">{ui::anchor(all, t.embed_all_of(plain(&unit.name)))}</p>
        }
    })
}

/// Instead of a widget on a page that is not on the unit's list: a plain explanation with the way
/// to the page itself. `host` is the origin as the loader claims it.
pub fn refused_page(cx: &PageContext, host: Option<&str>, to: &To<'_>) -> String {
    let t = cx.t();
    let address = cx.public(to);
    let shown = address.clone();
    let head = Head {
        title: t.embed_refused_title(),
        private: true,
        ..Head::default()
    };
    let host = host.map_or_else(|| t.embed_this_site().to_owned(), plain);
    page(cx, &head, || {
        view! {
            <div class="lead">
                <h1>{t.embed_refused_title()}</h1>
                <p>{t.embed_refused(host)}</p>
                <p>
                    <a href=address target="_blank" rel="noopener">
                        {shown}
                        {ui::elsewhere(t.page_new_tab())}
                    </a>
                </p>
                <p class="hint">{t.embed_refused_editor()}</p>
            </div>
        }
    })
}

//! The page of one consultation. Its state decides what stands first: the deadline while it is
//! open, the feedback once it is answered.

use super::parts;
use crate::comments::latest;
use crate::drafts::{self, ClauseCounts};
use crate::feedback;
use crate::hearings;
use crate::i18n::time;
use crate::page::{Chrome, Head, PageContext, To, page, plain};
use crate::polls;
use crate::ui;
use domain::comments::PublicComment;
use domain::consultations::{Consultation, State};
use domain::drafts::Draft;
use domain::feedback::FeedbackSummary;
use domain::hearings::ListedHearing;
use domain::polls::ListedPoll;
use leptos::prelude::*;

/// What the page shows. Everything is what the public may see.
#[derive(Clone, Copy, Debug)]
pub struct ConsultationData<'a> {
    pub consultation: &'a Consultation,
    /// The version under consultation, with its clauses.
    pub draft: Option<&'a Draft>,
    pub clause_counts: &'a ClauseCounts,
    /// The newest published comments; a handful.
    pub latest: &'a [PublicComment],
    /// Once it is published.
    pub feedback: Option<&'a FeedbackSummary>,
    /// The sessions that people can apply to attend, or could.
    pub sessions: &'a [ListedHearing],
    /// Its published polls.
    pub polls: &'a [ListedPoll],
}

/// `/c/{number}`.
pub fn consultation_page(cx: &PageContext, data: ConsultationData<'_>) -> String {
    let consultation = data.consultation;
    let head = Head {
        title: &consultation.title,
        unit: Some(&consultation.unit),
        canonical: Some(cx.public(&To::Consultation(consultation.number))),
        private: false,
    };
    page(cx, &head, || overview(cx, data, true))
}

/// The body. `whole` adds the text of the draft; a widget leaves it to its own view.
pub(crate) fn overview(cx: &PageContext, data: ConsultationData<'_>, whole: bool) -> AnyView {
    let t = cx.t();
    let consultation = data.consultation;
    let theirs = || cx.lang_of(&consultation.unit);
    let answered = data
        .feedback
        .map(|feedback| feedback::summary(cx, consultation, feedback));
    let withdrawn = consultation.withdrawn_reason.as_deref().map(|reason| {
        ui::inset(view! {
            <p>
                <strong>{t.fact_withdrawn()}</strong>
            </p>
            {ui::prose_in(theirs(), reason)}
        })
    });
    let draft = data
        .draft
        .filter(|_| whole)
        .map(|draft| draft_section(cx, consultation, draft, data.clause_counts));
    let links = (!whole).then(|| widget_links(cx, consultation));
    let explanation = consultation.explanation_html.clone();
    let explanation_open = whole && consultation.feedback_at.is_none();
    view! {
        <div class="lead">
            <p class="meta">
                {ui::state_tag(t, consultation.state)} " "
                <span>{consultation.number.to_string()}</span>
            </p>
            <h1 dir="auto" lang=theirs()>
                {plain(&consultation.title)}
            </h1>
            <div class="intro">{ui::prose_in(theirs(), &consultation.summary)}</div>
        </div>
        {withdrawn}
        {answered}
        {facts(cx, consultation)}
        {links}
        {hearings::listed(cx, &consultation.unit, data.sessions)}
        {whole.then(|| jump(cx, &data))}
        <section id="explanation">
            <h2>{t.part_explanation()}</h2>
            <details class="fold" open=explanation_open>
                <summary>{t.part_explanation_read()}</summary>
                {ui::rendered_in(theirs(), &explanation)}
            </details>
        </section>
        {draft}
        {polls::listed(cx, consultation, data.polls)}
        <section id="comments">
            <h2>{t.part_comments()}</h2>
            {parts::counts(t, &consultation.counts)}
            {latest(cx, consultation, data.latest)}
            {parts::stages(cx, consultation, consultation.stage)}
        </section>
        {respond(cx, consultation)}
        {(cx.chrome == Chrome::Page).then(|| view! { <p class="hint noprint">{t.page_print()}</p> })}
    }
    .into_any()
}

/// Who decides, until when, and what happens next; the one thing to do stands below.
pub(crate) fn facts(cx: &PageContext, consultation: &Consultation) -> AnyView {
    let t = cx.t();
    let zone = time::zone(&consultation.unit.zone);
    let left = parts::days_left(cx, consultation.state, consultation.round.as_ref(), &zone);
    let period = consultation.round.as_ref().map(|round| {
        let reason = round.reason_for_short_period.as_deref().map(|reason| {
            view! {
                <p class="hint">{t.fact_short_period()}</p>
                {ui::prose_in(cx.lang_of(&consultation.unit), reason)}
            }
        });
        view! {
            <dt>{t.fact_period()}</dt>
            <dd>
                {left}
                <p>
                    {ui::instant(t, round.opens_at, &zone)}
                    " "
                    {t.fact_to()}
                    " "
                    {ui::deadline(t, round.closes_at, &zone)}
                </p>
                {reason}
            </dd>
        }
    });
    let next = match consultation.state {
        State::Preparing => t.next_preparing(),
        State::Published => t.next_published(),
        State::Open => t.next_open(),
        State::Closed => t.next_closed(),
        State::Answered => t.next_answered(),
        State::Withdrawn => t.next_withdrawn(),
    };
    let call = consultation.is_open().then(|| {
        let link = cx.link(&To::Comment(consultation.number, None));
        view! {
            <p class="noprint">
                {ui::call_to_action(link, t.comment_start())}
                <span class="hint">{t.comment_start_hint()}</span>
            </p>
        }
    });
    view! {
        <div class="facts">
            <dl>
                <dt>{t.fact_who()}</dt>
                <dd dir="auto" lang=cx.lang_of(&consultation.unit)>
                    {plain(&consultation.unit.name)}
                </dd>
                {period}
                <dt>{t.fact_next()}</dt>
                <dd>{next}</dd>
            </dl>
            {call}
        </div>
    }
    .into_any()
}

/// Links to the parts of a long page.
fn jump(cx: &PageContext, data: &ConsultationData<'_>) -> AnyView {
    let t = cx.t();
    let polls = (!data.polls.is_empty() || data.consultation.no_poll.is_some())
        .then(|| view! { <a href="#polls">{t.poll_list_title()}</a> });
    view! {
        <nav class="jump" aria-label=t.page_on_this_page()>
            <a href="#explanation">{t.part_explanation()}</a>
            {data.draft.map(|_| view! { <a href="#draft">{t.part_draft()}</a> })}
            {polls}
            <a href="#comments">{t.part_comments()}</a>
            <a href="#ask">{t.part_ask()}</a>
        </nav>
    }
    .into_any()
}

/// What a widget without the text links to instead.
fn widget_links(cx: &PageContext, consultation: &Consultation) -> AnyView {
    let t = cx.t();
    view! {
        <p class="more">
            {ui::anchor(cx.link(&To::Text(consultation.number)), t.part_draft_read())}
        </p>
    }
    .into_any()
}

/// The text of the draft with its contents, versions and original file.
fn draft_section(
    cx: &PageContext,
    consultation: &Consultation,
    draft: &Draft,
    counts: &ClauseCounts,
) -> AnyView {
    let t = cx.t();
    let reading = drafts::Reading {
        cx,
        consultation,
        counts,
        current: true,
        open: consultation.is_open(),
    };
    let hint = consultation
        .is_open()
        .then(|| view! { <p class="hint noprint">{t.draft_how()}</p> });
    view! {
        <section id="draft">
            <h2>{t.part_draft()}</h2>
            {parts::versions(cx, consultation)}
            {hint}
            <div class="reader">
                {drafts::contents(cx, consultation, draft)}
                {drafts::text(reading, draft)}
            </div>
        </section>
    }
    .into_any()
}

/// Who to ask, and the other ways to respond.
fn respond(cx: &PageContext, consultation: &Consultation) -> AnyView {
    let t = cx.t();
    let part = |title: &'static str, text: Option<&str>, none: &'static str| {
        let text = text.map_or_else(
            || view! { <p>{none}</p> }.into_any(),
            |text| ui::prose_in(cx.lang_of(&consultation.unit), text),
        );
        view! {
            <div>
                <h3>{title}</h3>
                {text}
            </div>
        }
    };
    view! {
        <section id="ask">
            <h2>{t.part_ask()}</h2>
            <div class="two">
                {part(t.ask_who(), consultation.contact.as_deref(), t.ask_nobody())}
                {part(t.ask_other_ways(), consultation.other_ways.as_deref(), t.ask_no_other_ways())}
            </div>
        </section>
    }
    .into_any()
}

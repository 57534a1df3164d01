//! What becomes of a session: who sits in it, the papers, what was said, the report.

use super::earlier;
use crate::i18n::{T, time};
use crate::page::{PageContext, To, plain};
use crate::ui;
use domain::hearings::{Category, Hearing, Minutes, Paper, Participant, Statement};
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// Who has a seat, by category: everyone by ticket, by name only who agreed to it.
pub(super) fn participants(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    if hearing.participants.is_empty() {
        return None;
    }
    let t = cx.t();
    let groups = hearing
        .notice
        .categories
        .iter()
        .filter_map(|category| of_category(cx, hearing, category))
        .collect_view();
    Some(
        view! {
            <section id="participants">
                <h2>{t.participants_title()}</h2>
                <p class="hint">{t.participants_hint()}</p>
                {groups}
            </section>
        }
        .into_any(),
    )
}

fn of_category(cx: &PageContext, hearing: &Hearing, category: &Category) -> Option<AnyView> {
    let t = cx.t();
    let items: Vec<AnyView> = hearing
        .participants
        .iter()
        .filter(|one| one.category == category.code)
        .map(|one| participant(t, one))
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <h3 dir="auto" lang=cx.lang_of(&hearing.unit)>
                {plain(&category.name)}
            </h3>
            <ul class="tickets">{items}</ul>
        }
        .into_any()
    })
}

fn participant(t: T, one: &Participant) -> AnyView {
    let name = one
        .name
        .as_deref()
        .map(|name| view! { <b dir="auto">{plain(name)}</b> });
    let confirmed = one
        .confirmed
        .then(|| view! { <span class="hint">{t.participants_confirmed()}</span> });
    view! {
        <li>
            <span>{one.ticket.to_string()}</span>
            " "
            {name}
            " "
            {confirmed}
        </li>
    }
    .into_any()
}

/// The papers, and the day on which the participants got them.
pub(super) fn papers(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    if hearing.papers.is_empty() && hearing.earlier.papers.is_empty() {
        return None;
    }
    let t = cx.t();
    Some(
        view! {
            <section id="papers">
                <h2>{t.papers_title()}</h2>
                {paper_list(cx, hearing, &hearing.papers)}
                {earlier::papers(cx, hearing)}
            </section>
        }
        .into_any(),
    )
}

pub(super) fn paper_list(cx: &PageContext, hearing: &Hearing, papers: &[Paper]) -> AnyView {
    let zone = time::zone(&hearing.unit.zone);
    let items = papers
        .iter()
        .map(|paper| one_paper(cx, hearing, paper, &zone))
        .collect_view();
    view! { <ul class="plainlist">{items}</ul> }.into_any()
}

fn one_paper(cx: &PageContext, hearing: &Hearing, paper: &Paper, zone: &TimeZone) -> AnyView {
    let t = cx.t();
    let title = plain(&paper.title);
    // Staff may write anything there; only what leads to a page becomes a link.
    let address = paper
        .address
        .clone()
        .filter(|address| address.starts_with("https://") || address.starts_with("http://"));
    let title = match (paper.file(hearing.id), address) {
        (Some(serial), _) => ui::anchor(cx.link(&To::Paper(hearing.id, serial)), title),
        (None, Some(address)) => view! { <a href=address rel="noopener">{title}</a> }.into_any(),
        (None, None) => title.into_any(),
    };
    view! {
        <li>
            <span dir="auto" lang=cx.lang_of(&hearing.unit)>
                {title}
            </span>
            " · "
            <span class="hint">{t.papers_delivered()} " " {ui::day(t, paper.delivered_at, zone)}</span>
        </li>
    }
    .into_any()
}

/// What was said, in order, each statement with the clause it was about.
pub(super) fn minutes(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    let minutes = hearing.minutes.as_ref()?;
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let statements = minutes
        .statements
        .iter()
        .map(|one| statement(cx, hearing, one))
        .collect_view();
    let until = minutes.corrections_until.map(|until| {
        view! { <p class="hint">{t.minutes_corrections()} " " {ui::deadline(t, until, &zone)}</p> }
    });
    let answered = (hearing.consultation_public && !minutes.statements.is_empty()).then(|| {
        let link = cx.link(&To::Consultation(hearing.consultation));
        view! { <p>{t.minutes_answered()} " " {ui::anchor(link, plain(&hearing.consultation_title))}</p> }
    });
    Some(
        view! {
            <section id="minutes">
                <h2>{t.minutes_title()}</h2>
                <p class="hint">
                    {t.minutes_published()} " " {ui::day(t, minutes.published_at, &zone)} " · "
                    {t.minutes_confirmed(minutes.confirmed)}
                </p>
                {ui::prose_in(cx.lang_of(&hearing.unit), &minutes.attendance)}
                <ol class="comments statements">{statements}</ol>
                {corrections(cx, hearing, minutes, &zone)}
                {until}
                {answered}
            </section>
        }
        .into_any(),
    )
}

/// What was corrected, beneath the minutes as they were published; and how many corrections were
/// asked for that the unit refused or has not answered.
fn corrections(
    cx: &PageContext,
    hearing: &Hearing,
    minutes: &Minutes,
    zone: &TimeZone,
) -> Option<AnyView> {
    if minutes.corrections_asked == 0 {
        return None;
    }
    let t = cx.t();
    let made = minutes
        .corrections
        .iter()
        .map(|one| {
            view! {
                <li>
                    <p class="by">{ui::day(t, one.corrected_at, zone)}</p>
                    {ui::prose_in(cx.lang_of(&hearing.unit), &one.text)}
                </li>
            }
        })
        .collect_view();
    let accepted = i64::try_from(minutes.corrections.len()).unwrap_or(i64::MAX);
    let waiting = minutes.corrections_asked - accepted - minutes.corrections_refused;
    Some(
        view! {
            <h3>{t.minutes_corrected()}</h3>
            <p class="hint">
                {t.minutes_corrections_count(
                    accepted,
                    minutes.corrections_asked,
                    minutes.corrections_refused,
                    waiting,
                )}
            </p>
            <ol class="comments">{made}</ol>
        }
        .into_any(),
    )
}

/// What observers made of it, with what the unit replied; who gave no consent by ticket.
pub(super) fn opinions(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    let opinions = hearing.opinions.as_ref()?;
    if opinions.received == 0 {
        return None;
    }
    let t = cx.t();
    let zone = time::zone(&hearing.unit.zone);
    let shown = i64::try_from(opinions.published.len()).unwrap_or(i64::MAX);
    let items = opinions
        .published
        .iter()
        .map(|one| {
            let who = one
                .name
                .as_deref()
                .map_or_else(|| one.ticket.to_string(), plain);
            view! {
                <li>
                    <p class="by" dir="auto">
                        <b>{who}</b>
                        " "
                        {ui::day(t, one.sent_at, &zone)}
                    </p>
                    {ui::prose_in(cx.lang_of(&hearing.unit), &one.text)}
                    <p>
                        <strong>{t.own_opinion_reply()}</strong>
                        " "
                        {ui::day(t, one.replied_at, &zone)}
                    </p>
                    {ui::prose_in(cx.lang_of(&hearing.unit), &one.reply)}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section id="opinions">
                <h2>{t.opinions_title()}</h2>
                <p class="hint">{t.opinions_count(opinions.answered, opinions.received, shown)}</p>
                <ol class="comments">{items}</ol>
            </section>
        }
        .into_any(),
    )
}

fn statement(cx: &PageContext, hearing: &Hearing, one: &Statement) -> AnyView {
    let t = cx.t();
    let speaker = one
        .speaker
        .as_deref()
        .map_or_else(|| t.minutes_unnamed().to_owned(), plain);
    let name = ui::subject(t, one.clause, one.clause_label.as_deref());
    let clause = match one.clause {
        Some(id) if hearing.consultation_public => {
            ui::anchor(cx.link(&To::Clause(hearing.consultation, id)), name)
        }
        Some(_) => name.into_any(),
        // Most statements are about the matter as a whole: nothing needs saying.
        None => ().into_any(),
    };
    view! {
        <li>
            <p class="by" dir="auto">
                <b>{speaker}</b>
                " "
                {clause}
            </p>
            {ui::prose_in(cx.lang_of(&hearing.unit), &one.text)}
        </li>
    }
    .into_any()
}

/// The report on the session.
pub(super) fn report(cx: &PageContext, hearing: &Hearing) -> Option<AnyView> {
    let report = hearing.report_html.as_deref()?;
    Some(
        view! {
            <section class="result" id="report">
                <h2>{cx.t().report_title()}</h2>
                {ui::rendered_in(cx.lang_of(&hearing.unit), report)}
                {earlier::reports(cx, hearing)}
            </section>
        }
        .into_any(),
    )
}

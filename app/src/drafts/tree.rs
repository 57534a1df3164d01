//! A draft as people read it: headings, articles, paragraphs and items, each with an anchor, the
//! number of published comments and a link to comment on it.

use crate::page::{PageContext, To, plain};
use domain::consultations::Consultation;
use domain::drafts::{Clause, ClauseKind, Draft};
use domain::id::ClauseId;
use leptos::prelude::*;
use std::collections::HashMap;

/// Published points by clause.
pub type ClauseCounts = HashMap<ClauseId, i64>;

pub use crate::page::clause_anchor;

/// The list of contents, articles under their headings. Folded on a phone; beside the text where
/// there is room.
pub fn contents(cx: &PageContext, consultation: &Consultation, draft: &Draft) -> Option<AnyView> {
    let t = cx.t();
    let entries: Vec<&Clause> = draft
        .clauses
        .iter()
        .filter(|clause| !clause.label.is_empty())
        .collect();
    if entries.len() < 4 {
        return None;
    }
    let entry = |clause: &Clause| {
        view! { <a href=format!("#{}", clause_anchor(clause.id))>{plain(&clause.name())}</a> }
    };
    let mut sections: Vec<(Option<&Clause>, Vec<&Clause>)> = vec![(None, Vec::new())];
    for clause in entries {
        if clause.kind.is_heading() {
            sections.push((Some(clause), Vec::new()));
        } else if let Some((_, articles)) = sections.last_mut() {
            articles.push(clause);
        }
    }
    let sections = sections
        .into_iter()
        .filter(|(heading, articles)| heading.is_some() || !articles.is_empty())
        .map(|(heading, articles)| {
            let heading = heading.map(|clause| {
                let class = clause.kind.code();
                view! { <span class=class>{entry(clause)}</span> }
            });
            let articles = (!articles.is_empty()).then(|| {
                let links = articles.into_iter().map(entry).collect_view();
                view! { <span class="articles">{links}</span> }
            });
            view! { <li>{heading} {articles}</li> }
        })
        .collect_view();
    Some(
        view! {
            <details class="toc">
                <summary>{t.draft_contents()}</summary>
                <nav aria-label=t.draft_contents()>
                    <ol lang=cx.lang_of(&consultation.unit)>{sections}</ol>
                </nav>
            </details>
        }
        .into_any(),
    )
}

/// What the clauses of a rendered draft link to.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub cx: &'a PageContext,
    pub consultation: &'a Consultation,
    pub counts: &'a ClauseCounts,
    /// It is the version under consultation: the list of comments goes by its clauses.
    pub current: bool,
    /// Comments are taken on this version now.
    pub open: bool,
}

/// The same, with what the text itself decides.
#[derive(Clone, Copy)]
struct Writing<'a> {
    reading: Reading<'a>,
    /// There are headings above the articles.
    chapters: bool,
}

/// The whole text. Nothing of the draft is left out: what was not recognised stands as text.
pub fn text(reading: Reading<'_>, draft: &Draft) -> AnyView {
    let writing = Writing {
        reading,
        chapters: draft.clauses.iter().any(|clause| clause.kind.is_heading()),
    };
    let clauses = draft
        .clauses
        .iter()
        .map(|clause| block(writing, clause))
        .collect_view();
    let lang = reading.cx.lang_of(&reading.consultation.unit);
    view! {
        <div class="law" lang=lang>
            {clauses}
        </div>
    }
    .into_any()
}

fn block(writing: Writing<'_>, clause: &Clause) -> AnyView {
    let id = clause_anchor(clause.id);
    let reading = writing.reading;
    match clause.kind {
        ClauseKind::Part | ClauseKind::Chapter | ClauseKind::Section => {
            let text = heading_text(clause);
            let class = clause.kind.code();
            if clause.kind == ClauseKind::Section {
                view! { <h4 id=id class=class dir="auto">{text}</h4> }.into_any()
            } else {
                view! { <h3 id=id class=class dir="auto">{text}</h3> }.into_any()
            }
        }
        ClauseKind::Text => {
            let words = domain::text::to_html(&clause.text);
            match actions(reading, clause) {
                None => view! { <div id=id class="loose" inner_html=words></div> }.into_any(),
                actions => view! {
                    <section id=id>
                        <div class="words" dir="auto" inner_html=words></div>
                        {actions}
                    </section>
                }
                .into_any(),
            }
        }
        ClauseKind::Article | ClauseKind::Paragraph | ClauseKind::Item => {
            let label = article_heading(writing, clause);
            let lines = article_lines(reading, clause);
            let actions = actions(reading, clause);
            view! {
                <section id=id>
                    {label}
                    <div class="words" dir="auto">
                        {lines}
                    </div>
                    {actions}
                </section>
            }
            .into_any()
        }
    }
}

/// Articles are headings too, so that a reader with a screen reader can go from one to the next.
fn article_heading(writing: Writing<'_>, clause: &Clause) -> Option<AnyView> {
    let label = plain(&clause.label);
    (!label.is_empty()).then(|| {
        if writing.chapters {
            view! { <h4>{label}</h4> }.into_any()
        } else {
            view! { <h3>{label}</h3> }.into_any()
        }
    })
}

fn heading_text(clause: &Clause) -> String {
    let (label, text) = (plain(&clause.label), plain(&clause.text));
    if text.is_empty() {
        label
    } else {
        format!("{label}\u{3000}{text}")
    }
}

/// The article line by line. A line that is a paragraph or item of its own gets the anchor of
/// that clause; the marker it begins with stays as it stands in the text.
fn article_lines(reading: Reading<'_>, article: &Clause) -> Vec<AnyView> {
    let below = article.walk();
    let mut next = below.into_iter().skip(1).peekable();
    article
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let text = plain(line);
            let first_line = |clause: &Clause| {
                clause
                    .text
                    .lines()
                    .map(str::trim)
                    .find(|line| !line.is_empty())
                    .is_some_and(|first| line.ends_with(first))
            };
            let Some(clause) = next.next_if(|clause| first_line(clause)) else {
                return view! { <p>{text}</p> }.into_any();
            };
            let class = (clause.kind == ClauseKind::Item).then_some("item");
            let extra = small_actions(reading, clause);
            view! {
                <p id=clause_anchor(clause.id) class=class>
                    {text}
                    {extra}
                </p>
            }
            .into_any()
        })
        .collect()
}

/// Under an article or a text: how many comments there are on it or its parts, and the way to
/// comment.
fn actions(reading: Reading<'_>, clause: &Clause) -> Option<AnyView> {
    let Reading {
        cx, consultation, ..
    } = reading;
    let number = consultation.number;
    let t = cx.t();
    let label = plain(&clause.name());
    let published: i64 = clause
        .walk()
        .iter()
        .filter_map(|clause| reading.counts.get(&clause.id))
        .sum();
    let count = (published > 0).then(|| {
        let text = t.draft_clause_comments(&label, published);
        if !reading.current {
            return view! { <span>{text}</span> }.into_any();
        }
        let to = To::Comments {
            number,
            stage: None,
            clause: Some(clause.id),
            after: None,
        };
        crate::ui::anchor(cx.link(&to), text)
    });
    let comment = (reading.open && clause.invites_comments()).then(|| {
        crate::ui::anchor(
            cx.link(&To::Comment(number, Some(clause.id))),
            t.draft_comment_on(&label),
        )
    });
    (count.is_some() || comment.is_some()).then(|| {
        view! {
            <p class="act" lang=cx.own_lang(&consultation.unit)>
                {comment} {count}
            </p>
        }
        .into_any()
    })
}

/// Beside a paragraph or item: the way to comment on just this.
fn small_actions(reading: Reading<'_>, clause: &Clause) -> Option<AnyView> {
    let Reading {
        cx, consultation, ..
    } = reading;
    let t = cx.t();
    let label = plain(&clause.name());
    reading.open.then(|| {
        let link = cx.link(&To::Comment(consultation.number, Some(clause.id)));
        let mut name = t.draft_comment_on(&label);
        if let Some(words) = link.elsewhere {
            name = format!("{name} {words}");
        }
        view! {
            " "
            <a
                class="on"
                href=link.href
                target=link.target
                rel=link.rel
                lang=cx.own_lang(&consultation.unit)
                aria-label=name
            >
                {t.draft_comment_short()}
            </a>
        }
        .into_any()
    })
}

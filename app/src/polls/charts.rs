//! Figures drawn for the eye: SVG from the server, told apart by pattern and not by colour, with
//! every number beside its bar in words and once more in a table.
//!
//! The drawings are strings: attributes of SVG that a view does not know stay as they are.

use super::versions;
use crate::i18n::T;
use crate::page::{PageContext, plain};
use crate::ui::form::escape;
use domain::polls::results::{Count, QuestionResult, RankResult, percent};
use domain::polls::{Poll, QuestionKind};
use leptos::prelude::*;
use std::fmt::Write as _;

/// Patterns that can be told apart in black and white.
const PATTERNS: usize = 8;
/// More different numbers than this are drawn as ranges.
const NUMBERS: usize = 12;
/// Ranges of a distribution.
const BINS: usize = 10;
/// A part that is narrower, in percent, has no room for its label.
const LABELLED: f64 = 9.0;

/// The patterns, once on a page that draws with them.
pub(super) fn patterns() -> AnyView {
    let shapes = [
        r#"<rect class="ink" width="8" height="8"/>"#,
        r#"<path class="line" d="M-2 2 2-2M0 8 8 0M6 10l4-4"/>"#,
        r#"<circle class="ink" cx="2" cy="2" r="1.5"/><circle class="ink" cx="6" cy="6" r="1.5"/>"#,
        "",
        r#"<path class="line" d="M0 0l8 8M8 0 0 8"/>"#,
        r#"<path class="line" d="M2 0v8M6 0v8"/>"#,
        r#"<path class="line" d="M0 2h8M0 6h8"/>"#,
        r#"<circle class="ink" cx="4" cy="4" r="1"/>"#,
    ];
    let mut defined = String::from("<defs>");
    for (index, shape) in shapes.iter().enumerate() {
        write!(
            defined,
            r#"<pattern id="yanlu-p{index}" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ground" width="8" height="8"/>{shape}</pattern>"#
        )
        .expect("strings grow");
    }
    defined.push_str("</defs>");
    view! { <svg class="patterns" width="0" height="0" aria-hidden="true" inner_html=defined></svg> }
        .into_any()
}

/// One bar of so many percent, in a pattern.
pub(super) fn bar(share: f64, pattern: usize) -> AnyView {
    let drawn = format!(
        r#"<rect width="{share}%" height="100%" fill="url(#yanlu-p{})"/>"#,
        pattern % PATTERNS
    );
    view! { <svg class="bar" width="100%" height="18" aria-hidden="true" inner_html=drawn></svg> }
        .into_any()
}

/// A percentage as it is read.
pub(super) fn share(percent: f64) -> String {
    format!("{percent}%")
}

/// A figure with its name, the drawing, and the same figures as a table.
fn figure(name: &str, lang: Option<String>, drawing: AnyView, table: AnyView) -> AnyView {
    view! {
        <figure class="chart">
            <figcaption class="vh" lang=lang>
                {plain(name)}
            </figcaption>
            {drawing}
            {table}
        </figure>
    }
    .into_any()
}

/// A table behind a line that opens it.
pub(super) fn table(t: T, heads: &[String], rows: Vec<Vec<String>>) -> AnyView {
    let heads = heads
        .iter()
        .map(|head| view! { <th scope="col">{head.clone()}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let first = cells.next().unwrap_or_default();
            let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! {
                <tr>
                    <th scope="row" dir="auto">
                        {first}
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <details class="data">
            <summary>{t.poll_table()}</summary>
            <div class="wide-table" tabindex="0" role="group" aria-label=t.poll_table()>
                <table>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// The head of a table of counts.
fn count_heads(t: T) -> Vec<String> {
    [
        t.poll_column_option(),
        t.poll_column_count(),
        t.poll_column_percent(),
    ]
    .map(str::to_owned)
    .to_vec()
}

fn count_row(t: T, count: &Count) -> Vec<String> {
    vec![
        plain(&count.text),
        t.number(count.count),
        share(count.percent),
    ]
}

/// A bar for each option.
pub(super) fn bars(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> AnyView {
    drawn_bars(cx, poll, &result.text, &result.counts)
}

fn drawn_bars(cx: &PageContext, poll: &Poll, name: &str, counts: &[Count]) -> AnyView {
    let t = cx.t();
    let lang = cx.lang_of(&poll.unit);
    let items = counts
        .iter()
        .map(|count| {
            view! {
                <li>
                    <span dir="auto" lang=lang.clone()>
                        {plain(&count.text)}
                    </span>
                    " "
                    <span class="figure">
                        <b>{share(count.percent)}</b>
                        " "
                        {t.poll_times(count.count)}
                    </span>
                    {bar(count.percent, 0)}
                </li>
            }
        })
        .collect_view();
    let rows = counts.iter().map(|count| count_row(t, count)).collect();
    figure(
        name,
        lang,
        view! { <ul class="bars">{items}</ul> }.into_any(),
        table(t, &count_heads(t), rows),
    )
}

/// Numbers one by one while they are few, else in ranges of equal width.
pub(super) fn distribution(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> AnyView {
    if result.counts.len() <= NUMBERS {
        return bars(cx, poll, result);
    }
    drawn_bars(cx, poll, &result.text, &bins(cx.t(), result))
}

/// The counts in ranges; the last one holds its upper end too.
pub(super) fn bins(t: T, result: &QuestionResult) -> Vec<Count> {
    let Some(figures) = &result.figures else {
        return Vec::new();
    };
    let width = (figures.max - figures.min) / BINS as f64;
    let bound = |index: usize| hundredths(figures.min + width * index as f64);
    let mut bins = vec![0; BINS];
    for count in &result.counts {
        let Ok(number) = count.code.parse::<f64>() else {
            continue;
        };
        // By the bounds as they are shown, so that a reader can recount.
        let index = (1..BINS).rev().find(|index| number >= bound(*index));
        bins[index.unwrap_or(0)] += count.count;
    }
    bins.into_iter()
        .enumerate()
        .map(|(index, count)| Count {
            code: bound(index).to_string(),
            text: match index + 1 {
                BINS => t.poll_bin_last(bound(index), figures.max),
                next => t.poll_bin(bound(index), bound(next)),
            },
            count,
            percent: percent(count, result.n),
        })
        .collect()
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// One part of a stacked bar.
struct Part {
    share: f64,
    /// Written into the part where there is room.
    label: String,
}

/// A stacked bar that is told in words to who does not see it.
fn stack(told: String, parts: &[Part]) -> AnyView {
    let mut drawn = String::new();
    let mut before = 0.0;
    for (index, part) in parts.iter().enumerate() {
        if part.share <= 0.0 {
            continue;
        }
        write!(
            drawn,
            r#"<rect class="slice" x="{before:.2}%" width="{:.2}%" height="100%" fill="url(#yanlu-p{})"/>"#,
            part.share,
            index % PATTERNS
        )
        .expect("strings grow");
        if part.share >= LABELLED {
            write!(
                drawn,
                r#"<text x="{:.2}%" y="20" text-anchor="middle">{}</text>"#,
                before + part.share / 2.0,
                escape(&part.label)
            )
            .expect("strings grow");
        }
        before += part.share;
    }
    view! { <svg class="stack" role="img" aria-label=told width="100%" height="30" inner_html=drawn></svg> }
        .into_any()
}

/// What each pattern means.
fn legend(labels: Vec<String>, lang: Option<String>) -> AnyView {
    let items = labels
        .into_iter()
        .enumerate()
        .map(|(index, label)| {
            let swatch = format!(
                r#"<rect class="slice" width="100%" height="100%" fill="url(#yanlu-p{})"/>"#,
                index % PATTERNS
            );
            view! {
                <li>
                    <svg width="24" height="16" aria-hidden="true" inner_html=swatch></svg>
                    " "
                    <span dir="auto" lang=lang.clone()>
                        {label}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="legend">{items}</ul> }.into_any()
}

/// "A 57.1%, B 42.9%".
fn told(counts: &[Count]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|count| format!("{} {}", plain(&count.text), share(count.percent)))
        .collect();
    parts.join(", ")
}

/// A scale as one stacked bar, a matrix as one for each row.
pub(super) fn stacked(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> AnyView {
    let t = cx.t();
    let lang = cx.lang_of(&poll.unit);
    if result.kind == QuestionKind::Scale && result.counts.len() > PATTERNS {
        // A pattern twice in one bar would mean two things.
        return bars_of_steps(cx, poll, result);
    }
    let question = versions::asked(poll, result);
    let ends = question.map(|q| (q.steps(), q.min_label.as_deref(), q.max_label.as_deref()));
    let named = |count: &Count| {
        let step: Option<i64> = count.code.parse().ok();
        let end = ends.as_ref().and_then(|(steps, least, most)| match step? {
            step if step == *steps.start() => *least,
            step if step == *steps.end() => *most,
            _ => None,
        });
        match end.filter(|_| result.kind == QuestionKind::Scale) {
            Some(end) => format!("{} {}", count.text, plain(end)),
            None => plain(&count.text),
        }
    };
    let (drawing, rows, counts) = if result.kind == QuestionKind::Scale {
        let parts: Vec<Part> = result
            .counts
            .iter()
            .map(|count| Part {
                share: count.percent,
                label: count.text.clone(),
            })
            .collect();
        let rows = result
            .counts
            .iter()
            .map(|count| vec![named(count), t.number(count.count), share(count.percent)])
            .collect();
        (stack(told(&result.counts), &parts), rows, &result.counts)
    } else {
        return matrix(cx, poll, result);
    };
    let labels = counts
        .iter()
        .map(|count| format!("{} · {}", named(count), share(count.percent)))
        .collect();
    figure(
        &result.text,
        lang.clone(),
        view! {
            {drawing}
            {legend(labels, lang)}
        }
        .into_any(),
        table(t, &count_heads(t), rows),
    )
}

/// A bar for each step of a long scale, the ends with what they mean.
fn bars_of_steps(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> AnyView {
    let question = versions::asked(poll, result);
    let mut counts = result.counts.clone();
    let mut end = |count: Option<usize>, label: Option<&str>| {
        let count = count.and_then(|index| counts.get_mut(index));
        if let (Some(count), Some(label)) = (count, label) {
            count.text = format!("{} {label}", count.text);
        }
    };
    end(Some(0), question.and_then(|q| q.min_label.as_deref()));
    let last = result.counts.len().checked_sub(1);
    end(last, question.and_then(|q| q.max_label.as_deref()));
    drawn_bars(cx, poll, &result.text, &counts)
}

fn matrix(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> AnyView {
    let t = cx.t();
    let lang = cx.lang_of(&poll.unit);
    let drawn = result
        .rows
        .iter()
        .map(|row| {
            let parts: Vec<Part> = row
                .counts
                .iter()
                .map(|count| Part {
                    share: count.percent,
                    label: share(count.percent.round()),
                })
                .collect();
            view! {
                <p class="label" dir="auto" lang=lang.clone()>
                    {t.poll_with_n(row.n, plain(&row.text))}
                </p>
                {stack(told(&row.counts), &parts)}
            }
        })
        .collect_view();
    let options = result.rows.first().map_or(&[][..], |row| &row.counts);
    let labels = options.iter().map(|count| plain(&count.text)).collect();
    let heads: Vec<String> = [t.poll_column_row().to_owned()]
        .into_iter()
        .chain(options.iter().map(|count| plain(&count.text)))
        .chain(["n".to_owned()])
        .collect();
    let rows = result
        .rows
        .iter()
        .map(|row| {
            let counts = row
                .counts
                .iter()
                .map(|count| format!("{} ({})", t.number(count.count), share(count.percent)));
            [plain(&row.text)]
                .into_iter()
                .chain(counts)
                .chain([t.number(row.n)])
                .collect()
        })
        .collect();
    figure(
        &result.text,
        lang.clone(),
        view! {
            {drawn}
            {legend(labels, lang)}
        }
        .into_any(),
        table(t, &heads, rows),
    )
}

/// The mean place in words.
pub(super) fn mean_rank(t: T, rank: &RankResult) -> String {
    if rank.at_rank.iter().sum::<i64>() == 0 {
        return t.poll_not_ranked().to_owned();
    }
    t.poll_mean_rank(rank.mean_rank)
}

/// Options from the best mean place to the last, each with how often it stood at which.
pub(super) fn ranks(cx: &PageContext, poll: &Poll, result: &QuestionResult) -> AnyView {
    let t = cx.t();
    let lang = cx.lang_of(&poll.unit);
    let places = i64::try_from(result.ranks.len()).unwrap_or(i64::MAX);
    let items = result
        .ranks
        .iter()
        .map(|rank| {
            let n: i64 = rank.at_rank.iter().sum();
            let shares: Vec<f64> = rank
                .at_rank
                .iter()
                .map(|times| percent(*times, n))
                .collect();
            let parts: Vec<Part> = shares
                .iter()
                .zip(1..)
                .map(|(share, place)| Part {
                    share: *share,
                    label: i64::to_string(&place),
                })
                .collect();
            let told: Vec<String> = shares
                .iter()
                .zip(1..)
                .map(|(part, place)| format!("{} {}", t.poll_place(place), share(*part)))
                .collect();
            view! {
                <li>
                    <span dir="auto" lang=lang.clone()>
                        {plain(&rank.text)}
                    </span>
                    " "
                    <b class="figure">{mean_rank(t, rank)}</b>
                    {stack(told.join(", "), &parts)}
                </li>
            }
        })
        .collect_view();
    let labels = (1..=places).map(|place| t.poll_place(place)).collect();
    let heads: Vec<String> = [
        t.poll_column_option().to_owned(),
        t.poll_column_mean_rank().to_owned(),
    ]
    .into_iter()
    .chain((1..=places).map(|place| t.poll_place(place)))
    .collect();
    let rows = result
        .ranks
        .iter()
        .map(|rank| {
            [plain(&rank.text), rank.mean_rank.to_string()]
                .into_iter()
                .chain(rank.at_rank.iter().map(|times| t.number(*times)))
                .collect()
        })
        .collect();
    figure(
        &result.text,
        lang,
        view! {
            <ol class="bars">{items}</ol>
            {legend(labels, None)}
        }
        .into_any(),
        table(t, &heads, rows),
    )
}

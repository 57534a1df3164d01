//! A bar of numbers that adds up: drawn for the eye, and said in words that give the same sum.

use crate::i18n::T;
use crate::page::Link;
use leptos::prelude::*;

/// One part of the whole.
pub struct Part {
    pub label: String,
    pub n: i64,
    /// Its colour, where it must be the same in every bar; else by its place.
    pub colour: Option<usize>,
    /// Leads to what was counted.
    pub link: Option<Link>,
}

impl Part {
    pub fn new(label: impl Into<String>, n: i64) -> Self {
        Self {
            label: label.into(),
            n,
            colour: None,
            link: None,
        }
    }
}

/// The bar. Parts of zero stand in the words but not in the drawing. The whole is the sum of the
/// parts by construction, so the page cannot show numbers that do not add up.
pub fn numbers_bar(t: T, caption: &str, parts: Vec<Part>) -> AnyView {
    let total: i64 = parts.iter().map(|part| part.n).sum();
    let caption = caption.to_owned();
    let mut before = 0;
    let drawn = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.n > 0)
        .map(|(index, part)| {
            let x = percent(before, total);
            before += part.n;
            view! {
                <rect class=colour(index, part) x=x width=percent(part.n, total) height="100%"></rect>
            }
        })
        .collect_view();
    let words = parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| {
            let class = colour(index, &part);
            let label = match part.link {
                Some(link) => super::anchor(link, part.label),
                None => part.label.into_any(),
            };
            view! {
                <li class=class>
                    <b>{t.number(part.n)}</b>
                    " "
                    {label}
                </li>
            }
        })
        .collect_view();
    view! {
        <figure class="numbers">
            <figcaption>
                <b>{t.number(total)}</b>
                " "
                {caption}
            </figcaption>
            <svg width="100%" height="16" aria-hidden="true">
                {drawn}
            </svg>
            <ul>{words}</ul>
        </figure>
    }
    .into_any()
}

fn colour(index: usize, part: &Part) -> String {
    format!("s{}", part.colour.unwrap_or(index))
}

fn percent(n: i64, total: i64) -> String {
    if total == 0 {
        return "0%".into();
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a drawing; counts are far below 2^53"
    )]
    let share = n as f64 * 100.0 / total as f64;
    format!("{share:.2}%")
}

//! Rows of a form that are added, taken out and moved up without scripts: each press sends the whole
//! form, which comes back with everything typed. Fields are named as faults name them,
//! `categories.2.name`.

use leptos::prelude::*;
use std::collections::BTreeMap;

/// What a button of a form with rows asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// One more row.
    Add,
    /// Without this row.
    Remove(usize),
    /// This row before the one above it.
    Up(usize),
    /// Anything else that the form offers.
    Other(String),
}

impl Press {
    /// Reads `add`, `remove.2`, `up.2`; the rest is the form's own.
    pub fn read(action: &str) -> Self {
        let row = |act: &str| -> Option<usize> {
            action.strip_prefix(act)?.strip_prefix('.')?.parse().ok()
        };
        match action {
            "add" => Self::Add,
            _ => match (row("remove"), row("up")) {
                (Some(row), _) => Self::Remove(row),
                (_, Some(row)) => Self::Up(row),
                _ => Self::Other(action.to_owned()),
            },
        }
    }

    /// Does to a list what was pressed; `false` if that was not about its rows. `new` makes the row
    /// to add, unless there are `most` already.
    pub(crate) fn on<R>(
        &self,
        rows: &mut Vec<R>,
        most: usize,
        new: impl FnOnce(&[R]) -> R,
    ) -> bool {
        match self {
            Self::Add if rows.len() < most => {
                let row = new(rows);
                rows.push(row);
            }
            Self::Remove(row) if *row < rows.len() => {
                rows.remove(*row);
            }
            Self::Up(row) if (1..rows.len()).contains(row) => rows.swap(row - 1, *row),
            Self::Other(_) => return false,
            _ => {}
        }
        true
    }
}

/// The rows of one list of a form, in their order. One more than `most` is kept, so that there are
/// too many of them is still to be seen.
pub(crate) fn read<'a, R: Default>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    list: &str,
    most: usize,
    set: impl Fn(&mut R, &str, &str),
) -> Vec<R> {
    let mut rows: BTreeMap<usize, R> = BTreeMap::new();
    for (name, value) in pairs {
        let Some((row, field)) = name
            .strip_prefix(list)
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        let Ok(row) = row.parse() else { continue };
        if rows.contains_key(&row) || rows.len() <= most {
            set(rows.entry(row).or_default(), field, value);
        }
    }
    rows.into_values().collect()
}

/// The id of a row; `categories.2`.
pub(crate) fn id(list: &str, row: usize) -> String {
    format!("{list}.{row}")
}

/// Where the page that comes back after a press is to be read on: the new row, the one that moved up,
/// the one before what was taken out.
fn part(list: &str, action: &str, rows: usize) -> String {
    match Press::read(action) {
        Press::Add => id(list, rows),
        Press::Up(row) => id(list, row.saturating_sub(1)),
        Press::Remove(row) if row > 0 => id(list, row - 1),
        Press::Remove(_) | Press::Other(_) => list.to_owned(),
    }
}

/// A button about the `rows` of a list. The page that comes back shows the row it is about first.
pub(crate) fn button(
    address: &str,
    (list, rows): (&str, usize),
    action: String,
    text: impl Into<String>,
    of: impl Into<String>,
) -> AnyView {
    let (text, of) = (text.into(), of.into());
    let of = (!of.is_empty()).then(|| app::ui::unseen(format!(" {of}")));
    let part = part(list, &action, rows);
    view! {
        <button
            class="quiet"
            name="action"
            value=action
            formaction=format!("{address}#{part}")
        >
            {text}
            {of}
        </button>
    }
    .into_any()
}

/// A whole number as people type it, with full-width digits too; `None` if it is none.
pub(crate) fn whole(typed: &str) -> Option<i64> {
    narrow(typed).parse().ok()
}

/// A number with decimals.
pub(crate) fn decimal(typed: &str) -> Option<f64> {
    narrow(typed).parse().ok().filter(|n: &f64| n.is_finite())
}

/// Full-width digits and signs come from Chinese input methods.
fn narrow(typed: &str) -> String {
    typed
        .trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '−' => '-',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(&str, &str)], most: usize) -> Vec<String> {
        read(
            pairs.iter().copied(),
            "list",
            most,
            |row: &mut String, field, value| {
                row.push_str(&format!("{field}={value};"));
            },
        )
    }

    #[test]
    fn rows_come_back_in_their_order_and_a_flood_is_cut() {
        let pairs = [
            ("list.2.a", "x"),
            ("list.0.a", "y"),
            ("list.0.b", "z"),
            ("other.1.a", "no"),
            ("list.x.a", "no"),
        ];
        assert_eq!(rows(&pairs, 5), ["a=y;b=z;", "a=x;"]);
        let flood: Vec<(String, String)> = (0..100)
            .map(|n| (format!("list.{n}.a"), String::new()))
            .collect();
        let flood: Vec<(&str, &str)> = flood.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(rows(&flood, 5).len(), 6, "one too many, to be said");
    }

    #[test]
    fn a_press_does_to_the_rows_what_it_says() {
        let mut rows = vec!['a', 'b', 'c'];
        for (action, after) in [
            ("up.2", "acb"),
            ("up.0", "acb"),
            ("remove.0", "cb"),
            ("remove.9", "cb"),
            ("add", "cbn"),
            ("add", "cbn"),
        ] {
            assert!(Press::read(action).on(&mut rows, 3, |_| 'n'), "{action}");
            assert_eq!(rows.iter().collect::<String>(), after, "{action}");
        }
        assert!(!Press::read("save").on(&mut rows, 3, |_| 'n'));
    }

    #[test]
    fn the_page_comes_back_at_the_row_that_was_pressed_about() {
        for (action, at) in [
            ("add", "list.3"),
            ("up.2", "list.1"),
            ("remove.2", "list.1"),
            ("remove.0", "list"),
            ("look", "list"),
        ] {
            assert_eq!(part("list", action, 3), at, "{action}");
        }
    }

    #[test]
    fn numbers_are_read_as_chinese_input_methods_write_them() {
        assert_eq!(whole("　２１ "), Some(21));
        assert_eq!(decimal("３．５"), Some(3.5));
        assert_eq!(whole("many"), None);
        assert_eq!(decimal("inf"), None);
    }
}

//! The points of the form: filled in, added, taken out, numbered.

use super::Words;
use super::fields::{Fields, put, text};
use super::kept::Kept;
use domain::comments::{AuthorKind, Display, RawPoint};
use domain::limits;
use leptos::prelude::document;
use wasm_bindgen::JsValue;

impl Fields {
    fn write_point(&self, index: &str, point: &RawPoint, label: &str) {
        let set = |name: &str, value: &str| self.set(&format!("points.{index}.{name}"), value);
        let clause = point.clause.as_deref().unwrap_or("");
        self.offer(index, clause, label);
        set("clause", clause);
        set("text", &point.text);
        let proposed = point.proposed.as_deref().unwrap_or("");
        set("proposed", proposed);
        if !proposed.is_empty() {
            for details in self.all(&format!("[data-index=\"{index}\"] details")) {
                put(&details, "open", &JsValue::TRUE);
            }
        }
    }

    /// Puts a clause into the point's list if it is not there: the list names paragraphs and items
    /// of few articles only, and a list without the value would choose the draft as a whole.
    fn offer(&self, index: &str, clause: &str, label: &str) {
        let Some(list) = self.control(&format!("points.{index}.clause")) else {
            return;
        };
        let scope = format!("[name=\"points.{index}.clause\"] option");
        let mut options = self.all(&scope).into_iter();
        let is_there = options.any(|option| text(&option, "value") == clause);
        if is_there {
            return;
        }
        if let Ok(option) = document().create_element("option") {
            option.set_text_content(Some(if label.is_empty() { clause } else { label }));
            put(&option, "value", &clause.into());
            // An attached list takes another line.
            let _ = list.append_with_node_1(&option);
        }
    }

    /// Fills in what was kept, and never writes over what a person has typed or chosen. Says
    /// whether anything came back.
    pub fn restore(&self, kept: &Kept) -> bool {
        let before = self.read();
        let form = &kept.form;
        if before.name.is_empty() {
            self.set("name", &form.name);
        }
        if before.contact.is_empty() {
            self.set("contact", &form.contact);
        }
        if before.kind == AuthorKind::Individual {
            self.choose("kind", form.kind.code());
        }
        if before.display == Display::Masked {
            self.choose("display", form.display.code());
        }
        let mut wanted: Vec<(&RawPoint, &str)> = form
            .points
            .iter()
            .zip(kept.labels.iter().map(String::as_str))
            .filter(|(point, _)| point.says_something())
            .collect();
        for (index, now) in self.indices().iter().zip(&before.points) {
            wanted.retain(|(point, _)| *point != now);
            if now.says_something() {
                continue;
            }
            // An empty point takes what was kept for its clause, or anything if it has none.
            let fits =
                |(point, _): &(&RawPoint, &str)| now.clause.is_none() || point.clause == now.clause;
            if let Some(at) = wanted.iter().position(fits) {
                let (point, label) = wanted.remove(at);
                self.write_point(index, point, label);
            }
        }
        for (point, label) in wanted {
            if let Some(index) = self.add_point() {
                self.write_point(&index, point, label);
            }
        }
        self.read() != before
    }

    /// Whether every point that was kept stands in the form.
    pub fn holds(&self, kept: &Kept) -> bool {
        let now = self.read().points;
        let mut points = kept.form.points.iter();
        points.all(|point| !point.says_something() || now.contains(point))
    }

    /// What is in the form now, with the names of its clauses.
    pub fn to_keep(&self) -> Kept {
        let indices = self.indices();
        Kept {
            form: self.read(),
            labels: indices.iter().map(|i| self.clause_label(i)).collect(),
            attempt: String::new(),
        }
    }

    /// Another empty point after the last; gives its index. `None` when there is no room.
    pub fn add_point(&self) -> Option<String> {
        let points = self.points();
        let last = points
            .last()
            .filter(|_| points.len() < limits::POINTS_PER_COMMENT)?;
        let old = last.get_attribute("data-index")?;
        let highest = self
            .indices()
            .iter()
            .filter_map(|i| i.parse::<u32>().ok())
            .max()?;
        let new = (highest + 1).to_string();
        let html = last
            .outer_html()
            .replace(&format!("points.{old}."), &format!("points.{new}."))
            .replace(&format!("remove.{old}"), &format!("remove.{new}"))
            .replace(
                &format!("data-index=\"{old}\""),
                &format!("data-index=\"{new}\""),
            );
        last.insert_adjacent_html("afterend", &html).ok()?;
        let scope = format!("[data-index=\"{new}\"]");
        for stale in self.all(&format!("{scope} .error,{scope} .quoted,{scope} .count")) {
            stale.remove();
        }
        for details in self.all(&format!("{scope} details")) {
            put(&details, "open", &JsValue::FALSE);
        }
        self.write_point(&new, &RawPoint::default(), "");
        self.clear_errors_in(&scope);
        Some(new)
    }

    /// Takes a point out; the only one is emptied instead.
    pub fn remove_point(&self, index: &str) {
        let points = self.points();
        if points.len() < 2 {
            self.write_point(index, &RawPoint::default(), "");
            return;
        }
        for point in points {
            if point.get_attribute("data-index").as_deref() == Some(index) {
                point.remove();
            }
        }
    }

    /// Numbers the points as they stand, and shows the buttons that make sense.
    pub fn number(&self, words: &Words) {
        let points = self.points();
        for (position, point) in points.iter().enumerate() {
            let number = (position + 1).to_string();
            if let Ok(Some(legend)) = point.query_selector("legend") {
                legend.set_text_content(Some(&words.point.replace("{number}", &number)));
            }
            if let Ok(Some(button)) = point.query_selector(".remove button") {
                button.set_text_content(Some(&words.remove_point.replace("{number}", &number)));
            }
            if let Ok(Some(line)) = point.query_selector(".remove") {
                put(&line, "hidden", &(points.len() < 2).into());
            }
        }
        for line in self.all(".add") {
            put(
                &line,
                "hidden",
                &(points.len() >= limits::POINTS_PER_COMMENT).into(),
            );
        }
    }

    /// Empties everything.
    pub fn clear(&self) {
        for point in self.points().iter().skip(1) {
            point.remove();
        }
        for index in self.indices() {
            self.write_point(&index, &RawPoint::default(), "");
        }
        self.set("name", "");
        self.set("contact", "");
        self.clear_errors();
    }
}

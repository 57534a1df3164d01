//! The server's form, read and written through the DOM: values, points, counters, errors.

use super::Words;
use domain::comments::form::CommentForm;
use domain::comments::{AuthorKind, Display, RawPoint};
use domain::limits;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// The form element with what it is allowed to say.
#[derive(Clone)]
pub struct Fields {
    pub form: HtmlElement,
}

/// A value that is wrong: the id of its field, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub id: String,
    pub message: String,
}

impl Fields {
    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.form.query_selector_all(selector);
        let list = found.map(|list| Array::from(&list)).unwrap_or_default();
        list.iter().filter_map(|el| el.dyn_into().ok()).collect()
    }

    fn control(&self, name: &str) -> Option<HtmlElement> {
        self.form
            .query_selector(&format!("[name=\"{name}\"]"))
            .ok()
            .flatten()?
            .dyn_into()
            .ok()
    }

    fn value(&self, name: &str) -> String {
        self.control(name)
            .map(|el| text(&el, "value"))
            .unwrap_or_default()
    }

    fn set(&self, name: &str, value: &str) {
        if let Some(el) = self.control(name) {
            put(&el, "value", &value.into());
        }
    }

    /// The value of the chosen radio button.
    fn chosen(&self, name: &str) -> String {
        self.all(&format!("input[name={name}]"))
            .iter()
            .find(|el| flag(el, "checked"))
            .map(|el| text(el, "value"))
            .unwrap_or_default()
    }

    fn choose(&self, name: &str, value: &str) {
        for el in self.all(&format!("input[name={name}]")) {
            if text(&el, "value") == value {
                put(&el, "checked", &JsValue::TRUE);
            }
        }
    }

    fn points(&self) -> Vec<HtmlElement> {
        self.all("fieldset.point")
    }

    /// The indices of the points, in the order in which they stand.
    pub fn indices(&self) -> Vec<String> {
        let index = |el: &HtmlElement| el.get_attribute("data-index").unwrap_or_default();
        self.points().iter().map(index).collect()
    }

    fn point(&self, index: &str) -> RawPoint {
        let optional = |name| {
            Some(self.value(&format!("points.{index}.{name}"))).filter(|value| !value.is_empty())
        };
        RawPoint {
            clause: optional("clause"),
            text: optional("text").unwrap_or_default(),
            proposed: optional("proposed"),
        }
    }

    fn write_point(&self, index: &str, point: &RawPoint) {
        let set = |name: &str, value: &str| self.set(&format!("points.{index}.{name}"), value);
        set("clause", point.clause.as_deref().unwrap_or(""));
        set("text", &point.text);
        let proposed = point.proposed.as_deref().unwrap_or("");
        set("proposed", proposed);
        if !proposed.is_empty() {
            for details in self.all(&format!("[data-index=\"{index}\"] details")) {
                put(&details, "open", &JsValue::TRUE);
            }
        }
    }

    /// All that was typed.
    pub fn read(&self) -> CommentForm {
        CommentForm {
            kind: self
                .chosen("kind")
                .parse()
                .unwrap_or(AuthorKind::Individual),
            name: self.value("name"),
            display: self.chosen("display").parse().unwrap_or(Display::Masked),
            contact: self.value("contact"),
            points: self
                .indices()
                .iter()
                .map(|index| self.point(index))
                .collect(),
            key: String::new(),
        }
    }

    /// What is worth sending: points with words, with the index each has in the form. A form in
    /// which nothing was said keeps its first point, to complain about.
    pub fn filled(&self) -> (CommentForm, Vec<String>) {
        let form = self.read();
        let mut indices = self.indices();
        if form.points.iter().any(said_something) {
            let mut points = form.points.iter();
            indices.retain(|_| points.next().is_some_and(said_something));
        } else {
            indices.truncate(1);
        }
        (form.without_empty_points(), indices)
    }

    /// The words of the chosen clause, as the list shows them.
    pub fn clause_label(&self, index: &str) -> String {
        let selector = format!("[name=\"points.{index}.clause\"] option:checked");
        let option = self.form.query_selector(&selector).ok().flatten();
        option
            .and_then(|option| option.text_content())
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// Fills in what was kept, and never writes over what a person has typed or chosen. Says
    /// whether anything came back.
    pub fn restore(&self, kept: &CommentForm) -> bool {
        let before = self.read();
        if before.name.is_empty() {
            self.set("name", &kept.name);
        }
        if before.contact.is_empty() {
            self.set("contact", &kept.contact);
        }
        if before.kind == AuthorKind::Individual {
            self.choose("kind", kept.kind.code());
        }
        if before.display == Display::Masked {
            self.choose("display", kept.display.code());
        }
        let mut wanted: Vec<RawPoint> = kept
            .points
            .iter()
            .filter(|p| said_something(p))
            .cloned()
            .collect();
        for (index, now) in self.indices().iter().zip(&before.points) {
            wanted.retain(|point| point != now);
            if said_something(now) {
                continue;
            }
            // An empty point takes what was kept for its clause, or anything if it has none.
            let fits = |point: &RawPoint| now.clause.is_none() || point.clause == now.clause;
            if let Some(at) = wanted.iter().position(fits) {
                self.write_point(index, &wanted.remove(at));
            }
        }
        for point in &wanted {
            if let Some(index) = self.add_point() {
                self.write_point(&index, point);
            }
        }
        self.read() != before
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
        self.write_point(&new, &RawPoint::default());
        self.clear_errors_in(&scope);
        Some(new)
    }

    /// Takes a point out; the only one is emptied instead.
    pub fn remove_point(&self, index: &str) {
        let points = self.points();
        if points.len() < 2 {
            self.write_point(index, &RawPoint::default());
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
            self.write_point(&index, &RawPoint::default());
        }
        self.set("name", "");
        self.set("contact", "");
        self.clear_errors();
    }

    /// Shows what is wrong beside each field.
    pub fn show_errors(&self, wrong: &[Wrong]) {
        self.clear_errors();
        for Wrong { id, message } in wrong {
            let Some(control) = self.control(id) else {
                continue;
            };
            let Ok(Some(field)) = control.closest(".field") else {
                continue;
            };
            let line = document().create_element("p").ok();
            let Some(line) = line else { continue };
            line.set_class_name("error");
            line.set_id(&format!("{id}-error"));
            line.set_text_content(Some(message));
            // An attached node cannot be refused here: the control is in the document.
            let _ = control.before_with_node_1(&line);
            let _ = field.class_list().add_1("wrong");
            let _ = control.set_attribute("aria-invalid", "true");
            let described = control
                .get_attribute("aria-describedby")
                .unwrap_or_default();
            let _ =
                control.set_attribute("aria-describedby", format!("{described} {id}-error").trim());
        }
    }

    pub fn clear_errors(&self) {
        self.clear_errors_in("");
    }

    fn clear_errors_in(&self, scope: &str) {
        for line in self.all(&format!("{scope} .error")) {
            line.remove();
        }
        for field in self.all(&format!("{scope} .wrong")) {
            let _ = field.class_list().remove_1("wrong");
        }
        for control in self.all(&format!("{scope} [aria-invalid]")) {
            let _ = control.remove_attribute("aria-invalid");
            let described = control
                .get_attribute("aria-describedby")
                .unwrap_or_default();
            let rest: Vec<&str> = described
                .split(' ')
                .filter(|id| !id.ends_with("-error"))
                .collect();
            let _ = control.set_attribute("aria-describedby", &rest.join(" "));
        }
    }

    /// What can be told without the server. It checks everything again.
    pub fn check(&self, words: &Words) -> Vec<Wrong> {
        let (form, indices) = self.filled();
        let mut wrong = Vec::new();
        for (point, index) in form.points.iter().zip(&indices) {
            let id = format!("points.{index}.text");
            if !said_something(point) {
                wrong.push(Wrong {
                    id,
                    message: words.text_required.clone(),
                });
            }
        }
        for area in self.all("textarea") {
            let limit = limit(&area);
            let length = graphemes(text(&area, "value").trim());
            if length > limit {
                let over = (length - limit).to_string();
                let message = words.over.replace("{number}", &over);
                wrong.push(Wrong {
                    id: area.id(),
                    message,
                });
            }
        }
        if form.display != Display::Anonymous && form.name.trim().is_empty() {
            wrong.push(Wrong {
                id: "name".into(),
                message: words.name_required.clone(),
            });
        }
        wrong
    }

    /// Says under a text area how much room is left. Read out only when it gets tight.
    pub fn count(&self, area: &Element, words: &Words) {
        let limit = limit(area);
        if limit == 0 {
            return;
        }
        let length = graphemes(text(area, "value").trim());
        let message = if length > limit {
            words
                .over
                .replace("{number}", &(length - limit).to_string())
        } else {
            words
                .left
                .replace("{number}", &(limit - length).to_string())
        };
        let next = area.next_element_sibling();
        let line = next
            .filter(|el| el.class_list().contains("count"))
            .or_else(|| {
                let line = document().create_element("p").ok()?;
                line.set_class_name("hint count");
                area.after_with_node_1(&line).ok()?;
                Some(line)
            });
        if let Some(line) = line {
            let tight = length + limit / 20 > limit;
            let _ = line.set_attribute("aria-live", if tight { "polite" } else { "off" });
            line.set_text_content(Some(&message));
        }
    }

    /// Puts the reading position on a control.
    pub fn focus(&self, name: &str) {
        if let Some(control) = self.control(name) {
            let _ = control.focus();
        }
    }

    /// Whether the values came from the person just now, by way of the server.
    pub fn came_back(&self) -> bool {
        self.form.has_attribute("data-kept")
    }

    /// Whether nothing is typed at all.
    pub fn is_blank(&self, form: &CommentForm) -> bool {
        form.name.trim().is_empty()
            && form.contact.trim().is_empty()
            && !form.points.iter().any(said_something)
    }

    /// To the button that adds a point.
    pub fn focus_add(&self) {
        for button in self.all(".add button") {
            let _ = button.focus();
        }
    }

    /// To the first field.
    pub fn focus_first(&self) {
        if let Some(control) = self.all("select").first() {
            let _ = control.focus();
        }
    }

    /// Sends the form as if there were no script.
    pub fn submit_plainly(&self) {
        if let Some(form) = self.form.dyn_ref::<web_sys::HtmlFormElement>() {
            let _ = form.submit();
        }
    }
}

fn said_something(point: &RawPoint) -> bool {
    !point.text.trim().is_empty()
        || point
            .proposed
            .as_deref()
            .is_some_and(|text| !text.trim().is_empty())
}

fn limit(area: &Element) -> usize {
    let limit = area.get_attribute("data-limit");
    limit.and_then(|limit| limit.parse().ok()).unwrap_or(0)
}

fn text(el: &Element, property: &str) -> String {
    Reflect::get(el, &property.into())
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

fn flag(el: &Element, property: &str) -> bool {
    Reflect::get(el, &property.into()).is_ok_and(|value| value.is_truthy())
}

fn put(el: &Element, property: &str, value: &JsValue) {
    // These are plain properties of form controls; setting them does not fail.
    let _ = Reflect::set(el, &property.into(), value);
}

/// Characters as a reader counts them, by the browser's own segmenter; code points where it has
/// none.
pub fn graphemes(text: &str) -> usize {
    let value = JsValue::from_str(text);
    let segmented = || -> Option<u32> {
        let intl = Reflect::get(&window(), &"Intl".into()).ok()?;
        let segmenter: Function = Reflect::get(&intl, &"Segmenter".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let segmenter = Reflect::construct(&segmenter, &Array::new()).ok()?;
        let segment: Function = Reflect::get(&segmenter, &"segment".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let segments = segment.call1(&segmenter, &value).ok()?;
        Some(Array::from(&segments).length())
    };
    segmented().map_or_else(|| text.chars().count(), |n| n as usize)
}

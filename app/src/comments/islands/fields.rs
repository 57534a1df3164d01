//! The server's form, read and written through the DOM: values, points, counters, errors.

use super::Words;
use domain::comments::form::CommentForm;
use domain::comments::{AuthorKind, Display, RawPoint};
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
    pub(crate) fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.form.query_selector_all(selector);
        let list = found.map(|list| Array::from(&list)).unwrap_or_default();
        list.iter().filter_map(|el| el.dyn_into().ok()).collect()
    }

    pub(super) fn control(&self, name: &str) -> Option<HtmlElement> {
        self.form
            .query_selector(&format!("[name=\"{name}\"]"))
            .ok()
            .flatten()?
            .dyn_into()
            .ok()
    }

    pub(crate) fn value(&self, name: &str) -> String {
        self.control(name)
            .map(|el| text(&el, "value"))
            .unwrap_or_default()
    }

    pub(crate) fn set(&self, name: &str, value: &str) {
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

    pub(super) fn choose(&self, name: &str, value: &str) {
        for el in self.all(&format!("input[name={name}]")) {
            if text(&el, "value") == value {
                put(&el, "checked", &JsValue::TRUE);
            }
        }
    }

    pub(super) fn points(&self) -> Vec<HtmlElement> {
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
        if form.words().next().is_some() {
            let mut points = form.points.iter();
            indices.retain(|_| points.next().is_some_and(RawPoint::says_something));
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

    pub(super) fn clear_errors_in(&self, scope: &str) {
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
            if !point.says_something() {
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

    /// Says under the form that this browser keeps it.
    pub fn tell_of_keeping(&self) {
        for line in self.all("[data-keeping]") {
            put(&line, "hidden", &JsValue::FALSE);
        }
    }

    /// Whether something was kept when the page came.
    pub fn was_held(&self) -> bool {
        self.form
            .closest("[data-held]")
            .is_ok_and(|found| found.is_some())
    }

    /// Whether nothing is typed at all.
    pub fn is_blank(&self, form: &CommentForm) -> bool {
        form.name.trim().is_empty()
            && form.contact.trim().is_empty()
            && form.words().next().is_none()
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

fn limit(area: &Element) -> usize {
    let limit = area.get_attribute("data-limit");
    limit.and_then(|limit| limit.parse().ok()).unwrap_or(0)
}

pub(crate) fn text(el: &Element, property: &str) -> String {
    Reflect::get(el, &property.into())
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

pub(crate) fn flag(el: &Element, property: &str) -> bool {
    Reflect::get(el, &property.into()).is_ok_and(|value| value.is_truthy())
}

pub(crate) fn put(el: &Element, property: &str, value: &JsValue) {
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

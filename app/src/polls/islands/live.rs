//! What the island does: listens to the form, hides, mixes, counts and keeps.

use super::{Known, kept_name};
use crate::comments::islands::Words;
use crate::comments::islands::fields::{Fields, flag, put, text};
use crate::comments::islands::kept::new_key;
use js_sys::{Array, Date, Math};
use leptos::prelude::{document, window};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, Storage, UrlSearchParams};

/// Unix milliseconds of the last edit: `public/kept.js` forgets what is old.
const AT: &str = "at";
/// The hidden field with the idempotency key. It is kept with the answers: a retry after a lost
/// answer sends the same.
const KEY: &str = "key";

/// One form at work.
pub struct Live {
    fields: Fields,
    name: String,
    words: Words,
}

impl Live {
    /// Takes over the form inside `root`, if there is one.
    pub fn start(root: &Element, known: &Known) {
        let form = root.query_selector("form").ok().flatten();
        let Some(form) = form.and_then(|form| form.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let (left, over) = known.words.split_once('\n').unwrap_or_default();
        let live = Rc::new(Self {
            fields: Fields { form },
            name: kept_name(&known.poll),
            words: Words {
                left: left.into(),
                over: over.into(),
                ..Words::default()
            },
        });
        if live.fields.came_back() {
            live.keep();
        } else if !live.restore() {
            live.mix();
        }
        if local().is_some() {
            live.fields.tell_of_keeping();
        }
        live.show();
        live.listen("input", Self::changed);
        live.listen("change", Self::changed);
        live.listen("click", Self::clicked);
        live.listen("submit", |live, _| live.send());
    }

    fn listen(self: &Rc<Self>, event: &str, handler: impl Fn(&Self, &Event) + 'static) {
        let live = self.clone();
        let closure = Closure::<dyn Fn(Event)>::new(move |event| handler(&live, &event));
        let listener = closure.as_ref().unchecked_ref();
        let form = &self.fields.form;
        if form
            .add_event_listener_with_callback(event, listener)
            .is_ok()
        {
            // Lives as long as the page: islands are not taken down.
            closure.forget();
        }
    }

    fn changed(&self, event: &Event) {
        let target = event.target().and_then(|el| el.dyn_into::<Element>().ok());
        if let Some(target) = target {
            self.fields.count(&target, &self.words);
        }
        self.show();
        self.keep();
    }

    /// Empties the form and forgets what was kept.
    fn clicked(&self, event: &Event) {
        let target = event.target().and_then(|el| el.dyn_into::<Element>().ok());
        if !target.is_some_and(|target| target.has_attribute("data-clear")) {
            return;
        }
        self.fill(&[]);
        self.fields.set(KEY, "");
        if let Some(storage) = local() {
            // Forbidden meanwhile: then nothing is kept either.
            let _ = storage.remove_item(&self.name);
        }
        self.show();
        self.note(false);
        if let Some(first) = self.controls().first() {
            let _ = first.focus();
        }
    }

    /// The plain form goes on; with a key of its own it is counted at once, and once only. Without
    /// one the button stays as it is, and the answers are shown once more.
    fn send(&self) {
        if self.fields.value(KEY).is_empty()
            && let Some(key) = new_key()
        {
            self.fields.set(KEY, &key);
        }
        if !self.fields.value(KEY).is_empty() {
            for button in self.fields.all("[name=action]") {
                put(&button, "value", &"send".into());
            }
        }
        self.keep();
    }

    /// The controls that hold answers.
    fn controls(&self) -> Vec<HtmlElement> {
        self.fields.all("[name^='a.']")
    }

    /// Names and values as the browser would send them, those of hidden questions too.
    fn answers(&self) -> Vec<(String, String)> {
        let given = |el: &HtmlElement| !is_choice(el) || flag(el, "checked");
        let pair = |el: &HtmlElement| (text(el, "name"), text(el, "value"));
        let answers = self.controls();
        let answers = answers.iter().filter(|el| given(el)).map(pair);
        answers.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn fill(&self, answers: &[(String, String)]) {
        for el in self.controls() {
            let (name, value) = (text(&el, "name"), text(&el, "value"));
            let mut of_this = answers.iter().filter(|(given, _)| *given == name);
            if is_choice(&el) {
                // An empty value is "no answer": chosen where nothing else is.
                let chosen = match value.is_empty() {
                    true => of_this.next().is_none(),
                    false => of_this.any(|(_, given)| *given == value),
                };
                put(&el, "checked", &JsValue::from_bool(chosen));
            } else {
                let given = of_this.next().map_or("", |(_, given)| given);
                put(&el, "value", &given.into());
            }
        }
    }

    /// Fills in what an earlier visit left, and says so.
    fn restore(&self) -> bool {
        let entry = local().and_then(|storage| storage.get_item(&self.name).ok().flatten());
        let params = entry.and_then(|entry| UrlSearchParams::new_with_str(&entry).ok());
        let Some(params) = params else { return false };
        let pairs = js_sys::try_iter(&params).ok().flatten();
        let kept: Vec<(String, String)> = pairs
            .into_iter()
            .flatten()
            .filter_map(|pair| {
                let pair = Array::from(&pair.ok()?);
                Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
            })
            .filter(|(name, _)| name.starts_with("a."))
            .collect();
        // What was chosen since the page came goes before what was kept.
        if kept.is_empty() || !self.answers().is_empty() {
            self.keep();
            return false;
        }
        self.fill(&kept);
        self.fields.set(KEY, &params.get(KEY).unwrap_or_default());
        self.note(true);
        true
    }

    fn note(&self, restored: bool) {
        for line in self.fields.all("[data-restored]") {
            line.set_hidden(!restored);
        }
    }

    fn keep(&self) {
        let (Some(storage), Ok(params)) = (local(), UrlSearchParams::new()) else {
            return;
        };
        let answers = self.answers();
        if answers.is_empty() {
            return;
        }
        for (name, value) in answers {
            params.append(&name, &value);
        }
        params.append(KEY, &self.fields.value(KEY));
        params.append(AT, &Date::now().to_string());
        // Full or forbidden: the form works all the same, without a memory.
        let _ = storage.set_item(&self.name, &String::from(params.to_string()));
    }

    /// Shows what is asked under the answers so far; what is hidden is not sent.
    fn show(&self) {
        for question in self.fields.all(".question[data-if]") {
            let on = question.get_attribute("data-if").unwrap_or_default();
            let any = question.get_attribute("data-any").unwrap_or_default();
            let name = ["a.", &on].concat();
            let chosen = self.controls().iter().any(|el| {
                text(el, "name") == name
                    && flag(el, "checked")
                    && !flag(el, "disabled")
                    && any.split(' ').any(|code| code == text(el, "value"))
            });
            question.set_hidden(!chosen);
            let controls = question.query_selector_all("[name]");
            let controls = controls.map(|list| Array::from(&list)).unwrap_or_default();
            for el in controls
                .iter()
                .filter_map(|el| el.dyn_into::<Element>().ok())
            {
                put(&el, "disabled", &JsValue::from_bool(!chosen));
            }
        }
    }

    /// Mixes options where the unit asked for it: before anything is chosen, and while nobody
    /// stands in the form.
    fn mix(&self) {
        let form = &self.fields.form;
        let inside = document()
            .active_element()
            .is_some_and(|el| form.contains(Some(&el)));
        if inside || !self.answers().is_empty() {
            return;
        }
        for group in self.fields.all("[data-random] fieldset") {
            let Ok(found) = group.query_selector_all(".radio") else {
                continue;
            };
            let mut options: Vec<(f64, Element)> = Array::from(&found)
                .iter()
                .filter_map(|el| el.dyn_into().ok())
                .map(|el: Element| (place(&el), el))
                .collect();
            options.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            for (_, option) in options {
                // It stands in this group already.
                let _ = group.append_child(&option);
            }
        }
    }
}

/// A random place; "no answer" stays the last.
fn place(option: &Element) -> f64 {
    let input = option.query_selector("input").ok().flatten();
    match input.is_some_and(|input| text(&input, "value").is_empty()) {
        true => 1.0,
        false => Math::random(),
    }
}

fn is_choice(el: &Element) -> bool {
    matches!(text(el, "type").as_str(), "radio" | "checkbox")
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

//! What the island does: listens to the form, keeps what is typed, leads from writing to review to
//! receipt, and sends.

use super::fields::{Fields, Wrong};
use super::kept::{self, Kept};
use super::send::{self, Answer};
use super::{Known, Words, views};
use domain::comments::form::CommentForm;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, SubmitEvent};

/// The comment as it will be sent.
pub struct Reviewed {
    pub form: CommentForm,
    /// The points' indices in the form.
    pub indices: Vec<String>,
    /// The clauses as the list shows them.
    pub labels: Vec<String>,
}

/// One island at work.
pub struct Live {
    known: Known,
    pub words: Words,
    pub fields: Fields,
    root: Element,
    /// What is shown above the form, and below or instead of it; dropping it takes it away.
    above: RefCell<Option<Box<dyn Any>>>,
    below: RefCell<Option<Box<dyn Any>>>,
    sending: Cell<bool>,
}

impl Live {
    /// Takes over the form inside `root`. Without a form there is nothing to do: comments are not
    /// being taken.
    pub fn start(root: Element, known: Known) {
        let form = root.query_selector("form").ok().flatten();
        let Some(form) = form.and_then(|form| form.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let live = Rc::new(Self {
            words: Words::read(&known.words),
            known,
            fields: Fields { form },
            root,
            above: RefCell::new(None),
            below: RefCell::new(None),
            sending: Cell::new(false),
        });
        live.restore();
        // What was typed before this came, too.
        live.keep();
        live.fields.number(&live.words);
        live.listen("submit", Self::submit);
        live.listen("input", Self::input);
        live.listen("change", Self::change);
    }

    pub fn base(&self) -> &str {
        &self.known.base
    }

    pub fn lang(&self) -> &str {
        &self.known.lang
    }

    fn kept_name(&self) -> String {
        ["yanlu:", &self.known.number].concat()
    }

    fn listen(self: &Rc<Self>, event: &str, handler: impl Fn(&Rc<Self>, &Event) + 'static) {
        let live = self.clone();
        let closure = Closure::<dyn Fn(Event)>::new(move |event| handler(&live, &event));
        let listener = closure.as_ref().unchecked_ref();
        if self
            .root
            .add_event_listener_with_callback(event, listener)
            .is_ok()
        {
            // Lives as long as the page: islands are not taken down.
            closure.forget();
        }
    }

    /// Fills in what an earlier visit left, unless the values came from the person just now.
    fn restore(self: &Rc<Self>) {
        if self.fields.came_back() {
            return;
        }
        if let Some(kept) = kept::load(&self.kept_name())
            && self.fields.restore(&kept.form)
        {
            self.show(true, views::restored(self));
        }
    }

    /// Shows a view above the form, or below it.
    fn show(&self, above: bool, view: impl IntoView + 'static) {
        let (place, slot) = if above {
            (self.root.first_element_child(), &self.above)
        } else {
            (self.root.last_element_child(), &self.below)
        };
        slot.replace(None);
        if let Some(place) = place.and_then(|place| place.dyn_into().ok()) {
            slot.replace(Some(Box::new(mount_to(place, || view))));
        }
    }

    /// Moves the reading position to what is new.
    fn look(&self) {
        let found = self.root.query_selector("[data-here]").ok().flatten();
        if let Some(element) = found.and_then(|el| el.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }

    fn submit(self: &Rc<Self>, event: &Event) {
        event.prevent_default();
        let pressed = event
            .dyn_ref::<SubmitEvent>()
            .and_then(SubmitEvent::submitter)
            .and_then(|button| button.get_attribute("value"))
            .unwrap_or_default();
        if pressed == "add" {
            if let Some(index) = self.fields.add_point() {
                self.fields.number(&self.words);
                self.fields.focus(&["points", &index, "clause"].join("."));
            }
        } else if let Some(index) = pressed.strip_prefix("remove.") {
            self.fields.remove_point(index);
            self.fields.number(&self.words);
            self.fields.focus_add();
        } else {
            self.review();
            return;
        }
        self.keep();
    }

    fn input(self: &Rc<Self>, event: &Event) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(target) = target {
            self.fields.count(&target, &self.words);
        }
        self.keep();
    }

    /// Another clause was chosen: the quotation of the old one must go.
    fn change(self: &Rc<Self>, event: &Event) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let quoted = target
            .filter(|target| target.tag_name() == "SELECT")
            .and_then(|select| select.closest("fieldset").ok().flatten())
            .and_then(|point| point.query_selector(".quoted").ok().flatten());
        if let Some(quoted) = quoted {
            quoted.remove();
        }
        self.keep();
    }

    /// Keeps what is typed now, together with the key of an attempt whose answer may be lost.
    fn keep(&self) {
        let name = self.kept_name();
        let mut form = self.fields.read();
        if self.fields.is_blank(&form) {
            kept::forget(&name);
            return;
        }
        let before = kept::load(&name).unwrap_or_default();
        form.key = before.form.key;
        kept::save(
            &name,
            &Kept {
                form,
                attempt: before.attempt,
            },
        );
    }

    fn review(self: &Rc<Self>) {
        let wrong = self.fields.check(&self.words);
        if wrong.is_empty() {
            self.fields.clear_errors();
            let (form, indices) = self.fields.filled();
            let labels = indices
                .iter()
                .map(|index| self.fields.clause_label(index))
                .collect();
            self.show_review(
                &Rc::new(Reviewed {
                    form,
                    indices,
                    labels,
                }),
                None,
            );
        } else {
            self.show_wrong(wrong);
        }
    }

    fn show_review(self: &Rc<Self>, reviewed: &Rc<Reviewed>, trouble: Option<String>) {
        self.above.replace(None);
        self.fields.form.set_hidden(true);
        self.show(false, views::review(self, reviewed.clone(), trouble));
        self.look();
    }

    fn show_wrong(self: &Rc<Self>, wrong: Vec<Wrong>) {
        self.below.replace(None);
        self.fields.form.set_hidden(false);
        self.fields.show_errors(&wrong);
        self.show(true, views::summary(self, wrong, &self.fields.indices()));
        self.look();
    }

    /// From the review or the receipt to the form.
    pub fn back(&self) {
        self.fields.form.set_hidden(false);
        self.fields.focus_first();
        // Last: it takes away the button whose handler this is.
        take_away(&self.below);
    }

    /// Empties the form and forgets what was kept.
    pub fn start_over(&self) {
        kept::forget(&self.kept_name());
        self.fields.clear();
        self.fields.number(&self.words);
        self.fields.focus_first();
        take_away(&self.above);
    }

    /// Sends once, however often it is pressed.
    pub fn send(self: &Rc<Self>, reviewed: &Rc<Reviewed>, button: &Element) {
        if self.sending.get() {
            return;
        }
        let name = self.kept_name();
        let body = send::body(&reviewed.form);
        let before =
            kept::load(&name).filter(|kept| !kept.form.key.is_empty() && kept.attempt == body);
        let Some(key) = before.map(|kept| kept.form.key).or_else(kept::new_key) else {
            // Without a key it could be counted twice; the plain form gets one from the server.
            self.fields.submit_plainly();
            return;
        };
        let mut form = self.fields.read();
        form.key.clone_from(&key);
        kept::save(
            &name,
            &Kept {
                form,
                attempt: body.clone(),
            },
        );
        self.sending.set(true);
        button.set_text_content(Some(&self.words.sending));
        let address = [
            self.base(),
            "/api/v1/consultations/",
            &self.known.number,
            "/comments",
        ]
        .concat();
        let (live, reviewed) = (self.clone(), reviewed.clone());
        spawn_local(async move {
            let answer = send::send(&address, live.lang(), &key, &body, &reviewed.indices).await;
            live.sending.set(false);
            live.answered(&reviewed, answer);
        });
    }

    fn answered(self: &Rc<Self>, reviewed: &Rc<Reviewed>, answer: Answer) {
        match answer {
            Answer::Taken(taken) => {
                kept::forget(&self.kept_name());
                self.fields.clear();
                self.fields.number(&self.words);
                self.show(false, views::receipt(self, taken));
                self.look();
            }
            Answer::Wrong(wrong) => self.show_wrong(wrong),
            Answer::Refused(detail) => {
                self.show_review(reviewed, Some([&self.words.failed, " ", &detail].concat()));
            }
            Answer::Lost => self.show_review(reviewed, Some(self.words.offline.clone())),
        }
    }

    /// Copies the code. Where the browser refuses (a frame without the permission), the code stays
    /// on the screen to be copied by hand.
    pub fn copy(self: &Rc<Self>, code: &str, button: Element) {
        let (live, code) = (self.clone(), JsValue::from_str(code));
        spawn_local(async move {
            let written = async {
                let navigator = js_sys::Reflect::get(&window(), &"navigator".into())?;
                let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())?;
                let write: js_sys::Function =
                    js_sys::Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
                let promise: js_sys::Promise = write.call1(&clipboard, &code)?.dyn_into()?;
                wasm_bindgen_futures::JsFuture::from(promise).await
            };
            let written: Result<JsValue, JsValue> = written.await;
            if written.is_ok() {
                button.set_text_content(Some(&live.words.copied));
            }
        });
    }
}

/// Takes a view away after the event that asked for it is over: its handlers must outlive it.
fn take_away(slot: &RefCell<Option<Box<dyn Any>>>) {
    let gone = slot.replace(None);
    spawn_local(async move { drop(gone) });
}

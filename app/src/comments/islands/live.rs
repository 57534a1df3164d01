//! What the island does: listens to the form, leads from writing to review to receipt, and sends.

use super::fields::{Fields, Wrong};
use super::kept::{self, Fate, Memory};
use super::send::{self, Answer, Taken};
use super::{Known, Words, kept_name, views};
use domain::comments::form::CommentForm;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement, SubmitEvent};

type Shown = RefCell<Option<Box<dyn Any>>>;

/// The comment as it will be sent.
pub struct Reviewed {
    pub form: CommentForm,
    /// The points' indices in the form.
    pub indices: Vec<String>,
    /// The clauses as the list shows them.
    pub labels: Vec<String>,
}

/// Where the island shows something around the form.
#[derive(Clone, Copy)]
enum Place {
    /// The receipts of what was sent from here before.
    Earlier,
    Above,
    /// Below the form, or instead of it.
    Below,
}

/// One island at work.
pub struct Live {
    known: Known,
    pub words: Words,
    pub fields: Fields,
    root: Element,
    memory: Memory,
    /// The form as it was last kept or filled in.
    held: RefCell<CommentForm>,
    /// What is shown around the form; dropping it takes it away.
    earlier: Shown,
    above: Shown,
    below: Shown,
    sending: Cell<bool>,
    /// A receipt is shown once: it stays on the page for as long as the page does.
    receipts: RefCell<Vec<Taken>>,
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
            memory: Memory::new(kept_name(&known.number), is_ours(&known.base)),
            known,
            fields: Fields { form },
            root,
            held: RefCell::default(),
            earlier: RefCell::new(None),
            above: RefCell::new(None),
            below: RefCell::new(None),
            sending: Cell::new(false),
            receipts: RefCell::new(Vec::new()),
        });
        live.restore();
        if live.memory.works() {
            live.fields.tell_of_keeping();
        }
        live.fields.number(&live.words);
        live.listen(&live.root, "submit", Self::submit);
        live.listen(&live.root, "input", Self::input);
        live.listen(&live.root, "change", Self::change);
        // Another window writes, or this one comes back after others did.
        live.listen(&window(), "storage", |live, _| live.follow());
        live.listen(&window(), "pageshow", |live, _| live.follow());
    }

    pub fn base(&self) -> &str {
        &self.known.base
    }

    pub fn lang(&self) -> &str {
        &self.known.lang
    }

    pub fn zone(&self) -> &str {
        &self.known.zone
    }

    fn listen(
        self: &Rc<Self>,
        target: &EventTarget,
        event: &str,
        handler: impl Fn(&Rc<Self>, &Event) + 'static,
    ) {
        let live = self.clone();
        let closure = Closure::<dyn Fn(Event)>::new(move |event| handler(&live, &event));
        let listener = closure.as_ref().unchecked_ref();
        if target
            .add_event_listener_with_callback(event, listener)
            .is_ok()
        {
            // Lives as long as the page: islands are not taken down.
            closure.forget();
        }
    }

    /// Fills in what an earlier visit left (not what another window has begun since), unless the
    /// values came from the person just now; then what was kept is only taken over if the form
    /// holds it already. Keeps what was typed before the island came.
    fn restore(self: &Rc<Self>) {
        if self.fields.was_held()
            && let Some(kept) = self.memory.recall()
        {
            if self.fields.came_back() {
                if !self.fields.holds(&kept) {
                    self.memory.leave();
                }
            } else {
                let before = self.fields.read();
                let said = !self.fields.is_blank(&before);
                if self.fields.restore(&kept) {
                    self.show(Place::Above, views::restored(self));
                }
                if !said {
                    // Nothing new: to keep it again would only tell other windows of a change.
                    self.held.replace(self.fields.read());
                    return;
                }
            }
        }
        self.keep();
    }

    /// Takes over what became of the words in another window, unless they were changed here since.
    fn follow(self: &Rc<Self>) {
        if self.sending.get() || *self.held.borrow() != self.fields.read() {
            return;
        }
        match self.memory.fate() {
            Fate::Same => {}
            Fate::Changed(kept) => {
                self.fields.clear();
                self.fields.restore(&kept);
                self.fields.number(&self.words);
            }
            Fate::Sent => {
                self.fields.clear();
                self.fields.number(&self.words);
                self.fields.form.set_hidden(false);
                self.below.replace(None);
                self.show(Place::Above, views::elsewhere(self));
            }
        }
        self.held.replace(self.fields.read());
    }

    /// Shows a view around the form.
    fn show(&self, place: Place, view: impl IntoView + 'static) {
        let first = self.root.first_element_child();
        let (place, slot) = match place {
            Place::Earlier => (first, &self.earlier),
            Place::Above => (first.and_then(|el| el.next_element_sibling()), &self.above),
            Place::Below => (self.root.last_element_child(), &self.below),
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
        let mut kept = self.fields.to_keep();
        self.held.replace(kept.form.clone());
        if self.fields.is_blank(&kept.form) {
            self.memory.forget();
            return;
        }
        let before = self.memory.last().unwrap_or_default();
        kept.form.key = before.form.key;
        kept.attempt = before.attempt;
        self.memory.save(&kept);
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
        self.show(Place::Below, views::review(self, reviewed.clone(), trouble));
        self.look();
    }

    fn show_wrong(self: &Rc<Self>, wrong: Vec<Wrong>) {
        self.below.replace(None);
        self.fields.form.set_hidden(false);
        self.fields.show_errors(&wrong);
        self.show(
            Place::Above,
            views::summary(self, wrong, &self.fields.indices()),
        );
        self.look();
    }

    /// From the review to the form, unless it is under way: what would be changed now is sent
    /// already.
    pub fn back(&self) {
        if self.sending.get() {
            return;
        }
        self.fields.form.set_hidden(false);
        self.fields.focus_first();
        // Last: it takes away the button whose handler this is.
        take_away(&self.below);
    }

    /// From the receipt to another comment. The receipts so far stay above it.
    pub fn another(self: &Rc<Self>) {
        self.show(
            Place::Earlier,
            views::earlier(self, &self.receipts.borrow()),
        );
        self.back();
    }

    /// Empties the form and forgets what was kept.
    pub fn start_over(&self) {
        self.memory.forget();
        self.empty();
        self.fields.focus_first();
        take_away(&self.above);
    }

    fn empty(&self) {
        self.fields.clear();
        self.fields.number(&self.words);
        self.held.replace(self.fields.read());
    }

    /// Sends once, however often it is pressed.
    pub fn send(self: &Rc<Self>, reviewed: &Rc<Reviewed>, button: &Element) {
        if self.sending.get() {
            return;
        }
        let body = send::body(&reviewed.form);
        let mark = kept::mark(&body);
        let before = self.memory.last();
        let before = before.filter(|kept| !kept.form.key.is_empty() && kept.attempt == mark);
        let Some(key) = before.map(|kept| kept.form.key).or_else(kept::new_key) else {
            // Without a key it could be counted twice; the plain form gets one from the server.
            self.fields.submit_plainly();
            return;
        };
        let mut kept = self.fields.to_keep();
        kept.form.key.clone_from(&key);
        kept.attempt = mark;
        self.memory.save(&kept);
        self.sending.set(true);
        button.set_text_content(Some(&self.words.sending));
        if let Ok(Some(progress)) = self.root.query_selector("[data-progress]") {
            progress.set_text_content(Some(&self.words.sending));
        }
        if let Ok(Some(change)) = self.root.query_selector(".buttons .second") {
            let _ = change.set_attribute("disabled", "");
        }
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
                // What is not what was sent stays in the form, to be sent by itself.
                if self.fields.filled().0 == reviewed.form {
                    self.memory.sent();
                    self.empty();
                }
                self.receipts.borrow_mut().push(taken.clone());
                self.show(Place::Below, views::receipt(self, taken));
                self.look();
            }
            Answer::Wrong(wrong) => self.show_wrong(wrong),
            Answer::Refused(detail) => {
                self.show_review(reviewed, Some([&self.words.failed, " ", &detail].concat()));
            }
            Answer::Lost => self.show_review(reviewed, Some(self.words.offline.clone())),
        }
    }

    /// Copies the code. Where the browser refuses (a frame without the permission, a page without
    /// HTTPS), the code is selected, to be copied by hand.
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
            let said = if written.is_ok() {
                &live.words.copied
            } else {
                live.select_code();
                &live.words.copy_by_hand
            };
            button.set_text_content(Some(said));
        });
    }

    fn select_code(&self) {
        let code = self.root.query_selector(".receipt code").ok().flatten();
        if let (Some(code), Ok(Some(selection))) = (code, window().get_selection()) {
            // An element of the page can be selected.
            let _ = selection.select_all_children(&code);
        }
    }
}

/// Whether this page is one of the server's own, and not a host page around a widget.
fn is_ours(base: &str) -> bool {
    window().origin() == base
}

/// Takes a view away after the event that asked for it is over: its handlers must outlive it.
fn take_away(slot: &RefCell<Option<Box<dyn Any>>>) {
    let gone = slot.replace(None);
    spawn_local(async move { drop(gone) });
}

//! What the island does: listens to the form, and shows review, progress and receipt around it.

use super::fields::{Fields, Wrong};
use super::kept::{self, Kept};
use super::send::{self, Answer, Taken};
use super::{Words, receipt_view};
use domain::comments::{Author, AuthorKind, RawComment};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, SubmitEvent};

/// Where the person is.
#[derive(Clone)]
enum Step {
    Write,
    Review(Reviewed),
    Done(Taken),
}

/// The comment as it will be sent.
#[derive(Clone)]
struct Reviewed {
    comment: RawComment,
    /// The points' indices in the form.
    indices: Vec<String>,
    labels: Vec<String>,
}

/// The island's state; cheap to copy into handlers.
#[derive(Clone, Copy)]
pub struct Live {
    root: NodeRef<html::Div>,
    known: StoredValue<Known>,
    step: RwSignal<Step>,
    wrong: RwSignal<Vec<Wrong>>,
    restored: RwSignal<bool>,
    sending: RwSignal<bool>,
    /// Why sending did not work.
    trouble: RwSignal<Option<String>>,
    copied: RwSignal<bool>,
}

struct Known {
    base: String,
    number: String,
    lang: String,
    words: Words,
}

impl Live {
    pub fn start(
        root: NodeRef<html::Div>,
        base: String,
        number: String,
        lang: String,
        words: Words,
    ) -> Self {
        let live = Self {
            root,
            known: StoredValue::new(Known {
                base,
                number,
                lang,
                words,
            }),
            step: RwSignal::new(Step::Write),
            wrong: RwSignal::new(Vec::new()),
            restored: RwSignal::new(false),
            sending: RwSignal::new(false),
            trouble: RwSignal::new(None),
            copied: RwSignal::new(false),
        };
        root.on_load(move |root| live.attach(&root));
        Effect::new(move |before: Option<()>| {
            let writing = live.step.with(|step| matches!(step, Step::Write));
            live.wrong.track();
            live.trouble.track();
            if let Some(fields) = live.fields() {
                fields.form.set_hidden(!writing);
            }
            // The reading position follows: to the new heading, the errors, the trouble.
            if before.is_some() {
                request_animation_frame(move || live.focus("[data-here]"));
            }
        });
        live
    }

    fn words(self) -> Words {
        self.known.with_value(|known| known.words.clone())
    }

    fn kept_name(self) -> String {
        self.known
            .with_value(|known| format!("yanlu:{}", known.number))
    }

    fn fields(self) -> Option<Fields> {
        let root = self.root.get_untracked()?;
        let form = root.query_selector("form").ok().flatten()?;
        Some(Fields {
            form: form.dyn_into().ok()?,
        })
    }

    fn focus(self, selector: &str) {
        let found = self
            .root
            .get_untracked()
            .and_then(|root| root.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|el| el.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }

    fn attach(self, root: &Element) {
        let Some(fields) = self.fields() else { return };
        if !fields.came_back()
            && let Some(kept) = kept::load(&self.kept_name())
            && fields.restore(&kept.comment)
        {
            self.restored.set(true);
        }
        fields.number(&self.words());
        listen(root, "submit", move |event| self.submit(&event));
        listen(root, "input", move |event| self.input(&event));
        listen(root, "change", move |event| self.change(&event));
    }

    fn submit(self, event: &Event) {
        event.prevent_default();
        let Some(fields) = self.fields() else { return };
        let pressed = event
            .dyn_ref::<SubmitEvent>()
            .and_then(SubmitEvent::submitter)
            .and_then(|button| button.get_attribute("value"))
            .unwrap_or_default();
        let words = self.words();
        if pressed == "add" {
            if let Some(index) = fields.add_point() {
                fields.number(&words);
                fields.focus(&format!("points.{index}.clause"));
            }
        } else if let Some(index) = pressed.strip_prefix("remove.") {
            fields.remove_point(index);
            fields.number(&words);
            self.focus(".add button");
        } else {
            self.review(&fields);
            return;
        }
        self.keep();
    }

    fn input(self, event: &Event) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let (Some(fields), Some(target)) = (self.fields(), target) {
            fields.count(&target, &self.words());
        }
        self.keep();
    }

    /// Another clause was chosen: the quotation of the old one must go.
    fn change(self, event: &Event) {
        let select = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok());
        let quoted = select
            .and_then(|select| select.closest("fieldset").ok().flatten())
            .and_then(|point| point.query_selector(".quoted").ok().flatten());
        if let Some(quoted) = quoted {
            quoted.remove();
        }
        self.keep();
    }

    /// Keeps what is typed now, together with the key of an attempt whose answer may be lost.
    fn keep(self) {
        let Some(fields) = self.fields() else { return };
        let name = self.kept_name();
        if fields.is_blank() {
            kept::forget(&name);
            return;
        }
        let attempt = kept::load(&name).and_then(|kept| kept.attempt);
        kept::save(
            &name,
            &Kept {
                comment: fields.read(),
                attempt,
            },
        );
    }

    fn review(self, fields: &Fields) {
        let wrong = fields.check(&self.words());
        fields.show_errors(&wrong);
        self.no_trouble();
        if wrong.is_empty() {
            let (comment, indices) = fields.filled();
            let labels = indices
                .iter()
                .map(|index| fields.clause_label(index))
                .collect();
            self.wrong.set(Vec::new());
            self.step.set(Step::Review(Reviewed {
                comment,
                indices,
                labels,
            }));
        } else {
            self.wrong.set(wrong);
        }
    }

    /// Setting it moves the reading position, so only where there was trouble.
    fn no_trouble(self) {
        if self.trouble.with_untracked(Option::is_some) {
            self.trouble.set(None);
        }
    }

    fn back(self) {
        self.no_trouble();
        self.step.set(Step::Write);
    }

    /// Sends once, however often it is pressed.
    fn send(self, reviewed: Reviewed) {
        if self.sending.get_untracked() {
            return;
        }
        let Ok(body) = serde_json::to_string(&reviewed.comment) else {
            return;
        };
        let name = self.kept_name();
        let before = kept::load(&name).and_then(|kept| kept.attempt);
        let key = match before {
            Some((key, for_body)) if for_body == body => Some(key),
            _ => kept::new_key(),
        };
        let Some(key) = key else {
            // Without a key it could be counted twice; the plain form gets one from the server.
            if let Some(fields) = self.fields() {
                submit_plainly(&fields.form);
            }
            return;
        };
        let attempt = Some((key.clone(), body.clone()));
        kept::save(
            &name,
            &Kept {
                comment: reviewed.comment.clone(),
                attempt,
            },
        );
        self.sending.set(true);
        self.no_trouble();
        let (address, lang) = self.known.with_value(|known| {
            let address = format!(
                "{}/api/v1/consultations/{}/comments",
                known.base, known.number
            );
            (address, known.lang.clone())
        });
        spawn_local(async move {
            let answer = send::send(&address, &lang, &key, body, &reviewed.indices).await;
            self.sending.set(false);
            self.answered(answer);
        });
    }

    fn answered(self, answer: Answer) {
        let words = self.words();
        match answer {
            Answer::Taken(taken) => {
                kept::forget(&self.kept_name());
                self.restored.set(false);
                if let Some(fields) = self.fields() {
                    fields.clear();
                    fields.number(&words);
                }
                self.step.set(Step::Done(taken));
            }
            Answer::Wrong(wrong) => {
                if let Some(fields) = self.fields() {
                    fields.show_errors(&wrong);
                }
                self.wrong.set(wrong);
                self.step.set(Step::Write);
            }
            Answer::Refused(detail) => {
                self.trouble.set(Some(format!("{} {detail}", words.failed)));
            }
            Answer::Lost => self.trouble.set(Some(words.offline)),
        }
    }

    fn clear(self) {
        kept::forget(&self.kept_name());
        self.restored.set(false);
        if let Some(fields) = self.fields() {
            fields.clear();
            fields.number(&self.words());
        }
    }

    /// What stands above the form: errors, or that something was restored.
    pub fn before(self) -> Option<AnyView> {
        if !self.step.with(|step| matches!(step, Step::Write)) {
            return None;
        }
        let words = self.words();
        let wrong = self.wrong.get();
        if !wrong.is_empty() {
            return Some(self.summary(&words, wrong));
        }
        self.restored.get().then(|| {
            view! {
                <div class="inset" role="status">
                    <p>{words.restored}</p>
                    <button type="button" class="quiet" on:click=move |_| self.clear()>
                        {words.clear}
                    </button>
                </div>
            }
            .into_any()
        })
    }

    fn summary(self, words: &Words, wrong: Vec<Wrong>) -> AnyView {
        let order = self
            .fields()
            .map(|fields| fields.indices())
            .unwrap_or_default();
        let lines = wrong
            .into_iter()
            .map(|Wrong { id, message }| {
                let index = id
                    .strip_prefix("points.")
                    .and_then(|rest| rest.split('.').next());
                let position =
                    index.and_then(|index| order.iter().position(|found| found == index));
                let place = position.map(|position| {
                    let point = words.point.replace("{number}", &(position + 1).to_string());
                    words.place.replace("{place}", &point)
                });
                let go = move |event: leptos::ev::MouseEvent| {
                    // Inside a shadow root a fragment leads nowhere.
                    event.prevent_default();
                    if let Some(fields) = self.fields() {
                        fields.focus(&id);
                    }
                };
                view! {
                    <li>
                        <a href="#" on:click=go>
                            {format!("{}{message}", place.unwrap_or_default())}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="summary" role="alert" tabindex="-1" data-here>
                <h2>{words.wrong_title.clone()}</h2>
                <ul>{lines}</ul>
            </div>
        }
        .into_any()
    }

    /// What stands in the place of the form: review or receipt.
    pub fn after(self) -> Option<AnyView> {
        match self.step.get() {
            Step::Write => None,
            Step::Review(reviewed) => Some(self.review_view(reviewed)),
            Step::Done(taken) => Some(self.receipt_view(taken)),
        }
    }

    fn review_view(self, reviewed: Reviewed) -> AnyView {
        let words = self.words();
        let comment = &reviewed.comment;
        let points = comment
            .points
            .iter()
            .zip(&reviewed.labels)
            .enumerate()
            .map(|(index, (point, label))| {
                let title = words.point.replace("{number}", &(index + 1).to_string());
                let proposed = point
                    .proposed
                    .clone()
                    .filter(|text| !text.trim().is_empty());
                let proposed = proposed.map(|text| {
                    view! {
                        <p class="hint">{words.proposed.clone()}</p>
                        <blockquote class="said" dir="auto">{text}</blockquote>
                    }
                });
                view! {
                    <dt>{title}</dt>
                    <dd>
                        <p class="label">{label.clone()}</p>
                        <p class="said" dir="auto">{point.text.clone()}</p>
                        {proposed}
                    </dd>
                }
            })
            .collect_view();
        let contact = comment
            .contact
            .clone()
            .filter(|contact| !contact.trim().is_empty());
        let public = public_name(&words, comment);
        let trouble = move || {
            self.trouble.get().map(|text| {
                view! {
                    <div class="summary" role="alert" tabindex="-1" data-here>
                        <p>{text}</p>
                    </div>
                }
            })
        };
        let (send, sending, retry) = (words.send, words.sending, words.retry);
        let label = move || {
            if self.sending.get() {
                sending.clone()
            } else if self.trouble.with(Option::is_some) {
                retry.clone()
            } else {
                send.clone()
            }
        };
        let again = reviewed.clone();
        view! {
            <h2 tabindex="-1" data-here=move || self.trouble.with(Option::is_none).then_some("")>
                {words.review_title}
            </h2>
            <p class="intro">{words.review_intro}</p>
            <dl class="review">
                {points} <dt>{words.about_you}</dt>
                <dd>
                    <p dir="auto">{words.will_read.replace("{name}", &public)}</p>
                </dd> <dt>{words.contact}</dt>
                <dd dir="auto">{contact.unwrap_or(words.none_given)}</dd>
            </dl>
            {trouble}
            <p class="buttons">
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || self.sending.get().to_string()
                    on:click=move |_| self.send(again.clone())
                >
                    {label}
                </button>
                <button
                    type="button"
                    class="second"
                    disabled=move || self.sending.get()
                    on:click=move |_| self.back()
                >
                    {words.change}
                </button>
            </p>
        }
        .into_any()
    }

    fn receipt_view(self, taken: Taken) -> AnyView {
        let words = self.words();
        let (address, when) = self.known.with_value(|known| {
            (
                format!("{}/r", known.base),
                local_time(&taken.received_at, &known.lang),
            )
        });
        let code = taken.receipt.clone();
        let link = address.clone();
        let receipt = receipt_view(
            words.receipt.clone(),
            taken.number,
            taken.receipt,
            when,
            address,
        );
        let (copy, copied) = (words.copy, words.copied);
        let copy_label = move || {
            if self.copied.get() {
                copied.clone()
            } else {
                copy.clone()
            }
        };
        let another = move |_| {
            self.copied.set(false);
            self.back();
        };
        view! {
            <h2 tabindex="-1" data-here>
                {words.receipt.title}
            </h2>
            {receipt}
            <p class="buttons noprint">
                <button type="button" class="button" on:click=move |_| self.copy(code.clone())>
                    <span aria-live="polite">{copy_label}</span>
                </button>
                <button type="button" class="second" on:click=|_| print()>
                    {words.print}
                </button>
                <a href=link.clone() target="_blank" rel="noopener">{link.clone()}</a>
                <button type="button" class="quiet" on:click=another>
                    {words.another}
                </button>
            </p>
        }
        .into_any()
    }

    /// Copies the code. Where the browser refuses (a frame without the permission), the code stays
    /// on the screen to be copied by hand.
    fn copy(self, code: String) {
        spawn_local(async move {
            let copied = async {
                let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())?;
                let write: js_sys::Function =
                    js_sys::Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
                let promise: js_sys::Promise = write.call1(&clipboard, &code.into())?.dyn_into()?;
                wasm_bindgen_futures::JsFuture::from(promise).await
            };
            let copied: Result<JsValue, JsValue> = copied.await;
            self.copied.set(copied.is_ok());
        });
    }
}

fn public_name(words: &Words, comment: &RawComment) -> String {
    let name = comment.author.name.as_deref().unwrap_or("").trim();
    let author = Author {
        kind: comment.author.kind,
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        display: comment.author.display,
    };
    let anonymous = match comment.author.kind {
        AuthorKind::Individual => &words.anonymous[0],
        AuthorKind::Organisation => &words.anonymous[1],
    };
    author.public_name().unwrap_or_else(|| anonymous.clone())
}

fn local_time(instant: &str, lang: &str) -> String {
    let date = js_sys::Date::new(&instant.into());
    date.to_locale_string(lang, &JsValue::UNDEFINED).into()
}

fn print() {
    // A browser without printing leaves the receipt on the screen.
    let _ = window().print();
}

fn submit_plainly(form: &HtmlElement) {
    if let Some(form) = form.dyn_ref::<web_sys::HtmlFormElement>() {
        let _ = form.submit();
    }
}

fn listen(target: &Element, event: &str, handler: impl Fn(Event) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(handler);
    let added = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    if added.is_ok() {
        // Lives as long as the page: islands are not taken down.
        closure.forget();
    }
}

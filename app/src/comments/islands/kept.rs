//! What was typed, kept in the browser until it is sent: per consultation, in local storage. Where
//! storage is forbidden or full the form works all the same, only without a memory.
//!
//! Several windows, or several widgets of one page, may hold a form of the same consultation. Each
//! writes over its own words only: where others stand, it begins a slot of its own. `public/kept.js`
//! reads the same entries where there is no island.

use domain::comments::form::CommentForm;
use js_sys::{Array, Date};
use leptos::prelude::window;
use std::cell::RefCell;
use web_sys::{Storage, UrlSearchParams};

/// The entry of one comment. `form.key` is the idempotency key of the last attempt to send.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub form: CommentForm,
    /// The clauses of its points as the list showed them: the list of another page may lack them.
    pub labels: Vec<String>,
    /// What that key was made for, as [`mark`] gives it: a retry after a lost answer sends the same
    /// key, a changed comment a new one.
    pub attempt: String,
}

/// What became of the words that a form last kept.
pub enum Fate {
    /// They stand as they were.
    Same,
    /// Another window went on writing them.
    Changed(Kept),
    /// Another window sent them.
    Sent,
}

/// Forms of one consultation that can be kept at once.
const SLOTS: usize = 9;
const ATTEMPT: &str = "attempt";
/// Unix milliseconds of the last edit: what is old is forgotten.
const AT: &str = "at";
/// Stands in the place of a comment that was sent, so that no other window sends it again.
const SENT: &str = "sent";

thread_local! {
    /// The slots that forms of this page have taken.
    static TAKEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The memory of one form.
pub struct Memory {
    /// The name of the consultation's first slot.
    name: String,
    /// A host page's scripts can read what is kept inline: contact data is not.
    with_contact: bool,
    slot: RefCell<Option<String>>,
    /// The entry as this form last wrote or read it. `None` while it holds no words of ours.
    seen: RefCell<Option<String>>,
}

impl Memory {
    pub fn new(name: String, with_contact: bool) -> Self {
        Self {
            name,
            with_contact,
            slot: RefCell::new(None),
            seen: RefCell::new(None),
        }
    }

    /// Whether anything can be kept at all.
    pub fn works(&self) -> bool {
        local().is_some()
    }

    fn slots(&self) -> impl Iterator<Item = String> + use<'_> {
        (1..=SLOTS).map(|n| match n {
            1 => self.name.clone(),
            n => [&self.name, ".", &n.to_string()].concat(),
        })
    }

    /// What an earlier visit left: of this window before any other.
    pub fn recall(&self) -> Option<Kept> {
        let own = session().and_then(|storage| storage.get_item(&self.name).ok().flatten());
        let slot = own
            .into_iter()
            .chain(self.slots())
            .find(|slot| !is_taken(slot) && get(slot).is_some_and(|entry| !is_sent(&entry)))?;
        let entry = get(&slot)?;
        let kept = read(&entry);
        self.take(&slot);
        self.seen.replace(Some(entry));
        kept
    }

    /// Leaves again what [`Self::recall`] took, because the form holds something else.
    pub fn leave(&self) {
        if let Some(slot) = self.slot.take() {
            TAKEN.with_borrow_mut(|taken| taken.retain(|other| *other != slot));
        }
        self.seen.replace(None);
    }

    fn take(&self, slot: &str) {
        TAKEN.with_borrow_mut(|taken| taken.push(slot.to_owned()));
        self.slot.replace(Some(slot.to_owned()));
        if slot != self.name
            && let Some(storage) = session()
        {
            // Full or forbidden: then another window's slot comes back first.
            let _ = storage.set_item(&self.name, slot);
        }
    }

    /// The form as it was last kept.
    pub fn last(&self) -> Option<Kept> {
        self.seen.borrow().as_deref().and_then(read)
    }

    /// Keeps it, and writes over nothing but this form's own words.
    pub fn save(&self, kept: &Kept) {
        let (Some(storage), Ok(params)) = (local(), UrlSearchParams::new()) else {
            return;
        };
        for (field, value) in kept.form.pairs() {
            if self.with_contact || field != "contact" {
                params.append(&field, &value);
            }
        }
        for (index, label) in kept.labels.iter().enumerate() {
            params.append(&label_name(index), label);
        }
        params.append(ATTEMPT, &kept.attempt);
        params.append(AT, &Date::now().to_string());
        let entry = String::from(params.to_string());
        let free = |slot: &str| get(slot).is_none_or(|entry| is_sent(&entry));
        let own = self.slot.borrow().clone();
        let own = own.filter(|slot| free(slot) || get(slot) == *self.seen.borrow());
        let slot = own.or_else(|| {
            self.leave();
            let slot = self.slots().find(|slot| !is_taken(slot) && free(slot))?;
            self.take(&slot);
            Some(slot)
        });
        let Some(slot) = slot else {
            return;
        };
        // Full or forbidden: see above.
        let _ = storage.set_item(&slot, &entry);
        self.seen
            .replace(get(&slot).filter(|stored| *stored == entry));
    }

    /// Forgets this form's own words; those of others stay.
    pub fn forget(&self) {
        self.end(|storage, slot| {
            let _ = storage.remove_item(slot);
        });
    }

    /// Forgets them and tells other windows that they were sent.
    pub fn sent(&self) {
        let note = [SENT, "=1&", AT, "=", &Date::now().to_string()].concat();
        self.end(|storage, slot| {
            let _ = storage.set_item(slot, &note);
        });
    }

    fn end(&self, end: impl FnOnce(&Storage, &str)) {
        let seen = self.seen.take();
        if let (Some(storage), Some(slot)) = (local(), &*self.slot.borrow())
            && seen.is_some()
            && get(slot) == seen
        {
            end(&storage, slot);
        }
    }

    /// What became of this form's words since it last kept them. Call it again and it is as if
    /// they had always been so.
    pub fn fate(&self) -> Fate {
        let slot = self.slot.borrow().clone();
        let (Some(slot), true) = (slot, self.seen.borrow().is_some()) else {
            return Fate::Same;
        };
        // Taken away and not sent: the words stay where they stand.
        let Some(entry) = get(&slot) else {
            return Fate::Same;
        };
        if Some(&entry) == self.seen.borrow().as_ref() {
            return Fate::Same;
        }
        if is_sent(&entry) {
            self.seen.replace(None);
            return Fate::Sent;
        }
        match read(&entry) {
            Some(kept) => {
                self.seen.replace(Some(entry));
                Fate::Changed(kept)
            }
            None => Fate::Same,
        }
    }
}

fn label_name(index: usize) -> String {
    ["points.", &index.to_string(), ".label"].concat()
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn get(slot: &str) -> Option<String> {
    local()?.get_item(slot).ok().flatten()
}

fn is_sent(entry: &str) -> bool {
    entry.starts_with(SENT)
}

fn is_taken(slot: &str) -> bool {
    TAKEN.with_borrow(|taken| taken.iter().any(|other| other == slot))
}

fn read(entry: &str) -> Option<Kept> {
    let params = UrlSearchParams::new_with_str(entry).ok()?;
    let pairs: Vec<(String, String)> = js_sys::try_iter(&params)
        .ok()??
        .filter_map(|pair| {
            let pair = Array::from(&pair.ok()?);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect();
    let (form, _) = CommentForm::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let labels = (0..form.points.len())
        .map(|index| params.get(&label_name(index)).unwrap_or_default())
        .collect();
    let attempt = params.get(ATTEMPT).unwrap_or_default();
    Some(Kept {
        form,
        labels,
        attempt,
    })
}

/// A short mark of what was sent (FNV-1a), by which it is known again: the words themselves stand
/// in the entry already, and contact data may not.
pub fn mark(body: &str) -> String {
    let mark = body.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mark.to_string()
}

/// A fresh key of 128 random bits. `None` where the browser has no randomness to give.
pub fn new_key() -> Option<String> {
    let mut bytes = [0; 16];
    window()
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    Some(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect(),
    )
}

//! The island's sentences. They travel as lines of one string, because reading them by a derive
//! would add some 20 KB to the module.

#[cfg(feature = "ssr")]
use crate::i18n::T;

macro_rules! words {
    ($($name:ident: |$t:ident| $message:expr),+ $(,)?) => {
        /// What the island says. `{number}`, `{place}`, `{name}` and `{address}` are filled in
        /// by it.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Words { $(pub $name: String),+ }

        impl Words {
            #[cfg(feature = "ssr")]
            pub fn of(t: T) -> Self {
                Self { $($name: { let $t = t; $message.to_string() }),+ }
            }

            /// One message a line, in the order of the fields.
            #[cfg(feature = "ssr")]
            pub fn lines(&self) -> String {
                [$(self.$name.replace('\n', " ")),+].join("\n")
            }

            /// Reads what [`Self::lines`] wrote.
            pub fn read(lines: &str) -> Self {
                let mut lines = lines.split('\n');
                Self { $($name: lines.next().unwrap_or_default().to_owned()),+ }
            }
        }
    };
}

words! {
    left: |t| t.island_left("{number}"),
    over: |t| t.island_over("{number}"),
    text_required: |t| t.fault_text_required(),
    name_required: |t| t.fault_name_required(),
    wrong_title: |t| t.form_wrong_title(),
    place: |t| t.form_place("{place}"),
    restored: |t| t.island_restored(),
    elsewhere: |t| t.island_elsewhere(),
    clear: |t| t.island_clear(),
    point: |t| t.comment_point("{number}"),
    remove_point: |t| t.comment_remove_point("{number}"),
    review_title: |t| t.comment_review_title(),
    review_intro: |t| t.comment_review_intro(),
    about_you: |t| t.comment_about_you(),
    will_read: |t| t.comment_will_read("{name}"),
    individual: |t| t.kind(domain::comments::AuthorKind::Individual),
    organisation: |t| t.kind(domain::comments::AuthorKind::Organisation),
    anonymous_individual: |t| t.comment_anonymous(t.kind(domain::comments::AuthorKind::Individual)),
    anonymous_organisation: |t| t.comment_anonymous(t.kind(domain::comments::AuthorKind::Organisation)),
    proposed: |t| t.comment_proposed_colon(),
    contact: |t| t.comment_contact_short(),
    none_given: |t| t.comment_none_given(),
    send: |t| t.comment_send(),
    change: |t| t.comment_change(),
    sending: |t| t.island_sending(),
    offline: |t| t.island_offline(),
    failed: |t| t.island_failed(),
    retry: |t| t.island_retry(),
    another: |t| t.island_another(),
    copy: |t| t.island_copy(),
    copied: |t| t.island_copied(),
    copy_by_hand: |t| t.island_copy_by_hand(),
    earlier: |t| t.island_earlier(),
    print: |t| t.island_print(),
    receipt_title: |t| t.receipt_title(),
    new_tab: |t| t.page_new_tab(),
    receipt_number: |t| t.receipt_number(),
    receipt_code: |t| t.receipt_code(),
    receipt_when: |t| t.receipt_when(),
    receipt_keep: |t| t.receipt_keep(),
    receipt_where: |t| t.receipt_where("{address}"),
    next_title: |t| t.receipt_next_title(),
    next_review: |t| t.receipt_next_review(),
    next_edit: |t| t.receipt_next_edit(),
    next_answer: |t| t.receipt_next_answer(),
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn words_survive_the_way_to_the_browser() {
        for lang in Lang::ALL {
            let words = Words::of(T(lang));
            assert_eq!(Words::read(&words.lines()), words);
            assert!(!words.next_answer.is_empty() && words.left.contains("{number}"));
        }
    }
}

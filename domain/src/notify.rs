//! Letters by which applicants learn where they stand without looking: what they are about, and to
//! whom one can be sent at all.

use crate::hearings::ApplicationState;
use crate::{limits, text};
use serde::{Deserialize, Serialize};

crate::codes! {
    /// What a letter is about. It tells how things stand when it is sent, not when it was written
    /// down: a seat that was given back meanwhile is not announced.
    pub enum LetterKind {
        /// Where the application stands: a seat, a place in the reserve, not eligible and why.
        Stands = "stands",
        /// When or where the session takes place has changed.
        Changed = "changed",
        /// The session is called off.
        Cancelled = "cancelled",
        /// The minutes wait to be confirmed.
        Minutes = "minutes",
        /// A correction of the minutes was answered.
        Correction = "correction",
        /// An observer's opinion was answered.
        Opinion = "opinion",
        /// The report is public.
        Report = "report",
        /// What was said at the session is answered in the feedback.
        Answered = "answered",
    }
}

impl LetterKind {
    /// Whether it goes to who stands so, where it goes to all of a session, or to all who were in a
    /// draw. What answers one person goes to nobody else.
    pub const fn is_for(self, state: ApplicationState) -> bool {
        match self {
            // What the draw gave them.
            Self::Stands => matches!(state, ApplicationState::Chosen | ApplicationState::Reserve),
            // Who has a seat or may still get one.
            Self::Changed | Self::Cancelled => !state.is_over(),
            Self::Minutes => state.is_seated(),
            // Whoever took it back has said that it concerns them no more.
            Self::Report | Self::Answered => !matches!(state, ApplicationState::Withdrawn),
            Self::Correction | Self::Opinion => false,
        }
    }
}

/// What became of the letters on one session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Letters {
    /// To be sent, or to be tried again.
    pub waiting: i64,
    pub sent: i64,
    /// Given up: refused by a mail server, or tried too often.
    pub failed: i64,
    /// Applicants who gave no e-mail address, and have to be called.
    pub without_address: i64,
}

/// The e-mail address in a contact that a person wrote, alone or beside a telephone number; `None`
/// where there is none or more than one, or where what stands beside it may belong to it: of
/// `zhu,hao@…` the piece behind the comma is somebody else's. Only plain addresses count (RFC 5321
/// section 4.1.2 without quoting): whether one exists only sending can tell.
pub fn mail_address(contact: &str) -> Option<&str> {
    let mut meant = meant(contact);
    let address = meant.next().filter(|one| is_address(one))?;
    let (before, after) = contact.split_once(address)?;
    let alone = |text: &str| !text.contains(|c: char| c.is_ascii_alphabetic() || c == '_');
    let introduced = before.trim_end().ends_with(['<', ':', '：']);
    (meant.next().is_none() && (introduced || alone(before)) && alone(after)).then_some(address)
}

/// Whether a contact was meant to hold an e-mail address but holds none that letters can go to, and no
/// telephone number beside it: nobody would be reached, and nobody would know. Names of accounts
/// elsewhere (`@name`) are left to the person.
pub fn is_mistyped(contact: &str) -> bool {
    let folded = text::fold(contact);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let in_addresses: usize = meant(&folded).map(digits).sum();
    meant(&folded).next().is_some()
        && mail_address(contact).is_none()
        && digits(&folded) - in_addresses < limits::TELEPHONE_DIGITS
}

/// What stands around each `@`, as far as an address could reach; nothing where nobody is named
/// before it. Marks before and after it are not its own.
fn meant(contact: &str) -> impl Iterator<Item = &str> {
    let local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-=?^_`{}~.".contains(c);
    let host = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    contact.match_indices('@').filter_map(move |(at, _)| {
        let (before, after) = (&contact[..at], &contact[at + 1..]);
        let start = before.trim_end_matches(local).len();
        let own =
            before[start..].trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let reach = after.len() - after.trim_start_matches(host).len();
        let end = at + 1 + after[..reach].trim_end_matches(['.', '-']).len();
        (!own.is_empty()).then(|| &contact[at - own.len()..end])
    })
}

fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let dotted = |text: &str, fits: fn(char) -> bool| {
        text.split('.')
            .all(|part| !part.is_empty() && part.chars().all(fits))
    };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=64).contains(&local.len())
        && text.len() <= limits::EMAIL_BYTES
        && dotted(local, atom)
        && dotted(host, label)
        && host.contains('.')
        && !host
            .split('.')
            .any(|part| part.starts_with('-') || part.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_goes_to_those_whom_it_concerns() {
        let hoping = "received eligible chosen reserve confirmed";
        let all = "received eligible ineligible chosen reserve confirmed declined";
        for (kind, whom) in [
            (LetterKind::Stands, "chosen reserve"),
            (LetterKind::Changed, hoping),
            (LetterKind::Cancelled, hoping),
            (LetterKind::Minutes, "chosen confirmed"),
            (LetterKind::Correction, ""),
            (LetterKind::Opinion, ""),
            (LetterKind::Report, all),
            (LetterKind::Answered, all),
        ] {
            let states = ApplicationState::ALL.iter();
            let told: Vec<&str> = states
                .filter(|state| kind.is_for(**state))
                .map(|state| state.code())
                .collect();
            assert_eq!(told.join(" "), whom, "{kind}");
        }
    }

    #[test]
    fn an_address_is_found_alone_or_beside_a_telephone_number() {
        for (contact, address) in [
            ("li@example.org", "li@example.org"),
            (
                " 13800138000，li.ming+a@mail.example.cn ",
                "li.ming+a@mail.example.cn",
            ),
            ("邮箱：li@example.org（工作日）", "li@example.org"),
            ("Li <li@example.org>", "li@example.org"),
            ("E-mail: li@example.org", "li@example.org"),
            ("邮箱li@example.org。", "li@example.org"),
            ("“li@example.org”", "li@example.org"),
            ("13800138000/li@example.org.", "li@example.org"),
        ] {
            assert_eq!(mail_address(contact), Some(address), "{contact}");
            assert!(!is_mistyped(contact), "{contact}");
        }
    }

    #[test]
    fn an_address_with_a_slip_is_noticed_and_anything_without_one_is_left_to_the_person() {
        for contact in [
            "li@example",
            "12345678@qq",
            "li＠example.org",
            "li@exa mple.org",
            "邮箱：li@exa，分机 801",
            "a@example.org b@example.org",
            "zhu,hao@example.org",
        ] {
            assert!(is_mistyped(contact), "{contact}");
        }
        for contact in [
            "138 0013 8000",
            "li@example 0551-6260 0000",
            "微信 liming",
            "微博 @张三丰",
            "李明@例子.公司",
            "",
        ] {
            assert!(!is_mistyped(contact), "{contact}");
        }
    }

    #[test]
    fn what_is_no_single_plain_address_is_none() {
        for contact in [
            "13800138000",
            "",
            "@",
            "li@",
            "@example.org",
            "li@example",
            "li@@example.org",
            "li@exa mple",
            "li@-example.org",
            "li..ming@example.org",
            "a@example.org b@example.org",
            "li@example.org\r\nBcc:x@example.org",
            "zhu,hao@example.org",
            "zhu，hao@example.org",
            "li xiaoming@example.org",
            "wang、xiao@example.org",
            "li@example.org,cn",
            "李@example.org",
        ] {
            assert_eq!(mail_address(contact), None, "{contact:?}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        assert_eq!(mail_address(&long), None);
    }
}

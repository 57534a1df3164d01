//! The draw that anyone can repeat.
//!
//! Before the number that decides is known, the list of tickets is frozen and its SHA-256 published
//! (a commitment). Afterwards each ticket gets the rank of SHA-256(seed ‖ ":" ‖ ticket): nobody who
//! fixed the list could know the order, and nobody who knows the order could change the list. The
//! method is that of public random selection with a committed list (RFC 3797), with SHA-256 (FIPS
//! 180-4) in place of MD5. `docs/draw.md` has the same in Python.

use crate::problem::{Fault, Violations};
use crate::{Timestamp, limits, text};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// How the draw is done, as it is published beside each result.
pub const ALGORITHM: &str = "order = sort by SHA-256(seed || \":\" || ticket), as lower-case hexadecimal; \
     the first `quota` of a category are chosen, the rest are reserves in order. \
     tickets_hash = SHA-256 of all lines `category:ticket`, sorted by bytes, each ended by a line feed. \
     All text is UTF-8.";

/// The number that will decide, as it is named before it is known: what it is, and from when it can be
/// known, which must be later than now (what is known already decides nothing).
pub fn named(
    source: &str,
    known_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<String, Violations> {
    let mut wrong = Violations::new();
    let source = wrong.keep("seed_source", text::required_line(source, limits::SEED));
    if known_at.is_some_and(|known| known <= now) {
        wrong.add("seed_known_at", Fault::TooEarly);
    }
    wrong.into_result(|| source.unwrap_or_default())
}

/// A seed as it is hashed and published: NFKC, blanks around it cut off, and nothing in it but what
/// everyone can see and type again, that is the visible characters of ASCII, Chinese characters and
/// single blanks between them. A seed that may hold anything unseen is one that can be chosen.
/// Letters of other scripts are refused as well, because some of them look like those of ASCII.
pub fn seed(raw: &str) -> Result<String, Fault> {
    let unseen = |c: &char| !c.nfkc().all(|c| c == ' ' || is_typed_again(c));
    if let Some(sign) = raw.trim().chars().find(unseen) {
        let sign = format!("U+{:04X}", u32::from(sign));
        return Err(Fault::NotTypedAgain { sign });
    }
    text::required_line(&raw.nfkc().collect::<String>(), limits::SEED)
}

fn is_typed_again(c: char) -> bool {
    c.is_ascii_graphic()
        || matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
            | '\u{20000}'..='\u{2FA1F}' | '\u{30000}'..='\u{323AF}')
}

/// What decides a ticket's place: SHA-256 of seed, colon and ticket, in lower-case hexadecimal.
pub fn rank(seed: &str, ticket: &str) -> String {
    hex(&Sha256::digest(format!("{seed}:{ticket}").as_bytes()))
}

/// Tickets in the order of the draw. The order in which they come does not matter.
pub fn order(seed: &str, tickets: &[String]) -> Vec<String> {
    let mut ranked: Vec<(String, &String)> = tickets.iter().map(|t| (rank(seed, t), t)).collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .map(|(_, ticket)| ticket.clone())
        .collect()
}

/// The frozen list as text: a line `category:ticket` for each, sorted by bytes. This is what is
/// hashed before the draw.
pub fn list_text<'a>(tickets: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut lines: Vec<String> = tickets
        .into_iter()
        .map(|(category, ticket)| format!("{category}:{ticket}\n"))
        .collect();
    lines.sort_unstable();
    lines.concat()
}

/// The commitment to a list: SHA-256 of [`list_text`], in lower-case hexadecimal.
pub fn tickets_hash(list: &str) -> String {
    hex(&Sha256::digest(list.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("strings grow");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tickets(n: usize) -> Vec<String> {
        (1..=n).map(|i| format!("2026-0012-h1-{i:04}")).collect()
    }

    /// Made with `hashlib` of Python 3.11, by the script in `docs/draw.md`.
    #[test]
    fn the_order_is_what_an_independent_script_finds() {
        assert_eq!(
            rank("07 11 23 24 30 33 + 05", "2026-0012-h1-0001"),
            PYTHON_RANK
        );
        assert_eq!(order("07 11 23 24 30 33 + 05", &tickets(6)), PYTHON_ORDER);
        let list = list_text(tickets(3).iter().map(|t| ("residents", t.as_str())));
        assert_eq!(tickets_hash(&list), PYTHON_HASH);
    }

    const PYTHON_RANK: &str = "f1f49a39e57dc7bebbf0df534feabc6954126b622305f6641ebe4cada5317b5a";
    const PYTHON_ORDER: [&str; 6] = [
        "2026-0012-h1-0006",
        "2026-0012-h1-0004",
        "2026-0012-h1-0002",
        "2026-0012-h1-0003",
        "2026-0012-h1-0005",
        "2026-0012-h1-0001",
    ];
    const PYTHON_HASH: &str = "49da7dc64829f09391f6d84e46d64f103b2b93d9fddc80a476dda6357ba9fe7d";

    proptest! {
        #[test]
        fn every_ticket_is_drawn_once_whatever_the_order_of_the_list(seed: String, n in 0usize..60, turn in 0usize..60) {
            let list = tickets(n);
            let mut turned = list.clone();
            turned.rotate_left(turn % n.max(1));
            let drawn = order(&seed, &list);
            prop_assert_eq!(&drawn, &order(&seed, &turned));
            let mut sorted = drawn;
            sorted.sort_unstable();
            prop_assert_eq!(sorted, list);
        }
    }

    #[test]
    fn a_seed_holds_only_what_anyone_can_see_and_type_again() {
        for (raw, read) in [
            ("07 11 23 + 05", "07 11 23 + 05"),
            ("  ０７　１１  23\n", "07 11 23"),
            ("第２期：3 241.08 点", "第2期:3 241.08 点"),
            ("0f3a…", "0f3a..."),
        ] {
            assert_eq!(seed(raw).as_deref(), Ok(read), "{raw:?}");
            assert_eq!(
                seed(read).as_deref(),
                Ok(read),
                "what is published is what is hashed"
            );
        }
        for blank in ["", " \u{3000}\n"] {
            assert_eq!(seed(blank), Err(Fault::Required));
        }
        for unseen in [
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{115F}',
            '\u{180B}',
            '\u{180E}',
            '\u{200B}',
            '\u{200D}',
            '\u{200E}',
            '\u{202E}',
            '\u{2060}',
            '\u{2066}',
            '\u{2800}',
            '\u{3164}',
            '\u{FE0F}',
            '\u{FEFF}',
            '\u{FFF9}',
            '\u{E0041}',
            '\u{E0100}',
            '\u{301}',
            '\u{20E3}',
            '\u{1680}',
            '\u{2028}',
            '\t',
            '\n',
            '\0',
            '\u{7F}',
            'а',
            'Α',
            '−',
            '‐',
        ] {
            let sign = format!("U+{:04X}", u32::from(unseen));
            let raw = format!("07{unseen}11");
            assert_eq!(seed(&raw), Err(Fault::NotTypedAgain { sign }), "{raw:?}");
        }
        assert!(matches!(seed(&"7".repeat(501)), Err(Fault::TooLong { .. })));
    }

    #[test]
    fn one_ticket_more_is_another_list() {
        let of = |n| {
            let tickets = tickets(n);
            tickets_hash(&list_text(tickets.iter().map(|t| ("a", t.as_str()))))
        };
        assert_ne!(of(3), of(4));
    }
}

//! The draw that anyone can repeat.
//!
//! Before the number that decides is known, the list of tickets is frozen and its SHA-256 published
//! (a commitment). Afterwards each ticket gets the rank of SHA-256(seed ‖ ":" ‖ ticket): nobody who
//! fixed the list could know the order, and nobody who knows the order could change the list. The
//! method is that of public random selection with a committed list (RFC 3797), with SHA-256 (FIPS
//! 180-4) in place of MD5. `docs/draw.md` has the same in Python.

use sha2::{Digest, Sha256};

/// How the draw is done, as it is published beside each result.
pub const ALGORITHM: &str = "order = sort by SHA-256(seed || \":\" || ticket), as lower-case hexadecimal; \
     the first `quota` of a category are chosen, the rest are reserves in order. \
     tickets_hash = SHA-256 of all lines `category:ticket`, sorted by bytes, each ended by a line feed. \
     All text is UTF-8.";

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
    fn one_ticket_more_is_another_list() {
        let of = |n| {
            let tickets = tickets(n);
            tickets_hash(&list_text(tickets.iter().map(|t| ("a", t.as_str()))))
        };
        assert_ne!(of(3), of(4));
    }
}

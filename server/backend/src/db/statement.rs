//! SQL texts as named constants that a test can list and prepare on both databases.

/// One statement: the same text for both databases, or a twin where the dialects force it.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Statement {
    /// The same text on both.
    pub const fn same(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }

    /// Whether the dialects forced two texts.
    pub fn is_twin(&self) -> bool {
        self.sqlite != self.postgres
    }

    /// Whether both texts take exactly this many values. SQLite would bind a missing one as NULL
    /// without a word, so the statement macros check this at compile time.
    pub const fn takes(&self, values: usize) -> bool {
        parameters(self.sqlite) == values && parameters(self.postgres) == values
    }
}

/// The highest `$N` in a text.
const fn parameters(sql: &str) -> usize {
    let text = sql.as_bytes();
    let (mut highest, mut at) = (0, 0);
    while at < text.len() {
        if text[at] == b'$' {
            let mut number = 0;
            at += 1;
            while at < text.len() && text[at].is_ascii_digit() {
                number = number * 10 + (text[at] - b'0') as usize;
                at += 1;
            }
            if number > highest {
                highest = number;
            }
        } else {
            at += 1;
        }
    }
    highest
}

/// A statement with the place where it is declared.
#[derive(Debug)]
pub struct Registered {
    pub module: &'static str,
    pub name: &'static str,
    pub statement: Statement,
}

inventory::collect!(Registered);

/// Every statement that `sql!` declared, for the test that prepares them all.
pub fn every_statement() -> impl Iterator<Item = &'static Registered> {
    inventory::iter::<Registered>.into_iter()
}

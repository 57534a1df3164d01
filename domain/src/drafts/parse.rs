//! From the text of a draft to its clauses.
//!
//! A draft is Markdown or plain text, Chinese or English. [`parse`] finds its headings, articles,
//! paragraphs and items by the words and numbers they begin with; whatever else stands in it
//! becomes text clauses, in order, so that nothing is lost. It never fails.

mod body;
mod breaks;
mod contents;
mod lines;
mod marks;
mod numerals;
mod outline;
mod policy;
#[cfg(test)]
mod tests;
mod warnings;
mod writer;

use super::{ClauseKind, Warning};
pub use lines::plain;

/// A draft as its clauses, not yet stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedDraft {
    /// Headings, articles and other text in document order.
    pub clauses: Vec<ParsedClause>,
    /// In the order of their lines.
    pub warnings: Vec<Warning>,
}

/// A clause that has no identity yet; see [`super::Clause`] for its parts.
///
/// Items keep their marker in `text` (（一）…, (a) …), so that the lines of an article's text are
/// the texts of its children, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedClause {
    pub kind: ClauseKind,
    pub label: String,
    pub path: Vec<String>,
    pub text: String,
    pub children: Vec<ParsedClause>,
}

/// The clauses of a draft and what is doubtful about them.
pub fn parse(text: &str) -> ParsedDraft {
    let lines = lines::lines(text);
    let outline = outline::outline(&lines);
    let writer::Assembled {
        clauses,
        articles,
        headings,
    } = writer::assemble(&lines, outline);
    ParsedDraft {
        clauses,
        warnings: warnings::warnings(&articles, &headings),
    }
}

/// The number in the label of an article, and of one inserted behind it: 第十二条之一 is `(12, 1)`,
/// Article 12a `(12, 1)`, Section 3.1 `(3, 1)`.
pub fn ordinal(label: &str) -> Option<(u32, u32)> {
    let numbers = outline::label_numbers(label)?;
    Some((*numbers.first()?, numbers.get(1).copied().unwrap_or(0)))
}

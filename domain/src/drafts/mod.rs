//! Drafts: the text under consultation, its clauses, and what changed between two versions.
//!
//! `parse` turns text into a tree of clauses, `align` finds each clause of one version in the
//! next, `redline` shows the words that changed.

pub mod align;
pub mod parse;
pub mod redline;

use crate::id::ClauseId;
use serde::{Deserialize, Serialize};

crate::codes! {
    /// What a clause is.
    pub enum ClauseKind {
        /// 编 / 部分, Part: a heading.
        Part = "part",
        /// 章, Chapter: a heading.
        Chapter = "chapter",
        /// 节, Section: a heading.
        Section = "section",
        /// 条, Article.
        Article = "article",
        /// 款, a paragraph of an article.
        Paragraph = "paragraph",
        /// 项 and 目: （一）, 1., (1), (a).
        Item = "item",
        /// Anything that is not recognised: titles, promulgation notes, tables. Readable, in order.
        Text = "text",
    }
}

impl ClauseKind {
    /// A heading stands over clauses and shows in their `path`.
    pub const fn is_heading(self) -> bool {
        matches!(self, Self::Part | Self::Chapter | Self::Section)
    }
}

/// One clause of a stored version. Headings, articles and other text stand in document order;
/// the paragraphs and items of an article are its `children`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clause {
    /// The same in every version in which this clause lives on.
    pub id: ClauseId,
    pub kind: ClauseKind,
    /// 第十二条, Article 12, 第十二条第二款第（三）项; empty for unrecognised text.
    pub label: String,
    /// Headings above it, outermost first: `["第二章 决策草案的形成", "第一节 决策启动"]`.
    pub path: Vec<String>,
    /// The words without the label. For an article, the whole of it, paragraphs and items on
    /// lines of their own. Items keep their marker: （二）….
    pub text: String,
    /// Paragraphs and items; also a title or a table within the article, as text. Walked in order,
    /// their texts are the lines of the article's text. An article of one paragraph has none.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub children: Vec<Clause>,
}

/// Characters of an unlabelled clause that stand for its name.
const NAMED_BY: usize = 20;
/// Unlabelled text of so many characters is more than a title, also without a sentence in it.
const MORE_THAN_A_TITLE: usize = 80;

impl Clause {
    /// How it is called in lists: its label, with its words if it is a heading, or else the first
    /// words of its text. Empty only for a clause without any.
    pub fn name(&self) -> String {
        match (self.label.is_empty(), self.kind.is_heading()) {
            (false, true) => format!("{}\u{3000}{}", self.label, self.text)
                .trim_end()
                .to_owned(),
            (false, false) => self.label.clone(),
            (true, _) => self.first_words(),
        }
    }

    fn first_words(&self) -> String {
        let mut lines = self.text.lines().map(str::trim);
        let line = lines.find(|line| !line.is_empty()).unwrap_or("");
        let start: String = line.chars().take(NAMED_BY).collect();
        match start.len() < line.len() {
            true => start + "…",
            false => start,
        }
    }

    /// Whether comments on just this make sense: on every article, paragraph and item, and on
    /// unrecognised text (a preamble, an annex) that is more than a title. Comments on a whole
    /// chapter are comments on its articles.
    pub fn invites_comments(&self) -> bool {
        match self.kind {
            ClauseKind::Article | ClauseKind::Paragraph | ClauseKind::Item => true,
            ClauseKind::Text => {
                self.text
                    .contains(['。', '；', '！', '？', '.', ';', '!', '?'])
                    || self.text.chars().count() >= MORE_THAN_A_TITLE
            }
            ClauseKind::Part | ClauseKind::Chapter | ClauseKind::Section => false,
        }
    }

    /// This clause and all below it, in document order.
    pub fn walk(&self) -> Vec<&Clause> {
        let mut all = vec![self];
        let mut next = 0;
        while next < all.len() {
            let clause = all[next];
            for (offset, child) in clause.children.iter().enumerate() {
                all.insert(next + 1 + offset, child);
            }
            next += 1;
        }
        all
    }
}

crate::codes! {
    /// What a reader of the parsed draft should look at before publishing.
    pub enum WarningKind {
        /// A number is left out: 第三条 follows 第一条.
        MissingNumber = "missing_number",
        /// A number stands twice.
        RepeatedNumber = "repeated_number",
        /// A number is smaller than the one before it.
        OutOfOrder = "out_of_order",
        /// No article was recognised at all.
        NoArticles = "no_articles",
    }
}

/// Something doubtful in a parsed draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    pub kind: WarningKind,
    /// The label that is missing, repeated or out of order.
    pub label: String,
    /// The line of the source text, from 1.
    pub line: usize,
}

/// A stored version with its clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    pub version: i64,
    pub filename: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<crate::Timestamp>,
    pub clauses: Vec<Clause>,
    pub warnings: Vec<Warning>,
}

impl Draft {
    /// Every clause, with paragraphs and items, in document order.
    pub fn all_clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().flat_map(Clause::walk)
    }
}

crate::codes! {
    /// What became of a clause from one version to the next.
    pub enum ClauseChange {
        Same = "same",
        Reworded = "reworded",
        Moved = "moved",
        MovedReworded = "moved_reworded",
        Split = "split",
        Merged = "merged",
        Added = "added",
        Removed = "removed",
    }
}

crate::codes! {
    /// What happened to a run of words.
    pub enum InlineOp {
        Equal = "equal",
        Insert = "insert",
        Delete = "delete",
    }
}

/// A run of words with one fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inline {
    pub op: InlineOp,
    pub text: String,
}

/// What became of one clause between version `a` and version `b`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    pub kind: ClauseChange,
    /// The clause's id in version `a`; absent for an added one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<ClauseId>,
    /// The clause's id in version `b`; absent for a removed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<ClauseId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_label: Option<String>,
    /// The label to show: in version `b`, or in `a` for a removed clause.
    pub label: String,
    /// Headings above it in version `b` (or `a` for a removed clause).
    pub path: Vec<String>,
    /// How sure the match is, 0 to 100. Below the doubtful mark staff are asked to look.
    pub confidence: u8,
    /// The words, with what was inserted and deleted.
    pub inline: Vec<Inline>,
}

/// All changes between two versions, in the order of version `b`, removed clauses where they stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    pub from: i64,
    pub to: i64,
    pub changes: Vec<Change>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drafts::parse::parse;

    fn named(text: &str) -> Vec<(String, bool)> {
        let clauses = parse(text).clauses.into_iter().map(|parsed| Clause {
            id: ClauseId(uuid::Uuid::nil()),
            kind: parsed.kind,
            label: parsed.label,
            path: parsed.path,
            text: parsed.text,
            children: vec![],
        });
        clauses.map(|c| (c.name(), c.invites_comments())).collect()
    }

    #[test]
    fn a_preamble_invites_comments_by_its_first_words_and_a_title_does_not() {
        let law = "江北新区机动车停车管理办法（征求意见稿）\n\n\
            为了规范停车秩序，方便群众出行，我们起草了本办法，现公开征求意见。\n\n\
            第一章 总则\n\n第一条 本办法适用于本区。\n";
        let found = named(law);
        let found: Vec<_> = found.iter().map(|(n, i)| (n.as_str(), *i)).collect();
        assert!(
            found.contains(&("第一章\u{3000}总则", false)) && found.contains(&("第一条", true)),
            "{found:?}"
        );
        let preamble = found.iter().find(|(name, _)| name.starts_with("为了规范"));
        assert_eq!(
            preamble,
            Some(&("为了规范停车秩序，方便群众出行，我们起草…", true)),
            "{found:?}"
        );
        let title = found.iter().find(|(name, _)| name.starts_with("江北新区"));
        assert_eq!(title.map(|(_, invites)| *invites), Some(false), "{found:?}");
    }
}

//! Writes the clauses of a draft, line by line, as its outline says.

use super::ParsedClause;
use super::body::{Unit, article, begins_item};
use super::lines::{Line, Make};
use super::marks::{Mark, Place};
use super::outline::Outline;
use super::warnings::{Numbered, NumberedHeading};
use crate::drafts::ClauseKind;

/// The clauses, and the numbers that the warnings are about.
pub struct Assembled {
    pub clauses: Vec<ParsedClause>,
    pub articles: Vec<Numbered>,
    pub headings: Vec<NumberedHeading>,
}

/// Builds the clauses.
pub fn assemble(lines: &[Line], outline: Outline) -> Assembled {
    let mut writer = Writer::new(outline.latin);
    let contents = outline.contents.unwrap_or_default();
    if !contents.is_empty() && contents.start == 0 {
        writer.list(&lines[contents.clone()]);
    }
    for (at, line) in lines.iter().enumerate() {
        if contents.contains(&at) {
            if at == contents.start && at > 0 {
                writer.list(&lines[contents.clone()]);
            }
            continue;
        }
        match &outline.marks[at] {
            Some(mark) => match mark.place {
                Place::Heading(kind, rank) => writer.heading(mark, kind, rank, line),
                _ => writer.article(mark, line),
            },
            None => {
                let before = at.checked_sub(1).map(|i| &lines[i]);
                let runs_on = before.is_some_and(|b| outline.wrapped.runs_on(b, line));
                let joins = before.is_some_and(|b| b.make == line.make && !line.after_blank);
                writer.words(line, runs_on || (joins && line.make != Make::Words));
            }
        }
    }
    writer.finish()
}

/// The article that is being read.
struct Open {
    mark: Mark,
    marked: bool,
    units: Vec<Unit>,
}

struct Writer {
    latin: bool,
    clauses: Vec<ParsedClause>,
    articles: Vec<Numbered>,
    numbered_headings: Vec<NumberedHeading>,
    path: Vec<(u8, String)>,
    open: Option<Open>,
    /// The heading just read has no title yet.
    untitled: bool,
    /// How many annexes began: each counts its articles anew.
    annexes: usize,
    /// How many headings stood before, for sections counted within their parent.
    parents: usize,
}

impl Writer {
    fn new(latin: bool) -> Self {
        Self {
            latin,
            clauses: Vec::new(),
            articles: Vec::new(),
            numbered_headings: Vec::new(),
            path: Vec::new(),
            open: None,
            untitled: false,
            annexes: 0,
            parents: 0,
        }
    }

    fn list(&mut self, lines: &[Line]) {
        let text = lines
            .iter()
            .map(|l| l.text.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        self.close();
        self.text(text);
    }

    fn text(&mut self, text: String) {
        let path = self.headings();
        let kind = ClauseKind::Text;
        self.clauses.push(ParsedClause {
            kind,
            label: String::new(),
            path,
            text,
            children: Vec::new(),
        });
    }

    fn headings(&self) -> Vec<String> {
        self.path.iter().map(|(_, entry)| entry.clone()).collect()
    }

    fn heading(&mut self, mark: &Mark, kind: ClauseKind, rank: u8, line: &Line) {
        self.close();
        self.path.retain(|(above, _)| *above < rank);
        let path = self.headings();
        // What is numbered 3 over 3.1 is warned about with the articles.
        if rank < 10 {
            self.number_heading(mark, line, false);
        }
        self.path.push((rank, entry(&mark.label, &mark.rest)));
        self.untitled = mark.rest.is_empty() && !mark.numbers.is_empty();
        self.parents += 1;
        let (label, text) = (mark.label.clone(), mark.rest.clone());
        self.clauses.push(ParsedClause {
            kind,
            label,
            path,
            text,
            children: Vec::new(),
        });
    }

    fn article(&mut self, mark: &Mark, line: &Line) {
        self.close();
        self.untitled = false;
        if mark.latin {
            // 3 does not stand under 2, though 2.1 does.
            let depth = mark.numbers.len();
            self.path
                .retain(|(rank, _)| usize::from(*rank) < 10 + depth);
        }
        if mark.label.ends_with('、') {
            self.path.retain(|(rank, _)| *rank < 2);
            self.number_heading(mark, line, true);
            self.open_article(mark, line);
            return;
        }
        self.articles.push(Numbered {
            label: mark.label.clone(),
            numbers: mark.numbers.clone(),
            line: line.number,
            annex: self.annexes,
            parent: self.parents,
            restarts: mark.latin || !mark.label.starts_with(['第', '笫']),
        });
        self.open_article(mark, line);
    }

    fn number_heading(&mut self, mark: &Mark, line: &Line, is_measure: bool) {
        let [number] = mark.numbers.as_slice() else {
            return;
        };
        self.numbered_headings.push(NumberedHeading {
            label: mark.label.clone(),
            number: *number,
            line: line.number,
            annex: self.annexes,
            path: self.headings(),
            is_measure,
        });
    }

    fn open_article(&mut self, mark: &Mark, line: &Line) {
        let units = match mark.rest.is_empty() {
            true => Vec::new(),
            false => vec![Unit {
                text: mark.rest.clone(),
                make: Make::Words,
            }],
        };
        self.open = Some(Open {
            mark: mark.clone(),
            marked: line.hashes > 0,
            units,
        });
    }

    fn words(&mut self, line: &Line, joins: bool) {
        if std::mem::take(&mut self.untitled) && is_title(line) {
            let title = super::marks::title(&line.text);
            if let (Some(clause), Some((_, path))) = (self.clauses.last_mut(), self.path.last_mut())
            {
                *path = entry(&clause.label, &title);
                clause.text = title;
            }
            return;
        }
        if line.make == Make::Words
            && let Some(broken) = self.broken_by_page()
            && !begins_item(&line.text)
        {
            join(&mut broken.text, line);
            return;
        }
        let leaves = line.hashes > 0 || (is_annex(&line.text) && !joins);
        if leaves {
            self.close();
        }
        if is_annex(&line.text) && !joins && !self.articles.is_empty() {
            self.annexes += 1;
            self.path.clear();
        }
        match &mut self.open {
            Some(open) => match open.units.last_mut() {
                Some(last) if joins && (line.make == last.make) => join(&mut last.text, line),
                _ => open.units.push(Unit {
                    text: line.text.clone(),
                    make: line.make,
                }),
            },
            None => match self.clauses.last_mut() {
                Some(last) if joins && last.kind == ClauseKind::Text => join(&mut last.text, line),
                _ => self.text(line.text.clone()),
            },
        }
    }

    /// The sentence of the open article that goes on behind a page number.
    fn broken_by_page(&mut self) -> Option<&mut Unit> {
        match self.open.as_mut()?.units.as_mut_slice() {
            [.., words, page] if words.make == Make::Words && page.make == Make::Page => {
                let stops = ['。', '；', '：', '！', '？', '.', ';', ':', '”', '）', ')'];
                Some(words).filter(|words| !words.text.ends_with(stops))
            }
            _ => None,
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let latin = self.latin && open.mark.latin;
        let title = has_title(&open, latin);
        let path = self.headings();
        self.clauses
            .push(article(open.mark.label, latin, path, &open.units, title));
    }

    fn finish(mut self) -> Assembled {
        self.close();
        Assembled {
            clauses: self.clauses,
            articles: self.articles,
            headings: self.numbered_headings,
        }
    }
}

fn entry(label: &str, title: &str) -> String {
    match title.is_empty() || label.ends_with('、') {
        true => format!("{label}{title}"),
        false => format!("{label} {title}"),
    }
}

fn join(text: &mut String, line: &Line) {
    if line.make != Make::Words {
        text.push('\n');
    } else if text.ends_with(|c: char| c.is_ascii())
        || line.text.starts_with(|c: char| c.is_ascii())
    {
        text.push(' ');
    }
    text.push_str(&line.text);
}

/// The title of a heading or article that stands on the next line.
fn is_title(line: &Line) -> bool {
    let limit = if line.text.is_ascii() { 120 } else { 30 };
    line.make == Make::Words
        && line.text.chars().nth(limit).is_none()
        && !line
            .text
            .ends_with(['。', '；', '：', '，', '.', ';', ':', ','])
        && !line.text.starts_with(['(', '（', '-', '*'])
        && !line.text.starts_with(|c: char| c.is_ascii_digit())
}

/// The first unit of the article is a title: marked as a heading, or a few words without a stop.
fn has_title(open: &Open, latin: bool) -> bool {
    let [first, _, ..] = open.units.as_slice() else {
        return false;
    };
    let limit = if latin { 120 } else { 24 };
    let stops = ['。', '；', '：', '，', '、', ';', ':', '.', ','];
    let short = first.make == Make::Words && first.text.chars().nth(limit).is_none();
    let inline = !open.mark.rest.is_empty();
    let bracketed = first.text.starts_with(['【', '〔']) && first.text.ends_with(['】', '〕']);
    // 第一条（目的）, but not 第一条 （一）….
    let bracketed = bracketed || (inline && is_in_round_brackets(&first.text));
    // Section 1. Short title.
    let caption = latin && inline && first.text.split_whitespace().count() <= 8;
    let unstopped = !first.text.starts_with(['(', '（'])
        && (!first.text.ends_with(stops) || (caption && first.text.ends_with('.')));
    let quiet = latin || !first.text.contains(stops);
    short && (bracketed || (unstopped && quiet && (inline || latin || open.marked)))
}

/// （立法目的）
fn is_in_round_brackets(text: &str) -> bool {
    let inner = text
        .strip_prefix(['（', '('])
        .and_then(|t| t.strip_suffix(['）', ')']));
    inner.is_some_and(|inner| !inner.contains(['（', '(', '。', '，'])) && !begins_item(text)
}

/// 附件1, Annex II: what follows is not part of the last article.
fn is_annex(text: &str) -> bool {
    let short = text.chars().nth(60).is_none() && !text.ends_with(['。', '；', '.', ';']);
    let Some(rest) = [
        "附件",
        "附表",
        "附录",
        "附錄",
        "附：",
        "Annex ",
        "ANNEX ",
        "Appendix ",
        "APPENDIX ",
        "Schedule ",
        "SCHEDULE ",
    ]
    .iter()
    .find_map(|name| text.strip_prefix(name)) else {
        return false;
    };
    let rest = rest.trim_start();
    short && !rest.starts_with(['的', '所', '中', '和', '与', '、', '由'])
}

//! Results and ballots of a poll as tables (CSV, RFC 4180), for spreadsheets and statistics. What a
//! spreadsheet would run as a formula is disarmed by an apostrophe in front.

use crate::problem::Refusal;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use backend::Backend;
use backend::polls::OpenBallots;
use bytes::Bytes;
use csv::{Terminator, Writer, WriterBuilder};
use domain::polls::results::{Count, QuestionResult};
use domain::polls::{OpenBallot, PollResults};
use http::header;
use http_body_util::channel::{Channel, Sender};
use std::borrow::Cow;

/// A table as it is answered, to be saved under this name.
pub fn answer<T: Into<Body>>(filename: &str, table: T) -> impl IntoResponse + use<T> {
    let disposition = format!("attachment; filename=\"{filename}\"");
    let kind = "text/csv; charset=utf-8; header=present".to_owned();
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, table.into())
}

const COLUMNS: [&str; 12] = [
    "question",
    "kind",
    "question_text",
    "versions",
    "answered",
    "row",
    "row_text",
    "code",
    "text",
    "place",
    "count",
    "percent",
];

/// The results in one of their shapes.
pub fn results(results: &PollResults, shape: Shape) -> Result<Response, Refusal> {
    Ok(match shape {
        Shape::Json => axum::Json(results).into_response(),
        Shape::Table => {
            let name = format!("{}-results.csv", results.id);
            answer(&name, figures(results)?).into_response()
        }
    })
}

/// One line for each figure and each published answer in words.
fn figures(results: &PollResults) -> Result<Vec<u8>, Refusal> {
    let mut table = Table::new();
    table.line(COLUMNS)?;
    for question in &results.questions {
        table.question(question)?;
    }
    table.end()
}

/// How results and ballots are given away.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Objects.
    Json,
    /// Of results one line for each figure. Of ballots one line for each: the version on which it was
    /// given, then one column for each question that is given away. Several codes in one cell are
    /// parted by semicolons.
    Table,
}

/// Ballots while they are read: whatever their number, a page of them is in memory. What breaks off
/// has no end, so nobody takes it for whole.
pub fn ballots(backend: &Backend, ballots: OpenBallots, shape: Shape) -> Body {
    let (mut sender, body) = Channel::<Bytes, Refusal>::new(1);
    let backend = backend.clone();
    tokio::spawn(async move {
        if let Err(refusal) = send(&backend, ballots, shape, &mut sender).await {
            sender.abort(refusal);
        }
    });
    Body::new(body)
}

async fn send(
    backend: &Backend,
    mut ballots: OpenBallots,
    shape: Shape,
    sender: &mut Sender<Bytes, Refusal>,
) -> Result<(), Refusal> {
    let mut part = match shape {
        Shape::Json => b"[".to_vec(),
        Shape::Table => heads(&ballots.columns)?,
    };
    let mut first = true;
    while let Some(page) = ballots.next(backend).await? {
        match shape {
            Shape::Json => {
                for ballot in &page {
                    if !std::mem::take(&mut first) {
                        part.push(b',');
                    }
                    serde_json::to_writer(&mut part, ballot).map_err(|error| failed(&error))?;
                }
            }
            Shape::Table => part.extend(lines(&ballots.columns, &page)?),
        }
        if sender
            .send_data(std::mem::take(&mut part).into())
            .await
            .is_err()
        {
            // Nobody reads on.
            return Ok(());
        }
    }
    if let Shape::Json = shape {
        part.push(b']');
    }
    let _read = sender.send_data(part.into()).await;
    Ok(())
}

fn heads(columns: &[String]) -> Result<Vec<u8>, Refusal> {
    let mut table = Table::new();
    table.line(
        ["version"]
            .into_iter()
            .chain(columns.iter().map(String::as_str)),
    )?;
    table.end()
}

fn lines(columns: &[String], ballots: &[OpenBallot]) -> Result<Vec<u8>, Refusal> {
    let mut table = Table::new();
    for ballot in ballots {
        let answers = columns.iter().map(|code| {
            let cells = ballot.answers.get(code);
            cells.map_or_else(String::new, |cells| cells.join(";"))
        });
        table.line([ballot.version.to_string()].into_iter().chain(answers))?;
    }
    table.end()
}

struct Table(Writer<Vec<u8>>);

impl Table {
    fn new() -> Self {
        let mut builder = WriterBuilder::new();
        Self(builder.terminator(Terminator::CRLF).from_writer(Vec::new()))
    }

    fn line<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
        let cells: Vec<T> = cells.into_iter().collect();
        let disarmed = cells.iter().map(|cell| disarmed(cell.as_ref()));
        let disarmed: Vec<Cow<'_, str>> = disarmed.collect();
        let record = disarmed.iter().map(|cell| cell.as_bytes());
        self.0.write_record(record).map_err(|error| failed(&error))
    }

    fn question(&mut self, question: &QuestionResult) -> Result<(), Refusal> {
        for count in &question.counts {
            self.count(question, ("", ""), count)?;
        }
        for row in &question.rows {
            for count in &row.counts {
                self.count(question, (&row.code, &row.text), count)?;
            }
        }
        for rank in &question.ranks {
            for (place, times) in (1..).zip(&rank.at_rank) {
                let (place, times): (i32, _) = (place, times.to_string());
                let place = place.to_string();
                self.figure(
                    question,
                    ["", "", &rank.code, &rank.text, &place, &times, ""],
                )?;
            }
        }
        for words in &question.texts {
            self.figure(question, ["", "", "", words, "", "1", ""])?;
        }
        Ok(())
    }

    fn count(
        &mut self,
        question: &QuestionResult,
        (row, row_text): (&str, &str),
        count: &Count,
    ) -> Result<(), Refusal> {
        let (times, percent) = (count.count.to_string(), format!("{:.1}", count.percent));
        let figure = [
            row,
            row_text,
            &count.code,
            &count.text,
            "",
            &times,
            &percent,
        ];
        self.figure(question, figure)
    }

    fn figure(&mut self, question: &QuestionResult, figure: [&str; 7]) -> Result<(), Refusal> {
        let versions = question.versions.iter().map(i64::to_string);
        let versions = versions.collect::<Vec<_>>().join(";");
        let n = question.n.to_string();
        let about = [
            question.code.as_str(),
            question.kind.code(),
            &question.text,
            &versions,
            &n,
        ];
        self.line(about.into_iter().chain(figure))
    }

    fn end(self) -> Result<Vec<u8>, Refusal> {
        self.0.into_inner().map_err(|error| failed(error.error()))
    }
}

fn failed(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "a table could not be written");
    Refusal::Internal
}

/// A spreadsheet takes what begins with one of these signs for a formula; a number it may begin.
fn disarmed(cell: &str) -> Cow<'_, str> {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula && cell.parse::<f64>().is_err() {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_stay_numbers() {
        for (cell, shown) in [
            ("=1+1", "'=1+1"),
            ("@sum", "'@sum"),
            ("+86", "+86"),
            ("-3.5", "-3.5"),
            ("-3+cmd", "'-3+cmd"),
            ("停车", "停车"),
            ("", ""),
        ] {
            assert_eq!(disarmed(cell), shown, "{cell}");
        }
    }

    #[test]
    fn a_ballot_without_an_answer_keeps_its_column() {
        let ballot = |version: i64, question: &str, cells: &[&str]| {
            let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
            OpenBallot {
                version,
                answers: [(question.to_owned(), cells)].into(),
            }
        };
        let given = [ballot(1, "old", &["-1"]), ballot(2, "any", &["a", "b"])];
        let columns = ["any".to_owned(), "old".to_owned()];
        let mut table = heads(&columns).unwrap();
        table.extend(lines(&columns, &given).unwrap());
        let table = String::from_utf8(table).unwrap();
        assert_eq!(table, "version,any,old\r\n1,,-1\r\n2,a;b,\r\n");
    }
}

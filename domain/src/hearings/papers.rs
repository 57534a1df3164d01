//! Papers of a session: each with its delivery, and perhaps with a file that was attached.

use super::HearingNumber;
use crate::problem::{Fault, Violations};
use crate::{Timestamp, limits, text};
use serde::{Deserialize, Serialize};

/// A paper for the participants, and when they got it (Decree 713 art. 16: seven days before).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paper {
    pub title: String,
    /// Where it can be read, if it is public; a path of this site for a file that was attached.
    pub address: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub delivered_at: Timestamp,
}

impl Paper {
    /// The serial number of the attached file that the address leads to, if it is one of this session.
    pub fn file(&self, hearing: HearingNumber) -> Option<i64> {
        let serial = self.address.as_deref()?;
        let serial = serial.strip_prefix(&file_address(hearing, None))?;
        serial.parse().ok()
    }
}

/// The address of an attached file; without a serial number, what all of a session begin with.
pub fn file_address(hearing: HearingNumber, serial: Option<i64>) -> String {
    let serial = serial.map_or_else(String::new, |serial| serial.to_string());
    format!("/hearings/{hearing}/papers/{serial}")
}

/// Kinds of files by how their names end, with their media types (IANA). Nothing that a browser would
/// run when it is opened.
pub const FILE_KINDS: [(&str, &str); 12] = [
    ("pdf", "application/pdf"),
    ("ofd", "application/ofd"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("wps", "application/vnd.ms-works"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("txt", "text/plain; charset=utf-8"),
];

/// The media type of a file by its name; `None` for kinds that are not taken.
pub fn file_kind(filename: &str) -> Option<&'static str> {
    let (_, end) = filename.rsplit_once('.')?;
    let end = end.to_ascii_lowercase();
    let found = FILE_KINDS.iter().find(|(known, _)| *known == end)?;
    Some(found.1)
}

/// A paper with its file, as staff attach it.
#[derive(Clone, Debug)]
pub struct RawPaperFile {
    /// The file's name if left out.
    pub title: String,
    pub delivered_at: Timestamp,
    pub filename: String,
    pub bytes: Vec<u8>,
}

/// The same, parsed.
#[derive(Clone, Debug)]
pub struct NewPaperFile {
    pub title: String,
    pub delivered_at: Timestamp,
    pub filename: String,
    pub bytes: Vec<u8>,
}

impl RawPaperFile {
    /// Checks every field. Faults name `title` and `file`.
    pub fn parse(self) -> Result<NewPaperFile, Violations> {
        let mut wrong = Violations::new();
        // Some browsers send the whole path.
        let name = self.filename.rsplit(['/', '\\']).next().unwrap_or_default();
        let filename = match self.bytes.len() {
            0 => Err(Fault::Required),
            n if n > limits::PAPER_BYTES => Err(Fault::TooLarge {
                limit: limits::PAPER_BYTES,
            }),
            _ if file_kind(name).is_none() => Err(Fault::Malformed),
            _ => text::required_line(name, limits::FILENAME),
        };
        let filename = wrong.keep("file", filename);
        let title = match self.title.trim() {
            "" => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
            title => title,
        };
        let title = wrong.keep("title", text::required_line(title, limits::TITLE));
        wrong.into_result(|| NewPaperFile {
            title: title.unwrap_or_default(),
            delivered_at: self.delivered_at,
            filename: filename.unwrap_or_default(),
            bytes: self.bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(title: &str, filename: &str, bytes: usize) -> RawPaperFile {
        RawPaperFile {
            title: title.into(),
            delivered_at: Timestamp::UNIX_EPOCH,
            filename: filename.into(),
            bytes: vec![b'x'; bytes],
        }
    }

    #[test]
    fn a_file_is_named_after_itself_and_nothing_that_runs_is_taken() {
        let new = raw(" ", "C:\\稿\\听证方案.PDF", 3).parse().unwrap();
        assert_eq!((&*new.title, &*new.filename), ("听证方案", "听证方案.PDF"));
        for (name, bytes, fault) in [
            ("", 0, "required"),
            ("a.pdf", 0, "required"),
            ("a.html", 1, "malformed"),
            ("a.svg", 1, "malformed"),
            ("pdf", 1, "malformed"),
            ("a.pdf", limits::PAPER_BYTES + 1, "too_large"),
        ] {
            let wrong = raw("t", name, bytes).parse().unwrap_err();
            assert_eq!(
                (&*wrong.0[0].field, wrong.0[0].fault.code()),
                ("file", fault),
                "{name}"
            );
        }
    }

    #[test]
    fn an_address_leads_to_a_file_of_its_own_session_alone() {
        let ours: HearingNumber = "2026-0012-h1".parse().unwrap();
        let other: HearingNumber = "2026-0012-h11".parse().unwrap();
        let paper = |address: String| Paper {
            title: "t".into(),
            address: Some(address),
            delivered_at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(paper(file_address(ours, Some(3))).file(ours), Some(3));
        assert_eq!(paper(file_address(other, Some(3))).file(ours), None);
        assert_eq!(paper("https://a.example/1".into()).file(ours), None);
        assert_eq!(paper(file_address(ours, None)).file(ours), None);
    }
}

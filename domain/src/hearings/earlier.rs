//! What a published notice, its papers and its report said before they were changed: published things
//! are superseded, never edited without trace.

use super::{Attendance, Paper};
use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything that a session's page said before, each part oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Earlier {
    pub notices: Vec<EarlierNotice>,
    pub papers: Vec<EarlierPapers>,
    pub reports: Vec<EarlierReport>,
}

/// What of a notice may be changed after publication, as it was announced until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarlierNotice {
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub starts_at: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ends_at: Option<Timestamp>,
    pub place: Option<String>,
    pub attendance: Attendance,
    pub bring: Option<String>,
    pub discipline: Option<String>,
    pub contact: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replaced_at: Timestamp,
}

/// The papers as they were listed until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarlierPapers {
    pub papers: Vec<Paper>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replaced_at: Timestamp,
}

/// The report as it was published until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarlierReport {
    /// As written, in Markdown.
    pub report: String,
    /// The same, rendered and sanitised.
    pub report_html: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replaced_at: Timestamp,
}

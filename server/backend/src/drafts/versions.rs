//! The versions of a consultation's draft as rows, and who may read which.

use super::clauses;
use super::decoding;
use crate::comments::store::maybe_instant;
use crate::consultations::{Current, current};
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::{Backend, Viewer};
use domain::consultations::Number;
use domain::drafts::{Clause, Draft};
use domain::id::{ConsultationId, DraftId};
use sqlx::types::Uuid;
use std::sync::Arc;

sql! {
    ALL = "select id, version, follows_id, published_at from draft
        where consultation_id = $1
        order by version desc";
    GET = "select filename, warnings, published_at from draft where id = $1";
    ORIGINAL = "select filename, original from draft where id = $1";
}

row! { struct VersionRow {
    id: Uuid, version: i64, follows_id: Option<Uuid>, published_at: Option<i64>,
} }
row! { struct DraftRow {
    filename: Option<String>, warnings: String, published_at: Option<i64>,
} }

/// One version, without its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub id: DraftId,
    pub version: i64,
    /// The version with which it was aligned.
    pub follows: Option<DraftId>,
    pub is_published: bool,
}

/// A version with its clauses.
pub(crate) struct Text {
    pub version: Version,
    pub clauses: Vec<Clause>,
}

/// All versions, newest first.
pub(crate) async fn versions(
    conn: &mut Conn,
    consultation: ConsultationId,
) -> Result<Vec<Version>, Error> {
    let rows = fetch_all!(conn, ALL, VersionRow, consultation.0)?;
    let versions = rows.into_iter().map(|row| Version {
        id: DraftId(row.id),
        version: row.version,
        follows: row.follows_id.map(DraftId),
        is_published: row.published_at.is_some(),
    });
    Ok(versions.collect())
}

/// The version with which a new one is aligned, of versions newest first: the last public one,
/// because comments hang on its clauses, or else the last.
pub(super) fn base(versions: &[Version]) -> Option<Version> {
    versions
        .iter()
        .find(|version| version.is_published)
        .or(versions.first())
        .copied()
}

/// A version with its clauses.
pub(crate) async fn text(conn: &mut Conn, version: Version) -> Result<Text, Error> {
    Ok(Text {
        version,
        clauses: clauses::tree(conn, version.id).await?,
    })
}

/// The consultation and those of its versions that the viewer may read.
pub(super) async fn readable(
    conn: &mut Conn,
    number: Number,
    viewer: Viewer<'_>,
) -> Result<Option<(Current, Vec<Version>)>, Error> {
    let Some(current) = current(conn, number).await? else {
        return Ok(None);
    };
    let all = current.shows_all_to(viewer);
    if !all && !current.is_public() {
        return Ok(None);
    }
    let mut versions = versions(conn, current.id).await?;
    versions.retain(|version| all || version.is_published);
    Ok(Some((current, versions)))
}

async fn readable_version(
    conn: &mut Conn,
    number: Number,
    version: i64,
    viewer: Viewer<'_>,
) -> Result<Option<Version>, Error> {
    let found = readable(conn, number, viewer).await?;
    Ok(found.and_then(|(_, all)| all.into_iter().find(|one| one.version == version)))
}

/// A version with its clauses, if there is one that the viewer may read. A published one is
/// remembered.
pub async fn get(
    backend: &Backend,
    number: Number,
    version: i64,
    viewer: Viewer<'_>,
) -> Result<Option<Arc<Draft>>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = readable_version(&mut conn, number, version, viewer).await? else {
        return Ok(None);
    };
    read(backend, &mut conn, found.id, version).await.map(Some)
}

/// A version that the viewer may read.
pub(crate) async fn read(
    backend: &Backend,
    conn: &mut Conn,
    id: DraftId,
    version: i64,
) -> Result<Arc<Draft>, Error> {
    let kept = &backend.published().texts;
    if let Some(draft) = kept.get(&id) {
        return Ok(draft);
    }
    let row = fetch_one!(conn, GET, DraftRow, id.0)?;
    let draft = Arc::new(Draft {
        version,
        filename: row.filename,
        published_at: maybe_instant(row.published_at)?,
        clauses: clauses::tree(conn, id).await?,
        warnings: serde_json::from_str(&row.warnings).map_err(|_| corrupt("draft.warnings"))?,
    });
    if draft.published_at.is_some() {
        kept.insert(id, Arc::clone(&draft));
    }
    Ok(draft)
}

/// A draft as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    pub filename: Option<String>,
    pub bytes: Vec<u8>,
    /// `text/markdown` or `text/plain`, with the encoding of the bytes.
    pub media_type: String,
}

/// The file of a version, byte for byte.
pub async fn original(
    backend: &Backend,
    number: Number,
    version: i64,
    viewer: Viewer<'_>,
) -> Result<Option<Original>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let Some(found) = readable_version(&mut conn, number, version, viewer).await? else {
        return Ok(None);
    };
    let (filename, bytes): (Option<String>, Vec<u8>) =
        fetch_one!(conn, ORIGINAL, (Option<String>, Vec<u8>), found.id.0)?;
    let (_, charset) = decoding::decode(&bytes).ok_or_else(|| corrupt("draft.original"))?;
    let name = filename.as_deref().unwrap_or_default().to_ascii_lowercase();
    let kind = match name.ends_with(".md") || name.ends_with(".markdown") {
        true => "markdown",
        false => "plain",
    };
    let media_type = format!("text/{kind}; charset={}", charset.to_ascii_lowercase());
    Ok(Some(Original {
        filename,
        bytes,
        media_type,
    }))
}

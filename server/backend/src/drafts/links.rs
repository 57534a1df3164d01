//! What the clauses of a version were in the version it follows, as rows.

use crate::db::{Conn, Tx};
use crate::error::{Error, corrupt};
use domain::drafts::align::Link;
use domain::id::{ClauseId, DraftId};
use serde::Serialize;
use sqlx::types::Uuid;
use std::collections::HashMap;

sql! {
    INSERT = {
        sqlite: "insert into clause_link (draft_id, old_clause_id, new_clause_id, kind, confidence)
            select $2, unhex(value ->> 'old'), unhex(value ->> 'new'), value ->> 'kind',
                value ->> 'confidence'
            from json_each($1)",
        postgres: "insert into clause_link (draft_id, old_clause_id, new_clause_id, kind, confidence)
            select $2, cast(r.old as uuid), cast(r.new as uuid), r.kind, r.confidence
            from jsonb_to_recordset(cast($1 as jsonb)) as r (old text, new text, kind text,
                confidence bigint)",
    };
    DELETE = "delete from clause_link where draft_id = $1";
    OF_DRAFTS = "select draft_id, old_clause_id, new_clause_id, kind, confidence from clause_link
        where draft_id in (select unhex(value) from json_each(cast($1 as text)))";
}

row! { struct LinkRow {
    draft_id: Uuid, old_clause_id: Uuid, new_clause_id: Uuid, kind: String, confidence: i64,
} }

#[derive(Serialize)]
struct LinkRecord {
    old: String,
    new: String,
    kind: &'static str,
    confidence: u8,
}

/// Writes the links of a version.
pub(super) async fn insert(tx: &mut Tx, draft: DraftId, links: &[Link]) -> Result<(), Error> {
    let records: Vec<LinkRecord> = links
        .iter()
        .map(|link| LinkRecord {
            old: link.old.0.simple().to_string(),
            new: link.new.0.simple().to_string(),
            kind: link.kind.code(),
            confidence: link.confidence,
        })
        .collect();
    let records = serde_json::to_string(&records)
        .map_err(|e| Error::Internal(format!("links as JSON: {e}")))?;
    execute!(tx, INSERT, records, draft.0)?;
    Ok(())
}

/// Writes them anew.
pub(super) async fn replace(tx: &mut Tx, draft: DraftId, links: &[Link]) -> Result<(), Error> {
    execute!(tx, DELETE, draft.0)?;
    insert(tx, draft, links).await
}

/// The links of several versions.
pub(super) async fn of_drafts(
    conn: &mut Conn,
    drafts: &[DraftId],
) -> Result<HashMap<DraftId, Vec<Link>>, Error> {
    let ids: Vec<Uuid> = drafts.iter().map(|draft| draft.0).collect();
    let rows = fetch_all!(
        conn,
        OF_DRAFTS,
        LinkRow,
        crate::comments::queue::id_list(&ids)?
    )?;
    let mut links: HashMap<DraftId, Vec<Link>> = HashMap::new();
    for row in rows {
        links.entry(DraftId(row.draft_id)).or_default().push(Link {
            old: ClauseId(row.old_clause_id),
            new: ClauseId(row.new_clause_id),
            kind: row.kind.parse().map_err(|_| corrupt("clause_link.kind"))?,
            confidence: u8::try_from(row.confidence)
                .map_err(|_| corrupt("clause_link.confidence"))?,
        });
    }
    Ok(links)
}

//! The clauses of a version as rows: written in one statement, read back as a tree, and the ids
//! and labels that other features ask for.

use crate::Backend;
use crate::db::{Conn, Tx};
use crate::error::{Error, corrupt};
use domain::drafts::Clause;
use domain::id::{ClauseId, DraftId};
use serde::Serialize;
use sqlx::types::Uuid;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

sql! {
    INSERT = {
        sqlite: "insert into clause (draft_id, position, depth, id, kind, label, path, body)
            select $2, value ->> 'position', value ->> 'depth', unhex(value ->> 'id'),
                value ->> 'kind', value ->> 'label', value ->> 'path', value ->> 'body'
            from json_each($1)",
        postgres: "insert into clause (draft_id, position, depth, id, kind, label, path, body)
            select $2, r.position, r.depth, cast(r.id as uuid), r.kind, r.label, r.path, r.body
            from jsonb_to_recordset(cast($1 as jsonb)) as r (position bigint, depth bigint,
                id text, kind text, label text, path text, body text)",
    };
    DELETE = "delete from clause where draft_id = $1";
    TREE = "select depth, id, kind, label, path, body from clause
        where draft_id = $1
        order by position";
    IDS = "select id from clause where draft_id = $1";
    LABELS = "select id, label from clause where draft_id = $1";
    IS_PUBLISHED = "select cast(count(*) as bigint) from draft
        where id = $1 and published_at is not null";
}

row! { struct ClauseRow {
    depth: i64, id: Uuid, kind: String, label: String, path: String, body: String,
} }

#[derive(Serialize)]
struct ClauseRecord<'a> {
    position: usize,
    depth: usize,
    id: String,
    kind: &'static str,
    label: &'a str,
    /// A JSON list, as text.
    path: String,
    body: &'a str,
}

/// Writes all clauses of a version.
pub(super) async fn insert(tx: &mut Tx, draft: DraftId, clauses: &[Clause]) -> Result<(), Error> {
    let mut records = Vec::new();
    flatten(clauses, 0, &mut records)?;
    let records = serde_json::to_string(&records)
        .map_err(|e| Error::Internal(format!("clauses as JSON: {e}")))?;
    execute!(tx, INSERT, records, draft.0)?;
    Ok(())
}

/// Writes them anew, for a version that nobody outside has seen.
pub(super) async fn replace(tx: &mut Tx, draft: DraftId, clauses: &[Clause]) -> Result<(), Error> {
    execute!(tx, DELETE, draft.0)?;
    insert(tx, draft, clauses).await
}

fn flatten<'a>(
    clauses: &'a [Clause],
    depth: usize,
    records: &mut Vec<ClauseRecord<'a>>,
) -> Result<(), Error> {
    for clause in clauses {
        records.push(ClauseRecord {
            position: records.len(),
            depth,
            id: clause.id.0.simple().to_string(),
            kind: clause.kind.code(),
            label: &clause.label,
            path: serde_json::to_string(&clause.path)
                .map_err(|e| Error::Internal(format!("path as JSON: {e}")))?,
            body: &clause.text,
        });
        flatten(&clause.children, depth + 1, records)?;
    }
    Ok(())
}

/// The clauses of a version, as a tree in document order.
pub(super) async fn tree(conn: &mut Conn, draft: DraftId) -> Result<Vec<Clause>, Error> {
    let rows = fetch_all!(conn, TREE, ClauseRow, draft.0)?;
    // Open branches, outermost first; a row closes every branch that is not above it.
    let mut roots = Vec::new();
    let mut open: Vec<(i64, Clause)> = Vec::new();
    for row in rows {
        close_down_to(&mut open, row.depth, &mut roots);
        open.push((row.depth, row.clause()?));
    }
    close_down_to(&mut open, 0, &mut roots);
    Ok(roots)
}

fn close_down_to(open: &mut Vec<(i64, Clause)>, depth: i64, roots: &mut Vec<Clause>) {
    while let Some((_, clause)) = open.pop_if(|(at, _)| *at >= depth) {
        match open.last_mut() {
            Some((_, parent)) => parent.children.push(clause),
            None => roots.push(clause),
        }
    }
}

impl ClauseRow {
    fn clause(self) -> Result<Clause, Error> {
        Ok(Clause {
            id: ClauseId(self.id),
            kind: self.kind.parse().map_err(|_| corrupt("clause.kind"))?,
            label: self.label,
            path: serde_json::from_str(&self.path).map_err(|_| corrupt("clause.path"))?,
            text: self.body,
            children: Vec::new(),
        })
    }
}

async fn clause_ids(conn: &mut Conn, draft: DraftId) -> Result<HashSet<ClauseId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(conn, IDS, (Uuid,), draft.0)?;
    Ok(rows.into_iter().map(|(id,)| ClauseId(id)).collect())
}

/// Labels of a version's clauses.
pub(crate) async fn clause_labels(
    conn: &mut Conn,
    draft: DraftId,
) -> Result<HashMap<ClauseId, String>, Error> {
    let rows: Vec<(Uuid, String)> = fetch_all!(conn, LABELS, (Uuid, String), draft.0)?;
    Ok(rows
        .into_iter()
        .map(|(id, label)| (ClauseId(id), label))
        .collect())
}

/// Ids of every clause of a version, with paragraphs and items; remembered if it is published.
pub(crate) async fn clause_set(
    backend: &Backend,
    conn: &mut Conn,
    draft: DraftId,
) -> Result<Arc<HashSet<ClauseId>>, Error> {
    let kept = &backend.published().ids;
    if let Some(ids) = kept.get(&draft) {
        return Ok(ids);
    }
    let (published,): (i64,) = fetch_one!(conn, IS_PUBLISHED, (i64,), draft.0)?;
    let ids = Arc::new(clause_ids(conn, draft).await?);
    if published > 0 {
        kept.insert(draft, Arc::clone(&ids));
    }
    Ok(ids)
}

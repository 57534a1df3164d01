//! What everyone may read: published comments, newest first, all or those on one clause.

use super::queue::{self, PointRow};
use crate::Backend;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::comments::{
    Author, AuthorKind, CommentNumber, Display, PublicAuthor, PublicComment, PublicPoint,
};
use domain::consultations::{Number, Page};
use domain::id::{ClauseId, PointId};
use domain::limits;
use sqlx::types::Uuid;

sql! {
    CONSULTATION = "select id from consultation
        where year = $1 and serial = $2 and round_id is not null";
    NEWEST = "select serial, kind, display, name, received_at from comment
        where consultation_id = $1 and state = 'published' and serial < $2
        order by serial desc
        limit $3";
    ON_CLAUSES = "select serial, kind, display, name, received_at from comment
        where consultation_id = $1 and state = 'published' and serial < $2
        and exists (select 1 from point
            where point.comment_id = comment.id
            and point.clause_id in (select unhex(value) from json_each(cast($4 as text))))
        order by serial desc
        limit $3";
    // A clause with its paragraphs and items, in whichever versions it occurs.
    WITH_CHILDREN = "select child.id
        from clause
        join draft on draft.id = clause.draft_id
        join clause child on child.draft_id = clause.draft_id
        where draft.consultation_id = $1 and clause.id = $2
        and child.position >= clause.position
        and child.position < coalesce((select min(after.position) from clause after
            where after.draft_id = clause.draft_id and after.position > clause.position
            and after.depth <= clause.depth), 9223372036854775807)";
}

row! { struct CommentRow {
    serial: i64, kind: String, display: String, name: Option<String>, received_at: i64,
} }

/// A page of published comments. With `clause`, those with a point on it or on one of its
/// paragraphs and items, and of each only such points. `after` is the `next` of the page before.
///
/// Fails with `NotFound` if the consultation is not public.
pub async fn published(
    backend: &Backend,
    number: Number,
    clause: Option<ClauseId>,
    after: Option<&str>,
) -> Result<Page<PublicComment>, Error> {
    let before = match after {
        Some(key) => key.parse::<i64>().map_err(|_| Error::NotFound)?,
        None => i64::MAX,
    };
    let mut conn = backend.db().read().await?;
    let found: Option<(Uuid,)> = fetch_optional!(
        conn,
        CONSULTATION,
        (Uuid,),
        i64::from(number.year),
        i64::from(number.serial)
    )?;
    let (consultation,) = found.ok_or(Error::NotFound)?;
    let limit = limits::PAGE as i64 + 1;
    let wanted = match clause {
        Some(clause) => Some(with_children(&mut conn, consultation, clause).await?),
        None => None,
    };
    let mut rows = match &wanted {
        None => fetch_all!(conn, NEWEST, CommentRow, consultation, before, limit)?,
        Some(clauses) => {
            let clauses = queue::id_list(clauses)?;
            fetch_all!(
                conn,
                ON_CLAUSES,
                CommentRow,
                consultation,
                before,
                limit,
                clauses
            )?
        }
    };
    let more = rows.len() > limits::PAGE;
    rows.truncate(limits::PAGE);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| row.serial.to_string());
    let serials: Vec<i64> = rows.iter().map(|row| row.serial).collect();
    let mut points = queue::points_of(&mut conn, consultation, &serials).await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let points = points.remove(&row.serial).unwrap_or_default();
            let shown = points
                .into_iter()
                .filter(|point| match (&wanted, point.clause_id) {
                    (None, _) => true,
                    (Some(clauses), Some(id)) => clauses.contains(&id),
                    (Some(_), None) => false,
                });
            let shown = shown.map(public_point).collect::<Result<_, Error>>()?;
            public_comment(number, row, shown)
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next })
}

/// The ids of a clause, its paragraphs and items.
pub(crate) async fn with_children(
    conn: &mut Conn,
    consultation: Uuid,
    clause: ClauseId,
) -> Result<Vec<Uuid>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(conn, WITH_CHILDREN, (Uuid,), consultation, clause.0)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A sender as the public reads it.
pub(crate) fn public_author(
    kind: &str,
    display: &str,
    name: Option<String>,
) -> Result<PublicAuthor, Error> {
    let author = Author {
        kind: kind
            .parse::<AuthorKind>()
            .map_err(|_| corrupt("comment.kind"))?,
        display: display
            .parse::<Display>()
            .map_err(|_| corrupt("comment.display"))?,
        name,
    };
    Ok(PublicAuthor {
        kind: author.kind,
        name: author.public_name(),
        display: author.display,
    })
}

fn public_comment(
    number: Number,
    row: CommentRow,
    points: Vec<PublicPoint>,
) -> Result<PublicComment, Error> {
    Ok(PublicComment {
        number: CommentNumber {
            consultation: number,
            serial: row.serial,
        },
        author: public_author(&row.kind, &row.display, row.name)?,
        received_at: instant(row.received_at)?,
        points,
    })
}

fn public_point(row: PointRow) -> Result<PublicPoint, Error> {
    let response = if row.answered.is_some() {
        row.response()?
    } else {
        None
    };
    Ok(PublicPoint {
        id: PointId(row.id),
        clause: row.clause_id.map(ClauseId),
        clause_label: row.clause_label,
        text: row.body,
        html: row.html,
        proposed: row.proposed,
        response,
    })
}

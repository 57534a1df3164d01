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
use domain::id::{ClauseId, ConsultationId, PointId};
use domain::limits;
use serde::Deserialize;
use sqlx::types::Uuid;
use std::cmp::Reverse;

sql! {
    CONSULTATION = "select id from consultation
        where year = $1 and serial = $2 and round_id is not null";
    // A whole page as one JSON text, in no order: a driver takes longer over a hundred rows than the
    // database over the page. `$4` is a list of clause ids, or empty for all comments. The sum keeps SQLite
    // from planning anew for each limit.
    LIST = {
        sqlite: "select json_group_array(json_object('serial', comment.serial,
                'kind', comment.kind, 'display', comment.display, 'name', comment.name,
                'received_at', comment.received_at, 'points', (
                    select json_group_array(json_object('id', hex(point.id),
                        'clause_id', nullif(hex(point.clause_id), ''), 'clause_label', clause.label,
                        'position', point.position, 'body', point.body, 'html', point.html, 'proposed', point.proposed,
                        'answered', feedback.published_at,
                        'disposition', response.disposition, 'reason', response.reason,
                        'change_clause_id', nullif(hex(response.change_clause_id), ''),
                        'change_label', (select changed.label from clause changed
                            join draft on draft.id = changed.draft_id
                            where changed.id = response.change_clause_id
                            and draft.consultation_id = point.consultation_id
                            and draft.published_at is not null
                            order by draft.version desc limit 1)))
                    from point
                    left join clause on clause.draft_id = round.draft_id
                        and clause.id = point.clause_id
                    left join response on response.point_id = point.id
                    where point.comment_id = comment.id)))
            from comment
            join round on round.id = comment.round_id
            left join feedback on feedback.consultation_id = comment.consultation_id
                and feedback.stage = comment.stage
            where comment.id in (select chosen.id from comment chosen
                where chosen.consultation_id = $1 and chosen.state = 'published'
                and chosen.serial < $2
                and ($4 = '' or exists (select 1 from point
                    where point.comment_id = chosen.id and point.clause_id in (
                        select unhex(value) from json_each(nullif(cast($4 as text), '')))))
                order by chosen.serial desc
                limit $3 + 0)",
        postgres: "select cast(coalesce(json_agg(json_build_object('serial', comment.serial,
                'kind', comment.kind, 'display', comment.display, 'name', comment.name,
                'received_at', comment.received_at, 'points', (
                    select json_agg(json_build_object('id', point.id,
                        'clause_id', point.clause_id, 'clause_label', clause.label,
                        'position', point.position, 'body', point.body, 'html', point.html, 'proposed', point.proposed,
                        'answered', feedback.published_at,
                        'disposition', response.disposition, 'reason', response.reason,
                        'change_clause_id', response.change_clause_id,
                        'change_label', (select changed.label from clause changed
                            join draft on draft.id = changed.draft_id
                            where changed.id = response.change_clause_id
                            and draft.consultation_id = point.consultation_id
                            and draft.published_at is not null
                            order by draft.version desc limit 1)))
                    from point
                    left join clause on clause.draft_id = round.draft_id
                        and clause.id = point.clause_id
                    left join response on response.point_id = point.id
                    where point.comment_id = comment.id))), '[]') as text)
            from comment
            join round on round.id = comment.round_id
            left join feedback on feedback.consultation_id = comment.consultation_id
                and feedback.stage = comment.stage
            where comment.id in (select chosen.id from comment chosen
                where chosen.consultation_id = $1 and chosen.state = 'published'
                and chosen.serial < $2
                and ($4 = '' or exists (select 1 from point
                    where point.comment_id = chosen.id and point.clause_id in (
                        select unhex(value) from json_each(nullif(cast($4 as text), '')))))
                order by chosen.serial desc
                limit $3 + 0)",
    };
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

#[derive(Deserialize)]
struct ListedComment {
    serial: i64,
    kind: String,
    display: String,
    name: Option<String>,
    received_at: i64,
    points: Vec<PointRow>,
}

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
    let mut conn = backend.db().snapshot().await?;
    let found: Option<(Uuid,)> = fetch_optional!(
        conn,
        CONSULTATION,
        (Uuid,),
        i64::from(number.year),
        i64::from(number.serial)
    )?;
    let (consultation,) = found.ok_or(Error::NotFound)?;
    let wanted = Wanted {
        clause,
        after,
        limit: limits::PAGE,
    };
    page(&mut conn, ConsultationId(consultation), number, &wanted).await
}

/// Which published comments are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those on this clause and its parts.
    pub clause: Option<ClauseId>,
    /// The `next` of the page before.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: usize,
}

/// A page of the published comments of a public consultation.
pub(crate) async fn page(
    conn: &mut Conn,
    consultation: ConsultationId,
    number: Number,
    wanted: &Wanted<'_>,
) -> Result<Page<PublicComment>, Error> {
    let before = match wanted.after {
        Some(key) => key.parse::<i64>().map_err(|_| Error::NotFound)?,
        None => i64::MAX,
    };
    let clauses = match wanted.clause {
        Some(clause) => Some(with_children(conn, consultation.0, clause).await?),
        None => None,
    };
    let listed = match &clauses {
        Some(clauses) => queue::id_list(clauses)?,
        None => String::new(),
    };
    let limit = wanted.limit as i64 + 1;
    let (json,): (String,) =
        fetch_one!(conn, LIST, (String,), consultation.0, before, limit, listed)?;
    let mut rows: Vec<ListedComment> =
        serde_json::from_str(&json).map_err(|_| corrupt("a page of comments"))?;
    let more = rows.len() > wanted.limit;
    rows.sort_unstable_by_key(|row| Reverse(row.serial));
    rows.truncate(wanted.limit);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| row.serial.to_string());
    let items = rows
        .into_iter()
        .map(|row| row.public(number, clauses.as_deref()))
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

impl ListedComment {
    /// With its points on these clauses, or all.
    fn public(self, number: Number, clauses: Option<&[Uuid]>) -> Result<PublicComment, Error> {
        let mut points = self.points;
        points.sort_unstable_by_key(|point| point.position);
        let shown = points.into_iter().filter(|point| {
            clauses.is_none_or(|clauses| point.clause_id.is_some_and(|id| clauses.contains(&id)))
        });
        Ok(PublicComment {
            points: shown.map(public_point).collect::<Result<_, Error>>()?,
            number: CommentNumber {
                consultation: number,
                serial: self.serial,
            },
            author: public_author(&self.kind, &self.display, self.name)?,
            received_at: instant(self.received_at)?,
        })
    }
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

//! What everyone may read: published comments, newest first, all or those on one clause.

use super::queue::PointRow;
use super::standing::{Standing, Written};
use crate::Backend;
use crate::consultations::current;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::comments::{
    Author, AuthorKind, ClausePlace, CommentNumber, Display, PublicAuthor, PublicComment,
    PublicPoint,
};
use domain::consultations::{Number, Page};
use domain::hearings::HearingNumber;
use domain::id::{ClauseId, ConsultationId, PointId};
use sqlx::types::Uuid;
use std::cmp::Reverse;

sql! {
    // A row for each point, in no order. `$4` is a list of rounds with clauses, or empty for all
    // comments; `$5` a stage, or 0 for all. The sum keeps SQLite from planning anew for each limit.
    LIST = "select chosen.serial, chosen.round_id, chosen.kind, chosen.display, chosen.name,
            chosen.received_at, chosen.hearing, point.id, point.position, point.clause_id,
            clause.label as clause_label, point.body, point.html, point.proposed,
            point.proposed_html, feedback.published_at as answered, response.disposition,
            response.reason, response.change_clause_id,
            case when response.change_clause_id is not null then (
                select changed.label from clause changed
                join draft on draft.id = changed.draft_id
                where changed.id = response.change_clause_id
                and draft.consultation_id = point.consultation_id
                and draft.published_at is not null
                order by draft.version desc limit 1) end as change_label
        from (select comment.id, comment.consultation_id, comment.stage, comment.serial,
                comment.round_id, comment.kind, comment.display, comment.name,
                comment.received_at,
                (select hearing.serial from hearing where hearing.id = comment.hearing_id) as hearing
            from comment
            where comment.consultation_id = $1 and comment.state = 'published'
            and comment.serial < $2
            and ($5 = cast(0 as bigint) or comment.stage = $5)
            and ($4 = '' or exists (select 1 from point
                where point.comment_id = comment.id
                and (comment.round_id, point.clause_id) in (
                    select unhex(substr(value, 1, 32)), unhex(substr(value, 33))
                    from json_each(nullif(cast($4 as text), '')))))
            order by comment.serial desc
            limit $3 + 0) chosen
        join round on round.id = chosen.round_id
        join point on point.comment_id = chosen.id
        left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
        left join response on response.point_id = point.id
        left join feedback on feedback.consultation_id = chosen.consultation_id
            and feedback.stage = chosen.stage";
}

row! { struct ListedPoint {
    serial: i64, round_id: Uuid, kind: String, display: String, name: Option<String>,
    received_at: i64, hearing: Option<i64>, id: Uuid, position: i64, clause_id: Option<Uuid>,
    clause_label: Option<String>, body: String, html: String, proposed: Option<String>,
    proposed_html: Option<String>, answered: Option<i64>, disposition: Option<String>,
    reason: Option<String>, change_clause_id: Option<Uuid>, change_label: Option<String>,
} }

/// A comment with its points.
struct ListedComment {
    serial: i64,
    round_id: Uuid,
    kind: String,
    display: String,
    name: Option<String>,
    received_at: i64,
    /// The session at which it was said.
    hearing: Option<i64>,
    points: Vec<PointRow>,
}

/// Newest first, each with its points in their order.
fn gathered(mut rows: Vec<ListedPoint>) -> Vec<ListedComment> {
    rows.sort_unstable_by_key(|row| (Reverse(row.serial), row.position));
    let mut comments: Vec<ListedComment> = Vec::new();
    for row in rows {
        let point = PointRow {
            id: row.id,
            clause_id: row.clause_id,
            clause_label: row.clause_label,
            body: row.body,
            html: row.html,
            proposed: row.proposed,
            proposed_html: row.proposed_html,
            answered: row.answered,
            disposition: row.disposition,
            reason: row.reason,
            change_clause_id: row.change_clause_id,
            change_label: row.change_label,
        };
        match comments.last_mut() {
            Some(comment) if comment.serial == row.serial => comment.points.push(point),
            _ => comments.push(ListedComment {
                serial: row.serial,
                round_id: row.round_id,
                kind: row.kind,
                display: row.display,
                name: row.name,
                received_at: row.received_at,
                hearing: row.hearing,
                points: vec![point],
            }),
        }
    }
    comments
}

/// Which published comments are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those that stand on this clause and its parts, and of each only the points that do.
    pub clause: Option<ClauseId>,
    /// Those of this stage; else those of all.
    pub stage: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: usize,
}

/// A page of published comments.
///
/// Fails with `NotFound` if the consultation is not public.
pub async fn published(
    backend: &Backend,
    number: Number,
    wanted: &Wanted<'_>,
) -> Result<Page<PublicComment>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number).await?.ok_or(Error::NotFound)?;
    let standing = Standing::now(backend, &mut conn, &found).await?;
    let standing = standing.ok_or(Error::NotFound)?;
    page(backend, &mut conn, found.id, number, &standing, wanted).await
}

/// A page of the published comments of a public consultation.
pub(crate) async fn page(
    backend: &Backend,
    conn: &mut Conn,
    consultation: ConsultationId,
    number: Number,
    standing: &Standing,
    wanted: &Wanted<'_>,
) -> Result<Page<PublicComment>, Error> {
    let before = match wanted.after {
        Some(key) => key.parse::<i64>().map_err(|_| Error::NotFound)?,
        None => i64::MAX,
    };
    let written = match wanted.clause {
        Some(clause) => Some(standing.on(backend, conn, clause).await?),
        None => None,
    };
    let listed = match &written {
        Some(written) => written.list()?,
        None => String::new(),
    };
    let limit = wanted.limit as i64 + 1;
    let rows = fetch_all!(
        conn,
        LIST,
        ListedPoint,
        consultation.0,
        before,
        limit,
        listed,
        wanted.stage.unwrap_or(0)
    )?;
    let mut rows = gathered(rows);
    let more = rows.len() > wanted.limit;
    rows.truncate(wanted.limit);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| row.serial.to_string());
    let names = standing.names();
    let place = |round, clause| standing.places(&names, round, clause);
    let items = rows
        .into_iter()
        .map(|row| row.public(number, written.as_ref(), &place))
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next })
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
    /// With the points that are wanted, each with the places of its clause.
    fn public(
        self,
        number: Number,
        written: Option<&Written>,
        places: &impl Fn(Uuid, ClauseId) -> Vec<ClausePlace>,
    ) -> Result<PublicComment, Error> {
        let round = self.round_id;
        let shown = self.points.into_iter().filter(|point| {
            let clause = point.clause_id;
            written.is_none_or(|written| clause.is_some_and(|id| written.contains(round, id)))
        });
        let shown = shown.map(|point| {
            let clause = point.clause_id.map(ClauseId);
            let clause_now = clause.map_or_else(Vec::new, |clause| places(round, clause));
            public_point(point, clause_now)
        });
        Ok(PublicComment {
            points: shown.collect::<Result<_, Error>>()?,
            number: CommentNumber {
                consultation: number,
                serial: self.serial,
            },
            author: public_author(&self.kind, &self.display, self.name)?,
            hearing: said_at(number, self.hearing),
            received_at: instant(self.received_at)?,
        })
    }
}

/// The session of this serial number at which something was said.
pub(crate) fn said_at(consultation: Number, serial: Option<i64>) -> Option<HearingNumber> {
    serial.map(|serial| HearingNumber {
        consultation,
        serial,
    })
}

fn public_point(row: PointRow, clause_now: Vec<ClausePlace>) -> Result<PublicPoint, Error> {
    let response = if row.answered.is_some() {
        row.response()?
    } else {
        None
    };
    Ok(PublicPoint {
        id: PointId(row.id),
        clause: row.clause_id.map(ClauseId),
        clause_label: row.clause_label,
        clause_now,
        text: row.body,
        html: row.html,
        proposed: row.proposed,
        proposed_html: row.proposed_html,
        response,
    })
}

//! The published points of a stage with their answers: a page of them by key, how many got which
//! disposition, and the first ones behind each change.

use super::key::PointKey;
use crate::comments::published::{public_author, said_at};
use crate::comments::queue::id_list;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use domain::comments::CommentNumber;
use domain::consultations::Number;
use domain::feedback::{AnsweredPoint, Disposition, DispositionCount, Response};
use domain::id::{ClauseId, ConsultationId, PointId};
use sqlx::types::Uuid;
use std::collections::HashMap;

/// Points named behind one change at most; the others are a page away.
const BEHIND: i64 = 5;

sql! {
    // Points on the draft as a whole stand last. An empty disposition or list of clauses is none.
    PAGE = "select point.id, point.clause_id, clause.label, point.body, point.html, point.proposed,
            point.proposed_html, comment.serial, comment.kind, comment.display, comment.name,
            (select hearing.serial from hearing where hearing.id = comment.hearing_id) as hearing,
            response.disposition, response.reason, response.change_clause_id,
            coalesce(clause.position, 9223372036854775807) as place, point.position
        from comment
        join point on point.comment_id = comment.id
        join response on response.point_id = point.id
        join round on round.id = comment.round_id
        left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
        where comment.consultation_id = $1 and comment.stage = $2 and comment.state = 'published'
        and (coalesce(clause.position, 9223372036854775807), comment.serial, point.position)
            > ($3, $4, $5)
        and ($6 = '' or response.disposition = $6)
        and ($7 = '' or point.clause_id in (
                select unhex(value) from json_each(nullif(cast($7 as text), '')))
            or response.change_clause_id in (
                select unhex(value) from json_each(nullif(cast($7 as text), ''))))
        order by place, comment.serial, point.position
        limit $8";
    DISPOSITIONS = "select response.disposition, cast(count(*) as bigint)
        from comment
        join point on point.comment_id = comment.id
        join response on response.point_id = point.id
        where comment.consultation_id = $1 and comment.stage = $2 and comment.state = 'published'
        group by response.disposition";
    // Adopted points that were about the same clause and name the same change stand together.
    GROUPS = "select point.clause_id, response.change_clause_id, cast(count(*) as bigint)
        from comment
        join point on point.comment_id = comment.id
        join response on response.point_id = point.id
        where comment.consultation_id = $1 and comment.stage = $2 and comment.state = 'published'
        and response.disposition in ('adopted', 'adopted_in_substance', 'partly_adopted')
        group by point.clause_id, response.change_clause_id";
    FIRST_OF_GROUPS = "select listed.id, listed.clause_id, listed.label, listed.body, listed.html,
            listed.proposed, listed.proposed_html, listed.serial, listed.kind, listed.display,
            listed.name, listed.hearing, listed.disposition, listed.reason, listed.change_clause_id, listed.place,
            listed.position
        from (select point.id, point.clause_id, clause.label, point.body, point.html,
                point.proposed, point.proposed_html, comment.serial, comment.kind, comment.display,
                comment.name,
                (select hearing.serial from hearing where hearing.id = comment.hearing_id) as hearing,
                response.disposition, response.reason, response.change_clause_id,
                coalesce(clause.position, 9223372036854775807) as place, point.position,
                row_number() over (partition by point.clause_id, response.change_clause_id
                    order by comment.serial, point.position) as nth
            from comment
            join point on point.comment_id = comment.id
            join response on response.point_id = point.id
            join round on round.id = comment.round_id
            left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
            where comment.consultation_id = $1 and comment.stage = $2
            and comment.state = 'published'
            and response.disposition in ('adopted', 'adopted_in_substance', 'partly_adopted')
        ) listed
        where listed.nth <= $3
        order by listed.place, listed.serial, listed.position";
}

row! { struct PointRow {
    id: Uuid, clause_id: Option<Uuid>, label: Option<String>, body: String, html: String,
    proposed: Option<String>, proposed_html: Option<String>, serial: i64, kind: String,
    display: String, name: Option<String>, hearing: Option<i64>, disposition: String, reason: Option<String>,
    change_clause_id: Option<Uuid>, place: i64, position: i64,
} }

/// Which points of an account are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those with this disposition.
    pub disposition: Option<Disposition>,
    /// Those on this clause and its parts, and those that changed it.
    pub clause: Option<ClauseId>,
    /// The `next` of the page before.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: usize,
}

/// The stage of a consultation that an account is about.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    pub number: Number,
    pub consultation: ConsultationId,
    pub stage: i64,
}

/// The labels that clauses have in the version that came out, or else in the one commented on.
pub(super) struct Labels<'a> {
    pub of: &'a HashMap<ClauseId, String>,
    /// Whether there is a version that came out.
    pub is_new: bool,
}

/// A page of points; `clauses` are the ids that `wanted.clause` stands for.
pub(super) async fn page(
    conn: &mut Conn,
    of: Stage,
    wanted: &Wanted<'_>,
    clauses: Option<&[Uuid]>,
    labels: &Labels<'_>,
) -> Result<(Vec<AnsweredPoint>, Option<String>), Error> {
    let [place, serial, position] = PointKey::after(wanted.after)?;
    let clauses = clauses.map(id_list).transpose()?.unwrap_or_default();
    let rows = fetch_all!(
        conn,
        PAGE,
        PointRow,
        of.consultation.0,
        of.stage,
        place,
        serial,
        position,
        wanted.disposition.map_or("", Disposition::code),
        clauses,
        wanted.limit as i64 + 1
    );
    let mut rows = rows?;
    let more = rows.len() > wanted.limit;
    rows.truncate(wanted.limit);
    let next = rows.last().filter(|_| more).map(PointRow::key);
    let points = rows
        .into_iter()
        .map(|row| row.answered(of.number, labels))
        .collect::<Result<_, Error>>()?;
    Ok((points, next))
}

/// How many points got which disposition, in the order of the list.
pub(super) async fn dispositions(
    conn: &mut Conn,
    consultation: ConsultationId,
    stage: i64,
) -> Result<Vec<DispositionCount>, Error> {
    let rows: Vec<(String, i64)> =
        fetch_all!(conn, DISPOSITIONS, (String, i64), consultation.0, stage)?;
    let mut counts = rows
        .into_iter()
        .map(|(code, points)| {
            let disposition = code.parse().map_err(|_| corrupt("response.disposition"))?;
            Ok(DispositionCount {
                disposition,
                points,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let place = |wanted: Disposition| Disposition::ALL.iter().position(|one| *one == wanted);
    counts.sort_by_key(|count| place(count.disposition));
    Ok(counts)
}

/// Adopted points that were about the same clause and name the same changed clause.
pub(super) struct Adopted {
    pub clause: Option<ClauseId>,
    pub change: Option<ClauseId>,
    pub total: i64,
}

/// All groups of adopted points.
pub(super) async fn adopted(conn: &mut Conn, of: Stage) -> Result<Vec<Adopted>, Error> {
    let rows: Vec<(Option<Uuid>, Option<Uuid>, i64)> = fetch_all!(
        conn,
        GROUPS,
        (Option<Uuid>, Option<Uuid>, i64),
        of.consultation.0,
        of.stage
    )?;
    let groups = rows.into_iter().map(|(clause, change, total)| Adopted {
        clause: clause.map(ClauseId),
        change: change.map(ClauseId),
        total,
    });
    Ok(groups.collect())
}

/// The first points of each group, by clause and then by time.
pub(super) async fn first_adopted(
    conn: &mut Conn,
    of: Stage,
    labels: &Labels<'_>,
) -> Result<Vec<AnsweredPoint>, Error> {
    let rows = fetch_all!(
        conn,
        FIRST_OF_GROUPS,
        PointRow,
        of.consultation.0,
        of.stage,
        BEHIND
    )?;
    rows.into_iter()
        .map(|row| row.answered(of.number, labels))
        .collect()
}

/// So many points stand behind a change at most.
pub(super) const fn behind_at_most() -> usize {
    BEHIND as usize
}

impl PointRow {
    fn key(&self) -> String {
        PointKey::new([self.place, self.serial, self.position]).to_string()
    }

    fn answered(self, number: Number, labels: &Labels<'_>) -> Result<AnsweredPoint, Error> {
        let clause = self.clause_id.map(ClauseId);
        let change = self.change_clause_id.map(ClauseId);
        let label = |clause: Option<ClauseId>| clause.and_then(|id| labels.of.get(&id)).cloned();
        Ok(AnsweredPoint {
            id: PointId(self.id),
            comment: CommentNumber {
                consultation: number,
                serial: self.serial,
            }
            .to_string(),
            author: public_author(&self.kind, &self.display, self.name)?,
            hearing: said_at(number, self.hearing),
            clause,
            clause_label: self.label,
            new_clause_label: label(clause).filter(|_| labels.is_new),
            text: self.body,
            html: self.html,
            proposed: self.proposed,
            proposed_html: self.proposed_html,
            response: Response {
                disposition: self
                    .disposition
                    .parse()
                    .map_err(|_| corrupt("response.disposition"))?,
                reason: self.reason,
                change,
                change_label: label(change),
            },
        })
    }
}

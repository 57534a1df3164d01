//! The staff queue: every comment of a consultation, oldest first, by state, clause and text.

use super::published::said_at;
use super::standing::Standing;
use crate::Backend;
use crate::consultations::current;
use crate::db::Conn;
use crate::error::{Error, corrupt};
use crate::moment::instant;
use domain::comments::{CommentNumber, OwnPoint, QueueFilter, QueuedComment};
use domain::consultations::{Number, Page};
use domain::feedback::Response;
use domain::id::{ClauseId, PointId, UnitId};
use domain::staff::{Permit, right};
use domain::{limits, text};
use sqlx::types::Uuid;
use std::collections::HashMap;

sql! {
    // Flags switch the filters, so that one text serves every combination.
    PAGE = "select serial, state, hold_reason, kind, display, name, received_at, updated_at,
            (select hearing.serial from hearing where hearing.id = comment.hearing_id) as hearing
        from comment
        where consultation_id = $1 and serial > $2
        and ($3 = '' or state = $3)
        and ($4 = '' or exists (select 1 from point
            where point.comment_id = comment.id and point.search like $4 escape '\\'))
        and ($5 = '' or exists (select 1 from point
            where point.comment_id = comment.id
            and (comment.round_id, point.clause_id) in (
                select unhex(substr(value, 1, 32)), unhex(substr(value, 33))
                from json_each(nullif(cast($5 as text), '')))))
        and ($6 = cast(0 as bigint) or (state in ('received', 'published') and exists (select 1 from point
            where point.comment_id = comment.id
            and not exists (select 1 from response where response.point_id = point.id))))
        order by serial
        limit $7";
    // Points of the comments with these numbers, with the label of the clause in the version that
    // was commented on, and the response with the label of the changed clause in the newest
    // version that has it: once answered, the newest that everyone may read.
    POINTS = "select point.id, point.serial, point.position, point.clause_id, clause.label as clause_label,
            point.body, point.html, point.proposed, point.proposed_html,
            response.disposition, response.reason, response.change_clause_id,
            (select changed.label from clause changed
                join draft on draft.id = changed.draft_id
                where changed.id = response.change_clause_id
                and draft.consultation_id = point.consultation_id
                and (draft.published_at is not null or feedback.published_at is null)
                order by draft.version desc limit 1) as change_label,
            feedback.published_at as answered
        from point
        join comment on comment.id = point.comment_id
        join round on round.id = comment.round_id
        left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
        left join response on response.point_id = point.id
        left join feedback on feedback.consultation_id = comment.consultation_id
            and feedback.stage = comment.stage
        where point.consultation_id = $1
        and point.serial in (select cast(value as bigint) from json_each(cast($2 as text)))
        order by point.serial, point.position";
    POINT_HOME = "select consultation.unit_id, consultation.year, consultation.serial
        from point join consultation on consultation.id = point.consultation_id
        where point.id = $1";
}

row! { struct CommentRow {
    serial: i64, state: String, hold_reason: Option<String>, kind: String, display: String,
    name: Option<String>, received_at: i64, updated_at: i64, hearing: Option<i64>,
} }

row! {
    /// A point with its clause and response.
    struct StoredPoint {
        id: Uuid, serial: i64, clause_id: Option<Uuid>, clause_label: Option<String>,
        body: String, html: String, proposed: Option<String>, proposed_html: Option<String>,
        disposition: Option<String>, reason: Option<String>, change_clause_id: Option<Uuid>, change_label: Option<String>,
        answered: Option<i64>,
    }
}

/// A point with its clause, its response and whether the feedback is published.
pub(crate) struct PointRow {
    pub id: Uuid,
    pub clause_id: Option<Uuid>,
    pub clause_label: Option<String>,
    pub body: String,
    pub html: String,
    pub proposed: Option<String>,
    pub proposed_html: Option<String>,
    pub answered: Option<i64>,
    pub disposition: Option<String>,
    pub reason: Option<String>,
    pub change_clause_id: Option<Uuid>,
    pub change_label: Option<String>,
}

impl PointRow {
    /// The response, if staff have given one.
    pub fn response(&self) -> Result<Option<Response>, Error> {
        let Some(code) = &self.disposition else {
            return Ok(None);
        };
        Ok(Some(Response {
            disposition: code.parse().map_err(|_| corrupt("response.disposition"))?,
            reason: self.reason.clone(),
            change: self.change_clause_id.map(ClauseId),
            change_label: self.change_label.clone(),
        }))
    }

    /// As its sender and the staff see it; `with_response` only for those who may.
    pub fn own(self, with_response: bool) -> Result<OwnPoint, Error> {
        let response = if with_response {
            self.response()?
        } else {
            None
        };
        Ok(OwnPoint {
            id: PointId(self.id),
            clause: self.clause_id.map(ClauseId),
            clause_label: self.clause_label,
            text: self.body,
            html: self.html,
            proposed: self.proposed,
            proposed_html: self.proposed_html,
            response,
        })
    }
}

/// The points of some comments of a consultation, by comment number.
pub(crate) async fn points_of(
    conn: &mut Conn,
    consultation: Uuid,
    serials: &[i64],
) -> Result<HashMap<i64, Vec<PointRow>>, Error> {
    if serials.is_empty() {
        return Ok(HashMap::new());
    }
    let list = serde_json::to_string(serials)
        .map_err(|e| Error::Internal(format!("numbers as JSON: {e}")))?;
    let rows = fetch_all!(conn, POINTS, StoredPoint, consultation, list)?;
    let mut points: HashMap<i64, Vec<PointRow>> = HashMap::with_capacity(serials.len());
    for row in rows {
        points.entry(row.serial).or_default().push(PointRow {
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
        });
    }
    Ok(points)
}

/// Ids as a JSON list of hexadecimal texts, which both databases can read.
pub(crate) fn id_list(ids: &[Uuid]) -> Result<String, Error> {
    let texts: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    serde_json::to_string(&texts).map_err(|e| Error::Internal(format!("ids as JSON: {e}")))
}

/// A page of the queue. `after` is the `next` of the page before; an unknown clause finds nothing.
pub async fn queue(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: Number,
    filter: QueueFilter,
) -> Result<Page<QueuedComment>, Error> {
    let after = match filter.after.as_deref() {
        Some(key) => key.parse::<i64>().map_err(|_| Error::NotFound)?,
        None => 0,
    };
    let mut conn = backend.db().snapshot().await?;
    let found = current(&mut conn, number)
        .await?
        .filter(|found| found.unit == permit.unit());
    let found = found.ok_or(Error::NotFound)?;
    let consultation = found.id.0;
    let clauses = match filter.clause {
        Some(clause) => match Standing::now(backend, &mut conn, &found).await? {
            Some(standing) => standing.on(backend, &mut conn, clause).await?.list()?,
            None => {
                let (items, next) = (Vec::new(), None);
                return Ok(Page { items, next });
            }
        },
        None => String::new(),
    };
    let state = filter.state.map_or("", |state| state.code());
    let rows = fetch_all!(
        conn,
        PAGE,
        CommentRow,
        consultation,
        after,
        state,
        containing(filter.q.as_deref())?,
        clauses,
        i64::from(filter.unanswered),
        limits::PAGE as i64 + 1
    );
    let mut rows = rows?;
    let more = rows.len() > limits::PAGE;
    rows.truncate(limits::PAGE);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| row.serial.to_string());
    let serials: Vec<i64> = rows.iter().map(|row| row.serial).collect();
    let mut points = points_of(&mut conn, consultation, &serials).await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let points = points.remove(&row.serial).unwrap_or_default();
            Ok(QueuedComment {
                number: CommentNumber {
                    consultation: number,
                    serial: row.serial,
                },
                state: row.state.parse().map_err(|_| corrupt("comment.state"))?,
                hold_reason: row
                    .hold_reason
                    .map(|code| code.parse().map_err(|_| corrupt("comment.hold_reason")))
                    .transpose()?,
                kind: row.kind.parse().map_err(|_| corrupt("comment.kind"))?,
                display: row
                    .display
                    .parse()
                    .map_err(|_| corrupt("comment.display"))?,
                name: row.name,
                hearing: said_at(number, row.hearing),
                received_at: instant(row.received_at)?,
                seen: instant(row.updated_at)?,
                points: points
                    .into_iter()
                    .map(|point| point.own(true))
                    .collect::<Result<_, Error>>()?,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next })
}

/// A pattern for `like`, with its signs escaped; empty for no filter.
fn containing(q: Option<&str>) -> Result<String, Error> {
    let wanted =
        text::line(q.unwrap_or(""), limits::QUERY).map_err(|fault| Error::invalid("q", fault))?;
    Ok(wanted.map_or(String::new(), |wanted| {
        let escaped = text::fold(&wanted)
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        format!("%{escaped}%")
    }))
}

/// The unit and consultation to which a point belongs.
pub async fn points_unit(
    backend: &Backend,
    point: PointId,
) -> Result<Option<(UnitId, Number)>, Error> {
    let mut conn = backend.db().read().await?;
    let found: Option<(Uuid, i64, i64)> =
        fetch_optional!(conn, POINT_HOME, (Uuid, i64, i64), point.0)?;
    found
        .map(|(unit, year, serial)| Ok((UnitId(unit), stored_number(year, serial)?)))
        .transpose()
}

/// A stored consultation number.
pub(crate) fn stored_number(year: i64, serial: i64) -> Result<Number, Error> {
    Ok(Number {
        year: i16::try_from(year).map_err(|_| corrupt("consultation.year"))?,
        serial: u32::try_from(serial).map_err(|_| corrupt("consultation.serial"))?,
    })
}

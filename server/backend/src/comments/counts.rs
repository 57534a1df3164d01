//! Counts that add up: every change of a comment's state moves the tallies in its transaction.

use crate::db::Tx;
use crate::error::Error;
use domain::comments::{AuthorKind, CommentState, HoldReason};
use domain::id::{CommentId, ConsultationId};

sql! {
    ADD = "insert into tally (consultation_id, stage, state, kind, hold_reason, comments, points)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (consultation_id, stage, state, kind, hold_reason) do update
        set comments = tally.comments + excluded.comments,
            points = tally.points + excluded.points";
    ADD_CLAUSES = "insert into clause_tally (consultation_id, round_id, clause_id, points)
        select point.consultation_id, comment.round_id, point.clause_id,
            cast($2 as bigint) * count(*)
        from point
        join comment on comment.id = point.comment_id
        where point.comment_id = $1 and point.clause_id is not null
        group by point.consultation_id, comment.round_id, point.clause_id
        on conflict (consultation_id, round_id, clause_id) do update
        set points = clause_tally.points + excluded.points";
}

/// The drawer in which a comment is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Drawer {
    pub stage: i64,
    pub state: CommentState,
    pub kind: AuthorKind,
    pub hold_reason: Option<HoldReason>,
}

/// Adds so many comments and points to a drawer; negative numbers take out.
pub(crate) async fn add(
    tx: &mut Tx,
    consultation: ConsultationId,
    drawer: Drawer,
    comments: i64,
    points: i64,
) -> Result<(), Error> {
    execute!(
        tx,
        ADD,
        consultation.0,
        drawer.stage,
        drawer.state.code(),
        drawer.kind.code(),
        drawer.hold_reason.map_or("", HoldReason::code),
        comments,
        points,
    )?;
    Ok(())
}

/// Counts the points of a comment among the published ones of its round's clauses (`sign` 1), or no
/// longer (`sign` -1).
pub(crate) async fn add_clauses(tx: &mut Tx, comment: CommentId, sign: i64) -> Result<(), Error> {
    execute!(tx, ADD_CLAUSES, comment.0, sign)?;
    Ok(())
}

/// Moves one comment with its points from one drawer to another. Its points must be in the table
/// as they are in both states.
pub(crate) async fn shift(
    tx: &mut Tx,
    consultation: ConsultationId,
    comment: CommentId,
    points: i64,
    from: Drawer,
    to: Drawer,
) -> Result<(), Error> {
    add(tx, consultation, from, -1, -points).await?;
    add(tx, consultation, to, 1, points).await?;
    let published = |drawer: Drawer| i64::from(drawer.state == CommentState::Published);
    let sign = published(to) - published(from);
    if sign != 0 {
        add_clauses(tx, comment, sign).await?;
    }
    Ok(())
}

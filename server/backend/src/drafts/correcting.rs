//! Staff put a doubtful match right, and a version becomes public: from then on it stands.

use super::comparing::way;
use super::versions::{Version, text, versions};
use super::{clauses, links};
use crate::audit::{self, Act};
use crate::comments::store::lock;
use crate::db::Tx;
use crate::error::{Conflict, Error};
use crate::{Backend, Moment};
use domain::consultations::Number;
use domain::drafts::Clause;
use domain::drafts::align::{self, Links};
use domain::id::{ClauseId, ConsultationId, DraftId};
use domain::problem::Fault;
use domain::staff::{Permit, right};
use serde::Serialize;

sql! {
    PUBLISH = "update draft set published_at = $2 where id = $1 and published_at is null";
    FOLLOW = "update draft set follows_id = $2 where id = $1";
    // A response that names a clause of this version names it by its new id; one that is published
    // stands.
    RENAME = {
        sqlite: "update response
            set change_clause_id = (select unhex(value ->> 'new') from json_each($2)
                where unhex(value ->> 'old') = response.change_clause_id)
            where change_clause_id in (select unhex(value ->> 'old') from json_each($2))
            and point_id in (select point.id from point
                join comment on comment.id = point.comment_id
                where point.consultation_id = $1
                and not exists (select 1 from feedback
                    where feedback.consultation_id = comment.consultation_id
                    and feedback.stage = comment.stage))",
        postgres: "update response
            set change_clause_id = cast(r.new as uuid)
            from jsonb_to_recordset(cast($2 as jsonb)) as r (old text, new text)
            where response.change_clause_id = cast(r.old as uuid)
            and response.point_id in (select point.id from point
                join comment on comment.id = point.comment_id
                where point.consultation_id = $1
                and not exists (select 1 from feedback
                    where feedback.consultation_id = comment.consultation_id
                    and feedback.stage = comment.stage))",
    };
}

/// Says that a clause of an unpublished version is that one of the version it follows
/// (`counterpart`), or that it is new. Identities, with those of paragraphs and items, follow.
///
/// Fails with `VersionPublished`; `NotFound` for a clause that does not stand in the version by
/// itself; `Invalid` for field `counterpart`, or for `version` if a later version builds on it.
pub async fn correct_match(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Edit>,
    number: Number,
    version: i64,
    clause: ClauseId,
    counterpart: Option<ClauseId>,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock(&mut tx, number).await?.ok_or(Error::NotFound)?;
    if locked.unit != permit.unit() {
        return Err(Error::NotFound);
    }
    let all = versions(&mut tx, locked.id).await?;
    let corrected = find(&all, |one| one.version == version).ok_or(Error::NotFound)?;
    if corrected.is_published {
        return Err(Conflict::VersionPublished.into());
    }
    if all.iter().any(|one| one.follows == Some(corrected.id)) {
        return Err(Error::invalid("version", Fault::TooEarly));
    }
    let base = find(&all, |one| Some(one.id) == corrected.follows);
    let base = base.ok_or_else(|| Error::invalid("counterpart", Fault::UnknownClause))?;
    let old = text(&mut tx, base).await?.clauses;
    let new = text(&mut tx, corrected).await?.clauses;
    let subject = new
        .iter()
        .find(|one| one.id == clause)
        .ok_or(Error::NotFound)?;
    let detail = match counterpart {
        None => format!("{version}: {} +", subject.label),
        Some(id) => {
            let found = old.iter().find(|one| one.id == id);
            let found = found.filter(|one| one.kind.is_heading() == subject.kind.is_heading());
            let found = found.ok_or_else(|| Error::invalid("counterpart", Fault::UnknownClause))?;
            format!("{version}: {} = {}", subject.label, found.label)
        }
    };
    let mut known = links::of_drafts(&mut tx, &[corrected.id]).await?;
    let known = known.remove(&corrected.id).unwrap_or_default();
    let ids = Moment::new(moment.now, moment.bytes());
    let ties = align::correct(known, &old, &new, clause, counterpart);
    retie(&mut tx, locked.id, corrected.id, old, new, Some(ties), ids).await?;
    let number_text = number.to_string();
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act: "draft.match_corrected",
        subject: &number_text,
        detail: &detail,
    };
    audit::record(&mut tx, moment, act).await?;
    tx.commit().await
}

fn find(all: &[Version], wanted: impl Fn(&Version) -> bool) -> Option<Version> {
    all.iter().copied().find(wanted)
}

/// Makes a version public, in the transaction of the act that does so. If another version became
/// public since this one was given, it is tied to that one first: comments hang on its clauses.
pub(crate) async fn publish(
    tx: &mut Tx,
    moment: &mut Moment,
    consultation: ConsultationId,
    draft: DraftId,
) -> Result<(), Error> {
    let all = versions(tx, consultation).await?;
    let version = find(&all, |one| one.id == draft).ok_or(Error::NotFound)?;
    if version.is_published {
        return Ok(());
    }
    let public = find(&all, |one| {
        one.is_published && one.version < version.version
    });
    if let Some(public) = public.filter(|public| way(&all, public.id, draft).is_none()) {
        let old = text(tx, public).await?.clauses;
        let new = text(tx, version).await?.clauses;
        let ids = Moment::new(moment.now, moment.bytes());
        retie(tx, consultation, draft, old, new, None, ids).await?;
        execute!(tx, FOLLOW, draft.0, public.id.0)?;
    }
    execute!(tx, PUBLISH, draft.0, moment.millis())?;
    Ok(())
}

#[derive(Serialize)]
struct Renamed {
    old: String,
    new: String,
}

/// Gives a version the identities that follow from its links (found afresh if there are none yet)
/// and writes both.
async fn retie(
    tx: &mut Tx,
    consultation: ConsultationId,
    draft: DraftId,
    old: Vec<Clause>,
    new: Vec<Clause>,
    ties: Option<Links>,
    mut ids: Moment,
) -> Result<(), Error> {
    let (tied, ties, renamed) = super::aside(move || {
        let ties = ties.unwrap_or_else(|| align::links(&old, &new, &align::align(&old, &new)));
        let (tied, ties) = align::carry_links(&old, &new, &ties, &mut || ClauseId(ids.id()));
        let before = new.iter().flat_map(Clause::walk);
        let after = tied.iter().flat_map(Clause::walk);
        let renamed: Vec<Renamed> = before
            .zip(after)
            .filter(|(before, after)| before.id != after.id)
            .map(|(before, after)| Renamed {
                old: before.id.0.simple().to_string(),
                new: after.id.0.simple().to_string(),
            })
            .collect();
        (tied, ties, renamed)
    })
    .await?;
    clauses::replace(tx, draft, &tied).await?;
    links::replace(tx, draft, &ties).await?;
    let renamed = serde_json::to_string(&renamed)
        .map_err(|e| Error::Internal(format!("ids as JSON: {e}")))?;
    execute!(tx, RENAME, consultation.0, renamed)?;
    Ok(())
}

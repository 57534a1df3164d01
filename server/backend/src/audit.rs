//! The audit record: who did what to which thing, in the same transaction as the act.

use crate::Backend;
use crate::db::{Conn, Tx};
use crate::error::Error;
use crate::moment::{Moment, instant};
use domain::consultations::Page;
use domain::id::{AccountId, UnitId};
use domain::limits;
use domain::staff::{AuditRow, Permit, right};

sql! {
    INSERT = "insert into audit (at, unit_id, account_id, act, subject, detail)
        values ($1, $2, $3, $4, $5, $6)";
    PAGE = "select audit.id, audit.at, account.email, audit.act, audit.subject, audit.detail
        from audit
        left join account on account.id = audit.account_id
        where audit.unit_id = $1 and audit.id < $2
        order by audit.id desc
        limit $3";
}

row! { struct Row { id: i64, at: i64, email: Option<String>, act: String, subject: String, detail: String } }

/// One act, as it is written down.
pub(crate) struct Act<'a> {
    pub unit: UnitId,
    /// `None` for the operator at the command line, for a sender who changed a comment or an
    /// application, and for what follows from that by itself.
    pub account: Option<AccountId>,
    /// A code such as `comment.published`.
    pub act: &'static str,
    /// The public number or short name of what was acted on.
    pub subject: &'a str,
    pub detail: &'a str,
}

/// Writes an act down.
pub(crate) async fn record(tx: &mut Tx, moment: &Moment, act: Act<'_>) -> Result<(), Error> {
    execute!(
        tx,
        INSERT,
        moment.millis(),
        act.unit.0,
        act.account.map(|account| account.0),
        act.act,
        act.subject,
        act.detail,
    )?;
    Ok(())
}

/// Writes down what a member of staff did by their right.
pub(crate) async fn record_by<R>(
    tx: &mut Tx,
    moment: &Moment,
    permit: &Permit<R>,
    act: &'static str,
    subject: impl ToString,
    detail: &str,
) -> Result<(), Error> {
    let subject = subject.to_string();
    let act = Act {
        unit: permit.unit(),
        account: Some(permit.account()),
        act,
        subject: &subject,
        detail,
    };
    record(tx, moment, act).await
}

/// A unit's record, newest first.
pub async fn list(
    backend: &Backend,
    permit: &Permit<right::Oversee>,
    after: Option<&str>,
) -> Result<Page<AuditRow>, Error> {
    let before = match after {
        Some(key) => key.parse().map_err(|_| Error::NotFound)?,
        None => i64::MAX,
    };
    let mut conn: Conn = backend.db().read().await?;
    let limit = limits::PAGE as i64;
    let mut rows = fetch_all!(conn, PAGE, Row, permit.unit().0, before, limit + 1)?;
    let more = rows.len() > limits::PAGE;
    rows.truncate(limits::PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(AuditRow {
                at: instant(row.at)?,
                email: row.email,
                act: row.act,
                subject: row.subject,
                detail: row.detail,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next })
}

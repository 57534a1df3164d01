//! What a session's page said before: kept when it is replaced, read with the page. And the right to
//! replace it.

use crate::audit::{self, Act};
use crate::db::{Conn, Tx};
use crate::error::{Error, corrupt};
use crate::markdown;
use crate::moment::{Moment, instant};
use domain::hearings::{
    Earlier, EarlierNotice, EarlierPapers, EarlierReport, HearingNumber, Notice, Paper,
};
use domain::id::{AccountId, HearingId, UnitId};
use domain::staff::{Forbidden, Permit, Role, right};
use serde::Serialize;

sql! {
    KEEP = "insert into hearing_earlier (id, hearing_id, part, body, replaced_at)
        values ($1, $2, $3, $4, $5)";
    EARLIER = "select part, body, replaced_at from hearing_earlier
        where hearing_id = $1
        order by replaced_at, id";
}

row! { struct EarlierRow { part: String, body: String, replaced_at: i64 } }

/// The right to change a notice and its papers: that of an editor while they are prepared, that of an
/// approver for what is public.
#[derive(Debug)]
pub struct Amending {
    unit: UnitId,
    account: AccountId,
    edits: bool,
    approves: bool,
}

impl Amending {
    /// From the rights that a person has; forbidden for who has neither.
    pub fn new(
        edit: Result<Permit<right::Edit>, Forbidden>,
        approve: Result<Permit<right::Approve>, Forbidden>,
    ) -> Result<Self, Forbidden> {
        let (edits, approves) = (edit.is_ok(), approve.is_ok());
        let (unit, account) = match (edit, approve) {
            (Ok(permit), _) => (permit.unit(), permit.account()),
            (_, Ok(permit)) => (permit.unit(), permit.account()),
            (Err(forbidden), Err(_)) => return Err(forbidden),
        };
        Ok(Self {
            unit,
            account,
            edits,
            approves,
        })
    }

    pub(super) fn unit(&self) -> UnitId {
        self.unit
    }

    /// Whether it is enough for what is changed.
    pub(super) fn suffices(&self, public: bool) -> Result<(), Forbidden> {
        let (may, needed) = match public {
            true => (self.approves, Role::Approver),
            false => (self.edits, Role::Editor),
        };
        if may {
            Ok(())
        } else {
            Err(Forbidden { needed })
        }
    }

    /// Writes down what was changed.
    pub(super) async fn record(
        &self,
        tx: &mut Tx,
        moment: &Moment,
        act: &'static str,
        number: HearingNumber,
        detail: &str,
    ) -> Result<(), Error> {
        let act = Act {
            unit: self.unit,
            account: Some(self.account),
            act,
            subject: &number.to_string(),
            detail,
        };
        audit::record(tx, moment, act).await
    }
}

/// Keeps what stood until now.
pub(super) async fn keep(
    tx: &mut Tx,
    moment: &mut Moment,
    hearing: HearingId,
    part: &'static str,
    body: String,
) -> Result<(), Error> {
    let id = moment.id();
    execute!(tx, KEEP, id, hearing.0, part, body, moment.millis())?;
    Ok(())
}

/// As it is kept.
pub(super) fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|e| Error::Internal(format!("what was said before as JSON: {e}")))
}

/// Everything that was said before.
pub(super) async fn of(conn: &mut Conn, hearing: HearingId) -> Result<Earlier, Error> {
    let mut earlier = Earlier::default();
    for row in fetch_all!(conn, EARLIER, EarlierRow, hearing.0)? {
        let replaced_at = instant(row.replaced_at)?;
        let unread = || corrupt("hearing_earlier.body");
        match row.part.as_str() {
            "notice" => {
                let notice: Notice = serde_json::from_str(&row.body).map_err(|_| unread())?;
                earlier.notices.push(EarlierNotice {
                    starts_at: notice.starts_at,
                    ends_at: notice.ends_at,
                    place: notice.place,
                    attendance: notice.attendance,
                    bring: notice.bring,
                    discipline: notice.discipline,
                    contact: notice.contact,
                    replaced_at,
                });
            }
            "papers" => {
                let papers: Vec<Paper> = serde_json::from_str(&row.body).map_err(|_| unread())?;
                earlier.papers.push(EarlierPapers {
                    papers,
                    replaced_at,
                });
            }
            _ => earlier.reports.push(EarlierReport {
                report_html: markdown::to_html(&row.body),
                report: row.body,
                replaced_at,
            }),
        }
    }
    Ok(earlier)
}

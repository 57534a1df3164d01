//! `/desk`.

use super::AtDesk;
use crate::problem::Refusal;
use axum::response::Response;
use backend::consultations;
use console::overview::{OverviewData, Row, Work, overview_page};
use domain::consultations::State;

/// The list of consultations of the person's units, newest first.
pub async fn show(at: AtDesk) -> Result<Response, Refusal> {
    let after = at.query("after");
    let listed = consultations::list_for_staff(
        &at.state.backend,
        at.edge.now(),
        &at.staff.identity,
        after.as_deref(),
    )
    .await?;
    let mut rows = Vec::with_capacity(listed.items.len());
    for listed in listed.items {
        // Only what is running needs somebody; the rest of the list costs nothing more.
        let work = if matches!(listed.state, State::Open | State::Closed) {
            let opened = at.open(listed.number).await?;
            at.work(&opened).await?
        } else {
            Work::default()
        };
        rows.push(Row { listed, work });
    }
    let yearly = super::hearings::yearly(&at).await?;
    let data = OverviewData {
        rows: &rows,
        next: listed.next.as_deref(),
        continued: after.is_some(),
        yearly: &yearly,
    };
    Ok(at.show(overview_page(&at.desk, data)))
}

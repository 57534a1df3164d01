//! Answers in words: read by staff before everyone reads them.

use super::store::{self, lock_of};
use crate::audit::record_by;
use crate::error::{Error, corrupt};
use crate::{Backend, Moment, freshness};
use domain::consultations::Page;
use domain::id::TextId;
use domain::limits;
use domain::polls::{PollNumber, ReviewedText, TextState};
use domain::staff::{Permit, right};
use sqlx::types::Uuid;
use std::collections::HashMap;

sql! {
    LIST = "select ballot_text.id, ballot.version, ballot_text.question, ballot_text.body,
            ballot_text.state
        from ballot_text
        join ballot on ballot.id = ballot_text.ballot_id
        where ballot_text.poll_id = $1 and ballot_text.id > $2
        and ($3 = '' or ballot_text.state = $3)
        order by ballot_text.id
        limit $4";
    DECIDE = "update ballot_text set state = $3 where poll_id = $1 and id = $2";
}

row! { struct TextRow {
    id: Uuid, version: i64, question: String, body: String, state: String,
} }

/// A page of the answers in words, in an order that says nothing about when they came. One that comes
/// meanwhile may stand on a page that was read already.
pub async fn texts(
    backend: &Backend,
    permit: &Permit<right::See>,
    number: PollNumber,
    state: Option<TextState>,
    after: Option<TextId>,
) -> Result<Page<ReviewedText>, Error> {
    let mut conn = backend.db().snapshot().await?;
    let poll = store::home(&mut conn, permit.unit(), number).await?;
    let mut rows = fetch_all!(
        conn,
        LIST,
        TextRow,
        poll.0,
        after.map_or(Uuid::nil(), |id| id.0),
        state.map_or("", TextState::code),
        limits::PAGE as i64 + 1
    )?;
    let more = rows.len() > limits::PAGE;
    rows.truncate(limits::PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let questionnaires = store::questionnaires(&mut conn, poll).await?;
    let versions: HashMap<i64, _> = (1..).zip(&questionnaires).collect();
    let items = rows
        .into_iter()
        .map(|row| {
            let asked = versions.get(&row.version);
            let asked = asked.and_then(|asked| asked.question(&row.question));
            let asked = asked.ok_or_else(|| corrupt("ballot_text.question"))?;
            Ok(ReviewedText {
                id: TextId(row.id),
                question_text: asked.text.clone(),
                question: row.question,
                text: row.body,
                state: row
                    .state
                    .parse()
                    .map_err(|_| corrupt("ballot_text.state"))?,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Page { items, next })
}

/// Publishes an answer in words, or holds it back; it stays counted.
pub async fn decide_text(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Moderate>,
    number: PollNumber,
    text: TextId,
    publish: bool,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    let (state, act) = if publish {
        (TextState::Published, "poll.text_published")
    } else {
        (TextState::Held, "poll.text_held")
    };
    if execute!(tx, DECIDE, locked.id.0, text.0, state.code())? == 0 {
        return Err(Error::NotFound);
    }
    record_by(&mut tx, moment, permit, act, number, &text.to_string()).await?;
    freshness::raise(&mut tx, locked.consultation).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

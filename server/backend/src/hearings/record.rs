//! What remains of a session: papers with the day on which they were delivered, minutes whose
//! statements enter the ledger of points, and the report.

use super::applying::clauses;
use super::confirming;
use super::earlier::{self, Amending};
use super::store::{Locked, lock_of};
use crate::audit::record_by;
use crate::comments::counts::{self, Drawer};
use crate::comments::store::{self as ledger, CommentRecord, PointRecord, hex};
use crate::db::{Conn, Tx};
use crate::error::{Conflict, Error, corrupt};
use crate::moment::instant;
use crate::{Backend, Moment, freshness, notify};
use domain::Timestamp;
use domain::comments::{AuthorKind, CommentState, NewPoint};
use domain::hearings::{
    HearingNumber, Minutes, NewMinutes, NewStatement, Paper, RawMinutes, SessionState, Statement,
    shown_speaker,
};
use domain::id::{ClauseId, CommentId, HearingId, PointId};
use domain::notify::LetterKind;
use domain::staff::{Permit, right};
use domain::{limits, text};
use serde::{Deserialize, Serialize};
use sqlx::types::Uuid;

sql! {
    PAPERS = "select title, address, delivered_at from hearing_paper
        where hearing_id = $1 order by position";
    DROP_PAPERS = "delete from hearing_paper where hearing_id = $1";
    ADD_PAPER = "insert into hearing_paper (hearing_id, position, title, address, delivered_at)
        values ($1, $2, $3, $4, $5)";
    TOUCH = "update hearing set updated_at = $2 where id = $1";
    SET_MINUTES = "update hearing set minutes = $2, minutes_at = $3, updated_at = $3 where id = $1";
    MINUTES = "select minutes, minutes_at from hearing where id = $1 and minutes_at is not null";
    STATEMENTS = "select comment.display, comment.name, point.clause_id, clause.label, point.body
        from comment
        join point on point.comment_id = comment.id
        join round on round.id = comment.round_id
        left join clause on clause.draft_id = round.draft_id and clause.id = point.clause_id
        where comment.hearing_id = $1 and comment.state = 'published'
        order by comment.serial, point.position";
    CONFIRMED = "select cast(count(*) as bigint) from application
        where hearing_id = $1 and minutes_confirmed_at is not null";
    // Said in public, in minutes that the approver publishes: nothing is left to review.
    OF_SESSION = "update comment set channel = 'hearing', hearing_id = $3, state = 'published'
        where consultation_id = $1 and serial > $2
        returning id";
    TOOK_IN = "update consultation set last_comment = $2 where id = $1";
    REPORTED = "select report from hearing where id = $1";
    REPORT = "update hearing set report = $2, report_at = $3, updated_at = $3 where id = $1";
}

row! { struct PaperRow { title: String, address: Option<String>, delivered_at: i64 } }
row! { struct MinutesRow { minutes: Option<String>, minutes_at: Option<i64> } }
row! { struct StatementRow {
    display: String, name: Option<String>, clause_id: Option<Uuid>, label: Option<String>,
    body: String,
} }

/// What is kept of the minutes beside the statements, which stand in the ledger.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    attendance: String,
    pub corrections_until: Option<Timestamp>,
}

impl Kept {
    /// Whether corrections are taken at an instant.
    pub fn takes_corrections(&self, now: Timestamp) -> bool {
        self.corrections_until.is_some_and(|until| now < until)
    }

    pub fn read(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|_| corrupt("hearing.minutes"))
    }
}

pub(super) async fn papers(conn: &mut Conn, hearing: HearingId) -> Result<Vec<Paper>, Error> {
    let rows = fetch_all!(conn, PAPERS, PaperRow, hearing.0)?;
    rows.into_iter()
        .map(|row| {
            Ok(Paper {
                title: row.title,
                address: row.address,
                delivered_at: instant(row.delivered_at)?,
            })
        })
        .collect()
}

pub(super) async fn minutes(conn: &mut Conn, hearing: HearingId) -> Result<Option<Minutes>, Error> {
    let Some(row) = fetch_optional!(conn, MINUTES, MinutesRow, hearing.0)? else {
        return Ok(None);
    };
    let missing = || corrupt("hearing.minutes");
    let kept = Kept::read(row.minutes.as_deref().ok_or_else(missing)?)?;
    let rows = fetch_all!(conn, STATEMENTS, StatementRow, hearing.0)?;
    let statements = rows
        .into_iter()
        .map(|row| {
            let display = row
                .display
                .parse()
                .map_err(|_| corrupt("comment.display"))?;
            Ok(Statement {
                speaker: row.name.and_then(|name| shown_speaker(display, &name)),
                clause: row.clause_id.map(ClauseId),
                clause_label: row.label,
                text: row.body,
            })
        })
        .collect::<Result<_, Error>>()?;
    let (confirmed,): (i64,) = fetch_one!(conn, CONFIRMED, (i64,), hearing.0)?;
    let corrections = confirming::public(conn, hearing).await?;
    Ok(Some(Minutes {
        attendance: kept.attendance,
        statements,
        corrections_until: kept.corrections_until,
        published_at: instant(row.minutes_at.ok_or_else(missing)?)?,
        confirmed,
        corrections_asked: corrections.asked,
        corrections_refused: corrections.refused,
        corrections: corrections.made,
    }))
}

/// Records which papers the participants got, and when. The list given replaces the one before. Once
/// the notice is public, papers may be added by an editor; to change or take out what is listed takes
/// an approver, and what was listed stays readable.
///
/// Fails with `PapersStand` for any change but an addition to what is called off or held.
pub async fn set_papers(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Amending,
    number: HearingNumber,
    papers: &[Paper],
) -> Result<(), Error> {
    if papers.len() > limits::OPTIONS_PER_QUESTION {
        let (limit, length) = (limits::OPTIONS_PER_QUESTION, papers.len());
        return Err(Error::invalid(
            "papers",
            domain::problem::Fault::TooMany { limit, length },
        ));
    }
    let mut wrong = domain::problem::Violations::new();
    let mut kept = Vec::new();
    for (index, paper) in papers.iter().enumerate() {
        let title = text::required_line(&paper.title, limits::TITLE);
        let address = text::line(paper.address.as_deref().unwrap_or(""), limits::TITLE);
        let title = wrong.keep(format!("papers.{index}.title"), title);
        let address = wrong.keep(format!("papers.{index}.address"), address);
        kept.push(Paper {
            title: title.unwrap_or_default(),
            address: address.flatten(),
            delivered_at: paper.delivered_at,
        });
    }
    wrong.into_result(|| ())?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    let before = self::papers(&mut tx, locked.id).await?;
    let stands = before.iter().all(|paper| kept.contains(paper));
    let public = locked.life.published_at.is_some();
    let state = locked.life.state_at(moment.now);
    if public && !stands {
        if matches!(state, SessionState::Cancelled | SessionState::Held) {
            return Err(Conflict::PapersStand.into());
        }
        permit.suffices(true)?;
        let before = earlier::json(&before)?;
        earlier::keep(&mut tx, moment, locked.id, "papers", before).await?;
    } else {
        permit.suffices(false)?;
    }
    let detail = format!("{} → {}", listed(&before), listed(&kept));
    execute!(tx, DROP_PAPERS, locked.id.0)?;
    for (position, paper) in kept.into_iter().enumerate() {
        insert_paper(&mut tx, locked.id, position, paper).await?;
    }
    execute!(tx, TOUCH, locked.id.0, moment.millis())?;
    permit
        .record(&mut tx, moment, "hearing.papers", number, &detail)
        .await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// One more paper behind those that are there.
pub(super) async fn append(
    tx: &mut Tx,
    moment: &Moment,
    locked: &Locked,
    position: usize,
    paper: Paper,
) -> Result<(), Error> {
    insert_paper(tx, locked.id, position, paper).await?;
    execute!(tx, TOUCH, locked.id.0, moment.millis())?;
    Ok(())
}

async fn insert_paper(
    tx: &mut Tx,
    hearing: HearingId,
    position: usize,
    paper: Paper,
) -> Result<(), Error> {
    execute!(
        tx,
        ADD_PAPER,
        hearing.0,
        position as i64,
        paper.title,
        paper.address,
        paper.delivered_at.as_millisecond()
    )?;
    Ok(())
}

/// Papers for the record: each with the instant of its delivery.
fn listed(papers: &[Paper]) -> String {
    let each = papers
        .iter()
        .map(|paper| format!("{} ({})", paper.title, paper.delivered_at));
    each.collect::<Vec<_>>().join(", ")
}

/// Publishes the minutes. Each statement becomes a comment of the consultation with one point, under
/// its speaker's name as it may be shown, through the channel "hearing": it is counted and answered
/// with the written ones.
///
/// Fails with `StillApplying` before the period has ended, `NotBegun` before the session, `NoRound` where the consultation has had no
/// round that could answer them, `AlreadyAnswered` after its feedback, `MinutesPublished` the second
/// time, `HearingOver` or `ConsultationWithdrawn` for what is called off, or `Invalid`.
pub async fn publish_minutes(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: HearingNumber,
    raw: &RawMinutes,
) -> Result<(), Error> {
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    match locked.life.state_at(moment.now) {
        SessionState::Held => return Err(Conflict::MinutesPublished.into()),
        SessionState::Cancelled => return Err(locked.over().into()),
        SessionState::Preparing | SessionState::Announced | SessionState::Applying => {
            return Err(Conflict::StillApplying.into());
        }
        SessionState::Closed | SessionState::Frozen | SessionState::Drawn => {}
    }
    if locked
        .notice
        .starts_at
        .is_some_and(|starts| moment.now < starts)
    {
        return Err(Conflict::NotBegun.into());
    }
    let clauses = clauses(backend, &mut tx, &locked).await?;
    let new = raw.parse(&clauses)?;
    if !new.statements.is_empty() {
        take_in(backend, &mut tx, moment, &locked, &new).await?;
    }
    let kept = Kept {
        attendance: new.attendance,
        corrections_until: new.corrections_until,
    };
    let kept = serde_json::to_string(&kept)
        .map_err(|e| Error::Internal(format!("minutes as JSON: {e}")))?;
    execute!(tx, SET_MINUTES, locked.id.0, kept, moment.millis())?;
    notify::tell_all(&mut tx, moment, locked.id, LetterKind::Minutes).await?;
    record_by(&mut tx, moment, permit, "hearing.minutes", number, "").await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

/// Lets the statements enter the ledger, in the order in which they were made.
async fn take_in(
    backend: &Backend,
    tx: &mut Tx,
    moment: &mut Moment,
    locked: &Locked,
    minutes: &NewMinutes,
) -> Result<(), Error> {
    let home = &locked.home;
    let (round, _) = home.round.ok_or(Conflict::NoRound)?;
    if home.life.feedback_at.is_some() {
        return Err(Conflict::AlreadyAnswered.into());
    }
    let mut comments = Vec::new();
    let mut points = Vec::new();
    let mut serial = home.last_comment;
    for statement in &minutes.statements {
        serial += 1;
        let id = CommentId(moment.id());
        comments.push(comment(backend, moment, id, serial, statement));
        let point = NewPoint {
            clause: statement.clause,
            text: statement.text.clone(),
            proposed: None,
        };
        let point_id = PointId(moment.id());
        let speaker = Some(statement.speaker.as_str());
        points.push(PointRecord::new(point_id, id, serial, 0, point, speaker));
    }
    ledger::insert_comments(tx, home.id, round, home.stage, &comments).await?;
    ledger::insert_points(tx, home.id, &points).await?;
    let published = fetch_all!(
        tx,
        OF_SESSION,
        (Uuid,),
        home.id.0,
        home.last_comment,
        locked.id.0
    );
    let drawer = Drawer {
        stage: home.stage,
        state: CommentState::Published,
        kind: AuthorKind::Individual,
        hold_reason: None,
    };
    let statements = comments.len() as i64;
    counts::add(tx, home.id, drawer, statements, statements).await?;
    for (id,) in published? {
        counts::add_clauses(tx, CommentId(id), 1).await?;
    }
    execute!(tx, TOOK_IN, home.id.0, serial)?;
    Ok(())
}

/// A statement as a comment. Nobody holds its receipt, and no client's key can be its own.
fn comment(
    backend: &Backend,
    moment: &Moment,
    id: CommentId,
    serial: i64,
    statement: &NewStatement,
) -> CommentRecord {
    let keys = backend.keys();
    CommentRecord {
        id: hex(id.0.as_bytes()),
        serial,
        kind: AuthorKind::Individual.code(),
        display: statement.display.code(),
        name: Some(statement.speaker.clone()),
        contact: None,
        points: 1,
        received_at: moment.millis(),
        idempotency_key: id.to_string(),
        request_hash: hex(&keys.request_hash(id.0.as_bytes())),
        receipt_hash: hex(&keys.receipt_hash(&keys.receipt(id.0))),
    }
}

/// Publishes the report on a session: what was said, with facts and reasons, and what is done about
/// it. Given anew, it replaces the one before, which stays readable.
pub async fn publish_report(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Approve>,
    number: HearingNumber,
    report: &str,
) -> Result<(), Error> {
    let report = text::required_lines(report, limits::REPORT)
        .map_err(|fault| Error::invalid("report", fault))?;
    let mut tx = backend.db().write().await?;
    let locked = lock_of(&mut tx, permit.unit(), number).await?;
    if locked.life.state_at(moment.now) != SessionState::Held {
        return Err(Conflict::NoMinutes.into());
    }
    let (before,): (Option<String>,) = fetch_one!(tx, REPORTED, (Option<String>,), locked.id.0)?;
    if let Some(before) = before.filter(|before| *before != report) {
        earlier::keep(&mut tx, moment, locked.id, "report", before).await?;
    }
    execute!(tx, REPORT, locked.id.0, report, moment.millis())?;
    notify::tell_all(&mut tx, moment, locked.id, LetterKind::Report).await?;
    record_by(&mut tx, moment, permit, "hearing.report", number, "").await?;
    freshness::raise(&mut tx, locked.home.id).await?;
    tx.commit().await?;
    backend.changed(number.consultation);
    Ok(())
}

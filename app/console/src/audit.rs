//! `/desk/audit`: who did what, newest first.

use crate::desk::Desk;
use crate::fields::table;
use crate::frame::{Head, Place, screen};
use crate::overview::paging;
use crate::unit::choice;
use app::i18n::{T, time};
use app::page::plain;
use app::ui;
use domain::Timestamp;
use domain::consultations::{Page, Unit};
use domain::staff::AuditRow;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// `/desk/audit`.
pub fn audit_page(desk: &Desk, unit: &Unit, rows: &Page<AuditRow>, continued: bool) -> String {
    let t = desk.t();
    screen(desk, &Head::new(t.desk_nav_audit(), Place::Audit), || {
        let zone = time::zone(&unit.zone);
        let lines = rows
            .items
            .iter()
            .map(|row| {
                view! {
                    <tr>
                        <td>{ui::instant(t, row.at, &zone)}</td>
                        <td>{row.email.clone().unwrap_or_else(|| nobody(t, &row.act).into())}</td>
                        <td>{act(t, &row.act)}</td>
                        <td>{plain(&row.subject)}</td>
                        <td dir="auto">{detail(t, &zone, row)}</td>
                    </tr>
                }
            })
            .collect_view();
        let heads = [
            t.desk_col_when(),
            t.desk_col_who(),
            t.desk_col_did(),
            t.desk_col_subject(),
            t.desk_col_detail(),
        ];
        let base = format!("/desk/audit?unit={}", unit.slug);
        view! {
            <h1>{t.desk_nav_audit()}</h1>
            <p class="under">{t.desk_audit_intro(plain(&unit.name))}</p>
            {choice(desk, "/desk/audit", &unit.slug, None)}
            {table(t.desk_nav_audit().into(), heads.map(Into::into).to_vec(), lines)}
            {paging(desk, &base, rows.next.as_deref(), continued)}
        }
    })
}

/// Who acts without an account.
fn nobody(t: T, act: &str) -> &'static str {
    match act {
        "point.answer_removed" => t.desk_sender(),
        "application.moved_up" => t.desk_by_rule(),
        act if act.starts_with("application.") => t.desk_applicant(),
        _ => t.desk_operator(),
    }
}

/// What was set, in the words of the screens. The record keeps codes and instants, so that it reads the
/// same in every language.
fn detail(t: T, zone: &TimeZone, row: &AuditRow) -> String {
    let words = |word: fn(T, &str) -> Option<&'static str>| {
        let known = row
            .detail
            .split(' ')
            .map(|code| word(t, code).unwrap_or(code));
        plain(&known.collect::<Vec<_>>().join(t.desk_comma()))
    };
    match row.act.as_str() {
        "account.added" | "account.roles_set" => {
            words(|t, code| code.parse().ok().map(|role| t.role(role)))
        }
        "comment.held" => words(|t, code| code.parse().ok().map(|reason| t.hold_reason(reason))),
        "consultation.fields_set" => {
            words(|t, code| code.parse().ok().map(|field| t.livelihood_field(field)))
        }
        "point.answered" => words(|t, code| code.parse().ok().map(|answer| t.disposition(answer))),
        "consultation.published" | "hearing.papers" | "hearing.updated" | "poll.published" => {
            plain(&instants(t, zone, &row.detail))
        }
        _ => plain(&row.detail),
    }
}

/// Instants as they are kept (RFC 3339), in the unit's time.
fn instants(t: T, zone: &TimeZone, detail: &str) -> String {
    let words = detail.split(' ').map(|word| {
        let bare = word.trim_matches(['(', ')', ',', ';']);
        match bare.parse::<Timestamp>() {
            Ok(at) => word.replace(bare, &t.date_time(at, zone)),
            Err(_) => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// An act in words; one that this screen does not know yet is shown by its code.
fn act(t: T, code: &str) -> String {
    match code {
        "account.added" => t.desk_act_account_added(),
        "account.password_changed" => t.desk_done_password_changed(),
        "account.password_reset" => t.desk_act_password_reset(),
        "account.roles_set" => t.desk_act_roles_set(),
        "account.sessions_ended" => t.desk_act_sessions_ended(),
        "application.contact_read" => t.desk_act_application_contact(),
        "application.declined" => t.desk_act_application_declined(),
        "application.entered" => t.desk_act_application_entered(),
        "application.erased" => t.desk_act_application_erased(),
        "application.moved_up" => t.desk_act_application_moved_up(),
        "application.seat_left" => t.desk_act_application_seat_left(),
        "application.withdrawn" => t.desk_act_application_withdrawn(),
        "application.eligible" => t.desk_act_eligible(),
        "application.ineligible" => t.desk_act_ineligible(),
        "comment.contact_read" => t.desk_act_contact_read(),
        "comment.held" => t.desk_act_held(),
        "comment.published" => t.desk_act_published(),
        "consultation.created" => t.desk_act_created(),
        "consultation.fields_set" => t.desk_act_fields_set(),
        "consultation.published" => t.desk_act_round(),
        "consultation.updated" => t.desk_act_updated(),
        "consultation.withdrawn" => t.desk_act_withdrawn(),
        "draft.added" => t.desk_act_draft_added(),
        "draft.match_corrected" => t.desk_act_match(),
        "feedback.published" => t.desk_act_feedback(),
        "hearing.cancelled" => t.desk_act_hearing_cancelled(),
        "correction.accepted" => t.desk_act_correction_accepted(),
        "correction.refused" => t.desk_act_correction_refused(),
        "hearing.created" => t.desk_act_hearing_created(),
        "hearing.drawn" => t.desk_act_hearing_drawn(),
        "hearing.frozen" => t.desk_act_hearing_frozen(),
        "hearing.minutes" => t.desk_act_hearing_minutes(),
        "hearing.papers" => t.desk_act_hearing_papers(),
        "hearing.published" => t.desk_act_hearing_published(),
        "hearing.report" => t.desk_act_hearing_report(),
        "opinion.answered" => t.desk_act_opinion_answered(),
        "opinion.published" => t.desk_act_opinion_published(),
        "hearing.updated" => t.desk_act_hearing_updated(),
        "point.answer_removed" => t.desk_act_answer_removed(),
        "point.answered" => t.desk_act_answered(),
        "poll.cancelled" => t.desk_act_poll_cancelled(),
        "poll.codes_made" => t.desk_act_poll_codes_made(),
        "poll.corrected" => t.desk_act_poll_corrected(),
        "poll.created" => t.desk_act_poll_created(),
        "poll.published" => t.desk_act_poll_published(),
        "poll.results_published" => t.desk_act_poll_results_published(),
        "poll.text_held" => t.desk_act_poll_text_held(),
        "poll.text_published" => t.desk_act_poll_text_published(),
        "poll.updated" => t.desk_act_poll_updated(),
        "session.closed" => t.desk_act_signed_out(),
        "session.opened" => t.desk_act_signed_in(),
        "session.revoked" => t.desk_act_revoked(),
        "token.added" => t.desk_act_token(),
        "token.revoked" => t.desk_act_tokens_ended(),
        "unit.added" => t.desk_act_unit_added(),
        "unit.lang_set" => t.desk_act_lang(),
        "unit.origins_set" => t.desk_act_origins(),
        other => return other.into(),
    }
    .into()
}

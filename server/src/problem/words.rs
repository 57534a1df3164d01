//! What stands in the way, and what is wrong with a field, as sentences that say what to do.

use app::i18n::{T, size, time};
use backend::Conflict;
use domain::problem::Fault;

/// Title and detail of a conflict.
pub(super) fn conflict_text(t: T, conflict: &Conflict) -> (&'static str, String) {
    let (title, detail) = match conflict {
        Conflict::RoundNotOpen => (t.problem_round_not_open_title(), t.problem_round_not_open()),
        Conflict::RoundStillOpen => (
            t.problem_round_still_open_title(),
            t.problem_round_still_open(),
        ),
        Conflict::NoRound => (t.problem_no_round_title(), t.problem_no_round()),
        Conflict::VersionPublished => (
            t.problem_version_published_title(),
            t.problem_version_published(),
        ),
        Conflict::AlreadyWithdrawn => (
            t.problem_already_withdrawn_title(),
            t.problem_already_withdrawn(),
        ),
        Conflict::AlreadyAnswered => (
            t.problem_already_answered_title(),
            t.problem_already_answered(),
        ),
        Conflict::ChangedSince => (t.problem_changed_since_title(), t.problem_changed_since()),
        Conflict::ConsultationWithdrawn => (
            t.problem_consultation_withdrawn_title(),
            t.problem_consultation_withdrawn(),
        ),
        Conflict::NotEditable => (t.problem_not_editable_title(), t.problem_not_editable()),
        Conflict::EditedTooOften => (
            t.problem_edited_too_often_title(),
            t.problem_edited_too_often(),
        ),
        Conflict::ConsultationPublic => (
            t.problem_consultation_public_title(),
            t.problem_consultation_public(),
        ),
        Conflict::HearingOver => (t.problem_hearing_over_title(), t.problem_hearing_over()),
        Conflict::HearingPublished => (
            t.problem_hearing_published_title(),
            t.problem_hearing_published(),
        ),
        Conflict::NotApplying => (t.problem_not_applying_title(), t.problem_not_applying()),
        Conflict::StillApplying => (t.problem_still_applying_title(), t.problem_still_applying()),
        Conflict::HearingFull => (t.problem_hearing_full_title(), t.problem_hearing_full()),
        Conflict::ListFrozen => (t.problem_list_frozen_title(), t.problem_list_frozen()),
        Conflict::NotFrozen => (t.problem_not_frozen_title(), t.problem_not_frozen()),
        Conflict::NothingToDraw => (
            t.problem_nothing_to_draw_title(),
            t.problem_nothing_to_draw(),
        ),
        Conflict::SeedNotKnown { from, zone } => {
            let from = t.instant(*from, &time::zone(zone));
            return (
                t.problem_seed_not_known_title(),
                t.problem_seed_not_known(from),
            );
        }
        Conflict::AlreadyDrawn => (t.problem_already_drawn_title(), t.problem_already_drawn()),
        Conflict::NoSeat => (t.problem_no_seat_title(), t.problem_no_seat()),
        Conflict::NotBegun => (t.problem_not_begun_title(), t.problem_not_begun()),
        Conflict::MinutesPublished => (
            t.problem_minutes_published_title(),
            t.problem_minutes_published(),
        ),
        Conflict::PapersStand => (t.problem_papers_stand_title(), t.problem_papers_stand()),
        Conflict::CorrectionsClosed => (
            t.problem_corrections_closed_title(),
            t.problem_corrections_closed(),
        ),
        Conflict::NoMinutes => (t.problem_no_minutes_title(), t.problem_no_minutes()),
        Conflict::NoCorrection => (t.problem_no_correction_title(), t.problem_no_correction()),
        Conflict::NoOpinion => (t.problem_no_opinion_title(), t.problem_no_opinion()),
        Conflict::OpinionAnswered => (
            t.problem_opinion_answered_title(),
            t.problem_opinion_answered(),
        ),
        Conflict::PollPublished => (t.problem_poll_published_title(), t.problem_poll_published()),
        Conflict::PollNotPublished => (
            t.problem_poll_not_published_title(),
            t.problem_poll_not_published(),
        ),
        Conflict::PollNotOpen => (t.problem_poll_not_open_title(), t.problem_poll_not_open()),
        Conflict::PollStillOpen => (
            t.problem_poll_still_open_title(),
            t.problem_poll_still_open(),
        ),
        Conflict::PollOver => (t.problem_poll_over_title(), t.problem_poll_over()),
        Conflict::PollCorrected => (t.problem_poll_corrected_title(), t.problem_poll_corrected()),
        Conflict::CodesMadeMeanwhile => (
            t.problem_codes_made_meanwhile_title(),
            t.problem_codes_made_meanwhile(),
        ),
        Conflict::BallotFinal => (t.problem_ballot_final_title(), t.problem_ballot_final()),
        Conflict::NoCodes => (t.problem_no_codes_title(), t.problem_no_codes()),
        Conflict::Unreviewed(tickets) => {
            // A sentence names the first few; the desk lists them all.
            let named: Vec<String> = tickets.iter().take(10).map(ToString::to_string).collect();
            return (
                t.problem_unreviewed_title(),
                t.problem_unreviewed(number(tickets.len()), named.join(", ")),
            );
        }
        Conflict::KeyReused => (t.problem_key_reused_title(), t.problem_key_reused()),
        Conflict::NewerVersion(version) => {
            return (
                t.problem_newer_version_title(),
                t.problem_newer_version(*version),
            );
        }
        Conflict::SessionsToCome(sessions) => {
            let named: Vec<String> = sessions.iter().map(ToString::to_string).collect();
            return (
                t.problem_sessions_to_come_title(),
                t.problem_sessions_to_come(named.join(", ")),
            );
        }
        Conflict::Unanswered { total, .. } => {
            return (t.problem_unanswered_title(), t.problem_unanswered(*total));
        }
    };
    (title, detail.to_owned())
}

pub(super) fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What is wrong with a field, as a sentence that says what to do.
pub fn fault_text(t: T, fault: &Fault) -> String {
    match fault {
        Fault::Required => t.problem_fault_required().into(),
        Fault::TooLong { limit, length } => {
            t.problem_fault_too_long(number(*length), number(*limit))
        }
        Fault::TooLarge { limit } => t.problem_fault_too_large(size(*limit)),
        Fault::TooShort { limit } => t.problem_fault_too_short(number(*limit)),
        Fault::TooMany { limit, .. } => t.problem_fault_too_many(number(*limit)),
        Fault::Unknown => t.problem_fault_unknown().into(),
        Fault::NotTypedAgain { sign } => t.fault_not_typed_again(sign),
        Fault::Malformed => t.problem_fault_malformed().into(),
        Fault::UnknownClause => t.problem_fault_unknown_clause().into(),
        Fault::TooEarly => t.problem_fault_too_early().into(),
        Fault::Taken => t.problem_fault_taken().into(),
        Fault::OutOfRange { least, most } => t.fault_out_of_range(*least, *most),
        Fault::SeatsDoNotAddUp { sum, total } => t.fault_seats_do_not_add_up(*sum, *total),
        Fault::TooFewConsumers { seats, of } => t.fault_too_few_consumers(*of, *seats),
        Fault::TooFew { limit } => t.fault_too_few(number(*limit)),
        Fault::NotARanking => t.fault_not_a_ranking().into(),
        Fault::ShortPeriodReason { days, rule_days } => {
            t.problem_fault_short_period_reason(*days, *rule_days)
        }
    }
}

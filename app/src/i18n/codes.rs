//! The codes of the domain in words, and what is wrong with an input as a sentence that says what
//! to do next.

use super::T;
use domain::comments::{AuthorKind, CommentState, Display, HoldReason};
use domain::consultations::State;
use domain::drafts::{ClauseChange, ClauseKind, WarningKind};
use domain::feedback::Disposition;
use domain::problem::{Fault, Violation};
use domain::staff::Role;

impl T {
    pub fn state(self, state: State) -> &'static str {
        match state {
            State::Preparing => self.code_state_preparing(),
            State::Published => self.code_state_published(),
            State::Open => self.code_state_open(),
            State::Closed => self.code_state_closed(),
            State::Answered => self.code_state_answered(),
            State::Withdrawn => self.code_state_withdrawn(),
        }
    }

    pub fn kind(self, kind: AuthorKind) -> &'static str {
        match kind {
            AuthorKind::Individual => self.code_kind_individual(),
            AuthorKind::Organisation => self.code_kind_organisation(),
        }
    }

    pub fn display(self, display: Display) -> &'static str {
        match display {
            Display::Shown => self.code_display_shown(),
            Display::Masked => self.code_display_masked(),
            Display::Anonymous => self.code_display_anonymous(),
        }
    }

    pub fn comment_state(self, state: CommentState) -> &'static str {
        match state {
            CommentState::Received => self.code_comment_received(),
            CommentState::Published => self.code_comment_published(),
            CommentState::Held => self.code_comment_held(),
            CommentState::Withdrawn => self.code_comment_withdrawn(),
        }
    }

    pub fn hold_reason(self, reason: HoldReason) -> &'static str {
        match reason {
            HoldReason::Illegal => self.code_hold_illegal(),
            HoldReason::NoSubstance => self.code_hold_no_substance(),
            HoldReason::Advertising => self.code_hold_advertising(),
            HoldReason::NotGovernmentBusiness => self.code_hold_not_government_business(),
            HoldReason::InProceedings => self.code_hold_in_proceedings(),
            HoldReason::PetitionFinished => self.code_hold_petition_finished(),
            HoldReason::Repeated => self.code_hold_repeated(),
            HoldReason::PersonalData => self.code_hold_personal_data(),
            HoldReason::Other => self.code_hold_other(),
        }
    }

    pub fn disposition(self, disposition: Disposition) -> &'static str {
        match disposition {
            Disposition::Adopted => self.code_adopted(),
            Disposition::AdoptedInSubstance => self.code_adopted_in_substance(),
            Disposition::PartlyAdopted => self.code_partly_adopted(),
            Disposition::AlreadyCovered => self.code_already_covered(),
            Disposition::ForLaterStudy => self.code_for_later_study(),
            Disposition::NotAdopted => self.code_not_adopted(),
            Disposition::Referred => self.code_referred(),
            Disposition::OutOfScope => self.code_out_of_scope(),
            Disposition::SupportNoted => self.code_support_noted(),
            Disposition::Duplicate => self.code_duplicate(),
            Disposition::Unclear => self.code_unclear(),
        }
    }

    pub fn clause_kind(self, kind: ClauseKind) -> &'static str {
        match kind {
            ClauseKind::Part => self.code_clause_part(),
            ClauseKind::Chapter => self.code_clause_chapter(),
            ClauseKind::Section => self.code_clause_section(),
            ClauseKind::Article => self.code_clause_article(),
            ClauseKind::Paragraph => self.code_clause_paragraph(),
            ClauseKind::Item => self.code_clause_item(),
            ClauseKind::Text => self.code_clause_text(),
        }
    }

    pub fn clause_change(self, change: ClauseChange) -> &'static str {
        match change {
            ClauseChange::Same => self.code_change_same(),
            ClauseChange::Reworded => self.code_change_reworded(),
            ClauseChange::Moved => self.code_change_moved(),
            ClauseChange::MovedReworded => self.code_change_moved_reworded(),
            ClauseChange::Split => self.code_change_split(),
            ClauseChange::Merged => self.code_change_merged(),
            ClauseChange::Added => self.code_change_added(),
            ClauseChange::Removed => self.code_change_removed(),
        }
    }

    /// A doubt about a parsed draft, as a sentence for the staff who look at the preview.
    pub fn warning(self, kind: WarningKind, label: &str) -> String {
        match kind {
            WarningKind::MissingNumber => self.code_warning_missing_number(label),
            WarningKind::RepeatedNumber => self.code_warning_repeated_number(label),
            WarningKind::OutOfOrder => self.code_warning_out_of_order(label),
            WarningKind::NoArticles => self.code_warning_no_articles().into(),
        }
    }

    pub fn role(self, role: Role) -> &'static str {
        match role {
            Role::Editor => self.code_role_editor(),
            Role::Moderator => self.code_role_moderator(),
            Role::Approver => self.code_role_approver(),
            Role::Administrator => self.code_role_administrator(),
        }
    }

    /// What is wrong with a field, and what to do. Where a field's own advice is better than the
    /// general one, it is given.
    pub fn fault(self, violation: &Violation) -> String {
        let last = violation.field.rsplit('.').next().unwrap_or_default();
        match (&violation.fault, last) {
            // Of a list of rows, not of what one person says.
            (Fault::Required, _) if in_rows(&violation.field) => self.fault_required().into(),
            // Only a comment can do without a name.
            (Fault::Required, "name") if violation.field == "author.name" => {
                self.fault_name_required().into()
            }
            (Fault::Required, "text" | "points") => self.fault_text_required().into(),
            (Fault::Required, "reason") if to_applicant(&violation.field) => {
                self.fault_reason_to_applicant().into()
            }
            (Fault::Required, "reason") => self.fault_reason_required().into(),
            (Fault::Required, _) if violation.field.starts_with("hold.") => {
                self.fault_hold_required().into()
            }
            (Fault::Required, "ticked") => self.fault_ticked_required().into(),
            (Fault::Required, _) => self.fault_required().into(),
            (Fault::TooLong { limit, length }, "name" | "contact" | "district" | "title") => {
                self.fault_too_long_line(number(*limit), number(length.saturating_sub(*limit)))
            }
            (Fault::TooLong { limit, length }, _) => {
                self.fault_too_long(number(*limit), number(length.saturating_sub(*limit)))
            }
            (Fault::Malformed, "file") => self.fault_file_kind().into(),
            (Fault::TooLarge { limit }, _) => self.fault_too_large(size(*limit)),
            (Fault::TooShort { limit }, _) => self.fault_too_short(number(*limit)),
            // How many there are is not said: of a flood only the beginning is read.
            (Fault::TooMany { limit, .. }, _) => self.fault_too_many(number(*limit)),
            (Fault::UnknownClause, _) => self.fault_unknown_clause().into(),
            (Fault::Unknown, "old") => self.fault_password_old().into(),
            (Fault::Unknown, "show_if") => self.fault_condition().into(),
            (Fault::Unknown, "max") => self.fault_bounds().into(),
            (Fault::Unknown, _) => self.fault_unknown().into(),
            (Fault::NotTypedAgain { sign }, _) => self.fault_not_typed_again(sign),
            (Fault::Malformed, "lang") => self.fault_language().into(),
            (Fault::Malformed, last) if last.ends_with("_at") || last == "corrections_until" => {
                self.desk_time_malformed().into()
            }
            (Fault::Malformed, "min" | "max") => self.fault_number().into(),
            (Fault::Malformed, _) => self.fault_malformed().into(),
            (Fault::TooEarly, _) => self.fault_too_early().into(),
            (Fault::Taken, "name") => self.fault_already_entered().into(),
            (Fault::Taken, _) => self.fault_taken().into(),
            (Fault::OutOfRange { least, most }, _) => self.fault_out_of_range(*least, *most),
            (Fault::SeatsDoNotAddUp { sum, total }, _) => {
                self.fault_seats_do_not_add_up(*sum, *total)
            }
            (Fault::TooFewConsumers { seats, of }, _) => self.fault_too_few_consumers(*of, *seats),
            (Fault::TooFew { limit }, _) => self.fault_too_few(number(*limit)),
            (Fault::NotARanking, _) => self.fault_not_a_ranking().into(),
            (Fault::ShortPeriodReason { days, rule_days }, _) => {
                self.fault_short_period(*days, *rule_days)
            }
        }
    }
}

/// Whether a field stands in one of the rows that staff add to a form.
/// A reason that the applicant alone reads, in the review of applications.
fn to_applicant(field: &str) -> bool {
    field == "ticked.reason" || field.starts_with("application.")
}

fn in_rows(field: &str) -> bool {
    let lists = ["categories.", "papers.", "questions.", "statements."];
    lists.iter().any(|list| field.starts_with(list))
}

/// A size as people name it: whole MiB, else KiB.
pub fn size(bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    if bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{} KiB", bytes.div_ceil(KIB))
    }
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

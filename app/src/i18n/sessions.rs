//! The codes of sessions and polls in words.

use super::T;
use domain::hearings::{ApplicationState, Attendance, Fill, Need, SessionKind, SessionState};
use domain::livelihood::LivelihoodField;
use domain::polls::{IdentityLevel, PollPhase, PollState, QuestionKind, ResultsShown, TextState};

impl T {
    pub fn session_kind(self, code: SessionKind) -> &'static str {
        match code {
            SessionKind::Hearing => self.code_session_hearing(),
            SessionKind::Seminar => self.code_session_seminar(),
            SessionKind::Observation => self.code_session_observation(),
        }
    }

    pub fn fill(self, code: Fill) -> &'static str {
        match code {
            Fill::Draw => self.code_fill_draw(),
            Fill::FirstCome => self.code_fill_first_come(),
            Fill::Recommendation => self.code_fill_recommendation(),
            Fill::Appointment => self.code_fill_appointment(),
        }
    }

    pub fn attendance(self, code: Attendance) -> &'static str {
        match code {
            Attendance::OnSite => self.code_attendance_on_site(),
            Attendance::Online => self.code_attendance_online(),
            Attendance::Both => self.code_attendance_both(),
        }
    }

    pub fn session_state(self, code: SessionState) -> &'static str {
        match code {
            SessionState::Preparing => self.code_session_preparing(),
            SessionState::Announced => self.code_session_announced(),
            SessionState::Applying => self.code_session_applying(),
            SessionState::Closed => self.code_session_closed(),
            SessionState::Frozen => self.code_session_frozen(),
            SessionState::Drawn => self.code_session_drawn(),
            SessionState::Held => self.code_session_held(),
            SessionState::Cancelled => self.code_session_cancelled(),
        }
    }

    pub fn application_state(self, code: ApplicationState) -> &'static str {
        match code {
            ApplicationState::Received => self.code_application_received(),
            ApplicationState::Eligible => self.code_application_eligible(),
            ApplicationState::Ineligible => self.code_application_ineligible(),
            ApplicationState::Chosen => self.code_application_chosen(),
            ApplicationState::Reserve => self.code_application_reserve(),
            ApplicationState::Confirmed => self.code_application_confirmed(),
            ApplicationState::Declined => self.code_application_declined(),
            ApplicationState::Withdrawn => self.code_application_withdrawn(),
        }
    }

    pub fn need(self, code: Need) -> &'static str {
        match code {
            Need::StepFree => self.code_need_step_free(),
            Need::SignLanguage => self.code_need_sign_language(),
            Need::Interpreter => self.code_need_interpreter(),
            Need::LargePrint => self.code_need_large_print(),
        }
    }

    pub fn question_kind(self, code: QuestionKind) -> &'static str {
        match code {
            QuestionKind::Single => self.code_question_single(),
            QuestionKind::Multiple => self.code_question_multiple(),
            QuestionKind::Scale => self.code_question_scale(),
            QuestionKind::Ranking => self.code_question_ranking(),
            QuestionKind::Matrix => self.code_question_matrix(),
            QuestionKind::ShortText => self.code_question_short_text(),
            QuestionKind::LongText => self.code_question_long_text(),
            QuestionKind::Number => self.code_question_number(),
            QuestionKind::Section => self.code_question_section(),
        }
    }

    pub fn identity_level(self, code: IdentityLevel) -> &'static str {
        match code {
            IdentityLevel::None => self.code_identity_none(),
            IdentityLevel::OneTimeCode => self.code_identity_one_time_code(),
            IdentityLevel::Invited => self.code_identity_invited(),
        }
    }

    pub fn results_shown(self, code: ResultsShown) -> &'static str {
        match code {
            ResultsShown::AtClosing => self.code_results_at_closing(),
            ResultsShown::AtOnce => self.code_results_at_once(),
            ResultsShown::ByHand => self.code_results_by_hand(),
        }
    }

    pub fn poll_phase(self, code: PollPhase) -> &'static str {
        match code {
            PollPhase::Before => self.code_phase_before(),
            PollPhase::After => self.code_phase_after(),
        }
    }

    pub fn poll_state(self, code: PollState) -> &'static str {
        match code {
            PollState::Preparing => self.code_poll_preparing(),
            PollState::Announced => self.code_poll_announced(),
            PollState::Open => self.code_poll_open(),
            PollState::Closed => self.code_poll_closed(),
            PollState::Cancelled => self.code_poll_cancelled(),
        }
    }

    pub fn text_state(self, code: TextState) -> &'static str {
        match code {
            TextState::Received => self.code_text_received(),
            TextState::Published => self.code_text_published(),
            TextState::Held => self.code_text_held(),
        }
    }

    pub fn livelihood_field(self, code: LivelihoodField) -> &'static str {
        match code {
            LivelihoodField::CultureEducation => self.code_livelihood_culture_education(),
            LivelihoodField::Health => self.code_livelihood_health(),
            LivelihoodField::MunicipalPlanning => self.code_livelihood_municipal_planning(),
            LivelihoodField::UrbanConstruction => self.code_livelihood_urban_construction(),
            LivelihoodField::Resources => self.code_livelihood_resources(),
            LivelihoodField::Environment => self.code_livelihood_environment(),
            LivelihoodField::SocialSecurity => self.code_livelihood_social_security(),
            LivelihoodField::PublicUtilities => self.code_livelihood_public_utilities(),
        }
    }
}

//! What was just done, said on the page to which a successful POST leads.

use app::i18n::T;

/// Something that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Created,
    Saved,
    DraftAdded,
    MatchesSaved,
    RoundPublished,
    CommentsPublished,
    CommentsHeld,
    PointsAnswered,
    FeedbackPublished,
    Withdrawn,
    PasswordChanged,
    SessionRevoked,
    SignedOut,
    AccountSaved,
    OriginsSaved,
    LangSaved,
    SessionsEnded,
    HearingPublished,
    HearingCancelled,
    ApplicationsReviewed,
    ParticipantEntered,
    ListFrozen,
    Drawn,
    MinutesPublished,
    ReportPublished,
    CorrectionAnswered,
    OpinionAnswered,
    PollPublished,
    PollCorrected,
    PollCancelled,
    ResultsPublished,
    TextsPublished,
    TextsHeld,
}

/// What travels as `?done=`.
const CODES: [(Done, &str); 33] = [
    (Done::Created, "created"),
    (Done::Saved, "saved"),
    (Done::DraftAdded, "draft_added"),
    (Done::MatchesSaved, "matches_saved"),
    (Done::RoundPublished, "round_published"),
    (Done::CommentsPublished, "comments_published"),
    (Done::CommentsHeld, "comments_held"),
    (Done::PointsAnswered, "points_answered"),
    (Done::FeedbackPublished, "feedback_published"),
    (Done::Withdrawn, "withdrawn"),
    (Done::PasswordChanged, "password_changed"),
    (Done::SessionRevoked, "session_revoked"),
    (Done::SignedOut, "signed_out"),
    (Done::AccountSaved, "account_saved"),
    (Done::OriginsSaved, "origins_saved"),
    (Done::LangSaved, "lang_saved"),
    (Done::SessionsEnded, "sessions_ended"),
    (Done::HearingPublished, "hearing_published"),
    (Done::HearingCancelled, "hearing_cancelled"),
    (Done::ApplicationsReviewed, "applications_reviewed"),
    (Done::ParticipantEntered, "participant_entered"),
    (Done::ListFrozen, "list_frozen"),
    (Done::Drawn, "drawn"),
    (Done::MinutesPublished, "minutes_published"),
    (Done::ReportPublished, "report_published"),
    (Done::CorrectionAnswered, "correction_answered"),
    (Done::OpinionAnswered, "opinion_answered"),
    (Done::PollPublished, "poll_published"),
    (Done::PollCorrected, "poll_corrected"),
    (Done::PollCancelled, "poll_cancelled"),
    (Done::ResultsPublished, "results_published"),
    (Done::TextsPublished, "texts_published"),
    (Done::TextsHeld, "texts_held"),
];

/// What was done, and to how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    pub done: Done,
    pub n: i64,
}

impl Notice {
    /// Reads `?done=` and `?n=`; what is not known says nothing.
    pub fn read(done: Option<&str>, n: Option<&str>) -> Option<Self> {
        Some(Self {
            done: CODES.iter().find(|(_, code)| Some(*code) == done)?.0,
            n: n.and_then(|n| n.parse().ok()).unwrap_or(1),
        })
    }

    /// The query that says it on the next page.
    pub fn query(self) -> String {
        let code = CODES
            .iter()
            .find(|(done, _)| *done == self.done)
            .map_or("", |(_, code)| *code);
        format!("done={code}&n={}", self.n)
    }

    /// The sentence.
    pub fn sentence(self, t: T) -> String {
        match self.done {
            Done::Created => t.desk_done_created().into(),
            Done::Saved => t.desk_done_saved().into(),
            Done::DraftAdded => t.desk_done_draft_added().into(),
            Done::MatchesSaved => t.desk_done_matches_saved(self.n),
            Done::RoundPublished => t.desk_done_round_published().into(),
            Done::CommentsPublished => t.desk_done_comments_published(self.n),
            Done::CommentsHeld => t.desk_done_comments_held(self.n),
            Done::PointsAnswered => t.desk_done_points_answered(self.n),
            Done::FeedbackPublished => t.desk_done_feedback_published().into(),
            Done::Withdrawn => t.desk_done_withdrawn().into(),
            Done::PasswordChanged => t.desk_done_password_changed().into(),
            Done::SessionRevoked => t.desk_done_session_revoked().into(),
            Done::SignedOut => t.desk_done_signed_out().into(),
            Done::AccountSaved => t.desk_done_account_saved().into(),
            Done::OriginsSaved => t.desk_done_origins_saved().into(),
            Done::LangSaved => t.desk_done_lang_saved().into(),
            Done::SessionsEnded => t.desk_done_sessions_ended().into(),
            Done::HearingPublished => t.desk_done_hearing_published().into(),
            Done::HearingCancelled => t.desk_done_hearing_cancelled().into(),
            Done::ApplicationsReviewed => t.desk_done_applications_reviewed(self.n),
            Done::ParticipantEntered => t.desk_done_participant_entered().into(),
            Done::ListFrozen => t.desk_done_list_frozen().into(),
            Done::Drawn => t.desk_done_drawn().into(),
            Done::MinutesPublished => t.desk_done_minutes_published().into(),
            Done::ReportPublished => t.desk_done_report_published().into(),
            Done::CorrectionAnswered => t.desk_done_correction_answered().into(),
            Done::OpinionAnswered => t.desk_done_opinion_answered().into(),
            Done::PollPublished => t.desk_done_poll_published().into(),
            Done::PollCorrected => t.desk_done_poll_corrected().into(),
            Done::PollCancelled => t.desk_done_poll_cancelled().into(),
            Done::ResultsPublished => t.desk_done_results_published().into(),
            Done::TextsPublished => t.desk_done_texts_published(self.n),
            Done::TextsHeld => t.desk_done_texts_held(self.n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::i18n::Lang;

    #[test]
    fn what_was_done_survives_the_redirect_and_says_how_many() {
        for (done, code) in CODES {
            let notice = Notice { done, n: 7 };
            assert_eq!(notice.query(), format!("done={code}&n=7"));
            assert_eq!(Notice::read(Some(code), Some("7")), Some(notice));
        }
        let held = Notice::read(Some("comments_held"), Some("7"));
        assert!(
            held.unwrap()
                .sentence(T(Lang::En))
                .contains("7 comments are held")
        );
        assert_eq!(Notice::read(Some("nonsense"), None), None);
    }
}

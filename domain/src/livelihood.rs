//! The eight fields of people's livelihood in which a poll is due before the decision: where one is
//! not held, a public reason says why.

use crate::problem::Violations;
use crate::{limits, text};
use serde::{Deserialize, Serialize};

crate::codes! {
    /// A field of people's livelihood: 文化教育、医疗卫生、市政规划、城市建设、资源开发、环境保护、社会保障、公用事业.
    pub enum LivelihoodField {
        CultureEducation = "culture_education",
        Health = "health",
        MunicipalPlanning = "municipal_planning",
        UrbanConstruction = "urban_construction",
        Resources = "resources",
        Environment = "environment",
        SocialSecurity = "social_security",
        PublicUtilities = "public_utilities",
    }
}

/// Which of the fields a consultation touches, and why no poll is held, if it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Livelihood {
    /// Without repetition, in the order of the list.
    pub fields: Vec<LivelihoodField>,
    /// Public.
    pub no_poll_reason: Option<String>,
}

/// That no poll is held before the decision, as a consultation says it in public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoPoll {
    pub reason: String,
    /// The fields in which one would be due.
    pub fields: Vec<LivelihoodField>,
}

/// [`Livelihood`] as staff give it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawLivelihood {
    pub fields: Vec<LivelihoodField>,
    pub no_poll_reason: String,
}

impl RawLivelihood {
    /// Checks the length of the reason.
    pub fn parse(&self) -> Result<Livelihood, Violations> {
        let mut wrong = Violations::new();
        let reason = wrong.keep(
            "no_poll_reason",
            text::lines(&self.no_poll_reason, limits::REASON),
        );
        let mut fields = self.fields.clone();
        fields.sort_unstable();
        fields.dedup();
        wrong.into_result(|| Livelihood {
            fields,
            no_poll_reason: reason.flatten(),
        })
    }
}

impl Livelihood {
    /// Whether a poll is due before the decision and there is neither one nor a reason.
    pub fn poll_is_due(&self, polls_before: bool) -> bool {
        !self.fields.is_empty() && self.no_poll_reason.is_none() && !polls_before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_is_due_until_there_is_one_or_a_public_reason() {
        let mut raw = RawLivelihood {
            fields: vec![LivelihoodField::Health, LivelihoodField::Health],
            no_poll_reason: " \n".into(),
        };
        let found = raw.parse().unwrap();
        assert_eq!(found.fields, [LivelihoodField::Health]);
        assert!(found.poll_is_due(false));
        assert!(!found.poll_is_due(true));
        raw.no_poll_reason = "问卷已由上级统一开展。".into();
        assert!(!raw.parse().unwrap().poll_is_due(false));
        assert!(!Livelihood::default().poll_is_due(false));
        raw.no_poll_reason = "长".repeat(limits::REASON + 1);
        assert_eq!(raw.parse().unwrap_err().0[0].field, "no_poll_reason");
    }
}

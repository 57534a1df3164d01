//! The decision to publish a comment or to hold it.

use super::HoldReason;
use crate::Timestamp;
use crate::problem::{Fault, Violations};
use serde::{Deserialize, Serialize};

/// A decision on one comment, as it arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RawModeration {
    /// `publish` or `hold`.
    pub decision: Decision,
    /// Required for `hold`.
    #[serde(default)]
    pub reason: Option<HoldReason>,
    /// The queue's `seen` of the comment that the decision is about. If the comment has changed
    /// since, the decision is refused.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub seen: Option<Timestamp>,
}

crate::codes! {
    /// What staff decide on a comment.
    pub enum Decision {
        Publish = "publish",
        Hold = "hold",
    }
}

/// A decision, parsed: a hold always has its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moderation {
    Publish,
    Hold(HoldReason),
}

impl RawModeration {
    pub fn parse(&self) -> Result<Moderation, Violations> {
        match (self.decision, self.reason) {
            (Decision::Publish, _) => Ok(Moderation::Publish),
            (Decision::Hold, Some(reason)) => Ok(Moderation::Hold(reason)),
            (Decision::Hold, None) => {
                let mut wrong = Violations::new();
                wrong.add("reason", Fault::Required);
                Err(wrong)
            }
        }
    }
}

//! What the screen of a draw must show before anything of it is public.

use super::ALL;
use super::sessions::{draw_of, drawn};
use crate::hearings::DrawStep;
use crate::testing::*;
use app::i18n::{Lang, T};
use domain::hearings::{Draw, SessionState};
use std::collections::BTreeMap;

/// The list is fixed, the number not entered yet.
pub(super) fn frozen() -> Draw {
    Draw {
        seed_known_at: at("2026-11-01T00:00:00Z"),
        seed: None,
        chosen: BTreeMap::new(),
        reserves: BTreeMap::new(),
        drawn_at: None,
        ..drawn()
    }
}

#[test]
fn a_number_is_shown_as_it_is_hashed_before_it_is_entered() {
    let desk = desk(Lang::En, &ALL);
    let of = |step| draw_of(&desk, SessionState::Frozen, Some(&frozen()), step);
    let typed = of(DrawStep::Form(None));
    assert!(typed.contains("value=\"review\"") && !typed.contains("value=\"draw\""));
    let review = of(DrawStep::Review);
    assert!(review.contains("<code class=\"seed\">07 &lt;11&gt;</code>"));
    assert!(review.contains("name=\"seed\" value=\"07 "), "{review}");
    assert!(review.contains(&T(Lang::En).desk_draw_decides(2, 3)));
    assert!(review.contains("value=\"draw\""));
    // Before it can be known, there is no field for it.
    let later = Draw {
        seed_known_at: at("2027-01-01T00:00:00Z"),
        ..frozen()
    };
    let early = draw_of(&desk, SessionState::Frozen, Some(&later), DrawStep::Review);
    assert!(!early.contains("value=\"draw\""));
}

#[test]
fn a_result_says_if_nobody_is_left_to_move_up() {
    let desk = desk(Lang::En, &ALL);
    let of = |draw: &Draw| draw_of(&desk, SessionState::Drawn, Some(draw), DrawStep::Form(None));
    let (some, none) = (
        T(Lang::En).desk_hearing_reserves(),
        T(Lang::En).draw_no_reserves(),
    );
    let all = drawn();
    assert!(of(&all).contains(some) && !of(&all).contains(none));
    let seated = Draw {
        reserves: BTreeMap::new(),
        ..all
    };
    assert!(of(&seated).contains(none) && !of(&seated).contains(some));
}

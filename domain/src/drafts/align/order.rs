//! Which clauses changed their place: the fewest that must be lifted out so that the others
//! stand in their old order, and those that went under another heading.

/// For each pair of places (old, new, weight), whether it is among the heaviest set of pairs that
/// keep their order. `pairs` are sorted by their new place; one old place may stand in several.
pub fn in_order(pairs: &[(usize, usize, f32)]) -> Vec<bool> {
    // The heaviest run of old places that never falls, with a tree of prefix maxima.
    let places = pairs.iter().map(|(old, ..)| old + 1).max().unwrap_or(0);
    let mut best: Vec<(f32, usize)> = vec![(0.0, usize::MAX); places + 1];
    let mut before = vec![usize::MAX; pairs.len()];
    let mut total = vec![0.0; pairs.len()];
    for (at, (old, _, weight)) in pairs.iter().enumerate() {
        let mut place = *old + 1;
        let mut top = (0.0, usize::MAX);
        while place > 0 {
            if best[place].0 > top.0 {
                top = best[place];
            }
            place &= place - 1;
        }
        before[at] = top.1;
        total[at] = top.0 + weight;
        let mut place = old + 1;
        while place <= places {
            if total[at] > best[place].0 {
                best[place] = (total[at], at);
            }
            place += place & place.wrapping_neg();
        }
    }
    let mut kept = vec![false; pairs.len()];
    let mut at = (0..pairs.len())
        .max_by(|a, b| total[*a].total_cmp(&total[*b]))
        .unwrap_or(usize::MAX);
    while at != usize::MAX {
        kept[at] = true;
        at = before[at];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lighter_of_two_swapped_runs_is_the_one_that_moved() {
        let pairs: Vec<_> = [3, 4, 5, 0, 1, 6]
            .iter()
            .enumerate()
            .map(|(n, o)| (*o, n, 1.0))
            .collect();
        assert_eq!(in_order(&pairs), [true, true, true, false, false, true]);
        assert!(in_order(&[]).is_empty());
    }
}

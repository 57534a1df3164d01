//! Where a page of points goes on: the numbers by which they are in order, of the last one shown.

use crate::error::Error;
use std::fmt;
use std::str::FromStr;

/// `N` numbers, none of them negative, written with dashes between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<const N: usize>([i64; N]);

/// Of the account: place of the clause, running number of the comment, position of the point.
pub type PointKey = Key<3>;
/// Of what is not answered yet: running number of the comment, position of the point.
pub type UnansweredKey = Key<2>;

impl<const N: usize> Key<N> {
    pub(super) const fn new(numbers: [i64; N]) -> Self {
        Self(numbers)
    }

    /// The numbers after which a page begins; without a key, it begins with the first point.
    pub(super) fn after(key: Option<&str>) -> Result<[i64; N], Error> {
        match key {
            Some(key) => key.parse().map(|Self(numbers)| numbers),
            None => Ok([-1; N]),
        }
    }
}

impl<const N: usize> fmt::Display for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, number) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("-")?;
            }
            write!(f, "{number}")?;
        }
        Ok(())
    }
}

impl<const N: usize> FromStr for Key<N> {
    type Err = Error;
    fn from_str(key: &str) -> Result<Self, Error> {
        let mut numbers = Vec::with_capacity(N);
        for part in key.split('-').take(N + 1) {
            numbers.push(part.parse().map_err(|_| Error::NotFound)?);
        }
        let numbers = numbers.try_into().map_err(|_| Error::NotFound)?;
        Ok(Self(numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_what_it_writes_and_nothing_else() {
        let key = PointKey::new([3, 17, i64::MAX]);
        assert_eq!(key.to_string().parse::<PointKey>().unwrap(), key);
        for wrong in ["", "1", "1-2", "1-2-3-4", "1--3", "a-b-c", "-1-2-3"] {
            assert!(wrong.parse::<PointKey>().is_err(), "{wrong}");
        }
        assert_eq!(UnansweredKey::after(None).unwrap(), [-1, -1]);
    }
}

//! What is known to grow faster than its input, until it is mended: by what grows, and the most that its exponent may be in
//! the doubling that is checked. Empty is what is aimed at.

const FASTER: &[(&str, f64)] = &[];

/// The most that the exponent may be.
pub fn most(growth: &str) -> f64 {
    let faster = FASTER.iter().find(|(key, _)| *key == growth);
    faster.map_or(super::growth::MOST, |(_, most)| *most)
}

#[cfg(test)]
mod tests {
    use super::{FASTER, most};
    use crate::bench::growth::{GROWTHS, MOST};

    #[test]
    fn what_is_allowed_is_measured() {
        assert!(FASTER.iter().all(|(key, _)| GROWTHS.iter().any(|growth| growth.key == *key)));
    }

    #[test]
    fn what_is_not_in_the_list_grows_as_its_input() {
        assert_eq!(most("fields"), MOST);
    }
}

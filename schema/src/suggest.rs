//! "Did you mean": the known name nearest to an unknown one.

use strsim::osa_distance;

/// Returns the candidate with the fewest edits from `name`, when it is near enough to be a slip.
///
/// An edit inserts, removes or replaces a character or swaps two neighbours; letter case does not
/// count. A name of up to 4, 8 or more characters may be 1, 2 or 3 edits away.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count().div_ceil(4).min(3);
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    candidates
        .into_iter()
        // Each character more or less is an edit, and lengths are quickly compared.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .filter(|candidate| *candidate != name)
        .map(|candidate| (osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= limit)
        // The least candidate among equals, whatever their order.
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let known = ["SDKCredential", "SATClaims", "string"];
        assert_eq!(nearest("SDKCredentials", known), Some("SDKCredential"));
        assert_eq!(nearest("SdkCredential", known), Some("SDKCredential"));
        assert_eq!(nearest("Sting", known), Some("string"));
        assert_eq!(nearest("Banana", known), None);
    }

    #[test]
    fn edits_and_swaps_are_counted() {
        for (name, near) in [
            ("autenticate", "authenticate"),
            ("refersh", "refresh"),
            ("refesh", "refresh"),
            ("tokenn", "token"),
            ("ab", "ba"),
            ("crat", "crate"),
            ("endpiont", "endpoint"),
            ("kitten-kitten", "kitten-mutton"),
        ] {
            assert_eq!(nearest(name, [near]), Some(near), "{name}");
        }
        // Three edits in six characters, four in thirteen, one in none.
        for (name, far) in [("kitten", "sitting"), ("kitten-kitten", "kitten-buttal"), ("", "a")] {
            assert_eq!(nearest(name, [far]), None, "{name}");
        }
        assert_eq!(nearest("timeout", ["crate", "endpoint"]), None);
    }
}

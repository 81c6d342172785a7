//! Names of files that mean one file on every system.

/// What keeps `name` from being the name of a file below a folder on any system; `None` when
/// nothing does.
pub(super) fn unportable(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("is empty");
    }
    if name.starts_with('.') {
        return Some("begins with a dot");
    }
    if name.contains(['/', '\\']) {
        return Some("has a path separator in it");
    }
    if name.chars().any(char::is_control) {
        return Some("has a control character in it");
    }
    if name.contains(['<', '>', ':', '"', '|', '?', '*']) {
        return Some("has a character in it that some systems do not allow");
    }
    if name.ends_with(['.', ' ']) {
        return Some("ends with a dot or a space");
    }
    if name.len() > MOST_BYTES {
        return Some("is longer than 200 bytes");
    }
    is_reserved(name).then_some("is a device on Windows")
}

/// The longest name: file systems take 255 bytes, and a temporary name is a little longer.
const MOST_BYTES: usize = 200;

/// Returns whether Windows keeps a name to itself, with any ending and in any case: `con`, `Aux.rs`.
pub(super) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            let mut rest = rest.chars();
            let digit = rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c));
            digit && rest.next().is_none()
        })
    };
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_or_mean_no_file_are_refused() {
        for name in [
            "", ".", "..", ".hidden", "../up", "a/b", "a\\b", "c:x", "a\nb", "a\0", "b.", "b ",
            "what?", "NUL", "aux.json", "Com1", "lpt¹.rs",
        ] {
            assert!(unportable(name).is_some(), "{name:?}");
        }
        assert!(unportable(&"x".repeat(201)).is_some());
        for name in ["Room.json", "$scope", "com", "com10", "console.rs", "Größe", "a b", "a..b"]
        {
            assert_eq!(unportable(name), None, "{name}");
        }
    }
}

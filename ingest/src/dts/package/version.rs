//! Ranges of versions of the compiler, `>=4.2 <6 || ^3.9`.

/// The version whose rules are followed.
const COMPILER: [u32; 2] = [5, 9];

/// Whether a range admits the compiler's version.
pub(super) fn admits(range: &str) -> bool {
    range.split("||").any(|part| {
        // `>= 4` is one comparator.
        let joined = [">=", "<=", ">", "<", "=", "^", "~"]
            .iter()
            .fold(part.to_owned(), |text, sign| text.replace(&format!("{sign} "), sign));
        let words: Vec<&str> = joined.split_whitespace().collect();
        match words.as_slice() {
            [least, "-", greatest] => fits(">=", least) && fits("<=", greatest),
            all => all.iter().all(|word| {
                let start = word.find(|c: char| c.is_ascii_digit() || matches!(c, '*' | 'x'));
                let (sign, version) = word.split_at(start.unwrap_or(word.len()));
                fits(sign, version)
            }),
        }
    })
}

fn fits(sign: &str, version: &str) -> bool {
    let parts: Vec<Option<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    let Some(Some(major)) = parts.first().copied() else {
        return matches!((sign, version), (_, "*" | "x") | ("", ""));
    };
    let minor = parts.get(1).copied().flatten();
    let other = [major, minor.unwrap_or_default()];
    // Of `<=5` all versions that begin with 5 are part.
    let same = COMPILER[0] == major && minor.is_none_or(|minor| COMPILER[1] == minor);
    match sign {
        ">=" => COMPILER >= other,
        ">" => COMPILER > other && !same,
        "<" => COMPILER < other,
        "<=" => COMPILER < other || same,
        "^" => COMPILER[0] == major && COMPILER >= other,
        "" | "=" | "~" => same,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_admit_the_version_that_they_say() {
        for range in [
            "*",
            ">=4.2",
            ">= 4.2 < 6",
            "^5.1",
            "5.9",
            "5",
            "<4 || >=5.9.0",
            "~5.9",
            "<=5",
            "4 - 6",
        ] {
            assert!(admits(range), "{range}");
        }
        for range in ["<4.8", "<=5.8", "^6", ">5", ">=6.0.0-0", "4", "1 - 5.8", "=5.8", "!"] {
            assert!(!admits(range), "{range}");
        }
    }
}

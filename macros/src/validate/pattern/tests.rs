//! Patterns, and texts that match and that do not.

use super::{automaton::Automaton, syntax};

fn automaton(pattern: &str) -> Result<Automaton, String> {
    syntax::parse(pattern).and_then(|tree| Automaton::of(&tree))
}

#[test]
fn texts_match_as_in_ecmascript() {
    for (pattern, matching, others) in [
        ("", &["", "a"][..], &[][..]),
        ("a", &["a", "xax"], &["", "b"]),
        ("^a", &["a", "ab"], &["", "ba"]),
        ("a$", &["a", "ba"], &["", "ab"]),
        ("^a$", &["a"], &["", "aa", "ba"]),
        ("^$", &[""], &["a"]),
        ("^a*$", &["", "aaa"], &["ab"]),
        ("^a+?$", &["a", "aaa"], &["", "b"]),
        ("^a?b$", &["b", "ab"], &["aab"]),
        ("^(?:ab|c){2,3}$", &["abc", "cc", "ababab"], &["ab", "cccc"]),
        ("^a{2}$", &["aa"], &["a", "aaa"]),
        ("^a{2,}$", &["aa", "aaaa"], &["a"]),
        ("^[a-c_-]+$", &["a_c-"], &["", "d"]),
        ("^[^a-c]$", &["d", "ä"], &["a", "dd"]),
        ("^[\\d\\-x]+$", &["1-x"], &["a"]),
        ("^\\w\\W\\d\\D\\s\\S$", &["a-1a a"], &["aa1a a"]),
        ("^.$", &["a", "ß", "😀"], &["\n", ""]),
        ("^\\x41\\u00e4\\u{1F600}\\.\\/$", &["Aä😀./"], &["Aä😀a/"]),
        ("^(?<year>\\d{4})-(?P<month>\\d\\d)$", &["2026-11"], &["226-11"]),
        ("a|^b|c$", &["xa", "bx", "xc"], &["xb", "cx"]),
        ("^(a|b)*abb$", &["abb", "babaabb"], &["ab", "abba"]),
        ("(^|,)x(,|$)", &["x", "a,x", "x,a"], &["ax", "xa"]),
        ("^[A-Z]{3}[0-9]{3,4}$", &["ABC123", "ABC1234"], &["ABC12", "abc123"]),
    ] {
        let automaton = automaton(pattern).unwrap();
        for text in matching {
            assert!(automaton.is_match(text), "{pattern} {text:?}");
        }
        for text in others {
            assert!(!automaton.is_match(text), "{pattern} {text:?}");
        }
    }
}

#[test]
fn what_no_automaton_decides_is_refused() {
    for (pattern, why) in [
        ("(a", "does not end"),
        ("a)", "closes nothing"),
        ("[a", "does not end"),
        ("*a", "repeats nothing"),
        ("a**", "repeats a repetition"),
        ("a{2", "does not end"),
        ("a{x}", "no number"),
        ("a{3,2}", "greater count"),
        ("a{1001}", "greater than"),
        ("(?=a)", "look-around"),
        ("(?<!a)b", "look-around"),
        ("(?i)a", "flags"),
        ("\\b", "borders"),
        ("(a)\\1", "references"),
        ("\\q", "not known"),
        ("\\", "backslash"),
        ("[z-a]", "range"),
        ("\\u{110000}", "no character"),
        ("^+", "not repeated"),
        ("(?:(?:a{1000}){1000}){9}", "too large"),
        ("(a|b)*a(a|b){20}", "too large"),
    ] {
        let found = automaton(pattern).err().unwrap_or_default();
        assert!(found.contains(why), "{pattern}: {found}");
    }
    assert!(automaton(&"(".repeat(5_000)).is_err());
}

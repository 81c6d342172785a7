//! Bounds how deep a document nests, before a recursive parser and a recursive walk see it.

use super::MAX_CONTAINERS;

/// Inline openers (`[`, `*`, `_`, `` ` ``, `{`) allowed in one paragraph: some of them cost the
/// parser quadratic time.
const MAX_INLINE_OPENERS: usize = 4_000;

/// The byte offset at which containers (quotes, lists, components, brackets in one paragraph)
/// nest too deep.
pub(super) fn too_deep_at(text: &str) -> Option<usize> {
    let mut offset = 0;
    let mut open_tags = 0usize;
    let mut brackets = 0usize;
    let mut openers = 0usize;
    let mut fence: Option<u8> = None;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '\t', '>']).trim_end();
        let marker = body.as_bytes().first().copied().unwrap_or(b' ');
        let is_fence = body.starts_with("```") || body.starts_with("~~~");
        match fence {
            Some(open) if is_fence && open == marker => fence = None,
            Some(_) => {}
            None if is_fence => fence = Some(marker),
            None => {
                if body.is_empty() {
                    brackets = 0;
                    openers = 0;
                }
                if markers(line) > MAX_CONTAINERS {
                    return Some(offset);
                }
                for (at, byte) in line.bytes().enumerate() {
                    match byte {
                        b'<' => match line.as_bytes().get(at + 1) {
                            Some(b'/') => open_tags = open_tags.saturating_sub(1),
                            Some(next)
                                if (next.is_ascii_alphabetic() || *next == b'>')
                                    && !is_inside(line, at) =>
                            {
                                open_tags += 1;
                            }
                            _ => {}
                        },
                        b'/' if line.as_bytes().get(at + 1) == Some(&b'>') => {
                            open_tags = open_tags.saturating_sub(1);
                        }
                        b'[' | b'{' => {
                            brackets += 1;
                            openers += 1;
                        }
                        b']' | b'}' => brackets = brackets.saturating_sub(1),
                        b'*' | b'_' | b'`' | b'!' | b'&' => openers += 1,
                        _ => continue,
                    }
                    if open_tags > MAX_CONTAINERS
                        || brackets > MAX_CONTAINERS
                        || openers > MAX_INLINE_OPENERS
                    {
                        return Some(offset + at);
                    }
                }
            }
        }
        offset += line.len();
    }
    None
}

/// Whether a text begins with front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrontMatter {
    /// It does not.
    Absent,
    /// Nothing closes what its first line opens. The parser must not look for it then: once it has
    /// failed, it takes the lists of the text for prose, or counts below zero and panics.
    Open,
    /// It does.
    Closed,
}

/// Looks for front matter as the parser does: `---` or `+++` alone on the first line, and again.
pub(super) fn front_matter(text: &str) -> FrontMatter {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split(['\n', '\r']).map(|line| line.trim_end_matches([' ', '\t']));
    match lines.next() {
        Some(fence @ ("---" | "+++")) if lines.any(|line| line == fence) => FrontMatter::Closed,
        Some("---" | "+++") => FrontMatter::Open,
        _ => FrontMatter::Absent,
    }
}

/// Whether the `<` at `at` stands in a type or in code and so opens no component.
fn is_inside(line: &str, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| line.as_bytes().get(at));
    before.is_some_and(|byte| !byte.is_ascii_whitespace() && *byte != b'>')
}

/// How many containers a line's prefix can open: quote marks, list marks, and the indentation
/// that continues them.
fn markers(line: &str) -> usize {
    let mut count = 0;
    let mut spaces = 0;
    let mut rest = line.bytes().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b' ' => spaces += 1,
            b'\t' => spaces += 4,
            b'>' => count += 1,
            b'-' | b'*' | b'+' | b'.' | b')' if rest.peek().is_none_or(u8::is_ascii_whitespace) => {
                count += 1;
            }
            b'0'..=b'9' => {}
            _ => break,
        }
    }
    count + spaces / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_has_two_ends() {
        for (text, expected) in [
            ("---\ntitle: a\n---\n", FrontMatter::Closed),
            ("\u{feff}--- \r\ntitle: a\r\n---\t", FrontMatter::Closed),
            ("---\n+++\n- a\n ---\n", FrontMatter::Open),
            ("+++", FrontMatter::Open),
            ("\n---\na\n---\n", FrontMatter::Absent),
            ("----\na\n----\n", FrontMatter::Absent),
            ("", FrontMatter::Absent),
        ] {
            assert_eq!(front_matter(text), expected, "{text:?}");
        }
    }

    #[test]
    fn refuses_deep_containers_and_takes_wide_ones() {
        for deep in [
            "> ".repeat(10_000),
            "- ".repeat(10_000),
            "<A>\n".repeat(10_000),
            "[".repeat(10_000),
            "{".repeat(10_000),
            "*a ".repeat(10_000),
            (0..10_000).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect(),
        ] {
            assert!(too_deep_at(&deep).is_some(), "{:?}", deep.get(..20));
        }
        let wide =
            "- [a](b) *c* `d`\n\n<A b=\"x > y | P<Q>\">\n  text\n</A>\n\n<B />\n".repeat(10_000);
        assert_eq!(too_deep_at(&wide), None);
        assert_eq!(too_deep_at(&format!("```ts\n{}\n```\n", "{".repeat(500))), None);
    }
}

//! Bounds how deep TypeScript text nests, before a recursive parser sees it.

/// Types deeper than this are refused; real declarations stay below 20.
pub(crate) const MAX_NESTING: usize = 200;

/// Words and marks that open another level without a bracket: `keyof keyof T`, `() => () => T`.
const PREFIXES: [&str; 10] = [
    "keyof", "unique", "readonly", "infer", "asserts", "typeof", "extends", "new", "abstract",
    "import",
];

/// The byte offset at which `text` nests deeper than [`MAX_NESTING`], if it does. Brackets,
/// prefix operators, arrows and conditional types all count.
pub(crate) fn too_deep_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // For each open bracket, how many prefix levels it holds at the moment.
    let mut levels = vec![0usize];
    let mut total = 0usize;
    let mut at = 0;
    let mut last = Token::Operator;
    // The dots of the name behind `namespace`: `namespace A.B` is a namespace in a namespace.
    let mut path: Option<usize> = None;
    while let Some(byte) = bytes.get(at).copied() {
        let start = at;
        at += 1;
        let mut grown = false;
        match (byte, &mut path) {
            (b'.', Some(dots)) => {
                *dots += 1;
                if *dots > MAX_NESTING {
                    return Some(start);
                }
            }
            (b'/' | b'_' | b'$' | 0x80.., _) => {}
            _ if byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() => {}
            _ => path = None,
        }
        match byte {
            b'"' | b'\'' => {
                at = end_of_string(bytes, at, byte);
                last = Token::Operand;
            }
            b'/' if matches!(bytes.get(at), Some(b'/' | b'*')) => at = end_of_comment(bytes, at),
            b'(' | b'[' | b'{' | b'<' => {
                levels.push(0);
                grown = true;
                last = Token::Operator;
            }
            b'>' if start > 0 && bytes.get(start - 1) == Some(&b'=') => {
                grow(&mut levels);
                grown = true;
                last = Token::Operator;
            }
            b')' | b']' | b'}' | b'>' => {
                // A suffix such as `[]` or `()` is a level for whoever walks the tree.
                if levels.len() > 1 {
                    let inner = levels.pop().unwrap_or(0);
                    total -= inner + 1;
                }
                if byte == b']' && bytes.get(start.wrapping_sub(1)) == Some(&b'[') {
                    grow(&mut levels);
                    grown = true;
                }
                last = Token::Operand;
            }
            b';' | b',' => {
                reset(&mut levels, &mut total);
                last = Token::Operator;
            }
            b'?' | b'!' => {
                let mark = matches!(bytes.get(at), Some(b':' | b')' | b',' | b';' | b'('));
                if !mark {
                    grow(&mut levels);
                    grown = true;
                    last = Token::Operator;
                }
            }
            b'\n' if last == Token::Operand && !continues(bytes, at) => {
                reset(&mut levels, &mut total);
            }
            _ if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' => {
                while bytes
                    .get(at)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
                {
                    at += 1;
                }
                last = Token::Operand;
                let word = text.get(start..at).unwrap_or_default();
                if matches!(word, "namespace" | "module") {
                    path = Some(0);
                }
                if PREFIXES.contains(&word) {
                    grow(&mut levels);
                    grown = true;
                    last = Token::Operator;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'0'..=b'9' => last = Token::Operand,
            _ => last = Token::Operator,
        }
        if grown {
            total += 1;
            if total > MAX_NESTING {
                return Some(start);
            }
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Operand,
    Operator,
}

fn grow(levels: &mut [usize]) {
    if let Some(level) = levels.last_mut() {
        *level += 1;
    }
}

fn reset(levels: &mut [usize], total: &mut usize) {
    if let Some(level) = levels.last_mut() {
        *total -= *level;
        *level = 0;
    }
}

/// Whether the line that starts at `at` carries the type before it on.
fn continues(bytes: &[u8], at: usize) -> bool {
    let next = bytes.iter().skip(at).find(|byte| !byte.is_ascii_whitespace());
    matches!(next, Some(b'?' | b':' | b'|' | b'&' | b'=' | b'[' | b'.'))
}

fn end_of_string(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' => 2,
            b'\n' => return at,
            byte if *byte == quote => return at + 1,
            _ => 1,
        };
    }
    at
}

fn end_of_comment(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    if bytes.get(at) == Some(&b'/') {
        rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + 1 + end)
    } else {
        rest.windows(2).position(|pair| pair == b"*/").map_or(bytes.len(), |end| at + 3 + end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_every_kind_of_depth() {
        for (open, close) in [
            ("(", ")"),
            ("{a:", "}"),
            ("A<", ">"),
            ("keyof ", ""),
            ("() => ", ""),
            ("[", "]"),
            ("", "[]"),
            ("A extends B ? C : ", ""),
            ("?", ""),
        ] {
            let text = format!("{}T{}", open.repeat(500), close.repeat(500));
            assert!(too_deep_at(&text).is_some(), "{open}{close}");
            let text = format!("{}T{}", open.repeat(20), close.repeat(20));
            assert_eq!(too_deep_at(&text), None, "{open}{close}");
        }
    }

    #[test]
    fn width_is_not_depth() {
        let union = vec!["\"a > [\""; 3000].join(" | ");
        assert_eq!(too_deep_at(&union), None);
        assert!(too_deep_at(&format!("namespace {}A {{}}", "A.".repeat(500))).is_some());
        let members = "  a?: (x?: string) => readonly T[];\n".repeat(3000);
        assert_eq!(too_deep_at(&format!("{{ {members} }}")), None);
        let lines = "declare const a: () => keyof T\n// don't\n/* ( */".repeat(3000);
        assert_eq!(too_deep_at(&lines), None);
    }
}

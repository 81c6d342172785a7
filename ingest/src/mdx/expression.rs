//! Where an expression in braces ends: braces in its strings and comments close nothing.

use markdown::MdxSignal;

/// The parser asks at each closing brace, with all of the expression: what this costs is bounded.
const MAX_STEPS: usize = 2 << 20;

/// Whether `code` is all of an expression.
pub(super) fn end(code: &str) -> MdxSignal {
    let closings = code.bytes().filter(|byte| *byte == b'}').count() + 1;
    if closings.saturating_mul(code.len()) > MAX_STEPS {
        return MdxSignal::Error(
            "an expression in braces is too long".to_owned(),
            0,
            Box::new("expression".to_owned()),
            Box::new("credwire".to_owned()),
        );
    }
    if is_whole(code.as_bytes()) {
        MdxSignal::Ok
    } else {
        MdxSignal::Eof(
            "an expression in braces is not closed".to_owned(),
            Box::new("expression".to_owned()),
            Box::new("credwire".to_owned()),
        )
    }
}

/// What is open at some place of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Brace,
    Quote(u8),
    Line,
    Comment,
}

fn is_whole(code: &[u8]) -> bool {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(byte) = code.get(at).copied() {
        let next = code.get(at + 1).copied();
        at += 1;
        match open.last().copied() {
            Some(Open::Quote(quote)) => match byte {
                b'\\' => at += 1,
                // An expression stands in a template.
                b'$' if quote == b'`' && next == Some(b'{') => {
                    at += 1;
                    open.push(Open::Brace);
                }
                // Only templates go on behind the line.
                b'\n' if quote != b'`' => drop(open.pop()),
                _ if byte == quote => drop(open.pop()),
                _ => {}
            },
            Some(Open::Line) => {
                if byte == b'\n' {
                    open.pop();
                }
            }
            Some(Open::Comment) => {
                if byte == b'*' && next == Some(b'/') {
                    at += 1;
                    open.pop();
                }
            }
            Some(Open::Brace) | None => match byte {
                b'"' | b'\'' | b'`' => open.push(Open::Quote(byte)),
                b'/' if next == Some(b'/') => open.push(Open::Line),
                b'/' if next == Some(b'*') => open.push(Open::Comment),
                b'{' => open.push(Open::Brace),
                b'}' => drop(open.pop()),
                _ => {}
            },
        }
    }
    open.iter().all(|one| *one == Open::Line)
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn braces_in_strings_and_comments_close_nothing() {
        for code in [r#""}""#, "'{'", "`}`", "`${{ a: 1 }}}`", "{ a: '}' }", "/* } */", r#""\"}""#]
        {
            assert!(is_whole(code.as_bytes()), "{code}");
        }
        for code in [r#"""#, "{ a: 1", "`${a", "/* ", r#""\""#] {
            assert!(!is_whole(code.as_bytes()), "{code}");
        }
    }
}

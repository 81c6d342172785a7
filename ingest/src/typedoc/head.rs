//! The line that declares a symbol or a member: `> **name**(`a?`): `T`` or the same as code.

use crate::page::{Block, BlockKind, Span};

/// A declaring line taken apart.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// `readonly`, `get`, `new` and the like.
    pub(super) flags: Vec<String>,
    /// What stands behind the name, from `?`, `<`, `(`, `:` or `=` on.
    pub(super) rest: String,
}

const FLAGS: [&str; 19] = [
    "abstract",
    "async",
    "class",
    "const",
    "declare",
    "enum",
    "export",
    "function",
    "get",
    "interface",
    "let",
    "new",
    "optional",
    "private",
    "protected",
    "public",
    "readonly",
    "set",
    "static",
];

impl Head {
    /// Takes a line apart that declares `name`; an empty name stands for none (call signatures).
    pub(super) fn read(line: &str, name: &str) -> Option<Self> {
        let mut rest = line.trim().trim_end_matches(';');
        let mut flags = Vec::new();
        loop {
            if let Some(behind) = rest.strip_prefix(name)
                && is_behind_name(behind)
            {
                return Some(Self { flags, rest: behind.trim().to_owned() });
            }
            if let Some(behind) = rest.strip_prefix("...") {
                rest = behind;
                continue;
            }
            let (word, behind) = rest.split_once(' ')?;
            if word == "new" {
                // The class that is made says nothing new.
                let at = behind.find(['(', '<']).unwrap_or(0);
                flags.push("new".to_owned());
                return Some(Self { flags, rest: behind.get(at..).unwrap_or_default().to_owned() });
            }
            if !FLAGS.contains(&word) && !matches!(word, "type" | "var") {
                return None;
            }
            flags.push(word.to_owned());
            rest = behind.trim_start();
        }
    }

    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|one| one == flag)
    }

    /// Whether it is a signature: parameters follow, in front of them type parameters.
    pub(super) fn is_signature(&self) -> bool {
        let rest = self.rest.trim_start_matches('?');
        rest.starts_with('(')
            || (rest.starts_with('<')
                && closing(rest, 0).is_some_and(|end| {
                    rest.get(end + 1..).is_some_and(|rest| rest.trim_start().starts_with('('))
                }))
    }
}

fn is_behind_name(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(['?', '<', '(', ':', '='])
}

/// The name in a heading, without what marks it: `watts?`, `on()`, `~~old~~`, `Box<T>`.
pub(super) fn bare_name(title: &str) -> &str {
    let mut name = title.trim().trim_matches('~').trim();
    name = name.strip_prefix("abstract ").unwrap_or(name);
    loop {
        let shorter = name.strip_suffix('?').or_else(|| name.strip_suffix("()"));
        let generic = || name.find('<').filter(|at| *at > 0 && name.ends_with('>'));
        let shorter = shorter.or_else(|| name.get(..generic()?));
        // Overloads name their parameters: `on(name)`.
        let params = || name.find('(').filter(|at| *at > 0 && name.ends_with(')'));
        let shorter = shorter.or_else(|| name.get(..params()?));
        match shorter.filter(|shorter| !shorter.is_empty()) {
            Some(shorter) => name = shorter,
            None => return name,
        }
    }
}

/// The line of a quote or of a fence that may declare something.
pub(super) fn line_of(kind: &BlockKind) -> Option<String> {
    match kind {
        BlockKind::Quote(children) => match &children.first()?.kind {
            BlockKind::Prose(spans) => Some(crate::page::text_of(spans).replace('\n', " ")),
            _ => None,
        },
        BlockKind::Fence { lang, code } if matches!(lang.as_str(), "ts" | "typescript") => {
            Some(code.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

/// Whether a block declares what the heading above it names.
pub(super) fn is_head_of(kind: &BlockKind, title: &str) -> bool {
    let Some(line) = line_of(kind) else { return false };
    let name = bare_name(title);
    if name == "Constructor" || name.starts_with("new ") {
        return line.starts_with("new ") || line.contains(" new ");
    }
    if name.is_empty() {
        return false;
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let declares = |name: &str| Head::read(&line, name).is_some_and(|head| !head.rest.is_empty());
    declares(name) || (last != name && !last.is_empty() && declares(last))
}

/// The bracket that closes the one at `open`.
pub(super) fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in outside_strings(text).filter(|(at, _)| *at >= open) {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if text.get(..at).is_some_and(|before| before.ends_with('=')) => {}
            ')' | ']' | '}' | '>' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a mark stands in no bracket and no string.
pub(super) fn top_level<'t>(text: &'t str, mark: &'t str) -> impl Iterator<Item = usize> + 't {
    let mut depth = 0usize;
    outside_strings(text).filter_map(move |(at, c)| {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if text.get(..at).is_some_and(|before| before.ends_with('=')) => {}
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let here = depth == 0 && text.get(at..).is_some_and(|rest| rest.starts_with(mark));
        here.then_some(at)
    })
}

/// The characters of a text that stand in no string.
fn outside_strings(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, c)| match quote {
        Some(open) => {
            if !escaped && *c == open {
                quote = None;
            }
            escaped = !escaped && *c == '\\';
            false
        }
        None => {
            if matches!(c, '"' | '\'' | '`') {
                quote = Some(*c);
            }
            true
        }
    })
}

/// A type and the default behind it: `number = 40`.
pub(super) fn split_default(text: &str) -> (&str, Option<&str>) {
    match top_level(text, " = ").last() {
        Some(at) => (text.get(..at).unwrap_or(text).trim(), text.get(at + 3..).map(str::trim)),
        None => (text.trim(), None),
    }
}

/// Tags without text stand alone: **`Internal`** **`Beta`**.
pub(super) fn is_modifier(block: &Block) -> bool {
    let BlockKind::Prose(spans) = &block.kind else { return false };
    let is_tag = |span: &Span| {
        span.code
            && span.text.starts_with(char::is_uppercase)
            && span.text.chars().all(|c| c.is_alphabetic() || c == ' ')
    };
    spans.iter().any(|span| span.code)
        && spans.iter().all(|span| is_tag(span) || span.text.trim().is_empty())
}

//! Code fences as statements, without the modifiers that generators write.

use credwire_schema::diagnostic::Place;

use super::prose_types::{clean, has_link};

/// What kind of statement a fence begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Accessor,
    Alias,
    Signature,
    Constant,
    Other,
}

const MODIFIERS: [&str; 13] = [
    "optional",
    "static",
    "abstract",
    "async",
    "protected",
    "private",
    "public",
    "override",
    "declare",
    "export",
    "default",
    "function",
    "readonly",
];

/// A statement of a fence without its modifiers.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) modifiers: Vec<String>,
    /// A link of Markdown stood in it.
    pub(super) linked: bool,
    pub(super) place: Place,
}

pub(super) fn statement_kind(code: &str) -> Statement {
    let (text, _) = strip_modifiers(clean(code));
    let word = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .next()
        .unwrap_or_default();
    let named = text.get(word.len()..).is_some_and(|rest| rest.starts_with(' '));
    match word {
        "get" | "set" if named => Statement::Accessor,
        "type" if named => Statement::Alias,
        "const" | "let" | "var" if named => Statement::Constant,
        "import" | "interface" | "class" | "enum" | "await" => Statement::Other,
        _ if text.get(word.len()..).is_some_and(|rest| rest.starts_with(['(', '<']))
            && text.contains("): ") =>
        {
            Statement::Signature
        }
        "new" if named => Statement::Signature,
        _ => Statement::Other,
    }
}

/// Takes `optional`, `static`, `protected`, .. off, also behind `get` and `set`, and the class
/// name off `new X(..)`.
fn strip_modifiers(mut text: String) -> (String, Vec<String>) {
    let mut taken = Vec::new();
    let mut prefix = String::new();
    while let Some((word, rest)) = text.split_once(char::is_whitespace) {
        let rest = rest.trim_start();
        let is_name =
            rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '[' | '#'));
        if matches!(word, "get" | "set") && prefix.is_empty() && is_name {
            prefix = format!("{word} ");
        } else if word == "new" && prefix.is_empty() && is_name {
            let name = rest.find(['(', '<']).unwrap_or(0);
            return (format!("new {}", rest.get(name..).unwrap_or_default()), taken);
        } else if MODIFIERS.contains(&word) && is_name {
            taken.push(word.to_owned());
        } else {
            break;
        }
        text = rest.to_owned();
    }
    (format!("{prefix}{text}"), taken)
}

pub(super) fn access(modifiers: &[String]) -> Option<String> {
    modifiers.iter().find(|word| matches!(word.as_str(), "protected" | "private")).cloned()
}

/// Cuts a fence into statements: a line continues while brackets are open, or when the next one
/// starts with an operator.
pub(super) fn statements(code: &str, fence: &Place) -> Vec<Code> {
    let mut all = Vec::new();
    let mut open = 0i32;
    let mut current = String::new();
    let mut first_line = 0u32;
    let lines: Vec<&str> = code.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if current.is_empty() {
            first_line = u32::try_from(index).unwrap_or(u32::MAX);
        } else {
            current.push('\n');
        }
        current.push_str(line);
        let mut before = ' ';
        for c in line.chars() {
            open += i32::from(matches!(c, '(' | '[' | '{' | '<'));
            open -= i32::from(matches!(c, ')' | ']' | '}') || (c == '>' && before != '='));
            before = c;
        }
        let next = lines.iter().skip(index + 1).find(|line| !line.trim().is_empty());
        let continues = next
            .is_some_and(|next| next.trim_start().starts_with(['|', '&', '=', '?', ':', ')']))
            || line.trim_end().ends_with(['=', '|', '&', ',', ':']);
        if open <= 0 && !continues {
            let (text, modifiers) =
                strip_modifiers(clean(&current).trim_end_matches(';').to_owned());
            if !text.is_empty() && !text.starts_with("//") {
                let line = fence.line.saturating_add(1).saturating_add(first_line);
                all.push(Code {
                    text,
                    modifiers,
                    linked: has_link(&current),
                    place: Place::new(fence.file.clone(), line, fence.column),
                });
            }
            current.clear();
            open = 0;
        }
    }
    if !current.trim().is_empty() {
        let (text, modifiers) = strip_modifiers(clean(&current));
        all.push(Code { text, modifiers, linked: has_link(&current), place: fence.clone() });
    }
    all
}

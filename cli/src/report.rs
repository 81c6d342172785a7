//! What goes to standard error: diagnostics, failures, notes.

use std::{
    collections::HashMap,
    io::{IsTerminal as _, Write as _},
};

use anstyle::{AnsiColor, Style};
use credwire_schema::diagnostic::Diagnostic;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default();
const PLACE: Style = Style::new().bold();

/// Whether live views and progress bars can be shown.
pub(crate) fn is_live() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb
}

/// Writes diagnostics, then their number: each cause once, at its first place, with the number of
/// other places. Nothing is written for none.
pub(crate) fn diagnostics(diagnostics: &[Diagnostic]) {
    for (diagnostic, others) in causes(diagnostics) {
        let (style, severity) =
            if diagnostic.is_error() { (ERROR, "error") } else { (WARNING, "warning") };
        let Diagnostic { code, place, message, help, .. } = diagnostic;
        let more = match others {
            0 => String::new(),
            count => format!(" (and {})", counted(count, "more place")),
        };
        line(&format!(
            "{PLACE}{place}{PLACE:#}: {style}{severity}[{code}]{style:#}: {message}{more}"
        ));
        if let Some(help) = help {
            line(&format!("  {HELP}help:{HELP:#} {help}"));
        }
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = diagnostics.len() - errors;
    match (errors, warnings) {
        (0, 0) => {}
        (0, _) => note(&counted(warnings, "warning")),
        (_, 0) => note(&counted(errors, "error")),
        _ => note(&format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))),
    }
}

/// The first diagnostic of each cause, and how many there are besides.
fn causes(diagnostics: &[Diagnostic]) -> Vec<(&Diagnostic, usize)> {
    let mut found: Vec<(&Diagnostic, usize)> = Vec::new();
    let mut positions = HashMap::new();
    for diagnostic in diagnostics {
        let Diagnostic { code, severity, message, help, .. } = diagnostic;
        // The message names who mentions the type, the help the type that is missing.
        let message = (*code != "unknown-type" || help.is_none()).then_some(message);
        let position = *positions.entry((code, severity, message, help)).or_insert(found.len());
        match found.get_mut(position) {
            Some((_, others)) => *others += 1,
            None => found.push((diagnostic, 0)),
        }
    }
    found
}

/// Writes why a command failed.
pub(crate) fn failure(message: &str, help: Option<&str>) {
    line(&format!("{ERROR}error{ERROR:#}: {message}"));
    if let Some(help) = help {
        line(&format!("  {HELP}help:{HELP:#} {help}"));
    }
}

/// Writes a line that is no part of the output.
pub(crate) fn note(text: &str) {
    line(text);
}

/// `1 page`, `2 pages`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn line(text: &str) {
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use credwire_schema::diagnostic::Place;

    use super::*;

    #[test]
    fn each_cause_is_told_once_with_its_count() {
        let at = |line, message: &str| {
            Diagnostic::warning("unknown-type", Place::new("a.d.ts", line, 1), message)
        };
        let all = [at(1, "`A`"), at(2, "`B`"), at(3, "`A`"), at(4, "`A`"), at(5, "`B`").help("b")];
        let told: Vec<_> =
            causes(&all).into_iter().map(|(it, more)| (it.place.line, more)).collect();
        assert_eq!(told, [(1, 2), (2, 0), (5, 0)]);
        let all = [at(1, "`X` mentions `A`").help("A"), at(2, "`Y` mentions `A`").help("A")];
        assert_eq!(causes(&all).len(), 1, "one type is missing");
    }
}

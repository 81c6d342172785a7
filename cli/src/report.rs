//! What goes to standard error: diagnostics, failures, notes.

use std::io::{IsTerminal as _, Write as _};

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

/// Writes diagnostics, then their number. Nothing is written for none.
pub(crate) fn diagnostics(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let (style, severity) =
            if diagnostic.is_error() { (ERROR, "error") } else { (WARNING, "warning") };
        let Diagnostic { code, place, message, help, .. } = diagnostic;
        line(&format!("{PLACE}{place}{PLACE:#}: {style}{severity}[{code}]{style:#}: {message}"));
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

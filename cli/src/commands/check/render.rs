//! Differences as text for people, programs and reviews.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use credwire_drift::{Class, Finding, Group};
use credwire_schema::diagnostic::{Diagnostic, Place};
use serde_json::json;

/// How differences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Human,
    Json,
    Markdown,
    Github,
}

/// Writes `findings`, which are sorted by class.
pub(super) fn write(out: &mut impl Write, format: Format, findings: &[Finding]) -> io::Result<()> {
    match format {
        Format::Human => human(out, findings),
        Format::Json => json(out, findings),
        Format::Markdown => markdown(out, findings),
        Format::Github => github(out, findings),
    }
}

/// Writes why nothing could be compared. People read it on standard error.
pub(super) fn errors(
    out: &mut impl Write,
    format: Format,
    errors: &[Diagnostic],
) -> io::Result<()> {
    match format {
        Format::Human => Ok(()),
        Format::Json => {
            let all = errors.iter().map(|error| {
                json!({
                    "code": error.code,
                    "help": error.help,
                    "message": error.message,
                    "place": error.place.to_string(),
                })
            });
            let object = json!({
                "counts": {},
                "errors": all.collect::<Vec<_>>(),
                "exitStatus": 1,
                "findings": [],
            });
            serde_json::to_writer_pretty(&mut *out, &object)?;
            writeln!(out)
        }
        Format::Markdown => {
            writeln!(out, "## Nothing was compared\n")?;
            writeln!(out, "| error | what | place |\n|---|---|---|")?;
            for Diagnostic { code, message, place, .. } in errors {
                let (message, place) = (code_span(message), cell(place));
                writeln!(out, "| `{code}` | {message} | {place} |")?;
            }
            Ok(())
        }
        Format::Github => {
            for error in errors {
                let help = error.help.as_deref().unwrap_or_default();
                let message = format!("{} {help}", error.message);
                command(out, "error", &error.place, error.code, message.trim_end())?;
            }
            Ok(())
        }
    }
}

/// Writes a workflow command.
fn command(
    out: &mut impl Write,
    name: &str,
    place: &Place,
    title: &str,
    message: &str,
) -> io::Result<()> {
    writeln!(
        out,
        "::{name} file={},line={},col={},title={}::{}",
        property(&place.file),
        place.line,
        place.column,
        property(title),
        data(message)
    )
}

const TITLE: Style = Style::new().bold().underline();
const CLASS: Style = Style::new().bold();
const SUBJECT: Style = AnsiColor::Cyan.on_default();
const QUIET: Style = Style::new().dimmed();

/// Longer types are cut for people; the other forms have them whole.
const LONGEST: usize = 160;

fn human(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    let mut group = None;
    for (class, findings) in by_class(findings) {
        if group.replace(class.group()) != Some(class.group()) {
            writeln!(out, "{TITLE}{}{TITLE:#}", title(class.group()))?;
        }
        writeln!(out, "\n{CLASS}{}{CLASS:#} ({})", class.as_str(), findings.len())?;
        writeln!(out, "{QUIET}{}{QUIET:#}", class.meaning().trim())?;
        for finding in findings {
            writeln!(out, "  {}: {SUBJECT}{}{SUBJECT:#}", finding.place, finding.subject())?;
            for (side, text) in [("docs", &finding.left), ("source", &finding.right)] {
                if let Some(text) = text {
                    let text = one_line(text);
                    writeln!(out, "      {QUIET}{side:6}{QUIET:#} {}", cut(&text))?;
                }
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn title(group: Group) -> &'static str {
    match group {
        Group::True => "True drift",
        Group::Lossy => "Lost in the form of the docs",
        Group::Same => "The same in other words",
    }
}

fn json(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    let counts: BTreeMap<&str, usize> =
        by_class(findings).into_iter().map(|(class, all)| (class.as_str(), all.len())).collect();
    let has_drift = findings.iter().any(|finding| finding.group == Group::True);
    let object = json!({
        "counts": counts,
        "errors": [],
        "exitStatus": u8::from(has_drift),
        "findings": findings,
    });
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

fn markdown(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    if findings.is_empty() {
        return writeln!(out, "No drift.");
    }
    let mut group = None;
    for (class, findings) in by_class(findings) {
        if group.replace(class.group()) != Some(class.group()) {
            writeln!(out, "## {}\n", title(class.group()))?;
        }
        writeln!(out, "### `{}` ({})\n", class.as_str(), findings.len())?;
        writeln!(out, "{}\n", class.meaning().trim())?;
        writeln!(out, "| symbol | docs | source | place |\n|---|---|---|---|")?;
        for finding in findings {
            let [left, right] = [&finding.left, &finding.right]
                .map(|text| text.as_deref().map_or_else(String::new, code_span));
            let subject = code_span(&finding.subject());
            let place = cell(&finding.place);
            writeln!(out, "| {subject} | {left} | {right} | {place} |")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A place in a table cell.
fn cell(place: &Place) -> String {
    place.to_string().replace('|', "\\|")
}

/// A code span in a table cell.
fn code_span(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn github(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
        let name = if finding.group == Group::True { "error" } else { "notice" };
        let text = |side: &Option<String>| side.as_deref().unwrap_or("nothing").to_owned();
        let message = format!(
            "{}: {} The docs have {}, the source has {}.",
            finding.subject(),
            finding.class.meaning().trim(),
            text(&finding.left),
            text(&finding.right)
        );
        command(out, name, &finding.place, finding.class.as_str(), &message)?;
    }
    Ok(())
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn by_class(findings: &[Finding]) -> Vec<(Class, Vec<&Finding>)> {
    let mut classes: BTreeMap<Class, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        classes.entry(finding.class).or_default().push(finding);
    }
    classes.into_iter().collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or(text)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_survive_any_text() {
        assert_eq!(property("a:b,c%d\ne"), "a%3Ab%2Cc%25d%0Ae");
        assert_eq!(data("a:b,c%d\ne"), "a:b,c%25d%0Ae");
    }

    #[test]
    fn cells_hold_types_with_bars_and_backticks() {
        assert_eq!(code_span("a | b"), "`a \\| b`");
        assert_eq!(code_span("`x-${number}` |\n  \"y\""), "`` `x-${number}` \\| \"y\" ``");
    }
}

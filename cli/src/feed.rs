//! What happens in sessions, a line each.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use credwire::{
    EpochMillis,
    client::{HistoryEntry, HistoryEvent},
};

const DIM: Style = Style::new().dimmed();

/// The line of an entry, with the time since `start`.
pub(crate) fn line(entry: &HistoryEntry, start: EpochMillis) -> String {
    let at = entry.at.saturating_since(start).as_secs_f64();
    let style = style(&entry.event);
    let session = harmless(&entry.session);
    let label = harmless(entry.event.label());
    let mut line = format!("{DIM}{at:8.3} s{DIM:#}  {session}  {style}{label}{style:#}");
    let detail = validity(entry).or_else(|| entry.event.detail().map(harmless));
    if let Some(detail) = detail {
        line.push_str(&format!("  {DIM}{detail}{DIM:#}"));
    }
    line
}

/// How long a credential that has just come is valid.
fn validity(entry: &HistoryEntry) -> Option<String> {
    let HistoryEvent::Credential { expires_at, .. } = entry.event else { return None };
    Some(match expires_at {
        Some(end) => format!("good for {}", length(end.saturating_since(entry.at))),
        None => "no end stated".to_owned(),
    })
}

/// A length of time: seconds with a tenth, or minutes.
pub(crate) fn length(time: Duration) -> String {
    if time < Duration::from_secs(120) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min", (time.as_secs() + 30) / 60)
    }
}

fn style(event: &HistoryEvent) -> Style {
    match event {
        HistoryEvent::Warning { .. } | HistoryEvent::RefreshFailed { .. } => {
            AnsiColor::Yellow.on_default()
        }
        HistoryEvent::Dropped { .. } | HistoryEvent::Expired | HistoryEvent::Error { .. } => {
            AnsiColor::Red.on_default()
        }
        _ => Style::new(),
    }
}

/// Text from elsewhere, without what could steer a terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_space_cannot_steer_the_terminal() {
        let reason = "\u{1b}[2J\u{7}gone".to_owned();
        let entry =
            HistoryEntry::new(EpochMillis::new(2_500), "kiosk", HistoryEvent::Dropped { reason });
        let line = anstream::adapter::strip_str(&line(&entry, EpochMillis::new(1_000))).to_string();
        assert_eq!(line, "   1.500 s  kiosk  socket dropped  \u{fffd}[2J\u{fffd}gone");
    }
}

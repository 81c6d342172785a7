//! Writes a page with the picture and every entry.

use std::fmt::{self, Display, Formatter};

use super::{
    HistoryEntry, HistoryEvent,
    axis::{self, Axis},
    layout::Layout,
    svg::TITLE,
    text::Escaped,
};

const STYLE: &str = include_str!("page.css");

/// The page of entries that are in the order of time.
pub(super) fn page(entries: &[&HistoryEntry], dropped: u64) -> String {
    Page { entries, layout: Layout::new(entries, dropped) }.to_string()
}

struct Page<'a> {
    entries: &'a [&'a HistoryEntry],
    layout: Layout<'a>,
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(f, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(f, "<title>{TITLE}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>")?;
        writeln!(f, "<div class=\"picture\">\n{}</div>", self.layout)?;
        if !self.entries.is_empty() {
            writeln!(
                f,
                "<table>\n<caption>Every event</caption>\n<thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Session</th><th scope=\"col\">Event</th><th scope=\"col\">Detail</th></tr></thead>\n<tbody>"
            )?;
            self.entries.iter().try_for_each(|entry| row(f, entry, &self.layout.axis))?;
            writeln!(f, "</tbody>\n</table>")?;
        }
        writeln!(f, "</main>\n</body>\n</html>")
    }
}

fn row(f: &mut Formatter<'_>, entry: &HistoryEntry, axis: &Axis) -> fmt::Result {
    let (at, utc) = (axis.since_start(entry.at), axis::utc(entry.at));
    let (session, label) = (Escaped(&entry.session), Escaped(entry.event.label()));
    write!(f, "<tr><td title=\"{utc}\">{at}</td><td>{session}</td><td>{label}</td><td>")?;
    match (&entry.event, entry.event.detail()) {
        (HistoryEvent::Credential { expires_at: Some(end), .. }, _) => {
            write!(f, "valid for {}, until {}", axis::duration(entry.at, *end), axis::utc(*end))?;
        }
        (_, Some(detail)) => write!(f, "{}", Escaped(detail))?,
        _ => {}
    }
    writeln!(f, "</td></tr>")
}

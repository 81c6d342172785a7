//! Writes a layout as SVG.

use std::fmt::{self, Display, Formatter};

use super::{
    CredentialOrigin, HistoryEntry,
    axis::{self, Axis},
    lane::{Credential, Stretch},
    layout::{
        BAR, BAR_ROW, Example, FLAG_ROW, Layout, MARGIN, Mark, PLOT_LEFT, Panel, SAMPLE, SMALL,
        SOCKET, Sample, Shape, WIDTH, row,
    },
    text::{self, Escaped},
};

const STYLE: &str = include_str!("picture.css");
pub(super) const TITLE: &str = "Session timeline";

/// Draws entries that are in the order of time.
pub(super) fn draw(entries: &[&HistoryEntry], dropped: u64) -> String {
    Layout::new(entries, dropped).to_string()
}

impl Display for Layout<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (height, middle) = (self.height, (self.plot_top + self.plot_bottom) / 2.0);
        let subtitle = Escaped(&self.subtitle);
        writeln!(
            f,
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="credwire-timeline" role="img" viewBox="0 0 {WIDTH} {height:.0}" width="{WIDTH}" height="{height:.0}" aria-label="{TITLE}: {subtitle}">"#
        )?;
        writeln!(f, "<style>\n{STYLE}</style>")?;
        writeln!(f, r#"<rect class="page" width="{WIDTH}" height="{height:.0}"/>"#)?;
        writeln!(f, r#"<text class="title" x="{MARGIN}" y="36">{TITLE}</text>"#)?;
        writeln!(f, r#"<text class="muted" x="{MARGIN}" y="56">{subtitle}</text>"#)?;
        self.legend.iter().try_for_each(|sample| write!(f, "{sample}"))?;
        for panel in &self.panels {
            backdrop(f, panel)?;
        }
        if self.panels.is_empty() {
            writeln!(f, r#"<text class="muted" x="{PLOT_LEFT}" y="{middle:.1}">no events</text>"#)?;
        } else {
            grid(f, self)?;
        }
        self.panels.iter().try_for_each(|panel| session(f, panel, &self.axis))?;
        writeln!(f, "</svg>")
    }
}

fn backdrop(f: &mut Formatter<'_>, panel: &Panel<'_>) -> fmt::Result {
    let (x, width) = (MARGIN - 12.0, WIDTH - 2.0 * MARGIN + 24.0);
    let (top, height) = (panel.top, panel.bottom - panel.top);
    writeln!(
        f,
        r#"<rect class="panel" x="{x}" y="{top:.1}" width="{width}" height="{height:.1}" rx="8"/>"#
    )
}

fn grid(f: &mut Formatter<'_>, layout: &Layout<'_>) -> fmt::Result {
    let (bottom, label_y) = (layout.plot_bottom, layout.plot_bottom + 16.0);
    for (x, label) in layout.axis.ticks() {
        for panel in &layout.panels {
            let (top, bottom) = (panel.top + 34.0, panel.bottom);
            writeln!(
                f,
                r#"<line class="grid" x1="{x:.1}" y1="{top:.1}" x2="{x:.1}" y2="{bottom:.1}"/>"#
            )?;
        }
        writeln!(
            f,
            r#"<text class="muted" x="{x:.1}" y="{label_y:.1}" text-anchor="middle">{label}</text>"#
        )?;
    }
    let right = layout.axis.right();
    writeln!(
        f,
        r#"<line class="rule" x1="{PLOT_LEFT}" y1="{bottom:.1}" x2="{right:.1}" y2="{bottom:.1}"/>"#
    )
}

fn session(f: &mut Formatter<'_>, panel: &Panel<'_>, axis: &Axis) -> fmt::Result {
    let name = panel.lane.session;
    let shown = text::fit(name, 13.0, WIDTH - 2.0 * MARGIN);
    let (heading, left) = (panel.top + 23.0, MARGIN);
    writeln!(f, r#"<g role="group" aria-label="session {}">"#, Escaped(name))?;
    writeln!(f, r#"<text class="session" x="{left}" y="{heading:.1}">{}</text>"#, Escaped(&shown))?;
    let rows = [
        ("events", panel.marks_y + 4.0),
        ("credential", panel.bars_y + BAR / 2.0 + 4.0),
        ("socket", panel.socket_y + SOCKET / 2.0 + 4.0),
    ];
    for (label, y) in rows {
        writeln!(f, r#"<text class="muted" x="{left}" y="{y:.1}">{label}</text>"#)?;
    }
    let (y, right) = (panel.marks_y, axis.right());
    writeln!(
        f,
        r#"<line class="rule" x1="{PLOT_LEFT}" y1="{y:.1}" x2="{right:.1}" y2="{y:.1}"/>"#
    )?;
    panel.lane.credentials.iter().try_for_each(|one| credential(f, one, axis, panel.bars_y))?;
    panel.lane.socket.iter().try_for_each(|one| stretch(f, one, axis, panel.socket_y))?;
    panel.marks.iter().try_for_each(|one| mark(f, one, axis, panel.marks_y))?;
    writeln!(f, "</g>")
}

fn credential(f: &mut Formatter<'_>, life: &Credential, axis: &Axis, top: f64) -> fmt::Result {
    let y = top + row(life.row, BAR_ROW);
    let (left, used, right) = (axis.x(life.from), axis.x(life.in_use_until), axis.x(life.until));
    let class = kind_class(life.kind);
    let validity = life.expires_at.map(|end| axis::duration(life.from, end));
    let words = match &validity {
        Some(validity) => format!("{} · {validity}", life.kind.as_str()),
        None => life.kind.as_str().to_owned(),
    };
    let end = life.expires_at.map_or("no end stated".to_owned(), |end| {
        format!("valid until {} ({})", axis.since_start(end), axis::utc(end))
    });
    let from = axis.since_start(life.from);
    writeln!(f, "<g><title>{words}, received at {from}, {end}</title>")?;
    if right > used {
        rect(f, &format!("{class} rest"), used, y, right - used, BAR)?;
    }
    rect(f, class, left, y, used - left, BAR)?;
    if axis.is_beyond(life.until) {
        let (x, middle) = (right - 8.0, y + BAR / 2.0);
        writeln!(f, r#"<path class="beyond" d="M{x:.1} {:.1}l4 4l-4 4"/>"#, middle - 4.0)?;
    }
    let room = used - left - 12.0 - if axis.is_beyond(life.until) { 8.0 } else { 0.0 };
    let fits = |text: &&str| text::width(text, SMALL) <= room;
    let short = validity.as_deref().unwrap_or_default();
    if let Some(text) = [words.as_str(), short].into_iter().find(fits) {
        let (x, y) = (left + 6.0, y + BAR / 2.0 + 4.0);
        writeln!(f, r#"<text class="inside" x="{x:.1}" y="{y:.1}">{text}</text>"#)?;
    }
    writeln!(f, "</g>")
}

fn stretch(f: &mut Formatter<'_>, stretch: &Stretch, axis: &Axis, y: f64) -> fmt::Result {
    let (left, right) = (axis.x(stretch.from), axis.x(stretch.to));
    let (class, state) = if stretch.open { ("open", "open") } else { ("lost", "lost") };
    let (from, length) = (axis.since_start(stretch.from), axis::duration(stretch.from, stretch.to));
    writeln!(f, "<g><title>socket {state} from {from} for {length}</title>")?;
    rect(f, class, left, y, right - left, SOCKET)?;
    writeln!(f, "</g>")
}

fn mark(f: &mut Formatter<'_>, mark: &Mark<'_>, axis: &Axis, y: f64) -> fmt::Result {
    let Mark { x, entry, flag } = mark;
    let (at, label) = (axis.since_start(entry.at), Escaped(entry.event.label()));
    let class = shape_class(Shape::of(&entry.event));
    write!(f, "<g><title>{at} {label}")?;
    if let Some(detail) = entry.event.detail() {
        write!(f, ": {}", Escaped(detail))?;
    }
    writeln!(f, "</title>")?;
    if let Some(flag) = flag {
        let top = y - 12.0 - row(flag.row, FLAG_ROW);
        let (left, baseline) = (flag.left, top + 3.0);
        let top = top - 6.0;
        writeln!(
            f,
            r#"<line class="{class}" x1="{x:.1}" y1="{top:.1}" x2="{x:.1}" y2="{y:.1}"/>"#
        )?;
        let text = Escaped(&flag.text);
        writeln!(f, r#"<text x="{left:.1}" y="{baseline:.1}">{text}</text>"#)?;
    }
    shape(f, Shape::of(&entry.event), *x, y)?;
    writeln!(f, "</g>")
}

impl Display for Sample {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { x, y, of, meaning } = self;
        let middle = y - 4.0;
        match *of {
            Example::Credential(kind) => rect(f, kind_class(kind), *x, middle - 6.0, 18.0, 12.0)?,
            Example::Superseded => rect(f, "client-bound rest", *x, middle - 6.0, 18.0, 12.0)?,
            Example::Socket { open } => {
                rect(f, if open { "open" } else { "lost" }, *x, middle - 5.0, 18.0, SOCKET)?;
            }
            Example::Mark(of) => shape(f, of, x + 9.0, middle)?,
        }
        writeln!(f, r#"<text class="muted" x="{:.1}" y="{y:.1}">{meaning}</text>"#, x + SAMPLE)
    }
}

fn rect(
    f: &mut Formatter<'_>,
    class: &str,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
) -> fmt::Result {
    // Narrower ones could not be seen.
    let width = width.max(2.0);
    writeln!(
        f,
        r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height}" rx="2"/>"#
    )
}

fn shape(f: &mut Formatter<'_>, shape: Shape, x: f64, y: f64) -> fmt::Result {
    let class = shape_class(shape);
    let path = match shape {
        Shape::Step => {
            return writeln!(f, r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="4"/>"#);
        }
        Shape::Rotation => "m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z",
        Shape::Warning => "m0 -6l6 10.5h-12z",
        Shape::Loss => "m-4.5 -4.5l9 9m0 -9l-9 9",
    };
    writeln!(f, r#"<path class="{class}" d="M{x:.1} {y:.1}{path}"/>"#)
}

const fn kind_class(kind: CredentialOrigin) -> &'static str {
    match kind {
        CredentialOrigin::Sat => "sat",
        CredentialOrigin::Refreshed => "refreshed",
        CredentialOrigin::ClientBound => "client-bound",
    }
}

const fn shape_class(shape: Shape) -> &'static str {
    match shape {
        Shape::Step => "step",
        Shape::Rotation => "rotation",
        Shape::Warning => "warning",
        Shape::Loss => "loss",
    }
}

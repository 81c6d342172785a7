//! Where everything in the picture goes.

use credwire_core::EpochMillis;

use super::{
    CredentialOrigin, HistoryEntry, HistoryEvent,
    axis::{self, Axis},
    flags::{self, Flag},
    lane::{Lane, lanes},
    text,
};

pub(super) const WIDTH: f64 = 1200.0;
pub(super) const MARGIN: f64 = 24.0;
pub(super) const PLOT_LEFT: f64 = 128.0;
const PLOT_WIDTH: f64 = 900.0;
/// Labels may run past the end of the axis up to here.
const EDGE: f64 = WIDTH - MARGIN - 10.0;
/// The size of labels.
pub(super) const SMALL: f64 = 11.0;
pub(super) const FLAG_ROW: f64 = 16.0;
pub(super) const BAR: f64 = 18.0;
pub(super) const BAR_ROW: f64 = 22.0;
pub(super) const SOCKET: f64 = 10.0;
const LEGEND_TOP: f64 = 84.0;
const LEGEND_ROW: f64 = 22.0;
/// The room for the drawn example before a word of the legend.
pub(super) const SAMPLE: f64 = 24.0;

/// The whole picture.
pub(super) struct Layout<'a> {
    pub(super) axis: Axis,
    pub(super) subtitle: String,
    pub(super) legend: Vec<Sample>,
    pub(super) panels: Vec<Panel<'a>>,
    pub(super) plot_top: f64,
    pub(super) plot_bottom: f64,
    pub(super) height: f64,
}

/// One session.
pub(super) struct Panel<'a> {
    pub(super) lane: Lane<'a>,
    pub(super) marks: Vec<Mark<'a>>,
    pub(super) top: f64,
    pub(super) marks_y: f64,
    pub(super) bars_y: f64,
    pub(super) socket_y: f64,
    pub(super) bottom: f64,
}

/// An event that is a point in time.
pub(super) struct Mark<'a> {
    pub(super) x: f64,
    pub(super) entry: &'a HistoryEntry,
    pub(super) flag: Option<Flag<'a>>,
}

/// An example with its meaning.
pub(super) struct Sample {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) of: Example,
    pub(super) meaning: &'static str,
}

/// What the legend explains.
#[derive(Clone, Copy)]
pub(super) enum Example {
    Credential(CredentialOrigin),
    Superseded,
    Socket { open: bool },
    Mark(Shape),
}

/// The form of a mark, which distinguishes it without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A disc: progress.
    Step,
    /// A diamond: a credential was replaced or applied.
    Rotation,
    /// A triangle.
    Warning,
    /// A cross: something was lost.
    Loss,
}

impl Shape {
    pub(super) const fn of(event: &HistoryEvent) -> Self {
        match event {
            HistoryEvent::Rotated | HistoryEvent::Reauthenticated | HistoryEvent::Activated => {
                Self::Rotation
            }
            HistoryEvent::Warning { .. } | HistoryEvent::RefreshFailed { .. } => Self::Warning,
            HistoryEvent::Dropped { .. } | HistoryEvent::Expired | HistoryEvent::Error { .. } => {
                Self::Loss
            }
            _ => Self::Step,
        }
    }
}

impl<'a> Layout<'a> {
    /// Lays out entries that are in the order of time.
    pub(super) fn new(entries: &[&'a HistoryEntry], dropped: u64) -> Self {
        let zero = EpochMillis::new(0);
        let first = entries.first().map_or(zero, |entry| entry.at);
        let last = entries.last().map_or(zero, |entry| entry.at);
        let axis = Axis::new(first, last, PLOT_LEFT, PLOT_WIDTH);
        let (legend, plot_top) = legend();
        let mut top = plot_top;
        let mut panels = Vec::new();
        for lane in lanes(entries, last) {
            let panel = Panel::new(lane, &axis, top);
            top = panel.bottom + 14.0;
            panels.push(panel);
        }
        let subtitle = subtitle(entries, panels.len(), dropped);
        let plot_bottom = if panels.is_empty() { top + 40.0 } else { top - 4.0 };
        Self { axis, subtitle, legend, panels, plot_top, plot_bottom, height: plot_bottom + 36.0 }
    }
}

impl<'a> Panel<'a> {
    fn new(lane: Lane<'a>, axis: &Axis, top: f64) -> Self {
        // A credential is a bar, not a mark.
        let points = lane.entries.iter().copied();
        let points = points.filter(|entry| !matches!(entry.event, HistoryEvent::Credential { .. }));
        let points: Vec<&'a HistoryEntry> = points.collect();
        let places = points.iter().map(|entry| (axis.x(entry.at), entry.event.label()));
        let flags = flags::place(&places.collect::<Vec<_>>(), SMALL, EDGE);
        let rows = flags.iter().flatten().map(|flag| flag.row + 1).max().unwrap_or(0);
        let mark = |(entry, flag): (&'a HistoryEntry, _)| Mark { x: axis.x(entry.at), entry, flag };
        let marks = points.into_iter().zip(flags).map(mark).collect();
        let marks_y = top + 40.0 + row(rows, FLAG_ROW);
        let bars_y = marks_y + 14.0;
        let socket_y = bars_y + row(lane.rows.max(1), BAR_ROW) + 4.0;
        Self { lane, marks, top, marks_y, bars_y, socket_y, bottom: socket_y + SOCKET + 14.0 }
    }
}

/// Where row `index` begins when rows are `height` high.
pub(super) fn row(index: usize, height: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a handful of rows")]
    let index = index as f64;
    index * height
}

/// The legend, stretches of time above points in time, and where it ends.
fn legend() -> (Vec<Sample>, f64) {
    let stretches = CredentialOrigin::ALL
        .map(|kind| (Example::Credential(kind), kind.as_str()))
        .into_iter()
        .chain([
            (Example::Superseded, "replaced, still valid"),
            (Example::Socket { open: true }, "socket open"),
            (Example::Socket { open: false }, "socket lost"),
        ]);
    let points = [
        (Example::Mark(Shape::Step), "step"),
        (Example::Mark(Shape::Rotation), "rotation, reauthentication"),
        (Example::Mark(Shape::Warning), "warning"),
        (Example::Mark(Shape::Loss), "loss, error"),
    ];
    let mut samples = Vec::new();
    let mut line = |y: f64, line: &mut dyn Iterator<Item = (Example, &'static str)>| {
        let mut x = MARGIN;
        for (of, meaning) in line {
            samples.push(Sample { x, y, of, meaning });
            x += SAMPLE + text::width(meaning, SMALL) + 16.0;
        }
    };
    line(LEGEND_TOP, &mut stretches.into_iter());
    line(LEGEND_TOP + LEGEND_ROW, &mut points.into_iter());
    (samples, LEGEND_TOP + 2.0 * LEGEND_ROW)
}

fn subtitle(entries: &[&HistoryEntry], sessions: usize, dropped: u64) -> String {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return "Nothing was recorded.".to_owned();
    };
    let length = axis::duration(first.at, last.at);
    let sessions = counted(sessions, "session");
    let mut text = format!("{} · {length} · {sessions} · ", axis::utc(first.at));
    text.push_str(&counted(entries.len(), "event"));
    if dropped > 0 {
        text.push_str(&format!(" · {dropped} older ones made room"));
    }
    text
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

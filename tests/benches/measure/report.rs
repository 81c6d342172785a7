//! What was measured, beside the goals.

use serde_json::{Value, json};

/// Where a measured value has to lie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

/// All rows of a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    notes: Vec<String>,
    rows: Vec<Row>,
}

/// One thing that was measured.
#[derive(Debug)]
pub(crate) struct Row {
    what: String,
    detail: String,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Measured { value: f64, unit: &'static str, bound: Option<Bound> },
    Skipped(String),
}

impl Report {
    /// Says something about the run as a whole.
    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Begins a row, and says so: some take a minute.
    pub(crate) fn row(&mut self, what: impl Into<String>) -> RowBuilder<'_> {
        let what = what.into();
        eprintln!("measuring: {what}");
        RowBuilder { report: self, what, detail: String::new() }
    }

    /// Whether no goal was missed.
    pub(crate) fn all_met(&self) -> bool {
        self.rows.iter().all(|row| row.verdict() != "missed")
    }

    pub(crate) fn print_table(&self) {
        let lines: Vec<[String; 5]> = self.rows.iter().map(Row::cells).collect();
        let head = ["measured", "value", "goal", "", "how it came about"].map(str::to_owned);
        let all: Vec<&[String; 5]> = std::iter::once(&head).chain(&lines).collect();
        let width = |column: usize| {
            all.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default()
        };
        let widths = [0, 1, 2, 3].map(width);
        for note in &self.notes {
            println!("{note}");
        }
        for [what, value, goal, verdict, detail] in all {
            let [a, b, c, d] = widths;
            let line = format!("{what:a$}  {value:>b$}  {goal:>c$}  {verdict:d$}  {detail}");
            println!("{}", line.trim_end());
        }
    }

    pub(crate) fn print_json(&self) {
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        println!("{:#}", json!({ "notes": self.notes, "rows": rows }));
    }
}

/// A row that waits for its outcome.
pub(crate) struct RowBuilder<'a> {
    report: &'a mut Report,
    what: String,
    detail: String,
}

impl RowBuilder<'_> {
    /// Adds the figures behind the value.
    pub(crate) fn detail(mut self, detail: String) -> Self {
        self.detail = detail;
        self
    }

    /// Ends the row with a value that has a goal.
    pub(crate) fn measured(self, value: f64, unit: &'static str, bound: Bound) {
        self.end(Outcome::Measured { value, unit, bound: Some(bound) });
    }

    /// Ends the row with a value that has none.
    pub(crate) fn told(self, value: f64, unit: &'static str) {
        self.end(Outcome::Measured { value, unit, bound: None });
    }

    /// Ends the row with the reason why there is no value.
    pub(crate) fn skipped(self, reason: impl Into<String>) {
        self.end(Outcome::Skipped(reason.into()));
    }

    fn end(self, outcome: Outcome) {
        self.report.rows.push(Row { what: self.what, detail: self.detail, outcome });
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        match &self.outcome {
            Outcome::Measured { value, bound: Some(bound), .. } if bound.holds(*value) => "met",
            Outcome::Measured { bound: Some(_), .. } => "missed",
            Outcome::Measured { bound: None, .. } => "",
            Outcome::Skipped(_) => "skipped",
        }
    }

    fn cells(&self) -> [String; 5] {
        let (value, goal, detail) = match &self.outcome {
            Outcome::Measured { value, unit, bound } => {
                let goal = match bound {
                    Some(Bound::AtMost(limit)) => format!("<= {} {unit}", short(*limit)),
                    Some(Bound::AtLeast(limit)) => format!(">= {} {unit}", short(*limit)),
                    None => String::new(),
                };
                (format!("{value:.2} {unit}"), goal, &self.detail)
            }
            Outcome::Skipped(reason) => (String::new(), String::new(), reason),
        };
        [self.what.clone(), value, goal, self.verdict().to_owned(), detail.clone()]
    }

    fn json(&self) -> Value {
        match &self.outcome {
            Outcome::Measured { value, unit, bound } => {
                let (at_most, at_least) = match bound {
                    Some(Bound::AtMost(limit)) => (Some(*limit), None),
                    Some(Bound::AtLeast(limit)) => (None, Some(*limit)),
                    None => (None, None),
                };
                json!({
                    "what": self.what, "value": value, "unit": unit, "atMost": at_most,
                    "atLeast": at_least, "verdict": self.verdict(), "detail": self.detail,
                })
            }
            Outcome::Skipped(reason) => {
                json!({ "what": self.what, "verdict": self.verdict(), "detail": reason })
            }
        }
    }
}

/// A limit as it was set.
fn short(limit: f64) -> String {
    format!("{limit:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

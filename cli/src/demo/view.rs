//! How the demo is shown: ticking steps and token bars on a terminal, plain lines elsewhere.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use credwire::{
    EpochMillis,
    client::HistoryEntry,
    clock::{Clock as _, SystemClock},
};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{feed, outcome::Result};

const FRAME: Duration = Duration::from_millis(80);

/// Shows the demo.
pub(crate) struct View {
    clock: SystemClock,
    start: EpochMillis,
    step: Mutex<String>,
    live: Option<Live>,
}

struct Live {
    screen: MultiProgress,
    step: ProgressBar,
    bars: Mutex<BTreeMap<String, Countdown>>,
}

/// The time a credential has left.
struct Countdown {
    bar: ProgressBar,
    ends: EpochMillis,
}

impl View {
    /// A live view, or plain lines.
    pub(crate) fn new(live: bool) -> Self {
        let clock = SystemClock::new();
        let (start, step) = (clock.now().wall, Mutex::default());
        Self { clock, start, step, live: live.then(Live::new) }
    }

    /// Shows what is being done now.
    pub(super) fn begin(&self, step: &str) {
        step.clone_into(&mut self.step.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(live) = &self.live {
            live.step.set_message(step.to_owned());
        }
    }

    /// What is being done now.
    pub(super) fn step(&self) -> String {
        self.step.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes an event of a session.
    pub(super) fn event(&self, entry: &HistoryEntry) -> Result<()> {
        self.line(&format!("    {}", feed::line(entry, self.start)))
    }

    /// Writes a step that is done, with the time since the demo began.
    pub(super) fn done(&self, text: &str) -> Result<()> {
        let at = self.clock.now().boot.as_secs_f64();
        self.line(&format!("{OK}ok{OK:#}  {DIM}{at:>5.1} s{DIM:#}  {text}"))
    }

    /// Writes a line below the step before it.
    pub(super) fn detail(&self, text: &str) -> Result<()> {
        self.line(&format!("             {DIM}{text}{DIM:#}"))
    }

    /// Writes a heading.
    pub(super) fn heading(&self, text: &str) -> Result<()> {
        self.line("")?;
        self.line(&format!("{BOLD}{text}{BOLD:#}"))
    }

    /// Shows the time that a session's newest credential has left.
    pub(super) fn countdown(
        &self,
        session: &str,
        kind: &str,
        from: EpochMillis,
        ends: EpochMillis,
    ) {
        let Some(live) = &self.live else { return };
        let mut bars = live.bars();
        let bar = match bars.remove(session) {
            Some(countdown) => countdown.bar,
            None => live.screen.add(ProgressBar::new(0).with_style(bar_style())),
        };
        bar.set_length(millis(ends.saturating_since(from)));
        bar.set_prefix(format!("{session}: {kind}"));
        bars.insert(session.to_owned(), Countdown { bar, ends });
    }

    /// Takes a session's bar away.
    pub(super) fn ended(&self, session: &str) {
        let Some(live) = &self.live else { return };
        if let Some(countdown) = live.bars().remove(session) {
            countdown.bar.finish_and_clear();
        }
    }

    /// Keeps the live view moving for as long as it is polled.
    pub(super) async fn animate(&self) -> Infallible {
        let Some(live) = &self.live else { return std::future::pending().await };
        loop {
            live.tick(self.clock.now().wall);
            tokio::time::sleep(FRAME).await;
        }
    }

    fn line(&self, text: &str) -> Result<()> {
        match &self.live {
            // The bars are moved down, and colour is decided by the same stream as elsewhere.
            Some(live) => live.screen.suspend(|| writeln!(anstream::stdout().lock(), "{text}"))?,
            None => writeln!(anstream::stdout().lock(), "{text}")?,
        }
        Ok(())
    }
}

impl Drop for View {
    fn drop(&mut self) {
        if let Some(live) = &self.live {
            // Nothing is left to do when the terminal is gone.
            let _ = live.screen.clear();
        }
    }
}

const OK: anstyle::Style = anstyle::AnsiColor::Green.on_default().bold();
const DIM: anstyle::Style = anstyle::Style::new().dimmed();
const BOLD: anstyle::Style = anstyle::Style::new().bold();

impl Live {
    fn new() -> Self {
        let screen = MultiProgress::with_draw_target(ProgressDrawTarget::stdout());
        let step = screen.add(ProgressBar::new_spinner());
        Self { screen, step, bars: Mutex::default() }
    }

    fn bars(&self) -> MutexGuard<'_, BTreeMap<String, Countdown>> {
        self.bars.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self, now: EpochMillis) {
        self.step.tick();
        for Countdown { bar, ends } in self.bars().values() {
            let left = ends.saturating_since(now);
            bar.set_position(millis(left));
            bar.set_message(format!("{} left", feed::length(left)));
        }
    }
}

fn bar_style() -> ProgressStyle {
    let style = ProgressStyle::with_template("  {prefix:30} {bar:32.cyan/blue} {msg}");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

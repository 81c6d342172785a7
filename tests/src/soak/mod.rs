//! The soak: eight clients of the four kinds go through random faults at every step, and have to be
//! online after a minute of quiet.
//!
//! The clients, the space and the sockets are real. With tokio's clock paused an hour passes in
//! seconds; without, the same runs in real time (the binary `soak`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod crew;
mod storm;
mod weather;

use std::{fmt, time::Duration};

use fastrand::Rng;
use tokio::time::Instant;

use crate::live::{Scene, pass};
use crew::Crew;
use storm::StormWatch;
use weather::Weather;

/// How often the clients are looked at in a quiet stretch.
const LOOK: Duration = Duration::from_millis(100);

/// How long after the quiet stretch all clients may take to be online in one moment: those without
/// a mechanism connect anew whenever the space ends their session.
const BLINK: Duration = Duration::from_secs(3);

/// The time between two lines of progress while faults strike.
const PROGRESS: Duration = Duration::from_secs(60);

/// What one run goes through.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Draws the clients' lifetimes and all faults.
    pub seed: u64,
    /// How often faults and quiet follow each other.
    pub cycles: u32,
    /// How long faults strike in each cycle.
    pub faults: Duration,
    /// How long everything answers well after that.
    pub quiet: Duration,
}

/// What one run came to.
#[derive(Clone, Debug, Default)]
pub struct SoakOutcome {
    /// Faults that were planned.
    pub faults: u32,
    /// Clients that were not back after a quiet stretch, with what they went through.
    pub lost: Vec<String>,
    /// Storms: too many attempts of one client.
    pub storms: Vec<String>,
    /// The most attempts of one client in the first ten seconds of a failure, and in a later
    /// minute of it.
    pub most: (u32, u32),
    /// Attempts to connect.
    pub attempts: u64,
    /// Sessions that the space accepted.
    pub sessions: u64,
    /// Credentials that replaced another in a live session.
    pub rotations: u64,
    /// Calls of the providers.
    pub asked: u64,
    /// How long after the faults each client was back, sorted.
    pub back: Vec<Duration>,
}

impl SoakOutcome {
    /// Returns whether every client was back in time and none stormed.
    pub fn is_good(&self) -> bool {
        self.lost.is_empty() && self.storms.is_empty()
    }
}

impl fmt::Display for SoakOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |at: usize| self.back.get(at).map_or(0.0, Duration::as_secs_f64);
        write!(
            f,
            "{} faults, {} attempts, {} sessions, {} rotations, {} calls of the provider; back after \
             {:.1} s (median), {:.1} s (longest); at most {} attempts in 10 s, {} in a later minute; \
             {} lost, {} storms",
            self.faults,
            self.attempts,
            self.sessions,
            self.rotations,
            self.asked,
            seconds(self.back.len() / 2),
            seconds(self.back.len().saturating_sub(1)),
            self.most.0,
            self.most.1,
            self.lost.len(),
            self.storms.len(),
        )
    }
}

/// Runs a plan; `progress` is called for each minute of faults and each quiet stretch.
pub async fn run(plan: &Plan, mut progress: impl FnMut(&str)) -> SoakOutcome {
    hide_planned_panics();
    let mut rng = Rng::with_seed(plan.seed);
    let scene = Scene::new(r#"{"closeAtExpiry":true,"deviceTtl":15}"#).await;
    let crew = Crew::board(&scene, &mut rng).await;
    let mut weather = Weather::new(rng);
    let mut storms = StormWatch::default();
    let mut outcome = SoakOutcome::default();
    for cycle in 1..=plan.cycles {
        let begin = Instant::now();
        let mut told = Duration::ZERO;
        while begin.elapsed() < plan.faults {
            weather.strike(&scene, &crew);
            pass(weather.lull()).await;
            if begin.elapsed() >= told + PROGRESS {
                told = begin.elapsed();
                progress(&format!(
                    "seed {}, cycle {cycle}: {} s of faults, {} of {} clients online",
                    plan.seed,
                    told.as_secs(),
                    crew.back(),
                    crew.len(),
                ));
            }
        }
        weather.clear(&scene, &crew);
        outcome.back.extend(crew.come_back(plan.quiet, LOOK, BLINK).await);
        let lost = crew.lost(&scene);
        storms.read(&scene.space.log());
        progress(&format!(
            "seed {}, cycle {cycle} of {}: {} of {} clients back",
            plan.seed,
            plan.cycles,
            crew.len() - lost.len(),
            crew.len(),
        ));
        let place = format!("seed {}, cycle {cycle}: ", plan.seed);
        outcome.lost.extend(lost.into_iter().map(|lost| format!("{place}{lost}")));
        if !outcome.lost.is_empty() {
            // What follows would only repeat it.
            break;
        }
    }
    outcome.back.sort_unstable();
    outcome.faults = weather.faults;
    storms.report(plan.seed, &mut outcome);
    outcome.rotations = crew.rotations();
    outcome.asked = crew.asked();
    crew.leave().await;
    outcome
}

/// The panics of providers are planned, and their texts would bury everything else.
fn hide_planned_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload_as_str() != Some("made-up panic") {
                usual(info);
            }
        }));
    });
}

//! The clients of a soak.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use credwire::{Client, Status, client::HistoryEvent, sdk::RefreshMechanism};
use credwire_sandbox::Check;
use fastrand::Rng;
use futures_util::StreamExt as _;
use tokio::time::Instant;

use crate::live::{Backend, Scene, pass, so_far};

/// Clients of each kind: bound or not, with `refresh()` or without.
const OF_EACH_KIND: usize = 2;

/// The newest entries of a history and of the space's log that a lost client is shown with.
const TAIL: usize = 40;

/// One client and the backend that it asks.
pub(super) struct Member {
    pub(super) label: String,
    pub(super) backend: Backend,
    pub(super) client: Client,
    rotations: Arc<AtomicU64>,
}

/// Eight clients of the four kinds.
pub(super) struct Crew {
    pub(super) members: Vec<Member>,
}

impl Crew {
    /// Connects them, in good weather.
    pub(super) async fn board(scene: &Scene, rng: &mut Rng) -> Self {
        let mut members = Vec::new();
        for number in 0..4 * OF_EACH_KIND {
            let (bound, refresh) = (number % 2 == 1, number % 4 >= 2);
            let kind = match (bound, refresh) {
                (false, false) => "plain",
                (true, false) => "bound",
                (false, true) => "refreshed",
                (true, true) => "bound-refreshed",
            };
            let label = format!("{kind}-{}", number / 4);
            let backend = Backend {
                reference: label.clone(),
                host: Some(label.clone()),
                scope: bound,
                can_refresh: refresh,
                ttl: Duration::from_secs(rng.u64(10..=20)),
                ..scene.backend()
            };
            let builder = scene.client(backend.clone()).label(label.as_str()).seed(rng.u64(..));
            let client = builder.connect().await.expect("good weather");
            let rotations = Arc::default();
            tokio::spawn(count_rotations(client.history(), Arc::clone(&rotations)));
            members.push(Member { label, backend, client, rotations });
        }
        Self { members }
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn rotations(&self) -> u64 {
        self.members.iter().map(|member| member.rotations.load(Ordering::Relaxed)).sum()
    }

    pub(super) fn asked(&self) -> u64 {
        let calls = self.members.iter().map(|member| member.backend.called());
        calls.map(|(authenticated, refreshed)| u64::from(authenticated + refreshed)).sum()
    }

    /// Waits for the quiet stretch to pass, and then until all are back in one moment or `blink`
    /// is over. Returns when each was back for the first time.
    pub(super) async fn come_back(
        &self,
        quiet: Duration,
        look: Duration,
        blink: Duration,
    ) -> Vec<Duration> {
        let begin = Instant::now();
        let mut back = vec![None; self.len()];
        while begin.elapsed() < quiet
            || !(self.back() == self.len() || begin.elapsed() >= quiet + blink)
        {
            for (member, back) in self.members.iter().zip(&mut back) {
                if back.is_none() && member.is_back() {
                    *back = Some(begin.elapsed());
                }
            }
            pass(look).await;
        }
        back.into_iter().flatten().collect()
    }

    /// How many are online with a live credential.
    pub(super) fn back(&self) -> usize {
        self.members.iter().filter(|member| member.is_back()).count()
    }

    /// Those that are not back, each with what it went through.
    pub(super) fn lost(&self, scene: &Scene) -> Vec<String> {
        // One look for all, so that nobody is counted as lost in the blink of another.
        let lost = self.members.iter().filter(|member| !member.is_back());
        lost.map(|member| member.story(scene)).collect()
    }

    pub(super) async fn leave(self) {
        for member in self.members {
            member.client.disconnect().await;
        }
    }
}

impl Member {
    /// Online, with a credential that is in force and has not ended, and with a next step where
    /// there is a mechanism.
    fn is_back(&self) -> bool {
        let Some(credential) = *self.client.credential_status().borrow() else { return false };
        let planned = credential.in_flight.is_some()
            || credential.next.is_some_and(|next| next.kind.is_some());
        let mechanism = self.backend.can_refresh || credential.mechanism != RefreshMechanism::None;
        *self.client.status().borrow() == Status::Online
            && credential.applied
            && !credential.expired
            && credential.expiry.is_none_or(|expiry| expiry > self.backend.clock.now().wall)
            && (planned || !mechanism)
    }

    /// Whether an entry of the space's log is about this client.
    fn is_meant(&self, check: &Check) -> bool {
        let host = check.host.as_deref().and_then(|host| host.split('.').next());
        check.subscriber.as_deref().or(host) == Some(self.label.as_str())
    }

    /// What it is, what it went through, and what the space saw of it. Nothing of it is secret.
    fn story(&self, scene: &Scene) -> String {
        let status = *self.client.status().borrow();
        let mut text = format!("{} is {status}\n", self.label);
        let now = scene.now();
        let _ = writeln!(text, "  now {}, SATs of {:?}", now.get(), self.backend.ttl);
        let _ = writeln!(text, "  {:?}", *self.client.credential_status().borrow());
        let history = so_far(&mut self.client.history());
        for entry in history.iter().skip(history.len().saturating_sub(TAIL)) {
            let (at, event) = (entry.at.get() - now.get(), &entry.event);
            let _ = write!(text, "  {:>9.3} client  {}", at as f64 / 1000.0, event.label());
            let _ = writeln!(text, " {}", event.detail().unwrap_or_default());
        }
        let log = scene.space.log();
        let mut seen: Vec<_> = log.checks.iter().filter(|check| self.is_meant(check)).collect();
        for check in seen.split_off(seen.len().saturating_sub(TAIL)) {
            let at = check.at.map_or(0, |at| at.get() - now.get());
            let _ = write!(text, "  {:>9.3} space   {}", at as f64 / 1000.0, check.op);
            for (name, value) in [
                ("bearer", check.bearer.map(str::to_owned)),
                ("token", check.token.map(str::to_owned)),
                ("state", check.state.map(str::to_owned)),
                ("status", check.status.map(|status| status.to_string())),
                ("outcome", check.outcome.as_ref().map(ToString::to_string)),
                ("fault", check.fault.as_ref().map(ToString::to_string)),
            ] {
                if let Some(value) = value {
                    let _ = write!(text, ", {name} {value}");
                }
            }
            text.push('\n');
        }
        text
    }
}

async fn count_rotations(
    mut history: impl futures_util::Stream<Item = credwire::client::HistoryEntry> + Unpin,
    count: Arc<AtomicU64>,
) {
    while let Some(entry) = history.next().await {
        if matches!(entry.event, HistoryEvent::Reauthenticated) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

//! When the provider's `refresh()` is called, and what its failures mean.

use std::time::Duration;

use credwire::{
    EpochMillis, Status,
    client::{HistoryEvent, OpKind},
    clock::Now,
    session::scheduler::{Abilities, CheckedPolicy},
};
use credwire_session::scheduler::{self, Action, CredentialScheduler, TokenInfo};
use credwire_tests::live::*;

fn failed(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::RefreshFailed { .. })
}

fn rotated(event: &HistoryEvent) -> bool {
    matches!(event, HistoryEvent::Rotated)
}

/// A moment so long after the start of a made-up time.
fn at(boot: Duration) -> Now {
    Now { wall: EpochMillis::new(1_700_000_000_000).saturating_add(boot), boot }
}

/// A client with `refresh()` alone, whose first credential lasts so long.
fn scheduled(lifetime: Duration, seed: u64) -> CredentialScheduler {
    let able = Abilities { dpop: false, refresh: true };
    let mut scheduler = CredentialScheduler::new(CheckedPolicy::default(), able, seed);
    let expiry = Some(at(lifetime).wall);
    let info = TokenInfo { expiry, ..TokenInfo::default() };
    scheduler.on(scheduler::SchedulerEvent::SetCredential(info), at(Duration::ZERO)).for_each(drop);
    scheduler
}

#[tokio::test(start_paused = true)]
async fn far_expiry() {
    for days in [30, 3000] {
        let lifetime = hours(24 * days);
        let scene = Scene::new("{}").await;
        let backend = Backend { can_refresh: true, ttl: lifetime, ..scene.backend() };
        let client = scene.connect(&backend).await;
        pass(hours(1)).await;
        assert_eq!(backend.called(), (1, 0), "{days} days");
        let status = credential(&client);
        let lead = status.expiry.unwrap().saturating_since(status.next.unwrap().at);
        assert!((minutes(5)..=Duration::from_secs(450)).contains(&lead), "{lead:?}");

        let mut scheduler = scheduled(lifetime, 1);
        let mut now = Duration::ZERO;
        while now < hours(1) {
            let next = scheduler.deadline().unwrap();
            assert!(next > now && next <= now + Duration::from_secs(30), "{next:?}");
            now = next;
            assert_eq!(scheduler.on(scheduler::SchedulerEvent::Tick, at(now)).count(), 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn permanent_rejection_contract() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    backend.plan([BackendReply::Refused]);
    let client = scene.connect(&backend).await;
    let expiry = credential(&client).expiry.unwrap();
    let seen =
        simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Expired)).await;
    assert!(seen.last().unwrap().at.saturating_since(expiry) < Duration::from_secs(1));
    pass(hours(1)).await;
    assert_eq!(backend.called(), (1, 1));
    assert_eq!(warned(&client, "credential_refresh_stopped"), 1);
    assert_eq!(warned(&client, "credential_expired"), 1);
    assert_eq!(*client.status().borrow(), Status::Online);
    assert_eq!(count(&scene.space, CONNECT), 1);
}

#[tokio::test(start_paused = true)]
async fn transient_then_ok() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    backend.plan([BackendReply::Busy(None), BackendReply::Busy(None), BackendReply::Busy(None)]);
    let client = scene.connect(&backend).await;
    let mut history = client.history();
    simulate(&mut history, 3, failed).await;
    assert_eq!(credential(&client).attempts, 3);
    simulate(&mut history, 1, rotated).await;
    assert_eq!(credential(&client).attempts, 0);
    // Half to all of 1, 2 and 4 s, but two starts are a second apart.
    let bounds = [(1000, 1000), (1000, 2000), (2000, 4000)];
    for (pause, (least, most)) in backend.pauses().into_iter().zip(bounds) {
        let pause = pause.as_millis();
        assert!((least..=most + 50).contains(&pause), "{pause} ms");
    }
    assert_eq!(backend.called(), (1, 4));
}

#[tokio::test(start_paused = true)]
async fn retry_after() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let waits = [120, 86_400].map(|wait| BackendReply::Busy(Some(Duration::from_secs(wait))));
    backend.plan(waits);
    let client = scene.connect(&backend).await;
    simulate(&mut client.history(), 1, rotated).await;
    let pauses = backend.pauses();
    assert!(pauses[0] >= minutes(2) && pauses[0] < minutes(3), "{pauses:?}");
    assert!(pauses[1] >= minutes(15) && pauses[1] < minutes(16), "{pauses:?}");
}

/// The same of the space: by the header of a 429.
#[tokio::test(start_paused = true)]
async fn retry_after_of_the_space() {
    let fault = |wait: u32| {
        format!(r#"{{"on":"{REFRESH}","status":429,"headers":{{"retry-after":"{wait}"}}}}"#)
    };
    let faults = format!("[{},{}]", fault(120), fault(86_400));
    // The second wait is longer than what is left of the token.
    let config = format!(r#"{{"bearerExpiry":false,"faults":{faults}}}"#);
    let scene = Scene::new(&config).await;
    let client = scene.connect(&Backend { scope: true, ..scene.backend() }).await;
    let expiry = credential(&client).expiry.unwrap();
    let seen = simulate(&mut client.history(), 1, |it| matches!(it, HistoryEvent::Expired)).await;
    let failures: Vec<_> = seen.iter().filter(|entry| failed(&entry.event)).collect();
    assert_eq!(failures.len(), 2, "{seen:?}");
    let wait = failures[1].at.saturating_since(failures[0].at);
    assert!(wait >= minutes(2) && wait < minutes(3), "{wait:?}");
    // The notice is on time, and an ended token is shown to nobody.
    assert!(seen.last().unwrap().at.saturating_since(expiry) < Duration::from_secs(1));
    pass(hours(2)).await;
    assert_eq!(count(&scene.space, REFRESH), 2, "no try in between, and none after the end");
    assert_eq!(warned(&client, "credential_refresh_stopped"), 1);
    assert_eq!(*client.status().borrow(), Status::Online);
}

#[tokio::test(start_paused = true)]
async fn provider_hang() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    backend.plan(vec![BackendReply::Hang; 1000]);
    let client = scene.connect(&backend).await;
    pass(hours(24)).await;
    let (most_running, pauses) = (backend.running.lock().unwrap().1, backend.pauses());
    assert_eq!(most_running, 1, "one call at a time");
    assert_eq!(backend.running.lock().unwrap().0, 0, "an abandoned call is dropped");
    // Each takes its 30 s, and then there is a pause of up to half a minute. In the reserve before
    // the end one that hangs makes way for a last try.
    let bounds = Duration::from_secs(30)..Duration::from_secs(61);
    let early = pauses.iter().filter(|pause| !bounds.contains(*pause)).count();
    assert!(early <= 2, "{pauses:?}");
    // They begin at most 450 s before expiry and end with the first failure after it.
    let calls = pauses.len() + 1;
    assert!((5..=12).contains(&calls), "{calls} calls");
    assert_eq!(warned(&client, "credential_refresh_stopped"), 1);
    assert_eq!(*client.status().borrow(), Status::Online);
}

#[tokio::test(start_paused = true)]
async fn provider_panic() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    backend.plan([BackendReply::Panic]);
    let client = scene.connect(&backend).await;
    let seen = simulate(&mut client.history(), 1, rotated).await;
    let failures: Vec<_> = seen.iter().filter(|entry| failed(&entry.event)).collect();
    assert_eq!(failures.len(), 1, "{seen:?}");
    let text = format!("{failures:?}");
    assert!(text.contains("panicked") && !text.contains("made-up"), "{text}");
    assert_eq!(backend.called(), (1, 2));
    assert_eq!(*client.status().borrow(), Status::Online);
}

#[test]
fn herd() {
    let lifetime = minutes(15);
    let mut starts = Vec::new();
    for seed in 0..1000 {
        let mut scheduler = scheduled(lifetime, seed);
        let mut operation = None;
        while operation.is_none() {
            let now = scheduler.deadline().unwrap();
            let starts_now = |action| match action {
                Action::Start { id, kind: OpKind::Refresh, .. } => Some((id, now)),
                _ => None,
            };
            operation = scheduler.on(scheduler::SchedulerEvent::Tick, at(now)).find_map(starts_now);
        }
        let (id, due) = operation.unwrap();
        starts.push(due);
        for _ in 0..100 {
            let ask = scheduler::SchedulerEvent::RefreshNow;
            assert_eq!(scheduler.on(ask, at(due)).count(), 0, "all wait for the one operation");
        }
        let info = TokenInfo { lifetime: Some(lifetime), ..TokenInfo::default() };
        let actions: Vec<_> =
            scheduler.on(scheduler::SchedulerEvent::OpOk { id, info }, at(due)).collect();
        let ends = actions.iter().filter(|action| matches!(action, Action::Ended { .. })).count();
        assert_eq!(ends, 1);
        assert!(!actions.iter().any(|action| matches!(action, Action::Start { .. })));
    }
    let lead = lifetime / 5;
    let spread = *starts.iter().max().unwrap() - *starts.iter().min().unwrap();
    assert!(spread >= lead / 2 * 9 / 10 && spread <= lead / 2, "{spread:?}");
    let half = lifetime - lead - lead / 4;
    let early = starts.iter().filter(|start| **start < half).count();
    assert!((400..600).contains(&early), "{early} of 1000 in the first half");
}

/// The same from outside: a hundred callers, of whom half give up.
#[tokio::test(start_paused = true)]
async fn herd_of_callers() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    backend.plan([BackendReply::Late(Duration::from_secs(5))]);
    let client = scene.connect(&backend).await;
    let mut callers = tokio::task::JoinSet::new();
    let handles: Vec<_> = (0..100)
        .map(|_| {
            let client = client.clone();
            callers.spawn(async move { client.refresh_now().await })
        })
        .collect();
    pass(Duration::from_secs(1)).await;
    handles.iter().take(50).for_each(|handle| handle.abort());
    let mut answered = 0;
    while let Some(joined) = callers.join_next().await {
        answered += usize::from(matches!(joined, Ok(Ok(()))));
    }
    assert_eq!(answered, 50);
    assert_eq!(backend.called(), (1, 1));
}

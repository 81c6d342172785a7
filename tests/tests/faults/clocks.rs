//! Clocks that stand still, jump, or disagree with the space's.

use std::time::Duration;

use credwire::client::HistoryEvent;
use credwire_sandbox::Span;
use credwire_tests::live::*;

#[tokio::test(start_paused = true)]
async fn laptop_sleep() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(15), ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(minutes(1)).await;
    // An hour goes by that no timer counts. The space lives on.
    scene.clock.suspend(hours(1));
    scene.space.configure(|config| config.clock_offset = Span::from_secs(3600));
    backend.plan([BackendReply::Given(later(&scene, &backend))]);
    pass(Duration::from_secs(30)).await;
    assert_eq!(backend.called(), (1, 1), "at the next look at the clock");
    pass(minutes(2)).await;
    assert_eq!(backend.called(), (1, 1), "and no burst");
    assert!(credential(&client).applied && !credential(&client).expired);
    assert_eq!(tokens(&scene.space, REAUTHENTICATE), ["ok"]);
}

/// A SAT of a backend that did not sleep.
fn later(scene: &Scene, backend: &Backend) -> credwire::SdkCredential {
    let ttl = hours(1) + backend.ttl;
    let credential = Backend { ttl, ..backend.clone() }.plain();
    assert!(credential.expiry_at.unwrap() > scene.now());
    credential
}

#[tokio::test(start_paused = true)]
async fn clock_backward() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let connected = scene.now();
    let client = scene.connect(&backend).await;
    pass(minutes(10)).await;
    scene.clock.step_wall(-2 * 3600 * 1000);
    simulate(&mut client.history(), 1, |event| matches!(event, HistoryEvent::Rotated)).await;
    // By the clock that nobody stepped: 300 to 450 s before the hour is over.
    let called = backend.calls.lock().unwrap()[0].saturating_since(connected);
    assert!((minutes(52)..=minutes(55)).contains(&called), "{called:?}");
    pass(hours(2)).await;
    assert!((2..=4).contains(&backend.called().1), "{:?}", backend.called());
    assert!(credential(&client).applied && !credential(&client).expired);
    assert!(tokens(&scene.space, REAUTHENTICATE).iter().all(|token| *token == "ok"));
}

#[tokio::test(start_paused = true)]
async fn clock_ahead_storm() {
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ttl: minutes(5), ..scene.backend() };
    scene.clock.step_wall(10 * 60 * 1000);
    let client = scene.connect(&backend).await;
    pass(hours(1)).await;
    let (authenticated, refreshed) = backend.called();
    assert!(authenticated <= 2, "{authenticated} calls of authenticate()");
    // 5 min less a lead of 60 to 90 s.
    assert!((12..=20).contains(&refreshed), "{refreshed} calls of refresh()");
    let pauses = backend.pauses();
    assert!(pauses.iter().all(|pause| *pause > minutes(3)), "{pauses:?}");
    assert!(credential(&client).applied && !credential(&client).expired);
}

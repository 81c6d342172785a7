use std::{
    future::pending,
    sync::atomic::{AtomicU32, Ordering},
};

use tokio::time::{sleep, timeout};

use super::*;
use crate::{EpochMillis, clock::SimulatedClock, providers::from_fn};

const NOW: EpochMillis = EpochMillis::new(1_760_000_000_000);
const HOUR: Duration = Duration::from_secs(3600);

/// Gives `made-up-1`, `made-up-2`, .. for an hour each, a second after it is asked.
fn backend() -> (impl CredentialProvider, Arc<AtomicU32>) {
    let calls = Arc::new(AtomicU32::new(0));
    let start = SimulatedClock::new(NOW);
    let count = Arc::clone(&calls);
    let give = Arc::new(move || {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        let expiry = start.now().wall.saturating_add(HOUR);
        let credential = SdkCredential::from_token(format!("made-up-{number}").as_str());
        async move {
            sleep(Duration::from_secs(1)).await;
            Ok(credential.with_expiry_at(expiry))
        }
    });
    let refresh = Arc::clone(&give);
    (from_fn(move |_| give()).with_refresh(move || refresh()), calls)
}

fn shared() -> (CachingCredentialProvider<impl CredentialProvider>, Arc<AtomicU32>) {
    let (backend, calls) = backend();
    (CachingCredentialProvider::new(backend).clock(SimulatedClock::new(NOW)), calls)
}

async fn authenticate(provider: &impl CredentialProvider, fingerprint: Option<&str>) -> String {
    let mut context = AuthenticateContext::new();
    context.fingerprint = fingerprint.map(str::to_owned);
    token(provider.authenticate(&context).await.unwrap())
}

fn token(credential: SdkCredential) -> String {
    credential.token.unwrap().expose().clone()
}

#[tokio::test(start_paused = true)]
async fn clients_share_a_call_and_its_result() {
    let (one, calls) = shared();
    let (two, three) = (one.clone(), one.clone());
    let tokens = tokio::join!(authenticate(&one, None), authenticate(&two, None));
    assert_eq!(tokens, ("made-up-1".to_owned(), "made-up-1".to_owned()));
    assert_eq!(authenticate(&three, None).await, "made-up-1");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_asks_again_gets_another_and_the_rest_share_that() {
    let (one, calls) = shared();
    let two = one.clone();
    authenticate(&one, None).await;
    authenticate(&two, None).await;
    // Refused, say.
    assert_eq!(authenticate(&one, None).await, "made-up-2");
    assert_eq!(token(two.refresh().unwrap().await.unwrap()), "made-up-2");
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_credential_near_its_end_is_not_handed_out() {
    let (one, _) = shared();
    authenticate(&one, None).await;
    sleep(HOUR - Duration::from_secs(70)).await;
    assert_eq!(authenticate(&one.clone(), None).await, "made-up-1");
    sleep(Duration::from_secs(20)).await;
    assert_eq!(authenticate(&one.clone(), None).await, "made-up-2");
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_counts_from_the_call_and_not_from_each_client() {
    let backend =
        from_fn(|_| async { Ok(SdkCredential::from_token("made-up").with_expires_in(HOUR)) });
    let one = CachingCredentialProvider::new(backend).clock(SimulatedClock::new(NOW));
    let context = AuthenticateContext::new();
    assert_eq!(one.authenticate(&context).await.unwrap().expires_in, Some(HOUR));
    sleep(HOUR - Duration::from_secs(70)).await;
    let left = one.clone().authenticate(&context).await.unwrap().expires_in;
    assert_eq!(left, Some(Duration::from_secs(70)));
    sleep(Duration::from_secs(20)).await;
    assert_eq!(one.clone().authenticate(&context).await.unwrap().expires_in, Some(HOUR));
}

#[tokio::test(start_paused = true)]
async fn credentials_for_a_key_are_not_shared_unless_they_are_bound_to_none() {
    let (one, calls) = shared();
    let two = one.clone();
    let tokens = tokio::join!(authenticate(&one, Some("a")), authenticate(&two, Some("b")));
    assert_eq!(tokens, ("made-up-1".to_owned(), "made-up-2".to_owned()));
    assert_eq!(authenticate(&one.clone(), Some("a")).await, "made-up-3");
    assert_eq!(calls.load(Ordering::Relaxed), 3);

    let (one, calls) = shared();
    let one = one.ignore_fingerprints();
    authenticate(&one, Some("a")).await;
    assert_eq!(authenticate(&one.clone(), Some("b")).await, "made-up-1");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_goes_on_as_long_as_somebody_waits() {
    let (one, calls) = shared();
    let (two, three) = (one.clone(), one.clone());
    let impatient = timeout(Duration::from_millis(100), authenticate(&one, None));
    let (left, stayed) = tokio::join!(impatient, authenticate(&two, None));
    assert!(left.is_err());
    assert_eq!((stayed.as_str(), calls.load(Ordering::Relaxed)), ("made-up-1", 1));

    // With the last waiter the call ends, and the next one is a call of its own.
    for _ in 0..2 {
        let impatient = timeout(Duration::from_millis(100), authenticate(&two, None));
        assert!(impatient.await.is_err());
    }
    assert_eq!(calls.load(Ordering::Relaxed), 3);
    assert_eq!(authenticate(&three, None).await, "made-up-1");
    assert_eq!(authenticate(&three, None).await, "made-up-4");
}

/// Hangs in the first call and returns `made-up` in all others.
fn hangs_once() -> (impl CredentialProvider, Arc<AtomicU32>) {
    let calls = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&calls);
    let give = Arc::new(move || {
        let is_first = count.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if is_first {
                pending::<()>().await;
            }
            Ok(SdkCredential::from_token("made-up"))
        }
    });
    let refresh = Arc::clone(&give);
    (from_fn(move |_| give()).with_refresh(move || refresh()), calls)
}

#[tokio::test(start_paused = true)]
async fn a_first_call_that_hangs_costs_its_deadline_and_nothing_later() {
    const SECOND: Duration = Duration::from_secs(1);
    let (hanging, calls) = hangs_once();
    let clock = Arc::new(SimulatedClock::new(NOW));
    let one = CachingCredentialProvider::new(hanging).clock(Arc::clone(&clock));
    let two = one.clone();
    let context = AuthenticateContext::new();
    let late = async {
        sleep(20 * SECOND).await;
        two.authenticate(&context).await
    };
    let (first, second) = tokio::join!(one.authenticate(&context), late);
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert!(error.is_transient() && error.to_string().contains("within 30s"), "{error}");
    }
    assert_eq!((clock.now().boot, calls.load(Ordering::Relaxed)), (30 * SECOND, 1));
    assert_eq!(authenticate(&one, None).await, "made-up");
    assert_eq!(token(two.refresh().unwrap().await.unwrap()), "made-up");
    assert_eq!((clock.now().boot, calls.load(Ordering::Relaxed)), (30 * SECOND, 3));
}

#[tokio::test(start_paused = true)]
async fn a_call_past_its_deadline_is_not_joined_even_if_nobody_has_noticed() {
    let (hanging, calls) = hangs_once();
    let one = CachingCredentialProvider::new(hanging)
        .deadline(Duration::from_secs(2))
        .clock(SimulatedClock::new(NOW));
    let two = one.clone();
    let context = AuthenticateContext::new();
    // A waiter that is not polled any more.
    let mut stalled = Box::pin(one.authenticate(&context));
    assert!((&mut stalled).now_or_never().is_none());
    sleep(Duration::from_secs(3)).await;
    assert_eq!(authenticate(&two, None).await, "made-up");
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    assert!(stalled.await.unwrap_err().to_string().contains("within 2s"));
    // Its end is not taken for that of the call which followed.
    assert_eq!(authenticate(&two, None).await, "made-up");
}

/// The answer of `refresh()` is none to who needs a credential of `authenticate()`.
#[tokio::test(start_paused = true)]
async fn a_failing_refresh_does_not_answer_an_authenticate() {
    let failing = from_fn(|_| async {
        sleep(Duration::from_secs(1)).await;
        Ok(SdkCredential::from_token("made-up"))
    })
    .with_refresh(|| async {
        sleep(Duration::from_secs(1)).await;
        Err(CredentialError::permanent("closed"))
    });
    let one = CachingCredentialProvider::new(failing);
    let two = one.clone();
    let (refreshed, authenticated) = tokio::join!(one.refresh().unwrap(), authenticate(&two, None));
    assert!(!refreshed.unwrap_err().is_transient());
    assert_eq!(authenticated, "made-up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_blocks_its_thread_holds_up_no_other_call() {
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Mutex::new(Some(blocked));
    let blocking = from_fn(move |_| {
        let blocked = blocked.lock().unwrap().take();
        async move {
            if let Some(blocked) = blocked {
                let _ = blocked.recv();
            }
            Ok(SdkCredential::from_token("made-up"))
        }
    });
    let one = CachingCredentialProvider::new(blocking).deadline(Duration::ZERO);
    let two = one.clone();
    let error = one.authenticate(&AuthenticateContext::new()).await.unwrap_err();
    assert!(error.to_string().contains("no answer"), "{error}");
    let again = two.deadline(HOUR);
    assert_eq!(authenticate(&again, None).await, "made-up");
    drop(release);
}

#[tokio::test(start_paused = true)]
async fn errors_are_shared_and_panics_contained() {
    let failing =
        from_fn(|_| async { Err(CredentialError::transient("busy").with_retry_after(HOUR)) });
    let one = CachingCredentialProvider::new(failing);
    let context = AuthenticateContext::new();
    let error = one.authenticate(&context).await.unwrap_err();
    assert_eq!(error.to_string(), "busy");
    assert_eq!(error.kind(), CredentialErrorKind::Transient { retry_after: Some(HOUR) });

    let panicked = Arc::new(AtomicU32::new(0));
    let panicking = from_fn(move |_| {
        let first = panicked.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            assert!(!first, "made-up panic");
            Ok(SdkCredential::from_token("made-up"))
        }
    });
    let one = CachingCredentialProvider::new(panicking);
    assert!(one.authenticate(&context).await.unwrap_err().is_transient());
    assert_eq!(authenticate(&one, None).await, "made-up");
}

#[tokio::test(start_paused = true)]
async fn the_call_ends_with_its_last_waiter() {
    struct Gone(Option<tokio::sync::oneshot::Sender<()>>);
    impl Drop for Gone {
        fn drop(&mut self) {
            let _ = self.0.take().unwrap().send(());
        }
    }
    let (sender, gone) = tokio::sync::oneshot::channel();
    let guard = Arc::new(Mutex::new(Some(Gone(Some(sender)))));
    let hanging = from_fn(move |_| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            pending::<Result<SdkCredential, CredentialError>>().await
        }
    });
    let one = CachingCredentialProvider::new(hanging);
    let context = AuthenticateContext::new();
    assert!(timeout(Duration::from_secs(1), one.authenticate(&context)).await.is_err());
    timeout(HOUR, gone).await.unwrap().unwrap();
}

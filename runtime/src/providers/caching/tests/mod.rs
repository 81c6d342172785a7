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
    assert_eq!(token(two.refresh().await.unwrap()), "made-up-2");
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
async fn a_waiter_that_leaves_does_not_abort_the_call() {
    let (one, calls) = shared();
    let two = one.clone();
    let impatient = timeout(Duration::from_millis(100), authenticate(&one, None));
    assert!(impatient.await.is_err());
    assert_eq!(authenticate(&two, None).await, "made-up-1");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
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
async fn the_call_ends_with_the_last_clone() {
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
    assert!(timeout(HOUR, one.authenticate(&context)).await.is_err());
    drop(one);
    timeout(HOUR, gone).await.unwrap().unwrap();
}

//! Providers that hang, behind those that share or chain them.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use credwire::{
    CredentialProvider, Status,
    providers::{CachingCredentialProvider, ChainCredentialProvider, from_fn},
};
use credwire_tests::live::*;

/// A provider whose first call never returns, and the number of its calls.
fn hangs_once(backend: &Backend) -> (impl CredentialProvider, Arc<AtomicU32>) {
    let (backend, calls) = (backend.clone(), Arc::new(AtomicU32::new(0)));
    let count = Arc::clone(&calls);
    let provider = from_fn(move |context| {
        let is_first = count.fetch_add(1, Ordering::Relaxed) == 0;
        let backend = backend.clone();
        async move {
            if is_first {
                pending::<()>().await;
            }
            backend.authenticate(&context).await
        }
    });
    (provider, calls)
}

#[tokio::test(start_paused = true)]
async fn caching_provider_whose_first_call_hangs_serves_later_clients() {
    let scene = Scene::new("{}").await;
    let (provider, calls) = hangs_once(&scene.backend());
    let shared = CachingCredentialProvider::new(provider).deadline(Duration::from_secs(10));
    let started = scene.now();
    // Both wait for the call that hangs, and both come online after it.
    let connect = || scene.client(shared.clone()).dpop(None).connect();
    let (one, two) = tokio::join!(connect(), connect());
    let (one, two) = (one.unwrap(), two.unwrap());
    reaches(&one, Status::Online).await;
    reaches(&two, Status::Online).await;
    let took = scene.now().saturating_since(started);
    assert!(took >= Duration::from_secs(10) && took < Duration::from_secs(15), "{took:?}");
    let errors = so_far(&mut one.errors());
    assert!(chain(&errors[0]).contains("no answer within 10s"), "{errors:?}");
    assert_eq!(calls.load(Ordering::Relaxed), 2, "they share the second call too");
}

#[tokio::test(start_paused = true)]
async fn caching_provider_serves_again_after_a_client_gave_up() {
    let scene = Scene::new("{}").await;
    let (provider, calls) = hangs_once(&scene.backend());
    let shared = CachingCredentialProvider::new(provider).deadline(hours(1));
    let impatient = scene.client(shared.clone()).connect_deadline(Duration::from_secs(5));
    impatient.connect().await.unwrap_err();
    let started = scene.now();
    let client = scene.client(shared).connect().await.unwrap();
    reaches(&client, Status::Online).await;
    assert!(scene.now().saturating_since(started) < Duration::from_secs(2));
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn chain_whose_first_link_hangs_asks_the_second() {
    let scene = Scene::new("{}").await;
    let hanging = from_fn(|_| async { pending().await });
    let chain = ChainCredentialProvider::new("hanging", hanging).or("backend", scene.backend());
    let started = scene.now();
    // Within the deadline of a connect that nobody has changed.
    let client = scene.client(chain).connect().await.unwrap();
    reaches(&client, Status::Online).await;
    let took = scene.now().saturating_since(started);
    assert!(took >= Duration::from_secs(14) && took < Duration::from_secs(16), "{took:?}");
}

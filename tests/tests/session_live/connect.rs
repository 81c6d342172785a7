//! The way to the first session.

use std::{sync::atomic::Ordering, time::Duration};

use credwire::{
    Client, EpochMillis, ErrorKind, SdkCredential, Status,
    client::HistoryEvent,
    providers::{EmbedTokenCredentialProvider, StaticCredentialProvider, from_fn},
    sdk::SdkWarning,
};
use credwire_sandbox::{Fault, Mint};
use futures_util::StreamExt as _;

use credwire_tests::live::*;

#[tokio::test(start_paused = true)]
async fn a_static_credential_without_scope_connects_in_the_order_of_the_wire() {
    let space = space("{}").await;
    let token = space.mint(Mint::new("alice@example.test")).unwrap();
    let provider = StaticCredentialProvider::new(SdkCredential::from_token(token));
    let client = reach(Client::builder(provider), &space).connect().await.unwrap();
    assert_eq!(*client.status().borrow(), Status::Online);
    client.disconnect().await;
    assert_eq!(operations(&space), [INFO, "upgrade /", CONNECT, "rpc subscriber.online"]);
    assert_eq!(*client.status().borrow(), Status::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_ends_without_refresh_is_warned_of() {
    let space = space("{}").await;
    let client = connect(&Backend::new(&space)).await;
    let warning = client.warnings().next().await.unwrap();
    assert!(matches!(warning, SdkWarning::CredentialNoRefreshHandler(_)), "{warning:?}");
}

#[tokio::test(start_paused = true)]
async fn a_sat_without_scope_is_refreshed_by_the_provider_with_a_warning() {
    let space = space("{}").await;
    let backend = Backend { can_refresh: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    match client.warnings().next().await.unwrap() {
        SdkWarning::CredentialRefreshFallback(warning) => {
            assert_eq!(warning.reason.as_str(), "no-scope");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_sat_with_scope_is_activated_before_the_subscriber_registers() {
    let space = space("{}").await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    assert_eq!(
        operations(&space),
        [INFO, "upgrade /", CONNECT, TOKEN, REAUTHENTICATE, "rpc subscriber.online"]
    );
    let credential = client.credential_status().borrow().unwrap();
    assert!(credential.applied);
}

#[tokio::test(start_paused = true)]
async fn a_client_may_stay_unregistered() {
    let space = space("{}").await;
    let builder = reach(Client::builder(Backend::new(&space)), &space).register(false);
    let client = builder.connect().await.unwrap();
    assert_eq!(*client.status().borrow(), Status::Connected);
    client.disconnect().await;
    assert_eq!(operations(&space), [INFO, "upgrade /", CONNECT]);
}

#[tokio::test(start_paused = true)]
async fn an_embed_token_is_exchanged_for_a_guest_sat() {
    let space = space("{}").await;
    let provider = EmbedTokenCredentialProvider::builder(
        format!("embeds.{}", space.domain()),
        "c2c_mock_embed_token",
    )
    .add_root_certificates(space.ca_pem())
    .add_address("space.test", [127, 0, 0, 1].into())
    .build()
    .unwrap();
    let client = reach(Client::builder(provider), &space).connect().await.unwrap();
    client.disconnect().await;
    assert_eq!(operations(&space)[..2], ["POST /api/fabric/embeds/tokens", INFO]);
}

#[tokio::test(start_paused = true)]
async fn bad_credentials_are_refused_and_never_sent() {
    let space = space("{}").await;
    let token = || space.mint(Mint::new("alice@example.test")).unwrap();
    let expired = now().get() - 60_000;
    let cases = [
        (SdkCredential::from_token("made-up"), ErrorKind::InvalidCredentials),
        (
            SdkCredential::from_token(token()).with_expiry_at(EpochMillis::new(expired)),
            ErrorKind::InvalidCredentials,
        ),
        (
            SdkCredential::from_token(token()).with_expiry_at(EpochMillis::new(expired / 1000)),
            ErrorKind::InvalidCredentials,
        ),
    ];
    for (credential, kind) in cases {
        let provider = StaticCredentialProvider::new(credential);
        let error = reach(Client::builder(provider), &space).connect().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
    }
    // Without the allow-list the space is a foreign one.
    let provider = StaticCredentialProvider::new(SdkCredential::from_token(token()));
    let error = Client::builder(provider)
        .add_root_certificates(space.ca_pem())
        .add_address("space.test", [127, 0, 0, 1].into())
        .connect()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostNotAllowed, "{error:?}");
    // The space was asked for the time, by those that seemed to have expired; nothing was shown.
    let log = space.log();
    assert!(log.checks.iter().all(|check| check.op == INFO && check.bearer == Some("missing")));
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_space_is_tried_again_until_the_deadline() {
    let space = space("{}").await;
    let token = space.mint(Mint::new("alice@example.test")).unwrap();
    let domain = space.domain().to_owned();
    let ca = space.ca_pem().to_owned();
    std::sync::Arc::into_inner(space).unwrap().shutdown().await;
    let provider = StaticCredentialProvider::new(SdkCredential::from_token(token));
    let error = Client::builder(provider)
        .add_allowed_domain(&domain)
        .add_root_certificates(ca)
        .add_address("space.test", [127, 0, 0, 1].into())
        .connect_deadline(Duration::from_secs(2))
        .connect()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    let text = chain(&error);
    assert!(text.contains(&domain) && text.contains("connection failed"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_space_with_an_unknown_certificate_is_told_nothing() {
    let space = space("{}").await;
    let error = Client::builder(Backend::new(&space))
        .add_allowed_domain(space.domain())
        .add_address("space.test", [127, 0, 0, 1].into())
        .connect_deadline(Duration::from_secs(1))
        .connect()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(chain(&error).contains("certificate"), "{}", chain(&error));
    assert!(operations(&space).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_401_of_the_first_request_is_final_and_a_500_is_tried_again() {
    let space = space("{}").await;
    space.add_fault(Fault::on(INFO).status(401));
    let error = reach(Client::builder(Backend::new(&space)), &space).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rest);
    assert!(chain(&error).contains("401"), "{}", chain(&error));

    space.add_fault(Fault::on(INFO).status(500).times(2));
    connect(&Backend::new(&space)).await;
    assert_eq!(count(&space, INFO), 4);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_panics_is_asked_again() {
    let space = space("{}").await;
    let backend = Backend::new(&space);
    let calls = std::sync::Arc::clone(&backend.authenticated);
    let inner = backend.clone();
    let provider = from_fn(move |context| {
        let backend = inner.clone();
        async move {
            use credwire::CredentialProvider as _;
            let answer = backend.authenticate(&context).await;
            assert!(backend.authenticated.load(Ordering::Relaxed) > 1, "made-up panic");
            answer
        }
    });
    let client = reach(Client::builder(provider), &space).connect().await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    let errors: Vec<_> = client.errors().take(1).collect().await;
    assert!(!chain(&errors[0]).contains("made-up"), "{}", chain(&errors[0]));
}

#[tokio::test(start_paused = true)]
async fn the_history_tells_the_story() {
    let space = space("{}").await;
    let backend = Backend { scope: true, ..Backend::new(&space) };
    let client = connect(&backend).await;
    let mut history = client.history();
    let seen = until(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    let labels: Vec<_> = seen.iter().map(|event| event.label().to_owned()).collect();
    assert_eq!(
        labels,
        [
            "authenticated",
            "SAT received",
            "connected",
            "Client Bound SAT received",
            "reauthenticated",
            "activated"
        ]
    );
}

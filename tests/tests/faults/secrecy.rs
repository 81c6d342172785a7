//! No secret leaves by the side.

use std::{
    io,
    sync::{Arc, Mutex},
};

use credwire::{
    AuthenticateContext, CredentialProvider, SdkCredential,
    client::HistoryEvent,
    providers::{
        CachingCredentialProvider, ChainCredentialProvider, EmbedTokenCredentialProvider,
        EnvCredentialProvider, FileCredentialProvider, from_fn,
    },
    timeline::Timeline,
};
use credwire_sandbox::{Fault, SocketAction};
use futures_util::StreamExt as _;
use tracing_subscriber::{fmt::MakeWriter, util::SubscriberInitExt as _};

use credwire_tests::live::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A guest's provider for a space, with a token that begins with `c2c_`.
fn embed(space: &credwire_sandbox::Space, token: &str) -> EmbedTokenCredentialProvider {
    EmbedTokenCredentialProvider::builder(format!("embeds.{}", space.domain()), token)
        .add_root_certificates(space.ca_pem())
        .add_address("space.test", [127, 0, 0, 1].into())
        .build()
        .unwrap()
}

/// However a provider of this crate fails, and whatever it was given, its error names the place and
/// not the secret.
#[tokio::test(start_paused = true)]
async fn providers_and_secrets() {
    const OP: &str = "POST /api/fabric/embeds/tokens";
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    let _guard = subscriber.set_default();
    let scene = Scene::new("{}").await;
    let space = &scene.space;
    let mut text = String::new();
    let mut failed = async |provider: ChainCredentialProvider| {
        let shared = CachingCredentialProvider::new(provider);
        for _ in 0..2 {
            let error = shared.authenticate(&AuthenticateContext::new()).await.unwrap_err();
            text += &format!("{shared:?} {error:?} {}\n", chain(&error));
        }
        if let Some(refreshed) = shared.refresh() {
            let error = refreshed.await.unwrap_err();
            text += &format!("{error:?} {}\n", chain(&error));
        }
    };

    // The space refuses the token, and is out of order in several ways.
    let embedded = || ChainCredentialProvider::new("embed", embed(space, "c2c_made_up_secret"));
    failed(embedded()).await;
    for fault in [
        Fault::on(OP).status(500),
        Fault::on(OP).status(429),
        Fault::on(OP).status(404),
        Fault::on(OP).drop_connection(),
        Fault::on(OP).stalled(),
        Fault::on(OP).silent(),
    ] {
        space.configure(|config| config.faults.clear());
        space.add_fault(fault.forever());
        failed(embedded()).await;
    }

    // Files and variables hold nearly a credential.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sat");
    for content in [
        r#"{"token":"made_up_secret","expiry_at":"made_up_secret"}"#,
        r#"{"token":"made_up_secret"#,
        r#"{"token":["made_up_secret"]}"#,
        r#"{"made_up_secret":1}"#,
        r#"{"token":"made_up_secret","expiry_at":1}"#,
        "made_up_secret made_up_secret",
    ] {
        std::fs::write(&path, content).unwrap();
        for mode in [0o600, 0o644] {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = std::fs::Permissions::from_mode(mode);
                std::fs::set_permissions(&path, mode).unwrap();
            }
            failed(ChainCredentialProvider::new("file", FileCredentialProvider::new(&path))).await;
        }
    }
    failed(ChainCredentialProvider::new(
        "variable",
        EnvCredentialProvider::new("CARGO_PKG_DESCRIPTION"),
    ))
    .await;

    // An application's own code panics with a secret in its words, or hangs.
    let panicking = {
        let panics = from_fn(|_| async {
            if true {
                panic!("made_up_secret");
            }
            Ok(SdkCredential::from_token("made_up_secret"))
        });
        let hangs = from_fn(|_| async { std::future::pending().await });
        ChainCredentialProvider::new("panicking", panics).or("hanging", hangs)
    };
    failed(panicking).await;

    text += &String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for told in ["embed", "status 429", "holds no credential in JSON", "white space", "it panicked"]
    {
        assert!(text.contains(told), "{told}");
    }
    assert!(!text.contains("made_up_secret"));
}

/// No token, proof, key or authorization state is in any log, error or debug text, also when the
/// key store fails.
#[tokio::test(start_paused = true)]
async fn persistence_faults_and_secrets() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(lines.clone())
        .finish();
    let _guard = subscriber.set_default();

    let scene = Scene::new("{}").await;
    let space = &scene.space;
    let backend = Backend { scope: true, ..scene.backend() };
    let store = crate::storage::Failing::ReadOnly;
    let builder = scene.client(backend.clone()).key_store(store, "made-up-name");
    let mut text = format!("{builder:?}");
    let client = builder.connect().await.unwrap();
    let mut history = client.history();
    simulate(&mut history, 2, |event| matches!(event, HistoryEvent::Reauthenticated)).await;
    space.add_fault(Fault::on(REFRESH).status(401));
    let failed = |event: &HistoryEvent| matches!(event, HistoryEvent::RefreshFailed { .. });
    simulate(&mut history, 1, failed).await;
    space.sockets(SocketAction::Forget).unwrap();
    space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reconnected)).await;

    text += &format!("{client:?} {:?}", client.credential_status().borrow());
    let (errors, entries) = (client.errors(), client.history());
    client.disconnect().await;
    let mut timeline = Timeline::default();
    timeline.extend(entries.collect::<Vec<_>>().await);
    text += &serde_json::to_string(&timeline).unwrap();
    for error in errors.collect::<Vec<_>>().await {
        text += &format!("{error:?} {}", chain(&error));
    }
    text += &String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();

    assert!(text.contains("the key is not stored"));
    assert!(text.contains("authenticate") && text.contains("devices/refresh: status 401"));
    assert_hidden(&text, &backend.given.lock().unwrap());
}

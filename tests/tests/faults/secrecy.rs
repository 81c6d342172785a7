//! No secret leaves by the side.

use std::{
    io,
    sync::{Arc, Mutex},
};

use credwire::timeline::{Event, Timeline};
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
    simulate(&mut history, 2, |event| matches!(event, Event::Reauthenticated)).await;
    space.add_fault(Fault::on(REFRESH).status(401));
    let failed = |event: &Event| matches!(event, Event::RefreshFailed { .. });
    simulate(&mut history, 1, failed).await;
    space.sockets(SocketAction::Forget).unwrap();
    space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| matches!(event, Event::Reconnected)).await;

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

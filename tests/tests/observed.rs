//! What operators see: numbers and spans, under the names that are documented.
//!
//! A binary of its own: whether a span is wanted is decided once for a process, and tests that run
//! beside this one would decide it too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use credwire::client::HistoryEvent;
use credwire_sandbox::{Fault, SocketAction};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use serde_json::json;
use tracing::span::Attributes;
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use credwire_tests::live::*;

const DOCUMENTED: &str = include_str!("../../docs/observability.md");

/// The numbers so far: counters and gauges as they are, histograms by their count.
fn numbers(snapshotter: &Snapshotter) -> BTreeMap<String, f64> {
    let numbers = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let (_, key) = key.into_parts();
        let labels: Vec<_> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(value) => value.into_inner(),
            DebugValue::Histogram(values) => values.len() as f64,
        };
        (format!("{}{{{}}}", key.name(), labels.join(",")), value)
    });
    numbers.collect()
}

/// The name of a span and of its fields.
type Named = (String, Vec<&'static str>);

/// All spans that there were.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeSet<Named>>>);

impl<S: tracing::Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, span: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        if span.metadata().target().starts_with("credwire::") {
            let fields = span.metadata().fields().iter().map(|field| field.name()).collect();
            self.0.lock().unwrap().insert((span.metadata().name().to_owned(), fields));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_life_of_a_session_is_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    // Everything runs on this thread.
    let _guard = metrics::set_default_local_recorder(&recorder);
    let spans = Spans::default();
    let _subscriber = tracing_subscriber::registry().with(spans.clone()).set_default();

    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    client.call_raw("subscriber.online", json!({}), None).await.unwrap();
    client.call_raw("made.up", json!({}), None).await.unwrap_err();
    scene.space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| *event == HistoryEvent::Resumed).await;
    // A rotation fails once, for good; refresh() takes over.
    scene.space.add_fault(Fault::on(REFRESH).status(401));
    let refreshed = |event: &HistoryEvent| matches!(event, HistoryEvent::Rotated);
    simulate(&mut history, 1, refreshed).await;

    let seen = numbers(&snapshotter);
    let expected = [
        ("credwire_sessions_live{}", 1.0),
        ("credwire_sessions_total{how=connected}", 1.0),
        ("credwire_sessions_total{how=resumed}", 1.0),
        ("credwire_sessions_lost_total{}", 1.0),
        ("credwire_credentials_total{kind=sat}", 1.0),
        ("credwire_credentials_total{kind=refreshed}", 1.0),
        ("credwire_operations_total{operation=authenticate,result=ok}", 1.0),
        ("credwire_operations_total{operation=rotate,result=permanent}", 1.0),
        ("credwire_operations_total{operation=refresh,result=ok}", 1.0),
        ("credwire_operation_duration_seconds{operation=rotate}", 1.0),
        ("credwire_rpc_calls_total{result=ok}", 1.0),
        ("credwire_rpc_calls_total{result=error}", 1.0),
        ("credwire_rpc_duration_seconds{}", 2.0),
        ("credwire_warnings_total{code=credential_refresh_fallback}", 1.0),
        ("credwire_errors_total{kind=refresh}", 1.0),
    ];
    for (name, value) in expected {
        assert_eq!(seen.get(name), Some(&value), "{name}: {seen:#?}");
    }
    client.disconnect().await;
    // A snapshot starts all numbers anew, so this is one less than before.
    assert_eq!(numbers(&snapshotter).get("credwire_sessions_live{}"), Some(&-1.0));

    // Every name is documented, and nothing but short words is a label.
    for name in seen.keys() {
        let (name, labels) = name.split_once('{').unwrap();
        assert!(DOCUMENTED.contains(&format!("`{name}`")), "{name}");
        for label in labels.trim_end_matches('}').split(',').filter(|label| !label.is_empty()) {
            let (_, value) = label.split_once('=').unwrap();
            let is_word = |c: char| c.is_ascii_lowercase() || c == '-' || c == '_';
            assert!(value.len() <= 40 && value.chars().all(is_word), "{label}");
        }
    }
    let spans = spans.0.lock().unwrap();
    for name in ["session", "connect", "authenticate", "refresh", "rpc"] {
        assert!(spans.iter().any(|span| span.0 == name), "{name}: {spans:?}");
    }
    for (name, fields) in spans.iter() {
        let row = format!("| `{name}` |");
        let row = DOCUMENTED.lines().find(|line| line.starts_with(&row)).expect(name);
        for field in fields {
            assert!(row.contains(&format!("`{field}`")), "{name}: {field}");
        }
    }
}

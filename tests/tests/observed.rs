//! What operators see: numbers and spans, under the names that are documented.
//!
//! A binary of its own: whether a span is wanted is decided once for a process, and tests that run
//! beside this one would decide it too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests, one of which says that a tool is not here"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{ErrorKind, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use credwire::client::HistoryEvent;
use credwire_sandbox::{Fault, SocketAction};
use futures_util::FutureExt as _;
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

/// The numbers since the last time: counters and gauges as they are, histograms by their count.
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

/// A row of the documented table of metrics: name, kind, and what each label can be.
type Row = (String, String, Vec<(String, Vec<String>)>);

/// The rows of the documented table of metrics.
fn documented_rows() -> Vec<Row> {
    let words = |text: &str| -> Vec<String> {
        text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let rows = DOCUMENTED.lines().filter(|line| line.starts_with("| `credwire_"));
    rows.map(|row| {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (name, kind, labels) =
            (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
        let labels = labels.split(';').map(words).filter(|label| !label.is_empty());
        let labels = labels.map(|mut label| (label.remove(0), label)).collect();
        (name.trim_matches('`').to_owned(), kind.to_owned(), labels)
    })
    .collect()
}

/// Every series of the documented counters and gauges.
fn documented_series() -> BTreeSet<String> {
    let mut series = BTreeSet::new();
    for (name, kind, labels) in documented_rows() {
        if kind == "histogram" {
            continue;
        }
        let mut combinations = vec![String::new()];
        for (label, values) in &labels {
            combinations = combinations
                .iter()
                .flat_map(|before| {
                    let comma = if before.is_empty() { "" } else { "," };
                    values.iter().map(move |value| format!("{before}{comma}{label}={value}"))
                })
                .collect();
        }
        series.extend(combinations.iter().map(|labels| format!("{name}{{{labels}}}")));
    }
    series
}

/// The numbers as Prometheus reads them, histograms as summaries without quantiles.
fn exposition(snapshotter: &Snapshotter) -> String {
    let mut text = String::new();
    let mut families: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for (key, _, help, value) in snapshotter.snapshot().into_vec() {
        let (_, key) = key.into_parts();
        let labels: Vec<_> =
            key.labels().map(|label| format!("{}=\"{}\"", label.key(), label.value())).collect();
        let (name, labels) = (key.name(), labels.join(","));
        let (kind, lines) = match value {
            DebugValue::Counter(count) => ("counter", vec![format!("{name}{{{labels}}} {count}")]),
            DebugValue::Gauge(value) => ("gauge", vec![format!("{name}{{{labels}}} {value}")]),
            DebugValue::Histogram(values) => {
                let sum: f64 = values.iter().map(|value| value.into_inner()).sum();
                let count = values.len();
                let lines = vec![
                    format!("{name}_sum{{{labels}}} {sum}"),
                    format!("{name}_count{{{labels}}} {count}"),
                ];
                ("summary", lines)
            }
        };
        let help = help.expect(name);
        let head = format!("# HELP {name} {help}\n# TYPE {name} {kind}");
        let family = families.entry(name.to_owned()).or_insert_with(|| (head, Vec::new()));
        family.1.extend(lines);
    }
    let helps: BTreeSet<_> = families
        .iter()
        .map(|(name, (head, _))| head.lines().next().unwrap().replace(name, ""))
        .collect();
    assert_eq!(helps.len(), families.len(), "each metric has a description of its own");
    for (head, lines) in families.values() {
        text.push_str(&format!("{head}\n{}\n", lines.join("\n")));
    }
    text
}

/// Runs Prometheus' own tool where it is installed; fails where the tool finds something.
fn promtool(folder: &Path, arguments: &[&str], input: &str) {
    let command = Command::new("promtool")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match command {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: promtool is not installed ({})", arguments.join(" "));
            return;
        }
        Err(error) => panic!("{error}"),
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&told));
}

/// When the documented alerts have to fire. A minute is between two values.
const ALERTS: &str = r#"
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - series: 'credwire_clients{instance="a",state="reconnecting"}'
        values: '0 1x20'
      - series: 'credwire_clients{instance="b",state="online"}'
        values: '1x20'
      - series: 'credwire_warnings_total{instance="a",code="credential_refresh_stopped"}'
        values: '0x5 1x30'
      - series: 'credwire_operations_total{instance="a",operation="rotate",result="transient"}'
        values: '0 1 2 3 4 5 6x20'
      - series: 'credwire_operations_total{instance="b",operation="rotate",result="ok"}'
        values: '0+1x20'
      - series: 'credwire_rpc_calls_total{instance="a",result="ok"}'
        values: '0+9x20'
      - series: 'credwire_rpc_calls_total{instance="a",result="timeout"}'
        values: '0+1x20'
      - series: 'credwire_rpc_calls_total{instance="b",result="ok"}'
        values: '0+99x20'
      - series: 'credwire_rpc_calls_total{instance="b",result="timeout"}'
        values: '0+1x20'
    alert_rule_test:
      - {eval_time: 3m, alertname: CredwireClientsAway, exp_alerts: []}
      - eval_time: 8m
        alertname: CredwireClientsAway
        exp_alerts:
          - exp_labels: {instance: a}
            exp_annotations: {summary: "1 clients of a have had no session for 5 minutes"}
      - {eval_time: 5m, alertname: CredwireNothingRefreshes, exp_alerts: []}
      - eval_time: 8m
        alertname: CredwireNothingRefreshes
        exp_alerts:
          - exp_labels: {instance: a, code: credential_refresh_stopped}
            exp_annotations: {summary: "a client of a runs on a credential that nothing refreshes any more"}
      - {eval_time: 1m, alertname: CredwireRefreshesFail, exp_alerts: []}
      - eval_time: 10m
        alertname: CredwireRefreshesFail
        exp_alerts:
          - exp_labels: {instance: a, operation: rotate}
            exp_annotations: {summary: "rotate keeps failing at a"}
      - eval_time: 15m
        alertname: CredwireCallsFail
        exp_alerts:
          - exp_labels: {instance: a}
            exp_annotations: {summary: "more than one call in twenty fails at a"}
"#;

#[test]
fn the_documented_alerts_fire_when_they_have_to() {
    let (_, rules) = DOCUMENTED.split_once("```yaml\n").unwrap();
    let (rules, _) = rules.split_once("```").unwrap();
    // Without the tool at least the names are right.
    let rows = documented_rows();
    for expression in rules.split("credwire_").skip(1) {
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        let end = expression.find(|c| !is_name(c)).unwrap();
        let name = format!("credwire_{}", &expression[..end]);
        let (_, _, labels) = rows.iter().find(|(row, ..)| *row == name).expect(&name);
        let matchers = expression[end..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
        for matcher in matchers.map_or("", |(matchers, _)| matchers).split(',') {
            let Some((label, values)) = matcher.split_once(['=', '!']) else { continue };
            let (_, known) = labels.iter().find(|(known, _)| known == label).expect(label);
            for value in values.trim_start_matches(['=', '~']).trim_matches('"').split('|') {
                assert!(known.iter().any(|known| known == value), "{name}: {label}={value}");
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yml"), rules).unwrap();
    std::fs::write(folder.path().join("alerts.yml"), ALERTS).unwrap();
    promtool(folder.path(), &["check", "rules", "rules.yml"], "");
    promtool(folder.path(), &["test", "rules", "alerts.yml"], "");
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
    let at_first = numbers(&snapshotter);
    let series = documented_series();
    let missing: Vec<_> = series.iter().filter(|series| !at_first.contains_key(*series)).collect();
    assert!(missing.is_empty(), "not there from the start: {missing:#?}");
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

    // A call whose caller leaves after the first look.
    assert!(client.call_raw("subscriber.online", json!({}), None).now_or_never().is_none());

    // A snapshot starts all numbers anew.
    let mut seen = numbers(&snapshotter);
    for (series, value) in at_first {
        *seen.entry(series).or_default() += value;
    }
    let expected = [
        ("credwire_clients{state=online}", 1.0),
        ("credwire_clients{state=connecting}", 0.0),
        ("credwire_clients{state=reconnecting}", 0.0),
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
        ("credwire_rpc_calls_total{result=cancelled}", 1.0),
        ("credwire_rpc_duration_seconds{}", 3.0),
        ("credwire_warnings_total{code=credential_refresh_fallback}", 1.0),
        ("credwire_errors_total{kind=refresh}", 1.0),
    ];
    for (name, value) in expected {
        assert_eq!(seen.get(name), Some(&value), "{name}: {seen:#?}");
    }
    client.disconnect().await;
    client.call_raw("subscriber.online", json!({}), None).await.unwrap_err();
    drop(client);
    let text = exposition(&snapshotter);
    // One less than before, since a snapshot starts all numbers anew.
    for line in [
        "credwire_sessions_live{} -1",
        "credwire_clients{state=\"online\"} -1",
        "credwire_rpc_calls_total{result=\"disconnected\"} 1",
        "credwire_rpc_calls_total{result=\"cancelled\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    promtool(Path::new("."), &["check", "metrics"], &text);

    // Every series is documented, and nothing but short words is a label.
    for name in seen.keys() {
        assert!(name.contains("_seconds{") || series.contains(name), "{name}");
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

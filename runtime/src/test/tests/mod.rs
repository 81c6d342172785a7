//! Simulations of scripted providers.

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{ErrorKind, SdkCredential};
use credwire_session::scheduler::{OpKind, OutcomeResult, Policy};

const HOUR: Duration = Duration::from_secs(3600);

fn scripted(
    refresh: Vec<ScriptedReply>,
) -> impl FnOnce(Arc<SimulatedClock>) -> ScriptedProvider + Send {
    move |clock| {
        ScriptedProvider::new(clock).authenticate([ScriptedReply::Lasting(HOUR)]).refresh(refresh)
    }
}

#[test]
fn every_kind_of_answer_is_reported() {
    let replies = vec![
        ScriptedReply::Transient,
        ScriptedReply::Panic,
        ScriptedReply::Hang,
        ScriptedReply::RetryAfter(Duration::from_secs(20)),
        ScriptedReply::Given(SdkCredential::from_token("no token at all")),
        ScriptedReply::Late(Duration::from_secs(7), Box::new(ScriptedReply::Lasting(HOUR))),
    ];
    let report = Simulation::new(2 * HOUR).run(scripted(replies)).unwrap();
    assert!(report.is_seamless(), "{report:?}");
    let calls: Vec<_> = report.calls_of(OpKind::Refresh).collect();
    let results: Vec<_> = calls.iter().take(6).map(|call| call.result).collect();
    assert_eq!(
        results,
        [
            OutcomeResult::Transient,
            OutcomeResult::Panicked,
            OutcomeResult::TimedOut,
            OutcomeResult::Transient,
            OutcomeResult::Transient,
            OutcomeResult::Committed
        ]
    );
    assert!(calls[4].error.as_ref().is_some_and(|e| e.kind() == ErrorKind::InvalidCredentials));
    assert_eq!(calls[5].took.as_secs(), 7);
    assert!(calls[4].started.saturating_since(calls[3].started).as_secs() >= 20);
    assert!(calls.iter().all(|call| call.left.is_some_and(|left| !left.is_zero())));
}

#[test]
fn a_session_without_refresh_ends_with_each_credential() {
    let report = Simulation::new(4 * HOUR)
        .run(|clock| ScriptedProvider::new(clock).authenticate([ScriptedReply::Lasting(HOUR)]))
        .unwrap();
    assert!(!report.is_seamless());
    assert_eq!(report.sessions_lost, 3, "{report:?}");
    assert_eq!(report.calls_of(OpKind::Authenticate).count(), 4);
    // The client comes back at once, with a credential of its provider.
    let gap = report.uncovered.as_millis();
    assert!((150..=3000).contains(&gap), "{gap} ms");
}

#[test]
fn a_refusal_is_seen_as_what_it_is() {
    let report =
        Simulation::new(3 * HOUR / 2).run(scripted(vec![ScriptedReply::Permanent])).unwrap();
    assert_eq!(report.calls_of(OpKind::Refresh).count(), 1);
    assert_eq!(report.sessions_lost, 1);
    let stopped = crate::client::Warning::RefreshStopped;
    assert!(report.warnings.iter().any(|(_, warning)| *warning == stopped));
}

#[tokio::test]
async fn a_bound_session_needs_its_provider_once_also_with_drops_and_inside_a_runtime() {
    let report = Simulation::new(24 * HOUR)
        .client_bound(Duration::from_secs(900))
        .drop_every(3 * HOUR)
        .seed(9)
        .run(scripted(vec![ScriptedReply::Permanent]))
        .unwrap();
    assert!(report.is_seamless(), "{report:?}");
    let count = |kind| report.calls_of(kind).count();
    assert_eq!((count(OpKind::Authenticate), count(OpKind::Refresh)), (1, 0));
    assert!((115..=145).contains(&count(OpKind::Rotate)), "{}", count(OpKind::Rotate));
}

#[test]
fn what_cannot_be_used_is_reported() {
    let hour = Simulation::new(HOUR);
    let mut policy = Policy::default();
    policy.attempts = 0;
    for wrong in [hour.clone().policy(policy), hour.clone().add_allowed_domain("not a domain")] {
        let error = wrong.run(scripted(Vec::new())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    // An unknown domain is as foreign here as it is to a client.
    let report = hour
        .run(|clock| {
            let foreign = SdkCredential::from_token("eyJjaCI6InB1Yy5zcGFjZS50ZXN0In0..a.b.c");
            ScriptedProvider::new(clock).authenticate([ScriptedReply::Given(foreign)])
        })
        .unwrap();
    let error = report.calls[0].error.as_ref().unwrap();
    assert_eq!(error.kind(), ErrorKind::HostNotAllowed);
    assert!(!report.is_seamless());
}

//! What happens after a session is gone, and how often.

use std::time::Duration;

use credwire::ErrorKind;
use credwire_sandbox::{Attempt, Fault, ServerFrame, SocketAction};
use credwire_tests::live::*;
use serde_json::json;

use super::*;

/// W5: who needs a credential for a fresh connect is answered by `authenticate()`, whatever else
/// was in flight.
#[tokio::test(start_paused = true)]
async fn a_resume_refused_while_a_rotation_is_in_flight_that_then_fails() {
    for (status, body) in [(401, refusal()), (403, refusal()), (503, json!({}))] {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope: true, ..scene.backend() };
        let client = scene.connect(&backend).await;
        scene.space.add_fault(fault(json!({
            "on": REFRESH, "status": status, "body": body, "delayMs": 3000, "times": -1,
        })));
        let asking = tokio::spawn({
            let client = client.clone();
            async move { client.refresh_now().await }
        });
        while count(&scene.space, REFRESH) == 0 {
            pass(Duration::from_millis(10)).await;
        }
        forget(&scene.space);
        pass(seconds(20)).await;
        well(&client).await;
        assert_eq!(backend.called().0, 2, "{status}");
        let answered = tokio::time::timeout(minutes(2), asking).await;
        assert!(answered.is_ok(), "{status}: nobody answers refresh_now");
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_is_dropped_right_after_authentication_again_and_again() {
    for scope in [false, true] {
        let ends = [
            Fault::on(CONNECT).drop_connection().after(),
            Fault::on(CONNECT).close(1011, "made up").after(),
            Fault::on(CONNECT).drop_connection(),
            Fault::on(ONLINE).drop_connection(),
            Fault::on("upgrade").close(1001, "made up"),
        ];
        for end in ends {
            let scene = Scene::new("{}").await;
            let backend = Backend { scope, ..scene.backend() };
            let client = scene.connect(&backend).await;
            pass(seconds(15)).await;
            scene.space.add_fault(end.clone().forever());
            let start = mark(&scene).await;
            scene.space.sockets(SocketAction::Drop).unwrap();
            pass(seconds(190)).await;
            calm_since(&scene.space, start);
            assert!(since(&scene.space, UPGRADE, start) >= 8, "{end:?}");
            // The provider is asked at most once in each pause.
            assert!(backend.called().0 <= 20, "{end:?}: asked {} times", backend.called().0);
            scene.space.configure(|config| config.faults.clear());
            well(&client).await;
        }
    }
}

/// W4: `connect()` returns in time, whatever the space does after any step, and says the newest
/// reason.
#[tokio::test(start_paused = true)]
async fn a_connect_returns_within_its_deadline_whatever_happens() {
    let ends = [
        (Fault::on("upgrade").status(503), "503"),
        (Fault::on("upgrade").silent(), ""),
        (Fault::on("upgrade").silent().after(), ""),
        (Fault::on("upgrade").close(1011, "made-up end"), "made-up end"),
        (Fault::on(CONNECT).close(1011, "made-up end").after(), "made-up end"),
        (Fault::on(CONNECT).close(1011, "made-up end"), "made-up end"),
        (Fault::on(CONNECT).drop_connection().after(), ""),
        (Fault::on(CONNECT).silent(), ""),
        (Fault::on(CONNECT).rpc_error(-32603, "broken"), "-32603"),
        (Fault::on(INFO).silent(), ""),
        (Fault::on(INFO).status(503), "503"),
        (Fault::on(INFO).page(403, "<p>no"), "403"),
    ];
    for scope in [false, true] {
        for (end, reason) in &ends {
            let scene = Scene::new("{}").await;
            scene.space.add_fault(end.clone().forever());
            let backend = Backend { scope, ..scene.backend() };
            let start = mark(&scene).await;
            let connecting = scene.client(backend.clone()).connect_deadline(seconds(3)).connect();
            let connected = tokio::time::timeout(minutes(2), connecting).await;
            let took = mark(&scene).await - start;
            let Ok(connected) = connected else { panic!("{end:?}: still trying after {took} ms") };
            assert!(took <= 4_000, "{end:?}: took {took} ms");
            let error = connected.expect_err("there is no session");
            assert_eq!(error.kind(), ErrorKind::Unreachable, "{end:?}");
            assert!(chain(&error).contains(reason), "{end:?}: {}", chain(&error));
            calm_since(&scene.space, start);
        }
        let scene = Scene::new("{}").await;
        let backend = Backend { scope, ..scene.backend() };
        backend.plan_authenticate(std::iter::repeat_n(BackendReply::Hang, 50));
        let start = mark(&scene).await;
        let connecting = scene.client(backend.clone()).connect_deadline(seconds(3)).connect();
        let connected = tokio::time::timeout(minutes(2), connecting).await;
        assert!(connected.is_ok_and(|connected| connected.is_err()));
        assert!(mark(&scene).await - start <= 4_000);
    }
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_names_a_time_to_wait() {
    for date in [false, true] {
        let scene = Scene::new("{}").await;
        let client = scene.connect(&scene.backend()).await;
        let later = httpdate(&scene, 120);
        let value = if date { later.as_str() } else { "120" };
        let busy = Fault::on("upgrade").status(429).header("retry-after", value);
        scene.space.add_fault(busy.forever());
        scene.space.sockets(SocketAction::Drop).unwrap();
        let start = mark(&scene).await;
        pass(seconds(115)).await;
        assert_eq!(since(&scene.space, UPGRADE, start), 1, "date {date}");
        scene.space.configure(|config| config.faults.clear());
        pass(seconds(10)).await;
        well(&client).await;
    }
}

/// An absurd time to wait counts as a quarter of an hour.
#[tokio::test(start_paused = true)]
async fn an_upgrade_that_names_an_absurd_time_to_wait() {
    for value in ["999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let scene = Scene::new("{}").await;
        let client = scene.connect(&scene.backend()).await;
        scene.space.add_fault(Fault::on("upgrade").status(503).header("retry-after", value));
        scene.space.sockets(SocketAction::Drop).unwrap();
        let start = mark(&scene).await;
        pass(minutes(14)).await;
        assert_eq!(since(&scene.space, UPGRADE, start), 1, "{value}");
        pass(minutes(1) + LONGEST_PAUSE).await;
        well(&client).await;
    }
}

fn httpdate(scene: &Scene, seconds: u64) -> String {
    let now = std::time::UNIX_EPOCH + Duration::from_millis(scene.now().get().unsigned_abs());
    httpdate::fmt_http_date(now + Duration::from_secs(seconds))
}

/// A space that restarts or sends its clients away is given a second.
#[tokio::test(start_paused = true)]
async fn a_space_that_restarts_is_given_time() {
    let disconnect = json!({"jsonrpc": "2.0", "method": "signalwire.disconnect", "params": {}});
    let restarts = [
        SocketAction::Close { code: 1012, reason: String::new() },
        SocketAction::Close { code: 1013, reason: String::new() },
        SocketAction::Send(ServerFrame::new(&disconnect.to_string()).unwrap()),
    ];
    for restart in restarts {
        let scene = Scene::new("{}").await;
        let client = scene.connect(&scene.backend()).await;
        pass(seconds(15)).await;
        let start = mark(&scene).await;
        scene.space.sockets(restart.clone()).unwrap();
        pass(seconds(5)).await;
        let upgrades = times(&scene.space, UPGRADE);
        let pause = upgrades.iter().find(|at| **at > start).map(|at| at - start);
        assert!(pause.is_some_and(|pause| pause >= 1000), "{restart:?}: {pause:?} ms");
        well(&client).await;
    }
}

/// A resume that is closed at once makes its credential suspect: then a fresh connect, then another
/// credential.
#[tokio::test(start_paused = true)]
async fn a_session_closed_right_after_its_resume() {
    for code in [1008, 4000, 4401] {
        let scene = Scene::new("{}").await;
        let backend = scene.backend();
        let client = scene.connect(&backend).await;
        pass(seconds(15)).await;
        scene.space.add_fault(Fault::on(CONNECT).close(code, "made up").after().times(2));
        scene.space.sockets(SocketAction::Drop).unwrap();
        pass(seconds(20)).await;
        well(&client).await;
        let kinds = kinds(&scene.space);
        assert_eq!(
            kinds[1..4],
            [Attempt::Resume, Attempt::Fresh, Attempt::Fresh],
            "{code}: {kinds:?}"
        );
        assert_eq!(backend.called().0, 2, "{code}");
    }
}

/// After a first session nothing but the application ends a client.
#[tokio::test(start_paused = true)]
async fn refusals_after_a_first_session_end_nothing() {
    for scope in [false, true] {
        for code in [-32002, -32003, -32602] {
            let scene = Scene::new("{}").await;
            let backend = Backend { scope, ..scene.backend() };
            let client = scene.connect(&backend).await;
            pass(seconds(15)).await;
            scene.space.add_fault(Fault::on(CONNECT).rpc_error(code, "refused").forever());
            backend.plan_authenticate([BackendReply::Refused, BackendReply::Refused]);
            let start = mark(&scene).await;
            scene.space.sockets(SocketAction::Drop).unwrap();
            pass(seconds(130)).await;
            calm_since(&scene.space, start);
            let asked = backend.called().0;
            assert!((3..=20).contains(&asked), "{code}: asked {asked} times");
            assert_ne!(*client.status().borrow(), Status::Suspended, "{code}");
            scene.space.configure(|config| config.faults.clear());
            well(&client).await;
        }
    }
}

/// A bound session whose resume is refused asks the provider first; while that fails for now, the
/// device token serves.
#[tokio::test(start_paused = true)]
async fn a_refused_resume_of_a_bound_session_and_a_provider_that_is_busy() {
    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, ..scene.backend() };
    let client = scene.connect(&backend).await;
    pass(seconds(15)).await;
    backend.plan_authenticate(std::iter::repeat_n(BackendReply::Busy(None), 100));
    forget(&scene.space);
    pass(seconds(10)).await;
    well(&client).await;
    assert!(backend.called().0 >= 2, "the provider is asked first");
    no_dead_token(&scene.space);
}

/// The first connect that is refused in form ends the client: one authenticate, one fresh connect.
#[tokio::test(start_paused = true)]
async fn a_first_connect_that_is_refused() {
    for code in [-32002, -32003, -32602] {
        let scene = Scene::new("{}").await;
        scene.space.add_fault(Fault::on(CONNECT).rpc_error(code, "refused").forever());
        let backend = scene.backend();
        let error = scene.client(backend.clone()).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{}", chain(&error));
        assert_eq!((backend.called().0, count(&scene.space, CONNECT)), (1, 1));
    }
}

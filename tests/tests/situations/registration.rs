//! W6: the subscriber is registered until that is done or taken back.

use credwire_sandbox::{Fault, SocketAction};
use credwire_tests::live::*;

use super::*;

/// What was told of the registration.
fn told(client: &Client, code: &str) -> usize {
    errors(client).iter().filter(|error| error.contains(code)).count()
}

#[tokio::test(start_paused = true)]
async fn a_registration_that_fails_once_after_a_reconnect() {
    for code in [-32000, -32603] {
        let scene = Scene::new("{}").await;
        let client = scene.connect(&scene.backend()).await;
        scene.space.add_fault(Fault::on(ONLINE).rpc_error(code, "made up"));
        let start = mark(&scene).await;
        scene.space.sockets(SocketAction::Drop).unwrap();
        pass(seconds(1)).await;
        online(&client, LONGEST_PAUSE).await;
        assert_eq!(since(&scene.space, ONLINE, start), 2, "{code}");
        assert_eq!(since(&scene.space, CONNECT, start), 1, "{code}: the session stays");
        assert_eq!(told(&client, &code.to_string()), 1, "{code}: {:?}", errors(&client));
    }
}

#[tokio::test(start_paused = true)]
async fn a_registration_that_is_not_answered() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(ONLINE).silent());
    let client = scene.connect(&scene.backend()).await;
    online(&client, LONGEST_PAUSE).await;
    assert_eq!(count(&scene.space, CONNECT), 1);
}

/// Pauses grow, and the reason is told once for each change of it.
#[tokio::test(start_paused = true)]
async fn a_registration_that_fails_for_long() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&scene.backend()).await;
    scene.space.add_fault(Fault::on(ONLINE).rpc_error(-32000, "made up").times(6));
    scene.space.add_fault(Fault::on(ONLINE).rpc_error(-32603, "made up").forever());
    let start = mark(&scene).await;
    scene.space.sockets(SocketAction::Drop).unwrap();
    pass(minutes(10)).await;
    let tries = since(&scene.space, ONLINE, start);
    assert!((12..=60).contains(&tries), "{tries} tries in ten minutes");
    assert_eq!((told(&client, "-32000"), told(&client, "-32603")), (1, 1), "{:?}", errors(&client));
    assert_eq!(*client.status().borrow(), Status::Connected);
    assert_eq!(since(&scene.space, CONNECT, start), 1);
    scene.space.configure(|config| config.faults.clear());
    online(&client, LONGEST_PAUSE).await;
}

/// A space that does not know the method never will; that is said, and the session goes on.
#[tokio::test(start_paused = true)]
async fn a_space_without_registration() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(ONLINE).rpc_error(-32601, "unknown").forever());
    let client = scene.connect(&scene.backend()).await;
    pass(minutes(10)).await;
    assert!(count(&scene.space, ONLINE) <= 2, "{}", count(&scene.space, ONLINE));
    assert!(told(&client, "-32601") >= 1);
    assert_eq!(*client.status().borrow(), Status::Connected);
}

/// Taken back, it is not tried any more.
#[tokio::test(start_paused = true)]
async fn a_registration_that_is_taken_back_while_it_fails() {
    let scene = Scene::new("{}").await;
    let client = scene.connect(&scene.backend()).await;
    scene.space.add_fault(Fault::on(ONLINE).rpc_error(-32000, "made up").forever());
    scene.space.sockets(SocketAction::Drop).unwrap();
    pass(seconds(20)).await;
    let _ = client.unregister().await;
    let start = mark(&scene).await;
    pass(minutes(5)).await;
    assert_eq!(since(&scene.space, ONLINE, start), 0);
    scene.space.configure(|config| config.faults.clear());
    client.register().await.unwrap();
    online(&client, seconds(5)).await;
}

//! A provider without code, from the minting endpoint of a space to a bound session.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::net::{IpAddr, SocketAddr};

use credwire::{Client, Secret, Status, credential_provider};
use credwire_sandbox::{Space, SpaceOptions};

#[credential_provider(endpoint)]
struct Minting {
    #[endpoint]
    url: String,
    #[header("authorization")]
    basic: Secret<String>,
    #[json]
    reference: &'static str,
    #[client]
    http: reqwest::Client,
}

fn minting(space: &Space) -> Minting {
    let host = format!("fabric.{}", space.domain());
    let name = host.split(':').next().unwrap();
    let http = reqwest::Client::builder()
        .tls_certs_merge(reqwest::Certificate::from_pem_bundle(space.ca_pem().as_bytes()).unwrap())
        .resolve(name, SocketAddr::new(space.address().ip(), 0))
        .build()
        .unwrap();
    let url = format!("https://{host}/api/fabric/subscribers/tokens");
    let request = http.post(&url).basic_auth(space.project(), Some(space.api_token().expose()));
    let request = request.build().unwrap();
    let basic = request.headers()["authorization"].to_str().unwrap().into();
    Minting { url, basic, reference: "alice@example.test", http }
}

#[tokio::test]
async fn the_forwarded_fingerprint_and_scope_make_a_bound_session() {
    let space = Space::start(SpaceOptions::default()).await.unwrap();
    let client = Client::builder(minting(&space))
        .add_allowed_domain(space.domain())
        .add_root_certificates(space.ca_pem())
        .add_address("space.test", IpAddr::from([127, 0, 0, 1]))
        .connect()
        .await
        .unwrap();
    assert_eq!(*client.status().borrow(), Status::Online);
    let log = space.log();
    let first = log.checks.front().unwrap();
    assert_eq!(first.op, "POST /api/fabric/subscribers/tokens");
    assert_eq!(first.basic, Some("ok"));
    let bound = log.checks.iter().any(|check| {
        check.op == "POST /api/fabric/subscriber/devices/token" && check.status == Some(200)
    });
    assert!(bound, "{log:?}");
    client.disconnect().await;
}

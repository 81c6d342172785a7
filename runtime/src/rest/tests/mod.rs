//! Calls against a space that answers by a script.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::StatusCode;

use super::*;
use crate::{
    clock::SimulatedClock,
    dpop::KeyKind,
    response::headers,
    space::AllowedDomains,
    transport::{HttpAnswer, HttpError, HttpRequest, Opened},
};
use credwire_session::jose::Header;

type Pairs = &'static [(&'static str, &'static str)];

/// Answers with a status, headers and a body, or not at all.
type Scripted = Option<(u16, Pairs, &'static str)>;

/// A space that answers by a script, and keeps the proofs that it was shown.
#[derive(Debug)]
struct Space {
    script: Mutex<VecDeque<Scripted>>,
    proofs: Mutex<Vec<String>>,
}

impl Transport for Space {
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>> {
        let body = request.body.unwrap();
        self.proofs.lock().unwrap().push(String::from_utf8(body.expose().clone()).unwrap());
        let next = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        async move {
            let Some((status, pairs, body)) = next.unwrap() else {
                return Err(HttpError::Network("made up".into()));
            };
            Ok(HttpAnswer {
                status: StatusCode::from_u16(status).unwrap(),
                headers: headers(pairs),
                body: Secret::new(body.as_bytes().to_vec()),
            })
        }
        .boxed()
    }

    fn open<'a>(&'a self, _: &'a SpaceHosts) -> BoxFuture<'a, Opened> {
        unreachable!("REST opens no socket")
    }
}

const GRANT: &str = r#"{"token":"made-up-token"}"#;
const EXPIRED: &str = r#"{"errors":[{"type":"x","code":"token_expired"}]}"#;

/// The outcome of a rotation, the number of requests and the time it took.
async fn rotate(script: &[Scripted]) -> (Result<DeviceGrant, RestError>, Vec<String>, Duration) {
    let space = Arc::new(Space {
        script: Mutex::new(script.iter().copied().collect()),
        proofs: Mutex::default(),
    });
    let clock = Arc::new(SimulatedClock::new(EpochMillis::new(1_700_000_000_000)));
    let rest = Rest::new(space.clone(), clock, RestPolicy::default(), 7);
    let header: Header = serde_json::from_str("{}").unwrap();
    let hosts = SpaceHosts::from_header(&header, &AllowedDomains::default()).unwrap();
    let key = DpopKey::generate_blocking(KeyKind::P256).unwrap();
    let token = Secret::from("made-up");
    let start = SimulatedClock::new(EpochMillis::new(0));
    let result = rest.rotate(&hosts, &token, &key, Duration::from_secs(60)).await;
    let proofs = space.proofs.lock().unwrap().clone();
    (result, proofs, start.now().boot)
}

/// The nonce in a proof.
fn nonce(body: &str) -> Option<String> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let body: Value = serde_json::from_str(body).unwrap();
    let claims = body["dpop_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    claims["nonce"].as_str().map(str::to_owned)
}

#[tokio::test(start_paused = true)]
async fn only_the_form_of_the_space_is_a_refusal() {
    for (status, body, refused) in [
        (401, EXPIRED, true),
        (403, r#"{"errors":[{"code":"x","attribute":1e999}, 7]}"#, true),
        (404, r#"{"error":"not_found"}"#, true),
        (403, "<html>the proxy says no</html>", false),
        (404, "", false),
        (302, EXPIRED, false),
        (407, EXPIRED, false),
        (405, EXPIRED, false),
        (429, EXPIRED, false),
    ] {
        let (result, proofs, _) = rotate(&[Some((status, &[], body))]).await;
        let error = result.unwrap_err();
        assert_eq!(error.is_refusal(), refused, "{status} {body}");
        assert_eq!(error.is_transient(), !refused, "{status} {body}");
        assert_eq!(proofs.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn challenges_in_a_row_are_each_answered_at_once() {
    let www: Pairs = &[
        ("dpop-nonce", "n-3"),
        ("www-authenticate", "DPoP error=\"use_dpop_nonce\", algs=\"ES256\""),
    ];
    let script = [
        Some((401, &[("dpop-nonce", "n-1")][..], "<html>")),
        Some((400, &[("dpop-nonce", "n-2")], r#"{"big":1e999,"error":"use_dpop_nonce"}"#)),
        Some((403, www, "")),
        Some((200, &[], GRANT)),
    ];
    let (result, proofs, took) = rotate(&script).await;
    assert!(result.is_ok());
    let nonces: Vec<_> = proofs.iter().map(|proof| nonce(proof)).collect();
    let expected = [None, Some("n-1"), Some("n-2"), Some("n-3")];
    assert_eq!(nonces, expected.map(|nonce| nonce.map(str::to_owned)));
    assert_eq!(took, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn endless_challenges_are_a_transient_failure() {
    let challenge = r#"{"errors":[{"code":"use_dpop_nonce"}]}"#;
    let nonces: [Pairs; 6] = [
        &[("dpop-nonce", "n-1")],
        &[("dpop-nonce", "n-2")],
        &[("dpop-nonce", "n-3")],
        &[("dpop-nonce", "n-4")],
        &[("dpop-nonce", "n-5")],
        &[("dpop-nonce", "n-6")],
    ];
    let script = nonces.map(|nonce| Some((401, nonce, challenge)));
    let (result, proofs, _) = rotate(&script).await;
    assert!(result.unwrap_err().is_transient());
    assert_eq!(proofs.len(), 6, "one try and five more");

    // The same nonce again is not worth another try, and neither is none at all.
    let same = [Some((401, nonces[0], challenge)), Some((401, nonces[0], challenge))];
    let (result, proofs, _) = rotate(&same).await;
    assert!(result.unwrap_err().is_transient());
    assert_eq!(proofs.len(), 2);
    let (result, proofs, _) = rotate(&[Some((401, &[], challenge))]).await;
    assert!(result.unwrap_err().is_transient());
    assert_eq!(proofs.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_brings_a_nonce_is_tried_with_it_and_then_believed() {
    let refused: Scripted = Some((401, &[("dpop-nonce", "n-1")], EXPIRED));
    let (result, proofs, _) = rotate(&[refused, refused]).await;
    assert!(result.unwrap_err().is_refusal());
    assert_eq!(proofs.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn tries_are_paused_by_the_backoff_and_a_wait_is_handed_up() {
    let (result, proofs, took) =
        rotate(&[Some((500, &[], "")), None, Some((200, &[], GRANT))]).await;
    assert!(result.is_ok());
    assert_eq!(proofs.len(), 3);
    assert!((1500..=3000).contains(&took.as_millis()), "{took:?}");

    for status in [302, 401, 403, 404, 429, 503] {
        let script = [Some((status, &[("retry-after", "120")][..], ""))];
        let (result, proofs, took) = rotate(&script).await;
        let error = result.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(120)), "{status}");
        assert!(error.is_transient());
        assert_eq!((proofs.len(), took), (1, Duration::ZERO));
    }

    // Even a challenge waits when it is asked to.
    let later: Pairs = &[("dpop-nonce", "n-1"), ("retry-after", "5")];
    let (result, proofs, _) = rotate(&[Some((401, later, ""))]).await;
    assert_eq!(result.unwrap_err().retry_after(), Some(Duration::from_secs(5)));
    assert_eq!(proofs.len(), 1);
}

#[test]
fn claims_are_read_in_any_form() {
    for (json, expected) in [
        (r#"{"sat_claims":{"scope":["a","sat:refresh"],"expires_at":1.5}}"#, Some(true)),
        (r#"{"sat_claims":{"scope":[7]}}"#, Some(false)),
        (r#"{"sat_claims":{"cnf":null}}"#, None),
        (r#"{"sat_claims":null}"#, None),
        (r#"{"email":"alice@example.test"}"#, None),
    ] {
        let info: SubscriberInfo = serde_json::from_str(json).unwrap();
        assert_eq!(info.sat_refresh(), expected, "{json}");
    }
}

#[test]
fn grants_have_whole_and_fractional_seconds() {
    let json = r#"{"token":"made-up","expires_at":1760000000.25,"expires_in":34}"#;
    let grant: DeviceGrant = serde_json::from_str(json).unwrap();
    assert_eq!(grant.expires_at(), Ok(Some(EpochMillis::new(1_760_000_000_250))));
    assert_eq!(grant.expires_in.map(Duration::from), Some(Duration::from_secs(34)));
    assert!(serde_json::from_str::<DeviceGrant>(r#"{"token":"x","expires_in":-1}"#).is_err());
}

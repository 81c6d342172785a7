//! What web pages may do: everything at the space, nothing at the control port.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use credwire_sandbox::{Fault, Space};
use reqwest::header::HeaderMap;
use rustls::server::ParsedCertificate;
use serde_json::{Value, json};
use support::{Http, INFO, Key, MINT, REFRESH, Socket, TOKEN, connect_params, space};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{client::IntoClientRequest as _, http::HeaderValue};

const PAGE: &str = "http://localhost:5173";

fn list<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let value = headers.get(name).map_or("", |value| value.to_str().unwrap());
    value.split(", ").filter(|part| !part.is_empty()).collect()
}

/// The steps of a CORS check and of a preflight in the Fetch standard, for a request without
/// cookies: what a browser does before it lets a page send `method` with these headers.
fn allows(answer: &reqwest::Response, origin: &str, method: &str, wanted: &[&str]) -> bool {
    let headers = answer.headers();
    let shared = headers.get_all("access-control-allow-origin").iter().collect::<Vec<_>>();
    let of_origin = shared.len() == 1 && (shared[0] == "*" || shared[0] == origin);
    let safelisted = ["GET", "HEAD", "POST"].contains(&method);
    let method = safelisted || list(headers, "access-control-allow-methods").contains(&method);
    let permitted = list(headers, "access-control-allow-headers");
    let has = |name: &&str| permitted.iter().any(|permitted| permitted.eq_ignore_ascii_case(name));
    answer.status().is_success() && of_origin && method && wanted.iter().all(has)
}

async fn ask(http: &Http, path: &str, method: &str, extra: &[(&str, &str)]) -> reqwest::Response {
    let mut headers = vec![
        ("origin", PAGE),
        ("access-control-request-method", method),
        ("access-control-request-headers", "authorization,content-type,dpop"),
    ];
    headers.extend(extra);
    http.browse("OPTIONS", path, &headers).await
}

#[tokio::test]
async fn a_preflight_of_each_route_permits_what_clients_send() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let wanted = ["authorization", "content-type", "dpop"];
    let routes = [
        ("GET", INFO),
        ("POST", TOKEN),
        ("POST", REFRESH),
        ("POST", "/api/fabric/subscriber/invites"),
        ("POST", MINT),
        ("POST", "/api/fabric/subscribers/tokens/refresh"),
        ("POST", "/api/fabric/guests/tokens"),
        ("POST", "/api/fabric/embeds/tokens"),
        ("GET", "/api/fabric/addresses"),
        // The page reads the space's own refusal.
        ("DELETE", INFO),
        ("PUT", "/elsewhere"),
    ];
    for (method, path) in routes {
        let answer = ask(&http, path, method, &[]).await;
        assert!(allows(&answer, PAGE, method, &wanted), "{method} {path}: {answer:?}");
        assert_eq!(answer.status(), 204, "{method} {path}");
        assert_eq!(answer.headers()["access-control-max-age"], "600");
        assert!(answer.headers().get("access-control-allow-private-network").is_none());
        assert!(answer.headers().get("access-control-allow-credentials").is_none());
        assert!(answer.text().await.unwrap().is_empty());
    }
    let log = space.log();
    let ops: Vec<_> = log.checks.iter().map(|check| (check.op.as_str(), check.status)).collect();
    let expected: Vec<_> = routes.iter().map(|(_, path)| format!("OPTIONS {path}")).collect();
    let expected: Vec<_> = expected.iter().map(|op| (op.as_str(), Some(204))).collect();
    assert_eq!(ops, expected, "preflights stand in the log");
}

#[tokio::test]
async fn a_header_that_clients_do_not_send_is_not_permitted() {
    let space = space("{}").await;
    let answer = ask(&Http::new(&space), INFO, "GET", &[]).await;
    assert!(!allows(&answer, PAGE, "GET", &["x-made-up"]));
    assert!(!allows(&answer, PAGE, "CONNECT", &[]));
}

#[tokio::test]
async fn a_preflight_may_be_about_a_private_network_and_come_from_no_origin_at_all() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let private = ("access-control-request-private-network", "true");
    let answer = ask(&http, INFO, "GET", &[private]).await;
    assert_eq!(answer.headers()["access-control-allow-private-network"], "true");
    let other = ("access-control-request-private-network", "maybe");
    let answer = ask(&http, INFO, "GET", &[other]).await;
    assert!(answer.headers().get("access-control-allow-private-network").is_none());

    // A sandboxed frame, a file, and a client that repeats itself.
    for origins in [vec!["null"], vec!["file://"], vec![PAGE, "https://other.example"]] {
        let mut headers: Vec<_> = origins.iter().map(|origin| ("origin", *origin)).collect();
        headers.push(("access-control-request-method", "POST"));
        headers.push(("access-control-request-method", "GET"));
        let answer = http.browse("OPTIONS", TOKEN, &headers).await;
        assert!(allows(&answer, "null", "POST", &["authorization"]), "{origins:?}: {answer:?}");
    }
}

#[tokio::test]
async fn options_that_is_no_preflight_is_a_request_like_any_other() {
    let space = space("{}").await;
    let http = Http::new(&space);
    let method = ("access-control-request-method", "GET");
    for headers in [&[][..], &[("origin", PAGE)], &[method]] {
        let answer = http.browse("OPTIONS", INFO, headers).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["allow"]),
            (405, &"GET".parse().unwrap())
        );
        assert!(answer.headers().get("access-control-allow-methods").is_none());
    }
    assert_eq!(http.browse("OPTIONS", "/elsewhere", &[]).await.status(), 404);
}

#[tokio::test]
async fn a_page_reads_every_answer_and_the_headers_that_clients_use() {
    let space = space(r#"{"nonce":true}"#).await;
    let (http, key) = (Http::new(&space), Key::new());
    let sat = http.mint_bound(&key).await;
    let bearer = format!("Bearer {sat}");
    space.add_fault(Fault::on("GET /fault").status(429).header("retry-after", "7"));
    space.add_fault(Fault::on("GET /page").page(502, "<h1>no</h1>"));
    space.add_fault(Fault::on("GET /half").status(500).stalled());
    space.add_fault(Fault::on(format!("POST {TOKEN}")).delay_ms(1));
    for (method, path, authorization, status) in [
        ("GET", INFO, bearer.as_str(), 200),
        ("GET", INFO, "Bearer made-up", 401),
        ("POST", INFO, &bearer, 405),
        ("GET", "/elsewhere", &bearer, 404),
        ("POST", MINT, "Basic bW9jazptb2Nr", 401),
        ("POST", TOKEN, &bearer, 401),
        ("GET", "/fault", "", 429),
        ("GET", "/page", "", 502),
        ("GET", "/half", "", 500),
    ] {
        let headers = [("origin", PAGE), ("authorization", authorization)];
        let answer = http.browse(method, path, &headers).await;
        assert_eq!(answer.status(), status, "{method} {path}");
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "*", "{method} {path}");
        let exposed = list(headers, "access-control-expose-headers");
        for name in ["Date", "DPoP-Nonce", "Retry-After"] {
            assert!(exposed.contains(&name), "{method} {path} hides {name}");
        }
        assert!(headers.contains_key("date"));
    }
    let body = json!({"dpop_token": key.http(TOKEN), "expire_in": 900});
    let answer = http.send("POST", TOKEN, Some(&bearer), Some(body)).await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.headers().contains_key("dpop-nonce"));
    assert_eq!(answer.headers()["access-control-allow-origin"], "*", "without an origin, too");

    let large = "x".repeat(2 << 20);
    let answer = http.send("POST", TOKEN, Some(&bearer), Some(json!(large))).await.unwrap();
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn a_fault_of_the_request_leaves_its_preflight_alone_and_the_other_way_round() {
    let space = space("{}").await;
    let http = Http::new(&space);
    space.add_fault(Fault::on(format!("GET {INFO}")).status(503).forever());
    let answer = ask(&http, INFO, "GET", &[]).await;
    assert!(allows(&answer, PAGE, "GET", &["authorization"]), "{answer:?}");
    let answer = http.browse("GET", INFO, &[("origin", PAGE)]).await;
    assert_eq!(answer.status(), 503);

    space.add_fault(Fault::on(format!("OPTIONS {TOKEN}")).status(503));
    let answer = ask(&http, TOKEN, "POST", &[]).await;
    assert!(!allows(&answer, PAGE, "POST", &["authorization"]), "{answer:?}");
    assert!(answer.headers().get("access-control-allow-headers").is_none());
    assert!(allows(&ask(&http, TOKEN, "POST", &[]).await, PAGE, "POST", &["authorization"]));

    // What a fault sets itself stays, so a page can be shut out.
    let elsewhere = Fault::on(format!("POST {TOKEN}"))
        .status(500)
        .header("access-control-allow-origin", "https://other.example")
        .header("access-control-expose-headers", "X-Made-Up");
    space.add_fault(elsewhere);
    let answer = http.browse("POST", TOKEN, &[("origin", PAGE)]).await;
    assert!(!allows(&answer, PAGE, "POST", &[]));
    assert_eq!(list(answer.headers(), "access-control-expose-headers"), ["X-Made-Up"]);
}

#[tokio::test]
async fn a_socket_opens_for_a_page_of_any_origin() {
    let space = space("{}").await;
    let sat = Http::new(&space).mint(json!({})).await;
    for origin in [PAGE, "https://app.example", "null"] {
        let mut request = format!("wss://puc.{}/", space.domain()).into_client_request().unwrap();
        request.headers_mut().insert("origin", HeaderValue::from_static(origin));
        let (mut socket, head) =
            Socket::request(space.ca_pem(), space.address(), request).await.unwrap();
        assert_eq!(head.status(), 101, "{origin}");
        assert!(head.headers().get("access-control-allow-origin").is_none());
        let answer = socket.call("signalwire.connect", connect_params(&sat, json!({}))).await;
        assert!(answer["result"].is_object(), "{origin}: {answer}");
    }
}

/// Sends one request to the control port as it is written; returns the status and the body.
async fn raw(space: &Space, request: &str) -> (u16, String) {
    let address = space.control_url();
    let mut tcp = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
    tcp.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_ascii_lowercase().contains("access-control-"), "{head}");
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test]
async fn the_control_port_and_the_backend_refuse_other_origins_and_change_nothing() {
    let space = space("{}").await;
    let mut socket = Socket::open(&space).await;
    let own = space.control_url().strip_prefix("http://").unwrap().to_owned();
    let token = space.api_token().expose();
    let body = r#"{"do":"drop"}"#;
    let request = |method: &str, path: &str, headers: &str| {
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\n{headers}authorization: Bearer {token}\r\n\
             connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let host = format!("host: {own}\r\n");
    let refused = [
        (403, format!("{host}origin: http://localhost:5173\r\n")),
        (403, format!("{host}origin: https://evil.example\r\n")),
        (403, format!("{host}origin: null\r\n")),
        (403, format!("{host}origin: http://{own}\r\norigin: https://evil.example\r\n")),
        (403, format!("{host}sec-fetch-site: cross-site\r\n")),
        (421, "host: evil.example\r\norigin: http://evil.example\r\n".to_owned()),
        (421, format!("host: evil.example:{}\r\n", own.split(':').nth(1).unwrap())),
        (421, "host: 0.0.0.0\r\n".to_owned()),
        (400, String::new()),
    ];
    for (status, headers) in &refused {
        for (method, path) in [
            ("POST", "/sockets"),
            ("PUT", "/reset"),
            ("GET", "/log"),
            ("POST", "/backend/token"),
            ("OPTIONS", "/backend/token"),
        ] {
            let (got, answer) = raw(&space, &request(method, path, headers)).await;
            assert_eq!(got, *status, "{method} {path} {headers:?}: {answer}");
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let error = answer["error"].as_str().unwrap();
            assert!(
                error.contains("127.0.0.1") || error.contains("without an `Origin`"),
                "{error}"
            );
            assert!(!error.contains(token.as_str()));
        }
    }
    let log = space.log();
    assert_eq!(log.checks.len(), 1, "nothing but the socket: {:?}", log.checks);

    for headers in [
        host.clone(),
        format!("{host}origin: http://{own}\r\nsec-fetch-site: same-origin\r\n"),
        "host: localhost:9000\r\norigin: http://localhost:9000\r\n".to_owned(),
    ] {
        let (status, answer) = raw(&space, &request("POST", "/backend/token", &headers)).await;
        assert!(status == 422 && answer.contains("reference"), "{headers:?}: {status} {answer}");
    }
    assert_eq!(raw(&space, &request("POST", "/sockets", &host)).await.0, 200);
    assert_eq!(socket.next().await, None, "the socket was there until now");
}

#[tokio::test]
async fn the_key_hash_is_that_of_the_certificate() {
    let space = space("{}").await;
    let tls = Socket::open(&space).await.0.into_inner();
    let certificates = tls.get_ref().1.peer_certificates().unwrap();
    assert_eq!(certificates.len(), 1);
    let key = ParsedCertificate::try_from(&certificates[0]).unwrap().subject_public_key_info();
    assert_eq!(space.key_hash(), STANDARD.encode(digest(&SHA256, &key)));
}

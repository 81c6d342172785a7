//! `#[credential_provider(endpoint = "..")]` against a backend on loopback: what is asked, what is
//! read from the answer, and how each failure is classified.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::time::Duration;

use credwire::{
    AuthenticateContext, CredentialErrorKind, CredentialProvider, EpochMillis, SdkCredential,
    Secret, credential_provider,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// What a backend was asked.
#[derive(Debug)]
struct Question {
    line: String,
    headers: Vec<String>,
    body: Value,
}

impl Question {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Answers one request after the other with `answers`, each a status line with headers, and a
/// body; gives its URL and what it is asked. After the last answer it only listens.
async fn backend(answers: Vec<(&'static str, Value)>) -> (String, mpsc::Receiver<Question>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let (asked, questions) = mpsc::channel(32);
    tokio::spawn(async move {
        let mut silent = Vec::new();
        let mut answers = answers.into_iter();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let question = question(&mut stream).await;
            asked.send(question).await.unwrap();
            match answers.next() {
                Some((head, body)) => answer(stream, head, &body).await,
                None => silent.push(stream),
            }
        }
    });
    (url, questions)
}

async fn question(stream: &mut TcpStream) -> Question {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await.unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let line = lines.remove(0);
    let mut question = Question { line, headers: lines, body: Value::Null };
    if let Some(length) = question.header("content-length") {
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).await.unwrap();
        question.body = serde_json::from_slice(&body).unwrap();
    }
    question
}

async fn answer(mut stream: TcpStream, head: &str, body: &Value) {
    // A string stands for text that is no JSON.
    let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
    let length = body.len();
    let text =
        format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// A type that can be neither printed nor written as JSON.
struct Opaque;

#[credential_provider(
    endpoint,
    refresh,
    token = "/data/token",
    expiry_at = "/data/ends",
    expiry_unit = "seconds"
)]
struct Hosted<T: serde::Serialize + Send + Sync + 'static> {
    #[endpoint]
    url: String,
    #[header("authorization")]
    session: Secret<String>,
    #[header]
    x_tenant: Option<u32>,
    #[header]
    x_absent: Option<Secret<String>>,
    #[query]
    region: &'static str,
    #[json("reference")]
    user: String,
    #[json]
    password: Option<Secret<String>>,
    #[json]
    absent: Option<u8>,
    #[json]
    more: T,
    #[cfg(any())]
    #[json]
    gone: NoSuchType,
    kept: Opaque,
}

fn hosted(url: String) -> Hosted<Vec<u8>> {
    Hosted {
        url,
        session: "Bearer made-up-session".into(),
        x_tenant: Some(7),
        x_absent: None,
        region: "eu & us",
        user: "kiosk".to_owned(),
        password: Some("made-up-password".into()),
        absent: None,
        more: vec![1, 2],
        kept: Opaque,
    }
}

#[tokio::test]
async fn fields_travel_where_they_are_marked_and_the_answer_is_read_by_its_pointers() {
    let granted = json!({ "data": { "token": "made-up-token", "ends": 1_700_000_000.5 }, "x": 1 });
    let (url, mut questions) =
        backend(vec![("200 OK", granted.clone()), ("201 Created", granted)]).await;
    let provider = hosted(url);
    let context = AuthenticateContext::new().with_fingerprint("made-up-thumbprint");
    let expected = SdkCredential::from_token("made-up-token")
        .with_expiry_at(EpochMillis::new(1_700_000_000_500));

    assert_eq!(provider.authenticate(&context).await.unwrap(), expected);
    let question = questions.recv().await.unwrap();
    assert_eq!(question.line, "POST /token?region=eu+%26+us HTTP/1.1");
    assert_eq!(question.header("authorization"), Some("Bearer made-up-session"));
    assert_eq!(question.header("x-tenant"), Some("7"));
    assert_eq!(question.header("x-absent"), None);
    assert_eq!(question.header("accept"), Some("application/json"));
    assert_eq!(question.header("content-type"), Some("application/json"));
    let mut body = json!({
        "reference": "kiosk",
        "password": "made-up-password",
        "more": [1, 2],
        "fingerprint": "made-up-thumbprint",
        "scope": "sat:refresh",
    });
    assert_eq!(question.body, body);

    assert_eq!(provider.refresh().unwrap().await.unwrap(), expected);
    body.as_object_mut().unwrap().retain(|name, _| name != "fingerprint" && name != "scope");
    assert_eq!(questions.recv().await.unwrap().body, body);

    let shown = format!("{provider:?}");
    assert!(!shown.contains("made-up"), "{shown}");
    let Opaque = provider.kept;
}

#[credential_provider(
    endpoint,
    method = "GET",
    fingerprint = false,
    refresh = "http://127.0.0.1:1/refresh"
)]
struct Plain {
    #[endpoint]
    url: String,
    #[client]
    http: reqwest::Client,
}

#[tokio::test]
async fn a_get_request_has_no_body_and_the_client_may_be_ones_own() {
    let (url, mut questions) = backend(vec![("200 OK", json!({ "token": "made-up" }))]).await;
    let http = reqwest::Client::builder().user_agent("own").no_proxy().build().unwrap();
    let provider = Plain { url, http };
    let context = AuthenticateContext::new().with_fingerprint("made-up-thumbprint");
    let first = provider.authenticate(&context).await.unwrap();
    assert_eq!(first, SdkCredential::from_token("made-up"));
    let question = questions.recv().await.unwrap();
    assert_eq!(question.line, "GET /token HTTP/1.1");
    assert_eq!(question.body, Value::Null);
    assert_eq!(question.header("user-agent"), Some("own"));

    let error = provider.refresh().unwrap().await.unwrap_err();
    assert!(error.is_transient());
    assert_eq!(error.to_string(), "the endpoint at 127.0.0.1:1 is out of reach");
}

#[credential_provider(endpoint, expires_in = "/data/lasts")]
struct Lasting {
    #[endpoint]
    url: String,
}

#[tokio::test]
async fn a_lifetime_in_seconds_is_kept_as_one_and_an_answer_without_it_is_refused() {
    let granted = json!({ "token": "made-up", "expiry_at": 1, "data": { "lasts": 90 } });
    let answers = vec![("200 OK", granted), ("200 OK", json!({ "token": "made-up" }))];
    let (url, _questions) = backend(answers).await;
    let provider = Lasting { url };
    let context = AuthenticateContext::new();
    let credential = provider.authenticate(&context).await.unwrap();
    let expected = SdkCredential::from_token("made-up").with_expires_in(Duration::from_secs(90));
    assert_eq!(credential, expected);
    let error = provider.authenticate(&context).await.unwrap_err();
    assert!(error.is_transient());
    assert!(error.to_string().ends_with("has no number of seconds at `/data/lasts`"), "{error}");
}

#[credential_provider(endpoint, permanent = [410])]
struct Bare {
    #[endpoint]
    url: String,
    #[header("authorization")]
    session: Secret<String>,
}

fn bare(url: String) -> Bare {
    Bare { url, session: "made-up-session".into() }
}

#[tokio::test]
async fn failures_are_classified_and_tell_no_secret() {
    let transient = |seconds: Option<u64>| CredentialErrorKind::Transient {
        retry_after: seconds.map(Duration::from_secs),
    };
    let permanent = CredentialErrorKind::Permanent;
    let body = || json!({ "token": "made-up-token", "error": "made-up-body" });
    let page = || json!("<html>made-up-body</html>");
    let cases = [
        ("503 Busy\r\nretry-after: 7", body(), transient(Some(7))),
        ("429 Slow Down", body(), transient(None)),
        ("403 Forbidden\r\nretry-after: 7", body(), permanent),
        ("403 Forbidden\r\nretry-after: 7", page(), transient(Some(7))),
        ("400 Bad Request", json!({ "title": "made-up-body", "status": 400 }), permanent),
        ("404 Not Found", body(), transient(None)),
        ("404 Not Found", page(), transient(None)),
        ("410 Gone", page(), permanent),
        ("302 Found\r\nlocation: http://127.0.0.1:1/made-up", body(), transient(None)),
        ("407 Authenticate", page(), transient(None)),
        ("401 Unauthorized", json!({ "error": "x".repeat(300_000) }), transient(None)),
        ("200 OK", page(), transient(None)),
        ("200 OK", json!({ "tokens": "made-up-body" }), transient(None)),
        (
            "200 OK",
            json!({ "token": "made-up-token", "expiry_at": 1_700_000_000 }),
            transient(None),
        ),
        ("200 OK", json!({ "token": "x".repeat(300_000) }), transient(None)),
    ];
    let answers = cases.iter().map(|(head, body, _)| (*head, body.clone())).collect();
    let (url, _questions) = backend(answers).await;
    let provider = bare(url);
    assert!(provider.refresh().is_none());
    for (head, _, kind) in cases {
        let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{head}: {error}");
        assert!(!format!("{error} {error:?}").contains("made-up"), "{head}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_does_not_answer_is_given_up() {
    let (url, mut questions) = backend(Vec::new()).await;
    let provider = bare(url);
    let start = tokio::time::Instant::now();
    let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
    assert!(error.is_transient());
    assert!(error.to_string().ends_with("did not answer in time"), "{error}");
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!(questions.recv().await.unwrap().line, "POST /token HTTP/1.1");
}

#[tokio::test]
async fn what_must_not_be_sent_is_not_sent() {
    let (url, mut questions) = backend(Vec::new()).await;
    let unsendable = Bare { url, session: "made-up\nsession".into() };
    let in_the_clear = bare("http://app.example.com/made-up".to_owned());
    for provider in [unsendable, in_the_clear] {
        let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
        assert!(!error.is_transient());
        assert!(!error.to_string().contains("made-up"), "{error}");
    }
    assert!(questions.try_recv().is_err());
}

// A literal URL, checked when it is compiled.
#[credential_provider(endpoint = "https://app.example.com/token", refresh, timeout_seconds = 5)]
struct Literal {
    #[header("authorization")]
    session: Secret<String>,
}

#[test]
fn a_literal_url_needs_no_field() {
    let provider = Literal { session: "made-up".into() };
    assert!(provider.refresh().is_some());
    assert_eq!(format!("{provider:?}"), "Literal { session: *** }");
}

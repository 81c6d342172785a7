//! A client made by hand: HTTP, sockets and proofs.

#![allow(dead_code, reason = "each test file uses a part")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64URL},
};
use credwire_sandbox::{Config, Space, SpaceOptions};
use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest as _,
        handshake::client::{Request, Response},
    },
};
use uuid::Uuid;

pub(crate) const TOKEN: &str = "/api/fabric/subscriber/devices/token";
pub(crate) const REFRESH: &str = "/api/fabric/subscriber/devices/refresh";
pub(crate) const MINT: &str = "/api/fabric/subscribers/tokens";
pub(crate) const INFO: &str = "/api/fabric/subscriber/info";

pub(crate) async fn space(config: &str) -> Space {
    Space::start(SpaceOptions::default().config(Config::from_json(config).unwrap())).await.unwrap()
}

pub(crate) fn now() -> i64 {
    credwire_sandbox::SpaceClock::system().now().to_seconds().get()
}

/// An HTTP client that leads the space's names to the space.
pub(crate) struct Http {
    client: reqwest::Client,
    domain: String,
    basic: String,
}

impl Http {
    pub(crate) fn new(space: &Space) -> Self {
        let ca = reqwest::Certificate::from_pem(space.ca_pem().as_bytes()).unwrap();
        let mut builder = reqwest::Client::builder().tls_certs_only([ca]).no_proxy();
        for host in ["fabric", "example", "embeds"] {
            builder = builder.resolve(&format!("{host}.space.test"), space.address());
        }
        let credentials = format!("{}:{}", space.project(), space.api_token().expose());
        Self {
            client: builder.build().unwrap(),
            domain: space.domain().to_owned(),
            basic: format!("Basic {}", STANDARD.encode(credentials)),
        }
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        body: Option<Value>,
    ) -> reqwest::Result<reqwest::Response> {
        let url = format!("https://fabric.{}{path}", self.domain);
        let mut request = self.client.request(method.parse().unwrap(), url);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await
    }

    /// As a browser does for a page: with these headers, and no body.
    pub(crate) async fn browse(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> reqwest::Response {
        let url = format!("https://fabric.{}{path}", self.domain);
        let request = self.client.request(method.parse().unwrap(), url);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    }

    /// Status and body of an answer.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let answer = self.send(method, path, authorization, body).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// As the backend of the project.
    pub(crate) async fn backend(&self, path: &str, body: Value) -> (u16, Value) {
        self.call("POST", path, Some(&self.basic), Some(body)).await
    }

    pub(crate) async fn mint(&self, extra: Value) -> String {
        let mut body = json!({"reference": "alice@example.test"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let (status, answer) = self.backend(MINT, body).await;
        assert_eq!(status, 201, "{answer}");
        answer["token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn mint_bound(&self, key: &Key) -> String {
        self.mint(json!({"scope": "sat:refresh", "fingerprint": key.jkt()})).await
    }

    /// Asks for a device token; `proof` may be null.
    pub(crate) async fn grant(&self, path: &str, token: &str, proof: Value) -> (u16, Value) {
        let body = json!({"dpop_token": proof, "expire_in": 900});
        self.call("POST", path, Some(&format!("Bearer {token}")), Some(body)).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.call("GET", path, Some(&format!("Bearer {token}")), None).await
    }
}

/// A key that signs proofs.
pub(crate) struct Key {
    pair: KeyPair,
    jwk: Value,
}

impl Key {
    pub(crate) fn new() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let public = pair.public_key();
        let jwk = json!({
            "kty": "RSA",
            "n": BASE64URL.encode(public.modulus().big_endian_without_leading_zero()),
            "e": BASE64URL.encode(public.exponent().big_endian_without_leading_zero()),
        });
        Self { pair, jwk }
    }

    pub(crate) fn jkt(&self) -> String {
        let Value::String(n) = &self.jwk["n"] else { unreachable!() };
        sha256(&format!(r#"{{"e":"AQAB","kty":"RSA","n":"{n}"}}"#))
    }

    /// A proof with these members beside `jti` and `iat`; they may override them.
    pub(crate) fn sign(&self, members: Value) -> Value {
        let header = json!({"typ": "dpop+jwt", "alg": "RS256", "jwk": self.jwk});
        let mut claims = json!({"jti": Uuid::new_v4(), "iat": now()});
        claims.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let [header, claims] = [header, claims].map(|part| BASE64URL.encode(part.to_string()));
        let message = format!("{header}.{claims}");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let rng = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &rng, message.as_bytes(), &mut signature).unwrap();
        json!(format!("{message}.{}", BASE64URL.encode(signature)))
    }

    pub(crate) fn http(&self, htu: &str) -> Value {
        self.sign(json!({"htm": "POST", "htu": htu}))
    }

    pub(crate) fn http_with_token(&self, htu: &str, token: &str) -> Value {
        self.sign(json!({"htm": "POST", "htu": htu, "ath": sha256(token)}))
    }

    pub(crate) fn rpc(&self, method: &str) -> Value {
        self.sign(json!({"rpc": "request", "mth": method}))
    }
}

pub(crate) fn sha256(text: &str) -> String {
    BASE64URL.encode(digest(&SHA256, text.as_bytes()))
}

/// A WebSocket client that answers nothing by itself.
pub(crate) struct Socket(pub(crate) WebSocketStream<TlsStream<TcpStream>>);

impl Socket {
    pub(crate) async fn open(space: &Space) -> Self {
        Self::try_open(space.ca_pem(), space.domain(), space.address()).await.unwrap()
    }

    pub(crate) async fn try_open(
        ca: &str,
        domain: &str,
        address: SocketAddr,
    ) -> Result<Self, tungstenite::Error> {
        let request = format!("wss://puc.{domain}/").into_client_request()?;
        Self::request(ca, address, request).await.map(|(socket, _)| socket)
    }

    /// Opens a socket by this request; returns the answer, too.
    pub(crate) async fn request(
        ca: &str,
        address: SocketAddr,
        request: Request,
    ) -> Result<(Self, Response), tungstenite::Error> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tcp = TcpStream::connect(address).await?;
        let name = ServerName::try_from("puc.space.test").unwrap();
        let tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await?;
        let (socket, answer) = client_async(request, tls).await?;
        Ok((Self(socket), answer))
    }

    pub(crate) async fn send(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next message, as JSON; `None` at the end of the connection.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        let wait = tokio::time::timeout(Duration::from_secs(10), self.0.next());
        match wait.await.expect("a message or the end within 10 s")? {
            Ok(Message::Text(text)) => Some(serde_json::from_str(&text).unwrap()),
            Ok(Message::Close(frame)) => Some(match frame {
                Some(frame) => {
                    json!({"closed": u16::from(frame.code), "reason": frame.reason.as_str()})
                }
                None => json!({"closed": null}),
            }),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        }
    }

    /// Sends a request and returns the answer, which has to be the next message.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Value {
        let id = Uuid::new_v4().to_string();
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        let answer = self.next_but_ping().await.expect("an answer");
        assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(id)), "{answer}");
        answer
    }

    /// The next frame that is no ping of the space.
    pub(crate) async fn next_but_ping(&mut self) -> Option<Value> {
        loop {
            let frame = self.next().await?;
            if frame["method"] != "signalwire.ping" {
                return Some(frame);
            }
        }
    }

    /// Connects and returns the result and the authorization state that follows it.
    pub(crate) async fn connect(&mut self, token: &str, extra: Value) -> (Value, String) {
        let answer = self.call("signalwire.connect", connect_params(token, extra)).await;
        assert!(answer["result"].is_object(), "{answer}");
        let event = self.next().await.unwrap();
        assert_eq!(event["params"]["event_type"], "signalwire.authorization.state");
        let state = event["params"]["params"]["authorization_state"].as_str().unwrap();
        (answer["result"].clone(), state.to_owned())
    }
}

pub(crate) fn connect_params(token: &str, extra: Value) -> Value {
    let mut params = json!({"authentication": {"jwt_token": token}});
    params.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    params
}

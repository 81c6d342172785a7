//! The way to the space: proxies, and messages that are too large.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use credwire::{
    Client, ClientBuilder, ErrorKind, Secret, Status,
    client::{HistoryEvent, Proxy},
};
use credwire_sandbox::{ServerFrame, SocketAction, Space};
use credwire_tests::live::*;
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// `user:made-up` in the form of HTTP Basic.
const AUTHORIZATION: &str = "Proxy-Authorization: Basic dXNlcjptYWRlLXVw";

/// A proxy for one user that finds every name on this machine, and the tunnels it opened.
async fn proxy() -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tunnels = Arc::new(AtomicU32::new(0));
    let opened = Arc::clone(&tunnels);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(tunnel(client, Arc::clone(&opened)));
        }
    });
    (address, tunnels)
}

async fn tunnel(mut client: TcpStream, opened: Arc<AtomicU32>) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(client.read_u8().await?);
    }
    let request = String::from_utf8(request).unwrap();
    let target = request.strip_prefix("CONNECT ").unwrap().split(' ').next().unwrap();
    if !request.to_ascii_lowercase().contains(&AUTHORIZATION.to_ascii_lowercase()) {
        return client.write_all(b"HTTP/1.1 407 Authenticate\r\nContent-Length: 0\r\n\r\n").await;
    }
    let port: u16 = target.rsplit(':').next().unwrap().parse().unwrap();
    let mut space = TcpStream::connect(("127.0.0.1", port)).await?;
    client.write_all(b"HTTP/1.1 200 Established\r\n\r\n").await?;
    opened.fetch_add(1, Ordering::Relaxed);
    copy_bidirectional(&mut client, &mut space).await.map(drop)
}

/// A client that can reach the space through a proxy only.
fn behind(space: &Arc<Space>, url: &str) -> ClientBuilder {
    Client::builder(Backend::new(space))
        .add_allowed_domain(space.domain())
        .add_root_certificates(space.ca_pem())
        .proxy(Proxy::Through(Secret::from(url)))
}

#[tokio::test]
async fn rest_and_the_socket_go_through_the_proxy() {
    let space = space("{}").await;
    let (address, tunnels) = proxy().await;
    let client = behind(&space, &format!("http://user:made-up@{address}")).connect().await.unwrap();
    reaches(&client, Status::Online).await;
    assert!(tunnels.load(Ordering::Relaxed) >= 2, "one for REST, one for the socket");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    let space = space("{}").await;
    let (address, tunnels) = proxy().await;
    let builder = behind(&space, &format!("http://user:wrong-made-up@{address}"));
    let error = builder.connect_deadline(Duration::from_secs(2)).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(!chain(&error).contains("made-up"), "{}", chain(&error));
    assert_eq!(tunnels.load(Ordering::Relaxed), 0);
    assert_eq!(space.log().checks.len(), 0);

    let builder = behind(&space, "socks4://made-up.test");
    assert_eq!(builder.connect().await.unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_message_beyond_the_limit_costs_the_socket_alone() {
    let space = space("{}").await;
    let builder = reach(Client::builder(Backend::new(&space)), &space).max_message(32 * 1024);
    let client = builder.connect().await.unwrap();
    let mut history = client.history();
    let mut events = client.events_raw();
    let send = |bytes: usize| {
        let frame = json!({ "jsonrpc": "2.0", "method": "signalwire.event", "params": {
            "event_type": "made.up", "params": { "text": "x".repeat(bytes) } } });
        let frame = ServerFrame::new(&frame.to_string()).unwrap();
        space.sockets(SocketAction::Send(frame)).unwrap();
    };
    send(31 * 1024);
    assert_eq!(events.next().await.unwrap().event_type, "made.up");
    send(33 * 1024);
    let seen = until(&mut history, 1, |event| matches!(event, HistoryEvent::Resumed)).await;
    let too_large = |event: &HistoryEvent| matches!(event, HistoryEvent::Dropped { reason } if reason.contains("too large"));
    assert!(seen.iter().any(too_large), "{seen:?}");
}

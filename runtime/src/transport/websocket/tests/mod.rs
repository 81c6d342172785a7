use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio_tungstenite::accept_async;

use super::*;
use crate::{EpochMillis, clock::SimulatedClock};

const BOUNDS: SocketBounds = SocketBounds { message: 1024, queue: 1024 * 1024 };

/// A socket of ours, and the space's end of it.
async fn pair() -> (WebSocket<DuplexStream>, WebSocketStream<DuplexStream>) {
    let (ours, theirs) = duplex(64 * 1024);
    let theirs = WebSocketStream::from_raw_socket(theirs, Role::Server, None).await;
    (WebSocket::new(Line::Resting(Tracked::upgraded(ours)), BOUNDS), theirs)
}

async fn next(socket: &mut WebSocket<DuplexStream>) -> Incoming {
    poll_fn(|cx| socket.poll(cx)).await
}

async fn end(socket: &mut WebSocket<DuplexStream>) -> Closed {
    loop {
        if let Incoming::Closed(closed) = next(socket).await {
            return closed;
        }
    }
}

async fn read(stream: &mut WebSocketStream<DuplexStream>) -> Option<Message> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await?.ok()
}

fn frame(code: u16) -> Option<CloseFrame> {
    Some(CloseFrame { code: code.into(), reason: "made up".into() })
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_message_is_distinguished() {
    let (mut ours, mut theirs) = pair().await;
    theirs.send(Message::text("text")).await.unwrap();
    theirs.send(Message::binary(vec![0; 5])).await.unwrap();
    theirs.send(Message::Ping(Vec::new().into())).await.unwrap();
    assert!(matches!(next(&mut ours).await, Incoming::Text(text) if text == "text"));
    assert!(matches!(next(&mut ours).await, Incoming::Binary(5)));
    assert!(matches!(next(&mut ours).await, Incoming::Control));
}

#[tokio::test(start_paused = true)]
async fn a_close_frame_is_answered_before_the_end_is_reported() {
    for code in [1000, 1008, 1012, 4001] {
        let (mut ours, mut theirs) = pair().await;
        theirs.send(Message::Close(frame(code))).await.unwrap();
        let closed = end(&mut ours).await;
        drop(ours);
        let reason = format!("closed by the space with code {code}: made up");
        assert_eq!(closed, Closed { code: Some(code), reason });
        let Some(Message::Close(Some(answer))) = read(&mut theirs).await else { panic!("{code}") };
        assert_eq!(u16::from(answer.code), code);
    }
}

#[tokio::test(start_paused = true)]
async fn what_came_before_a_close_frame_is_still_delivered() {
    let (mut ours, mut theirs) = pair().await;
    theirs.send(Message::text("last words")).await.unwrap();
    theirs.send(Message::Close(frame(1008))).await.unwrap();
    drop(theirs);
    ours.send(&Secret::from("too late"));
    assert!(matches!(next(&mut ours).await, Incoming::Text(text) if text == "last words"));
    assert_eq!(end(&mut ours).await.code, Some(1008));
}

#[tokio::test(start_paused = true)]
async fn a_space_that_takes_no_answer_gets_a_second() {
    let (mut ours, mut theirs) = pair().await;
    // The pipe to the space is full.
    ours.send(&Secret::new("x".repeat(200_000)));
    theirs.send(Message::Close(frame(1012))).await.unwrap();
    let start = SimulatedClock::new(EpochMillis::new(0));
    assert_eq!(end(&mut ours).await.code, Some(1012));
    assert_eq!(start.now().boot, CLOSE_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn what_breaks_the_limits_is_answered_with_its_code() {
    let too_large = Message::text("x".repeat(1025));
    let mut not_text = vec![0x81, 2];
    not_text.extend([0xc3, 0x28]);
    let reserved = vec![0xf1, 0];
    let masked = vec![0x81, 0x80, 1, 2, 3, 4];
    for (message, bytes, code) in [
        (Some(too_large), Vec::new(), 1009),
        (None, not_text, 1007),
        (None, reserved, 1002),
        (None, masked, 1002),
    ] {
        let (mut ours, mut theirs) = pair().await;
        if let Some(message) = message {
            theirs.send(message).await.unwrap();
        } else {
            theirs.get_mut().write_all(&bytes).await.unwrap();
        }
        let space = async {
            let Some(Message::Close(Some(frame))) = read(&mut theirs).await else {
                panic!("no Close frame for {code}");
            };
            drop(theirs);
            u16::from(frame.code)
        };
        let (closed, answer) = tokio::join!(end(&mut ours), space);
        assert_eq!(answer, code);
        assert_eq!(closed.code, None, "the space sent none");
    }
}

#[tokio::test(start_paused = true)]
async fn a_space_that_goes_on_sending_too_much_gets_a_second() {
    let (mut ours, theirs) = pair().await;
    let (mut read_half, mut write_half) = tokio::io::split(theirs.into_inner());
    let start = SimulatedClock::new(EpochMillis::new(0));
    let flood = async {
        // A frame of a terabyte.
        write_half.write_all(&[0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]).await.unwrap();
        while write_half.write_all(&[0; 1024]).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let closed = async {
        let closed = end(&mut ours).await;
        drop(ours);
        closed
    };
    let (closed, ()) = tokio::join!(closed, flood);
    assert!(closed.reason.contains("too large"), "{closed:?}");
    assert_eq!(start.now().boot, CLOSE_TIMEOUT);
    let mut answer = Vec::new();
    read_half.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer.len(), 8, "a Close frame with a code and a mask");
}

#[tokio::test(start_paused = true)]
async fn answers_that_the_space_does_not_read_stay_bounded() {
    let (mut ours, mut theirs) = pair().await;
    let answer = Secret::new("x".repeat(900_000));
    let mut answered = 0;
    let mut most = 0;
    // A space that asks without end and reads nothing.
    let asking = async {
        loop {
            theirs.send(Message::text("ping")).await.unwrap();
        }
    };
    let answering = async {
        loop {
            let Incoming::Text(_) = next(&mut ours).await else { panic!("it goes on") };
            ours.send(&answer);
            answered += 1;
            most = most.max(ours.queued);
        }
    };
    let both = async { tokio::join!(asking, answering) };
    let _: Result<((), ()), _> = timeout(Duration::from_secs(60), both).await;
    assert!(ours.is_backlogged());
    assert_eq!(answered, 2, "the second one reaches the bound");
    assert!(most < BOUNDS.queue + 900_000, "{most}");
}

#[tokio::test(start_paused = true)]
async fn a_backlog_that_is_written_ends_the_pause() {
    let (mut ours, mut theirs) = pair().await;
    for _ in 0..2 {
        ours.send(&Secret::new("x".repeat(900_000)));
    }
    ours.ping();
    assert!(ours.is_backlogged());
    theirs.send(Message::text("read me")).await.unwrap();
    let (incoming, _) = tokio::join!(next(&mut ours), read(&mut theirs));
    assert!(matches!(incoming, Incoming::Text(_)));
    assert!(!ours.is_backlogged());
    let reading = async {
        for _ in 0..2 {
            read(&mut theirs).await.unwrap();
        }
    };
    let _ = tokio::join!(timeout(CLOSE_TIMEOUT, next(&mut ours)), reading);
    assert_eq!(ours.queued, 0);
}

/// Upgrades at a server that answers with `response`.
async fn upgrade(response: &'static str) -> OpenError {
    let (ours, mut theirs) = duplex(4096);
    let serve = async move {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(theirs.read_u8().await.unwrap());
        }
        theirs.write_all(response.as_bytes()).await.unwrap();
    };
    let (opened, ()) = tokio::join!(WebSocket::upgrade(ours, "wss://h.test/", BOUNDS), serve);
    opened.err().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_is_answered_otherwise_hands_up_status_and_wait() {
    for (response, status, wait) in [
        ("429 Slow Down\r\nRetry-After: 120", "429", Some(120)),
        ("503 Busy\r\nRetry-After: 99999999999999999999999", "503", Some(900)),
        (
            "503 Busy\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n\
             Retry-After: Tue, 14 Nov 2023 22:14:00 GMT",
            "503",
            Some(40),
        ),
        ("403 Forbidden\r\nRetry-After: 7", "403", Some(7)),
        ("302 Found\r\nLocation: https://login.test/", "302", None),
        ("200 OK", "200", None),
    ] {
        let response = format!("HTTP/1.1 {response}\r\nContent-Length: 0\r\n\r\n");
        let error = upgrade(response.leak()).await;
        assert!(error.to_string().contains(status), "{error}");
        assert_eq!(error.retry_after(), wait.map(Duration::from_secs), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn closing_is_answered_or_given_up_after_a_second() {
    let (ours, theirs) = duplex(4096);
    let accept = accept_async(theirs);
    let upgrade = WebSocket::upgrade(ours, "wss://h.test/", BOUNDS);
    let (theirs, ours) = tokio::join!(accept, upgrade);
    let (mut theirs, mut ours) = (theirs.unwrap(), ours.unwrap());
    ours.send(&Secret::from("goodbye"));
    let start = SimulatedClock::new(EpochMillis::new(0));
    let space = async {
        assert_eq!(read(&mut theirs).await, Some(Message::text("goodbye")));
        assert_eq!(read(&mut theirs).await, Some(Message::Close(None)));
        while read(&mut theirs).await.is_some() {}
        drop(theirs);
    };
    tokio::join!(Box::new(ours).close(), space);
    assert_eq!(start.now().boot, Duration::ZERO);

    let (ours, _theirs) = pair().await;
    Box::new(ours).close().await;
    assert_eq!(start.now().boot, CLOSE_TIMEOUT);
}

/// Whether a socket with nothing to do has no buffers.
fn rests(socket: &mut WebSocket<DuplexStream>) -> bool {
    assert!(poll_fn(|cx| Poll::Ready(socket.poll(cx).is_pending())).now_or_never().unwrap());
    matches!(socket.line, Line::Resting(_))
}

#[tokio::test(start_paused = true)]
async fn a_socket_rests_between_messages_and_loses_nothing_of_them() {
    let (mut ours, mut theirs) = pair().await;
    // Alone, at once, in fragments with a ping between them, and larger than the buffer.
    let mut bytes =
        b"\x81\x03one\x81\x03two\x01\x02th\x89\x01!\x80\x03ree\x81\x7e\x03\xe8".to_vec();
    bytes.extend([b'x'; 1000]);
    let long = "x".repeat(1000);
    let expected = ["one", "two", "", "three", &long];
    for size in [1, 2, 3, 5, 11, 500, bytes.len()] {
        let mut received = Vec::new();
        for piece in bytes.chunks(size) {
            theirs.get_mut().write_all(piece).await.unwrap();
            while let Some(incoming) = next(&mut ours).now_or_never() {
                match incoming {
                    Incoming::Text(text) => received.push(text.to_string()),
                    Incoming::Control => received.push(String::new()),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(received, expected, "in pieces of {size}");
        assert!(rests(&mut ours), "{size}");
        assert_eq!(read(&mut theirs).await, Some(Message::Pong("!".into())), "{size}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_with_half_a_message_does_not_rest() {
    for half in [&b"\x81"[..], b"\x81\x03", b"\x81\x03on", b"\x01\x03one"] {
        let (mut ours, mut theirs) = pair().await;
        assert!(rests(&mut ours));
        theirs.get_mut().write_all(half).await.unwrap();
        assert!(!rests(&mut ours), "{half:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_with_something_to_write_does_not_rest() {
    let (mut ours, mut theirs) = pair().await;
    assert!(rests(&mut ours));
    let text = "x".repeat(100_000);
    ours.send(&Secret::new(text.clone()));
    assert!(!rests(&mut ours), "the pipe is full");
    let (written, _) = tokio::join!(read(&mut theirs), timeout(CLOSE_TIMEOUT, next(&mut ours)));
    assert_eq!(written, Some(Message::text(text)));
    assert!(rests(&mut ours));
    ours.ping();
    assert!(rests(&mut ours), "it was written at once");
    assert_eq!(read(&mut theirs).await, Some(Message::Ping(Vec::new().into())));
}

#[tokio::test(start_paused = true)]
async fn a_resting_socket_is_woken_by_what_comes_and_by_its_end() {
    let (mut ours, mut theirs) = pair().await;
    assert!(rests(&mut ours));
    let later = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        theirs.send(Message::text("late")).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(theirs);
    };
    let woken = async {
        assert!(matches!(next(&mut ours).await, Incoming::Text(text) if text == "late"));
        end(&mut ours).await
    };
    let (closed, ()) = tokio::join!(woken, later);
    let reason = "lost: Connection reset without closing handshake".to_owned();
    assert_eq!(closed, Closed { code: None, reason });
}

#[tokio::test(start_paused = true)]
async fn a_socket_rests_after_its_upgrade() {
    let (ours, theirs) = duplex(4096);
    let greet = async {
        let mut theirs = accept_async(theirs).await.unwrap();
        theirs.send(Message::text("welcome")).await.unwrap();
        theirs
    };
    let (_theirs, ours) = tokio::join!(greet, WebSocket::upgrade(ours, "wss://h.test/", BOUNDS));
    let mut ours = ours.unwrap();
    assert!(matches!(next(&mut ours).await, Incoming::Text(text) if text == "welcome"));
    assert!(rests(&mut ours));
}

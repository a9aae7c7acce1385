use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::{Either, join, select};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::{Clock, CommandError, Message, Outcome, Sender, StatusCode, endpoint};
use crate::clerk::signature::SigningSecrets;

const SECRET: &str = "whsec_dGVzdA==";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// Listens on a free port and returns a sender to a path there.
async fn listen(path: &str) -> (TcpListener, Sender) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}{path}", listener.local_addr().unwrap());
    (listener, Sender::new(&[url], SECRET).unwrap())
}

fn message() -> Message {
    Message { id: "msg_1".into(), body: "{}".into() }
}

/// Reads one request to its end; `None` if the client closes the connection instead.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n{}") {
        if stream.read_buf(&mut request).await.unwrap() == 0 {
            return None;
        }
    }
    Some(String::from_utf8(request).unwrap())
}

/// Accepts a connection, answers one request and returns both.
async fn respond(listener: &TcpListener, response: &[u8]) -> (TcpStream, String) {
    loop {
        let mut stream = listener.accept().await.unwrap().0;
        // The client may have opened a connection that it did not need.
        let Some(request) = read_request(&mut stream).await else { continue };
        stream.write_all(response).await.unwrap();
        return (stream, request);
    }
}

/// Runs a server and a client; a test that hangs fails.
async fn both<S, C>(server: impl Future<Output = S>, client: impl Future<Output = C>) -> (S, C) {
    timeout(Duration::from_mins(1), join(server, client)).await.expect("both finish")
}

fn status(outcome: &Outcome) -> Option<StatusCode> {
    match outcome {
        Outcome::Response(status, _) => Some(*status),
        _ => None,
    }
}

#[tokio::test]
async fn request_carries_a_valid_signature() {
    let (listener, sender) = listen("/hooks/clerk?from=replay").await;
    let ((_, request), outcome) = both(respond(&listener, OK), sender.send_one(message())).await;
    assert_eq!(status(&outcome), Some(StatusCode::OK));
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    assert_eq!(line, "POST /hooks/clerk?from=replay HTTP/1.1");
    let headers: HashMap<_, _> =
        headers.lines().map(|header| header.split_once(": ").unwrap()).collect();
    assert_eq!(headers["host"], listener.local_addr().unwrap().to_string());
    let secrets = SigningSecrets::new([("test", SECRET)]).unwrap();
    let values = |name| headers.get(name).map(|value| value.as_bytes()).into_iter();
    let signed = secrets.read_headers(values, Clock::system().now()).unwrap();
    let verified = secrets.verify(&signed, body.as_bytes()).unwrap();
    assert_eq!((verified.id, verified.body), ("msg_1", "{}"));
}

#[tokio::test]
async fn connection_is_reused() {
    let (listener, sender) = listen("/").await;
    let connections = Arc::new(Mutex::new(0));
    let accepted = Arc::clone(&connections);
    let server = async {
        let mut streams = JoinSet::new();
        loop {
            let mut stream = listener.accept().await.unwrap().0;
            *accepted.lock().unwrap() += 1;
            streams.spawn(async move {
                while read_request(&mut stream).await.is_some() {
                    stream.write_all(OK).await.unwrap();
                }
            });
        }
    };
    let client = async {
        for _ in 0..10 {
            let outcome = sender.send_one(message()).await;
            assert_eq!(status(&outcome), Some(StatusCode::OK));
        }
    };
    let (server, client) = (pin!(server), pin!(client));
    let finished = timeout(Duration::from_mins(1), select(server, client)).await;
    assert!(matches!(finished, Ok(Either::Right(_))), "every request is answered");
    // The client may open a second connection while it returns the first to the pool.
    assert!(*connections.lock().unwrap() <= 2);
}

#[tokio::test]
async fn server_may_close_after_each_response() {
    let responses: [&[u8]; 4] = [
        OK,
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\n\r\nok",
    ];
    for response in responses {
        let (listener, sender) = listen("/").await;
        for _ in 0..2 {
            let server = async { drop(respond(&listener, response).await) };
            let ((), outcome) = both(server, sender.send_one(message())).await;
            assert_eq!(status(&outcome), Some(StatusCode::OK), "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn closed_idle_connection_is_replaced() {
    let (listener, sender) = listen("/").await;
    let ((stream, _), outcome) = both(respond(&listener, OK), sender.send_one(message())).await;
    assert_eq!(status(&outcome), Some(StatusCode::OK));
    drop(stream);
    // Loopback delivers in order: when this connection is accepted, the end of the first one
    // has arrived too.
    let address = listener.local_addr().unwrap();
    let (_, accepted) = both(TcpStream::connect(address), listener.accept()).await;
    drop(accepted);
    let (_, outcome) = both(respond(&listener, OK), sender.send_one(message())).await;
    assert_eq!(status(&outcome), Some(StatusCode::OK), "{outcome:?}");
}

#[tokio::test]
async fn lost_connection_is_replaced_once() {
    for (response, expected) in [(OK, Some(StatusCode::OK)), (&b""[..], None)] {
        let (listener, sender) = listen("/").await;
        let ((mut stream, _), first) =
            both(respond(&listener, OK), sender.send_one(message())).await;
        assert_eq!(status(&first), Some(StatusCode::OK));
        let server = async {
            // The client has no reason to open a connection before this one is lost.
            read_request(&mut stream).await.unwrap();
            drop(stream);
            drop(respond(&listener, response).await);
        };
        let ((), second) = both(server, sender.send_one(message())).await;
        assert_eq!(status(&second), expected, "{second:?}");
    }
}

#[tokio::test]
async fn incomplete_response_is_not_reached() {
    let (listener, sender) = listen("/").await;
    for (sent, requests) in
        [("", 2), ("HTTP/1.1 200 OK\r\n", 2), ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", 1)]
    {
        let server = async {
            for _ in 0..requests {
                drop(respond(&listener, sent.as_bytes()).await);
            }
        };
        let ((), outcome) = both(server, sender.send_one(message())).await;
        assert!(matches!(outcome, Outcome::NotReached(_)), "{sent}: {outcome:?}");
    }
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let outcome = sender.send_one(message()).await;
    let Outcome::NotReached(reason) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains(&address) && reason.contains("refused"), "{reason}");
}

#[tokio::test]
async fn canceled_request_leaves_no_response_behind() {
    let (listener, sender) = listen("/").await;
    let late = {
        let server = async {
            let mut stream = listener.accept().await.unwrap().0;
            read_request(&mut stream).await.unwrap();
            stream
        };
        match select(pin!(server), pin!(sender.send_one(message()))).await {
            Either::Left((late, _)) => late,
            Either::Right(_) => panic!("the server has not responded"),
        }
    };
    let (_, outcome) = both(respond(&listener, OK), sender.send_one(message())).await;
    assert_eq!(status(&outcome), Some(StatusCode::OK));
    drop(late);
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let (listener, sender) = listen("/").await;
    let redirect = b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /\r\ncontent-length: 0\r\n\r\n";
    let (_, outcome) = both(respond(&listener, redirect), sender.send_one(message())).await;
    assert_eq!(status(&outcome), Some(StatusCode::TEMPORARY_REDIRECT));
}

#[tokio::test]
async fn invalid_message_id_is_reported() {
    let (_listener, sender) = listen("/").await;
    let message = Message { id: "msg\n1".into(), ..message() };
    let outcome = sender.send_one(message).await;
    let Outcome::NotSent(reason) = outcome else { panic!("{outcome:?}") };
    assert!(reason.starts_with("message ID \"msg\\n1\": "), "{reason}");
}

#[test]
fn endpoint_is_an_http_or_https_url() {
    for (target, expected) in [
        ("http://localhost:8080", "http://localhost:8080/webhooks/clerk"),
        ("https://example.com/", "https://example.com/webhooks/clerk"),
        ("http://example.com/?a=b", "http://example.com/?a=b"),
        ("http://ada:secret@[::1]:81/api/webhooks", "http://[::1]:81/api/webhooks"),
    ] {
        assert_eq!(endpoint(target).unwrap().as_str(), expected);
    }
    for url in ["localhost:8080", "127.0.0.1:8080", "/webhooks", "ftp://a.com", "", "example.com"] {
        assert!(endpoint(url).is_none(), "{url}");
    }
}

#[tokio::test]
async fn failure_shows_no_secret_of_url() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("http://ada:c4n4ry@{free}/hook?key=c4n4ry#c4n4ry");
    let outcome = Sender::new(&[url], SECRET).unwrap().send_one(message()).await;
    let Outcome::NotReached(reason) = outcome else { panic!("{outcome:?}") };
    assert!(reason.starts_with(&format!("http://{free}/hook?key=[redacted]")), "{reason}");
    assert!(!reason.contains("c4n4ry"), "{reason}");
}

#[test]
fn malformed_secret_is_rejected() {
    let targets = ["http://localhost".to_owned()];
    for secret in ["", "whsec_", "whsec_!", "YQ==", "whsec_YQ"] {
        let rejected = Sender::new(&targets, secret);
        assert!(matches!(rejected, Err(CommandError::InvalidSigningSecret)), "{secret}");
    }
}

//! Receiver of pushed messages, whose answers a test chooses. It speaks HTTP on plain sockets, so
//! that it can also cut a connection.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::timeout,
};
use tokio_util::task::AbortOnDropHandle;

use super::TEST_TIMEOUT;

/// Message that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// Headers by their names in lower case.
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub body: Value,
    /// Whether it was answered with 2xx.
    pub accepted: bool,
}

impl Received {
    /// Returns the ID of the message.
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// Returns the type and the ID of the object.
    pub fn about(&self) -> (&str, &str) {
        (self.body["type"].as_str().unwrap(), self.body["data"]["id"].as_str().unwrap())
    }

    /// Returns the cursor of the change.
    pub fn cursor(&self) -> i64 {
        self.body["change"]["cursor"].as_str().unwrap().parse().unwrap()
    }
}

/// Answer to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Status code.
    Status(u16),
    /// Status code with a header.
    Header(u16, &'static str, &'static str),
    /// No answer while the connection is open.
    Hang,
    /// End of the connection without an answer.
    Cut,
    /// Status 200 after a while.
    Slow(Duration),
}

impl Answer {
    fn is_accepted(self) -> bool {
        matches!(self, Self::Status(200..=299) | Self::Header(200..=299, ..) | Self::Slow(_))
    }
}

type Choose = dyn FnMut(&Received) -> Answer + Send;

/// Receiver of one test.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
    _task: AbortOnDropHandle<()>,
}

struct Shared {
    received: Mutex<Vec<Received>>,
    arrived: Notify,
    choose: Mutex<Box<Choose>>,
}

impl Receiver {
    /// Starts a receiver that accepts every message.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            arrived: Notify::new(),
            choose: Mutex::new(Box::new(|_: &Received| Answer::Status(200))),
        });
        let accept = accept(listener, Arc::clone(&shared));
        #[expect(clippy::disallowed_methods, reason = "the task ends on drop")]
        let task = AbortOnDropHandle::new(tokio::spawn(accept));
        Self { url, shared, _task: task }
    }

    /// Chooses the answers from now on.
    pub fn answer(&self, choose: impl FnMut(&Received) -> Answer + Send + 'static) {
        *self.shared.choose.lock().unwrap() = Box::new(choose);
    }

    /// Returns all messages that arrived.
    pub fn all(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    /// Returns the messages that were accepted.
    pub fn accepted(&self) -> Vec<Received> {
        self.all().into_iter().filter(|it| it.accepted).collect()
    }

    /// Returns the number of messages that arrived.
    pub fn count(&self) -> usize {
        self.shared.received.lock().unwrap().len()
    }

    /// Waits until the messages fulfill a condition, and returns them.
    pub async fn wait_until(&self, is_enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        self.wait_within(TEST_TIMEOUT, is_enough).await
    }

    /// Waits until the messages fulfill a condition, and returns them. Panics after a time.
    pub async fn wait_within(
        &self,
        limit: Duration,
        is_enough: impl Fn(&[Received]) -> bool,
    ) -> Vec<Received> {
        let wait = async {
            loop {
                let arrived = self.shared.arrived.notified();
                if is_enough(&self.shared.received.lock().unwrap()) {
                    return;
                }
                arrived.await;
            }
        };
        let waited = timeout(limit, wait).await;
        let all = self.all();
        assert!(waited.is_ok(), "{} messages arrived: {:#?}", all.len(), all.last());
        all
    }

    /// Waits until so many messages have arrived.
    pub async fn wait_for_count(&self, count: usize) {
        self.wait_until(|all| all.len() >= count).await;
    }

    /// Waits until so many messages have arrived, and returns them.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        self.wait_until(|all| all.len() >= count).await
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        connections.spawn(async move { drop(serve(stream, &shared).await) });
    }
}

/// Serves the requests of a connection.
async fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(mut message) = read(&mut stream).await? {
        let answer = (shared.choose.lock().unwrap())(&message);
        message.accepted = answer.is_accepted();
        let record = |message| {
            shared.received.lock().unwrap().push(message);
            shared.arrived.notify_waiters();
        };
        if let Answer::Slow(delay) = answer {
            tokio::time::sleep(delay).await;
        }
        record(message);
        let (status, header) = match answer {
            Answer::Status(status) => (status, String::new()),
            Answer::Header(status, name, value) => (status, format!("{name}: {value}\r\n")),
            Answer::Slow(_) => (200, String::new()),
            Answer::Cut => return Ok(()),
            Answer::Hang => std::future::pending().await,
        };
        let response = format!("HTTP/1.1 {status} X\r\n{header}content-length: 0\r\n\r\n");
        stream.get_mut().write_all(response.as_bytes()).await?;
    }
    Ok(())
}

/// Reads a request. Returns none at the end of the connection.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Received>> {
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length: usize = headers.get("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let text = String::from_utf8(body).unwrap();
    let body = serde_json::from_str(&text).unwrap();
    Ok(Some(Received { headers, text, body, accepted: false }))
}

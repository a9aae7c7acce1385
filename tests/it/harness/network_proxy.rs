//! Proxy between a service and the PostgreSQL server, which can stop forwarding without closing
//! connections. It simulates failures of the network, which no server can produce.

mod requests;

use std::{
    future::pending,
    path::Path,
    sync::{Arc, Mutex},
};

use reqwest::Url;
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinSet,
};

use self::requests::{Request, Requests};

/// Proxy that can block all connections. A connection that was open while the proxy was blocked
/// stays blocked.
pub struct NetworkProxy {
    /// URL of the database through the proxy.
    pub url: String,
    state: ProxyState,
    _tasks: JoinSet<()>,
}

/// State that the proxy shares with its connections.
#[derive(Clone)]
struct ProxyState {
    /// Number of calls of `block` and `unblock`. The proxy forwards if it is even.
    generation: watch::Sender<usize>,
    /// Interruption of the first transaction that reaches it.
    pending: Arc<Mutex<Option<Interruption>>>,
    /// Interruptions so far.
    interruptions: watch::Sender<Vec<InterruptedAt>>,
    /// Number of connections that one end has closed.
    closed: watch::Sender<usize>,
}

/// Interruption of one transaction and its connection.
#[derive(Clone, Copy, Debug)]
pub struct Interruption {
    /// Number of the request in the transaction, where `BEGIN` is 1. A shorter transaction is
    /// interrupted at its end.
    pub at: usize,
    pub moment: Moment,
    pub how: CloseMode,
}

/// Part of the interrupted request that reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing arrives.
    Before,
    /// Half of the request arrives.
    Half,
    /// The request arrives, and its response does not.
    Answered,
}

/// Way in which the client loses its connection, or at least must wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseMode {
    /// The connection is reset.
    Reset,
    /// The connection stays open and silent.
    Silence,
    /// The connection is silent until another one has ended, and works afterwards.
    Stall,
}

/// Request at which a transaction was interrupted.
#[derive(Clone, Copy, Debug)]
pub struct InterruptedAt {
    /// Number of the request in the transaction.
    pub at: usize,
    /// The request is the `COMMIT`.
    pub commit: bool,
}

impl NetworkProxy {
    /// Starts a proxy to the server of a database.
    pub async fn start(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut proxy_url: Url = url.parse().unwrap();
        proxy_url.set_host(Some("127.0.0.1")).unwrap();
        proxy_url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let state = ProxyState {
            generation: watch::Sender::new(0),
            pending: Arc::default(),
            interruptions: watch::Sender::default(),
            closed: watch::Sender::default(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, url.parse().unwrap(), state.clone()));
        Self { url: proxy_url.into(), state, _tasks: tasks }
    }

    /// Stops forwarding. Neither end is notified.
    pub fn block(&self) {
        self.state.generation.send_modify(|generation| *generation += 1);
        assert_eq!(*self.state.generation.borrow() % 2, 1, "the proxy was forwarding");
    }

    /// Forwards new connections again.
    pub fn unblock(&self) {
        self.state.generation.send_modify(|generation| *generation += 1);
        assert_eq!(*self.state.generation.borrow() % 2, 0, "the proxy was blocked");
    }

    /// Interrupts the next transaction, and waits until that has happened.
    pub async fn interrupt_transaction(&self, interruption: Interruption) -> InterruptedAt {
        let mut interruptions = self.state.interruptions.subscribe();
        let before = interruptions.borrow_and_update().len();
        *self.state.pending.lock().unwrap() = Some(interruption);
        interruptions.wait_for(|all| all.len() > before).await.unwrap()[before]
    }
}

async fn accept(listener: TcpListener, server: PgConnectOptions, state: ProxyState) {
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        connections.spawn(connect(client, server.clone(), state.clone()));
    }
}

async fn connect(client: TcpStream, server: PgConnectOptions, state: ProxyState) {
    let (host, port) = (server.get_host(), server.get_port());
    let folder = server.get_socket().map_or(Path::new(host), |folder| folder.as_path());
    if folder.is_absolute() {
        let socket = folder.join(format!(".s.PGSQL.{port}"));
        forward(client, UnixStream::connect(socket).await.unwrap(), state).await;
    } else {
        forward(client, TcpStream::connect((host, port)).await.unwrap(), state).await;
    }
}

async fn forward(
    mut client: TcpStream,
    mut server: impl AsyncRead + AsyncWrite + Unpin,
    state: ProxyState,
) {
    let mut generation = state.generation.subscribe();
    let opened_in = *generation.borrow_and_update();
    if opened_in.is_multiple_of(2) {
        let how = tokio::select! {
            how = forward_requests(&mut client, &mut server, &state) => how,
            _ = generation.wait_for(|current| *current != opened_in) => Some(CloseMode::Silence),
        };
        match how {
            // One end closed the connection.
            None => return state.closed.send_modify(|closed| *closed += 1),
            Some(CloseMode::Reset) => return client.set_zero_linger().unwrap(),
            Some(CloseMode::Silence | CloseMode::Stall) => {}
        }
    }
    pending::<()>().await;
}

/// Forwards requests and responses until one end closes the connection (`None`) or the connection
/// is interrupted.
async fn forward_requests(
    client: &mut TcpStream,
    server: &mut (impl AsyncRead + AsyncWrite + Unpin),
    state: &ProxyState,
) -> Option<CloseMode> {
    let (mut requests, mut response) = (Requests::default(), vec![0; 65_536]);
    loop {
        tokio::select! {
            read = requests.read(client) => if read.ok()? == 0 {
                return None;
            },
            read = server.read(&mut response) => {
                let count = read.ok().filter(|count| *count > 0)?;
                client.write_all(&response[..count]).await.ok()?;
            }
        }
        while let Some(request) = requests.next() {
            let Some(interruption) = take_due_interruption(state, &request) else {
                if request.asks_for_tls {
                    client.write_all(&request.bytes).await.ok()?;
                } else {
                    server.write_all(&request.bytes).await.ok()?;
                }
                continue;
            };
            let forwarded = match interruption.moment {
                Moment::Before => 0,
                Moment::Half => request.bytes.len() / 2,
                Moment::Answered => request.bytes.len(),
            };
            server.write_all(&request.bytes[..forwarded]).await.ok()?;
            if interruption.moment == Moment::Answered {
                // After the response the server has executed the request.
                server.read(&mut response).await.ok().filter(|count| *count > 0)?;
            }
            let interrupted = InterruptedAt { at: request.at, commit: request.commits };
            let mut closed = state.closed.subscribe();
            state.interruptions.send_modify(|all| all.push(interrupted));
            if interruption.how != CloseMode::Stall {
                return Some(interruption.how);
            }
            closed.changed().await.ok()?;
            server.write_all(&request.bytes[forwarded..]).await.ok()?;
        }
    }
}

/// Takes the pending interruption if it applies to this request.
fn take_due_interruption(state: &ProxyState, request: &Request) -> Option<Interruption> {
    if request.at == 0 {
        return None;
    }
    let mut pending = state.pending.lock().unwrap();
    pending.take_if(|interruption| request.commits || request.at >= interruption.at)
}

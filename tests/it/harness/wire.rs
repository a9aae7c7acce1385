//! A line between a service and the PostgreSQL server, which can be cut without a word to either:
//! what a network does, and no server.

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

/// Cut and mended with every connection over it that is there, which stays cut for ever.
pub struct Wire {
    /// Of the database at its other end.
    pub url: String,
    line: Line,
    _laid: JoinSet<()>,
}

/// What its connections know of it.
#[derive(Clone)]
struct Line {
    /// How often it was cut or mended: it is whole at even numbers.
    era: watch::Sender<usize>,
    /// What is to happen to the first transaction that comes so far.
    cut: Arc<Mutex<Option<Cut>>>,
    /// Where each transaction was cut so far.
    places: watch::Sender<Vec<Place>>,
}

/// How a transaction is cut, and with it the one connection that it is on.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// At which of its requests, from its BEGIN on, which is the first. One that has fewer is cut at
    /// its end.
    pub at: usize,
    pub moment: Moment,
    pub how: How,
}

/// What becomes of the request at which a transaction is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It does not arrive.
    Before,
    /// Half of it arrives.
    Half,
    /// It arrives, and its answer does not.
    Answered,
}

/// What either end is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// That the connection is reset.
    Reset,
    /// Nothing.
    Silence,
}

/// Where a transaction was cut.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// At which of its requests.
    pub at: usize,
    /// It is the COMMIT.
    pub commit: bool,
}

impl Wire {
    /// To a database.
    pub async fn lay(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut near_url: Url = url.parse().unwrap();
        near_url.set_host(Some("127.0.0.1")).unwrap();
        near_url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let (era, cut, places) = (watch::Sender::new(0), Arc::default(), watch::Sender::default());
        let line = Line { era, cut, places };
        let mut laid = JoinSet::new();
        laid.spawn(accept(listener, url.parse().unwrap(), line.clone()));
        Self { url: near_url.into(), line, _laid: laid }
    }

    /// From now on nothing comes through, and nobody is told.
    pub fn cut(&self) {
        self.line.era.send_modify(|era| *era += 1);
        assert_eq!(*self.line.era.borrow() % 2, 1, "it was whole");
    }

    /// Connections come through again; those that were cut never do.
    pub fn mend(&self) {
        self.line.era.send_modify(|era| *era += 1);
        assert_eq!(*self.line.era.borrow() % 2, 0, "it was cut");
    }

    /// Cuts the next transaction, and waits until that is done.
    pub async fn cut_transaction(&self, cut: Cut) -> Place {
        let mut places = self.line.places.subscribe();
        let before = places.borrow_and_update().len();
        *self.line.cut.lock().unwrap() = Some(cut);
        places.wait_for(|places| places.len() > before).await.unwrap()[before]
    }
}

async fn accept(listener: TcpListener, server: PgConnectOptions, line: Line) {
    let mut connections = JoinSet::new();
    loop {
        let (near, _) = listener.accept().await.unwrap();
        connections.spawn(connect(near, server.clone(), line.clone()));
    }
}

async fn connect(near: TcpStream, server: PgConnectOptions, line: Line) {
    let (host, port) = (server.get_host(), server.get_port());
    let folder = server.get_socket().map_or(Path::new(host), |folder| folder.as_path());
    if folder.is_absolute() {
        let socket = folder.join(format!(".s.PGSQL.{port}"));
        carry(near, UnixStream::connect(socket).await.unwrap(), line).await;
    } else {
        carry(near, TcpStream::connect((host, port)).await.unwrap(), line).await;
    }
}

async fn carry(mut near: TcpStream, mut far: impl AsyncRead + AsyncWrite + Unpin, line: Line) {
    let mut era = line.era.subscribe();
    let born = *era.borrow_and_update();
    if born.is_multiple_of(2) {
        let how = tokio::select! {
            how = carry_requests(&mut near, &mut far, &line) => how,
            _ = era.wait_for(|era| *era != born) => Some(How::Silence),
        };
        match how {
            // One of them hung up.
            None => return,
            Some(How::Reset) => return near.set_zero_linger().unwrap(),
            Some(How::Silence) => {}
        }
    }
    pending::<()>().await;
}

/// Carries requests one way and answers the other, until one of them hangs up, or the connection is
/// to be cut.
async fn carry_requests(
    near: &mut TcpStream,
    far: &mut (impl AsyncRead + AsyncWrite + Unpin),
    line: &Line,
) -> Option<How> {
    let (mut requests, mut answer) = (Requests::default(), vec![0; 65_536]);
    loop {
        tokio::select! {
            read = requests.read(near) => if read.ok()? == 0 {
                return None;
            },
            read = far.read(&mut answer) => {
                let count = read.ok().filter(|count| *count > 0)?;
                near.write_all(&answer[..count]).await.ok()?;
            }
        }
        while let Some(request) = requests.next() {
            let Some(cut) = due(line, &request) else {
                if request.asks_for_tls {
                    near.write_all(&request.bytes).await.ok()?;
                } else {
                    far.write_all(&request.bytes).await.ok()?;
                }
                continue;
            };
            let arrives = match cut.moment {
                Moment::Before => 0,
                Moment::Half => request.bytes.len() / 2,
                Moment::Answered => request.bytes.len(),
            };
            far.write_all(&request.bytes[..arrives]).await.ok()?;
            if cut.moment == Moment::Answered {
                // Once it is answered it is done.
                far.read(&mut answer).await.ok().filter(|count| *count > 0)?;
            }
            let place = Place { at: request.at, commit: request.ends };
            line.places.send_modify(|places| places.push(place));
            return Some(cut.how);
        }
    }
}

/// How this request is cut, if it is the one.
fn due(line: &Line, request: &Request) -> Option<Cut> {
    if request.at == 0 {
        return None;
    }
    line.cut.lock().unwrap().take_if(|cut| request.ends || request.at >= cut.at)
}

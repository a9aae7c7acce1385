//! A line between a service and the PostgreSQL server, which can be cut without a word to either:
//! what a network does, and no server.

use std::{future::pending, path::Path};

use reqwest::Url;
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinSet,
};

/// Cut and mended with every connection over it that is there, which stays cut for ever.
pub struct Wire {
    /// Of the database at its other end.
    pub url: String,
    /// How often it was cut or mended: it is whole at even numbers.
    era: watch::Sender<usize>,
    _laid: JoinSet<()>,
}

impl Wire {
    /// To a database.
    pub async fn lay(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut near_url: Url = url.parse().unwrap();
        near_url.set_host(Some("127.0.0.1")).unwrap();
        near_url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let (era, told) = watch::channel(0);
        let mut laid = JoinSet::new();
        laid.spawn(accept(listener, url.parse().unwrap(), told));
        Self { url: near_url.into(), era, _laid: laid }
    }

    /// From now on nothing comes through, and nobody is told.
    pub fn cut(&self) {
        self.era.send_modify(|era| *era += 1);
        assert_eq!(*self.era.borrow() % 2, 1, "it was whole");
    }

    /// Connections come through again; those that were cut never do.
    pub fn mend(&self) {
        self.era.send_modify(|era| *era += 1);
        assert_eq!(*self.era.borrow() % 2, 0, "it was cut");
    }
}

async fn accept(listener: TcpListener, server: PgConnectOptions, era: watch::Receiver<usize>) {
    let mut connections = JoinSet::new();
    loop {
        let (near, _) = listener.accept().await.unwrap();
        connections.spawn(connect(near, server.clone(), era.clone()));
    }
}

async fn connect(near: TcpStream, server: PgConnectOptions, era: watch::Receiver<usize>) {
    let (host, port) = (server.get_host(), server.get_port());
    let folder = server.get_socket().map_or(Path::new(host), |folder| folder.as_path());
    if folder.is_absolute() {
        let socket = folder.join(format!(".s.PGSQL.{port}"));
        carry(near, UnixStream::connect(socket).await.unwrap(), era).await;
    } else {
        carry(near, TcpStream::connect((host, port)).await.unwrap(), era).await;
    }
}

async fn carry(
    mut near: TcpStream,
    mut far: impl AsyncRead + AsyncWrite + Unpin,
    mut era: watch::Receiver<usize>,
) {
    let born = *era.borrow_and_update();
    if born.is_multiple_of(2) {
        tokio::select! {
            // One of them hung up.
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = era.wait_for(|era| *era != born) => {}
        }
    }
    pending::<()>().await;
}

//! A port that belongs to a test and on which nothing listens.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// Port that refuses connections until a program listens on it. A port that is only free could be
/// given to a program of another test in the meantime.
pub struct ReservedPort {
    pub address: SocketAddr,
    _socket: TcpSocket,
}

impl ReservedPort {
    /// Reserves a free port.
    pub fn new() -> Self {
        Self::of(0)
    }

    /// Reserves a port that a program of this test has just released.
    pub fn of(port: u16) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // A program that sets this too can listen on the port.
        socket.set_reuseaddr(true).unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, port).into()).unwrap();
        Self { address: socket.local_addr().unwrap(), _socket: socket }
    }
}

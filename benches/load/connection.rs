//! HTTP client of the load generator: one request at a time over a persistent connection.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::{Failure, schedule::Schedule};

/// Sends requests until the schedule ends, and returns their latencies.
pub(crate) async fn send_all(
    address: String,
    schedule: Arc<Schedule>,
) -> Result<Vec<Duration>, Failure> {
    let (mut connection, mut latencies) = (None, Vec::new());
    while let Some((request, since)) = schedule.next().await {
        let mut stream = match connection.take() {
            Some(stream) => stream,
            None => connect(&address).await?,
        };
        // A server closes a connection after some seconds without a request, possibly just now.
        if !exchange(&mut stream, request).await? {
            stream = connect(&address).await?;
            if !exchange(&mut stream, request).await? {
                return Err("the server closed a new connection without a response".into());
            }
        }
        latencies.push(since.elapsed());
        connection = Some(stream);
    }
    Ok(latencies)
}

async fn connect(address: &str) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(BufReader::with_capacity(64 * 1024, stream))
}

/// Sends a request and reads the response. Returns `false` if the connection was closed before.
async fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> Result<bool, Failure> {
    let mut line = String::new();
    let sent = async {
        stream.write_all(request.as_bytes()).await?;
        stream.read_line(&mut line).await
    };
    match sent.await {
        Ok(0) => return Ok(false),
        // Some servers announce so that they close a connection without a request.
        Ok(_) if line.starts_with("HTTP/1.1 408") => return Ok(false),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
            ) =>
        {
            return Ok(false);
        }
        read => read?,
    };
    if !line.starts_with("HTTP/1.1 2") {
        return Err(format!("unexpected response: {line:?}").into());
    }
    let mut length = None;
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = Some(value.trim().parse()?);
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length.ok_or("a response has no Content-Length")?];
    stream.read_exact(&mut body).await?;
    Ok(true)
}

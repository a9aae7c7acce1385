//! HTTP servers and their listening sockets.

use std::{
    net::{SocketAddr, TcpListener},
    num::NonZero,
    sync::Arc,
    thread,
    time::Duration,
};

use actix_http::{HttpService, error::DispatchError};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    HttpServer,
    dev::{AppConfig, Server},
    rt::net::TcpStream,
};
use socket2::SockRef;

use super::StartError;
use crate::{
    config,
    http::{self, OpenRequests, PacedStream, State},
};

/// Maximum number of connections that wait to be accepted. If the backlog is full, the operating
/// system drops connections without an error.
const BACKLOG: i32 = 1024;

/// Names of the settings for the address of the service.
const ADDRESS_SETTINGS: &str = "HOST and PORT";

/// Time after which an idle connection is closed.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Time for a client to read a response that the service sent before the end of the body. Meanwhile
/// the service discards the body.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Binds the address of the service, without accepting connections yet.
pub(super) fn listen(settings: &config::Server) -> Result<TcpListener, StartError> {
    let error = |source| StartError::Listen {
        address: format!("{}:{}", settings.host, settings.port),
        setting: ADDRESS_SETTINGS,
        source,
    };
    let listener = TcpListener::bind((settings.host.as_str(), settings.port)).map_err(error)?;
    // Accepted connections inherit the option from the listening socket. Operating systems other
    // than Linux keep a connection whose client does not read until the client closes it.
    #[cfg(target_os = "linux")]
    SockRef::from(&listener).set_tcp_user_timeout(Some(settings.write_timeout)).map_err(error)?;
    SockRef::from(&listener).listen(BACKLOG).map_err(error)?;
    Ok(listener)
}

/// Starts the separate server for the metrics, if one is configured. Returns it with its address.
pub(super) fn metrics(
    settings: &config::Metrics,
    state: &Arc<State>,
) -> Result<Option<(Server, SocketAddr)>, StartError> {
    let Some(address) = settings.listen else { return Ok(None) };
    let error = |source| StartError::Listen {
        address: address.to_string(),
        setting: "metrics.listen",
        source,
    };
    let state = Arc::clone(state);
    let server = HttpServer::new(move || http::metrics::app(&state))
        .disable_signals()
        .workers(1)
        .shutdown_timeout(1)
        .bind(address)
        .map_err(error)?;
    let address = server.addrs().first().copied().unwrap_or(address);
    tracing::info!(%address, "serving metrics");
    Ok(Some((server.run(), address)))
}

/// Starts the server of the API. Returns it with its address. `open` counts its requests.
///
/// The server is composed of the parts of actix-web's `HttpServer`, because that takes no other
/// stream than a plain socket.
pub(super) fn serve(
    settings: &config::Server,
    listener: TcpListener,
    state: Arc<State>,
    open: &OpenRequests,
) -> Result<(Server, SocketAddr), StartError> {
    let error = |source| StartError::Listen {
        address: settings.host.clone(),
        setting: ADDRESS_SETTINGS,
        source,
    };
    let address = listener.local_addr().map_err(error)?;
    // A request whose header begins at the end of the keep-alive time has the full header timeout.
    let idle_timeout = KEEP_ALIVE + settings.header_timeout;
    let (header_timeout, open) = (settings.header_timeout, open.clone());
    let workers = workers(settings);
    let server = Server::build()
        .disable_signals()
        .workers(workers)
        .max_concurrent_connections(settings.max_connections.div_ceil(workers))
        // Longer than the limit of the application, which counts the requests that are left.
        .shutdown_timeout(settings.shutdown_timeout.as_secs() + 1);
    let stopping = server.graceful_shutdown_signal();
    let service = move || {
        let (open, stopping) = (open.clone(), stopping.clone());
        let accept = move |stream: TcpStream| {
            let peer = stream.peer_addr().ok();
            let stream = stream.set_nodelay(true).map(|()| PacedStream::new(stream, &open));
            async move { Ok((stream?, peer)) }
        };
        let app = map_config(http::app(&state).into_factory(), |()| AppConfig::default());
        let http = HttpService::build()
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(header_timeout)
            .client_disconnect_timeout(CLOSE_TIMEOUT)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(move |stream: &PacedStream, data| {
                stream.close_when_idle(data, idle_timeout);
            })
            .h1(app);
        fn_service(accept).map_err(DispatchError::Io).and_then(http)
    };
    Ok((server.listen("api", listener, service).map_err(error)?.run(), address))
}

/// Returns the number of threads that serve requests.
fn workers(settings: &config::Server) -> usize {
    /// Maximum of the library.
    const MAX: usize = 512;
    let cores = || thread::available_parallelism().map_or(2, NonZero::get);
    match settings.workers {
        0 => cores().min(MAX),
        workers => workers.min(MAX),
    }
}

//! HTTP servers and their listening sockets.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpServer, dev::Server};
use socket2::SockRef;

use super::StartError;
use crate::{
    config,
    http::{self, State},
};

/// Maximum number of connections that wait to be accepted. If the backlog is full, the operating
/// system drops connections without an error.
const BACKLOG: i32 = 1024;

/// Names of the settings for the address of the service.
const ADDRESS_SETTINGS: &str = "HOST and PORT";

/// Time after which an idle connection is closed.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

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

/// Starts the server of the API. Returns it with its address.
pub(super) fn serve(
    settings: &config::Server,
    listener: TcpListener,
    state: Arc<State>,
) -> Result<(Server, SocketAddr), StartError> {
    let error = |source| StartError::Listen {
        address: settings.host.clone(),
        setting: ADDRESS_SETTINGS,
        source,
    };
    let address = listener.local_addr().map_err(error)?;
    // A request whose header begins at the end of the keep-alive time has the full header timeout.
    let idle_timeout = KEEP_ALIVE + settings.header_timeout;
    let mut server = HttpServer::new(move || http::app(&state))
        .disable_signals()
        .keep_alive(KEEP_ALIVE)
        .on_connect(move |io, data| http::close_when_idle(io, data, idle_timeout))
        .client_request_timeout(settings.header_timeout)
        .shutdown_timeout(settings.shutdown_timeout.as_secs().max(1));
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    Ok((server.listen(listener).map_err(error)?.run(), address))
}

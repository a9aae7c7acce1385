//! The socket and the server behind it.

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

/// How many may wait to be let in. Of one who comes at a bad moment and finds no place, the system
/// says so to nobody.
const BACKLOG: i32 = 1024;

/// What says where the service listens.
const LISTEN: &str = "HOST and PORT";

/// How long a connection may wait for its next request.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Takes the address, so that nobody else does; nothing is answered yet.
pub(super) fn listen(settings: &config::Server) -> Result<TcpListener, StartError> {
    let error = |source| StartError::Listen {
        address: format!("{}:{}", settings.host, settings.port),
        setting: LISTEN,
        source,
    };
    let listener = TcpListener::bind((settings.host.as_str(), settings.port)).map_err(error)?;
    // Connections have it from the socket that they came in by. Where the system does not know it,
    // those who take nothing are kept until they go.
    #[cfg(target_os = "linux")]
    SockRef::from(&listener).set_tcp_user_timeout(Some(settings.write_timeout)).map_err(error)?;
    SockRef::from(&listener).listen(BACKLOG).map_err(error)?;
    Ok(listener)
}

/// What tells the metrics to this machine, if anything is to.
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
    tracing::info!(%address, "telling the metrics");
    Ok(Some((server.run(), address)))
}

/// What answers there, and where that is.
pub(super) fn serve(
    settings: &config::Server,
    listener: TcpListener,
    state: Arc<State>,
) -> Result<(Server, SocketAddr), StartError> {
    let error =
        |source| StartError::Listen { address: settings.host.clone(), setting: LISTEN, source };
    let address = listener.local_addr().map_err(error)?;
    // A head that begins at the last moment has its time too.
    let quiet = KEEP_ALIVE + settings.header_timeout;
    let mut server = HttpServer::new(move || http::app(&state))
        .disable_signals()
        .keep_alive(KEEP_ALIVE)
        .on_connect(move |io, data| http::watch(io, data, quiet))
        .client_request_timeout(settings.header_timeout)
        .shutdown_timeout(settings.shutdown_timeout.as_secs().max(1));
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    Ok((server.listen(listener).map_err(error)?.run(), address))
}

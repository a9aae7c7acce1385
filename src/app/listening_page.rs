//! Listening page of `meetvo dev`, and the endpoint by which the service pushes to it.

use std::net::{Ipv4Addr, TcpListener};

use actix_web::{App, HttpServer, dev::Server, web};

use super::{StartError, endpoint_admin, open_store};
use crate::{
    clock::Clock,
    config::Settings,
    http::ListeningPage,
    push::admin::{AdminError, EndpointAdmin, EndpointValues},
};

/// Description by which the next run finds the endpoint.
const DESCRIPTION: &str = "Listening page of meetvo dev";

/// Starts the server of the page on the port after that of the service, or on a free one. Creates
/// its endpoint in the database. Returns the server and the URL of the page.
///
/// # Errors
/// Returns an error if no port is free, or if the endpoint cannot be created.
pub async fn start_listening_page(
    settings: &Settings,
    service_port: u16,
) -> Result<(Server, String), StartError> {
    let error = |source| StartError::Listen {
        address: Ipv4Addr::LOCALHOST.to_string(),
        setting: "--port",
        source,
    };
    let next = service_port.checked_add(1).unwrap_or_default();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, next));
    let listener = listener.or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    let listener = listener.map_err(error)?;
    let url = format!("http://{}/", listener.local_addr().map_err(error)?);
    let store = open_store(&settings.database).await?;
    let admin = endpoint_admin(settings, &store, &Clock::system())?;
    let secret = subscribe(&admin, &url).await;
    store.close().await;
    let push = |error: &dyn ToString| StartError::Push(error.to_string());
    let secret = secret.map_err(|error| push(&error))?;
    let page = ListeningPage::new(&secret, Clock::system()).map_err(|error| push(&error))?;
    let page = web::Data::new(page);
    let app = move || App::new().configure(|config| ListeningPage::add_routes(&page, config));
    let server = HttpServer::new(app).disable_signals().workers(1).shutdown_timeout(1);
    Ok((server.listen(listener).map_err(error)?.run(), url))
}

/// Creates the endpoint of the page, or changes that of the last run. Returns its signing secret.
async fn subscribe(admin: &EndpointAdmin, page: &str) -> Result<String, AdminError> {
    let url = Some(format!("{page}hooks"));
    let endpoints = admin.store.push_endpoints().await?;
    let Some(found) = endpoints.into_iter().find(|it| it.description == DESCRIPTION) else {
        let (types, description) = (Some(vec!["*".to_owned()]), Some(DESCRIPTION.to_owned()));
        let values = EndpointValues { url, types, description, ..EndpointValues::default() };
        return Ok(admin.create(values).await?.1);
    };
    admin.update(&found.id, EndpointValues { url, ..EndpointValues::default() }).await?;
    admin.enable(&found.id).await?;
    // The secret of the last run cannot be read.
    Ok(admin.rotate(&found.id).await?.1)
}

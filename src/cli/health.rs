//! `meetvo health`: health check of a running service, for supervisors.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use clap::Args;
use reqwest::{Client, StatusCode, Url, redirect::Policy};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::{
    CommandError, block_on, root_cause,
    terminal::{escape, stdout},
};
use crate::config::{Fault, Faults, Server, Settings, Sources};

/// Timeout of the check. It is longer than the service waits for its database.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Check whether the service on this machine is running.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo health
  PORT=9000 meetvo health --ready
  meetvo health --json

The command sends a request to the service's address in the settings. Run it on
the machine or in the container of the service, with the same settings as
`meetvo serve`. It exits with 0 if the response has a 2xx status, with 78 if the
settings are not usable, and with 1 otherwise.

Do not use --ready in a liveness probe that restarts the service, because a
restart does not repair the database.")]
pub(super) struct Health {
    /// Also check that the service can accept deliveries, which requires its database.
    #[arg(long)]
    ready: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Health, sources: &Sources) -> Result<(), CommandError> {
    let settings = Settings::load(sources)?;
    let path = if command.ready { "/readyz" } else { "/healthz" };
    let url = format!("http://{}{path}", address(&settings.server)?);
    let unhealthy = |problem| CommandError::HealthCheckFailed { url: url.clone(), problem };
    let target = url.parse().map_err(|_| unhealthy("is not a URL".to_owned()))?;
    block_on(async {
        let response = timeout(TIMEOUT, request(target)).await;
        let response = response.unwrap_or_else(|_| Err("does not answer in time".to_owned()));
        if command.json {
            let status = response.as_ref().ok().map(|(status, _)| status);
            let object = json!({
                "url": url,
                "healthy": status.is_some_and(StatusCode::is_success),
                "status": status.map(StatusCode::as_u16),
            });
            writeln!(stdout(), "{object:#}")?;
        }
        match response.map_err(unhealthy)? {
            (status, _) if status.is_success() && command.json => Ok(()),
            (status, _) if status.is_success() => Ok(writeln!(stdout(), "{url} answers {status}")?),
            (status, Some(detail)) => {
                Err(unhealthy(format!("answers {status}: {}", escape(&detail))))
            }
            (status, None) => Err(unhealthy(format!("answers {status}"))),
        }
    })
}

/// Returns the address of a service on its own machine.
///
/// # Errors
///
/// Returns an error if `server.port` is 0.
pub(super) fn address(server: &Server) -> Result<String, Faults> {
    if server.port == 0 {
        let problem = "is 0, so the system has chosen the port; see the service's log";
        let setting = "server.port".to_owned();
        return Err(Faults(vec![Fault { setting, problem: problem.to_owned() }]));
    }
    Ok(match server.host.parse() {
        Ok(host) => SocketAddr::new(reachable(host), server.port).to_string(),
        Err(_) => format!("{}:{}", server.host, server.port),
    })
}

/// Replaces an unspecified address, which means all interfaces, with the loopback address.
fn reachable(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(all) if all.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(all) if all.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        specific => specific,
    }
}

/// Fields of a problem document.
#[derive(Debug, Deserialize)]
struct ProblemBody {
    detail: String,
}

/// Returns the status of the response, and the detail of its problem document.
async fn request(target: Url) -> Result<(StatusCode, Option<String>), String> {
    // Plain HTTP needs no certificates, and small containers have none.
    let client = Client::builder().tls_certs_only([]).no_proxy().redirect(Policy::none());
    let client = client.build().map_err(|error| root_cause(&error))?;
    match client.get(target).send().await {
        Ok(response) => {
            let status = response.status();
            let body = response.bytes().await.unwrap_or_default();
            let problem: Option<ProblemBody> = serde_json::from_slice(&body).ok();
            Ok((status, problem.map(|problem| problem.detail)))
        }
        Err(error) => Err(format!(
            "does not answer: {}; start `meetvo serve`, or set HOST and PORT to its address",
            root_cause(&error)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address_of(host: &str, port: &str) -> Result<String, Faults> {
        let variables = [("HOST", host), ("PORT", port)];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        address(&Settings::load(&Sources { variables, ..Sources::default() })?.server)
    }

    #[test]
    fn unspecified_host_becomes_loopback() {
        assert_eq!(address_of("0.0.0.0", "8080").unwrap(), "127.0.0.1:8080");
        assert_eq!(address_of("::", "8080").unwrap(), "[::1]:8080");
    }

    #[test]
    fn specific_host_is_kept() {
        assert_eq!(address_of("192.0.2.7", "80").unwrap(), "192.0.2.7:80");
        assert_eq!(address_of("fe80::1", "80").unwrap(), "[fe80::1]:80");
        assert_eq!(address_of("localhost", "9000").unwrap(), "localhost:9000");
    }

    #[test]
    fn port_zero_is_rejected() {
        assert_eq!(address_of("127.0.0.1", "0").unwrap_err().0[0].setting, "server.port");
    }
}

//! `meetvo health`: one question to a running service, for whoever watches over it.

use std::{
    io::{Write, stdout},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use clap::Args;
use http::{StatusCode, Uri};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::time::timeout;

use super::{CommandError, block_on, root_cause};
use crate::config::{Fault, Faults, Server, Settings, Sources};

/// Longer than the service waits for its database.
const PATIENCE: Duration = Duration::from_secs(2);

/// Ask the service on this machine whether it runs
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo health                 0 where the service runs, 1 where it does not answer
  PORT=9000 meetvo health --ready

Asks where the settings say that the service listens: on its machine or in its container, with the
settings of `meetvo serve`. A supervisor that restarts what is unwell asks without --ready, because
a restart brings no database back.")]
pub(super) struct Health {
    /// Ask whether it can do its work: whether its database answers too
    #[arg(long)]
    ready: bool,
}

pub(super) fn run(command: &Health, sources: &Sources) -> Result<(), CommandError> {
    let settings = Settings::load(sources)?;
    let path = if command.ready { "/readyz" } else { "/healthz" };
    let url = format!("http://{}{path}", address(&settings.server)?);
    let unwell = |problem| CommandError::HealthCheckFailed { url: url.clone(), problem };
    let target = url.parse().map_err(|_| unwell("is not a URL".to_owned()))?;
    block_on(async {
        let answer = timeout(PATIENCE, ask(target)).await;
        let answer = answer.unwrap_or_else(|_| Err("does not answer in time".to_owned()));
        match answer.map_err(unwell)? {
            status if status.is_success() => Ok(writeln!(stdout(), "{url} answers {status}")?),
            status => Err(unwell(format!("answers {status}"))),
        }
    })
}

/// Where a service with these settings is reached from its own machine.
pub(super) fn address(server: &Server) -> Result<String, Faults> {
    if server.port == 0 {
        let problem = "is 0: the system chose the port, and only the service's log names it";
        let setting = "server.port".to_owned();
        return Err(Faults(vec![Fault { setting, problem: problem.to_owned() }]));
    }
    Ok(match server.host.parse() {
        Ok(host) => SocketAddr::new(nearby(host), server.port).to_string(),
        Err(_) => format!("{}:{}", server.host, server.port),
    })
}

/// Who listens everywhere is asked on the loopback interface.
fn nearby(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(all) if all.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(all) if all.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        one => one,
    }
}

async fn ask(target: Uri) -> Result<StatusCode, String> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    match client.get(target).await {
        Ok(response) => Ok(response.status()),
        Err(error) => Err(format!("does not answer: {}", root_cause(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &str, port: &str) -> Result<String, Faults> {
        let given = [("HOST", host), ("PORT", port)];
        let variables = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        address(&Settings::load(&Sources { variables, ..Sources::default() })?.server)
    }

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_the_loopback_interface() {
        assert_eq!(asked("0.0.0.0", "8080").unwrap(), "127.0.0.1:8080");
        assert_eq!(asked("::", "8080").unwrap(), "[::1]:8080");
    }

    #[test]
    fn a_service_that_listens_in_one_place_is_asked_there() {
        assert_eq!(asked("192.0.2.7", "80").unwrap(), "192.0.2.7:80");
        assert_eq!(asked("fe80::1", "80").unwrap(), "[fe80::1]:80");
        assert_eq!(asked("localhost", "9000").unwrap(), "localhost:9000");
    }

    #[test]
    fn a_port_that_the_system_chooses_is_not_known() {
        assert_eq!(asked("127.0.0.1", "0").unwrap_err().0[0].setting, "server.port");
    }
}

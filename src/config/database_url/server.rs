//! Checks of the URL of a PostgreSQL server.

use super::{ESCAPE, parameters};

pub(super) const SEVERAL_HOSTS: &str = "names several hosts: name one host that accepts writes";

/// Checks the text after `postgres://`. Returns it with the parameters that the driver reads.
pub(super) fn normalized(rest: &str) -> Result<String, String> {
    if rest.contains('#') {
        return Err(format!("contains `#`, which ends a URL: {ESCAPE}"));
    }
    let (plain, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = plain.split_once('/').unwrap_or((plain, ""));
    if path.contains('@') {
        return Err(format!("has an `@` after the host: {ESCAPE}"));
    }
    let (login, host) = match authority.rsplit_once('@') {
        Some((login, host)) => (Some(login), host),
        None => (None, authority),
    };
    let port = host.rsplit_once(':').map(|(_, port)| port).filter(|_| !host.ends_with(']'));
    if host.contains(',') {
        return Err(SEVERAL_HOSTS.to_owned());
    }
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(format!("has an invalid port: it must be a number to 65535; {ESCAPE}"));
    }
    if query.is_empty() {
        return Ok(rest.to_owned());
    }
    // Otherwise the text after the `?` can be a part of the password.
    let is_clear = !query.contains('@') && (login.is_some() || port.is_none());
    let query = parameters::normalized(query, is_clear)?;
    Ok(if query.is_empty() { plain.to_owned() } else { format!("{plain}?{query}") })
}

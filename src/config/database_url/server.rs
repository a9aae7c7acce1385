//! URL of a PostgreSQL server, or of several of which one accepts writes.

use super::{ESCAPE, Secret, parameters, schema::SchemaName};

/// Maximum number of hosts. An outage of all of them must be noticed in time.
const MAX_HOSTS: usize = 8;

/// URL of a PostgreSQL server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    /// URL with the parameters that the driver supports. It can name several hosts.
    pub(super) given: Secret,
    /// One URL for each host, in their order.
    pub hosts: Vec<Secret>,
    /// Schema that a parameter names.
    pub schema: Option<SchemaName>,
    /// Maximum number of connections that a parameter names.
    pub connection_limit: Option<u32>,
}

impl ServerUrl {
    /// Parses the text after `scheme://`.
    pub(super) fn parse(scheme: &str, rest: &str) -> Result<Self, String> {
        if rest.contains('#') {
            return Err(format!("contains `#`, which ends a URL: {ESCAPE}"));
        }
        let (plain, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = plain.split_once('/').unwrap_or((plain, ""));
        if path.contains('@') {
            return Err(format!("has an `@` after the host: {ESCAPE}"));
        }
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (Some(login), hosts),
            None => (None, authority),
        };
        let ports: Vec<_> = hosts.split(',').map(port_of).collect();
        if ports.iter().flatten().any(|port| port.parse::<u16>().is_err()) {
            return Err(format!("has an invalid port: it must be a number to 65535; {ESCAPE}"));
        }
        // Otherwise the text after the `?` can be a part of the password.
        let is_clear = !query.contains('@') && (login.is_some() || ports == [None]);
        let parameters = parameters::read(query, is_clear)?;
        let read = match &*parameters.query {
            "" if query.is_empty() => rest.to_owned(),
            "" => plain.to_owned(),
            query => format!("{plain}?{query}"),
        };
        let urls = Hosts { scheme, login, path, authority: hosts, query: &parameters.query }.urls();
        let urls = if urls.len() == 1 { vec![format!("{scheme}://{read}")] } else { urls };
        if urls.len() > MAX_HOSTS {
            return Err(format!("names more than {MAX_HOSTS} hosts"));
        }
        Ok(Self {
            given: Secret::new(format!("{scheme}://{read}")),
            hosts: urls.into_iter().map(Secret::new).collect(),
            schema: parameters.schema,
            connection_limit: parameters.connection_limit,
        })
    }
}

/// Returns the port of a host, if it has one. An IPv6 address is in brackets.
fn port_of(host: &str) -> Option<&str> {
    host.rsplit_once(':').map(|(_, port)| port).filter(|_| !host.ends_with(']'))
}

/// Parts of a URL that can name several hosts, as those of libpq: `h1:1,h2:2`, or with the
/// parameters `host`, `hostaddr` and `port` as lists.
struct Hosts<'u> {
    scheme: &'u str,
    login: Option<&'u str>,
    path: &'u str,
    authority: &'u str,
    query: &'u str,
}

impl Hosts<'_> {
    /// Returns one URL for each host. A list with fewer items than hosts has the first item for all
    /// of them, as a single port in libpq.
    fn urls(&self) -> Vec<String> {
        let named: Vec<&str> = self.authority.split(',').collect();
        let parameters: Vec<(String, String)> =
            serde_html_form::from_str(self.query).unwrap_or_default();
        let is_list = |name: &str| matches!(name, "host" | "hostaddr" | "port");
        let lists = parameters.iter().filter(|(name, _)| is_list(name));
        let count = lists.map(|(_, list)| list.split(',').count()).chain([named.len()]).max();
        let url = |index: usize| {
            let host = named.get(index).or(named.first()).copied().unwrap_or_default();
            let own = parameters.iter().map(|(name, value)| {
                let items: Vec<&str> = value.split(',').collect();
                let item = items.get(index).or(items.first()).copied().unwrap_or_default();
                (&**name, if is_list(name) { item } else { value })
            });
            let query = serde_html_form::to_string(own.collect::<Vec<_>>()).unwrap_or_default();
            let login = self.login.map_or(String::new(), |login| format!("{login}@"));
            let separator = if query.is_empty() { "" } else { "?" };
            format!("{}://{login}{host}/{}{separator}{query}", self.scheme, self.path)
        };
        (0..count.unwrap_or(1)).map(url).collect()
    }
}

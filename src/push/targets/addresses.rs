//! Addresses that messages can be sent to.
//!
//! An endpoint must not reach the private network of the service, nor the metadata of its cloud. The
//! addresses are checked when a connection is opened, so that a name that changes its address
//! between a check and a connection does not help.

use std::{
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
};

use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

/// IPv4 networks that are not public. Source: IANA's registry of special-purpose addresses.
static NOT_PUBLIC_V4: LazyLock<Vec<Ipv4Net>> = LazyLock::new(|| {
    networks(&[
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ])
});

/// IPv6 networks with public addresses.
static PUBLIC_V6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| networks(&["2000::/3"]));

/// Parts of them that are not public, or that lead to an IPv4 address. Source: IANA's registry of
/// special-purpose addresses.
static NOT_PUBLIC_V6: LazyLock<Vec<Ipv6Net>> =
    LazyLock::new(|| networks(&["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]));

fn networks<N: std::str::FromStr>(texts: &[&str]) -> Vec<N> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// Address that is not public.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} is not a public address; use a public one, or set push.allow_private_addresses if the \
     endpoint is in the service's own network"
)]
pub struct NotPublic(String);

/// Returns whether an address is public.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !NOT_PUBLIC_V4.iter().any(|network| network.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    PUBLIC_V6.iter().any(|network| network.contains(&address))
        && !NOT_PUBLIC_V6.iter().any(|network| network.contains(&address))
}

/// Checks the host of a URL if it is an address, which is not resolved.
///
/// # Errors
/// Returns an error if it is not public.
pub(super) fn check_literal(url: &Url) -> Result<(), NotPublic> {
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match literal {
        Ok(address) if !is_public(address) => Err(NotPublic(address.to_string())),
        _ => Ok(()),
    }
}

/// Resolver that returns only public addresses.
pub(super) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((&*name, 0)).await?.collect();
            public_addresses(&name, found)
        })
    }
}

fn public_addresses(
    name: &str,
    found: Vec<SocketAddr>,
) -> Result<Addrs, Box<dyn Error + Send + Sync>> {
    let (public, other): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| is_public(address.ip()));
    match (public.is_empty(), other.first()) {
        (true, Some(address)) => Err(NotPublic(format!("{} of {name}", address.ip())).into()),
        (true, None) => Err(io::Error::new(io::ErrorKind::NotFound, "no address found").into()),
        (false, _) => Ok(Box::new(public.into_iter())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_public() {
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        let networks = NOT_PUBLIC_V4.len() + PUBLIC_V6.len() + NOT_PUBLIC_V6.len();
        assert_eq!(networks, 15 + 1 + 4, "every network is parsed");
    }

    #[test]
    fn literal_addresses_are_checked_in_every_form() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(check_literal(&url.parse().unwrap()).is_err(), "{url}");
        }
        for url in ["https://1.1.1.1/", "https://[2606:4700::1111]/", "https://example.com/"] {
            assert!(check_literal(&url.parse().unwrap()).is_ok(), "{url}");
        }
    }

    #[test]
    fn names_resolve_to_their_public_addresses_only() {
        let address = |text: &str| SocketAddr::new(text.parse().unwrap(), 0);
        let mixed = vec![address("10.0.0.1"), address("1.1.1.1"), address("::1")];
        let public: Vec<_> = public_addresses("name", mixed).ok().unwrap().collect();
        assert_eq!(public, [address("1.1.1.1")]);
        let private = public_addresses("db.internal", vec![address("10.0.0.1")]).err().unwrap();
        assert!(private.to_string().starts_with("10.0.0.1 of db.internal is not"), "{private}");
        assert!(public_addresses("name", Vec::new()).is_err());
    }
}

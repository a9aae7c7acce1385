//! Origins of web pages and apps, as settings list them and as browsers send them.
//!
//! A pattern is one origin, or with `*` the origins of all hosts one label below a domain. Schemes
//! and hosts are compared without regard to case.

use std::fmt;

/// Origin, or the origins of all hosts one label below a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    /// The origin, or the part of it before the label that varies.
    prefix: String,
    /// The part after the label that varies, such as `.example.com:8443`.
    suffix: Option<String>,
}

/// Reasons for rejecting a pattern, as predicates of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// The text is not an origin.
    #[error(
        "is not an origin: expected https://HOST, without a trailing slash, or the origin of an \
         app, such as tauri://localhost"
    )]
    Malformed,
    /// Pages with the scheme have no origin, or the scheme is misspelled.
    #[error(
        "has a scheme without origins: expected https://HOST, or the origin of an app, such as \
         tauri://localhost"
    )]
    Scheme,
    /// Sandboxed pages and local files of any author have the origin `null`.
    #[error(
        "is the origin of sandboxed pages and local files of any author: list the origins of \
         your pages, such as https://HOST"
    )]
    Null,
    /// The host has characters outside ASCII.
    #[error("has a host outside ASCII: write it in punycode, as browsers do: https://xn--…")]
    NotAscii,
    /// The wildcard is not the first label of a web page's host.
    #[error(
        "has a misplaced `*`: it can only be the first label of a host, as in \
         https://*.example.com"
    )]
    Wildcard,
    /// Anyone can register a host below the domain.
    #[error(
        "matches hosts of other people, because anyone can register a name below this domain: \
         list each origin, or use a domain of your own"
    )]
    SharedDomain,
}

/// Schemes whose pages have no origin of their own, and schemes that no page has.
const WITHOUT_ORIGIN: [&str; 9] =
    ["about", "blob", "data", "file", "ftp", "javascript", "mailto", "ws", "wss"];

/// Labels that registries of countries use as the second level, as in `co.uk`.
const SECOND_LEVELS: [&str; 14] =
    ["ac", "co", "com", "edu", "firm", "go", "gob", "gov", "mil", "ne", "net", "nom", "or", "org"];

/// Domains of hosting and tunnel services, where each customer has a name one label below. The
/// list names the most frequent ones and cannot be complete.
const SHARED_DOMAINS: [&str; 50] = [
    "amplifyapp.com",
    "appspot.com",
    "azurestaticapps.net",
    "azurewebsites.net",
    "bolt.host",
    "cloudfront.net",
    "csb.app",
    "deno.dev",
    "deno.net",
    "firebaseapp.com",
    "fly.dev",
    "github.dev",
    "github.io",
    "githubpreview.dev",
    "gitlab.io",
    "glitch.me",
    "herokuapp.com",
    "koyeb.app",
    "loca.lt",
    "lovable.app",
    "lovableproject.com",
    "myshopify.com",
    "netlify.app",
    "ngrok-free.app",
    "ngrok-free.dev",
    "ngrok.app",
    "ngrok.dev",
    "ngrok.io",
    "on.aws",
    "onrender.com",
    "pages.dev",
    "r2.dev",
    "railway.app",
    "render.com",
    "repl.co",
    "replit.app",
    "replit.dev",
    "run.app",
    "stackblitz.io",
    "surge.sh",
    "trycloudflare.com",
    "up.railway.app",
    "v0.app",
    "vercel.app",
    "vercel.dev",
    "vusercontent.net",
    "web.app",
    "webcontainer.io",
    "workers.dev",
    "zeabur.app",
];

impl OriginPattern {
    /// Parses an origin, such as `https://app.example.com` or `tauri://localhost`, or the pattern
    /// `https://*.example.com`. The default port of a web page's scheme is left out, as in
    /// browsers.
    ///
    /// # Errors
    /// Returns the reason if no page can have the origin, or if the pattern matches origins that
    /// anyone can obtain.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let origin = text.to_ascii_lowercase();
        if origin == "null" {
            return Err(InvalidOrigin::Null);
        }
        let (scheme, authority) = origin.split_once("://").ok_or(InvalidOrigin::Malformed)?;
        check_scheme(scheme)?;
        if !authority.is_ascii() {
            return Err(InvalidOrigin::NotAscii);
        }
        let (host, port) = split_port(authority)?;
        let port = match (scheme, port) {
            ("https", Some("443")) | ("http", Some("80")) | (_, None) => String::new(),
            (_, Some(port)) => format!(":{port}"),
        };
        let Some(domain) = host.strip_prefix("*.") else {
            check_host(host)?;
            return Ok(Self { prefix: format!("{scheme}://{host}{port}"), suffix: None });
        };
        check_host(domain)?;
        if !matches!(scheme, "http" | "https") {
            return Err(InvalidOrigin::Wildcard);
        }
        if is_shared(domain) {
            return Err(InvalidOrigin::SharedDomain);
        }
        let suffix = Some(format!(".{domain}{port}"));
        Ok(Self { prefix: format!("{scheme}://"), suffix })
    }

    /// Returns whether an origin that a browser or a token states matches the pattern.
    #[must_use]
    pub fn matches(&self, origin: &str) -> bool {
        let Some(suffix) = &self.suffix else { return origin.eq_ignore_ascii_case(&self.prefix) };
        let origin = origin.to_ascii_lowercase();
        let label = origin.strip_prefix(&*self.prefix).and_then(|it| it.strip_suffix(&**suffix));
        let is_in_label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        label.is_some_and(|label| !label.is_empty() && label.bytes().all(is_in_label))
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.suffix {
            Some(suffix) => write!(f, "{}*{suffix}", self.prefix),
            None => f.write_str(&self.prefix),
        }
    }
}

/// Rejects schemes without origins. A scheme of the letters of `https` is a misspelled one; every
/// other scheme can be that of an app.
fn check_scheme(scheme: &str) -> Result<(), InvalidOrigin> {
    let is_in_scheme =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_misspelled =
        scheme.bytes().all(|byte| b"https".contains(&byte)) && !matches!(scheme, "http" | "https");
    if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        || !scheme.bytes().all(is_in_scheme)
    {
        Err(InvalidOrigin::Malformed)
    } else if is_misspelled || WITHOUT_ORIGIN.contains(&scheme) {
        Err(InvalidOrigin::Scheme)
    } else {
        Ok(())
    }
}

/// Splits the port from a host. An IPv6 address is in brackets.
fn split_port(authority: &str) -> Result<(&str, Option<&str>), InvalidOrigin> {
    let after_address = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[after_address..].split_once(':') {
        None => Ok((authority, None)),
        Some((_, port)) => {
            let is_canonical = port.parse::<u16>().is_ok_and(|it| it > 0 && it.to_string() == port);
            let host = &authority[..authority.len() - port.len() - 1];
            is_canonical.then_some((host, Some(port))).ok_or(InvalidOrigin::Malformed)
        }
    }
}

/// Rejects a host that no origin can have.
fn check_host(host: &str) -> Result<(), InvalidOrigin> {
    if host.contains('*') {
        return Err(InvalidOrigin::Wildcard);
    }
    let address = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let is_in_label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_in_label);
    let is_host = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(is_label),
    };
    if is_host { Ok(()) } else { Err(InvalidOrigin::Malformed) }
}

/// Returns whether anyone can register a name one label below the domain.
fn is_shared(domain: &str) -> bool {
    let labels: Vec<_> = domain.split('.').collect();
    match labels[..] {
        ["localhost"] => false,
        [_] => true,
        [second, country] if country.len() == 2 && SECOND_LEVELS.contains(&second) => true,
        _ => SHARED_DOMAINS.contains(&domain) || domain.ends_with(".amazonaws.com"),
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidOrigin, OriginPattern};

    #[test]
    fn origins_are_normalized() {
        for (text, shown) in [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.com", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://app.example.com:80", "http://app.example.com"),
            ("http://app.example.com:443", "http://app.example.com:443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("tauri://localhost", "tauri://localhost"),
            ("http://tauri.localhost", "http://tauri.localhost"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("ionic://localhost", "ionic://localhost"),
            ("com.example.app://localhost", "com.example.app://localhost"),
            ("app://-", "app://-"),
            (
                "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
                "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            ),
            (
                "moz-extension://5C0E8E2A-3f1b-4a57-9e0c-1f2d3c4b5a69",
                "moz-extension://5c0e8e2a-3f1b-4a57-9e0c-1f2d3c4b5a69",
            ),
            ("https://*.Example.com", "https://*.example.com"),
            ("https://*.example.com:443", "https://*.example.com"),
            ("http://*.localhost:3000", "http://*.localhost:3000"),
            ("https://*.preview.example.co.uk", "https://*.preview.example.co.uk"),
        ] {
            let pattern = OriginPattern::parse(text).unwrap();
            assert_eq!(pattern.to_string(), shown);
            assert_eq!(OriginPattern::parse(shown), Ok(pattern), "{shown}");
        }
    }

    #[test]
    fn invalid_origins_are_rejected_with_reason() {
        for (text, reason) in [
            ("", InvalidOrigin::Malformed),
            ("app.example.com", InvalidOrigin::Malformed),
            ("https://", InvalidOrigin::Malformed),
            ("https://app.example.com/", InvalidOrigin::Malformed),
            ("https://a.com/x", InvalidOrigin::Malformed),
            ("https://a.com?x", InvalidOrigin::Malformed),
            ("https://a.com#x", InvalidOrigin::Malformed),
            ("https://user@a.com", InvalidOrigin::Malformed),
            ("https://a..com", InvalidOrigin::Malformed),
            ("https://a.com.", InvalidOrigin::Malformed),
            ("https://a.com:", InvalidOrigin::Malformed),
            ("https://a.com:0", InvalidOrigin::Malformed),
            ("https://a.com:00443", InvalidOrigin::Malformed),
            ("https://a.com:65536", InvalidOrigin::Malformed),
            ("https://[::1", InvalidOrigin::Malformed),
            ("https://a b.com", InvalidOrigin::Malformed),
            ("1app://localhost", InvalidOrigin::Malformed),
            ("htps://a.com", InvalidOrigin::Scheme),
            ("httpss://a.com", InvalidOrigin::Scheme),
            ("ftp://a.com", InvalidOrigin::Scheme),
            ("wss://a.com", InvalidOrigin::Scheme),
            ("file://localhost", InvalidOrigin::Scheme),
            ("null", InvalidOrigin::Null),
            ("https://münchen.example", InvalidOrigin::NotAscii),
            ("*", InvalidOrigin::Malformed),
            ("https://*", InvalidOrigin::Wildcard),
            ("https://app-*.example.com", InvalidOrigin::Wildcard),
            ("https://*.*.example.com", InvalidOrigin::Wildcard),
            ("https://app.*.example.com", InvalidOrigin::Wildcard),
            ("chrome-extension://*", InvalidOrigin::Wildcard),
            ("tauri://*.example.com", InvalidOrigin::Wildcard),
            ("https://*.com", InvalidOrigin::SharedDomain),
            ("https://*.co.uk", InvalidOrigin::SharedDomain),
            ("https://*.com.au", InvalidOrigin::SharedDomain),
            ("https://*.vercel.app", InvalidOrigin::SharedDomain),
            ("https://*.Pages.dev:8443", InvalidOrigin::SharedDomain),
            ("https://*.s3.eu-west-1.amazonaws.com", InvalidOrigin::SharedDomain),
        ] {
            assert_eq!(OriginPattern::parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn wildcard_matches_exactly_one_label() {
        let pattern = OriginPattern::parse("https://*.example.com").unwrap();
        for origin in ["https://a.example.com", "https://pr-1.example.com", "HTTPS://A.Example.com"]
        {
            assert!(pattern.matches(origin), "{origin}");
        }
        for origin in [
            "https://example.com",
            "https://.example.com",
            "https://a.b.example.com",
            "https://a.example.com.evil.com",
            "https://a.evil-example.com",
            "https://evil.com/.example.com",
            "https://evil.com#.example.com",
            "https://evil.com:80.example.com",
            "https://user@.example.com",
            "https://*.example.com",
            "http://a.example.com",
            "https://a.example.com:8443",
            "",
            "null",
        ] {
            assert!(!pattern.matches(origin), "{origin}");
        }
        let port = OriginPattern::parse("http://*.localhost:3000").unwrap();
        assert!(port.matches("http://acme.localhost:3000"));
        assert!(!port.matches("http://acme.localhost"));
    }

    #[test]
    fn exact_origin_ignores_case_only() {
        let pattern = OriginPattern::parse("HTTPS://App.Example.com").unwrap();
        assert!(pattern.matches("https://app.example.com"));
        for origin in ["https://app.example.com:8443", "https://app.example.com/", "https://app"] {
            assert!(!pattern.matches(origin), "{origin}");
        }
    }
}

//! Explains why no answer arrives.

use std::{error::Error, io};

use super::TIMEOUT;
use crate::cli::root_cause;

/// Returns the cause of a failed request, and what to do about it.
pub(super) fn explain(error: &reqwest::Error) -> (String, &'static str) {
    let cause = root_cause(error);
    if error.is_timeout() {
        let cause = format!("no answer within {} s", TIMEOUT.as_secs());
        return (cause, "check the host and the port of the URL, and the firewall in front of it");
    }
    let texts: Vec<_> = chain(error).iter().map(ToString::to_string).collect();
    let has = |word: &str| texts.iter().any(|text| text.contains(word));
    let remediation = if has("dns error") {
        "correct the host of the URL, or create its DNS record; the name of a tunnel can end with it"
    } else if is_refused(error) {
        "start the service, or pass the URL from Clerk's dashboard with --to"
    } else if has("invalid peer certificate") {
        "replace the TLS certificate: Svix does not deliver to a server without a valid one"
    } else if has("InvalidContentType") || has("received corrupt message") {
        "correct the port or the scheme of the URL: the port does not speak TLS"
    } else if has("invalid HTTP version") || has("HTTP/0.9") {
        "correct the port of the URL: it does not speak HTTP"
    } else {
        "check that the service runs, and the proxy in front of it; for a port with TLS, use https"
    };
    (cause, remediation)
}

/// Returns an error and its causes.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let (mut causes, mut next) = (vec![error], error.source());
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let causes = chain(error).into_iter().filter_map(|it| it.downcast_ref::<io::Error>());
    causes.into_iter().any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, time::Duration};

    use reqwest::Client;

    use super::*;

    #[tokio::test]
    async fn timeout_is_explained() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let client = Client::builder().tls_certs_only([]).no_proxy();
        let client = client.timeout(Duration::from_millis(20)).build().unwrap();
        let error = client.get(url).send().await.unwrap_err();
        let (cause, remediation) = explain(&error);
        assert_eq!(cause, "no answer within 10 s");
        assert!(remediation.contains("firewall"), "{remediation}");
    }
}

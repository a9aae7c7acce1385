//! `meetvo doctor --to`, with servers that answer in place of the service.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread,
};

use tempfile::tempdir;

use super::{doctor::assert_found, stderr};
use crate::harness::{Process, ReservedPort};

/// Starts a server with scripted responses, one per request, and returns its URL.
fn scripted_server(responses: &[&str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhooks/clerk", listener.local_addr().unwrap());
    let responses: Vec<_> = responses.iter().map(|it| (*it).to_owned()).collect();
    thread::spawn(move || {
        for response in responses {
            let mut connection = BufReader::new(listener.accept().unwrap().0);
            let (mut line, mut length) = (String::new(), 0);
            while connection.read_line(&mut line).unwrap() > 2 {
                let header = line.trim_end().to_ascii_lowercase();
                if let Some(value) = header.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
                line.clear();
            }
            connection.read_exact(&mut vec![0; length]).unwrap();
            let (head, body) = response.split_once("\n\n").unwrap_or((&response, ""));
            let response = format!(
                "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                head.replace('\n', "\r\n"),
                body.len()
            );
            connection.get_mut().write_all(response.as_bytes()).unwrap();
        }
    });
    url
}

/// Asserts that the command reports an error with these words, for a server with these responses.
fn assert_explained(responses: &[&str], words: &[&str]) {
    let folder = tempdir().unwrap();
    let to = scripted_server(responses);
    let output = Process::run(folder.path(), [], &["doctor", "--json", "--to", &to]);
    assert_found(&output, "delivery path", "error", words);
    assert!(!String::from_utf8_lossy(&output.stdout).contains('\u{9b}'), "{}", stderr(&output));
}

/// Returns a problem document of the service.
fn problem(status: &str, code: &str, detail: &str) -> String {
    format!(
        "{status}\ncontent-type: application/problem+json\n\n\
         {{\"code\":\"{code}\",\"detail\":\"{detail}\"}}"
    )
}

#[test]
fn problem_documents_are_explained() {
    let mismatch = &*problem("400 Bad Request", "signature_mismatch", "none");
    let stripped = &*problem("400 Bad Request", "header_missing", "the header svix-id is missing");
    let late = &*problem("400 Bad Request", "timestamp_out_of_tolerance", "late");
    let unavailable = &*problem("503 Unavailable", "database_unavailable", "no database");
    let unknown = &*problem("404 Not Found", "not_found", "no such path");
    let large = &*problem("413 Too Large", "body_too_large", "the body is too large");
    for (responses, words) in [
        (
            &[mismatch, "200 OK\n\n{\"decision\":\"ignored\"}"][..],
            &["changes bodies", "forward bodies unchanged"][..],
        ),
        (&[mismatch, mismatch], &["its signing secret differs"]),
        (&[stripped], &["the header svix-id is missing", "svix-signature"]),
        (&[late], &["has a clock that differs"]),
        (&[unavailable], &["is unavailable: no database"]),
        (&[unknown], &["does not exist", "/webhooks/clerk"]),
        (&[large], &["413", "(body_too_large)", "the service's log"]),
    ] {
        assert_explained(responses, words);
    }
}

/// A status alone says little: a 404 that is no problem document is not this service's.
#[test]
fn unknown_programs_are_not_the_service() {
    for (response, words) in [
        ("200 OK\n\n<html>Welcome</html>", &["is not this service", "events are lost"][..]),
        ("200 OK\nserver: nginx\n\nok", &["another program answers (`server: nginx`)"]),
        ("404 Not Found\nserver: nginx\n\n<html>", &["not from this service", "`server: nginx`"]),
        (
            "404 Not Found\n\n{\"code\":\"not_found\"}",
            &["not from this service", "host of the URL"],
        ),
        ("404 Not Found\nserver: \u{9b}2J\n\n", &["not from this service", "u{9b}2J"]),
        ("502 Bad Gateway\n\n<html>", &["does not reach the service"]),
        ("413 Content Too Large", &["413", "limits and filters"]),
    ] {
        assert_explained(&[response], words);
    }
}

#[test]
fn tunnels_and_cloudflare_are_named() {
    for (response, words) in [
        (
            "404 Not Found\nngrok-error-code: ERR_NGROK_3200\ncontent-type: text/html\n\n<html>",
            &["not from this service: ngrok answers", "(ERR_NGROK_3200)", "start `ngrok http`"][..],
        ),
        (
            "502 Bad Gateway\nngrok-error-code: ERR_NGROK_8012\n\n<html>",
            &["ngrok answers", "does not reach the service", "start the service"],
        ),
        ("511 X\nngrok-error-code: ERR_NGROK_6024\n\n", &["a warning page for browsers"]),
        (
            "403 Forbidden\nserver: cloudflare\ncf-ray: 1-FRA\ncf-mitigated: challenge\n\n<html>",
            &["Cloudflare answers with a challenge for browsers", "skip the challenge"],
        ),
        (
            "530 \nserver: cloudflare\ncf-ray: 1-FRA\n\nerror code: 1033",
            &["no connector of the tunnel is running (error 1033)", "`cloudflared`"],
        ),
        ("530 \nserver: cloudflare\n\n<html>", &["the tunnel or the origin is not available"]),
        ("521 \nserver: cloudflare\n\nerror code: 521", &["the origin refuses connections"]),
        ("522 \nserver: cloudflare\n\n", &["the origin does not answer in time"]),
        ("526 \nserver: cloudflare\n\n", &["the TLS certificate of the origin is not valid"]),
        (
            "403 Forbidden\nserver: cloudflare\n\nerror code: 1020",
            &["Cloudflare rejects the request (error 1020)", "WAF"],
        ),
        ("404 Not Found\nserver: cloudflare\n\n<html>", &["a server behind Cloudflare answers"]),
        ("503 Unavailable\nx-localtunnel-status: x\n\n", &["localtunnel answers"]),
    ] {
        assert_explained(&[response], words);
    }
}

#[test]
fn hosts_are_named() {
    for (response, words) in [
        (
            "404 Not Found\nserver: Vercel\nx-vercel-error: DEPLOYMENT_NOT_FOUND\n\nnot found",
            &["Vercel answers (DEPLOYMENT_NOT_FOUND)", "belongs to another deployment"][..],
        ),
        ("405 X\nserver: Vercel\nx-vercel-id: fra1::x\n\n", &["an application on Vercel answers"]),
        (
            "404 Not Found\nserver: railway-edge\nx-railway-fallback: true\n\n{\"status\":\"error\",\
             \"code\":404,\"message\":\"Application not found\"}",
            &["Railway answers: no application has this domain"],
        ),
        (
            "502 Bad Gateway\nserver: railway-edge\nx-railway-fallback: true\n\n{\"code\":502,\
             \"message\":\"Application failed to respond\"}",
            &["Railway answers: the application does not respond", "target port"],
        ),
        ("404 Not Found\nx-render-routing: no-server\n\n", &["Render answers: no service has"]),
        ("503 Unavailable\nx-render-routing: suspend\n\n", &["does not respond (suspend)"]),
        ("502 Bad Gateway\nserver: Fly/1\nfly-request-id: x\n\n", &["Fly.io answers"]),
        ("404 Not Found\nserver: Heroku\n\n", &["Heroku answers"]),
        ("404 Not Found\nserver: Netlify\nx-nf-request-id: x\n\n", &["Netlify answers"]),
        ("404 Not Found\nserver: awselb/2.0\n\n", &["a load balancer of AWS answers"]),
    ] {
        assert_explained(&[response], words);
    }
}

#[test]
fn logins_and_redirects_are_named() {
    for (response, words) in [
        (
            "401 Unauthorized\nserver: Vercel\nset-cookie: _vercel_sso_nonce=x; Path=/\n\n<html>",
            &["Vercel answers with its Deployment Protection"][..],
        ),
        (
            "404 Not Found\nserver: Vercel\nx-clerk-auth-status: signed-out\n\
             x-clerk-auth-reason: session-token-and-uat-missing\n\n",
            &["Clerk's middleware of another application", "(session-token-and-uat-missing)"],
        ),
        (
            "401 Unauthorized\nx-clerk-auth-status: signed-out\n\n",
            &["(signed-out)", "without auth"],
        ),
        (
            "307 Temporary Redirect\nlocation: \
             https://x.clerk.accounts.dev/v1/client/handshake?redirect_url=x",
            &["Clerk's middleware of another application answers (a handshake for browsers)"],
        ),
        ("401 Unauthorized\n\nlog in", &["requires a login"]),
        ("401 Unauthorized\nwww-authenticate: Basic\n\n", &["requires a login"]),
        ("302 Found\nlocation: /oauth2/sign_in", &["requires a login", "without a login"]),
        (
            "302 Found\nserver: cloudflare\nlocation: https://x.cloudflareaccess.com/cdn-cgi/access/x",
            &["Cloudflare Access requires a login"],
        ),
        (
            "308 Permanent Redirect\nserver: cloudflare\nlocation: https://www.example.com/x",
            &["redirects to https://www.example.com/x", "Svix does not follow redirects"],
        ),
        ("403 Forbidden", &["a login, a firewall or a filter rejects the request"]),
    ] {
        assert_explained(&[response], words);
    }
}

/// Starts a server that sends these bytes to each connection, without reading.
fn raw_server(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for connection in listener.incoming() {
            drop(connection.and_then(|mut connection| connection.write_all(bytes)));
        }
    });
    address
}

#[test]
fn missing_answer_is_explained() {
    let folder = tempdir().unwrap();
    let port = ReservedPort::new();
    let free = port.address;
    let plain = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let silent = raw_server(b"");
    for (to, words) in [
        (format!("http://{free}"), ["is unreachable", "refused", "start the service"]),
        (
            "https://meetvo.invalid/webhooks/clerk".to_owned(),
            ["meetvo.invalid/webhooks/clerk is unreachable", "DNS record", "host of the URL"],
        ),
        (format!("https://{plain}"), ["is unreachable", "does not speak TLS", "scheme"]),
        (format!("http://{silent}"), ["is unreachable", "proxy in front", "https"]),
    ] {
        let output = Process::run(folder.path(), [], &["doctor", "--json", "--to", &to]);
        assert_found(&output, "delivery path", "error", &words);
    }
}

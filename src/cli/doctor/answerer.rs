//! Recognizes the tunnels, hosts and login pages that answer in place of the service.
//!
//! A status alone says little: every program answers 404, and a challenge for browsers is a 403
//! like a login. Headers and bodies name the program.

use http::{HeaderMap, StatusCode, header};

/// Answer of another program.
pub(super) struct Foreign<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    /// Beginning of the body.
    pub(super) body: &'a str,
}

/// Program that answers in place of the service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answerer {
    /// Name of the program and the reason that it gives.
    pub(super) name: String,
    pub(super) remediation: &'static str,
}

/// Rules in the order in which they are tried. Those of a program come before those of the hosts
/// that it can run on.
const RULES: [Rule; 11] = [
    ngrok,
    clerk_middleware,
    cloudflare_error,
    vercel_protection,
    login_page,
    vercel,
    railway,
    render,
    other_tunnels,
    other_hosts,
    cloudflare,
];

/// Rules for a redirect. The location of any other redirect says enough.
const REDIRECT_RULES: [Rule; 3] = [clerk_middleware, vercel_protection, login_page];

type Rule = fn(&Foreign<'_>) -> Option<Answerer>;

/// Remediation for a host on which the URL belongs to another deployment.
const HOST: &str = "the URL belongs to another deployment, or to none: use the URL of this service";

impl Foreign<'_> {
    /// Returns the program that has answered, if its answer is typical.
    pub(super) fn answerer(&self) -> Option<Answerer> {
        let rules: &[Rule] = match self.status.is_redirection() {
            true => &REDIRECT_RULES,
            false => &RULES,
        };
        rules.iter().find_map(|rule| rule(self))
    }

    /// Returns a name for a program without a rule.
    pub(super) fn server(&self) -> String {
        match self.header("server") {
            Some(server) => format!("another program answers (`server: {server}`)"),
            None => "another program answers".to_owned(),
        }
    }

    /// Returns a header, escaped: any program can answer, with control sequences of terminals.
    fn header(&self, name: &str) -> Option<String> {
        let value = String::from_utf8_lossy(self.headers.get(name)?.as_bytes()).into_owned();
        let short: String = value.chars().take(80).collect();
        Some(short.escape_debug().to_string())
    }

    /// Returns true if a header contains a word, in lower case.
    fn has(&self, name: &str, word: &str) -> bool {
        let values = self.headers.get_all(name).iter();
        let mut values = values.map(|it| String::from_utf8_lossy(it.as_bytes()).to_lowercase());
        values.any(|value| value.contains(word))
    }
}

/// Returns the result of a rule that applies.
#[expect(clippy::unnecessary_wraps, reason = "the result of a rule is an option")]
fn found(name: impl Into<String>, remediation: &'static str) -> Option<Answerer> {
    Some(Answerer { name: name.into(), remediation })
}

fn ngrok(answer: &Foreign<'_>) -> Option<Answerer> {
    let code = answer.header("ngrok-error-code")?;
    let (reason, remediation) = match code.as_str() {
        "ERR_NGROK_3200" => (
            "the tunnel is not running",
            "start `ngrok http` again, and use its current URL in Clerk's dashboard",
        ),
        "ERR_NGROK_8012" => (
            "the tunnel does not reach the service",
            "start the service, and pass its port to `ngrok http`",
        ),
        "ERR_NGROK_6024" => {
            ("a warning page for browsers", "use a domain of your ngrok account, or a paid account")
        }
        _ => ("an error of the tunnel", "look up the code at https://ngrok.com/docs/errors"),
    };
    found(format!("ngrok answers: {reason} ({code})"), remediation)
}

fn clerk_middleware(answer: &Foreign<'_>) -> Option<Answerer> {
    let is_handshake = answer.has("location", "/v1/client/handshake");
    let reason = answer.header("x-clerk-auth-reason").or(answer.header("x-clerk-auth-status"));
    let reason = reason.or(is_handshake.then(|| "a handshake for browsers".to_owned()))?;
    found(
        format!("Clerk's middleware of another application answers ({reason})"),
        "use the URL of this service; if the application forwards the path to it, let \
         clerkMiddleware pass the path without authentication",
    )
}

fn cloudflare_error(answer: &Foreign<'_>) -> Option<Answerer> {
    if answer.has("cf-mitigated", "challenge") {
        return found(
            "Cloudflare answers with a challenge for browsers",
            "let POST /webhooks/clerk skip the challenge, with a custom rule of Cloudflare's WAF",
        );
    }
    let is_cloudflare = answer.has("server", "cloudflare") || answer.headers.contains_key("cf-ray");
    let code = answer.body.split_once("error code: ").map(|(_, rest)| rest);
    let code: String = code.map_or_else(String::new, |rest| {
        rest.chars().take_while(char::is_ascii_digit).take(5).collect()
    });
    let reason = match (code.as_str(), answer.status.as_u16()) {
        _ if !is_cloudflare => return None,
        ("1033", _) => "no connector of the tunnel is running (error 1033)".to_owned(),
        ("1020" | "1010" | "1015", _) => {
            return found(
                format!("Cloudflare rejects the request (error {code})"),
                "let POST /webhooks/clerk pass the rules of Cloudflare's WAF",
            );
        }
        (_, 530) => match code.as_str() {
            "" => "the tunnel or the origin is not available".to_owned(),
            code => format!("the origin is not available (error {code})"),
        },
        (_, 520) => "the origin sends an unknown answer".to_owned(),
        (_, 521) => "the origin refuses connections".to_owned(),
        (_, 522 | 524) => "the origin does not answer in time".to_owned(),
        (_, 523) => "the origin cannot be reached".to_owned(),
        (_, 525 | 526) => "the TLS certificate of the origin is not valid".to_owned(),
        _ => return None,
    };
    found(
        format!("Cloudflare answers: {reason}"),
        "start the tunnel (`cloudflared`) and the service, and correct the origin in Cloudflare's \
         dashboard",
    )
}

fn vercel_protection(answer: &Foreign<'_>) -> Option<Answerer> {
    let has_nonce = answer.has("set-cookie", "_vercel_sso_nonce");
    let is_protected = has_nonce || answer.has("location", "vercel.com/sso");
    is_protected.then(|| Answerer {
        name: "Vercel answers with its Deployment Protection".to_owned(),
        remediation: "use the URL of this service, or turn the protection of the deployment off",
    })
}

fn vercel(answer: &Foreign<'_>) -> Option<Answerer> {
    let is_vercel = answer.has("server", "vercel") || answer.headers.contains_key("x-vercel-id");
    match answer.header("x-vercel-error") {
        Some(error) => found(format!("Vercel answers ({error})"), HOST),
        None if is_vercel => found("an application on Vercel answers", HOST),
        None => None,
    }
}

fn railway(answer: &Foreign<'_>) -> Option<Answerer> {
    let is_fallback = answer.headers.contains_key("x-railway-fallback");
    if !is_fallback && !answer.has("server", "railway") {
        return None;
    }
    if answer.body.contains("failed to respond") || answer.status == StatusCode::BAD_GATEWAY {
        return found(
            "Railway answers: the application does not respond",
            "read the log of the deployment, and set the target port of the domain to PORT",
        );
    }
    if is_fallback || answer.body.contains("Application not found") {
        return found("Railway answers: no application has this domain", HOST);
    }
    found("an application on Railway answers", HOST)
}

fn render(answer: &Foreign<'_>) -> Option<Answerer> {
    let routing = answer.header("x-render-routing")?;
    match routing.as_str() {
        "no-server" => found("Render answers: no service has this domain (no-server)", HOST),
        _ => found(
            format!("Render answers: the service does not respond ({routing})"),
            "read the log of the service on Render, and resume it if it is suspended",
        ),
    }
}

fn other_tunnels(answer: &Foreign<'_>) -> Option<Answerer> {
    let tunnels = [
        ("localtunnel", "x-localtunnel-status"),
        ("localtunnel", "x-localtunnel-agent-ips"),
        ("Microsoft's dev tunnel", "x-ms-devtunnel"),
        ("Tailscale Funnel", "tailscale-error"),
    ];
    let (name, _) = tunnels.into_iter().find(|(_, it)| answer.headers.contains_key(*it))?;
    found(
        format!("{name} answers"),
        "start the tunnel and the service, and use the tunnel's current URL",
    )
}

fn other_hosts(answer: &Foreign<'_>) -> Option<Answerer> {
    let hosts = [
        ("Heroku", answer.has("server", "heroku") || answer.body.contains("herokucdn.com/error")),
        ("Fly.io", answer.headers.contains_key("fly-request-id")),
        ("Netlify", answer.headers.contains_key("x-nf-request-id")),
        ("GitHub Pages", answer.headers.contains_key("x-github-request-id")),
        ("a load balancer of AWS", answer.has("server", "awselb")),
        ("CloudFront", answer.headers.contains_key("x-amz-cf-id")),
        ("Google's frontend", answer.has("server", "google frontend")),
    ];
    let (name, _) = hosts.into_iter().find(|(_, is_host)| *is_host)?;
    let remediation = match answer.status.as_u16() {
        500..=599 => "check that the service runs there, and that it listens on the expected port",
        _ => HOST,
    };
    found(format!("{name} answers"), remediation)
}

/// A page that asks for a login, or a redirect to one.
fn login_page(answer: &Foreign<'_>) -> Option<Answerer> {
    let location = answer.headers.get(header::LOCATION).and_then(|it| it.to_str().ok());
    let location = location.filter(|_| answer.status.is_redirection()).unwrap_or_default();
    let location = location.to_lowercase();
    let words = ["login", "log-in", "sign-in", "signin", "/auth", "/sso", "oauth2", "/saml"];
    let asks = answer.headers.contains_key(header::WWW_AUTHENTICATE)
        || words.iter().any(|word| location.contains(word));
    let name = match location.contains("cloudflareaccess.com") {
        true => "Cloudflare Access requires a login",
        false if asks => "a proxy in front of the service requires a login",
        false => return None,
    };
    found(name, "allow POST /webhooks/clerk without a login; its signature authenticates it")
}

fn cloudflare(answer: &Foreign<'_>) -> Option<Answerer> {
    let is_cloudflare = answer.has("server", "cloudflare") || answer.headers.contains_key("cf-ray");
    let (name, remediation) = match answer.status.as_u16() {
        403 => (
            "Cloudflare or the server behind it rejects the request",
            "let POST /webhooks/clerk pass the rules of Cloudflare's WAF",
        ),
        _ => ("a server behind Cloudflare answers", "correct the origin in Cloudflare's dashboard"),
    };
    is_cloudflare.then(|| Answerer { name: name.to_owned(), remediation })
}

//! `meetvo doctor`: checks the installation, and reports a remediation for each problem.

mod answerer;
mod clerk;
mod database;
mod events;
mod probe;
mod service;
mod unreachable;

use std::{io::Write, time::Duration};

use clap::Args;
use http::Uri;
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};

use super::{
    CommandError, block_on, init_logging, root_cause,
    terminal::{WithoutSecrets, stdout},
};
use crate::{
    clerk::signature::SigningSecrets,
    config::{Faults, Settings, Sources},
};

/// Timeout of each request. It is longer than the service or Clerk needs.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Check settings, database, clock, Clerk and the delivery path for problems.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo doctor
  meetvo doctor --to https://hooks.example.com/webhooks/clerk

The command sends a signed test delivery to the service. With --to, the delivery
takes the same path as Clerk's deliveries, so the command also checks proxies
and firewalls. The service stores the delivery as one ignored event, also if the
command runs several times. The check of the database writes one row of the
table `checks`. The other checks change nothing.

The grade of a check is ok, skipped, warning or error. If the grade of any check
is error, the command exits with 1.")]
pub(super) struct Doctor {
    /// URL of the webhook endpoint in Clerk's dashboard [default: the service on this machine].
    #[arg(long, value_name = "URL")]
    to: Option<Uri>,
    /// Print one JSON array of objects with check, grade, message and remediation.
    #[arg(long)]
    json: bool,
}

/// Result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    /// Name of the check.
    check: &'static str,
    grade: Grade,
    message: String,
    /// Action that fixes the problem.
    remediation: Option<String>,
}

/// Grade of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Ok,
    /// The settings do not enable the feature, or a precondition of the check is missing.
    Skipped,
    /// The feature works, with a risk.
    Warning,
    Error,
}

impl Grade {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Finding {
    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, grade: Grade::Ok, message: message.into(), remediation: None }
    }

    fn skipped(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, grade: Grade::Skipped, message: message.into(), remediation: None }
    }

    fn warning(
        check: &'static str,
        message: impl Into<String>,
        remediation: impl Into<String>,
    ) -> Self {
        let (message, remediation) = (message.into(), Some(remediation.into()));
        Self { check, grade: Grade::Warning, message, remediation }
    }

    fn error(
        check: &'static str,
        message: impl Into<String>,
        remediation: impl Into<String>,
    ) -> Self {
        let (message, remediation) = (message.into(), Some(remediation.into()));
        Self { check, grade: Grade::Error, message, remediation }
    }
}

pub(super) fn run(command: &Doctor, sources: &Sources) -> Result<(), CommandError> {
    let findings = match Settings::load(sources) {
        Err(faults) => fault_findings(&faults),
        Ok(settings) => {
            init_logging(&settings, None, None)?;
            block_on(async { Ok(run_checks(&settings, command.to.as_ref()).await) })?
        }
    };
    match command.json {
        true => writeln!(stdout(), "{:#}", findings.iter().map(object).collect::<Value>())?,
        false => findings.iter().try_for_each(|it| write!(stdout(), "{}", text(it)))?,
    }
    match findings.iter().filter(|it| it.grade == Grade::Error).count() {
        0 => Ok(()),
        failed => Err(CommandError::ChecksFailed(failed)),
    }
}

fn fault_findings(Faults(faults): &Faults) -> Vec<Finding> {
    let remediation = "correct the setting, and run the command again";
    let error = |message: String| Finding::error("settings", message, remediation);
    faults.iter().map(|fault| error(format!("{} {}", fault.setting, fault.problem))).collect()
}

async fn run_checks(settings: &Settings, to: Option<&Uri>) -> Vec<Finding> {
    let mut findings = vec![Finding::ok(
        "settings",
        format!("valid for the environment {}", settings.environment),
    )];
    if let Err(faults) = settings.require_private_secrets() {
        findings.extend(fault_findings(&faults));
    }
    findings.push(check_signing_secrets(settings));
    findings.extend(database::check(settings).await);
    match client() {
        Ok(client) => {
            findings.extend(clerk::check(settings, &client).await);
            findings.extend(probe::check(settings, &client, to).await);
            findings.push(service::check(settings, &client, to).await);
        }
        Err(error) => {
            let message = format!("TLS is not available: {}", root_cause(&error));
            let remediation = "install the CA certificates of the system";
            findings.push(Finding::error("network", message, remediation));
        }
    }
    findings
}

fn check_signing_secrets(settings: &Settings) -> Finding {
    let check = "signing secrets";
    let secrets = &settings.clerk.webhook_signing_secrets;
    if settings.require_signing_secret().is_err() {
        let remediation = "set CLERK_WEBHOOK_SIGNING_SECRET to the endpoint's signing secret, \
                           which Clerk's dashboard shows";
        return Finding::error(check, "none is configured", remediation);
    }
    let parsed = SigningSecrets::new(secrets.iter().map(|it| (&*it.label, it.secret.expose())));
    let labels: Vec<_> = secrets.iter().map(|it| &*it.label).collect();
    match parsed {
        Ok(_) => Finding::ok(check, labels.join(", ")),
        Err(error) => {
            let remediation =
                "copy it again from Clerk's dashboard: Webhooks, the endpoint, Signing Secret";
            Finding::error(check, format!("{}: {error}", labels.join(", ")), remediation)
        }
    }
}

/// Creates a client that follows no redirects, like Svix.
fn client() -> reqwest::Result<Client> {
    let agent = concat!("meetvo-doctor/", env!("CARGO_PKG_VERSION"));
    Client::builder().user_agent(agent).timeout(TIMEOUT).redirect(Policy::none()).build()
}

fn text(finding: &Finding) -> String {
    let Finding { check, grade, message, remediation } = finding;
    // Messages quote URLs, and responses of other programs.
    let message = shown(message);
    let remediation = remediation.as_deref().map(|it| format!("{:26}{}\n", "", shown(it)));
    format!("{:<8} {check:<16} {message}\n{}", grade.as_str(), remediation.unwrap_or_default())
}

fn object(finding: &Finding) -> Value {
    let Finding { check, grade, message, remediation } = finding;
    json!({
        "check": check,
        "grade": grade.as_str(),
        "message": shown(message),
        "remediation": remediation.as_deref().map(shown),
    })
}

fn shown(text: &str) -> String {
    WithoutSecrets(text).to_string()
}

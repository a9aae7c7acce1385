//! `meetvo doctor`: what is wrong, and what mends it.

mod clerk;
mod database;
mod probe;

use std::{
    io::{Write, stdout},
    time::Duration,
};

use clap::Args;
use http::Uri;
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};

use super::{CommandError, block_on, root_cause, init_logging};
use crate::{
    clerk::signature::SigningSecrets,
    config::{Faults, Settings, Sources},
};

/// Longer than a service or Clerk takes for anything.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Look for what keeps deliveries from arriving: settings, database, clock, Clerk, and the way in
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo doctor
  meetvo doctor --to https://hooks.example.com/webhooks/clerk

Signs a delivery as Svix does, and posts it to the service: with --to by the way that Clerk's go,
which finds what stands in front of it. The service keeps it as one ignored event, however often it
comes. Everything else is looked at without a change.

Exits with 1 where something is wrong.")]
pub(super) struct Doctor {
    /// Where Clerk posts to [default: the service on this machine]
    #[arg(long, value_name = "URL")]
    to: Option<Uri>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What came of one look.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    what: &'static str,
    grade: Grade,
    /// How it is.
    says: String,
    /// What to do about it.
    mend: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Good,
    /// There was nothing to look at.
    Open,
    /// It works, and may not for long, or not as it was meant.
    Warning,
    Bad,
}

impl Grade {
    fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Open => "open",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

impl Finding {
    fn good(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, grade: Grade::Good, says: says.into(), mend: None }
    }

    fn open(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, grade: Grade::Open, says: says.into(), mend: None }
    }

    fn warning(what: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, grade: Grade::Warning, says: says.into(), mend: Some(mend.into()) }
    }

    fn bad(what: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, grade: Grade::Bad, says: says.into(), mend: Some(mend.into()) }
    }
}

pub(super) fn run(command: &Doctor, sources: &Sources) -> Result<(), CommandError> {
    let findings = match Settings::load(sources) {
        Err(faults) => of_faults(&faults),
        Ok(settings) => {
            init_logging(&settings)?;
            block_on(async { Ok(examine(&settings, command.to.as_ref()).await) })?
        }
    };
    match command.json {
        true => writeln!(stdout(), "{:#}", findings.iter().map(object).collect::<Value>())?,
        false => findings.iter().try_for_each(|it| write!(stdout(), "{}", text(it)))?,
    }
    match findings.iter().filter(|it| it.grade == Grade::Bad).count() {
        0 => Ok(()),
        wrong => Err(CommandError::ChecksFailed(wrong)),
    }
}

fn of_faults(Faults(faults): &Faults) -> Vec<Finding> {
    let bad = |problem: String| Finding::bad("settings", problem, "correct it, and ask again");
    faults.iter().map(|fault| bad(format!("{} {}", fault.setting, fault.problem))).collect()
}

async fn examine(settings: &Settings, to: Option<&Uri>) -> Vec<Finding> {
    let mut findings =
        vec![Finding::good("settings", format!("those of {}", settings.environment))];
    findings.push(signing_secrets(settings));
    findings.extend(database::look(settings).await);
    match client() {
        Ok(client) => {
            findings.extend(clerk::look(settings, &client).await);
            findings.extend(probe::look(settings, &client, to).await);
        }
        Err(error) => {
            let says = format!("no TLS is to be had: {}", root_cause(&error));
            findings.push(Finding::bad("network", says, "install the system's certificates"));
        }
    }
    findings
}

fn signing_secrets(settings: &Settings) -> Finding {
    let what = "signing secrets";
    let secrets = &settings.clerk.webhook_signing_secrets;
    if let Err(faults) = settings.require_signing_secret() {
        return Finding::bad(what, "there is none", faults.to_string());
    }
    let read = SigningSecrets::new(secrets.iter().map(|it| (&*it.label, it.secret.expose())));
    let labels: Vec<_> = secrets.iter().map(|it| &*it.label).collect();
    match read {
        Ok(_) => Finding::good(what, labels.join(", ")),
        Err(error) => {
            let mend =
                "copy it anew from Clerk's dashboard: Webhooks, the endpoint, Signing Secret";
            Finding::bad(what, format!("of {}: {error}", labels.join(", ")), mend)
        }
    }
}

/// A client that follows nothing, as Svix does.
fn client() -> reqwest::Result<Client> {
    let agent = concat!("meetvo-doctor/", env!("CARGO_PKG_VERSION"));
    Client::builder().user_agent(agent).timeout(TIMEOUT).redirect(Policy::none()).build()
}

fn text(finding: &Finding) -> String {
    let Finding { what, grade, says, mend } = finding;
    let mend = mend.as_ref().map(|mend| format!("{:26}{mend}\n", ""));
    format!("{:<8} {what:<16} {says}\n{}", grade.as_str(), mend.unwrap_or_default())
}

fn object(finding: &Finding) -> Value {
    let Finding { what, grade, says, mend } = finding;
    json!({ "what": what, "grade": grade.as_str(), "says": says, "mend": mend })
}

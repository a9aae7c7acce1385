//! `meetvo endpoints`: manages the endpoints to which changes are pushed.

mod replay;
mod view;

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

pub(super) use self::view::attempt_object;
use self::view::{attempts_table, endpoints_table, object};
use super::{
    CommandError, format_time, load_settings,
    terminal::{escape, note, stdout},
    with_store,
};
use crate::{
    app,
    clock::Clock,
    config::Sources,
    push::{
        admin::{AdminError, EndpointAdmin, EndpointValues},
        endpoint::Headers,
    },
    store::push::endpoints::StoredEndpoint,
};

/// Manage the endpoints to which the service sends changes.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  meetvo endpoints new https://app.example.com/hooks --type 'user.*'
  meetvo endpoints list
  meetvo endpoints test ep_3c9d0e1f2a4b5c6d7e8f9a0b
  meetvo endpoints attempts ep_3c9d0e1f2a4b5c6d7e8f9a0b --failed

A change of an endpoint takes effect within two seconds, also on a running
service. Messages are signed by the rules of Standard Webhooks, so that the
libraries of Svix verify them. docs/how-to/push-changes.md describes them.")]
pub(super) enum Endpoints {
    New(New),
    List(List),
    Update(Update),
    /// Enable an endpoint, and send the messages since it was disabled.
    Enable(One),
    /// Stop the messages to an endpoint until it is enabled again. They are kept.
    Disable(One),
    /// Delete an endpoint with its waiting messages.
    Delete(One),
    /// Replace the signing secret, and print the new one. Both sign for 24 hours.
    Rotate(One),
    /// Send a test message from this machine, and print the result.
    Test(One),
    Attempts(Attempts),
    Replay(replay::Replay),
}

/// Create an endpoint, and print its signing secret.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo endpoints new https://app.example.com/hooks --type 'user.*'
  meetvo endpoints new https://app.example.com/hooks --type '*' --rate 50

The endpoint gets a message about each change from now on. Its signing secret
is stored encrypted with the first key of MEETVO_PUSH_KEYS, and no command can
show it again.")]
pub(super) struct New {
    /// URL to which messages are sent.
    #[arg(value_name = "URL")]
    url: String,
    /// Type of messages: user.created, 'membership.*' or '*'; repeatable.
    #[arg(long = "type", value_name = "TYPE", required = true)]
    types: Vec<String>,
    #[command(flatten)]
    values: Values,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// List the endpoints.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo endpoints list
  meetvo endpoints list --json")]
pub(super) struct List {
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

/// Change an endpoint.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo endpoints update ep_3c9d0e1f2a4b5c6d7e8f9a0b --type '*'
  meetvo endpoints update ep_3c9d0e1f2a4b5c6d7e8f9a0b --rate 0")]
pub(super) struct Update {
    /// ID of the endpoint.
    #[arg(value_name = "ENDPOINT")]
    id: String,
    /// URL to which messages are sent.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Type of messages: user.created, 'membership.*' or '*'; repeatable. They replace the present
    /// ones.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    #[command(flatten)]
    values: Values,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Values of an endpoint that can be left out.
#[derive(Debug, Args)]
pub(super) struct Values {
    /// Description for people.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Header of each request; repeatable. An update replaces all headers.
    #[arg(long = "header", value_name = "NAME=VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// Maximum number of messages per second, 0 to 10000; 0 for no limit, which is the default.
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
}

/// ID of an endpoint.
#[derive(Debug, Args)]
pub(super) struct One {
    /// ID of the endpoint.
    #[arg(value_name = "ENDPOINT")]
    id: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// List the newest attempts to deliver messages.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo endpoints attempts ep_3c9d0e1f2a4b5c6d7e8f9a0b
  meetvo endpoints attempts ep_3c9d0e1f2a4b5c6d7e8f9a0b --failed --limit 10")]
pub(super) struct Attempts {
    /// ID of the endpoint.
    #[arg(value_name = "ENDPOINT")]
    id: String,
    /// Only those that failed.
    #[arg(long)]
    failed: bool,
    /// Show at most this many, 1 to 10000.
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    limit: u16,
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

impl Values {
    fn with(&self, url: Option<&String>, types: &[String]) -> EndpointValues {
        let headers: Headers = self.headers.iter().cloned().collect();
        EndpointValues {
            url: url.cloned(),
            types: Some(types.to_vec()).filter(|types| !types.is_empty()),
            description: self.description.clone(),
            headers: Some(headers).filter(|headers| !headers.is_empty()),
            rate: self.rate,
        }
    }
}

/// Parses `NAME=VALUE`.
fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim().to_lowercase(), value.trim().to_owned()))
}

pub(super) fn run(command: &Endpoints, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    with_store(&settings, async |store| {
        let admin = app::endpoint_admin(&settings, store, &Clock::system())?;
        match command {
            Endpoints::New(command) => create(command, &admin).await,
            Endpoints::List(command) => list(command, &admin).await,
            Endpoints::Update(command) => update(command, &admin).await,
            Endpoints::Enable(one) => print(&admin, &admin.enable(&one.id).await?, one.json),
            Endpoints::Disable(one) => print(&admin, &admin.disable(&one.id).await?, one.json),
            Endpoints::Delete(one) => delete(one, &admin).await,
            Endpoints::Rotate(one) => rotate(one, &admin).await,
            Endpoints::Test(one) => test(one, &admin).await,
            Endpoints::Attempts(command) => attempts(command, &admin).await,
            Endpoints::Replay(command) => replay::run(command, &admin).await,
        }
    })
}

async fn create(command: &New, admin: &EndpointAdmin) -> Result<(), CommandError> {
    let values = command.values.with(Some(&command.url), &command.types);
    let (endpoint, secret) = admin.create(values).await?;
    print_secret(admin, &endpoint, &secret, command.json)
}

async fn rotate(one: &One, admin: &EndpointAdmin) -> Result<(), CommandError> {
    let (endpoint, secret) = admin.rotate(&one.id).await?;
    print_secret(admin, &endpoint, &secret, one.json)?;
    let until = endpoint.previous_secret_expires_at.map(format_time).unwrap_or_default();
    note(format_args!("messages are also signed with the previous secret until {until}"));
    Ok(())
}

fn print_secret(
    admin: &EndpointAdmin,
    endpoint: &StoredEndpoint,
    secret: &str,
    json: bool,
) -> Result<(), CommandError> {
    if json {
        let mut object = object(admin, endpoint)?;
        object["secret"] = secret.into();
        return Ok(writeln!(stdout(), "{object:#}")?);
    }
    writeln!(stdout(), "id     {}\nsecret {secret}", endpoint.id)?;
    note("store the secret now; no command can show it again");
    Ok(())
}

async fn list(command: &List, admin: &EndpointAdmin) -> Result<(), CommandError> {
    let endpoints = admin.store.push_endpoints().await?;
    if command.json {
        let objects: Result<Vec<_>, _> = endpoints.iter().map(|it| object(admin, it)).collect();
        return Ok(writeln!(stdout(), "{:#}", json!(objects?))?);
    }
    let mut counts = Vec::with_capacity(endpoints.len());
    for endpoint in &endpoints {
        counts.push(admin.store.count_push_messages(&endpoint.id).await?);
    }
    Ok(writeln!(stdout(), "{}", endpoints_table(&endpoints, &counts).trim_fmt())?)
}

async fn update(command: &Update, admin: &EndpointAdmin) -> Result<(), CommandError> {
    let values = command.values.with(command.url.as_ref(), &command.types);
    print(admin, &admin.update(&command.id, values).await?, command.json)
}

/// Prints an endpoint after a change.
fn print(admin: &EndpointAdmin, endpoint: &StoredEndpoint, json: bool) -> Result<(), CommandError> {
    if json {
        return Ok(writeln!(stdout(), "{:#}", object(admin, endpoint)?)?);
    }
    let status = if endpoint.disabled.is_some() { "disabled" } else { "enabled" };
    note(format_args!("{} is {status}: {}", endpoint.id, escape(&endpoint.url)));
    Ok(())
}

async fn delete(one: &One, admin: &EndpointAdmin) -> Result<(), CommandError> {
    admin.delete(&one.id).await?;
    if one.json {
        return Ok(writeln!(stdout(), "{:#}", json!({ "id": one.id, "deleted": true }))?);
    }
    note(format_args!("deleted the endpoint {}", escape(&one.id)));
    Ok(())
}

async fn test(one: &One, admin: &EndpointAdmin) -> Result<(), CommandError> {
    let reply = admin.test(&one.id, format_time(admin.clock.now())).await?;
    if one.json {
        let object = json!({
            "delivered": reply.is_delivered(),
            "status": reply.status,
            "problem": reply.problem,
        });
        writeln!(stdout(), "{object:#}")?;
    }
    match reply.problem {
        None => {
            note("the endpoint accepted the test message");
            Ok(())
        }
        Some(problem) => Err(CommandError::TestFailed(problem)),
    }
}

async fn attempts(command: &Attempts, admin: &EndpointAdmin) -> Result<(), CommandError> {
    admin.read(&command.id).await?;
    let limit = command.limit;
    let found = admin.store.push_attempts(&command.id, command.failed, limit).await?;
    if command.json {
        let objects: Vec<_> = found.iter().map(attempt_object).collect();
        return Ok(writeln!(stdout(), "{:#}", json!(objects))?);
    }
    Ok(writeln!(stdout(), "{}", attempts_table(&found).trim_fmt())?)
}

impl From<AdminError> for CommandError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Store(error) => Self::Store(error),
            error => Self::Endpoint(error),
        }
    }
}

//! `meetvo trigger`: generates events and posts them to a running service.
//!
//! | module | contents |
//! |---|---|
//! | [`examples`] | an example event of every type |
//! | [`ksuid`] | IDs in the format of Clerk |
//! | [`fake_user`] | names, addresses and IDs of a user who does not exist |
//! | [`rewrite`] | rewrites an example for another user and the current time |
//! | [`user_state`] | the user object after each event of a scenario |
//! | [`organization_state`] | the user's organization, its members and invitations, likewise |
//! | [`billing_state`] | the user's subscription and its payments, likewise |
//! | [`scenario`] | the scenarios and their events |
//! | [`events`] | builds the events |
//! | [`messages`] | waits for the messages about the events, and shows them |

mod billing_state;
mod events;
mod examples;
mod fake_user;
mod ksuid;
mod messages;
mod organization_state;
mod rewrite;
mod scenario;
mod user_state;

use std::io::Write;

use clap::{ArgGroup, Args, builder::PossibleValuesParser};
use comfy_table::Table;
use http::StatusCode;
use serde_json::{Value, json};

use self::{
    events::{Event, EventBuilder, EventOptions},
    scenario::Scenario,
};
use super::{
    CommandError,
    api::{ApiClient, ServiceArgs},
    block_on,
    replay::{self, FieldEdit, Message, Outcome, Sender},
    terminal::{self, note, stdout},
};
use crate::{
    clock::Clock,
    config::{Settings, Sources},
    domain::Millis,
};

/// Maximum length of a user ID in bytes.
const MAX_ID_LENGTH: usize = 255;

/// Generate events and post them to a running service, with Svix signatures
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true).args(["kind", "scenario", "list"]),
    after_help = "\
Examples:
  meetvo trigger user.created --set data.first_name=Ada
  meetvo trigger user.created --count 100
  meetvo trigger user.updated --set data.public_metadata.plan=pro
  meetvo trigger --scenario sign-up
  meetvo trigger --scenario sign-out --user user_2y0IKh2dgvr6dwjLUFUwGYPv1vB
  meetvo trigger --scenario link-account --scenario delete-account --seed 7
  meetvo trigger --scenario create-organization --messages
  meetvo trigger --scenario invite-member --scenario change-role --seed 7
  meetvo trigger --scenario subscribe --scenario upgrade --scenario cancel
  meetvo trigger --list

Without --user, the events are about a new user, and a scenario begins with the
scenarios that it needs: a sign-up, a new organization, an invited member, a
subscription. With --user, they are about the user of an earlier call: names,
addresses, the session, the organization with its members and the subscription
depend only on the user ID. Each call
starts from the user as after the sign-up, without the changes of earlier calls.

With --messages, the command reads the messages from the service, with the API
key in the environment variable MEETVO_API_KEY, which needs the scope admin, or
with the public key of `meetvo dev`. It fails if a message is not delivered by
its first attempt.

Without --to, the command uses the environment variable MEETVO_TO, which can
also be set in .env. Without both, it posts to the service on this machine, at
the address of HOST and PORT (http://127.0.0.1:8080 by default)."
)]
pub(super) struct Trigger {
    /// Send an event of this type, such as user.created
    #[arg(
        value_name = "TYPE",
        value_parser = PossibleValuesParser::new(examples::types()),
        hide_possible_values = true
    )]
    kind: Option<String>,
    /// Send a series of events about one user, and the user's organization and
    /// subscription; repeatable
    #[arg(long, value_name = "NAME")]
    scenario: Vec<Scenario>,
    /// List the event types
    #[arg(long)]
    list: bool,
    /// Send events about this user [default: a new user]
    #[arg(long, value_name = "USER", value_parser = parse_user_id)]
    user: Option<String>,
    /// Change a field, as in `data.first_name=Ada` or
    /// `data.public_metadata.plan=pro`; repeatable
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<FieldEdit>,
    /// Send the event or the scenarios this many times, 1 to 10000, each time
    /// about another new user unless --user names one
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        value_parser = clap::value_parser!(u16).range(1..=10_000)
    )]
    count: u16,
    /// Generate the same user and IDs in every call, with new event times
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Post to this URL [default: the service on this machine]
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// Sign with this secret of the endpoint [default: the first configured
    /// secret, or the development secret]
    #[arg(long, value_name = "WHSEC")]
    secret: Option<String>,
    /// Wait up to a minute for the messages that the service sends to your
    /// endpoints, and print them
    #[arg(long)]
    messages: bool,
    /// Print the events and the responses as one JSON object, or the list as
    /// one JSON array
    #[arg(long)]
    json: bool,
}

/// An event with its response.
struct Delivery {
    event: Event,
    status: StatusCode,
    /// Decision or problem code, if the response has one.
    decision: Option<String>,
    /// Messages to the endpoints as the API returns them, if they were read.
    messages: Option<Value>,
}

pub(super) fn run(command: &Trigger, sources: &Sources) -> Result<(), CommandError> {
    if command.list {
        return list_types(command.json);
    }
    // The service quarantines events of other instances.
    let instance = Settings::load(sources).ok().and_then(|settings| settings.clerk.instance_id);
    let events = build_events(command, instance.as_deref(), Clock::system().now())?;
    let secret = replay::signing_secret(command.secret.as_deref(), sources)?;
    let targets = replay::targets(command.to.as_slice(), sources)?;
    let sender = Sender::new(&targets, &secret)?;
    let service = ServiceArgs::new(command.to.clone());
    let client = command.messages.then(|| ApiClient::new(&service, sources)).transpose()?;
    let (deliveries, done) = block_on(async {
        let (mut deliveries, mut done) = post(&sender, events, &targets).await;
        if let Some(client) = &client {
            let shown = messages::wait(client, &mut deliveries).await;
            done = done.and(shown.map_err(CommandError::from));
        }
        Ok((deliveries, done))
    })?;
    print(&deliveries, command.json)?;
    let (all, undelivered) = messages::count(&deliveries);
    match done {
        Ok(()) if undelivered > 0 => Err(CommandError::MessagesUndelivered { undelivered, all }),
        Ok(()) if command.messages && all == 0 => {
            note(
                "no endpoint gets a message about these events; create one with \
                 `meetvo endpoints new`",
            );
            Ok(())
        }
        done => done,
    }
}

/// Prints the events, and the messages if they were read.
fn print(deliveries: &[Delivery], json: bool) -> Result<(), CommandError> {
    if json {
        let events: Vec<_> = deliveries.iter().map(Delivery::to_json).collect();
        writeln!(stdout(), "{:#}", json!({ "events": events }))?;
    } else if !deliveries.is_empty() {
        writeln!(stdout(), "{}", table(deliveries).trim_fmt())?;
        if messages::count(deliveries).0 > 0 {
            writeln!(stdout(), "\n{}", messages::table(deliveries).trim_fmt())?;
        }
    }
    Ok(())
}

fn list_types(json: bool) -> Result<(), CommandError> {
    if json {
        return Ok(writeln!(stdout(), "{:#}", examples::types().collect::<Value>())?);
    }
    Ok(examples::types().try_for_each(|kind| writeln!(stdout(), "{kind}"))?)
}

/// Builds the events that the command line asks for.
fn build_events(
    command: &Trigger,
    instance: Option<&str>,
    now: Millis,
) -> Result<Vec<Event>, CommandError> {
    let (key, second) = match command.seed {
        Some(seed) => (seed.to_string(), fake_user::second_of_2025(&seed.to_string())),
        None => (random_key()?, now.div_euclid(1000)),
    };
    let invites = |scenario: &&Scenario| **scenario == Scenario::InviteMember;
    let invitations = command.scenario.iter().filter(invites).map(|_| 1).sum::<u64>().max(1);
    let mut events = Vec::new();
    let mut at = now;
    for repetition in 0..command.count {
        let key = match repetition {
            0 => key.clone(),
            repetition => format!("{key}.{repetition}"),
        };
        let new_user = ksuid::id("user", second, &key, "user");
        // The organization of a named user gets other members in each repetition.
        let first_member = match &command.user {
            Some(_) => u64::from(repetition) * invitations,
            None => 0,
        };
        let options = EventOptions {
            user: command.user.as_deref().unwrap_or(&new_user),
            user_may_exist: command.user.is_some(),
            first_member,
            key: &key,
            second,
            instance,
            edits: &command.set,
        };
        let built = match &command.kind {
            Some(kind) => EventBuilder::single_event(kind, options, at)?,
            None => EventBuilder::scenario_events(&command.scenario, options, at)?,
        };
        // The times of all events differ, so that the events about one user have an order.
        at = built.iter().fold(at, |at, _| at.saturating_add(1));
        events.extend(built);
    }
    Ok(events)
}

/// Posts the events in order. Stops at the first event that is not accepted, because the later
/// events depend on it.
async fn post(
    sender: &Sender,
    events: Vec<Event>,
    targets: &[String],
) -> (Vec<Delivery>, Result<(), CommandError>) {
    let mut deliveries = Vec::new();
    for event in events {
        let message = Message { id: event.id.clone(), body: event.payload.to_string() };
        let Outcome::Response(status, decision) = sender.send_one(message).await else {
            return (deliveries, Err(CommandError::TargetUnreachable(targets.join(", "))));
        };
        let failure = match decision.as_deref() {
            _ if status.is_success() => None,
            Some("signature_mismatch") => Some(CommandError::SigningSecretMismatch),
            _ => Some(CommandError::DeliveriesRejected),
        };
        deliveries.push(Delivery { event, status, decision, messages: None });
        if let Some(failure) = failure {
            return (deliveries, Err(failure));
        }
    }
    (deliveries, Ok(()))
}

impl Delivery {
    fn kind(&self) -> &str {
        self.event.payload["type"].as_str().unwrap_or_default()
    }

    fn subject(&self) -> Option<&str> {
        rewrite::subject(&self.event.payload)
    }

    /// Returns the decision. Adds the status if it is not 2xx or there is no decision.
    fn outcome(&self) -> String {
        let status = (!self.status.is_success() || self.decision.is_none()).then_some(self.status);
        let parts = [status.map(|status| status.as_u16().to_string()), self.decision.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn to_json(&self) -> Value {
        let mut object = json!({
            "id": self.event.id,
            "type": self.kind(),
            "subject": self.subject(),
            "status": self.status.as_u16(),
            "decision": self.decision,
            "payload": self.event.payload,
        });
        if let Some(messages) = &self.messages {
            object["messages"].clone_from(messages);
        }
        object
    }
}

fn table(deliveries: &[Delivery]) -> Table {
    let rows = deliveries.iter().map(|delivery| {
        let subject = delivery.subject().unwrap_or_default().to_owned();
        let kind = delivery.kind().to_owned();
        [kind, subject, delivery.outcome(), delivery.event.id.clone()]
    });
    terminal::table(["type", "subject", "decision", "event"], rows)
}

/// Returns 16 random bytes in hexadecimal.
fn random_key() -> Result<String, CommandError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// Parses a user ID of the command line.
fn parse_user_id(text: &str) -> Result<String, &'static str> {
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    match text.starts_with("user_") && visible && text.len() <= MAX_ID_LENGTH {
        true => Ok(text.to_owned()),
        false => Err("expected the id of a user, such as user_2y0IKh2dgvr6dwjLUFUwGYPv1vB"),
    }
}

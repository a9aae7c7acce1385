//! `meetvo trigger`: makes events up, and posts them to a running service.
//!
//! | module | holds |
//! |---|---|
//! | [`templates`] | an example of every type |
//! | [`ksuid`] | ids |
//! | [`person`] | somebody made up |
//! | [`renewal`] | an example → the same about somebody else, now |
//! | [`user`] | what becomes of a user in a story |
//! | [`scenario`] | what happens to a user, and which events say so |
//! | [`story`] | the events |

mod ksuid;
mod person;
mod renewal;
mod scenario;
mod story;
mod templates;
mod user;

use std::{
    io::{Write, stdout},
    slice,
};

use clap::{ArgGroup, Args, builder::PossibleValuesParser};
use comfy_table::{Table, presets};
use http::{StatusCode, Uri};
use serde_json::{Value, json};

use self::{
    scenario::Scenario,
    story::{Event, Setting, Story},
};
use super::{
    Failure, block_on,
    replay::{self, FieldEdit, Message, Outcome, Sender},
};
use crate::{
    clock::Clock,
    config::{Settings, Sources},
    domain::Millis,
};

/// The longest id of a user that is taken.
const MAX_ID_LENGTH: usize = 255;

/// Make events up, and post them to a running service, signed as Svix signs them
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true).args(["kind", "scenario", "list"]),
    after_help = "\
Examples:
  meetvo trigger user.created --set data.first_name=Ada
  meetvo trigger --scenario sign-up
  meetvo trigger --scenario sign-out --user user_2y0IKh2dgvr6dwjLUFUwGYPv1vB
  meetvo trigger --scenario link-account --scenario delete-account --seed 7
  meetvo trigger --list

Each call is about somebody new, unless --user or --seed says who; a scenario of somebody new begins
with the sign-up. Names, addresses and the session follow from the user's id, so that --user goes on
with the story of an earlier call; what --set and other calls changed is not remembered."
)]
pub(super) struct Trigger {
    /// The event's type, such as user.created
    #[arg(
        value_name = "TYPE",
        value_parser = PossibleValuesParser::new(templates::types()),
        hide_possible_values = true
    )]
    kind: Option<String>,
    /// Several events that belong together, about one user; may repeat, and the story goes on
    #[arg(long, value_name = "NAME")]
    scenario: Vec<Scenario>,
    /// Print the types
    #[arg(long)]
    list: bool,
    /// The user whom it is about [default: somebody new]
    #[arg(long, value_name = "USER", value_parser = user_id)]
    user: Option<String>,
    /// Change a field: `data.first_name=Ada`; may repeat
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<FieldEdit>,
    /// Make the same user and the same ids each time; only the times of the events are new
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Where to post
    #[arg(long, value_name = "URL", default_value = replay::DEFAULT_TARGET)]
    to: Uri,
    /// The endpoint's signing secret [default: the configured one, or that of development]
    #[arg(long, value_name = "WHSEC")]
    secret: Option<String>,
    /// Print what was sent and answered as one JSON object
    #[arg(long)]
    json: bool,
}

/// An event that was answered.
struct Delivery {
    event: Event,
    status: StatusCode,
    /// What the service said that it did.
    decision: Option<String>,
}

pub(super) fn run(command: &Trigger, sources: &Sources) -> Result<(), Failure> {
    if command.list {
        return Ok(templates::types().try_for_each(|kind| writeln!(stdout(), "{kind}"))?);
    }
    // Events of another instance would be quarantined.
    let instance = Settings::load(sources).ok().and_then(|settings| settings.clerk.instance_id);
    let events = make(command, instance.as_deref(), Clock::system().now())?;
    let secret = replay::signing_secret(command.secret.as_deref(), sources)?;
    let sender = Sender::new(slice::from_ref(&command.to), &secret)?;
    let (deliveries, posted) = block_on(async { Ok(post(&sender, events, &command.to).await) })?;
    if command.json {
        let deliveries: Vec<_> = deliveries.iter().map(Delivery::to_json).collect();
        writeln!(stdout(), "{:#}", json!({ "events": deliveries }))?;
    } else if !deliveries.is_empty() {
        writeln!(stdout(), "{}", table(&deliveries).trim_fmt())?;
    }
    posted
}

fn make(command: &Trigger, instance: Option<&str>, now: Millis) -> Result<Vec<Event>, Failure> {
    let (key, second) = match command.seed {
        Some(seed) => (seed.to_string(), person::some_second(&seed.to_string())),
        None => (random()?, now.div_euclid(1000)),
    };
    let newcomer = ksuid::id("user", second, &key, "user");
    let setting = Setting {
        user: command.user.as_deref().unwrap_or(&newcomer),
        known: command.user.is_some(),
        key: &key,
        second,
        instance,
        edits: &command.set,
    };
    match &command.kind {
        Some(kind) => Story::of_type(kind, setting, now),
        None => Story::of_scenarios(&command.scenario, setting, now),
    }
}

/// Posts one event after the other, up to the first that is not taken: the others make no sense
/// without it.
async fn post(
    sender: &Sender,
    events: Vec<Event>,
    to: &Uri,
) -> (Vec<Delivery>, Result<(), Failure>) {
    let mut deliveries = Vec::new();
    for event in events {
        let message = Message { id: event.id.clone(), body: event.payload.to_string() };
        let Outcome::Response(status, decision) = sender.send_one(message).await else {
            return (deliveries, Err(Failure::NotReached(to.clone())));
        };
        let failure = match decision.as_deref() {
            _ if status.is_success() => None,
            Some("signature_mismatch") => Some(Failure::OtherSecret),
            _ => Some(Failure::NotAllTaken),
        };
        deliveries.push(Delivery { event, status, decision });
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
        renewal::subject(&self.event.payload)
    }

    /// The decision, or what else was answered.
    fn outcome(&self) -> String {
        let status = (!self.status.is_success() || self.decision.is_none()).then_some(self.status);
        let parts = [status.map(|status| status.as_u16().to_string()), self.decision.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.event.id,
            "type": self.kind(),
            "subject": self.subject(),
            "status": self.status.as_u16(),
            "decision": self.decision,
            "payload": self.event.payload,
        })
    }
}

fn table(deliveries: &[Delivery]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["type", "subject", "decision", "event"]);
    for delivery in deliveries {
        let subject = delivery.subject().unwrap_or_default();
        table.add_row([delivery.kind(), subject, &delivery.outcome(), &delivery.event.id]);
    }
    table
}

/// 16 bytes of chance.
fn random() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

fn user_id(text: &str) -> Result<String, &'static str> {
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    match text.starts_with("user_") && visible && text.len() <= MAX_ID_LENGTH {
        true => Ok(text.to_owned()),
        false => Err("expected the id of a user, such as user_2y0IKh2dgvr6dwjLUFUwGYPv1vB"),
    }
}

//! `meetvo why`: shows the history of an event or an object.

mod messages;
mod standing;

use std::io::Write;

use clap::Args;
use comfy_table::Table;
use serde_json::{Value, json};

use self::standing::standing;
use super::{
    CommandError, format_time, load_settings,
    terminal::{self, escape, stdout},
    with_store,
};
use crate::{
    config::Sources,
    domain::{decision::Decision, stored_decision::StoredDecision},
    objects::{AnyState, Kind, membership::Membership},
    push::event_messages::{self, EventMessage},
    store::{
        PageRequest, Store, commit, events::StoredEvent, object_events::EventsOf,
        stored_objects::WholeObject, users::UserFilter,
    },
};

/// Maximum number of memberships that are shown of a user.
const MAX_MEMBERSHIPS: u16 = 500;

/// Show the history of an event, a user or another object, with the decision for each event.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo why msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq
  meetvo why user_2rfTF8P3Cf1zjl92u9aNy4VJjau
  meetvo why ada@example.com
  meetvo why org_2xT1cPq7Yd0mVb4KzRw9LhNfGsE

The history of an event lists the messages that the service sent to your
endpoints (`meetvo endpoints`). The ID of an event is the svix-id of Clerk's
delivery. A message names it in `change.event_id`; its own ID is another one.

The ID of an organization shows the events of all that belongs to it. The IDs of
other objects, such as memberships, show only their own events.

An email address selects the user who has it as the primary address, without
regard to case. If several users claim the address, the command selects the one
who has verified it, or else the one with the newest data. The command changes
nothing, and services can keep running.")]
pub(super) struct Why {
    /// ID of an event (svix-id), a user or another object, or the primary email address of a user.
    #[arg(value_name = "ID", value_parser = given_id)]
    id: String,
    /// Show at most this many of the latest events of an object, 1 to 500.
    #[arg(
        long,
        value_name = "N",
        default_value = "50",
        value_parser = clap::value_parser!(u16).range(1..=500)
    )]
    limit: u16,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Parses an ID or address of the command line.
fn given_id(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("expected the ID of an event or an object, or an email address"),
        text => Ok(text.to_owned()),
    }
}

/// Stored history of an event or an object.
enum History {
    Event {
        event: Box<StoredEvent>,
        /// Event of the reprocessing that applied it later.
        applied_by: Option<Box<StoredEvent>>,
        /// Messages about its changes.
        messages: Vec<EventMessage>,
    },
    Object(ObjectHistory),
}

/// Stored history of an object.
struct ObjectHistory {
    id: String,
    /// Stored object, or `None` if no event about it was applied.
    object: Option<WholeObject>,
    /// Memberships, if the object is a user.
    memberships: Vec<Membership>,
    /// Latest events, ordered from old to new.
    events: Vec<StoredEvent>,
    /// Earlier events exist.
    has_earlier: bool,
}

pub(super) fn run(command: &Why, sources: &Sources) -> Result<(), CommandError> {
    let find = async |store: &Store| find(store, &command.id, command.limit).await;
    let history = with_store(&load_settings(sources)?, find)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&history))?,
        false => write!(stdout(), "{}", text(&history))?,
    }
    Ok(())
}

async fn find(store: &Store, id: &str, limit: u16) -> Result<History, CommandError> {
    if let Some(event) = store.event(id).await? {
        let applied_by = store.event(&commit::reprocessed_id(id)).await?;
        let (event, applied_by) = (Box::new(event), applied_by.map(Box::new));
        let messages = event_messages::of_event(store, id).await?;
        return Ok(History::Event { event, applied_by, messages });
    }
    if let Some(history) = object_history(store, id, limit).await? {
        return Ok(History::Object(history));
    }
    if !id.contains('@') {
        return Err(CommandError::UnknownId(id.to_owned()));
    }
    let by_email = UserFilter { emails: vec![id.to_owned()], ..UserFilter::default() };
    let owner = store.users(&by_email, &PageRequest { after: None, limit: 1 }).await?.items.pop();
    let history = match owner {
        Some(owner) => object_history(store, &owner.id, limit).await?,
        None => None,
    };
    let history = history.map(History::Object);
    history.ok_or_else(|| CommandError::UnknownEmail(id.to_owned()))
}

/// Returns the history of an object, or none if the object and its events are unknown.
async fn object_history(
    store: &Store,
    id: &str,
    limit: u16,
) -> Result<Option<ObjectHistory>, CommandError> {
    let mut object = None;
    for kind in Kind::ALL {
        object = object.or(store.whole_objects(kind, &[id]).await?.pop());
    }
    let mut events = Vec::new();
    for of in event_owners(id, object.as_ref()) {
        events = store.events_of(of, limit + 1).await?;
        if !events.is_empty() {
            break;
        }
    }
    if object.is_none() && events.is_empty() {
        return Ok(None);
    }
    let has_earlier = events.len() > usize::from(limit);
    events.truncate(limit.into());
    events.reverse();
    let memberships = match object.as_ref().map(|it| it.state.kind()) {
        Some(Kind::User) => memberships(store, id).await?,
        _ => Vec::new(),
    };
    Ok(Some(ObjectHistory { id: id.to_owned(), object, memberships, events, has_earlier }))
}

/// Returns the ways to find the events about an object, to try until one finds some.
fn event_owners<'a>(id: &'a str, object: Option<&'a WholeObject>) -> Vec<EventsOf<'a>> {
    let Some(state) = object.map(|it| &it.state) else {
        return vec![EventsOf::User(id), EventsOf::Organization(id), EventsOf::Object(id)];
    };
    vec![match (state.kind(), state.user_id(), state.organization_id()) {
        (Kind::User, ..) => EventsOf::User(id),
        (Kind::Organization, ..) => EventsOf::Organization(id),
        (_, Some(user_id), None) => EventsOf::UsersObject { user_id, id },
        _ => EventsOf::Object(id),
    }]
}

/// Returns the memberships of a user.
async fn memberships(store: &Store, user_id: &str) -> Result<Vec<Membership>, CommandError> {
    let ids = store.live_membership_ids(Kind::User, user_id, MAX_MEMBERSHIPS).await?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = store.whole_objects(Kind::Membership, &ids).await?;
    let memberships = found.into_iter().filter_map(|it| match it.state {
        AnyState::Membership(membership) => Some(*membership),
        _ => None,
    });
    let mut memberships: Vec<_> = memberships.collect();
    memberships.sort_by(|a, b| a.data.organization_id.cmp(&b.data.organization_id));
    Ok(memberships)
}

/// Explains a decision.
fn meaning(decision: &StoredDecision) -> &'static str {
    let Some(decision) = decision.known() else {
        return "A newer version of the program recorded this decision.";
    };
    match decision {
        Decision::Applied => "The event was newer than the stored data, and changed it.",
        Decision::Stale => "The event was not newer than the stored data, and changed nothing.",
        Decision::Tombstoned => {
            "The object of the event, its user or its organization is deleted permanently, so the \
             event changed nothing."
        }
        Decision::Ignored => {
            "The type is not synced. The event is stored without personal data and changed nothing."
        }
        Decision::Quarantined => {
            "The event belongs to another instance than clerk.instance_id, and changed nothing."
        }
        Decision::Failed => {
            "The payload could not be decoded or was rejected by the database, or the stored row \
             that it changes could not be read. It changed nothing."
        }
        Decision::Dismissed => {
            "The event failed or was quarantined, and an operator dismissed it. It changed nothing."
        }
    }
}

/// Returns the action that can get an event applied.
fn remediation(event: &StoredEvent) -> Option<String> {
    let command = format!("meetvo reprocess {}", escape(&event.id));
    match event.decision.known()? {
        Decision::Applied | Decision::Stale | Decision::Tombstoned | Decision::Ignored => None,
        Decision::Quarantined => {
            Some(format!("If clerk.instance_id is wrong, correct it and run `{command}`."))
        }
        Decision::Failed => {
            Some(format!("After an upgrade that supports the payload, run `{command}`."))
        }
        Decision::Dismissed => Some(format!("To try the event again, run `{command}`.")),
    }
}

fn text(history: &History) -> String {
    match history {
        History::Event { event, applied_by, messages } => {
            event_text(event, applied_by.as_deref()) + &messages::text(messages)
        }
        History::Object(history) => object_text(history),
    }
}

fn object_text(history: &ObjectHistory) -> String {
    let id = escape(&history.id);
    let earlier =
        if history.has_earlier { "Earlier events exist; --limit shows more.\n" } else { "" };
    let memberships = history.memberships.iter().map(|it| {
        let (id, organization) = (escape(&it.id), escape(&it.data.organization_id));
        let role = escape(it.data.role.as_deref().unwrap_or("no role"));
        format!("  {organization} as {role} ({id})\n")
    });
    let memberships: String = memberships.collect();
    let memberships = match memberships.is_empty() {
        true => memberships,
        false => format!("\nMember of:\n{memberships}"),
    };
    let standing = standing(history.object.as_ref());
    format!("{id} {standing}\n{memberships}\n{}\n{earlier}", table(&history.events))
}

fn event_text(event: &StoredEvent, applied_by: Option<&StoredEvent>) -> String {
    let kind = escape(event.kind.as_deref().unwrap_or("an event without a type"));
    let reason = event.reason.as_ref().map(|reason| format!("Reason: {}", escape(reason)));
    let next = match applied_by {
        Some(later) => {
            Some(format!("Reprocessing applied the event at {}.", format_time(later.received_at)))
        }
        None => remediation(event),
    };
    let lines = [Some(meaning(&event.decision).to_owned()), reason, next];
    let lines = lines.into_iter().flatten().map(|line| format!("  {line}\n"));
    let secret = event.secret.as_deref().map(|label| format!(", signed with the secret {label}"));
    let purged = "purged, by retention or with its user, organization or object".to_owned();
    let dismissed =
        event.dismissal.as_ref().map(|it| format!("{} by {}", format_time(it.at), escape(&it.by)));
    let owners = [event.subject.as_ref(), event.organization_id.as_ref()];
    let is_other = |id: &String| !owners.contains(&Some(id));
    let facts = [
        ("user", event.subject.clone()),
        ("organization", event.organization_id.clone()),
        ("object", event.object_id.clone().filter(is_other)),
        ("instance", event.instance_id.clone()),
        ("occurred", event.occurred_at.map(format_time)),
        ("received", Some(format_time(event.received_at) + &secret.unwrap_or_default())),
        ("dismissed", dismissed),
        ("payload", Some(purged).filter(|_| event.payload.is_none())),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let facts = facts.map(|(name, value)| format!("  {name:<12} {}\n", escape(&value)));
    let (lines, facts): (String, String) = (lines.collect(), facts.collect());
    let (id, decision) = (escape(&event.id), event.decision.as_str());
    format!("{id} is {decision}: {kind}\n\n{lines}\n{facts}")
}

fn table(events: &[StoredEvent]) -> Table {
    let header = ["received", "occurred", "type", "decision", "event", "reason"];
    let rows = events.iter().map(|event| {
        [
            format_time(event.received_at),
            event.occurred_at.map(format_time).unwrap_or_default(),
            event.kind.clone().unwrap_or_default(),
            event.decision.as_str().to_owned(),
            event.id.clone(),
            event.reason.clone().unwrap_or_default(),
        ]
    });
    terminal::table(header, rows)
}

fn object(history: &History) -> Value {
    let event_object = |event: &StoredEvent| {
        json!({
            "id": event.id,
            "seq": event.seq,
            "type": event.kind,
            "subject": event.subject,
            "organization_id": event.organization_id,
            "object_id": event.object_id,
            "instance_id": event.instance_id,
            "decision": event.decision.as_str(),
            "meaning": meaning(&event.decision),
            "reason": event.reason,
            "secret": event.secret,
            "occurred_at": event.occurred_at.map(format_time),
            "received_at": format_time(event.received_at),
            "dismissed": event.dismissal.as_ref().map(|it| json!({
                "was": it.decision,
                "by": it.by,
                "at": format_time(it.at),
            })),
        })
    };
    match history {
        History::Event { event, applied_by, messages } => {
            let mut object = event_object(event);
            object["applied_at"] = json!(applied_by.as_ref().map(|it| format_time(it.received_at)));
            object["remediation"] = json!(remediation(event).filter(|_| applied_by.is_none()));
            object["messages"] = messages::objects(messages);
            object
        }
        History::Object(history) => {
            let ObjectHistory { id, object, memberships, events, has_earlier } = history;
            let is_user = matches!(object, Some(it) if it.state.kind() == Kind::User);
            let memberships = memberships.iter().map(|it| {
                json!({
                    "id": it.id,
                    "organization_id": it.data.organization_id,
                    "role": it.data.role,
                })
            });
            let mut shown = json!({
                "id": id,
                "kind": object.as_ref().map(|it| it.state.kind().name()),
                "standing": standing(object.as_ref()),
                "deleted_at": object.as_ref().and_then(|it| it.deleted_at).map(format_time),
                "events": events.iter().map(event_object).collect::<Value>(),
                "has_earlier": has_earlier,
            });
            if is_user {
                shown["memberships"] = memberships.collect();
            }
            shown
        }
    }
}

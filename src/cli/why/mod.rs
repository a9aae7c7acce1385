//! `meetvo why`: shows the history of an event or a user.

use std::io::Write;

use clap::Args;
use comfy_table::Table;
use serde_json::{Value, json};

use super::{
    CommandError, format_time, load_settings,
    terminal::{self, escape, stdout},
    with_store,
};
use crate::{
    config::Sources,
    domain::{decision::Decision, stored_decision::StoredDecision},
    objects::{AnyState, Kind},
    store::{
        PageRequest, Store, commit,
        events::{EventFilter, StoredEvent},
        stored_objects::WholeObject,
        users::UserFilter,
    },
};

/// Show the history of an event or user, with the decision for each event.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo why msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq
  meetvo why user_2rfTF8P3Cf1zjl92u9aNy4VJjau
  meetvo why ada@example.com

An email address selects the user who has it as the primary address, without
regard to case. If several users claim the address, the command selects the one
who has verified it, or else the one with the newest data. The command changes
nothing, and services can keep running.")]
pub(super) struct Why {
    /// ID of an event (svix-id) or a user, or the primary email address of a user.
    #[arg(value_name = "ID", value_parser = given_id)]
    id: String,
    /// Show at most this many of the latest events of a user, 1 to 500.
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
        "" => Err("expected the ID of an event or a user, or an email address"),
        text => Ok(text.to_owned()),
    }
}

/// Stored history of an event or a user.
enum History {
    Event {
        event: StoredEvent,
        /// Event of the reprocessing that applied it later.
        applied_by: Option<StoredEvent>,
    },
    User {
        id: String,
        /// Stored user, or `None` if no event about the user was applied.
        user: Option<WholeObject>,
        /// Latest events, ordered from old to new.
        events: Vec<StoredEvent>,
        /// Earlier events exist.
        has_earlier: bool,
    },
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
        return Ok(History::Event { event, applied_by });
    }
    if let Some(history) = user_history(store, id, limit).await? {
        return Ok(history);
    }
    if !id.contains('@') {
        return Err(CommandError::UnknownId(id.to_owned()));
    }
    let by_email = UserFilter { email: Some(id.to_owned()), ..UserFilter::default() };
    let owner = store.users(&by_email, &PageRequest { after: None, limit: 1 }).await?.items.pop();
    let history = match owner {
        Some(owner) => user_history(store, &owner.id, limit).await?,
        None => None,
    };
    history.ok_or_else(|| CommandError::UnknownEmail(id.to_owned()))
}

/// Returns the history of a user, or none if the user and its events are unknown.
async fn user_history(
    store: &Store,
    id: &str,
    limit: u16,
) -> Result<Option<History>, CommandError> {
    let user = store.whole_objects(Kind::User, &[id]).await?.pop();
    let about = EventFilter { subject: Some(id.to_owned()), ..EventFilter::default() };
    let page = PageRequest { after: None, limit: limit + 1 };
    let mut events = store.events(&about, &page).await?.items;
    let has_earlier = events.len() > usize::from(limit);
    events.truncate(limit.into());
    events.reverse();
    let is_known = user.is_some() || !events.is_empty();
    Ok(is_known.then(|| History::User { id: id.to_owned(), user, events, has_earlier }))
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
            "The user of the event is deleted permanently, so the event changed nothing."
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
        History::Event { event, applied_by } => event_text(event, applied_by.as_ref()),
        History::User { id, user, events, has_earlier } => {
            let id = escape(id);
            let earlier =
                if *has_earlier { "Earlier events exist; --limit shows more.\n" } else { "" };
            format!("{id} {}\n\n{}\n{earlier}", user_state(user.as_ref()), table(events))
        }
    }
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
    let purged = "purged, by retention or with its user".to_owned();
    let dismissed =
        event.dismissal.as_ref().map(|it| format!("{} by {}", format_time(it.at), escape(&it.by)));
    let facts = [
        ("user", event.subject.clone()),
        ("object", event.object_id.clone().filter(|it| event.subject.as_ref() != Some(it))),
        ("instance", event.instance_id.clone()),
        ("occurred", event.occurred_at.map(format_time)),
        ("received", Some(format_time(event.received_at) + &secret.unwrap_or_default())),
        ("dismissed", dismissed),
        ("payload", Some(purged).filter(|_| event.payload.is_none())),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let facts = facts.map(|(name, value)| format!("  {name:<9} {}\n", escape(&value)));
    let (lines, facts): (String, String) = (lines.collect(), facts.collect());
    let (id, decision) = (escape(&event.id), event.decision.as_str());
    format!("{id} is {decision}: {kind}\n\n{lines}\n{facts}")
}

/// Describes the stored state of a user.
fn user_state(user: Option<&WholeObject>) -> String {
    let Some(WholeObject { state: AnyState::User(user), deleted_at }) = user else {
        return "is not stored: no event about this user was applied.".to_owned();
    };
    if let Some(at) = deleted_at {
        return format!("was deleted at {}.", format_time(*at));
    }
    if user.version.updated_at == 0 && user.version.occurred_at == 0 {
        return "is known only from a session: no event with the user's data was applied."
            .to_owned();
    }
    let profile = &user.data.profile;
    let names = [&profile.first_name, &profile.last_name, &profile.email];
    let names: Vec<_> = names.into_iter().flatten().map(|name| escape(name)).collect();
    let as_of = match user.version.updated_at {
        0 => "incomplete data".to_owned(),
        at => format!("the data of {}", format_time(at)),
    };
    format!("is stored with {as_of}: {} ({} accounts).", names.join(" "), user.data.accounts.len())
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
        History::Event { event, applied_by } => {
            let mut object = event_object(event);
            object["applied_at"] = json!(applied_by.as_ref().map(|it| format_time(it.received_at)));
            object["remediation"] = json!(remediation(event).filter(|_| applied_by.is_none()));
            object
        }
        History::User { id, user, events, has_earlier } => json!({
            "id": id,
            "standing": user_state(user.as_ref()),
            "deleted_at": user.as_ref().and_then(|it| it.deleted_at).map(format_time),
            "events": events.iter().map(event_object).collect::<Value>(),
            "has_earlier": has_earlier,
        }),
    }
}

//! `meetvo why`: the story of an event, or of a user.

use std::io::{Write, stdout};

use clap::Args;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::{CommandError, format_time, load_settings, with_store};
use crate::{
    config::Sources,
    domain::event::Decision,
    store::{
        Page, Store, commit,
        events::{EventFilter, StoredEvent},
        whole::StoredUser,
    },
};

/// Tell what became of an event, or of all that was heard of a user, and why
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo why msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq
  meetvo why user_2rfTF8P3Cf1zjl92u9aNy4VJjau

Reads the database, beside services that run on it, and changes nothing.")]
pub(super) struct Why {
    /// The svix-id of an event, or the id of a user
    #[arg(value_name = "ID")]
    id: String,
    /// How many events of a user to tell, the latest ones
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u16).range(1..=500))]
    limit: u16,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What there is to tell.
enum Story {
    Event {
        event: StoredEvent,
        /// It was not applied when it came, and is since this one.
        applied_by: Option<StoredEvent>,
    },
    User {
        /// None where events are about a user who never came to be.
        user: Option<StoredUser>,
        /// The oldest first.
        events: Vec<StoredEvent>,
        /// There are earlier ones.
        more: bool,
    },
}

pub(super) fn run(command: &Why, sources: &Sources) -> Result<(), CommandError> {
    let find = async |store: &Store| find(store, &command.id, command.limit).await;
    let story = with_store(&load_settings(sources)?, find)?;
    match command.json {
        true => writeln!(stdout(), "{:#}", object(&command.id, &story))?,
        false => write!(stdout(), "{}", text(&command.id, &story))?,
    }
    Ok(())
}

async fn find(store: &Store, id: &str, limit: u16) -> Result<Story, CommandError> {
    if let Some(event) = store.event(id).await? {
        let applied_by = store.event(&commit::reprocessed(id)).await?;
        return Ok(Story::Event { event, applied_by });
    }
    let user = store.stored_users(&[id]).await?.pop();
    let about = EventFilter { subject: Some(id.to_owned()), ..EventFilter::default() };
    let page = Page { after: None, limit: limit + 1 };
    let mut events = store.events(&about, &page).await?.items;
    let more = events.len() > usize::from(limit);
    events.truncate(limit.into());
    events.reverse();
    match user.is_none() && events.is_empty() {
        true => Err(CommandError::UnknownId(id.to_owned())),
        false => Ok(Story::User { user, events, more }),
    }
}

/// What a decision says about an event.
fn meaning(decision: Decision) -> &'static str {
    match decision {
        Decision::Applied => {
            "It brought something newer than what was there, and is in the tables."
        }
        Decision::Stale => "Nothing in it was newer than what was there, so it changed nothing.",
        Decision::Tombstoned => "Its user is deleted, and stays so whatever comes later.",
        Decision::Ignored => {
            "Its type is not synced. It is kept without what is personal in it, and changed nothing."
        }
        Decision::Quarantined => {
            "It is not of the Clerk instance that clerk.instance_id names, so it changed nothing."
        }
        Decision::Failed => {
            "It was signed, but it was not understood or the database refused it, so it changed nothing."
        }
    }
}

/// What can be done about it.
fn mend(event: &StoredEvent) -> Option<String> {
    let again = format!("meetvo reprocess {}", event.id);
    match event.decision {
        Decision::Applied | Decision::Stale | Decision::Tombstoned | Decision::Ignored => None,
        Decision::Quarantined => {
            Some(format!("If it should have been taken, set clerk.instance_id, and: {again}"))
        }
        Decision::Failed => Some(format!("After an upgrade that understands it: {again}")),
    }
}

fn text(id: &str, story: &Story) -> String {
    match story {
        Story::Event { event, applied_by } => text_of_event(event, applied_by.as_ref()),
        Story::User { user, events, more } => {
            let earlier = if *more { "There are earlier ones; --limit tells more.\n" } else { "" };
            format!("{id} {}\n\n{}\n{earlier}", standing(user.as_ref()), table(events))
        }
    }
}

fn text_of_event(event: &StoredEvent, applied_by: Option<&StoredEvent>) -> String {
    let kind = event.kind.as_deref().unwrap_or("an event of no type");
    let because = event.reason.as_ref().map(|reason| format!("Because: {reason}"));
    let then = match applied_by {
        Some(later) => Some(format!("It was applied later, at {}.", format_time(later.received_at))),
        None => mend(event),
    };
    let said = [Some(meaning(event.decision).to_owned()), because, then];
    let said = said.into_iter().flatten().map(|line| format!("  {line}\n"));
    let secret = event.secret.as_deref().map(|label| format!(", signed with the secret {label}"));
    let gone = "let go, by retention or with its user".to_owned();
    let facts = [
        ("about", event.subject.clone()),
        ("object", event.object_id.clone().filter(|it| event.subject.as_ref() != Some(it))),
        ("instance", event.instance_id.clone()),
        ("happened", event.occurred_at.map(format_time)),
        ("came in", Some(format_time(event.received_at) + &secret.unwrap_or_default())),
        ("payload", Some(gone).filter(|_| event.payload.is_none())),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let facts = facts.map(|(name, value)| format!("  {name:<9} {value}\n"));
    let (said, facts): (String, String) = (said.collect(), facts.collect());
    format!("{} is {}: {kind}\n\n{said}\n{facts}", event.id, event.decision.as_str())
}

/// How a user stands.
fn standing(user: Option<&StoredUser>) -> String {
    let Some(StoredUser { user, deleted_at }) = user else {
        return "is not there: no event that is about this user was applied.".to_owned();
    };
    if let Some(at) = deleted_at {
        return format!("is deleted, since {}.", format_time(*at));
    }
    if user.version.updated_at == 0 && user.version.occurred_at == 0 {
        return "is known by a session alone: no state of the user has come.".to_owned();
    }
    let profile = &user.profile;
    let names = [&profile.first_name, &profile.last_name, &profile.email];
    // A terminal obeys what stands in them.
    let names: Vec<_> =
        names.into_iter().flatten().map(|name| name.escape_debug().to_string()).collect();
    let as_of = match user.version.updated_at {
        0 => "a part of a state".to_owned(),
        at => format!("the state of {}", format_time(at)),
    };
    format!("is there, by {as_of}: {} ({} accounts).", names.join(" "), user.accounts.len())
}

fn table(events: &[StoredEvent]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["came in", "happened", "type", "decision", "event", "because"]);
    for event in events {
        table.add_row([
            &*format_time(event.received_at),
            &*event.occurred_at.map(format_time).unwrap_or_default(),
            event.kind.as_deref().unwrap_or_default(),
            event.decision.as_str(),
            &*event.id,
            event.reason.as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn object(id: &str, story: &Story) -> Value {
    let event_object = |event: &StoredEvent| {
        json!({
            "id": event.id,
            "seq": event.seq,
            "type": event.kind,
            "subject": event.subject,
            "object_id": event.object_id,
            "instance_id": event.instance_id,
            "decision": event.decision.as_str(),
            "meaning": meaning(event.decision),
            "reason": event.reason,
            "secret": event.secret,
            "occurred_at": event.occurred_at.map(format_time),
            "received_at": format_time(event.received_at),
        })
    };
    match story {
        Story::Event { event, applied_by } => {
            let mut object = event_object(event);
            object["applied_at"] = json!(applied_by.as_ref().map(|it| format_time(it.received_at)));
            object["mend"] = json!(mend(event).filter(|_| applied_by.is_none()));
            object
        }
        Story::User { user, events, more } => json!({
            "id": id,
            "standing": standing(user.as_ref()),
            "deleted_at": user.as_ref().and_then(|it| it.deleted_at).map(format_time),
            "events": events.iter().map(event_object).collect::<Value>(),
            "has_earlier": more,
        }),
    }
}

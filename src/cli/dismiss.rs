//! `meetvo dismiss`: puts failed and quarantined events aside that can never be applied.

use std::io::Write;

use clap::{ArgGroup, Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    CommandError, load_settings,
    terminal::{escape, note, stdout},
    with_store,
};
use crate::{
    clock::Clock,
    config::Sources,
    domain::decision::Decision,
    store::{
        PageRequest, Store,
        dismissals::{Dismissal, DismissedGroup},
        event_groups::{EventGroup, EventGroups},
    },
};

/// Number of events per page.
const PAGE_SIZE: u16 = 500;

/// Dismiss failed or quarantined events that can never be applied.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("selection").required(true).args(["events", "reason", "list"]),
    after_help = "\
Examples:
  meetvo dismiss --list
  meetvo dismiss msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq
  meetvo dismiss --decision failed --reason 'data.id is missing'

A failed event turns the status of the service amber. A dismissed event does
not. It stays in the event log, with the time and your user name (SUDO_USER,
USER or LOGNAME). `meetvo reprocess` can still process it again. Services can
keep running."
)]
pub(super) struct Dismiss {
    /// IDs of events (svix-id).
    #[arg(value_name = "EVENT", conflicts_with = "decision")]
    events: Vec<String>,
    /// List the failed and quarantined events by reason, and dismiss none.
    #[arg(long)]
    list: bool,
    /// Select events with this decision, for --list and --reason.
    #[arg(long, value_name = "DECISION")]
    decision: Option<DismissableDecision>,
    /// Dismiss all events with exactly this reason, as --list prints it before the event ID in
    /// parentheses; requires --decision.
    #[arg(long, value_name = "REASON", requires = "decision")]
    reason: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Decisions of events that can be dismissed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DismissableDecision {
    Failed,
    Quarantined,
}

impl From<DismissableDecision> for Decision {
    fn from(decision: DismissableDecision) -> Self {
        match decision {
            DismissableDecision::Failed => Self::Failed,
            DismissableDecision::Quarantined => Self::Quarantined,
        }
    }
}

pub(super) fn run(command: &Dismiss, sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    if command.list {
        let groups = with_store(&settings, async |store| list(command, store).await)?;
        return print_groups(&groups, command.json);
    }
    let by = operator(sources);
    let dismissal = Dismissal { by: &by, at: Clock::system().now() };
    let dismissed =
        with_store(&settings, async |store| match (&command.reason, command.decision) {
            (Some(reason), Some(decision)) => {
                let group = DismissedGroup { decision: decision.into(), reason };
                dismiss_group(store, group, dismissal).await
            }
            _ => dismiss_events(store, &command.events, dismissal).await,
        })?;
    match command.json {
        true => writeln!(stdout(), "{:#}", json!({ "dismissed": dismissed }))?,
        false => writeln!(stdout(), "dismissed {dismissed:>10}")?,
    }
    if dismissed == 0 && command.reason.is_some() {
        note("no event has this decision and this reason; `meetvo dismiss --list` prints both");
    }
    Ok(())
}

/// Returns the name of the user who runs the command, for the event log.
fn operator(sources: &Sources) -> String {
    let names = ["SUDO_USER", "USER", "LOGNAME"];
    match names.iter().find_map(|name| sources.variables.get(*name)) {
        Some(name) => format!("cli:{name}"),
        // A process in a container has no such variable.
        None => format!("cli:uid {}", rustix::process::geteuid().as_raw()),
    }
}

async fn dismiss_events(
    store: &Store,
    ids: &[String],
    dismissal: Dismissal<'_>,
) -> Result<u64, CommandError> {
    // All are checked first, so that an error dismisses none.
    for id in ids {
        let unknown = || CommandError::UnknownEvent(id.clone());
        let event = store.event(id).await?.ok_or_else(unknown)?;
        let known = event.decision.known();
        if !known.is_some_and(|it| it.can_be_dismissed() || it == Decision::Dismissed) {
            let decision = event.decision.as_str().to_owned();
            return Err(CommandError::NotDismissable { id: id.clone(), decision });
        }
    }
    let mut dismissed = 0;
    for id in ids {
        dismissed += u64::from(store.dismiss_event(id, dismissal).await?);
    }
    Ok(dismissed)
}

async fn dismiss_group(
    store: &Store,
    group: DismissedGroup<'_>,
    dismissal: Dismissal<'_>,
) -> Result<u64, CommandError> {
    let mut page = PageRequest { after: None, limit: PAGE_SIZE };
    let mut dismissed = 0;
    loop {
        let done = store.dismiss_page(group, &page, dismissal).await?;
        dismissed += done.dismissed;
        if done.through.is_none() {
            return Ok(dismissed);
        }
        page.after = done.through;
    }
}

/// Groups of one decision.
struct DecisionGroups {
    decision: Decision,
    groups: Vec<EventGroup>,
}

async fn list(command: &Dismiss, store: &Store) -> Result<Vec<DecisionGroups>, CommandError> {
    let decisions = match command.decision {
        Some(decision) => vec![decision.into()],
        None => vec![Decision::Failed, Decision::Quarantined],
    };
    let mut found = Vec::new();
    for decision in decisions {
        let EventGroups { groups, is_complete } = store.event_groups(decision).await?;
        if !is_complete {
            note(format!("{decision}: only the newest events are counted"));
        }
        found.push(DecisionGroups { decision, groups });
    }
    Ok(found)
}

fn print_groups(found: &[DecisionGroups], as_json: bool) -> Result<(), CommandError> {
    if as_json {
        let object = |group: &EventGroup| json!({ "reason": group.reason, "count": group.count, "newest_id": group.newest_id });
        let groups = found.iter().map(|it| {
            let groups: Value = it.groups.iter().map(object).collect();
            (it.decision.as_str().to_owned(), groups)
        });
        writeln!(stdout(), "{:#}", Value::Object(groups.collect()))?;
        return Ok(());
    }
    for DecisionGroups { decision, groups } in found {
        let total: u64 = groups.iter().map(|group| group.count).sum();
        writeln!(stdout(), "{:<12}{total:>8}", decision.as_str())?;
        for EventGroup { reason, count, newest_id, .. } in groups {
            let reason = escape(reason.as_deref().unwrap_or_default());
            writeln!(stdout(), "{count:>20}  {}  {reason}", escape(newest_id))?;
        }
    }
    Ok(())
}

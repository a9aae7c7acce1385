//! `meetvo events`: lists the received events of a running service.

use clap::{Args, builder::PossibleValuesParser};
use serde_json::Value;

use super::{
    CommandError, api,
    listing::{ListArgs, Listing, set_filters, text},
};
use crate::{config::Sources, domain::decision::Decision};

/// List the received events with their decisions, the newest first
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  meetvo events
  meetvo events --decision failed --limit 500
  meetvo events --type user.created --received-after 2026-01-31T12:00:00Z
  meetvo events --subject user_2rfTF8P3Cf1zjl92u9aNy4VJjau --json

The events match all given filters. The key needs the scope admin. The list has
no payloads. To show one event with its reason and the next step, run
`meetvo why`. To follow new events, run `meetvo tail`.

{}", api::HELP))]
pub(super) struct Events {
    #[command(flatten)]
    filter: EventFilterArgs,
    /// Show the events that were received after this time, as in
    /// 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    received_after: Option<String>,
    /// Show the events that were received before this time
    #[arg(long, value_name = "TIME")]
    received_before: Option<String>,
    #[command(flatten)]
    list: ListArgs,
}

/// Filters of events.
#[derive(Debug, Args)]
pub(super) struct EventFilterArgs {
    /// Show the events with this decision
    #[arg(long, value_parser = PossibleValuesParser::new(Decision::ALL.map(Decision::as_str)))]
    decision: Option<String>,
    /// Show the events of this type, such as user.created
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Show the events about this user
    #[arg(long, value_name = "USER")]
    subject: Option<String>,
    /// Show the events about this organization, and about what belongs to it
    #[arg(long, value_name = "ORGANIZATION")]
    organization_id: Option<String>,
    /// Show the events about this object
    #[arg(long, value_name = "ID")]
    object_id: Option<String>,
}

impl EventFilterArgs {
    /// Returns the filters with their names in the API.
    pub(super) fn filters(&self) -> Vec<(&'static str, String)> {
        set_filters([
            ("decision", self.decision.as_ref()),
            ("type", self.kind.as_ref()),
            ("subject", self.subject.as_ref()),
            ("organization_id", self.organization_id.as_ref()),
            ("object_id", self.object_id.as_ref()),
        ])
    }
}

const LISTING: Listing<6> = Listing {
    path: "events",
    header: ["received", "type", "object", "decision", "event", "reason"],
    row: |event| {
        let [received, kind, decision, id, reason] =
            ["received_at", "type", "decision", "id", "reason"].map(|field| text(event, field));
        [received, kind, object(event), decision, id, reason]
    },
};

pub(super) fn run(command: &Events, sources: &Sources) -> Result<(), CommandError> {
    let mut filters = command.filter.filters();
    filters.extend(set_filters([
        ("received_after", command.received_after.as_ref()),
        ("received_before", command.received_before.as_ref()),
    ]));
    LISTING.print(&command.list, &filters, sources)
}

/// Returns the ID of the object that an event is about. Events that are not synced have only that
/// of the user, if any.
pub(super) fn object(event: &Value) -> String {
    let ids = ["object_id", "subject", "organization_id"].into_iter();
    ids.map(|field| text(event, field)).find(|id| !id.is_empty()).unwrap_or_default()
}

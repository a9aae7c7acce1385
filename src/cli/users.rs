//! `meetvo users`: lists the synced users of a running service.

use clap::Args;
use serde_json::Value;

use super::{
    CommandError, api,
    listing::{ListArgs, Listing, set_filters, text},
};
use crate::config::Sources;

/// List the synced users
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  meetvo users --limit 10
  meetvo users user_2rfTF8P3Cf1zjl92u9aNy4VJjau
  meetvo users --email ada@example.com --json
  meetvo users --query ada --to https://sync.example.com

The users match all given filters. The key needs the scope read. To show the
history of one user, run `meetvo why`.

{}", api::HELP))]
pub(super) struct Users {
    /// Show only the users with these IDs
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Show the user with this primary email address, without regard to case
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Show the user with this username
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Show the users with this ID of your own
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// Show the users whose email address, username or name begins with this
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,
    /// Show the users that changed after this time, as in 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    updated_after: Option<String>,
    #[command(flatten)]
    list: ListArgs,
}

const LISTING: Listing<5> = Listing {
    path: "users",
    header: ["user", "name", "email", "state", "created"],
    row: |user| {
        let id = text(user, "id");
        [id, name(user), text(user, "email"), state(user), text(user, "created_at")]
    },
};

pub(super) fn run(command: &Users, sources: &Sources) -> Result<(), CommandError> {
    let mut filters = set_filters([
        ("email", command.email.as_ref()),
        ("username", command.username.as_ref()),
        ("external_id", command.external_id.as_ref()),
        ("query", command.query.as_ref()),
        ("updated_after", command.updated_after.as_ref()),
    ]);
    filters.extend(command.ids.iter().map(|id| ("id", id.clone())));
    LISTING.print(&command.list, &filters, sources)
}

/// Returns the first and last name, or else the username.
fn name(user: &Value) -> String {
    let names = ["first_name", "last_name"].into_iter().filter_map(|field| user[field].as_str());
    match names.collect::<Vec<_>>().join(" ") {
        names if names.is_empty() => text(user, "username"),
        names => names,
    }
}

/// Returns `banned` and `locked`, if they apply.
fn state(user: &Value) -> String {
    let states = ["banned", "locked"].into_iter().filter(|state| user[*state] == true);
    states.collect::<Vec<_>>().join(", ")
}

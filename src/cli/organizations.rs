//! `meetvo organizations`: lists the synced organizations of a running service.

use clap::Args;

use super::{
    CommandError, api,
    listing::{ListArgs, Listing, set_filters, text},
};
use crate::config::Sources;

/// List the synced organizations
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  meetvo organizations
  meetvo organizations org_2xT1cPq7Yd0mVb4KzRw9LhNfGsE --json
  meetvo organizations --slug acme
  meetvo organizations --query ac --limit 10

The organizations match all given filters. The key needs the scope read. To show
the history of an organization and its members, run `meetvo why`.

{}", api::HELP))]
pub(super) struct Organizations {
    /// Show only the organizations with these IDs
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Show the organizations with this name in URLs
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,
    /// Show the organizations whose name or slug begins with this
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,
    #[command(flatten)]
    list: ListArgs,
}

const LISTING: Listing<5> = Listing {
    path: "organizations",
    header: ["organization", "name", "slug", "seats", "created"],
    row: |organization| {
        let seats = match organization["max_allowed_memberships"].as_i64() {
            Some(0) => "unlimited".to_owned(),
            _ => text(organization, "max_allowed_memberships"),
        };
        let [id, name, slug, created] =
            ["id", "name", "slug", "created_at"].map(|field| text(organization, field));
        [id, name, slug, seats, created]
    },
};

pub(super) fn run(command: &Organizations, sources: &Sources) -> Result<(), CommandError> {
    let mut filters =
        set_filters([("slug", command.slug.as_ref()), ("query", command.query.as_ref())]);
    filters.extend(command.ids.iter().map(|id| ("id", id.clone())));
    LISTING.print(&command.list, &filters, sources)
}

//! Prints lists of the API, as a table or as JSON.

use std::io::Write;

use clap::Args;
use serde_json::Value;

use super::{
    CommandError,
    api::{ApiClient, Listed, ServiceArgs},
    block_on,
    terminal::{self, note, stdout},
};
use crate::config::Sources;

/// Options of all lists.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Show at most this many, 1 to 10000
    #[arg(
        long,
        value_name = "N",
        default_value = "50",
        value_parser = clap::value_parser!(u16).range(1..=10_000)
    )]
    limit: u16,
    #[command(flatten)]
    service: ServiceArgs,
    /// Print one JSON array, with all fields of the API
    #[arg(long)]
    json: bool,
}

/// List of the API, and its columns as a table.
pub(super) struct Listing<const N: usize> {
    /// Path below `/v1`.
    pub(super) path: &'static str,
    pub(super) header: [&'static str; N],
    pub(super) row: fn(&Value) -> [String; N],
}

impl<const N: usize> Listing<N> {
    /// Reads the list with filters, and prints it.
    pub(super) fn print(
        &self,
        args: &ListArgs,
        filters: &[(&str, String)],
        sources: &Sources,
    ) -> Result<(), CommandError> {
        let api = ApiClient::new(&args.service, sources)?;
        let Listed { items, has_more } =
            block_on(async { Ok(api.list(self.path, filters, args.limit.into()).await?) })?;
        if args.json {
            writeln!(stdout(), "{:#}", Value::Array(items))?;
        } else {
            let table = terminal::table(self.header, items.iter().map(self.row));
            writeln!(stdout(), "{}", table.trim_fmt())?;
        }
        if has_more {
            note("There are more; --limit shows more.");
        }
        Ok(())
    }
}

/// Collects the filters that are set, with their names in the API.
pub(super) fn set_filters<const N: usize>(
    filters: [(&'static str, Option<&String>); N],
) -> Vec<(&'static str, String)> {
    filters.into_iter().filter_map(|(name, value)| Some((name, value?.clone()))).collect()
}

/// Returns a field of an object as text. Null is an empty text.
pub(super) fn text(object: &Value, field: &str) -> String {
    match &object[field] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

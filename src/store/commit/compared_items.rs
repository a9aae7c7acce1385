//! Comparison of the stored items of an object with those of its new state, by one text that the
//! database makes of all of them. Most updates of a user change no item, so that the items themselves
//! are not read.

use super::{Tx, compared_columns::push_json_array};
use crate::{
    objects::{columns::ColumnValue, object_type::ItemTable},
    store::{
        driver::{Placeholders, Row},
        keyed::Selected,
    },
};

/// Names of the columns with these texts, by the position of the table.
const NAMES: [&str; 2] = ["first_items", "second_items"];

/// Returns the columns of objects in `table` that read the texts of their items.
pub(super) fn selected(tx: &Tx, table: &str, id: &str, items: &[ItemTable]) -> Selected {
    let text = |(items, name): (&ItemTable, &'static str)| {
        let ItemTable { name: from, owner, .. } = items;
        let columns: Vec<_> = items.columns.iter().map(|column| column.name).collect();
        let columns = columns.join(", ");
        let text = match tx.placeholders() {
            Placeholders::Anonymous => format!("group_concat(json_array({columns}), ',')"),
            Placeholders::Numbered => {
                format!(
                    "string_agg(json_build_array({columns})::text, ',' ORDER BY id COLLATE \"C\")"
                )
            }
        };
        let text = format!("(SELECT {text} FROM {from} WHERE {from}.{owner} = {table}.{id})");
        (text.into(), name)
    };
    items.iter().zip(NAMES).map(text).collect()
}

/// Returns whether an object that is stored as `row` has these items, each with the values of its
/// columns, in the order of their IDs. If SQLite has read the items in another order, the texts differ,
/// and the caller compares the items one by one.
pub(super) fn are_stored<'v>(
    tx: &Tx,
    row: &Row,
    table: usize,
    items: impl Iterator<Item = &'v [ColumnValue<'v>]>,
) -> bool {
    let Some(name) = NAMES.get(table) else { return false };
    let Ok(stored) = row.text_at(*name, name) else { return false };
    let separator: &[u8] = match tx.placeholders() {
        Placeholders::Anonymous => b",",
        Placeholders::Numbered => b", ",
    };
    let mut text = Vec::with_capacity(512);
    for values in items {
        if !text.is_empty() {
            text.push(b',');
        }
        if push_json_array(&mut text, separator, values.iter()).is_err() {
            return false;
        }
    }
    stored.unwrap_or_default().as_bytes() == text
}

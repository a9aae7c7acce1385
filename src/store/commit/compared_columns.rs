//! Comparison of stored rows with new values.
//!
//! On SQLite, each value of a row takes several allocations, which another thread frees. Columns
//! that are only compared are therefore read as one JSON array. On PostgreSQL, a value takes no
//! allocation.

use std::io;

use super::Tx;
use crate::{
    objects::columns::{Column, ColumnValue},
    store::{
        driver::{Placeholders, Row},
        keyed::Selected,
        object_rows::JsonReading,
    },
};

/// Columns of stored rows that are compared with new values.
pub(super) enum ComparedColumns {
    /// One JSON array of the columns, at this position.
    Joined(usize),
    /// Columns with their positions.
    Separate(Vec<(usize, &'static Column)>),
}

impl ComparedColumns {
    /// Returns columns that are read for the comparison only, with what reads them. `position` is that
    /// of the first.
    pub(super) fn selected(
        tx: &Tx,
        position: usize,
        columns: &[&'static Column],
    ) -> (Self, Selected) {
        match tx.placeholders() {
            Placeholders::Anonymous => {
                let names: Vec<_> = columns.iter().map(|column| column.name).collect();
                // As a text, and not as JSON in JSON.
                let joined = format!("json_array({}) || ''", names.join(", "));
                (Self::Joined(position), vec![(joined.into(), "compared")])
            }
            Placeholders::Numbered => {
                let selected = columns.iter().map(|it| (it.name.into(), it.name)).collect();
                (Self::Separate((position..).zip(columns.iter().copied()).collect()), selected)
            }
        }
    }

    /// Returns whether a stored row has these values. A value that cannot be read differs, and is
    /// replaced.
    pub(super) fn have<'v>(
        &self,
        row: &Row,
        mut values: impl Iterator<Item = &'v ColumnValue<'v>>,
    ) -> bool {
        match self {
            Self::Joined(position) => {
                let stored = row.text_at(*position, "compared");
                let stored = stored.ok().flatten();
                stored.is_some_and(|stored| {
                    json_array(values).is_ok_and(|new| new == stored.as_bytes())
                })
            }
            Self::Separate(columns) => columns.iter().all(|(position, column)| {
                let stored = row.value(*position, column, JsonReading::Strict).ok();
                stored.as_ref() == values.next()
            }),
        }
    }
}

/// Returns the text that SQLite's `json_array` returns for these values in their columns.
fn json_array<'v>(values: impl Iterator<Item = &'v ColumnValue<'v>>) -> io::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(256);
    push_json_array(&mut text, b",", values)?;
    Ok(text)
}

/// Appends the text that SQLite's `json_array` or PostgreSQL's `json_build_array` returns for these
/// values in their columns. The engines write another separator, and escape the same characters.
/// PostgreSQL writes flags and JSON in another way, so that they would always differ.
pub(super) fn push_json_array<'v>(
    text: &mut Vec<u8>,
    separator: &[u8],
    values: impl Iterator<Item = &'v ColumnValue<'v>>,
) -> io::Result<()> {
    text.push(b'[');
    for (index, value) in values.enumerate() {
        if index > 0 {
            text.extend_from_slice(separator);
        }
        match value {
            ColumnValue::Text(value) => serde_json::to_writer(&mut *text, value)?,
            ColumnValue::Flag(flag) => serde_json::to_writer(&mut *text, &flag.map(u8::from))?,
            ColumnValue::Integer(number) => serde_json::to_writer(&mut *text, number)?,
            // The column has the JSON as text.
            ColumnValue::Json(json) => {
                let json = json.as_deref().map(ToString::to_string);
                serde_json::to_writer(&mut *text, &json)?;
            }
        }
    }
    text.push(b']');
    Ok(())
}

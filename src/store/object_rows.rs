//! Rows of the synced tables: their columns, and the conversion to the states of objects.

use std::{borrow::Cow, sync::LazyLock};

use serde_json::Value;
use sqlx::types::Json;

use super::{
    driver::{DbError, Position, Query, Record, Row, UndecodableValue},
    statement::Table,
    stored_objects::WholeObject,
};
use crate::{
    domain::{Millis, version::Version},
    objects::{
        AnyState, Kind,
        columns::{Column, ColumnType, ColumnValue, Columns},
        lifecycle::Lifecycle,
        object_type::{ItemTable, StoredRow},
        session::Session,
        state::field_versions_to_text,
        user::{Account, Profile, Verification},
    },
};

/// Columns of the version, in the order in which versions are compared.
pub(super) const VERSION_COLUMNS: [&str; 3] =
    ["version_updated_at", "version_occurred_at", "version_event_id"];

/// Returns the table of the objects of a kind, with all of its columns.
pub(super) fn table(kind: Kind) -> &'static Table {
    static TABLES: LazyLock<Vec<Table>> =
        LazyLock::new(|| Kind::ALL.into_iter().map(object_table).collect());
    &TABLES[kind as usize]
}

fn object_table(kind: Kind) -> Table {
    let table = &kind.object_type().table;
    let mut columns = vec![table.id];
    columns.extend(table.columns.iter().map(|column| column.name));
    columns.extend(table.has_tombstones.then_some("deleted_at"));
    columns.extend(table.terms.map(|_| "search"));
    columns.push("field_versions");
    columns.extend(VERSION_COLUMNS);
    Table { name: table.name, columns, key_length: 1 }
}

/// Returns the table of items with all of its columns.
pub(super) fn item_table(items: &ItemTable) -> Table {
    let mut columns = vec![items.owner];
    columns.extend(items.columns.iter().map(|column| column.name));
    Table { name: items.name, columns, key_length: 2 }
}

/// Row of an object to write.
pub(super) enum ObjectRow<'a> {
    /// A state, with its joined search terms.
    State(&'a AnyState, Option<&'a str>),
    /// A tombstone: the ID, and the time of the deletion.
    Tombstone(&'a str, Millis),
}

/// Binds the values of a row to the columns of [`table`].
pub(super) fn bind_object<'c>(query: Query<'c>, kind: Kind, row: &ObjectRow<'_>) -> Query<'c> {
    let table = &kind.object_type().table;
    let none = Version::default();
    let (query, deleted_at, search, field_versions, version) = match row {
        ObjectRow::State(state, search) => {
            let query = state.values().iter().fold(query.bind_text(state.id()), bind_value);
            let field_versions = field_versions_to_text(state.field_versions());
            (query, None, *search, field_versions, state.version())
        }
        ObjectRow::Tombstone(id, deleted_at) => {
            let nulls = table.columns.iter().map(|column| null(column.column_type));
            let query = nulls.fold(query.bind_text(*id), |query, value| bind_value(query, &value));
            (query, Some(*deleted_at), None, None, &none)
        }
    };
    let query = if table.has_tombstones { query.bind(deleted_at) } else { query };
    let query = if table.terms.is_some() { query.bind_text(search) } else { query };
    query
        .bind(field_versions)
        .bind(version.updated_at)
        .bind(version.occurred_at)
        .bind_text(&*version.event_id)
}

/// Binds the value of a column.
pub(super) fn bind_value<'c>(query: Query<'c>, value: &ColumnValue<'_>) -> Query<'c> {
    match value {
        ColumnValue::Text(text) => query.bind_text(text.as_deref()),
        ColumnValue::Flag(flag) => query.bind(*flag),
        ColumnValue::Integer(number) => query.bind(*number),
        ColumnValue::Json(json) => query.bind(json.as_deref().map(Json)),
    }
}

fn null(column_type: ColumnType) -> ColumnValue<'static> {
    match column_type {
        ColumnType::Text => ColumnValue::Text(None),
        ColumnType::Flag => ColumnValue::Flag(None),
        ColumnType::Integer => ColumnValue::Integer(None),
        ColumnType::Json => ColumnValue::Json(None),
    }
}

/// Handling of JSON that cannot be read, or must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonReading {
    /// JSON that cannot be read is an error.
    Strict,
    /// JSON that cannot be read is null.
    Lenient,
    /// `private_metadata` is not selected, and null. Other JSON that cannot be read is an error.
    Public,
}

/// Reads a struct whose fields are columns.
macro_rules! columns_record {
    ($($type:ty, $table:literal;)+) => {
        $(impl Record for $type {
            const TABLE: &'static str = $table;

            fn read(row: &Row) -> Result<Self, DbError> {
                let values = row.values(<$type>::COLUMNS, JsonReading::Public)?;
                Ok(<$type>::from_values(&mut values.into_iter()))
            }
        })+
    };
}

columns_record! {
    Account, "accounts";
    Verification, "verifications";
    Profile, "users";
}

impl Record for Session {
    const TABLE: &'static str = "sessions";

    fn read(row: &Row) -> Result<Self, DbError> {
        match row.object(Kind::Session, JsonReading::Strict)?.state {
            AnyState::Session(session) => Ok(*session),
            // The kind of the row decides the kind of the state.
            _ => Err(sqlx::Error::RowNotFound.into()),
        }
    }
}

impl Row {
    /// Reads an object without its items.
    pub(super) fn object(&self, kind: Kind, json: JsonReading) -> Result<WholeObject, DbError> {
        let table = &kind.object_type().table;
        self.read_object(kind, json).map_err(|error| in_table(error, table.name))
    }

    fn read_object(&self, kind: Kind, json: JsonReading) -> Result<WholeObject, DbError> {
        let table = &kind.object_type().table;
        let values = self.values_after_key(table.columns, json)?;
        let field_versions: Option<String> = self.get("field_versions")?;
        let row = StoredRow {
            id: self.get(table.id)?,
            values: &mut values.into_iter(),
            version: self.version(kind)?,
            field_versions: field_versions.as_deref(),
        };
        let state = (table.read)(row);
        let deleted_at = if table.has_tombstones { self.get("deleted_at")? } else { None };
        Ok(WholeObject { state, deleted_at })
    }

    /// Reads the values of an item.
    pub(super) fn item<'r>(
        &'r self,
        items: &ItemTable,
        json: JsonReading,
    ) -> Result<Vec<ColumnValue<'r>>, DbError> {
        self.values_after_key(items.columns, json).map_err(|error| in_table(error, items.name))
    }

    /// Reads the values of columns by their names.
    pub(super) fn values<'r>(
        &'r self,
        columns: &[Column],
        json: JsonReading,
    ) -> Result<Vec<ColumnValue<'r>>, DbError> {
        columns.iter().map(|column| self.value(column.name, column, json)).collect()
    }

    /// Reads the values of columns that follow the key of one column.
    fn values_after_key<'r>(
        &'r self,
        columns: &[Column],
        json: JsonReading,
    ) -> Result<Vec<ColumnValue<'r>>, DbError> {
        columns.iter().zip(1..).map(|(column, index)| self.value(index, column, json)).collect()
    }

    /// Reads the value of a column.
    pub(super) fn value<'r>(
        &'r self,
        position: impl Position,
        column: &Column,
        json: JsonReading,
    ) -> Result<ColumnValue<'r>, DbError> {
        let name = column.name;
        Ok(match column.column_type {
            ColumnType::Text => ColumnValue::text(self.text_at(position, name)?),
            ColumnType::Flag => ColumnValue::Flag(self.get_at(position, name)?),
            ColumnType::Integer => ColumnValue::Integer(self.get_at(position, name)?),
            ColumnType::Json => {
                let value = match json {
                    JsonReading::Lenient => self.json_or_null(name)?,
                    JsonReading::Public if name == "private_metadata" => None,
                    JsonReading::Strict | JsonReading::Public => self.json(name)?,
                };
                ColumnValue::Json(value.map(Cow::Owned))
            }
        })
    }

    /// Reads the lifecycle of an object.
    pub(super) fn lifecycle(&self, kind: Kind) -> Result<Lifecycle, DbError> {
        let table = &kind.object_type().table;
        let deleted_at = if table.has_tombstones { self.get("deleted_at") } else { Ok(None) };
        let lifecycle = deleted_at.and_then(|deleted_at| match deleted_at {
            Some(deleted_at) => Ok(Lifecycle::Tombstone { deleted_at }),
            None => Ok(Lifecycle::Live(self.version(kind)?)),
        });
        lifecycle.map_err(|error| in_table(error, table.name))
    }

    /// Reads the version of the state of an object.
    fn version(&self, kind: Kind) -> Result<Version, DbError> {
        let is_final = match kind.object_type().table.final_status {
            None => false,
            Some((column, is_final)) => {
                self.get::<Option<String>>(column)?.is_some_and(|status| is_final(&status))
            }
        };
        Ok(Version {
            is_final,
            updated_at: self.get("version_updated_at")?,
            occurred_at: self.get("version_occurred_at")?,
            event_id: self.get("version_event_id")?,
        })
    }

    /// Reads a JSON column, and returns null for a value that cannot be read.
    fn json_or_null(&self, column: &'static str) -> Result<Option<Value>, DbError> {
        match self.json(column) {
            Err(DbError::UndecodableValue(_)) => Ok(None),
            read => read,
        }
    }
}

/// Names the table of a value that cannot be read.
pub(super) fn in_table(error: DbError, table: &'static str) -> DbError {
    match error {
        DbError::UndecodableValue(value) => UndecodableValue { table, ..value }.into(),
        error => error,
    }
}

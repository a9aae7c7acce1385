//! The only module that names the two engines, SQLite and PostgreSQL.
//!
//! Connections are enums of the two engines, and values are generic: a [`Param`](query::Param) can
//! be bound on both engines, a [`Column`] can be read from both. A caller reads like plain sqlx,
//! has no type parameters, and does not compile with a value that only one engine supports.
//!
//! The driver knows no module above it. Every function that a caller reaches returns a [`DbError`].
//!
//! | module | contains |
//! |---|---|
//! | [`options`] | the address of a database, limits and timeouts |
//! | [`pool`] | the connections of one database |
//! | [`transaction`] | a transaction that writes |
//! | [`query`], [`row`] | statements with parameters, rows with columns |
//! | [`dialect`] | the differences between the engines' SQL |
//! | [`error`] | errors by cause, described without values |
//! | [`outage`] | causes for which a database rejects all statements |
//! | [`foreign_keys`] | foreign keys of other programs that prevent deletions |
//! | [`unusable`], [`file_access`], [`ownership`] | why a database cannot be used, and what to do about it |
//! | [`migrations`], [`reverts`] | the schema of each engine, and what a revert drops |
//! | [`file_copy`] | copies of a SQLite file |
//! | [`schema_lock`] | the locks of a change of the schema |
//! | [`relocation`] | the move of the tables to another schema |
//! | [`side_connection`], [`maintenance`] | writes and cleanup outside the commits |
//! | [`snapshot`] | read-only access to one instant |
//! | [`scratch`] | temporary tables in the place of stored ones |
//! | [`sqlite`], [`postgres`] | the connections of each engine |

/// Evaluates the same expression on either engine.
macro_rules! match_engine {
    ($kind:ident, $value:expr, $($bound:ident),+ => $body:expr) => {
        match $value { $kind::Sqlite($($bound),+) => $body, $kind::Postgres($($bound),+) => $body }
    };
}

mod dialect;
mod error;
mod file_access;
pub(super) mod file_copy;
mod foreign_keys;
mod maintenance;
mod migrations;
mod options;
mod outage;
mod ownership;
mod pool;
mod postgres;
mod query;
mod relocation;
mod reverts;
mod row;
mod schema_lock;
mod scratch;
mod side_connection;
mod snapshot;
mod sqlite;
mod transaction;
mod unusable;

pub(super) use self::{
    dialect::Placeholders,
    error::describe,
    migrations::SchemaState,
    query::{Connection, Keys, Query},
    reverts::{MAX_COUNT, Part},
    row::{Column, Position, Record, Row, record},
    scratch::{Purpose, ScratchTables},
    transaction::Tx,
    unusable::with_suffix,
};
/// Maximum number of reserved connections, with which the service itself reads and writes. Two, so
/// that a readiness check does not wait for a background task.
const RESERVED_CONNECTIONS: u32 = 2;

pub use self::{
    error::{DbError, UndecodableValue},
    foreign_keys::BlockingForeignKey,
    maintenance::VacuumOutcome,
    options::{Options, ServerTarget, Target},
    outage::OutageCause,
    pool::{ConnectionCounts, Pool},
    relocation::Relocation,
    snapshot::Snapshot,
    unusable::Unusable,
};

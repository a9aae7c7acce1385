//! The schemas of the engines have the same tables, columns, keys and indexes.

use std::{collections::BTreeSet, fs, path::Path};

use super::migrated;
use crate::harness::{BOOLEANS, Engine, JSON, Tables};

/// Returns a line for each column, key, index and foreign key. The lines are the same on both
/// engines.
pub(super) async fn read(tables: &mut Tables) -> Vec<String> {
    let queries = match tables.engine() {
        Engine::Sqlite => [SQLITE_COLUMNS, SQLITE_KEYS, SQLITE_INDEXES, SQLITE_REFERENCES],
        Engine::Postgres => {
            [POSTGRES_COLUMNS, POSTGRES_KEYS, POSTGRES_INDEXES, POSTGRES_REFERENCES]
        }
    };
    let mut lines = Vec::new();
    for query in queries {
        let mut found = tables.column(query).await;
        // Sorted by bytes, because the database's locale can differ.
        found.sort_unstable();
        lines.extend(found);
    }
    lines
}

/// Example of a line: `users 01 clerk_id text not null`. An expression of a view has no type on
/// SQLite, and is shown as a text. In the views, these are the times and the columns `is_…`.
const SQLITE_COLUMNS: &str = "
    SELECT made.name || printf(' %02d ', info.cid + 1) || info.name || ' ' || coalesce(nullif(lower(info.type), ''), 'text')
        || iif(info.\"notnull\" OR info.pk > 0, ' not null', '')
        || coalesce(' default ' || info.dflt_value, '')
        || iif(info.pk > 0 AND made.sql LIKE '%AUTOINCREMENT%', ' counted', '')
    FROM sqlite_schema AS made JOIN pragma_table_info(made.name) AS info
    WHERE made.type IN ('table', 'view') AND made.name NOT GLOB '_sqlx_*'
        AND made.name NOT GLOB 'sqlite_*'";

const POSTGRES_COLUMNS: &str = "
    SELECT made.relname || ' '
        || lpad(row_number() OVER (PARTITION BY made.oid ORDER BY attnum)::text, 2, '0') || ' '
        || attname || CASE format_type(atttypid, atttypmod)
            WHEN 'bigint' THEN ' integer' WHEN 'jsonb' THEN ' text'
            WHEN 'boolean' THEN CASE WHEN relkind = 'v' AND starts_with(attname, 'is_') THEN ' text' ELSE ' integer' END
            WHEN 'timestamp with time zone' THEN ' text'
            ELSE ' ' || format_type(atttypid, atttypmod) END
        || CASE WHEN attnotnull THEN ' not null' ELSE '' END
        || coalesce(' default ' || replace(pg_get_expr(adbin, adrelid), '::text', ''), '')
        || CASE WHEN attidentity = 'a' THEN ' counted' ELSE '' END
    FROM pg_attribute JOIN pg_class AS made ON made.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
        AND attnum > 0 AND NOT attisdropped AND NOT starts_with(made.relname, '_sqlx_')";

/// Example of a line: `accounts key (user_id, id)`.
const SQLITE_KEYS: &str = "
    SELECT made.name || ' key (' || group_concat(info.name, ', ' ORDER BY info.pk) || ')'
    FROM sqlite_schema AS made JOIN pragma_table_info(made.name) AS info
    WHERE made.type = 'table' AND info.pk > 0 AND made.name NOT GLOB '_sqlx_*'
        AND made.name NOT GLOB 'sqlite_*'
    GROUP BY made.name";

const POSTGRES_KEYS: &str = "
    SELECT conrelid::regclass || ' key (' || (
        SELECT string_agg(attname, ', ' ORDER BY place)
        FROM unnest(conkey) WITH ORDINALITY AS part (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number
    ) || ')'
    FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND contype = 'p'
        AND NOT starts_with(conrelid::regclass::text, '_sqlx_')";

/// Example of a line: `users index users_by_email (expression) partial`. The index of a constraint has
/// no name.
const SQLITE_INDEXES: &str = "
    SELECT made.name || iif(list.origin = 'u', '', ' index ' || list.name)
        || iif(list.\"unique\", ' unique', '')
        || ' (' || (
            SELECT group_concat(coalesce(info.name, 'expression'), ', ' ORDER BY info.seqno)
            FROM pragma_index_info(list.name) AS info
        ) || ')' || iif(list.partial, ' partial', '')
    FROM sqlite_schema AS made JOIN pragma_index_list(made.name) AS list
    WHERE made.type = 'table' AND list.origin <> 'pk' AND made.name NOT GLOB '_sqlx_*'";

const POSTGRES_INDEXES: &str = "
    SELECT indrelid::regclass || CASE WHEN conname IS NULL THEN ' index ' || relname ELSE '' END
        || CASE WHEN indisunique THEN ' unique' ELSE '' END
        || ' (' || (
            SELECT string_agg(coalesce(attname, 'expression'), ', ' ORDER BY place)
            FROM unnest(indkey) WITH ORDINALITY AS part (number, place)
                LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = number
        ) || ')' || CASE WHEN indpred IS NULL THEN '' ELSE ' partial' END
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'u'
    WHERE relnamespace = current_schema()::regnamespace AND NOT indisprimary
        AND NOT starts_with(indrelid::regclass::text, '_sqlx_')";

/// Example of a line: `sessions (user_id) references users (clerk_id) on delete cascade`.
const SQLITE_REFERENCES: &str = "
    SELECT made.name || ' (' || group_concat(\"from\", ', ' ORDER BY seq) || ') references '
        || \"table\" || ' (' || group_concat(\"to\", ', ' ORDER BY seq) || ') on delete '
        || lower(on_delete)
    FROM sqlite_schema AS made JOIN pragma_foreign_key_list(made.name) AS list
    WHERE made.type = 'table' GROUP BY made.name, list.id";

const POSTGRES_REFERENCES: &str = "
    SELECT conrelid::regclass || ' (' || (
        SELECT string_agg(attname, ', ' ORDER BY place)
        FROM unnest(conkey) WITH ORDINALITY AS part (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number
    ) || ') references ' || confrelid::regclass || ' (' || (
        SELECT string_agg(attname, ', ' ORDER BY place)
        FROM unnest(confkey) WITH ORDINALITY AS part (number, place)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = number
    ) || ') on delete ' || CASE confdeltype WHEN 'c' THEN 'cascade' ELSE confdeltype::text END
    FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND contype = 'f'";

/// Compares the schemas of SQLite and PostgreSQL, column by column.
#[tokio::test]
async fn engines_have_the_same_schema() {
    let (_database, _store, mut tables) = migrated(Engine::Sqlite).await;
    let sqlite = read(&mut tables).await;
    let (_database, _store, mut tables) = migrated(Engine::Postgres).await;
    let postgres = read(&mut tables).await;
    for line in [
        "users 01 clerk_id text not null",
        "users 23 version_updated_at integer not null default 0",
        "users 25 version_event_id text not null default ''",
        "webhook_events 01 seq integer not null counted",
        "email_owners 02 clerk_id text",
        "verifications key (user_id, id)",
        "webhook_events unique (id)",
        "users index users_by_email (expression) partial",
        "sessions index sessions_by_user (user_id, id)",
        "accounts (user_id) references users (clerk_id) on delete cascade",
        "organizations 02 name text",
        "organization_memberships (organization_id) references organizations (id) on delete cascade",
        "organization_memberships (user_id) references users (clerk_id) on delete cascade",
        "organization_terms key (term, organization_id)",
        "live_memberships 03 id text",
        "webhook_events index webhook_events_by_object (object_id, seq) partial",
        "active_users 14 created_at text",
        "user_emails 03 is_primary text",
        "organization_members 11 joined_at text",
        "users index users_in_order_of_creation (created_at, clerk_id) partial",
    ] {
        assert!(sqlite.iter().any(|found| found == line), "{line} is missing: {sqlite:#?}");
    }
    assert_eq!(sqlite, postgres);
}

/// Milliseconds since 1970, in the view of the plans that payers have now.
const SQLITE_NOW: &str = "(julianday('now') - 2440587.5) * 86400000 AS INTEGER";
const POSTGRES_NOW: &str = "EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT";

/// The engines' catalogs describe the condition of an index and the query of a view differently, so
/// that only the statements can be compared.
#[test]
fn engines_create_same_indexes_and_views() {
    let statements = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut statements = BTreeSet::new();
        for file in fs::read_dir(folder).unwrap() {
            let sql = fs::read_to_string(file.unwrap().path()).unwrap();
            let code = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
            let code = code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
            let code = code.replace("CREATE OR REPLACE VIEW", "CREATE VIEW");
            // The engines have different functions for the times of the views.
            let code = code.replace("strftime('%Y-%m-%dT%H:%M:%fZ', ", "to_timestamp(");
            let code = code.replace(", 'unixepoch')", ")");
            let code = code.replace(SQLITE_NOW, POSTGRES_NOW);
            let code = code.split(';').map(|statement| statement.trim().to_owned());
            statements.extend(code.filter(|sql| {
                ["CREATE INDEX", "CREATE UNIQUE INDEX", "CREATE VIEW"]
                    .iter()
                    .any(|start| sql.starts_with(start))
            }));
        }
        statements
    };
    let sqlite = statements("sqlite");
    assert!(sqlite.len() > 5, "{sqlite:?}");
    assert_eq!(sqlite, statements("postgres"));
}

/// SQLite stores booleans as numbers and JSON as text. PostgreSQL has types for them.
#[tokio::test]
async fn postgresql_has_boolean_and_json_columns() {
    let (_database, _store, mut tables) = migrated(Engine::Postgres).await;
    for (kind, expected) in [("boolean", &BOOLEANS[..]), ("jsonb", &JSON[..])] {
        let columns = tables
            .column(&format!(
                "SELECT DISTINCT column_name::text FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND data_type = '{kind}' \
                 AND NOT starts_with(table_name, '_sqlx_')",
            ))
            .await;
        let expected: BTreeSet<String> = expected.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(BTreeSet::from_iter(columns), expected, "{kind}");
    }
}

/// IDs have mixed case, and Rust and SQLite sort them by bytes. The locale of the test databases
/// sorts differently, so that the test finds a column without the collation.
#[tokio::test]
async fn postgresql_sorts_keys_by_bytes() {
    let (_database, _store, mut tables) = migrated(Engine::Postgres).await;
    let orders = tables.column("SELECT ('a' < 'B')::text || ('a' < 'B' COLLATE \"C\")::text").await;
    assert_eq!(orders, ["truefalse"], "the database's default order is not by bytes");
    let by_locale = "
        SELECT attrelid::regclass || '.' || attname FROM pg_attribute
            JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
            AND NOT starts_with(relname, '_sqlx_')
            AND attcollation NOT IN (0, 'pg_catalog.\"C\"'::regcollation)
            AND (attname ~ '(^|_)id$' OR EXISTS (
                SELECT FROM pg_index WHERE indrelid = attrelid AND attnum = ANY (indkey)))";
    assert_eq!(tables.column(by_locale).await, [""; 0]);
}

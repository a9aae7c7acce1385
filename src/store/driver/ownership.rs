//! Checks that a database is not that of another program, before anything is written to it.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, sqlite::SqliteConnectOptions};

use super::{
    migrations::{POSTGRES, SQLITE, Script},
    postgres::quoted,
    unusable::Unusable,
};

/// Maximum number of tables that an error names.
const SHOWN: usize = 5;

/// Version and description of a migration that sqlx has recorded.
type Recorded = (i64, String);

/// Table in which sqlx records the migrations.
const MIGRATIONS: &str = "_sqlx_migrations";

const RECORDED: &str = "SELECT version, description FROM _sqlx_migrations ORDER BY version";

/// Checks a file without changing it. A file that cannot be read is accepted, because opening it
/// reports the cause.
pub(super) async fn check_file(connect: &SqliteConnectOptions) -> Result<(), Unusable> {
    let Ok(mut file) = connect.clone().read_only(true).create_if_missing(false).connect().await
    else {
        return Ok(());
    };
    // First the tables: another process can migrate in between, and records what it creates.
    let tables = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name";
    let tables: Vec<String> =
        sqlx::query_scalar(tables).fetch_all(&mut file).await.unwrap_or_default();
    let recorded = sqlx::query_as(RECORDED).fetch_all(&mut file).await;
    // A failure does not matter: the connection only read.
    file.close().await.ok();
    let Some(recorded) = recorded_migrations(recorded, &tables) else { return Ok(()) };
    check(&SQLITE, &recorded, &tables).map(drop).map_err(|problem| {
        Unusable::new(problem, "set DATABASE_URL to a file of its own, such as sqlite:meetvo.db")
    })
}

/// Schema in which earlier versions of this program created their tables.
const FORMER_SCHEMA: &str = "public";

/// Schema that the settings name by default.
const DEFAULT_SCHEMA: &str = "clerk";

/// Finds the schema of the tables, and checks that no tables of another program are in the way. It
/// is the given one, unless that is the default, and the tables are still in the former schema.
pub(super) async fn find_schema(
    connection: &mut PgConnection,
    given: &str,
) -> sqlx::Result<String> {
    let tables = check_schema(connection, given).await;
    if matches!(tables, Ok(Tables::Own)) || !has_former_tables(connection).await {
        return tables.map(|_| given.to_owned());
    }
    if given == DEFAULT_SCHEMA {
        return Ok(FORMER_SCHEMA.to_owned());
    }
    tracing::warn!(
        "the schema {given} has no tables of the service, but the schema {FORMER_SCHEMA} has; to \
         use them, run `meetvo migrate move`"
    );
    tables.map(|_| given.to_owned())
}

/// Returns whether the former schema has tables of this program. Tables of another program there are
/// not in the way.
async fn has_former_tables(connection: &mut PgConnection) -> bool {
    matches!(check_schema(connection, FORMER_SCHEMA).await, Ok(Tables::Own))
}

/// Returns the former schema if tables of this program are there, and not in the given schema.
pub(super) async fn former_schema(
    connection: &mut PgConnection,
    given: &str,
) -> sqlx::Result<Option<&'static str>> {
    let is_elsewhere = !matches!(check_schema(connection, given).await?, Tables::Own);
    Ok((is_elsewhere && has_former_tables(connection).await).then_some(FORMER_SCHEMA))
}

/// Returns the names of the tables and views of this program, with that of the migrations.
pub(super) fn own_names() -> impl Iterator<Item = &'static str> {
    created_names(&POSTGRES).into_iter().chain([MIGRATIONS])
}

/// Content of a schema.
enum Tables {
    /// Tables of this program.
    Own,
    /// No tables that are in the way, or none that can be checked.
    Others,
}

/// Checks that a schema has no tables of another program in the way.
async fn check_schema(connection: &mut PgConnection, schema: &str) -> sqlx::Result<Tables> {
    let tables = "SELECT relname::text FROM pg_class \
                  WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN \
                      ('r', 'p', 'v', 'm', 'f') ORDER BY relname";
    let tables = sqlx::query_scalar(tables).bind(schema);
    let tables: Vec<String> = tables.fetch_all(&mut *connection).await?;
    let sql = RECORDED.replace("_sqlx_migrations", &format!("{}.{MIGRATIONS}", quoted(schema)));
    // A failure must not end the transaction of the caller.
    let mut attempt = connection.begin().await?;
    let recorded = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *attempt).await;
    attempt.rollback().await?;
    let Some(recorded) = recorded_migrations(recorded, &tables) else { return Ok(Tables::Others) };
    match check(&POSTGRES, &recorded, &tables) {
        Ok(true) => Ok(Tables::Own),
        Ok(false) => Ok(Tables::Others),
        Err(problem) => {
            let remediation = "set database.schema to the name of another schema, or use a \
                               database of its own";
            let problem = problem.replace("the database", &format!("the schema {schema}"));
            Err(Unusable::new(problem, remediation).into_sqlx())
        }
    }
}

/// Returns the recorded migrations, or `None` if their table exists and cannot be read. It can be
/// locked, and the role may lack the permission. Then a later statement reports the cause.
fn recorded_migrations(
    read: sqlx::Result<Vec<Recorded>>,
    tables: &[String],
) -> Option<Vec<Recorded>> {
    let exists = || tables.iter().any(|table| table == MIGRATIONS);
    read.map_or_else(|_| (!exists()).then(Vec::new), Some)
}

/// Returns whether migrations of this program are recorded. Returns an error if only others are, or
/// if tables are in the way.
fn check(scripts: &[Script], recorded: &[Recorded], tables: &[String]) -> Result<bool, String> {
    let is_own = |(version, description): &Recorded| {
        scripts.iter().any(|own| own.version == *version && own.name == *description)
    };
    if recorded.iter().any(is_own) {
        return Ok(true);
    }
    let created = created_names(scripts);
    let taken: Vec<_> = tables.iter().filter(|name| created.contains(&***name)).collect();
    let taken = match taken.as_slice() {
        [] => None,
        [first] => Some(format!("the table {first}")),
        several => {
            let names: Vec<_> = several.iter().take(SHOWN).map(|it| it.as_str()).collect();
            Some(format!("the tables {}", names.join(", ")))
        }
    };
    match (recorded.first(), taken) {
        (None, None) => Ok(false),
        (None, Some(taken)) => Err(format!(
            "the database has {taken}, which this program did not create and needs for itself"
        )),
        (Some((version, description)), taken) => Err(format!(
            "the database belongs to another program: its table _sqlx_migrations has the migration \
             {} ({}){}",
            version,
            description.escape_debug(),
            taken.map_or(String::new(), |taken| format!(", and it has {taken}")),
        )),
    }
}

/// Returns the names of the tables and views that the migrations create.
pub(super) fn created_names(scripts: &[Script]) -> BTreeSet<&'static str> {
    let statements = scripts.iter().flat_map(|script| script.up.lines());
    let names = statements.filter_map(|line| {
        let rest = line.strip_prefix("CREATE TABLE ").or(line.strip_prefix("CREATE VIEW "))?;
        rest.split([' ', '(']).next()
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_names_are_those_of_both_engines() {
        let names = created_names(&SQLITE);
        assert_eq!(names, created_names(&POSTGRES));
        for name in ["users", "email_owners", "webhook_events", "account_tokens"] {
            assert!(names.contains(name), "{name}: {names:?}");
        }
    }

    #[test]
    fn own_migrations_are_recognized() {
        let row = |version: i64, description: &str| (version, description.to_owned());
        let users = ["users".to_owned(), "posts".to_owned()];
        let (first, newer) = (row(1, "projection"), row(9_999, "the future"));
        assert_eq!(check(&SQLITE, &[first, newer], &users), Ok(true));
        assert_eq!(check(&SQLITE, &[], &users[1..]), Ok(false));
        let problem = check(&SQLITE, &[row(1, "init")], &users).unwrap_err();
        assert!(problem.contains("1 (init), and it has the table users"), "{problem}");
        assert!(check(&SQLITE, &[], &users).unwrap_err().contains("the table users, which"));
    }
}

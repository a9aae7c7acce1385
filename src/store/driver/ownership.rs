//! Checks that a database is not that of another program, before anything is written to it.

use std::collections::BTreeSet;

use sqlx::{ConnectOptions, Connection, PgConnection, sqlite::SqliteConnectOptions};

use super::{
    migrations::{POSTGRES, SQLITE, Script},
    unusable::Unusable,
};

/// Maximum number of tables that an error names.
const SHOWN: usize = 5;

/// Version and description of a migration that sqlx has recorded.
type Recorded = (i64, String);

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
    check(&SQLITE, &recorded, &tables).map_err(|problem| {
        Unusable::new(problem, "set DATABASE_URL to a file of its own, such as sqlite:meetvo.db")
    })
}

/// Checks the schema in which a connection creates tables.
pub(super) async fn check_server(connection: &mut PgConnection) -> sqlx::Result<()> {
    let schema = "SELECT current_schema(), current_setting('search_path')";
    let (schema, path): (Option<String>, String) =
        sqlx::query_as(schema).fetch_one(&mut *connection).await?;
    if schema.is_none() {
        let problem = format!("no schema of search_path ({path}) exists");
        let remediation = "run CREATE SCHEMA with its name, or correct options in DATABASE_URL";
        return Err(Unusable::new(problem, remediation).into_sqlx());
    }
    let tables = "SELECT relname::text FROM pg_class \
                  WHERE relnamespace = current_schema()::regnamespace AND relkind IN \
                      ('r', 'p', 'v', 'm', 'f') ORDER BY relname";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *connection).await?;
    let recorded = sqlx::query_as(RECORDED).fetch_all(connection).await;
    let Some(recorded) = recorded_migrations(recorded, &tables) else { return Ok(()) };
    check(&POSTGRES, &recorded, &tables).map_err(|problem| {
        let remediation = "use a database of its own, or a schema of its own: run CREATE SCHEMA \
                           meetvo, and add options=-c%20search_path%3Dmeetvo to the parameters of \
                           DATABASE_URL";
        Unusable::new(problem, remediation).into_sqlx()
    })
}

/// Returns the recorded migrations, or `None` if their table exists and cannot be read. It can be
/// locked, and the role may lack the permission. Then a later statement reports the cause.
fn recorded_migrations(
    read: sqlx::Result<Vec<Recorded>>,
    tables: &[String],
) -> Option<Vec<Recorded>> {
    let exists = || tables.iter().any(|table| table == "_sqlx_migrations");
    read.map_or_else(|_| (!exists()).then(Vec::new), Some)
}

/// Returns an error if other migrations are recorded and none of this program's, or if tables are
/// in the way.
fn check(scripts: &[Script], recorded: &[Recorded], tables: &[String]) -> Result<(), String> {
    let is_own = |(version, description): &Recorded| {
        scripts.iter().any(|own| own.version == *version && own.name == *description)
    };
    if recorded.iter().any(is_own) {
        return Ok(());
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
        (None, None) => Ok(()),
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
fn created_names(scripts: &[Script]) -> BTreeSet<&'static str> {
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
        check(&SQLITE, &[first, newer], &users).unwrap();
        check(&SQLITE, &[], &users[1..]).unwrap();
        let problem = check(&SQLITE, &[row(1, "init")], &users).unwrap_err();
        assert!(problem.contains("1 (init), and it has the table users"), "{problem}");
        assert!(check(&SQLITE, &[], &users).unwrap_err().contains("the table users, which"));
    }
}

//! Tables and columns that a migration drops when it is reverted, and their rows.

use sqlx::AssertSqlSafe;

use super::{DbError, Pool, error::is_missing_table, migrations::Script, record};

/// Maximum number of rows that are counted, because a count reads every row.
pub(in crate::store) const MAX_COUNT: i64 = 10_000;

/// Table, or a column of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Part {
    pub(in crate::store) table: &'static str,
    pub(in crate::store) column: Option<&'static str>,
}

struct Counted {
    found: i64,
}

record!(Counted { found });

impl Script {
    /// Returns the tables that the migration creates.
    pub(in crate::store) fn created_tables(&self) -> impl Iterator<Item = &'static str> {
        let names = self.up.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        names.filter_map(|rest| rest.split([' ', '(']).next())
    }

    /// Returns what the migration drops when it is reverted. A table that is copied into another
    /// one of the same name is not dropped.
    pub(in crate::store) fn dropped(&self) -> Vec<Part> {
        let lines = self.down.lines().filter(|line| !line.trim_start().starts_with("--"));
        let text: Vec<_> = lines.flat_map(str::split_whitespace).collect();
        let statements = text.split_inclusive(|word| word.ends_with(';'));
        let (mut dropped, mut kept) = (Vec::new(), Vec::new());
        for words in statements {
            let words: Vec<_> =
                words.iter().map(|word| word.trim_end_matches([';', ','])).collect();
            match words.as_slice() {
                ["DROP", "TABLE", "IF", "EXISTS", table, ..] | ["DROP", "TABLE", table, ..] => {
                    dropped.push(Part { table, column: None });
                }
                ["ALTER", "TABLE", _, "RENAME", "TO", table] => kept.push(*table),
                ["ALTER", "TABLE", table, rest @ ..] => {
                    let columns = rest.windows(3).filter(|it| it[..2] == ["DROP", "COLUMN"]);
                    dropped.extend(columns.map(|it| Part { table, column: Some(it[2]) }));
                }
                _ => {}
            }
        }
        dropped.retain(|part| part.column.is_some() || !kept.contains(&part.table));
        dropped
    }
}

impl Pool {
    /// Counts the rows of a table, or the values of a column, up to one more than [`MAX_COUNT`]. A
    /// table that does not exist has none.
    pub(in crate::store) async fn count_rows(&self, part: Part) -> Result<i64, DbError> {
        let Part { table, column } = part;
        let condition = column.map_or(String::new(), |it| format!(" WHERE {it} IS NOT NULL"));
        let limit = MAX_COUNT + 1;
        let sql = format!(
            "SELECT COUNT(*) AS found FROM (SELECT 1 FROM {table}{condition} LIMIT {limit}) AS it"
        );
        let mut connection = self.read().await?;
        match connection.query(AssertSqlSafe(sql)).fetch_one::<Counted>().await {
            Ok(counted) => Ok(counted.found),
            Err(DbError::Unavailable(error)) if is_missing_table(&error) => Ok(0),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(down: &'static str) -> Vec<(&'static str, Option<&'static str>)> {
        let script = Script { version: 1, name: "test", up: "", down };
        script.dropped().into_iter().map(|part| (part.table, part.column)).collect()
    }

    #[test]
    fn dropped_tables_and_columns_are_found() {
        assert_eq!(dropped("DROP TABLE a;\nDROP TABLE IF EXISTS b;"), [("a", None), ("b", None)]);
        assert_eq!(dropped("DROP VIEW v;\n-- DROP TABLE x;\nDROP INDEX i;"), []);
        let columns = "ALTER TABLE a\n    DROP COLUMN b,\n    DROP COLUMN c;";
        assert_eq!(dropped(columns), [("a", Some("b")), ("a", Some("c"))]);
        let copied = "CREATE TABLE n (x);\nINSERT INTO n SELECT x FROM a;\nDROP TABLE a;\n\
                      ALTER TABLE n RENAME TO a;\nDROP TABLE b;";
        assert_eq!(dropped(copied), [("b", None)]);
    }
}

//! Conditions of a statement, with their parameters.

use std::fmt::Write;

use super::{TimeRange, driver::Query};

/// A parameter of a statement.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Number(i64),
    Text(&'a str),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

/// Binds the next parameters.
pub(super) fn bind<'c>(query: Query<'c>, values: &[Value<'_>]) -> Query<'c> {
    values.iter().fold(query, |query, value| match value {
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(*text),
    })
}

/// Conditions that all must be true, with their parameters.
#[derive(Clone, Default)]
pub(super) struct Conditions<'a> {
    /// SQL texts with one `?` for each parameter.
    sql: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Conditions<'a> {
    /// Adds a condition with one `?` for each of its parameters.
    pub(super) fn add<V: Into<Value<'a>>>(
        &mut self,
        condition: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) {
        self.sql.push(condition.into());
        self.values.extend(values.into_iter().map(Into::into));
    }

    /// Adds the condition that a column has one of these values. No value is no condition.
    pub(super) fn add_any_of(&mut self, column: &str, values: &'a [String]) {
        if !values.is_empty() {
            let placeholders = vec!["?"; values.len()].join(", ");
            self.add(format!("{column} IN ({placeholders})"), values);
        }
    }

    /// Adds a condition whose parameters have several types.
    pub(super) fn add_values(
        &mut self,
        condition: impl Into<String>,
        values: impl IntoIterator<Item = Value<'a>>,
    ) {
        self.sql.push(condition.into());
        self.values.extend(values);
    }

    /// Adds the conditions that a time is in a range.
    pub(super) fn add_range(&mut self, column: &str, range: TimeRange) {
        for (operator, limit) in [(">", range.after), ("<", range.before)] {
            if let Some(limit) = limit {
                self.add(format!("{column} {operator} ?"), [limit]);
            }
        }
    }

    /// Returns whether there is no condition.
    pub(super) fn is_empty(&self) -> bool {
        self.sql.is_empty()
    }

    /// Adds other conditions after these.
    pub(super) fn append(&mut self, other: Conditions<'a>) {
        self.sql.extend(other.sql);
        self.values.extend(other.values);
    }

    /// Returns the SQL text of the conditions, with numbered parameters, and the number of the next
    /// parameter.
    pub(super) fn sql(&self) -> (String, usize) {
        numbered(&self.text())
    }

    /// Returns the SQL text of the conditions, with one `?` for each parameter.
    pub(super) fn text(&self) -> String {
        self.sql.join(" AND ")
    }

    /// Binds the parameters.
    pub(super) fn bind<'c>(&self, query: Query<'c>) -> Query<'c> {
        bind(query, &self.values)
    }
}

/// Numbers the parameters of a SQL text. Returns it with the number of the next parameter.
pub(super) fn numbered(text: &str) -> (String, usize) {
    let mut parts = text.split('?');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    let mut next = 1;
    for part in parts {
        // Writing to a string does not fail.
        let _ = write!(sql, "${next}{part}");
        next += 1;
    }
    (sql, next)
}

#[cfg(test)]
mod tests {
    use super::Conditions;

    #[test]
    fn parameters_are_numbered_in_order() {
        let ids = ["1".to_owned(), "2".to_owned()];
        let mut conditions = Conditions::default();
        conditions.add("a > ?", ["x"]);
        conditions.add("b IS NULL", [""; 0]);
        let mut others = Conditions::default();
        others.add_any_of("c", &ids);
        others.add_any_of("d", &[]);
        others.add("e > ?", [5]);
        conditions.append(others);
        let (sql, next) = conditions.sql();
        assert_eq!(sql, "a > $1 AND b IS NULL AND c IN ($2, $3) AND e > $4");
        assert_eq!((next, conditions.values.len()), (5, 4));
    }
}

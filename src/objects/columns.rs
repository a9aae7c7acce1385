//! Columns of synced objects, and their values.
//!
//! [`columns!`] declares a struct together with its columns, so that the store can bind and read
//! every object in the same way.

use std::borrow::Cow;

use serde_json::Value as Json;

/// A column of a synced table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name of the column.
    pub name: &'static str,
    /// Type of its values.
    pub column_type: ColumnType,
}

/// Type of the values of a column. All of them can be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A boolean, which is 0 or 1 on SQLite.
    Flag,
    /// A whole number, or a time in Unix milliseconds.
    Integer,
    /// JSON, which is `JSONB` on PostgreSQL and text on SQLite.
    Json,
}

/// Value of a column. `None` is null.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnValue<'a> {
    /// Value of [`ColumnType::Text`].
    Text(Option<Cow<'a, str>>),
    /// Value of [`ColumnType::Flag`].
    Flag(Option<bool>),
    /// Value of [`ColumnType::Integer`].
    Integer(Option<i64>),
    /// Value of [`ColumnType::Json`].
    Json(Option<Cow<'a, Json>>),
}

impl<'a> ColumnValue<'a> {
    /// Returns a text.
    #[must_use]
    pub fn text(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Cow::Borrowed))
    }
}

/// A struct whose fields are columns.
pub trait Columns: Sized {
    /// The columns, in the order of their values.
    const COLUMNS: &'static [Column];

    /// Appends the values of the columns.
    fn push_values<'a>(&'a self, values: &mut Vec<ColumnValue<'a>>);

    /// Returns the values of the columns.
    fn values(&self) -> Vec<ColumnValue<'_>> {
        let mut values = Vec::with_capacity(Self::COLUMNS.len());
        self.push_values(&mut values);
        values
    }

    /// Returns the value of a column.
    fn value(&self, column: &str) -> Option<ColumnValue<'_>>;

    /// Creates the struct from the next values, which are in the order of the columns.
    fn from_values<'v>(values: &mut impl Iterator<Item = ColumnValue<'v>>) -> Self;

    /// Copies the value of one column from another struct.
    fn copy_column(&mut self, column: &str, from: &Self);
}

/// A Rust type of a field that is a column.
pub trait ColumnField: Sized {
    /// Type of the column.
    const TYPE: ColumnType;

    /// Returns the value to bind.
    fn value(&self) -> ColumnValue<'_>;

    /// Converts a value of the column. A value of another type is null.
    fn from_value(value: Option<ColumnValue<'_>>) -> Self;
}

impl Column {
    /// Returns the column of a field. The name of a field that is a keyword begins with `r#`.
    #[must_use]
    pub const fn of<T: ColumnField>(field: &'static str) -> Self {
        Self { name: field_name(field), column_type: T::TYPE }
    }
}

/// Returns the name of a field without `r#`.
#[must_use]
pub const fn field_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Concatenates columns. `N` must be the number of all columns.
#[must_use]
pub const fn concat<const N: usize>(first: &[Column], second: &[Column]) -> [Column; N] {
    let mut all = [Column { name: "", column_type: ColumnType::Text }; N];
    let mut index = 0;
    while index < N {
        all[index] = if index < first.len() { first[index] } else { second[index - first.len()] };
        index += 1;
    }
    all
}

impl ColumnField for Option<String> {
    const TYPE: ColumnType = ColumnType::Text;

    fn value(&self) -> ColumnValue<'_> {
        ColumnValue::text(self.as_deref())
    }

    fn from_value(value: Option<ColumnValue<'_>>) -> Self {
        match value {
            Some(ColumnValue::Text(text)) => text.map(Cow::into_owned),
            _ => None,
        }
    }
}

impl ColumnField for String {
    const TYPE: ColumnType = ColumnType::Text;

    fn value(&self) -> ColumnValue<'_> {
        ColumnValue::Text(Some(Cow::Borrowed(self)))
    }

    fn from_value(value: Option<ColumnValue<'_>>) -> Self {
        Option::<Self>::from_value(value).unwrap_or_default()
    }
}

impl ColumnField for Cow<'static, str> {
    const TYPE: ColumnType = ColumnType::Text;

    fn value(&self) -> ColumnValue<'_> {
        ColumnValue::Text(Some(Cow::Borrowed(self)))
    }

    fn from_value(value: Option<ColumnValue<'_>>) -> Self {
        Self::Owned(String::from_value(value))
    }
}

impl ColumnField for Option<bool> {
    const TYPE: ColumnType = ColumnType::Flag;

    fn value(&self) -> ColumnValue<'_> {
        ColumnValue::Flag(*self)
    }

    fn from_value(value: Option<ColumnValue<'_>>) -> Self {
        match value {
            Some(ColumnValue::Flag(flag)) => flag,
            _ => None,
        }
    }
}

impl ColumnField for Option<i64> {
    const TYPE: ColumnType = ColumnType::Integer;

    fn value(&self) -> ColumnValue<'_> {
        ColumnValue::Integer(*self)
    }

    fn from_value(value: Option<ColumnValue<'_>>) -> Self {
        match value {
            Some(ColumnValue::Integer(number)) => number,
            _ => None,
        }
    }
}

impl ColumnField for Option<Json> {
    const TYPE: ColumnType = ColumnType::Json;

    fn value(&self) -> ColumnValue<'_> {
        ColumnValue::Json(self.as_ref().map(Cow::Borrowed))
    }

    fn from_value(value: Option<ColumnValue<'_>>) -> Self {
        match value {
            Some(ColumnValue::Json(json)) => json.map(Cow::into_owned),
            _ => None,
        }
    }
}

/// Declares a struct whose fields are columns, with the names of the fields.
macro_rules! columns {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $crate::objects::columns::Columns for $name {
            const COLUMNS: &'static [$crate::objects::columns::Column] =
                &[$($crate::objects::columns::Column::of::<$type>(stringify!($field))),+];

            fn push_values<'a>(
                &'a self,
                values: &mut Vec<$crate::objects::columns::ColumnValue<'a>>,
            ) {
                values.extend([$($crate::objects::columns::ColumnField::value(&self.$field)),+]);
            }

            fn value(&self, column: &str) -> Option<$crate::objects::columns::ColumnValue<'_>> {
                $(if column == $crate::objects::columns::field_name(stringify!($field)) {
                    return Some($crate::objects::columns::ColumnField::value(&self.$field));
                })+
                None
            }

            fn from_values<'v>(
                values: &mut impl Iterator<Item = $crate::objects::columns::ColumnValue<'v>>,
            ) -> Self {
                // The fields are evaluated in this order.
                Self {
                    $($field: $crate::objects::columns::ColumnField::from_value(values.next()),)+
                }
            }

            fn copy_column(&mut self, column: &str, from: &Self) {
                $(if column == $crate::objects::columns::field_name(stringify!($field)) {
                    self.$field.clone_from(&from.$field);
                })+
            }
        }
    };
}
pub(crate) use columns;

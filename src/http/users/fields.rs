//! `fields=`: a projection of the listed users.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::User;

/// Properties of a user.
const NAMES: [&str; 21] = [
    "id",
    "external_id",
    "username",
    "first_name",
    "last_name",
    "email",
    "email_verified",
    "email_addresses",
    "phone_number",
    "phone_numbers",
    "image",
    "banned",
    "locked",
    "password_enabled",
    "two_factor_enabled",
    "public_metadata",
    "unsafe_metadata",
    "last_sign_in_at",
    "last_active_at",
    "created_at",
    "updated_at",
];

/// Maximum length of an unknown name that an error contains. A longer text can be personal data.
const MAX_NAME: usize = 40;

/// Properties to return, separated by commas in the query.
pub(super) struct Fields(Vec<&'static str>);

impl Fields {
    /// Returns the properties of a user.
    pub(super) fn project(&self, user: User) -> Map<String, Value> {
        match serde_json::to_value(user) {
            Ok(Value::Object(mut properties)) => {
                properties.retain(|name, _| self.0.contains(&&**name));
                properties
            }
            _ => Map::new(),
        }
    }
}

/// Schema of the name of a property.
pub(super) struct FieldName;

impl PartialSchema for FieldName {
    fn schema() -> RefOr<Schema> {
        let name = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(NAMES));
        Schema::Object(name.build()).into()
    }
}

impl ToSchema for FieldName {}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fields = text.split(',').map(str::trim).map(|given| {
            let known = NAMES.into_iter().find(|name| *name == given);
            known.ok_or_else(|| D::Error::custom(unknown(given)))
        });
        fields.collect::<Result<_, _>>().map(Self)
    }
}

/// Returns the error for an unknown property.
fn unknown(given: &str) -> String {
    let is_name = given.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let known = NAMES.map(|name| format!("`{name}`")).join(", ");
    match is_name && (1..=MAX_NAME).contains(&given.len()) {
        true => format!("a user has no `{given}`; use {known}"),
        false => format!("expected names separated by commas: {known}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, User};
    use crate::{objects::user::Profile, store::users::UserView};

    #[test]
    fn names_are_properties_of_user() {
        let view = UserView {
            id: "user_1".to_owned(),
            profile: Profile::default(),
            identifiers: Vec::new(),
        };
        let user = serde_json::to_value(User::from(view)).unwrap();
        let mut properties: Vec<_> = user.as_object().unwrap().keys().map(String::as_str).collect();
        let mut names = NAMES;
        properties.sort_unstable();
        names.sort_unstable();
        assert_eq!(properties, names);
    }
}

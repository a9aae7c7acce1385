//! Part of the model that lists the fields of the objects. A field that a payload lacks keeps its
//! value.

use serde_json::Value;

use super::messages::Kind;

/// Field of an object, with a version of its own.
pub struct Field {
    /// Name in the column `field_versions`.
    pub name: &'static str,
    /// Keys of the payload with the values of the field.
    pub keys: Vec<&'static str>,
    /// Returns whether a payload has the field.
    pub is_in: Box<dyn Fn(&Value) -> bool>,
}

impl Field {
    /// Creates a field that a payload has if it has one of these keys, also with the value null.
    fn new(name: &'static str, keys: &[&'static str]) -> Self {
        let keys = keys.to_vec();
        let any = keys.clone();
        let is_in = Box::new(move |data: &Value| any.iter().any(|key| data.get(key).is_some()));
        Self { name, keys, is_in }
    }

    /// Creates a field that a payload has if one of these keys is a list.
    fn list(name: &'static str, keys: &[&'static str]) -> Self {
        let any = keys.to_vec();
        let is_in = Box::new(move |data: &Value| any.iter().any(|key| data[*key].is_array()));
        Self { is_in, ..Self::new(name, keys) }
    }

    /// Creates a field that is null if a payload does not have it.
    fn always(name: &'static str) -> Self {
        Self { is_in: Box::new(|_| true), ..Self::new(name, &[name]) }
    }
}

fn same_names(names: &[&'static str]) -> Vec<Field> {
    names.iter().map(|name| Field::new(name, &[name])).collect()
}

/// Returns the fields of the objects of a kind.
pub fn of(kind: Kind) -> Vec<Field> {
    let metadata = ["public_metadata", "private_metadata"];
    let mut fields = same_names(&["created_at", "updated_at"]);
    fields.extend(match kind {
        Kind::User => user(),
        Kind::Session => {
            let mut fields = same_names(&["client_id", "last_active_at", "abandon_at"]);
            fields.push(Field::new("expires_at", &["expire_at"]));
            let always = ["user_id", "actor", "last_active_organization_id"];
            fields.extend(always.map(Field::always));
            fields
        }
        Kind::Organization => {
            let mut fields = same_names(&["name", "slug", "created_by"]);
            fields.extend(same_names(&["max_allowed_memberships", "admin_delete_enabled"]));
            fields.extend(same_names(&metadata));
            fields.push(Field::new("image", &["image_url"]));
            fields
        }
        Kind::Membership => {
            let mut fields = same_names(&["role", "permissions"]);
            fields.extend(same_names(&metadata));
            fields
        }
        Kind::Invitation => {
            let mut fields = same_names(&["role", "inviter_id", "user_id", "expires_at"]);
            fields.extend(same_names(&metadata));
            fields.push(Field::new("email", &["email_address"]));
            fields
        }
        Kind::Domain => {
            let mut fields = same_names(&["name", "enrollment_mode"]);
            let affiliation = ["affiliation_verification", "verification"];
            fields.push(Field::new("affiliation_status", &affiliation));
            fields.push(Field::new("ownership_status", &["ownership_verification"]));
            fields
        }
        Kind::Role => same_names(&["key", "name", "description", "permissions"]),
        Kind::Permission => same_names(&["key", "name", "description", "type"]),
        Kind::WaitlistEntry => {
            let mut fields = same_names(&["status"]);
            fields.push(Field::new("email", &["email_address"]));
            fields.push(Field::new("invitation_id", &["invitation"]));
            fields
        }
    });
    fields
}

fn user() -> Vec<Field> {
    let mut fields = same_names(&[
        "external_id",
        "username",
        "first_name",
        "last_name",
        "banned",
        "locked",
        "two_factor_enabled",
        "public_metadata",
        "private_metadata",
        "unsafe_metadata",
        "last_sign_in_at",
        "last_active_at",
    ]);
    let password = ["password_enabled", "password_last_updated_at"];
    let is_in = Box::new(|data: &Value| data.get("password_enabled").is_some());
    fields.push(Field { is_in, ..Field::new("password_enabled", &password) });
    fields.push(Field::new("image", &["image_url", "profile_image_url"]));
    for list in ["email_addresses", "phone_numbers", "web3_wallets", "passkeys"] {
        fields.push(Field::list(list, &[list]));
    }
    fields.push(Field::list("external_accounts", &["external_accounts"]));
    fields.push(Field::list("enterprise_accounts", &["enterprise_accounts", "saml_accounts"]));
    // A primary address is known if its id and the list of addresses are.
    for (name, id, list) in [
        ("email", "primary_email_address_id", "email_addresses"),
        ("phone_number", "primary_phone_number_id", "phone_numbers"),
    ] {
        let is_in = Box::new(move |data: &Value| data.get(id).is_some() && data[list].is_array());
        fields.push(Field { name, keys: Vec::new(), is_in });
    }
    fields
}

/// Returns whether a payload has what Clerk sends with each complete object.
pub fn is_complete(kind: Kind, data: &Value) -> bool {
    let lists: &[&str] = match kind {
        Kind::User => &["email_addresses", "phone_numbers", "external_accounts"],
        _ => &[],
    };
    let values: &[&str] = match kind {
        Kind::User => &["public_metadata"],
        Kind::Session => &[],
        // Metadata of an organization can be null.
        Kind::Organization => {
            let keys = ["name", "public_metadata", "private_metadata"];
            return keys.iter().all(|key| data.get(key).is_some());
        }
        Kind::Membership => &["role"],
        Kind::Invitation | Kind::WaitlistEntry => &["email_address"],
        Kind::Domain => &["name"],
        Kind::Role | Kind::Permission => &["key"],
    };
    lists.iter().all(|key| data[*key].is_array()) && values.iter().all(|key| !data[*key].is_null())
}

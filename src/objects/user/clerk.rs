//! Decodes user events, and the users that session events embed.

use super::{
    fields::{self, EMAIL_ADDRESSES, PHONE_NUMBERS},
    identities::Identities,
    state::{Profile, User, UserData},
};
use crate::{
    domain::{Millis, version::Version},
    objects::{
        FieldVersions,
        decode::{Decoded, Fault, Fields, Message},
    },
};

/// Decodes the state of a user.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let user = User { id, ..user(data, updated_at) };
    let version = message.version(updated_at, is_complete(data, &user));
    Ok(User { version, ..user }.into())
}

/// Returns the user that a session event embeds, if it is the owner of the session.
#[must_use]
pub fn embedded(message: &Message<'_>, data: &Fields<'_>, owner: &str) -> Option<User> {
    let id = data.text("id").filter(|id| id == owner)?;
    let updated_at = data.instant("updated_at");
    let user = User { id, ..user(data, updated_at) };
    let version = message.embedded_version(updated_at, is_complete(data, &user));
    Some(User { version, ..user })
}

/// Returns whether a payload has the fields that Clerk sends with each complete user.
fn is_complete(data: &Fields<'_>, user: &User) -> bool {
    let lacks = |field: &str| user.field_versions.contains_key(field);
    let lists = [EMAIL_ADDRESSES, PHONE_NUMBERS, "external_accounts"];
    !lists.into_iter().any(lacks) && data.has_value("public_metadata")
}

/// Decodes all of a user but the ID and the version.
fn user(data: &Fields<'_>, updated_at: Option<Millis>) -> User {
    let mut identities = Identities::default();
    let mut lacking = identities.add_lists(data);
    let password_enabled = data.flag("password_enabled");
    if password_enabled == Some(true) {
        identities.add_password(data);
    }
    let Identities { accounts, verifications } = identities;
    let primary = |field: &'static str, kind: &str| {
        let id = data.text(field)?;
        verifications.get(&id).filter(|it| *it.kind == *kind)
    };
    let email = primary("primary_email_address_id", "email");
    let phone = primary("primary_phone_number_id", "phone");
    // Only the column of the primary address has an index.
    let address = email.and_then(|email| email.identifier.clone());
    let address = data.fitting_index("email_address", address);
    let profile = Profile {
        external_id: data.indexed_text("external_id"),
        username: data.indexed_text("username"),
        first_name: data.text("first_name"),
        last_name: data.text("last_name"),
        email_verified: address
            .is_some()
            .then(|| email.is_some_and(|email| email.status.as_deref() == Some("verified"))),
        email: address,
        phone_number: phone.and_then(|phone| phone.identifier.clone()),
        // `profile_image_url` is the name of `image_url` until 2023.
        image: data.text("image_url").or_else(|| data.text("profile_image_url")),
        banned: data.flag("banned"),
        locked: data.flag("locked"),
        password_enabled,
        two_factor_enabled: data.flag("two_factor_enabled"),
        public_metadata: data.json("public_metadata"),
        private_metadata: data.json("private_metadata"),
        unsafe_metadata: data.json("unsafe_metadata"),
        last_sign_in_at: data.instant("last_sign_in_at"),
        last_active_at: data.instant("last_active_at"),
        created_at: data.instant("created_at"),
        updated_at,
    };
    lacking.extend(fields::ALL.into_iter().filter(|field| lacks_column(data, field)));
    // The address is known if its ID and the list of addresses are.
    for (list, primary) in [(EMAIL_ADDRESSES, "email"), (PHONE_NUMBERS, "phone_number")] {
        if lacking.contains(&list) {
            lacking.push(primary);
        }
    }
    let field_versions: FieldVersions =
        lacking.into_iter().map(|field| (field, Version::default())).collect();
    let data = UserData { profile, accounts, verifications };
    User { data, field_versions, ..User::default() }
}

/// Returns whether a payload lacks the fields that decide a column. A field with the value null is
/// not lacking.
fn lacks_column(data: &Fields<'_>, field: &str) -> bool {
    let fields: &[&str] = match field {
        "email" => &["primary_email_address_id"],
        "phone_number" => &["primary_phone_number_id"],
        "image" => &["image_url", "profile_image_url"],
        EMAIL_ADDRESSES
        | PHONE_NUMBERS
        | "web3_wallets"
        | "passkeys"
        | "external_accounts"
        | "enterprise_accounts" => return false,
        field => &[field],
    };
    !fields.iter().any(|field| data.has(field))
}

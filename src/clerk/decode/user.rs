//! Decodes user events, and the users that session events embed.

mod identities;

use std::collections::BTreeMap;

use self::identities::Identities;
use super::{Decoded, Fault, Fields, Message};
use crate::domain::{
    Millis,
    event::Change,
    local_event,
    user::{Profile, User},
    user_field::UserField,
    version::Version,
};

/// Returns the change to the state of a user.
pub(super) fn change(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let user = User { id, ..user(data, updated_at) };
    // The Backend API returns complete users.
    let is_complete = local_event::is_fetched(message.kind) || is_complete(data, &user);
    let version = match is_complete {
        true => Version::complete(updated_at, message.occurred_at, message.version_id),
        false => Version::incomplete(message.occurred_at, message.version_id),
    };
    Ok(Change::User(Box::new(User { version, ..user })).into())
}

/// Returns the deletion of a user.
pub(super) fn deletion(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let user_id = data.required_id("id", "data.id")?;
    let at = message.occurred_at.unwrap_or_default();
    Ok(Change::UserDeleted { user_id, at }.into())
}

/// Returns the user that a session event embeds, if it is the owner of the session. Deliveries may
/// contain a part of the user only, and such a state must lose to every complete one.
pub(super) fn embedded(message: &Message<'_>, data: &Fields<'_>, owner: &str) -> Option<User> {
    let id = data.text("id").filter(|id| id == owner)?;
    let updated_at = data.instant("updated_at");
    let user = User { id, ..user(data, updated_at) };
    let version = match updated_at {
        Some(_) if is_complete(data, &user) => {
            Version::complete(updated_at, message.occurred_at, message.version_id)
        }
        _ => Version::incomplete(message.occurred_at, message.version_id),
    };
    Some(User { version, ..user })
}

/// Returns whether a payload has the fields that Clerk sends with each complete user.
fn is_complete(data: &Fields<'_>, user: &User) -> bool {
    let lacks = |field| user.field_versions.contains_key(&field);
    let lists = [UserField::EmailAddresses, UserField::PhoneNumbers, UserField::ExternalAccounts];
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
    lacking.extend(UserField::ALL.into_iter().filter(|field| lacks_column(data, *field)));
    // The address is known if its ID and the list of addresses are.
    for (list, primary) in [
        (UserField::EmailAddresses, UserField::Email),
        (UserField::PhoneNumbers, UserField::PhoneNumber),
    ] {
        if lacking.contains(&list) {
            lacking.push(primary);
        }
    }
    let field_versions = lacking.into_iter().map(|field| (field, Version::default()));
    let field_versions = field_versions.collect::<BTreeMap<_, _>>();
    User { profile, accounts, verifications, field_versions, ..User::default() }
}

/// Returns whether a payload lacks the fields that decide a column. A field with the value null is
/// not lacking.
fn lacks_column(data: &Fields<'_>, field: UserField) -> bool {
    let fields: &[&str] = match field {
        UserField::Email => &["primary_email_address_id"],
        UserField::PhoneNumber => &["primary_phone_number_id"],
        UserField::Image => &["image_url", "profile_image_url"],
        UserField::EmailAddresses
        | UserField::PhoneNumbers
        | UserField::Web3Wallets
        | UserField::Passkeys
        | UserField::ExternalAccounts
        | UserField::EnterpriseAccounts => return false,
        field => &[field.name()],
    };
    !fields.iter().any(|field| data.has(field))
}

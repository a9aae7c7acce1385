//! Conversion between the rows of the tables and the values of the domain.
//!
//! The order of the columns in a table's constant is the order in which its `bind_…` function binds
//! the values.

use std::borrow::Cow;

use serde_json::Value;
use sqlx::types::Json;

use super::{
    driver::{DbError, Query, Record, Row, record},
    statement::Table,
};
use crate::domain::{
    Millis,
    session::{Session, SessionState, SignIn},
    user::{Account, Profile, User, UserLifecycle, Verification},
    version::Version,
};

pub(super) const USERS: Table = Table {
    name: "users",
    columns: &[
        "clerk_id",
        "external_id",
        "username",
        "first_name",
        "last_name",
        "email",
        "email_verified",
        "phone_number",
        "image",
        "banned",
        "locked",
        "password_enabled",
        "two_factor_enabled",
        "public_metadata",
        "private_metadata",
        "unsafe_metadata",
        "last_sign_in_at",
        "last_active_at",
        "created_at",
        "updated_at",
        "deleted_at",
        "search",
        "version_updated_at",
        "version_occurred_at",
        "version_event_id",
    ],
    key_length: 1,
};

pub(super) const SESSIONS: Table = Table {
    name: "sessions",
    columns: &[
        "id",
        "user_id",
        "client_id",
        "status",
        "ip_address",
        "user_agent",
        "actor",
        "last_active_organization_id",
        "last_active_at",
        "expires_at",
        "abandon_at",
        "created_at",
        "updated_at",
        "version_updated_at",
        "version_occurred_at",
        "version_event_id",
        "sign_in_updated_at",
        "sign_in_occurred_at",
        "sign_in_event_id",
    ],
    key_length: 1,
};

pub(super) const ACCOUNTS: Table = Table {
    name: "accounts",
    columns: &[
        "user_id",
        "id",
        "provider_id",
        "account_id",
        "email",
        "username",
        "scope",
        "status",
        "created_at",
        "updated_at",
    ],
    key_length: 2,
};

pub(super) const VERIFICATIONS: Table = Table {
    name: "verifications",
    columns: &[
        "user_id",
        "id",
        "kind",
        "identifier",
        "status",
        "strategy",
        "attempts",
        "expires_at",
        "created_at",
        "updated_at",
    ],
    key_length: 2,
};

/// A row of `users` to write: the state of a user, or a tombstone.
pub(super) struct UserRow<'a> {
    pub(super) id: &'a str,
    pub(super) profile: &'a Profile,
    pub(super) deleted_at: Option<Millis>,
    /// Search terms of the user, joined.
    pub(super) search: Option<&'a str>,
    pub(super) version: &'a Version,
}

pub(super) fn bind_user<'c>(query: Query<'c>, row: &UserRow<'_>) -> Query<'c> {
    let profile = row.profile;
    let query = query
        .bind(row.id)
        .bind(profile.external_id.as_deref())
        .bind(profile.username.as_deref())
        .bind(profile.first_name.as_deref())
        .bind(profile.last_name.as_deref())
        .bind(profile.email.as_deref())
        .bind(profile.email_verified)
        .bind(profile.phone_number.as_deref())
        .bind(profile.image.as_deref())
        .bind(profile.banned)
        .bind(profile.locked)
        .bind(profile.password_enabled)
        .bind(profile.two_factor_enabled)
        .bind(profile.public_metadata.as_ref().map(Json))
        .bind(profile.private_metadata.as_ref().map(Json))
        .bind(profile.unsafe_metadata.as_ref().map(Json))
        .bind(profile.last_sign_in_at)
        .bind(profile.last_active_at)
        .bind(profile.created_at)
        .bind(profile.updated_at)
        .bind(row.deleted_at)
        .bind(row.search);
    bind_version(query, row.version)
}

pub(super) fn bind_session<'c>(query: Query<'c>, session: &Session) -> Query<'c> {
    let (state, sign_in) = (&session.state, session.sign_in.as_ref());
    let query = query
        .bind(session.id.as_str())
        .bind(state.user_id.as_str())
        .bind(state.client_id.as_deref())
        .bind(state.status.as_str())
        .bind(sign_in.and_then(|sign_in| sign_in.ip_address.as_deref()))
        .bind(sign_in.and_then(|sign_in| sign_in.user_agent.as_deref()))
        .bind(state.actor.as_ref().map(Json))
        .bind(state.last_active_organization_id.as_deref())
        .bind(state.last_active_at)
        .bind(state.expires_at)
        .bind(state.abandon_at)
        .bind(state.created_at)
        .bind(state.updated_at);
    bind_version(query, &state.version)
        .bind(sign_in.map(|sign_in| sign_in.version.updated_at))
        .bind(sign_in.map(|sign_in| sign_in.version.occurred_at))
        .bind(sign_in.map(|sign_in| sign_in.version.event_id.as_str()))
}

fn bind_version<'c>(query: Query<'c>, version: &Version) -> Query<'c> {
    query.bind(version.updated_at).bind(version.occurred_at).bind(version.event_id.as_str())
}

/// An account or a verification with the ID of its user.
pub(super) struct Owned<T> {
    pub(super) user_id: String,
    pub(super) item: T,
}

pub(super) fn bind_account<'c>(query: Query<'c>, (user, row): &(&User, &Account)) -> Query<'c> {
    query
        .bind(user.id.as_str())
        .bind(row.id.as_str())
        .bind(row.provider_id.as_deref())
        .bind(row.account_id.as_deref())
        .bind(row.email.as_deref())
        .bind(row.username.as_deref())
        .bind(row.scope.as_deref())
        .bind(row.status.as_deref())
        .bind(row.created_at)
        .bind(row.updated_at)
}

pub(super) fn bind_verification<'c>(
    query: Query<'c>,
    (user, row): &(&User, &Verification),
) -> Query<'c> {
    query
        .bind(user.id.as_str())
        .bind(row.id.as_str())
        .bind(&*row.kind)
        .bind(row.identifier.as_deref())
        .bind(row.status.as_deref())
        .bind(row.strategy.as_deref())
        .bind(row.attempts)
        .bind(row.expires_at)
        .bind(row.created_at)
        .bind(row.updated_at)
}

impl Row {
    /// Reads a JSON column, which is `JSONB` on PostgreSQL and text on SQLite.
    pub(super) fn json(&self, column: &'static str) -> Result<Option<Value>, DbError> {
        Ok(self.get::<Option<Json<Value>>>(column)?.map(|Json(value)| value))
    }

    /// Reads a JSON column, and returns null for a value that cannot be read.
    pub(super) fn json_or_null(&self, column: &'static str) -> Result<Option<Value>, DbError> {
        match self.json(column) {
            Err(DbError::UndecodableValue(_)) => Ok(None),
            read => read,
        }
    }

    /// Reads a user's profile without the private metadata, which no API call returns.
    pub(super) fn profile(&self) -> Result<Profile, DbError> {
        Ok(Profile {
            public_metadata: self.json("public_metadata")?,
            unsafe_metadata: self.json("unsafe_metadata")?,
            ..self.profile_without_metadata()?
        })
    }

    /// Reads a user's profile without metadata.
    pub(super) fn profile_without_metadata(&self) -> Result<Profile, DbError> {
        Ok(Profile {
            external_id: self.get("external_id")?,
            username: self.get("username")?,
            first_name: self.get("first_name")?,
            last_name: self.get("last_name")?,
            email: self.get("email")?,
            email_verified: self.get("email_verified")?,
            phone_number: self.get("phone_number")?,
            image: self.get("image")?,
            banned: self.get("banned")?,
            locked: self.get("locked")?,
            password_enabled: self.get("password_enabled")?,
            two_factor_enabled: self.get("two_factor_enabled")?,
            public_metadata: None,
            private_metadata: None,
            unsafe_metadata: None,
            last_sign_in_at: self.get("last_sign_in_at")?,
            last_active_at: self.get("last_active_at")?,
            created_at: self.get("created_at")?,
            updated_at: self.get("updated_at")?,
        })
    }

    /// Reads a session with the given actor.
    pub(super) fn session(&self, actor: Option<Value>) -> Result<Session, DbError> {
        let sign_in = match self.get::<Option<String>>("sign_in_event_id")? {
            None => None,
            Some(event_id) => Some(SignIn {
                ip_address: self.get("ip_address")?,
                user_agent: self.get("user_agent")?,
                version: Version {
                    updated_at: self.get("sign_in_updated_at")?,
                    occurred_at: self.get("sign_in_occurred_at")?,
                    event_id,
                },
            }),
        };
        let state = SessionState {
            user_id: self.get("user_id")?,
            client_id: self.get("client_id")?,
            status: self.get("status")?,
            actor,
            last_active_organization_id: self.get("last_active_organization_id")?,
            last_active_at: self.get("last_active_at")?,
            expires_at: self.get("expires_at")?,
            abandon_at: self.get("abandon_at")?,
            created_at: self.get("created_at")?,
            updated_at: self.get("updated_at")?,
            version: self.version()?,
        };
        Ok(Session { id: self.get("id")?, state, sign_in })
    }

    pub(super) fn version(&self) -> Result<Version, DbError> {
        Ok(Version {
            updated_at: self.get("version_updated_at")?,
            occurred_at: self.get("version_occurred_at")?,
            event_id: self.get("version_event_id")?,
        })
    }
}

/// ID, lifecycle and joined search terms of a user, and the ID again if the state is not whole.
impl Record for (String, UserLifecycle, Option<String>, Option<String>) {
    const TABLE: &'static str = USERS.name;

    fn read(row: &Row) -> Result<Self, DbError> {
        let (id, lifecycle, search) = Record::read(row)?;
        Ok((id, lifecycle, search, row.get("partial_id")?))
    }
}

/// ID, lifecycle and joined search terms of a user.
impl Record for (String, UserLifecycle, Option<String>) {
    const TABLE: &'static str = USERS.name;

    fn read(row: &Row) -> Result<Self, DbError> {
        let lifecycle = match row.get("deleted_at")? {
            Some(deleted_at) => UserLifecycle::Tombstone { deleted_at },
            None => UserLifecycle::Live(row.version()?),
        };
        Ok((row.get("clerk_id")?, lifecycle, row.get("search")?))
    }
}

impl Record for Session {
    const TABLE: &'static str = SESSIONS.name;

    fn read(row: &Row) -> Result<Self, DbError> {
        row.session(row.json("actor")?)
    }
}

record!(Account, "accounts" {
    id,
    provider_id,
    account_id,
    email,
    username,
    scope,
    status,
    created_at,
    updated_at
});

impl Record for Verification {
    const TABLE: &'static str = VERIFICATIONS.name;

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            kind: Cow::Owned(row.get("kind")?),
            identifier: row.get("identifier")?,
            status: row.get("status")?,
            strategy: row.get("strategy")?,
            attempts: row.get("attempts")?,
            expires_at: row.get("expires_at")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl<T: Record> Record for Owned<T> {
    const TABLE: &'static str = T::TABLE;

    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self { user_id: row.get("user_id")?, item: T::read(row)? })
    }
}

//! Events, and the statements that apply them.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::store::Statement;

const UPSERT_USER: &str = "
INSERT INTO users (clerk_id, email, email_verified, first_name, last_name, image, created_at,
  updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (clerk_id) DO UPDATE SET email = excluded.email,
  email_verified = excluded.email_verified, first_name = excluded.first_name,
  last_name = excluded.last_name, image = excluded.image, updated_at = excluded.updated_at
WHERE users.deleted_at IS NULL AND users.updated_at <= excluded.updated_at";

const DELETE_USER: &str = "
INSERT INTO users (clerk_id, email_verified, updated_at, deleted_at) VALUES ($1, $2, $3, $3)
ON CONFLICT (clerk_id) DO UPDATE SET email = NULL, first_name = NULL, last_name = NULL,
  image = NULL, deleted_at = excluded.deleted_at, updated_at = excluded.updated_at";

const UPSERT_ACCOUNT: &str = "
INSERT INTO accounts (account_id, provider_id, user_id, scope, updated_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (provider_id, account_id) DO UPDATE SET scope = excluded.scope,
  updated_at = excluded.updated_at
WHERE accounts.updated_at <= excluded.updated_at";

const UPSERT_SESSION: &str = "
INSERT INTO sessions (id, user_id, status, expires_at, ip_address, user_agent, created_at,
  updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET status = excluded.status, expires_at = excluded.expires_at,
  updated_at = excluded.updated_at
WHERE sessions.updated_at <= excluded.updated_at";

const UPSERT_MEMBERSHIP: &str = "
INSERT INTO memberships (id, organization_id, user_id, role, created_at, updated_at, deleted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, updated_at = excluded.updated_at,
  deleted_at = excluded.deleted_at
WHERE memberships.deleted_at IS NULL AND memberships.updated_at <= excluded.updated_at";

/// A message of Clerk.
#[derive(Deserialize)]
pub(crate) struct Event<'p> {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    timestamp: i64,
    #[serde(borrow)]
    data: &'p RawValue,
    #[serde(default)]
    event_attributes: Attributes,
}

#[derive(Default, Deserialize)]
struct Attributes {
    #[serde(default)]
    http_request: Client,
}

#[derive(Default, Deserialize)]
struct Client {
    client_ip: Option<String>,
    user_agent: Option<String>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    email_addresses: Vec<EmailAddress>,
    primary_email_address_id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    image_url: Option<String>,
    external_accounts: Vec<Account>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Deserialize)]
struct EmailAddress {
    id: String,
    email_address: String,
    verification: Option<Verification>,
}

#[derive(Deserialize)]
struct Verification {
    status: String,
}

#[derive(Deserialize)]
struct Account {
    provider: String,
    provider_user_id: String,
    approved_scopes: Option<String>,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    user_id: String,
    status: String,
    expire_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Deserialize)]
struct Membership {
    id: String,
    organization: Reference,
    public_user_data: Member,
    role: String,
    created_at: i64,
    updated_at: i64,
}

#[derive(Deserialize)]
struct Member {
    user_id: String,
}

/// The part of an object that every event has, also that of a deletion.
#[derive(Deserialize)]
struct Reference {
    id: String,
}

/// Returns the statements that apply an event. Events of other types are only stored.
pub(crate) fn statements(event: Event) -> serde_json::Result<Vec<Statement>> {
    fn parse<T: DeserializeOwned>(data: &RawValue) -> serde_json::Result<T> {
        serde_json::from_str(data.get())
    }
    let (object, verb) = event.kind.split_once('.').unwrap_or_default();
    Ok(match (object, verb) {
        ("user", "deleted") => {
            let Reference { id } = parse(event.data)?;
            vec![(DELETE_USER, vec![id.into(), false.into(), event.timestamp.into()])]
        }
        ("user", _) => user_statements(parse(event.data)?),
        ("session", _) => {
            vec![session_statement(parse(event.data)?, event.event_attributes.http_request)]
        }
        ("organizationMembership", _) => {
            let deleted_at = (verb == "deleted").then_some(event.timestamp);
            vec![membership_statement(parse(event.data)?, deleted_at)]
        }
        _ => Vec::new(),
    })
}

fn user_statements(mut user: User) -> Vec<Statement> {
    let primary = user
        .email_addresses
        .iter()
        .position(|it| Some(&it.id) == user.primary_email_address_id.as_ref())
        .map(|index| user.email_addresses.swap_remove(index));
    let (email, verification) =
        primary.map(|it| (it.email_address, it.verification)).unwrap_or_default();
    let is_verified = verification.is_some_and(|it| it.status == "verified");
    let upsert = vec![
        user.id.clone().into(),
        Some(email).filter(|it| !it.is_empty()).into(),
        is_verified.into(),
        user.first_name.into(),
        user.last_name.into(),
        user.image_url.into(),
        user.created_at.into(),
        user.updated_at.into(),
    ];
    let accounts = user.external_accounts.into_iter().map(|account| {
        let values = vec![
            account.provider_user_id.into(),
            account.provider.into(),
            user.id.clone().into(),
            account.approved_scopes.into(),
            user.updated_at.into(),
        ];
        (UPSERT_ACCOUNT, values)
    });
    std::iter::once((UPSERT_USER, upsert)).chain(accounts).collect()
}

fn session_statement(session: Session, client: Client) -> Statement {
    let values = vec![
        session.id.into(),
        session.user_id.into(),
        session.status.into(),
        session.expire_at.into(),
        client.client_ip.into(),
        client.user_agent.into(),
        session.created_at.into(),
        session.updated_at.into(),
    ];
    (UPSERT_SESSION, values)
}

fn membership_statement(membership: Membership, deleted_at: Option<i64>) -> Statement {
    let values = vec![
        membership.id.into(),
        membership.organization.id.into(),
        membership.public_user_data.user_id.into(),
        membership.role.into(),
        membership.created_at.into(),
        membership.updated_at.into(),
        deleted_at.into(),
    ];
    (UPSERT_MEMBERSHIP, values)
}

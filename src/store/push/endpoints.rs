//! Endpoints, and their changes by operators.

use sqlx::AssertSqlSafe;

use crate::{
    domain::Millis,
    store::{Store, StoreError, driver::record},
};

/// Maximum number of endpoints.
pub const MAX_ENDPOINTS: i64 = 50;

/// Reason for which an endpoint is disabled because an operator disabled it.
pub const BY_OPERATOR: &str = "operator";

/// Reason for which an endpoint is disabled because it answered with 410.
pub const GONE: &str = "gone";

/// Reason for which an endpoint is disabled because it failed for days.
pub const FAILING: &str = "failing";

/// Endpoint to which changes are pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEndpoint {
    /// ID, `ep_` and random characters.
    pub id: String,
    /// URL, without a password.
    pub url: String,
    /// Description for people.
    pub description: String,
    /// Types of the messages, separated by spaces.
    pub types: String,
    /// Encrypted headers, as a JSON object.
    pub headers: Option<String>,
    /// Maximum number of messages per second.
    pub rate: Option<i64>,
    /// Encrypted secret.
    pub secret: String,
    /// Encrypted secret before the last rotation.
    pub previous_secret: Option<String>,
    /// Time after which messages are no longer signed with the previous secret.
    pub previous_secret_expires_at: Option<Millis>,
    /// Reason for which the endpoint is disabled; none if it is enabled.
    pub disabled: Option<String>,
    /// Time at which it was disabled.
    pub disabled_at: Option<Millis>,
    /// Time of the first failure after the last success.
    pub failing_since: Option<Millis>,
    /// Number up to which every change is delivered or has a row.
    pub position: i64,
    /// Number of times that an operator has moved the position back.
    pub replays: i64,
    /// Number of changes by operators.
    pub revision: i64,
    /// Time of the creation.
    pub created_at: Millis,
    /// Time of the last change by an operator.
    pub updated_at: Millis,
}

record!(StoredEndpoint, "push_endpoints" {
    id, url, description, types, headers, rate, secret, previous_secret,
    previous_secret_expires_at, disabled, disabled_at, failing_since, position, replays, revision,
    created_at, updated_at,
});

const COLUMNS: &str = "id, url, description, types, headers, rate, secret, previous_secret, \
    previous_secret_expires_at, disabled, disabled_at, failing_since, position, replays, \
    revision, \
    created_at, updated_at";

impl Store {
    /// Reads all endpoints, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_endpoints(&self) -> Result<Vec<StoredEndpoint>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM push_endpoints ORDER BY created_at, id");
        let mut connection = self.pool.reserved().await?;
        self.readable(&connection.query(AssertSqlSafe(sql)).rows().await?)
    }

    /// Reads an endpoint.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_endpoint(&self, id: &str) -> Result<Option<StoredEndpoint>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM push_endpoints WHERE id = $1");
        let mut connection = self.pool.reserved().await?;
        let found = connection.query(AssertSqlSafe(sql)).bind(id).fetch_optional().await;
        self.reported(found)
    }

    /// Adds an endpoint, whose first message is about the next change. Returns false if there are
    /// [`MAX_ENDPOINTS`] already.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn add_push_endpoint(&self, endpoint: &StoredEndpoint) -> Result<bool, StoreError> {
        let sql = "INSERT INTO push_endpoints (id, url, description, types, headers, rate, secret, \
                   created_at, updated_at, position, revision, lease) \
                   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8, \
                   (SELECT COALESCE(MAX(seq), 0) FROM webhook_events), 0, 0 \
                   WHERE (SELECT COUNT(*) FROM push_endpoints) < $9";
        let it = endpoint;
        self.execute(sql, |query| {
            let query = query.bind(&*it.id).bind(&*it.url).bind(&*it.description).bind(&*it.types);
            let query = query.bind(it.headers.as_deref()).bind(it.rate).bind(&*it.secret);
            query.bind(it.created_at).bind(MAX_ENDPOINTS)
        })
        .await
    }

    /// Writes the columns that an operator can change, unless another request has changed the
    /// endpoint since it was read. Returns false in that case.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn update_push_endpoint(&self, read: &StoredEndpoint) -> Result<bool, StoreError> {
        let sql = "UPDATE push_endpoints SET url = $3, description = $4, types = $5, headers = $6, \
                   rate = $7, secret = $8, previous_secret = $9, previous_secret_expires_at = $10, \
                   disabled = $11, disabled_at = $12, failing_since = $13, updated_at = $14, \
                   revision = revision + 1 WHERE id = $1 AND revision = $2";
        let it = read;
        self.execute(sql, |query| {
            let query = query.bind(&*it.id).bind(it.revision).bind(&*it.url);
            let query = query.bind(&*it.description).bind(&*it.types).bind(it.headers.as_deref());
            let query = query.bind(it.rate).bind(&*it.secret).bind(it.previous_secret.as_deref());
            let query = query.bind(it.previous_secret_expires_at).bind(it.disabled.as_deref());
            query.bind(it.disabled_at).bind(it.failing_since).bind(it.updated_at)
        })
        .await
    }

    /// Deletes an endpoint with its messages and attempts. Returns false if there is none.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn delete_push_endpoint(&self, id: &str) -> Result<bool, StoreError> {
        self.execute("DELETE FROM push_endpoints WHERE id = $1", |query| query.bind(id)).await
    }
}

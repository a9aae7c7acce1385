//! The tokens of linked accounts that were fetched, as they are kept: sealed, beside what is synced.
//!
//! A row refers to its account and goes with it. Nothing else takes it away: an account that changes is
//! rewritten in its place.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedToken {
    /// The access token.
    pub access_token: String,
    /// Of providers that speak OpenID Connect.
    pub id_token: Option<String>,
    /// When the access token ends, where the provider says.
    pub access_token_expires_at: Option<Millis>,
    /// What it was sealed with.
    pub key_id: String,
    /// When it was fetched, by this service's clock.
    pub fetched_at: Millis,
}

/// What is known of an account whose token is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// `google`, `github`, …
    pub provider_id: Option<String>,
    /// When the account last changed, by Clerk's clock.
    pub updated_at: Option<Millis>,
    /// The token that is kept of it.
    pub sealed: Option<SealedToken>,
}

impl Store {
    /// An account, with the token that is kept of it; none where there is no such account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_account(
        &self,
        user_id: &str,
        account_id: &str,
    ) -> Result<Option<TokenAccount>, StoreError> {
        let sql = "SELECT provider_id, updated_at, access_token, id_token, \
                   access_token_expires_at, key_id, fetched_at \
                   FROM accounts LEFT JOIN account_tokens \
                   ON account_tokens.user_id = accounts.user_id \
                   AND account_tokens.account_id = accounts.id \
                   WHERE accounts.user_id = $1 AND accounts.id = $2";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(user_id).bind(account_id).fetch_optional().await?)
    }

    /// Keeps a token in the place of the one before; whether its account is there still.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn store_token(
        &self,
        user_id: &str,
        account_id: &str,
        token: &SealedToken,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO account_tokens (user_id, account_id, access_token, id_token, \
                   access_token_expires_at, key_id, fetched_at) \
                   SELECT user_id, id, $3, $4, $5, $6, $7 FROM accounts \
                   WHERE user_id = $1 AND id = $2 \
                   ON CONFLICT (user_id, account_id) DO UPDATE SET \
                   access_token = excluded.access_token, id_token = excluded.id_token, \
                   access_token_expires_at = excluded.access_token_expires_at, \
                   key_id = excluded.key_id, fetched_at = excluded.fetched_at";
        let kept = self.execute(sql, |query| {
            let query = query.bind(user_id).bind(account_id).bind(&*token.access_token);
            let query = query.bind(token.id_token.as_deref()).bind(token.access_token_expires_at);
            query.bind(&*token.key_id).bind(token.fetched_at)
        });
        match kept.await {
            // It went while we wrote.
            Err(StoreError::Rejected(_)) => Ok(false),
            kept => kept,
        }
    }
}

impl Record for TokenAccount {
    fn read(row: &Row) -> Result<Self, DbError> {
        let access_token: Option<String> = row.get("access_token")?;
        let sealed = |access_token| -> Result<_, DbError> {
            Ok(SealedToken {
                access_token,
                id_token: row.get("id_token")?,
                access_token_expires_at: row.get("access_token_expires_at")?,
                key_id: row.get("key_id")?,
                fetched_at: row.get("fetched_at")?,
            })
        };
        Ok(Self {
            provider_id: row.get("provider_id")?,
            updated_at: row.get("updated_at")?,
            sealed: access_token.map(sealed).transpose()?,
        })
    }
}

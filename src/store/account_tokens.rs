//! Encrypted OAuth tokens of linked accounts.
//!
//! A row references its account, and is deleted with it. An update of the account changes its row
//! in place, so that the token stays.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// Encrypted token of a linked account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedToken {
    /// Encrypted access token.
    pub access_token: String,
    /// Encrypted ID token. Only providers with OpenID Connect have one.
    pub id_token: Option<String>,
    /// Expiry of the access token, if the provider reports it.
    pub access_token_expires_at: Option<Millis>,
    /// ID of the encryption key.
    pub key_id: String,
    /// Time of the request to Clerk, by this service's clock.
    pub fetched_at: Millis,
}

/// Linked account with its stored token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// Provider of the account, such as `google` or `github`.
    pub provider_id: Option<String>,
    /// Time of the last change of the account, by Clerk's clock.
    pub updated_at: Option<Millis>,
    /// Stored token of the account.
    pub sealed: Option<SealedToken>,
}

impl Store {
    /// Returns an account with its stored token, or none if the account does not exist.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
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

    /// Stores a token, and replaces the previous one. Returns false if the account does not exist.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
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
        let stored = self.execute(sql, |query| {
            let query = query.bind(user_id).bind(account_id).bind(&*token.access_token);
            let query = query.bind(token.id_token.as_deref()).bind(token.access_token_expires_at);
            query.bind(&*token.key_id).bind(token.fetched_at)
        });
        match stored.await {
            // The account was deleted during the statement, which violates the foreign key.
            Err(StoreError::Rejected(_)) => Ok(false),
            stored => stored,
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

//! OAuth tokens of accounts at providers, as the Backend API returns them.

use serde_json::value::RawValue;

use crate::{
    clerk::instant,
    domain::{
        Millis,
        json::{self, Json},
    },
};

/// The OAuth token of an account at a provider. It has no `Debug`, so that no output contains it.
pub struct OauthToken {
    /// The ID of the account, `eac_…`.
    pub external_account_id: String,
    /// The access token.
    pub token: String,
    /// The expiry, if the provider names one.
    pub expires_at: Option<Millis>,
    /// The ID token, if the provider supports OpenID Connect.
    pub id_token: Option<String>,
}

impl OauthToken {
    /// Reads a token. Only the account and the token are required: the other fields depend on the
    /// provider, and some are null. Returns none if one of the two is missing.
    pub(super) fn read(object: &RawValue) -> Option<Self> {
        let object = json::parse(object.get()).ok()?;
        let text = |field: &str| {
            let text = object.get(field).and_then(Json::as_text);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Some(Self {
            external_account_id: text("external_account_id")?,
            token: text("token")?,
            expires_at: object.get("expires_at").and_then(instant::read).filter(|at| *at > 0),
            id_token: text("id_token"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json, value::to_raw_value};

    use super::OauthToken;

    fn read(object: &Value) -> Option<OauthToken> {
        OauthToken::read(&to_raw_value(object).unwrap())
    }

    #[test]
    fn optional_fields_of_any_shape_are_accepted() {
        for (scopes, expires_at, expected) in [
            (json!(null), json!(null), None),
            (json!("read:user repo"), json!(1_767_225_600), Some(1_767_225_600_000)),
            (json!([null, 7]), json!("1767225600.5"), Some(1_767_225_600_500)),
            (json!({}), json!(["soon"]), None),
        ] {
            let token = read(&json!({
                "external_account_id": "eac_1", "token": "gho_1", "scopes": scopes,
                "expires_at": expires_at, "id_token": scopes, "provider": 7,
            }));
            let token = token.unwrap();
            assert_eq!((&*token.external_account_id, &*token.token), ("eac_1", "gho_1"));
            assert_eq!(token.expires_at, expected, "{expires_at}");
        }
    }

    #[test]
    fn account_and_token_are_required() {
        for object in [
            json!({ "token": "gho_1" }),
            json!({ "external_account_id": "eac_1", "token": null }),
            json!({ "external_account_id": "eac_1", "token": "" }),
            json!(null),
        ] {
            assert!(read(&object).is_none(), "{object}");
        }
    }
}

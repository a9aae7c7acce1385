//! Claims about the active organization of a session.

use serde::Deserialize;
use serde_json::Value;

use super::TokenError;

/// The organization that is active in a session, as its token states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveOrganization {
    /// The organization ID.
    pub id: String,
    /// The key of the user's role. Tokens of version 2 have it without `org:`.
    pub role: Option<String>,
}

/// The claims of both token versions. They can have any type, because customers choose the names of
/// custom claims.
#[derive(Deserialize)]
pub(super) struct OrganizationClaims {
    /// The token version. Tokens of version 1 can lack it.
    v: Option<Value>,
    /// The organization in a token of version 2.
    o: Option<Value>,
    /// The organization ID in a token of version 1.
    org_id: Option<Value>,
    /// The key of the role in a token of version 1.
    org_role: Option<Value>,
}

impl OrganizationClaims {
    /// Returns the active organization.
    pub(super) fn active_organization(&self) -> Result<Option<ActiveOrganization>, TokenError> {
        let text = |value: Option<&Value>| {
            value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let version = self.v.as_ref().and_then(Value::as_i64).unwrap_or(1);
        let (id, role) = match &self.o {
            Some(Value::Object(claims)) => (text(claims.get("id")), text(claims.get("rol"))),
            _ if version < 2 => (text(self.org_id.as_ref()), text(self.org_role.as_ref())),
            _ => (None, None),
        };
        match id {
            Some(id) if id.contains('\0') => Err(TokenError::Malformed),
            id => Ok(id.map(|id| ActiveOrganization { id, role })),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ActiveOrganization, OrganizationClaims, TokenError};

    fn active(claims: Value) -> Result<Option<ActiveOrganization>, TokenError> {
        serde_json::from_value::<OrganizationClaims>(claims).unwrap().active_organization()
    }

    #[test]
    fn both_token_versions_name_active_organization() {
        let organization = |role: Option<&str>| {
            Ok(Some(ActiveOrganization { id: "org_1".to_owned(), role: role.map(str::to_owned) }))
        };
        let version_2 = json!({ "id": "org_1", "slg": "acme", "rol": "admin", "per": "read" });
        for (claims, expected) in [
            (json!({ "v": 2, "o": version_2 }), organization(Some("admin"))),
            (json!({ "o": { "id": "org_1" } }), organization(None)),
            (
                json!({ "org_id": "org_1", "org_role": "org:admin" }),
                organization(Some("org:admin")),
            ),
            (json!({ "v": 1, "org_id": "org_1" }), organization(None)),
        ] {
            assert_eq!(active(claims.clone()), expected, "{claims}");
        }
    }

    #[test]
    fn other_claims_name_no_active_organization() {
        for claims in [
            json!({}),
            json!({ "v": 2, "org_id": "a custom claim" }),
            json!({ "v": 2, "o": { "rol": "admin" } }),
            json!({ "v": 2, "o": "org_1" }),
            json!({ "org_id": 7 }),
            json!({ "org_id": "" }),
            json!({ "org_id": null, "org_role": null }),
        ] {
            assert_eq!(active(claims.clone()), Ok(None), "{claims}");
        }
        assert_eq!(active(json!({ "org_id": "org\0" })), Err(TokenError::Malformed));
    }
}

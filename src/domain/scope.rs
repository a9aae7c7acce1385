//! Permissions of an API key.

/// Permission of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Reads users, organizations, and what belongs to them.
    Read,
    /// Reads events, decisions and metrics, and reprocesses events.
    Admin,
    /// Reads the OAuth tokens of linked accounts.
    Tokens,
    /// Reads the metrics, and nothing else.
    Metrics,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Read, Self::Admin, Self::Tokens, Self::Metrics];

    /// Returns the name that settings, the database and the command line use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Admin => "admin",
            Self::Tokens => "tokens",
            Self::Metrics => "metrics",
        }
    }

    /// Returns whether a key with this scope can make requests that require another one.
    #[must_use]
    pub fn includes(self, required: Self) -> bool {
        self == required || (self, required) == (Self::Admin, Self::Metrics)
    }

    /// Parses scope names separated by `+`. Returns `None` if a name is unknown.
    #[must_use]
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        text.split('+').map(Self::find).collect()
    }

    /// Parses stored scope names separated by `+`. A newer version of the program can have stored
    /// names that this version does not know; they grant nothing here.
    #[must_use]
    pub fn parse_stored_list(text: &str) -> Vec<Self> {
        text.split('+').filter_map(Self::find).collect()
    }

    fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn scopes_parse_from_their_names() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse_list(scope.as_str()), Some(vec![scope]));
        }
        assert_eq!(Scope::parse_list("tokens+read"), Some(vec![Scope::Tokens, Scope::Read]));
        for text in ["", "read+", "read,admin", "READ", "write"] {
            assert_eq!(Scope::parse_list(text), None, "{text}");
        }
    }

    #[test]
    fn only_admin_includes_another_scope() {
        for scope in Scope::ALL {
            let included: Vec<_> =
                Scope::ALL.into_iter().filter(|required| scope.includes(*required)).collect();
            match scope {
                Scope::Admin => assert_eq!(included, [Scope::Admin, Scope::Metrics]),
                _ => assert_eq!(included, [scope]),
            }
        }
    }

    #[test]
    fn unknown_stored_scope_grants_nothing() {
        for (text, known) in [
            ("read", vec![Scope::Read]),
            ("read+billing+admin", vec![Scope::Read, Scope::Admin]),
            ("billing", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(Scope::parse_stored_list(text), known, "{text}");
        }
    }
}

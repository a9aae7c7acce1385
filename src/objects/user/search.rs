//! Search terms of a user: email address, username and names, in normalized form.

use std::collections::BTreeSet;

use super::state::Profile;
use crate::domain::search::normalize;

/// Returns the terms of a user. A search finds the user by a prefix of any of them.
#[must_use]
pub fn terms(profile: &Profile) -> BTreeSet<String> {
    let Profile { email, username, first_name, last_name, .. } = profile;
    let names = [first_name, last_name].into_iter().flatten().map(String::as_str);
    let name = names.collect::<Vec<_>>().join(" ");
    let parts = [email, username, first_name, last_name].into_iter().flatten();
    let terms = parts.map(|part| normalize(part)).chain([normalize(&name)]);
    terms.filter(|term| !term.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Profile, terms};

    #[test]
    fn terms_are_email_username_and_names() {
        let some = |text: &str| Some(text.to_owned());
        let profile = Profile {
            email: some("Ada@Example.com"),
            username: some("ada"),
            first_name: some("Ada"),
            last_name: some("Lovelace"),
            ..Profile::default()
        };
        let expected = ["ada", "ada lovelace", "ada@example.com", "lovelace"];
        assert_eq!(terms(&profile), BTreeSet::from(expected.map(str::to_owned)));
        assert_eq!(terms(&Profile::default()), BTreeSet::new());
    }
}

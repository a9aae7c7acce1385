//! Search terms of a user: email address, username and names, in normalized form.

use super::state::Profile;
use crate::domain::search;

/// Returns the terms of a user, sorted. A search finds the user by a prefix of any of them.
#[must_use]
pub fn terms(profile: &Profile) -> Vec<String> {
    let Profile { email, username, first_name, last_name, .. } = profile;
    let texts = [email, username, first_name, last_name].into_iter().flatten();
    let name = match (first_name, last_name) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        // The only name is a term already.
        _ => None,
    };
    search::terms(texts.chain(&name).map(String::as_str))
}

#[cfg(test)]
mod tests {
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
        assert_eq!(terms(&profile), expected);
        assert_eq!(terms(&Profile::default()), [""; 0]);
    }
}

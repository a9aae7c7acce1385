//! Names, addresses and IDs of a user who does not exist.
//!
//! All values are derived from the user's ID. A later call with the same ID therefore produces the
//! same user, and nothing is stored between two calls.

use super::ksuid;
use crate::domain::Millis;

const FIRST_NAMES: [&str; 16] = [
    "Amara", "Bela", "Chidi", "Dana", "Elif", "Femi", "Greta", "Hana", "Ilya", "Jonas", "Kaya",
    "Lena", "Mateo", "Nora", "Oskar", "Priya",
];
const LAST_NAMES: [&str; 16] = [
    "Adeyemi",
    "Berg",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalska",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
];

const ORGANIZATION_NAMES: [&str; 16] = [
    "Atelier",
    "Bakery",
    "Books",
    "Ceramics",
    "Consulting",
    "Films",
    "Foods",
    "Gardens",
    "Labs",
    "Logistics",
    "Music",
    "Partners",
    "Research",
    "Studio",
    "Textiles",
    "Works",
];

/// A user who does not exist.
#[derive(Clone, Debug)]
pub(super) struct FakeUser {
    pub(super) id: String,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    /// Second part of the last name after the profile change.
    pub(super) second_last_name: &'static str,
    /// Second word in the name of the user's organization.
    organization_word: &'static str,
    /// Part of addresses and usernames that makes them unique.
    tag: String,
    /// Account ID at Google.
    pub(super) google_id: String,
    /// Creation time in the ID.
    pub(super) created_at: Millis,
}

impl FakeUser {
    /// Derives a user from an ID. If the ID has no creation time before `now`, the user was created
    /// in 2025.
    pub(super) fn new(id: String, now: Millis) -> Self {
        let [first, last, step, a, b, c, word, ..] = ksuid::digest(&id, "person");
        let [first, last, step, word] = [first, last, step, word].map(usize::from);
        let pick = |names: [&'static str; 16], index: usize| names[index % names.len()];
        let created_at = ksuid::creation_second(&id).map(|second| second.saturating_mul(1000));
        let created_at = created_at.filter(|time| *time <= now);
        Self {
            first_name: pick(FIRST_NAMES, first),
            last_name: pick(LAST_NAMES, last),
            second_last_name: pick(LAST_NAMES, last + 1 + step % 15),
            organization_word: pick(ORGANIZATION_NAMES, word),
            tag: hex::encode([a, b, c]),
            google_id: format!("1{:020}", number(&id, "google")),
            created_at: created_at.unwrap_or_else(|| second_of_2025(&id) * 1000),
            id,
        }
    }

    /// Returns the email address of the sign-up.
    pub(super) fn email(&self) -> String {
        self.address(self.last_name, "example.com")
    }

    /// Returns the email address that the profile change adds.
    pub(super) fn second_email(&self) -> String {
        self.address(self.second_last_name, "example.org")
    }

    pub(super) fn username(&self) -> String {
        format!("{}_{}", self.first_name.to_lowercase(), self.tag)
    }

    pub(super) fn initials(&self) -> String {
        [self.first_name, self.last_name].iter().filter_map(|name| name.chars().next()).collect()
    }

    /// Returns the name of the organization that the user creates.
    pub(super) fn organization_name(&self) -> String {
        format!("{} {}", self.last_name, self.organization_word)
    }

    pub(super) fn organization_slug(&self) -> String {
        let name = self.organization_name().to_lowercase().replace(' ', "-");
        format!("{name}-{}", self.tag)
    }

    /// Returns the ID of the session of the sign-up.
    pub(super) fn session_id(&self) -> String {
        ksuid::id("sess", self.created_at / 1000, &self.id, "session")
    }

    /// Returns the ID of the client, which is a browser.
    pub(super) fn client_id(&self) -> String {
        ksuid::id("client", self.created_at / 1000, &self.id, "client")
    }

    fn address(&self, last_name: &str, domain: &str) -> String {
        let name = format!("{}.{last_name}.{}", self.first_name, self.tag);
        format!("{}@{domain}", name.to_lowercase())
    }
}

/// Returns a second of 2025 (Unix time) for an ID without a creation time.
pub(super) fn second_of_2025(key: &str) -> i64 {
    const NEW_YEAR: i64 = 1_735_689_600;
    const YEAR: u64 = 365 * 24 * 60 * 60;
    NEW_YEAR + i64::try_from(number(key, "second") % YEAR).unwrap_or_default()
}

fn number(key: &str, purpose: &str) -> u64 {
    ksuid::digest(key, purpose).first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::FakeUser;

    const NOW: i64 = 1_786_527_000_000;

    #[test]
    fn same_id_is_the_same_user() {
        let id = "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F";
        let (user, again) = (FakeUser::new(id.into(), NOW), FakeUser::new(id.into(), NOW + 1));
        assert_eq!(format!("{user:?}"), format!("{again:?}"));
        assert_eq!(user.created_at, 1_772_439_331_000);
        assert_ne!(user.last_name, user.second_last_name);
    }

    #[test]
    fn user_without_past_creation_is_of_2025() {
        for id in ["user_1", "user_aWgEPTl1tmebfsQzFP4bxwgy80V"] {
            let user = FakeUser::new(id.into(), NOW);
            assert!((1_735_689_600_000..1_767_225_600_000).contains(&user.created_at), "{id}");
        }
    }

    #[test]
    fn users_with_equal_names_differ_otherwise() {
        let users = (0..1_000).map(|number| FakeUser::new(format!("user_{number}"), NOW));
        let (mut emails, mut usernames, mut accounts) =
            (HashSet::new(), HashSet::new(), HashSet::new());
        for user in users {
            assert!(emails.insert(user.email()) && emails.insert(user.second_email()));
            assert!(usernames.insert(user.username()) && accounts.insert(user.google_id));
        }
    }
}

//! Somebody made up. All of it follows from the user's id, so that a later call about the same user
//! means the same person, and nothing has to be remembered between the two.

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

/// Who a user is.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    /// The name that is added later.
    pub(super) second_last_name: &'static str,
    /// What makes addresses and names unlike those of namesakes.
    tag: String,
    /// The number at Google.
    pub(super) google_id: String,
    /// The second that the id tells.
    pub(super) created_at: Millis,
}

impl Person {
    /// The person behind an id.
    pub(super) fn of(id: String, now: Millis) -> Self {
        let [first, last, step, a, b, c, ..] = ksuid::digest(&id, "person");
        let [first, last, step] = [first, last, step].map(usize::from);
        let pick = |names: [&'static str; 16], place: usize| names[place % names.len()];
        let told = ksuid::second(&id).map(|second| second.saturating_mul(1000));
        Self {
            first_name: pick(FIRST_NAMES, first),
            last_name: pick(LAST_NAMES, last),
            second_last_name: pick(LAST_NAMES, last + 1 + step % 15),
            tag: hex::encode([a, b, c]),
            google_id: format!("1{:020}", number(&id, "google")),
            created_at: told.filter(|told| *told <= now).unwrap_or_else(|| some_second(&id) * 1000),
            id,
        }
    }

    /// The address of the sign-up.
    pub(super) fn email(&self) -> String {
        self.address(self.last_name, "example.com")
    }

    /// The address that is added later.
    pub(super) fn second_email(&self) -> String {
        self.address(self.second_last_name, "example.org")
    }

    pub(super) fn username(&self) -> String {
        format!("{}_{}", self.first_name.to_lowercase(), self.tag)
    }

    pub(super) fn initials(&self) -> String {
        [self.first_name, self.last_name].iter().filter_map(|name| name.chars().next()).collect()
    }

    /// The sign-up's session.
    pub(super) fn session(&self) -> String {
        ksuid::id("sess", self.created_at / 1000, &self.id, "session")
    }

    /// The browser.
    pub(super) fn client(&self) -> String {
        ksuid::id("client", self.created_at / 1000, &self.id, "client")
    }

    fn address(&self, last_name: &str, domain: &str) -> String {
        let name = format!("{}.{last_name}.{}", self.first_name, self.tag);
        format!("{}@{domain}", name.to_lowercase())
    }
}

/// Some second of 2025, for those who came into being in none.
pub(super) fn some_second(key: &str) -> i64 {
    const NEW_YEAR: i64 = 1_735_689_600;
    const YEAR: u64 = 365 * 24 * 60 * 60;
    NEW_YEAR + i64::try_from(number(key, "second") % YEAR).unwrap_or_default()
}

fn number(key: &str, what: &str) -> u64 {
    ksuid::digest(key, what).first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Person;

    const NOW: i64 = 1_786_527_000_000;

    #[test]
    fn an_id_is_always_the_same_person_created_in_its_second() {
        let id = "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F";
        let (person, again) = (Person::of(id.into(), NOW), Person::of(id.into(), NOW + 1));
        assert_eq!(format!("{person:?}"), format!("{again:?}"));
        assert_eq!(person.created_at, 1_772_439_331_000);
        assert_ne!(person.last_name, person.second_last_name);
    }

    #[test]
    fn an_id_that_tells_no_time_or_one_to_come_is_of_2025() {
        for id in ["user_1", "user_aWgEPTl1tmebfsQzFP4bxwgy80V"] {
            let person = Person::of(id.into(), NOW);
            assert!((1_735_689_600_000..1_767_225_600_000).contains(&person.created_at), "{id}");
        }
    }

    #[test]
    fn namesakes_share_nothing_else() {
        let people = (0..1_000).map(|number| Person::of(format!("user_{number}"), NOW));
        let (mut emails, mut usernames, mut accounts) =
            (HashSet::new(), HashSet::new(), HashSet::new());
        for person in people {
            assert!(emails.insert(person.email()) && emails.insert(person.second_email()));
            assert!(usernames.insert(person.username()) && accounts.insert(person.google_id));
        }
    }
}

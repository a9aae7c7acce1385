//! Organizations, what belongs to them, and the waitlist: lists by offset, single objects, and Clerk's cascades.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::error;

/// Lists of all objects of a type, as the last part of the path `/v1/<list>`.
pub const LISTS: [&str; 7] = [
    "organizations",
    "organization_memberships",
    "organization_invitations",
    "organization_domains",
    "organization_roles",
    "organization_permissions",
    "waitlist_entries",
];

/// Parameters of lists. Of a parameter that is repeated, Clerk's fake knows the last value.
type Query = HashMap<String, String>;

/// Objects by list, and whether the instance uses organizations and their domains.
pub(super) struct Lists {
    /// Objects of each list by time of creation and ID.
    objects: BTreeMap<&'static str, BTreeMap<(i64, String), Value>>,
    created: HashMap<String, i64>,
    pub(super) has_organizations: bool,
    pub(super) has_domains: bool,
}

impl Lists {
    pub(super) fn new() -> Self {
        let objects = LISTS.into_iter().map(|list| (list, BTreeMap::new())).collect();
        Self { objects, created: HashMap::new(), has_organizations: true, has_domains: true }
    }

    pub(super) fn put(&mut self, list: &str, object: &Value) {
        let id = object["id"].as_str().unwrap().to_owned();
        let created_at = object["created_at"].as_i64().unwrap();
        self.created.insert(id.clone(), created_at);
        self.objects.get_mut(list).unwrap().insert((created_at, id), object.clone());
    }

    /// Removes an object, and what Clerk removes with it.
    pub(super) fn remove(&mut self, list: &str, id: &str) {
        let created_at = self.created.remove(id).unwrap();
        self.objects.get_mut(list).unwrap().remove(&(created_at, id.to_owned())).unwrap();
        if list == "organizations" {
            for owned in ["memberships", "invitations", "domains"] {
                let list = format!("organization_{owned}");
                self.retain(&list, |object| organization_of(object) != id);
            }
        }
    }

    /// Removes the memberships of a user who is deleted.
    pub(super) fn remove_memberships(&mut self, user_id: &str) {
        self.retain("organization_memberships", |it| it["public_user_data"]["user_id"] != user_id);
    }

    fn retain(&mut self, list: &str, keep: impl Fn(&Value) -> bool) {
        self.objects.get_mut(list).unwrap().retain(|_, object| keep(object));
    }

    pub(super) fn all(&self, list: &str) -> Vec<Value> {
        self.objects[list].values().cloned().collect()
    }

    fn get(&self, list: &str, id: &str) -> Option<&Value> {
        self.objects[list].get(&(*self.created.get(id)?, id.to_owned()))
    }

    /// Returns the response to a request, or `None` if it is for none of these paths.
    pub(super) fn respond(&self, path: &[&str], query: &Query) -> Option<(u16, Value)> {
        let is_here = path.first().is_some_and(|first| LISTS.contains(first));
        if !is_here {
            return None;
        }
        if !self.has_organizations && path[0] != "waitlist_entries" {
            return Some((403, error("organization_not_enabled_in_instance")));
        }
        if path[0] == "organization_domains" && !self.has_domains {
            return Some((403, error("organization_domains_not_enabled")));
        }
        let single = |object: Option<&Value>| match object {
            Some(object) => (200, object.clone()),
            None => (404, error("resource_not_found")),
        };
        Some(match *path {
            [list] => {
                let organization = query.get("organization_id");
                let (status, email) = (query.get("status"), query.get("query"));
                let is_listed = |it: &Value| {
                    organization.is_none_or(|id| organization_of(it) == id)
                        && status.is_none_or(|status| it["status"] == **status)
                        && email.is_none_or(|email| it["email_address"] == **email)
                };
                (200, page(self.objects[list].values().filter(|it| is_listed(it)), query))
            }
            ["organizations" | "organization_roles" | "organization_permissions", id] => {
                single(self.get(path[0], id))
            }
            ["organizations", id, ..] if self.get("organizations", id).is_none() => single(None),
            ["organizations", id, "memberships"] => {
                let user = query.get("user_id");
                let is_listed = |it: &&Value| {
                    organization_of(it) == id
                        && user.is_none_or(|user| it["public_user_data"]["user_id"] == **user)
                };
                let memberships = self.objects["organization_memberships"].values();
                (200, page(memberships.filter(is_listed), query))
            }
            ["organizations", id, "invitations"] => {
                let invitations = self.objects["organization_invitations"].values();
                (200, page(invitations.filter(|it| organization_of(it) == id), query))
            }
            ["organizations", organization, "invitations", id] => {
                let invitation = self.get("organization_invitations", id);
                single(invitation.filter(|it| organization_of(it) == organization))
            }
            _ => panic!("{path:?}: the fake has no such path"),
        })
    }
}

/// Returns the ID of the organization that an object belongs to.
fn organization_of(object: &Value) -> &str {
    let id = object["organization"]["id"].as_str().or_else(|| object["organization_id"].as_str());
    id.unwrap_or_default()
}

fn page<'v>(objects: impl Iterator<Item = &'v Value>, query: &Query) -> Value {
    let number = |name: &str, default: usize| {
        query.get(name).map_or(default, |value| value.parse().unwrap())
    };
    let limit = number("limit", 10);
    assert!((1..=500).contains(&limit), "Clerk's page size");
    let mut objects: Vec<_> = objects.collect();
    match query.get("order_by").map(String::as_str) {
        Some("+created_at") => {}
        None | Some("-created_at") => objects.reverse(),
        other => panic!("{other:?}: the fake has no such order"),
    }
    let total_count = objects.len();
    let page: Vec<_> = objects.into_iter().skip(number("offset", 0)).take(limit).collect();
    json!({ "data": page, "total_count": total_count })
}

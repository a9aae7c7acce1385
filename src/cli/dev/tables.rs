//! Tables of the synced objects.

use comfy_table::Table;

use crate::{
    cli::terminal,
    domain::version::Version,
    objects::{AnyState, Kind},
    store::{PageRequest, Store, StoreError, users::UserFilter},
};

/// Returns a table of the synced users.
pub(super) async fn users_table(store: &Store) -> Result<Table, StoreError> {
    let page = || PageRequest { after: None, limit: 500 };
    let mut rows = Vec::new();
    for user in store.users(&UserFilter::default(), &page()).await?.items {
        let accounts = store.accounts(&user.id, &page()).await?.items;
        let accounts: Vec<_> = accounts.into_iter().filter_map(|it| it.provider_id).collect();
        let sessions = store.sessions(&user.id, &page()).await?.items.len();
        let profile = user.profile;
        let name = [profile.first_name, profile.last_name].into_iter().flatten();
        rows.push([
            user.id,
            name.collect::<Vec<_>>().join(" "),
            profile.email.unwrap_or_default(),
            accounts.join(", "),
            sessions.to_string(),
        ]);
    }
    Ok(terminal::table(["user", "name", "email", "accounts", "sessions"], rows))
}

/// Returns a table of the synced organizations with their members.
pub(super) async fn organizations_table(store: &Store) -> Result<Table, StoreError> {
    let ids = store.live_ids(Kind::Organization, "", 500).await?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut rows = Vec::new();
    for found in store.whole_objects(Kind::Organization, &ids).await? {
        let AnyState::Organization(organization) = found.state else { continue };
        if organization.version == Version::default() {
            continue;
        }
        let members = members(store, &organization.id).await?;
        let data = organization.data;
        rows.push([
            organization.id,
            data.name.unwrap_or_default(),
            data.slug.unwrap_or_default(),
            members.join(", "),
        ]);
    }
    rows.sort_unstable();
    Ok(terminal::table(["organization", "name", "slug", "members"], rows))
}

/// Returns the members of an organization with their roles.
async fn members(store: &Store, organization_id: &str) -> Result<Vec<String>, StoreError> {
    let ids = store.live_membership_ids(Kind::Organization, organization_id, 500).await?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut members = Vec::new();
    for found in store.whole_objects(Kind::Membership, &ids).await? {
        let AnyState::Membership(membership) = found.state else { continue };
        let data = membership.data;
        let profile = store.user(&data.user_id).await?.map(|user| user.profile);
        let name = profile.and_then(|it| it.first_name.or(it.email)).unwrap_or(data.user_id);
        members.push(format!("{name} ({})", data.role.unwrap_or_default()));
    }
    members.sort_unstable();
    Ok(members)
}

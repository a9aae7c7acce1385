//! The recipe of `docs/how-to/row-level-security.md`. Runs only on PostgreSQL, because SQLite has no
//! row-level security.

use meetvo::{domain::decision::Decision, store::Store};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::{commit, event, migrated, recorded};
use crate::harness::{
    Database, Engine, Tables, fixtures,
    organization_events::{membership_event, role},
    repository, unique,
};

/// User and organization in the statements of the page.
const USER: &str = "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG";
const ORGANIZATION: &str = "org_38TlHUSL0uDX6LtisQKNyeh0ip6";

/// The statements of the page, in its blocks, with the name of a role of this test.
struct Page {
    setup: [String; 3],
    read: String,
    insert: String,
    role: String,
}

impl Page {
    fn load() -> Self {
        let role = unique(&format!("meetvo_notes_{}_", std::process::id()));
        let page = repository::read("docs/how-to/row-level-security.md");
        let blocks = page.split("```sql\n").skip(1).filter_map(|rest| rest.split_once("```"));
        let blocks = blocks.map(|(sql, _)| sql.replace("notes_app", &role).replace('…', &role));
        let [create_role, function, table, read, insert] =
            blocks.collect::<Vec<_>>().try_into().expect("five blocks");
        Self { setup: [create_role, function, table], read, insert, role }
    }
}

/// Connection of the application, and the store that receives the events.
struct Recipe {
    page: Page,
    app: Tables,
    owner: Tables,
    store: Store,
    _database: Database,
    events: usize,
}

impl Recipe {
    /// Creates what the page describes, with a note of two organizations.
    async fn follow() -> Self {
        let (database, store, mut owner) = migrated(Engine::Postgres).await;
        let page = Page::load();
        // The application has its tables in another schema.
        owner.run("SET search_path TO public").await;
        for statements in &page.setup {
            owner.run(statements).await;
        }
        for organization in [ORGANIZATION, "org_other"] {
            let values = format!("('{organization}', 'Note of {organization}')");
            owner.run(&format!("INSERT INTO notes (organization_id, body) VALUES {values}")).await;
        }
        let app = Database::at_url(database.url_for(&page.role)).tables().await;
        Self { page, app, owner, store, _database: database, events: 0 }
    }

    async fn apply(&mut self, body: Value) {
        self.events += 1;
        let id = format!("msg_{}", self.events);
        let outcomes = commit(&self.store, &[event(&id, &body)]).await;
        assert_eq!(outcomes, recorded(&[Decision::Applied]), "{body}");
    }

    /// Returns the notes that the user reads with the statements of the page.
    async fn notes(&mut self) -> Vec<String> {
        let read = self.page.read.replace("SELECT id, organization_id, body", "SELECT body");
        let (begin, rest) = read.split_once("SELECT").unwrap();
        let (select, commit) = rest.split_once(';').unwrap();
        self.app.run(begin).await;
        let notes = self.app.column(&format!("SELECT{select}")).await;
        self.app.run(commit).await;
        notes
    }

    /// Runs the statements of the page that write, and returns the SQLSTATE of an error.
    async fn insert(&mut self, statements: &str) -> Option<String> {
        let Tables::Postgres(connection) = &mut self.app else { panic!("a PostgreSQL database") };
        let result = sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut *connection).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.unwrap();
        if statements.contains("PREPARE name_user") {
            sqlx::raw_sql("DEALLOCATE name_user").execute(connection).await.unwrap();
        }
        let error = result.err()?;
        error.as_database_error().unwrap().code().map(Into::into)
    }

    async fn end(mut self) {
        drop(self.app);
        self.store.close().await;
        self.owner.run(&format!("DROP OWNED BY {0}; DROP ROLE {0}", self.page.role)).await;
    }
}

fn membership(kind: &str, id: &str, offset: i64) -> Value {
    membership_event(&format!("organizationMembership.{kind}"), id, ORGANIZATION, USER, offset)
}

/// Returns an event of the role of the membership, with one permission.
fn role_event(kind: &str, permission: &str, offset: i64) -> Value {
    let mut role = role("role_1", offset);
    role["key"] = "org:member".into();
    role["permissions"][0]["key"] = permission.into();
    fixtures::event(kind, role, offset)
}

/// Runs only on PostgreSQL, which has policies.
#[tokio::test(flavor = "multi_thread")]
async fn policies_follow_the_synced_memberships() {
    let mut recipe = Recipe::follow().await;
    let own = vec![format!("Note of {ORGANIZATION}")];
    assert!(recipe.notes().await.is_empty(), "no membership");
    recipe.apply(membership("created", "orgmem_1", 0)).await;
    assert_eq!(recipe.notes().await, own);
    let all = recipe.app.column("SELECT body FROM notes").await;
    assert!(all.is_empty(), "no user is named after the transaction");
    recipe.apply(membership("deleted", "orgmem_1", 5)).await;
    assert!(recipe.notes().await.is_empty(), "at once");
    recipe.apply(membership("created", "orgmem_2", 7)).await;
    assert_eq!(recipe.notes().await, own);
    let mut banned = fixtures::user_event("user.created", USER, 9);
    banned["data"]["banned"] = json!(true);
    recipe.apply(banned).await;
    assert!(recipe.notes().await.is_empty(), "a banned user");
    recipe.apply(fixtures::user_event("user.updated", USER, 20)).await;
    assert_eq!(recipe.notes().await, own);
    recipe.end().await;
}

/// Runs only on PostgreSQL, which has policies.
#[tokio::test(flavor = "multi_thread")]
async fn writes_need_permission_of_role() {
    let mut recipe = Recipe::follow().await;
    recipe.apply(membership("created", "orgmem_1", 0)).await;
    let insert = recipe.page.insert.clone();
    assert!(insert.contains(USER) && insert.contains(ORGANIZATION), "{insert}");
    let forbidden = Some("42501".to_owned());
    assert_eq!(recipe.insert(&insert).await, forbidden, "the membership lacks the permission");
    recipe.apply(role_event("role.created", "org:notes:write", 0)).await;
    assert_eq!(recipe.insert(&insert).await, None);
    assert_eq!(recipe.notes().await.last().unwrap(), "Minutes");
    let other = insert.replace(ORGANIZATION, "org_other");
    assert_eq!(recipe.insert(&other).await, forbidden);
    let change_all = "UPDATE notes SET body = 'Changed'; DELETE FROM notes WHERE body = 'Minutes'";
    let (begin, rest) = insert.split_once("INSERT").unwrap();
    let commit = rest.split_once(';').unwrap().1;
    assert_eq!(recipe.insert(&format!("{begin} {change_all}; {commit}")).await, None);
    let unchanged = recipe.owner.column("SELECT body FROM notes ORDER BY id LIMIT 2").await;
    assert_eq!(unchanged, ["Changed", "Note of org_other"]);
    recipe.apply(role_event("role.updated", "org:notes:read", 5)).await;
    assert_eq!(recipe.insert(&insert).await, forbidden, "the role lost the permission");
    recipe.end().await;
}

/// The application reads memberships only by the function. Runs only on PostgreSQL, which has roles.
#[tokio::test(flavor = "multi_thread")]
async fn application_cannot_read_synced_tables() {
    let mut recipe = Recipe::follow().await;
    for table in ["users", "organization_memberships", "live_memberships", "roles"] {
        let forbidden = recipe.insert(&format!("SELECT 1 FROM clerk.{table}")).await;
        assert_eq!(forbidden.as_deref(), Some("42501"), "{table}");
    }
    recipe.end().await;
}

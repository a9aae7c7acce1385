//! Tables with some thousand rows, for the plans of statements.

use crate::harness::{Tables, synced_tables};

/// Rows to insert: the table with its columns, the values of the row `n`, and the number of rows.
const ROWS: [(&str, &str, usize); 22] = [
    (
        "users (clerk_id, external_id, username, email, email_verified, phone_number, banned, \
         created_at, updated_at, version_updated_at)",
        "'user_' || n, 'crm_' || n, 'name_' || n, n % 4000 || '@example.com', n % 3 = 0, \
         '+1' || n, n % 100 = 0, n, n, n",
        5_000,
    ),
    (
        "sessions (id, user_id, status, version_updated_at, version_occurred_at, \
         version_event_id)",
        "'sess_' || n, 'user_' || (n % 5000 + 1), 'active', n, n, 'msg_' || n",
        15_000,
    ),
    ("user_terms (term, user_id)", "'name_' || n, 'user_' || (n % 5000 + 1)", 15_000),
    ("accounts (user_id, id)", "'user_' || (n % 5000 + 1), 'eac_' || n", 10_000),
    (
        "account_tokens (user_id, account_id, access_token, key_id, fetched_at)",
        "'user_' || (n % 5000 + 1), 'eac_' || n, 'x', 'first', n",
        10_000,
    ),
    (
        "verifications (user_id, id, kind)",
        "'user_' || (n % 5000 + 1), 'idn_' || n, 'email'",
        10_000,
    ),
    (
        "webhook_events (id, subject, organization_id, object_id, object_kind, decision, \
         payload, received_at)",
        "'msg_' || n, CASE WHEN n % 10 < 8 THEN 'user_' || (n % 5000 + 1) END, \
         CASE WHEN n % 10 > 6 THEN 'org_' || (n % 5000 + 1) END, 'object_' || (n % 9000), \
         CASE WHEN n % 10 < 7 THEN 'session' WHEN n % 10 < 9 THEN 'membership' ELSE 'role' END, \
         CASE WHEN n % 100 = 0 THEN 'failed' \
         WHEN n % 70 = 0 THEN 'stale' WHEN n % 5 = 0 THEN 'ignored' ELSE 'applied' END, 'x', n",
        30_000,
    ),
    (
        "webhook_events (id, organization_id, object_id, object_kind, decision, received_at)",
        "'msg_organization_' || n, 'org_' || (n % 3000 + 1), 'org_' || (n % 3000 + 1), \
         'organization', 'applied', n",
        10_000,
    ),
    (
        "organizations (id, name, slug, version_updated_at)",
        "'org_' || n, 'x', 'slug_' || n, n",
        5_000,
    ),
    ("organization_terms (term, organization_id)", "'name_' || n, 'org_' || n", 5_000),
    (
        "organization_memberships (id, organization_id, user_id, role, version_updated_at)",
        "'orgmem_' || n, 'org_' || (n % 3000 + 1), 'user_' || (n % 5000 + 1), 'x', n",
        15_000,
    ),
    (
        "organization_invitations (id, organization_id, email, version_updated_at)",
        "'orginv_' || n, 'org_' || (n % 3000 + 1), n || '@example.com', n",
        10_000,
    ),
    (
        "organization_domains (id, organization_id, version_updated_at)",
        "'orgdmn_' || n, 'org_' || (n % 3000 + 1), n",
        10_000,
    ),
    (
        "plans (id, slug, for_payer_type, is_default, version_updated_at)",
        "'cplan_' || n, 'plan_' || n, 'org', n % 1000 = 0, n",
        5_000,
    ),
    (
        "subscriptions (id, user_id, status, version_updated_at)",
        "'csub_' || n, 'user_' || n, CASE WHEN n % 100 = 0 THEN 'past_due' ELSE 'active' END, n",
        5_000,
    ),
    (
        "subscription_items (id, subscription_id, user_id, organization_id, status, plan_id, \
         version_updated_at)",
        "'csub_item_' || n, 'csub_' || n, CASE WHEN n % 2 = 0 THEN 'user_' || (n % 5000 + 1) END, \
         CASE WHEN n % 2 = 1 THEN 'org_' || (n % 3000 + 1) END, 'active', 'cplan_' || (n % 5000), n",
        15_000,
    ),
    (
        "payment_attempts (id, user_id, organization_id, status, version_updated_at)",
        "'pa_' || n, CASE WHEN n % 2 = 0 THEN 'user_' || (n % 5000 + 1) END, \
         CASE WHEN n % 2 = 1 THEN 'org_' || (n % 3000 + 1) END, 'paid', n",
        15_000,
    ),
    (
        "push_endpoints (id, url, description, types, secret, position, revision, lease, \
         created_at, updated_at)",
        "'ep_' || n, 'x', 'x', '*', 'x', n, n, n, n, n",
        100,
    ),
    (
        "push_messages (endpoint_id, seq, attempts, next_attempt_at)",
        "'ep_' || (n % 100 + 1), n, 1, n",
        10_000,
    ),
    (
        "push_attempts (endpoint_id, seq, at, attempt, duration_ms)",
        "'ep_' || (n % 100 + 1), n, n, 1, n",
        10_000,
    ),
    ("roles (id, key, version_updated_at)", "'role_' || n, 'org:' || n, n", 5_000),
    ("permissions (id, key, version_updated_at)", "'perm_' || n, 'org:x:' || n, n", 5_000),
];

/// Inserts some thousand rows into each table.
pub(super) async fn fill(tables: &mut Tables) {
    let listed = |table: &str| ROWS.iter().any(|(name, _, _)| name.starts_with(table));
    let others: Vec<_> = synced_tables()
        .filter(|table| !listed(table))
        .map(|table| format!("{table} (id, version_updated_at)"))
        .collect();
    let others = others.iter().map(|table| (&**table, "'object_' || n, n", 5_000));
    for (table, rows, count) in ROWS.into_iter().chain(others) {
        let numbers = format!(
            "WITH RECURSIVE numbers (n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
        );
        tables.run(&format!("INSERT INTO {table} {numbers} SELECT {rows} FROM numbers")).await;
    }
}

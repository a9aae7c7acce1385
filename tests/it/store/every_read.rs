//! Calls of every function that reads, so that each of their statements can be checked.

use std::collections::BTreeSet;

use meetvo::{
    domain::decision::Decision,
    objects::Kind,
    store::{
        PageRequest, Store, TimeRange,
        billing::BillingFilter,
        changes::ChangeFilter,
        counts::UserCountFilter,
        decisions::Steps,
        dismissals::{Dismissal, DismissedGroup},
        entitlements::PayerId,
        events::EventFilter,
        memberships::MembershipFilter,
        object_events::EventsOf,
        organizations::OrganizationFilter,
        search::SearchTerm,
        user_order::{CreationKey, CreationOrder},
        users::UserFilter,
    },
};

use crate::harness::repository;

/// Calls every function that reads, with and without each optional argument.
pub(super) async fn call_every_read(store: &Store) {
    store.ping().await.unwrap();
    store.token_account("user_1", "eac_1").await.unwrap();
    store.user("user_1").await.unwrap();
    store.user_exists("user_1").await.unwrap();
    store.session("sess_1").await.unwrap();
    store.session_validity("sess_1", "user_1").await.unwrap();
    for user_id in [None, Some("user_1")] {
        store.changes(user_id, 0, 50).await.unwrap();
    }
    let filter = ChangeFilter { kinds: vec![Kind::User.into()], operations: Vec::new() };
    store.filtered_changes(None, 0, 50, &filter).await.unwrap();
    call_counts(store).await;
    store.newest_seq().await.unwrap();
    store.can_resume_after(1).await.unwrap();
    call_reads_of_unapplied_events(store).await;
    call_reads_of_history(store).await;
    call_reads_of_push(store).await;
    // These need no call: store.subscribe(), store.subscribe_after(after) use the reads above. The
    // tables of store.secret_usage(), store.drift_check(), store.completed_backfill(),
    // store.add_dashboard_session() and store.delete_dashboard_session() are small.
    // The same goes for store.push_endpoints(), store.push_endpoint(id), store.push_leases(),
    // store.add_push_endpoint(endpoint), store.update_push_endpoint(read) and
    // store.delete_push_endpoint(id).
    // store.was_writable() reads nothing, and store.check_writable(WriteProbe::Light) writes one
    // row of a small table.
    store.event("msg_1").await.unwrap();
    store.decisions(&Steps { first: 0, length: 1, count: 1 }).await.unwrap();
    store.count_events_since(0).await.unwrap();
    for after in [None, Some("x".to_owned())] {
        let page = PageRequest { after, limit: 50 };
        store.sessions("user_1", &page).await.unwrap();
        store.accounts("user_1", &page).await.unwrap();
        store.verifications("user_1", &page).await.unwrap();
        call_reads_of_organizations(store, &page).await;
        call_reads_of_billing(store, &page).await;
        let after =
            page.after.clone().map(|text| SearchTerm { text, object_id: "user_1".to_owned() });
        let words = PageRequest { after, limit: 50 };
        store.search_users("x", &UserFilter::default(), &words).await.unwrap();
        store.search_organizations("x", &OrganizationFilter::default(), &words).await.unwrap();
        call_reads_of_users(store, &page).await;
    }
    for after in [None, Some(9)] {
        store.unresolved_events(Decision::Failed, &PageRequest { after, limit: 50 }).await.unwrap();
    }
    for decision in Decision::ALL.into_iter().map(Some).chain([None]) {
        for labels in 0_u8..8 {
            let label = |bit: u8| (labels & (1 << bit) != 0).then(|| "org_1".to_owned());
            for (choice, after) in (0_u8..8).flat_map(|it| [(it, None), (it, Some(9))]) {
                let time = |bit: u8| (choice & (1 << bit) != 0).then_some(1);
                let filter = EventFilter {
                    decision,
                    subject: label(0),
                    organization_id: label(1),
                    object_id: label(2),
                    kind: time(0).map(|_| "user.created".to_owned()),
                    received_after: time(1),
                    received_before: time(2),
                };
                store.events(&filter, &PageRequest { after, limit: 50 }).await.unwrap();
            }
        }
    }
}

/// Lists users with each combination of filters.
async fn call_reads_of_users(store: &Store, page: &PageRequest) {
    // No filter, each one, each pair, and all. Every filter has a condition of its own.
    let few = |choice: &u16| choice.count_ones() < 3 || *choice == 1023;
    for choice in (0_u16..1024).filter(few) {
        let has = |bit: u8| choice & (1 << bit) != 0;
        let texts = |bit: u8| vec!["x".to_owned(); if has(bit) { 3 } else { 0 }];
        let time = |bit: u8| has(bit).then_some(1);
        let filter = UserFilter {
            ids: texts(0),
            emails: texts(1),
            username: texts(2).pop(),
            external_ids: texts(3),
            phones: texts(4),
            banned: has(5).then_some(true).or(has(6).then_some(false)),
            created: TimeRange { after: time(7), before: time(8) },
            updated: TimeRange { after: time(9), before: time(9) },
        };
        store.users(&filter, page).await.unwrap();
        for order in [CreationOrder::Ascending, CreationOrder::Descending] {
            let after = page.after.as_ref();
            let after = after.map(|id| CreationKey { created_at: 5, id: id.clone() });
            let page = PageRequest { after, limit: page.limit };
            store.users_by_creation(&filter, order, &page).await.unwrap();
        }
    }
}

/// Counts users and memberships with each combination of filters. The totals, also that of
/// `store.count_organizations()`, read a whole index and are kept.
async fn call_counts(store: &Store) {
    for choice in 1_u8..16 {
        let has = |bit: u8| choice & (1 << bit) != 0;
        let time = |bit: u8| has(bit).then_some(1);
        let filter = UserCountFilter {
            banned: has(2).then(|| has(3)),
            created: TimeRange { after: time(0), before: time(1) },
        };
        if choice & 0b111 != 0 {
            store.count_users(&filter).await.unwrap();
        }
        let text = |bit: u8| has(bit).then(|| "x".to_owned());
        let filter = MembershipFilter { organization_id: text(0), user_id: text(1), role: text(2) };
        if choice & 0b11 != 0 {
            store.count_memberships(&filter).await.unwrap();
        }
    }
}

/// Calls the functions that read organizations and what belongs to them.
async fn call_reads_of_organizations(store: &Store, page: &PageRequest) {
    store.organization("org_1").await.unwrap();
    store.organization_exists("org_1").await.unwrap();
    store.organizations_of_user("user_1", page).await.unwrap();
    store.invitations("org_1", page).await.unwrap();
    store.domains("org_1", page).await.unwrap();
    store.membership("orgmem_1").await.unwrap();
    store.standing("user_1", "org_1").await.unwrap();
    store.is_member("user_1", "org_1").await.unwrap();
    store.active_membership("user_1", "org_1").await.unwrap();
    store.roles(page).await.unwrap();
    store.permissions(page).await.unwrap();
    for choice in 0_u8..8 {
        let text = |bit: u8| (choice & (1 << bit) != 0).then(|| "x".to_owned());
        let ids = text(0).into_iter().cycle().take(3).collect();
        store.organizations(&OrganizationFilter { ids, slug: text(1) }, page).await.unwrap();
        let filter = MembershipFilter { organization_id: text(0), user_id: text(1), role: text(2) };
        store.memberships(&filter, page).await.unwrap();
    }
}

/// Calls the functions that read plans, subscriptions and payments.
async fn call_reads_of_billing(store: &Store, page: &PageRequest) {
    let payers = [PayerId::user("user_1"), PayerId::organization("org_1")];
    store.entitlements(&payers, 0).await.unwrap();
    store.entitlement(&payers[0], 0).await.unwrap();
    store.plans(page).await.unwrap();
    for payer in payers.into_iter().map(Some).chain([None]) {
        for status in [None, Some("past_due".to_owned())] {
            let filter = BillingFilter { payer: payer.clone(), status };
            store.subscriptions(&filter, page).await.unwrap();
            store.payment_attempts(&filter, page).await.unwrap();
        }
        if let Some(payer) = payer {
            store.subscription_items(payer).await.unwrap();
        }
    }
}

/// Calls the functions that read or dismiss events that were not applied. They dismiss nothing,
/// because no event has the reason.
async fn call_reads_of_unapplied_events(store: &Store) {
    store.event_groups(Decision::Failed).await.unwrap();
    store.recent_deliveries(0).await.unwrap();
    store.unsynced_events(0).await.unwrap();
    let group = DismissedGroup { decision: Decision::Failed, reason: "none" };
    let dismissal = Dismissal { by: "tests", at: 0 };
    let page = PageRequest { after: None, limit: 50 };
    store.dismiss_page(group, &page, dismissal).await.unwrap();
    store.dismiss_event("msg_none", dismissal).await.unwrap();
}

/// Calls the functions that read the history of an object for the command line.
async fn call_reads_of_push(store: &Store) {
    for failed in [false, true] {
        store.push_attempts("ep_1", failed, 50).await.unwrap();
    }
    store.push_attempts_of("ep_1", 1).await.unwrap();
    store.push_message("ep_1", 1).await.unwrap();
    let changes = store.changes_of_event("msg_1").await.unwrap();
    store.earlier_plans(&changes).await.unwrap();
    store.push_attempt_summary("ep_1").await.unwrap();
    store.waiting_push_messages("ep_1").await.unwrap();
    store.count_push_messages("ep_1").await.unwrap();
    let changes = store.changes_by_seq(&[1, 2]).await.unwrap();
    store.event_pairs(&changes).await.unwrap();
}

async fn call_reads_of_history(store: &Store) {
    let users_object = EventsOf::UsersObject { user_id: "user_1", id: "sess_1" };
    for object in [
        EventsOf::User("user_1"),
        EventsOf::Organization("org_1"),
        EventsOf::Object("orgmem_1"),
        users_object,
    ] {
        store.events_of(object, 50).await.unwrap();
    }
    for owner in [Kind::User, Kind::Organization] {
        store.live_membership_ids(owner, "x", 50).await.unwrap();
    }
    store.addressed_objects(&["ada@example.com".to_owned()]).await.unwrap();
    store.addressed_objects_of_user("user_1").await.unwrap();
}

#[test]
fn every_read_of_http_is_checked() {
    let mut calls = BTreeSet::new();
    for (_, source) in repository::files("src/http") {
        let code: String = source.split_whitespace().collect();
        for rest in code.split("store.").skip(1) {
            let name: String =
                rest.chars().take_while(|c| *c == '_' || c.is_alphabetic()).collect();
            calls.insert(format!("store.{name}("));
        }
    }
    assert!(calls.len() > 8, "{calls:?}");
    let checked = include_str!("every_read.rs");
    // These calls read no table of the service.
    calls.remove("store.blocking_foreign_keys(");
    calls.remove("store.connections(");
    calls.remove("store.unreadable_rows(");
    let missing: Vec<_> = calls.iter().filter(|call| !checked.contains(*call)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

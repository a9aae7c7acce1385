//! `GET /v1/users?id=&email=&username=&external_id=&updated_after=`

use serde_json::json;

use super::{claiming, created};
use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures, ids};

const ADDRESS: &str = "shared@example.com";

/// Adds three users with usernames and external IDs, whose `updated_at` differ by one minute.
async fn add_three_users(service: &Service) {
    for (minute, name) in ["ada", "bob", "cleo"].into_iter().enumerate() {
        let later = i64::try_from(minute).unwrap() * 60_000;
        let phone =
            json!({ "id": format!("idn_{name}"), "phone_number": format!("+1555010{minute}") });
        let overrides = json!({
            "username": name, "external_id": format!("crm-{name}"), "banned": name == "cleo",
            "created_at": NOW + later, "phone_numbers": [phone],
            "primary_phone_number_id": format!("idn_{name}"),
        });
        let event = created(&format!("user_{name}"), later, &overrides);
        assert_eq!(service.send(&event).await, "applied");
    }
}

async fn find(service: &Service, query: &str) -> Vec<String> {
    let users = service.list(&format!("/v1/users?{query}")).await;
    ids(&users).into_iter().map(str::to_owned).collect()
}

#[apply(both_engines)]
async fn each_filter_matches_its_own_column(engine: Engine) {
    let service = Service::start(engine).await;
    add_three_users(&service).await;
    let cases: [(&str, &[&str]); 25] = [
        ("", &["user_ada", "user_bob", "user_cleo"]),
        ("id=user_bob", &["user_bob"]),
        ("id=user_cleo&id=user_ada&id=user_zoe", &["user_ada", "user_cleo"]),
        ("id=user_ada&id=user_ada", &["user_ada"]),
        ("id=user_zoe", &[]),
        ("email=user_bob@example.com", &["user_bob"]),
        ("email=user_bob%40example.com", &["user_bob"]),
        ("email=nobody@example.com", &[]),
        (
            "email=user_bob@example.com&email=nobody@example.com&email=USER_ADA@example.com",
            &["user_ada", "user_bob"],
        ),
        ("external_id=crm-ada&external_id=crm-cleo&external_id=x", &["user_ada", "user_cleo"]),
        ("phone=%2B15550101", &["user_bob"]),
        ("phone=%2B15550102&phone=%2B15550101", &["user_bob", "user_cleo"]),
        ("phone=%2B15550", &[]),
        ("banned=true", &["user_cleo"]),
        ("banned=false", &["user_ada", "user_bob"]),
        ("updated_before=2026-08-12T09:31:00Z", &["user_ada"]),
        ("created_after=2026-08-12T09:30:00Z", &["user_bob", "user_cleo"]),
        ("created_after=2026-08-12T09:30:00Z&created_before=2026-08-12T09:32:00Z", &["user_bob"]),
        ("username=cleo", &["user_cleo"]),
        ("username=cle", &[]),
        ("external_id=crm-ada", &["user_ada"]),
        ("external_id=ada", &[]),
        ("updated_after=2026-08-12T09:30:00Z", &["user_bob", "user_cleo"]),
        ("updated_after=2026-08-12T09:30:59.999Z", &["user_bob", "user_cleo"]),
        ("updated_after=2026-08-12T11:31:00%2B02:00", &["user_cleo"]),
    ];
    for (query, expected) in cases {
        assert_eq!(find(&service, query).await, expected, "{query}");
    }
}

#[apply(both_engines)]
async fn filters_are_combined_with_and(engine: Engine) {
    let service = Service::start(engine).await;
    add_three_users(&service).await;
    let after = "updated_after=2026-08-12T09:30:30Z";
    let cases: [(&str, &[&str]); 6] = [
        ("id=user_ada&id=user_bob&username=bob", &["user_bob"]),
        ("id=user_ada&username=bob", &[]),
        ("username=cleo&external_id=crm-cleo&email=user_cleo@example.com", &["user_cleo"]),
        ("username=cleo&external_id=crm-bob", &[]),
        (
            "id=user_ada&id=user_bob&id=user_cleo&limit=5&cursor=user_ada",
            &["user_bob", "user_cleo"],
        ),
        ("email=user_ada@example.com&cursor=user_ada", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(find(&service, query).await, expected, "{query}");
    }
    assert_eq!(find(&service, &format!("id=user_ada&{after}")).await, [""; 0]);
    let all_filters = format!(
        "id=user_ada&id=user_bob&id=user_cleo&email=user_bob@example.com&username=bob\
         &external_id=crm-bob&{after}&limit=1&cursor=user_ada",
    );
    assert_eq!(find(&service, &all_filters).await, ["user_bob"]);
}

#[apply(both_engines)]
async fn verified_user_owns_a_shared_address(engine: Engine) {
    let service = Service::start(engine).await;
    // The unverified claims are newer, and arrive before and after the verified one.
    service.send(&claiming("user_a", ADDRESS, "unverified", 2_000)).await;
    service.send(&claiming("user_b", ADDRESS, "verified", 1_000)).await;
    service.send(&claiming("user_c", ADDRESS, "unverified", 3_000)).await;
    assert_eq!(find(&service, &format!("email={ADDRESS}")).await, ["user_b"]);
    // A user who does not own the address is returned with it, but not found by it.
    assert_eq!(service.get("/v1/users/user_a").await.body["email"], ADDRESS);
    assert_eq!(find(&service, &format!("email={ADDRESS}&id=user_a")).await, [""; 0]);
}

#[apply(both_engines)]
async fn newest_user_owns_equally_verified_address(engine: Engine) {
    for status in ["verified", "unverified"] {
        let service = Service::start(engine).await;
        service.send(&claiming("user_new", ADDRESS, status, 3_000)).await;
        service.send(&claiming("user_old", ADDRESS, status, 1_000)).await;
        service.send(&claiming("user_mid", ADDRESS, status, 2_000)).await;
        let query = format!("email={ADDRESS}");
        assert_eq!(find(&service, &query).await, ["user_new"], "{status}");
        service.send(&fixtures::user_deleted("user_new", 4_000)).await;
        assert_eq!(find(&service, &query).await, ["user_mid"], "{status}");
        service.send(&claiming("user_mid", "own@example.com", status, 5_000)).await;
        assert_eq!(find(&service, &query).await, ["user_old"], "{status}");
    }
}

/// In the fixtures, Quentin claims Rosa's address later, without verification.
#[apply(both_engines)]
async fn shared_address_of_fixtures_belongs_to_rosa(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&fixtures::load("user/created-shared-email-verified")).await;
    service.send(&fixtures::load("user/created-shared-email-unverified")).await;
    let users = service.list("/v1/users?email=studio.marin@example.org").await;
    assert_eq!(ids(&users), ["user_3EWsBvOkEkLrJLYjnqOM2ThIRRG"]);
    assert_eq!(users[0]["last_name"], "Marín");
    assert_eq!(users[0]["email_verified"], true);
}

#[apply(both_engines)]
async fn invalid_parameters_are_rejected_with_detail(engine: Engine) {
    let service = Service::start(engine).await;
    add_three_users(&service).await;
    let time = "updated_after: expected a time such as 2026-08-12T09:30:00Z";
    let unknown = |name: &str| {
        format!(
            "unknown parameter {name}: expected one of `id`, `email`, `username`, `external_id`, \
             `phone`, `banned`, `query`, `created_after`, `created_before`, `updated_after`, \
             `updated_before`, `sort`, `fields`, `limit`, `cursor`"
        )
    };
    let [with_hyphen, with_capital, search, address, phone] =
        ["`e-mail`", "`Email`", "`search`", "at position 1", "`phone_number`"].map(unknown);
    let invalid_queries = [
        ("limit=0", "limit: expected 1 to 500"),
        ("limit=501", "limit: expected 1 to 500"),
        ("limit=-1", "limit: expected 1 to 500"),
        ("limit=70000", "limit: expected 1 to 500"),
        ("limit=ten", "limit: expected 1 to 500"),
        ("limit=", "limit: expected 1 to 500"),
        ("limit=5&limit=6", "limit: expected one value"),
        ("updated_after=yesterday", time),
        ("updated_after=1786527000000", time),
        ("updated_after=2026-08-12", time),
        ("updated_after=2026-08-12T11:31:00+02:00", &*format!("{time}; write + as %2B")),
        ("e-mail=ada@example.com", &*with_hyphen),
        ("Email=ada@example.com", &*with_capital),
        ("search=ada", &*search),
        ("ada@example.com=x", &*address),
        ("phone_number=x", &*phone),
        ("phone=+15550100", "phone: expected a number such as %2B15555550100"),
        ("phone=%2B15550100&phone=x", "phone: expected a number such as %2B15555550100"),
        ("banned=1", "banned: expected true or false"),
        ("sort=updated_at", "sort: expected `created_at` or `-created_at`"),
        ("sort=created_at&query=a", "sort: expected no query with it"),
        (
            "sort=created_at&cursor=user_1",
            "cursor: expected a cursor of this service for the same sort",
        ),
        ("username=ada&username=bob", "username: expected one value"),
    ];
    for (query, detail) in invalid_queries {
        let response = service.get(&format!("/v1/users?{query}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{query}");
        assert_eq!(response.body["detail"], detail, "{query}");
    }
    for query in ["limit=1&cursor=user_bob", "limit=500"] {
        assert_eq!(service.get(&format!("/v1/users?{query}")).await.status, 200, "{query}");
    }
}

#[apply(both_engines)]
async fn id_filter_accepts_500_ids(engine: Engine) {
    let service = Service::start(engine).await;
    add_three_users(&service).await;
    let query_with_ids = |count: usize| {
        let ids: Vec<_> = (1..count).map(|number| format!("id=user_{number}")).collect();
        format!("{}&id=user_bob", ids.join("&"))
    };
    assert_eq!(find(&service, &query_with_ids(500)).await, ["user_bob"]);
    for name in ["id", "email", "external_id", "phone"] {
        let value = if name == "phone" { "%2B1" } else { "x" };
        let query = vec![format!("{name}={value}"); 501].join("&");
        let response = service.get(&format!("/v1/users?{query}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"));
        assert_eq!(response.body["detail"], format!("{name}: expected at most 500"));
    }
}

#[apply(both_engines)]
async fn stubs_and_tombstones_are_not_listed(engine: Engine) {
    let service = Service::start(engine).await;
    add_three_users(&service).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_stub", 0)).await;
    service.send(&fixtures::user_deleted("user_ada", 500_000)).await;
    service.send(&fixtures::user_deleted("user_unseen", 500_000)).await;
    let queries = [
        "id=user_ada",
        "id=user_stub&id=user_unseen&id=user_ada",
        "email=user_ada@example.com",
        "username=ada",
        "external_id=crm-ada",
        "updated_after=1999-01-01T00:00:00Z&id=user_ada",
    ];
    for query in queries {
        assert_eq!(find(&service, query).await, [""; 0], "{query}");
    }
    assert_eq!(find(&service, "").await, ["user_bob", "user_cleo"]);
    assert_eq!(service.clock.now(), NOW, "the clock has not advanced");
}

/// Clerk stores addresses in lower case. Rows of other origin can have capital letters.
#[apply(both_engines)]
async fn email_filter_ignores_case_and_blanks(engine: Engine) {
    let service = Service::start(engine).await;
    let with_address = |id: &str, address: &str, status: &str, later: i64| {
        let mut event = claiming(id, address, status, later);
        event["data"]["username"] = json!(id);
        event["data"]["external_id"] = json!(format!("crm {id}"));
        event
    };
    service.send(&with_address("user_flo", "flo+clerk_test@example.com", "verified", 0)).await;
    service.send(&with_address("user_bo", "Bo.Capital@Example.com", "verified", 0)).await;
    // Differs only by an accent, which the search terms ignore.
    service
        .send(&with_address("user_accent", "fl\u{f6}+clerk_test@example.com", "verified", 9))
        .await;
    let cases: [(&str, &[&str]); 9] = [
        ("email=flo%2Bclerk_test@example.com", &["user_flo"]),
        ("email=FLO%2BClerk_Test@Example.COM", &["user_flo"]),
        ("email=%20flo%2Bclerk_test@example.com+%09", &["user_flo"]),
        ("email=bo.capital@example.com", &["user_bo"]),
        ("email=Bo.Capital@Example.com&id=+user_bo+", &["user_bo"]),
        ("username=+user_bo+", &["user_bo"]),
        ("external_id=+crm+user_bo+", &["user_bo"]),
        ("query=+FLO%2Bclerk_test@", &["user_accent", "user_flo"]),
        ("query=flo%2Bclerk&email=FLO%2Bclerk_test@example.com", &["user_flo"]),
    ];
    for (query, expected) in cases {
        assert_eq!(find(&service, query).await, expected, "{query}");
    }
    let hint = "expected a value without blanks; write + as %2B";
    for (parameter, value) in [
        ("email", "flo+clerk_test@example.com"),
        ("email", "flo%20clerk_test@example.com"),
        ("username", "flo+clerk"),
        ("query", "flo+clerk_test@exam"),
    ] {
        let response = service.get(&format!("/v1/users?{parameter}={value}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{parameter}={value}");
        assert_eq!(response.body["detail"], format!("{parameter}: {hint}"));
    }
}

#[apply(both_engines)]
async fn spellings_of_an_address_have_one_owner(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&claiming("user_a", "Shared@Example.com", "unverified", 3_000)).await;
    service.send(&claiming("user_b", "shared@example.com", "verified", 1_000)).await;
    service.send(&claiming("user_c", "SHARED@example.com", "unverified", 2_000)).await;
    for spelling in ["shared@example.com", "Shared@Example.com", "sHARED@example.com"] {
        assert_eq!(find(&service, &format!("email={spelling}")).await, ["user_b"], "{spelling}");
    }
    service.send(&fixtures::user_deleted("user_b", 4_000)).await;
    assert_eq!(find(&service, "email=shared@example.com").await, ["user_a"]);
}

#[apply(both_engines)]
async fn empty_filters_are_rejected(engine: Engine) {
    let service = Service::start(engine).await;
    add_three_users(&service).await;
    for (query, name) in [
        ("email=", "email"),
        ("email", "email"),
        ("username=", "username"),
        ("external_id=+", "external_id"),
        ("query=", "query"),
        ("query=%20%09", "query"),
        ("id=", "id"),
        ("id=user_ada&id=", "id"),
        ("cursor=", "cursor"),
    ] {
        let response = service.get(&format!("/v1/users?{query}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{query}");
        let detail =
            format!("{name}: expected a value; leave the parameter out to apply no filter");
        assert_eq!(response.body["detail"], detail, "{query}");
    }
}

//! Dashboard in a browser.

use serde_json::{Value, json};

use crate::{
    harness::{
        BrowserPage, Engine, KEY, Receiver, Service, apply,
        billing_events::{Item, Payer, payment_event, subscription_event},
        both_engines, fixtures, repository,
    },
    push::{Endpoint, PUSH},
};

/// Theme, and width of a desktop or phone screen in pixels.
const APPEARANCES: [(&str, u32); 4] =
    [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)];

/// Enters a key into the sign-in form.
async fn sign_in(page: &mut BrowserPage, key: &str) {
    page.wait_until("document.activeElement?.name === 'key'").await;
    page.type_text(key).await;
    page.press("Enter").await;
}

/// Opens the overview as a signed-in operator.
async fn open_overview(service: &Service) -> BrowserPage {
    let mut page = BrowserPage::open(&service.url_for("/dashboard")).await;
    sign_in(&mut page, KEY).await;
    page.wait_for_text("Event deliveries").await;
    page
}

/// Asserts that the page is accessible in both themes and at both widths.
async fn assert_accessible(page: &mut BrowserPage, view: &str) {
    let problems = repository::read("tests/browser/contrast.js");
    for (theme, width) in APPEARANCES {
        page.set_appearance(theme, width).await;
        assert_eq!(page.evaluate(&problems).await, json!([]), "{view}, {theme}, {width}");
    }
}

#[apply(both_engines)]
async fn operator_sees_sign_up_and_failed_event(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = open_overview(&service).await;
    page.wait_for_text("Waiting for the first delivery").await;
    page.wait_for_text("Add the endpoint in Clerk").await;
    page.wait_for_text("No events yet").await;
    page.wait_for_text("No failed events").await;

    // The list is updated without a reload.
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    page.wait_until("document.querySelector('tr.new, main table tbody tr')").await;
    page.wait_for_text("user.created").await;
    page.wait_until("document.querySelector('.feed-status.on')").await;

    page.press("/").await;
    page.type_text("ada").await;
    page.press("Enter").await;
    page.wait_for_text("Results for “ada”").await;
    page.click("Ada 0 Lovelace").await;
    for text in ["user_1@example.com", "github", "The event changed the stored data."] {
        page.wait_for_text(text).await;
    }
    assert_eq!(page.evaluate("document.title").await, "user_1 · MeetVo");

    let failed = json!({ "type": "user.created", "data": {} });
    assert_eq!(service.send(&failed).await, "failed");
    page.click("Overview").await;
    page.wait_for_text("Needs attention").await;
    page.wait_for_text("data.id is missing").await;
    page.wait_for_parts().await;
    page.click("Reprocess").await;
    page.wait_for_text("Unchanged: Failed").await;
    page.click("View failed events").await;
    page.wait_for_text("Reprocess all failed").await;
    page.click("Reprocess all failed").await;
    page.wait_for_text("1 event reprocessed, 0 changed.").await;

    // A second click confirms the dismissal.
    page.click("Overview").await;
    page.wait_for_text("data.id is missing").await;
    page.wait_for_parts().await;
    page.confirm("Dismiss", "Confirm: dismiss 1 event").await;
    page.wait_for_text("Operational").await;
    page.wait_for_text("No failed events").await;

    page.click("Sign out").await;
    page.wait_for_text("Admin API key").await;
    assert!(!page.text().await.contains("ailed"), "sign-out removes the events from the page");
    page.navigate(&service.url_for("/dashboard/#/users")).await;
    page.wait_for_text("Admin API key").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

/// The page of the API description works under the content security policy of the dashboard.
#[apply(both_engines)]
async fn documentation_page_satisfies_its_policy(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = BrowserPage::open(&service.url_for("/docs")).await;
    page.wait_for_text("/v1/users/{id}/verifications").await;
    page.wait_until("document.querySelector('.opblock-summary-control') !== null").await;
    page.evaluate("document.querySelector('.opblock-summary-control').click()").await;
    page.wait_for_text("Execute").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

#[apply(both_engines)]
async fn unknown_key_shows_error(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = BrowserPage::open(&service.url_for("/dashboard/")).await;
    sign_in(&mut page, "unknown_key_of_the_tests_0123456789").await;
    page.wait_for_text("This API key is not valid.").await;
    assert_accessible(&mut page, "sign-in").await;
    sign_in(&mut page, KEY).await;
    page.wait_for_text("Event deliveries").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

/// The names in a refused delivery are untrusted.
#[apply(both_engines)]
async fn operator_sees_refused_deliveries(engine: Engine) {
    let service = Service::start(engine).await;
    let request = service.client.post(service.url_for("/api/webhooks/clerk"));
    request.header("svix-id", "msg_of_<b>other</b>").send().await.unwrap();
    let mut page = open_overview(&service).await;
    let texts = ["Refused deliveries", "By hour", "wrong_path: 1", "msg_of_<b>other</b>"];
    for text in texts.into_iter().chain(["/api/webhooks/clerk"]) {
        page.wait_for_text(text).await;
    }
    assert_accessible(&mut page, "overview").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

/// End users choose their names and metadata, so these values are untrusted.
#[apply(both_engines)]
async fn untrusted_markup_is_shown_as_text(engine: Engine) {
    let service = Service::start(engine).await;
    let markup = "<img src=x onerror=\"document.title='owned'\"><script>1</script>";
    let mut user = fixtures::user("user_1", 0);
    user["first_name"] = json!(markup);
    user["public_metadata"] = json!({ markup: markup });
    user["image_url"] = json!("javascript:document.title='owned'");
    service.send(&fixtures::event("user.created", user, 1)).await;
    let member = json!({
        "object": "organization_membership", "id": "orgmem_1", "role": markup,
        "organization": { "id": "org_1", "name": markup, "slug": markup },
        "public_user_data": { "user_id": "user_1" }, "public_metadata": {}, "permissions": [],
    });
    service.send(&fixtures::event("organizationMembership.created", member, 1)).await;
    let mut page = open_overview(&service).await;
    page.click("Users").await;
    page.wait_for_text(markup).await;
    let views = [
        "#/events",
        "#/users",
        "#/users/user_1",
        "#/users?query=%3Cimg",
        "#/events?type=%3Cimg",
        "#/organizations",
        "#/organizations/org_1",
    ];
    for view in views {
        page.navigate(&service.url_for(&format!("/dashboard/{view}"))).await;
        page.wait_until("document.querySelector('[aria-busy]') === null").await;
        let is_owned = "document.title === 'owned' \
                        || document.querySelector('main img, main script') !== null";
        assert_eq!(page.evaluate(is_owned).await, Value::Bool(false), "{view}");
    }
    assert_eq!(page.errors, Vec::<String>::new());
}

/// Adds an organization with a member, an invitation and a domain, and a role.
async fn add_organization(service: &Service) {
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let organization = json!({
        "id": "org_members", "name": "Riverbend Labs", "slug": "riverbend", "created_by": "user_1",
        "max_allowed_memberships": 0, "public_metadata": { "plan": "pro" }, "private_metadata": {},
    });
    let member = json!({
        "id": "orgmem_1", "role": "org:admin", "organization": { "id": "org_members" },
        "public_user_data": { "user_id": "user_1" }, "public_metadata": {}, "permissions": [],
    });
    let invitation = json!({
        "id": "orginv_1", "organization_id": "org_members", "status": "pending",
        "email_address": "guest@example.com", "role": "org:member",
    });
    let domain = json!({
        "id": "orgdmn_1", "organization_id": "org_members", "name": "labs.example.com",
        "enrollment_mode": "automatic_invitation",
    });
    let role = json!({
        "id": "role_1", "key": "org:admin", "name": "Admin", "description": "May do all",
        "permissions": [{ "id": "perm_1", "key": "org:posts:edit" }],
    });
    for (kind, data) in [
        ("organization.created", organization),
        ("organizationMembership.created", member),
        ("organizationInvitation.created", invitation),
        ("organizationDomain.created", domain),
        ("role.created", role),
    ] {
        assert_eq!(service.send(&fixtures::event(kind, data, 0)).await, "applied", "{kind}");
    }
}

#[apply(both_engines)]
async fn operator_sees_organization_with_members(engine: Engine) {
    let service = Service::start(engine).await;
    add_organization(&service).await;
    let mut page = open_overview(&service).await;
    page.click("Organizations").await;
    page.wait_for_text("Riverbend Labs").await;
    page.press("/").await;
    page.type_text("river").await;
    page.wait_for_text("Results for “river”").await;
    page.click("Riverbend Labs").await;
    for text in [
        "no limit",
        "Ada 0 Lovelace",
        "user_1@example.com",
        "guest@example.com",
        "labs.example.com",
        "organizationDomain.created",
        "The event changed the stored data.",
    ] {
        page.wait_for_text(text).await;
    }
    page.click("Roles and permissions").await;
    page.wait_for_text("org:posts:edit").await;
    page.navigate(&service.url_for("/dashboard/#/users/user_1")).await;
    page.wait_for_text("org:admin").await;
    page.click("Riverbend Labs").await;
    page.wait_for_text("guest@example.com").await;
    // The history of a deleted organization is still shown.
    let deleted = json!({ "id": "org_members", "deleted": true });
    service.send(&fixtures::event("organization.deleted", deleted, 5)).await;
    page.navigate(&service.url_for("/dashboard/#/users")).await;
    page.navigate(&service.url_for("/dashboard/#/organizations/org_members")).await;
    page.wait_for_text("Organization not found").await;
    page.wait_for_text("organization.deleted").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

#[apply(both_engines)]
async fn operator_sees_plan_and_payments(engine: Engine) {
    let service = Service::start(engine).await;
    let payer = Payer::User("user_1");
    let item = Item::new("csub_item_1", payer, "pro", "past_due", 5);
    for event in [
        fixtures::user_event("user.created", "user_1", 0),
        subscription_event("pastDue", payer, "past_due", &[item], 5),
        payment_event("pa_1", payer, "failed", 5),
    ] {
        assert_eq!(service.send(&event).await, "applied");
    }
    let mut page = open_overview(&service).await;
    page.click("Billing").await;
    page.wait_for_text("No plans yet").await;
    page.click("user_1").await;
    for text in ["Plan pro", "past_due", "20.00 USD month", "card_declined · insufficient_funds"] {
        page.wait_for_text(text).await;
    }
    assert_eq!(page.errors, Vec::<String>::new());
}

#[apply(both_engines)]
async fn views_are_accessible_in_both_themes(engine: Engine) {
    let service = Service::start(engine).await;
    for fixture in fixtures::all() {
        service.send(&fixture.json).await;
    }
    add_organization(&service).await;
    let mut page = open_overview(&service).await;
    let user = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau";
    let events = service.list(&format!("/v1/events?subject={user}")).await;
    let event = events[0]["id"].as_str().unwrap();
    let views = [
        "#/".to_owned(),
        "#/events".to_owned(),
        "#/events?decision=failed".to_owned(),
        "#/events?type=nothing".to_owned(),
        format!("#/events/{event}"),
        "#/users".to_owned(),
        "#/users?query=nobody".to_owned(),
        format!("#/users/{user}"),
        "#/users/user_unknown".to_owned(),
        "#/organizations".to_owned(),
        "#/organizations?query=nobody".to_owned(),
        "#/organizations/org_38TlHUSL0uDX6LtisQKNyeh0ip6".to_owned(),
        "#/organizations/org_members".to_owned(),
        "#/roles".to_owned(),
        "#/billing".to_owned(),
        "#/endpoints".to_owned(),
        "#/nothing/at/all".to_owned(),
    ];
    for view in views {
        page.navigate(&service.url_for(&format!("/dashboard/{view}"))).await;
        page.wait_until("document.querySelector('main').innerText.length > 20").await;
        page.wait_until("document.querySelector('[aria-busy]') === null").await;
        assert_accessible(&mut page, &view).await;
    }
    assert_eq!(page.errors, Vec::<String>::new());
}

/// During a burst, the page polls instead of following the change feed, and then follows it again.
#[apply(both_engines)]
async fn burst_of_events_keeps_list_current(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = open_overview(&service).await;
    page.wait_until("document.querySelector('.feed-status.on')").await;
    for number in 0..120 {
        let event = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        assert_eq!(service.send(&event).await, "applied");
    }
    page.wait_for_text("user_119").await;
    service.send(&fixtures::user_event("user.created", "user_later", 0)).await;
    page.wait_for_text("user_later").await;
    page.wait_until("document.querySelector('.feed-status.on')").await;
}

#[apply(both_engines)]
async fn operator_creates_tests_and_deletes_endpoint(engine: Engine) {
    let (service, receiver) = (Service::start_with(engine, PUSH).await, Receiver::start().await);
    let mut page = open_overview(&service).await;
    page.click("Endpoints").await;
    page.wait_for_text("No endpoints yet").await;
    page.evaluate("document.querySelector('input[name=url]').focus()").await;
    page.type_text(&receiver.url).await;
    page.press("Enter").await;
    page.wait_for_text("whsec_").await;
    assert_accessible(&mut page, "new endpoint").await;
    page.set_appearance("light", 1280).await;
    page.click(&receiver.url).await;
    page.wait_for_text("no attempts yet").await;
    page.click("Send test message").await;
    page.wait_for_text("The endpoint accepted the test message.").await;
    assert_eq!(receiver.wait_for(1).await[0].body["type"], "meetvo.test");
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    receiver.wait_for(2).await;
    // The attempt is recorded after the response of the receiver.
    let listed = service.get("/v1/endpoints").await.body;
    let endpoint = Endpoint::found(&listed["data"][0]);
    endpoint.wait_for(&service, "recent_attempts", &json!(1)).await;
    page.click("Disable").await;
    page.wait_for_text("Disabled (operator)").await;
    page.wait_for_text("100.0 %").await;
    assert_accessible(&mut page, "endpoint").await;
    page.set_appearance("light", 1280).await;
    page.confirm("Rotate secret", "Confirm: rotate secret").await;
    page.wait_for_text("whsec_").await;
    page.confirm("Delete", "Confirm: delete").await;
    page.wait_for_text("No endpoints yet").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

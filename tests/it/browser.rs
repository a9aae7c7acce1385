//! The dashboard, as somebody with a browser goes through it.

use serde_json::{Value, json};

use crate::harness::{Engine, KEY, BrowserPage, Service, apply, both_engines, fixtures, repository};

/// The widths of a desk and of a phone, in both themes.
const SHOWN: [(&str, u32); 4] = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)];

/// Opens the dashboard, and signs in.
async fn signed_in(service: &Service) -> BrowserPage {
    let mut page = BrowserPage::open(&service.url_for("/dashboard")).await;
    page.wait_until("document.activeElement?.name === 'key'").await;
    page.type_text(KEY).await;
    page.press("Enter").await;
    page.wait_for_text("Deliveries").await;
    page
}

/// Looks at what is shown, in both themes and widths.
async fn assert_well_drawn(page: &mut BrowserPage, view: &str) {
    let complaints = repository::read("tests/browser/contrast.js");
    for (theme, width) in SHOWN {
        page.set_appearance(theme, width).await;
        assert_eq!(page.evaluate(&complaints).await, json!([]), "{view}, {theme}, {width}");
    }
}

#[apply(both_engines)]
async fn a_newcomer_sees_somebody_sign_up_and_why_an_event_failed(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = signed_in(&service).await;
    page.wait_for_text("All is well").await;
    page.wait_for_text("Nothing has come in yet").await;
    page.wait_for_text("Nothing waits for you").await;

    // Nobody loads the page anew.
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    page.wait_until("document.querySelector('tr.new, main table tbody tr')").await;
    page.wait_for_text("user.created").await;
    page.wait_until("document.querySelector('.live.on')").await;

    page.press("/").await;
    page.type_text("ada").await;
    page.press("Enter").await;
    page.wait_for_text("with an address or a name that begins with “ada”").await;
    page.click("Ada 0 Lovelace").await;
    for text in ["user_1@example.com", "github", "It changed what is stored."] {
        page.wait_for_text(text).await;
    }
    assert_eq!(page.evaluate("document.title").await, "user_1 · MeetVo");

    let failed = json!({ "type": "user.created", "data": {} });
    assert_eq!(service.send(&failed).await, "failed");
    page.click("Overview").await;
    page.wait_for_text("Somebody should look").await;
    page.wait_for_text("data.id is missing").await;
    page.click("Reprocess").await;
    page.wait_for_text("still failed").await;
    page.click("See them").await;
    page.wait_for_text("Reprocess all failed").await;
    page.click("Reprocess all failed").await;
    page.wait_for_text("1 looked at again, 0 changed.").await;

    page.click("Sign out").await;
    page.wait_for_text("Admin key").await;
    assert!(!page.text().await.contains("failed"), "what was shown is gone");
    page.navigate(&service.url_for("/dashboard/#/users")).await;
    page.wait_for_text("Admin key").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

#[apply(both_engines)]
async fn a_wrong_key_is_told(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = BrowserPage::open(&service.url_for("/dashboard/")).await;
    page.wait_until("document.activeElement?.name === 'key'").await;
    page.type_text("no key that anybody gave out, ever").await;
    page.press("Enter").await;
    page.wait_for_text("this API key is not known here").await;
    assert_well_drawn(&mut page, "the door").await;
    page.wait_until("document.activeElement?.name === 'key'").await;
    page.type_text(KEY).await;
    page.press("Enter").await;
    page.wait_for_text("Deliveries").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

/// Whoever signs up chooses their name.
#[apply(both_engines)]
async fn what_strangers_write_is_shown_as_they_wrote_it(engine: Engine) {
    let service = Service::start(engine).await;
    let markup = "<img src=x onerror=\"document.title='owned'\"><script>1</script>";
    let mut user = fixtures::user("user_1", 0);
    user["first_name"] = json!(markup);
    user["public_metadata"] = json!({ markup: markup });
    user["image_url"] = json!("javascript:document.title='owned'");
    service.send(&fixtures::event("user.created", user, 1)).await;
    let mut page = signed_in(&service).await;
    page.click("Users").await;
    page.wait_for_text(markup).await;
    let views =
        ["#/events", "#/users", "#/users/user_1", "#/users?query=%3Cimg", "#/events?type=%3Cimg"];
    for view in views {
        page.navigate(&service.url_for(&format!("/dashboard/{view}"))).await;
        page.wait_until("document.querySelector('[aria-busy]') === null").await;
        let owned = page.evaluate("document.title === 'owned' || document.querySelector('main img, main script') !== null").await;
        assert_eq!(owned, Value::Bool(false), "{view}");
    }
    assert_eq!(page.errors, Vec::<String>::new());
}

#[apply(both_engines)]
async fn every_view_can_be_read_by_day_and_night_at_a_desk_and_on_the_way(engine: Engine) {
    let service = Service::start(engine).await;
    for fixture in fixtures::all() {
        service.send(&fixture.json).await;
    }
    let mut page = signed_in(&service).await;
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
        "#/users/user_of_nobody".to_owned(),
        "#/nothing/at/all".to_owned(),
    ];
    for view in views {
        page.navigate(&service.url_for(&format!("/dashboard/{view}"))).await;
        page.wait_until("document.querySelector('main').innerText.length > 20").await;
        page.wait_until("document.querySelector('[aria-busy]') === null").await;
        assert_well_drawn(&mut page, &view).await;
    }
    assert_eq!(page.errors, Vec::<String>::new());
}

/// Where much comes at once, the page does not have each of it told, and misses nothing that it shows.
#[apply(both_engines)]
async fn of_a_crowd_the_newest_are_seen_and_so_is_who_comes_later(engine: Engine) {
    let service = Service::start(engine).await;
    let mut page = signed_in(&service).await;
    page.wait_until("document.querySelector('.live.on')").await;
    for number in 0..120 {
        let event = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        assert_eq!(service.send(&event).await, "applied");
    }
    page.wait_for_text("user_119").await;
    service.send(&fixtures::user_event("user.created", "user_later", 0)).await;
    page.wait_for_text("user_later").await;
    page.wait_until("document.querySelector('.live.on')").await;
}

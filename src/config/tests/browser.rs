//! Verifies the settings of browsers.

use super::{PUBLISHABLE, effective, fault, load};

const PARTIES: &str = "MEETVO__CLERK__AUTHORIZED_PARTIES";
const ORIGINS: &str = "MEETVO__API__ALLOWED_ORIGINS";
const HEADERS: &str = "MEETVO__API__ALLOWED_HEADERS";

#[test]
fn origins_are_those_of_pages_and_apps() {
    for (list, shown) in [
        ("", ""),
        ("https://app.example.com, http://localhost:3000", ""),
        ("tauri://localhost,capacitor://localhost,ionic://localhost", ""),
        ("chrome-extension://abcdefghijklmnopabcdefghijklmnop", ""),
        ("moz-extension://5c0e8e2a-3f1b-4a57-9e0c-1f2d3c4b5a69", ""),
        ("HTTPS://App.Example.com", "https://app.example.com"),
        ("https://*.example.com", ""),
    ] {
        let expected = if shown.is_empty() { list.replace(", ", ",") } else { shown.to_owned() };
        for (setting, variable) in
            [("clerk.authorized_parties", PARTIES), ("api.allowed_origins", ORIGINS)]
        {
            let settings = load([("CLERK_PUBLISHABLE_KEY", PUBLISHABLE), (variable, list)]);
            assert_eq!(effective(&settings.unwrap(), setting), expected, "{setting}");
        }
    }
}

#[test]
fn invalid_origin_is_rejected_with_reason() {
    for (list, reason) in [
        ("app.example.com", "https://HOST"),
        ("https://app.example.com/", "https://HOST"),
        ("https://a.com/x", "https://HOST"),
        ("ftp://a.com", "https://HOST"),
        ("htps://a.com", "https://HOST"),
        ("https://*.vercel.app", "anyone can register a name below this domain"),
        ("https://*.com", "anyone can register a name below this domain"),
        ("https://app-*.example.com", "the first label of a host"),
        ("null", "sandboxed pages"),
    ] {
        for (setting, variable) in
            [("clerk.authorized_parties", PARTIES), ("api.allowed_origins", ORIGINS)]
        {
            let (name, problem) = fault([(variable, &*format!("https://a.example.com,{list}"))]);
            assert!(name.starts_with(setting), "{name}");
            assert!(problem.contains(list) && problem.contains(reason), "{problem}");
        }
    }
}

#[test]
fn allowed_headers_are_names() {
    let settings = load([(HEADERS, "X-Tenant, x-trace-2")]).unwrap();
    assert_eq!(effective(&settings, "api.allowed_headers"), "x-tenant,x-trace-2");
    for (list, reason) in [
        ("*", "do not accept with credentials"),
        ("x tenant", "is not the name of a header"),
        ("x-tenant,X-MeetVo-Dashboard", "protects the dashboard"),
    ] {
        let (name, problem) = fault([(HEADERS, list)]);
        assert!(name.starts_with("api.allowed_headers"), "{name}");
        assert!(problem.contains(reason), "{problem}");
    }
}

//! Walks through lists by offset that are interrupted, or that change meanwhile.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    assert_same_objects, backfill, clerk_with, drift, in_sync, live, membership_id, migrated,
    regular, rejection, rows, run,
};
use crate::{
    cli::stderr,
    harness::{
        Engine, apply, both_engines,
        fake_clerk::{FakeClerk, INSTANCE, ScriptedResponse},
    },
};

const MEMBERSHIPS: &str = "organization_memberships";

/// Returns the requests for pages of memberships since a request, by offset.
fn offsets(clerk: &FakeClerk, since: usize) -> Vec<usize> {
    let requests = clerk.requests();
    let pages = requests[since..].iter().filter_map(|request| {
        let query = request.strip_prefix("/v1/organization_memberships?limit=500&offset=")?;
        query.split('&').next()?.parse().ok()
    });
    pages.collect()
}

#[apply(both_engines)]
async fn interrupted_backfill_resumes_in_its_type(engine: Engine) {
    for deleted in [0, 30, 400] {
        let clerk = clerk_with(2, 700);
        let database = migrated(engine, &clerk).await;
        // The count and one page each of users and organizations, then the count and two pages.
        clerk.script_responses(regular(7).chain([rejection()]));
        let output = run(&database, &clerk, "", &["backfill"]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert_eq!(live(&database, MEMBERSHIPS).await.len(), 950);
        for number in 0..deleted {
            clerk.remove(MEMBERSHIPS, &membership_id(number));
        }
        let before = clerk.requests().len();
        let report = backfill(&database, &clerk);
        let again = |list: &str| clerk.requests()[before..].iter().any(|it| it.starts_with(list));
        assert!(!again("/v1/users") && !again("/v1/organizations?"), "{:?}", clerk.requests());
        let expected: &[usize] = match deleted {
            0 => &[900, 1_350],
            30 => &[900],
            _ => &[900, 400, 850],
        };
        assert_eq!(offsets(&clerk, before), expected, "{deleted}");
        assert_eq!(report["user"]["applied"], 0);
        let stored = live(&database, MEMBERSHIPS).await;
        for membership in clerk.all(MEMBERSHIPS) {
            let id = membership["id"].as_str().unwrap().to_owned();
            assert!(stored.contains(&id), "{deleted}: {id}");
        }
        // The deleted ones are left to the drift check.
        assert_eq!(stored.len(), 1_400);
    }
}

/// Lets Clerk delete the first memberships just before it returns the second page.
fn delete_before_second_page(clerk: &FakeClerk, deleted: i64) {
    let mut is_done = false;
    clerk.before_responses(move |request, removed| {
        if !is_done && request.contains("/v1/organization_memberships?limit=500&offset=450") {
            is_done = true;
            removed.extend((0..deleted).map(|number| (MEMBERSHIPS, membership_id(number))));
        }
    });
}

/// A deletion shifts all later memberships to the front.
#[apply(both_engines)]
async fn deletion_during_backfill_hides_no_object(engine: Engine) {
    for deleted in [1, 49, 50, 300, 800] {
        let clerk = clerk_with(2, 700);
        let database = migrated(engine, &clerk).await;
        delete_before_second_page(&clerk, deleted);
        backfill(&database, &clerk);
        let stored = live(&database, MEMBERSHIPS).await;
        for membership in clerk.all(MEMBERSHIPS) {
            let id = membership["id"].as_str().unwrap().to_owned();
            assert!(stored.contains(&id), "{deleted}: {id}");
        }
        let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
        assert_eq!(code, 0, "{printed}");
        assert_same_objects(&database, &clerk).await;
    }
}

/// The check compares each object that exists, and deletes no object that exists.
#[apply(both_engines)]
async fn deletion_during_check_hides_no_object(engine: Engine) {
    for deleted in [1, 300, 800] {
        let (database, clerk) = in_sync(engine, 2, 700).await;
        delete_before_second_page(&clerk, deleted);
        let before = clerk.requests().len();
        // The walk has already compared those of the first page. The next check finds them.
        for extra in [(deleted - 500).max(0), deleted.min(500)] {
            let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
            let found = rows(&printed);
            assert!(found.values().all(|it| it == "extra"), "{found:?}");
            assert_eq!((found.len().try_into(), code), (Ok(extra), 0), "{deleted}");
        }
        let requests = clerk.requests();
        let singles = requests[before..].iter().filter(|it| it.contains("/memberships?"));
        assert_eq!(singles.count().try_into(), Ok(deleted), "the walk missed no other object");
        assert_same_objects(&database, &clerk).await;
    }
}

#[apply(both_engines)]
async fn cut_walk_deletes_no_object(engine: Engine) {
    let (database, clerk) = in_sync(engine, 2, 400).await;
    clerk.remove("organization_domains", "orgdmn_000001");
    for number in [3, 700] {
        clerk.remove(MEMBERSHIPS, &membership_id(number));
    }
    let odd = |body: &str| ScriptedResponse::Status(200, body.to_owned(), None);
    for (response, cause) in [
        (rejection(), "clerk_key_invalid"),
        (odd("{\"data\": [{\"id\": \"orgmem_0"), "unexpected response"),
        (odd("[]"), "unexpected response"),
    ] {
        // The instance, and one page each of users, organizations and memberships.
        clerk.script_responses(regular(4).chain([response]));
        let output = run(&database, &clerk, INSTANCE, &["drift", "--repair", "--yes"]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(stderr(&output).contains(cause), "{}", stderr(&output));
        assert_eq!(live(&database, MEMBERSHIPS).await.len(), 800);
        assert_eq!(live(&database, "organization_domains").await.len(), 2);
    }
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((&printed["report"]["types"]["membership"]["ended"], code), (&json!(2), 0));
    assert_same_objects(&database, &clerk).await;
}

/// A short page looks like the last one, so each missing object is confirmed by a single request.
#[apply(both_engines)]
async fn objects_missing_from_page_are_confirmed(engine: Engine) {
    let (database, clerk) = in_sync(engine, 4, 5).await;
    clerk.remove(MEMBERSHIPS, &membership_id(7));
    let first = json!({ "data": clerk.all(MEMBERSHIPS)[..2], "total_count": 2 });
    let empty = json!({ "data": [], "total_count": 0 }).to_string();
    let odd = |body: String| ScriptedResponse::Status(200, body, None);
    clerk.script_responses(regular(2).chain([odd(empty.clone())]));
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    let expected = BTreeMap::from([(membership_id(7), "extra".to_owned())]);
    assert_eq!((rows(&printed), code), (expected, 0), "{printed}");
    clerk.script_responses(regular(3).chain([odd(first.to_string())]));
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
    assert_same_objects(&database, &clerk).await;
}

/// A page that never ends must not be read forever.
#[apply(both_engines)]
async fn list_that_does_not_advance_fails(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1, 600).await;
    let page = json!({ "data": clerk.all(MEMBERSHIPS)[..500], "total_count": 600 }).to_string();
    let same = (0..2).map(|_| ScriptedResponse::Status(200, page.clone(), None));
    clerk.script_responses(regular(3).chain(same));
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "a page of the type membership repeats the page before";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}

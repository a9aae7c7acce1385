//! Conditions under which a repair deletes users.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::time::{Duration, sleep, timeout};

use super::{
    TEST_TIMEOUT, clerk_settings, deleted_ids, drift, drift_of, id, in_sync, rows, run, user,
};
use crate::{
    cli::stderr,
    harness::{
        Engine, Process, apply, both_engines,
        fake_clerk::{self, INSTANCE},
    },
};

/// A check that does not read all pages cannot know which users are deleted.
#[apply(both_engines)]
async fn interrupted_check_deletes_no_user(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1_200).await;
    for number in [3, 1_100] {
        clerk.remove_user(&id(number));
    }
    let part = |(from, to): (usize, usize)| {
        let users = Value::from(clerk.users()[from..to].to_vec());
        fake_clerk::ScriptedResponse::Status(200, users.to_string(), None)
    };
    let instance = || {
        let body = json!({ "id": INSTANCE, "environment_type": "production" });
        fake_clerk::ScriptedResponse::Status(200, body.to_string(), None)
    };
    let rejection = |code: &str, status| {
        fake_clerk::ScriptedResponse::Status(status, fake_clerk::error(code).to_string(), None)
    };
    let odd = |body: &str| fake_clerk::ScriptedResponse::Status(200, body.to_owned(), None);
    for (responses, cause) in [
        (vec![rejection("clerk_key_invalid", 401)], "clerk_key_invalid"),
        // The check does not start again without a limit.
        (vec![rejection("resource_not_found", 422); 16], "422 resource_not_found"),
        (vec![odd("{\"users\": []}")], "unexpected response"),
        (vec![odd("[{\"id\": \"user_0")], "unexpected response"),
    ] {
        clerk.script_responses([instance(), part((0, 500))].into_iter().chain(responses));
        let output = run(&database, &clerk, INSTANCE, &["drift", "--repair", "--yes", "--json"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(cause), "{}", stderr(&output));
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&printed["complete"], &printed["rows"]), (&json!(false), &json!([])));
        assert_eq!(deleted_ids(&database).await, Vec::<String>::new());
    }
    // Killed while it fetches the second page, and while it confirms single deletions.
    for pages in [&[(0, 500)][..], &[(0, 500), (500, 998)]] {
        let before = clerk.requests().len();
        let busy = fake_clerk::ScriptedResponse::Status(429, String::new(), Some(60));
        let answers = [instance()].into_iter().chain(pages.iter().copied().map(part));
        clerk.script_responses(answers.chain([busy]).collect::<Vec<_>>());
        let requests = pages.len() + 2;
        let mut command = Process::command(&database, clerk_settings(&clerk, INSTANCE));
        let mut child = command.args(["drift", "--repair", "--yes"]).spawn().unwrap();
        let arrived = async {
            while clerk.requests().len() < before + requests {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(TEST_TIMEOUT, arrived).await.expect("the requests arrive");
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(deleted_ids(&database).await, Vec::<String>::new());
    }
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((&printed["report"]["types"]["user"]["ended"], code), (&json!(2), 0));
    assert_eq!(deleted_ids(&database).await, [id(3), id(1_100)]);
}

/// A short page looks like the last one, so each missing user is confirmed by a single request.
#[apply(both_engines)]
async fn users_missing_from_page_are_confirmed(engine: Engine) {
    let (database, clerk) = in_sync(engine, 40).await;
    clerk.remove_user(&id(7));
    let instance = json!({ "id": INSTANCE, "environment_type": "production" }).to_string();
    let few = Value::from(clerk.users()[..3].to_vec()).to_string();
    clerk.script_responses(
        [instance, few].map(|it| fake_clerk::ScriptedResponse::Status(200, it, None)),
    );
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    let expected = BTreeMap::from([(id(7), "extra".to_owned())]);
    assert_eq!((rows(&printed), code), (expected, 0), "{printed}");
    assert_eq!(deleted_ids(&database).await, [id(7)]);
}

#[apply(both_engines)]
async fn foreign_404_deletes_no_user(engine: Engine) {
    let (database, clerk) = in_sync(engine, 2).await;
    clerk.remove_user(&id(0));
    let instance = json!({ "id": INSTANCE, "environment_type": "production" }).to_string();
    let page = Value::from(clerk.users()).to_string();
    let good = [instance, page].map(|it| fake_clerk::ScriptedResponse::Status(200, it, None));
    let proxy =
        fake_clerk::ScriptedResponse::Status(404, "<html>404 Not Found</html>".to_owned(), None);
    clerk.script_responses(good.into_iter().chain([proxy]));
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("404 without a code"), "{}", stderr(&output));
    assert_eq!(deleted_ids(&database).await, Vec::<String>::new());
}

#[apply(both_engines)]
async fn deletion_requires_pinned_instance(engine: Engine) {
    let (database, clerk) = in_sync(engine, 3).await;
    clerk.remove_user(&id(0));
    clerk.put_user(&user(1, 5));
    let other = run(&database, &clerk, "ins_other", &["drift", "--repair", "--yes"]);
    assert_eq!(other.status.code(), Some(1));
    let expected = format!("the secret key belongs to instance {INSTANCE}, but clerk.instance_id");
    assert!(stderr(&other).contains(&expected), "{}", stderr(&other));
    let rows = database.tables().await.rows("users").await;
    assert_eq!(rows[1]["first_name"], "Ada 0", "nothing was changed");

    let words = ["drift", "--repair", "--yes"];
    let output = run(&database, &clerk, "", &words);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("clerk.instance_id names"), "{}", stderr(&output));
    let rows = database.tables().await.rows("users").await;
    assert_eq!(rows[1]["first_name"], "Ada 5", "other differences are repaired");
    let (printed, _) = drift_of(&database, &clerk, "", &words[1..]);
    let left = json!({ "missing": 0, "extra": 1, "different": 0, "deleted": 0 });
    assert_eq!(printed["report"]["left"], left);
    assert_eq!(printed["report"]["types"]["user"]["unended"], "not_pinned");
    assert_eq!(deleted_ids(&database).await, Vec::<String>::new());
}

#[apply(both_engines)]
async fn many_deletions_require_confirmation(engine: Engine) {
    let (database, clerk) = in_sync(engine, 50).await;
    (0..4).for_each(|number| clerk.remove_user(&id(number)));
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    assert_eq!(output.status.code(), Some(3));
    let stderr = stderr(&output);
    assert!(
        stderr.contains(
            "more than 3 objects of the type user would be deleted; if that is correct, add --yes"
        ),
        "{stderr}"
    );
    assert_eq!(deleted_ids(&database).await, Vec::<String>::new());
    let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
    assert_eq!((&printed["report"]["types"]["user"]["ended"], code), (&json!(4), 0));
    assert_eq!(deleted_ids(&database).await, (0..4).map(id).collect::<Vec<_>>());
    let alone = run(&database, &clerk, INSTANCE, &["drift", "--yes"]);
    assert_eq!(alone.status.code(), Some(2), "--yes requires --repair");
}

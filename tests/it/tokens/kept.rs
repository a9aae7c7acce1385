//! How tokens stand in the database: for those alone who have the key.

use std::fs;

use serde_json::Value;

use super::{FIRST, HOUR, MINUTE, SECOND, Scene, given, settings};
use crate::harness::{Engine, NOW, Tables, apply, both_engines};

const TOKEN: &str = "gho_n0b0dy_reads_this_0123456789";
const ID_TOKEN: &str = "eyJub2JvZHkiOiJyZWFkcyB0aGlzIn0";

/// One that keeps a token, and nothing that is not its own of it.
async fn keeping(engine: Engine) -> (Scene, Tables) {
    let scene = Scene::begin(engine, FIRST).await;
    let mut token = given("eac_user_1", TOKEN, Some(HOUR));
    token["id_token"] = ID_TOKEN.into();
    scene.clerk.put_token("user_1", "github", &token);
    assert_eq!(scene.token().await, TOKEN);
    let tables = scene.service.tables().await;
    (scene, tables)
}

/// All rows of all tables, as a dump has them.
async fn dump(tables: &mut Tables) -> String {
    let names = match tables.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
    };
    let mut rows = String::new();
    for name in tables.column(names).await.iter().filter(|name| *name != "_sqlx_migrations") {
        rows += &Value::from(tables.rows(name).await).to_string();
    }
    rows
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[apply(both_engines)]
async fn neither_the_tables_nor_the_files_hold_a_token(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    let kept = tables.rows("account_tokens").await;
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0]["key_id"], &kept[0]["fetched_at"]), (&"first".into(), &NOW.into()));
    let dumped = dump(&mut tables).await;
    assert!(dumped.contains(kept[0]["access_token"].as_str().unwrap()), "it is looked through");
    let mut files = Vec::new();
    match engine {
        Engine::Sqlite => {
            for file in fs::read_dir(scene.service.database.folder()).unwrap() {
                files.extend(fs::read(file.unwrap().path()).unwrap());
            }
        }
        Engine::Postgres => {
            tables.run("CHECKPOINT").await;
            let relations = "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'escape') \
                             FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 't')";
            files = tables.column(relations).await.concat().into_bytes();
        }
    }
    assert!(holds(&files, kept[0]["access_token"].as_str().unwrap()), "it is looked through");
    for secret in [TOKEN, ID_TOKEN] {
        assert!(!dumped.contains(secret) && !holds(&files, secret), "{secret}");
    }
    let status = scene.service.get("/v1/status").await.body.to_string();
    assert!(!status.contains(TOKEN), "{status}");
}

#[apply(both_engines)]
async fn what_was_altered_or_comes_from_another_row_is_refused(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    let other = given("eac_user_2", "gho_of_another", Some(HOUR));
    scene.clerk.put_token("user_2", "github", &other);
    let of_other = "/v1/users/user_2/accounts/eac_user_2/token";
    assert_eq!(scene.service.get(of_other).await.body["access_token"], "gho_of_another");
    tables.run("CREATE TABLE spare AS SELECT * FROM account_tokens").await;
    for change in [
        "access_token = (SELECT access_token FROM spare WHERE user_id = 'user_2')",
        "access_token = id_token",
        "id_token = access_token",
        "access_token = CASE WHEN access_token LIKE 'A%' THEN 'B' ELSE 'A' END \
         || substr(access_token, 2)",
        "access_token = substr(access_token, 1, length(access_token) - 4)",
        "access_token = 'gho_of_another'",
        "access_token = ''",
        "access_token_expires_at = access_token_expires_at + 1000",
        "fetched_at = fetched_at + 1",
    ] {
        tables.run(&format!("UPDATE account_tokens SET {change} WHERE user_id = 'user_1'")).await;
        let answer = scene.ask("eac_user_1").await;
        assert_eq!(answer.problem(), (500, "token_unreadable"), "{change}");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains("tokens.keys") && detail.contains("`first`"), "{detail}");
        assert!(!answer.body.to_string().contains("gho_"), "{change}");
        let restore = "INSERT INTO account_tokens SELECT * FROM spare";
        tables.run(&format!("DELETE FROM account_tokens; {restore}")).await;
        assert_eq!(scene.token().await, TOKEN, "as it was, it is good");
    }
    assert_eq!(scene.asked(), 2, "nothing was fetched in its place");
}

#[apply(both_engines)]
async fn an_added_key_seals_what_comes_and_the_others_open_what_there_is(engine: Engine) {
    let (Scene { service, clerk }, mut tables) = keeping(engine).await;
    let mut asked = clerk.asked().len();
    let both = format!("{SECOND},{FIRST}");
    let key_ids = "SELECT key_id FROM account_tokens";

    let service = service.restart_with(settings(&clerk, &both)).await;
    let scene = Scene { service, clerk };
    assert_eq!((scene.token().await, scene.asked()), (TOKEN.to_owned(), asked));
    assert_eq!(tables.column(key_ids).await, ["first"]);
    scene.give("gho_second", Some(3 * HOUR));
    scene.service.clock.set(NOW + HOUR);
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!(tables.column(key_ids).await, ["second"]);
    asked = scene.asked();

    let Scene { service, clerk } = scene;
    let service = service.restart_with(settings(&clerk, SECOND)).await;
    let scene = Scene { service, clerk };
    assert_eq!((scene.token().await, scene.asked()), ("gho_second".to_owned(), asked));
}

#[apply(both_engines)]
async fn a_key_that_is_missing_or_another_is_said_to_be(engine: Engine) {
    let (Scene { service, clerk }, _) = keeping(engine).await;
    let wrong = SECOND.replace("second=", "first=");
    let mut scene = Scene { service, clerk };
    for (keys, code) in [(SECOND, "token_key_missing"), (&*wrong, "token_unreadable")] {
        let Scene { service, clerk } = scene;
        let service = service.restart_with(settings(&clerk, keys)).await;
        scene = Scene { service, clerk };
        let answer = scene.ask("eac_user_1").await;
        assert_eq!(answer.problem(), (500, code));
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains("tokens.keys") && detail.contains("`first`"), "{detail}");
        assert!(!detail.contains(&SECOND[7..]), "{detail}");
    }
    assert_eq!(scene.asked(), 1);
    // It is a cache: what can no longer be read is in nobody's way once it has ended.
    scene.give("gho_second", Some(3 * HOUR));
    scene.service.clock.set(NOW + HOUR - MINUTE);
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!((scene.token().await, scene.asked()), ("gho_second".to_owned(), 2));
}

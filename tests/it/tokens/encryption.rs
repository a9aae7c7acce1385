//! Encryption of the cached tokens in the database.

use std::fs;

use serde_json::Value;

use super::{FIRST_KEY, HOUR, MINUTE, SECOND_KEY, Scene, clerk_token, settings};
use crate::harness::{Engine, NOW, Tables, apply, both_engines};

const TOKEN: &str = "gho_n0b0dy_reads_this_0123456789";
const ID_TOKEN: &str = "eyJub2JvZHkiOiJyZWFkcyB0aGlzIn0";

/// Starts a service with a cached access token and ID token.
async fn with_cached_token(engine: Engine) -> (Scene, Tables) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    let mut token = clerk_token("eac_user_1", TOKEN, Some(HOUR));
    token["id_token"] = ID_TOKEN.into();
    scene.clerk.put_token("user_1", "github", &token);
    assert_eq!(scene.token().await, TOKEN);
    let tables = scene.service.tables().await;
    (scene, tables)
}

/// Returns all rows of all tables as JSON.
async fn dump(tables: &mut Tables) -> String {
    let names = match tables.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'clerk'",
    };
    let mut rows = String::new();
    for name in tables.column(names).await.iter().filter(|name| *name != "_sqlx_migrations") {
        rows += &Value::from(tables.rows(name).await).to_string();
    }
    rows
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[apply(both_engines)]
async fn tables_and_files_contain_no_plaintext(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    let rows = tables.rows("account_tokens").await;
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["key_id"], &rows[0]["fetched_at"]), (&"first".into(), &NOW.into()));
    let dumped = dump(&mut tables).await;
    let ciphertext = rows[0]["access_token"].as_str().unwrap();
    assert!(dumped.contains(ciphertext), "the dump contains the row");
    let mut files = Vec::new();
    match engine {
        Engine::Sqlite => {
            for file in fs::read_dir(scene.service.database.folder()).unwrap() {
                files.extend(fs::read(file.unwrap().path()).unwrap());
            }
        }
        Engine::Postgres => {
            tables.run("CHECKPOINT").await;
            let sql = "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'escape') \
                       FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 't')";
            files = tables.column(sql).await.concat().into_bytes();
        }
    }
    assert!(contains(&files, ciphertext), "the files contain the row");
    for secret in [TOKEN, ID_TOKEN] {
        assert!(!dumped.contains(secret) && !contains(&files, secret), "{secret}");
    }
    let status = scene.service.get("/v1/status").await.body.to_string();
    assert!(!status.contains(TOKEN), "{status}");
}

#[apply(both_engines)]
async fn altered_or_moved_ciphertext_is_rejected(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    let other = clerk_token("eac_user_2", "gho_of_another", Some(HOUR));
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
        let answer = scene.request_token("eac_user_1").await;
        assert_eq!(answer.problem(), (500, "token_unreadable"), "{change}");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains("tokens.keys") && detail.contains("`first`"), "{detail}");
        assert!(!answer.body.to_string().contains("gho_"), "{change}");
        let restore = "INSERT INTO account_tokens SELECT * FROM spare";
        tables.run(&format!("DELETE FROM account_tokens; {restore}")).await;
        assert_eq!(scene.token().await, TOKEN, "the restored row decrypts");
    }
    assert_eq!(scene.clerk_requests(), 2, "no replacement is fetched");
}

#[apply(both_engines)]
async fn first_key_encrypts_others_decrypt(engine: Engine) {
    let (Scene { service, clerk }, mut tables) = with_cached_token(engine).await;
    let mut clerk_requests = clerk.requests().len();
    let both = format!("{SECOND_KEY},{FIRST_KEY}");
    let key_ids = "SELECT key_id FROM account_tokens";

    let service = service.restart_with(settings(&clerk, &both)).await;
    let scene = Scene { service, clerk };
    assert_eq!((scene.token().await, scene.clerk_requests()), (TOKEN.to_owned(), clerk_requests));
    assert_eq!(tables.column(key_ids).await, ["first"]);
    scene.put_token("gho_second", Some(3 * HOUR));
    scene.service.clock.set(NOW + HOUR);
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!(tables.column(key_ids).await, ["second"]);
    clerk_requests = scene.clerk_requests();

    let Scene { service, clerk } = scene;
    let service = service.restart_with(settings(&clerk, SECOND_KEY)).await;
    let scene = Scene { service, clerk };
    assert_eq!(
        (scene.token().await, scene.clerk_requests()),
        ("gho_second".to_owned(), clerk_requests)
    );
}

#[apply(both_engines)]
async fn missing_or_wrong_key_is_reported(engine: Engine) {
    let (Scene { service, clerk }, _) = with_cached_token(engine).await;
    let wrong = SECOND_KEY.replace("second=", "first=");
    let mut scene = Scene { service, clerk };
    for (keys, code) in [(SECOND_KEY, "token_key_missing"), (&*wrong, "token_unreadable")] {
        let Scene { service, clerk } = scene;
        let service = service.restart_with(settings(&clerk, keys)).await;
        scene = Scene { service, clerk };
        let answer = scene.request_token("eac_user_1").await;
        assert_eq!(answer.problem(), (500, code));
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains("tokens.keys") && detail.contains("`first`"), "{detail}");
        assert!(!detail.contains(&SECOND_KEY[7..]), "{detail}");
    }
    assert_eq!(scene.clerk_requests(), 1);
    // After its expiry, a token that cannot be decrypted is replaced.
    scene.put_token("gho_second", Some(3 * HOUR));
    scene.service.clock.set(NOW + HOUR - MINUTE);
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!((scene.token().await, scene.clerk_requests()), ("gho_second".to_owned(), 2));
}

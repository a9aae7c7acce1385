//! Verifies secrets in files, and the trimming of values.

use std::{fs, path::Path};

use tempfile::tempdir;

use super::{
    super::{ApiKey, Faults, Settings},
    KEY, PUBLISHABLE, SECRET, Sources, TOKEN_KEY, effective, fault, load, sources, variables,
};

/// Every variable that can name a file in place of a value, with its setting and a value.
fn secrets() -> Vec<(&'static str, &'static str, String)> {
    let pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----".to_owned();
    let (api, token) = (format!("tests:read:{KEY}"), format!("first={TOKEN_KEY}"));
    let url = "postgres://u:p@h/n".to_owned();
    vec![
        ("DATABASE_URL", "database.url", url.clone()),
        ("CLERK_WEBHOOK_SIGNING_SECRET", "clerk.webhook_signing_secrets", SECRET.to_owned()),
        ("CLERK_WEBHOOK_SECRET", "clerk.webhook_signing_secrets", SECRET.to_owned()),
        ("CLERK_PUBLISHABLE_KEY", "clerk.publishable_key", PUBLISHABLE.to_owned()),
        ("CLERK_JWT_KEY", "clerk.jwt_key", pem),
        ("CLERK_SECRET_KEY", "clerk.secret_key", "sk_live_1".to_owned()),
        ("MEETVO_API_KEYS", "api.keys", api),
        ("MEETVO_TOKEN_KEYS", "tokens.keys", token.clone()),
        ("MEETVO_PUSH_KEYS", "push.keys", token),
        ("MEETVO__DATABASE__URL", "database.url", url),
        ("MEETVO__CLERK__SECRET_KEY", "clerk.secret_key", "sk_live_1".to_owned()),
    ]
}

/// Loads settings from variables, with an issuer for a JWT key.
fn with_issuer(mut given: Vec<(String, String)>) -> Result<Settings, Faults> {
    given.push(("MEETVO__CLERK__ISSUER".to_owned(), "https://clerk.example.com".to_owned()));
    Settings::load(&Sources { variables: given.into_iter().collect(), ..Sources::default() })
}

/// Writes a file, and returns its path.
fn file(folder: &Path, content: impl AsRef<[u8]>) -> String {
    let path = folder.join("secret");
    fs::write(&path, content).unwrap();
    path.display().to_string()
}

#[test]
fn every_secret_can_be_in_a_file() {
    let folder = tempdir().unwrap();
    for (variable, setting, value) in secrets() {
        let direct = with_issuer(vec![(variable.to_owned(), value.clone())]).unwrap();
        for content in [value.clone(), format!("{value}\n"), format!("\u{feff}\"{value}\"\r\n")] {
            let path = file(folder.path(), content);
            let settings = with_issuer(vec![(format!("{variable}_FILE"), path)]).unwrap();
            assert_eq!(effective(&settings, setting), effective(&direct, setting), "{variable}");
            assert_eq!(settings.database.url, direct.database.url);
            assert_eq!(settings.clerk.secret_key, direct.clerk.secret_key);
        }
    }
    let words = ["secrets", "keys", "_key", ".url"];
    let settings = load([]).unwrap().effective().into_keys();
    for setting in settings.filter(|name| words.iter().any(|word| name.ends_with(word))) {
        assert!(secrets().iter().any(|it| it.1 == setting), "{setting} can be in a file");
    }
}

#[test]
fn value_and_file_together_are_rejected() {
    let folder = tempdir().unwrap();
    for (variable, setting, value) in secrets() {
        let (path, in_file) = (file(folder.path(), &value), format!("{variable}_FILE"));
        let both = vec![(variable.to_owned(), value.clone()), (in_file.clone(), path.clone())];
        let Faults(faults) = with_issuer(both).unwrap_err();
        assert_eq!(faults[0].setting, format!("{setting} (from {in_file})"));
        assert!(faults[0].problem.contains(&format!("together with {variable}")), "{faults:?}");
        let empty = vec![(variable.to_owned(), String::new()), (in_file, path)];
        with_issuer(empty).unwrap();
    }
}

#[test]
fn environment_beats_a_file_of_dotenv() {
    let folder = tempdir().unwrap();
    let path = file(folder.path(), "sk_live_file");
    let mut from = sources(&folder, &[(".env", &format!("CLERK_SECRET_KEY_FILE={path}"))]);
    let key = |from: &Sources| Settings::load(from).unwrap().clerk.secret_key.unwrap();
    assert_eq!(key(&from).expose(), "sk_live_file");
    from.variables = variables([("CLERK_SECRET_KEY", "sk_live_value")]);
    assert_eq!(key(&from).expose(), "sk_live_value");
}

#[test]
fn unusable_file_is_named_with_its_variable() {
    let folder = tempdir().unwrap();
    let missing = folder.path().join("missing").display().to_string();
    let inside = folder.path().display().to_string();
    let fails = |path: &str, words: &[&str]| {
        for (variable, setting, _) in secrets() {
            let in_file = format!("{variable}_FILE");
            let Faults(faults) = with_issuer(vec![(in_file.clone(), path.to_owned())]).unwrap_err();
            assert_eq!(faults[0].setting, format!("{setting} (from {in_file})"));
            for word in words.iter().chain([&path]) {
                assert!(faults[0].problem.contains(word), "{word}: {faults:?}");
            }
        }
    };
    fails(&missing, &["cannot be read", "No such file"]);
    fails(&inside, &["cannot be read", "directory"]);
    fails(&file(folder.path(), ""), &["is empty"]);
    fails(&file(folder.path(), " \n"), &["is empty"]);
    fails(&file(folder.path(), b"\xff\xfe"), &["UTF-8"]);
    fails(&file(folder.path(), "\"unclosed"), &["quotation mark"]);
    fails(&file(folder.path(), vec![b'x'; 65_537]), &["larger than 65536 bytes"]);
}

#[test]
fn values_are_trimmed() {
    for (before, after) in
        [("", "\n"), ("", "\r\n"), (" ", "\t\n"), ("\"", "\""), ("'", "'"), ("\" ", "\n\"\n")]
    {
        let around = |value: &str| format!("{before}{value}{after}");
        let settings = load([
            ("CLERK_WEBHOOK_SIGNING_SECRET", &*around(SECRET)),
            ("CLERK_SECRET_KEY", &around("sk_live_1")),
            ("CLERK_PUBLISHABLE_KEY", &around(PUBLISHABLE)),
            ("MEETVO_API_KEYS", &around(&format!("tests:read:{KEY}"))),
            ("DATABASE_URL", &around("postgres://u:p@h/n")),
            ("PORT", &around("9000")),
            ("MEETVO__API__PUBLIC_PROFILES", &around("true")),
            ("MEETVO_ENV", &around("production")),
        ]);
        let settings = settings.unwrap();
        assert_eq!(settings.clerk.webhook_signing_secrets[0].secret.expose(), SECRET);
        assert_eq!(settings.clerk.secret_key.as_ref().unwrap().expose(), "sk_live_1");
        assert_eq!(settings.clerk.publishable_key, PUBLISHABLE);
        assert_eq!(settings.api.keys[0].sha256, ApiKey::digest(KEY));
        assert_eq!(settings.database.url.to_string(), "postgres://u:[redacted]@h/n");
        assert_eq!((settings.server.port, settings.api.public_profiles), (9000, true));
    }
    let folder = tempdir().unwrap();
    let text = format!("[clerk]\nwebhook_signing_secrets = '''\n{SECRET}\n'''");
    let settings = Settings::load(&sources(&folder, &[("default.toml", &text)])).unwrap();
    assert_eq!(settings.clerk.webhook_signing_secrets[0].secret.expose(), SECRET);
}

#[test]
fn ambiguous_value_is_rejected() {
    let (name, problem) = fault([("CLERK_SECRET_KEY", "\"sk_live_1")]);
    assert_eq!(name, "clerk.secret_key (from CLERK_SECRET_KEY)");
    assert!(problem.contains("quotation mark"), "{problem}");
    let keys = format!("a:read:{KEY}\nb:admin:{KEY}x");
    for (variable, value) in [("MEETVO_API_KEYS", &*keys), ("CLERK_SECRET_KEY", "sk_\nlive")] {
        let (name, problem) = fault([(variable, value)]);
        assert!(name.ends_with(&format!("(from {variable})")), "{name}");
        assert!(problem.contains("line break") && problem.contains("commas"), "{problem}");
    }
}

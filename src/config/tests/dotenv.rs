//! Verifies the lines of `.env`.

use std::fs;

use proptest::prelude::{any, prop_assert_eq, proptest};
use tempfile::tempdir;

use super::{
    super::{DatabaseUrl, Faults, Secret, Settings, dotenv},
    SECRET, sources, variables,
};

/// Loads settings from the bytes of a file.
fn load(text: impl AsRef<[u8]>) -> Result<Settings, Faults> {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join(".env"), text).unwrap();
    Settings::load(&sources(&folder, &[]))
}

/// Returns the secret key that a file sets.
fn secret_key(text: impl AsRef<[u8]>) -> Option<String> {
    load(text).unwrap().clerk.secret_key.map(|key| key.expose().to_owned())
}

#[test]
fn foreign_lines_are_skipped() {
    let foreign = [
        "NEXT_PUBLIC_APP_NAME=My App",
        "CRON=*/5 * * * *",
        "my-var=1",
        "NAME=it's",
        "NAME='s Hertogenbosch",
        "QUOTE=\"never closed",
        "a line of prose: $100, \"quoted",
        "=value",
        "1PASSWORD=\\x",
        "export PATH=$HOME/bin:$PATH",
        "PRIVATE=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0=\n-----END PRIVATE KEY-----",
        "export GREETING",
        "PORTS=many",
        "HOST_FILE=/none",
        "# CLERK_SECRET_KEY sk_test_commented",
    ];
    for line in foreign {
        let text = format!("{line}\nCLERK_SECRET_KEY=sk_test_own\n");
        assert_eq!(secret_key(&text).as_deref(), Some("sk_test_own"), "{line}");
    }
    let all = format!("{}\nCLERK_SECRET_KEY=sk_test_own", foreign.join("\n"));
    assert_eq!(secret_key(all).as_deref(), Some("sk_test_own"));
    let mut bytes = b"LATIN=caf\xe9\n".to_vec();
    bytes.extend_from_slice(b"CLERK_SECRET_KEY=sk_test_own");
    assert_eq!(secret_key(bytes).as_deref(), Some("sk_test_own"), "another encoding");
}

/// The lines of another program's quoted value are no assignments.
#[test]
fn quoted_foreign_text_is_no_assignment() {
    for quote in ["'", "\"", "`"] {
        let text = format!("BLOB={quote}first\nCLERK_SECRET_KEY=sk_test_blob\nlast{quote} # end\n");
        assert_eq!(secret_key(&text), None, "{quote}");
    }
}

#[test]
fn forms_of_an_assignment_are_accepted() {
    for line in [
        "CLERK_SECRET_KEY=sk_test_own",
        "  CLERK_SECRET_KEY = sk_test_own  ",
        "export CLERK_SECRET_KEY=sk_test_own",
        "export\tCLERK_SECRET_KEY=sk_test_own",
        "CLERK_SECRET_KEY=\"sk_test_own\"",
        "CLERK_SECRET_KEY='sk_test_own' # from the dashboard",
        "CLERK_SECRET_KEY=sk_test_own # from the dashboard",
        "CLERK_SECRET_KEY=sk_test_own\r\nOTHER=1\r\n",
        "\u{feff}CLERK_SECRET_KEY=sk_test_own",
        "CLERK_SECRET_KEY=first\nCLERK_SECRET_KEY=sk_test_own",
        "CLERK_SECRET_KEY=sk_test_own\nexport CLERK_SECRET_KEY",
    ] {
        assert_eq!(secret_key(line).as_deref(), Some("sk_test_own"), "{line:?}");
    }
    for line in ["CLERK_SECRET_KEY=", "CLERK_SECRET_KEY=\"\"", "CLERK_SECRET_KEY= # none"] {
        assert_eq!(secret_key(line), None, "{line}");
    }
}

#[test]
fn nothing_in_a_value_is_expanded() {
    let password = |line: &str| {
        let url = load(format!("A=expanded\n{line}")).unwrap().database.url;
        let DatabaseUrl::Postgres(url) = url else { panic!("{line}") };
        url.hosts[0].expose().to_owned()
    };
    for quote in ["", "'", "\""] {
        let url = "postgres://u:p$A${A}$(A)$$@h/n";
        assert_eq!(password(&format!("DATABASE_URL={quote}{url}{quote}")), url);
    }
    // Single quotes keep everything, double quotes have escapes, and no quotes end at ` #`.
    assert_eq!(password(r"DATABASE_URL='postgres://u:\n\$@h/n'"), r"postgres://u:\n\$@h/n");
    let escaped = r#"DATABASE_URL="postgres://u:\$A\"\\\x@h/n""#;
    assert_eq!(password(escaped), r#"postgres://u:$A"\\x@h/n"#);
    assert_eq!(password(r"DATABASE_URL=postgres://u:\'\$@h/n"), r"postgres://u:\'\$@h/n");
}

#[test]
fn pem_key_takes_several_lines() {
    let pem = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\nhkiG9w0=\n-----END PUBLIC KEY-----";
    let issuer = "MEETVO__CLERK__ISSUER=https://clerk.example.com";
    let escaped = pem.replace('\n', "\\n");
    let quoted = ["", "'", "\""].map(|quote| {
        [pem, &escaped, &pem.replace('\n', "\r\n")].map(|it| format!("{quote}{it}{quote}"))
    });
    for value in quoted.as_flattened() {
        let text = format!("CLERK_JWT_KEY={value}\n{issuer}\n");
        let tokens = load(&text).unwrap().clerk.session_tokens.unwrap();
        assert_eq!(tokens.jwt_key.as_deref(), Some(pem), "{text:?}");
    }
    let cut = format!("CLERK_JWT_KEY=-----BEGIN X-----\nMII\n{issuer}\n-----END X-----");
    let Faults(faults) = load(cut).unwrap_err();
    assert!(faults[0].setting.ends_with("/.env, line 1 (CLERK_JWT_KEY)"), "{faults:?}");
    assert!(faults[0].problem.contains("no -----END line"), "{faults:?}");
}

#[test]
fn faulty_own_line_is_numbered() {
    for (line, problem) in [
        ("CLERK_SECRET_KEY sk_test_own", "must be NAME=value"),
        ("CLERK_SECRET_KEY: sk_test_own", "must be NAME=value"),
        ("export CLERK_SECRET_KEY sk_test_own", "must be NAME=value"),
        ("CLERK_SECRET_KEY=\"sk_test_own", "is not closed"),
        ("CLERK_SECRET_KEY='sk_'test_own'", "text after the closing quotation mark"),
    ] {
        let text = format!("# comment\r\nOTHER=My App\r\n{line}\r\nMEETVO__SERVER__PORT 80\r\n");
        let Faults(faults) = load(&text).unwrap_err();
        assert_eq!(faults.len(), 2, "all at once: {faults:?}");
        assert!(faults[0].setting.ends_with("/.env, line 3 (CLERK_SECRET_KEY)"), "{faults:?}");
        assert!(faults[0].problem.contains(problem), "{line}: {faults:?}");
        assert!(faults[1].setting.ends_with("/.env, line 4 (MEETVO__SERVER__PORT)"), "{faults:?}");
    }
}

#[test]
fn invalid_value_is_named_with_its_line() {
    let Faults(faults) = load("\nPORT=80\nPORT=many\n").unwrap_err();
    assert_eq!(faults.len(), 1);
    let setting = &faults[0].setting;
    assert!(setting.starts_with("server.port (from PORT in /"), "{setting}");
    assert!(setting.ends_with("/.env, line 3)"), "{setting}");
}

/// PowerShell writes this encoding with `>`.
#[test]
fn utf16_file_is_named() {
    let text = "\u{feff}PORT=80".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let Faults(faults) = load(text).unwrap_err();
    assert!(faults[0].setting.ends_with("/.env"), "{faults:?}");
    assert!(faults[0].problem.contains("UTF-16"), "{faults:?}");
}

/// A command in a folder of another user must not send the secret key to another address.
#[test]
fn dotenv_cannot_redirect_secret_key() {
    let folder = tempdir().unwrap();
    let elsewhere = "MEETVO__CLERK__API_URL=https://collector.example.com";
    let mut from = sources(&folder, &[(".env", elsewhere)]);
    Settings::load(&from).unwrap();
    for variable in ["CLERK_SECRET_KEY", "MEETVO__CLERK__SECRET_KEY"] {
        from.variables = variables([(variable, "sk_live_1")]);
        let Faults(faults) = Settings::load(&from).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        let setting = &faults[0].setting;
        assert!(setting.starts_with("clerk.api_url (from MEETVO__CLERK__API_URL in "), "{setting}");
        assert!(faults[0].problem.contains(&format!("secret key of {variable},")), "{faults:?}");
    }
    // The environment decides by itself, and so does `.env`.
    from.variables.insert("MEETVO__CLERK__API_URL".into(), "https://proxy.example.com".into());
    assert_eq!(Settings::load(&from).unwrap().clerk.api_url, "https://proxy.example.com");
    from.variables.clear();
    sources(&folder, &[(".env", &format!("{elsewhere}\nCLERK_SECRET_KEY=sk_live_1"))]);
    assert_eq!(Settings::load(&from).unwrap().clerk.api_url, "https://collector.example.com");
    // The default is no redirection.
    from.variables = variables([("CLERK_SECRET_KEY", "sk_live_1")]);
    sources(&folder, &[(".env", "MEETVO__CLERK__API_URL=https://api.clerk.com")]);
    Settings::load(&from).unwrap();
}

/// `./config` is found like `.env`. A folder that `--config` names is trusted.
#[test]
fn found_folder_cannot_redirect_secret_key() {
    let folder = tempdir().unwrap();
    let text = "[clerk]\napi_url = 'https://collector.example.com'";
    let mut from = sources(&folder, &[("default.toml", text)]);
    from.variables = variables([("CLERK_SECRET_KEY", "sk_live_1"), ("PORT", "1")]);
    from.found_folder = true;
    let Faults(faults) = Settings::load(&from).unwrap_err();
    assert!(faults[0].setting.contains("default.toml"), "{faults:?}");
    assert!(faults[0].problem.contains("CLERK_SECRET_KEY"), "{faults:?}");
    from.found_folder = false;
    let settings = Settings::load(&from).unwrap();
    assert_eq!(settings.clerk.secret_key.as_ref().map(Secret::expose), Some("sk_live_1"));
}

#[test]
fn unreadable_dotenv_stays_a_fault() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join(".env")).unwrap();
    let mut from = sources(&folder, &[]);
    from.variables = variables([("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]);
    let Faults(faults) = Settings::load(&from).unwrap_err();
    assert!(faults[0].setting.ends_with("/.env"), "{faults:?}");
    assert!(faults[0].problem.contains("cannot be read"), "{faults:?}");
}

proptest! {
    #[test]
    fn any_text_is_read(before in any::<String>(), after in any::<String>()) {
        let text = format!("{before}\nOWN={after}\nOWN='x' # {before}\n{after}");
        dotenv::parse(&text, |name| name == "OWN");
        dotenv::parse(&text, |_| true);
    }

    #[test]
    fn any_value_survives_quotes(value in "[^'\"\r]{0,40}") {
        let escaped = value.replace('\\', "\\\\");
        for line in [format!("OWN='{value}'"), format!("export OWN = \"{escaped}\" # \"")] {
            let (assignments, faulty) = dotenv::parse(&format!("# '\n{line}\nX=1"), |it| it == "OWN");
            prop_assert_eq!(faulty.len(), 0);
            prop_assert_eq!(&assignments[0].value, &value);
            prop_assert_eq!(assignments[0].line, 2);
        }
    }
}

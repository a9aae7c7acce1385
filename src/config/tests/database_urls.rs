//! Verifies the parser of database URLs.

use super::{super::DatabaseUrl, effective, fault, load, sqlite};

#[test]
fn sqlite_urls_name_their_file() {
    let cases = [
        ("sqlite:FILE.db", "FILE.db"),
        ("sqlite://FILE.db", "FILE.db"),
        ("sqlite:./FILE.db", "./FILE.db"),
        ("sqlite://./FILE.db", "./FILE.db"),
        ("sqlite:///./FILE.db", "./FILE.db"),
        ("sqlite:/abs/FILE.db", "/abs/FILE.db"),
        ("sqlite:///abs/FILE.db", "/abs/FILE.db"),
        ("sqlite:../up/a b.db", "../up/a b.db"),
        ("sqlite://FILE.db?mode=rwc", "FILE.db"),
        ("sqlite+aiosqlite:FILE.db", "FILE.db"),
        ("sqlite+aiosqlite:///./FILE.db", "./FILE.db"),
        ("sqlite+aiosqlite:///abs/FILE.db", "/abs/FILE.db"),
        ("sqlite+pysqlite:///abs/FILE.db", "/abs/FILE.db"),
        ("SQLite:FILE.db", "FILE.db"),
    ];
    for (url, file) in cases {
        let settings = load([("DATABASE_URL", url)]).unwrap();
        assert_eq!(settings.database.url, sqlite(file), "{url}");
        assert_eq!(effective(&settings, "database.url"), format!("sqlite:{file}"));
    }
}

#[test]
fn unsupported_database_url_is_rejected() {
    for url in ["sqlite:", "sqlite://", "sqlite::memory:", "sqlite://x.db?mode=ro"] {
        let (setting, problem) = fault([("DATABASE_URL", url)]);
        assert_eq!(setting, "database.url (from DATABASE_URL)", "{url}");
        assert!(problem.contains("sqlite:FILE"), "{url}: {problem}");
    }
    for url in ["mysql://u@h/n", "postgres:n", "meetvo.db", "C:\\meetvo.db", "host:5432/name"] {
        let (_, problem) = fault([("DATABASE_URL", url)]);
        assert!(problem.contains("sqlite:FILE") && problem.contains("postgres://"), "{problem}");
    }
    let (_, problem) = fault([("DATABASE_URL", "mysql://u@h/n")]);
    assert!(problem.contains("`mysql`"), "{problem}");
}

#[test]
fn postgres_url_is_shown_without_password() {
    let cases = [
        ("postgres://host/name", "postgres://host/name"),
        ("postgresql://host:5433/name", "postgresql://host:5433/name"),
        ("postgres://user@host/name", "postgres://user@host/name"),
        ("postgres://user:pa55@host:1/name", "postgres://user:[redacted]@host:1/name"),
        ("postgres://user:pa55@host/name?sslmode=require", "postgres://user:[redacted]@host/name"),
        ("postgres://host/name?user=u&password=pa55", "postgres://host/name"),
        ("postgres://user:p@55@host/name", "postgres://user:[redacted]@host/name"),
        ("postgres://[::1]:5432/name", "postgres://[::1]:5432/name"),
        ("postgres://user:pa55@[::1]/name", "postgres://user:[redacted]@[::1]/name"),
        // The end of the login is ambiguous.
        ("postgres://user@host/name?password=p@55", "postgres://[redacted]"),
    ];
    for (url, shown) in cases {
        let settings = load([("DATABASE_URL", url)]).unwrap();
        let DatabaseUrl::Postgres(full) = &settings.database.url else { panic!("{url}") };
        assert_eq!(full.expose(), url);
        assert_eq!(settings.database.url.to_string(), shown, "{url}");
        assert_eq!(effective(&settings, "database.url"), shown, "{url}");
    }
}

/// Returns the URL that the driver receives.
fn server(url: &str) -> String {
    match load([("DATABASE_URL", url)]).unwrap().database.url {
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        DatabaseUrl::Sqlite(file) => panic!("{url} names the file {}", file.display()),
    }
}

/// Python programs share `DATABASE_URL` in SQLAlchemy's form.
#[test]
fn sqlalchemy_drivers_are_ignored() {
    let rest = "u:p%23@host:5433/name?sslmode=require";
    for driver in ["psycopg2", "asyncpg", "psycopg", "pg8000", "psycopg2cffi"] {
        let plain = format!("postgresql://{rest}");
        assert_eq!(server(&format!("postgresql+{driver}://{rest}")), plain, "{driver}");
        assert_eq!(server(&format!("postgres+{driver}://{rest}")), format!("postgres://{rest}"));
    }
    assert_eq!(server(&format!("PostgreSQL://{rest}")), format!("postgresql://{rest}"));
    for url in ["postgresql+mysql://u@h/n", "sqlite+pysqlcipher:///x.db", "mysql+asyncpg://u@h/n"] {
        let (_, problem) = fault([("DATABASE_URL", url)]);
        assert!(problem.contains("sqlite:FILE or postgres://"), "{url}: {problem}");
    }
}

#[test]
fn libpq_parameters_are_accepted() {
    for parameters in [
        "",
        "?",
        "?sslmode=verify-full&sslrootcert=%2Fca.pem",
        "?application_name=web&options=-c%20search_path%3Dmeetvo",
    ] {
        let url = format!("postgres://h/n{parameters}");
        assert_eq!(server(&url), url);
    }
    // These values ask for nothing that the driver does not do.
    let with = |it| server(&format!("postgres://h/n?sslmode=require&channel_binding={it}"));
    assert_eq!(with("prefer"), "postgres://h/n?sslmode=require");
    assert_eq!(with("disable"), "postgres://h/n?sslmode=require");
    assert_eq!(server("postgres://h/n?channel_binding=prefer"), "postgres://h/n");
}

/// A misspelled `sslmode` must not lead to an unencrypted connection. The fault names the parameter
/// and the remediation.
#[test]
fn unsupported_parameter_is_named() {
    for (parameters, expected) in [
        ("sslmode=verify-ful", "an sslmode that is one of: disable, prefer, require, verify-ca"),
        ("sslmode=allow", "must have an sslmode that is one of"),
        ("sslmode=", "must have an sslmode that is one of"),
        ("sslmode", "must have an sslmode that is one of"),
        ("sslmode=no-verify", "has sslmode=no-verify, which is none of libpq: use sslmode=require"),
        ("sslmod=require", "has the unknown parameter `sslmod`: remove it; known parameters: ssl"),
        ("sslmode=require&channel_binding=require", "has the parameter `channel_binding`, which"),
        ("sslmode=require&channel_binding=require", "remove it; sslmode=verify-full protects"),
        ("schema=public", "has the parameter `schema`, which is none of libpq: remove it"),
        ("schema=auth", "add options=-c%20search_path%3DNAME"),
        ("pgbouncer=true", "has the parameter `pgbouncer`, which is for a pooler: remove it"),
        ("connection_limit=1", "has the parameter `connection_limit`, which limits connections"),
        ("connection_limit=1", "set database.max_connections"),
        ("pgbouncer=true&connection_limit=1", "`pgbouncer`, which is for a pooler"),
        ("pgbouncer=true&connection_limit=1", "`connection_limit`, which limits"),
        ("connect_timeout=10", "set database.acquire_timeout_ms"),
        ("ssl=true", "has the parameter `ssl`, which is none of libpq: use sslmode"),
        ("target_session_attrs=read-write", "`target_session_attrs`"),
    ] {
        for login in ["", "u:p@"] {
            let url = format!("postgresql+asyncpg://{login}h/n?{parameters}");
            let (setting, problem) = fault([("DATABASE_URL", &*url)]);
            assert_eq!(setting, "database.url (from DATABASE_URL)");
            assert!(problem.contains(expected), "{parameters}: {problem}");
        }
    }
}

/// In these URLs, the text of an unknown parameter can belong to the password.
#[test]
fn ambiguous_parameter_is_counted() {
    for url in [
        "postgres://u:55?secret@h/n",
        "postgres://u:55?secret",
        "postgres://h/n?user=u&password=a&secret",
        "postgres://u:p@h/n?user=u@x&secret=1",
    ] {
        let (_, problem) = fault([("DATABASE_URL", url)]);
        assert!(problem.contains("has an unknown parameter (number "), "{url}: {problem}");
        assert!(!problem.contains("secret"), "{url}: {problem}");
    }
}

#[test]
fn unescaped_password_is_explained() {
    for (url, expected) in [
        ("postgres://u:p#ss@h/n", "contains `#`, which ends a URL"),
        ("postgres://u:p/ss@h/n", "has an `@` after the host"),
        ("postgres://u:55/ss@h/n", "has an `@` after the host"),
        ("postgres://u:p?ss@h/n", "has an invalid port"),
        ("postgres://u:p@5:5/5@h/n", "has an `@` after the host"),
        ("postgres://u:p@h:70000/n", "a number to 65535"),
        ("postgres://u:p@h1:1,h2:2/n", "names several hosts"),
    ] {
        let (setting, problem) = fault([("DATABASE_URL", url)]);
        assert_eq!(setting, "database.url (from DATABASE_URL)");
        assert!(problem.contains(expected), "{url}: {problem}");
        assert!(problem.contains("%23") || problem.contains("one host"), "{url}: {problem}");
    }
    let encoded = "postgres://u:p%23%2F%3F%40@h/n";
    assert_eq!(server(encoded), encoded);
}

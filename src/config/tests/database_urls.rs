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
        ("sqlite:///FILE.db", "FILE.db"),
        ("sqlite:///in/FILE.db", "in/FILE.db"),
        ("sqlite:////abs/FILE.db", "/abs/FILE.db"),
        ("sqlite:../up/a b.db", "../up/a b.db"),
        ("sqlite://FILE.db?mode=rwc", "FILE.db"),
        ("sqlite+aiosqlite:FILE.db", "FILE.db"),
        ("sqlite+aiosqlite:///./FILE.db", "./FILE.db"),
        ("sqlite+aiosqlite:///FILE.db", "FILE.db"),
        ("sqlite+aiosqlite:////abs/FILE.db", "/abs/FILE.db"),
        ("sqlite+pysqlite:////abs/FILE.db", "/abs/FILE.db"),
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
    let (_, problem) = fault([("DATABASE_URL", "jdbc:postgresql://h/n?user=u")]);
    assert!(problem.contains("remove `jdbc:`"), "{problem}");
    let (_, problem) = fault([("DATABASE_URL", "PGPASSWORD=secret psql 'postgres://u@h/n'")]);
    assert!(problem.contains("must be a URL") && !problem.contains("secret"), "{problem}");
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
        assert_eq!(full.hosts[0].expose(), url);
        assert_eq!(settings.database.url.to_string(), shown, "{url}");
        assert_eq!(effective(&settings, "database.url"), shown, "{url}");
    }
}

/// Returns the URL that the driver receives.
fn server(url: &str) -> String {
    match load([("DATABASE_URL", url)]).unwrap().database.url {
        DatabaseUrl::Postgres(server) => {
            assert_eq!(server.hosts.len(), 1, "{url}");
            server.hosts[0].expose().to_owned()
        }
        other => panic!("{url} is read as {other:?}"),
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
        "?application_name=web&options=-c%20work_mem%3D16MB",
        "?host=%2Fcloudsql%2Fproject%3Aregion%3Aname",
    ] {
        let url = format!("postgres://h/n{parameters}");
        assert_eq!(server(&url), url);
    }
}

/// URLs as providers and programs hand them out, with the parameters that the driver receives.
#[test]
fn provider_urls_are_accepted() {
    for (given, read) in [
        // Neon, direct and pooled.
        ("u:p@ep-1.aws.neon.tech/n?sslmode=require&channel_binding=require", "sslmode=verify-full"),
        ("u:p@ep-1-pooler.aws.neon.tech/n?sslmode=require", "sslmode=require"),
        ("u:p@h.neon.tech/n?options=endpoint%3Dep-1", "options=endpoint%3Dep-1"),
        // Supabase, direct and through its poolers.
        ("postgres:p@db.ref.supabase.co:5432/postgres", ""),
        ("postgres.ref:p@aws-0-eu.pooler.supabase.com:5432/postgres", ""),
        ("postgres.ref:p@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true", ""),
        // Heroku, for the clients of Node.
        ("u:p@ec2-1.compute-1.amazonaws.com:5432/n?sslmode=no-verify", "sslmode=require"),
        ("u:p@h:5432/n?ssl=true&sslmode=no-verify", "sslmode=require"),
        // RDS, with the bundle of its authorities.
        (
            "u:p@db.eu.rds.amazonaws.com/n?sslmode=verify-full&sslrootcert=%2Frds.pem",
            "sslmode=verify-full&sslrootcert=%2Frds.pem",
        ),
        (
            "u:p@h/n?sslrootcert=%2Frds.pem&sslmode=require",
            "sslrootcert=%2Frds.pem&sslmode=verify-ca",
        ),
        // Cloud SQL and other sockets.
        ("u:p@/n?host=/cloudsql/p:r:i", "host=/cloudsql/p:r:i"),
        ("/n?host=/var/run/postgresql", "host=/var/run/postgresql"),
        // Fly, Railway, Render, DigitalOcean.
        ("u:p@app-db.flycast:5432/n?sslmode=disable", "sslmode=disable"),
        ("u:p@monorail.proxy.rlwy.net:5432/railway", ""),
        ("u:p@dpg-1-a.frankfurt-postgres.render.com/n", ""),
        ("u:p@db-1.ondigitalocean.com:25060/n?sslmode=require", "sslmode=require"),
        // Prisma and Vercel.
        ("u:p@h/n?schema=public&connection_limit=1&pool_timeout=0", ""),
        ("u:p@h/n?pgbouncer=true&connect_timeout=15&sslmode=require", "sslmode=require"),
        ("u:p@h/n?sslmode=require&supa=base-pooler.x", "sslmode=require"),
        ("u:p@h/n?connect_timeout=15&pool_timeout=10&socket_timeout=3", ""),
        ("u:p@h/n?sslmode=require&sslaccept=strict", "sslmode=verify-full"),
        ("u:p@h/n?sslmode=require&uselibpqcompat=true", "sslmode=require"),
        // libpq.
        ("u:p@h/n?sslmode=allow", "sslmode=prefer"),
        ("u:p@h/n?sslrootcert=system", "sslmode=verify-full"),
        ("u:p@h/n?target_session_attrs=read-write&gssencmode=prefer", ""),
        ("u:p@h/n?keepalives=1&keepalives_idle=30&tcp_user_timeout=0", ""),
        ("u:p@h/n?channel_binding=prefer&sslmode=require", "sslmode=require"),
        ("u:p@h/n?hostaddr=192.0.2.1&sslmode=require", "hostaddr=192.0.2.1&sslmode=require"),
        ("u:p@[::1]/n?sslmode=prefer", "sslmode=prefer"),
        // asyncpg.
        ("u:p@h/n?ssl=verify-ca", "sslmode=verify-ca"),
        ("u:p@h/n?ssl=false", "sslmode=disable"),
        // The strongest counts.
        ("u:p@h/n?sslmode=verify-full&ssl=true", "sslmode=verify-full"),
        ("u:p@h/n?ssl=true&sslmode=prefer", "sslmode=require"),
    ] {
        let plain = given.split_once('?').map_or(given, |(plain, _)| plain);
        let separator = if read.is_empty() { "" } else { "?" };
        let read = format!("postgres://{plain}{separator}{read}");
        assert_eq!(server(&format!("postgres://{given}")), read);
    }
}

/// Several hosts are written as in libpq. Each host gets a URL of its own.
#[test]
fn several_hosts_are_separated() {
    for (given, expected) in [
        ("u:p@h1:1,h2:2/n", &["u:p@h1:1/n", "u:p@h2:2/n"][..]),
        (
            "u:p@h1,[::1]:2/n?sslmode=require",
            &["u:p@h1/n?sslmode=require", "u:p@[::1]:2/n?sslmode=require"],
        ),
        ("u@h1,h2,h3/n?target_session_attrs=primary", &["u@h1/n", "u@h2/n", "u@h3/n"]),
        ("/n?host=%2Fa,%2Fb&port=1,2", &["/n?host=%2Fa&port=1", "/n?host=%2Fb&port=2"]),
        ("u@/n?host=a,b&port=5433", &["u@/n?host=a&port=5433", "u@/n?host=b&port=5433"]),
    ] {
        let settings = load([("DATABASE_URL", &*format!("postgres://{given}"))]).unwrap();
        let DatabaseUrl::Postgres(server) = &settings.database.url else { panic!("{given}") };
        let hosts = server.hosts.iter().map(|it| it.expose().trim_start_matches("postgres://"));
        assert_eq!(hosts.collect::<Vec<_>>(), expected, "{given}");
        assert!(!settings.database.url.to_string().contains(":p@"), "{given}");
    }
    let many = format!("postgres://u@{}/n", ["h"; 9].join(","));
    let (_, problem) = fault([("DATABASE_URL", &*many)]);
    assert!(problem.contains("names more than 8 hosts"), "{problem}");
}

#[test]
fn schema_and_limit_of_url_override_settings() {
    let read = |url: &str| {
        let schema = ("MEETVO__DATABASE__SCHEMA", "auth");
        let settings = load([("DATABASE_URL", url), schema]).unwrap();
        (settings.database.schema.to_string(), settings.database.max_connections)
    };
    for (parameters, schema, limit) in [
        ("", "auth", 8),
        ("?schema=meetvo", "meetvo", 8),
        ("?currentSchema=meetvo&connection_limit=3", "meetvo", 3),
        // Prisma's schema of the application's own tables.
        ("?schema=public&pool_size=5&connection_limit=100", "auth", 5),
        ("?connection_limit=100", "auth", 8),
    ] {
        let url = format!("postgres://u:p@h/n{parameters}");
        assert_eq!(read(&url), (schema.to_owned(), limit), "{parameters}");
    }
    for name in ["Clerk", "", "pg_clerk", "a-b", "1a", "a\"b"] {
        let (setting, problem) = fault([("MEETVO__DATABASE__SCHEMA", name)]);
        assert!(setting.starts_with("database.schema"), "{name}: {setting} {problem}");
    }
}

/// A misspelled `sslmode` must not lead to an unencrypted connection. The fault names the parameter
/// and the remediation.
#[test]
fn unsupported_parameter_is_named() {
    for (parameters, expected) in [
        ("sslmode=verify-ful", "an sslmode that is one of: disable, prefer, require, verify-ca"),
        ("sslmode=", "must have an sslmode that is one of"),
        ("sslmode", "must have an sslmode that is one of"),
        ("ssl=maybe", "must have an ssl that is one of: true, false, disable"),
        ("pool=5", "has the unknown parameter `pool`: remove it"),
        ("ssl_min_protocol_version=TLSv1.3", "use TLSv1.2 or lower"),
        ("require_auth=scram-sha-256", "use sslmode=verify-full in its place"),
        ("sslmod=require", "has the unknown parameter `sslmod`: write `sslmode`, or remove it"),
        ("connect_timout=3", "has the unknown parameter `connect_timout`: write `connect_timeout`"),
        ("colour=red", "has the unknown parameter `colour`: remove it"),
        ("sslmode=disable&channel_binding=require", "and with channel_binding=require for"),
        ("channel_binding=always", "an unsupported value: use require, prefer or disable"),
        ("sslmode=verify-full&hostaddr=192.0.2.1", "remove hostaddr"),
        ("schema=A%22B", "has a `schema` that must be one name of small letters"),
        ("schema=pg_temp", "must not be a schema of the server itself"),
        ("currentSchema=a,b", "has a `currentSchema` that must be one name"),
        ("options=-c%20search_path%3Dauth", "set database.schema, or add schema=NAME to the URL"),
        ("connection_limit=0", "has a `connection_limit` that is no positive number"),
        ("connection_limt=3", "has the unknown parameter `connection_limt`: write `connection_"),
        ("target_session_attrs=standby", "asks for a server that does not accept writes"),
        ("gssencmode=require", "use sslmode"),
        ("sslcrl=%2Fcrl.pem", "has the parameter `sslcrl`, which the driver does not support"),
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
        "postgres://u:p@h/n?sslpassword=a&secret",
        "postgres://u:p@h/n?pasword=a&secret",
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
        ("postgres://u:p@h1:1,h2:x/n", "has an invalid port"),
    ] {
        let (setting, problem) = fault([("DATABASE_URL", url)]);
        assert_eq!(setting, "database.url (from DATABASE_URL)");
        assert!(problem.contains(expected), "{url}: {problem}");
        assert!(problem.contains("%23"), "{url}: {problem}");
    }
    let encoded = "postgres://u:p%23%2F%3F%40@h/n";
    assert_eq!(server(encoded), encoded);
}

//! Verifies `compose.yaml` and `compose.postgres.yaml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use meetvo::config::DatabaseUrl;
use serde::Deserialize;
use serde_norway::Value;

use super::{
    dockerfile::{Dockerfile, HealthCheck},
    seconds, settings,
};
use crate::harness::{
    Process, SECRET, Variables,
    repository::{path, read},
};

const FILES: [&str; 2] = ["compose.yaml", "compose.postgres.yaml"];

/// Compose file. Only the keys that are in use are listed, so that a misspelled key is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compose {
    name: String,
    pub(super) services: BTreeMap<String, Service>,
    #[serde(default)]
    networks: BTreeMap<String, Option<Network>>,
    volumes: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    build: Option<String>,
    image: String,
    #[serde(default)]
    env_file: Vec<EnvFile>,
    #[serde(default)]
    pub(super) environment: Variables,
    #[serde(default)]
    pub(super) ports: Vec<String>,
    #[serde(default)]
    pub(super) volumes: Vec<String>,
    #[serde(default)]
    depends_on: BTreeMap<String, Dependency>,
    healthcheck: HealthCheckKeys,
    #[serde(default)]
    networks: BTreeSet<String>,
    #[serde(default)]
    read_only: bool,
    cap_drop: Vec<String>,
    #[serde(default)]
    cap_add: Vec<String>,
    security_opt: Vec<String>,
    restart: String,
    stop_grace_period: Option<String>,
    logging: Logging,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvFile {
    path: String,
    required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dependency {
    condition: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HealthCheckKeys {
    test: Vec<String>,
    interval: String,
    timeout: String,
    retries: u32,
    start_period: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Network {
    internal: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Logging {
    driver: String,
}

impl HealthCheckKeys {
    /// Returns the check in the form of the image. Its command needs no shell.
    fn parse(&self) -> HealthCheck {
        let [form, command @ ..] = &self.test[..] else { panic!("the check has no command") };
        assert_eq!(form, "CMD");
        HealthCheck {
            command: command.to_vec(),
            interval: seconds(&self.interval),
            timeout: seconds(&self.timeout),
            start_period: seconds(&self.start_period),
            retries: self.retries,
        }
    }
}

impl Compose {
    pub(super) fn read(file: &str) -> Self {
        let parsed = serde_norway::from_str(&read(file)).and_then(|mut document: Value| {
            document.apply_merge()?;
            // This block is already merged into the services.
            document.as_mapping_mut().unwrap().remove("x-meetvo");
            serde_norway::from_value(document)
        });
        parsed.unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Returns the services that run the MeetVo image.
    fn meetvo_services(&self) -> Vec<&Service> {
        let services: Vec<_> = self.services.values().filter(|it| it.is_meetvo()).collect();
        assert!(services.iter().any(|it| it.build.is_some()), "one of them builds the image");
        services
    }
}

impl Service {
    pub(super) fn is_meetvo(&self) -> bool {
        self.image == env!("CARGO_PKG_NAME")
    }

    /// Returns the variables of the container for a content of `.env`. The variables of the service
    /// override those of the image.
    pub(super) fn variables(&self, dotenv: &[(&str, &str)]) -> Result<Variables, String> {
        let mut variables = Variables::new();
        if self.is_meetvo() {
            variables = Dockerfile::read().variables();
        }
        for (name, value) in &self.environment {
            variables.insert(name.clone(), interpolated(value, dotenv)?);
        }
        Ok(variables)
    }

    /// Returns the names of the variables that the service interpolates from `.env`.
    fn interpolated_names(&self) -> BTreeSet<&str> {
        let values = self.environment.values();
        let references = values.flat_map(|value| value.split("${").skip(1));
        references.map(|reference| reference.split(':').next().unwrap()).collect()
    }
}

/// Interpolates `${NAME:?error}` and `${NAME:-default}` as Compose does.
fn interpolated(value: &str, dotenv: &[(&str, &str)]) -> Result<String, String> {
    let mut parts = value.split("${");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once('}').unwrap();
        let (name, fallback) = reference.split_once(':').unwrap();
        let given = dotenv.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
        text += match (given, fallback.split_at(1)) {
            (Some(given), _) => given,
            (None, ("-", default)) => default,
            (None, ("?", error)) => return Err(format!("{name}: {error}")),
            (None, other) => panic!("{other:?} of {value}"),
        };
        text += rest;
    }
    Ok(text)
}

const DOTENV: [(&str, &str); 2] =
    [("CLERK_WEBHOOK_SIGNING_SECRET", SECRET), ("POSTGRES_PASSWORD", "0123456789abcdef")];

#[test]
fn services_have_valid_settings() {
    for file in FILES {
        for service in Compose::read(file).meetvo_services() {
            let settings = settings(&service.variables(&DOTENV).unwrap());
            settings.require_signing_secret().unwrap();
            assert_eq!(settings.environment.to_string(), "production", "{file}");
            assert_eq!(settings.server.host, "0.0.0.0", "{file}");
            let [dotenv] = &service.env_file[..] else { panic!("{file}: expected one env_file") };
            assert_eq!((dotenv.path.as_str(), dotenv.required), (".env", false), "{file}");
        }
    }
}

#[test]
fn missing_variable_is_named_and_documented() {
    for file in FILES {
        let text = read(file);
        for (name, service) in Compose::read(file).services {
            let variables = service.interpolated_names();
            for variable in &variables {
                // The comment at the top of the file documents `.env`.
                let line = format!("\n#   {variable}=");
                assert!(text.contains(&line), "{file} does not document {variable}");
            }
            for (missing, _) in DOTENV.iter().filter(|it| variables.contains(it.0)) {
                let rest: Vec<_> = DOTENV.into_iter().filter(|it| it.0 != *missing).collect();
                let error = service.variables(&rest).unwrap_err();
                assert!(error.starts_with(&format!("{missing}: set it in .env to ")), "{name}");
            }
        }
    }
}

#[test]
fn documented_commands_exist() {
    for file in FILES {
        let text = read(file);
        let (_, command) = text.split_once(" exec ").unwrap();
        let words: Vec<_> = command.lines().next().unwrap().split_whitespace().collect();
        assert!(Compose::read(file).services.contains_key(words[0]), "{words:?}");
        assert_eq!(words[1], "meetvo");
        assert!(Process::has_command(&words[2..]));
    }
}

#[test]
fn sqlite_file_is_in_the_volume() {
    let compose = Compose::read("compose.yaml");
    let service = &compose.services["meetvo"];
    let [volume] = &service.volumes[..] else { panic!("one volume") };
    let (name, folder) = volume.split_once(':').unwrap();
    assert!(compose.volumes.contains_key(name), "{name}");
    assert_eq!(folder, Dockerfile::read().volume());
    let settings = settings(&service.variables(&DOTENV).unwrap());
    let DatabaseUrl::Sqlite(file) = &settings.database.url else { panic!("not a file") };
    assert_eq!(file.parent().unwrap().to_str(), Some(folder));
    assert_eq!(compose.services.len(), 1, "SQLite supports one process");
    let port = settings.server.port;
    assert_eq!(service.ports, [format!("127.0.0.1:{port}:{port}")], "without TLS, local only");
}

#[test]
fn replicas_share_one_internal_postgres() {
    let compose = Compose::read("compose.postgres.yaml");
    let (replicas, postgres) = (compose.meetvo_services(), &compose.services["postgres"]);
    let given = postgres.variables(&DOTENV).unwrap();
    let (user, name) = (&given["POSTGRES_USER"], &given["POSTGRES_DB"]);
    let url = format!("postgres://{user}:{}@postgres/{name}", given["POSTGRES_PASSWORD"]);
    for replica in &replicas {
        assert_eq!(replica.variables(&DOTENV).unwrap()["DATABASE_URL"], url);
    }
    let test = &postgres.healthcheck.test;
    for word in [format!("--username={user}"), format!("--dbname={name}")] {
        assert!(test.contains(&word), "{word}");
    }
    for replica in &replicas {
        assert!(replica.depends_on.contains_key("postgres"), "a replica waits for its database");
    }
    // Only the replicas can connect to it, and it cannot connect to the internet.
    let reached = compose.services.values().filter(|it| it.networks.contains("back")).count();
    assert_eq!((reached, replicas.len()), (1 + replicas.len(), 2));
    assert_eq!((postgres.networks.len(), postgres.ports.len()), (1, 0));
    assert!(compose.networks["back"].as_ref().unwrap().internal);
}

#[test]
fn containers_have_least_privileges() {
    for file in FILES {
        for (name, service) in Compose::read(file).services {
            assert_eq!(service.cap_drop, ["ALL"], "{file}: {name}");
            assert_eq!(service.security_opt, ["no-new-privileges:true"], "{file}: {name}");
            assert!(service.read_only || name == "postgres", "{file}: {name}");
            assert!(service.cap_add.is_empty() || !service.is_meetvo(), "{file}: {name}");
            assert_eq!(service.restart, "unless-stopped", "{file}: {name}");
            assert_eq!(service.logging.driver, "local", "{file}: {name}");
        }
    }
}

/// The files repeat the check of the image, because images in OCI format have none.
#[test]
fn every_service_has_health_check() {
    for file in FILES {
        for (name, service) in Compose::read(file).services {
            let check = service.healthcheck.parse();
            assert!(check.timeout <= check.interval && check.retries > 1, "{file}: {name}");
            assert!(check.interval <= Duration::from_secs(5), "{file}: {name}");
            assert!(check.start_period > Duration::ZERO, "{file}: {name}");
            if service.is_meetvo() {
                assert_eq!(check, Dockerfile::read().health_check(), "{file}: {name}");
            }
        }
    }
}

#[test]
fn health_check_of_proxy_uses_published_port() {
    let proxy = &Compose::read("compose.postgres.yaml").services["proxy"];
    let command = proxy.healthcheck.parse().command;
    let (address, port) = (&command[command.len() - 2], command.last().unwrap());
    assert_eq!(address, "127.0.0.1");
    assert!(proxy.ports.contains(&format!("{port}:{port}")), "{command:?}");
}

/// After the grace period Docker kills the container, and with it the accepted deliveries.
#[test]
fn stop_grace_period_covers_drain() {
    for file in FILES {
        for service in Compose::read(file).meetvo_services() {
            let settings = settings(&service.variables(&DOTENV).unwrap());
            let given = seconds(service.stop_grace_period.as_ref().unwrap());
            assert!(given > settings.server.shutdown_timeout, "{file}: {given:?}");
        }
    }
}

#[test]
fn references_in_compose_files_exist() {
    let mut names = BTreeSet::new();
    for file in FILES {
        let compose = Compose::read(file);
        assert!(names.insert(compose.name), "{file} has the project name of another file");
        for (name, service) in &compose.services {
            if let Some(folder) = &service.build {
                assert!(service.is_meetvo() && path(folder).join("Dockerfile").exists(), "{name}");
            }
            let tag = service.image.split(':').nth(1);
            assert!(service.is_meetvo() || tag.is_some_and(|tag| tag != "latest"), "{name}");
            for volume in &service.volumes {
                let from = volume.split(':').next().unwrap();
                let exists = compose.volumes.contains_key(from)
                    || from.starts_with("./") && path(from).is_file();
                assert!(exists, "{file}: {name} mounts {from}");
            }
            for network in &service.networks {
                assert!(compose.networks.contains_key(network), "{file}: {name} is in {network}");
            }
            for (other, dependency) in &service.depends_on {
                assert!(compose.services.contains_key(other), "{file}: {name} needs {other}");
                assert_eq!(dependency.condition, "service_healthy", "{file}: {name}");
            }
        }
    }
}

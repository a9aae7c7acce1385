//! `compose.yaml` and `compose.postgres.yaml`

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use meetvo::config::DatabaseUrl;
use serde::Deserialize;
use serde_norway::Value;

use super::{dockerfile::Dockerfile, settings};
use crate::harness::{
    Process, SECRET, Variables,
    repository::{path, read},
};

const FILES: [&str; 2] = ["compose.yaml", "compose.postgres.yaml"];

/// What of the format is in use: a key that is not here is misspelt, or is to be looked at.
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
    healthcheck: Option<Healthcheck>,
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
struct Healthcheck {
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

impl Compose {
    pub(super) fn read(file: &str) -> Self {
        let parsed = serde_norway::from_str(&read(file)).and_then(|mut whole: Value| {
            whole.apply_merge()?;
            // What is merged into others has been.
            whole.as_mapping_mut().unwrap().remove("x-meetvo");
            serde_norway::from_value(whole)
        });
        parsed.unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The services that run our image.
    fn ours(&self) -> Vec<&Service> {
        let ours: Vec<_> = self.services.values().filter(|it| it.is_ours()).collect();
        assert!(ours.iter().any(|it| it.build.is_some()), "one of them builds it");
        ours
    }
}

impl Service {
    pub(super) fn is_ours(&self) -> bool {
        self.image == env!("CARGO_PKG_NAME")
    }

    /// The variables as the container gets them, with these in `.env`: its own over the image's.
    pub(super) fn variables(&self, dotenv: &[(&str, &str)]) -> Result<Variables, String> {
        let mut variables = Variables::new();
        if self.is_ours() {
            variables = Dockerfile::read().variables();
        }
        for (name, value) in &self.environment {
            variables.insert(name.clone(), interpolated(value, dotenv)?);
        }
        Ok(variables)
    }

    /// The names of the variables that it takes from `.env`.
    fn asked_for(&self) -> BTreeSet<&str> {
        let values = self.environment.values();
        let asked = values.flat_map(|value| value.split("${").skip(1));
        asked.map(|asked| asked.split(':').next().unwrap()).collect()
    }
}

/// `${NAME:?complaint}` and `${NAME:-default}`, as compose reads them.
fn interpolated(value: &str, dotenv: &[(&str, &str)]) -> Result<String, String> {
    let mut parts = value.split("${");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (asked, rest) = part.split_once('}').unwrap();
        let (name, otherwise) = asked.split_once(':').unwrap();
        let given = dotenv.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
        text += match (given, otherwise.split_at(1)) {
            (Some(given), _) => given,
            (None, ("-", default)) => default,
            (None, ("?", complaint)) => return Err(format!("{name}: {complaint}")),
            (None, other) => panic!("{other:?} of {value}"),
        };
        text += rest;
    }
    Ok(text)
}

const DOTENV: [(&str, &str); 2] =
    [("CLERK_WEBHOOK_SIGNING_SECRET", SECRET), ("POSTGRES_PASSWORD", "0123456789abcdef")];

/// `35s`
fn seconds(text: &str) -> Duration {
    Duration::from_secs(text.strip_suffix('s').unwrap().parse().unwrap())
}

#[test]
fn a_service_gets_settings_that_it_reads() {
    for file in FILES {
        for service in Compose::read(file).ours() {
            let settings = settings(&service.variables(&DOTENV).unwrap());
            settings.can_serve().unwrap();
            assert_eq!(settings.environment.to_string(), "production", "{file}");
            assert_eq!(settings.server.host, "0.0.0.0", "{file}");
            let [dotenv] = &service.env_file[..] else { panic!("{file} reads one file") };
            assert_eq!((dotenv.path.as_str(), dotenv.required), (".env", false), "{file}");
        }
    }
}

#[test]
fn what_is_missing_is_asked_for_by_its_name() {
    for file in FILES {
        let text = read(file);
        for (name, service) in Compose::read(file).services {
            for asked in service.asked_for() {
                // `.env` is explained at the head of the file.
                assert!(text.contains(&format!("\n#   {asked}=")), "{file} explains {asked}");
            }
            for (missing, _) in DOTENV.iter().filter(|it| service.asked_for().contains(it.0)) {
                let rest: Vec<_> = DOTENV.into_iter().filter(|it| it.0 != *missing).collect();
                let complaint = service.variables(&rest).unwrap_err();
                assert!(complaint.starts_with(&format!("{missing}: set it in .env to ")), "{name}");
            }
        }
    }
}

#[test]
fn the_commands_that_are_advised_are_commands() {
    for file in FILES {
        let text = read(file);
        let (_, advised) = text.split_once(" exec ").unwrap();
        let words: Vec<_> = advised.lines().next().unwrap().split_whitespace().collect();
        assert!(Compose::read(file).services.contains_key(words[0]), "{words:?}");
        assert_eq!(words[1], "meetvo");
        assert!(Process::knows(&words[2..]));
    }
}

#[test]
fn sqlite_keeps_its_file_in_the_one_volume() {
    let compose = Compose::read("compose.yaml");
    let service = &compose.services["meetvo"];
    let [volume] = &service.volumes[..] else { panic!("one volume") };
    let (name, folder) = volume.split_once(':').unwrap();
    assert!(compose.volumes.contains_key(name), "{name}");
    assert_eq!(folder, Dockerfile::read().volume());
    let settings = settings(&service.variables(&DOTENV).unwrap());
    let DatabaseUrl::Sqlite(file) = &settings.database.url else { panic!("not a file") };
    assert_eq!(file.parent().unwrap().to_str(), Some(folder));
    assert_eq!(compose.services.len(), 1, "SQLite is for one process at a time");
    let port = settings.server.port;
    assert_eq!(service.ports, [format!("127.0.0.1:{port}:{port}")], "without TLS, not outside");
}

#[test]
fn postgres_is_the_one_that_the_replicas_know() {
    let compose = Compose::read("compose.postgres.yaml");
    let (replicas, postgres) = (compose.ours(), &compose.services["postgres"]);
    let given = postgres.variables(&DOTENV).unwrap();
    let (user, name) = (&given["POSTGRES_USER"], &given["POSTGRES_DB"]);
    let url = format!("postgres://{user}:{}@postgres/{name}", given["POSTGRES_PASSWORD"]);
    for replica in &replicas {
        assert_eq!(replica.variables(&DOTENV).unwrap()["DATABASE_URL"], url);
    }
    let check = postgres.healthcheck.as_ref().unwrap();
    for word in [format!("--username={user}"), format!("--dbname={name}")] {
        assert!(check.test.contains(&word), "{word}");
    }
    assert!(seconds(&check.timeout) < seconds(&check.interval) && check.retries > 1);
    assert!(seconds(&check.start_period) > Duration::ZERO);
    // Nobody but the replicas reaches it, and it reaches nobody.
    let reached = compose.services.values().filter(|it| it.networks.contains("back")).count();
    assert_eq!((reached, replicas.len()), (1 + replicas.len(), 2));
    assert_eq!((postgres.networks.len(), postgres.ports.len()), (1, 0));
    assert!(compose.networks["back"].as_ref().unwrap().internal);
}

#[test]
fn a_container_has_no_rights_that_it_does_not_need() {
    for file in FILES {
        for (name, service) in Compose::read(file).services {
            assert_eq!(service.cap_drop, ["ALL"], "{file}: {name}");
            assert_eq!(service.security_opt, ["no-new-privileges:true"], "{file}: {name}");
            assert!(service.read_only || name == "postgres", "{file}: {name}");
            assert!(service.cap_add.is_empty() || !service.is_ours(), "{file}: {name}");
            assert_eq!(service.restart, "unless-stopped", "{file}: {name}");
            assert_eq!(service.logging.driver, "local", "{file}: {name}");
        }
    }
}

/// Docker kills what has not ended by then, and with it what was accepted.
#[test]
fn a_service_has_the_time_that_it_takes_to_end() {
    for file in FILES {
        for service in Compose::read(file).ours() {
            let settings = settings(&service.variables(&DOTENV).unwrap());
            let given = seconds(service.stop_grace_period.as_ref().unwrap());
            assert!(given > 2 * settings.server.shutdown_timeout, "{file}: {given:?}");
        }
    }
}

#[test]
fn what_a_file_names_is_there() {
    let mut names = BTreeSet::new();
    for file in FILES {
        let compose = Compose::read(file);
        assert!(names.insert(compose.name), "{file} shares a project's name");
        for (name, service) in &compose.services {
            if let Some(folder) = &service.build {
                assert!(service.is_ours() && path(folder).join("Dockerfile").exists(), "{name}");
            }
            let tag = service.image.split(':').nth(1);
            assert!(service.is_ours() || tag.is_some_and(|tag| tag != "latest"), "{name}");
            for volume in &service.volumes {
                let from = volume.split(':').next().unwrap();
                let there = compose.volumes.contains_key(from)
                    || from.starts_with("./") && path(from).is_file();
                assert!(there, "{file}: {name} mounts {from}");
            }
            for network in &service.networks {
                assert!(compose.networks.contains_key(network), "{file}: {name} is in {network}");
            }
            for (other, dependency) in &service.depends_on {
                let other = &compose.services[other];
                // Ours is checked by the image.
                assert!(other.healthcheck.is_some() || other.is_ours(), "{file}: {name}");
                assert_eq!(dependency.condition, "service_healthy", "{file}: {name}");
            }
        }
    }
}

//! Values of the chart: their schema, and the combinations that the chart rejects.

use std::collections::{BTreeMap, BTreeSet};

use meetvo::config::{Settings, Sources};
use serde_json::{Value as Json, json};
use serde_norway::Value;

use super::chart::{
    CHART, Objects, SECRETS, container, each, existing_secrets, helm, sqlite, text, with,
};
use crate::harness::repository::read;

/// Settings that the chart has as secrets, in the order of the variables.
const SECRET_SETTINGS: [&str; 7] = [
    "clerk.secret_key",
    "clerk.webhook_signing_secrets",
    "database.url",
    "api.keys",
    "tokens.keys",
    "push.keys",
    "telemetry.otlp_headers",
];

/// Settings that the chart sets itself.
const FIXED_SETTINGS: [&str; 2] = ["server.host", "server.port"];

fn schema() -> Json {
    serde_json::from_str(&read(&format!("{CHART}/values.schema.json"))).unwrap()
}

fn file(name: &str) -> Value {
    serde_norway::from_str(&read(&format!("{CHART}/{name}"))).unwrap()
}

fn names(object: &Json) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn chart_versions_equal_the_program() {
    let chart = file("Chart.yaml");
    for name in ["version", "appVersion"] {
        assert_eq!(chart[name], env!("CARGO_PKG_VERSION"), "{name}");
    }
    let objects = Objects::render(&existing_secrets());
    let image = |values: &Json| {
        let objects = Objects::render(values);
        let pods = objects.pods();
        let images: BTreeSet<_> = pods.iter().map(|pod| text(&container(pod)["image"])).collect();
        assert_eq!(images.len(), 1, "both pods have the same image");
        images.into_iter().next().unwrap().to_owned()
    };
    let repository = "registry.example.com/meetvo";
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(image(&existing_secrets()), format!("{repository}:{version}"));
    assert_eq!(image(&with(existing_secrets(), "image.tag", "x")), format!("{repository}:x"));
    let digest = format!("sha256:{}", "0".repeat(64));
    let pinned = with(existing_secrets(), "image.digest", &*digest);
    assert_eq!(image(&pinned), format!("{repository}@{digest}"));
    let labels = &objects.one("Deployment/meetvo")["metadata"]["labels"];
    assert_eq!(labels["app.kubernetes.io/version"], version);
}

#[test]
fn schema_has_exactly_the_settings() {
    let settings = Settings::load(&Sources::default()).unwrap().effective();
    let mut expected = BTreeMap::new();
    for (name, default) in settings {
        if !SECRET_SETTINGS.contains(&name) && !FIXED_SETTINGS.contains(&name) {
            let kind = match default {
                Json::Bool(_) => "boolean",
                Json::Number(_) => "integer",
                _ => "string",
            };
            expected.insert(name.to_owned(), kind.to_owned());
        }
    }
    assert!(expected.len() > 40, "{expected:?}");
    let schema = schema();
    let mut described = BTreeMap::new();
    for (section, keys) in schema["properties"]["settings"]["properties"].as_object().unwrap() {
        for (key, property) in keys["properties"].as_object().unwrap() {
            let kind = property["type"].as_str().unwrap();
            described.insert(format!("{section}.{key}"), kind.to_owned());
        }
    }
    assert_eq!(described, expected);
}

#[test]
fn schema_has_exactly_the_secrets() {
    let schema = schema();
    let secrets = &schema["properties"]["secrets"]["properties"];
    assert_eq!(names(&secrets["values"]["properties"]), SECRETS.map(|it| it.0).into());
    let optional = secrets["optionalKeys"]["items"]["enum"].as_array().unwrap();
    let required = ["CLERK_WEBHOOK_SIGNING_SECRET", "DATABASE_URL"].map(Json::from);
    let all: BTreeSet<_> =
        optional.iter().chain(&required).map(|it| it.as_str().unwrap()).collect();
    assert_eq!(all, names(&secrets["values"]["properties"]));
    // All settings that can be in a file are secrets, except these two.
    let page = read("docs/reference/settings.md");
    let (_, list) = page.split_once("works for both names of these settings: ").unwrap();
    let (list, _) = list.split_once(".\n").unwrap();
    let documented: BTreeSet<_> = list.split('`').skip(1).step_by(2).collect();
    let public = ["clerk.publishable_key", "clerk.jwt_key"];
    assert_eq!(documented, SECRET_SETTINGS.into_iter().chain(public).collect());
}

/// Compares the names in `values.yaml` with those in the schema, below a path.
fn compare(values: &Value, schema: &Json, path: &str) {
    let (Some(values), Some(properties)) = (values.as_mapping(), schema.get("properties")) else {
        return;
    };
    assert_eq!(schema["additionalProperties"], false, "{path}");
    let known = names(properties).into_iter().filter(|name| *name != "global").collect();
    let given: BTreeSet<_> = values.keys().map(text).collect();
    // The settings and the secrets are empty by default.
    assert!(given == known || given.is_empty(), "{path}: {given:?}, in the schema: {known:?}");
    for (name, value) in values {
        let name = text(name);
        compare(value, &properties[name], &format!("{path}.{name}"));
    }
}

#[test]
fn schema_has_exactly_the_values() {
    let values = file("values.yaml");
    compare(&values, &schema(), "values");
    assert!(values.as_mapping().unwrap().len() > 20);
}

/// Asserts that Helm rejects values, and that the error has a text.
fn assert_rejected(values: &Json, expected: &str) {
    let error = helm(&["template", "meetvo"], values).expect_err(&values.to_string());
    assert!(error.contains(expected), "{values}: {error}");
}

fn image() -> Json {
    json!({ "image": { "repository": "registry.example.com/meetvo" } })
}

fn with_signing_secret() -> Json {
    with(image(), "secrets.values.CLERK_WEBHOOK_SIGNING_SECRET", "whsec_x")
}

fn with_database_url() -> Json {
    with(with_signing_secret(), "secrets.values.DATABASE_URL", "postgres://db/meetvo")
}

#[test]
fn incomplete_values_are_rejected() {
    for (values, error, advice) in [
        (json!({}), "image.repository is empty", "set it to the name of the image"),
        (image(), "the signing secret is missing", "set secrets.existingSecret"),
        (with_signing_secret(), "the URL of the database is missing", "database.engine to sqlite"),
        (
            with(existing_secrets(), "ingress.enabled", true),
            "ingress.host is empty",
            "set it to the public host name",
        ),
        (
            with(existing_secrets(), "serviceMonitor.enabled", true),
            "serviceMonitor.apiKeySecret.name is empty",
            "create a Secret with an API key of the scope metrics",
        ),
    ] {
        assert_rejected(&values, error);
        assert_rejected(&values, advice);
    }
    Objects::render(&with_database_url());
}

#[test]
fn contradictory_values_are_rejected() {
    for (values, error, advice) in [
        (
            with(with_database_url(), "secrets.existingSecret", "service"),
            "secrets.existingSecret and secrets.values are both set",
            "use one of them",
        ),
        (
            with(with_database_url(), "secrets.optionalKeys", json!(["CLERK_SECRET_KEY"])),
            "secrets.optionalKeys is set without secrets.existingSecret",
            "add the secrets to secrets.values",
        ),
        (
            with(existing_secrets(), "autoscaling.minReplicas", 9),
            "autoscaling.minReplicas is greater than autoscaling.maxReplicas",
            "change one of them",
        ),
    ] {
        assert_rejected(&values, error);
        assert_rejected(&values, advice);
    }
}

#[test]
fn sqlite_rejects_values_of_postgresql() {
    for (values, error, advice) in [
        (
            with(sqlite(), "replicas", 2),
            "replicas is 2, but SQLite supports one replica",
            "set replicas to 1, or database.engine to postgresql",
        ),
        (
            with(sqlite(), "autoscaling.enabled", true),
            "autoscaling.enabled is true, but SQLite supports one replica",
            "set it to false, or database.engine to postgresql",
        ),
        (
            with(with_database_url(), "database.engine", "sqlite"),
            "secrets.values contains DATABASE_URL, but database.engine is sqlite",
            "remove it, or set database.engine to postgresql",
        ),
        (
            with(sqlite(), "migrate.existingSecret", "owner"),
            "migrate.existingSecret is set, but on SQLite",
            "remove it",
        ),
    ] {
        assert_rejected(&values, error);
        assert_rejected(&values, advice);
    }
    // With other numbers of replicas, both engines are accepted.
    for values in [
        with(sqlite(), "replicas", 1),
        with(sqlite(), "replicas", 0),
        with(existing_secrets(), "replicas", 5),
    ] {
        Objects::render(&values);
    }
}

#[test]
fn unknown_and_malformed_values_are_rejected() {
    let base = existing_secrets;
    for (values, error) in [
        (with(base(), "replica", 3), "additional properties 'replica' not allowed"),
        (with(base(), "ingress.hosts", "a"), "additional properties 'hosts' not allowed"),
        (with(base(), "settings.server.prot", 1), "additional properties 'prot' not allowed"),
        (with(base(), "settings.server.port", 1), "additional properties 'port' not allowed"),
        (with(base(), "settings.api.keys", "x"), "additional properties 'keys' not allowed"),
        (with(base(), "settings.api.timeout_ms", "x"), "got string, want integer"),
        (with(base(), "settings.api.public_profiles", "yes"), "got string, want boolean"),
        (with(base(), "database.engine", "mysql"), "must be one of 'postgresql', 'sqlite'"),
        (with(base(), "secrets.optionalKeys", json!(["KEY"])), "must be one of 'CLERK_SECRET_KEY'"),
        (with(base(), "image.digest", "sha256:0"), "does not match pattern"),
        (with(base(), "replicas", -1), "minimum: got -1, want 0"),
    ] {
        assert_rejected(&values, error);
    }
}

#[test]
fn release_name_is_part_of_names() {
    let output = helm(&["template", "sync"], &existing_secrets()).unwrap();
    assert!(output.contains("\n  name: sync-meetvo\n"), "{output}");
    assert!(output.contains("\n  name: sync-meetvo-migrate\n"), "{output}");
    let named = Objects::render(&with(existing_secrets(), "fullnameOverride", "users"));
    named.one("Deployment/users");
    let job = named.one("Job/users-migrate");
    let volumes = &job["spec"]["template"]["spec"]["volumes"];
    assert_eq!(each(volumes, "name"), ["secrets"]);
}

//! Renders the Helm chart for some values, and validates the objects.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use serde::Deserialize;
use serde_json::{Value as Json, json};
use serde_norway::Value;

use crate::{
    deploy::dockerfile::Dockerfile,
    harness::{SECRET, Variables, repository::path},
};

pub(super) const CHART: &str = "deploy/helm/meetvo";

/// Oldest and newest version of Kubernetes whose schemas are installed.
pub(super) const VERSIONS: [&str; 2] = ["1.30", "1.37"];

/// Secrets of the values. Each is valid.
pub(super) const SECRETS: [(&str, &str); 7] = [
    ("CLERK_SECRET_KEY", "sk_live_secretKeyOfTheChart"),
    ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
    ("DATABASE_URL", "postgres://meetvo:passwordOfTheChart@postgres/meetvo"),
    ("MEETVO_API_KEYS", "web:read:api_key_of_the_chart_0123456789abcdef"),
    ("MEETVO_PUSH_KEYS", "key2=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
    ("MEETVO_TOKEN_KEYS", "key1=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
    ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=headerOfTheChart"),
];

/// Returns the folder with Helm, kubectl and the schemas, after installing the missing ones.
pub(super) fn tools() -> &'static Path {
    static TOOLS: LazyLock<PathBuf> = LazyLock::new(|| {
        let mut install = Command::new(path("tests/helm/install"));
        let found = install.stderr(Stdio::inherit()).output().unwrap();
        assert!(found.status.success(), "the script prints the cause");
        String::from_utf8(found.stdout).unwrap().trim().into()
    });
    &TOOLS
}

/// Runs a command with a text as its input to its end, and returns its output or its error.
pub(super) fn run(command: &mut Command, input: &str) -> Result<String, String> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that fails early does not read its input.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if status.success() { Ok(text(stdout)) } else { Err(text(stdout) + &text(stderr)) }
}

/// Runs Helm with the chart and these values, without the environment and a cluster.
pub(super) fn helm(words: &[&str], values: &Json) -> Result<String, String> {
    let mut command = Command::new(tools().join("helm"));
    command.env_clear().env("KUBECONFIG", "/dev/null").args(words);
    run(command.arg(path(CHART)).args(["--values", "-"]), &values.to_string())
}

/// Compares objects with the schemas of a version of Kubernetes.
pub(super) fn validate(objects: &str, version: &str) -> Result<String, String> {
    let mut command = Command::new(tools().join("venv/bin/python"));
    command.arg(path("tests/helm/validate.py")).arg(tools()).arg(version);
    run(&mut command, objects)
}

/// Objects of the chart for some values.
pub(super) struct Objects {
    pub(super) text: String,
    pub(super) all: Vec<Value>,
}

impl Objects {
    /// Renders the chart as the release `meetvo`.
    pub(super) fn render(values: &Json) -> Self {
        let text = helm(&["template", "meetvo"], values);
        let text = text.unwrap_or_else(|error| panic!("{values}: {error}"));
        let documents = serde_norway::Deserializer::from_str(&text).map(Value::deserialize);
        let all = documents.map(|it| it.unwrap_or_else(|error| panic!("{error}: {text}")));
        Self { all: all.collect(), text }
    }

    /// Returns all objects as `kind/name`, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.all.iter().map(full_name).collect();
        names.sort();
        names
    }

    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        self.all.iter().find(|object| full_name(object) == name)
    }

    pub(super) fn one(&self, name: &str) -> &Value {
        self.find(name).unwrap_or_else(|| panic!("{name} is missing: {:?}", self.names()))
    }

    /// Returns the specifications of the pods of the service and of the migration.
    pub(super) fn pods(&self) -> Vec<&Value> {
        let specs = self.all.iter().map(|object| &object["spec"]["template"]["spec"]);
        specs.filter(|spec| !spec.is_null()).collect()
    }
}

/// Returns `kind/name` of an object.
fn full_name(object: &Value) -> String {
    format!("{}/{}", text(&object["kind"]), text(&object["metadata"]["name"]))
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value:?} is not text"))
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_sequence().unwrap_or_else(|| panic!("{value:?} is not a list"))
}

/// Returns the values of a property of all items of a list.
pub(super) fn each<'a>(items: &'a Value, property: &str) -> Vec<&'a str> {
    list(items).iter().map(|item| text(&item[property])).collect()
}

pub(super) fn container(pod: &Value) -> &Value {
    let [container] = list(&pod["containers"]) else { panic!("expected one container") };
    container
}

/// Returns the volume with the files of secrets.
pub(super) fn secret_volume(pod: &Value) -> &Value {
    let volumes: Vec<_> =
        list(&pod["volumes"]).iter().map(|it| &it["secret"]).filter(|it| !it.is_null()).collect();
    let [volume] = volumes[..] else { panic!("expected one volume with secrets: {volumes:?}") };
    volume
}

/// Returns the variables of the container: those of the image and its own. The files of secrets are
/// in a folder, as the volume mounts them.
pub(super) fn variables(pod: &Value, folder: &Path) -> Variables {
    let mounts = list(&container(pod)["volumeMounts"]).iter();
    let mount = mounts.filter(|it| it["name"] == "secrets").collect::<Vec<_>>()[0];
    assert_eq!(mount["readOnly"], true);
    for item in list(&secret_volume(pod)["items"]) {
        let (_, secret) = SECRETS.iter().find(|it| item["key"] == it.0).unwrap();
        fs::write(folder.join(text(&item["path"])), secret).unwrap();
    }
    let mut variables = Dockerfile::read().variables();
    for pair in list(&container(pod)["env"]) {
        let value = text(&pair["value"]);
        let value = match value.strip_prefix(text(&mount["mountPath"])) {
            Some(file) => format!("{}{file}", folder.display()),
            None => value.to_owned(),
        };
        variables.insert(text(&pair["name"]).to_owned(), value);
    }
    variables
}

/// Returns values with another value at a path such as `database.engine`.
pub(super) fn with(mut values: Json, path: &str, value: impl Into<Json>) -> Json {
    let mut place = &mut values;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = value.into();
    values
}

/// Returns the values for PostgreSQL and existing Secrets.
pub(super) fn existing_secrets() -> Json {
    json!({
        "image": { "repository": "registry.example.com/meetvo" },
        "secrets": { "existingSecret": "service", "optionalKeys": ["CLERK_SECRET_KEY"] },
        "migrate": { "existingSecret": "owner" },
    })
}

/// Returns the values for SQLite.
pub(super) fn sqlite() -> Json {
    json!({
        "image": { "repository": "registry.example.com/meetvo" },
        "database": { "engine": "sqlite" },
        "secrets": { "existingSecret": "service" },
    })
}

/// Returns the values for PostgreSQL with every option, and the secrets themselves.
pub(super) fn everything() -> Json {
    let terms = json!([{ "matchExpressions": [{ "key": "zone", "operator": "Exists" }] }]);
    let affinity = json!({ "requiredDuringSchedulingIgnoredDuringExecution":
        { "nodeSelectorTerms": terms } });
    json!({
        "image": {
            "repository": "registry.example.com/meetvo",
            "digest": format!("sha256:{}", "0".repeat(64)),
            "pullPolicy": "Always",
        },
        "imagePullSecrets": [{ "name": "registry" }],
        "secrets": { "values": BTreeMap::from(SECRETS) },
        "settings": {
            "server": { "max_connections": 1_000_000, "shutdown_timeout_ms": 20_001 },
            "clerk": { "instance_id": "ins_1" },
            "api": { "public_profiles": true, "allowed_origins": "https://a.example.com" },
            "database": { "max_connections": 16 },
            "log": { "format": "json" },
        },
        "autoscaling": { "enabled": true },
        "service": { "annotations": { "example.com/a": "b" } },
        "ingress": {
            "enabled": true,
            "className": "nginx",
            "host": "sync.example.com",
            "tlsSecret": "sync-tls",
            "annotations": { "example.com/a": "b" },
        },
        "networkPolicy": {
            "enabled": true,
            "ingressNamespaces": ["ingress-nginx", "monitoring"],
            "database": { "to": [{ "ipBlock": { "cidr": "10.0.0.5/32" } }] },
            "extraEgress": [{ "ports": [{ "port": 3128 }] }],
        },
        "serviceAccount": { "annotations": { "example.com/a": "b" } },
        "serviceMonitor": {
            "enabled": true,
            "apiKeySecret": { "name": "metrics" },
            "labels": { "release": "prometheus" },
        },
        "extraEnv": [{ "name": "OTEL_METRIC_EXPORT_INTERVAL", "value": "30000" }],
        "extraVolumes": [{ "name": "ca", "configMap": { "name": "ca" } }],
        "extraVolumeMounts": [{ "name": "ca", "mountPath": "/etc/ca" }],
        "podAnnotations": { "example.com/a": "b" },
        "podLabels": { "team": "web" },
        "priorityClassName": "high",
        "nodeSelector": { "disk": "ssd" },
        "tolerations": [{ "key": "web", "operator": "Exists" }],
        "affinity": { "nodeAffinity": affinity },
    })
}

/// Returns the sets of values that most tests use, with their names.
pub(super) fn value_sets() -> [(&'static str, Json); 3] {
    [("existing secrets", existing_secrets()), ("sqlite", sqlite()), ("everything", everything())]
}

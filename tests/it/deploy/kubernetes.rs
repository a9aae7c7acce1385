//! Verifies `deploy/kubernetes/`.

use std::time::Duration;

use serde::Deserialize;
use serde_norway::Value;

use super::{dockerfile::Dockerfile, settings};
use crate::harness::{Process, SECRET, Variables, repository::read};

const FILES: [&str; 2] = ["deploy/kubernetes/meetvo.yaml", "deploy/kubernetes/migrate.yaml"];

/// Returns the objects of a file.
pub(super) fn objects(file: &str) -> Vec<Value> {
    let text = read(file);
    let objects = serde_norway::Deserializer::from_str(&text).map(Value::deserialize);
    objects.map(|it| it.unwrap_or_else(|error| panic!("{file}: {error}"))).collect()
}

/// Returns the pod specifications in a file.
fn pods(file: &str) -> Vec<Value> {
    let pods: Vec<_> =
        objects(file).iter().map(|it| it["spec"]["template"]["spec"].clone()).collect();
    pods.into_iter().filter(|it| !it.is_null()).collect()
}

fn container(pod: &Value) -> &Value {
    let containers = pod["containers"].as_sequence().unwrap();
    assert_eq!(containers.len(), 1);
    &containers[0]
}

/// Returns the variables of the container: those of the image, its own, and those of the secret
/// that the comment at the top of the file describes.
fn variables(container: &Value) -> Variables {
    let mut variables = Dockerfile::read().variables();
    for pair in container["env"].as_sequence().unwrap() {
        let word = |name: &str| pair[name].as_str().unwrap().to_owned();
        variables.insert(word("name"), word("value"));
    }
    let url = "postgres://meetvo:secret@postgres/meetvo".to_owned();
    variables.insert("DATABASE_URL".to_owned(), url);
    variables.insert("CLERK_WEBHOOK_SIGNING_SECRET".to_owned(), SECRET.to_owned());
    variables
}

#[test]
fn pods_have_valid_commands_and_settings() {
    for file in FILES {
        for pod in pods(file) {
            let container = container(&pod);
            let words = container["args"].as_sequence().unwrap().iter();
            let words: Vec<_> = words.map(|it| it.as_str().unwrap()).collect();
            assert!(Process::has_command(&words), "{file}: {words:?}");
            let settings = settings(&variables(container));
            assert_eq!(settings.environment.to_string(), "production", "{file}");
            let secret = container["envFrom"][0]["secretRef"]["name"].as_str().unwrap();
            assert!(secret == "meetvo" || read(file).contains(&format!("`{secret}`")), "{file}");
        }
    }
}

#[test]
fn pods_have_least_privileges() {
    for file in FILES {
        for pod in pods(file) {
            let container = container(&pod);
            let context = &pod["securityContext"];
            assert_eq!(context["runAsNonRoot"], true, "{file}");
            assert_eq!(context["seccompProfile"]["type"], "RuntimeDefault", "{file}");
            assert_eq!(pod["automountServiceAccountToken"], false, "{file}");
            let context = &container["securityContext"];
            assert_eq!(context["allowPrivilegeEscalation"], false, "{file}");
            assert_eq!(context["readOnlyRootFilesystem"], true, "{file}");
            assert_eq!(context["capabilities"]["drop"][0], "ALL", "{file}");
            assert!(container["resources"]["limits"]["memory"].is_string(), "{file}");
        }
    }
}

#[test]
fn probes_and_grace_period_match_the_settings() {
    let objects = objects(FILES[0]);
    let kinds: Vec<_> = objects.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Deployment", "Service", "PodDisruptionBudget"]);
    let labels = &objects[0]["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&objects[0]["spec"]["selector"]["matchLabels"], labels);
    assert_eq!(&objects[1]["spec"]["selector"], labels);
    assert_eq!(&objects[2]["spec"]["selector"]["matchLabels"], labels);

    let pod = &pods(FILES[0])[0];
    let container = container(pod);
    let settings = settings(&variables(container));
    assert_eq!(container["ports"][0]["containerPort"], u64::from(settings.server.port));
    assert_eq!(settings.server.host, "0.0.0.0");
    for (probe, path) in
        [("readinessProbe", "/readyz"), ("livenessProbe", "/healthz"), ("startupProbe", "/healthz")]
    {
        assert_eq!(container[probe]["httpGet"]["path"], path, "{probe}");
        assert_eq!(container[probe]["httpGet"]["port"], container["ports"][0]["name"], "{probe}");
    }
    let seconds = |it: &Value| Duration::from_secs(it.as_u64().unwrap());
    let grace_period = seconds(&pod["terminationGracePeriodSeconds"]);
    let pre_stop = seconds(&container["lifecycle"]["preStop"]["sleep"]["seconds"]);
    assert!(grace_period > settings.server.shutdown_timeout + pre_stop, "{grace_period:?}");
}

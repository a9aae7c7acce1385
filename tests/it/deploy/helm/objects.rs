//! Objects of the chart.

use std::time::Duration;

use meetvo::config::DatabaseUrl;
use serde_json::json;
use serde_norway::{Mapping, Value};
use tempfile::tempdir;

use super::chart::{
    Objects, SECRETS, VERSIONS, container, each, everything, existing_secrets, helm, list,
    secret_volume, sqlite, text, validate, value_sets, variables, with,
};
use crate::{
    deploy::{dockerfile::Dockerfile, kubernetes, settings},
    harness::Process,
};

#[test]
fn chart_passes_lint() {
    // Helm ignores missing values while it checks the chart alone.
    for (name, values) in [("no values", json!({}))].into_iter().chain(value_sets()) {
        let output = helm(&["lint", "--strict"], &values);
        let output = output.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(output.contains("1 chart(s) linted, 0 chart(s) failed"), "{name}: {output}");
    }
}

#[test]
fn objects_match_the_schemas() {
    for (name, values) in value_sets() {
        let objects = Objects::render(&values);
        for version in VERSIONS {
            let fault = validate(&objects.text, version).err();
            assert_eq!(fault, None, "{name}, Kubernetes {version}");
        }
    }
}

/// A schema that accepts everything finds no fault in the chart either.
#[test]
fn schemas_reject_faulty_objects() {
    let objects = Objects::render(&everything()).text;
    let cases = [
        ("failureThreshold: 2", "failureTreshold: 2", "'failureTreshold' was unexpected"),
        ("periodSeconds: 10", "periodSeconds: \"10\"", "\"10\" is not of types"),
        ("targetPort:", "targetport:", "'targetport' was unexpected"),
        ("policyTypes:", "policyType:", "'policyType' was unexpected"),
        ("ingressClassName:", "className:", "'className' was unexpected"),
        ("minAvailable: 1", "minAvailable: [1]", "PodDisruptionBudget meetvo.spec.minAvailable"),
        ("averageValue:", "value1:", "'value1' was unexpected"),
        ("interval: 30s", "intervall: 30s", "'intervall' was unexpected"),
        ("kind: Service\n", "kind: Servic\n", "no schema for v1 Servic"),
        ("backoffLimit: 3", "backoffLimit: three", "Job meetvo-migrate.spec.backoffLimit"),
    ];
    for ((right, wrong, fault), version) in cases.into_iter().zip(VERSIONS.into_iter().cycle()) {
        let faulty = objects.replace(right, wrong);
        assert_ne!(objects, faulty, "{right}");
        let found = validate(&faulty, version).expect_err(wrong);
        assert!(found.contains(fault), "{wrong}: {found}");
    }
    assert_eq!(validate("", VERSIONS[0]), Err("no objects\n".to_owned()));
}

#[test]
fn each_variant_has_its_objects() {
    let sorted = |names: &[&str]| {
        let mut names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names
    };
    let service = ["Deployment/meetvo", "Service/meetvo", "ServiceAccount/meetvo"];
    let postgres = ["PodDisruptionBudget/meetvo", "Job/meetvo-migrate"];
    assert_eq!(
        Objects::render(&existing_secrets()).names(),
        sorted(&[&service[..], &postgres].concat())
    );
    assert_eq!(
        Objects::render(&sqlite()).names(),
        sorted(&[&service[..], &["PersistentVolumeClaim/meetvo"]].concat())
    );
    let options = [
        "HorizontalPodAutoscaler/meetvo",
        "Ingress/meetvo",
        "NetworkPolicy/meetvo",
        "NetworkPolicy/meetvo-migrate",
        "Secret/meetvo",
        "Secret/meetvo-migrate",
        "ServiceMonitor/meetvo",
    ];
    assert_eq!(
        Objects::render(&everything()).names(),
        sorted(&[&service[..], &postgres, &options].concat())
    );
    // One replica needs no budget, and a budget would block the drain of its node.
    let single = Objects::render(&with(existing_secrets(), "replicas", 1));
    assert_eq!(single.find("PodDisruptionBudget/meetvo"), None);
    let unmigrated = Objects::render(&with(existing_secrets(), "migrate.enabled", false));
    assert_eq!(unmigrated.find("Job/meetvo-migrate"), None);
}

#[test]
fn pods_have_valid_commands_and_settings() {
    for (name, values) in value_sets() {
        for pod in Objects::render(&values).pods() {
            let container = container(pod);
            let words: Vec<_> = list(&container["args"]).iter().map(text).collect();
            assert!(Process::has_command(&words), "{name}: {words:?}");
            let folder = tempdir().unwrap();
            let settings = settings(&variables(pod, folder.path()));
            assert_eq!(settings.environment.to_string(), "production", "{name}");
            let is_sqlite = matches!(settings.database.url, DatabaseUrl::Sqlite(_));
            assert_eq!(is_sqlite, name == "sqlite", "{name}");
            if words != ["serve"] {
                continue;
            }
            settings.require_signing_secret().unwrap();
            assert_eq!(settings.server.host, "0.0.0.0", "{name}");
            let port = &container["ports"][0];
            assert_eq!(port["containerPort"], u64::from(settings.server.port), "{name}");
            let seconds = |it: &Value| Duration::from_secs(it.as_u64().unwrap());
            let pre_stop = seconds(&container["lifecycle"]["preStop"]["sleep"]["seconds"]);
            let grace_period = seconds(&pod["terminationGracePeriodSeconds"]);
            assert!(grace_period > settings.server.shutdown_timeout + pre_stop, "{name}");
        }
    }
}

#[test]
fn values_reach_the_program() {
    let objects = Objects::render(&everything());
    let folder = tempdir().unwrap();
    let pod = &objects.one("Deployment/meetvo")["spec"]["template"]["spec"];
    let settings = settings(&variables(pod, folder.path())).effective();
    for (name, value) in [
        ("server.max_connections", json!(1_000_000)),
        ("server.shutdown_timeout_ms", json!(20_001)),
        ("clerk.instance_id", json!("ins_1")),
        ("api.public_profiles", json!(true)),
        ("api.keys", json!("web:read:[redacted]")),
        ("log.format", json!("json")),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
    assert_eq!(each(&secret_volume(pod)["items"], "key"), SECRETS.map(|it| it.0));
}

/// The pods are those of `deploy/kubernetes/`, whose properties other tests verify.
#[test]
fn pods_equal_the_plain_manifests() {
    let part = |from: &Value, names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| from[*name].clone()).collect()
    };
    let postgres = Objects::render(&existing_secrets());
    let sqlite = Objects::render(&sqlite());
    for (file, ours, is_sqlite) in [
        ("deploy/kubernetes/meetvo.yaml", postgres.one("Deployment/meetvo"), false),
        ("deploy/kubernetes/migrate.yaml", postgres.one("Job/meetvo-migrate"), false),
        ("deploy/kubernetes/meetvo.yaml", sqlite.one("Deployment/meetvo"), true),
    ] {
        let plain = &kubernetes::objects(file)[0];
        let names = ["kind", "apiVersion"];
        assert_eq!(part(ours, &names), part(plain, &names), "{file}");
        let names = ["backoffLimit", "activeDeadlineSeconds"];
        assert_eq!(part(&ours["spec"], &names), part(&plain["spec"], &names), "{file}");
        if !is_sqlite {
            assert_eq!(ours["spec"]["replicas"], plain["spec"]["replicas"], "{file}");
            let update = |it: &Value| it["spec"]["strategy"]["rollingUpdate"].clone();
            assert_eq!(update(ours), update(plain), "{file}");
        }
        let pods = [ours, plain].map(|it| &it["spec"]["template"]["spec"]);
        let names = [
            "automountServiceAccountToken",
            "enableServiceLinks",
            "terminationGracePeriodSeconds",
            "restartPolicy",
        ];
        assert_eq!(part(pods[0], &names), part(pods[1], &names), "{file}");
        for (name, value) in pods[1]["securityContext"].as_mapping().unwrap() {
            assert_eq!(&pods[0]["securityContext"][name], value, "{file}: {name:?}");
        }
        let containers = pods.map(container);
        let names = [
            "args",
            "ports",
            "readinessProbe",
            "livenessProbe",
            "startupProbe",
            "lifecycle",
            "resources",
            "securityContext",
        ];
        assert_eq!(part(containers[0], &names), part(containers[1], &names), "{file}");
        for pair in list(&containers[1]["env"]) {
            assert!(list(&containers[0]["env"]).contains(pair), "{file}: {pair:?}");
        }
    }
}

#[test]
fn secrets_are_only_in_secrets() {
    let values = everything();
    let objects = Objects::render(&values);
    for object in &objects.all {
        let text = serde_norway::to_string(object).unwrap();
        for (name, secret) in SECRETS {
            let is_for_migration = object["metadata"]["name"] == "meetvo-migrate";
            let expected =
                object["kind"] == "Secret" && (!is_for_migration || name == "DATABASE_URL");
            assert_eq!(text.contains(secret), expected, "{name}: {text}");
        }
    }
    let output = helm(&["install", "meetvo", "--dry-run=client"], &values).unwrap();
    let (_, notes) = output.split_once("\nNOTES:\n").unwrap();
    assert!(SECRETS.iter().all(|(_, secret)| !notes.contains(secret)), "{notes}");
    // A changed secret replaces the pods, which read files at their start only.
    let checksum = |objects: &Objects| {
        let metadata = &objects.one("Deployment/meetvo")["spec"]["template"]["metadata"];
        text(&metadata["annotations"]["checksum/secrets"]).to_owned()
    };
    let other = with(values, "secrets.values.CLERK_SECRET_KEY", "sk_live_another");
    assert_ne!(checksum(&objects), checksum(&Objects::render(&other)));
}

/// Helm starts the job before it creates the other objects of the release.
#[test]
fn migration_runs_before_the_release() {
    let objects = Objects::render(&everything());
    let hook = |name: &str| objects.one(name)["metadata"]["annotations"].as_mapping().unwrap();
    let job = hook("Job/meetvo-migrate");
    let weight = |hook: &Mapping| text(&hook["helm.sh/hook-weight"]).parse::<i32>().unwrap();
    for name in ["Secret/meetvo-migrate", "NetworkPolicy/meetvo-migrate"] {
        assert!(weight(hook(name)) < weight(job), "{name}");
        assert_eq!(hook(name)["helm.sh/hook"], job["helm.sh/hook"], "{name}");
    }
    assert_eq!(job["helm.sh/hook"], "pre-install,pre-upgrade");
    // Jobs are immutable, so that each upgrade needs a new one.
    assert_eq!(job["helm.sh/hook-delete-policy"], "before-hook-creation");
    let secret = |values| {
        let objects = Objects::render(&values);
        let pod = &objects.one("Job/meetvo-migrate")["spec"]["template"]["spec"];
        assert_eq!(pod.get("serviceAccountName"), None, "that of the release does not exist yet");
        let volume = secret_volume(pod);
        assert_eq!(each(&volume["items"], "key"), ["DATABASE_URL"]);
        text(&volume["secretName"]).to_owned()
    };
    assert_eq!(secret(existing_secrets()), "owner");
    assert_eq!(secret(with(existing_secrets(), "migrate.existingSecret", "")), "service");
    assert_eq!(secret(everything()), "meetvo-migrate");
}

#[test]
fn sqlite_has_one_replica_with_volume() {
    let objects = Objects::render(&sqlite());
    let spec = &objects.one("Deployment/meetvo")["spec"];
    assert_eq!((&spec["replicas"], &spec["strategy"]["type"]), (&1.into(), &"Recreate".into()));
    let pod = &spec["template"]["spec"];
    let mounts = list(&container(pod)["volumeMounts"]);
    let data = mounts.iter().find(|mount| mount["name"] == "data").unwrap();
    assert_eq!(text(&data["mountPath"]), Dockerfile::read().volume());
    let claim = |objects: &Objects| {
        let spec = &objects.one("Deployment/meetvo")["spec"]["template"]["spec"];
        let volumes = list(&spec["volumes"]).iter();
        let claims = volumes.map(|it| &it["persistentVolumeClaim"]["claimName"]);
        claims.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(claim(&objects), ["meetvo"]);
    let volume = objects.one("PersistentVolumeClaim/meetvo");
    assert_eq!(volume["metadata"]["annotations"]["helm.sh/resource-policy"], "keep");
    let existing = Objects::render(&with(sqlite(), "persistence.existingClaim", "mine"));
    assert_eq!(existing.find("PersistentVolumeClaim/meetvo"), None);
    assert_eq!(claim(&existing), ["mine"]);
}

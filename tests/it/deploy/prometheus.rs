//! `deploy/prometheus` and `deploy/grafana`: what is asked for there is told here.

use std::{collections::BTreeSet, fs, process::Command};

use serde_json::Value;
use tempfile::tempdir;

use crate::harness::{
    promtool::promtool,
    repository::{files, path, read},
};

/// The names of metrics in a text, as Prometheus stores them.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let found = text.match_indices("meetvo_").filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let name: String = text[at..].chars().take_while(|c| is_part(*c)).collect();
        (!before.is_some_and(|c| c.is_alphanumeric() || c == '_')).then_some(name)
    });
    found.collect()
}

/// The names that the program tells.
fn told() -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for (_, source) in files("src/http/metrics").into_iter().chain(files("src/ingest")) {
        told.extend(names(&source));
    }
    assert!(told.len() > 20, "{told:?}");
    told
}

#[test]
fn rules_dashboards_and_documents_know_the_metrics_there_are() {
    let told = told();
    for file in ["deploy/prometheus/rules.yaml", "deploy/grafana/meetvo.json", "docs/signals.md"] {
        for name in names(&read(file)) {
            let parts = ["_bucket", "_sum", "_count"].map(|part| name.strip_suffix(part));
            let known = told.contains(&name)
                || parts.into_iter().flatten().any(|histogram| told.contains(histogram));
            assert!(known, "{file}: nobody tells {name}");
        }
    }
    let explained = names(&read("docs/signals.md"));
    let unexplained: Vec<_> = told.difference(&explained).collect();
    assert_eq!(unexplained, Vec::<&String>::new());
}

#[test]
fn the_rules_are_valid_and_fire_when_they_should() {
    // A copy, which has the key that nobody checks in.
    let folder = tempdir().unwrap();
    for file in ["rules.yaml", "rules.test.yaml", "scrape.yaml"] {
        fs::copy(path("deploy/prometheus").join(file), folder.path().join(file)).unwrap();
    }
    fs::write(folder.path().join("meetvo.key"), "key").unwrap();
    for words in [
        ["check", "rules", "rules.yaml"],
        ["test", "rules", "rules.test.yaml"],
        ["check", "config", "scrape.yaml"],
    ] {
        let mut check = Command::new(promtool());
        let done = check.current_dir(folder.path()).args(words).output().unwrap();
        let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        assert!(done.status.success(), "{words:?}: {said}");
    }
    // Whoever adds one writes down when it fires, and when it does not.
    let tests = read("deploy/prometheus/rules.test.yaml");
    let rules: serde_norway::Value =
        serde_norway::from_str(&read("deploy/prometheus/rules.yaml")).unwrap();
    let groups = rules["groups"].as_sequence().unwrap().iter();
    let alerts = groups.flat_map(|group| group["rules"].as_sequence().unwrap());
    let alerts: Vec<&str> = alerts.filter_map(|rule| rule["alert"].as_str()).collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    let documented = read("docs/signals.md");
    for alert in alerts {
        assert!(tests.contains(&format!("alertname: {alert}\n")), "{alert} is not tested");
        assert!(documented.contains(alert), "{alert} is not explained");
    }
}

/// Grafana refuses a file that is no dashboard; panels without a question would stay empty.
#[test]
fn the_dashboard_asks_something_in_every_panel() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/meetvo.json")).unwrap();
    assert_eq!(dashboard["uid"], "meetvo");
    let panels = dashboard["panels"].as_array().unwrap();
    let drawn: Vec<_> = panels.iter().filter(|panel| panel["type"] != "row").collect();
    assert!(drawn.len() >= 10, "{}", drawn.len());
    for panel in drawn {
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty(), "{}", panel["title"]);
        for target in targets {
            assert!(!names(target["expr"].as_str().unwrap()).is_empty(), "{}", panel["title"]);
        }
    }
}

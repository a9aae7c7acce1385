//! Verifies `deploy/prometheus` and `deploy/grafana` against the metrics of the program.

use std::{collections::BTreeSet, fs, process::Command};

use serde_json::Value;
use tempfile::tempdir;

use crate::harness::{
    promtool::promtool,
    repository::{files, path, read},
};

/// Returns the metric names in a text, as Prometheus stores them.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let found = text.match_indices("meetvo_").filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let name: String = text[at..].chars().take_while(|c| is_part(*c)).collect();
        (!before.is_some_and(|c| c.is_alphanumeric() || c == '_')).then_some(name)
    });
    found.collect()
}

/// Returns the metric names of the program.
fn exported() -> BTreeSet<String> {
    let mut exported = BTreeSet::new();
    for (_, source) in ["src/http/metrics", "src/ingest", "src/push"].into_iter().flat_map(files) {
        exported.extend(names(&source));
    }
    assert!(exported.len() > 20, "{exported:?}");
    exported
}

#[test]
fn referenced_metrics_exist_and_are_documented() {
    let exported = exported();
    for file in
        ["deploy/prometheus/rules.yaml", "deploy/grafana/meetvo.json", "docs/reference/metrics.md"]
    {
        for name in names(&read(file)) {
            let parts = ["_bucket", "_sum", "_count"].map(|part| name.strip_suffix(part));
            let known = exported.contains(&name)
                || parts.into_iter().flatten().any(|histogram| exported.contains(histogram));
            assert!(known, "{file}: unknown metric {name}");
        }
    }
    let documented = names(&read("docs/reference/metrics.md"));
    let undocumented: Vec<_> = exported.difference(&documented).collect();
    assert_eq!(undocumented, Vec::<&String>::new());
}

#[test]
fn alert_rules_are_valid_and_tested() {
    // A copy, so that the key file can be added.
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
        let mut command = Command::new(promtool());
        let output = command.current_dir(folder.path()).args(words).output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{words:?}: {text}");
    }
    // Each alert needs a test and an entry in the documents.
    let tests = read("deploy/prometheus/rules.test.yaml");
    let rules: serde_norway::Value =
        serde_norway::from_str(&read("deploy/prometheus/rules.yaml")).unwrap();
    let groups = rules["groups"].as_sequence().unwrap().iter();
    let alerts = groups.flat_map(|group| group["rules"].as_sequence().unwrap());
    let alerts: Vec<&str> = alerts.filter_map(|rule| rule["alert"].as_str()).collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    let documented = read("docs/reference/metrics.md");
    for alert in alerts {
        assert!(tests.contains(&format!("alertname: {alert}\n")), "{alert} is not tested");
        assert!(documented.contains(alert), "{alert} is not documented");
    }
}

/// A panel without a query stays empty.
#[test]
fn every_dashboard_panel_has_a_query() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/meetvo.json")).unwrap();
    assert_eq!(dashboard["uid"], "meetvo");
    let panels = dashboard["panels"].as_array().unwrap();
    let panels: Vec<_> = panels.iter().filter(|panel| panel["type"] != "row").collect();
    assert!(panels.len() >= 10, "{}", panels.len());
    for panel in panels {
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty(), "{}", panel["title"]);
        for target in targets {
            assert!(!names(target["expr"].as_str().unwrap()).is_empty(), "{}", panel["title"]);
        }
    }
}

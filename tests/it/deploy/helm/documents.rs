//! Commands and values in the documents and in the notes of the chart.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde::Deserialize;
use serde_json::{Value as Json, json};
use serde_norway::Value;

use super::chart::{
    CHART, Objects, VERSIONS, each, everything, existing_secrets, helm, run, secret_volume, sqlite,
    text, tools, validate,
};
use crate::harness::{Process, repository::read};

/// Returns the code blocks of a language in the section about Helm.
fn blocks(language: &str) -> Vec<String> {
    let page = read("docs/how-to/deploy.md");
    let (_, section) = page.split_once("\n### Helm\n").unwrap();
    let (section, _) = section.split_once("\n### ").unwrap();
    let lines: Vec<_> = section.lines().collect();
    let mut blocks = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        if start == format!("```{language}") {
            let indent = line.len() - start.len();
            let code = lines[at + 1..].iter().take_while(|line| !line.trim().starts_with("```"));
            blocks.push(
                code.map(|line| line.get(indent..).unwrap_or("").to_owned() + "\n").collect(),
            );
        }
    }
    blocks
}

/// Asserts that the program has the command after `-- meetvo`.
fn assert_has_command(line: &str) {
    let (_, command) = line.split_once(" -- meetvo ").unwrap();
    let words: Vec<_> = command.split_whitespace().collect();
    assert!(Process::has_command(&words), "{line}");
}

/// Runs the commands that create Secrets, without a cluster. Returns the keys of each.
fn documented_secrets() -> BTreeMap<String, BTreeSet<String>> {
    let mut secrets = BTreeMap::new();
    for block in blocks("sh").iter().filter(|it| it.contains("kubectl create secret")) {
        let mut script = block.trim().to_owned();
        // The key of an API key comes from a command that needs the service.
        if let Some((before, command)) = script.split_once("\"$(") {
            let (command, after) = command.split_once(")\"").unwrap();
            assert_has_command(command);
            script = format!("{before}key{after}");
        }
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("{script} --dry-run=client --output=yaml")]);
        shell.env_clear().env("PATH", tools());
        let output = run(&mut shell, "").unwrap_or_else(|error| panic!("{script}: {error}"));
        let secret: Value = serde_norway::from_str(&output).unwrap();
        let keys = secret["data"].as_mapping().unwrap().keys();
        let keys = keys.map(|key| text(key).to_owned()).collect();
        assert!(secrets.insert(text(&secret["metadata"]["name"]).to_owned(), keys).is_none());
    }
    secrets
}

/// Returns the keys of each Secret that objects need.
fn needed_secrets(objects: &Objects) -> BTreeMap<String, BTreeSet<String>> {
    let mut needed: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for volume in objects.pods().into_iter().map(secret_volume) {
        let keys = each(&volume["items"], "key").into_iter().map(str::to_owned);
        needed.entry(text(&volume["secretName"]).to_owned()).or_default().extend(keys);
    }
    if let Some(monitor) = objects.find("ServiceMonitor/meetvo") {
        let key = &monitor["spec"]["endpoints"][0]["authorization"]["credentials"];
        let name = text(&key["name"]).to_owned();
        needed.entry(name).or_default().insert(text(&key["key"]).to_owned());
    }
    needed
}

/// Adds the values of another file, as Helm does for several files.
fn merge(values: &mut Json, other: &Json) {
    match (values, other) {
        (Json::Object(values), Json::Object(other)) => {
            for (name, value) in other {
                merge(values.entry(name.as_str()).or_insert(json!({})), value);
            }
        }
        (values, other) => other.clone_into(values),
    }
}

#[test]
fn documented_values_match_documented_secrets() {
    let files = blocks("yaml");
    assert_eq!(files.len(), 3, "{files:?}");
    let files = files.iter().map(|file| serde_norway::from_str::<Json>(file).unwrap());
    let [postgres, sqlite, monitor] = files.collect::<Vec<_>>().try_into().unwrap();
    let mut monitored = postgres.clone();
    merge(&mut monitored, &monitor);
    let mut needed = BTreeMap::new();
    for values in [postgres, sqlite, monitored] {
        let objects = Objects::render(&values);
        assert_eq!(validate(&objects.text, VERSIONS[0]).err(), None);
        // The commands on the page use this name.
        objects.one("Deployment/meetvo");
        needed.extend(needed_secrets(&objects));
    }
    assert_eq!(documented_secrets(), needed);
}

#[test]
fn documented_commands_exist_for_the_chart() {
    let commands = blocks("sh").concat();
    let install = format!("helm install meetvo {CHART} --values values.yaml\n");
    assert!(commands.contains(&install), "{commands}");
    let lines: Vec<_> = commands.lines().filter(|line| line.starts_with("kubectl exec ")).collect();
    assert!(!lines.is_empty(), "{commands}");
    for line in lines {
        assert!(line.starts_with("kubectl exec deployment/meetvo -- "), "{line}");
        assert_has_command(line);
    }
}

#[test]
fn notes_name_existing_commands() {
    let mut found = 0;
    for values in [existing_secrets(), sqlite(), everything()] {
        let words = ["install", "sync", "--namespace", "users", "--dry-run=client"];
        let output = helm(&words, &values).unwrap();
        let (manifest, notes) = output.split_once("\nNOTES:\n").unwrap();
        assert!(manifest.contains("\nkind: Deployment\nmetadata:\n  name: sync-meetvo\n"));
        for line in notes.lines().filter(|line| line.starts_with("  kubectl ")) {
            assert!(line.starts_with("  kubectl --namespace users "), "{line}");
            assert!(line.contains(" deployment/sync-meetvo"), "{line}");
            if line.contains(" -- ") {
                assert_has_command(line);
                found += 1;
            }
        }
    }
    assert_eq!(found, 4, "one in each, and one more with an ingress");
}

/// The comments in `values.yaml` show values too.
#[test]
fn examples_in_comments_are_valid() {
    let text = read(&format!("{CHART}/values.yaml"));
    let (_, example) = text.split_once("\n#   settings:\n").unwrap();
    let lines = example.lines().map_while(|line| line.strip_prefix("#  "));
    let example =
        format!("settings:\n{}", lines.map(|it| it.to_owned() + "\n").collect::<String>());
    let mut values = existing_secrets();
    let parsed = Value::deserialize(serde_norway::Deserializer::from_str(&example)).unwrap();
    merge(&mut values, &serde_json::to_value(parsed).unwrap());
    let objects = Objects::render(&values);
    for variable in ["MEETVO__CLERK__INSTANCE_ID", "MEETVO__API__ALLOWED_ORIGINS"] {
        assert!(objects.text.contains(&format!("- name: {variable}\n")), "{variable}: {example}");
    }
}

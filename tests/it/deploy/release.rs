//! Verifies the workflows of GitHub in `.github/workflows/`. `.ci/workflows` checks their schema.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt};

use serde_norway::Value;

use super::packages::targets;
use crate::harness::repository::{path, read};

const RELEASE: &str = ".github/workflows/release.yaml";
const CI: &str = ".github/workflows/ci.yaml";

/// Job of a workflow.
struct Job {
    workflow: &'static str,
    name: String,
    value: Value,
}

fn workflow(file: &str) -> Value {
    serde_norway::from_str(&read(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Returns the jobs of both workflows.
fn jobs() -> Vec<Job> {
    let of = |file: &'static str| {
        let jobs = workflow(file)["jobs"].as_mapping().unwrap().clone();
        jobs.into_iter().map(move |(name, value)| Job {
            workflow: file,
            name: name.as_str().unwrap().to_owned(),
            value,
        })
    };
    of(CI).chain(of(RELEASE)).collect()
}

fn job(file: &str, name: &str) -> Value {
    workflow(file)["jobs"][name].clone()
}

/// Returns the steps of a job. A job that calls another workflow has none.
fn steps(job: &Value) -> Vec<Value> {
    job["steps"].as_sequence().cloned().unwrap_or_default()
}

/// Returns the commands of a job.
fn commands(job: &Value) -> Vec<String> {
    let commands =
        steps(job).into_iter().filter_map(|step| step["run"].as_str().map(str::to_owned));
    commands.collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is missing in {value:?}"))
}

#[test]
fn release_builds_every_target() {
    let program = job(RELEASE, "program");
    let rows = program["strategy"]["matrix"]["include"].as_sequence().unwrap();
    let built: Vec<_> = rows.iter().map(|row| (text(row, "target"), text(row, "runner"))).collect();
    let targets = targets();
    let listed: Vec<_> = targets.iter().map(|it| (&*it.name, &*it.runner)).collect();
    assert_eq!(built, listed);
    assert_eq!(text(&program, "runs-on"), "${{ matrix.runner }}");
    assert_eq!(text(&program["env"], "TARGET"), "${{ matrix.target }}");
    assert!(commands(&program).contains(&"packaging/pack \"$TARGET\" dist".to_owned()));
}

#[test]
fn release_joins_pushed_image_architectures() {
    let image = job(RELEASE, "image");
    let rows = image["strategy"]["matrix"]["include"].as_sequence().unwrap();
    let pushed: Vec<_> = rows.iter().map(|row| text(row, "architecture")).collect();
    let publish = commands(&job(RELEASE, "publish"));
    let join = publish.iter().find_map(|it| it.strip_prefix("packaging/image join ")).unwrap();
    let join: Vec<_> = join.split(' ').filter(|word| !word.contains(['"', '$'])).collect();
    assert_eq!(join, pushed);
}

#[test]
fn release_follows_all_checks() {
    let needs = |name| {
        let needs = job(RELEASE, name)["needs"].clone();
        let list = needs.as_sequence().cloned().unwrap_or_else(|| vec![needs]);
        list.iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(needs("publish"), ["test", "program", "documents", "image"]);
    assert_eq!(needs("image"), ["test"]);
    for name in ["test", "program", "documents"] {
        assert_eq!(needs(name), ["tag"], "{name}");
    }
    assert_eq!(text(&job(RELEASE, "test"), "uses"), format!("./{CI}"));
    assert_eq!(commands(&job(CI, "checks")).last().unwrap(), ".ci/run");
    let publish = commands(&job(RELEASE, "publish"));
    assert_eq!(publish[0], "packaging/checksums dist", "before anything is signed");
    assert!(publish.last().unwrap().starts_with("packaging/publish dist "), "{publish:?}");
    let trigger = &workflow(RELEASE)["on"]["push"];
    assert_eq!(trigger["tags"][0].as_str(), Some("v*"));
    assert_eq!(trigger.as_mapping().unwrap().len(), 1, "{trigger:?}");
}

#[test]
fn steps_call_existing_scripts() {
    let mut scripts = 0;
    for Job { name, value, .. } in jobs() {
        for command in commands(&value) {
            let program = command.split_whitespace().next().unwrap();
            if ["docker", "rustup"].contains(&program) {
                continue;
            }
            let metadata =
                fs::metadata(path(program)).unwrap_or_else(|_| panic!("{name}: {program}"));
            assert!(metadata.is_file() && metadata.permissions().mode() & 0o111 != 0, "{program}");
            scripts += 1;
        }
    }
    assert!(scripts > 8, "scripts are called: {scripts}");
}

/// A step is one command, so that its exit status is that of the step.
#[test]
fn no_step_hides_a_failure() {
    for Job { workflow, name, value } in jobs() {
        let place = format!("{workflow}: {name}");
        assert!(value["continue-on-error"].is_null() && value["if"].is_null(), "{place}");
        for step in steps(&value) {
            assert!(step["continue-on-error"].is_null(), "{place}: {step:?}");
            assert!(step["shell"].is_null(), "{place}: {step:?}");
            let is_cache = step["uses"].as_str().is_some_and(|it| it.starts_with("actions/cache@"));
            assert!(step["if"].is_null() || is_cache, "{place}: {step:?}");
        }
        for command in commands(&value) {
            let has_more = ["\n", ";", "|", "&", "$("].iter().any(|it| command.contains(it));
            assert!(!has_more, "{place}: {command}");
        }
        // A job without a time limit runs for six hours.
        assert!(value["uses"].is_string() || value["timeout-minutes"].is_u64(), "{place}");
    }
}

#[test]
fn actions_are_pinned_to_commits() {
    let mut found = 0;
    for file in [CI, RELEASE] {
        for line in read(file).lines() {
            let Some((_, action)) = line.split_once("uses: ") else { continue };
            if action.starts_with("./") {
                continue;
            }
            let (action, version) = action.split_once(" # v").unwrap_or_else(|| panic!("{line}"));
            let (name, commit) = action.split_once('@').unwrap();
            assert!(name.starts_with("actions/"), "{name} is not GitHub's own");
            assert!(
                commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit()),
                "{line}"
            );
            assert!(version.starts_with(|it: char| it.is_ascii_digit()), "{line}");
            found += 1;
        }
    }
    assert!(found > 8, "actions are found: {found}");
}

#[test]
fn jobs_have_least_permissions() {
    for file in [CI, RELEASE] {
        assert!(workflow(file)["permissions"].as_mapping().unwrap().is_empty(), "{file}");
    }
    for Job { workflow, name, value } in jobs() {
        let granted = value["permissions"].as_mapping().unwrap().iter();
        let granted: BTreeSet<_> = granted
            .map(|(scope, level)| [scope, level].map(|it| it.as_str().unwrap()).join(": "))
            .collect();
        let expected: &[&str] = match &*name {
            "image" => &["contents: read", "packages: write"],
            "publish" => {
                &["attestations: write", "contents: write", "id-token: write", "packages: write"]
            }
            _ => &["contents: read"],
        };
        let expected: BTreeSet<_> = expected.iter().map(|&it| it.to_owned()).collect();
        assert_eq!(granted, expected, "{workflow}: {name}");
        let keeps = |step: &Value| {
            let is_checkout =
                step["uses"].as_str().is_some_and(|it| it.starts_with("actions/checkout@"));
            is_checkout && step["with"]["persist-credentials"].as_bool() != Some(false)
        };
        assert!(!steps(&value).iter().any(keeps), "{workflow}: {name} keeps the token");
    }
}

#[test]
fn workflows_use_compiler_of_image() {
    let dockerfile = read("Dockerfile");
    let image = dockerfile
        .lines()
        .find_map(|line| line.strip_prefix("FROM docker.io/library/rust:"))
        .unwrap();
    let version = image.split('-').next().unwrap();
    assert_eq!(text(&workflow(RELEASE)["env"], "RUSTUP_TOOLCHAIN"), version);
    let container = text(&job(CI, "checks"), "container").to_owned();
    assert_eq!(container.strip_prefix("rust:").unwrap().split('-').next(), Some(version));
    let packages = job(CI, "packages");
    let check = &steps(&packages)[2];
    assert_eq!(text(check, "run"), "packaging/check");
    assert_eq!(text(&check["env"], "RUSTUP_TOOLCHAIN"), version);
    let install = format!("rustup toolchain install {version} --profile minimal");
    assert_eq!(commands(&packages)[0], install);
}

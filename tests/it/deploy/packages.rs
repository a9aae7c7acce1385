//! Verifies the scripts in `packaging/` that make the files of a release.
//!
//! `packaging/check` tests the packages with the real program.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::load;
use crate::harness::{
    Variables,
    repository::{path, read},
};

/// Target whose packages the tests make.
const TARGET: &str = "x86_64-unknown-linux-musl";

/// Row of `packaging/targets`.
pub(super) struct Target {
    pub(super) name: String,
    pub(super) runner: String,
    /// Debian's name of the architecture, if there is a package for it.
    architecture: Option<String>,
}

/// Returns the rows of `packaging/targets`.
pub(super) fn targets() -> Vec<Target> {
    let table = read("packaging/targets");
    let rows = table.lines().filter(|row| !row.starts_with('#'));
    let rows = rows.map(|row| {
        let [name, runner, architecture] =
            row.split_whitespace().collect::<Vec<_>>().try_into().unwrap();
        Target {
            name: name.to_owned(),
            runner: runner.to_owned(),
            architecture: (architecture != "-").then(|| architecture.to_owned()),
        }
    });
    rows.collect()
}

/// Runs a script of a repository and returns its output.
fn output(repository: &Path, command: &[&str]) -> Output {
    let mut words = command.iter();
    let script = repository.join(words.next().unwrap());
    Command::new(script).args(words).env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap()
}

/// Runs a script of a repository, which must succeed, and returns what it prints.
fn run_in(repository: &Path, command: &[&str]) -> String {
    let done = output(repository, command);
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
}

/// Runs a script of this repository, which must succeed, and returns what it prints.
pub(super) fn run(command: &[&str]) -> String {
    run_in(&path(""), command)
}

/// Runs a script of a repository, which must fail, and returns its error message.
fn fails_in(repository: &Path, command: &[&str]) -> String {
    let done = output(repository, command);
    assert_eq!(done.status.code(), Some(1), "{command:?}");
    String::from_utf8(done.stderr).unwrap()
}

/// Creates a file that can be executed. Another process writes it: a child that this process starts at
/// the same time would inherit the open file, and an open file cannot be executed.
fn executable(file: &Path, text: &str) -> PathBuf {
    let mut install = Command::new("install");
    let mut install =
        install.args(["-m", "755", "/dev/stdin"]).arg(file).stdin(Stdio::piped()).spawn().unwrap();
    install.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(install.wait().unwrap().success());
    file.to_owned()
}

/// Creates a program in place of `meetvo`, which answers every command.
fn program(folder: &Path) -> String {
    let file = executable(&folder.join("program"), "#!/bin/sh\necho \"$*\"\n");
    file.to_str().unwrap().to_owned()
}

/// Creates a repository with the scripts, a version and a changelog.
fn repository(version: &str, changelog: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-r").arg(path("packaging")).arg(folder.path()).status();
    assert!(copied.unwrap().success());
    let manifest = format!(
        "[package]\nname = \"meetvo\"\nversion = \"{version}\"\n\
         repository = \"https://github.com/owner/name\"\n\n[lib]\nversion = \"9.9.9\"\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.path().join("CHANGELOG.md"), changelog).unwrap();
    folder
}

/// Returns the output of a program that must succeed.
fn stdout(program: &str, arguments: &[&str]) -> Vec<u8> {
    let done = Command::new(program).args(arguments).output().unwrap();
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// Returns the keys of `[package.metadata.binstall]`.
fn binstall() -> BTreeMap<String, String> {
    let manifest = read("Cargo.toml");
    let (_, section) = manifest.split_once("\n[package.metadata.binstall]\n").unwrap();
    let lines = section.lines().take_while(|line| !line.is_empty());
    let pairs = lines.map(|line| line.split_once(" = ").unwrap());
    pairs.map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned())).collect()
}

/// Replaces the variables of a template as cargo-binstall does.
fn expand(template: &str, target: &str) -> String {
    let values = [
        ("repo", "https://github.com/owner/name"),
        ("name", env!("CARGO_PKG_NAME")),
        ("bin", env!("CARGO_PKG_NAME")),
        ("version", env!("CARGO_PKG_VERSION")),
        ("target", target),
    ];
    let expanded = values.iter().fold(template.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{ {name} }}"), value)
    });
    assert!(!expanded.contains(['{', '}']), "{expanded} has an unknown variable");
    expanded
}

#[test]
fn binstall_names_equal_archive_names() {
    let binstall = binstall();
    assert_eq!(binstall["pkg-fmt"], "tgz");
    let release =
        format!("https://github.com/owner/name/releases/download/v{}/", env!("CARGO_PKG_VERSION"));
    for Target { name, .. } in targets() {
        let archive = run(&["packaging/names", "archive", &name]);
        assert_eq!(expand(&binstall["pkg-url"], &name), release.clone() + &archive);
        let folder = archive.strip_suffix(".tar.gz").unwrap();
        assert_eq!(expand(&binstall["bin-dir"], &name), format!("{folder}/meetvo"));
    }
}

#[test]
fn archive_contains_program_and_documents() {
    let folder = tempfile::tempdir().unwrap();
    let (program, dist) = (program(folder.path()), folder.path().to_str().unwrap());
    let command = ["packaging/archive", TARGET, &program, dist];
    let archive = run(&command);
    let name = run(&["packaging/names", "archive", TARGET]);
    assert_eq!(Path::new(&archive).file_name().unwrap().to_str(), Some(&*name));
    let listed = String::from_utf8(stdout("tar", &["-tzf", &archive])).unwrap();
    let root = expand(&binstall()["bin-dir"], TARGET);
    let root = root.strip_suffix("meetvo").unwrap();
    let files: BTreeSet<_> = listed.lines().map(|it| it.strip_prefix(root).unwrap()).collect();
    assert_eq!(files, BTreeSet::from(["", "CHANGELOG.md", "LICENSE", "README.md", "meetvo"]));
    let first = fs::read(&archive).unwrap();
    run(&command);
    assert_eq!(fs::read(&archive).unwrap(), first, "the same files make the same archive");
}

#[test]
fn checksums_cover_exactly_the_release() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().to_str().unwrap();
    let names = run(&["packaging/names"]);
    for name in names.lines() {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let file = run(&["packaging/checksums", dist]);
    let sums = fs::read_to_string(&file).unwrap();
    assert_eq!(sums.lines().count(), names.lines().count());
    let check = || {
        let mut command = Command::new("sha256sum");
        command.current_dir(folder.path()).args(["--check", "--status", &file]).status().unwrap()
    };
    assert!(check().success());
    let first = folder.path().join(names.lines().next().unwrap());
    fs::write(&first, "changed").unwrap();
    assert!(!check().success(), "a changed file is found");
    fs::write(folder.path().join("unknown"), "").unwrap();
    assert!(fails_in(&path(""), &["packaging/checksums", dist]).contains("> unknown"));
    fs::remove_file(folder.path().join("unknown")).unwrap();
    fs::remove_file(first).unwrap();
    assert!(fails_in(&path(""), &["packaging/checksums", dist]).contains("< meetvo"));
}

#[test]
fn notes_contain_only_their_section() {
    let changelog = "# Changelog\n\n## [Unreleased]\n\n- Later.\n\n## [1.2.0] - 2027-01-02\n\n\
        ### Added\n\n- **A.** One\n  sentence with [a\n  link](docs/a.md#b).\n- [B](https://b/), \
        [c](#c).\n\n## [1.1.0]\n\n## [1.10.0]\n\n- Ten.\n\n[1.2.0]: https://x/\n";
    let folder = repository("1.2.0", changelog);
    let notes = |version| run_in(folder.path(), &["packaging/notes", version, "https://r/"]);
    let expected = "### Added\n\n- **A.** One sentence with [a link](https://r/docs/a.md#b).\n\
        - [B](https://b/), [c](#c).";
    assert_eq!(notes("1.2.0"), expected);
    assert_eq!(notes("1.10.0"), "- Ten.");
    for version in ["1.1.0", "1.2", "2.0.0"] {
        let error = fails_in(folder.path(), &["packaging/notes", version]);
        assert!(error.contains(&format!("no section [{version}], or it is empty")), "{error}");
    }
    assert!(run(&["packaging/notes", "Unreleased"]).starts_with("### Added\n\n- **"));
}

#[test]
fn tag_must_match_version_and_repository() {
    let folder = repository("1.2.0", "## [1.2.0]\n\n- One.\n");
    let url = "https://github.com/owner/name";
    assert_eq!(run_in(folder.path(), &["packaging/tag", "v1.2.0", url]), "1.2.0");
    for (tag, url, error) in [
        ("v1.2.1", url, "the tag is v1.2.1, but the version in Cargo.toml is 1.2.0"),
        ("1.2.0", url, "the tag is 1.2.0"),
        ("v1.2.0", "https://github.com/owner/other", "repository = \"https://github.com/owner/"),
    ] {
        let found = fails_in(folder.path(), &["packaging/tag", tag, url]);
        assert!(found.contains(error), "{found}");
    }
    let folder = repository("1.3.0", "## [1.2.0]\n\n- One.\n");
    assert!(fails_in(folder.path(), &["packaging/tag", "v1.3.0", url]).contains("[1.3.0]"));
}

/// Runs a script of a repository that finds this text as the program `name`. The program can write
/// to the file `$LOG`. Returns the output and the lines of the file.
fn run_with(repository: &Path, name: &str, text: &str, command: &[&str]) -> (Output, Vec<String>) {
    let (bin, log) = (repository.join("bin"), repository.join("log"));
    fs::create_dir_all(&bin).unwrap();
    executable(&bin.join(name), text);
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", "PATH=\"$0:$PATH\" exec \"$@\""]).arg(bin);
    let shell = shell.arg(repository.join(command[0])).args(&command[1..]);
    let done = shell.env("LOG", &log).env("MEETVO_REVISION", "abc").output().unwrap();
    let log = fs::read_to_string(log).unwrap_or_default();
    (done, log.lines().map(str::to_owned).collect())
}

/// Runs `packaging/image` with a program in place of Docker, which prints the arguments of each
/// call.
fn image(version: &str, arguments: &[&str]) -> (Output, Vec<String>) {
    let docker = "#!/bin/sh\necho \"$*\" >>\"$LOG\"\ncase \"$*\" in\n\
        'image inspect'*) echo amd64 ;;\n*'imagetools inspect'*) echo sha256:1234 ;;\nesac\n";
    let command = [&["packaging/image"], arguments].concat();
    run_with(repository(version, "").path(), "docker", docker, &command)
}

#[test]
fn image_is_pushed_with_its_architecture() {
    let (done, calls) = image("1.2.0", &["push", "ghcr.io/Owner/Name", "amd64"]);
    assert!(done.status.success());
    let tag = "ghcr.io/owner/name:1.2.0-amd64";
    assert_eq!(calls[0], format!("build --build-arg REVISION=abc --tag {tag} ."));
    assert_eq!(calls.last().unwrap(), &format!("push {tag}"));
    let (done, calls) = image("1.2.0", &["push", "ghcr.io/Owner/Name", "arm64"]);
    assert_eq!(done.status.code(), Some(1), "the machine has another architecture");
    assert!(!calls.iter().any(|call| call.starts_with("push")));
}

#[test]
fn prereleases_do_not_become_latest() {
    for (version, latest) in [("1.2.0", " --tag i:latest"), ("1.2.0-rc.1", "")] {
        let (done, calls) = image(version, &["join", "i", "amd64", "arm64"]);
        let tags = format!("--tag i:{version}{latest} i:{version}-amd64 i:{version}-arm64");
        assert_eq!(calls[0], format!("buildx imagetools create {tags}"));
        assert_eq!(done.stdout, b"name=i\ndigest=sha256:1234\n");
    }
}

#[test]
fn chart_has_version_of_program() {
    let folder = repository("1.2.0", "");
    let dist = folder.path().to_str().unwrap();
    let command = ["packaging/chart", dist];
    // The last argument of `helm package` is the folder.
    let helm = "#!/bin/sh\necho \"$*\" >>\"$LOG\"\nfor it; do :; done\n\
        [ \"$1\" = push ] || echo >\"$it/sync-1.2.0.tgz\"\n";
    let (done, calls) = run_with(folder.path(), "helm", helm, &command);
    assert!(done.status.success() && done.stdout.is_empty() && calls.is_empty(), "no chart");
    fs::create_dir_all(folder.path().join("deploy/helm")).unwrap();
    fs::write(folder.path().join("deploy/helm/Chart.yaml"), "name: sync\nversion: 0.0.0\n")
        .unwrap();
    let (done, calls) = run_with(folder.path(), "helm", helm, &command);
    assert_eq!(String::from_utf8(done.stdout).unwrap(), format!("{dist}/sync-1.2.0.tgz\n"));
    let package = "package deploy/helm --version 1.2.0 --app-version 1.2.0 --destination";
    assert_eq!(calls, [format!("{package} {dist}")]);
    assert!(run_in(folder.path(), &["packaging/names"]).ends_with("\nsync-1.2.0.tgz"));
    let push = ["packaging/chart", "push", dist, "ghcr.io/Owner/charts"];
    let (done, calls) = run_with(folder.path(), "helm", helm, &push);
    assert!(done.status.success());
    assert_eq!(calls[1], format!("push {dist}/sync-1.2.0.tgz oci://ghcr.io/owner/charts"));
}

#[test]
fn listed_components_equal_locked_crates() {
    let folder = tempfile::tempdir().unwrap();
    let file = run(&["packaging/sbom", folder.path().to_str().unwrap()]);
    let document: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(document["specVersion"], "1.5");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let root = &document["metadata"]["component"];
    assert_eq!(text(&root["purl"]), concat!("pkg:cargo/meetvo@", env!("CARGO_PKG_VERSION")));
    let components = document["components"].as_array().unwrap();
    let lock = read("Cargo.lock");
    for it in components {
        let entry = format!(
            "name = \"{}\"\nversion = \"{}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n",
            text(&it["name"]),
            text(&it["version"]),
            text(&it["hashes"][0]["content"])
        );
        assert!(lock.contains(&entry), "{entry}");
        assert!(!text(&it["licenses"][0]["expression"]).is_empty(), "{entry}");
    }
    let names: BTreeSet<_> = components.iter().map(|it| text(&it["name"])).collect();
    // Of the program, of its build, and of macOS.
    for name in ["actix-web", "libsqlite3-sys", "cc", "security-framework"] {
        assert!(names.contains(name), "{name}");
    }
    // Of the tests and of Windows.
    for name in ["meetvo", "proptest", "windows-sys"] {
        assert!(!names.contains(name), "{name}");
    }
    let references: BTreeSet<_> = components.iter().map(|it| text(&it["bom-ref"])).collect();
    let edges = document["dependencies"].as_array().unwrap();
    let targets = edges.iter().flat_map(|it| it["dependsOn"].as_array().unwrap()).map(text);
    assert_eq!(targets.collect::<BTreeSet<_>>(), references, "each component is needed");
}

/// Returns the unit of the Debian package in `deb`.
fn packaged_unit(deb: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    stdout("dpkg-deb", &["--extract", deb, folder.path().to_str().unwrap()]);
    let unit = folder.path().join("usr/lib/systemd/system/meetvo.service");
    fs::read_to_string(unit).unwrap()
}

#[test]
fn debian_package_adapts_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let (program, dist) = (program(folder.path()), folder.path().to_str().unwrap());
    let deb = run(&["packaging/deb", TARGET, &program, dist]);
    let packaged = packaged_unit(&deb);
    let original = read("deploy/systemd/meetvo.service");
    let lines = |unit: &str| -> BTreeSet<String> {
        let lines = unit.lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
        lines.filter(|line| !line.is_empty()).collect()
    };
    let (before, after) = (lines(&original), lines(&packaged));
    let removed: Vec<_> = before.difference(&after).collect();
    assert_eq!(removed, ["DynamicUser=yes", "ExecStart=/usr/local/bin/meetvo serve"]);
    let added: Vec<_> = after.difference(&before).collect();
    let condition = "ExecCondition=/usr/lib/meetvo/has-signing-secret";
    let command = "ExecStart=/usr/bin/meetvo serve";
    assert_eq!(added, [condition, command, "Group=meetvo", "User=meetvo"]);
    let field = |name| String::from_utf8(stdout("dpkg-deb", &["--field", &deb, name])).unwrap();
    let target = targets().into_iter().find(|it| it.name == TARGET).unwrap();
    assert_eq!(field("Architecture").trim(), target.architecture.unwrap());
    assert_eq!(field("Version").trim(), concat!(env!("CARGO_PKG_VERSION"), "-1"));
    let conffiles = stdout("dpkg-deb", &["--info", &deb, "conffiles"]);
    assert_eq!(String::from_utf8(conffiles).unwrap(), "/etc/meetvo/meetvo.env\n");
}

/// The condition of the packaged unit looks for this line.
#[test]
fn condition_recognizes_an_unset_secret() {
    let script = read("packaging/debian/has-signing-secret");
    let (_, rest) = script.split_once("*'").unwrap();
    let (line, _) = rest.split_once("'*)").unwrap();
    let shown = |variables: &Variables| {
        serde_json::to_string_pretty(&load(variables).unwrap().effective()).unwrap()
    };
    assert!(shown(&Variables::new()).contains(line));
    let name = "CLERK_WEBHOOK_SIGNING_SECRET".to_owned();
    let variables = Variables::from([(name, crate::harness::SECRET.to_owned())]);
    assert!(!shown(&variables).contains(line));
}

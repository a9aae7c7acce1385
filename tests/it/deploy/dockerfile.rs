//! Verifies `Dockerfile` and `.dockerignore`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Component, Path, PathBuf},
    time::Duration,
};

use meetvo::config::DatabaseUrl;

use super::{load, seconds, settings};
use crate::harness::{
    Process, Variables,
    repository::{path, read},
};

/// Instructions of the Dockerfile.
pub(super) struct Dockerfile(Vec<Instruction>);

struct Instruction {
    stage: usize,
    word: String,
    rest: String,
}

/// Options that Docker 20.10 knows without BuildKit, and Podman 4.3. Newer ones include
/// `COPY --link`, `RUN --mount` and `HEALTHCHECK --start-interval`.
const OPTIONS: [(&str, &[&str]); 2] = [
    ("COPY", &["--chown", "--from"]),
    ("HEALTHCHECK", &["--interval", "--timeout", "--start-period", "--retries"]),
];

/// Variables that only BuildKit sets.
const BUILDKIT_VARIABLES: [&str; 3] = ["BUILDPLATFORM", "TARGETPLATFORM", "TARGETARCH"];

/// Instruction `HEALTHCHECK`.
#[derive(Debug, PartialEq)]
pub(super) struct HealthCheck {
    pub(super) command: Vec<String>,
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
    pub(super) start_period: Duration,
    pub(super) retries: u32,
}

/// Instruction `COPY --from=stage source… target`.
struct Copy {
    from: Option<String>,
    owner: Option<String>,
    sources: Vec<String>,
    target: String,
}

impl Dockerfile {
    pub(super) fn read() -> Self {
        let text = read("Dockerfile");
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let text = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
        let mut stage = 0;
        let instructions = text.lines().map(|line| {
            let (word, rest) = line.split_once(' ').unwrap();
            stage += usize::from(word == "FROM");
            Instruction { stage, word: word.to_owned(), rest: rest.trim().to_owned() }
        });
        Self(instructions.collect())
    }

    fn all(&self, word: &str) -> Vec<&str> {
        self.0.iter().filter(|it| it.word == word).map(|it| &*it.rest).collect()
    }

    /// Returns the only instruction of this kind in the last stage.
    fn one(&self, word: &str) -> &str {
        let last = self.0.iter().map(|it| it.stage).max();
        let mut found = self.0.iter().filter(|it| Some(it.stage) == last && it.word == word);
        let one = found.next().unwrap_or_else(|| panic!("the image has no {word}"));
        assert!(found.next().is_none(), "the image has one {word}");
        &one.rest
    }

    fn copies(&self) -> Vec<Copy> {
        let copy = |rest: &str| {
            let (flags, paths): (Vec<_>, Vec<_>) =
                rest.split_whitespace().partition(|word| word.starts_with("--"));
            let flag = |name| flags.iter().find_map(|flag| flag.strip_prefix(name));
            let (target, sources) = paths.split_last().unwrap();
            Copy {
                from: flag("--from=").map(str::to_owned),
                owner: flag("--chown=").map(str::to_owned),
                sources: sources.iter().map(|&source| source.to_owned()).collect(),
                target: (*target).to_owned(),
            }
        };
        self.all("COPY").into_iter().map(copy).collect()
    }

    /// Returns the paths that are copied from the repository.
    fn sources(&self) -> BTreeSet<String> {
        let copies = self.copies().into_iter().filter(|copy| copy.from.is_none());
        copies.flat_map(|copy| copy.sources).collect()
    }

    pub(super) fn variables(&self) -> Variables {
        let pairs = self.one("ENV").split_whitespace().map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    pub(super) fn health_check(&self) -> HealthCheck {
        let (options, command) = self.one("HEALTHCHECK").split_once(" CMD ").unwrap();
        let options: BTreeMap<_, _> =
            options.split_whitespace().map(|option| option.split_once('=').unwrap()).collect();
        HealthCheck {
            command: exec(command),
            interval: seconds(options["--interval"]),
            timeout: seconds(options["--timeout"]),
            start_period: seconds(options["--start-period"]),
            retries: options["--retries"].parse().unwrap(),
        }
    }

    /// Returns the folder of the volume.
    pub(super) fn volume(&self) -> String {
        let [folder] = exec(self.one("VOLUME")).try_into().unwrap();
        folder
    }
}

/// Parses the exec form `["program", "argument"]`. The image has no shell for the other form.
fn exec(form: &str) -> Vec<String> {
    serde_json::from_str(form).unwrap_or_else(|_| panic!("{form} needs a shell"))
}

/// Parses major and minor version: `1.95.0` becomes `(1, 95)`.
fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn build_context_equals_copied_files() {
    let sources = Dockerfile::read().sources();
    for source in &sources {
        assert!(path(source).exists(), "{source}");
    }
    let ignored = read(".dockerignore");
    let mut rules = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(rules.next(), Some("*"), "the first rule excludes everything");
    let sent: BTreeSet<_> = rules.map(|rule| rule.strip_prefix('!').unwrap().to_owned()).collect();
    assert_eq!(sent, sources);
}

/// Returns the Rust sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|file| file.extension() == Some(OsStr::new("rs"))).collect()
}

/// Returns the top-level folder of a relative path in a source: `config` for
/// `../../config/default.toml`.
fn top_folder(source: &Path, relative: &str) -> String {
    let mut resolved = source.strip_prefix(path("")).unwrap().parent().unwrap().to_owned();
    for part in Path::new(relative).components() {
        match part {
            Component::ParentDir => assert!(resolved.pop(), "{relative} leaves the repository"),
            part => resolved.push(part),
        }
    }
    resolved.components().next().unwrap().as_os_str().to_str().unwrap().to_owned()
}

#[test]
fn build_copies_all_embedded_files() {
    let copied = Dockerfile::read().sources();
    for needed in ["Cargo.toml", "Cargo.lock", ".cargo", "src"] {
        assert!(copied.contains(needed), "{needed}");
    }
    let mut embedded = BTreeSet::new();
    for source in sources(&path("src")) {
        let text = fs::read_to_string(&source).unwrap();
        for (at, _) in text.match_indices("include_") {
            let Some(relative) = text[at..].split('"').nth(1) else { continue };
            embedded.insert(top_folder(&source, relative));
        }
    }
    assert!(embedded.contains("config") && embedded.contains("migrations"), "{embedded:?}");
    // The build script reads one folder.
    let script = read("build.rs");
    assert!(script.contains("const FIXTURES: &str = \"fixtures\";"), "{script}");
    assert_eq!(script.matches("fs::read").count(), 1, "{script}");
    embedded.extend(["build.rs", "fixtures"].map(str::to_owned));
    assert!(embedded.is_subset(&copied), "{embedded:?} of {copied:?}");
}

#[test]
fn build_image_matches_rust_and_debian_release() {
    let dockerfile = Dockerfile::read();
    let [build, run] = dockerfile.all("FROM").try_into().unwrap();
    let (name, tag) = build.strip_suffix(" AS build").unwrap().split_once(':').unwrap();
    let [rust, "slim", debian] = tag.split('-').collect::<Vec<_>>()[..] else { panic!("{tag}") };
    // Podman on Debian does not complete a name without a registry.
    assert_eq!(name, "docker.io/library/rust");
    assert!(version(rust) >= version(env!("CARGO_PKG_RUST_VERSION")), "{rust}");
    let releases = [("bookworm", "debian12"), ("trixie", "debian13")];
    let release = releases.iter().find(|(name, _)| *name == debian).unwrap().1;
    assert_eq!(run, format!("gcr.io/distroless/cc-{release}:nonroot"));
}

#[test]
fn image_runs_program_as_unprivileged_user() {
    let dockerfile = Dockerfile::read();
    let built = dockerfile.all("RUN").join("\n");
    assert!(built.contains("target/release/meetvo /out/meetvo"), "{built}");
    let program = dockerfile.copies().into_iter().find(|copy| copy.sources == ["/out/meetvo"]);
    let program = program.unwrap();
    assert_eq!(program.from.as_deref(), Some("build"));
    assert_eq!(exec(dockerfile.one("ENTRYPOINT")), [program.target.as_str()]);
    let command = exec(dockerfile.one("CMD"));
    assert!(Process::has_command(&command.iter().map(String::as_str).collect::<Vec<_>>()));
    let user = dockerfile.one("USER");
    let (user, group) = user.split_once(':').unwrap();
    for id in [user, group] {
        assert!(id.parse::<u32>().unwrap() > 0, "{id} is root");
    }
}

#[test]
fn health_check_ignores_the_database() {
    let dockerfile = Dockerfile::read();
    let check = dockerfile.health_check();
    assert_eq!(check.command[0], exec(dockerfile.one("ENTRYPOINT"))[0]);
    let words: Vec<_> = check.command[1..].iter().map(String::as_str).collect();
    assert_eq!(words, ["health"], "without --ready");
    assert!(Process::has_command(&words));
    // The command times out after 2 s with an error message, before Docker kills it.
    assert_eq!(check.timeout, Duration::from_secs(5));
}

/// Without `--start-interval`, the first check runs after one interval.
#[test]
fn container_is_healthy_within_seconds() {
    let check = Dockerfile::read().health_check();
    assert!(check.interval <= Duration::from_secs(5), "{check:?}");
    assert!(check.interval * check.retries >= Duration::from_secs(30), "{check:?}");
    // As the startup probe of the Kubernetes manifest.
    assert_eq!(check.start_period, Duration::from_mins(5), "{check:?}");
}

#[test]
fn old_builders_know_all_options() {
    let dockerfile = Dockerfile::read();
    for Instruction { word, rest, .. } in &dockerfile.0 {
        let known = OPTIONS.iter().find(|(name, _)| name == word).map_or(&[][..], |it| it.1);
        for option in rest.split_whitespace().take_while(|word| word.starts_with("--")) {
            let name = option.split('=').next().unwrap();
            assert!(known.contains(&name), "{word} {option}");
        }
        assert!(!rest.contains("<<"), "{word} has a here-document");
        for variable in BUILDKIT_VARIABLES {
            assert!(!rest.contains(variable), "{word} {rest}");
        }
    }
    let first = read("Dockerfile").lines().next().unwrap().to_lowercase();
    assert!(!first.contains("syntax"), "it loads another parser: {first}");
}

#[test]
fn database_file_is_in_the_volume() {
    let dockerfile = Dockerfile::read();
    let settings = settings(&dockerfile.variables());
    let DatabaseUrl::Sqlite(file) = settings.database.url else { panic!("not a file") };
    let volume = dockerfile.volume();
    assert_eq!(file.parent().unwrap(), Path::new(&volume));
    let copies = dockerfile.copies();
    let state = copies.iter().find(|copy| copy.owner.is_some()).unwrap();
    assert_eq!(state.owner.as_deref(), Some(dockerfile.one("USER")), "the user owns the folder");
    let inside = volume.strip_prefix(&state.target).unwrap();
    let [source] = &state.sources[..] else { panic!("{:?}", state.sources) };
    // A builder keeps the mode of the folders below the one that it copies.
    let created = format!("install --directory --mode 0700 {source}{inside}");
    assert!(dockerfile.all("RUN").join("\n").contains(&created), "{created}");
}

#[test]
fn service_listens_on_the_exposed_port() {
    let dockerfile = Dockerfile::read();
    let settings = settings(&dockerfile.variables());
    assert_eq!(settings.server.host, "0.0.0.0");
    assert_eq!(settings.server.port.to_string(), dockerfile.one("EXPOSE"));
    let settings = load(&dockerfile.variables()).unwrap();
    assert!(settings.require_signing_secret().is_err(), "no secret is built in");
}

#[test]
fn labels_equal_package_metadata() {
    let dockerfile = Dockerfile::read();
    let labels = dockerfile.one("LABEL");
    for (name, value) in [
        ("title", env!("CARGO_PKG_NAME")),
        ("description", env!("CARGO_PKG_DESCRIPTION")),
        ("version", env!("CARGO_PKG_VERSION")),
        ("licenses", env!("CARGO_PKG_LICENSE")),
        ("base.name", dockerfile.all("FROM")[1]),
    ] {
        let label = format!("org.opencontainers.image.{name}=\"{value}\"");
        assert!(labels.contains(&label), "{label}");
    }
    assert!(labels.contains("org.opencontainers.image.revision=\"$REVISION\""), "{labels}");
    // An address would be an invention, because the package has none.
    assert_eq!(env!("CARGO_PKG_REPOSITORY"), "");
    assert!(!labels.contains("://"), "{labels}");
}

//! `Dockerfile` and `.dockerignore`

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Component, Path, PathBuf},
};

use meetvo::config::DatabaseUrl;

use super::{load, settings};
use crate::harness::{
    Process, Variables,
    repository::{path, read},
};

/// The instructions of a Dockerfile.
pub(super) struct Dockerfile(Vec<Instruction>);

struct Instruction {
    stage: usize,
    word: String,
    rest: String,
}

/// `COPY --from=stage source… target`
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
        let whole = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
        let mut stage = 0;
        let instructions = whole.lines().map(|line| {
            let (word, rest) = line.split_once(' ').unwrap();
            stage += usize::from(word == "FROM");
            Instruction { stage, word: word.to_owned(), rest: rest.trim().to_owned() }
        });
        Self(instructions.collect())
    }

    fn all(&self, word: &str) -> Vec<&str> {
        self.0.iter().filter(|it| it.word == word).map(|it| &*it.rest).collect()
    }

    /// The one instruction of this word in the image itself.
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

    /// What is copied from the repository.
    fn sources(&self) -> BTreeSet<String> {
        let copies = self.copies().into_iter().filter(|copy| copy.from.is_none());
        copies.flat_map(|copy| copy.sources).collect()
    }

    pub(super) fn variables(&self) -> Variables {
        let pairs = self.one("ENV").split_whitespace().map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The folder that is written to.
    pub(super) fn volume(&self) -> String {
        let [folder] = exec(self.one("VOLUME")).try_into().unwrap();
        folder
    }
}

/// `["program", "word"]`: without a shell, which the image does not have.
fn exec(form: &str) -> Vec<String> {
    serde_json::from_str(form).unwrap_or_else(|_| panic!("{form} needs a shell"))
}

/// `1.95.0` → `(1, 95)`
fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn what_is_copied_is_there_and_nothing_else_is_sent_along() {
    let sources = Dockerfile::read().sources();
    for source in &sources {
        assert!(path(source).exists(), "{source}");
    }
    let ignored = read(".dockerignore");
    let mut rules = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(rules.next(), Some("*"), "first of all, nothing");
    let sent: BTreeSet<_> = rules.map(|rule| rule.strip_prefix('!').unwrap().to_owned()).collect();
    assert_eq!(sent, sources);
}

/// Rust's sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|file| file.extension() == Some(OsStr::new("rs"))).collect()
}

/// Where the text `../../config/default.toml` in a source leads to: `config`.
fn top_folder(source: &Path, relative: &str) -> String {
    let mut place = source.strip_prefix(path("")).unwrap().parent().unwrap().to_owned();
    for part in Path::new(relative).components() {
        match part {
            Component::ParentDir => assert!(place.pop(), "{relative} leaves the repository"),
            part => place.push(part),
        }
    }
    place.components().next().unwrap().as_os_str().to_str().unwrap().to_owned()
}

#[test]
fn the_build_has_everything_that_the_program_reads_in() {
    let copied = Dockerfile::read().sources();
    for needed in ["Cargo.toml", "Cargo.lock", ".cargo", "src"] {
        assert!(copied.contains(needed), "{needed}");
    }
    let mut read_in = BTreeSet::new();
    for source in sources(&path("src")) {
        let text = fs::read_to_string(&source).unwrap();
        for (at, _) in text.match_indices("include_") {
            let Some(relative) = text[at..].split('"').nth(1) else { continue };
            read_in.insert(top_folder(&source, relative));
        }
    }
    assert!(read_in.contains("config") && read_in.contains("migrations"), "{read_in:?}");
    assert!(read_in.is_subset(&copied), "{read_in:?} of {copied:?}");
    // The build script reads nothing else.
    let script = read("build.rs");
    assert!(
        copied.contains("build.rs") && !script.contains("include_") && !script.contains("fs::")
    );
}

#[test]
fn it_is_built_with_a_rust_that_will_do_on_the_debian_that_it_runs_on() {
    let dockerfile = Dockerfile::read();
    let [build, run] = dockerfile.all("FROM").try_into().unwrap();
    let (name, tag) = build.strip_suffix(" AS build").unwrap().split_once(':').unwrap();
    let [rust, "slim", debian] = tag.split('-').collect::<Vec<_>>()[..] else { panic!("{tag}") };
    assert_eq!(name, "rust");
    assert!(version(rust) >= version(env!("CARGO_PKG_RUST_VERSION")), "{rust}");
    let releases = [("bookworm", "debian12"), ("trixie", "debian13")];
    let release = releases.iter().find(|(name, _)| *name == debian).unwrap().1;
    assert_eq!(run, format!("gcr.io/distroless/cc-{release}:nonroot"));
}

#[test]
fn it_runs_what_was_built_without_a_shell_and_as_nobody() {
    let dockerfile = Dockerfile::read();
    let built = dockerfile.all("RUN").join("\n");
    assert!(built.contains("target/release/meetvo /out/meetvo"), "{built}");
    let program = dockerfile.copies().into_iter().find(|copy| copy.sources == ["/out/meetvo"]);
    let program = program.unwrap();
    assert_eq!(program.from.as_deref(), Some("build"));
    assert_eq!(exec(dockerfile.one("ENTRYPOINT")), [program.target.as_str()]);
    let command = exec(dockerfile.one("CMD"));
    assert!(Process::knows(&command.iter().map(String::as_str).collect::<Vec<_>>()));
    let user = dockerfile.one("USER");
    let (user, group) = user.split_once(':').unwrap();
    for id in [user, group] {
        assert!(id.parse::<u32>().unwrap() > 0, "{id} has rights");
    }
}

#[test]
fn the_program_itself_looks_after_its_health() {
    let dockerfile = Dockerfile::read();
    let (options, command) = dockerfile.one("HEALTHCHECK").split_once(" CMD ").unwrap();
    let command = exec(command);
    assert_eq!(command[0], exec(dockerfile.one("ENTRYPOINT"))[0]);
    let words: Vec<_> = command[1..].iter().map(String::as_str).collect();
    assert_eq!(words, ["health"], "it does not ask for the database");
    assert!(Process::knows(&words));
    // The command gives up after 2 s, and says why; Docker would cut it off.
    assert!(options.contains("--timeout=5s"), "{options}");
}

#[test]
fn it_writes_to_its_volume_alone() {
    let dockerfile = Dockerfile::read();
    let settings = settings(&dockerfile.variables());
    let DatabaseUrl::Sqlite(file) = settings.database.url else { panic!("not a file") };
    let volume = dockerfile.volume();
    assert_eq!(file.parent().unwrap(), Path::new(&volume));
    let copies = dockerfile.copies();
    let made = copies.iter().find(|copy| copy.target == volume).unwrap();
    assert!(dockerfile.all("RUN").join("\n").contains(&made.sources[0]), "the folder is made");
    assert_eq!(made.owner.as_deref(), Some(dockerfile.one("USER")), "and is who runs's");
}

#[test]
fn it_listens_to_all_where_it_says() {
    let dockerfile = Dockerfile::read();
    let settings = settings(&dockerfile.variables());
    assert_eq!(settings.server.host, "0.0.0.0");
    assert_eq!(settings.server.port.to_string(), dockerfile.one("EXPOSE"));
    assert!(load(&dockerfile.variables()).unwrap().can_serve().is_err(), "no secret is built in");
}

#[test]
fn its_labels_say_what_the_package_says() {
    let labels = Dockerfile::read().one("LABEL").to_owned();
    for (name, value) in [
        ("title", env!("CARGO_PKG_NAME")),
        ("description", env!("CARGO_PKG_DESCRIPTION")),
        ("version", env!("CARGO_PKG_VERSION")),
        ("licenses", env!("CARGO_PKG_LICENSE")),
    ] {
        let label = format!("org.opencontainers.image.{name}=\"{value}\"");
        assert!(labels.contains(&label), "{label}");
    }
}

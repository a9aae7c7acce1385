//! No image is built here. Instead every path, command, setting and port that the Dockerfile, the
//! compose files and the proxy's file name is compared with the repository and with the program.

mod compose;
mod dockerfile;
mod proxy;

use std::{collections::BTreeMap, fs, path::Path};

use meetvo::config::{Settings, Sources};
use tempfile::tempdir;

use crate::harness::{Process, Variables};

/// A path of the repository.
fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a service comes to with these variables and no others: its settings, or what is wrong.
fn load(variables: &Variables) -> Result<Settings, String> {
    let sources = Sources { variables: variables.clone(), ..Sources::default() };
    Settings::load(&sources).map_err(|faults| faults.to_string())
}

/// The settings of a container, in which no variable is given in vain.
fn settings(variables: &Variables) -> Settings {
    let shown = |variables: &Variables| load(variables).map(|settings| settings.effective());
    for name in variables.keys() {
        let alone = BTreeMap::from([(name.clone(), "anything".to_owned())]);
        assert_ne!(shown(&alone), shown(&BTreeMap::new()), "{name} is nothing that is read");
    }
    load(variables).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Whether the program knows a command with its options, without running it.
fn assert_command(words: &[&str]) {
    let folder = tempdir().unwrap();
    let output = Process::run(folder.path(), [], &[words, &["--help"]].concat());
    assert!(output.status.success(), "meetvo {words:?} is no command");
}

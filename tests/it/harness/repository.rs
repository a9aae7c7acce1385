//! Files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Returns the absolute path of a file in the repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Returns the text of a file in the repository.
pub fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns every file below a folder of the repository, with its text.
pub fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let with_text = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        (file, text)
    };
    paths(&[folder]).into_iter().map(with_text).collect()
}

/// Returns the text files below folders and single files, with their text. Pictures are left out.
pub fn texts(places: &[&str]) -> Vec<(PathBuf, String)> {
    let with_text = |file: PathBuf| {
        let text = String::from_utf8(fs::read(&file).unwrap()).ok()?;
        Some((file, text))
    };
    paths(places).into_iter().filter_map(with_text).collect()
}

/// Returns the files below folders, and single files, in order.
fn paths(places: &[&str]) -> Vec<PathBuf> {
    fn collect(place: PathBuf, into: &mut Vec<PathBuf>) {
        if place.is_dir() {
            for entry in fs::read_dir(place).unwrap() {
                collect(entry.unwrap().path(), into);
            }
        } else {
            into.push(place);
        }
    }
    let mut found = Vec::new();
    for place in places {
        collect(path(place), &mut found);
    }
    found.sort();
    found
}

/// Returns whether the name of a file ends with this extension.
pub fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|it| it == extension)
}

/// Returns the documents of the project, with their text.
pub fn documents() -> Vec<(PathBuf, String)> {
    let fixed = "README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md docs fixtures/README.md \
                 clients/typescript/README.md examples/README.md";
    let examples = fs::read_dir(path("examples")).unwrap().map(|entry| entry.unwrap().path());
    let examples = examples.filter(|it| it.is_dir()).map(|it| it.join("README.md"));
    let examples: Vec<_> = examples.map(|it| it.to_str().unwrap().to_owned()).collect();
    let places: Vec<_> = fixed.split(' ').chain(examples.iter().map(String::as_str)).collect();
    let mut found = texts(&places);
    found.retain(|(file, _)| has_extension(file, "md"));
    assert!(found.len() > 15, "documents are found: {}", found.len());
    found
}

//! The example payloads of the repository. `build.rs` embeds them in the program, so that commands
//! find them in any folder.

use std::path::Path;

/// Paths, such as `fixtures/user/created.json`, with the texts of the files. The order is that in
/// which a folder is read.
const FIXTURES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));

/// Returns the fixtures of a file or a folder, such as `fixtures/user`.
pub(super) fn at(path: &Path) -> impl Iterator<Item = (&'static str, &'static str)> {
    let path = path.strip_prefix(".").unwrap_or(path).to_owned();
    FIXTURES
        .iter()
        .copied()
        .filter(move |(name, _)| !path.as_os_str().is_empty() && Path::new(name).starts_with(&path))
}

/// Returns all fixtures.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIXTURES.iter().copied()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{all, at};

    #[test]
    fn paths_select_files_and_folders() {
        let count = |path: &str| at(Path::new(path)).count();
        assert!(all().count() > 200);
        assert_eq!(count("fixtures"), all().count());
        assert_eq!(count("./fixtures/"), all().count());
        assert!(count("fixtures/user") > 20);
        assert_eq!(count("fixtures/user/created.json"), 1);
        for path in ["", ".", "fixture", "fixtures/use", "fixtures/user/created", "user"] {
            assert_eq!(count(path), 0, "{path}");
        }
    }
}

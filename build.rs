//! Embeds the source revision in the program, taken from the variable `MEETVO_REVISION`, and the
//! payloads below `fixtures/`.
//!
//! The script does not ask Git, because an archive and an image build have no repository, and
//! because every commit would cause a rebuild.

use std::{fs, io, path::Path};

/// Folder of the payloads.
const FIXTURES: &str = "fixtures";

fn main() -> io::Result<()> {
    let revision = option_env!("MEETVO_REVISION").filter(|it| !it.is_empty()).unwrap_or("unknown");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={FIXTURES}");
    println!("cargo:rustc-env=MEETVO_REVISION={revision}");
    println!("cargo:rustc-env=MEETVO_VERSION={} ({revision})", env!("CARGO_PKG_VERSION"));
    embed_fixtures()
}

/// Writes a Rust slice with the name and the text of each payload, which `src/cli/fixtures.rs`
/// includes. The order is that in which `meetvo replay` reads the folder.
fn embed_fixtures() -> io::Result<()> {
    let mut names = Vec::new();
    add_payloads(Path::new(FIXTURES), &mut names)?;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let entry =
        |name: &String| format!("    ({name:?}, include_str!({:?})),\n", root.to_owned() + name);
    let entries: String = names.iter().map(entry).collect();
    #[expect(clippy::disallowed_methods, reason = "cargo names the folder in the environment")]
    let folder = std::env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&folder).join("fixtures.rs"), format!("&[\n{entries}]\n"))
}

fn add_payloads(folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_payloads(&path, names)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            names.push(path.to_str().ok_or(io::ErrorKind::InvalidData)?.to_owned());
        }
    }
    Ok(())
}

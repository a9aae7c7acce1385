//! Embeds the source revision in the program, taken from the variable `MEETVO_REVISION`.
//!
//! The script does not ask Git, because an archive and an image build have no repository, and
//! because every commit would cause a rebuild.

fn main() {
    let revision = option_env!("MEETVO_REVISION").filter(|it| !it.is_empty()).unwrap_or("unknown");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=MEETVO_REVISION={revision}");
    println!("cargo:rustc-env=MEETVO_VERSION={} ({revision})", env!("CARGO_PKG_VERSION"));
}

//! Tells the program what it is built from, where whoever builds it says so in `MEETVO_REVISION`. Git is
//! not asked: an archive or an image's build has none, and each commit would build everything anew.

fn main() {
    let revision = option_env!("MEETVO_REVISION").filter(|it| !it.is_empty()).unwrap_or("unknown");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=MEETVO_REVISION={revision}");
    println!("cargo:rustc-env=MEETVO_VERSION={} ({revision})", env!("CARGO_PKG_VERSION"));
}

//! The [`targets`], guided by libFuzzer. The tests run them without it, and do not know this package:
//! they take the folder `targets/` in as a module.

pub mod libfuzzer;
pub mod targets;

//! The [`targets`] as libFuzzer programs. The tests do not depend on this package: they include the
//! folder `targets/` as a module.

pub mod libfuzzer;
pub mod targets;

//! How far long work has got, for whoever looks at a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// What a bar of Clerk's users looks like.
pub(super) const USERS: &str = "{bar:40} {pos}/{len} users  {per_sec}  {eta} left";

/// A bar of a length, as a template of indicatif's has it.
pub(super) fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

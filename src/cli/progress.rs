//! Progress bars of long-running commands, shown on terminals only.

use indicatif::{ProgressBar, ProgressStyle};

/// Template of a bar that counts Clerk's users.
pub(super) const USERS: &str = "{bar:40} {pos}/{len} users  {per_sec}  {eta} left";

/// Creates a bar of a length with a template of indicatif.
pub(super) fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

//! Progress of long-running commands on standard error. Bars are shown on terminals only.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use super::terminal::note;
use crate::clerk::backend::Retry;

/// Template of a bar that counts Clerk's objects of the type in the message.
pub(super) const OBJECTS: &str = "{msg:12} {bar:40} {pos}/{len}  {per_sec}  {eta} left";

/// Template of a line that counts Clerk's compared objects of the type in the message.
pub(super) const COMPARED: &str = "{spinner} {msg:12} {pos} compared  {per_sec}";

/// Creates a bar of a length with a template of indicatif. It is hidden unless standard error is a
/// terminal.
pub(super) fn bar(length: u64, template: &str) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Returns a function that prints a line for each retry of a request to Clerk, above the bar. Other
/// outputs than terminals get the lines too.
pub(super) fn retries(bar: &ProgressBar) -> impl Fn(&Retry<'_>) + Send + Sync + use<> {
    let bar = bar.clone();
    move |Retry { attempt, max_attempts, delay, reason }| {
        bar.suspend(|| {
            note(format_args!(
                "attempt {attempt} of {max_attempts} of a request to Clerk failed ({reason}); the \
                 next one follows in {:.1} s",
                delay.as_secs_f64()
            ));
        });
    }
}

//! Time of all cores of the machine together. Source: `proc_stat(5)`.

use std::{fs, io};

/// Time since the start of the machine, in the unit of the system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CoreTime {
    idle: u64,
    total: u64,
}

impl CoreTime {
    /// Reads the times until now.
    pub(crate) fn now() -> io::Result<Self> {
        let text = fs::read_to_string("/proc/stat")?;
        let times = text.lines().next().unwrap_or_default().split_whitespace().skip(1);
        // The last two of ten are part of others.
        let times: Vec<u64> = times.take(8).filter_map(|time| time.parse().ok()).collect();
        match times[..] {
            // A core that waits for a disk is idle too.
            [_, _, _, idle, disk, ..] => Ok(Self { idle: idle + disk, total: times.iter().sum() }),
            _ => Err(io::Error::other("/proc/stat has another format")),
        }
    }

    /// Returns the percentage of the time until `end` in which the cores were idle.
    pub(crate) fn idle_percent(self, end: Self) -> u64 {
        let total = end.total.saturating_sub(self.total).max(1);
        end.idle.saturating_sub(self.idle) * 100 / total
    }
}

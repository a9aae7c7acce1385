//! The program as a process, for tests of signals, exit codes and crashes.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::Value;
use tokio::time::Instant;

use super::{Database, TEST_TIMEOUT, database, log_guard, variables};

/// Working directory and database of the program.
pub trait Workspace: Copy {
    fn folder(&self) -> &Path;
    fn database_url(&self) -> String;
}

/// Folder alone, with the SQLite file that the tests use by default.
impl Workspace for &Path {
    fn folder(&self) -> &Path {
        self
    }

    fn database_url(&self) -> String {
        database::sqlite_url(self)
    }
}

impl Workspace for &Database {
    fn folder(&self) -> &Path {
        Database::folder(self)
    }

    fn database_url(&self) -> String {
        self.url().to_owned()
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_meetvo");

/// Running `meetvo serve`, which is killed on drop.
pub struct Process {
    pub url: String,
    child: Child,
    log: Receiver<String>,
}

impl Process {
    /// Returns a command with no environment variables but the settings of the test.
    pub fn command<const N: usize>(
        workspace: impl Workspace,
        overrides: [(&str, &str); N],
    ) -> Command {
        Self::prepare(Command::new(PROGRAM), workspace, overrides)
    }

    /// Returns a command in a shell that first sets limits, such as `ulimit -f 100`.
    pub fn command_with_limits<const N: usize>(
        limits: &str,
        workspace: impl Workspace,
        overrides: [(&str, &str); N],
    ) -> Command {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("{limits}; exec \"$0\" \"$@\""), PROGRAM]);
        Self::prepare(shell, workspace, overrides)
    }

    fn prepare<const N: usize>(
        mut command: Command,
        workspace: impl Workspace,
        overrides: [(&str, &str); N],
    ) -> Command {
        command.current_dir(workspace.folder()).env_clear();
        command.env("DATABASE_URL", workspace.database_url()).envs(variables(overrides));
        command
    }

    /// Starts the service, and waits until it listens.
    pub fn serve<const N: usize>(workspace: impl Workspace, overrides: [(&str, &str); N]) -> Self {
        Self::start(Self::command(workspace, overrides))
    }

    /// Starts the service with a prepared command, and waits until it listens.
    pub fn start(command: Command) -> Self {
        // The log is always read to its end, because a full pipe drops lines.
        Self::start_with_reader(command, || true)
    }

    /// Starts the service with a prepared command, and waits until it listens. Then calls `read_on`,
    /// which can pause the reader of the log. If it returns false, closes the pipe.
    pub fn start_with_reader(
        mut command: Command,
        read_on: impl FnOnce() -> bool + Send + 'static,
    ) -> Self {
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (url_sender, url) = mpsc::channel();
        let (log_sender, log) = mpsc::channel();
        thread::spawn(move || {
            let (mut log, mut read_on) = (String::new(), Some(read_on));
            for line in lines {
                let line = line.unwrap();
                let url = logged_url(&line);
                log = log + &line + "\n";
                if let Some(url) = url {
                    drop(url_sender.send(url));
                    if read_on.take().is_some_and(|read_on| !read_on()) {
                        break;
                    }
                }
            }
            drop(log_sender.send(log));
        });
        let Ok(url) = url.recv_timeout(TEST_TIMEOUT) else {
            drop(child.kill());
            panic!("the service does not log its address:\n{}", log.recv().unwrap());
        };
        Self { url, child, log }
    }

    /// Runs a command to its end, and returns its output.
    pub fn run<const N: usize>(
        workspace: impl Workspace,
        overrides: [(&str, &str); N],
        arguments: &[&str],
    ) -> Output {
        Self::output(Self::command(workspace, overrides).args(arguments))
    }

    /// Returns whether the program has a command with these options. The command is not run.
    pub fn has_command(arguments: &[&str]) -> bool {
        let help = Self::run(Path::new("."), [], &[arguments, &["--help"]].concat());
        help.status.success()
    }

    /// Runs a prepared command to its end, and returns its output.
    pub fn output(command: &mut Command) -> Output {
        Self::output_within(command, TEST_TIMEOUT)
    }

    /// Runs a prepared command to its end, and returns its output. Panics after a timeout.
    pub fn output_within(command: &mut Command, limit: Duration) -> Output {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let pid = child.id();
        let (sender, output) = mpsc::channel();
        thread::spawn(move || drop(sender.send(child.wait_with_output())));
        let Ok(output) = output.recv_timeout(limit) else {
            signal(pid, "KILL");
            panic!("{command:?} does not end");
        };
        let output = output.unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        // Only log lines are checked: other lines can quote the arguments of the command.
        let log = stderr.lines().filter(|line| line.starts_with("{\"timestamp\""));
        log.for_each(log_guard::assert_not_personal);
        output
    }

    /// Returns the current and the peak memory use in bytes (Linux only).
    pub fn memory(&self) -> (usize, usize) {
        let process = self.child.id();
        (memory(process, "VmRSS:").unwrap(), memory(process, "VmHWM:").unwrap())
    }

    /// Returns how much the peak memory use exceeds a memory use that was measured before, in bytes.
    /// Linux counts pages inexactly, so that a peak can be a little lower than an earlier use.
    pub fn peak_growth(&self, before: usize) -> usize {
        self.memory().1.saturating_sub(before)
    }

    /// Returns the name and the nice value of each thread (Linux only).
    pub fn thread_priorities(&self) -> Vec<(String, i32)> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let priority = |task: io::Result<fs::DirEntry>| {
            // A thread can end meanwhile.
            let stat = fs::read_to_string(task.ok()?.path().join("stat")).ok()?;
            let (name, values) = stat.split_once('(')?.1.rsplit_once(')')?;
            Some((name.to_owned(), values.split_whitespace().nth(16)?.parse().ok()?))
        };
        tasks.filter_map(priority).collect()
    }

    /// Limits the size of the files that the process writes, in bytes. `None` removes the limit.
    pub fn limit_files(&self, bytes: Option<usize>) {
        let (pid, size) = (self.child.id(), bytes.map_or("unlimited".into(), |it| it.to_string()));
        let mut limit = Command::new("prlimit");
        limit.arg(format!("--pid={pid}")).arg(format!("--fsize={size}:"));
        assert!(limit.status().unwrap().success(), "{limit:?}");
    }

    /// Kills the process (`kill -9`) and waits for its end.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        signal(self.child.id(), "TERM");
    }

    /// Sends SIGINT, as a terminal does for Ctrl-C.
    pub fn interrupt(&self) {
        signal(self.child.id(), "INT");
    }

    /// Pauses the process, whose connections stay open. Returns when all of its threads have
    /// stopped, because on a busy machine they can run on for a while after the signal.
    pub fn freeze(&self) {
        let pid = self.child.id();
        signal(pid, "STOP");
        let deadline = Instant::now() + TEST_TIMEOUT;
        while !is_stopped(pid) {
            assert!(Instant::now() < deadline, "the process stops");
            thread::yield_now();
        }
    }

    /// Sends SIGCONT: a paused process continues.
    pub fn thaw(&self) {
        signal(self.child.id(), "CONT");
    }

    /// Waits for the end, also while the log is not read, and returns the exit status.
    pub fn wait_for_exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TEST_TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the process ends");
            thread::yield_now();
        }
    }

    /// Waits for the end, and returns the exit status and the log.
    pub fn wait(mut self) -> (ExitStatus, String) {
        // The log ends when the process does.
        let log = self.log.recv_timeout(TEST_TIMEOUT).expect("the process ends");
        log_guard::assert_not_personal(&log);
        (self.child.wait().unwrap(), log)
    }
}

/// Runs a command until its output is final, and returns that output. Some commands and checks have
/// time limits that no setting extends, and a busy machine can reach them.
pub fn repeated(run: impl Fn() -> Output, is_final: impl Fn(&Output) -> bool) -> Output {
    let deadline = Instant::now() + TEST_TIMEOUT;
    loop {
        let output = run();
        if is_final(&output) || Instant::now() > deadline {
            return output;
        }
    }
}

/// Runs a command until it succeeds, see [`repeated`].
pub fn repeated_until_success(run: impl Fn() -> Output) -> Output {
    repeated(run, |output| output.status.success())
}

/// Returns the URL in a log line, in JSON or plain format.
fn logged_url(line: &str) -> Option<String> {
    let fields: Value = serde_json::from_str(line).unwrap_or_default();
    let plain = || line.split_once(" url=\"").and_then(|(_, rest)| Some(rest.split_once('"')?.0));
    fields["url"].as_str().or_else(plain).map(str::to_owned)
}

/// Returns the peak memory use of a process in bytes, or 0 after its end (Linux only).
pub fn peak_memory(pid: u32) -> usize {
    memory(pid, "VmHWM:").unwrap_or_default()
}

fn memory(pid: u32, name: &str) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? * 1024)
}

/// Returns whether every thread of a process has stopped. Where threads cannot be listed (only Linux
/// lists them), returns true.
fn is_stopped(pid: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return true };
    threads.flatten().all(|thread| {
        let state = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The name in parentheses comes before the state, and can contain anything.
        state.rsplit_once(')').is_none_or(|(_, rest)| rest.trim_start().starts_with('T'))
    })
}

fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(sent.unwrap().success(), "kill -{name} {pid}");
}

impl Drop for Process {
    fn drop(&mut self) {
        // `kill` fails if the process has ended.
        drop(self.child.kill());
        drop(self.child.wait());
        // The log of a process without `wait` has not been checked yet.
        if let Ok(log) = self.log.recv_timeout(TEST_TIMEOUT)
            && !thread::panicking()
        {
            log_guard::assert_not_personal(&log);
        }
    }
}

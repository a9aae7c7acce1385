//! The program itself, as an operator runs it: for signals, exit codes and crashes.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::Value;

use super::{Database, database, hush, variables};

/// How long a process may take for what it is waited for. Generous: it is there to end a test that
/// would hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the program is run, and on which database.
pub trait Home: Copy {
    fn folder(&self) -> &Path;
    fn database_url(&self) -> String;
}

/// A folder alone, for what does not come to a database; the one that it names is a file.
impl Home for &Path {
    fn folder(&self) -> &Path {
        self
    }

    fn database_url(&self) -> String {
        database::sqlite_url(self)
    }
}

impl Home for &Database {
    fn folder(&self) -> &Path {
        Database::folder(self)
    }

    fn database_url(&self) -> String {
        self.url().to_owned()
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_meetvo");

/// `meetvo serve`. Killed when it is dropped.
pub struct Process {
    pub url: String,
    child: Child,
    log: Receiver<String>,
}

impl Process {
    /// The program with nothing in its environment but these settings.
    pub fn command<const N: usize>(home: impl Home, differ: [(&str, &str); N]) -> Command {
        Self::prepare(Command::new(PROGRAM), home, differ)
    }

    /// The same, in a shell that has set limits before: `ulimit -f 100`.
    pub fn limited<const N: usize>(
        limits: &str,
        home: impl Home,
        differ: [(&str, &str); N],
    ) -> Command {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("{limits}; exec \"$0\" \"$@\""), PROGRAM]);
        Self::prepare(shell, home, differ)
    }

    fn prepare<const N: usize>(
        mut command: Command,
        home: impl Home,
        differ: [(&str, &str); N],
    ) -> Command {
        command.current_dir(home.folder()).env_clear();
        command.env("DATABASE_URL", home.database_url()).envs(variables(differ));
        command
    }

    /// Starts the service and waits until it listens.
    pub fn serve<const N: usize>(home: impl Home, differ: [(&str, &str); N]) -> Self {
        Self::start(Self::command(home, differ))
    }

    /// Starts the service with a command that was made for it.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, told) = mpsc::channel();
        let (hand_over, log) = mpsc::channel();
        // Read to the end, whoever asks for it: a full pipe would hold the service up.
        thread::spawn(move || {
            let mut log = String::new();
            for line in lines {
                let line = line.unwrap();
                if let Some(url) = told_url(&line) {
                    drop(tell.send(url));
                }
                log = log + &line + "\n";
            }
            drop(hand_over.send(log));
        });
        let Ok(url) = told.recv_timeout(PATIENCE) else {
            drop(child.kill());
            panic!("it does not say where it listens:\n{}", log.recv().unwrap());
        };
        Self { url, child, log }
    }

    /// Runs a command to its end.
    pub fn run<const N: usize>(
        home: impl Home,
        differ: [(&str, &str); N],
        words: &[&str],
    ) -> Output {
        Self::finish(Self::command(home, differ).args(words))
    }

    /// Whether the program knows a command with its options. It is not run.
    pub fn knows(words: &[&str]) -> bool {
        let asked = Self::run(Path::new("."), [], &[words, &["--help"]].concat());
        asked.status.success()
    }

    /// Waits for the end of a command that does not go on for ever.
    pub fn finish(command: &mut Command) -> Output {
        Self::finish_within(command, PATIENCE)
    }

    /// The same, of one that may take longer.
    pub fn finish_within(command: &mut Command, patience: Duration) -> Output {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let pid = child.id();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || drop(tell.send(child.wait_with_output())));
        let Ok(output) = told.recv_timeout(patience) else {
            signal(pid, "KILL");
            panic!("{command:?} does not end");
        };
        let output = output.unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        // What is not of the log answers somebody's own words.
        told.lines().filter(|line| line.starts_with("{\"timestamp\"")).for_each(hush::check);
        output
    }

    /// What it holds in memory now, and what it held at the most, in bytes. Linux alone tells.
    pub fn memory(&self) -> (usize, usize) {
        let process = self.child.id();
        (memory(process, "VmRSS:").unwrap(), memory(process, "VmHWM:").unwrap())
    }

    /// No file that it writes may grow beyond so many bytes; or, with none, any may.
    pub fn limit_files(&self, bytes: Option<usize>) {
        let (pid, size) = (self.child.id(), bytes.map_or("unlimited".into(), |it| it.to_string()));
        let mut limit = Command::new("prlimit");
        limit.arg(format!("--pid={pid}")).arg(format!("--fsize={size}:"));
        assert!(limit.status().unwrap().success(), "{limit:?}");
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `kill -TERM`
    pub fn terminate(&self) {
        signal(self.child.id(), "TERM");
    }

    /// `kill -INT`: what a terminal sends for Ctrl-C
    pub fn interrupt(&self) {
        signal(self.child.id(), "INT");
    }

    /// `kill -STOP`: all of it stands still, and its connections stay
    pub fn freeze(&self) {
        signal(self.child.id(), "STOP");
    }

    /// `kill -CONT`: it goes on where it stood
    pub fn thaw(&self) {
        signal(self.child.id(), "CONT");
    }

    /// Waits for the end; the exit status, and the whole log.
    pub fn wait(mut self) -> (ExitStatus, String) {
        // The log ends when the process does.
        let log = self.log.recv_timeout(PATIENCE).expect("it ends");
        hush::check(&log);
        (self.child.wait().unwrap(), log)
    }
}

/// Where it says that it listens, in a line for programs or for people.
fn told_url(line: &str) -> Option<String> {
    let fields: Value = serde_json::from_str(line).unwrap_or_default();
    let plain = || line.split_once(" url=\"").and_then(|(_, rest)| Some(rest.split_once('"')?.0));
    fields["url"].as_str().or_else(plain).map(str::to_owned)
}

/// What a process held in memory at the most, in bytes; 0 where it is gone. Linux alone tells.
pub fn resident(pid: u32) -> usize {
    memory(pid, "VmHWM:").unwrap_or_default()
}

fn memory(pid: u32, name: &str) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? * 1024)
}

fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(sent.unwrap().success(), "kill -{name} {pid}");
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails where it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
        // Nobody has asked for it, so nobody has looked at it.
        if let Ok(log) = self.log.recv_timeout(PATIENCE)
            && !thread::panicking()
        {
            hush::check(&log);
        }
    }
}

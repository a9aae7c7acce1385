//! The program itself, as an operator runs it: for signals, exit codes and crashes.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
};

use serde_json::Value;

use super::variables;

/// `meetvo serve` on a database of its own. Killed when it is dropped.
pub struct Process {
    pub url: String,
    child: Child,
    log: Option<JoinHandle<String>>,
}

impl Process {
    /// The program with nothing in its environment but these settings.
    pub fn command<const N: usize>(folder: &Path, differ: [(&str, &str); N]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meetvo"));
        let url = format!("sqlite:{}", folder.join("meetvo.db").display());
        command.current_dir(folder).env_clear().env("DATABASE_URL", url).envs(variables(differ));
        command
    }

    /// Starts the service and waits until it listens.
    pub fn serve<const N: usize>(folder: &Path, differ: [(&str, &str); N]) -> Self {
        let mut command = Self::command(folder, differ);
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, told) = mpsc::channel();
        // Read to the end, whoever asks for it: a full pipe would hold the service up.
        let log = thread::spawn(move || {
            let mut log = String::new();
            for line in lines {
                let line = line.unwrap();
                let fields: Value = serde_json::from_str(&line).unwrap_or_default();
                if let Some(url) = fields["url"].as_str() {
                    tell.send(url.to_owned()).unwrap();
                }
                log = log + &line + "\n";
            }
            log
        });
        let url = told.recv().expect("it says where it listens");
        Self { url, child, log: Some(log) }
    }

    /// Runs a command to its end.
    pub fn run<const N: usize>(folder: &Path, differ: [(&str, &str); N], words: &[&str]) -> Output {
        Self::command(folder, differ).args(words).output().unwrap()
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `kill -TERM`
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits for the end; the exit status, and the whole log.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let log = self.log.take().unwrap().join().unwrap();
        (self.child.wait().unwrap(), log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails where it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

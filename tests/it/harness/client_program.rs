//! Programs that use the HTTP API: clients and examples in other languages.

use std::{
    io::{BufRead, BufReader, pipe},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output},
    sync::mpsc,
    thread,
};

use tokio::task::{block_in_place, spawn_blocking};

use super::{KEY, Process, Service, TEST_TIMEOUT, repository};

/// Builds a part of `tests/clients/install` if it has changed, and returns the folder with it.
pub async fn client_folder(part: &str) -> PathBuf {
    let mut install = Command::new(repository::path("tests/clients/install"));
    install.arg(part);
    let (output, text) = finish(install).await;
    assert!(output.status.success(), "{text}");
    Path::new(String::from_utf8(output.stdout).unwrap().trim()).to_owned()
}

/// Runs a program that reads from a service to its end. Returns whether it succeeded, and what it
/// wrote.
pub async fn run_client(command: Command, service: &Service) -> (bool, String) {
    let (output, text) = finish(reading_from(service, command)).await;
    (output.status.success(), text)
}

async fn finish(mut command: Command) -> (Output, String) {
    let output = spawn_blocking(move || Process::output_within(&mut command, TEST_TIMEOUT));
    let output = output.await.unwrap();
    let text = [&*output.stdout, &*output.stderr].concat();
    (output, String::from_utf8(text).unwrap())
}

/// Sets the variables with which a program reads from a service. No proxy is between them.
pub fn reading_from(service: &Service, mut command: Command) -> Command {
    command
        .env("NO_PROXY", "127.0.0.1")
        .env("MEETVO_URL", &service.url)
        .env("MEETVO_API_KEY", KEY)
        .env("NEXT_TELEMETRY_DISABLED", "1");
    command
}

/// Running application, which is killed on drop with the processes that it started.
pub struct ClientProgram {
    pub url: String,
    child: Child,
}

impl ClientProgram {
    /// Starts an application, and waits until it prints its address.
    pub fn start(mut command: Command) -> Self {
        let (reader, writer) = pipe().unwrap();
        command.stdout(writer.try_clone().unwrap()).stderr(writer).process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        // The command keeps the writer open, and the log must end with the application.
        drop(command);
        let (sender, address) = mpsc::channel();
        // The log is always read to its end, because a full pipe would block the application.
        let log = thread::spawn(move || {
            let mut log = String::new();
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                if let Some(url) = printed_url(&line) {
                    drop(sender.send(url));
                }
                log = log + &line + "\n";
            }
            log
        });
        let mut program = Self { url: String::new(), child };
        let Ok(url) = block_in_place(|| address.recv_timeout(TEST_TIMEOUT)) else {
            drop(program);
            panic!("the application prints no address:\n{}", log.join().unwrap());
        };
        program.url = url;
        program
    }
}

/// Returns the address in a line such as `listening on http://127.0.0.1:3000 (…)`.
fn printed_url(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("http://127.0.0.1:")?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("http://127.0.0.1:{port}"))
}

impl Drop for ClientProgram {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        drop(Command::new("kill").args(["-KILL", "--", &group]).status());
        drop(self.child.wait());
    }
}

//! Files, folders and NDJSON → payloads.

use std::{
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::Failure;

/// A body to send.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    /// The file, and the line where it has several.
    pub(super) name: String,
    /// The `svix-id` that it was delivered under, where it came with one.
    pub(super) own_id: Option<String>,
    /// As it is sent.
    pub(super) body: String,
    /// The same, taken apart; none where it is not JSON.
    pub(super) json: Option<Value>,
}

/// A line of `clerk webhooks listen --json`.
#[derive(Deserialize)]
struct Listened {
    svix_id: Option<String>,
    body_b64: String,
}

/// Reads every payload, those of a folder in the order of their paths.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Payload>, Failure> {
    let mut payloads = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut lines = String::new();
            stdin().read_to_string(&mut lines).map_err(|error| unreadable(path, &error))?;
            read_lines(path, &lines, &mut payloads)?;
        } else {
            read_path(path, &mut payloads)?;
        }
    }
    if payloads.is_empty() {
        return Err(Failure::NoPayloads);
    }
    Ok(payloads)
}

fn read_path(path: &Path, into: &mut Vec<Payload>) -> Result<(), Failure> {
    if path.is_dir() {
        let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.map_err(|error| unreadable(path, &error))?;
        let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        let payload = |path: &PathBuf| path.is_dir() || is_json(path) || is_ndjson(path);
        return paths.iter().filter(|path| payload(path)).try_for_each(|it| read_path(it, into));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    if is_ndjson(path) {
        return read_lines(path, &text, into);
    }
    into.push(Payload::new(path.display().to_string(), None, text));
    Ok(())
}

fn read_lines(path: &Path, lines: &str, into: &mut Vec<Payload>) -> Result<(), Failure> {
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let name = format!("{}:{number}", path.display());
        into.push(match serde_json::from_str::<Listened>(line) {
            Err(_) => Payload::new(name, None, line.to_owned()),
            Ok(listened) => {
                let body = decode(&listened.body_b64).ok_or_else(|| Failure::Payload {
                    name: name.clone(),
                    problem: "body_b64 is not base64 of text".to_owned(),
                })?;
                Payload::new(name, listened.svix_id, body)
            }
        });
    }
    Ok(())
}

impl Payload {
    fn new(name: String, own_id: Option<String>, body: String) -> Self {
        let json = serde_json::from_str(&body).ok();
        Self { name, own_id, body, json }
    }
}

fn decode(base64: &str) -> Option<String> {
    String::from_utf8(BASE64_STANDARD.decode(base64).ok()?).ok()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Payload { name: path.display().to_string(), problem: error.to_string() }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

fn is_ndjson(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl")
}

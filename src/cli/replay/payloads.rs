//! Reads payloads from files, folders and NDJSON.

use std::{
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::{CommandError, fixtures};

/// The body of an event.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    /// Path of the file, with the line number in an NDJSON file.
    pub(super) name: String,
    /// Message ID (`svix-id`) of the original delivery, if it is known.
    pub(super) message_id: Option<String>,
    /// Body, byte for byte.
    pub(super) body: String,
    /// Parsed body; `None` if it is not JSON.
    pub(super) json: Option<Value>,
}

/// A line that `clerk webhooks listen --json` prints: a delivery, or a state of its connection.
#[derive(Deserialize)]
struct ListenLine {
    #[serde(rename = "type")]
    kind: Option<String>,
    svix_id: Option<String>,
    body_b64: Option<String>,
}

/// Reads all payloads. The files of a folder are read in the order of their paths. A path that does
/// not exist can name fixtures of the program. No path stands for all fixtures.
///
/// # Errors
/// Returns an error if a path cannot be read, if a relayed body is not base64 of text, or if there
/// is no payload.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Payload>, CommandError> {
    let mut payloads = Vec::new();
    if paths.is_empty() {
        read_fixtures(fixtures::all(), &mut payloads)?;
    }
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
        return Err(CommandError::NoPayloads);
    }
    Ok(payloads)
}

fn read_fixtures(
    fixtures: impl Iterator<Item = (&'static str, &'static str)>,
    into: &mut Vec<Payload>,
) -> Result<(), CommandError> {
    for (name, text) in fixtures {
        into.extend(parse(name.to_owned(), text)?);
    }
    Ok(())
}

fn read_path(path: &Path, into: &mut Vec<Payload>) -> Result<(), CommandError> {
    if !path.exists() && fixtures::at(path).next().is_some() {
        return read_fixtures(fixtures::at(path), into);
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.map_err(|error| unreadable(path, &error))?;
        let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        let is_payload = |path: &PathBuf| path.is_dir() || is_json(path) || is_ndjson(path);
        return paths.iter().filter(|path| is_payload(path)).try_for_each(|it| read_path(it, into));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    if is_ndjson(path) {
        return read_lines(path, &text, into);
    }
    into.extend(parse(path.display().to_string(), &text)?);
    Ok(())
}

fn read_lines(path: &Path, lines: &str, into: &mut Vec<Payload>) -> Result<(), CommandError> {
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        into.extend(parse(format!("{}:{number}", path.display()), line)?);
    }
    Ok(())
}

/// Returns the payload in a text; `None` for a line about the connection of
/// `clerk webhooks listen`.
fn parse(name: String, text: &str) -> Result<Option<Payload>, CommandError> {
    let (message_id, body) = match serde_json::from_str(text) {
        Ok(ListenLine { body_b64: Some(body), svix_id, .. }) => {
            let body = decode_base64(&body).ok_or_else(|| CommandError::Payload {
                name: name.clone(),
                problem: "body_b64 must be the base64 of UTF-8 text".to_owned(),
            })?;
            (svix_id, body)
        }
        Ok(ListenLine { kind: Some(kind), .. }) if ["ready", "reconnecting"].contains(&&*kind) => {
            return Ok(None);
        }
        _ => (None, text.to_owned()),
    };
    let json = serde_json::from_str(&body).ok();
    Ok(Some(Payload { name, message_id, body, json }))
}

fn decode_base64(base64: &str) -> Option<String> {
    String::from_utf8(BASE64_STANDARD.decode(base64).ok()?).ok()
}

fn unreadable(path: &Path, error: &std::io::Error) -> CommandError {
    let problem = format!("cannot be read: {error}");
    CommandError::Payload { name: path.display().to_string(), problem }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

fn is_ndjson(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl")
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use serde_json::{Value, json};

    use super::{Payload, read};

    /// Creates a folder with files and reads its payloads.
    fn read_folder(files: &[(&str, &str)]) -> Result<Vec<Payload>, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        read(&[folder.path().to_owned()]).map_err(|error| error.to_string())
    }

    fn delivery(id: &str, body: &str) -> String {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let body = BASE64_STANDARD.encode(body);
        json!({
            "type": "event", "svix_id": id, "event_type": "user.created",
            "headers": { "svix-id": id, "svix-timestamp": "1" }, "body_b64": body,
            "forward_status": 200, "latency_ms": 3,
        })
        .to_string()
    }

    fn bodies(payloads: &[Payload]) -> Vec<(Option<&str>, &str)> {
        payloads.iter().map(|it| (it.message_id.as_deref(), &*it.body)).collect()
    }

    #[test]
    fn folder_is_read_in_path_order() {
        let files = [
            ("b/2.json", "2"),
            ("b/1.json", "1"),
            ("c.jsonl", "{\"c\":1}\n\n {\"c\":2}\r\n"),
            ("a.ndjson", "no JSON"),
            ("README.md", "# nothing to send"),
        ];
        let payloads = read_folder(&files).unwrap();
        let expected = ["no JSON", "1", "2", "{\"c\":1}", " {\"c\":2}"].map(|body| (None, body));
        assert_eq!(bodies(&payloads), expected);
        assert_eq!((&payloads[0].json, &payloads[1].json), (&None, &Some(Value::from(1))));
        assert!(payloads[4].name.ends_with("c.jsonl:3"), "{}", payloads[4].name);
    }

    #[test]
    fn relayed_deliveries_keep_their_message_ids() {
        let (one, two) = (delivery("msg_1", "{\"a\": 1}"), delivery("msg_2", "é"));
        let ready = r#"{"type":"ready","relay_url":"https://play.svix.com/in/c_1/"}"#;
        let lines = [ready, &one, r#"{"type":"reconnecting"}"#, &two].join("\n");
        let payloads = read_folder(&[("a.ndjson", &lines), ("b.json", &one)]).unwrap();
        let one = (Some("msg_1"), "{\"a\": 1}");
        assert_eq!(bodies(&payloads), [one, (Some("msg_2"), "é"), one]);
    }

    #[test]
    fn unreadable_payload_is_named() {
        let error = read(&[PathBuf::from("nowhere/a.json")]).unwrap_err().to_string();
        assert!(error.starts_with("nowhere/a.json: "), "{error}");
        let error = read_folder(&[("a.ndjson", "{}\n{\"body_b64\":\"!\"}")]).unwrap_err();
        assert!(
            error.ends_with("a.ndjson:2: body_b64 must be the base64 of UTF-8 text"),
            "{error}"
        );
        let error = read_folder(&[("a.txt", "{}")]).unwrap_err();
        assert!(error.starts_with("the given paths contain no payloads"), "{error}");
    }
}

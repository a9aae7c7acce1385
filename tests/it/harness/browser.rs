//! A page in a browser: Chromium, told what to do in its debugging protocol, over a pair of pipes.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{sleep, timeout},
};

use super::repository;

/// How long something may take until the page shows it. Generous: it is there to end a test that
/// would hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// A page. Closed when it is dropped, with its browser.
pub struct Page {
    browser: Child,
    to: File,
    from: UnboundedReceiver<Value>,
    session: Option<String>,
    calls: u64,
    /// What went wrong in the page, or was kept from it by its policy.
    pub complaints: Vec<String>,
    _folder: TempDir,
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.browser.kill());
        drop(self.browser.wait());
    }
}

impl Page {
    /// A browser that nobody used before, at an address.
    pub async fn open(address: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [down, up] = ["down", "up"].map(|name| folder.path().join(name));
        assert!(Command::new("mkfifo").args([&down, &up]).status().unwrap().success());
        let browser = Command::new("/bin/sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<down 4>up"])
            .arg(program())
            .args(["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"])
            // The pages are ours, and it has no sandbox to offer where it runs as root.
            .args(["--no-sandbox", "--disable-dev-shm-usage", "--user-data-dir=profile"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Each waits for the other end, in the order of the shell's.
        let to = OpenOptions::new().write(true).open(down).unwrap();
        let messages = BufReader::new(File::open(up).unwrap()).split(0);
        let (hear, from) = unbounded_channel();
        thread::spawn(move || {
            for message in messages.map_while(Result::ok) {
                drop(hear.send(serde_json::from_slice(&message).unwrap()));
            }
        });
        let (session, complaints) = (None, Vec::new());
        let mut page = Self { browser, to, from, session, calls: 0, complaints, _folder: folder };
        page.attach(address).await;
        page
    }

    async fn attach(&mut self, address: &str) {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" })).await;
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", target).await;
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log"] {
            self.call(&format!("{domain}.enable"), json!({})).await;
        }
        self.go(address).await;
    }

    /// Goes to an address.
    pub async fn go(&mut self, address: &str) {
        self.call("Page.navigate", json!({ "url": address })).await;
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method });
        message["params"] = params;
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let heard = timeout(PATIENCE, self.from.recv()).await.expect("the browser answers");
            let mut heard = heard.expect("the browser is there");
            if heard["id"] == self.calls {
                assert_eq!(heard["error"], Value::Null, "{method}");
                return heard["result"].take();
            }
            self.hear(&heard);
        }
    }

    /// Notes what went wrong. That an answer was a refusal is the page's to deal with.
    fn hear(&mut self, event: &Value) {
        let params = &event["params"];
        let entry = &params["entry"];
        let is_wrong = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => params["type"] == "error",
            Some("Log.entryAdded") => entry["level"] == "error" && entry["source"] != "network",
            _ => false,
        };
        self.complaints.extend(Some(params.to_string()).filter(|_| is_wrong));
    }

    /// What an expression comes to in the page.
    pub async fn ask(&mut self, expression: &str) -> Value {
        let how = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", how).await;
        assert_eq!(answer["exceptionDetails"], Value::Null, "{expression}");
        answer["result"]["value"].take()
    }

    /// Waits until an expression comes to something.
    pub async fn until(&mut self, expression: &str) -> Value {
        let seen = timeout(PATIENCE, async {
            loop {
                let value = self.ask(expression).await;
                if !matches!(value, Value::Null | Value::Bool(false)) {
                    return value;
                }
                sleep(Duration::from_millis(20)).await;
            }
        });
        let seen = seen.await.ok();
        match seen {
            Some(value) => value,
            None => panic!("not {expression}:\n{}", self.text().await),
        }
    }

    /// Waits until a text can be read on the page.
    pub async fn reads(&mut self, text: &str) {
        let text = json!(text);
        self.until(&format!("document.body?.innerText.includes({text})")).await;
    }

    /// All that can be read on the page.
    pub async fn text(&mut self) -> String {
        let text = self.ask("document.body?.innerText ?? ''").await;
        text.as_str().unwrap().to_owned()
    }

    /// Types a text where the page has its focus.
    pub async fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    /// Presses a key: `Enter`, `/`.
    pub async fn press(&mut self, key: &str) {
        let (text, code) = match key {
            "Enter" => ("\r", 13),
            key if key.chars().count() == 1 => (key, 0),
            _ => ("", 0),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let pressed =
                json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", pressed).await;
        }
    }

    /// Waits for a link or a button with this text, and presses the first.
    pub async fn click(&mut self, text: &str) {
        let text = json!(text);
        let found = format!(
            "[...document.querySelectorAll('main a, main button, header a, header button')]\
             .find((it) => it.textContent.trim() === {text} && it.checkVisibility())",
        );
        self.until(&format!("Boolean({found})")).await;
        self.ask(&format!("{found}.click()")).await;
    }

    /// Shows the page in a theme, `light` or `dark`, and a width.
    pub async fn show(&mut self, theme: &str, width: u32) {
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size).await;
    }
}

/// The browser, which is installed where it is missing.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let found = Command::new(repository::path("tests/browser/install")).output().unwrap();
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8(found.stdout).unwrap().trim().into()
    })
}

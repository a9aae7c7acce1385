//! Page in Chromium, controlled with the `DevTools` protocol over a pair of pipes.

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

use super::{TEST_TIMEOUT, repository};

/// Open page. The page and its browser are closed on drop.
pub struct BrowserPage {
    browser: Child,
    to: File,
    messages: UnboundedReceiver<Value>,
    session: Option<String>,
    /// ID of the last command.
    calls: u64,
    /// Exceptions, logged errors and violations of the content security policy.
    pub errors: Vec<String>,
    _folder: TempDir,
}

impl Drop for BrowserPage {
    fn drop(&mut self) {
        drop(self.browser.kill());
        drop(self.browser.wait());
    }
}

impl BrowserPage {
    /// Opens an address in a browser with a new profile.
    pub async fn open(address: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [down, up] = ["down", "up"].map(|name| folder.path().join(name));
        assert!(Command::new("mkfifo").args([&down, &up]).status().unwrap().success());
        let browser = Command::new("/bin/sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<down 4>up"])
            .arg(program())
            .args(["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"])
            // The pages are trusted, and as root Chromium has no sandbox.
            .args(["--no-sandbox", "--disable-dev-shm-usage", "--user-data-dir=profile"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Opening a pipe waits for the other end, so the order must be that of the shell.
        let to = OpenOptions::new().write(true).open(down).unwrap();
        let received = BufReader::new(File::open(up).unwrap()).split(0);
        let (sender, messages) = unbounded_channel();
        thread::spawn(move || {
            for message in received.map_while(Result::ok) {
                drop(sender.send(serde_json::from_slice(&message).unwrap()));
            }
        });
        let (session, errors) = (None, Vec::new());
        let mut page = Self { browser, to, messages, session, calls: 0, errors, _folder: folder };
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
        self.navigate(address).await;
    }

    /// Navigates to an address.
    pub async fn navigate(&mut self, address: &str) {
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
            let received = timeout(TEST_TIMEOUT, self.messages.recv()).await;
            let received = received.expect("the browser answers in time");
            let mut message = received.expect("the browser is running");
            if message["id"] == self.calls {
                assert_eq!(message["error"], Value::Null, "{method}");
                return message["result"].take();
            }
            self.record_error(&message);
        }
    }

    /// Records an event if it is an error. Error statuses of responses are left out, because the
    /// page handles them.
    fn record_error(&mut self, event: &Value) {
        let params = &event["params"];
        let entry = &params["entry"];
        let is_error = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => params["type"] == "error",
            Some("Log.entryAdded") => entry["level"] == "error" && entry["source"] != "network",
            _ => false,
        };
        self.errors.extend(Some(params.to_string()).filter(|_| is_error));
    }

    /// Returns the value of an expression in the page.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let options =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", options).await;
        assert_eq!(answer["exceptionDetails"], Value::Null, "{expression}");
        answer["result"]["value"].take()
    }

    /// Waits until an expression is neither null nor false, and returns its value.
    pub async fn wait_until(&mut self, expression: &str) -> Value {
        let seen = timeout(TEST_TIMEOUT, async {
            loop {
                let value = self.evaluate(expression).await;
                if !matches!(value, Value::Null | Value::Bool(false)) {
                    return value;
                }
                sleep(Duration::from_millis(20)).await;
            }
        });
        let seen = seen.await.ok();
        match seen {
            Some(value) => value,
            None => panic!("timeout of {expression}:\n{}", self.text().await),
        }
    }

    /// Waits until the page shows a text.
    pub async fn wait_for_text(&mut self, text: &str) {
        let text = json!(text);
        self.wait_until(&format!("document.body?.innerText.includes({text})")).await;
    }

    /// Returns the text of the page.
    pub async fn text(&mut self) -> String {
        let text = self.evaluate("document.body?.innerText ?? ''").await;
        text.as_str().unwrap().to_owned()
    }

    /// Types a text into the focused element.
    pub async fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    /// Presses a key, such as `Enter` or `/`.
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

    /// Waits until all parts of the page are loaded.
    pub async fn wait_for_parts(&mut self) {
        self.wait_until("document.querySelector('[aria-busy]') === null").await;
    }

    /// Waits for a link or a button with a text, and clicks the first one.
    pub async fn click(&mut self, text: &str) {
        self.wait_until(&click(text)).await;
    }

    /// Clicks a button with a text, and then the button that confirms it. A confirmation is offered for
    /// a few seconds only, so that the first button is clicked again if they have passed.
    pub async fn confirm(&mut self, text: &str, confirmation: &str) {
        let (confirm, begin) = (click(confirmation), click(text));
        self.wait_until(&format!("{confirm} || ({begin}, false)")).await;
    }

    /// Sets the theme (`light` or `dark`) and the width in pixels.
    pub async fn set_appearance(&mut self, theme: &str, width: u32) {
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size).await;
    }
}

/// Returns the path of the browser, after installing it if it is missing.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let found = Command::new(repository::path("tests/browser/install")).output().unwrap();
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8(found.stdout).unwrap().trim().into()
    })
}

/// Returns an expression that clicks the first link or button with a text, and tells whether there is one.
fn click(text: &str) -> String {
    let text = json!(text);
    format!(
        "[...document.querySelectorAll('main a, main button, header a, header button')]\
         .filter((it) => it.textContent.trim() === {text} && it.checkVisibility())\
         .slice(0, 1).map((it) => it.click()).length > 0",
    )
}

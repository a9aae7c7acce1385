//! One who listens to a stream of server-sent events, as a browser does.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tokio::time::timeout;

/// Longer than anything takes: what does not come by then does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream that is open.
pub struct Listener {
    response: Response,
    /// What came and was not read yet.
    text: String,
    /// The id to come back with.
    pub last_id: String,
}

impl Listener {
    /// Opens a stream, and reads up to where it has begun.
    pub async fn open(request: RequestBuilder) -> Self {
        let response = request.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut listener = Self { response, text: String::new(), last_id: String::new() };
        let hello = listener.block().await.unwrap();
        assert!(hello.contains("retry: "), "{hello}");
        listener
    }

    /// The next change; none where the stream ends.
    pub async fn next(&mut self) -> Option<Value> {
        timeout(PATIENCE, self.next_change()).await.expect("a change comes, or the end")
    }

    /// Waits for whatever comes next, a heartbeat at the latest.
    pub async fn wait(&mut self) {
        let block = timeout(PATIENCE, self.block()).await.expect("a heartbeat comes");
        assert!(block.is_some(), "it has ended");
    }

    async fn next_change(&mut self) -> Option<Value> {
        loop {
            let block = self.block().await?;
            let data = block.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(data) = data {
                assert!(block.contains("event: change\n"), "{block}");
                let change: Value = serde_json::from_str(data).unwrap();
                assert_eq!(change["cursor"], self.last_id.as_str());
                return Some(change);
            }
        }
    }

    /// The next lines up to an empty one.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                if let Some(id) = block.lines().find_map(|line| line.strip_prefix("id: ")) {
                    id.clone_into(&mut self.last_id);
                }
                return Some(block);
            }
            // A service that is killed ends its streams in the middle.
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(str::from_utf8(&chunk).unwrap());
        }
    }
}

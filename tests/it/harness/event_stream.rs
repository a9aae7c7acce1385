//! Client of a stream of server-sent events.

use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tokio::time::timeout;

use super::TEST_TIMEOUT;

/// Open stream of changes.
pub struct EventStream {
    response: Response,
    /// Received text that has not been parsed yet.
    text: String,
    /// ID of the last event, for `Last-Event-ID`.
    pub last_id: String,
}

impl EventStream {
    /// Opens a stream and reads its first block, which sets the retry interval.
    pub async fn open(request: RequestBuilder) -> Self {
        let response = request.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut stream = Self { response, text: String::new(), last_id: String::new() };
        let first = stream.next_block().await.unwrap();
        assert!(first.contains("retry: "), "{first}");
        stream
    }

    /// Returns the next change, or `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Value> {
        timeout(TEST_TIMEOUT, self.next_change()).await.expect("a change or the end arrives")
    }

    /// Waits for the next block, which is at the latest a heartbeat.
    pub async fn wait(&mut self) {
        let block = timeout(TEST_TIMEOUT, self.next_block()).await.expect("a heartbeat arrives");
        assert!(block.is_some(), "the stream has ended");
    }

    async fn next_change(&mut self) -> Option<Value> {
        loop {
            let block = self.next_block().await?;
            let data = block.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(data) = data {
                assert!(block.contains("event: change\n"), "{block}");
                let change: Value = serde_json::from_str(data).unwrap();
                assert_eq!(change["cursor"], self.last_id.as_str());
                return Some(change);
            }
        }
    }

    /// Returns the next lines up to an empty one, or `None` at the end of the stream.
    async fn next_block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                if let Some(id) = block.lines().find_map(|line| line.strip_prefix("id: ")) {
                    id.clone_into(&mut self.last_id);
                }
                return Some(block);
            }
            // A service that is killed ends its streams in the middle of a block.
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(str::from_utf8(&chunk).unwrap());
        }
    }
}

//! What Svix sends: a body, and three headers.

use meetvo::clerk::signature::signer;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use super::{SECRET, unique};

/// One request that carries an event. The fields can be changed after signing, to forge one.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
    pub body: Vec<u8>,
}

impl Delivery {
    /// An event under an id of its own, signed at an instant with the usual secret.
    pub fn of(body: &Value, now: i64) -> Self {
        Self::signed(SECRET, &unique("msg_"), now, body.to_string())
    }

    /// A body signed with a secret, at an instant in milliseconds.
    pub fn signed(secret: &str, id: &str, now: i64, body: impl Into<Vec<u8>>) -> Self {
        let (seconds, body) = (now.div_euclid(1000), body.into());
        let signature = signer(secret).unwrap().sign(id, seconds, &body).unwrap();
        Self { id: id.to_owned(), timestamp: seconds.to_string(), signature, body }
    }

    /// The request, to a service.
    pub fn request(&self, client: &Client, url: &str) -> RequestBuilder {
        client
            .post(format!("{url}/webhooks/clerk"))
            .header("Svix-Id", &self.id)
            .header("Svix-Timestamp", &self.timestamp)
            .header("Svix-Signature", &self.signature)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Svix-Webhooks/1.84.0")
            .body(self.body.clone())
    }
}

//! Deliveries as Svix sends them: a body and three headers.

use meetvo::clerk::signature::signer;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use super::{SECRET, unique};

/// Signed delivery of one event. A test can change the fields after signing, to forge a delivery.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
    pub body: Vec<u8>,
}

impl Delivery {
    /// Returns a delivery with a new ID, signed with [`SECRET`] at `now` in milliseconds.
    pub fn new(body: &Value, now: i64) -> Self {
        Self::signed(SECRET, &unique("msg_"), now, body.to_string())
    }

    /// Returns a delivery of a body, signed with a secret at `now` in milliseconds.
    pub fn signed(secret: &str, id: &str, now: i64, body: impl Into<Vec<u8>>) -> Self {
        let (seconds, body) = (now.div_euclid(1000), body.into());
        let signature = signer(secret).unwrap().sign(id, seconds, &body).unwrap();
        Self { id: id.to_owned(), timestamp: seconds.to_string(), signature, body }
    }

    /// Returns the delivery with a signature of the right form that matches no secret.
    pub fn forged(self) -> Self {
        Self { signature: format!("v1,{}=", "A".repeat(43)), ..self }
    }

    /// Returns the request that posts the delivery to a service.
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

//! Responses other than 200. Nothing is written, and the problem document names the reason.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use reqwest::Method;

use crate::harness::{
    ApiResponse, Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures,
};

fn delivery(id: &str) -> Delivery {
    Delivery::signed(SECRET, id, NOW, fixtures::user_deleted("user_1", 0).to_string())
}

#[apply(both_engines)]
async fn missing_repeated_or_malformed_headers_return_400(engine: Engine) {
    let service = Service::start(engine).await;
    let headers = ["svix-id", "svix-timestamp", "svix-signature"];
    for name in headers {
        let complete = delivery("msg_headers").request(&service.client, &service.url);
        let (client, request) = complete.build_split();
        let mut without = request.unwrap();
        without.headers_mut().remove(name);
        let response =
            ApiResponse::fetch(reqwest::RequestBuilder::from_parts(client, without)).await;
        assert_eq!(response.problem(), (400, "header_missing"), "{name}");

        let complete = delivery("msg_headers").request(&service.client, &service.url);
        let response = ApiResponse::fetch(complete.header(name, "again")).await;
        assert_eq!(response.problem(), (400, "header_repeated"), "{name}");
    }
    let long = "m".repeat(256);
    for id in ["msg with blanks", &long] {
        let response = service.post(&delivery(id)).await;
        assert_eq!(response.problem(), (400, "header_malformed"), "{id}");
    }
    for timestamp in
        ["", "soon", "1786527000.5", "+1786527000", "01786527000", "-1", "99999999999999999999"]
    {
        let delivery = Delivery { timestamp: timestamp.into(), ..delivery("msg_time") };
        let response = service.post(&delivery).await;
        assert_eq!(response.problem(), (400, "header_malformed"), "{timestamp}");
    }
    assert!(service.list("/v1/events").await.is_empty());
}

#[apply(both_engines)]
async fn body_that_is_not_utf8_returns_400(engine: Engine) {
    let service = Service::start(engine).await;
    let delivery = Delivery { body: b"{\"type\":\"\xff\"}".to_vec(), ..delivery("msg_bytes") };
    assert_eq!(service.post(&delivery).await.problem(), (400, "body_not_utf8"));
}

#[apply(both_engines)]
async fn compressed_body_returns_415(engine: Engine) {
    let service = Service::start(engine).await;
    let request = delivery("msg_zip").request(&service.client, &service.url);
    let response = ApiResponse::fetch(request.header("content-encoding", "gzip")).await;
    assert_eq!(response.problem(), (415, "unsupported_encoding"));
    let request = delivery("msg_plain").request(&service.client, &service.url);
    let response = ApiResponse::fetch(request.header("content-encoding", "identity")).await;
    assert_eq!(response.status, 200);
}

#[apply(both_engines)]
async fn other_methods_return_405(engine: Engine) {
    let service = Service::start(engine).await;
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let request = service.client.request(method, service.url_for("/webhooks/clerk"));
        let response = ApiResponse::fetch(request).await;
        assert_eq!(response.problem(), (405, "method_not_allowed"));
        assert_eq!(response.header("allow"), Some("POST"));
    }
}

#[apply(both_engines)]
async fn body_over_the_limit_returns_413(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__SERVER__MAX_BODY_BYTES", "2000")]).await;
    let fits = Delivery::signed(SECRET, "msg_fits", NOW, "x".repeat(2_000));
    assert_eq!(service.deliver(&fits).await, "failed");
    let large = Delivery::signed(SECRET, "msg_large", NOW, "x".repeat(2_001));
    assert_eq!(service.post(&large).await.problem(), (413, "payload_too_large"));
    let chunks =
        futures_util::stream::iter((0..4).map(|_| Ok::<_, std::io::Error>("y".repeat(700))));
    let request = delivery("msg_chunked").request(&service.client, &service.url);
    let response = ApiResponse::fetch(request.body(reqwest::Body::wrap_stream(chunks))).await;
    assert_eq!(response.problem(), (413, "payload_too_large"), "without a length");
}

/// Sends the head of a delivery without its body, and returns the response.
async fn response_to_head(service: &Service, length: usize, headers: String) -> String {
    let address = service.url.trim_start_matches("http://").to_owned();
    let first = format!("POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\nContent-Length: {length}");
    let response = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(format!("{first}\r\n{headers}\r\n").as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    });
    response.await.unwrap()
}

/// The service responds although no byte of the announced body was sent.
#[apply(both_engines)]
async fn heads_are_rejected_without_reading_bodies(engine: Engine) {
    let body_timeout = [("MEETVO__SERVER__BODY_TIMEOUT_MS", "3600000")];
    let service = Service::start_with(engine, body_timeout).await;
    let (now, digest) = (NOW / 1000, format!("v1,{}=", "A".repeat(43)));
    let headers = |id: &str, timestamp: i64, signature: &str| {
        format!("svix-id: {id}\r\nsvix-timestamp: {timestamp}\r\nsvix-signature: {signature}\r\n")
    };
    let valid = headers("msg_1", now, &digest);
    for (length, headers, expected) in [
        (104_857_600, valid.clone(), "413 "),
        (524_289, valid.clone(), "payload_too_large"),
        (100, String::new(), "header_missing"),
        (100, headers("msg 1", now, &digest), "header_malformed"),
        (100, headers("msg_1", now, "v1,x"), "header_malformed"),
        (100, headers("msg_1", now, &digest.replace("v1", "v2")), "header_malformed"),
        (100, headers("msg_1", now - 301, &digest), "timestamp_out_of_tolerance"),
        (100, format!("{valid}svix-id: msg_1\r\n"), "header_repeated"),
        (100, format!("{valid}webhook-id: msg_1\r\n"), "header_families_mixed"),
        (100, format!("{valid}content-encoding: gzip\r\n"), "unsupported_encoding"),
    ] {
        let response = response_to_head(&service, length, headers).await;
        assert!(response.contains(expected), "{expected}: {response}");
    }
}

#[apply(both_engines)]
async fn unknown_path_returns_404(engine: Engine) {
    let service = Service::start(engine).await;
    let response = service.get("/webhooks").await;
    assert_eq!(response.problem(), (404, "not_found"));
}

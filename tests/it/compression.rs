//! Compression of large lists.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::Value;

use crate::harness::{Engine, KEY, Service, apply, both_engines, fixtures};

async fn service(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    for number in 0..60 {
        let user = fixtures::user_event("user.created", &format!("user_{number:02}"), 0);
        service.send(&user).await;
    }
    service
}

async fn request(
    service: &Service,
    method: Method,
    path: &str,
    encodings: &str,
) -> reqwest::Response {
    let request = service.client.request(method, service.url_for(path)).bearer_auth(KEY);
    request.header("accept-encoding", encodings).send().await.unwrap()
}

fn encoding(response: &reqwest::Response) -> Option<&str> {
    response.headers().get("content-encoding").map(|value| value.to_str().unwrap())
}

#[apply(both_engines)]
async fn large_lists_are_compressed_on_request(engine: Engine) {
    let service = service(engine).await;
    for path in ["/v1/users", "/v1/events", "/v1/changes?limit=60"] {
        let plain = request(&service, Method::GET, path, "identity").await.bytes().await.unwrap();
        for encodings in ["gzip", "br, gzip;q=0.8"] {
            let response = request(&service, Method::GET, path, encodings).await;
            assert_eq!(encoding(&response), Some("gzip"), "{path}: {encodings}");
            let varies: Vec<_> = response.headers().get_all("vary").iter().collect();
            assert!(varies.iter().any(|it| *it == "accept-encoding"), "{varies:?}");
            let gzip = response.bytes().await.unwrap();
            assert!(gzip.len() * 3 < plain.len(), "{path}: {} of {}", gzip.len(), plain.len());
            let mut text = Vec::new();
            GzDecoder::new(&*gzip).read_to_end(&mut text).unwrap();
            assert_eq!(text, plain, "{path}: {encodings}");
        }
        for encodings in ["", "br", "gzip;q=0", "identity, *;q=0"] {
            let response = request(&service, Method::GET, path, encodings).await;
            assert_eq!(
                (response.status().as_u16(), encoding(&response)),
                (200, None),
                "{encodings}"
            );
            assert_eq!(response.bytes().await.unwrap(), plain, "{path}: {encodings}");
        }
        let head = request(&service, Method::HEAD, path, "gzip").await;
        assert_eq!(encoding(&head), Some("gzip"), "{path}: the same as GET");
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

#[apply(both_engines)]
async fn small_and_single_responses_stay_uncompressed(engine: Engine) {
    let service = service(engine).await;
    for (path, status) in
        [("/v1/users?limit=1", 200), ("/v1/users/user_01", 200), ("/v1/users?limit=0", 400)]
    {
        let response = request(&service, Method::GET, path, "gzip").await;
        assert_eq!((response.status().as_u16(), encoding(&response)), (status, None), "{path}");
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert!(body.is_object(), "{path}");
    }
}

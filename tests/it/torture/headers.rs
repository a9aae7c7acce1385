//! Heads without an end, and headers that are odd: refused, and nobody else pays for it.

use std::{hint::black_box, time::Duration};

use meetvo::{
    clerk::signature::{SignatureError, SigningSecrets, SvixHeaders},
    clock::Clock,
};
use tokio::time::Instant;

use super::raw::{Raw, answers};
use crate::harness::{
    Database, Delivery, Engine, NOW, Process, SECRET, apply, both_engines, client, fixtures, unique,
};

/// Of any flood, what may be on its way when the service hangs up.
const UNDER_WAY: usize = 16 << 20;

async fn start(engine: Engine) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    (database, process)
}

fn delivery() -> Delivery {
    let body = fixtures::user_event("user.created", &unique("user_"), 0);
    Delivery::new(&body, Clock::system().now())
}

#[apply(both_engines)]
async fn floods_of_headers_are_cut_off(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let begin = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    for (what, first, more) in [
        ("headers", begin, "X-Flood: x\r\n".repeat(1_000)),
        ("one name", begin, "x".repeat(10_000)),
        ("one value", "GET /healthz HTTP/1.1\r\nX-Flood: ", "x".repeat(10_000)),
        ("cookies", begin, "Cookie: a=b\r\n".repeat(1_000)),
        ("a path", "GET /", "x".repeat(10_000)),
        ("a method", "", "X".repeat(10_000)),
        ("empty lines", "", "\r\n".repeat(5_000)),
    ] {
        let mut raw = Raw::open(&process).await;
        let mut poured = 0;
        raw.send(first.as_bytes()).await.unwrap();
        while raw.send(more.as_bytes()).await.is_ok() {
            poured += more.len();
            assert!(poured < UNDER_WAY, "{what}: {poured} bytes were taken");
        }
    }
    let (_, most) = process.memory();
    assert!(most - before < UNDER_WAY, "{}", most - before);
    let client = client();
    let answer = delivery().request(&client, &process.url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[apply(both_engines)]
async fn as_many_headers_as_a_proxy_may_add_are_taken_and_more_are_told_so(engine: Engine) {
    let (_database, process) = start(engine).await;
    for (count, status) in [(60, 200), (95, 200), (96, 431), (1_000, 431)] {
        let headers = (0..count).map(|at| format!("X-{at}: x\r\n")).collect::<Vec<_>>().concat();
        let head = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let mut raw = Raw::open(&process).await;
        raw.send(head.as_bytes()).await.unwrap();
        let text = raw.end().await;
        assert_eq!(answers(&text)[0].0, status, "{count}: {text}");
    }
}

fn lines(id: &str, timestamp: &str, signature: &str) -> String {
    format!("Svix-Id: {id}\r\nSvix-Timestamp: {timestamp}\r\nSvix-Signature: {signature}\r\n")
}

/// What stands in place of a signature, and is none.
fn no_signatures(signature: &str) -> Vec<String> {
    let bare = signature.trim_start_matches("v1,");
    let mut odd: Vec<_> = ["", " ", "v1", "v1,", ",", "v1,,", bare].map(str::to_owned).to_vec();
    odd.extend(["v1", "V1,", "v2,", "v1a,", "v1, ", "v1;"].map(|prefix| format!("{prefix}{bare}")));
    odd.extend([
        format!("v1,{bare}="),
        format!("v1,{}", bare.trim_end_matches('=')),
        format!("v1,{}", bare.to_lowercase()),
        format!("\"{signature}\""),
        format!("{signature},{signature}"),
        format!("{signature};"),
        "v1,".repeat(10_000),
        " ".repeat(10_000),
        "v1,\u{e4} ".repeat(10),
    ]);
    odd
}

/// Those that a proxy may have made of the good ones, and those that nobody makes.
#[apply(both_engines)]
async fn odd_signature_headers_are_refused(engine: Engine) {
    let (_database, process) = start(engine).await;
    let Delivery { id, timestamp, signature, body } = delivery();
    let good = lines(&id, &timestamp, &signature);
    let unbranded = good.replace("Svix", "Webhook");
    let odd = no_signatures(&signature);
    let mut refused: Vec<_> = odd.iter().map(|odd| lines(&id, &timestamp, odd)).collect();
    refused.extend([
        format!("{good}Svix-Signature: {signature}\r\n"),
        format!("{good}Svix-Id: {id}\r\n"),
        format!("{good}SVIX-TIMESTAMP: {timestamp}\r\n"),
        format!("{good}svix-signature: \r\n"),
        unbranded.clone(),
        lines(&format!("{id},{id}"), &timestamp, &signature),
        lines(&id, &format!("{timestamp}0"), &signature),
        lines(&id, &format!("{timestamp},{timestamp}"), &signature),
        lines(&id, "NaN", &signature),
        lines("\u{e4}", &timestamp, &signature),
        // Others would be asked in their place, if they were missing.
        lines("msg_another", &timestamp, &signature) + &unbranded,
        lines(&id, &timestamp, "v1,another") + &unbranded,
    ]);
    let post = async |lines: &str| {
        let length = body.len();
        let first = format!("POST /webhooks/clerk HTTP/1.1\r\nContent-Length: {length}\r\n");
        let head = format!("{first}Host: x\r\n{lines}\r\n");
        let mut raw = Raw::open(&process).await;
        raw.send(&[head.as_bytes(), &body].concat()).await.unwrap();
        let text = raw.end().await;
        let [(status, _)] = answers(&text)[..] else { panic!("{text}") };
        status
    };
    for lines in refused {
        assert_eq!(post(&lines).await, 400, "{lines:?}");
    }
    assert_eq!(post(&format!("{unbranded}{good}")).await, 200, "others do not count");
}

fn verify(signature: &str, delivery: &Delivery) -> Result<(), SignatureError> {
    let secrets = SigningSecrets::new([("default", SECRET)]).unwrap();
    let Delivery { id, timestamp, body, .. } = delivery;
    let [id, timestamp, signature] = [id, timestamp, signature].map(|it| [it.as_bytes()]);
    let headers = SvixHeaders::new(id, timestamp, signature)?;
    black_box(secrets.verify(&headers, body, NOW)).map(drop)
}

/// The body is hashed once, however many there are.
#[test]
fn a_thousand_signatures_are_looked_through_in_a_moment() {
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let delivery = Delivery::signed(SECRET, "msg_1", NOW, body);
    let wrong = format!("v1,{}", "A".repeat(44));
    let many = vec![wrong; 1_000].join(" ");
    let last = format!("{many} {}", delivery.signature);
    assert_eq!(verify(&last, &delivery), Ok(()), "none is left out");
    // The least of some: others have the processor as well.
    let took = (0..20).map(|_| {
        let began = Instant::now();
        assert_eq!(verify(&many, &delivery), Err(SignatureError::Mismatch));
        began.elapsed()
    });
    let took = took.min().unwrap();
    eprintln!("{took:?}");
    // Not optimised it takes longer.
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 50 } else { 5 });
    assert!(took < limit, "{took:?}");
}

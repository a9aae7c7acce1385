//! Fuzz targets with the fixtures, the stored inputs of `fuzz/corpus/`, and mutations of both.
//! `fuzz/run` searches for more inputs, guided by the code that each input reaches.

#[path = "../../fuzz/src/targets/mod.rs"]
mod targets;

use std::{fs, thread};

use meetvo::store::driver::Target;

use self::targets::mutate::mutate;
use crate::harness::{
    Database, Engine, Rng, apply, both_engines, env_number, fixtures, repository::path,
};

/// Maximum size of an input in bytes.
const MAX_INPUT_BYTES: usize = 16 << 10;

#[test]
fn mutated_deliveries_break_no_guarantee() {
    let body = |at: usize, body: &str| format!("msg_{at}\n1786527000\nv1,AAAA\n{body}");
    let seeds = bodies().iter().enumerate().map(|(at, it)| body(at, it)).collect();
    check_all(targets::deliveries::check, with_corpus(seeds, "deliveries"), 1_500);
}

#[test]
fn mutated_histories_break_no_guarantee() {
    let seeds = bodies().windows(6).map(|lines| lines.join("\n")).collect();
    check_all(targets::histories::check, with_corpus(seeds, "histories"), 500);
}

#[test]
fn mutated_tokens_break_no_guarantee() {
    check_all(targets::tokens::check, with_corpus(Vec::new(), "tokens"), 150);
}

#[test]
fn mutated_settings_break_no_guarantee() {
    check_all(targets::settings::check, with_corpus(Vec::new(), "settings"), 100);
}

#[apply(both_engines)]
async fn mutated_requests_break_no_guarantee(engine: Engine) {
    let database = Database::new(engine).await;
    let url = database.url().to_owned();
    let requests = move || {
        let mut service = targets::requests::TestService::new(match engine {
            Engine::Sqlite => Target::Sqlite(url.trim_start_matches("sqlite:").into()),
            Engine::Postgres => Target::postgres([&*url], "clerk").unwrap(),
        });
        let head = "svix-timestamp: 1786527000\nsvix-signature: SIGN";
        let post = |(at, body): (usize, &String)| {
            format!("POST /webhooks/clerk\nsvix-id: msg_{at}\n{head}\n\n{body}")
        };
        let seeds = bodies().iter().enumerate().map(post).collect();
        check_all(|input| service.check(input), with_corpus(seeds, "requests"), 400);
    };
    // The target has its own runtime, so it needs a thread without one.
    tokio::task::spawn_blocking(requests).await.unwrap();
}

/// Returns the fixtures, each as one line.
fn bodies() -> Vec<String> {
    fixtures::all().into_iter().map(|fixture| fixture.json.to_string()).collect()
}

fn with_corpus(seeds: Vec<String>, target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(path("fuzz/corpus").join(target)).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let stored = files.into_iter().map(|file| fs::read(file).unwrap());
    seeds.into_iter().map(String::into_bytes).chain(stored).collect()
}

/// Checks all inputs, and so many mutations of them.
fn check_all(mut check: impl FnMut(&[u8]), mut inputs: Vec<Vec<u8>>, mutations: usize) {
    for input in &inputs {
        let _reporter = InputReporter(input);
        check(input);
    }
    let mut rng = Rng(env_number("TORTURE_SEED").unwrap_or(1));
    for _ in 0..mutations {
        let at = rng.below(inputs.len());
        // Mutations accumulate, so that inputs far from every seed are reached too.
        inputs[at] = mutate(&inputs[at], MAX_INPUT_BYTES, &mut |bound| rng.below(bound));
        let _reporter = InputReporter(&inputs[at]);
        check(&inputs[at]);
    }
}

/// Prints the input if its check panics.
struct InputReporter<'i>(&'i [u8]);

impl Drop for InputReporter<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("failed input: {}", String::from_utf8_lossy(self.0).escape_debug());
        }
    }
}

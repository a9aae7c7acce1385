//! Every entrance, over what Clerk sends, over what was worth keeping (`fuzz/corpus/`), and over
//! changes of both. `fuzz/run` looks for more, guided by what of the code each input reaches.

#[path = "../../fuzz/src/targets/mod.rs"]
mod targets;

use std::{fs, thread};

use meetvo::store::driver::Target;

use self::targets::mutate::mutate;
use crate::harness::{
    Database, Rng, Engine, apply, env_number, both_engines, fixtures, repository::path,
};

/// The longest input.
const LIMIT: usize = 16 << 10;

#[test]
fn deliveries() {
    let body = |at: usize, body: &str| format!("msg_{at}\n1786527000\nv1,AAAA\n{body}");
    let seeds = bodies().iter().enumerate().map(|(at, it)| body(at, it)).collect();
    go_through(targets::deliveries::check, with_corpus(seeds, "deliveries"), 1_500);
}

#[test]
fn histories() {
    let seeds = bodies().windows(6).map(|lines| lines.join("\n")).collect();
    go_through(targets::histories::check, with_corpus(seeds, "histories"), 500);
}

#[test]
fn tokens() {
    go_through(targets::tokens::check, with_corpus(Vec::new(), "tokens"), 150);
}

#[test]
fn settings() {
    go_through(targets::settings::check, with_corpus(Vec::new(), "settings"), 100);
}

#[apply(both_engines)]
async fn requests(engine: Engine) {
    let database = Database::new(engine).await;
    let url = database.url().to_owned();
    let requests = move || {
        let mut world = targets::requests::World::on(match engine {
            Engine::Sqlite => Target::Sqlite(url.trim_start_matches("sqlite:").into()),
            Engine::Postgres => Target::postgres(&url).unwrap(),
        });
        let head = "svix-timestamp: 1786527000\nsvix-signature: SIGN";
        let post = |(at, body): (usize, &String)| {
            format!("POST /webhooks/clerk\nsvix-id: msg_{at}\n{head}\n\n{body}")
        };
        let seeds = bodies().iter().enumerate().map(post).collect();
        go_through(|input| world.check(input), with_corpus(seeds, "requests"), 400);
    };
    // It has a runtime of its own.
    tokio::task::spawn_blocking(requests).await.unwrap();
}

/// The fixtures, each on one line.
fn bodies() -> Vec<String> {
    fixtures::all().into_iter().map(|fixture| fixture.json.to_string()).collect()
}

fn with_corpus(seeds: Vec<String>, target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(path("fuzz/corpus").join(target)).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let kept = files.into_iter().map(|file| fs::read(file).unwrap());
    seeds.into_iter().map(String::into_bytes).chain(kept).collect()
}

/// Goes through the inputs, and through so many changes of them.
fn go_through(mut check: impl FnMut(&[u8]), mut inputs: Vec<Vec<u8>>, changes: usize) {
    for input in &inputs {
        let _about = About(input);
        check(input);
    }
    let mut rng = Rng(env_number("TORTURE_SEED").unwrap_or(1));
    for _ in 0..changes {
        let at = rng.below(inputs.len());
        // What was changed is changed again: far from every seed lies something too.
        inputs[at] = mutate(&inputs[at], LIMIT, &mut |sides| rng.below(sides));
        let _about = About(&inputs[at]);
        check(&inputs[at]);
    }
}

/// Tells which input it was that broke something.
struct About<'i>(&'i [u8]);

impl Drop for About<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("about: {}", String::from_utf8_lossy(self.0).escape_debug());
        }
    }
}

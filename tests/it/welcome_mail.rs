//! The examples in `examples/welcome-mail` send one mail to each new user, although they are killed.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use tokio::task::block_in_place;

use crate::harness::{
    Engine, KEY, MailProvider, Service, apply, both_engines, fixtures, repository,
};

/// Running example, which is killed on drop.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Program {
    /// Starts an example in a folder with its state, and waits until it has stored its position.
    fn start(name: &str, service: &Service, mail: &MailProvider, folder: &Path) -> Self {
        let runtime = if name == "welcome.py" { "python3" } else { "node" };
        let mut command = Command::new(runtime);
        command
            .arg(repository::path("examples/welcome-mail").join(name))
            .current_dir(folder)
            .envs([
                ("MEETVO_URL", &*service.url),
                ("MEETVO_API_KEY", KEY),
                ("MAIL_URL", &*mail.url),
            ])
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{runtime}: {error}"));
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        block_in_place(|| output.read_line(&mut line).unwrap());
        assert!(line.starts_with("following the changes"), "{line}");
        Self(child)
    }
}

async fn sign_up(service: &Service, user: &str) {
    service.send(&fixtures::user_event("user.created", user, 0)).await;
}

async fn send_one_mail_per_user(engine: Engine, name: &str) {
    let (service, mut mail) = (Service::start(engine).await, MailProvider::start());
    let folder = tempfile::tempdir().unwrap();
    let start = |mail: &MailProvider| Program::start(name, &service, mail, folder.path());
    sign_up(&service, "user_before").await;
    drop(start(&mail));
    let users = ["user_1", "user_2", "user_3", "user_4"];
    for user in users {
        sign_up(&service, user).await;
    }
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    for (at, user) in users.into_iter().enumerate() {
        let key = format!("welcome-{user}");
        // Killed after the mail was accepted, before the program knows it.
        mail.answer(0);
        let program = start(&mail);
        assert_eq!(mail.next().await, key);
        drop(program);
        // It sends the mail again. Killed at the next mail, or at any point after the last.
        mail.answer(1);
        let program = start(&mail);
        assert_eq!(mail.next().await, key, "the program repeats the mail");
        if let Some(next) = users.get(at + 1) {
            assert_eq!(mail.next().await, format!("welcome-{next}"));
        }
        drop(program);
    }
    mail.answer(usize::MAX);
    let _program = start(&mail);
    sign_up(&service, "user_last").await;
    while mail.next().await != "welcome-user_last" {}
    let mails = mail.mails();
    let sent: Vec<_> = mails.values().map(|it| it["to"].as_str().unwrap()).collect();
    let expected = ["user_1", "user_2", "user_3", "user_4", "user_last"];
    assert_eq!(sent, expected.map(|user| format!("{user}@example.com")));
}

#[apply(both_engines)]
async fn node_program_sends_one_mail_each(engine: Engine) {
    send_one_mail_per_user(engine, "welcome.mjs").await;
}

#[apply(both_engines)]
async fn python_program_sends_one_mail_each(engine: Engine) {
    send_one_mail_per_user(engine, "welcome.py").await;
}

//! Two engines, one body: what a test says is to hold on both.

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// `#[apply(both_engines)]` on an `async fn name(engine: Engine)` makes the tests `name::sqlite`
/// and `name::postgres` of it.
macro_rules! both_engines {
    (
        $(#[$attribute:meta])*
        async fn $name:ident($engine:ident: Engine $(,)?) $body:block
    ) => {
        $(#[$attribute])*
        async fn $name($engine: Engine) $body

        mod $name {
            use crate::harness::Engine;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Engine::Postgres).await;
            }
        }
    };
}
pub(crate) use both_engines;

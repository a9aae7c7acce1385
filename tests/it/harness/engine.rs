//! Tests that run on both database engines.

/// Database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Generates the tests `name::sqlite` and `name::postgres` from an `async fn name(engine: Engine)`.
/// Use it as `#[apply(both_engines)]`.
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

//! Several services on one database. Production runs like this on PostgreSQL. On SQLite, the
//! services take turns at the file, and the same rules hold.

mod concurrent_events;
pub mod crashes;
mod deletions;
mod replay;
mod startup;

use std::sync::Arc;

use meetvo::clock::Clock;

use crate::harness::{Database, Engine, NOW, Service};

/// Two services on one database.
struct Pair {
    database: Arc<Database>,
    services: [Service; 2],
}

impl Pair {
    async fn start(engine: Engine) -> Self {
        Self::start_on(Arc::new(Database::new(engine).await)).await
    }

    async fn start_on(database: Arc<Database>) -> Self {
        let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), []);
        Self { services: [start().await, start().await], database }
    }

    async fn stop(self) -> Arc<Database> {
        for service in self.services {
            service.stop().await;
        }
        self.database
    }
}

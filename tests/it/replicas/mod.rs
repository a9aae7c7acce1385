//! Several services on one database. On PostgreSQL that is how production runs; on SQLite they take
//! turns at the file, and the same holds.

mod collisions;
mod deaths;
mod deletions;
mod replay;
mod start;

use std::sync::Arc;

use meetvo::clock::Clock;

use crate::harness::{ApiResponse, Database, Delivery, Engine, NOW, Service};

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

/// Posts a delivery as Svix does: what is answered 503 comes again. The decision.
pub async fn insist(service: &Service, delivery: &Delivery) -> String {
    // Bounded: what never gets through is a failure, not a test that never ends.
    for _ in 0..20 {
        let ApiResponse { status, body, .. } = service.post(delivery).await;
        if status != 503 {
            assert_eq!(status, 200, "{body}");
            return body["decision"].as_str().unwrap().to_owned();
        }
    }
    panic!("{} does not get through", delivery.id);
}

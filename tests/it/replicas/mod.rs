//! Several services on one database. Production runs like this on PostgreSQL. On SQLite, the
//! services take turns at the file, and the same rules hold.

mod concurrent_events;
mod crashes;
mod deletions;
mod replay;
mod startup;

use std::sync::Arc;

use meetvo::clock::Clock;

use crate::harness::{ApiResponse, Database, Delivery, Engine, LONG_TIMEOUTS, NOW, Service};

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
        let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), LONG_TIMEOUTS);
        Self { services: [start().await, start().await], database }
    }

    async fn stop(self) -> Arc<Database> {
        for service in self.services {
            service.stop().await;
        }
        self.database
    }
}

/// Posts a delivery until the response is not 503, as Svix does. Returns the decision.
pub async fn post_until_accepted(service: &Service, delivery: &Delivery) -> String {
    // Limited, so that the test fails instead of running forever.
    for _ in 0..20 {
        let ApiResponse { status, body, .. } = service.post(delivery).await;
        if status != 503 {
            assert_eq!(status, 200, "{body}");
            return body["decision"].as_str().unwrap().to_owned();
        }
    }
    panic!("{} was never accepted", delivery.id);
}

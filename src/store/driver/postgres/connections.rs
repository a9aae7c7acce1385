//! Pools of connections for reading. Each use of a connection is one transaction.

use std::{sync::Arc, time::Duration};

use sqlx::{PgConnection, PgPool, Postgres, pool::PoolOptions, postgres::PgPoolOptions};

use super::{CHECK_DIVISOR, Hosts, TransactionStart, begin, in_time};
use crate::store::driver::{Options, RESERVED_CONNECTIONS};

/// Time after which an idle connection is closed. Servers and poolers often allow only few
/// connections, and other replicas need them too.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// Creates the pool of connections that read, and that of the reserved ones, which can write.
pub(super) fn pools(
    hosts: &Arc<Hosts>,
    start: &TransactionStart,
    options: &Options,
) -> (PgPool, PgPool) {
    let readers = pool(hosts, start.read(), options).max_connections(options.max_connections);
    let reserved = pool(hosts, start.write(), options).max_connections(RESERVED_CONNECTIONS);
    let current = hosts.current();
    (readers.connect_lazy_with(current.clone()), reserved.connect_lazy_with(current))
}

fn pool(hosts: &Arc<Hosts>, start: Arc<str>, options: &Options) -> PoolOptions<Postgres> {
    let limit = options.acquire_timeout;
    let (hosts, first) = (Arc::clone(hosts), Arc::clone(&start));
    PgPoolOptions::new()
        .acquire_timeout(limit)
        .idle_timeout(IDLE_TIMEOUT)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let start = Arc::clone(&first);
            Box::pin(begin(connection, start))
        })
        // Also checks that the connection still answers.
        .before_acquire(move |connection, metadata| {
            let (start, is_usable) = (Arc::clone(&start), hosts.is_usable(metadata.age));
            Box::pin(async move {
                if !is_usable {
                    return Ok(false);
                }
                in_time(limit / CHECK_DIVISOR, begin(connection, start)).await.map(|()| true)
            })
        })
        // A canceled read leaves a connection that may never answer again.
        .after_release(move |connection, _| Box::pin(end(connection, limit)))
}

/// Ends the transaction of a connection. Returns whether the connection can be used again.
async fn end(connection: &mut PgConnection, limit: Duration) -> sqlx::Result<bool> {
    let end = sqlx::raw_sql("ROLLBACK").execute(connection);
    in_time(limit / CHECK_DIVISOR, end).await.map(|_| true)
}

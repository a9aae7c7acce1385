//! The hosts of a server: one, or several of which one accepts writes.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, postgres::PgConnectOptions};

use tokio::time::Instant;

use super::{accepts_writes, in_time};

/// Hosts of a server and its standbys.
#[derive(Debug)]
pub(in crate::store::driver) struct Hosts {
    all: Box<[PgConnectOptions]>,
    /// Index of the host that was chosen last.
    current: AtomicUsize,
    /// Index of the host to which the pools connect.
    followed: AtomicUsize,
    /// Time before which the connections of pools were opened that are not used again.
    retired_until: Mutex<Option<Instant>>,
    limit: Duration,
}

impl Hosts {
    /// `limit` is the time limit for opening a connection.
    pub(in crate::store::driver) fn new(hosts: &[PgConnectOptions], limit: Duration) -> Self {
        // The statements are few, and repeated. PostgreSQL reads numbers without the parameter
        // `extra_float_digits`, which poolers reject.
        let prepare = |host: &PgConnectOptions| {
            let host = host.clone().statement_cache_capacity(256).extra_float_digits(None);
            host.disable_statement_logging()
        };
        Self {
            all: hosts.iter().map(prepare).collect(),
            current: AtomicUsize::default(),
            followed: AtomicUsize::default(),
            retired_until: Mutex::default(),
            limit,
        }
    }

    /// Returns the host that was chosen last.
    pub(super) fn current(&self) -> PgConnectOptions {
        self.all[self.current.load(Ordering::Relaxed)].clone()
    }

    /// Opens a connection to the host that accepts writes, beginning with the one that was chosen
    /// last. If none accepts writes, opens one to the first host that answers.
    pub(in crate::store::driver) async fn connect(&self) -> sqlx::Result<PgConnection> {
        let count = self.all.len();
        let first = self.current.load(Ordering::Relaxed);
        let limit = self.limit / u32::try_from(count).unwrap_or(u32::MAX);
        let (mut read_only, mut failure) = (None, None);
        for index in (0..count).map(|offset| (first + offset) % count) {
            let opened = in_time(limit, async {
                let mut connection = self.all[index].connect().await?;
                let is_chosen = count == 1 || accepts_writes(&mut connection).await?;
                Ok((connection, is_chosen))
            });
            match opened.await {
                Ok((connection, true)) => {
                    self.current.store(index, Ordering::Relaxed);
                    if let Some((_, standby)) = read_only {
                        PgConnection::close(standby).await.ok();
                    }
                    return Ok(connection);
                }
                Ok((connection, false)) => {
                    read_only.get_or_insert((index, connection));
                }
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        match (read_only, failure) {
            (Some((index, connection)), _) => {
                self.current.store(index, Ordering::Relaxed);
                Ok(connection)
            }
            (None, Some(error)) => Err(error),
            (None, None) => Err(sqlx::Error::Configuration("the URL names no host".into())),
        }
    }

    /// Lets pools connect to the host that was chosen last. A former primary can still answer reads,
    /// with old data.
    pub(super) fn follow(&self, pools: &[&PgPool]) {
        let current = self.current.load(Ordering::Relaxed);
        if self.followed.swap(current, Ordering::Relaxed) != current {
            for pool in pools {
                pool.set_connect_options(self.all[current].clone());
            }
            self.retire_connections();
        }
    }

    /// Lets pools use no connection again that is open now.
    pub(super) fn retire_connections(&self) {
        let mut until = self.retired_until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Some(Instant::now());
    }

    /// Returns whether a pool's connection of this age can be used again.
    pub(super) fn is_usable(&self, age: Duration) -> bool {
        let until = *self.retired_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_none_or(|until| age < until.elapsed())
    }
}

//! Removal of deleted data from the free space of the tables.

use sqlx::{AssertSqlSafe, Connection};

use super::{PgServer, begin};
use crate::store::driver::VacuumOutcome;

/// Whether the role may vacuum tables. The server skips tables without permission and reports
/// success. PostgreSQL 17 has a privilege for it.
const IS_ALLOWED: &str = "SELECT coalesce(bool_and(pg_has_role(it.relowner, 'USAGE') \
        OR (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database \
            WHERE datname = current_database()) \
        OR CASE WHEN current_setting('server_version_num')::int >= 170000 \
           THEN has_table_privilege(it.oid, 'MAINTAIN') ELSE false END), false) \
    FROM unnest($1) AS name JOIN pg_class AS it ON it.oid = to_regclass(name)";

impl PgServer {
    /// Vacuums tables while others use them. Dead rows that a transaction can still see stay.
    pub(in crate::store::driver) async fn vacuum(
        &self,
        tables: &[&str],
    ) -> sqlx::Result<VacuumOutcome> {
        let mut connection = self.open().await?;
        begin(&mut connection, self.start.read()).await?;
        let allowed = sqlx::query_scalar(IS_ALLOWED).bind(tables);
        let allowed: bool = allowed.fetch_one(&mut connection).await?;
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await?;
        if allowed {
            // It runs outside of a transaction, where no search path is set.
            let schema = &self.start.schema;
            let tables: Vec<_> = tables.iter().map(|it| format!("{schema}.{it}")).collect();
            let sql = format!("VACUUM {}", tables.join(", "));
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(if allowed { VacuumOutcome::Done } else { VacuumOutcome::Forbidden })
    }
}

//! Result of the last drift check.

use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    domain::drift::DriftCounts,
    http::timestamp::Timestamp,
    objects::Kind,
    store::drift_checks::{DriftCheckState, TypeResult},
};

/// Drift check, which compares the stored objects with Clerk. If the last completed check failed, its
/// numbers are null.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DriftStatus {
    /// Start of the newest check.
    begun_at: Timestamp,
    /// End of the last completed check, which the other fields are about.
    pub(in crate::http) ended_at: Option<Timestamp>,
    /// Reason why the check failed.
    problem: Option<String>,
    /// Number of objects at Clerk.
    objects: Option<u64>,
    /// Number of objects that only Clerk has.
    missing: Option<u64>,
    /// Number of objects that Clerk no longer has.
    extra: Option<u64>,
    /// Number of objects whose values differ.
    different: Option<u64>,
    /// Number of objects that are deleted here, or whose owner is, and that Clerk has.
    deleted: Option<u64>,
    /// Number of objects that could not be decoded, and were not compared.
    not_understood: Option<u64>,
    /// Numbers of each type that the Clerk instance uses. Empty if the check failed.
    pub(in crate::http) types: Vec<TypeDrift>,
}

/// Result of a drift check for one type.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TypeDrift {
    /// Name of the type, as in the change feed.
    #[schema(schema_with = object_schema)]
    pub(in crate::http) object: &'static str,
    /// Number of objects at Clerk.
    objects: u64,
    /// Number of objects that only Clerk has.
    missing: u64,
    /// Number of objects that Clerk no longer has.
    extra: u64,
    /// Number of objects whose values differ.
    different: u64,
    /// Number of objects that are deleted here, or whose owner is, and that Clerk has.
    deleted: u64,
    /// Number of objects that could not be decoded, and were not compared.
    not_understood: u64,
}

/// Returns the schema of the names of the types.
fn object_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Name of the type, as in the change feed."))
        .enum_values(Some(Kind::ALL.map(Kind::name)))
        .build()
}

impl From<DriftCheckState> for DriftStatus {
    fn from(check: DriftCheckState) -> Self {
        let types = check.result.map(|it| it.types);
        let sum = |count: fn(&TypeResult) -> u64| {
            types.as_ref().map(|types| types.iter().map(|(_, it)| count(it)).sum())
        };
        Self {
            begun_at: Timestamp(check.begun_at),
            ended_at: Timestamp::from_option(check.ended_at),
            problem: check.problem,
            objects: sum(|it| it.objects),
            missing: sum(|it| it.counts.missing),
            extra: sum(|it| it.counts.extra),
            different: sum(|it| it.counts.different),
            deleted: sum(|it| it.counts.deleted),
            not_understood: sum(|it| it.not_understood),
            types: types.into_iter().flatten().map(TypeDrift::from).collect(),
        }
    }
}

impl From<(Kind, TypeResult)> for TypeDrift {
    fn from((kind, result): (Kind, TypeResult)) -> Self {
        let TypeResult { objects, counts, not_understood } = result;
        let DriftCounts { missing, extra, different, deleted } = counts;
        let object = kind.name();
        Self { object, objects, missing, extra, different, deleted, not_understood }
    }
}

impl TypeDrift {
    /// Returns the number of objects with each kind of difference.
    pub(in crate::http) fn counts(&self) -> [(&'static str, u64); 5] {
        [
            ("missing", self.missing),
            ("extra", self.extra),
            ("different", self.different),
            ("deleted", self.deleted),
            ("not_understood", self.not_understood),
        ]
    }
}

impl DriftStatus {
    /// Returns whether any object differs.
    pub(super) fn has_differences(&self) -> bool {
        let counts = [self.missing, self.extra, self.different, self.deleted];
        counts.into_iter().flatten().any(|count| count > 0)
    }

    /// Returns whether some objects were not compared.
    pub(super) fn is_partial(&self) -> bool {
        self.problem.is_some() || self.not_understood.is_some_and(|count| count > 0)
    }
}

//! Parameters of the change feed.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{Deserialize, Deserializer, de::Error};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::LAST_EVENT_ID;
use crate::{
    domain::decision::Operation,
    http::{
        pagination::{EventCursor, Limit},
        problem::Problem,
    },
    objects::ChangeKind,
    store::changes::ChangeFilter,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ChangesParams {
    /// Cursor after which the changes begin, or `now`. With `now`, they begin after the newest
    /// change. Pages begin at the oldest change by default, which is also the meaning of `0`. Streams
    /// begin at the newest change by default.
    #[param(inline)]
    pub(super) after: Option<Start>,
    /// Kinds of the objects. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, required = false)]
    kind: Vec<KindName>,
    /// Operations. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, required = false)]
    operation: Vec<OperationName>,
    /// Maximum number of events that are read for the page. Not every event is a change. With `kind`
    /// or `operation`, the maximum number of changes on the page: up to 2,000 events are read.
    #[serde(default)]
    #[param(inline)]
    pub(super) limit: Limit,
}

impl ChangesParams {
    /// Returns the filter of the changes.
    pub(super) fn filter(&self) -> ChangeFilter {
        ChangeFilter {
            kinds: self.kind.iter().map(|KindName(kind)| *kind).collect(),
            operations: self.operation.iter().map(|OperationName(it)| *it).collect(),
        }
    }
}

/// Cursor after which changes begin. `None` is `now`: after the newest change.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, pattern = "^(now|[0-9]{1,18})$", example = "now")]
pub(super) struct Start(pub(super) Option<i64>);

impl<'de> Deserialize<'de> for Start {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match EventCursor::parse(&text) {
            Some(EventCursor(after)) => Ok(Self(Some(after))),
            None if text == "now" => Ok(Self(None)),
            None => Err(D::Error::custom("expected a cursor of this service, or now")),
        }
    }
}

/// Kind of an object, as a parameter.
struct KindName(ChangeKind);

impl PartialSchema for KindName {
    fn schema() -> RefOr<Schema> {
        one_of(ChangeKind::all().map(ChangeKind::name))
    }
}

impl ToSchema for KindName {}

impl<'de> Deserialize<'de> for KindName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = ChangeKind::named(&String::deserialize(deserializer)?);
        kind.map(Self).ok_or_else(|| expected(ChangeKind::all().map(ChangeKind::name)))
    }
}

/// Operation on an object, as a parameter.
struct OperationName(Operation);

impl PartialSchema for OperationName {
    fn schema() -> RefOr<Schema> {
        one_of(Operation::ALL.into_iter().map(Operation::as_str))
    }
}

impl ToSchema for OperationName {}

impl<'de> Deserialize<'de> for OperationName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let operation = Operation::named(&String::deserialize(deserializer)?);
        operation
            .map(Self)
            .ok_or_else(|| expected(Operation::ALL.into_iter().map(Operation::as_str)))
    }
}

fn expected<E: Error>(names: impl Iterator<Item = &'static str>) -> E {
    let known: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    E::custom(format!("expected one of {}", known.join(", ")))
}

fn one_of(names: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    let name = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    Schema::Object(name.build()).into()
}

/// Request header with which a stream resumes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(in crate::http) struct LastEventId {
    /// Cursor after which a stream resumes. It takes precedence over `after`.
    #[param(rename = "last-event-id", inline, value_type = EventCursor, required = false)]
    pub(super) cursor: Option<EventCursor>,
}

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(header) = request.headers().get(LAST_EVENT_ID) else {
            return ready(Ok(Self { cursor: None }));
        };
        let cursor = header.to_str().ok().and_then(EventCursor::parse);
        ready(cursor.map(|cursor| Self { cursor: Some(cursor) }).ok_or_else(|| {
            let detail = "last-event-id: expected a cursor of this service";
            Problem::bad_request("parameter_invalid", detail)
        }))
    }
}

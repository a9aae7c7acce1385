//! Description of this process in the exports.

use std::{process, sync::OnceLock};

use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::Resource;

/// Name of the service, unless a variable of OpenTelemetry sets another one.
pub(super) const SERVICE_NAME: &str = "meetvo";

/// Attribute that differs between replicas, whose metrics would otherwise mix.
const INSTANCE: &str = "service.instance.id";

/// Describes this process. The variables `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` come
/// first.
pub(super) fn resource() -> Resource {
    let given = Resource::builder().build();
    let name = given.get(&Key::from_static_str("service.name"));
    let is_named = name.is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    let builder = Resource::builder();
    let builder = if is_named { builder } else { builder.with_service_name(SERVICE_NAME) };
    let builder =
        builder.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    match given.get(&Key::from_static_str(INSTANCE)) {
        Some(_) => builder.build(),
        None => builder.with_attribute(KeyValue::new(INSTANCE, instance_id())).build(),
    }
}

/// Returns an ID that no other process has. It stays the same in this process.
fn instance_id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| {
        let part = || getrandom::u64().unwrap_or_else(|_| process::id().into());
        format!("{:016x}{:016x}", part(), part())
    })
}

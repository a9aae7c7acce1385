//! JSON objects whose properties the service does not define.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{AdditionalProperties, Type},
    },
};

/// JSON object with any properties, such as metadata.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct JsonObject(Map<String, Value>);

impl JsonObject {
    /// Converts a stored value. Returns `None` for a value that is not an object.
    pub(super) fn from_option(value: Option<Value>) -> Option<Self> {
        match value {
            Some(Value::Object(properties)) => Some(Self(properties)),
            _ => None,
        }
    }
}

impl PartialSchema for JsonObject {
    fn schema() -> RefOr<Schema> {
        let any = AdditionalProperties::FreeForm(true);
        let object =
            ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(any));
        Schema::Object(object.build()).into()
    }
}

impl ToSchema for JsonObject {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::JsonObject;

    #[test]
    fn only_objects_are_converted() {
        let converted = |value| JsonObject::from_option(value).map(|JsonObject(it)| it.len());
        assert_eq!(converted(Some(json!({ "plan": "team", "seats": null }))), Some(2));
        for value in [None, Some(json!(null)), Some(json!([1])), Some(json!("team"))] {
            assert_eq!(converted(value), None);
        }
    }
}

//! Completes the schemas that the code generates: their names, required properties, nullable
//! values, and the known values of open sets.

use std::collections::BTreeMap;

use utoipa::{
    Modify,
    openapi::{
        OpenApi, Ref, RefOr, Schema, Type,
        schema::{AdditionalProperties, Array, ArrayBuilder, ArrayItems, Object, SchemaType},
    },
};

use super::operations;
use crate::http::known_values::{DESCRIPTIONS, EXTENSION};

/// Beginning of the location of a schema.
const LOCATION: &str = "#/components/schemas/";

/// Schemas of single values. Each use contains the schema, with the description of the use, because
/// a reference to a value that can be null is a union in generated code.
const INLINED: [&str; 2] = ["Timestamp", "JsonObject"];

/// Calls `change` for a schema and for all schemas within it, the inner ones first.
fn visit(schema: &mut RefOr<Schema>, change: &mut dyn FnMut(&mut RefOr<Schema>)) {
    if let RefOr::T(schema) = schema {
        match schema {
            Schema::Object(object) => {
                object.properties.values_mut().for_each(|it| visit(it, change));
                let values = object.additional_properties.as_deref_mut();
                if let Some(AdditionalProperties::RefOr(values)) = values {
                    visit(values, change);
                }
            }
            Schema::Array(Array { items: ArrayItems::RefOrSchema(items), .. }) => {
                visit(items, change);
            }
            Schema::OneOf(one_of) => one_of.items.iter_mut().for_each(|it| visit(it, change)),
            Schema::AllOf(all_of) => all_of.items.iter_mut().for_each(|it| visit(it, change)),
            _ => {}
        }
    }
    change(schema);
}

/// Calls `change` for all schemas of the document.
fn visit_all(openapi: &mut OpenApi, change: &mut dyn FnMut(&mut RefOr<Schema>)) {
    let components = openapi.components.iter_mut();
    components.flat_map(|it| it.schemas.values_mut()).for_each(|schema| visit(schema, change));
    for operation in operations::all(openapi) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                parameter.schema.iter_mut().for_each(|schema| visit(schema, change));
            }
        }
        for response in operation.responses.responses.values_mut() {
            let RefOr::T(response) = response else { continue };
            for content in response.content.values_mut() {
                if let RefOr::T(content) = content {
                    content.schema.iter_mut().for_each(|schema| visit(schema, change));
                }
            }
        }
    }
}

/// Names the schema of a page after its items: `UserList` instead of `List_User`. Describes the
/// items by a reference to their schema.
pub(super) struct ListNames;

impl Modify for ListNames {
    fn modify(&self, openapi: &mut OpenApi) {
        let Some(components) = &mut openapi.components else { return };
        let generated = std::mem::take(&mut components.schemas);
        components.schemas = generated.into_iter().map(named_list).collect();
        visit_all(openapi, &mut |schema| {
            let RefOr::Ref(Ref { ref_location, .. }) = schema else { return };
            if let Some(item) = ref_location.strip_prefix(LOCATION).and_then(list_item) {
                *ref_location = format!("{LOCATION}{item}List");
            }
        });
    }
}

/// Returns the name of the items of a page from the generated name of its schema.
fn list_item(name: &str) -> Option<&str> {
    name.strip_prefix("List_")
}

fn named_list((name, mut schema): (String, RefOr<Schema>)) -> (String, RefOr<Schema>) {
    let Some(item) = list_item(&name) else { return (name, schema) };
    if let RefOr::T(Schema::Object(list)) = &mut schema {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(item))
            .description(Some("Items of the page."));
        list.properties.insert("data".to_owned(), items.into());
        list.description = Some(format!("Page of a list of objects of the type `{item}`."));
    }
    (format!("{item}List"), schema)
}

/// Schemas of request bodies.
const REQUESTS: [&str; 3] = ["NewEndpoint", "ChangedEndpoint", "Replay"];

/// Marks every field of a response as required, because responses contain all fields, also those
/// that are null.
pub(super) struct RequiredFields;

impl Modify for RequiredFields {
    fn modify(&self, openapi: &mut OpenApi) {
        let schemas = openapi.components.iter_mut().flat_map(|it| &mut it.schemas);
        let responses = schemas.filter(|(name, _)| !REQUESTS.contains(&&***name));
        responses.for_each(|(_, schema)| require_all(schema));
    }
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().cloned().collect();
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// Describes nullable values without a union where possible, and with a description in any case.
pub(super) struct NullableValues;

impl Modify for NullableValues {
    fn modify(&self, openapi: &mut OpenApi) {
        let Some(components) = &mut openapi.components else { return };
        let values: BTreeMap<String, Object> = INLINED
            .into_iter()
            .filter_map(|name| match components.schemas.remove(name)? {
                RefOr::T(Schema::Object(value)) => Some((format!("{LOCATION}{name}"), value)),
                _ => None,
            })
            .collect();
        visit_all(openapi, &mut |schema| {
            if let RefOr::Ref(reference) = schema
                && let Some(value) = values.get(&reference.ref_location)
            {
                *schema = Schema::Object(described(value.clone(), reference)).into();
            }
            if let RefOr::T(Schema::OneOf(one_of)) = schema
                && let [first, second] = &mut one_of.items[..]
            {
                let other = if is_null(first) { second } else { first };
                match other {
                    RefOr::T(Schema::Object(value)) if value.enum_values.is_none() => {
                        let nullable = nullable(value.clone());
                        *schema = Schema::Object(nullable).into();
                    }
                    RefOr::Ref(reference) if !reference.description.is_empty() => {
                        one_of.description = Some(std::mem::take(&mut reference.description));
                    }
                    _ => {}
                }
            }
        });
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    let null = SchemaType::Type(Type::Null);
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == null)
}

/// Returns the schema of a value with the description of its use.
fn described(mut value: Object, reference: &Ref) -> Object {
    if !reference.description.is_empty() {
        value.description = Some(reference.description.clone());
    }
    value
}

fn nullable(mut value: Object) -> Object {
    if let SchemaType::Type(of_value) = value.schema_type {
        value.schema_type = SchemaType::Array(vec![of_value, Type::Null]);
    }
    value
}

/// Adds the known values of open sets to their descriptions.
pub(super) struct OpenSets;

impl Modify for OpenSets {
    fn modify(&self, openapi: &mut OpenApi) {
        visit_all(openapi, &mut |schema| {
            let RefOr::T(Schema::Object(object)) = schema else { return };
            let Some(known) = known_values(object) else { return };
            let description = object.description.get_or_insert_default();
            *description = format!("{description} Other values are possible. Known values:{known}");
        });
    }
}

/// Returns the known values of an open set as text: one line, or a list with their descriptions.
fn known_values(object: &Object) -> Option<String> {
    let extensions = object.extensions.as_ref()?;
    let texts = |name: &str| -> Vec<&str> {
        let texts = extensions.get(name).and_then(|it| it.as_array());
        texts.into_iter().flatten().filter_map(|it| it.as_str()).collect()
    };
    let names = texts(EXTENSION).into_iter().map(|name| format!("`{name}`"));
    let descriptions = texts(DESCRIPTIONS);
    if descriptions.is_empty() {
        let names: Vec<_> = names.collect();
        return (!names.is_empty()).then(|| format!(" {}.", names.join(", ")));
    }
    let lines = names.zip(descriptions).map(|(name, text)| format!("\n- {name}: {text}"));
    Some(format!("\n{}", lines.collect::<String>()))
}

//! Description of the stored state of an object in one sentence.

use crate::{
    cli::{format_time, terminal::escape},
    objects::{AnyState, Kind, columns::ColumnValue},
    store::stored_objects::WholeObject,
};

/// Columns whose texts are long or of no use to an operator.
const OMITTED: [&str; 4] = ["description", "image", "ip_address", "user_agent"];

/// Describes the stored state of an object.
pub(super) fn standing(object: Option<&WholeObject>) -> String {
    let Some(WholeObject { state, deleted_at }) = object else {
        return "is not stored: no event about it was applied, or it was removed with its user or \
                organization."
            .to_owned();
    };
    if let Some(at) = deleted_at {
        return format!("was deleted at {}.", format_time(*at));
    }
    let version = state.version();
    if version.updated_at == 0 && version.occurred_at == 0 {
        let others = match state.kind() {
            Kind::User => "a session or membership",
            _ => "an object that belongs to it",
        };
        return format!("is known only from {others}: no event with its data was applied.");
    }
    let as_of = match version.updated_at {
        0 => "incomplete data".to_owned(),
        at => format!("the data of {}", format_time(at)),
    };
    format!("is stored with {as_of}: {}.", summary(state))
}

/// Returns the data of an object in a few words.
fn summary(state: &AnyState) -> String {
    if let AnyState::User(user) = state {
        let profile = &user.data.profile;
        let names = [&profile.first_name, &profile.last_name, &profile.email];
        let names: Vec<_> = names.into_iter().flatten().map(|name| escape(name)).collect();
        return format!("{} ({} accounts)", names.join(" "), user.data.accounts.len());
    }
    let columns = state.kind().object_type().table.columns.iter().zip(state.values());
    let texts = columns.filter(|(column, _)| !OMITTED.contains(&column.name));
    let texts = texts.filter_map(|(column, value)| match value {
        ColumnValue::Text(Some(text)) => Some(format!("{} {}", column.name, escape(&text))),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(", ")
}

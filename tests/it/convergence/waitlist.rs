//! Generates events of the waitlist.

use serde_json::{Value, json};

use super::{TAG, histories::Generator, organizations::strip};

/// Adds the events of some entries.
pub fn push_waitlist(generator: &mut Generator) {
    for number in 0..generator.rng.below(3) {
        let id = format!("wle_{TAG}_{number}");
        for at in 0..generator.rng.below(4) {
            let mut data = entry(generator, &id);
            strip(generator, &mut data);
            let action = if at == 0 { "created" } else { "updated" };
            generator.push_event(&format!("waitlistEntry.{action}"), &data);
        }
    }
}

fn entry(generator: &mut Generator, id: &str) -> Value {
    let emails = [Some("ada@example.com"), Some("Ada@Example.com"), Some(""), None];
    let invitation = match generator.rng.below(3) {
        0 => Value::Null,
        1 => json!({ "id": "inv_1", "url": "https://clerk.example.com/?ticket=tkt-1" }),
        _ => json!({ "status": "pending" }),
    };
    let mut data = json!({
        "id": id, "object": "waitlistEntry", "is_locked": false,
        "email_address": generator.rng.choose(&emails),
        "status": generator.rng.choose(&["pending", "invited", "completed", "rejected", "new"]),
        "invitation": invitation,
    });
    for key in ["created_at", "updated_at"] {
        generator.put_time(&mut data, key);
    }
    data
}

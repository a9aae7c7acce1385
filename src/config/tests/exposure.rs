//! Verifies that the public secrets of development are for one machine.

use super::{Faults, KEY, SECRET, load};

fn development(host: &str, secret: &str, keys: &str) -> Result<(), Faults> {
    let given = [
        ("MEETVO_ENV", "development"),
        ("HOST", host),
        ("CLERK_WEBHOOK_SIGNING_SECRET", secret),
        ("MEETVO_API_KEYS", keys),
    ];
    load(given).unwrap().require_private_secrets()
}

#[test]
fn public_secrets_require_loopback_address() {
    let own = format!("own:read:{KEY}");
    for host in ["0.0.0.0", "::", "192.0.2.7", "example.com", "::ffff:192.0.2.7"] {
        for (secret, keys) in [("", ""), (SECRET, ""), ("", &*own)] {
            let Faults(faults) = development(host, secret, keys).unwrap_err();
            assert_eq!(faults[0].setting, "server.host");
            for word in [host, "CLERK_WEBHOOK_SIGNING_SECRET", "MEETVO_API_KEYS", "127.0.0.1"] {
                assert!(faults[0].problem.contains(word), "{word}: {faults:?}");
            }
        }
        development(host, SECRET, &own).unwrap();
    }
    for host in ["127.0.0.1", "127.8.0.1", "::1", "localhost", "app.localhost", "::ffff:127.0.0.1"]
    {
        development(host, "", "").unwrap();
    }
    load([("HOST", "0.0.0.0")]).unwrap().require_private_secrets().unwrap();
}

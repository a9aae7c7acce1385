//! Verifies the files for deployment without building an image.
//!
//! Each path, command, setting and port in the Dockerfile, the Compose files, the Caddyfile, the
//! systemd unit, the Kubernetes manifests, the Helm chart and the Prometheus files is compared with
//! the repository and the program. The scripts that make a release run with small files in place of
//! the program.

mod compose;
mod dockerfile;
mod helm;
mod kubernetes;
mod packages;
mod prometheus;
mod proxy;
mod release;
mod systemd;

use std::{collections::BTreeMap, time::Duration};

use meetvo::config::{Settings, Sources};

use crate::harness::Variables;

/// Loads the settings from these variables only.
fn load(variables: &Variables) -> Result<Settings, String> {
    let sources = Sources { variables: variables.clone(), ..Sources::default() };
    Settings::load(&sources).map_err(|faults| faults.to_string())
}

/// Loads the settings of a container. Asserts that every variable has an effect.
fn settings(variables: &Variables) -> Settings {
    let effective = |variables: &Variables| load(variables).map(|settings| settings.effective());
    for name in variables.keys() {
        let alone = BTreeMap::from([(name.clone(), "anything".to_owned())]);
        assert_ne!(effective(&alone), effective(&BTreeMap::new()), "{name} has no effect");
    }
    load(variables).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Parses a duration such as `35s`.
fn seconds(text: &str) -> Duration {
    Duration::from_secs(text.strip_suffix('s').unwrap().parse().unwrap())
}

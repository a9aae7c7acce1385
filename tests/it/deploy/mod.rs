//! No image is built here. Instead every path, command, setting and port that the Dockerfile, the
//! compose files, the proxy's file, the unit of systemd and the objects of Kubernetes name is compared with the repository and with the program.

mod compose;
mod dockerfile;
mod kubernetes;
mod prometheus;
mod proxy;
mod systemd;

use std::collections::BTreeMap;

use meetvo::config::{Settings, Sources};

use crate::harness::Variables;

/// What a service comes to with these variables and no others: its settings, or what is wrong.
fn load(variables: &Variables) -> Result<Settings, String> {
    let sources = Sources { variables: variables.clone(), ..Sources::default() };
    Settings::load(&sources).map_err(|faults| faults.to_string())
}

/// The settings of a container, in which no variable is given in vain.
fn settings(variables: &Variables) -> Settings {
    let shown = |variables: &Variables| load(variables).map(|settings| settings.effective());
    for name in variables.keys() {
        let alone = BTreeMap::from([(name.clone(), "anything".to_owned())]);
        assert_ne!(shown(&alone), shown(&BTreeMap::new()), "{name} is nothing that is read");
    }
    load(variables).unwrap_or_else(|faults| panic!("{faults}"))
}

//! Finds the URL to post to.

use super::sender::DEFAULT_PATH;
use crate::{
    cli::{CommandError, health},
    config::{Settings, Sources, TARGET_VARIABLE},
};

/// Returns the given URLs, or else the one of `MEETVO_TO`, or else that of the service on this
/// machine.
///
/// # Errors
///
/// Returns an error if the settings are needed and invalid, or if the system chooses the port of
/// the service.
pub(in crate::cli) fn targets(
    given: &[String],
    sources: &Sources,
) -> Result<Vec<String>, CommandError> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    if let Some(url) = sources.variable(TARGET_VARIABLE)? {
        return Ok(vec![url]);
    }
    let settings = Settings::load(sources)?;
    let address = health::address(&settings.server).map_err(|_| CommandError::UnknownPort)?;
    Ok(vec![format!("http://{address}{DEFAULT_PATH}")])
}

#[cfg(test)]
mod tests {
    use super::targets;
    use crate::config::Sources;

    fn target(given: &[&str], variables: &[(&str, &str)]) -> String {
        let given: Vec<_> = given.iter().map(|url| (*url).to_owned()).collect();
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let sources = Sources { variables: variables.collect(), ..Sources::default() };
        match targets(&given, &sources) {
            Ok(urls) => urls.join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn option_precedes_variable_and_settings() {
        let all = [("MEETVO_TO", "https://variable"), ("HOST", "::"), ("PORT", "9000")];
        assert_eq!(target(&["https://a", "https://b"], &all), "https://a https://b");
        assert_eq!(target(&[], &all), "https://variable");
        assert_eq!(target(&[], &all[1..]), "http://[::1]:9000/webhooks/clerk");
        assert_eq!(target(&[], &all[2..]), "http://127.0.0.1:9000/webhooks/clerk");
        assert_eq!(target(&[], &[]), "http://127.0.0.1:8080/webhooks/clerk");
        assert_eq!(target(&[], &[("MEETVO_TO", " ")]), "http://127.0.0.1:8080/webhooks/clerk");
    }

    #[test]
    fn unknown_port_is_explained() {
        assert!(target(&[], &[("PORT", "0")]).contains("--to or MEETVO_TO"));
        assert!(target(&[], &[("PORT", "none")]).contains("server.port (from PORT)"));
        assert_eq!(target(&["http://h:1"], &[("PORT", "none")]), "http://h:1");
    }
}

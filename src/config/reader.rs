//! Reads single settings, and collects their faults.

use std::{fmt::Display, ops::RangeInclusive, time::Duration};

use serde::Deserialize;

use super::{
    ApiKey, Environment, Fault, SigningSecret,
    sources::{self, Merged},
};

/// Reads settings one by one and collects their faults.
pub(super) struct Reader<'a> {
    pub(super) merged: &'a Merged,
    pub(super) faults: Vec<Fault>,
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, setting: &str, problem: impl Display) {
        let setting = match self.merged.origins.get(setting) {
            Some(origin) => format!("{setting} (from {})", origin.place),
            None => setting.to_owned(),
        };
        self.faults.push(Fault { setting, problem: problem.to_string() });
    }

    /// Reports every name that is not a setting. It is probably misspelled.
    pub(super) fn reject_unknown(&mut self) {
        for name in sources::names(&self.merged.config) {
            if self.merged.known.contains(&name) {
                continue;
            }
            let section = name.split('.').next();
            let same_section: Vec<_> =
                self.merged.known.iter().filter(|it| it.split('.').next() == section).collect();
            let known = match same_section.as_slice() {
                [] => &self.merged.known.iter().collect(),
                _ => &same_section,
            };
            self.fault(&name, format!("is not a setting; known settings: {}", joined(known)));
        }
    }

    pub(super) fn raw<T: for<'de> Deserialize<'de>>(
        &mut self,
        name: &'static str,
        kind: &str,
    ) -> Option<T> {
        let value = self.merged.config.get(name);
        // The library's message quotes the value, which can be a secret.
        value.map_err(|_| self.fault(name, format!("must be {kind}"))).ok()
    }

    pub(super) fn parsed<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text: String = self.raw(name, "a string")?;
        let text = text.trim();
        // A key in PEM has several lines.
        if text.contains(['\n', '\r']) && !text.starts_with("-----BEGIN") {
            let problem = "contains a line break: write it on one line, and separate the items of \
                           a list with commas";
            self.fault(name, problem);
            return None;
        }
        parse(text).map_err(|problem| self.fault(name, problem)).ok()
    }

    pub(super) fn number<T: TryFrom<u64>>(
        &mut self,
        name: &'static str,
        range: RangeInclusive<u64>,
    ) -> Option<T> {
        let (min, max) = (range.start(), range.end());
        let kind = format!("a whole number from {min} to {max}");
        let number: u64 = self.raw(name, &kind)?;
        let number = Some(number).filter(|number| range.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            self.fault(name, format!("must be {kind}"));
        }
        number
    }

    pub(super) fn millis(&mut self, name: &'static str) -> Option<Duration> {
        self.number(name, 1..=3_600_000).map(Duration::from_millis)
    }

    /// Rejects signing secrets in production that are shorter than those of Svix. A short secret
    /// can be found by trying.
    pub(super) fn reject_short_secrets(&mut self, name: &'static str, secrets: &[SigningSecret]) {
        if self.merged.environment != Environment::Production {
            return;
        }
        let min = SigningSecret::MIN_LENGTH;
        for secret in secrets.iter().filter(|it| it.length() < min) {
            let problem = format!(
                "has a secret of {} bytes (`{}`), and production requires at least {min}: copy the \
                 endpoint's secret from Clerk's dashboard",
                secret.length(),
                secret.label
            );
            self.fault(name, problem);
        }
    }

    /// Rejects the built-in development secrets in production, because they are public.
    pub(super) fn reject_development_values<T, E>(
        &mut self,
        name: &'static str,
        values: Option<&[T]>,
        parse: impl FnOnce(&str) -> Result<Vec<T>, E>,
    ) where
        T: SameSecret,
    {
        if self.merged.environment != Environment::Production {
            return;
        }
        let public = sources::development_value(name).and_then(|text| parse(&text).ok());
        let public = public.unwrap_or_default();
        let used = values.unwrap_or_default().iter();
        if used.into_iter().any(|value| public.iter().any(|public| value.same_secret(public))) {
            let problem =
                "contains a value of config/development.toml, which is public: replace it";
            self.fault(name, problem);
        }
    }
}

/// Comparison of two values by their secret, without their labels.
pub(super) trait SameSecret {
    fn same_secret(&self, other: &Self) -> bool;
}

impl SameSecret for SigningSecret {
    fn same_secret(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

impl SameSecret for ApiKey {
    fn same_secret(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

fn joined(names: &[&String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

//! Extractors for the IDs in the path and for the query parameters.
//!
//! They reject NUL characters. No stored text contains one, and PostgreSQL rejects statements that
//! do. With this check, both engines behave the same.

use std::{
    fmt::Display,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use utoipa::ToSchema;

use super::problem::Problem;

/// Extractor for query parameters. Unlike `web::Query`, it accepts repeated parameters, rejects
/// empty ones, and its errors are problem documents that name the parameter.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = parse(request.query_string());
        ready(match parsed {
            Ok(parameters) => Ok(Self(parameters)),
            Err(detail) => Err(Problem::bad_request("parameter_invalid", detail)),
        })
    }
}

/// Query parameters of a call that has none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoParameters {}

/// Parses a query string.
///
/// # Errors
///
/// Returns a text that names the first invalid parameter and the expected value.
fn parse<T: DeserializeOwned>(query: &str) -> Result<T, String> {
    let given: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|error| error.to_string())?;
    let parameters = serde_html_form::Deserializer::from_bytes(query.as_bytes());
    let parameters = serde_path_to_error::deserialize(parameters);
    let parameters = parameters.map_err(|error| explain(&error, &given))?;
    // All names are known here.
    match given.iter().find_map(|(name, value)| Some((name, fault(value)?))) {
        Some((name, expected)) => Err(format!("{name}: expected {expected}")),
        None => Ok(parameters),
    }
}

/// Returns whether a character is a blank. Unlike in Unicode, U+0085 is none, as in the patterns of
/// the API description.
fn is_blank(character: char) -> bool {
    character.is_whitespace() && character != '\u{85}'
}

/// Returns what is expected instead of a value that no parameter can have.
fn fault(value: &str) -> Option<&'static str> {
    if value.trim_matches(is_blank).is_empty() {
        Some("a value; leave the parameter out to apply no filter")
    } else if value.contains('\0') {
        Some("a value without NUL characters")
    } else if value.contains(char::REPLACEMENT_CHARACTER) {
        // The decoder replaces invalid bytes with this character.
        Some("percent-encoded UTF-8")
    } else {
        None
    }
}

/// Returns the name of the invalid parameter and the expected value. The text does not contain the
/// value, because it can be personal data.
fn explain<E: Display>(
    error: &serde_path_to_error::Error<E>,
    given: &[(String, String)],
) -> String {
    let problem = error.inner().to_string();
    if let Some(rest) = problem.strip_prefix("unknown field `") {
        let without_fields = || rest.strip_suffix("`, there are no fields").unwrap_or(rest);
        let (name, known) =
            rest.rsplit_once("`, expected ").unwrap_or_else(|| (without_fields(), "no parameter"));
        return format!("unknown parameter {}: expected {known}", shown(name, given));
    }
    if let Some(name) = problem.strip_prefix("missing field ") {
        return format!("missing parameter {name}");
    }
    let path = error.path().to_string();
    // A repeated parameter has a path with the position of the value.
    if let Some((name, _)) = path.split_once('[') {
        return explain_value(name, &problem);
    }
    let name = path;
    if given.iter().filter(|(other, _)| *other == name).count() > 1 {
        return format!("{name}: expected one value");
    }
    explain_value(&name, &problem)
}

fn explain_value(name: &str, problem: &str) -> String {
    match problem.rsplit_once("expected ") {
        Some((_, expected)) => format!("{name}: expected {expected}"),
        None => format!("{name}: {problem}"),
    }
}

/// Returns an unknown name in backticks, or its position if it does not look like a name. In a
/// query such as `?ada@example.com`, the name is personal data.
fn shown(name: &str, given: &[(String, String)]) -> String {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || b"_-.[]".contains(&byte);
    if (1..=40).contains(&name.len()) && name.bytes().all(is_part) {
        return format!("`{name}`");
    }
    let position = given.iter().position(|(other, _)| other == name).unwrap_or_default() + 1;
    format!("at position {position}")
}

/// Whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = u32)]
pub(super) struct WholeNumber<const MIN: u32, const MAX: u32>(pub(super) u32);

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for WholeNumber<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer) {
            Ok(number) if (MIN..=MAX).contains(&number) => Ok(Self(number)),
            _ => Err(D::Error::custom(format!("expected {MIN} to {MAX}"))),
        }
    }
}

/// Value of a filter, without surrounding blanks.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, pattern = r"\S")]
pub(super) struct FilterText(pub(super) String);

impl<'de> Deserialize<'de> for FilterText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.trim_matches(is_blank).to_owned()))
    }
}

/// Maximum number of values of a filter in a request.
const MAX_VALUES: usize = 500;

/// Returns the IDs of a filter.
///
/// # Errors
/// Returns a problem if there are too many.
pub(super) fn ids(filter: Vec<FilterText>) -> Result<Vec<String>, Problem> {
    values("id", filter.into_iter().map(|FilterText(id)| id).collect())
}

/// Returns the values of a filter, which can be repeated.
///
/// # Errors
/// Returns a problem that names the filter if there are too many.
pub(super) fn values(name: &str, filter: Vec<String>) -> Result<Vec<String>, Problem> {
    if filter.len() > MAX_VALUES {
        let detail = format!("{name}: expected at most {MAX_VALUES}");
        return Err(Problem::bad_request("parameter_invalid", detail));
    }
    Ok(filter)
}

/// `true` or `false`.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = bool)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match &*String::deserialize(deserializer)? {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(D::Error::custom("expected true or false")),
        }
    }
}

/// Value of a filter that cannot contain blanks, such as an email address. It has no surrounding
/// blanks.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, pattern = r"^\s*\S+\s*$")]
pub(super) struct FilterWord(pub(super) String);

impl<'de> Deserialize<'de> for FilterWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let FilterText(text) = FilterText::deserialize(deserializer)?;
        match text.contains(is_blank) {
            // In a query string, `+` stands for a blank.
            true => Err(D::Error::custom(format!("expected {WITHOUT_BLANKS}"))),
            false => Ok(Self(text)),
        }
    }
}

/// Expected form of a value in which a blank can only be an unencoded `+`.
const WITHOUT_BLANKS: &str = "a value without blanks; write + as %2B";

/// Beginning of an email address, a name or another term, without surrounding blanks.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, pattern = r"\S")]
pub(super) struct SearchText(pub(super) String);

impl<'de> Deserialize<'de> for SearchText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let FilterText(text) = FilterText::deserialize(deserializer)?;
        let last_word = text.rsplit_once(char::is_whitespace).map(|(_, last_word)| last_word);
        // Names have blanks, and addresses have none.
        match last_word.and_then(|word| word.find('@')) {
            Some(1..) => Err(D::Error::custom(format!("expected {WITHOUT_BLANKS}"))),
            _ => Ok(Self(text)),
        }
    }
}

/// Extractor for the two IDs in the path.
pub(super) struct PathIds(pub(super) (String, String));

impl FromRequest for PathIds {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ids = web::Path::<(String, String)>::from_request(request, payload).into_inner();
        ready(match ids.map(web::Path::into_inner) {
            Ok((first, second)) if !first.contains('\0') && !second.contains('\0') => {
                Ok(Self((first, second)))
            }
            _ => Err(invalid_id()),
        })
    }
}

/// Extractor for the ID in the path.
pub(super) struct PathId(pub(super) String);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = web::Path::<String>::from_request(request, payload).into_inner();
        ready(match id.map(web::Path::into_inner) {
            Ok(id) if !id.contains('\0') => Ok(Self(id)),
            _ => Err(invalid_id()),
        })
    }
}

fn invalid_id() -> Problem {
    Problem::not_found("no object has this ID")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{FilterWord, NoParameters, SearchText, WholeNumber, parse};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the errors matter")]
    struct Parameters {
        email: Option<FilterWord>,
        number: Option<WholeNumber<1, 5>>,
        #[serde(default)]
        id: Vec<String>,
    }

    #[test]
    fn invalid_parameters_are_named() {
        let known = "expected one of `email`, `number`, `id`";
        let blank = "email: expected a value without blanks; write + as %2B";
        let empty = "expected a value; leave the parameter out to apply no filter";
        for (query, detail) in [
            ("mail=x", format!("unknown parameter `mail`: {known}")),
            ("mail", format!("unknown parameter `mail`: {known}")),
            ("id=1&a%60b=", format!("unknown parameter at position 2: {known}")),
            ("ada@example.com=x", format!("unknown parameter at position 1: {known}")),
            ("=", format!("unknown parameter at position 1: {known}")),
            ("email=a+b@example.com", blank.to_owned()),
            ("email=", format!("email: {empty}")),
            ("email=a%C2%A0b", blank.to_owned()),
            ("email=+%09", format!("email: {empty}")),
            ("id=x&id=", format!("id: {empty}")),
            ("id=x%00", "id: expected a value without NUL characters".to_owned()),
            ("email=%ff", "email: expected percent-encoded UTF-8".to_owned()),
            ("email=a&email=b", "email: expected one value".to_owned()),
            ("number=6", "number: expected 1 to 5".to_owned()),
            ("number=x", "number: expected 1 to 5".to_owned()),
            ("number=", "number: expected 1 to 5".to_owned()),
        ] {
            assert_eq!(parse::<Parameters>(query).unwrap_err(), detail, "{query}");
        }
        let Err(detail) = parse::<NoParameters>("x=1") else { panic!("`x` is accepted") };
        assert_eq!(detail, "unknown parameter `x`: expected no parameter");
    }

    #[test]
    fn surrounding_blanks_are_removed() {
        let parameters: Parameters = parse("email=+Ada%2Bx@Example.com%0A").unwrap();
        assert_eq!(parameters.email.unwrap().0, "Ada+x@Example.com");
        let parameters: Parameters = parse("email=%C2%85").unwrap();
        assert_eq!(parameters.email.unwrap().0, "\u{85}");
    }

    #[test]
    fn search_text_is_name_or_address() {
        #[derive(Deserialize)]
        struct Search {
            query: SearchText,
        }
        let search = |query: &str| parse(query).map(|Search { query }| query.0);
        for (query, text) in [
            ("query=+ada+lovelace+", "ada lovelace"),
            ("query=flo%2Bclerk_test@example", "flo+clerk_test@example"),
            ("query=ada+@home", "ada @home"),
        ] {
            assert_eq!(search(query).as_deref(), Ok(text), "{query}");
        }
        let detail = "query: expected a value without blanks; write + as %2B";
        assert_eq!(search("query=flo+clerk_test@ex").unwrap_err(), detail);
    }
}

//! Query parameters of the list of users.

use serde::{Deserialize, Deserializer, de::Error};
use utoipa::{IntoParams, ToSchema};

use super::fields::{FieldName, Fields};
use crate::{
    http::{
        pagination::Limit,
        problem::Problem,
        query::{self, FilterText, FilterWord, Flag, SearchText},
        timestamp::Timestamp,
    },
    store::{TimeRange, user_order::CreationOrder, users::UserFilter},
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct UserParams {
    /// IDs of users. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, max_items = 500, required = false)]
    id: Vec<FilterText>,
    /// Primary email addresses, without regard to case. Each matches at most one user. The parameter
    /// can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, max_items = 500, required = false)]
    email: Vec<FilterWord>,
    /// Username.
    #[param(inline)]
    username: Option<FilterWord>,
    /// Your own IDs of the users. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, max_items = 500, required = false)]
    external_id: Vec<FilterText>,
    /// Primary phone numbers in E.164 format. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, max_items = 500, required = false)]
    phone: Vec<FilterPhone>,
    /// Whether the users are banned. `false` also matches users for whom Clerk has not sent the
    /// value.
    #[param(inline)]
    banned: Option<Flag>,
    /// Beginning of the email address, the username or a name, without regard to case and accents.
    /// Users are ordered by the matched text, and not by ID. It cannot be combined with `sort`.
    #[param(inline)]
    pub(super) query: Option<SearchText>,
    /// Lists users with a later `created_at`.
    #[param(inline)]
    created_after: Option<Timestamp>,
    /// Lists users with an earlier `created_at`.
    #[param(inline)]
    created_before: Option<Timestamp>,
    /// Lists users with a later `updated_at`.
    #[param(inline)]
    updated_after: Option<Timestamp>,
    /// Lists users with an earlier `updated_at`.
    #[param(inline)]
    updated_before: Option<Timestamp>,
    /// Order of the users: `created_at` lists the oldest first, `-created_at` the newest. Users
    /// without `created_at` are left out. By default, users are ordered by ID.
    #[param(inline)]
    pub(super) sort: Option<UserSort>,
    /// Properties of the users to return, separated by commas. By default, all are returned. With
    /// this parameter, the others are absent, also those that the schema requires.
    #[param(inline, value_type = Option<Vec<FieldName>>, style = Form, explode = false, min_items = 1)]
    pub(super) fields: Option<Fields>,
    /// Maximum number of users on the page. A page can have fewer and still have a next page.
    #[serde(default)]
    #[param(inline)]
    pub(super) limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    pub(super) cursor: Option<String>,
}

impl UserParams {
    /// Takes the filter of the list.
    ///
    /// # Errors
    /// Returns a problem if there are too many values.
    pub(super) fn take_filter(&mut self) -> Result<UserFilter, Problem> {
        let emails = std::mem::take(&mut self.email).into_iter();
        let phones = std::mem::take(&mut self.phone).into_iter();
        let at = |time: Option<Timestamp>| time.map(|Timestamp(at)| at);
        let range = |after, before| TimeRange { after: at(after), before: at(before) };
        Ok(UserFilter {
            ids: query::values("id", texts(&mut self.id))?,
            emails: query::values("email", emails.map(|FilterWord(email)| email).collect())?,
            username: self.username.take().map(|FilterWord(username)| username),
            external_ids: query::values("external_id", texts(&mut self.external_id))?,
            phones: query::values("phone", phones.map(|FilterPhone(phone)| phone).collect())?,
            banned: self.banned.map(|Flag(banned)| banned),
            created: range(self.created_after, self.created_before),
            updated: range(self.updated_after, self.updated_before),
        })
    }
}

fn texts(values: &mut Vec<FilterText>) -> Vec<String> {
    std::mem::take(values).into_iter().map(|FilterText(text)| text).collect()
}

/// Order of users.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub(super) enum UserSort {
    /// The oldest user comes first.
    #[serde(rename = "created_at")]
    CreatedAt,
    /// The newest user comes first.
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
}

impl From<UserSort> for CreationOrder {
    fn from(sort: UserSort) -> Self {
        match sort {
            UserSort::CreatedAt => Self::Ascending,
            UserSort::CreatedAtDescending => Self::Descending,
        }
    }
}

/// Phone number in E.164 format.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, pattern = r"^\+[0-9]{1,15}$", example = "+15555550100")]
struct FilterPhone(String);

impl<'de> Deserialize<'de> for FilterPhone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('+').filter(|it| (1..=15).contains(&it.len()));
        match digits.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit())) {
            true => Ok(Self(text)),
            // In a query string, `+` stands for a blank.
            false => Err(D::Error::custom("expected a number such as %2B15555550100")),
        }
    }
}

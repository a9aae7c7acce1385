//! Lists of the objects that belong to a user. All of their endpoints share this code.

use actix_web::HttpResponse;
use serde::Serialize;

use super::no_such_user;
use crate::{
    domain::Millis,
    http::{
        State,
        auth::Caller,
        pagination::{self, PageParams},
        problem::Problem,
    },
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage},
};

/// An object of the API that belongs to a user.
pub(in crate::http) trait Owned: Serialize {
    /// The object, as the store returns it.
    type Record;

    /// Reads a page of a user's objects, in the order of their IDs.
    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError>;

    /// Returns the ID of an object, which is the cursor of the page after it.
    fn id(record: &Self::Record) -> &str;

    /// Converts an object to its representation in the API at the time `now`.
    fn convert(record: Self::Record, now: Millis) -> Self;
}

/// Responds with a page of a user's objects, if the caller may read them.
pub(super) async fn authorized_page<T: Owned>(
    caller: &Caller,
    user_id: &str,
    params: PageParams,
    state: &State,
) -> Result<HttpResponse, Problem> {
    if !caller.may_read(user_id) {
        return Err(no_such_user());
    }
    page::<T>(user_id, params, state).await
}

/// Responds with a page of a user's objects.
pub(in crate::http) async fn page<T: Owned>(
    user_id: &str,
    PageParams { limit, cursor }: PageParams,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let found = T::read(&state.store, user_id, &limit.page_request(cursor)).await?;
    // An empty page can mean that the user has no objects, or that there is no such user.
    if found.items.is_empty() && !state.store.user_exists(user_id).await? {
        return Err(no_such_user());
    }
    let now = state.clock.now();
    let cursor = |record: &T::Record| T::id(record).to_owned();
    let convert = |record| T::convert(record, now);
    Ok(pagination::bounded_page_response(limit, found, cursor, convert))
}

//! Lists of the objects that belong to a user or an organization. All of their endpoints share this
//! code.

use actix_web::HttpResponse;
use serde::Serialize;

use super::{
    State,
    pagination::{self, PageParams},
    problem::Problem,
};
use crate::{
    domain::Millis,
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage},
};

/// Objects that own others.
pub(super) trait Owner {
    /// Returns whether an owner exists, also as a stub.
    async fn exists(store: &Store, id: &str) -> Result<bool, StoreError>;

    /// Returns the problem that there is no owner with an ID.
    fn not_found() -> Problem;
}

/// An object of the API that belongs to an owner.
pub(super) trait Owned<O: Owner>: Serialize {
    /// The object, as the store returns it.
    type Record;

    /// Reads a page of an owner's objects, in the order of their cursors.
    async fn read(
        store: &Store,
        owner_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError>;

    /// Returns the cursor of the page after an object.
    fn cursor(record: &Self::Record) -> &str;

    /// Converts an object to its representation in the API at the time `now`.
    fn convert(record: Self::Record, now: Millis) -> Self;
}

/// Responds with a page of an owner's objects.
pub(super) async fn page<T: Owned<O>, O: Owner>(
    owner_id: &str,
    params: PageParams,
    state: &State,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    converted_page::<T, O>(owner_id, params, state, |record| T::convert(record, now)).await
}

/// Responds with a page of an owner's objects in the representation of `convert`.
pub(super) async fn converted_page<T: Owned<O>, O: Owner>(
    owner_id: &str,
    PageParams { limit, cursor }: PageParams,
    state: &State,
    convert: impl Fn(T::Record) -> T,
) -> Result<HttpResponse, Problem> {
    let found = T::read(&state.store, owner_id, &limit.page_request(cursor)).await?;
    // An empty page can mean that the owner has no objects, or that there is no such owner.
    if found.items.is_empty() && !O::exists(&state.store, owner_id).await? {
        return Err(O::not_found());
    }
    let cursor = |record: &T::Record| T::cursor(record).to_owned();
    Ok(pagination::bounded_page_response(limit, found, cursor, convert))
}

//! Clerk's lists of objects, page by page.
//!
//! An object deleted during the iteration does not hide another one: see [`cursor`] and [`offset`].
//! Objects created during the iteration appear at its end, or before its first page if Clerk lists
//! the newest ones first.

mod cursor;
mod offset;
mod payers;

use self::{cursor::CursorPages, offset::OffsetPages, payers::PayerPages};
use crate::{
    clerk::backend::{ApiObject, Backend, BackendError, PAGE_SIZE, RetryPolicy},
    domain::{Millis, change_source::ChangeSource},
    objects::{
        AnyState, Kind,
        api_access::{ApiAccess, Paging, PathPart, SingleRead},
        decode::api_object,
        event::Event,
    },
};

/// Iteration over the pages of the list of one type.
#[derive(Debug)]
pub(super) enum ObjectPages<'a> {
    Cursor(CursorPages<'a>),
    Offset(OffsetPages<'a>),
    Payers(PayerPages<'a>),
}

/// One page of objects, as events with their states.
#[derive(Debug)]
pub(super) struct ObjectPage {
    /// Objects that the pages before did not have.
    pub(super) objects: Vec<Event>,
    /// Whether no page follows.
    pub(super) is_last: bool,
}

impl<'a> ObjectPages<'a> {
    /// Creates an iteration that starts after the first of these objects that still exists. `passed`
    /// is the number of objects up to there. With an empty cursor, starts at the beginning. `source`
    /// is the reason of the iteration.
    pub(super) fn after(
        backend: &'a Backend,
        (kind, api): (Kind, &'static ApiAccess),
        (cursor, passed): (Vec<String>, u64),
        source: ChangeSource,
    ) -> Self {
        match api.paging {
            Paging::Cursor => Self::Cursor(CursorPages::after(backend, kind, cursor, source)),
            Paging::Offset => Self::Offset(OffsetPages::after(
                backend,
                (kind, api.list),
                (cursor, passed),
                source,
            )),
            Paging::Payers => {
                Self::Payers(PayerPages::after(backend, api.list, (cursor, passed), source))
            }
        }
    }

    /// Fetches the next page. If no object of the initial cursor exists any more, starts at the
    /// beginning.
    ///
    /// # Errors
    /// Returns an error if the request to Clerk fails, or if the pages do not advance.
    pub(super) async fn next_page(
        &mut self,
        now: impl Fn() -> Millis,
    ) -> Result<ObjectPage, BackendError> {
        match self {
            Self::Cursor(pages) => pages.next_page(now).await,
            Self::Offset(pages) => pages.next_page(now).await,
            Self::Payers(pages) => pages.next_page(now).await,
        }
    }

    /// Returns the IDs of the last objects of the last page, the last one first.
    pub(super) fn cursor(&self) -> &[String] {
        match self {
            Self::Cursor(pages) => pages.cursor(),
            Self::Offset(pages) => pages.cursor(),
            Self::Payers(pages) => pages.cursor(),
        }
    }
}

/// Returns the types that Clerk's Backend API lists. An owner comes before the objects that belong to
/// it.
pub(super) fn listed_types() -> impl Iterator<Item = (Kind, &'static ApiAccess)> {
    Kind::ALL.into_iter().filter_map(|kind| Some((kind, kind.object_type().api.as_ref()?)))
}

/// Returns the number of objects that Clerk has, or `None` if the instance does not use the feature.
///
/// # Errors
/// Returns an error if the request to Clerk fails.
pub(super) async fn count(backend: &Backend, api: &ApiAccess) -> Result<Option<u64>, BackendError> {
    let count = match api.paging {
        Paging::Cursor => backend.count_users(RetryPolicy::Persistent).await,
        Paging::Offset | Paging::Payers => backend.count(api.list.path, api.list.parameters).await,
    };
    unless_disabled(count)
}

/// Returns `None` if the instance does not use the feature.
pub(super) fn unless_disabled<T>(
    result: Result<T, BackendError>,
) -> Result<Option<T>, BackendError> {
    match result {
        Err(BackendError::Rejected(error)) if error.is_disabled_feature() => Ok(None),
        result => result.map(Some),
    }
}

/// Answer of Clerk to the question whether an object exists.
#[derive(Debug)]
pub(super) enum Lookup {
    /// Clerk does not have the object.
    Missing,
    /// Clerk has the object.
    Exists,
    /// Clerk has the object, in this state.
    Found(Box<Event>),
}

impl From<bool> for Lookup {
    fn from(exists: bool) -> Self {
        if exists { Self::Exists } else { Self::Missing }
    }
}

/// Looks for an object at Clerk, by a request for this object. If its owners are unknown, the
/// request is not possible, and the object counts as existing.
///
/// # Errors
/// Returns an error if the request to Clerk fails.
pub(super) async fn look_up(
    backend: &Backend,
    api: &ApiAccess,
    state: &AnyState,
    now: impl Fn() -> Millis,
) -> Result<Lookup, BackendError> {
    let text = |parts: &[PathPart]| parts.iter().map(|it| it.of(state)).collect::<Option<Vec<_>>>();
    match &api.single {
        SingleRead::Object(path) => match text(path) {
            Some(path) => {
                Ok(backend.object(&path, RetryPolicy::Persistent).await?.is_some().into())
            }
            None => Ok(Lookup::Exists),
        },
        SingleRead::List(path, filter) => {
            let filter = match filter {
                Some((name, part)) => part.of(state).map(|value| Some((*name, value))),
                None => Some(None),
            };
            let (Some(path), Some(filter)) = (text(path), filter) else {
                return Ok(Lookup::Exists);
            };
            let parameters: Vec<_> = api.list.parameters.iter().copied().chain(filter).collect();
            Ok(is_listed(backend, state, &path, &parameters).await?.into())
        }
        SingleRead::OfPayer => payers::look_up(backend, state, now()).await,
    }
}

/// Returns whether a filtered list contains an object.
async fn is_listed(
    backend: &Backend,
    state: &AnyState,
    path: &[&str],
    parameters: &[(&str, &str)],
) -> Result<bool, BackendError> {
    let mut offset = 0;
    loop {
        let page = match backend.page(path, parameters, offset).await {
            // The owner does not exist.
            Err(BackendError::Rejected(error)) if error.is_not_found() => return Ok(false),
            page => page?.data,
        };
        if page.iter().any(|object| id(state.kind(), object).as_deref() == Some(state.id())) {
            return Ok(true);
        }
        if page.len() < PAGE_SIZE {
            return Ok(false);
        }
        // Half a page again, because a deletion shifts the objects.
        offset += page.len() / 2;
    }
}

/// Returns the ID of an object.
fn id(kind: Kind, object: &ApiObject) -> Option<String> {
    api_object::fetched(kind, object, ChangeSource::Repair, 0).object_id
}

/// Returns the error for a list that never ends.
fn unexpected(kind: Kind, problem: &str) -> BackendError {
    BackendError::UnexpectedResponse(format!("a page of the type {kind} {problem}"))
}

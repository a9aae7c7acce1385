//! Clerk's user list, page by page in the order of creation.
//!
//! Users created during the iteration appear at its end. The pages use a cursor instead of an
//! offset, so a user deleted during the iteration does not shift the others.

use crate::{
    clerk::backend::{ApiObject, Backend, BackendError, PAGE_SIZE},
    domain::Millis,
    objects::{Kind, decode::api_object, event::Event},
};

/// Maximum number of user IDs in a cursor. The next page starts after the first ID; if that user
/// has been deleted, it starts after the next ID.
const CURSOR_IDS: usize = 16;

/// Iteration over the pages of Clerk's user list.
#[derive(Debug)]
pub(super) struct UserPages<'a> {
    backend: &'a Backend,
    cursor: Vec<String>,
    /// Whether no page has been fetched yet.
    is_new: bool,
}

/// One page of users, as events with their states.
#[derive(Debug)]
pub(super) struct UserPage {
    pub(super) users: Vec<Event>,
    /// Whether no page follows.
    pub(super) is_last: bool,
}

impl<'a> UserPages<'a> {
    /// Creates an iteration that starts after the first of these users who still exists. With an
    /// empty cursor, it starts at the beginning.
    pub(super) fn after(backend: &'a Backend, cursor: Vec<String>) -> Self {
        Self { backend, cursor, is_new: true }
    }

    /// Fetches the next page. If no user of the initial cursor exists any more, starts at the
    /// beginning.
    ///
    /// # Errors
    /// Returns an error if the request to Clerk fails, or if a full page contains no user ID.
    pub(super) async fn next_page(
        &mut self,
        now: impl Fn() -> Millis,
    ) -> Result<UserPage, BackendError> {
        let objects = self.fetch_page().await?;
        self.is_new = false;
        let users: Vec<_> =
            objects.iter().map(|it| api_object::fetched(Kind::User, it, now())).collect();
        let is_last = users.len() < PAGE_SIZE;
        let ids = users.iter().rev().filter_map(|event| event.object_id.clone());
        self.cursor = ids.take(CURSOR_IDS).collect();
        if self.cursor.is_empty() && !is_last {
            // With an empty cursor the iteration would start at the beginning and never end.
            return Err(BackendError::UnexpectedResponse(
                "a page of users contains no user ID".to_owned(),
            ));
        }
        Ok(UserPage { users, is_last })
    }

    /// Returns the IDs of the last users of the last page, the last one first.
    pub(super) fn cursor(&self) -> &[String] {
        &self.cursor
    }

    async fn fetch_page(&mut self) -> Result<Vec<ApiObject>, BackendError> {
        loop {
            match self.backend.users(self.cursor.first().map(String::as_str)).await {
                // Clerk rejects the ID of a deleted user as cursor. After the first page, one ID
                // always remains: if Clerk rejects every cursor, an iteration that starts at the
                // beginning again never ends.
                Err(BackendError::Rejected(refusal))
                    if refusal.is_about_parameters()
                        && self.cursor.len() > usize::from(!self.is_new) =>
                {
                    self.cursor.remove(0);
                }
                result => return result,
            }
        }
    }
}

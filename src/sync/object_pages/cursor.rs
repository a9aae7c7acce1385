//! Pages after a cursor.
//!
//! The pages use the ID of an object instead of an offset, so an object deleted during the iteration
//! does not shift the others.

use super::{ObjectPage, unexpected};
use crate::{
    clerk::backend::{ApiObject, Backend, BackendError, PAGE_SIZE},
    domain::{Millis, change_source::ChangeSource},
    objects::{Kind, decode::api_object},
};

/// Maximum number of IDs in a cursor. The next page starts after the first ID; if that object has
/// been deleted, it starts after the next ID.
const CURSOR_IDS: usize = 16;

/// Iteration over the pages of a list by cursor. Clerk has such a list of users only.
#[derive(Debug)]
pub(in crate::sync) struct CursorPages<'a> {
    backend: &'a Backend,
    kind: Kind,
    cursor: Vec<String>,
    source: ChangeSource,
    /// Whether no page has been fetched yet.
    is_new: bool,
}

impl<'a> CursorPages<'a> {
    pub(super) fn after(
        backend: &'a Backend,
        kind: Kind,
        cursor: Vec<String>,
        source: ChangeSource,
    ) -> Self {
        Self { backend, kind, cursor, source, is_new: true }
    }

    pub(super) fn cursor(&self) -> &[String] {
        &self.cursor
    }

    pub(super) async fn next_page(
        &mut self,
        now: impl Fn() -> Millis,
    ) -> Result<ObjectPage, BackendError> {
        let objects = self.fetch_page().await?;
        self.is_new = false;
        let objects: Vec<_> = objects
            .iter()
            .map(|it| api_object::fetched(self.kind, it, self.source, now()))
            .collect();
        let is_last = objects.len() < PAGE_SIZE;
        let ids = objects.iter().rev().filter_map(|event| event.object_id.clone());
        self.cursor = ids.take(CURSOR_IDS).collect();
        if self.cursor.is_empty() && !is_last {
            // With an empty cursor the iteration would start at the beginning and never end.
            return Err(unexpected(self.kind, "contains no ID"));
        }
        Ok(ObjectPage { objects, is_last })
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

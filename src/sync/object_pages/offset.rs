//! Pages at offsets.
//!
//! An object deleted during the iteration shifts all later ones to the front, past the offset of the
//! next page. The pages therefore overlap: a page must contain one of the last objects of the page
//! before, which proves that none is missing between the two. If it contains none of them, the
//! iteration steps back by a page.

use std::collections::HashSet;

use super::{ObjectPage, unexpected};
use crate::{
    clerk::backend::{Backend, BackendError, PAGE_SIZE},
    domain::{Millis, change_source::ChangeSource},
    objects::{Kind, api_access::List, decode::api_object, event::Event},
};

/// Number of objects that a page has in common with the page before.
const OVERLAP: usize = 50;

/// Maximum number of earlier pages of which the last ID is kept, in case that all objects of the
/// overlap are deleted at once.
const EARLIER_PAGES: usize = 50;

/// Iteration over the pages of a list by offset.
#[derive(Debug)]
pub(in crate::sync) struct OffsetPages<'a> {
    backend: &'a Backend,
    kind: Kind,
    list: List,
    source: ChangeSource,
    /// Offset of the end of the last page, unless objects were deleted since.
    end: usize,
    /// IDs of the last objects of the last page, the last one first, and the last ID of earlier
    /// pages.
    cursor: Vec<String>,
    /// IDs of all objects of the last page.
    last_page: HashSet<String>,
}

impl<'a> OffsetPages<'a> {
    pub(super) fn after(
        backend: &'a Backend,
        (kind, list): (Kind, List),
        (cursor, passed): (Vec<String>, u64),
        source: ChangeSource,
    ) -> Self {
        let end = usize::try_from(passed).unwrap_or_default();
        let last_page = cursor.iter().cloned().collect();
        Self { backend, kind, list, source, end, cursor, last_page }
    }

    pub(super) fn cursor(&self) -> &[String] {
        &self.cursor
    }

    pub(super) async fn next_page(
        &mut self,
        now: impl Fn() -> Millis,
    ) -> Result<ObjectPage, BackendError> {
        let mut offset = match self.cursor.is_empty() {
            true => 0,
            false => self.end.saturating_sub(OVERLAP),
        };
        let mut has_stepped_back = false;
        let (objects, overlap_end) = loop {
            let page = self.backend.page(self.list.path, self.list.parameters, offset).await?.data;
            let objects: Vec<_> = page
                .iter()
                .map(|it| api_object::fetched(self.kind, it, self.source, now()))
                .collect();
            match self.overlap_end(&objects) {
                None if offset > 0 => {
                    offset = offset.saturating_sub(PAGE_SIZE);
                    has_stepped_back = true;
                }
                end => break (objects, end.unwrap_or_default()),
            }
        };
        let is_last = objects.len() < PAGE_SIZE;
        self.end = offset + objects.len();
        let ids = |objects: &[Event]| -> Vec<String> {
            objects.iter().rev().filter_map(|it| it.object_id.clone()).collect()
        };
        let page = ids(&objects);
        if page.is_empty() && !is_last {
            // Without an ID, the next page cannot be checked for an overlap.
            return Err(unexpected(self.kind, "contains no ID"));
        }
        // Objects with the same time of creation can change places, so those just before the end of
        // the overlap may be new.
        let candidates = objects.into_iter().skip(overlap_end.saturating_sub(OVERLAP));
        let fresh =
            |it: &Event| it.object_id.as_ref().is_none_or(|id| !self.last_page.contains(id));
        let objects: Vec<_> = candidates.filter(fresh).collect();
        if objects.is_empty() && !is_last && !has_stepped_back {
            return Err(unexpected(self.kind, "repeats the page before"));
        }
        let earlier = self.cursor.first().into_iter().chain(self.cursor.iter().skip(OVERLAP));
        let cursor = page.iter().take(OVERLAP).chain(earlier.take(EARLIER_PAGES));
        self.cursor = cursor.cloned().collect();
        self.last_page = page.into_iter().collect();
        Ok(ObjectPage { objects, is_last })
    }

    /// Returns the position after the last object that the page before contained too.
    fn overlap_end(&self, objects: &[Event]) -> Option<usize> {
        let position =
            |id: &String| objects.iter().position(|object| object.object_id.as_ref() == Some(id));
        self.cursor.iter().find_map(position).map(|position| position + 1)
    }
}

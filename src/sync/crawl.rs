//! Everybody whom Clerk has, page by page, in the order of their creation: whoever is created
//! meanwhile comes at the end, and whoever is deleted meanwhile shifts nobody.

use crate::{
    clerk::{
        backend::{ApiObject, Backend, BackendError, PAGE_SIZE},
        decode::api_object,
    },
    domain::{Millis, event::Event},
};

/// How many of the users whom it came by last are kept. The first serves, unless somebody deletes it.
const CURSOR: usize = 16;

/// A walk over Clerk's users.
#[derive(Debug)]
pub(super) struct Crawl<'a> {
    backend: &'a Backend,
    cursor: Vec<String>,
    /// It has come by nobody yet.
    is_new: bool,
}

/// Some users, as events that bring their states.
#[derive(Debug)]
pub(super) struct PageRequest {
    pub(super) users: Vec<Event>,
    /// Nobody comes behind it.
    pub(super) is_last: bool,
}

impl<'a> Crawl<'a> {
    /// From behind the first of these who is still there; without any, from the beginning.
    pub(super) fn behind(backend: &'a Backend, cursor: Vec<String>) -> Self {
        Self { backend, cursor, is_new: true }
    }

    /// The next page. When nobody is there any more behind whom it was to go on, it begins anew; but not
    /// in the middle, for where the cursor itself is refused that would have no end.
    pub(super) async fn page(&mut self, now: impl Fn() -> Millis) -> Result<PageRequest, BackendError> {
        let answers = self.answers().await?;
        self.is_new = false;
        let users: Vec<_> = answers.iter().map(|it| api_object::user(it, now())).collect();
        let is_last = users.len() < PAGE_SIZE;
        let ids = users.iter().rev().filter_map(|event| event.object_id.clone());
        self.cursor = ids.take(CURSOR).collect();
        if self.cursor.is_empty() && !is_last {
            // It would begin anew, and come here again.
            return Err(BackendError::UnexpectedResponse("a page of users has no ids".to_owned()));
        }
        Ok(PageRequest { users, is_last })
    }

    /// By whom it came last, the last first.
    pub(super) fn cursor(&self) -> &[String] {
        &self.cursor
    }

    async fn answers(&mut self) -> Result<Vec<ApiObject>, BackendError> {
        loop {
            match self.backend.users(self.cursor.first().map(String::as_str)).await {
                Err(BackendError::Rejected(refusal))
                    if refusal.is_about_parameters()
                        && self.cursor.len() > usize::from(!self.is_new) =>
                {
                    self.cursor.remove(0);
                }
                answers => return answers,
            }
        }
    }
}

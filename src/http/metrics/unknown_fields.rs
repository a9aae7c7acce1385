//! What Clerk sends and nobody here knows, counted.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use prometheus::IntCounterVec;

use crate::clerk::known_fields;

/// Of the deliveries of a type, one in so many is looked through: what is new stays, and to look takes as
/// long as to read.
const LOOKED_AT: u32 = 64;

/// How many names are told apart. Whoever may sign can make up any.
const MAX_NAMES: usize = 100;

/// Stands for all others.
pub(super) const OTHER: &str = "other";

#[derive(Debug)]
pub(super) struct UnknownCounters {
    types: IntCounterVec,
    fields: IntCounterVec,
    /// How many deliveries there were of the types that are looked through.
    seen: HashMap<&'static str, AtomicU32>,
    /// The names that are told apart.
    names: Mutex<BTreeSet<String>>,
}

impl UnknownCounters {
    pub(super) fn new(types: IntCounterVec, fields: IntCounterVec) -> Self {
        let seen = known_fields::inspected_types().map(|kind| (kind, AtomicU32::new(0))).collect();
        Self { types, fields, seen, names: Mutex::default() }
    }

    pub(super) fn saw_type(&self, kind: &str) {
        self.types.with_label_values(&[self.name(kind)]).inc();
    }

    /// Looks through a body, if it is the turn of one of this type.
    pub(super) fn look(&self, kind: &str, body: &str) {
        let Some((kind, seen)) = self.seen.get_key_value(kind) else { return };
        if !seen.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOKED_AT) {
            return;
        }
        for field in known_fields::unknown_fields(body) {
            self.fields.with_label_values(&[kind, self.name(&field)]).inc();
        }
    }

    fn name<'n>(&self, name: &'n str) -> &'n str {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let has_place = names.contains(name)
            || known_fields::is_name(name) && names.len() < MAX_NAMES && names.insert(name.to_owned());
        if has_place { name } else { OTHER }
    }
}

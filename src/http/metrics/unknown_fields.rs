//! Counts event types and fields that this version does not know.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use prometheus::IntCounterVec;

use crate::objects::known_fields;

/// Number of deliveries of a type of which one is inspected. A new field occurs in many deliveries,
/// and an inspection takes as long as decoding the delivery.
const SAMPLE_INTERVAL: u32 = 64;

/// Maximum number of names with a label of their own. A sender with the signing secret can invent
/// any number of names.
const MAX_NAMES: usize = 100;

/// Label of all other names.
pub(super) const OTHER: &str = "other";

/// Counters of unknown types and fields.
#[derive(Debug)]
pub(super) struct UnknownCounters {
    types: IntCounterVec,
    fields: IntCounterVec,
    /// Number of deliveries of each type that is inspected.
    deliveries: HashMap<&'static str, AtomicU32>,
    /// Names with a label of their own.
    names: Mutex<BTreeSet<String>>,
}

impl UnknownCounters {
    pub(super) fn new(types: IntCounterVec, fields: IntCounterVec) -> Self {
        let inspected = known_fields::inspected_types();
        let deliveries = inspected.map(|kind| (kind, AtomicU32::new(0))).collect();
        Self { types, fields, deliveries, names: Mutex::default() }
    }

    /// Counts a delivery of an unknown type.
    pub(super) fn count_type(&self, kind: &str) {
        self.types.with_label_values(&[self.label(kind)]).inc();
    }

    /// Counts the unknown fields of a delivery, if it is part of the sample of its type.
    pub(super) fn inspect(&self, kind: &str, body: &str) {
        let Some((kind, deliveries)) = self.deliveries.get_key_value(kind) else { return };
        if !deliveries.fetch_add(1, Ordering::Relaxed).is_multiple_of(SAMPLE_INTERVAL) {
            return;
        }
        for field in known_fields::unknown_fields(body) {
            self.fields.with_label_values(&[kind, self.label(&field)]).inc();
        }
    }

    /// Returns the label of a name: the name itself, or [`OTHER`] if there are too many names.
    fn label<'n>(&self, name: &'n str) -> &'n str {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let is_label = names.contains(name)
            || known_fields::is_name(name)
                && names.len() < MAX_NAMES
                && names.insert(name.to_owned());
        if is_label { name } else { OTHER }
    }
}

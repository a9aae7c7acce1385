//! Detects that the deliveries of late were all accepted, and that none changed the stored data.

use super::decision::Decision;

/// Minimum number of consecutive deliveries without a change, if an earlier one changed data.
const MIN_RUN: usize = 20;

/// Minimum number if another instance sent them. A correct installation receives no such delivery.
const MIN_QUARANTINED_RUN: usize = 10;

/// Minimum number of deliveries if none in the whole period changed data, by cause.
const MIN_QUARANTINED: usize = 3;
const MIN_IGNORED: usize = 5;
const MIN_STALE: usize = 10;

/// Maximum number of names in a message.
const MAX_NAMES: usize = 5;

/// A delivery of Clerk that was answered with 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentDelivery {
    /// Event type. `None` if the body has none.
    pub kind: Option<String>,
    /// ID of the Clerk instance that sent the event.
    pub instance_id: Option<String>,
    /// Decision for the event.
    pub decision: Decision,
}

/// Deliveries of a period, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentDeliveries {
    /// Deliveries, the newest first.
    pub newest_first: Vec<RecentDelivery>,
    /// Whether the list contains all deliveries of the period, and not only the newest ones.
    pub is_complete: bool,
}

/// The newest deliveries, which changed nothing for a common cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsyncedDeliveries {
    /// Number of these deliveries.
    pub count: usize,
    /// Common cause.
    pub cause: UnsyncedCause,
}

/// Cause for which deliveries are accepted and change nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnsyncedCause {
    /// Another Clerk instance than the configured one.
    Quarantined {
        /// IDs of the instances that sent them.
        instances: Vec<String>,
    },
    /// Types that are not synced.
    Ignored {
        /// Event types, without those that a body does not name.
        types: Vec<String>,
    },
    /// Events that are older than the stored data, or about deleted objects.
    Stale,
}

impl RecentDeliveries {
    /// Returns the newest deliveries if they all changed nothing, and there are so many that a
    /// working installation does not have them.
    #[must_use]
    pub fn unsynced(&self) -> Option<UnsyncedDeliveries> {
        // A dismissed event says nothing about the events that arrive now.
        let current = || self.newest_first.iter().filter(|it| it.decision != Decision::Dismissed);
        let run: Vec<_> = current().take_while(|it| it.decision != Decision::Applied).collect();
        let is_whole_period = self.is_complete && run.len() == current().count();
        let with = |wanted: &[Decision]| -> Vec<&RecentDelivery> {
            run.iter().copied().filter(|it| wanted.contains(&it.decision)).collect()
        };
        let is_enough = |count: usize, whole: usize, part: usize| {
            count >= if is_whole_period { whole } else { part }
        };
        let quarantined = with(&[Decision::Quarantined]);
        let stale = with(&[Decision::Stale, Decision::Tombstoned]);
        let ignored = with(&[Decision::Ignored]);
        let is_majority = |part: &[_]| part.len() * 2 >= run.len();
        if is_enough(quarantined.len(), MIN_QUARANTINED, MIN_QUARANTINED_RUN)
            && is_majority(&quarantined)
        {
            let instances = distinct(quarantined.iter().map(|it| it.instance_id.as_deref()));
            let cause = UnsyncedCause::Quarantined { instances };
            return Some(UnsyncedDeliveries { count: quarantined.len(), cause });
        }
        if is_enough(stale.len(), MIN_STALE, MIN_RUN) {
            return Some(UnsyncedDeliveries { count: stale.len(), cause: UnsyncedCause::Stale });
        }
        if is_enough(ignored.len(), MIN_IGNORED, MIN_RUN) && is_majority(&ignored) {
            let types = distinct(ignored.iter().map(|it| it.kind.as_deref()));
            let cause = UnsyncedCause::Ignored { types };
            return Some(UnsyncedDeliveries { count: ignored.len(), cause });
        }
        None
    }
}

impl UnsyncedDeliveries {
    /// Returns the stable code, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.cause {
            UnsyncedCause::Quarantined { .. } => "all_quarantined",
            UnsyncedCause::Ignored { .. } => "all_ignored",
            UnsyncedCause::Stale => "all_stale",
        }
    }

    /// Describes the deliveries and their cause. `pinned` is the configured Clerk instance.
    #[must_use]
    pub fn description(&self, pinned: Option<&str>) -> String {
        let newest = format!("the newest {} deliveries", self.count);
        match &self.cause {
            UnsyncedCause::Quarantined { instances } => {
                let sender = match &instances[..] {
                    [] => "name no instance".to_owned(),
                    instances => format!("are from the instance {}", names(instances)),
                };
                let configured = match pinned {
                    Some(pinned) if instances.iter().any(|it| it == pinned) => {
                        format!("clerk.instance_id was another one until it became {pinned}")
                    }
                    Some(pinned) => format!("clerk.instance_id is {pinned}"),
                    None => "clerk.instance_id named another one".to_owned(),
                };
                format!("{newest} {sender}, but {configured}: they were quarantined")
            }
            UnsyncedCause::Ignored { types } => {
                let types = match &types[..] {
                    [] => String::new(),
                    types => format!(" ({})", names(types)),
                };
                format!("{newest} have types that are not synced{types}: they were ignored")
            }
            UnsyncedCause::Stale => {
                format!("{newest} were older than the stored data, or about deleted objects")
            }
        }
    }

    /// Returns the action that ends the problem.
    #[must_use]
    pub fn remediation(&self, pinned: Option<&str>) -> String {
        match &self.cause {
            UnsyncedCause::Quarantined { instances } => {
                let is_corrected = pinned.is_none_or(|it| instances.iter().any(|id| id == it));
                let reprocess = "run `meetvo reprocess --decision quarantined`";
                if is_corrected {
                    return reprocess.to_owned();
                }
                format!(
                    "if the instance is yours, correct clerk.instance_id \
                     (MEETVO__CLERK__INSTANCE_ID), restart the service and {reprocess}; otherwise \
                     delete the endpoint in the dashboard of the other instance"
                )
            }
            UnsyncedCause::Ignored { .. } => {
                "in Clerk's dashboard, subscribe the endpoint to the events that are synced, such as \
                 `user.*`; then run `meetvo backfill`"
                    .to_owned()
            }
            UnsyncedCause::Stale => {
                "after a replay in Clerk's dashboard or a backfill, wait for new events; otherwise \
                 run `meetvo drift`, which compares the database with Clerk"
                    .to_owned()
            }
        }
    }
}

/// Returns the distinct names, in the order of their first occurrence.
fn distinct<'a>(names: impl Iterator<Item = Option<&'a str>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names.flatten() {
        if !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Joins names, and shortens a long list.
fn names(names: &[String]) -> String {
    let shown = names[..names.len().min(MAX_NAMES)].join(", ");
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, RecentDeliveries, RecentDelivery, UnsyncedCause};

    fn delivery(decision: Decision) -> RecentDelivery {
        let kind = match decision {
            Decision::Ignored => "email.created",
            _ => "user.updated",
        };
        let instance_id = Some("ins_2fProd".to_owned());
        RecentDelivery { kind: Some(kind.to_owned()), instance_id, decision }
    }

    /// Returns the code for deliveries, of which the first is the newest.
    fn code(parts: &[(Decision, usize)], is_complete: bool) -> Option<&'static str> {
        let newest_first = parts
            .iter()
            .flat_map(|(decision, count)| (0..*count).map(|_| delivery(*decision)))
            .collect();
        let deliveries = RecentDeliveries { newest_first, is_complete };
        deliveries.unsynced().map(|it| it.code())
    }

    #[test]
    fn deliveries_without_change_are_detected() {
        use Decision::{Applied, Dismissed, Ignored, Quarantined, Stale, Tombstoned};
        for (parts, is_complete, expected) in [
            (&[(Quarantined, 2)][..], true, None),
            (&[(Quarantined, 3)], true, Some("all_quarantined")),
            (&[(Quarantined, 9), (Applied, 1)], true, None),
            (&[(Quarantined, 10), (Applied, 1)], true, Some("all_quarantined")),
            (&[(Quarantined, 9)], false, None),
            (&[(Applied, 1), (Quarantined, 40)], true, None),
            (&[(Dismissed, 2), (Applied, 1), (Quarantined, 40)], true, None),
            (&[(Dismissed, 40)], true, None),
            (&[(Ignored, 4)], true, None),
            (&[(Ignored, 5)], true, Some("all_ignored")),
            (&[(Ignored, 19), (Applied, 1)], true, None),
            (&[(Ignored, 20), (Applied, 1)], true, Some("all_ignored")),
            (&[(Stale, 9)], true, None),
            (&[(Stale, 5), (Tombstoned, 5)], true, Some("all_stale")),
            (&[(Stale, 19), (Applied, 1)], true, None),
            (&[(Ignored, 100), (Stale, 20), (Applied, 1)], true, Some("all_stale")),
            (&[(Quarantined, 3), (Ignored, 4)], true, None),
            (&[], true, None),
        ] {
            assert_eq!(code(parts, is_complete), expected, "{parts:?}, {is_complete}");
        }
    }

    #[test]
    fn both_instances_are_named() {
        let newest_first = vec![delivery(Decision::Quarantined); 40];
        let found = RecentDeliveries { newest_first, is_complete: true }.unsynced().unwrap();
        let wrong = found.description(Some("ins_2fDev"));
        assert_eq!(
            wrong,
            "the newest 40 deliveries are from the instance ins_2fProd, but clerk.instance_id is \
             ins_2fDev: they were quarantined"
        );
        assert!(found.remediation(Some("ins_2fDev")).contains("MEETVO__CLERK__INSTANCE_ID"));
        let corrected = found.remediation(Some("ins_2fProd"));
        assert_eq!(corrected, "run `meetvo reprocess --decision quarantined`");
    }

    #[test]
    fn long_lists_of_types_are_shortened() {
        let deliveries = (0..7).map(|number| RecentDelivery {
            kind: Some(format!("made.up{number}")),
            ..delivery(Decision::Ignored)
        });
        let newest_first = deliveries.collect();
        let found = RecentDeliveries { newest_first, is_complete: true }.unsynced().unwrap();
        assert!(matches!(&found.cause, UnsyncedCause::Ignored { types } if types.len() == 7));
        assert!(found.description(None).contains("made.up4 and 2 more)"));
    }
}

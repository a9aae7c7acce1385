//! A week of changes whose webhooks were all lost.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::time::Instant;

use super::{
    assert_same_objects, clerk_with, drift, membership_id, migrated, organization_id,
    put_membership, put_organization, rows, user_id,
};
use crate::{
    cli::{drift::run, printed},
    harness::{
        Database, Engine, Rng, apply, both_engines, env_number,
        fake_clerk::{FakeClerk, objects},
        report_work,
    },
};

const MEMBERS: i64 = 20;

/// Changes organizations and memberships at Clerk, and returns the expected differences.
fn withhold_events(
    clerk: &FakeClerk,
    organizations: i64,
    rng: &mut Rng,
) -> BTreeMap<String, String> {
    let mut expected = BTreeMap::new();
    let mut expect = |id: String, words: &str| expected.insert(id, words.to_owned());
    let mut next = (organizations + 10) * MEMBERS;
    for number in 0..organizations {
        let id = organization_id(number);
        let members = number * MEMBERS..(number + 1) * MEMBERS;
        match rng.below(200) {
            0 => {
                clerk.remove("organizations", &id);
                expect(id, "extra");
                members.for_each(|member| _ = expect(membership_id(member), "extra"));
                expect(format!("orginv_{number:06}"), "extra");
                expect(format!("orgdmn_{number:06}"), "extra");
                continue;
            }
            1..=4 => {
                clerk.put("organizations", &objects::organization(&id, number, 1_000));
                expect(id.clone(), "different name");
            }
            _ => {}
        }
        for member in members {
            match rng.below(400) {
                0 => {
                    clerk.remove("organization_memberships", &membership_id(member));
                    expect(membership_id(member), "extra");
                }
                // The user leaves and joins again.
                1 => {
                    clerk.remove("organization_memberships", &membership_id(member));
                    expect(membership_id(member), "extra");
                    let (new, user) = (membership_id(next), user_id(member % 100));
                    let again = objects::membership(&new, (&id, &user), next, 0);
                    clerk.put("organization_memberships", &again);
                    expect(new, "missing");
                    next += 1;
                }
                2..=9 => {
                    put_membership(clerk, member, &id, 1_000);
                    expect(membership_id(member), "different role");
                }
                _ => {}
            }
        }
    }
    for number in organizations..organizations + 3 {
        put_organization(clerk, number, MEMBERS);
        expect(organization_id(number), "missing");
        let members = number * MEMBERS..(number + 1) * MEMBERS;
        members.for_each(|member| _ = expect(membership_id(member), "missing"));
        expect(format!("orginv_{number:06}"), "missing");
        expect(format!("orgdmn_{number:06}"), "missing");
    }
    expected
}

/// Returns the stored organizations and memberships with their values.
async fn stored(database: &Database) -> Vec<String> {
    let mut tables = database.tables().await;
    let organizations = "SELECT id || ' ' || name || ' ' || version_updated_at FROM organizations \
                         WHERE deleted_at IS NULL ORDER BY id";
    let memberships = "SELECT id || ' ' || organization_id || ' ' || user_id || ' ' || role || ' ' \
                       || version_updated_at FROM organization_memberships \
                       WHERE deleted_at IS NULL ORDER BY id";
    let mut rows = tables.column(organizations).await;
    rows.extend(tables.column(memberships).await);
    rows
}

/// Returns the same of Clerk's.
fn at_clerk(clerk: &FakeClerk) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let organization =
        |it: &Value| format!("{} {} {}", text(&it["id"]), text(&it["name"]), it["updated_at"]);
    let membership = |it: &Value| {
        let (organization, user) = (&it["organization"]["id"], &it["public_user_data"]["user_id"]);
        let words = [&it["id"], organization, user, &it["role"]].map(text).join(" ");
        format!("{words} {}", it["updated_at"])
    };
    let mut rows: Vec<_> = clerk.all("organizations").iter().map(organization).collect();
    rows.sort();
    let mut memberships: Vec<_> =
        clerk.all("organization_memberships").iter().map(membership).collect();
    memberships.sort();
    rows.extend(memberships);
    rows
}

/// The long form has `TORTURE_USERS=100000`: as many memberships, in 5,000 organizations.
#[apply(both_engines)]
async fn withheld_week_is_reported_and_repaired(engine: Engine) {
    let memberships = env_number("TORTURE_USERS").unwrap_or(1_200).cast_signed();
    let organizations = memberships / MEMBERS;
    let seed = env_number("TORTURE_SEED").unwrap_or(1);
    let clerk = clerk_with(organizations, MEMBERS);
    let database = migrated(engine, &clerk).await;
    let started = Instant::now();
    printed(&run(&database, &clerk, "", &["backfill"]));
    let (backfill_requests, backfill) = (clerk.requests().len(), started.elapsed());
    let expected = withhold_events(&clerk, organizations, &mut Rng(seed));
    let started = Instant::now();
    let (printed, code) = drift(&database, &clerk, &[]);
    let (check_requests, check) = (clerk.requests().len() - backfill_requests, started.elapsed());
    assert!(rows(&printed) == expected, "seed {seed}: {printed}");
    assert_eq!(code, 3, "seed {seed}");
    let started = Instant::now();
    let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
    let repair = started.elapsed();
    assert_eq!(code, 0, "seed {seed}: {}", printed["report"]);
    assert_same_objects(&database, &clerk).await;
    assert!(stored(&database).await == at_clerk(&clerk), "seed {seed}");
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "seed {seed}");
    assert_eq!(clerk.rejected_by_rate_limit(), 0, "seed {seed}");
    let work = format!(
        "{memberships} memberships in {organizations} organizations, {} differences; backfill \
         {:.1} s and {backfill_requests} requests, check {:.1} s and {check_requests} requests, \
         repair {:.1} s",
        expected.len(),
        backfill.as_secs_f64(),
        check.as_secs_f64(),
        repair.as_secs_f64(),
    );
    report_work(engine, Some(seed), &work);
}

//! State of a plan.

use serde_json::Value;

use crate::{
    domain::Millis,
    objects::{
        columns::columns,
        state::{ObjectData, State, differing_columns},
    },
};

/// State of a plan, `cplan_…`.
pub type Plan = State<PlanData>;

columns! {
    /// Values of a plan. Clerk sends no event about plans and keeps no time of their changes. The
    /// version of a state is the time at which it was fetched.
    pub struct PlanData {
        /// Key, such as `pro`. Clerk's `has({ plan: "pro" })` names it.
        pub slug: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Description.
        pub description: Option<String>,
        /// `user` or `org`: the payers who can have the plan.
        pub for_payer_type: Option<String>,
        /// Whether payers without another plan have it.
        pub is_default: Option<bool>,
        /// Whether it is paid for each period.
        pub is_recurring: Option<bool>,
        /// Whether the pricing table shows it.
        pub publicly_visible: Option<bool>,
        /// Fee per month, in the smallest unit of the currency, such as cents.
        pub amount: Option<i64>,
        /// Fee per month if a year is paid at once.
        pub annual_monthly_amount: Option<i64>,
        /// Currency, such as `USD`.
        pub currency: Option<String>,
        /// Keys of the features, as a JSON array of strings.
        pub features: Option<Value>,
        /// Number of days of a free trial. Null without one.
        pub free_trial_days: Option<i64>,
        /// Time of the fetch.
        pub fetched_at: Option<Millis>,
    }
}

impl ObjectData for PlanData {
    fn differences(&self, remote: &Self, _is_older: bool) -> Vec<&'static str> {
        let mut differing = differing_columns(self, remote);
        differing.retain(|column| *column != "fetched_at");
        differing
    }
}

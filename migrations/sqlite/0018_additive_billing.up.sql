-- Subscriptions, plans and payments of Clerk Billing. Amounts are in the smallest unit of the
-- currency, such as cents. A tombstone (a deleted object) has the version (0, 0, '') and no other
-- values than the ID and `deleted_at`. An older program works with this schema.

-- Clerk sends no event about plans, so that they come from the Backend API only.
CREATE TABLE plans (
    id                    TEXT NOT NULL PRIMARY KEY,
    slug                  TEXT,
    name                  TEXT,
    description           TEXT,
    -- `user` or `org`.
    for_payer_type        TEXT,
    is_default            INTEGER,
    is_recurring          INTEGER,
    publicly_visible      INTEGER,
    amount                INTEGER,
    annual_monthly_amount INTEGER,
    currency              TEXT,
    -- Keys of the features, as a JSON array of strings.
    features              TEXT,
    free_trial_days       INTEGER,
    fetched_at            INTEGER,
    deleted_at            INTEGER,
    field_versions        TEXT,
    version_updated_at    INTEGER NOT NULL DEFAULT 0,
    version_occurred_at   INTEGER NOT NULL DEFAULT 0,
    version_event_id      TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX plans_by_slug ON plans (slug) WHERE slug IS NOT NULL;
CREATE INDEX default_plans
    ON plans (for_payer_type, id) WHERE is_default = TRUE AND deleted_at IS NULL;

-- Each payer has one subscription. The payer is a user or an organization.
CREATE TABLE subscriptions (
    id                  TEXT NOT NULL PRIMARY KEY,
    payer_id            TEXT,
    user_id             TEXT REFERENCES users (clerk_id) ON DELETE CASCADE,
    organization_id     TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    -- An open set.
    status              TEXT,
    latest_payment_id   TEXT,
    active_at           INTEGER,
    past_due_at         INTEGER,
    canceled_at         INTEGER,
    ended_at            INTEGER,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX subscriptions_by_user ON subscriptions (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX subscriptions_by_organization
    ON subscriptions (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX subscriptions_by_status ON subscriptions (status, id) WHERE status IS NOT NULL;

-- The plans of a subscription. The view `entitlements` has the one that counts.
CREATE TABLE subscription_items (
    id                  TEXT NOT NULL PRIMARY KEY,
    subscription_id     TEXT,
    payer_id            TEXT,
    user_id             TEXT REFERENCES users (clerk_id) ON DELETE CASCADE,
    organization_id     TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    -- An open set.
    status              TEXT,
    is_free_trial       INTEGER,
    plan_id             TEXT,
    -- The values of the plan are those of the last change of the item.
    plan_slug           TEXT,
    plan_name           TEXT,
    plan_amount         INTEGER,
    plan_currency       TEXT,
    plan_period         TEXT,
    period_start        INTEGER,
    period_end          INTEGER,
    seats               INTEGER,
    has_unlimited_seats INTEGER,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX subscription_items_by_user
    ON subscription_items (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX subscription_items_by_organization
    ON subscription_items (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE TABLE payment_attempts (
    id                    TEXT NOT NULL PRIMARY KEY,
    payer_id              TEXT,
    user_id               TEXT REFERENCES users (clerk_id) ON DELETE CASCADE,
    organization_id       TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    payment_id            TEXT,
    statement_id          TEXT,
    status                TEXT,
    charge_type           TEXT,
    subtotal              INTEGER,
    tax_total             INTEGER,
    grand_total           INTEGER,
    currency              TEXT,
    failed_code           TEXT,
    decline_code          TEXT,
    subscription_item_ids TEXT,
    billing_date          INTEGER,
    paid_at               INTEGER,
    failed_at             INTEGER,
    created_at            INTEGER,
    updated_at            INTEGER,
    field_versions        TEXT,
    version_updated_at    INTEGER NOT NULL DEFAULT 0,
    version_occurred_at   INTEGER NOT NULL DEFAULT 0,
    version_event_id      TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX payment_attempts_by_user ON payment_attempts (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX payment_attempts_by_organization
    ON payment_attempts (organization_id, id) WHERE organization_id IS NOT NULL;

-- The plan that each payer has now, with its features. It follows from all items of the payer: an
-- item counts while it is active or past due and, if it is canceled, until its period ends. A payer
-- without a row has the default plan.
CREATE VIEW entitlements (
    user_id, organization_id, subscription_item_id, plan_id, plan, plan_name, is_default, features,
    status, is_past_due, is_trial, ends_at, seats, has_unlimited_seats
) AS
SELECT user_id, organization_id, id, plan_id, slug, name, is_default, features, status, past_due,
       COALESCE(is_free_trial, FALSE),
       CASE WHEN status = 'canceled'
            THEN strftime('%Y-%m-%dT%H:%M:%fZ', period_end / 1000.0, 'unixepoch') END,
       seats, has_unlimited_seats
FROM (
    SELECT item.user_id, item.organization_id, item.id, item.plan_id,
           COALESCE(item.slug, item.plan_slug) AS slug, COALESCE(item.name, item.plan_name) AS name,
           item.is_default, item.features, item.status, item.is_free_trial, item.period_end,
           item.seats, item.has_unlimited_seats,
           (item.status = 'past_due' OR COALESCE(payer.status = 'past_due', FALSE))
               AND NOT item.is_default AS past_due,
           ROW_NUMBER() OVER (
               PARTITION BY COALESCE(item.user_id, item.organization_id)
               ORDER BY item.is_default, item.period_start DESC NULLS LAST,
                   item.created_at DESC NULLS LAST, item.id DESC
           ) AS place
    FROM (
        SELECT listed.*, plan.slug, plan.name, plan.features,
               COALESCE(plan.is_default,
                   COALESCE(listed.plan_amount, 0) = 0 AND listed.period_end IS NULL) AS is_default
        FROM subscription_items AS listed
        LEFT JOIN plans AS plan ON plan.id = listed.plan_id
        WHERE listed.status IN ('active', 'past_due') OR listed.status = 'canceled'
            AND (listed.period_end IS NULL
                OR listed.period_end > CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
    ) AS item
    LEFT JOIN subscriptions AS payer ON payer.id = item.subscription_id
) AS ranked
WHERE place = 1;

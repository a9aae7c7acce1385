-- Subscriptions, plans and payments of Clerk Billing. Amounts are in the smallest unit of the
-- currency, such as cents. A tombstone (a deleted object) has the version (0, 0, '') and no other
-- values than the ID and `deleted_at`. An older program works with this schema.

-- Clerk sends no event about plans, so that they come from the Backend API only.
CREATE TABLE plans (
    id                    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    slug                  TEXT COLLATE "C",
    name                  TEXT,
    description           TEXT,
    -- `user` or `org`.
    for_payer_type        TEXT COLLATE "C",
    is_default            BOOLEAN,
    is_recurring          BOOLEAN,
    publicly_visible      BOOLEAN,
    amount                BIGINT,
    annual_monthly_amount BIGINT,
    currency              TEXT COLLATE "C",
    -- Keys of the features, as a JSON array of strings.
    features              JSONB,
    free_trial_days       BIGINT,
    fetched_at            BIGINT,
    deleted_at            BIGINT,
    field_versions        TEXT,
    version_updated_at    BIGINT NOT NULL DEFAULT 0,
    version_occurred_at   BIGINT NOT NULL DEFAULT 0,
    version_event_id      TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX plans_by_slug ON plans (slug) WHERE slug IS NOT NULL;
CREATE INDEX default_plans
    ON plans (for_payer_type, id) WHERE is_default = TRUE AND deleted_at IS NULL;

-- Each payer has one subscription. The payer is a user or an organization.
CREATE TABLE subscriptions (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    payer_id            TEXT COLLATE "C",
    user_id             TEXT COLLATE "C" REFERENCES users (clerk_id) ON DELETE CASCADE,
    organization_id     TEXT COLLATE "C" REFERENCES organizations (id) ON DELETE CASCADE,
    -- An open set.
    status              TEXT COLLATE "C",
    latest_payment_id   TEXT COLLATE "C",
    active_at           BIGINT,
    past_due_at         BIGINT,
    canceled_at         BIGINT,
    ended_at            BIGINT,
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX subscriptions_by_user ON subscriptions (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX subscriptions_by_organization
    ON subscriptions (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX subscriptions_by_status ON subscriptions (status, id) WHERE status IS NOT NULL;

-- The plans of a subscription. The view `entitlements` has the one that counts.
CREATE TABLE subscription_items (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    subscription_id     TEXT COLLATE "C",
    payer_id            TEXT COLLATE "C",
    user_id             TEXT COLLATE "C" REFERENCES users (clerk_id) ON DELETE CASCADE,
    organization_id     TEXT COLLATE "C" REFERENCES organizations (id) ON DELETE CASCADE,
    -- An open set.
    status              TEXT COLLATE "C",
    is_free_trial       BOOLEAN,
    plan_id             TEXT COLLATE "C",
    -- The values of the plan are those of the last change of the item.
    plan_slug           TEXT COLLATE "C",
    plan_name           TEXT,
    plan_amount         BIGINT,
    plan_currency       TEXT COLLATE "C",
    plan_period         TEXT COLLATE "C",
    period_start        BIGINT,
    period_end          BIGINT,
    seats               BIGINT,
    has_unlimited_seats BOOLEAN,
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX subscription_items_by_user
    ON subscription_items (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX subscription_items_by_organization
    ON subscription_items (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE TABLE payment_attempts (
    id                    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    payer_id              TEXT COLLATE "C",
    user_id               TEXT COLLATE "C" REFERENCES users (clerk_id) ON DELETE CASCADE,
    organization_id       TEXT COLLATE "C" REFERENCES organizations (id) ON DELETE CASCADE,
    payment_id            TEXT COLLATE "C",
    statement_id          TEXT COLLATE "C",
    status                TEXT COLLATE "C",
    charge_type           TEXT COLLATE "C",
    subtotal              BIGINT,
    tax_total             BIGINT,
    grand_total           BIGINT,
    currency              TEXT COLLATE "C",
    failed_code           TEXT COLLATE "C",
    decline_code          TEXT COLLATE "C",
    subscription_item_ids JSONB,
    billing_date          BIGINT,
    paid_at               BIGINT,
    failed_at             BIGINT,
    created_at            BIGINT,
    updated_at            BIGINT,
    field_versions        TEXT,
    version_updated_at    BIGINT NOT NULL DEFAULT 0,
    version_occurred_at   BIGINT NOT NULL DEFAULT 0,
    version_event_id      TEXT COLLATE "C" NOT NULL DEFAULT ''
);

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
       CASE WHEN status = 'canceled' THEN to_timestamp(period_end / 1000.0) END,
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
                OR listed.period_end > CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT))
    ) AS item
    LEFT JOIN subscriptions AS payer ON payer.id = item.subscription_id
) AS ranked
WHERE place = 1;

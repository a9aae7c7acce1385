-- Organizations and what belongs to them. A stub (an object known only by its ID) and a tombstone (a
-- deleted object) have the version (0, 0, '') and no other values than the ID and `deleted_at`.

CREATE TABLE organizations (
    id                      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name                    TEXT,
    -- Not unique: Clerk lets an organization take the slug of a deleted one.
    slug                    TEXT COLLATE "C",
    image                   TEXT,
    max_allowed_memberships BIGINT,
    admin_delete_enabled    BOOLEAN,
    public_metadata         JSONB,
    private_metadata        JSONB,
    created_by              TEXT COLLATE "C",
    created_at              BIGINT,
    updated_at              BIGINT,
    deleted_at              BIGINT,
    -- The terms by which the organization is found, each on a line.
    search                  TEXT,
    field_versions          TEXT,
    version_updated_at      BIGINT NOT NULL DEFAULT 0,
    version_occurred_at     BIGINT NOT NULL DEFAULT 0,
    version_event_id        TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX organizations_by_slug ON organizations (slug) WHERE slug IS NOT NULL;

-- Each line of each organization's `search`, to find organizations by the beginning of a term.
CREATE TABLE organization_terms (
    term            TEXT COLLATE "C" NOT NULL,
    organization_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (term, organization_id)
);

CREATE TABLE organization_memberships (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id     TEXT COLLATE "C" REFERENCES organizations (id) ON DELETE CASCADE,
    user_id             TEXT COLLATE "C" REFERENCES users (clerk_id) ON DELETE CASCADE,
    -- An open set: customers define roles.
    role                TEXT COLLATE "C",
    permissions         JSONB,
    public_metadata     JSONB,
    private_metadata    JSONB,
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX organization_memberships_by_organization
    ON organization_memberships (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX organization_memberships_by_user
    ON organization_memberships (user_id, organization_id, id) WHERE user_id IS NOT NULL;

-- The membership of a user in an organization. A user who left and joined again has a new
-- membership, and the deletion of the previous one can arrive late: the newest version counts.
CREATE VIEW live_memberships (organization_id, user_id, id) AS
SELECT organization_id, user_id, id
FROM (
    SELECT organization_id, user_id, id, ROW_NUMBER() OVER (
        PARTITION BY organization_id, user_id
        ORDER BY version_updated_at DESC, version_occurred_at DESC, version_event_id DESC, id DESC
    ) AS place
    FROM organization_memberships
    WHERE organization_id IS NOT NULL AND deleted_at IS NULL
) AS claims
WHERE place = 1;

CREATE TABLE organization_invitations (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id     TEXT COLLATE "C" REFERENCES organizations (id) ON DELETE CASCADE,
    email               TEXT COLLATE "C",
    role                TEXT COLLATE "C",
    status              TEXT COLLATE "C",
    inviter_id          TEXT COLLATE "C",
    user_id             TEXT COLLATE "C",
    public_metadata     JSONB,
    private_metadata    JSONB,
    expires_at          BIGINT,
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX organization_invitations_by_organization
    ON organization_invitations (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX organization_invitations_by_email
    ON organization_invitations (lower(email)) WHERE email IS NOT NULL;

CREATE TABLE organization_domains (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id     TEXT COLLATE "C" REFERENCES organizations (id) ON DELETE CASCADE,
    name                TEXT,
    enrollment_mode     TEXT COLLATE "C",
    affiliation_status  TEXT COLLATE "C",
    ownership_status    TEXT COLLATE "C",
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX organization_domains_by_organization
    ON organization_domains (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE TABLE roles (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    key                 TEXT COLLATE "C",
    name                TEXT,
    description         TEXT,
    permissions         JSONB,
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX roles_by_key ON roles (key) WHERE key IS NOT NULL;

CREATE TABLE permissions (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    key                 TEXT COLLATE "C",
    name                TEXT,
    description         TEXT,
    type                TEXT COLLATE "C",
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

-- Organizations and what belongs to them. A stub (an object known only by its ID) and a tombstone (a
-- deleted object) have the version (0, 0, '') and no other values than the ID and `deleted_at`.

CREATE TABLE organizations (
    id                      TEXT    NOT NULL PRIMARY KEY,
    name                    TEXT,
    -- Not unique: Clerk lets an organization take the slug of a deleted one.
    slug                    TEXT,
    image                   TEXT,
    max_allowed_memberships INTEGER,
    admin_delete_enabled    INTEGER,
    public_metadata         TEXT,
    private_metadata        TEXT,
    created_by              TEXT,
    created_at              INTEGER,
    updated_at              INTEGER,
    deleted_at              INTEGER,
    -- The terms by which the organization is found, each on a line.
    search                  TEXT,
    field_versions          TEXT,
    version_updated_at      INTEGER NOT NULL DEFAULT 0,
    version_occurred_at     INTEGER NOT NULL DEFAULT 0,
    version_event_id        TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX organizations_by_slug ON organizations (slug) WHERE slug IS NOT NULL;

-- Each line of each organization's `search`, to find organizations by the beginning of a term.
CREATE TABLE organization_terms (
    term            TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    PRIMARY KEY (term, organization_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization_memberships (
    id                  TEXT    NOT NULL PRIMARY KEY,
    organization_id     TEXT    REFERENCES organizations (id) ON DELETE CASCADE,
    user_id             TEXT    REFERENCES users (clerk_id) ON DELETE CASCADE,
    -- An open set: customers define roles.
    role                TEXT,
    permissions         TEXT,
    public_metadata     TEXT,
    private_metadata    TEXT,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

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
    id                  TEXT    NOT NULL PRIMARY KEY,
    organization_id     TEXT    REFERENCES organizations (id) ON DELETE CASCADE,
    email               TEXT,
    role                TEXT,
    status              TEXT,
    inviter_id          TEXT,
    user_id             TEXT,
    public_metadata     TEXT,
    private_metadata    TEXT,
    expires_at          INTEGER,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX organization_invitations_by_organization
    ON organization_invitations (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX organization_invitations_by_email
    ON organization_invitations (lower(email)) WHERE email IS NOT NULL;

CREATE TABLE organization_domains (
    id                  TEXT    NOT NULL PRIMARY KEY,
    organization_id     TEXT    REFERENCES organizations (id) ON DELETE CASCADE,
    name                TEXT,
    enrollment_mode     TEXT,
    affiliation_status  TEXT,
    ownership_status    TEXT,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX organization_domains_by_organization
    ON organization_domains (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE TABLE roles (
    id                  TEXT    NOT NULL PRIMARY KEY,
    key                 TEXT,
    name                TEXT,
    description         TEXT,
    permissions         TEXT,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX roles_by_key ON roles (key) WHERE key IS NOT NULL;

CREATE TABLE permissions (
    id                  TEXT    NOT NULL PRIMARY KEY,
    key                 TEXT,
    name                TEXT,
    description         TEXT,
    type                TEXT,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

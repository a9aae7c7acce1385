-- Views for people who query the tables with SQL. Times are `timestamptz`. The views leave out stubs,
-- tombstones, the metadata that only backends may read, and the bookkeeping of the service.

CREATE VIEW active_users (
    clerk_id, external_id, username, first_name, last_name, email, email_verified, image, banned,
    locked, public_metadata, last_sign_in_at, last_active_at, created_at, updated_at
) AS
SELECT clerk_id, external_id, username, first_name, last_name, email, email_verified, image, banned,
       locked, public_metadata,
       to_timestamp(last_sign_in_at / 1000.0),
       to_timestamp(last_active_at / 1000.0),
       to_timestamp(created_at / 1000.0),
       to_timestamp(updated_at / 1000.0)
FROM users
WHERE (version_updated_at, version_occurred_at, version_event_id) > (0, 0, '');

-- All email addresses of the users. A user has at most one primary address.
CREATE VIEW user_emails (user_id, email, is_primary, is_verified) AS
SELECT listed.user_id, listed.identifier,
       COALESCE(lower(listed.identifier) = lower(owner.email), FALSE),
       COALESCE(listed.status = 'verified', FALSE)
FROM verifications AS listed
JOIN users AS owner ON owner.clerk_id = listed.user_id
WHERE listed.kind = 'email' AND listed.identifier IS NOT NULL;

-- One row for each user and organization, as in `live_memberships`, with names and addresses.
CREATE VIEW organization_members (
    organization_id, user_id, membership_id, organization_name, organization_slug, role, email,
    first_name, last_name, public_metadata, joined_at, updated_at
) AS
SELECT live.organization_id, live.user_id, live.id, organization.name, organization.slug,
       membership.role, member.email, member.first_name, member.last_name,
       membership.public_metadata,
       to_timestamp(membership.created_at / 1000.0),
       to_timestamp(membership.updated_at / 1000.0)
FROM live_memberships AS live
JOIN organization_memberships AS membership ON membership.id = live.id
JOIN organizations AS organization ON organization.id = live.organization_id
JOIN users AS member ON member.clerk_id = live.user_id
WHERE (organization.version_updated_at, organization.version_occurred_at,
       organization.version_event_id) > (0, 0, '')
  AND (member.version_updated_at, member.version_occurred_at, member.version_event_id)
      > (0, 0, '');

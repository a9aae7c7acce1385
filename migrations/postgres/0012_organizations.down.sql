DROP TABLE permissions;
DROP TABLE roles;
DROP TABLE organization_domains;
DROP TABLE organization_invitations;
DROP VIEW live_memberships;
DROP TABLE organization_memberships;
DROP TABLE organization_terms;
DROP TABLE organizations;

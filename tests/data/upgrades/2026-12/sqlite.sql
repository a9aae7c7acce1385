BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO "_sqlx_migrations" VALUES(1,'projection','2026-12-01 02:54:16',1,X'98206B597D0F445554F546CB6B2483360359F98BA4DF459A378AD4C896B7A1E5DD370ED474854B01C2E9672B37B79AF2',1801887);
INSERT INTO "_sqlx_migrations" VALUES(2,'webhook_events','2026-12-01 02:54:16',1,X'B7A714776A8359D9D098A8C29728962A3453DDB68B67B8E61AE7A764027FF0F445E5EDB4C5C538254A0125C7815E0142',302421);
INSERT INTO "_sqlx_migrations" VALUES(3,'api_keys','2026-12-01 02:54:16',1,X'5A0C2BD99C797FE2C3AD0213C62D5D51293E1546801A077347DC5DB09C246C726432108D699CF648A41DCC91635C826C',117155);
INSERT INTO "_sqlx_migrations" VALUES(4,'crawls','2026-12-01 02:54:16',1,X'791C82EB09664CFBFC1BC23FD3D084A240E1BFF0CE169BDBD8B91CB938C2FD56BE0DF95C1C17216D1A8B78831C2FB849',96484);
INSERT INTO "_sqlx_migrations" VALUES(5,'checks','2026-12-01 02:54:16',1,X'84D954AEBD824266F0A51CE9AE8E19E95D69289FB1AA958F5DD5AD82DCFA1A89EC22C3ED6C9053844221629CA3D73AF1',154661);
INSERT INTO "_sqlx_migrations" VALUES(6,'account_tokens','2026-12-01 02:54:16',1,X'E5BA1AB60A2B66E059A219673252B61A06437685BC86246751CCE5EC90F2488CD62ADEC5D5E0799242B21D066B71F1AC',176774);
INSERT INTO "_sqlx_migrations" VALUES(7,'dismissals','2026-12-01 02:54:16',1,X'4F582D13F6B480BC8474DD6DB10F6978FCCB3CDA7DC841A4C6A1033E08DADD6778CD7E04C56D44F5FB1D501249666039',1057357);
INSERT INTO "_sqlx_migrations" VALUES(8,'dashboard_sessions','2026-12-01 02:54:16',1,X'30A5855E8FBCE0C7CBFA35E3A626112A36B1F4251FDE448AC170C91F35E7B96C947A7B2182FE263BF836031C06011198',378244);
INSERT INTO "_sqlx_migrations" VALUES(9,'partial_users','2026-12-01 02:54:16',1,X'CE8427B87471DC95062BEB63F0959C2C47B75DBD597B4A423DF8882AD06B098E34DE9E9EFD5F48B0DFCF96F9A58DAF20',6418162);
INSERT INTO "_sqlx_migrations" VALUES(10,'email_owners','2026-12-01 02:54:16',1,X'0D4325630CDF325781CC371CF47AC785746BAC4EEBBF3E2F764E7405B9AAF03A5465AF0A5954CD2377627276A85EA28B',363853);
INSERT INTO "_sqlx_migrations" VALUES(11,'field_versions','2026-12-01 02:54:16',1,X'117F00A958F8A4DBDF282353B3743452377C5B545636CEF7F798103A926CB0D33CD7A300F9BC7CA74805C89DA4E31ACA',5540974);
INSERT INTO "_sqlx_migrations" VALUES(12,'organizations','2026-12-01 02:54:17',1,X'3C6634A9084FAB3A0D53DD5784308D4AEFCF3B1B7796A4F2097C39FAE8E132A9ADBFFA9FB2DABFCA7C563510317D8F05',82239666);
INSERT INTO "_sqlx_migrations" VALUES(13,'event_objects','2026-12-01 02:54:17',1,X'E63A405CA50A3DD604D5AC6E449440BB471263BD5FC3FA2765AFB822805621C5AEAED3B4D8024EB2053DBF6CA906112F',2228984);
INSERT INTO "_sqlx_migrations" VALUES(14,'waitlist_entries','2026-12-01 02:54:17',1,X'B8653E137F1BC1BE58B119545552BB8ABA32658138EA40CAF19A8B554B3BA6E0998DA8745ADCCE937B74E3A7AD772A0B',1301561);
INSERT INTO "_sqlx_migrations" VALUES(15,'lists','2026-12-01 02:54:17',1,X'30E0FD26564FAF10802027C34B8D51526A7621302FC0D50C2191CE085DCC5429E27880F46A067578B83087F96FA9E27E',639364);
INSERT INTO "_sqlx_migrations" VALUES(16,'readable_views','2026-12-01 02:54:17',1,X'66DCCFBEE431B56F17B51236E0D961273C9754BE794A171D55161B77C516DABF57770D018BA4CF47E5C3C517C6A0E173',537823);
CREATE TABLE account_tokens (
    user_id                  TEXT    NOT NULL,
    account_id               TEXT    NOT NULL,
    access_token             TEXT    NOT NULL,
    -- Clerk discloses none.
    refresh_token            TEXT,
    id_token                 TEXT,
    access_token_expires_at  INTEGER,
    refresh_token_expires_at INTEGER,
    -- Of the setting `tokens.keys`.
    key_id                   TEXT    NOT NULL,
    fetched_at               INTEGER NOT NULL,
    PRIMARY KEY (user_id, account_id),
    FOREIGN KEY (user_id, account_id) REFERENCES accounts (user_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE accounts (
    user_id     TEXT NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    provider_id TEXT,
    account_id  TEXT,
    email       TEXT,
    username    TEXT,
    scope       TEXT,
    status      TEXT,
    created_at  INTEGER,
    updated_at  INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "accounts" VALUES('user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','credential','credential','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('user_2N0glkB72Y9aalKFWSIIn40lqem','idn_2N0gldcRCrsyhOyl0xXxECOLGcG','google','141024003019129184343','bettina.kraemer@example.com',NULL,'email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile','verified',NULL,NULL);
INSERT INTO "accounts" VALUES('user_2rfTF8P3Cf1zjl92u9aNy4VJjau','idn_2rfTF2mXd1AzfSK7HflJ7Fkl8n7','google','165285485610100239572','greta.holm@example.com',NULL,'email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile','verified',1736949022013,1736949022013);
INSERT INTO "accounts" VALUES('user_2xOocFfUQreMgh25uKw2PqdKL6m','credential','credential','user_2xOocFfUQreMgh25uKw2PqdKL6m',NULL,NULL,NULL,NULL,NULL,1747818558302);
INSERT INTO "accounts" VALUES('user_2xOocFfUQreMgh25uKw2PqdKL6m','eac_2yOpAzN2dxzhJNJTkRKacNOqfjd','microsoft','31182933','ines.carvalho@example.org',NULL,'email openid profile User.Read',NULL,1749715334451,1749715334451);
INSERT INTO "accounts" VALUES('user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','credential','credential','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB',NULL,NULL,NULL,NULL,NULL,1748965001589);
INSERT INTO "accounts" VALUES('user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','eac_2yiv5ohMUOYmuD6oRrhSocmecyb','gitlab','90632814','jonas.weiss@example.net','jweiss','openid profile email read_user','verified',1750330027229,1750330027229);
INSERT INTO "accounts" VALUES('user_30VmkKjT7Vwydgrxxu1uTsOktKf','credential','credential','user_30VmkKjT7Vwydgrxxu1uTsOktKf',NULL,NULL,NULL,NULL,NULL,1753721255925);
INSERT INTO "accounts" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','credential','credential','user_31H3ZDLk6q1VQcYqslPFbp3JU8i',NULL,NULL,NULL,NULL,NULL,1755167223940);
INSERT INTO "accounts" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','eac_31JsgouV6H39Wi6eXmszPAtBHQe','google','116276895342991419801','zoe.lindqvist@example.net',NULL,'email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile','verified',1755253623940,1755253623940);
INSERT INTO "accounts" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','eac_3BnQAgFrFY8XtJMz2NXXydScplJ','google','156730797114372209794','zoe.work@example.net',NULL,'email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile','verified',1775122212040,1775122212040);
INSERT INTO "accounts" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','eac_3BnSt3FLGHm0wVFB1np9WZ4Ss51','linkedin_oidc','52000242','zoe.work@example.net',NULL,'email openid profile','verified',1775123551877,1775123551877);
INSERT INTO "accounts" VALUES('user_320baXCrFWSBAuWrM5OaGaPKeBY','credential','credential','user_320baXCrFWSBAuWrM5OaGaPKeBY',NULL,NULL,NULL,NULL,NULL,1756560500137);
INSERT INTO "accounts" VALUES('user_32MNqVkqbGl4THdF7YL1xCQvRAO','eac_32MNqWvtrWFsqUjgkJYqWfYYfPk','facebook','5985163614431045','d.sokolov@example.org',NULL,'email public_profile','verified',1757226672367,1757226672367);
INSERT INTO "accounts" VALUES('user_338aXdAjzC5JhXnA8Yg61FLD67N','credential','credential','user_338aXdAjzC5JhXnA8Yg61FLD67N',NULL,NULL,NULL,NULL,NULL,1758701193695);
INSERT INTO "accounts" VALUES('user_33WdKfszOekBWXW7QRXdrh8x508','credential','credential','user_33WdKfszOekBWXW7QRXdrh8x508',NULL,NULL,NULL,NULL,NULL,1759436699748);
INSERT INTO "accounts" VALUES('user_34GgnbnjiKSWY3UaqalY5zRagbf','eac_34GgnaV68tOBsuhJmaDBWp0UgXw','github','21291866','xiaoming.chen@example.net','chen-xm','read:user user:email','verified',1760845489738,1760845489738);
INSERT INTO "accounts" VALUES('user_35KWvGGYjg1NWoH7YDT3lY8ASFw','credential','credential','user_35KWvGGYjg1NWoH7YDT3lY8ASFw',NULL,NULL,NULL,NULL,NULL,1762859471111);
INSERT INTO "accounts" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m','credential','credential','user_36DUaINvnqFmSSVBVNDMchIZu2m',NULL,NULL,NULL,NULL,NULL,1764540697760);
INSERT INTO "accounts" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m','eac_37o4wwJ66jnVoNpp8xpHIT5MHD5','github',NULL,NULL,NULL,NULL,'expired',1767556331338,1767556331338);
INSERT INTO "accounts" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m','eac_37o6FN98TEOSlU2afg3ZumbDPYU','discord',NULL,NULL,NULL,NULL,'unverified',1767556971316,1767556971316);
INSERT INTO "accounts" VALUES('user_36PEfVrDg36HXmfToITHewezGMR','credential','credential','user_36PEfVrDg36HXmfToITHewezGMR',NULL,NULL,NULL,NULL,NULL,1764899909833);
INSERT INTO "accounts" VALUES('user_3743aOgv7ht0NyQbmDZviDmSk6i','credential','credential','user_3743aOgv7ht0NyQbmDZviDmSk6i',NULL,NULL,NULL,NULL,NULL,1766148578273);
INSERT INTO "accounts" VALUES('user_37yhFMmnyFfWu0M51Qk7xKnftAE','credential','credential','user_37yhFMmnyFfWu0M51Qk7xKnftAE',NULL,NULL,NULL,NULL,NULL,1767881113467);
INSERT INTO "accounts" VALUES('user_392VhowPHWsDFoqy4THLEMQQXlM','credential','credential','user_392VhowPHWsDFoqy4THLEMQQXlM',NULL,NULL,NULL,NULL,NULL,1769894274812);
INSERT INTO "accounts" VALUES('user_39X4xl5cLwaX28PrdcnpFAUmypx','eac_39X4xfTknJKxn5wd7bGIfTn2OQH','google','182672960469950947918','bruno.almeida@example.com',NULL,'email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile','verified',1770829329213,1770829329213);
INSERT INTO "accounts" VALUES('user_3AExTGRXJeAWUlgURxbzae5svBr','credential','credential','user_3AExTGRXJeAWUlgURxbzae5svBr',NULL,NULL,NULL,NULL,NULL,1772171536000);
INSERT INTO "accounts" VALUES('user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','credential','credential','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F',NULL,NULL,NULL,NULL,NULL,1772439331204);
INSERT INTO "accounts" VALUES('user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','eac_3AiiaEnj91m2gtTDZ92qqfQfyGA','google','165341719714957285346','ada.okafor@example.com',NULL,'email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile','verified',1773081852646,1773081852646);
INSERT INTO "accounts" VALUES('user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','credential','credential','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO',NULL,NULL,NULL,NULL,NULL,1774895942506);
INSERT INTO "accounts" VALUES('user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','eac_3CLE5s56WAnSTHp2Kr5avFsYUKr','github','81555952','viktor@example.net','vik-tor','user:email','verified',1776156269759,1776156269759);
INSERT INTO "accounts" VALUES('user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','credential','credential','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k',NULL,NULL,NULL,NULL,NULL,1777877742919);
INSERT INTO "accounts" VALUES('user_3Dt8gTriVnklsJiq25r9BO3SFDs','entacc_3Dt8gKnGE81k5ODPDRozaXTTbT3','saml_okta','00usQzalFFtgZeUIlyup','nadia.rahman@example.org',NULL,NULL,'verified',NULL,NULL);
INSERT INTO "accounts" VALUES('user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','credential','credential','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG',NULL,NULL,NULL,NULL,NULL,1780305527612);
INSERT INTO "accounts" VALUES('user_3Ea4x0UXljtd7bK7quj6WiuCiHG','credential','credential','user_3Ea4x0UXljtd7bK7quj6WiuCiHG',NULL,NULL,NULL,NULL,NULL,1780403588356);
CREATE TABLE api_keys (
    name         TEXT    NOT NULL PRIMARY KEY,
    sha256       TEXT    NOT NULL UNIQUE,
    -- Joined by `+`, as in the settings.
    scopes       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- Give or take a minute.
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE checks (
    name           TEXT NOT NULL PRIMARY KEY,
    begun_at       INTEGER NOT NULL,
    -- Of the last one that ended. Before begun_at while another is under way, or was cut off.
    ended_at       INTEGER,
    -- Why that one came to nothing; the counts are missing then.
    problem        TEXT,
    users          INTEGER,
    missing        INTEGER,
    extra          INTEGER,
    different      INTEGER,
    deleted        INTEGER,
    not_understood INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO "checks" VALUES('write',1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE crawls (
    name     TEXT    NOT NULL PRIMARY KEY,
    -- The ids behind which it goes on, on lines: where the first is gone, the next.
    cursor   TEXT    NOT NULL,
    users    INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE dashboard_sessions (
    sha256     TEXT    NOT NULL PRIMARY KEY,
    -- Hash of the API key of the sign-in, which can also be one of the settings.
    key_sha256 TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
INSERT INTO "organization_domains" VALUES('orgdm_3F1pRRifpEImJ3nUI9Sl7NWC6mK','org_38I3B0QGNfyWb2irUGkScU4P7rk','adeyemi.example.net','manual_invitation',NULL,NULL,1781252420020,1781252420020,NULL,NULL,1781252420020,1781252420021,'msg_0000000b40f72b1dc449445e826');
INSERT INTO "organization_domains" VALUES('orgdmn_38W56Dww6JxDsloFseKTjNvIrHp','org_38TlHUSL0uDX6LtisQKNyeh0ip6','example.org','automatic_suggestion','verified',NULL,1768902308019,1768903218019,NULL,'{"ownership_status":null}',1768903218019,1768903218036,'msg_0000000b7bd9fccfc5637f8bfc2');
INSERT INTO "organization_domains" VALUES('orgdmn_38W56J3Peh5cAMhM1AV4ULAAAQ8',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1769677749909,NULL,0,0,'');
INSERT INTO "organization_domains" VALUES('orgdmn_3EwniNqzhJ7YfCndMVJ17NeAGKV','org_38TlHUSL0uDX6LtisQKNyeh0ip6','riverbend.example.com','automatic_suggestion','verified',NULL,1781098625220,1781099035220,NULL,NULL,1781099035220,1781099035237,'msg_00000004e4d3288df370d55a3e5');
INSERT INTO "organization_domains" VALUES('orgdmn_3EzCRCDXSxMsrJUQtvz4LI3TAGt','org_30okSWQHRD8mob6ixGms1R88Oqb','nair-labs.example.org','enterprise_sso','unverified','verified',1781172000640,1781172095640,NULL,NULL,1781172095640,1781172095641,'msg_00000007191c8528315786ecb6c');
INSERT INTO "organization_domains" VALUES('orgdmn_3F1wjrThJgrKZ2wAJRAk7C3kVMw','org_34ymLCx9CebJwlek3IE1Ga9NJkt','sokolov.example.org','automatic_invitation','unverified',NULL,1781256020020,1781256020020,NULL,NULL,1781256020020,1781256020021,'msg_0000000e320318a97674dae4b53');
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
INSERT INTO "organization_invitations" VALUES('orginv_3BqmSCChcduImu7XUD1Bf5SVBOk','org_30okSWQHRD8mob6ixGms1R88Oqb','accounts@example.com','org:billing_manager','accepted','user_30VmkKjT7Vwydgrxxu1uTsOktKf','user_36DUaINvnqFmSSVBVNDMchIZu2m','{"cost_center":"C-204"}','{"approver":"pvt-orginv-labs-accounts-681dc995"}',1777816971390,1775224971390,1775226365806,NULL,NULL,1775226365806,1775226365807,'msg_0000000ad26e4e8c8cb7330668f');
INSERT INTO "organization_invitations" VALUES('orginv_3CM9vEgaffbte3ZRb6EYZyP44zA','org_30okSWQHRD8mob6ixGms1R88Oqb','viktor@example.net','org:member','accepted','user_30VmkKjT7Vwydgrxxu1uTsOktKf','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','{}','{}',1778776800909,1776184800909,1776244799990,NULL,NULL,1776244799990,1776244799991,'msg_00000003cf76be032a46d23fa50');
INSERT INTO "organization_invitations" VALUES('orginv_3EfJImskKEFOE46GM5Egi7O3adg','org_38TlHUSL0uDX6LtisQKNyeh0ip6','guest.two@example.com','org:member','accepted',NULL,'user_3Ea4x0UXljtd7bK7quj6WiuCiHG','{"invited_for":"field notes"}','{"reason":"pvt-orginv-two-fc9275d2"}',1783155612055,1780563612055,1780571612055,NULL,'{"inviter_id":null}',1780571612055,1780571612081,'msg_0000000623633ca5bc99ed02b69');
INSERT INTO "organization_invitations" VALUES('orginv_3FIwYImkTVk8xnxLiu7XYsCtyMa','org_30okSWQHRD8mob6ixGms1R88Oqb','sam.whitfield@example.com','org:member','pending','user_30VmkKjT7Vwydgrxxu1uTsOktKf',NULL,'{}','{"reason":"pvt-orginv-labs-sam-37a23583"}',2097395137008,1781775937008,1781775937008,NULL,'{"user_id":null}',1781775937008,1781775937009,'msg_000000003eabd6297d4c0c8de57');
INSERT INTO "organization_invitations" VALUES('orginv_3FLSAJmADTohTV5AsE73MeFbKaA','org_34ymLCx9CebJwlek3IE1Ga9NJkt','мастер@example.org','org:member','pending',NULL,NULL,NULL,NULL,1784444711450,1781852711450,1781852711450,NULL,'{"inviter_id":null,"user_id":null}',1781852711450,1781852711451,'msg_0000000802ec899534c762218da');
INSERT INTO "organization_invitations" VALUES('orginv_3FOr8xCYom7Tx6YRKjCPFFHcU1a','org_38I3B0QGNfyWb2irUGkScU4P7rk','guest.five@example.com','org:member','pending',NULL,NULL,'{}','{}',1784548800000,1781956800000,1781956800000,NULL,'{"inviter_id":null,"user_id":null}',1781956800000,1781956800000,'msg_00000001fccffec3661c4a2e5eb');
INSERT INTO "organization_invitations" VALUES('orginv_3EfJQGzmC5RNPYrDh4ppy5Ow6Ly','org_38TlHUSL0uDX6LtisQKNyeh0ip6','guest.three@example.net','org:member','revoked',NULL,NULL,'{}','{"reason":"pvt-orginv-three-659e2897"}',1783155672055,1780563672055,1780653612055,NULL,'{"inviter_id":null,"user_id":null}',1780653612055,1780653612099,'msg_0000000d5f4a5653637aeece682');
INSERT INTO "organization_invitations" VALUES('orginv_3FFw2mIhRCzGiOk4L4eNjgjSuak','org_30okSWQHRD8mob6ixGms1R88Oqb','new.colleague@example.org','org:member','pending',NULL,NULL,'{}','{}',NULL,1781683920230,1781683920230,NULL,'{"user_id":null}',1781683920230,1781683920231,'msg_0000000840355d6241cf59e2e7d');
INSERT INTO "organization_invitations" VALUES('orginv_2R6Ax4szV2UVEBdIqBn8gzuEtre','org_2NuDYWcGbInLouK31JfZYTEsGeB','guest.seven@example.net','basic_member','revoked',NULL,NULL,'{}','{}',NULL,1686560400500,1686564000500,NULL,'{"expires_at":null,"inviter_id":null,"user_id":null}',1686564000500,0,'msg_0000000bc477b6f966608e133f4');
INSERT INTO "organization_invitations" VALUES('orginv_3EcbmeY3WllOWSKhhW5gGauSFNt','org_38TlHUSL0uDX6LtisQKNyeh0ip6','guest.one@example.com','org:member','pending',NULL,NULL,'{}','{"reason":"pvt-orginv-one-939a380c"}',1783072964310,1780480964310,1780480964310,NULL,'{"inviter_id":null,"user_id":null}',1780480964310,1780480964345,'msg_00000008eefc044adce4866361d');
INSERT INTO "organization_invitations" VALUES('orginv_3FSQH2cKurLf9KWmhrfMpWP3LhK','org_34ymLCx9CebJwlek3IE1Ga9NJkt','guest.six@example.com','org:member','pending',NULL,NULL,'{}','{}',1784657898181,1782065898181,1782065898181,NULL,'{"inviter_id":null,"user_id":null}',1782065898181,1782065898182,'msg_0000000cc4c3aa89727d8677a6e');
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
INSERT INTO "organization_memberships" VALUES('orgmem_2DTg8sbvtuq8KOlwh9vLbFEL58L','org_2DTg8sbvtuq8KOlwh9vLbFEL58L','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','org:admin','["org:notes:read","org:notes:write","org:sys_memberships:manage"]','{}','{}',1660728331137,1660728331137,NULL,NULL,1660728331137,1660728331000,'msg_0000000f2cf2c0e498db852f458');
INSERT INTO "organization_memberships" VALUES('orgmem_386pSDn9iaXKWjDXyVmhuT7uBxK','org_31YZMCHllhse6nATDPcE0HrDt1j','user_338aXdAjzC5JhXnA8Yg61FLD67N','org:member','["org:notes:read","org:notes:write"]','{}','{}',1768129872004,1768129872004,NULL,NULL,1768129872004,1768129872011,'msg_0000000121d02b66efb90448877');
INSERT INTO "organization_memberships" VALUES('orgmem_38TlHR1Y2jDiQRktIJXuFahPcF2','org_38TlHUSL0uDX6LtisQKNyeh0ip6','user_3743aOgv7ht0NyQbmDZviDmSk6i','org:admin','["org:notes:read","org:notes:write","org:sys_memberships:manage"]','{}',NULL,1768831353077,1768831353077,NULL,'{"private_metadata":null}',1768831353077,1768831353084,'msg_0000000528e075302c4d5dbedd2');
INSERT INTO "organization_memberships" VALUES('orgmem_39vRlmFzThI4294138S0Nr97xrk',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1780650273561,NULL,0,0,'');
INSERT INTO "organization_memberships" VALUES('orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg','org_30okSWQHRD8mob6ixGms1R88Oqb','user_36DUaINvnqFmSSVBVNDMchIZu2m','org:viewer','[]','{"cost_center":"C-204"}','{"approver":"pvt-orginv-labs-accounts-681dc995"}',1775226365812,1778578200127,NULL,NULL,1778578200127,1778578200134,'msg_00000000e33b05ef9a197a66d1a');
INSERT INTO "organization_memberships" VALUES('orgmem_2NuFL3FjnPuKPaqx1VoUaxb1Pg1','org_2NuDYWcGbInLouK31JfZYTEsGeB','user_2NuFHsoBxKAHmFhQpDyC3aV39cd','basic_member',NULL,'{}',NULL,1680506000904,1680506000904,NULL,'{"permissions":null,"private_metadata":null}',1680506000904,0,'msg_000000073e560c971b4e0dfae74');
INSERT INTO "organization_memberships" VALUES('orgmem_3EfZW8PLcDMNlx9FiADAfpEBB2B','org_38TlHUSL0uDX6LtisQKNyeh0ip6','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','org:member','["org:notes:read","org:notes:write"]','{"invited_for":"field notes"}','{"reason":"pvt-orginv-two-fc9275d2"}',1780571612060,1780571612060,NULL,NULL,1780571612060,1780571612067,'msg_0000000dc691b81dee6fd98ce5d');
INSERT INTO "organization_memberships" VALUES('orgmem_2NuDYU5e2DC7NRdFWSPRDxvKplM','org_2NuDYWcGbInLouK31JfZYTEsGeB','user_2N0glkB72Y9aalKFWSIIn40lqem','admin',NULL,'{}',NULL,1680505120220,1680505120220,NULL,'{"permissions":null,"private_metadata":null}',1680505120220,0,'msg_000000052eb48cec94582ba72e7');
INSERT INTO "organization_memberships" VALUES('orgmem_39U5tIj29yDqqqYlXpSl5lh4UsY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1781006400047,NULL,0,0,'');
INSERT INTO "organization_memberships" VALUES('orgmem_3C1ceIRQK7z3MLBTw3sFan4Rj6Y','org_30okSWQHRD8mob6ixGms1R88Oqb','user_2xOocFfUQreMgh25uKw2PqdKL6m','org:member','["org:notes:read","org:notes:write"]',NULL,NULL,1775556610344,1775556610344,NULL,NULL,1775556610344,1775556610351,'msg_0000000104cd461aecd1a5dbceb');
INSERT INTO "organization_memberships" VALUES('orgmem_3C9md8gz10Pr33EyCSqK9pRiq5v','org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U','user_3C7POr5yh7uNq5jPhUY5qhhGESA','org:admin','["org:notes:read","org:notes:write","org:sys_memberships:manage"]','{}',NULL,1775806244102,1775806244102,NULL,'{"private_metadata":null}',1775806244102,1775806244109,'msg_000000021390fec5033f694a0ec');
INSERT INTO "organization_memberships" VALUES('orgmem_3CO7XJCpN2M4SDbVPWHsKIuMEZv','org_30okSWQHRD8mob6ixGms1R88Oqb','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','org:member','["org:notes:read","org:notes:write"]','{}',NULL,1776244800481,1776244800481,NULL,'{"private_metadata":null}',1776244800481,1776244800488,'msg_0000000639a977dcb61646aa62e');
INSERT INTO "organization_memberships" VALUES('orgmem_3Dt8p8KNAPfxCawjJUIaQoQiNkY','org_38TlHUSL0uDX6LtisQKNyeh0ip6','user_3Dt8gTriVnklsJiq25r9BO3SFDs','org:member','["org:notes:read","org:notes:write"]','{}',NULL,1779090185118,1779090185118,NULL,'{"private_metadata":null}',1779090185118,1779090185125,'msg_000000054adbb80f83b684d3249');
INSERT INTO "organization_memberships" VALUES('orgmem_3EXJR2UG8ye3d8hwD9muX6f4OZv','org_30okSWQHRD8mob6ixGms1R88Oqb','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','org:member','["org:notes:read","org:notes:write"]','{"desk":"4-18"}','{"rate":"pvt-orgmem-rosa-labs-25ce213e"}',1780318968557,1780405368557,NULL,'{"private_metadata":[1780318968557,1780318968564,"msg_0000000245384d2cdc22065198e"]}',1780405368557,1780405368564,'msg_00000008fa88a2badd354693de0');
INSERT INTO "organization_memberships" VALUES('orgmem_3EiABwdW2sczslQbSwrGyXqbI3h','org_38TlHUSL0uDX6LtisQKNyeh0ip6','user_36PEfVrDg36HXmfToITHewezGMR','org:admin','["org:notes:read","org:notes:write","org:sys_memberships:manage"]','{}',NULL,1780650884871,1780650884871,NULL,'{"private_metadata":null}',1780650884871,1780650884878,'msg_00000006c8ef3a7670b15272d07');
INSERT INTO "organization_memberships" VALUES('orgmem_3C4ByvpBqAn44xLpfTD40aldNmz',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1775635431002,NULL,0,0,'');
INSERT INTO "organization_memberships" VALUES('orgmem_3ChygpVC7QVlrUox9pxnvIM0rpB',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1782885603260,NULL,0,0,'');
INSERT INTO "organization_memberships" VALUES('orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB','org_38TlHUSL0uDX6LtisQKNyeh0ip6','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','org:admin','["org:notes:read","org:notes:write","org:sys_memberships:manage"]','{}','{"seat":"pvt-orgmem-seat-c2b7f690"}',1780305914733,1780605914733,NULL,NULL,1780605914733,1780605914790,'msg_0000000a9e722e2e78d9c25b8f1');
INSERT INTO "organization_memberships" VALUES('orgmem_3DLeRDSVHWFO3TsZAI3Ma8c9JC7','org_39FcrUFkNTktN5ujcBQFv0FvLr2','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','org:admin','["org:notes:read","org:notes:write","org:sys_memberships:manage"]','{}',NULL,1778065766000,1782813600000,NULL,'{"private_metadata":null}',1782813600000,1782813600000,'msg_000000010a1a49a825bde527d49');
CREATE TABLE organization_terms (
    term            TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    PRIMARY KEY (term, organization_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "organization_terms" VALUES('adeyemi & daughters ltd','org_38I3B0QGNfyWb2irUGkScU4P7rk');
INSERT INTO "organization_terms" VALUES('ceramics cooperative','org_39FcrUFkNTktN5ujcBQFv0FvLr2');
INSERT INTO "organization_terms" VALUES('ceramics-cooperative','org_39FcrUFkNTktN5ujcBQFv0FvLr2');
INSERT INTO "organization_terms" VALUES('chen-tea','org_34JXpc8WaEt5JdBBXrfDrGmexO5');
INSERT INTO "organization_terms" VALUES('example organization','org_2DTg8sbvtuq8KOlwh9vLbFEL58L');
INSERT INTO "organization_terms" VALUES('example-organization','org_2DTg8sbvtuq8KOlwh9vLbFEL58L');
INSERT INTO "organization_terms" VALUES('kestrel','org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U');
INSERT INTO "organization_terms" VALUES('kestrel cooperative','org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U');
INSERT INTO "organization_terms" VALUES('kraemer-textil','org_2NuDYWcGbInLouK31JfZYTEsGeB');
INSERT INTO "organization_terms" VALUES('kramer textil','org_2NuDYWcGbInLouK31JfZYTEsGeB');
INSERT INTO "organization_terms" VALUES('lindqvist film 🎬','org_31YZMCHllhse6nATDPcE0HrDt1j');
INSERT INTO "organization_terms" VALUES('lindqvist-film','org_31YZMCHllhse6nATDPcE0HrDt1j');
INSERT INTO "organization_terms" VALUES('nair labs','org_30okSWQHRD8mob6ixGms1R88Oqb');
INSERT INTO "organization_terms" VALUES('nair-labs','org_30okSWQHRD8mob6ixGms1R88Oqb');
INSERT INTO "organization_terms" VALUES('riverbend studio','org_38TlHUSL0uDX6LtisQKNyeh0ip6');
INSERT INTO "organization_terms" VALUES('riverbend-studio','org_38TlHUSL0uDX6LtisQKNyeh0ip6');
INSERT INTO "organization_terms" VALUES('мастерская соколова','org_34ymLCx9CebJwlek3IE1Ga9NJkt');
INSERT INTO "organization_terms" VALUES('陈氏茶馆','org_34JXpc8WaEt5JdBBXrfDrGmexO5');
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
INSERT INTO "organizations" VALUES('org_2DTg8sbvtuq8KOlwh9vLbFEL58L','Example Organization','example-organization','https://img.clerk.com/example-organization',5,1,'{}','{}','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0',1660728331117,1660728331117,NULL,'example organization
example-organization',NULL,1660728331117,1660728331000,'msg_0000000f2cf2c0e498db852f458');
INSERT INTO "organizations" VALUES('org_39FcrUFkNTktN5ujcBQFv0FvLr2','Ceramics Cooperative','ceramics-cooperative','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzlGY3JVRmtOVGt0TjV1amNCUUZ2MEZ2THIyIn0',5,1,'{}','{"kiln":"pvt-org-ceramics-b0ec6153"}','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE',1770295457330,1783413000915,NULL,'ceramics cooperative
ceramics-cooperative',NULL,1783413000915,1783413000916,'msg_00000001368a1466f31cb191ef8');
INSERT INTO "organizations" VALUES('org_2NuDYWcGbInLouK31JfZYTEsGeB','Krämer Textil','kraemer-textil','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMk51RFlXY0diSW5Mb3VLMzFKZlpZVEVzR2VCIn0',5,1,'{}','{}','user_2N0glkB72Y9aalKFWSIIn40lqem',1680505120212,1680505120212,NULL,'kraemer-textil
kramer textil',NULL,1680505120212,0,'msg_000000094916a5ea79e1fbe66e5');
INSERT INTO "organizations" VALUES('org_2vA2Xzsy3RmNBqS89xEHjWgm01Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1769997722202,NULL,NULL,0,0,'');
INSERT INTO "organizations" VALUES('org_34ymLCx9CebJwlek3IE1Ga9NJkt','Мастерская Соколова',NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzR5bUxDeDlDZWJKd2xlazNJRTFHYTlOSmt0In0',0,1,'{"город":"Казань"}','{"discount":"pvt-org-atelier-06b777eb"}','user_32MNqVkqbGl4THdF7YL1xCQvRAO',1762194127495,1773047561062,NULL,'мастерская соколова',NULL,1773047561062,1773047561063,'msg_0000000f7c2b653c0ffefe0e74f');
INSERT INTO "organizations" VALUES('org_38I3B0QGNfyWb2irUGkScU4P7rk','Adeyemi & Daughters Ltd',NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhJM0IwUUdOZnlXYjJpclVHa1NjVTRQN3JrIn0',5,1,'{}','{}','user_37yhFMmnyFfWu0M51Qk7xKnftAE',1768473118000,1771518000000,NULL,'adeyemi & daughters ltd','{"slug":null}',1771518000000,1771518000000,'msg_000000062b71106a629a7a54dcc');
INSERT INTO "organizations" VALUES('org_3EPIuUXIdPIWF5enECTZDGw7aOU',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1780171869417,NULL,NULL,0,0,'');
INSERT INTO "organizations" VALUES('org_38TlHUSL0uDX6LtisQKNyeh0ip6','Riverbend Studio','riverbend-studio','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0',25,1,'{"sector":"field research"}','{"account_manager":"pvt-org-manager-5f1d09ab"}','user_3743aOgv7ht0NyQbmDZviDmSk6i',1768831353070,1780905601340,NULL,'riverbend studio
riverbend-studio',NULL,1780905601340,1780905601369,'msg_00000000fe65a54b8112ca0cdb4');
INSERT INTO "organizations" VALUES('org_30okSWQHRD8mob6ixGms1R88Oqb','Nair Labs','nair-labs','https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0',50,0,'{"beta":true,"note":"Größe: „mittel“","seats":{"limits":[5,50],"used":1}}','{"billing":{"customer":"pvt-labs-billing-05b0bac1","invoices":[{"number":"pvt-labs-inv-1-3feaa999"},{"number":"pvt-labs-inv-2-dc0ed88f"}]},"note":"pvt-labs-note-07c86374"}','user_30VmkKjT7Vwydgrxxu1uTsOktKf',1754301312681,1775115933280,NULL,'nair labs
nair-labs',NULL,1775115933280,1775115933281,'msg_0000000bee052f70fc69a9ec05a');
INSERT INTO "organizations" VALUES('org_34JXpc8WaEt5JdBBXrfDrGmexO5','陈氏茶馆','chen-tea','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzRKWHBjOFdhRXQ1SmRCQlhyZkRyR21leE81In0',5,1,NULL,NULL,'user_34GgnbnjiKSWY3UaqalY5zRagbf',1760932831606,1772332200700,NULL,'chen-tea
陈氏茶馆',NULL,1772332200700,1772332200701,'msg_0000000f82ed307d713c5b10f86');
INSERT INTO "organizations" VALUES('org_31YZMCHllhse6nATDPcE0HrDt1j','Lindqvist Film 🎬','lindqvist-film','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzFZWk1DSGxsaHNlNm5BVERQY0UwSHJEdDFqIn0',5,1,'{}','{"agent":"pvt-org-film-e64274ae"}','user_31H3ZDLk6q1VQcYqslPFbp3JU8i',1755702915151,1768129871900,NULL,'lindqvist film 🎬
lindqvist-film',NULL,1768129871900,1768129872011,'msg_0000000121d02b66efb90448877');
INSERT INTO "organizations" VALUES('org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U','Kestrel Cooperative','kestrel','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfM0M5bWRDUTY5WGEya1h1MEtwcWx5cU90TjlVIn0',5,1,'{"region":"Volta"}',NULL,NULL,1775806244093,1775806244093,NULL,'kestrel
kestrel cooperative','{"created_by":null,"private_metadata":null}',0,1775806244109,'msg_000000021390fec5033f694a0ec');
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
INSERT INTO "permissions" VALUES('perm_38W6uFDP6dHgH0RthgYqInePbrX','org:sys_memberships:manage','Manage members','Permission to manage the members of an organization','system',1768903200012,1768903200012,NULL,NULL,1768903200012,1768903200027,'msg_00000000d0ca80c447dd1f11752');
INSERT INTO "permissions" VALUES('perm_2YRWR4RfRArkcLO9IfDZ8E5yhr2',NULL,NULL,NULL,NULL,NULL,NULL,1774951200555,NULL,0,0,'');
INSERT INTO "permissions" VALUES('perm_38Yw2a45YVlDbeskCyXYW8ReIjK',NULL,NULL,NULL,NULL,NULL,NULL,1769068800401,NULL,0,0,'');
INSERT INTO "permissions" VALUES('perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ','org:drafts:read','Read all drafts','Read the drafts of all members','custom',1700488800000,1774954800000,NULL,NULL,1774954800000,1774954800000,'msg_00000008d22fb88915dcd168f58');
INSERT INTO "permissions" VALUES('perm_38Yw1tjvNH4aysCpquUnDUFysOI','org:notes:write','Write and edit notes','Write notes in the organization','custom',1768989600012,1768990300012,NULL,NULL,1768990300012,1768990300047,'msg_00000004ccbaf42019b81932a00');
INSERT INTO "permissions" VALUES('perm_3Bf0QVHCCDpurCaOnUf0UPedq0m','org:invoices:manage','Manage invoices','Create and cancel invoices','custom',1774864800410,1774872000410,NULL,NULL,1774872000410,1774872000425,'msg_00000005c685fade58919082271');
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
INSERT INTO "roles" VALUES('role_38W71puzqTw0DjRzGiSgufeD5yM','org:admin','Admin','Role with elevated permissions','["org:sys_memberships:manage","org:sys_billing:read"]',1768903260012,1768903260012,NULL,NULL,1768903260012,1768903260053,'msg_00000008595e9e4fba2df3d5539');
INSERT INTO "roles" VALUES('role_38Yw9XhCZfgviogsExdMhSoB5rP','org:writer','Editor','Writes notes for everyone','["org:notes:write","org:notes:read"]',1768989660012,1768990500012,NULL,NULL,1768990500012,1768990500043,'msg_00000004427ca61f7d5dc3fde1d');
INSERT INTO "roles" VALUES('role_3A6kckz6MHyA9nll0aHmOyDIwsP','editor','Editor',NULL,'[]',1771920488080,1771920488080,NULL,NULL,1771920488080,1771920488121,'msg_0000000adc826987f793af84b2d');
INSERT INTO "roles" VALUES('role_3A9ZkN13KsEMswwAEgsv5x4ztN5',NULL,NULL,NULL,NULL,NULL,NULL,1772697600300,NULL,0,0,'');
INSERT INTO "roles" VALUES('role_38YwDDB5Cki82RcVtGuCDztLswI',NULL,NULL,NULL,NULL,NULL,NULL,1769155200077,NULL,0,0,'');
INSERT INTO "roles" VALUES('role_3Bf0XzXZiRUfCEg5mOAWldnVHpK','org:viewer','Viewer','Reads everything','["org:drafts:read"]',1774864860420,1774873860410,NULL,NULL,1774873860410,1774873860451,'msg_0000000275636c5ac6dfd33cc48');
INSERT INTO "roles" VALUES('role_3Bf0Y3RkWclSjkUWp5qPh3wFMlB','org:billing_manager','Billing manager','Handles invoices','["org:invoices:manage"]',1774864860410,1774870260410,NULL,NULL,1774870260410,1774870260451,'msg_0000000c7bf44724ba1c0ea7e68');
CREATE TABLE sessions (
    id                          TEXT    NOT NULL PRIMARY KEY,
    user_id                     TEXT    NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    client_id                   TEXT,
    status                      TEXT    NOT NULL,
    ip_address                  TEXT,
    user_agent                  TEXT,
    actor                       TEXT,
    last_active_organization_id TEXT,
    last_active_at              INTEGER,
    expires_at                  INTEGER,
    abandon_at                  INTEGER,
    created_at                  INTEGER,
    updated_at                  INTEGER,
    version_updated_at          INTEGER NOT NULL,
    version_occurred_at         INTEGER NOT NULL,
    version_event_id            TEXT    NOT NULL,
    -- Of the event that told where the sign-in came from; null while none has.
    sign_in_updated_at          INTEGER,
    sign_in_occurred_at         INTEGER,
    sign_in_event_id            TEXT
, field_versions TEXT) STRICT;
INSERT INTO "sessions" VALUES('sess_3C7POr2IVPXKqvBgv8FfBcDiYQ5','user_3C7POr5yh7uNq5jPhUY5qhhGESA','client_3C7PELHAlsqy6m0s83dMErcEUn8','active','192.0.2.77','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,NULL,1775733605118,1776338405118,1778325605118,1775733605118,1775733605140,1775733605140,1775733605196,'msg_0000000453e585d79820b84f62c',1775733605140,1775733605196,'msg_0000000453e585d79820b84f62c',NULL);
INSERT INTO "sessions" VALUES('sess_3Dt8iGOPmZoAhOd9qTfox09fSq3','user_3Dt8gTriVnklsJiq25r9BO3SFDs','client_3Dt8eX6mTEI5d4GSBHO5elAio3p','active','203.0.113.129','Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6',1779090130377,1779694930377,1781682130377,1779090130377,1779090191627,1779090191627,1779090191672,'msg_00000007185bbd1270f38a729b9',1779090130460,1779090130514,'msg_000000064039668ffebaf52d564',NULL);
INSERT INTO "sessions" VALUES('sess_2DTfgbwMVz9rjDcdITPy8z2Gtqr','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','client_2DTfWA256KUl87B4NKr6KIgn4Ja','active','192.0.2.1','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,NULL,1660728106308,1661332906308,1663320106308,1660728106308,1660728106308,1660728106308,1660728106000,'msg_0000000f240868730533e20ebe0',1660728106308,1660728106000,'msg_0000000f240868730533e20ebe0',NULL);
INSERT INTO "sessions" VALUES('sess_30VmkGsSo8sYNccZzccL7EQ0k1k','user_30VmkKjT7Vwydgrxxu1uTsOktKf','client_30VmZrNT7nsAjpIT50kXmzJqISs','active','2001:db8:a11:7::5e','Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',NULL,NULL,1753721255980,1754326055980,1756313255980,1753721255980,1753721256012,1753721256012,1753721256051,'msg_00000001f5ce019e7cc2d33d4ab',1753721256012,1753721256051,'msg_00000001f5ce019e7cc2d33d4ab',NULL);
INSERT INTO "sessions" VALUES('sess_32MNqdVOyZ72RcYd2XqmB6qokWa','user_32MNqVkqbGl4THdF7YL1xCQvRAO','client_32MNhs7x35tGwgvsdjHsPpMWZsF','active','203.0.113.40','Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',NULL,NULL,1757226673005,1757831473005,1759818673005,1757226673005,1757226673075,1757226673075,1757226673091,'msg_0000000d5f69695ce942c99c8b6',1757226673075,1757226673091,'msg_0000000d5f69695ce942c99c8b6',NULL);
INSERT INTO "sessions" VALUES('sess_37pZH8OF3ciGYCHd8Nun7v6apSO','user_36DUaINvnqFmSSVBVNDMchIZu2m','client_37pZFnoT0mCfY4K7vh5NAne7e6c','active','203.0.113.62','Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',NULL,NULL,1767601882604,1768206682604,1770193882604,1767601882604,1767601882678,1767601882678,1767601882698,'msg_000000027c4d86f09096e3f49e4',1767601882678,1767601882698,'msg_000000027c4d86f09096e3f49e4',NULL);
INSERT INTO "sessions" VALUES('sess_380wS4xj2LydTfOYOZY2kaYPoNj','user_37yhFMmnyFfWu0M51Qk7xKnftAE','client_380wQI6dM4UWzTTHqv2fb0MRkvn','active',NULL,'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',NULL,NULL,1767949792181,1768554592181,1770541792181,1767949792181,1767949792230,1767949792230,1767949792244,'msg_00000007270a648f9b1592eebcf',1767949792230,1767949792244,'msg_00000007270a648f9b1592eebcf',NULL);
INSERT INTO "sessions" VALUES('sess_3EqUFxqKthgfLXthpljQEOYH4ri','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','client_3EqU9646LVmzVQVOpZkTpN9NC5y','active','192.0.2.140','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6',1780905493661,1781510293661,1783497493661,1780905493661,1780905493735,1780905493735,1780905493767,'msg_000000023ec2aadfcb2a9d635d7',1780905493735,1780905493767,'msg_000000023ec2aadfcb2a9d635d7',NULL);
INSERT INTO "sessions" VALUES('sess_3EzZ2Q3rr9KxFxxh93p9lcHdGRj','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','client_3EzYuam17BXhI3YsdkahsVdyQBk','active','192.0.2.250','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36','{"iss":"https://dashboard.clerk.com","sid":"sess_3EzYEBx6XpQWEv9xod5K77Ii9cQ","sub":"user_2rFV2FFxj6QT0qRBVs56CiI2eqp","type":"agent"}',NULL,1781183150428,1781787950428,1783775150428,1781183150428,1781183150506,1781183150506,1781183150546,'msg_00000005f5cf30a16cc84c2b8e0',1781183150506,1781183150546,'msg_00000005f5cf30a16cc84c2b8e0',NULL);
INSERT INTO "sessions" VALUES('sess_36bWDSi0Chi3b4bVPw8HrbZMmBr','user_2xOocFfUQreMgh25uKw2PqdKL6m','client_36bW2nt6RDYUOUxu1hv6dRr0QFr','active','192.0.2.202','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,NULL,1765275631019,1765880431019,1767867631019,1765275631019,1765275631070,1765275631070,1765275631119,'msg_0000000b55214e6dba10a369c7c',1765275631070,1765275631119,'msg_0000000b55214e6dba10a369c7c',NULL);
INSERT INTO "sessions" VALUES('sess_38AvsD8uNMNwSYHSl6L1Va8EUDW','user_34fd8bU4BDC7JRUotiPdixb6CN6','client_38AvpxKmio9mEaykks7otsWbDqN','active','203.0.113.34','Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',NULL,NULL,1768255394557,1768860194557,1770847394557,1768255394557,1768255394630,1768255394630,1768255394648,'msg_0000000d7e7775a1ba4637f3a3e',1768255394630,1768255394648,'msg_0000000d7e7775a1ba4637f3a3e',NULL);
INSERT INTO "sessions" VALUES('sess_39X4xknVSZ1jTK5VNl4mscrIaeR','user_39X4xl5cLwaX28PrdcnpFAUmypx','client_39X4ueCXGiNPd8fQPFBbHLC6h25','active','198.51.100.7','Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',NULL,NULL,1770829329703,1771434129703,1773421329703,1770829329703,1770829329730,1770829329730,1770829329760,'msg_0000000b6711b051749ccd4ba37',1770829329730,1770829329760,'msg_0000000b6711b051749ccd4ba37',NULL);
INSERT INTO "sessions" VALUES('sess_3ANiGFtjPPwqVU9PL9bgA4ydXJ8','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','client_3ANi9fRVDbx0R2MwA4iPXTL7TBJ','ended','192.0.2.31','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,NULL,1773084601611,1773044131242,1775031331242,1772439331242,1773084605811,1773084605811,1773084605840,'msg_00000004dfdf68a6ed7cd8526d0',1772439331306,1772439331320,'msg_0000000cfd4bdac2a42e027df3f',NULL);
INSERT INTO "sessions" VALUES('sess_3AUyvmuTfIj8VTnuchlLkIAuHMi','user_320baXCrFWSBAuWrM5OaGaPKeBY','client_3AUyv8CzB0Q606x69Q9Jz7noCHH','revoked','203.0.113.187','Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',NULL,NULL,1772666676040,1773266476040,1775253676040,1772661676040,1772712768005,1772712768005,1772712768025,'msg_00000004592f928566b5883220c',1772661676089,1772661676115,'msg_00000007f81afbea2f4f6b8a0c1',NULL);
INSERT INTO "sessions" VALUES('sess_3CLElYV9t5nbhJQ7QdzKjjeWdkq','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','client_3CLElFTCUvcrMfuqsso1y1IhD1N','active','203.0.113.154','Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',NULL,NULL,1776156601416,1776761401416,1778748601416,1776156601416,1776156601454,1776156601454,1776156601473,'msg_000000046da2d97018a6f06190d',1776156601454,1776156601473,'msg_000000046da2d97018a6f06190d',NULL);
INSERT INTO "sessions" VALUES('sess_3E1eNdBegS5JNlDOsawYFpD4A36','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','client_3E1eHr3v1VfiOqhym9mDlMY8BYR','active','2001:db8:5:60::f1','Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',NULL,NULL,1779350463290,1779955263290,1781942463290,1779350463290,1779350463349,1779350463349,1779350463375,'msg_0000000496d37ca74f068be269c',1779350463349,1779350463375,'msg_0000000496d37ca74f068be269c',NULL);
INSERT INTO "sessions" VALUES('sess_3ENmKjsHUzM9k9rLHoB7WYYph0f','user_3ENmKZo9mKCw4HNxF0htSTxRjKs','client_3ENm9bgnx46XHt4LxqbZSJmlLLU','active','203.0.113.250','Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',NULL,NULL,1780027339730,1780632139730,1782619339730,1780027339730,1780027339783,1780027339783,1780027339834,'msg_000000068920d2775c6226ef67d',1780027339783,1780027339834,'msg_000000068920d2775c6226ef67d',NULL);
INSERT INTO "sessions" VALUES('sess_34JQbwPPbizxflhattgnPAznC7l','user_34GgnbnjiKSWY3UaqalY5zRagbf','client_34JQTXv18LcQvcTD1Oix4Ih5hmp','active','2001:db8:4f2:91::c3','Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',NULL,NULL,1760929269245,1761534069245,1763521269245,1760929269245,1760929269318,1760929269318,1760929269332,'msg_0000000f6a65ec0e3d0ed973a1d',1760929269318,1760929269332,'msg_0000000f6a65ec0e3d0ed973a1d',NULL);
INSERT INTO "sessions" VALUES('sess_376gO6RDHdf59xhXa5KuQPmuUMP','user_36DUaINvnqFmSSVBVNDMchIZu2m','client_376gDcotKOTVquO7gQzUq2OzrSn','expired',NULL,NULL,NULL,NULL,1766228899940,1766833699940,1768820899940,1766228899940,1766833700240,1766833700240,1766833700283,'msg_00000004d42650736d8e96d3506',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_38ni6dOqi4UVN4AhYsUaiymGP53','user_33WdKfszOekBWXW7QRXdrh8x508','client_38ni2gt8brH6ORzoTGml8SxQ9wM','active','198.51.100.177','Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',NULL,NULL,1769441561907,1770046361907,1772033561907,1769441561907,1769441561943,1769441561943,1769441561958,'msg_0000000150d351a6866c31428dc',1769441561943,1769441561958,'msg_0000000150d351a6866c31428dc',NULL);
INSERT INTO "sessions" VALUES('sess_396RFJ02ntXv7iP55hR28IbfUow','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','client_396R7IkHIvpdld1Z6b5N92PxEfo','active',NULL,NULL,NULL,NULL,1770014428533,1770619228533,1772606428533,1770014428533,1770014428610,1770014428610,1770014428653,'msg_00000006edc973da44e51dce586',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_3BGKqCtlr8uJ63ghTCeYeOiLjN0','user_39X4xl5cLwaX28PrdcnpFAUmypx','client_3BGKnePo8UEEYoQxHY32KECcjRu','ended','198.51.100.9','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,NULL,1774110155702,1774714955702,1776702155702,1774110155702,1774110875702,1774110875702,1774110875729,'msg_00000005a5a874e49508c878c80',1774110155767,1774110155810,'msg_00000006eca3ea300228216233a',NULL);
INSERT INTO "sessions" VALUES('sess_3D7LyfueMvNdnECDXJzIZnpfn7N','user_3743aOgv7ht0NyQbmDZviDmSk6i','client_3D7LwsO3r64jJFNQNOnoM8IoXwh','active','198.51.100.58','Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',NULL,NULL,1777628417352,1778233217352,1780220417352,1777628417352,1777628417396,1777628417396,1777628417440,'msg_0000000c5bededb7e0e23267c24',1777628417396,1777628417440,'msg_0000000c5bededb7e0e23267c24',NULL);
INSERT INTO "sessions" VALUES('sess_2tkseMGQ9EePJHzc3OZjyVMwVL1','user_2rfTF8P3Cf1zjl92u9aNy4VJjau','client_2tksad8lIlJkkp7C2cN7kUilqZA','ended',NULL,NULL,NULL,NULL,1740907500087,1741512300087,1743499500087,1740907500087,1740911100127,1740911100127,1740911100153,'msg_00000006c19ed51253a7c1dd3d3',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_3Ea4wvDEnRmve3fhAZ0zXPSnJou','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','client_3Ea4ukgT78QC0KakCXMQwQjfEcx','pending',NULL,NULL,NULL,NULL,1780403588430,1781008388430,1782995588430,1780403588430,1780403588477,1780403588477,1780403588495,'msg_0000000864222acb30fe314e55a',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_3F79QrSQc5MWCHt3UGpfonKi4HB','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','client_3F79G8fDPtVLxgHqp3B1aYu4kdb','suspended',NULL,NULL,NULL,NULL,1781415227072,1782020027072,1784007227072,1781415227072,1781501227072,1781501227072,1781501227099,'msg_0000000166fb7d9659cef93c736',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_37UJbvlgehCI5DjtgQjjY3EMrBe','user_338aXdAjzC5JhXnA8Yg61FLD67N','client_37UJRQH2Q1DGtt2THl4F0VuoNKM','abandoned',NULL,NULL,NULL,NULL,1766951790215,1767556590215,1769543790215,1766951790215,1769543790615,1769543790615,1769543790628,'msg_0000000a7339c3391390bab0764',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_38G8k9yKQjtdkQD4O4aiPaHxnQ5','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','client_38G8fynO45NLe2TVX4tzaeqkmJz','replaced',NULL,NULL,NULL,NULL,1768414687366,1769019487366,1771006687366,1768414687366,1768415587366,1768415587366,1768415587400,'msg_0000000e80f49d97b5877d8ccda',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_3BkRPDUMUOyxUoqQwYUjSrDnhn7','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','client_3BkRFclNwmpPPViUDV9fawURyH9','ended',NULL,NULL,NULL,NULL,1775031055263,1775635855263,1777623055263,1775031055263,1775036455263,1775036455263,1775036455293,'msg_00000002a3e9379016458a37113',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_38MMCxdYUidIlIZKt6KOiEGUpFt','user_36PEfVrDg36HXmfToITHewezGMR','client_38MM44Yo8rmkiwSDdNWcEFJ9PFt','removed',NULL,NULL,NULL,NULL,1768604862118,1769209662118,1771196862118,1768604862118,1768606662118,1768606662118,1768606662163,'msg_00000005f4b1458db3fdb74b5f9',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_38ff3AFPHmZfC6Bt7oBEKASW4NU','user_38ff0iGvBdQhxiDKGw7ecsvwj85','client_38ff0kUUUElnxeCV9cwGUI3wXbj','removed',NULL,NULL,NULL,NULL,1769195343744,1769800143744,1771787343744,1769195343744,1769239343744,1769239343744,1769239343788,'msg_0000000802d03c259e1b95de345',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_38kjSwLHqQbWQeSGCwsQYLrOfUe','user_33WdKfszOekBWXW7QRXdrh8x508','client_38kjQo1QRVCUZDgpwNcJp8eyKTM','removed',NULL,NULL,NULL,NULL,1769350466499,1769955266499,1771942466499,1769350466499,1769350726499,1769350726499,1769350726544,'msg_0000000376cda9d132c189f6c4d',NULL,NULL,NULL,NULL);
INSERT INTO "sessions" VALUES('sess_39OghTE2iqcKCQJoTD9oZ9UxVtC','user_392VhowPHWsDFoqy4THLEMQQXlM','client_39Ogb8doIsy8FkQguQfAjMVFllx','revoked',NULL,NULL,NULL,NULL,1770572649631,1771177449631,1773164649631,1770572649631,1770579649631,1770579649631,1770579649669,'msg_00000001c0c06623d3e3f674998',NULL,NULL,NULL,NULL);
CREATE TABLE user_terms (
    term    TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (term, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "user_terms" VALUES('abel','user_3743aOgv7ht0NyQbmDZviDmSk6i');
INSERT INTO "user_terms" VALUES('abel tesfaye-berg','user_3743aOgv7ht0NyQbmDZviDmSk6i');
INSERT INTO "user_terms" VALUES('abel-tb','user_3743aOgv7ht0NyQbmDZviDmSk6i');
INSERT INTO "user_terms" VALUES('abel@example.org','user_3743aOgv7ht0NyQbmDZviDmSk6i');
INSERT INTO "user_terms" VALUES('ada','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F');
INSERT INTO "user_terms" VALUES('ada okafor','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F');
INSERT INTO "user_terms" VALUES('ada.okafor@example.com','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F');
INSERT INTO "user_terms" VALUES('ada_okafor','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F');
INSERT INTO "user_terms" VALUES('adeyemi','user_37yhFMmnyFfWu0M51Qk7xKnftAE');
INSERT INTO "user_terms" VALUES('almeida','user_39X4xl5cLwaX28PrdcnpFAUmypx');
INSERT INTO "user_terms" VALUES('benali','user_392VhowPHWsDFoqy4THLEMQQXlM');
INSERT INTO "user_terms" VALUES('bettina','user_2N0glkB72Y9aalKFWSIIn40lqem');
INSERT INTO "user_terms" VALUES('bettina kramer','user_2N0glkB72Y9aalKFWSIIn40lqem');
INSERT INTO "user_terms" VALUES('bettina.kraemer@example.com','user_2N0glkB72Y9aalKFWSIIn40lqem');
INSERT INTO "user_terms" VALUES('bruno','user_39X4xl5cLwaX28PrdcnpFAUmypx');
INSERT INTO "user_terms" VALUES('bruno almeida','user_39X4xl5cLwaX28PrdcnpFAUmypx');
INSERT INTO "user_terms" VALUES('bruno.almeida@example.com','user_39X4xl5cLwaX28PrdcnpFAUmypx');
INSERT INTO "user_terms" VALUES('carvalho','user_2xOocFfUQreMgh25uKw2PqdKL6m');
INSERT INTO "user_terms" VALUES('chen-xm','user_34GgnbnjiKSWY3UaqalY5zRagbf');
INSERT INTO "user_terms" VALUES('d.sokolov@example.org','user_32MNqVkqbGl4THdF7YL1xCQvRAO');
INSERT INTO "user_terms" VALUES('dashboard.example@example.org','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0');
INSERT INTO "user_terms" VALUES('dubois','user_320baXCrFWSBAuWrM5OaGaPKeBY');
INSERT INTO "user_terms" VALUES('example_person','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0');
INSERT INTO "user_terms" VALUES('exemplary','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0');
INSERT INTO "user_terms" VALUES('exemplary person','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0');
INSERT INTO "user_terms" VALUES('farah','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k');
INSERT INTO "user_terms" VALUES('farah haddad-reid','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k');
INSERT INTO "user_terms" VALUES('farah.haddad@example.com','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k');
INSERT INTO "user_terms" VALUES('farahreid','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k');
INSERT INTO "user_terms" VALUES('greta','user_2rfTF8P3Cf1zjl92u9aNy4VJjau');
INSERT INTO "user_terms" VALUES('greta holm','user_2rfTF8P3Cf1zjl92u9aNy4VJjau');
INSERT INTO "user_terms" VALUES('greta.holm@example.com','user_2rfTF8P3Cf1zjl92u9aNy4VJjau');
INSERT INTO "user_terms" VALUES('haddad-reid','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k');
INSERT INTO "user_terms" VALUES('holm','user_2rfTF8P3Cf1zjl92u9aNy4VJjau');
INSERT INTO "user_terms" VALUES('htremblay','user_36DUaINvnqFmSSVBVNDMchIZu2m');
INSERT INTO "user_terms" VALUES('hugo','user_36DUaINvnqFmSSVBVNDMchIZu2m');
INSERT INTO "user_terms" VALUES('hugo tremblay','user_36DUaINvnqFmSSVBVNDMchIZu2m');
INSERT INTO "user_terms" VALUES('hugo.tremblay@example.com','user_36DUaINvnqFmSSVBVNDMchIZu2m');
INSERT INTO "user_terms" VALUES('ines','user_2xOocFfUQreMgh25uKw2PqdKL6m');
INSERT INTO "user_terms" VALUES('ines carvalho','user_2xOocFfUQreMgh25uKw2PqdKL6m');
INSERT INTO "user_terms" VALUES('ines.carvalho@example.org','user_2xOocFfUQreMgh25uKw2PqdKL6m');
INSERT INTO "user_terms" VALUES('jonas','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB');
INSERT INTO "user_terms" VALUES('jonas weiß','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB');
INSERT INTO "user_terms" VALUES('jonas.weiss@example.net','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB');
INSERT INTO "user_terms" VALUES('kenji','user_34fd8bU4BDC7JRUotiPdixb6CN6');
INSERT INTO "user_terms" VALUES('kenji mori','user_34fd8bU4BDC7JRUotiPdixb6CN6');
INSERT INTO "user_terms" VALUES('kenjimori','user_34fd8bU4BDC7JRUotiPdixb6CN6');
INSERT INTO "user_terms" VALUES('kofi','user_3C7POr5yh7uNq5jPhUY5qhhGESA');
INSERT INTO "user_terms" VALUES('kofi mensah','user_3C7POr5yh7uNq5jPhUY5qhhGESA');
INSERT INTO "user_terms" VALUES('kowalska','user_338aXdAjzC5JhXnA8Yg61FLD67N');
INSERT INTO "user_terms" VALUES('kramer','user_2N0glkB72Y9aalKFWSIIn40lqem');
INSERT INTO "user_terms" VALUES('krishnan','user_3AExTGRXJeAWUlgURxbzae5svBr');
INSERT INTO "user_terms" VALUES('lindqvist 🌊','user_31H3ZDLk6q1VQcYqslPFbp3JU8i');
INSERT INTO "user_terms" VALUES('marchand','user_3Ea4x0UXljtd7bK7quj6WiuCiHG');
INSERT INTO "user_terms" VALUES('marin','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG');
INSERT INTO "user_terms" VALUES('mei','user_36PEfVrDg36HXmfToITHewezGMR');
INSERT INTO "user_terms" VALUES('mei tanaka','user_36PEfVrDg36HXmfToITHewezGMR');
INSERT INTO "user_terms" VALUES('mei.tanaka@example.org','user_36PEfVrDg36HXmfToITHewezGMR');
INSERT INTO "user_terms" VALUES('meitanaka','user_36PEfVrDg36HXmfToITHewezGMR');
INSERT INTO "user_terms" VALUES('mensah','user_3C7POr5yh7uNq5jPhUY5qhhGESA');
INSERT INTO "user_terms" VALUES('mori','user_34fd8bU4BDC7JRUotiPdixb6CN6');
INSERT INTO "user_terms" VALUES('muller','user_3ChygTQUzbw6diTQ5X4eiNeWmdN');
INSERT INTO "user_terms" VALUES('nadia','user_3Dt8gTriVnklsJiq25r9BO3SFDs');
INSERT INTO "user_terms" VALUES('nadia rahman','user_3Dt8gTriVnklsJiq25r9BO3SFDs');
INSERT INTO "user_terms" VALUES('nadia.rahman@example.org','user_3Dt8gTriVnklsJiq25r9BO3SFDs');
INSERT INTO "user_terms" VALUES('nair','user_30VmkKjT7Vwydgrxxu1uTsOktKf');
INSERT INTO "user_terms" VALUES('novak','user_35KWvGGYjg1NWoH7YDT3lY8ASFw');
INSERT INTO "user_terms" VALUES('okafor','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F');
INSERT INTO "user_terms" VALUES('olu','user_37yhFMmnyFfWu0M51Qk7xKnftAE');
INSERT INTO "user_terms" VALUES('olu adeyemi','user_37yhFMmnyFfWu0M51Qk7xKnftAE');
INSERT INTO "user_terms" VALUES('olu.adeyemi','user_37yhFMmnyFfWu0M51Qk7xKnftAE');
INSERT INTO "user_terms" VALUES('person','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0');
INSERT INTO "user_terms" VALUES('priya','user_30VmkKjT7Vwydgrxxu1uTsOktKf');
INSERT INTO "user_terms" VALUES('priya nair','user_30VmkKjT7Vwydgrxxu1uTsOktKf');
INSERT INTO "user_terms" VALUES('priya.nair@example.net','user_30VmkKjT7Vwydgrxxu1uTsOktKf');
INSERT INTO "user_terms" VALUES('quentin','user_3Ea4x0UXljtd7bK7quj6WiuCiHG');
INSERT INTO "user_terms" VALUES('quentin marchand','user_3Ea4x0UXljtd7bK7quj6WiuCiHG');
INSERT INTO "user_terms" VALUES('rahman','user_3Dt8gTriVnklsJiq25r9BO3SFDs');
INSERT INTO "user_terms" VALUES('rosa','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG');
INSERT INTO "user_terms" VALUES('rosa marin','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG');
INSERT INTO "user_terms" VALUES('rosamarin','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG');
INSERT INTO "user_terms" VALUES('sam','user_33WdKfszOekBWXW7QRXdrh8x508');
INSERT INTO "user_terms" VALUES('sam whitfield','user_33WdKfszOekBWXW7QRXdrh8x508');
INSERT INTO "user_terms" VALUES('sam.whitfield@example.com','user_33WdKfszOekBWXW7QRXdrh8x508');
INSERT INTO "user_terms" VALUES('studio.marin@example.org','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG');
INSERT INTO "user_terms" VALUES('studio.marin@example.org','user_3Ea4x0UXljtd7bK7quj6WiuCiHG');
INSERT INTO "user_terms" VALUES('tanaka','user_36PEfVrDg36HXmfToITHewezGMR');
INSERT INTO "user_terms" VALUES('tesfaye-berg','user_3743aOgv7ht0NyQbmDZviDmSk6i');
INSERT INTO "user_terms" VALUES('tnovak','user_35KWvGGYjg1NWoH7YDT3lY8ASFw');
INSERT INTO "user_terms" VALUES('tomas','user_35KWvGGYjg1NWoH7YDT3lY8ASFw');
INSERT INTO "user_terms" VALUES('tomas novak','user_35KWvGGYjg1NWoH7YDT3lY8ASFw');
INSERT INTO "user_terms" VALUES('tomas.novak@example.net','user_35KWvGGYjg1NWoH7YDT3lY8ASFw');
INSERT INTO "user_terms" VALUES('tremblay','user_36DUaINvnqFmSSVBVNDMchIZu2m');
INSERT INTO "user_terms" VALUES('uma','user_3AExTGRXJeAWUlgURxbzae5svBr');
INSERT INTO "user_terms" VALUES('uma krishnan','user_3AExTGRXJeAWUlgURxbzae5svBr');
INSERT INTO "user_terms" VALUES('uma.krishnan@example.org','user_3AExTGRXJeAWUlgURxbzae5svBr');
INSERT INTO "user_terms" VALUES('viktor','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO');
INSERT INTO "user_terms" VALUES('viktor@example.net','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO');
INSERT INTO "user_terms" VALUES('wanda','user_338aXdAjzC5JhXnA8Yg61FLD67N');
INSERT INTO "user_terms" VALUES('wanda kowalska','user_338aXdAjzC5JhXnA8Yg61FLD67N');
INSERT INTO "user_terms" VALUES('wanda.kowalska@example.org','user_338aXdAjzC5JhXnA8Yg61FLD67N');
INSERT INTO "user_terms" VALUES('weiß','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB');
INSERT INTO "user_terms" VALUES('whitfield','user_33WdKfszOekBWXW7QRXdrh8x508');
INSERT INTO "user_terms" VALUES('xavier','user_320baXCrFWSBAuWrM5OaGaPKeBY');
INSERT INTO "user_terms" VALUES('xavier dubois','user_320baXCrFWSBAuWrM5OaGaPKeBY');
INSERT INTO "user_terms" VALUES('xavier.dubois@example.com','user_320baXCrFWSBAuWrM5OaGaPKeBY');
INSERT INTO "user_terms" VALUES('xiaoming.chen@example.net','user_34GgnbnjiKSWY3UaqalY5zRagbf');
INSERT INTO "user_terms" VALUES('yara','user_392VhowPHWsDFoqy4THLEMQQXlM');
INSERT INTO "user_terms" VALUES('yara benali','user_392VhowPHWsDFoqy4THLEMQQXlM');
INSERT INTO "user_terms" VALUES('yara.benali@example.net','user_392VhowPHWsDFoqy4THLEMQQXlM');
INSERT INTO "user_terms" VALUES('zane','user_3ChygTQUzbw6diTQ5X4eiNeWmdN');
INSERT INTO "user_terms" VALUES('zane muller','user_3ChygTQUzbw6diTQ5X4eiNeWmdN');
INSERT INTO "user_terms" VALUES('zane.muller@example.org','user_3ChygTQUzbw6diTQ5X4eiNeWmdN');
INSERT INTO "user_terms" VALUES('zoe 🦊','user_31H3ZDLk6q1VQcYqslPFbp3JU8i');
INSERT INTO "user_terms" VALUES('zoe 🦊 lindqvist 🌊','user_31H3ZDLk6q1VQcYqslPFbp3JU8i');
INSERT INTO "user_terms" VALUES('zoe.lindqvist@example.net','user_31H3ZDLk6q1VQcYqslPFbp3JU8i');
INSERT INTO "user_terms" VALUES('zoefox','user_31H3ZDLk6q1VQcYqslPFbp3JU8i');
INSERT INTO "user_terms" VALUES('дмитрии','user_32MNqVkqbGl4THdF7YL1xCQvRAO');
INSERT INTO "user_terms" VALUES('дмитрии соколов','user_32MNqVkqbGl4THdF7YL1xCQvRAO');
INSERT INTO "user_terms" VALUES('соколов','user_32MNqVkqbGl4THdF7YL1xCQvRAO');
INSERT INTO "user_terms" VALUES('الحسن','user_38ff0iGvBdQhxiDKGw7ecsvwj85');
INSERT INTO "user_terms" VALUES('ليلى','user_38ff0iGvBdQhxiDKGw7ecsvwj85');
INSERT INTO "user_terms" VALUES('ليلى الحسن','user_38ff0iGvBdQhxiDKGw7ecsvwj85');
INSERT INTO "user_terms" VALUES('晓明','user_34GgnbnjiKSWY3UaqalY5zRagbf');
INSERT INTO "user_terms" VALUES('晓明 陈','user_34GgnbnjiKSWY3UaqalY5zRagbf');
INSERT INTO "user_terms" VALUES('陈','user_34GgnbnjiKSWY3UaqalY5zRagbf');
CREATE TABLE users (
    clerk_id            TEXT    NOT NULL PRIMARY KEY,
    external_id         TEXT,
    username            TEXT,
    first_name          TEXT,
    last_name           TEXT,
    email               TEXT,
    email_verified      INTEGER,
    phone_number        TEXT,
    image               TEXT,
    banned              INTEGER,
    locked              INTEGER,
    password_enabled    INTEGER,
    two_factor_enabled  INTEGER,
    public_metadata     TEXT,
    private_metadata    TEXT,
    unsafe_metadata     TEXT,
    last_sign_in_at     INTEGER,
    last_active_at      INTEGER,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    -- The terms by which the user is found, each on a line.
    search              TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
, field_versions TEXT) STRICT;
INSERT INTO "users" VALUES('user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','example-30418','example_person','Exemplary','Person','dashboard.example@example.org',1,NULL,'https://img.clerk.com/example-person',NULL,NULL,1,0,'{}',NULL,'{}',1660728104308,NULL,1660728104308,1660728395308,NULL,'dashboard.example@example.org
example_person
exemplary
exemplary person
person',1660728395308,1660728395000,'msg_00000005f109934da2c115021e0','{"banned":null,"enterprise_accounts":null,"last_active_at":null,"locked":null,"passkeys":null}');
INSERT INTO "users" VALUES('user_338aXdAjzC5JhXnA8Yg61FLD67N',NULL,NULL,'Wanda','Kowalska','wanda.kowalska@example.org',1,'+12025550188','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMzOGFYZEFqekM1SmhYbkE4WWc2MUZMRDY3TiIsImluaXRpYWxzIjoiV0sifQ',0,0,1,1,'{}','{"kyc_reference":"pvt-wanda-kyc-d04f6e17"}','{}',1771603587140,1771603681787,1758701193695,1771603682140,NULL,'kowalska
wanda
wanda kowalska
wanda.kowalska@example.org',1771603682140,1771603682165,'msg_00000009ec69d51b8e63fab0994',NULL);
INSERT INTO "users" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m',NULL,'htremblay','Hugo','Tremblay','hugo.tremblay@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM2RFVhSU52bnFGbVNTVkJWTkRNY2hJWnUybSIsImluaXRpYWxzIjoiSFQifQ',0,0,1,0,'{}','{}','{}',1767556071338,1767556970666,1764540697760,1767556971338,NULL,'htremblay
hugo
hugo tremblay
hugo.tremblay@example.com
tremblay',1767556971338,1767556971358,'msg_0000000f2fa682ce48b935cf134',NULL);
INSERT INTO "users" VALUES('user_36PEfVrDg36HXmfToITHewezGMR',NULL,'meitanaka','Mei','Tanaka','mei.tanaka@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM2UEVmVnJEZzM2SFhtZlRvSVRIZXdlekdNUiIsImluaXRpYWxzIjoiTVQifQ',0,0,1,0,'{"theme":"dark"}','{"beta_group":"pvt-mei-beta-2b84d6fa"}','{}',1769922600031,1769922992938,1764899909833,1769922993747,NULL,'mei
mei tanaka
mei.tanaka@example.org
meitanaka
tanaka',1769922993747,1769922993779,'msg_0000000b3533ae892b68bed059f',NULL);
INSERT INTO "users" VALUES('user_3743aOgv7ht0NyQbmDZviDmSk6i','customer-8812','abel-tb','Abel','Tesfaye-Berg','abel@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM3NDNhT2d2N2h0ME55UWJtRFp2aURtU2s2aSIsImluaXRpYWxzIjoiQVQifQ',0,0,1,0,'{"address_book":{"labels":["work","家","☕"],"shared":true},"flags":{"beta":true,"ratio":0.25,"seats":12},"nothing":null,"plan":"team"}','{"billing":{"customer":"pvt-abel-billing-0e5bd917","history":[{"invoice":"pvt-abel-inv-1-66c2f40a"},{"invoice":"pvt-abel-inv-2-9de83b71"}]},"note":"pvt-abel-note-52a7c08f","tags":["pvt-abel-tag-e4419d63","pvt-abel-tag-a08c75d2"]}','{"onboarding":{"answers":[{"q":1,"text":"\"quoted\" \\ back\tslash"},{"q":2,"text":"emoji 🚀 and ü"}],"step":3},"tour_seen":false}',1778180468740,1778180556539,1766148578273,1778180556740,NULL,'abel
abel tesfaye-berg
abel-tb
abel@example.org
tesfaye-berg',1778180556740,1778180556790,'msg_0000000b50b123117b591186d27',NULL);
INSERT INTO "users" VALUES('user_2NuFHsoBxKAHmFhQpDyC3aV39cd',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'',NULL);
INSERT INTO "users" VALUES('user_320baXCrFWSBAuWrM5OaGaPKeBY',NULL,NULL,'Xavier','Dubois','xavier.dubois@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMyMGJhWENyRldTQkF1V3JNNU9hR2FQS2VCWSIsImluaXRpYWxzIjoiWEQifQ',1,0,1,0,'{}','{"abuse_case":"pvt-xavier-case-6a19f2c8"}','{}',1772661676040,1772712767479,1756560500137,1772712767911,NULL,'dubois
xavier
xavier dubois
xavier.dubois@example.com',1772712767911,1772712767947,'msg_0000000d822709e64d22376d3e8',NULL);
INSERT INTO "users" VALUES('user_39AP4Gsg3uJeTxKOEQtOgN6CqVE',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1783338309523,NULL,0,0,'',NULL);
INSERT INTO "users" VALUES('user_3Ea4x0UXljtd7bK7quj6WiuCiHG',NULL,NULL,'Quentin','Marchand','studio.marin@example.org',0,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNFYTR4MFVYbGp0ZDdiSzdxdWo2V2l1Q2lIRyIsImluaXRpYWxzIjoiUU0ifQ',0,0,1,0,'{}','{}','{}',NULL,1780403587516,1780403588356,1780403588371,NULL,'marchand
quentin
quentin marchand
studio.marin@example.org',1780403588371,1780403588426,'msg_0000000975b7514d321a5985c27',NULL);
INSERT INTO "users" VALUES('user_2N0glkB72Y9aalKFWSIIn40lqem',NULL,NULL,'Bettina','Krämer','bettina.kraemer@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJwZjhXZHJkZXE2ZWtvMU5YMENnQ2IifQ',NULL,NULL,0,0,'{}','{}','{}',NULL,NULL,1678806566535,1678806566564,NULL,'bettina
bettina kramer
bettina.kraemer@example.com
kramer',1678806566564,0,'msg_0000000e86679535fd9f352fe36','{"banned":null,"enterprise_accounts":null,"last_active_at":null,"locked":null,"passkeys":null}');
INSERT INTO "users" VALUES('user_2xOocFfUQreMgh25uKw2PqdKL6m',NULL,NULL,'Inês','Carvalho','ines.carvalho@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJ4T29jRmZVUXJlTWdoMjV1S3cyUHFkS0w2bSIsImluaXRpYWxzIjoiSUMifQ',0,0,1,0,'{"newsletter":true}','{"import_batch":"pvt-ines-batch-e1906f3d"}','{}',1751131840007,1751131868563,1747818558302,1751131869012,NULL,'carvalho
ines
ines carvalho
ines.carvalho@example.org',1751131869012,1751131869024,'msg_0000000d701ee5d28a38fc45c28',NULL);
INSERT INTO "users" VALUES('user_34fd8bU4BDC7JRUotiPdixb6CN6',NULL,'kenjimori','Kenji','Mori',NULL,NULL,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM0ZmQ4YlU0QkRDN0pSVW90aVBkaXhiNkNONiIsImluaXRpYWxzIjoiS00ifQ',0,NULL,NULL,NULL,NULL,NULL,NULL,1768255394557,1761608401416,1761608401684,NULL,NULL,'kenji
kenji mori
kenjimori
mori',0,1768255394648,'msg_0000000d7e7775a1ba4637f3a3e','{"email":null,"enterprise_accounts":null,"external_accounts":null,"external_id":null,"locked":null,"passkeys":null,"password_enabled":null,"phone_number":null,"phone_numbers":null,"private_metadata":null,"public_metadata":null,"two_factor_enabled":null,"unsafe_metadata":null,"updated_at":null,"web3_wallets":null}');
INSERT INTO "users" VALUES('user_3Bg1XxC0rz3SSgpnDhDmObMBkZO',NULL,'viktor',NULL,NULL,'viktor@example.net',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNCZzFYeEMwcnozU1NncG5EaERtT2JNQmtaTyIsImluaXRpYWxzIjoiIn0',0,0,1,0,'{}','{}','{}',1776156268959,1776156269890,1774895942506,1776156270159,NULL,'viktor
viktor@example.net',1776156270159,1776156270189,'msg_00000009a606989206294f83fac',NULL);
INSERT INTO "users" VALUES('user_3C7POr5yh7uNq5jPhUY5qhhGESA',NULL,NULL,'Kofi','Mensah',NULL,NULL,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNDN1BPcjV5aDd1TnE1alBoVVk1cWhoR0VTQSIsImluaXRpYWxzIjoiS00ifQ',0,0,0,0,'{}','{}','{}',1777124130518,1777124180088,1775733605071,1777124180518,NULL,'kofi
kofi mensah
mensah',1777124180518,1777124180574,'msg_0000000e380ac2b45aa972e5f56',NULL);
INSERT INTO "users" VALUES('user_3Dt8gTriVnklsJiq25r9BO3SFDs',NULL,NULL,'Nadia','Rahman','nadia.rahman@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNEdDhnVHJpVm5rbHNKaXEyNXI5Qk8zU0ZEcyIsImluaXRpYWxzIjoiTlIifQ',0,0,0,0,'{}','{"cost_center":"pvt-nadia-cost-87c2e05b"}','{}',NULL,1779090115397,1779090116190,1779090116217,NULL,'nadia
nadia rahman
nadia.rahman@example.org
rahman',1779090116217,1779090116243,'msg_000000010fd69f095c4e8aa8747',NULL);
INSERT INTO "users" VALUES('user_3EWsBvOkEkLrJLYjnqOM2ThIRRG',NULL,'rosamarin','Rosa','Marín','studio.marin@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNFV3NCdk9rRWtMckpMWWpucU9NMlRoSVJSRyIsImluaXRpYWxzIjoiUk0ifQ',0,0,1,0,'{"role":"editor"}','{"contract":{"number":"pvt-rosa-contract-3c6f90","signed_by":"pvt-rosa-signer-b71e48"}}','{}',NULL,1780305527492,1780305527612,1780305527627,NULL,'marin
rosa
rosa marin
rosamarin
studio.marin@example.org',1780305527627,1780305527676,'msg_0000000f9cc2a049cf8e4f915ea',NULL);
INSERT INTO "users" VALUES('user_3ChygTQUzbw6diTQ5X4eiNeWmdN','directory-50317',NULL,'Zane','Muller','zane.muller@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNDaHlnVFFVemJ3NmRpVFE1WDRlaU5lV21kTiIsImluaXRpYWxzIjoiWk0ifQ',0,0,0,0,'{}','{}','{}',NULL,NULL,1776852207448,1782885603217,NULL,'muller
zane
zane muller
zane.muller@example.org',1782885603217,1782885603241,'msg_00000008f2afa428d79345085ea',NULL);
INSERT INTO "users" VALUES('user_3DFVKjDyEU8wpgZH1jXaiwMKO1k',NULL,'farahreid','Farah','Haddad-Reid','farah.haddad@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNERlZLakR5RVU4d3BnWkgxalhhaXdNS08xayIsImluaXRpYWxzIjoiRkgifQ',0,0,1,0,'{}','{}','{}',1779268202877,1779268461658,1777877742919,1779268462305,NULL,'farah
farah haddad-reid
farah.haddad@example.com
farahreid
haddad-reid',1779268462305,1779268462329,'msg_0000000cc66d4ba412bd178296f',NULL);
INSERT INTO "users" VALUES('user_30VmkKjT7Vwydgrxxu1uTsOktKf',NULL,NULL,'Priya','Nair','priya.nair@example.net',0,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMwVm1rS2pUN1Z3eWRncnh4dTF1VHNPa3RLZiIsImluaXRpYWxzIjoiUE4ifQ',0,0,1,0,'{}','{}','{}',NULL,1753721255203,1753721255925,1753721255940,NULL,'nair
priya
priya nair
priya.nair@example.net',1753721255940,1753721255962,'msg_0000000ae8b8bb51724c0b5120b',NULL);
INSERT INTO "users" VALUES('user_32MNqVkqbGl4THdF7YL1xCQvRAO',NULL,NULL,'Дмитрий','Соколов','d.sokolov@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMyTU5xVmtxYkdsNFRIZEY3WUwxeENRdlJBTyIsImluaXRpYWxzIjoiIn0',0,0,0,0,'{}','{"segment":"pvt-dmitri-seg-c58e11b4"}','{}',NULL,1757226672428,1757226672877,1757226672895,NULL,'d.sokolov@example.org
дмитрии
дмитрии соколов
соколов',1757226672895,1757226672942,'msg_00000000ec7cdcd5751bf5083d2',NULL);
INSERT INTO "users" VALUES('user_37yhFMmnyFfWu0M51Qk7xKnftAE',NULL,'olu.adeyemi','Olu','Adeyemi',NULL,NULL,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM3eWhGTW1ueUZmV3UwTTUxUWs3eEtuZnRBRSIsImluaXRpYWxzIjoiT0EifQ',0,0,1,0,'{}','{}','{}',NULL,1767881112826,1767881113467,1767881113482,NULL,'adeyemi
olu
olu adeyemi
olu.adeyemi',1767881113482,1767881113498,'msg_000000040d407bf67db4f0ac388',NULL);
INSERT INTO "users" VALUES('user_39X4xl5cLwaX28PrdcnpFAUmypx',NULL,NULL,'Bruno','Almeida','bruno.almeida@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalpDa3BHSDh0MERtcFJ3MmNkNkRmdTIifQ',0,0,0,0,'{}','{"risk":"pvt-bruno-risk-41ab07ce"}','{}',NULL,1770829329211,1770829329633,1770829329655,NULL,'almeida
bruno
bruno almeida
bruno.almeida@example.com',1770829329655,1770829329713,'msg_000000023633036bb3ceae80854',NULL);
INSERT INTO "users" VALUES('user_3ANiGIMkz6X8D1IC9ErUqJgRk2F',NULL,'ada_okafor','Ada','Okafor','ada.okafor@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBTmlHSU1rejZYOEQxSUM5RXJVcUpnUmsyRiIsImluaXRpYWxzIjoiQU8ifQ',0,0,1,0,'{"plan":"free"}','{"crm_note":"pvt-ada-crm-9f2c71d0"}','{}',1772439331244,1773081852565,1772439331204,1773081852660,NULL,'ada
ada okafor
ada.okafor@example.com
ada_okafor
okafor',1773081852660,1773081852680,'msg_00000004bc74033277e555ca5c6',NULL);
INSERT INTO "users" VALUES('user_3ENmKZo9mKCw4HNxF0htSTxRjKs',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'',NULL);
INSERT INTO "users" VALUES('user_33WdKfszOekBWXW7QRXdrh8x508',NULL,NULL,'Sam','Whitfield','sam.whitfield@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMzV2RLZnN6T2VrQldYVzdRUlhkcmg4eDUwOCIsImluaXRpYWxzIjoiU1cifQ',0,0,1,0,'{}','{}','{}',1769434158092,1769441357765,1759436699748,1769441358092,NULL,'sam
sam whitfield
sam.whitfield@example.com
whitfield',1769441358092,1769441358138,'msg_0000000474ffa0d92239197b367',NULL);
INSERT INTO "users" VALUES('user_34GgnbnjiKSWY3UaqalY5zRagbf',NULL,'chen-xm','晓明','陈','xiaoming.chen@example.net',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEalhYUXJncWF4aVVlUVhZcjVIQXR6RUIifQ',0,0,0,0,'{}','{}','{}',NULL,1760845489686,1760845490118,1760845490143,NULL,'chen-xm
xiaoming.chen@example.net
晓明
晓明 陈
陈',1760845490143,1760845490194,'msg_00000008f1fd08c6f8bf949bfd8',NULL);
INSERT INTO "users" VALUES('user_35KWvGGYjg1NWoH7YDT3lY8ASFw',NULL,'tnovak','Tomáš','Novák','tomas.novak@example.net',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM1S1d2R0dZamcxTldvSDdZRFQzbFk4QVNGdyIsImluaXRpYWxzIjoiVE4ifQ',0,0,1,0,'{}','{}','{}',1768414697330,1769759712327,1762859471111,1768415030330,NULL,'novak
tnovak
tomas
tomas novak
tomas.novak@example.net',1769759712841,1769759712841,'msg_0000000a4a5344082d756ac0c47','{"updated_at":[1768415030330,1768415030364,"msg_000000084496ca21a69b9b754c5"]}');
INSERT INTO "users" VALUES('user_2rfTF8P3Cf1zjl92u9aNy4VJjau',NULL,NULL,'Greta','Holm','greta.holm@example.com',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJyZlRGOFAzQ2YxempsOTJ1OWFOeTRWSmphdSIsImluaXRpYWxzIjoiR0gifQ',0,0,0,0,'{}','{}','{}',NULL,1736949021845,1736949022415,1736949022434,NULL,'greta
greta holm
greta.holm@example.com
holm',1736949022434,1736949022475,'msg_00000006cc41efff5463692a38e',NULL);
INSERT INTO "users" VALUES('user_2y0IKh2dgvr6dwjLUFUwGYPv1vB',NULL,NULL,'Jonas','Weiß','jonas.weiss@example.net',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJ5MElLaDJkZ3ZyNmR3akxVRlV3R1lQdjF2QiIsImluaXRpYWxzIjoiSlcifQ',0,0,1,0,'{}','{}','{}',1751457481002,1751457659342,1748965001589,1751457659650,NULL,'jonas
jonas weiß
jonas.weiss@example.net
weiß',1751457659650,0,'msg_0000000e5afce03c9911aa15d99',NULL);
INSERT INTO "users" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i',NULL,'zoefox','Zoë 🦊','Lindqvist 🌊','zoe.lindqvist@example.net',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMxSDNaRExrNnExVlFjWXFzbFBGYnAzSlU4aSIsImluaXRpYWxzIjoiWkwifQ',0,0,1,0,'{}','{"support_tier":"pvt-zoe-tier-70d3aa92"}','{}',1775122251890,1775892048537,1755167223940,1775892049056,NULL,'lindqvist 🌊
zoe 🦊
zoe 🦊 lindqvist 🌊
zoe.lindqvist@example.net
zoefox',1775892049056,1775892049092,'msg_0000000d118718dc8d76ea32c9b',NULL);
INSERT INTO "users" VALUES('user_392VhowPHWsDFoqy4THLEMQQXlM',NULL,NULL,'Yara','Benali','yara.benali@example.net',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM5MlZob3dQSFdzREZvcXk0VEhMRU1RUVhsTSIsImluaXRpYWxzIjoiWUIifQ',0,1,1,0,'{}','{}','{}',1770672065388,1770681064867,1769894274812,1770681065388,NULL,'benali
yara
yara benali
yara.benali@example.net',1770681065388,1770681065446,'msg_0000000b0191f3a9027011fbb12',NULL);
INSERT INTO "users" VALUES('user_38ff0iGvBdQhxiDKGw7ecsvwj85',NULL,NULL,'ليلى','الحسن',NULL,NULL,'+12025550143','https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM4ZmYwaUd2QmRRaHhpREtHdzdlY3N2d2o4NSIsImluaXRpYWxzIjoiIn0',0,0,0,0,'{}','{}','{}',NULL,1769195324020,1769195324051,1769195324066,NULL,'الحسن
ليلى
ليلى الحسن',1769195324066,1769195324091,'msg_00000002b1097e8e7d1674efee7',NULL);
INSERT INTO "users" VALUES('user_3AExTGRXJeAWUlgURxbzae5svBr',NULL,NULL,'Uma','Krishnan','uma.krishnan@example.org',1,NULL,'https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBRXhUR1JYSmVBV1VsZ1VSeGJ6YWU1c3ZCciIsImluaXRpYWxzIjoiVUsifQ',0,0,1,0,'{}','{}','{}',1773808167000,1773808226000,1772171536000,1773808227000,NULL,'krishnan
uma
uma krishnan
uma.krishnan@example.org',1773808227000,1773808227000,'msg_00000000c901d57ebdf81080a34',NULL);
INSERT INTO "users" VALUES('user_2uR5ASc9tcgwm5EHAWugddLxhHi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1781947844118,NULL,0,0,'',NULL);
INSERT INTO "users" VALUES('user_2DqosZb0otAO9utyQs4CNca1EEm',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1778580007000,NULL,0,0,'',NULL);
CREATE TABLE verifications (
    user_id    TEXT NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    id         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    identifier TEXT,
    status     TEXT,
    strategy   TEXT,
    attempts   INTEGER,
    expires_at INTEGER,
    created_at INTEGER,
    updated_at INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "verifications" VALUES('user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','idn_2DTfgEk4R8LMz39EaeFlWPInZ7X','email','dashboard.example@example.org','verified','ticket',NULL,NULL,NULL,NULL);
INSERT INTO "verifications" VALUES('user_2N0glkB72Y9aalKFWSIIn40lqem','idn_2N0glaTkeyc48EkSuRDru2IXPzr','email','bettina.kraemer@example.com','verified','from_oauth_google',NULL,NULL,NULL,NULL);
INSERT INTO "verifications" VALUES('user_2N0glkB72Y9aalKFWSIIn40lqem','idn_2N0gldcRCrsyhOyl0xXxECOLGcG','external_account','bettina.kraemer@example.com','verified','oauth_google',NULL,1678807156535,NULL,NULL);
INSERT INTO "verifications" VALUES('user_2rfTF8P3Cf1zjl92u9aNy4VJjau','idn_2rfTF2mXd1AzfSK7HflJ7Fkl8n7','external_account','greta.holm@example.com','verified','oauth_google',NULL,1736949616415,1736949022013,1736949022013);
INSERT INTO "verifications" VALUES('user_2rfTF8P3Cf1zjl92u9aNy4VJjau','idn_2rfTF85Y3Y1p9gyGvaLwpbsrPuw','email','greta.holm@example.com','verified','from_oauth_google',NULL,NULL,1736949022000,1736949022426);
INSERT INTO "verifications" VALUES('user_2xOocFfUQreMgh25uKw2PqdKL6m','eac_2yOpAzN2dxzhJNJTkRKacNOqfjd','external_account','ines.carvalho@example.org','unverified',NULL,NULL,NULL,1749715334451,1749715334451);
INSERT INTO "verifications" VALUES('user_2xOocFfUQreMgh25uKw2PqdKL6m','idn_2xOoabsFYn6k98ObpbOLceBWLzU','email','ines.carvalho@example.org','verified','email_code',1,1747819144302,1747818544302,1747818558313);
INSERT INTO "verifications" VALUES('user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','eac_2yiv5ohMUOYmuD6oRrhSocmecyb','external_account','jonas.weiss@example.net','verified','oauth_gitlab',NULL,1750330621229,1750330027229,1750330027229);
INSERT INTO "verifications" VALUES('user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','idn_2y0IIwdnmlzTVzbRfxI6eI1t8AG','email','jonas.weiss@example.net','verified','email_code',1,1748965587589,1748964987589,1748965001600);
INSERT INTO "verifications" VALUES('user_30VmkKjT7Vwydgrxxu1uTsOktKf','idn_30VmkKaE2Qbzf6GdW4x6IPUKmPz','email','priya.nair@example.net','unverified',NULL,NULL,NULL,1753721255795,1753721255936);
INSERT INTO "verifications" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','eac_31JsgouV6H39Wi6eXmszPAtBHQe','external_account','zoe.lindqvist@example.net','verified','oauth_google',NULL,1755254217940,1755253623940,1755253623940);
INSERT INTO "verifications" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','eac_3BnQAgFrFY8XtJMz2NXXydScplJ','external_account','zoe.work@example.net','verified','oauth_google',NULL,1775122806040,1775122212040,1775122212040);
INSERT INTO "verifications" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','eac_3BnSt3FLGHm0wVFB1np9WZ4Ss51','external_account','zoe.work@example.net','verified','oauth_linkedin_oidc',NULL,1775124145877,1775123551877,1775123551877);
INSERT INTO "verifications" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','idn_31H3XTBa7xMt9xDMkLXQLb0BmQX','email','zoe.lindqvist@example.net','verified','email_code',1,1755167809940,1755167209940,1755167223951);
INSERT INTO "verifications" VALUES('user_31H3ZDLk6q1VQcYqslPFbp3JU8i','idn_3BnQAf1ogHuAcxMFYwHEolubDtZ','email','zoe.work@example.net','verified','from_oauth_google',NULL,NULL,1775122212031,1775122247820);
INSERT INTO "verifications" VALUES('user_320baXCrFWSBAuWrM5OaGaPKeBY','idn_320bYogZgCFkvy9aWY6gYPYaHk4','email','xavier.dubois@example.com','verified','email_code',1,1756561086137,1756560486137,1756560500148);
INSERT INTO "verifications" VALUES('user_32MNqVkqbGl4THdF7YL1xCQvRAO','eac_32MNqWvtrWFsqUjgkJYqWfYYfPk','external_account','d.sokolov@example.org','verified','oauth_facebook',NULL,1757227266367,1757226672367,1757226672367);
INSERT INTO "verifications" VALUES('user_32MNqVkqbGl4THdF7YL1xCQvRAO','idn_32MNqY7k59s7DzB3r2ESMvxE20n','email','d.sokolov@example.org','verified','from_oauth_facebook',NULL,NULL,1757226672355,1757226672888);
INSERT INTO "verifications" VALUES('user_338aXdAjzC5JhXnA8Yg61FLD67N','idn_338aVqokjW2V6bE8UzDtj3ofAmG','email','wanda.kowalska@example.org','verified','email_code',1,1758701779695,1758701179695,1758701193706);
INSERT INTO "verifications" VALUES('user_338aXdAjzC5JhXnA8Yg61FLD67N','idn_39kJFnTEkqGkrfS68wPdiJpSKF5','phone','+12025550188','verified','phone_code',1,1771234633803,1771234033803,1771234039214);
INSERT INTO "verifications" VALUES('user_33WdKfszOekBWXW7QRXdrh8x508','idn_33WdIzNqSD0jvesNRNOfPV7oTD0','email','sam.whitfield@example.com','verified','email_code',1,1759437285748,1759436685748,1759436699759);
INSERT INTO "verifications" VALUES('user_33WdKfszOekBWXW7QRXdrh8x508','idn_38nWkVIh1MzHpb9BNOavIKB5n6m','email','sam.expired@example.com','expired','email_link',NULL,1769436558092,1769435958092,1769435997851);
INSERT INTO "verifications" VALUES('user_33WdKfszOekBWXW7QRXdrh8x508','idn_38nfGMdYWt6GvrHlBdxC7VQb3mU','email','sam.failed@example.com','failed','email_code',3,1769440758092,1769440158092,1769440187358);
INSERT INTO "verifications" VALUES('user_34GgnbnjiKSWY3UaqalY5zRagbf','eac_34GgnaV68tOBsuhJmaDBWp0UgXw','external_account','xiaoming.chen@example.net','verified','oauth_github',NULL,1760846083738,1760845489738,1760845489738);
INSERT INTO "verifications" VALUES('user_34GgnbnjiKSWY3UaqalY5zRagbf','idn_34GgnUVb5v5NvEgduuTkfOEDwzf','email','xiaoming.chen@example.net','verified','from_oauth_github',NULL,NULL,1760845489726,1760845490129);
INSERT INTO "verifications" VALUES('user_34fd8bU4BDC7JRUotiPdixb6CN6','idn_34fd8eItqo4LzXO47TvuR3nvnJ1','email','kenji.mori@example.org','verified','admin',NULL,NULL,1761608401584,1761608407346);
INSERT INTO "verifications" VALUES('user_35KWvGGYjg1NWoH7YDT3lY8ASFw','idn_35KWtNfsMdcthrWQQTXePS8sNcK','email','tomas.novak@example.com','verified','email_code',1,1762860057111,1762859457111,1762859471122);
INSERT INTO "verifications" VALUES('user_35KWvGGYjg1NWoH7YDT3lY8ASFw','idn_38G8zHadCCtmEmTe0OHORDK9QcN','email','tomas.novak@example.net','verified','email_code',1,1768415407415,1768414807415,1768414838814);
INSERT INTO "verifications" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m','eac_37o4wwJ66jnVoNpp8xpHIT5MHD5','external_account',NULL,'expired','oauth_github',NULL,1767556931338,1767556331338,1767556331338);
INSERT INTO "verifications" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m','eac_37o6FN98TEOSlU2afg3ZumbDPYU','external_account',NULL,'unverified','oauth_discord',NULL,1767557551338,1767556971316,1767556971316);
INSERT INTO "verifications" VALUES('user_36DUaINvnqFmSSVBVNDMchIZu2m','idn_36DUYXpu32WTKmfdDS0qVKk0wck','email','hugo.tremblay@example.com','verified','email_code',1,1764541283760,1764540683760,1764540697771);
INSERT INTO "verifications" VALUES('user_36PEfVrDg36HXmfToITHewezGMR','idn_36PEdnigNZjX9fEVGLN3zPXWLKm','email','mei.tanaka@example.org','verified','email_code',1,1764900495833,1764899895833,1764899909844);
INSERT INTO "verifications" VALUES('user_36PEfVrDg36HXmfToITHewezGMR','idn_38Mm9tYWncFKf2SOjP2BEbaGsXQ','passkey','iCloud Keychain','verified','passkey',1,1768618258264,NULL,NULL);
INSERT INTO "verifications" VALUES('user_3743aOgv7ht0NyQbmDZviDmSk6i','idn_3743YchLVRJHqGpgPgJ7YrIbvkC','email','abel@example.org','verified','email_code',1,1766149164273,1766148564273,1766148578284);
INSERT INTO "verifications" VALUES('user_38ff0iGvBdQhxiDKGw7ecsvwj85','idn_38feybDHS1Yw4CWfu580NNkIU8P','phone','+12025550143','verified','phone_code',1,1769195907851,1769195307851,1769195324060);
INSERT INTO "verifications" VALUES('user_392VhowPHWsDFoqy4THLEMQQXlM','idn_392Vg6REU6QXuyb15oUkq1FVVC0','email','yara.benali@example.net','verified','email_code',1,1769894860812,1769894260812,1769894274823);
INSERT INTO "verifications" VALUES('user_39X4xl5cLwaX28PrdcnpFAUmypx','eac_39X4xfTknJKxn5wd7bGIfTn2OQH','external_account','bruno.almeida@example.com','verified','oauth_google',NULL,1770829923213,1770829329213,1770829329213);
INSERT INTO "verifications" VALUES('user_39X4xl5cLwaX28PrdcnpFAUmypx','idn_39X4xj6lzSaMWo6hv4cGWFZug4w','email','bruno.almeida@example.com','verified','from_oauth_google',NULL,NULL,1770829329202,1770829329644);
INSERT INTO "verifications" VALUES('user_3AExTGRXJeAWUlgURxbzae5svBr','idn_3AExRW2MJGstAtQKHAds440e9So','email','uma.krishnan@example.org','verified','email_code',1,1772172122000,1772171522000,1772171536000);
INSERT INTO "verifications" VALUES('user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','eac_3AiiaEnj91m2gtTDZ92qqfQfyGA','external_account','ada.okafor@example.com','verified','oauth_google',NULL,1773082446646,1773081852646,1773081852646);
INSERT INTO "verifications" VALUES('user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','idn_3ANiEYFFFMhnbAQgjclFD82RTi8','email','ada.okafor@example.com','verified','email_code',1,1772439917204,1772439317204,1772439331215);
INSERT INTO "verifications" VALUES('user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','eac_3CLE5s56WAnSTHp2Kr5avFsYUKr','external_account','viktor@example.net','verified','oauth_github',NULL,1776156863759,1776156269759,1776156269759);
INSERT INTO "verifications" VALUES('user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','idn_3Bg1WD4WPuwY09XiG2bmX723bhT','email','viktor@example.net','verified','email_code',1,1774896528506,1774895928506,1774895942517);
INSERT INTO "verifications" VALUES('user_3C7POr5yh7uNq5jPhUY5qhhGESA','idn_3C7PNbHVWSswY2NkWFKhdY4mTgb','web3','0x7f3c71d1901151e202a33a273be130078e9f353a','verified','web3_metamask_signature',1,1775734195071,1775733595971,1775733597404);
INSERT INTO "verifications" VALUES('user_3C7POr5yh7uNq5jPhUY5qhhGESA','idn_3Cqrwf1U15zTcFjJJwAGohDFZrn','web3','0x19be82c3c6293edf07de96a0f5427a9e4fdcb8f6','unverified','web3_coinbase_wallet_signature',0,1777124770518,1777124180485,1777124180498);
INSERT INTO "verifications" VALUES('user_3ChygTQUzbw6diTQ5X4eiNeWmdN','idn_3Chyejs9AW1FMz2yNeYzeNBBlQF','email','zane.muller@example.org','verified','scim',NULL,NULL,1776852193448,1776852207459);
INSERT INTO "verifications" VALUES('user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','idn_3DFVIvd8X0lKqEoQ0A9uNadyuMq','email','farah.haddad@example.com','verified','email_code',1,1777878328919,1777877728919,1777877742930);
INSERT INTO "verifications" VALUES('user_3Dt8gTriVnklsJiq25r9BO3SFDs','entacc_3Dt8gKnGE81k5ODPDRozaXTTbT3','enterprise_account','nadia.rahman@example.org','verified','saml',NULL,1779090706190,NULL,NULL);
INSERT INTO "verifications" VALUES('user_3Dt8gTriVnklsJiq25r9BO3SFDs','idn_3Dt8gQCvsxUdrHZAlBb9ApnJipG','email','nadia.rahman@example.org','verified','saml',NULL,NULL,1779090115878,1779090116201);
INSERT INTO "verifications" VALUES('user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','idn_3EWsAD3yIUdtYOqikXlt2gJrKLO','email','studio.marin@example.org','verified','email_code',1,1780306113612,1780305513612,1780305527623);
INSERT INTO "verifications" VALUES('user_3Ea4x0UXljtd7bK7quj6WiuCiHG','idn_3Ea4wyVdHYFwASeCMO6FUWqlmTg','email','studio.marin@example.org','unverified',NULL,NULL,NULL,1780403588216,1780403588367);
CREATE TABLE waitlist_entries (
    id                  TEXT    NOT NULL PRIMARY KEY,
    email               TEXT,
    -- An open set.
    status              TEXT,
    invitation_id       TEXT,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO "waitlist_entries" VALUES('wle_3FEH5kzrzj3GlYqxe0QaVe07F1p','waiting@example.net','invited','inv_3FJvLA9pkAsafywpmyKQuWF7O1v',1781633127900,1781805927900,NULL,NULL,1781805927900,1781805927951,'msg_00000006337fa02f132d1c6cc00');
INSERT INTO "waitlist_entries" VALUES('wle_3FUKRaXy5mzQoWDoVNtq8YqvdOc','locked.out@example.net','pending',NULL,1782124200250,1782124200250,NULL,NULL,1782124200250,1782124200264,'msg_0000000acb5a5885b109875807c');
INSERT INTO "waitlist_entries" VALUES('wle_3FZZ9b55JWW30Bh7jEI8eEbcP18','curious@example.net','pending',NULL,1782284400600,1782284400600,NULL,NULL,1782284400600,1782284400614,'msg_0000000cdf3fed3d7c84e9e1879');
INSERT INTO "waitlist_entries" VALUES('wle_3FcOHDOgAnkkuuqNI5H7UUUG1Yw','patient@example.org','pending',NULL,1782370800000,1782370800000,NULL,'{"invitation_id":null}',1782370800000,1782370800000,'msg_0000000cec494b108818e4378b0');
INSERT INTO "waitlist_entries" VALUES('wle_39vYR9Hx3RfMJg7ZZAm5yc3iO5r','uma.krishnan@example.org','completed','inv_3ACVB8pZlqyFjUAVraldIWZ4U9k',1771578000111,1772171536400,NULL,NULL,1772171536400,1772171536414,'msg_000000052f11342df359fa9cb19');
INSERT INTO "waitlist_entries" VALUES('wle_3FTuuAmUHFatlW8biQB5qzfhGxr','rejected@example.net','rejected',NULL,1782111600500,1782198000500,NULL,NULL,1782198000500,1782198000514,'msg_0000000a05686fdc3d92df618db');
CREATE TABLE webhook_events (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    type        TEXT,
    subject     TEXT,
    object_id   TEXT,
    instance_id TEXT,
    payload     TEXT,
    decision    TEXT    NOT NULL,
    reason      TEXT,
    secret      TEXT,
    occurred_at INTEGER,
    received_at INTEGER NOT NULL
, dismissed_decision TEXT, dismissed_by TEXT, dismissed_at INTEGER, organization_id TEXT, object_kind TEXT, operation TEXT, source TEXT) STRICT;
INSERT INTO "webhook_events" VALUES(1,'msg_0000000c7a60c3a5cafdab75ef5','email.created',NULL,'ema_3Ecbmf7s5bgRIqM7Uwec6qN0TYx','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"id":"ema_3Ecbmf7s5bgRIqM7Uwec6qN0TYx","object":"email","status":"queued"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780480964390,"type":"email.created"}','ignored',NULL,'development',1780480964390,1796093657887,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(2,'msg_0000000fc3ccbfc5f191e7b9feb','email.created','user_33WdKfszOekBWXW7QRXdrh8x508','ema_38kiw0Ae9g6Wrc0dxglQmbgBy8a','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"email_address_id":"idn_33WdIzNqSD0jvesNRNOfPV7oTD0","id":"ema_38kiw0Ae9g6Wrc0dxglQmbgBy8a","object":"email","status":"queued","user_id":"user_33WdKfszOekBWXW7QRXdrh8x508"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769350203081,"type":"email.created"}','ignored',NULL,'development',1769350203081,1796093657887,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(3,'msg_00000009f1f855da15e409cc733','invitation.created',NULL,'inv_3FIuebS4RmzjMQhdjij2mqodXYz','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1781775000145,"id":"inv_3FIuebS4RmzjMQhdjij2mqodXYz","object":"invitation","status":"pending","updated_at":1781775000145},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781775000158,"type":"invitation.created"}','ignored',NULL,'development',1781775000158,1796093657888,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(4,'msg_000000092c5f75b8baef17ac0ab','email.created','user_33WdKfszOekBWXW7QRXdrh8x508','ema_38nWkX7ndevk0sFDCGb1WqAHtmV','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"email_address_id":"idn_33WdIzNqSD0jvesNRNOfPV7oTD0","id":"ema_38nWkX7ndevk0sFDCGb1WqAHtmV","object":"email","status":"queued","user_id":"user_33WdKfszOekBWXW7QRXdrh8x508"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769435958044,"type":"email.created"}','ignored',NULL,'development',1769435958044,1796093657889,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(5,'msg_0000000d4ba1a304f4545aec194','notice.sent',NULL,NULL,'ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782123072131,"type":"notice.sent"}','ignored',NULL,'development',1782123072131,1796093657889,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(6,'msg_0000000eda714f269fda5ac11ed','email.created','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','ema_3ANiEalmFz6ewPqBkpfwhYUBNGd','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"email_address_id":"idn_3ANiEYFFFMhnbAQgjclFD82RTi8","id":"ema_3ANiEalmFz6ewPqBkpfwhYUBNGd","object":"email","status":"queued","user_id":"user_3ANiGIMkz6X8D1IC9ErUqJgRk2F"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1772439317604,"type":"email.created"}','ignored',NULL,'development',1772439317604,1796093657890,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(7,'msg_000000060659f7e858f27f716f7','gadget.blinked',NULL,'gadget_3FWktVlG1cAxU6Bq88JWM9TkzaL','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"id":"gadget_3FWktVlG1cAxU6Bq88JWM9TkzaL"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782198427707,"type":"gadget.blinked"}','ignored',NULL,'development',1782198427707,1796093657890,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(8,'msg_0000000eb8cdf2cd71f865ca537','organization.created',NULL,'org_39FcrUFkNTktN5ujcBQFv0FvLr2','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1770295457330,
    "created_by": "user_39AP4Gsg3uJeTxKOEQtOgN6CqVE",
    "has_image": false,
    "id": "org_39FcrUFkNTktN5ujcBQFv0FvLr2",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzlGY3JVRmtOVGt0TjV1amNCUUZ2MEZ2THIyIn0",
    "max_allowed_memberships": 5,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "Papadaki Ceramics",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "kiln": "pvt-org-ceramics-b0ec6153"
    },
    "public_metadata": {},
    "slug": "papadaki-ceramics",
    "updated_at": 1770295457330
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.201",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770295457331,
  "type": "organization.created"
}
','applied',NULL,'development',1770295457331,1796093657890,NULL,NULL,NULL,'org_39FcrUFkNTktN5ujcBQFv0FvLr2','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(9,'msg_0000000328ca573ec482071c816','organization.created',NULL,'org_2DTg8sbvtuq8KOlwh9vLbFEL58L',NULL,'{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1660728331117,
    "created_by": "user_2DTfgLJDuSaP8SfNPbe8FiQxGm0",
    "id": "org_2DTg8sbvtuq8KOlwh9vLbFEL58L",
    "image_url": "https://img.clerk.com/example-organization",
    "max_allowed_memberships": 5,
    "name": "Example Organization",
    "object": "organization",
    "private_metadata": {},
    "public_metadata": {},
    "slug": "example-organization",
    "updated_at": 1660728331117
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.1",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "object": "event",
  "timestamp": 1660728331,
  "type": "organization.created"
}
','applied',NULL,'development',1660728331000,1796093657896,NULL,NULL,NULL,'org_2DTg8sbvtuq8KOlwh9vLbFEL58L','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(10,'msg_000000094916a5ea79e1fbe66e5','organization.created',NULL,'org_2NuDYWcGbInLouK31JfZYTEsGeB',NULL,'{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1680505120212,
    "created_by": "user_2N0glkB72Y9aalKFWSIIn40lqem",
    "id": "org_2NuDYWcGbInLouK31JfZYTEsGeB",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMk51RFlXY0diSW5Mb3VLMzFKZlpZVEVzR2VCIn0",
    "logo_url": null,
    "max_allowed_memberships": 5,
    "name": "Krämer Textil",
    "object": "organization",
    "private_metadata": {},
    "public_metadata": {},
    "slug": "kraemer-textil",
    "updated_at": 1680505120212
  },
  "object": "event",
  "type": "organization.created"
}
','applied',NULL,'development',1796093657000,1796093657897,NULL,NULL,NULL,'org_2NuDYWcGbInLouK31JfZYTEsGeB','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(11,'msg_00000000536cbad2e40f2e06549','organization.created',NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1762194127495,
    "created_by": "user_32MNqVkqbGl4THdF7YL1xCQvRAO",
    "has_image": false,
    "id": "org_34ymLCx9CebJwlek3IE1Ga9NJkt",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzR5bUxDeDlDZWJKd2xlazNJRTFHYTlOSmt0In0",
    "max_allowed_memberships": 0,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "Мастерская Соколова",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "discount": "pvt-org-atelier-06b777eb"
    },
    "public_metadata": {
      "город": "Казань"
    },
    "slug": null,
    "updated_at": 1762194127495
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.40",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1762194127496,
  "type": "organization.created"
}
','applied',NULL,'development',1762194127496,1796093657897,NULL,NULL,NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(12,'msg_0000000318ec02cc7fc5c4b7f68','organization.created',NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1743573601115,1796093657901,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(13,'msg_0000000cb4e996974aadf0a9dc2','organization.created',NULL,'org_38I3B0QGNfyWb2irUGkScU4P7rk','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1768473118730,
    "created_by": "user_37yhFMmnyFfWu0M51Qk7xKnftAE",
    "has_image": false,
    "id": "org_38I3B0QGNfyWb2irUGkScU4P7rk",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhJM0IwUUdOZnlXYjJpclVHa1NjVTRQN3JrIn0",
    "max_allowed_memberships": 5,
    "missing_member_with_elevated_permissions": false,
    "name": "Adeyemi & Daughters",
    "object": "organization",
    "private_metadata": {},
    "public_metadata": {},
    "updated_at": 1768473118730
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.61",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1768473118731,
  "type": "organization.created"
}
','applied',NULL,'development',1768473118731,1796093657903,NULL,NULL,NULL,'org_38I3B0QGNfyWb2irUGkScU4P7rk','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(14,'msg_0000000c7939714352aa7217cd9','organization.created',NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1768831353070,
    "created_by": "user_3743aOgv7ht0NyQbmDZviDmSk6i",
    "has_image": false,
    "id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0",
    "max_allowed_memberships": 25,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "Riverbend",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "account_manager": "pvt-org-manager-5f1d09ab"
    },
    "public_metadata": {},
    "slug": "riverbend",
    "updated_at": 1768831353081
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.58",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1768831353120,
  "type": "organization.created"
}
','applied',NULL,'development',1768831353120,1796093657903,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(15,'msg_00000009f84ae82e2c10d2001f7','organization.deleted',NULL,'org_3EPIuUXIdPIWF5enECTZDGw7aOU','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1780171869417,1796093657904,NULL,NULL,NULL,'org_3EPIuUXIdPIWF5enECTZDGw7aOU','organization','deleted',NULL);
INSERT INTO "webhook_events" VALUES(16,'msg_000000016390b1f468faf5c4b0b','organization.deleted',NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1769997722202,1796093657904,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','organization','deleted',NULL);
INSERT INTO "webhook_events" VALUES(17,'msg_00000001368a1466f31cb191ef8','organization.updated',NULL,'org_39FcrUFkNTktN5ujcBQFv0FvLr2','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1770295457330,
    "created_by": "user_39AP4Gsg3uJeTxKOEQtOgN6CqVE",
    "has_image": false,
    "id": "org_39FcrUFkNTktN5ujcBQFv0FvLr2",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzlGY3JVRmtOVGt0TjV1amNCUUZ2MEZ2THIyIn0",
    "max_allowed_memberships": 5,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "Ceramics Cooperative",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "kiln": "pvt-org-ceramics-b0ec6153"
    },
    "public_metadata": {},
    "slug": "ceramics-cooperative",
    "updated_at": 1783413000915
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.21",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1783413000916,
  "type": "organization.updated"
}
','applied',NULL,'development',1783413000916,1796093657904,NULL,NULL,NULL,'org_39FcrUFkNTktN5ujcBQFv0FvLr2','organization','updated',NULL);
INSERT INTO "webhook_events" VALUES(18,'msg_00000005183b6dd48c63b0f30a3','organization.updated',NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'tombstoned',NULL,'development',1769997721831,1796093657907,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','organization',NULL,NULL);
INSERT INTO "webhook_events" VALUES(19,'msg_0000000f82ed307d713c5b10f86','organization.updated',NULL,'org_34JXpc8WaEt5JdBBXrfDrGmexO5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1760932831606,
    "created_by": "user_34GgnbnjiKSWY3UaqalY5zRagbf",
    "has_image": false,
    "id": "org_34JXpc8WaEt5JdBBXrfDrGmexO5",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzRKWHBjOFdhRXQ1SmRCQlhyZkRyR21leE81In0",
    "max_allowed_memberships": 5,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "陈氏茶馆",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": null,
    "public_metadata": null,
    "slug": "chen-tea",
    "updated_at": 1772332200700
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:4f2:91::c3",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772332200701,
  "type": "organization.updated"
}
','applied',NULL,'development',1772332200701,1796093657909,NULL,NULL,NULL,'org_34JXpc8WaEt5JdBBXrfDrGmexO5','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(20,'msg_0000000bee052f70fc69a9ec05a','organization.updated',NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": false,
    "created_at": 1754301312681,
    "created_by": "user_30VmkKjT7Vwydgrxxu1uTsOktKf",
    "has_image": true,
    "id": "org_30okSWQHRD8mob6ixGms1R88Oqb",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0",
    "max_allowed_memberships": 50,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "Nair Labs",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "billing": {
        "customer": "pvt-labs-billing-05b0bac1",
        "invoices": [
          {
            "number": "pvt-labs-inv-1-3feaa999"
          },
          {
            "number": "pvt-labs-inv-2-dc0ed88f"
          }
        ]
      },
      "note": "pvt-labs-note-07c86374"
    },
    "public_metadata": {
      "beta": true,
      "note": "Größe: „mittel“",
      "seats": {
        "limits": [
          5,
          50
        ],
        "used": 1
      }
    },
    "slug": "nair-labs",
    "updated_at": 1775115933280
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:a11:7::5e",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775115933281,
  "type": "organization.updated"
}
','applied',NULL,'development',1775115933281,1796093657909,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(21,'msg_00000004a5a2d97c8f6bf52c4ee','organization.updated',NULL,'org_34JXpc8WaEt5JdBBXrfDrGmexO5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1760932831606,
    "created_by": "user_34GgnbnjiKSWY3UaqalY5zRagbf",
    "has_image": false,
    "id": "org_34JXpc8WaEt5JdBBXrfDrGmexO5",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzRKWHBjOFdhRXQ1SmRCQlhyZkRyR21leE81In0",
    "max_allowed_memberships": 5,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "陈氏茶馆",
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "landlord": "pvt-org-tea-d6085bb0"
    },
    "public_metadata": {
      "分店": 2
    },
    "slug": "chen-tea",
    "updated_at": 1772332105490
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:4f2:91::c3",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772332105491,
  "type": "organization.updated"
}
','stale',NULL,'development',1772332105491,1796093657911,NULL,NULL,NULL,'org_34JXpc8WaEt5JdBBXrfDrGmexO5','organization',NULL,NULL);
INSERT INTO "webhook_events" VALUES(22,'msg_0000000f7c2b653c0ffefe0e74f','organization.updated',NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1762194127495,
    "created_by": "user_32MNqVkqbGl4THdF7YL1xCQvRAO",
    "has_image": false,
    "id": "org_34ymLCx9CebJwlek3IE1Ga9NJkt",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzR5bUxDeDlDZWJKd2xlazNJRTFHYTlOSmt0In0",
    "last_active_at": 1773046800000,
    "max_allowed_memberships": 0,
    "members_count": 1,
    "missing_member_with_elevated_permissions": false,
    "name": "Мастерская Соколова",
    "new_field": "x",
    "new_list": [
      {
        "id": "new_1",
        "object": "new_thing"
      }
    ],
    "new_object": {
      "inner": {
        "value": 1.5
      }
    },
    "object": "organization",
    "pending_invitations_count": 0,
    "private_metadata": {
      "discount": "pvt-org-atelier-06b777eb"
    },
    "public_metadata": {
      "город": "Казань"
    },
    "role_set_key": "role_set:default",
    "slug": null,
    "updated_at": 1773047561062
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.40",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "new_envelope_field": {
    "x": "y"
  },
  "object": "event",
  "timestamp": 1773047561063,
  "type": "organization.updated"
}
','applied',NULL,'development',1773047561063,1796093657915,NULL,NULL,NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','organization','updated',NULL);
INSERT INTO "webhook_events" VALUES(23,'msg_00000000fe65a54b8112ca0cdb4','organization.updated',NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1768831353070,
    "created_by": "user_3743aOgv7ht0NyQbmDZviDmSk6i",
    "has_image": false,
    "id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0",
    "max_allowed_memberships": 25,
    "members_count": 7,
    "missing_member_with_elevated_permissions": false,
    "name": "Riverbend Studio",
    "object": "organization",
    "pending_invitations_count": 1,
    "private_metadata": {
      "account_manager": "pvt-org-manager-5f1d09ab"
    },
    "public_metadata": {
      "sector": "field research"
    },
    "slug": "riverbend-studio",
    "updated_at": 1780905601340
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.140",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1780905601369,
  "type": "organization.updated"
}
','applied',NULL,'development',1780905601369,1796093657915,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','organization','updated',NULL);
INSERT INTO "webhook_events" VALUES(24,'msg_0000000533469eddb283fba8ac2','organizationDomain.created',NULL,'orgdmn_38W56Dww6JxDsloFseKTjNvIrHp','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"affiliation_email_address":"[redacted]","created_at":1768902308019,"enrollment_mode":"automatic_invitation","id":"orgdmn_38W56Dww6JxDsloFseKTjNvIrHp","name":"example.org","object":"organization_domain","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","public_organization_data":{"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","name":"Riverbend","slug":"riverbend"},"total_pending_invitations":0,"total_pending_suggestions":2,"updated_at":1768902308019,"verification":null},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768902308034,"type":"organizationDomain.created"}','applied',NULL,'development',1768902308034,1796093657916,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','domain','created',NULL);
INSERT INTO "webhook_events" VALUES(25,'msg_0000000b40f72b1dc449445e826','organizationDomain.created',NULL,'orgdm_3F1pRRifpEImJ3nUI9Sl7NWC6mK','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "affiliation_email_address": null,
    "affiliation_verification": null,
    "created_at": 1781252420020,
    "enrollment_mode": "manual_invitation",
    "id": "orgdm_3F1pRRifpEImJ3nUI9Sl7NWC6mK",
    "name": "adeyemi.example.net",
    "object": "organization_domain",
    "organization_id": "org_38I3B0QGNfyWb2irUGkScU4P7rk",
    "ownership_verification": null,
    "public_organization_data": {
      "has_image": false,
      "id": "org_38I3B0QGNfyWb2irUGkScU4P7rk",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhJM0IwUUdOZnlXYjJpclVHa1NjVTRQN3JrIn0",
      "name": "Adeyemi & Daughters",
      "slug": null
    },
    "total_pending_invitations": 0,
    "total_pending_suggestions": 0,
    "updated_at": 1781252420020,
    "verification": null
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.61",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1781252420021,
  "type": "organizationDomain.created"
}
','applied',NULL,'development',1781252420021,1796093657916,NULL,NULL,NULL,'org_38I3B0QGNfyWb2irUGkScU4P7rk','domain','created',NULL);
INSERT INTO "webhook_events" VALUES(26,'msg_000000062b71106a629a7a54dcc','organization.updated',NULL,'org_38I3B0QGNfyWb2irUGkScU4P7rk','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "admin_delete_enabled": true,
    "created_at": 1768473118,
    "created_by": "user_37yhFMmnyFfWu0M51Qk7xKnftAE",
    "has_image": false,
    "id": "org_38I3B0QGNfyWb2irUGkScU4P7rk",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhJM0IwUUdOZnlXYjJpclVHa1NjVTRQN3JrIn0",
    "max_allowed_memberships": 5,
    "missing_member_with_elevated_permissions": false,
    "name": "Adeyemi & Daughters Ltd",
    "object": "organization",
    "private_metadata": {},
    "public_metadata": {},
    "updated_at": 1771518000
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.61",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1771518000,
  "type": "organization.updated"
}
','applied',NULL,'development',1771518000000,1796093658179,NULL,NULL,NULL,'org_38I3B0QGNfyWb2irUGkScU4P7rk','organization','updated',NULL);
INSERT INTO "webhook_events" VALUES(27,'msg_0000000f29648245afe43fdb836','organizationDomain.created',NULL,'orgdmn_38W56J3Peh5cAMhM1AV4ULAAAQ8','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'tombstoned',NULL,'development',1768902309103,1796093658469,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','domain',NULL,NULL);
INSERT INTO "webhook_events" VALUES(28,'msg_000000017a6207abdef40760b47','organizationDomain.created',NULL,'orgdmn_3EwniNqzhJ7YfCndMVJ17NeAGKV','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"affiliation_email_address":"[redacted]","affiliation_verification":null,"created_at":1781098625220,"enrollment_mode":"automatic_invitation","id":"orgdmn_3EwniNqzhJ7YfCndMVJ17NeAGKV","name":"riverbend.example.com","object":"organization_domain","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","ownership_verification":null,"public_organization_data":{"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","name":"Riverbend Studio","slug":"riverbend-studio"},"total_pending_invitations":0,"total_pending_suggestions":2,"updated_at":1781098625220,"verification":null},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781098625235,"type":"organizationDomain.created"}','applied',NULL,'development',1781098625235,1796093658470,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','domain','created',NULL);
INSERT INTO "webhook_events" VALUES(29,'msg_0000000e320318a97674dae4b53','organizationDomain.created',NULL,'orgdmn_3F1wjrThJgrKZ2wAJRAk7C3kVMw','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "affiliation_email_address": null,
    "affiliation_verification": {
      "attempts": 3,
      "expire_at": 1781256620020,
      "new_verification_field": "x",
      "status": "unverified",
      "strategy": "email_code",
      "verified_at": null
    },
    "created_at": 1781256020020,
    "enrollment_mode": "automatic_invitation",
    "id": "orgdmn_3F1wjrThJgrKZ2wAJRAk7C3kVMw",
    "name": "sokolov.example.org",
    "new_field": [
      1
    ],
    "object": "organization_domain",
    "organization_id": "org_34ymLCx9CebJwlek3IE1Ga9NJkt",
    "ownership_verification": null,
    "public_organization_data": {
      "has_image": false,
      "id": "org_34ymLCx9CebJwlek3IE1Ga9NJkt",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzR5bUxDeDlDZWJKd2xlazNJRTFHYTlOSmt0In0",
      "name": "Мастерская Соколова",
      "slug": null
    },
    "total_pending_invitations": 0,
    "total_pending_suggestions": 0,
    "updated_at": 1781256020020,
    "verification": null
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.40",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "new_envelope_field": 7,
  "object": "event",
  "timestamp": 1781256020021,
  "type": "organizationDomain.created"
}
','applied',NULL,'development',1781256020021,1796093658471,NULL,NULL,NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','domain','created',NULL);
INSERT INTO "webhook_events" VALUES(30,'msg_00000007191c8528315786ecb6c','organizationDomain.updated',NULL,'orgdmn_3EzCRCDXSxMsrJUQtvz4LI3TAGt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "affiliation_email_address": null,
    "affiliation_verification": {
      "attempts": 0,
      "expire_at": 1781172600640,
      "status": "unverified",
      "strategy": "email_code",
      "verified_at": null
    },
    "created_at": 1781172000640,
    "enrollment_mode": "enterprise_sso",
    "id": "orgdmn_3EzCRCDXSxMsrJUQtvz4LI3TAGt",
    "name": "nair-labs.example.org",
    "object": "organization_domain",
    "organization_id": "org_30okSWQHRD8mob6ixGms1R88Oqb",
    "ownership_verification": {
      "attempts": null,
      "expire_at": null,
      "status": "verified",
      "strategy": "txt",
      "verified_at": 1781172095640
    },
    "total_pending_invitations": 0,
    "total_pending_suggestions": 0,
    "updated_at": 1781172095640
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:a11:7::5e",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1781172095641,
  "type": "organizationDomain.updated"
}
','applied',NULL,'development',1781172095641,1796093658473,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','domain','created',NULL);
INSERT INTO "webhook_events" VALUES(31,'msg_00000004e4d3288df370d55a3e5','organizationDomain.updated',NULL,'orgdmn_3EwniNqzhJ7YfCndMVJ17NeAGKV','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"affiliation_email_address":"[redacted]","affiliation_verification":{"attempts":1,"expire_at":1781099235220,"status":"verified","strategy":"email_code","verified_at":1781099035220},"created_at":1781098625220,"enrollment_mode":"automatic_suggestion","id":"orgdmn_3EwniNqzhJ7YfCndMVJ17NeAGKV","name":"riverbend.example.com","object":"organization_domain","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","ownership_verification":null,"public_organization_data":{"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","name":"Riverbend Studio","slug":"riverbend-studio"},"total_pending_invitations":0,"total_pending_suggestions":5,"updated_at":1781099035220,"verification":{"attempts":1,"expire_at":1781099235220,"status":"verified","strategy":"email_code","verified_at":1781099035220}},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781099035237,"type":"organizationDomain.updated"}','applied',NULL,'development',1781099035237,1796093658474,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','domain','updated',NULL);
INSERT INTO "webhook_events" VALUES(32,'msg_0000000ad26e4e8c8cb7330668f','organizationInvitation.accepted','user_36DUaINvnqFmSSVBVNDMchIZu2m','orginv_3BqmSCChcduImu7XUD1Bf5SVBOk','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"data":{"created_at":1775224971390,"email_address":"accounts@example.com","expires_at":1777816971390,"id":"orginv_3BqmSCChcduImu7XUD1Bf5SVBOk","inviter_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf","object":"organization_invitation","organization_id":"org_30okSWQHRD8mob6ixGms1R88Oqb","private_metadata":{
        "approver": "pvt-orginv-labs-accounts-681dc995"
      },"public_inviter_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","user_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf"},"public_metadata":{
        "cost_center": "C-204"
      },"public_organization_data":{"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","name":"Nair Labs","slug":"nair-labs"},"role":"org:billing_manager","role_name":"Billing manager","status":"accepted","updated_at":1775226365806,"url":"[redacted]","user_id":"user_36DUaINvnqFmSSVBVNDMchIZu2m"}},"event_attributes":{"http_request":{"client_ip":"203.0.113.62","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1775226365807,"type":"organizationInvitation.accepted"}','applied',NULL,'development',1775226365807,1796093658474,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(33,'msg_0000000594e29337fc888854d8a','organizationDomain.deleted',NULL,'orgdmn_38W56J3Peh5cAMhM1AV4ULAAAQ8','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"id":"orgdmn_38W56J3Peh5cAMhM1AV4ULAAAQ8","object":"organization_domain"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769677749909,"type":"organizationDomain.deleted"}','applied',NULL,'development',1769677749909,1796093658475,NULL,NULL,NULL,NULL,'domain','deleted',NULL);
INSERT INTO "webhook_events" VALUES(34,'msg_0000000b7bd9fccfc5637f8bfc2','organizationDomain.updated',NULL,'orgdmn_38W56Dww6JxDsloFseKTjNvIrHp','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"affiliation_email_address":"[redacted]","created_at":1768902308019,"enrollment_mode":"automatic_suggestion","id":"orgdmn_38W56Dww6JxDsloFseKTjNvIrHp","name":"example.org","object":"organization_domain","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","public_organization_data":{"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","name":"Riverbend","slug":"riverbend"},"total_pending_invitations":0,"total_pending_suggestions":5,"updated_at":1768903218019,"verification":{"attempts":1,"expire_at":null,"status":"verified","strategy":"email_code"}},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768903218036,"type":"organizationDomain.updated"}','applied',NULL,'development',1768903218036,1796093658476,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','domain','updated',NULL);
INSERT INTO "webhook_events" VALUES(35,'msg_00000003cf76be032a46d23fa50','organizationInvitation.accepted','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','orginv_3CM9vEgaffbte3ZRb6EYZyP44zA','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1776184800909,"email_address":"viktor@example.net","expires_at":1778776800909,"id":"orginv_3CM9vEgaffbte3ZRb6EYZyP44zA","inviter_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf","object":"organization_invitation","organization_id":"org_30okSWQHRD8mob6ixGms1R88Oqb","private_metadata":{},"public_inviter_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","user_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf"},"public_metadata":{},"public_organization_data":{"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","name":"Nair Labs","slug":"nair-labs"},"role":"org:member","role_name":"Member","status":"accepted","updated_at":1776244799990,"url":"[redacted]","user_id":"user_3Bg1XxC0rz3SSgpnDhDmObMBkZO"},"event_attributes":{"http_request":{"client_ip":"203.0.113.154","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1776244799991,"type":"organizationInvitation.accepted"}','applied',NULL,'development',1776244799991,1796093658484,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(36,'msg_0000000623633ca5bc99ed02b69','organizationInvitation.accepted','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','orginv_3EfJImskKEFOE46GM5Egi7O3adg','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780563612055,"email_address":"guest.two@example.com","expires_at":1783155612055,"id":"orginv_3EfJImskKEFOE46GM5Egi7O3adg","object":"organization_invitation","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","private_metadata":{
      "reason": "pvt-orginv-two-fc9275d2"
    },"public_metadata":{
      "invited_for": "field notes"
    },"role":"org:member","role_name":"Member","status":"accepted","updated_at":1780571612055,"url":"[redacted]","user_id":"user_3Ea4x0UXljtd7bK7quj6WiuCiHG"},"event_attributes":{"http_request":{"client_ip":"203.0.113.17","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780571612081,"type":"organizationInvitation.accepted"}','applied',NULL,'development',1780571612081,1796093658488,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(37,'msg_000000003eabd6297d4c0c8de57','organizationInvitation.created',NULL,'orginv_3FIwYImkTVk8xnxLiu7XYsCtyMa','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1781775937008,"email_address":"sam.whitfield@example.com","expires_at":2097395137008,"id":"orginv_3FIwYImkTVk8xnxLiu7XYsCtyMa","inviter_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf","object":"organization_invitation","organization_id":"org_30okSWQHRD8mob6ixGms1R88Oqb","private_metadata":{
      "reason": "pvt-orginv-labs-sam-37a23583"
    },"public_inviter_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","user_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf"},"public_metadata":{},"public_organization_data":{"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","name":"Nair Labs","slug":"nair-labs"},"role":"org:member","role_name":"Member","status":"pending","updated_at":1781775937008,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"2001:db8:a11:7::5e","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781775937009,"type":"organizationInvitation.created"}','applied',NULL,'development',1781775937009,1796093658492,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(38,'msg_0000000802ec899534c762218da','organizationInvitation.created',NULL,'orginv_3FLSAJmADTohTV5AsE73MeFbKaA','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1781852711450,"email_address":"мастер@example.org","expires_at":1784444711450,"id":"orginv_3FLSAJmADTohTV5AsE73MeFbKaA","object":"organization_invitation","organization_id":"org_34ymLCx9CebJwlek3IE1Ga9NJkt","private_metadata":null,"public_metadata":null,"role":"org:member","role_name":"Member","status":"pending","updated_at":1781852711450,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"203.0.113.40","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781852711451,"type":"organizationInvitation.created"}','applied',NULL,'development',1781852711451,1796093658492,NULL,NULL,NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(39,'msg_000000034e9566351158c42522a','organizationInvitation.created',NULL,'orginv_3BqmSCChcduImu7XUD1Bf5SVBOk','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1775224971390,"email_address":"accounts@example.com","expires_at":1777816971390,"id":"orginv_3BqmSCChcduImu7XUD1Bf5SVBOk","inviter_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf","object":"organization_invitation","organization_id":"org_30okSWQHRD8mob6ixGms1R88Oqb","private_metadata":{
      "approver": "pvt-orginv-labs-accounts-681dc995"
    },"public_inviter_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","user_id":"user_30VmkKjT7Vwydgrxxu1uTsOktKf"},"public_metadata":{
      "cost_center": "C-204"
    },"public_organization_data":{"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","name":"Nair Labs","slug":"nair-labs"},"role":"org:billing_manager","role_name":"Billing manager","status":"pending","updated_at":1775224971390,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"2001:db8:a11:7::5e","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1775224971391,"type":"organizationInvitation.created"}','stale',NULL,'development',1775224971391,1796093658493,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','invitation',NULL,NULL);
INSERT INTO "webhook_events" VALUES(40,'msg_00000004f8748e6a2830ff9e799','organizationInvitation.created',NULL,'orginv_3EfJImskKEFOE46GM5Egi7O3adg','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780563612055,"email_address":"guest.two@example.com","expires_at":1783155612055,"id":"orginv_3EfJImskKEFOE46GM5Egi7O3adg","object":"organization_invitation","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","private_metadata":{
      "reason": "pvt-orginv-two-fc9275d2"
    },"public_metadata":{
      "invited_for": "field notes"
    },"role":"org:member","role_name":"Member","status":"pending","updated_at":1780563612055,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"192.0.2.140","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780563612056,"type":"organizationInvitation.created"}','stale',NULL,'development',1780563612056,1796093658493,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','invitation',NULL,NULL);
INSERT INTO "webhook_events" VALUES(41,'msg_00000009e77f84af19ed915e28a','organizationInvitation.created',NULL,'orginv_38yaja3QXmI586TzNWy3MqIvyBR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'tombstoned',NULL,'development',1769774400351,1796093658492,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','invitation',NULL,NULL);
INSERT INTO "webhook_events" VALUES(42,'msg_00000001fccffec3661c4a2e5eb','organizationInvitation.created',NULL,'orginv_3FOr8xCYom7Tx6YRKjCPFFHcU1a','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1781956800,"email_address":"guest.five@example.com","expires_at":1784548800,"id":"orginv_3FOr8xCYom7Tx6YRKjCPFFHcU1a","object":"organization_invitation","organization_id":"org_38I3B0QGNfyWb2irUGkScU4P7rk","private_metadata":{},"public_metadata":{},"role":"org:member","role_name":"Member","status":"pending","updated_at":1781956800,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"198.51.100.61","user_agent":"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781956800,"type":"organizationInvitation.created"}','applied',NULL,'development',1781956800000,1796093658494,NULL,NULL,NULL,'org_38I3B0QGNfyWb2irUGkScU4P7rk','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(43,'msg_0000000840355d6241cf59e2e7d','organizationInvitation.created',NULL,'orginv_3FFw2mIhRCzGiOk4L4eNjgjSuak','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1781683920230,
    "email_address": "new.colleague@example.org",
    "expires_at": null,
    "id": "orginv_3FFw2mIhRCzGiOk4L4eNjgjSuak",
    "inviter_id": null,
    "object": "organization_invitation",
    "organization_id": "org_30okSWQHRD8mob6ixGms1R88Oqb",
    "private_metadata": {},
    "public_inviter_data": null,
    "public_metadata": {},
    "role": "org:member",
    "role_name": "Member",
    "status": "pending",
    "updated_at": 1781683920230,
    "url": null
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.5",
      "user_agent": "clerk/clerk-sdk-go@v3.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1781683920231,
  "type": "organizationInvitation.created"
}
','applied',NULL,'development',1781683920231,1796093658502,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(44,'msg_0000000d5f4a5653637aeece682','organizationInvitation.revoked',NULL,'orginv_3EfJQGzmC5RNPYrDh4ppy5Ow6Ly','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780563672055,"email_address":"guest.three@example.net","expires_at":1783155672055,"id":"orginv_3EfJQGzmC5RNPYrDh4ppy5Ow6Ly","object":"organization_invitation","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","private_metadata":{
      "reason": "pvt-orginv-three-659e2897"
    },"public_metadata":{},"role":"org:member","role_name":"Member","status":"revoked","updated_at":1780653612055,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"192.0.2.140","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780653612099,"type":"organizationInvitation.revoked"}','applied',NULL,'development',1780653612099,1796093658506,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(45,'msg_00000008eefc044adce4866361d','organizationInvitation.created',NULL,'orginv_3EcbmeY3WllOWSKhhW5gGauSFNt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780480964310,"email_address":"guest.one@example.com","expires_at":1783072964310,"id":"orginv_3EcbmeY3WllOWSKhhW5gGauSFNt","object":"organization_invitation","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","private_metadata":{
      "reason": "pvt-orginv-one-939a380c"
    },"public_metadata":{},"role":"org:member","role_name":"Member","status":"pending","updated_at":1780480964310,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"192.0.2.140","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780480964345,"type":"organizationInvitation.created"}','applied',NULL,'development',1780480964345,1796093658510,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(46,'msg_0000000528e075302c4d5dbedd2','organizationMembership.created','user_3743aOgv7ht0NyQbmDZviDmSk6i','orgmem_38TlHR1Y2jDiQRktIJXuFahPcF2','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768831353077,"id":"orgmem_38TlHR1Y2jDiQRktIJXuFahPcF2","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353070},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"role":"org:admin","role_name":"Admin","updated_at":1768831353077},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768831353084,"type":"organizationMembership.created"}','applied',NULL,'development',1768831353084,1796093658509,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(47,'msg_0000000bc477b6f966608e133f4','organizationInvitation.revoked',NULL,'orginv_2R6Ax4szV2UVEBdIqBn8gzuEtre',NULL,'{"data":{"created_at":1686560400500,"email_address":"guest.seven@example.net","id":"orginv_2R6Ax4szV2UVEBdIqBn8gzuEtre","object":"organization_invitation","organization_id":"org_2NuDYWcGbInLouK31JfZYTEsGeB","private_metadata":{},"public_metadata":{},"role":"basic_member","status":"revoked","updated_at":1686564000500,"url":"[redacted]"},"object":"event","type":"organizationInvitation.revoked"}','applied',NULL,'development',1796093658000,1796093658516,NULL,NULL,NULL,'org_2NuDYWcGbInLouK31JfZYTEsGeB','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(48,'msg_0000000cc4c3aa89727d8677a6e','organizationInvitation.created',NULL,'orginv_3FSQH2cKurLf9KWmhrfMpWP3LhK','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1782065898181,"email_address":"guest.six@example.com","expires_at":1784657898181,"id":"orginv_3FSQH2cKurLf9KWmhrfMpWP3LhK","new_field":{"x":["y"]},"object":"organization_invitation","organization_id":"org_34ymLCx9CebJwlek3IE1Ga9NJkt","private_metadata":{},"public_metadata":{},"public_organization_data":{"has_image":false,"id":"org_34ymLCx9CebJwlek3IE1Ga9NJkt","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzR5bUxDeDlDZWJKd2xlazNJRTFHYTlOSmt0In0","name":"Мастерская Соколова","new_organization_field":true,"slug":null},"role":"org:member","role_name":"Member","status":"pending","updated_at":1782065898181,"url":"[redacted]"},"event_attributes":{"http_request":{"client_ip":"203.0.113.40","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","new_envelope_field":7,"object":"event","timestamp":1782065898182,"type":"organizationInvitation.created"}','applied',NULL,'development',1782065898182,1796093658516,NULL,NULL,NULL,'org_34ymLCx9CebJwlek3IE1Ga9NJkt','invitation','created',NULL);
INSERT INTO "webhook_events" VALUES(49,'msg_0000000d80f16390d5121e7ed03','organizationMembership.created','user_36PEfVrDg36HXmfToITHewezGMR','orgmem_39vRlmFzThI4294138S0Nr97xrk','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1771574710219,"id":"orgmem_39vRlmFzThI4294138S0Nr97xrk","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353081},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_36PEfVrDg36HXmfToITHewezGMR"},"role":"org:member","role_name":"Member","updated_at":1771574710219},"event_attributes":{"http_request":{"client_ip":"2001:db8:90:4::1b","user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1771574710226,"type":"organizationMembership.created"}','applied',NULL,'development',1771574710226,1796093658521,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(50,'msg_0000000121d02b66efb90448877','organizationMembership.created','user_338aXdAjzC5JhXnA8Yg61FLD67N','orgmem_386pSDn9iaXKWjDXyVmhuT7uBxK','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768129872004,"id":"orgmem_386pSDn9iaXKWjDXyVmhuT7uBxK","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1755702915151,"created_by":"user_31H3ZDLk6q1VQcYqslPFbp3JU8i","has_image":false,"id":"org_31YZMCHllhse6nATDPcE0HrDt1j","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzFZWk1DSGxsaHNlNm5BVERQY0UwSHJEdDFqIn0","max_allowed_memberships":5,"members_count":2,"missing_member_with_elevated_permissions":false,"name":"Lindqvist Film 🎬","object":"organization","pending_invitations_count":0,"private_metadata":{
        "agent": "pvt-org-film-e64274ae"
      },"public_metadata":{},"slug":"lindqvist-film","updated_at":1768129871900},"permissions":["org:notes:read","org:notes:write"],"private_metadata":{},"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"role":"org:member","role_name":"Member","updated_at":1768129872004},"event_attributes":{"http_request":{"client_ip":"203.0.113.75","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768129872011,"type":"organizationMembership.created"}','applied',NULL,'development',1768129872011,1796093658524,NULL,NULL,NULL,'org_31YZMCHllhse6nATDPcE0HrDt1j','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(51,'meetvo.organization.embedded:msg_0000000121d02b66efb90448877','meetvo.organization.embedded',NULL,'org_31YZMCHllhse6nATDPcE0HrDt1j','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1768129872011,1796093658524,NULL,NULL,NULL,'org_31YZMCHllhse6nATDPcE0HrDt1j','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(52,'msg_0000000674c23f90fd59479c680','organizationMembership.created','user_36DUaINvnqFmSSVBVNDMchIZu2m','orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1775226365812,"id":"orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg","object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","object":"organization","pending_invitations_count":0,"public_metadata":{
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },"slug":"nair-labs","updated_at":1775115933280},"permissions":["org:invoices:manage","org:sys_billing:read"],"private_metadata":{
      "approver": "pvt-orginv-labs-accounts-681dc995"
    },"public_metadata":{
      "cost_center": "C-204"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_36DUaINvnqFmSSVBVNDMchIZu2m"},"role":"org:billing_manager","role_name":"Billing manager","updated_at":1775226365812},"event_attributes":{"http_request":{"client_ip":"203.0.113.62","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1775226365819,"type":"organizationMembership.created"}','applied',NULL,'development',1775226365819,1796093658564,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(53,'msg_0000000f2cf2c0e498db852f458','organizationMembership.created','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','orgmem_2DTg8sbvtuq8KOlwh9vLbFEL58L',NULL,'{"data":{"created_at":1660728331137,"id":"orgmem_2DTg8sbvtuq8KOlwh9vLbFEL58L","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1660728331117,"created_by":"user_2DTfgLJDuSaP8SfNPbe8FiQxGm0","id":"org_2DTg8sbvtuq8KOlwh9vLbFEL58L","image_url":"https://img.clerk.com/example-organization","max_allowed_memberships":5,"name":"Example Organization","object":"organization","private_metadata":{},"public_metadata":{},"slug":"example-organization","updated_at":1660728331117},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"private_metadata":{},"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_2DTfgLJDuSaP8SfNPbe8FiQxGm0"},"role":"org:admin","role_name":"Admin","updated_at":1660728331137},"event_attributes":{"http_request":{"client_ip":"192.0.2.1","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"object":"event","timestamp":1660728331,"type":"organizationMembership.created"}','applied',NULL,'development',1660728331000,1796093658567,NULL,NULL,NULL,'org_2DTg8sbvtuq8KOlwh9vLbFEL58L','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(54,'meetvo.organization.embedded:msg_0000000f2cf2c0e498db852f458','meetvo.organization.embedded',NULL,'org_2DTg8sbvtuq8KOlwh9vLbFEL58L',NULL,NULL,'applied',NULL,NULL,1660728331000,1796093658567,NULL,NULL,NULL,'org_2DTg8sbvtuq8KOlwh9vLbFEL58L','organization','updated',NULL);
INSERT INTO "webhook_events" VALUES(55,'msg_0000000873dd4324ff62485c735','organizationMembership.created','user_320baXCrFWSBAuWrM5OaGaPKeBY','orgmem_325jGJhYpUS8Loum4qcTCyOyOu5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'tombstoned',NULL,'development',1756717230647,1796093658579,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','membership',NULL,NULL);
INSERT INTO "webhook_events" VALUES(56,'msg_000000008b08c6018e0f32f71b1','organizationMembership.created','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','orgmem_39FcrTQ5fZgTCDlJpzDBlS9Eejq','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1770295457345,1796093658580,NULL,NULL,NULL,'org_39FcrUFkNTktN5ujcBQFv0FvLr2','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(57,'msg_0000000dc691b81dee6fd98ce5d','organizationMembership.created','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','orgmem_3EfZW8PLcDMNlx9FiADAfpEBB2B','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780571612060,"id":"orgmem_3EfZW8PLcDMNlx9FiADAfpEBB2B","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353081},"permissions":["org:notes:read","org:notes:write"],"private_metadata":{
      "reason": "pvt-orginv-two-fc9275d2"
    },"public_metadata":{
      "invited_for": "field notes"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3Ea4x0UXljtd7bK7quj6WiuCiHG"},"role":"org:member","role_name":"Member","updated_at":1780571612060},"event_attributes":{"http_request":{"client_ip":"203.0.113.17","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780571612067,"type":"organizationMembership.created"}','applied',NULL,'development',1780571612067,1796093658580,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(58,'msg_000000073e560c971b4e0dfae74','organizationMembership.created','user_2NuFHsoBxKAHmFhQpDyC3aV39cd','orgmem_2NuFL3FjnPuKPaqx1VoUaxb1Pg1',NULL,'{"data":{"created_at":1680506000904,"id":"orgmem_2NuFL3FjnPuKPaqx1VoUaxb1Pg1","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1680505120212,"id":"org_2NuDYWcGbInLouK31JfZYTEsGeB","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMk51RFlXY0diSW5Mb3VLMzFKZlpZVEVzR2VCIn0","logo_url":null,"max_allowed_memberships":5,"name":"Krämer Textil","object":"organization","public_metadata":{},"slug":"kraemer-textil","updated_at":1680505120212},"public_metadata":{},"public_user_data":{"first_name":"[redacted]","identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_2NuFHsoBxKAHmFhQpDyC3aV39cd"},"role":"basic_member","updated_at":1680506000904},"object":"event","type":"organizationMembership.created"}','applied',NULL,'development',1796093658000,1796093658612,NULL,NULL,NULL,'org_2NuDYWcGbInLouK31JfZYTEsGeB','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(59,'msg_0000000245384d2cdc22065198e','organizationMembership.created','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','orgmem_3EXJR2UG8ye3d8hwD9muX6f4OZv','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780318968557,"id":"orgmem_3EXJR2UG8ye3d8hwD9muX6f4OZv","object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","object":"organization","pending_invitations_count":0,"public_metadata":{
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },"slug":"nair-labs","updated_at":1775115933280},"permissions":["org:notes:read","org:notes:write"],"private_metadata":{
      "rate": "pvt-orgmem-rosa-labs-25ce213e"
    },"public_metadata":{
      "desk": "4-17"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3EWsBvOkEkLrJLYjnqOM2ThIRRG"},"role":"org:member","role_name":"Member","updated_at":1780318968557},"event_attributes":{"http_request":{"client_ip":"192.0.2.140","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780318968564,"type":"organizationMembership.created"}','applied',NULL,'development',1780318968564,1796093658613,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(60,'msg_000000052eb48cec94582ba72e7','organizationMembership.created','user_2N0glkB72Y9aalKFWSIIn40lqem','orgmem_2NuDYU5e2DC7NRdFWSPRDxvKplM',NULL,'{"data":{"created_at":1680505120220,"id":"orgmem_2NuDYU5e2DC7NRdFWSPRDxvKplM","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1680505120212,"id":"org_2NuDYWcGbInLouK31JfZYTEsGeB","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMk51RFlXY0diSW5Mb3VLMzFKZlpZVEVzR2VCIn0","logo_url":null,"max_allowed_memberships":5,"name":"Krämer Textil","object":"organization","public_metadata":{},"slug":"kraemer-textil","updated_at":1680505120212},"public_metadata":{},"public_user_data":{"first_name":"[redacted]","identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_2N0glkB72Y9aalKFWSIIn40lqem"},"role":"admin","updated_at":1680505120220},"object":"event","type":"organizationMembership.created"}','applied',NULL,'development',1796093658000,1796093658614,NULL,NULL,NULL,'org_2NuDYWcGbInLouK31JfZYTEsGeB','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(61,'msg_0000000104cd461aecd1a5dbceb','organizationMembership.created','user_2xOocFfUQreMgh25uKw2PqdKL6m','orgmem_3C1ceIRQK7z3MLBTw3sFan4Rj6Y','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1775556610344,"id":"orgmem_3C1ceIRQK7z3MLBTw3sFan4Rj6Y","object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","object":"organization","pending_invitations_count":0,"public_metadata":null,"slug":"nair-labs","updated_at":1775115933280},"permissions":["org:notes:read","org:notes:write"],"private_metadata":null,"public_metadata":null,"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_2xOocFfUQreMgh25uKw2PqdKL6m"},"role":"org:member","role_name":"Member","updated_at":1775556610344},"event_attributes":{"http_request":{"client_ip":"192.0.2.202","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1775556610351,"type":"organizationMembership.created"}','applied',NULL,'development',1775556610351,1796093658614,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(62,'msg_00000006c8ef3a7670b15272d07','organizationMembership.created','user_36PEfVrDg36HXmfToITHewezGMR','orgmem_3EiABwdW2sczslQbSwrGyXqbI3h','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780650884871,"id":"orgmem_3EiABwdW2sczslQbSwrGyXqbI3h","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353081},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_36PEfVrDg36HXmfToITHewezGMR"},"role":"org:admin","role_name":"Admin","updated_at":1780650884871},"event_attributes":{"http_request":{"client_ip":"2001:db8:90:4::1b","user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780650884878,"type":"organizationMembership.created"}','applied',NULL,'development',1780650884878,1796093658614,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(63,'msg_00000009cdcfc547751a46cdacd','organizationMembership.created','user_34fd8bU4BDC7JRUotiPdixb6CN6','orgmem_39U5tIj29yDqqqYlXpSl5lh4UsY','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1770738021506,"id":"orgmem_39U5tIj29yDqqqYlXpSl5lh4UsY","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353081},"permissions":["org:notes:read","org:notes:write"],"private_metadata":{
      "seat": "pvt-orgmem-kenji-801d6043"
    },"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_34fd8bU4BDC7JRUotiPdixb6CN6"},"role":"org:member","role_name":"Member","updated_at":1770738021506},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1770738021513,"type":"organizationMembership.created"}','applied',NULL,'development',1770738021513,1796093658665,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(64,'msg_000000054adbb80f83b684d3249','organizationMembership.created','user_3Dt8gTriVnklsJiq25r9BO3SFDs','orgmem_3Dt8p8KNAPfxCawjJUIaQoQiNkY','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1779090185118,"id":"orgmem_3Dt8p8KNAPfxCawjJUIaQoQiNkY","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353081},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{},"public_user_data":{"banned":false,"deprovisioned":false,"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3Dt8gTriVnklsJiq25r9BO3SFDs","username":null},"role":"org:member","role_name":"Member","updated_at":1779090185118},"event_attributes":{"http_request":{"client_ip":"203.0.113.129","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1779090185125,"type":"organizationMembership.created"}','applied',NULL,'development',1779090185125,1796093658664,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(65,'msg_0000000639a977dcb61646aa62e','organizationMembership.created','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','orgmem_3CO7XJCpN2M4SDbVPWHsKIuMEZv','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1776244800481,"id":"orgmem_3CO7XJCpN2M4SDbVPWHsKIuMEZv","new_field":12,"object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","new_organization_field":["a","b"],"object":"organization","pending_invitations_count":0,"public_metadata":{
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },"slug":"nair-labs","updated_at":1775115933280},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","new_user_field":{"k":null},"profile_image_url":"[redacted]","user_id":"user_3Bg1XxC0rz3SSgpnDhDmObMBkZO"},"role":"org:member","role_name":"Member","updated_at":1776244800481},"event_attributes":{"http_request":{"client_ip":"203.0.113.154","new_request_field":"y","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","new_envelope_field":7,"object":"event","timestamp":1776244800488,"type":"organizationMembership.created"}','applied',NULL,'development',1776244800488,1796093658666,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(66,'msg_000000021390fec5033f694a0ec','organizationMembership.created','user_3C7POr5yh7uNq5jPhUY5qhhGESA','orgmem_3C9md8gz10Pr33EyCSqK9pRiq5v','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1775806244102,"id":"orgmem_3C9md8gz10Pr33EyCSqK9pRiq5v","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1775806244093,"has_image":false,"id":"org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfM0M5bWRDUTY5WGEya1h1MEtwcWx5cU90TjlVIn0","max_allowed_memberships":5,"members_count":1,"name":"Kestrel Cooperative","object":"organization","pending_invitations_count":0,"public_metadata":{
        "region": "Volta"
      },"slug":"kestrel","updated_at":1775806244093},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3C7POr5yh7uNq5jPhUY5qhhGESA"},"role":"org:admin","role_name":"Admin","updated_at":1775806244102},"event_attributes":{"http_request":{"client_ip":"192.0.2.77","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1775806244109,"type":"organizationMembership.created"}','applied',NULL,'development',1775806244109,1796093658667,NULL,NULL,NULL,'org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(67,'meetvo.organization.embedded:msg_000000021390fec5033f694a0ec','meetvo.organization.embedded',NULL,'org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1775806244109,1796093658667,NULL,NULL,NULL,'org_3C9mdCQ69Xa2kXu0KpqlyqOtN9U','organization','created',NULL);
INSERT INTO "webhook_events" VALUES(68,'msg_00000000e3d09b1f303cca5c7cc','organizationMembership.created',NULL,'orgmem_3C4ByvpBqAn44xLpfTD40aldNmz','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1775635219760,
    "id": "orgmem_3C4ByvpBqAn44xLpfTD40aldNmz",
    "object": "organization_membership",
    "organization": {
      "admin_delete_enabled": false,
      "created_at": 1754301312681,
      "has_image": true,
      "id": "org_30okSWQHRD8mob6ixGms1R88Oqb",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0",
      "max_allowed_memberships": 50,
      "members_count": 1,
      "name": "Nair Labs",
      "object": "organization",
      "pending_invitations_count": 0,
      "public_metadata": {
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },
      "slug": "nair-labs",
      "updated_at": 1775115933280
    },
    "permissions": [
      "org:notes:read",
      "org:notes:write"
    ],
    "public_metadata": {},
    "role": "org:member",
    "role_name": "Member",
    "updated_at": 1775635219760
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.5",
      "user_agent": "clerk/clerk-sdk-go@v3.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775635219767,
  "type": "organizationMembership.created"
}
','failed','data.public_user_data is missing','development',1775635219767,1796093658691,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership',NULL,NULL);
INSERT INTO "webhook_events" VALUES(69,'msg_000000043b48a6447eb56055413','organizationMembership.deleted','user_34fd8bU4BDC7JRUotiPdixb6CN6','orgmem_39U5tIj29yDqqqYlXpSl5lh4UsY','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1770738021506,"id":"orgmem_39U5tIj29yDqqqYlXpSl5lh4UsY","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend Studio","object":"organization","pending_invitations_count":1,"public_metadata":{
        "sector": "field research"
      },"slug":"riverbend-studio","updated_at":1780905601340},"permissions":["org:notes:read","org:notes:write"],"private_metadata":{
      "seat": "pvt-orgmem-kenji-801d6043"
    },"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_34fd8bU4BDC7JRUotiPdixb6CN6"},"role":"org:member","role_name":"Member","updated_at":1770738021506},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781006400047,"type":"organizationMembership.deleted"}','applied',NULL,'development',1781006400047,1796093658694,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','deleted',NULL);
INSERT INTO "webhook_events" VALUES(70,'msg_00000000e33b05ef9a197a66d1a','organizationMembership.updated','user_36DUaINvnqFmSSVBVNDMchIZu2m','orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1775226365812,"id":"orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg","object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","object":"organization","pending_invitations_count":0,"public_metadata":{
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },"slug":"nair-labs","updated_at":1775115933280},"permissions":[],"private_metadata":{
      "approver": "pvt-orginv-labs-accounts-681dc995"
    },"public_metadata":{
      "cost_center": "C-204"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_36DUaINvnqFmSSVBVNDMchIZu2m"},"role":"org:viewer","role_name":"Viewer","updated_at":1778578200127},"event_attributes":{"http_request":{"client_ip":"2001:db8:a11:7::5e","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778578200134,"type":"organizationMembership.updated"}','applied',NULL,'development',1778578200134,1796093658694,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','updated',NULL);
INSERT INTO "webhook_events" VALUES(71,'msg_0000000c7fb00af57121bf6274e','organizationMembership.deleted',NULL,'orgmem_3C4ByvpBqAn44xLpfTD40aldNmz','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1775635219760,
    "id": "orgmem_3C4ByvpBqAn44xLpfTD40aldNmz",
    "object": "organization_membership",
    "organization": {
      "admin_delete_enabled": false,
      "created_at": 1754301312681,
      "has_image": true,
      "id": "org_30okSWQHRD8mob6ixGms1R88Oqb",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0",
      "max_allowed_memberships": 50,
      "members_count": 1,
      "name": "Nair Labs",
      "object": "organization",
      "pending_invitations_count": 0,
      "public_metadata": {
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },
      "slug": "nair-labs",
      "updated_at": 1775115933280
    },
    "permissions": [
      "org:notes:read",
      "org:notes:write"
    ],
    "public_metadata": {},
    "role": "org:member",
    "role_name": "Member",
    "updated_at": 1775635219760
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.5",
      "user_agent": "clerk/clerk-sdk-go@v3.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775635431002,
  "type": "organizationMembership.deleted"
}
','applied',NULL,'development',1775635431002,1796093658694,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','deleted',NULL);
INSERT INTO "webhook_events" VALUES(72,'msg_00000002b5f1f3d1223dca210cb','organizationMembership.created','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780305914733,"id":"orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"created_by":"user_3743aOgv7ht0NyQbmDZviDmSk6i","has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":6,"missing_member_with_elevated_permissions":false,"name":"Riverbend","object":"organization","pending_invitations_count":0,"private_metadata":{
        "account_manager": "pvt-org-manager-5f1d09ab"
      },"public_metadata":{},"slug":"riverbend","updated_at":1780305914733},"permissions":["org:notes:read","org:notes:write"],"private_metadata":{
      "seat": "pvt-orgmem-seat-c2b7f690"
    },"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3EWsBvOkEkLrJLYjnqOM2ThIRRG"},"role":"org:member","role_name":"Member","updated_at":1780305914733},"event_attributes":{"http_request":{"client_ip":"192.0.2.140","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780305914785,"type":"organizationMembership.created"}','applied',NULL,'development',1780305914785,1796093658695,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(73,'msg_0000000b0050b6127651a3340fb','organizationMembership.deleted','user_3ChygTQUzbw6diTQ5X4eiNeWmdN','orgmem_3ChygpVC7QVlrUox9pxnvIM0rpB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1776852209402,"id":"orgmem_3ChygpVC7QVlrUox9pxnvIM0rpB","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend Studio","object":"organization","pending_invitations_count":1,"public_metadata":{
        "sector": "field research"
      },"slug":"riverbend-studio","updated_at":1780905601340},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{
      "team": "archive"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3ChygTQUzbw6diTQ5X4eiNeWmdN"},"role":"org:member","role_name":"Member","updated_at":1782885540118},"event_attributes":{"http_request":{"client_ip":"192.0.2.8","user_agent":"clerk/clerk-sdk-go@v3.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782885603260,"type":"organizationMembership.deleted"}','applied',NULL,'development',1782885603260,1796093658695,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','deleted',NULL);
INSERT INTO "webhook_events" VALUES(74,'msg_0000000dc6ba381dfd1f4b7f1b2','organizationMembership.deleted','user_36PEfVrDg36HXmfToITHewezGMR','orgmem_39vRlmFzThI4294138S0Nr97xrk','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1771574710219,"id":"orgmem_39vRlmFzThI4294138S0Nr97xrk","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"riverbend","updated_at":1768831353081},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_36PEfVrDg36HXmfToITHewezGMR"},"role":"org:member","role_name":"Member","updated_at":1771574710219},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780650273561,"type":"organizationMembership.deleted"}','applied',NULL,'development',1780650273561,1796093658696,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','deleted',NULL);
INSERT INTO "webhook_events" VALUES(75,'msg_00000007995c29a23f8dd992308','organizationMembership.updated','user_3ChygTQUzbw6diTQ5X4eiNeWmdN','orgmem_3ChygpVC7QVlrUox9pxnvIM0rpB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1776852209402,"id":"orgmem_3ChygpVC7QVlrUox9pxnvIM0rpB","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":1,"name":"Riverbend Studio","object":"organization","pending_invitations_count":1,"public_metadata":{
        "sector": "field research"
      },"slug":"riverbend-studio","updated_at":1780905601340},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{
      "team": "archive"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3ChygTQUzbw6diTQ5X4eiNeWmdN"},"role":"org:member","role_name":"Member","updated_at":1782885540118},"event_attributes":{"http_request":{"client_ip":"192.0.2.8","user_agent":"clerk/clerk-sdk-go@v3.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782885540125,"type":"organizationMembership.updated"}','tombstoned',NULL,'development',1782885540125,1796093658696,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership',NULL,NULL);
INSERT INTO "webhook_events" VALUES(76,'msg_0000000f57884f6310c61b2bb37','organizationMembership.updated','user_36DUaINvnqFmSSVBVNDMchIZu2m','orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1775226365812,"id":"orgmem_3BqpHOETi1mao3ycKi6v4ASTnyg","object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","object":"organization","pending_invitations_count":0,"public_metadata":{
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },"slug":"nair-labs","updated_at":1775115933280},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"private_metadata":{
      "approver": "pvt-orginv-labs-accounts-681dc995"
    },"public_metadata":{
      "cost_center": "C-204"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_36DUaINvnqFmSSVBVNDMchIZu2m"},"role":"org:admin","role_name":"Admin","updated_at":1778577959627},"event_attributes":{"http_request":{"client_ip":"2001:db8:a11:7::5e","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778577959634,"type":"organizationMembership.updated"}','stale',NULL,'development',1778577959634,1796093658786,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership',NULL,NULL);
INSERT INTO "webhook_events" VALUES(77,'msg_0000000d35ffa48f244ff8cf288','organizationMembership.updated','user_320baXCrFWSBAuWrM5OaGaPKeBY','orgmem_325jGJhYpUS8Loum4qcTCyOyOu5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'tombstoned',NULL,'development',1769997721651,1796093658786,NULL,NULL,NULL,'org_2vA2Xzsy3RmNBqS89xEHjWgm01Z','membership',NULL,NULL);
INSERT INTO "webhook_events" VALUES(78,'msg_000000010a1a49a825bde527d49','organizationMembership.updated','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','orgmem_3DLeRDSVHWFO3TsZAI3Ma8c9JC7','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778065766,"id":"orgmem_3DLeRDSVHWFO3TsZAI3Ma8c9JC7","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1770295457,"has_image":false,"id":"org_39FcrUFkNTktN5ujcBQFv0FvLr2","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzlGY3JVRmtOVGt0TjV1amNCUUZ2MEZ2THIyIn0","max_allowed_memberships":5,"members_count":1,"name":"Papadaki Ceramics","object":"organization","pending_invitations_count":0,"public_metadata":{},"slug":"papadaki-ceramics","updated_at":1770295457},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3DFVKjDyEU8wpgZH1jXaiwMKO1k"},"role":"org:admin","role_name":"Admin","updated_at":1782813600},"event_attributes":{"http_request":{"client_ip":"198.51.100.21","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782813600,"type":"organizationMembership.updated"}','applied',NULL,'development',1782813600000,1796093658787,NULL,NULL,NULL,'org_39FcrUFkNTktN5ujcBQFv0FvLr2','membership','created',NULL);
INSERT INTO "webhook_events" VALUES(79,'msg_00000008fa88a2badd354693de0','organizationMembership.updated','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','orgmem_3EXJR2UG8ye3d8hwD9muX6f4OZv','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780318968557,"id":"orgmem_3EXJR2UG8ye3d8hwD9muX6f4OZv","object":"organization_membership","organization":{"admin_delete_enabled":false,"created_at":1754301312681,"has_image":true,"id":"org_30okSWQHRD8mob6ixGms1R88Oqb","image_url":"https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvdXBsb2FkZWQvaW1nXzJ4dURqYk40aXJMYWJzTG9nbzAxIn0","max_allowed_memberships":50,"members_count":1,"name":"Nair Labs","object":"organization","pending_invitations_count":0,"public_metadata":{
        "beta": true,
        "note": "Größe: „mittel“",
        "seats": {
          "limits": [
            5,
            50
          ],
          "used": 1
        }
      },"slug":"nair-labs","updated_at":1775115933280},"permissions":["org:notes:read","org:notes:write"],"public_metadata":{
      "desk": "4-18"
    },"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3EWsBvOkEkLrJLYjnqOM2ThIRRG"},"role":"org:member","role_name":"Member","updated_at":1780405368557},"event_attributes":{"http_request":{"client_ip":"2001:db8:a11:7::5e","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780405368564,"type":"organizationMembership.updated"}','applied',NULL,'development',1780405368564,1796093658787,NULL,NULL,NULL,'org_30okSWQHRD8mob6ixGms1R88Oqb','membership','updated',NULL);
INSERT INTO "webhook_events" VALUES(80,'msg_0000000a9e722e2e78d9c25b8f1','organizationMembership.updated','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1780305914733,"id":"orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB","object":"organization_membership","organization":{"admin_delete_enabled":true,"created_at":1768831353070,"created_by":"user_3743aOgv7ht0NyQbmDZviDmSk6i","has_image":false,"id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJvcmdfMzhUbEhVU0wwdURYNkx0aXNRS055ZWgwaXA2In0","max_allowed_memberships":25,"members_count":7,"missing_member_with_elevated_permissions":false,"name":"Riverbend","object":"organization","pending_invitations_count":2,"private_metadata":{
        "account_manager": "pvt-org-manager-5f1d09ab"
      },"public_metadata":{},"slug":"riverbend","updated_at":1780305914733},"permissions":["org:notes:read","org:notes:write","org:sys_memberships:manage"],"private_metadata":{
      "seat": "pvt-orgmem-seat-c2b7f690"
    },"public_metadata":{},"public_user_data":{"first_name":"[redacted]","has_image":false,"identifier":"[redacted]","image_url":"[redacted]","last_name":"[redacted]","profile_image_url":"[redacted]","user_id":"user_3EWsBvOkEkLrJLYjnqOM2ThIRRG"},"role":"org:admin","role_name":"Admin","updated_at":1780605914733},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780605914790,"type":"organizationMembership.updated"}','applied',NULL,'development',1780605914790,1796093658814,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6','membership','updated',NULL);
INSERT INTO "webhook_events" VALUES(81,'msg_000000022d7aca26678ca49744a','paymentAttempt.created','user_3743aOgv7ht0NyQbmDZviDmSk6i','pa_3DPQ0XHn2EvgoHVQSctRp2ZencI','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778181002640,"gateway_external_id":"pi_3DPQ0Xlk2sV1bAbbFPoFtkbn","id":"pa_3DPQ0XHn2EvgoHVQSctRp2ZencI","instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","payee":{"gateway_external_id":"acct_TMBSCl6Mf2BLu8TH","id":"cpayee_3DPQ0cpHzkTwz87FQDDBZ3kX329"},"payer":{"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"payment_id":"cpa_3DPQ0ZzkcpHtvYgbrDWO1iuDwNB","payment_source":{"gateway_external_account_id":"acct_TMBSCl6Mf2BLu8TH","gateway_external_id":"pm_3DPQ0dmsoNkDwx01Hq4AUZwr","id":"cps_3DPQ0dd3tQMEw7OwPfb4IECcKA0","status":"active"},"statement_id":"stmt_3DPQ0XZk5Gq59pxtBXEkJ0urvdF","status":"pending","updated_at":1778181002640},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778181002681,"type":"paymentAttempt.created"}','ignored',NULL,'development',1778181002681,1796093658814,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(82,'msg_00000000d0ca80c447dd1f11752','permission.created',NULL,'perm_38W6uFDP6dHgH0RthgYqInePbrX','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768903200012,"description":"Permission to manage the members of an organization","id":"perm_38W6uFDP6dHgH0RthgYqInePbrX","key":"org:sys_memberships:manage","name":"Manage members","object":"permission","type":"system","updated_at":1768903200012},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768903200027,"type":"permission.created"}','applied',NULL,'development',1768903200027,1796093658878,NULL,NULL,NULL,NULL,'permission','created',NULL);
INSERT INTO "webhook_events" VALUES(83,'msg_00000007025ef695116c37fbc6b','paymentAttempt.updated','user_3743aOgv7ht0NyQbmDZviDmSk6i','pa_3DPQ0XHn2EvgoHVQSctRp2ZencI','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778181002640,"gateway_external_id":"pi_3DPQ0Xlk2sV1bAbbFPoFtkbn","id":"pa_3DPQ0XHn2EvgoHVQSctRp2ZencI","instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","paid_at":1778181004681,"payee":{"gateway_external_id":"acct_TMBSCl6Mf2BLu8TH","id":"cpayee_3DPQ0cpHzkTwz87FQDDBZ3kX329"},"payer":{"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"payment_id":"cpa_3DPQ0ZzkcpHtvYgbrDWO1iuDwNB","payment_source":{"gateway_external_account_id":"acct_TMBSCl6Mf2BLu8TH","gateway_external_id":"pm_3DPQ0dmsoNkDwx01Hq4AUZwr","id":"cps_3DPQ0dd3tQMEw7OwPfb4IECcKA0","status":"active"},"statement_id":"stmt_3DPQ0XZk5Gq59pxtBXEkJ0urvdF","status":"paid","updated_at":1778181004690},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778181004747,"type":"paymentAttempt.updated"}','ignored',NULL,'development',1778181004747,1796093658878,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(84,'msg_00000003654fbc3ce14059093e1','permission.created',NULL,'perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1700488800077,"description":null,"id":"perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ","key":"org:drafts:read","name":"Read drafts","object":"permission","type":"user","updated_at":1700488800077},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1700488800092,"type":"permission.created"}','applied',NULL,'development',1700488800092,1796093658928,NULL,NULL,NULL,NULL,'permission','created',NULL);
INSERT INTO "webhook_events" VALUES(85,'msg_0000000170336348d4b857eba09','permission.created',NULL,'perm_38Yw1tjvNH4aysCpquUnDUFysOI','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768989600012,"description":"Write notes in the organization","id":"perm_38Yw1tjvNH4aysCpquUnDUFysOI","key":"org:notes:write","name":"Write notes","object":"permission","type":"custom","updated_at":1768989600012},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768989600027,"type":"permission.created"}','applied',NULL,'development',1768989600027,1796093658970,NULL,NULL,NULL,NULL,'permission','created',NULL);
INSERT INTO "webhook_events" VALUES(86,'msg_0000000a347de8b6e98ff86bc44','permission.deleted',NULL,'perm_2YRWR4RfRArkcLO9IfDZ8E5yhr2','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1700488860077,"description":"Publish drafts of others","id":"perm_2YRWR4RfRArkcLO9IfDZ8E5yhr2","key":"org:drafts:publish","name":"Publish drafts","object":"permission","type":"custom","updated_at":1700488860077},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1774951200555,"type":"permission.deleted"}','applied',NULL,'development',1774951200555,1796093658970,NULL,NULL,NULL,NULL,'permission','deleted',NULL);
INSERT INTO "webhook_events" VALUES(87,'msg_00000002a25a5d881a37ccf3110','permission.deleted',NULL,'perm_38Yw2a45YVlDbeskCyXYW8ReIjK','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"deleted":true,"id":"perm_38Yw2a45YVlDbeskCyXYW8ReIjK","object":"permission"},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769068800401,"type":"permission.deleted"}','applied',NULL,'development',1769068800401,1796093658971,NULL,NULL,NULL,NULL,'permission','deleted',NULL);
INSERT INTO "webhook_events" VALUES(88,'msg_00000008d22fb88915dcd168f58','permission.updated',NULL,'perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1700488800,"description":"Read the drafts of all members","id":"perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ","key":"org:drafts:read","name":"Read all drafts","object":"permission","type":"custom","updated_at":1774954800},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1774954800,"type":"permission.updated"}','applied',NULL,'development',1774954800000,1796093659089,NULL,NULL,NULL,NULL,'permission','updated',NULL);
INSERT INTO "webhook_events" VALUES(89,'msg_00000005c685fade58919082271','permission.updated',NULL,'perm_3Bf0QVHCCDpurCaOnUf0UPedq0m','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1774864800410,"description":"Create and cancel invoices","id":"perm_3Bf0QVHCCDpurCaOnUf0UPedq0m","key":"org:invoices:manage","name":"Manage invoices","new_field":{"x":1},"object":"permission","type":"custom","updated_at":1774872000410},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","new_envelope_field":7,"object":"event","timestamp":1774872000425,"type":"permission.updated"}','applied',NULL,'development',1774872000425,1796093659090,NULL,NULL,NULL,NULL,'permission','created',NULL);
INSERT INTO "webhook_events" VALUES(90,'msg_00000004ccbaf42019b81932a00','permission.updated',NULL,'perm_38Yw1tjvNH4aysCpquUnDUFysOI','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768989600012,"description":"Write notes in the organization","id":"perm_38Yw1tjvNH4aysCpquUnDUFysOI","key":"org:notes:write","name":"Write and edit notes","object":"permission","type":"custom","updated_at":1768990300012},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768990300047,"type":"permission.updated"}','applied',NULL,'development',1768990300047,1796093659090,NULL,NULL,NULL,NULL,'permission','updated',NULL);
INSERT INTO "webhook_events" VALUES(91,'msg_0000000da0a5037e02d4d50b660','report.ready',NULL,NULL,'ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782123600415,"type":"report.ready"}','ignored',NULL,'development',1782123600415,1796093659091,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(92,'msg_00000008595e9e4fba2df3d5539','role.created',NULL,'role_38W71puzqTw0DjRzGiSgufeD5yM','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768903260012,"description":"Role with elevated permissions","id":"role_38W71puzqTw0DjRzGiSgufeD5yM","is_creator_eligible":true,"key":"org:admin","name":"Admin","object":"role","permissions":[{"created_at":1768903200012,"description":"Permission to manage the members of an organization","id":"perm_38W6uFDP6dHgH0RthgYqInePbrX","key":"org:sys_memberships:manage","name":"Manage members","object":"permission","type":"system","updated_at":1768903200012},{"created_at":1768903200012,"description":"Permission to read the billing of an organization","id":"perm_38W6uKrr34jMVsltmDtiMq8t15L","key":"org:sys_billing:read","name":"Read billing","object":"permission","type":"system","updated_at":1768903200012}],"updated_at":1768903260012},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768903260053,"type":"role.created"}','applied',NULL,'development',1768903260053,1796093659096,NULL,NULL,NULL,NULL,'role','created',NULL);
INSERT INTO "webhook_events" VALUES(93,'msg_0000000adc826987f793af84b2d','role.created',NULL,'role_3A6kckz6MHyA9nll0aHmOyDIwsP','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1771920488080,"description":null,"id":"role_3A6kckz6MHyA9nll0aHmOyDIwsP","key":"editor","name":"Editor","object":"role","permissions":[],"updated_at":1771920488080},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1771920488121,"type":"role.created"}','applied',NULL,'development',1771920488121,1796093659096,NULL,NULL,NULL,NULL,'role','created',NULL);
INSERT INTO "webhook_events" VALUES(94,'msg_000000065827eb86e2fc5832a8d','role.created',NULL,'role_38Yw9XhCZfgviogsExdMhSoB5rP','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768989660012,"description":"Writes notes for everyone","id":"role_38Yw9XhCZfgviogsExdMhSoB5rP","is_creator_eligible":false,"key":"org:writer","name":"Writer","object":"role","permissions":[{"created_at":1768989600012,"description":"Write notes in the organization","id":"perm_38Yw1tjvNH4aysCpquUnDUFysOI","key":"org:notes:write","name":"Write notes","object":"permission","type":"custom","updated_at":1768989600012}],"updated_at":1768989660012},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768989660053,"type":"role.created"}','applied',NULL,'development',1768989660053,1796093659097,NULL,NULL,NULL,NULL,'role','created',NULL);
INSERT INTO "webhook_events" VALUES(95,'msg_000000075b51fc2387f979e0fb2','role.created',NULL,'role_3A9ZkN13KsEMswwAEgsv5x4ztN5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1772006888080,"description":"For the fair","id":"role_3A9ZkN13KsEMswwAEgsv5x4ztN5","is_creator_eligible":false,"key":"org:temporary","name":"Temporary","object":"role","permissions":[{"created_at":1700488800077,"description":null,"id":"perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ","key":"org:drafts:read","name":"Read drafts","object":"permission","type":"user","updated_at":1700488800077}],"updated_at":1772006888080},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1772006888121,"type":"role.created"}','applied',NULL,'development',1772006888121,1796093659098,NULL,NULL,NULL,NULL,'role','created',NULL);
INSERT INTO "webhook_events" VALUES(96,'msg_0000000c7bf44724ba1c0ea7e68','role.updated',NULL,'role_3Bf0Y3RkWclSjkUWp5qPh3wFMlB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1774864860410,"description":"Handles invoices","id":"role_3Bf0Y3RkWclSjkUWp5qPh3wFMlB","is_creator_eligible":false,"key":"org:billing_manager","name":"Billing manager","object":"role","permissions":[{"created_at":1774864800410,"description":"Create and cancel invoices","id":"perm_3Bf0QVHCCDpurCaOnUf0UPedq0m","key":"org:invoices:manage","name":"Manage invoices","object":"permission","type":"custom","updated_at":1774864800410}],"updated_at":1774870260410},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1774870260451,"type":"role.updated"}','applied',NULL,'development',1774870260451,1796093659113,NULL,NULL,NULL,NULL,'role','created',NULL);
INSERT INTO "webhook_events" VALUES(97,'msg_0000000d8d9c84015c36daef8c8','role.updated',NULL,'role_3Bf0Y3RkWclSjkUWp5qPh3wFMlB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1774864860410,"description":"Handles invoices","id":"role_3Bf0Y3RkWclSjkUWp5qPh3wFMlB","is_creator_eligible":false,"key":"org:billing_manager","name":"Billing manager","object":"role","permissions":[{"created_at":1774864800410,"description":"Create and cancel invoices","id":"perm_3Bf0QVHCCDpurCaOnUf0UPedq0m","key":"org:invoices:manage","name":"Manage invoices","object":"permission","type":"custom","updated_at":1774864800410},{"created_at":1700488800077,"description":null,"id":"perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ","key":"org:drafts:read","name":"Read drafts","object":"permission","type":"user","updated_at":1700488800077}],"updated_at":1774866660410},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1774866660451,"type":"role.updated"}','stale',NULL,'development',1774866660451,1796093659115,NULL,NULL,NULL,NULL,'role',NULL,NULL);
INSERT INTO "webhook_events" VALUES(98,'msg_0000000d0a970adadaf6fc73147','role.deleted',NULL,'role_38YwDDB5Cki82RcVtGuCDztLswI','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"deleted":true,"id":"role_38YwDDB5Cki82RcVtGuCDztLswI","object":"role","slug":null},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769155200077,"type":"role.deleted"}','applied',NULL,'development',1769155200077,1796093659116,NULL,NULL,NULL,NULL,'role','deleted',NULL);
INSERT INTO "webhook_events" VALUES(99,'msg_00000009d87052ae5d9e832ff2f','role.deleted',NULL,'role_3A9ZkN13KsEMswwAEgsv5x4ztN5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1772006888080,"description":"For the fair","id":"role_3A9ZkN13KsEMswwAEgsv5x4ztN5","is_creator_eligible":false,"key":"org:temporary","name":"Temporary","object":"role","permissions":[{"created_at":1700488800077,"description":null,"id":"perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ","key":"org:drafts:read","name":"Read drafts","object":"permission","type":"user","updated_at":1700488800077}],"updated_at":1772006888080},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1772697600300,"type":"role.deleted"}','applied',NULL,'development',1772697600300,1796093659117,NULL,NULL,NULL,NULL,'role','deleted',NULL);
INSERT INTO "webhook_events" VALUES(100,'msg_0000000275636c5ac6dfd33cc48','role.updated',NULL,'role_3Bf0XzXZiRUfCEg5mOAWldnVHpK','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1774864860420,"description":"Reads everything","id":"role_3Bf0XzXZiRUfCEg5mOAWldnVHpK","is_creator_eligible":false,"key":"org:viewer","name":"Viewer","new_field":"x","object":"role","permissions":[{"created_at":1700488800077,"description":null,"id":"perm_2YRWJZnmyg78zlTFbgQt6ZYleTQ","key":"org:drafts:read","name":"Read drafts","new_permission_field":null,"object":"permission","type":"user","updated_at":1700488800077}],"updated_at":1774873860410},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","new_envelope_field":7,"object":"event","timestamp":1774873860451,"type":"role.updated"}','applied',NULL,'development',1774873860451,1796093659117,NULL,NULL,NULL,NULL,'role','created',NULL);
INSERT INTO "webhook_events" VALUES(101,'msg_00000004427ca61f7d5dc3fde1d','role.updated',NULL,'role_38Yw9XhCZfgviogsExdMhSoB5rP','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1768989660012,"description":"Writes notes for everyone","id":"role_38Yw9XhCZfgviogsExdMhSoB5rP","is_creator_eligible":false,"key":"org:writer","name":"Editor","object":"role","permissions":[{"created_at":1768989600012,"description":"Write notes in the organization","id":"perm_38Yw1tjvNH4aysCpquUnDUFysOI","key":"org:notes:write","name":"Write notes","object":"permission","type":"custom","updated_at":1768989600012},{"created_at":1768989600012,"description":"Read notes","id":"perm_38Yw26vKVh38MWLg6GFAXZ3CX13","key":"org:notes:read","name":"Read notes","object":"permission","type":"custom","updated_at":1768989600012}],"updated_at":1768990500012},"event_attributes":{"http_request":{"client_ip":"[redacted]","user_agent":"[redacted]"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768990500043,"type":"role.updated"}','applied',NULL,'development',1768990500043,1796093659116,NULL,NULL,NULL,NULL,'role','updated',NULL);
INSERT INTO "webhook_events" VALUES(102,'msg_0000000453e585d79820b84f62c','session.created','user_3C7POr5yh7uNq5jPhUY5qhhGESA','sess_3C7POr2IVPXKqvBgv8FfBcDiYQ5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1778325605118,
    "actor": null,
    "client_id": "client_3C7PELHAlsqy6m0s83dMErcEUn8",
    "created_at": 1775733605118,
    "expire_at": 1776338405118,
    "id": "sess_3C7POr2IVPXKqvBgv8FfBcDiYQ5",
    "last_active_at": 1775733605118,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1775733605140,
    "user_id": "user_3C7POr5yh7uNq5jPhUY5qhhGESA"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.77",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775733605196,
  "type": "session.created"
}
','applied',NULL,'development',1775733605196,1796093659118,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(103,'msg_00000007185bbd1270f38a729b9','session.created','user_3Dt8gTriVnklsJiq25r9BO3SFDs','sess_3Dt8iGOPmZoAhOd9qTfox09fSq3','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1781682130377,
    "actor": null,
    "client_id": "client_3Dt8eX6mTEI5d4GSBHO5elAio3p",
    "created_at": 1779090130377,
    "expire_at": 1779694930377,
    "id": "sess_3Dt8iGOPmZoAhOd9qTfox09fSq3",
    "last_active_at": 1779090130377,
    "last_active_organization_id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
    "object": "session",
    "status": "active",
    "updated_at": 1779090191627,
    "user_id": "user_3Dt8gTriVnklsJiq25r9BO3SFDs"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.129",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1779090191672,
  "type": "session.created"
}
','applied',NULL,'development',1779090191672,1796093659118,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(104,'msg_0000000f240868730533e20ebe0','session.created','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','sess_2DTfgbwMVz9rjDcdITPy8z2Gtqr','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1663320106308,
    "actor": null,
    "client_id": "client_2DTfWA256KUl87B4NKr6KIgn4Ja",
    "created_at": 1660728106308,
    "expire_at": 1661332906308,
    "id": "sess_2DTfgbwMVz9rjDcdITPy8z2Gtqr",
    "last_active_at": 1660728106308,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1660728106308,
    "user_id": "user_2DTfgLJDuSaP8SfNPbe8FiQxGm0"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.1",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1660728106,
  "type": "session.created"
}
','applied',NULL,'development',1660728106000,1796093659124,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(105,'msg_0000000121299a9503cc11d3589','session.created','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','sess_39AP4FI4gZ7QAx2V1M8vpyXxmJR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1770135708557,1796093659127,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(106,'msg_000000023ec2aadfcb2a9d635d7','session.created','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','sess_3EqUFxqKthgfLXthpljQEOYH4ri','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1783497493661,
    "actor": null,
    "client_id": "client_3EqU9646LVmzVQVOpZkTpN9NC5y",
    "created_at": 1780905493661,
    "expire_at": 1781510293661,
    "id": "sess_3EqUFxqKthgfLXthpljQEOYH4ri",
    "last_active_at": 1780905493661,
    "last_active_organization_id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
    "latest_activity": {
      "browser_name": "Chrome",
      "browser_version": "141.0.0.0",
      "city": "Lisbon",
      "country": "Portugal",
      "device_type": "Macintosh",
      "id": "sess_activity_3EqUFxwaVDOU4E5P90El9rumyIO",
      "ip_address": "192.0.2.140",
      "is_mobile": false,
      "object": "session_activity"
    },
    "object": "session",
    "status": "active",
    "updated_at": 1780905493735,
    "user_id": "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.140",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1780905493767,
  "type": "session.created"
}
','applied',NULL,'development',1780905493767,1796093659127,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(107,'msg_000000027c4d86f09096e3f49e4','session.created','user_36DUaINvnqFmSSVBVNDMchIZu2m','sess_37pZH8OF3ciGYCHd8Nun7v6apSO','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"abandon_at":1770193882604,"actor":null,"client_id":"client_37pZFnoT0mCfY4K7vh5NAne7e6c","created_at":1767601882604,"expire_at":1768206682604,"id":"sess_37pZH8OF3ciGYCHd8Nun7v6apSO","last_active_at":1767601882604,"last_active_organization_id":null,"object":"session","status":"active","updated_at":1767601882678,"user":{"created_at":1757226672877,"id":"user_32MNqVkqbGl4THdF7YL1xCQvRAO","last_active_at":1767601882364,"last_sign_in_at":1767601882604,"object":"user","primary_email_address_id":"idn_32MNqY7k59s7DzB3r2ESMvxE20n","updated_at":1767601882624},"user_id":"user_36DUaINvnqFmSSVBVNDMchIZu2m"},"event_attributes":{"http_request":{"client_ip":"203.0.113.62","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1767601882698,"type":"session.created"}','applied',NULL,'development',1767601882698,1796093659128,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(108,'msg_00000007270a648f9b1592eebcf','session.created','user_37yhFMmnyFfWu0M51Qk7xKnftAE','sess_380wS4xj2LydTfOYOZY2kaYPoNj','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1770541792181,
    "actor": null,
    "client_id": "client_380wQI6dM4UWzTTHqv2fb0MRkvn",
    "created_at": 1767949792181,
    "expire_at": 1768554592181,
    "id": "sess_380wS4xj2LydTfOYOZY2kaYPoNj",
    "last_active_at": 1767949792181,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1767949792230,
    "user_id": "user_37yhFMmnyFfWu0M51Qk7xKnftAE"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1767949792244,
  "type": "session.created"
}
','applied',NULL,'development',1767949792244,1796093659129,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(109,'msg_00000005f5cf30a16cc84c2b8e0','session.created','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','sess_3EzZ2Q3rr9KxFxxh93p9lcHdGRj','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1783775150428,
    "actor": {
      "iss": "https://dashboard.clerk.com",
      "sid": "sess_3EzYEBx6XpQWEv9xod5K77Ii9cQ",
      "sub": "user_2rFV2FFxj6QT0qRBVs56CiI2eqp",
      "type": "agent"
    },
    "client_id": "client_3EzYuam17BXhI3YsdkahsVdyQBk",
    "created_at": 1781183150428,
    "expire_at": 1781787950428,
    "id": "sess_3EzZ2Q3rr9KxFxxh93p9lcHdGRj",
    "last_active_at": 1781183150428,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1781183150506,
    "user_id": "user_3DFVKjDyEU8wpgZH1jXaiwMKO1k"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.250",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1781183150546,
  "type": "session.created"
}
','applied',NULL,'development',1781183150546,1796093659129,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(110,'msg_00000001f5ce019e7cc2d33d4ab','session.created','user_30VmkKjT7Vwydgrxxu1uTsOktKf','sess_30VmkGsSo8sYNccZzccL7EQ0k1k','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1756313255980,
    "actor": null,
    "client_id": "client_30VmZrNT7nsAjpIT50kXmzJqISs",
    "created_at": 1753721255980,
    "expire_at": 1754326055980,
    "id": "sess_30VmkGsSo8sYNccZzccL7EQ0k1k",
    "last_active_at": 1753721255980,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1753721256012,
    "user_id": "user_30VmkKjT7Vwydgrxxu1uTsOktKf"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:a11:7::5e",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1753721256051,
  "type": "session.created"
}
','applied',NULL,'development',1753721256051,1796093659129,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(111,'msg_0000000d5f69695ce942c99c8b6','session.created','user_32MNqVkqbGl4THdF7YL1xCQvRAO','sess_32MNqdVOyZ72RcYd2XqmB6qokWa','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1759818673005,
    "actor": null,
    "client_id": "client_32MNhs7x35tGwgvsdjHsPpMWZsF",
    "created_at": 1757226673005,
    "expire_at": 1757831473005,
    "id": "sess_32MNqdVOyZ72RcYd2XqmB6qokWa",
    "last_active_at": 1757226673005,
    "last_active_organization_id": null,
    "latest_activity": {
      "browser_name": "Mobile Safari",
      "browser_version": "18.6",
      "device_type": "iPhone",
      "id": "sess_activity_32MNqfnimiPjOSY75foN72L9Mwb",
      "ip_address": "203.0.113.40",
      "is_mobile": true,
      "object": "session_activity"
    },
    "object": "session",
    "status": "active",
    "updated_at": 1757226673075,
    "user_id": "user_32MNqVkqbGl4THdF7YL1xCQvRAO"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.40",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1757226673091,
  "type": "session.created"
}
','applied',NULL,'development',1757226673091,1796093659129,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(112,'msg_0000000b6711b051749ccd4ba37','session.created','user_39X4xl5cLwaX28PrdcnpFAUmypx','sess_39X4xknVSZ1jTK5VNl4mscrIaeR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1773421329703,
    "actor": null,
    "client_id": "client_39X4ueCXGiNPd8fQPFBbHLC6h25",
    "created_at": 1770829329703,
    "expire_at": 1771434129703,
    "id": "sess_39X4xknVSZ1jTK5VNl4mscrIaeR",
    "last_active_at": 1770829329703,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1770829329730,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "create_organization_enabled": true,
      "created_at": 1770829329633,
      "delete_self_enabled": true,
      "email_addresses": [
        {
          "created_at": 1770829329202,
          "email_address": "bruno.almeida@example.com",
          "id": "idn_39X4xj6lzSaMWo6hv4cGWFZug4w",
          "linked_to": [
            {
              "id": "idn_39X4xkE3wdkASTg55y4tneaAHHM",
              "type": "oauth_google"
            }
          ],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1770829329644,
          "verification": {
            "attempts": null,
            "expire_at": null,
            "object": "verification_from_oauth",
            "status": "verified",
            "strategy": "from_oauth_google"
          }
        }
      ],
      "first_name": "Bruno",
      "id": "user_39X4xl5cLwaX28PrdcnpFAUmypx",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalpDa3BHSDh0MERtcFJ3MmNkNkRmdTIifQ",
      "last_active_at": 1770829329552,
      "last_name": "Almeida",
      "last_sign_in_at": 1770829329703,
      "object": "user",
      "username": null
    },
    "user_id": "user_39X4xl5cLwaX28PrdcnpFAUmypx"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.7",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770829329760,
  "type": "session.created"
}
','applied',NULL,'development',1770829329760,1796093659327,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(113,'meetvo.user.embedded:msg_0000000b6711b051749ccd4ba37','meetvo.user.embedded','user_39X4xl5cLwaX28PrdcnpFAUmypx','user_39X4xl5cLwaX28PrdcnpFAUmypx','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1770829329760,1796093659327,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(114,'msg_0000000d7e7775a1ba4637f3a3e','session.created','user_34fd8bU4BDC7JRUotiPdixb6CN6','sess_38AvsD8uNMNwSYHSl6L1Va8EUDW','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1770847394557,
    "actor": null,
    "client_id": "client_38AvpxKmio9mEaykks7otsWbDqN",
    "created_at": 1768255394557,
    "expire_at": 1768860194557,
    "id": "sess_38AvsD8uNMNwSYHSl6L1Va8EUDW",
    "last_active_at": 1768255394557,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1768255394630,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "create_organization_enabled": true,
      "created_at": 1761608401684,
      "delete_self_enabled": true,
      "email_addresses": [
        {
          "created_at": 1761608401584,
          "email_address": "kenji.mori@example.org",
          "id": "idn_34fd8eItqo4LzXO47TvuR3nvnJ1",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1761608407346,
          "verification": {
            "attempts": null,
            "expire_at": null,
            "object": "verification_admin",
            "status": "verified",
            "strategy": "admin"
          }
        }
      ],
      "first_name": "Kenji",
      "id": "user_34fd8bU4BDC7JRUotiPdixb6CN6",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM0ZmQ4YlU0QkRDN0pSVW90aVBkaXhiNkNONiIsImluaXRpYWxzIjoiS00ifQ",
      "last_active_at": 1761608401416,
      "last_name": "Mori",
      "last_sign_in_at": 1768255394557,
      "object": "user",
      "username": "kenjimori"
    },
    "user_id": "user_34fd8bU4BDC7JRUotiPdixb6CN6"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.34",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1768255394648,
  "type": "session.created"
}
','applied',NULL,'development',1768255394648,1796093659143,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(115,'meetvo.user.embedded:msg_0000000d7e7775a1ba4637f3a3e','meetvo.user.embedded','user_34fd8bU4BDC7JRUotiPdixb6CN6','user_34fd8bU4BDC7JRUotiPdixb6CN6','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1768255394648,1796093659143,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(116,'msg_0000000496d37ca74f068be269c','session.created','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','sess_3E1eNdBegS5JNlDOsawYFpD4A36','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1781942463290,
    "actor": null,
    "client_id": "client_3E1eHr3v1VfiOqhym9mDlMY8BYR",
    "created_at": 1779350463290,
    "expire_at": 1779955263290,
    "id": "sess_3E1eNdBegS5JNlDOsawYFpD4A36",
    "last_active_at": 1779350463290,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1779350463349,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "create_organization_enabled": true,
      "created_at": 1777877742919,
      "delete_self_enabled": true,
      "email_addresses": [
        {
          "created_at": 1777877728919,
          "email_address": "farah.haddad@example.com",
          "id": "idn_3DFVIvd8X0lKqEoQ0A9uNadyuMq",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1777877742930,
          "verification": {
            "attempts": 1,
            "expire_at": 1777878328919,
            "object": "verification_otp",
            "status": "verified",
            "strategy": "email_code"
          }
        }
      ],
      "first_name": "Farah",
      "id": "user_3DFVKjDyEU8wpgZH1jXaiwMKO1k",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNERlZLakR5RVU4d3BnWkgxalhhaXdNS08xayIsImluaXRpYWxzIjoiRkgifQ",
      "last_active_at": 1777877742890,
      "last_name": "Haddad",
      "last_sign_in_at": 1779350463290,
      "object": "user",
      "username": null
    },
    "user_id": "user_3DFVKjDyEU8wpgZH1jXaiwMKO1k"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:5:60::f1",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1779350463375,
  "type": "session.created"
}
','applied',NULL,'development',1779350463375,1796093659327,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(117,'meetvo.user.embedded:msg_0000000496d37ca74f068be269c','meetvo.user.embedded','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1779350463375,1796093659327,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(118,'msg_000000068920d2775c6226ef67d','session.created','user_3ENmKZo9mKCw4HNxF0htSTxRjKs','sess_3ENmKjsHUzM9k9rLHoB7WYYph0f','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1782619339730,
    "actor": null,
    "client_id": "client_3ENm9bgnx46XHt4LxqbZSJmlLLU",
    "created_at": 1780027339730,
    "expire_at": 1780632139730,
    "id": "sess_3ENmKjsHUzM9k9rLHoB7WYYph0f",
    "last_active_at": 1780027339730,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1780027339783,
    "user_id": "user_3ENmKZo9mKCw4HNxF0htSTxRjKs"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.250",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1780027339834,
  "type": "session.created"
}
','applied',NULL,'development',1780027339834,1796093659329,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(119,'msg_0000000b55214e6dba10a369c7c','session.created','user_2xOocFfUQreMgh25uKw2PqdKL6m','sess_36bWDSi0Chi3b4bVPw8HrbZMmBr','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1767867631019,
    "actor": null,
    "client_id": "client_36bW2nt6RDYUOUxu1hv6dRr0QFr",
    "created_at": 1765275631019,
    "expire_at": 1765880431019,
    "id": "sess_36bWDSi0Chi3b4bVPw8HrbZMmBr",
    "last_active_at": 1765275631019,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1765275631070,
    "user": null,
    "user_id": "user_2xOocFfUQreMgh25uKw2PqdKL6m"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.202",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1765275631119,
  "type": "session.created"
}
','applied',NULL,'development',1765275631119,1796093659329,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(120,'msg_00000007f81afbea2f4f6b8a0c1','session.created','user_320baXCrFWSBAuWrM5OaGaPKeBY','sess_3AUyvmuTfIj8VTnuchlLkIAuHMi','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1775253676040,
    "actor": null,
    "client_id": "client_3AUyv8CzB0Q606x69Q9Jz7noCHH",
    "created_at": 1772661676040,
    "expire_at": 1773266476040,
    "id": "sess_3AUyvmuTfIj8VTnuchlLkIAuHMi",
    "last_active_at": 1772661676040,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1772661676089,
    "user_id": "user_320baXCrFWSBAuWrM5OaGaPKeBY"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.187",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772661676115,
  "type": "session.created"
}
','applied',NULL,'development',1772661676115,1796093659330,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(121,'msg_000000046da2d97018a6f06190d','session.created','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','sess_3CLElYV9t5nbhJQ7QdzKjjeWdkq','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1778748601416,
    "actor": null,
    "client_id": "client_3CLElFTCUvcrMfuqsso1y1IhD1N",
    "created_at": 1776156601416,
    "expire_at": 1776761401416,
    "id": "sess_3CLElYV9t5nbhJQ7QdzKjjeWdkq",
    "last_active_at": 1776156601416,
    "last_active_organization_id": null,
    "new_number": 12,
    "new_object": {
      "list": [
        {
          "a": true
        }
      ]
    },
    "object": "session",
    "status": "active",
    "updated_at": 1776156601454,
    "user_id": "user_3Bg1XxC0rz3SSgpnDhDmObMBkZO"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.154",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "new_envelope_field": {
    "x": "y"
  },
  "object": "event",
  "timestamp": 1776156601473,
  "type": "session.created"
}
','applied',NULL,'development',1776156601473,1796093659330,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(122,'msg_0000000cfd4bdac2a42e027df3f','session.created','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','sess_3ANiGFtjPPwqVU9PL9bgA4ydXJ8','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1775031331242,
    "actor": null,
    "client_id": "client_3ANi9fRVDbx0R2MwA4iPXTL7TBJ",
    "created_at": 1772439331242,
    "expire_at": 1773044131242,
    "id": "sess_3ANiGFtjPPwqVU9PL9bgA4ydXJ8",
    "last_active_at": 1772439331242,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1772439331306,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "bypass_client_trust": false,
      "create_organization_enabled": true,
      "create_organizations_limit": null,
      "created_at": 1772439331204,
      "delete_self_enabled": true,
      "deprovisioned": false,
      "email_addresses": [
        {
          "created_at": 1772439317204,
          "email_address": "ada.okafor@example.com",
          "id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1772439331215,
          "verification": {
            "attempts": 1,
            "expire_at": 1772439917204,
            "object": "verification_otp",
            "status": "verified",
            "strategy": "email_code"
          }
        }
      ],
      "enterprise_accounts": [],
      "external_accounts": [],
      "external_id": null,
      "first_name": "Ada",
      "has_image": false,
      "id": "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBTmlHSU1rejZYOEQxSUM5RXJVcUpnUmsyRiIsImluaXRpYWxzIjoiQU8ifQ",
      "last_active_at": 1772439330794,
      "last_name": "Okafor",
      "last_sign_in_at": 1772439331242,
      "legal_accepted_at": null,
      "locale": "en-US",
      "locked": false,
      "lockout_expires_in_seconds": null,
      "mfa_disabled_at": null,
      "mfa_enabled_at": null,
      "object": "user",
      "passkeys": [],
      "password_enabled": true,
      "password_last_updated_at": 1772439331204,
      "phone_numbers": [],
      "primary_email_address_id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
      "primary_phone_number_id": null,
      "primary_web3_wallet_id": null,
      "private_metadata": {
        "crm_note": "pvt-ada-crm-9f2c71d0"
      },
      "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
      "public_metadata": {
        "plan": "free"
      },
      "requires_password_reset": false,
      "saml_accounts": [],
      "totp_enabled": false,
      "two_factor_enabled": false,
      "unsafe_metadata": {},
      "updated_at": 1772439331273,
      "username": "ada_okafor",
      "verification_attempts_remaining": 100,
      "web3_wallets": []
    },
    "user_id": "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.31",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772439331320,
  "type": "session.created"
}
','applied',NULL,'development',1772439331320,1796093659332,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(123,'meetvo.user.embedded:msg_0000000cfd4bdac2a42e027df3f','meetvo.user.embedded','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1772439331320,1796093659332,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(124,'msg_00000006edc973da44e51dce586','session.created','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','sess_396RFJ02ntXv7iP55hR28IbfUow','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1772606428533,
    "actor": null,
    "client_id": "client_396R7IkHIvpdld1Z6b5N92PxEfo",
    "created_at": 1770014428533,
    "expire_at": 1770619228533,
    "id": "sess_396RFJ02ntXv7iP55hR28IbfUow",
    "last_active_at": 1770014428533,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1770014428610,
    "user_id": "user_35KWvGGYjg1NWoH7YDT3lY8ASFw"
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770014428653,
  "type": "session.created"
}
','applied',NULL,'development',1770014428653,1796093659478,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(125,'msg_0000000f6a65ec0e3d0ed973a1d','session.created','user_34GgnbnjiKSWY3UaqalY5zRagbf','sess_34JQbwPPbizxflhattgnPAznC7l','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1763521269245,
    "actor": null,
    "client_id": "client_34JQTXv18LcQvcTD1Oix4Ih5hmp",
    "created_at": 1760929269245,
    "expire_at": 1761534069245,
    "id": "sess_34JQbwPPbizxflhattgnPAznC7l",
    "last_active_at": 1760929269245,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1760929269318,
    "user_id": "user_34GgnbnjiKSWY3UaqalY5zRagbf"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:4f2:91::c3",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1760929269332,
  "type": "session.created"
}
','applied',NULL,'development',1760929269332,1796093659483,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(126,'msg_00000005a5a874e49508c878c80','session.ended','user_39X4xl5cLwaX28PrdcnpFAUmypx','sess_3BGKqCtlr8uJ63ghTCeYeOiLjN0','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1776702155702,
    "actor": null,
    "client_id": "client_3BGKnePo8UEEYoQxHY32KECcjRu",
    "created_at": 1774110155702,
    "expire_at": 1774714955702,
    "id": "sess_3BGKqCtlr8uJ63ghTCeYeOiLjN0",
    "last_active_at": 1774110155702,
    "last_active_organization_id": null,
    "object": "session",
    "status": "ended",
    "updated_at": 1774110875702,
    "user_id": "user_39X4xl5cLwaX28PrdcnpFAUmypx"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.7",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1774110875729,
  "type": "session.ended"
}
','applied',NULL,'development',1774110875729,1796093659485,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(127,'msg_0000000552766b16b9a94ef984b','session.ended','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','sess_39AP4FI4gZ7QAx2V1M8vpyXxmJR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1783338309746,1796093659493,NULL,NULL,NULL,NULL,'session','updated',NULL);
INSERT INTO "webhook_events" VALUES(128,'meetvo.user.embedded:msg_0000000552766b16b9a94ef984b','meetvo.user.embedded','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1783338309746,1796093659493,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(129,'msg_00000004d42650736d8e96d3506','session.ended','user_36DUaINvnqFmSSVBVNDMchIZu2m','sess_376gO6RDHdf59xhXa5KuQPmuUMP','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1768820899940,
    "actor": null,
    "client_id": "client_376gDcotKOTVquO7gQzUq2OzrSn",
    "created_at": 1766228899940,
    "expire_at": 1766833699940,
    "id": "sess_376gO6RDHdf59xhXa5KuQPmuUMP",
    "last_active_at": 1766228899940,
    "last_active_organization_id": null,
    "object": "session",
    "status": "expired",
    "updated_at": 1766833700240,
    "user_id": "user_36DUaINvnqFmSSVBVNDMchIZu2m"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.62",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1766833700283,
  "type": "session.ended"
}
','applied',NULL,'development',1766833700283,1796093659494,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(130,'msg_00000004dfdf68a6ed7cd8526d0','session.ended','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','sess_3ANiGFtjPPwqVU9PL9bgA4ydXJ8','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1775031331242,
    "actor": null,
    "client_id": "client_3ANi9fRVDbx0R2MwA4iPXTL7TBJ",
    "created_at": 1772439331242,
    "expire_at": 1773044131242,
    "id": "sess_3ANiGFtjPPwqVU9PL9bgA4ydXJ8",
    "last_active_at": 1773084601611,
    "last_active_organization_id": null,
    "object": "session",
    "status": "ended",
    "updated_at": 1773084605811,
    "user_id": "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.31",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1773084605840,
  "type": "session.ended"
}
','applied',NULL,'development',1773084605840,1796093659494,NULL,NULL,NULL,NULL,'session','updated',NULL);
INSERT INTO "webhook_events" VALUES(131,'msg_0000000150d351a6866c31428dc','session.created','user_33WdKfszOekBWXW7QRXdrh8x508','sess_38ni6dOqi4UVN4AhYsUaiymGP53','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1772033561907,
    "actor": null,
    "client_id": "client_38ni2gt8brH6ORzoTGml8SxQ9wM",
    "created_at": 1769441561907,
    "expire_at": 1770046361907,
    "id": "sess_38ni6dOqi4UVN4AhYsUaiymGP53",
    "last_active_at": 1769441561907,
    "last_active_organization_id": null,
    "object": "session",
    "updated_at": 1769441561943,
    "user_id": "user_33WdKfszOekBWXW7QRXdrh8x508"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.177",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769441561958,
  "type": "session.created"
}
','applied',NULL,'development',1769441561958,1796093659495,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(132,'msg_0000000c5bededb7e0e23267c24','session.created','user_3743aOgv7ht0NyQbmDZviDmSk6i','sess_3D7LyfueMvNdnECDXJzIZnpfn7N','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1780220417352,
    "actor": null,
    "client_id": "client_3D7LwsO3r64jJFNQNOnoM8IoXwh",
    "created_at": 1777628417352,
    "expire_at": 1778233217352,
    "id": "sess_3D7LyfueMvNdnECDXJzIZnpfn7N",
    "last_active_at": 1777628417352,
    "last_active_organization_id": null,
    "object": "session",
    "status": "active",
    "updated_at": 1777628417396,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "bypass_client_trust": false,
      "create_organization_enabled": true,
      "create_organizations_limit": null,
      "created_at": 1766148578273,
      "delete_self_enabled": true,
      "deprovisioned": false,
      "email_addresses": [
        {
          "created_at": 1766148564273,
          "email_address": "abel@example.org",
          "id": "idn_3743YchLVRJHqGpgPgJ7YrIbvkC",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1766148578284,
          "verification": {
            "attempts": 1,
            "expire_at": 1766149164273,
            "object": "verification_otp",
            "status": "verified",
            "strategy": "email_code"
          }
        }
      ],
      "enterprise_accounts": [],
      "external_accounts": [],
      "external_id": "customer-8812",
      "first_name": "Abel",
      "has_image": false,
      "id": "user_3743aOgv7ht0NyQbmDZviDmSk6i",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM3NDNhT2d2N2h0ME55UWJtRFp2aURtU2s2aSIsImluaXRpYWxzIjoiQVQifQ",
      "last_active_at": 1777628416665,
      "last_name": "Tesfaye-Berg",
      "last_sign_in_at": 1777628417352,
      "legal_accepted_at": null,
      "locale": "en-US",
      "locked": false,
      "lockout_expires_in_seconds": null,
      "mfa_disabled_at": null,
      "mfa_enabled_at": null,
      "object": "user",
      "passkeys": [],
      "password_enabled": true,
      "password_last_updated_at": 1766148578273,
      "phone_numbers": [],
      "primary_email_address_id": "idn_3743YchLVRJHqGpgPgJ7YrIbvkC",
      "primary_phone_number_id": null,
      "primary_web3_wallet_id": null,
      "private_metadata": {},
      "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
      "public_metadata": {
        "plan": "team"
      },
      "requires_password_reset": false,
      "saml_accounts": [],
      "totp_enabled": false,
      "two_factor_enabled": false,
      "unsafe_metadata": {},
      "updated_at": 1777628417385,
      "username": "abel-tb",
      "verification_attempts_remaining": 100,
      "web3_wallets": []
    },
    "user_id": "user_3743aOgv7ht0NyQbmDZviDmSk6i"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.58",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1777628417440,
  "type": "session.created"
}
','applied',NULL,'development',1777628417440,1796093659496,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(133,'meetvo.user.embedded:msg_0000000c5bededb7e0e23267c24','meetvo.user.embedded','user_3743aOgv7ht0NyQbmDZviDmSk6i','user_3743aOgv7ht0NyQbmDZviDmSk6i','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1777628417440,1796093659496,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(134,'msg_0000000166fb7d9659cef93c736','session.ended','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','sess_3F79QrSQc5MWCHt3UGpfonKi4HB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1784007227072,
    "actor": null,
    "client_id": "client_3F79G8fDPtVLxgHqp3B1aYu4kdb",
    "created_at": 1781415227072,
    "expire_at": 1782020027072,
    "id": "sess_3F79QrSQc5MWCHt3UGpfonKi4HB",
    "last_active_at": 1781415227072,
    "last_active_organization_id": null,
    "object": "session",
    "status": "suspended",
    "updated_at": 1781501227072,
    "user_id": "user_2y0IKh2dgvr6dwjLUFUwGYPv1vB"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.14",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1781501227099,
  "type": "session.ended"
}
','applied',NULL,'development',1781501227099,1796093659524,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(135,'msg_00000006c19ed51253a7c1dd3d3','session.ended','user_2rfTF8P3Cf1zjl92u9aNy4VJjau','sess_2tkseMGQ9EePJHzc3OZjyVMwVL1','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1743499500087,
    "actor": null,
    "client_id": "client_2tksad8lIlJkkp7C2cN7kUilqZA",
    "created_at": 1740907500087,
    "expire_at": 1741512300087,
    "id": "sess_2tkseMGQ9EePJHzc3OZjyVMwVL1",
    "last_active_at": 1740907500087,
    "last_active_organization_id": null,
    "object": "session",
    "status": "ended",
    "updated_at": 1740911100127,
    "user_id": "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.88",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1740911100153,
  "type": "session.ended"
}
','applied',NULL,'development',1740911100153,1796093659525,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(136,'msg_0000000864222acb30fe314e55a','session.pending','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','sess_3Ea4wvDEnRmve3fhAZ0zXPSnJou','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1782995588430,
    "actor": null,
    "client_id": "client_3Ea4ukgT78QC0KakCXMQwQjfEcx",
    "created_at": 1780403588430,
    "expire_at": 1781008388430,
    "id": "sess_3Ea4wvDEnRmve3fhAZ0zXPSnJou",
    "last_active_at": 1780403588430,
    "last_active_organization_id": null,
    "object": "session",
    "status": "pending",
    "tasks": [
      {
        "key": "reset-password"
      },
      {
        "key": "setup-mfa"
      }
    ],
    "updated_at": 1780403588477,
    "user_id": "user_3Ea4x0UXljtd7bK7quj6WiuCiHG"
  },
  "event_attributes": {},
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1780403588495,
  "type": "session.pending"
}
','applied',NULL,'development',1780403588495,1796093659527,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(137,'msg_00000006eca3ea300228216233a','session.pending','user_39X4xl5cLwaX28PrdcnpFAUmypx','sess_3BGKqCtlr8uJ63ghTCeYeOiLjN0','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1776702155702,
    "actor": null,
    "client_id": "client_3BGKnePo8UEEYoQxHY32KECcjRu",
    "created_at": 1774110155702,
    "expire_at": 1774714955702,
    "id": "sess_3BGKqCtlr8uJ63ghTCeYeOiLjN0",
    "last_active_at": 1774110155702,
    "last_active_organization_id": null,
    "object": "session",
    "status": "pending",
    "tasks": [
      {
        "key": "setup-mfa"
      }
    ],
    "updated_at": 1774110155767,
    "user_id": "user_39X4xl5cLwaX28PrdcnpFAUmypx"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.9",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1774110155810,
  "type": "session.pending"
}
','applied',NULL,'development',1774110155810,1796093659527,NULL,NULL,NULL,NULL,'session','updated',NULL);
INSERT INTO "webhook_events" VALUES(138,'msg_0000000a7339c3391390bab0764','session.removed','user_338aXdAjzC5JhXnA8Yg61FLD67N','sess_37UJbvlgehCI5DjtgQjjY3EMrBe','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1769543790215,
    "actor": null,
    "client_id": "client_37UJRQH2Q1DGtt2THl4F0VuoNKM",
    "created_at": 1766951790215,
    "expire_at": 1767556590215,
    "id": "sess_37UJbvlgehCI5DjtgQjjY3EMrBe",
    "last_active_at": 1766951790215,
    "last_active_organization_id": null,
    "object": "session",
    "status": "abandoned",
    "updated_at": 1769543790615,
    "user_id": "user_338aXdAjzC5JhXnA8Yg61FLD67N"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.75",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769543790628,
  "type": "session.removed"
}
','applied',NULL,'development',1769543790628,1796093659530,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(139,'msg_00000002a3e9379016458a37113','session.ended','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','sess_3BkRPDUMUOyxUoqQwYUjSrDnhn7','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1777623055263,
    "actor": null,
    "client_id": "client_3BkRFclNwmpPPViUDV9fawURyH9",
    "created_at": 1775031055263,
    "expire_at": 1775635855263,
    "id": "sess_3BkRPDUMUOyxUoqQwYUjSrDnhn7",
    "last_active_at": 1775031055263,
    "last_active_organization_id": null,
    "object": "session",
    "status": "ended",
    "updated_at": 1775036455263,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "bypass_client_trust": false,
      "create_organization_enabled": true,
      "create_organizations_limit": null,
      "created_at": 1755167223940,
      "delete_self_enabled": true,
      "deprovisioned": false,
      "email_addresses": [
        {
          "created_at": 1755167209940,
          "email_address": "zoe.lindqvist@example.net",
          "id": "idn_31H3XTBa7xMt9xDMkLXQLb0BmQX",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1755167223951,
          "verification": {
            "attempts": 1,
            "expire_at": 1755167809940,
            "object": "verification_otp",
            "status": "verified",
            "strategy": "email_code"
          }
        }
      ],
      "enterprise_accounts": [],
      "external_accounts": [
        {
          "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
          "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
          "created_at": 1755253623940,
          "email_address": "zoe.lindqvist@example.net",
          "external_account_id": "eac_31JsgouV6H39Wi6eXmszPAtBHQe",
          "family_name": "Lindqvist",
          "first_name": "Zoë",
          "given_name": "Zoë",
          "google_id": "116276895342991419801",
          "id": "idn_31Jsgs5MPf84u1jB0uDH7bF4hlA",
          "identification_id": "idn_31Jsgs5MPf84u1jB0uDH7bF4hlA",
          "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
          "label": null,
          "last_name": "Lindqvist",
          "object": "google_account",
          "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
          "provider": "oauth_google",
          "provider_user_id": "116276895342991419801",
          "public_metadata": {},
          "updated_at": 1755253623940,
          "username": null,
          "verification": {
            "attempts": null,
            "expire_at": 1755254217940,
            "object": "verification_oauth",
            "status": "verified",
            "strategy": "oauth_google"
          }
        }
      ],
      "external_id": null,
      "first_name": "Zoë 🦊",
      "has_image": false,
      "id": "user_31H3ZDLk6q1VQcYqslPFbp3JU8i",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMxSDNaRExrNnExVlFjWXFzbFBGYnAzSlU4aSIsImluaXRpYWxzIjoiWkwifQ",
      "last_active_at": 1775031054962,
      "last_name": "Lindqvist 🌊",
      "last_sign_in_at": 1775031055263,
      "legal_accepted_at": null,
      "locale": "en-US",
      "locked": false,
      "lockout_expires_in_seconds": null,
      "mfa_disabled_at": null,
      "mfa_enabled_at": null,
      "object": "user",
      "passkeys": [],
      "password_enabled": true,
      "password_last_updated_at": 1755167223940,
      "phone_numbers": [],
      "primary_email_address_id": "idn_31H3XTBa7xMt9xDMkLXQLb0BmQX",
      "primary_phone_number_id": null,
      "primary_web3_wallet_id": null,
      "private_metadata": {
        "support_tier": "pvt-zoe-tier-70d3aa92"
      },
      "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
      "public_metadata": {},
      "requires_password_reset": false,
      "saml_accounts": [],
      "totp_enabled": false,
      "two_factor_enabled": false,
      "unsafe_metadata": {},
      "updated_at": 1775031055293,
      "username": "zoefox",
      "verification_attempts_remaining": 100,
      "web3_wallets": []
    },
    "user_id": "user_31H3ZDLk6q1VQcYqslPFbp3JU8i"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.33",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775036455293,
  "type": "session.ended"
}
','applied',NULL,'development',1775036455293,1796093659534,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(140,'meetvo.user.embedded:msg_00000002a3e9379016458a37113','meetvo.user.embedded','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1775036455293,1796093659534,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(141,'msg_0000000e80f49d97b5877d8ccda','session.removed','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','sess_38G8k9yKQjtdkQD4O4aiPaHxnQ5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1771006687366,
    "actor": null,
    "client_id": "client_38G8fynO45NLe2TVX4tzaeqkmJz",
    "created_at": 1768414687366,
    "expire_at": 1769019487366,
    "id": "sess_38G8k9yKQjtdkQD4O4aiPaHxnQ5",
    "last_active_at": 1768414687366,
    "last_active_organization_id": null,
    "object": "session",
    "status": "replaced",
    "updated_at": 1768415587366,
    "user_id": "user_35KWvGGYjg1NWoH7YDT3lY8ASFw"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.9",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1768415587400,
  "type": "session.removed"
}
','applied',NULL,'development',1768415587400,1796093659539,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(142,'msg_000000064039668ffebaf52d564','session.pending','user_3Dt8gTriVnklsJiq25r9BO3SFDs','sess_3Dt8iGOPmZoAhOd9qTfox09fSq3','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1781682130377,
    "actor": null,
    "client_id": "client_3Dt8eX6mTEI5d4GSBHO5elAio3p",
    "created_at": 1779090130377,
    "expire_at": 1779694930377,
    "id": "sess_3Dt8iGOPmZoAhOd9qTfox09fSq3",
    "last_active_at": 1779090130377,
    "last_active_organization_id": null,
    "object": "session",
    "status": "pending",
    "tasks": [
      {
        "key": "choose-organization"
      }
    ],
    "updated_at": 1779090130460,
    "user_id": "user_3Dt8gTriVnklsJiq25r9BO3SFDs"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.129",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1779090130514,
  "type": "session.pending"
}
','applied',NULL,'development',1779090130514,1796093659541,NULL,NULL,NULL,NULL,'session','updated',NULL);
INSERT INTO "webhook_events" VALUES(143,'msg_0000000802d03c259e1b95de345','session.removed','user_38ff0iGvBdQhxiDKGw7ecsvwj85','sess_38ff3AFPHmZfC6Bt7oBEKASW4NU','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1771787343744,
    "actor": null,
    "client_id": "client_38ff0kUUUElnxeCV9cwGUI3wXbj",
    "created_at": 1769195343744,
    "expire_at": 1769800143744,
    "id": "sess_38ff3AFPHmZfC6Bt7oBEKASW4NU",
    "last_active_at": 1769195343744,
    "last_active_organization_id": null,
    "latest_activity": null,
    "object": "session",
    "status": "removed",
    "updated_at": 1769239343744,
    "user": null,
    "user_id": "user_38ff0iGvBdQhxiDKGw7ecsvwj85"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.143",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769239343788,
  "type": "session.removed"
}
','applied',NULL,'development',1769239343788,1796093659610,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(144,'msg_00000005bea589ec80375c2bb4a','session.removed','user_2rfTF8P3Cf1zjl92u9aNy4VJjau','sess_2tkseMGQ9EePJHzc3OZjyVMwVL1','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1743499500087,
    "actor": null,
    "client_id": "client_2tksad8lIlJkkp7C2cN7kUilqZA",
    "created_at": 1740907500087,
    "expire_at": 1741512300087,
    "id": "sess_2tkseMGQ9EePJHzc3OZjyVMwVL1",
    "last_active_at": 1740907500087,
    "last_active_organization_id": null,
    "object": "session",
    "status": "removed",
    "updated_at": 1740911100087,
    "user_id": "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.88",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1740911100117,
  "type": "session.removed"
}
','stale',NULL,'development',1740911100117,1796093659614,NULL,NULL,NULL,NULL,'session',NULL,NULL);
INSERT INTO "webhook_events" VALUES(145,'msg_0000000376cda9d132c189f6c4d','session.removed','user_33WdKfszOekBWXW7QRXdrh8x508','sess_38kjSwLHqQbWQeSGCwsQYLrOfUe','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1771942466499,
    "actor": null,
    "client_id": "client_38kjQo1QRVCUZDgpwNcJp8eyKTM",
    "created_at": 1769350466499,
    "expire_at": 1769955266499,
    "id": "sess_38kjSwLHqQbWQeSGCwsQYLrOfUe",
    "last_active_at": 1769350466499,
    "last_active_organization_id": null,
    "object": "session",
    "updated_at": 1769350726499,
    "user_id": "user_33WdKfszOekBWXW7QRXdrh8x508"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.177",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769350726544,
  "type": "session.removed"
}
','applied',NULL,'development',1769350726544,1796093659614,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(146,'msg_00000005f4b1458db3fdb74b5f9','session.removed','user_36PEfVrDg36HXmfToITHewezGMR','sess_38MMCxdYUidIlIZKt6KOiEGUpFt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1771196862118,
    "actor": null,
    "client_id": "client_38MM44Yo8rmkiwSDdNWcEFJ9PFt",
    "created_at": 1768604862118,
    "expire_at": 1769209662118,
    "id": "sess_38MMCxdYUidIlIZKt6KOiEGUpFt",
    "last_active_at": 1768604862118,
    "last_active_organization_id": null,
    "object": "session",
    "status": "removed",
    "updated_at": 1768606662118,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "bypass_client_trust": false,
      "create_organization_enabled": true,
      "create_organizations_limit": null,
      "created_at": 1764899909833,
      "delete_self_enabled": true,
      "deprovisioned": false,
      "email_addresses": [
        {
          "created_at": 1764899895833,
          "email_address": "mei.tanaka@example.org",
          "id": "idn_36PEdnigNZjX9fEVGLN3zPXWLKm",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1764899909844,
          "verification": {
            "attempts": 1,
            "expire_at": 1764900495833,
            "object": "verification_otp",
            "status": "verified",
            "strategy": "email_code"
          }
        }
      ],
      "enterprise_accounts": [],
      "external_accounts": [],
      "external_id": null,
      "first_name": "Mei",
      "has_image": false,
      "id": "user_36PEfVrDg36HXmfToITHewezGMR",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM2UEVmVnJEZzM2SFhtZlRvSVRIZXdlekdNUiIsImluaXRpYWxzIjoiTVQifQ",
      "last_active_at": 1768604861460,
      "last_name": "Tanaka",
      "last_sign_in_at": 1768604862118,
      "legal_accepted_at": null,
      "locale": "en-US",
      "locked": false,
      "lockout_expires_in_seconds": null,
      "mfa_disabled_at": null,
      "mfa_enabled_at": null,
      "object": "user",
      "passkeys": [],
      "password_enabled": true,
      "password_last_updated_at": 1764899909833,
      "phone_numbers": [],
      "primary_email_address_id": "idn_36PEdnigNZjX9fEVGLN3zPXWLKm",
      "primary_phone_number_id": null,
      "primary_web3_wallet_id": null,
      "private_metadata": {
        "beta_group": "pvt-mei-beta-2b84d6fa"
      },
      "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
      "public_metadata": {},
      "requires_password_reset": false,
      "saml_accounts": [],
      "totp_enabled": false,
      "two_factor_enabled": false,
      "unsafe_metadata": {},
      "updated_at": 1768604862148,
      "username": "meitanaka",
      "verification_attempts_remaining": 100,
      "web3_wallets": []
    },
    "user_id": "user_36PEfVrDg36HXmfToITHewezGMR"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:90:4::1b",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1768606662163,
  "type": "session.removed"
}
','applied',NULL,'development',1768606662163,1796093659615,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(147,'meetvo.user.embedded:msg_00000005f4b1458db3fdb74b5f9','meetvo.user.embedded','user_36PEfVrDg36HXmfToITHewezGMR','user_36PEfVrDg36HXmfToITHewezGMR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1768606662163,1796093659615,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(148,'msg_00000004592f928566b5883220c','session.revoked','user_320baXCrFWSBAuWrM5OaGaPKeBY','sess_3AUyvmuTfIj8VTnuchlLkIAuHMi','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1775253676040,
    "actor": null,
    "client_id": "client_3AUyv8CzB0Q606x69Q9Jz7noCHH",
    "created_at": 1772661676040,
    "expire_at": 1773266476040,
    "id": "sess_3AUyvmuTfIj8VTnuchlLkIAuHMi",
    "last_active_at": 1772666676040,
    "last_active_organization_id": null,
    "object": "session",
    "status": "revoked",
    "updated_at": 1772712768005,
    "user_id": "user_320baXCrFWSBAuWrM5OaGaPKeBY"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.6",
      "user_agent": "clerk/clerk-sdk-go@v3.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772712768025,
  "type": "session.revoked"
}
','applied',NULL,'development',1772712768025,1796093659618,NULL,NULL,NULL,NULL,'session','updated',NULL);
INSERT INTO "webhook_events" VALUES(149,'msg_0000000b528343f517d5afb1edc','sms.created','user_338aXdAjzC5JhXnA8Yg61FLD67N','sms_39wOJGqqvYqSHVtDIhaNBKFveAb','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1771603592140,"id":"sms_39wOJGqqvYqSHVtDIhaNBKFveAb","object":"sms_message","phone_number_id":"idn_39kJFnTEkqGkrfS68wPdiJpSKF5","status":"queued","user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1771603592171,"type":"sms.created"}','ignored',NULL,'development',1771603592171,1796093659619,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(150,'msg_00000001c0c06623d3e3f674998','session.revoked','user_392VhowPHWsDFoqy4THLEMQQXlM','sess_39OghTE2iqcKCQJoTD9oZ9UxVtC','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "abandon_at": 1773164649631,
    "actor": null,
    "client_id": "client_39Ogb8doIsy8FkQguQfAjMVFllx",
    "created_at": 1770572649631,
    "expire_at": 1771177449631,
    "id": "sess_39OghTE2iqcKCQJoTD9oZ9UxVtC",
    "last_active_at": 1770572649631,
    "last_active_organization_id": null,
    "object": "session",
    "status": "revoked",
    "updated_at": 1770579649631,
    "user": {
      "backup_code_enabled": false,
      "banned": false,
      "bypass_client_trust": false,
      "create_organization_enabled": true,
      "create_organizations_limit": null,
      "created_at": 1769894274812,
      "delete_self_enabled": true,
      "deprovisioned": false,
      "email_addresses": [
        {
          "created_at": 1769894260812,
          "email_address": "yara.benali@example.net",
          "id": "idn_392Vg6REU6QXuyb15oUkq1FVVC0",
          "linked_to": [],
          "matches_sso_connection": false,
          "object": "email_address",
          "reserved": false,
          "updated_at": 1769894274823,
          "verification": {
            "attempts": 1,
            "expire_at": 1769894860812,
            "object": "verification_otp",
            "status": "verified",
            "strategy": "email_code"
          }
        }
      ],
      "enterprise_accounts": [],
      "external_accounts": [],
      "external_id": null,
      "first_name": "Yara",
      "has_image": false,
      "id": "user_392VhowPHWsDFoqy4THLEMQQXlM",
      "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM5MlZob3dQSFdzREZvcXk0VEhMRU1RUVhsTSIsImluaXRpYWxzIjoiWUIifQ",
      "last_active_at": 1770572649583,
      "last_name": "Benali",
      "last_sign_in_at": 1770572649631,
      "legal_accepted_at": null,
      "locale": "en-US",
      "locked": false,
      "lockout_expires_in_seconds": null,
      "mfa_disabled_at": null,
      "mfa_enabled_at": null,
      "object": "user",
      "passkeys": [],
      "password_enabled": true,
      "password_last_updated_at": 1769894274812,
      "phone_numbers": [],
      "primary_email_address_id": "idn_392Vg6REU6QXuyb15oUkq1FVVC0",
      "primary_phone_number_id": null,
      "primary_web3_wallet_id": null,
      "private_metadata": {},
      "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
      "public_metadata": {},
      "requires_password_reset": false,
      "saml_accounts": [],
      "totp_enabled": false,
      "two_factor_enabled": false,
      "unsafe_metadata": {},
      "updated_at": 1770572649661,
      "username": null,
      "verification_attempts_remaining": 100,
      "web3_wallets": []
    },
    "user_id": "user_392VhowPHWsDFoqy4THLEMQQXlM"
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.111",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770579649669,
  "type": "session.revoked"
}
','applied',NULL,'development',1770579649669,1796093659620,NULL,NULL,NULL,NULL,'session','created',NULL);
INSERT INTO "webhook_events" VALUES(151,'meetvo.user.embedded:msg_00000001c0c06623d3e3f674998','meetvo.user.embedded','user_392VhowPHWsDFoqy4THLEMQQXlM','user_392VhowPHWsDFoqy4THLEMQQXlM','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,NULL,1770579649669,1796093659620,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(152,'msg_00000002c797d6fe8d15d9c7e1d','sms.created','user_38ff0iGvBdQhxiDKGw7ecsvwj85','sms_38feygNIWgNZ2qmQzpKjOzTo0kC','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1769195308051,"id":"sms_38feygNIWgNZ2qmQzpKjOzTo0kC","object":"sms_message","phone_number_id":"idn_38feybDHS1Yw4CWfu580NNkIU8P","status":"queued","user_id":"user_38ff0iGvBdQhxiDKGw7ecsvwj85"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769195308078,"type":"sms.created"}','ignored',NULL,'development',1769195308078,1796093659620,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(153,'msg_000000019decc280c49c48c2651','subscription.active','user_3743aOgv7ht0NyQbmDZviDmSk6i','csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"active_at":1778181002640,"created_at":1778181002640,"id":"csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt","latest_payment_id":"cpa_3DPQ0ZzkcpHtvYgbrDWO1iuDwNB","object":"commerce_subscription","payer":{"created_at":1778181002640,"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","object":"commerce_payer","updated_at":1778181002640,"user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"payer_id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","payment_source_id":"cps_3DPQ0dd3tQMEw7OwPfb4IECcKA0","status":"active","updated_at":1778181004740},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778181004797,"type":"subscription.active"}','ignored',NULL,'development',1778181004797,1796093659626,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(154,'msg_0000000838dfbc4c820c4440a3e','subscription.created','user_3743aOgv7ht0NyQbmDZviDmSk6i','csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"active_at":1778181002640,"created_at":1778181002640,"id":"csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt","latest_payment_id":"cpa_3DPQ0ZzkcpHtvYgbrDWO1iuDwNB","object":"commerce_subscription","payer":{"created_at":1778181002640,"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","object":"commerce_payer","updated_at":1778181002640,"user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"payer_id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","payment_source_id":"cps_3DPQ0dd3tQMEw7OwPfb4IECcKA0","status":"active","updated_at":1778181002640},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778181002692,"type":"subscription.created"}','ignored',NULL,'development',1778181002692,1796093659627,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(155,'msg_000000089bc8e5cc167b42340ef','subscription.pastDue','user_3743aOgv7ht0NyQbmDZviDmSk6i','csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"active_at":1778181002640,"created_at":1778181002640,"id":"csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt","latest_payment_id":"cpa_3DPQ0ZzkcpHtvYgbrDWO1iuDwNB","object":"commerce_subscription","past_due_at":1780859402640,"payer":{"created_at":1778181002640,"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","object":"commerce_payer","updated_at":1778181002640,"user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"payer_id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","payment_source_id":"cps_3DPQ0dd3tQMEw7OwPfb4IECcKA0","status":"past_due","updated_at":1780859402640},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780859402671,"type":"subscription.pastDue"}','ignored',NULL,'development',1780859402671,1796093659628,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(156,'msg_0000000c671dcaacca3c127f6ac','subscription.updated','user_3743aOgv7ht0NyQbmDZviDmSk6i','csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"active_at":1778181002640,"created_at":1778181002640,"id":"csub_3DPQ0bcmQKoCdHDw59GdMQHgqTt","latest_payment_id":"cpa_3DPQ0ZzkcpHtvYgbrDWO1iuDwNB","object":"commerce_subscription","payer":{"created_at":1778181002640,"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","object":"commerce_payer","updated_at":1778181002640,"user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"payer_id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","payment_source_id":"cps_3DPQ0dd3tQMEw7OwPfb4IECcKA0","status":"active","updated_at":1778440202640},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778440202688,"type":"subscription.updated"}','ignored',NULL,'development',1778440202688,1796093659629,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(157,'msg_00000006b48e117b95bae7f8d54','subscriptionItem.abandoned','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DkNh5MR3omqvdQsOVZGO5ecYF5','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778822223609,"id":"csub_item_3DkNh5MR3omqvdQsOVZGO5ecYF5","object":"subscription_item","payer":{"created_at":1778822223609,"id":"cpayer_3DkNhAPWYrwKB3vyPJpdnaiSrns","object":"commerce_payer","updated_at":1778822223609,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"abandoned","subscription_id":"csub_3DkNh4sLR3lhleb1jMD3w0tJJ3q","updated_at":1778908623609},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778908623656,"type":"subscriptionItem.abandoned"}','ignored',NULL,'development',1778908623656,1796093659630,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(158,'msg_00000003a2d4bc452d8fc421958','subscriptionItem.active','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DdIQkcRpGngJ9LHQcRwCmJ7RAY','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778605505783,"id":"csub_item_3DdIQkcRpGngJ9LHQcRwCmJ7RAY","object":"subscription_item","payer":{"created_at":1778605505783,"id":"cpayer_3DdIQnktrrPVy2fRXjDkipDkncG","object":"commerce_payer","updated_at":1778605505783,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"active","subscription_id":"csub_3DdIQhcJuIVl5IG3m2rH9rq9ygz","updated_at":1778605505783},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778605505815,"type":"subscriptionItem.active"}','ignored',NULL,'development',1778605505815,1796093659631,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(159,'msg_0000000bb469ea461b489b4a7f7','subscriptionItem.canceled','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DmqtGUmGDiRPTFPCYArMZGEd5F','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778897805035,"id":"csub_item_3DmqtGUmGDiRPTFPCYArMZGEd5F","object":"subscription_item","payer":{"created_at":1778897805035,"id":"cpayer_3DmqtLvJUJHSxELZv8nQckw0LYO","object":"commerce_payer","updated_at":1778897805035,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"canceled","subscription_id":"csub_3DmqtK54aNDOxfMXGbyhU6AdlaH","updated_at":1779070605035},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1779070605082,"type":"subscriptionItem.canceled"}','ignored',NULL,'development',1779070605082,1796093659632,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(160,'msg_0000000b8ad5febcef0e75c300d','subscriptionItem.created','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DfGBbHCZkIhvKlrRYY0sdQdSiW','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778665575531,"id":"csub_item_3DfGBbHCZkIhvKlrRYY0sdQdSiW","object":"subscription_item","payer":{"created_at":1778665575531,"id":"cpayer_3DfGBdUysmWI22TgdVEhq4iO5jE","object":"commerce_payer","updated_at":1778665575531,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"upcoming","subscription_id":"csub_3DfGBa6OpcaYJQpo9XCK4DbL6YS","updated_at":1778665575531},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778665575547,"type":"subscriptionItem.created"}','ignored',NULL,'development',1778665575547,1796093659633,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(161,'msg_00000000867a4f7ac03419c0023','subscriptionItem.ended','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DVt7SvOe6AaTX0YNZAXTEyUXZN','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778378897088,"id":"csub_item_3DVt7SvOe6AaTX0YNZAXTEyUXZN","object":"subscription_item","payer":{"created_at":1778378897088,"id":"cpayer_3DVt7aQW13nFpaOtk3hx40i5REW","object":"commerce_payer","updated_at":1778378897088,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"ended","subscription_id":"csub_3DVt7X7KdiSuyAY3GzYDCrLhtjP","updated_at":1780970897088},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1780970897111,"type":"subscriptionItem.ended"}','ignored',NULL,'development',1780970897111,1796093659639,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(162,'msg_0000000e08bda38932bbc28537b','subscriptionItem.freeTrialEnding','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DUOCeDIz2O62H0MWHqjhFdeNYx','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778333055884,"id":"csub_item_3DUOCeDIz2O62H0MWHqjhFdeNYx","object":"subscription_item","payer":{"created_at":1778333055884,"id":"cpayer_3DUOCkKZ3yBP1E9F9WvpBDj957Q","object":"commerce_payer","updated_at":1778333055884,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"active","subscription_id":"csub_3DUOCcn8HiRvf4wrpUiGCrC7W8V","updated_at":1779283455884},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1779283455904,"type":"subscriptionItem.freeTrialEnding"}','ignored',NULL,'development',1779283455904,1796093659640,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(163,'msg_00000008e7a958f45ac6a9ac8dc','subscriptionItem.incomplete','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DkpIFWQp7e3badfdQfQAf6WY5v','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778835839468,"id":"csub_item_3DkpIFWQp7e3badfdQfQAf6WY5v","object":"subscription_item","payer":{"created_at":1778835839468,"id":"cpayer_3DkpIFjollzDLnBHHtziRzd9HQm","object":"commerce_payer","updated_at":1778835839468,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"incomplete","subscription_id":"csub_3DkpI8yHQPcJaX4PwDLMVYEj4bM","updated_at":1778835839468},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778835839490,"type":"subscriptionItem.incomplete"}','ignored',NULL,'development',1778835839490,1796093659641,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(164,'msg_0000000177d6fca0f6a2c183323','subscriptionItem.pastDue','user_3743aOgv7ht0NyQbmDZviDmSk6i','csub_item_3DZFM6o91cdpO65p8h5ntYi217W','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778481633112,"id":"csub_item_3DZFM6o91cdpO65p8h5ntYi217W","object":"subscription_item","payer":{"created_at":1778181002640,"id":"cpayer_3DPQ0eESE1Fg6CDCKOaa3fEOmRt","object":"commerce_payer","organization_id":"org_38TlHUSL0uDX6LtisQKNyeh0ip6","updated_at":1778181002640,"user_id":"user_3743aOgv7ht0NyQbmDZviDmSk6i"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"past_due","subscription_id":"csub_3DZFM1wOPc72RmLXdjnvOkPBUX0","updated_at":1781160033112},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781160033128,"type":"subscriptionItem.pastDue"}','ignored',NULL,'development',1781160033128,1796093659642,NULL,NULL,NULL,'org_38TlHUSL0uDX6LtisQKNyeh0ip6',NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(165,'msg_00000004df2105c2322e18e5cd2','subscriptionItem.updated','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3Dn2hVq1Fr1rWIuMa2K20lEYL7u','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778903632057,"id":"csub_item_3Dn2hVq1Fr1rWIuMa2K20lEYL7u","object":"subscription_item","payer":{"created_at":1778903632057,"id":"cpayer_3Dn2hcFbYtVPr53n1UKPOrcsS4G","object":"commerce_payer","updated_at":1778903632057,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"active","subscription_id":"csub_3Dn2hcEe49BFi0SgQlxLaVOYfG1","updated_at":1778903932057},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778903932071,"type":"subscriptionItem.updated"}','ignored',NULL,'development',1778903932071,1796093659643,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(166,'msg_0000000fd78a82b149c72e6a4f1','subscriptionItem.upcoming','user_338aXdAjzC5JhXnA8Yg61FLD67N','csub_item_3DS3vpnl8GtT1pT889Z6trvYVoY','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1778261876425,"id":"csub_item_3DS3vpnl8GtT1pT889Z6trvYVoY","object":"subscription_item","payer":{"created_at":1778261876425,"id":"cpayer_3DS3vsENMTOtJN5Gb8pAGFbny92","object":"commerce_payer","updated_at":1778261876425,"user_id":"user_338aXdAjzC5JhXnA8Yg61FLD67N"},"plan":{"id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR"},"plan_id":"cplan_37pyeGuwADPNlgqDUTpYM91qTwR","status":"upcoming","subscription_id":"csub_3DS3vmIsK1lIN8YLVFMJkSilcsH","updated_at":1778261876425},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1778261876439,"type":"subscriptionItem.upcoming"}','ignored',NULL,'development',1778261876439,1796093659644,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "webhook_events" VALUES(167,'msg_000000064035cc6498a21efc2ae','user.created','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "birthday": "",
    "created_at": 1660728104308,
    "email_addresses": [
      {
        "email_address": "dashboard.example@example.org",
        "id": "idn_2DTfgEk4R8LMz39EaeFlWPInZ7X",
        "linked_to": [],
        "object": "email_address",
        "verification": {
          "status": "verified",
          "strategy": "ticket"
        }
      }
    ],
    "external_accounts": [],
    "external_id": "example-30418",
    "first_name": "Example",
    "gender": "",
    "id": "user_2DTfgLJDuSaP8SfNPbe8FiQxGm0",
    "image_url": "https://img.clerk.com/example-person",
    "last_name": "Person",
    "last_sign_in_at": 1660728104308,
    "object": "user",
    "password_enabled": true,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2DTfgEk4R8LMz39EaeFlWPInZ7X",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": null,
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1660728104308,
    "username": null,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.1",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1660728104,
  "type": "user.created"
}
','applied',NULL,'development',1660728104000,1796093659645,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(168,'msg_0000000213bb35d183a1d640b59','user.created','user_3AExTGRXJeAWUlgURxbzae5svBr','user_3AExTGRXJeAWUlgURxbzae5svBr','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1772171536284,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1772171522284,
        "email_address": "uma.krishnan@example.org",
        "id": "idn_3AExRW2MJGstAtQKHAds440e9So",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1772171536295,
        "verification": {
          "attempts": 1,
          "expire_at": 1772172122284,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Uma",
    "has_image": false,
    "id": "user_3AExTGRXJeAWUlgURxbzae5svBr",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBRXhUR1JYSmVBV1VsZ1VSeGJ6YWU1c3ZCciIsImluaXRpYWxzIjoiVUsifQ",
    "last_active_at": 1772171536206,
    "last_name": "Krishnan",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1772171536284,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3AExGqKUA4Z841zNIPRoMJ5XOJI",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1772171536299,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.90",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772171536313,
  "type": "user.created"
}
','applied',NULL,'development',1772171536313,1796093659645,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(169,'msg_0000000c267567d08715cf6faff','user.created','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1774895942506,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1774895928506,
        "email_address": "viktor@example.net",
        "id": "idn_3Bg1WD4WPuwY09XiG2bmX723bhT",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1774895942517,
        "verification": {
          "attempts": 1,
          "expire_at": 1774896528506,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "",
    "has_image": false,
    "id": "user_3Bg1XxC0rz3SSgpnDhDmObMBkZO",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNCZzFYeEMwcnozU1NncG5EaERtT2JNQmtaTyIsImluaXRpYWxzIjoiIn0",
    "last_active_at": 1774895942449,
    "last_name": "",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1774895942506,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3Bg1WD4WPuwY09XiG2bmX723bhT",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1774895942521,
    "username": "viktor",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1774895942560,
  "type": "user.created"
}
','applied',NULL,'development',1774895942560,1796093659697,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(170,'msg_00000000ec7cdcd5751bf5083d2','user.created','user_32MNqVkqbGl4THdF7YL1xCQvRAO','user_32MNqVkqbGl4THdF7YL1xCQvRAO','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1757226672877,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1757226672355,
        "email_address": "d.sokolov@example.org",
        "id": "idn_32MNqY7k59s7DzB3r2ESMvxE20n",
        "linked_to": [
          {
            "id": "idn_32MNqcx3EY6IaOUjsuOgs1kA95a",
            "type": "oauth_facebook"
          }
        ],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1757226672888,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_from_oauth",
          "status": "verified",
          "strategy": "from_oauth_facebook"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email public_profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZmFjZWJvb2svaW1nXzJ4dURqWnRnZzJnYjI0TTg3Y2lXVWJ5UFlZYSJ9",
        "created_at": 1757226672367,
        "email_address": "d.sokolov@example.org",
        "external_account_id": "eac_32MNqWvtrWFsqUjgkJYqWfYYfPk",
        "facebook_id": "5985163614431045",
        "family_name": "Соколов",
        "first_name": "Дмитрий",
        "given_name": "Дмитрий",
        "id": "idn_32MNqcx3EY6IaOUjsuOgs1kA95a",
        "identification_id": "idn_32MNqcx3EY6IaOUjsuOgs1kA95a",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZmFjZWJvb2svaW1nXzJ4dURqWnRnZzJnYjI0TTg3Y2lXVWJ5UFlZYSJ9",
        "label": null,
        "last_name": "Соколов",
        "object": "facebook_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZmFjZWJvb2svaW1nXzJ4dURqWnRnZzJnYjI0TTg3Y2lXVWJ5UFlZYSJ9",
        "provider": "oauth_facebook",
        "provider_user_id": "5985163614431045",
        "public_metadata": {},
        "updated_at": 1757226672367,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1757227266367,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_facebook"
        }
      }
    ],
    "external_id": null,
    "first_name": "Дмитрий",
    "has_image": false,
    "id": "user_32MNqVkqbGl4THdF7YL1xCQvRAO",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMyTU5xVmtxYkdsNFRIZEY3WUwxeENRdlJBTyIsImluaXRpYWxzIjoiIn0",
    "last_active_at": 1757226672428,
    "last_name": "Соколов",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [],
    "primary_email_address_id": "idn_32MNqY7k59s7DzB3r2ESMvxE20n",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "segment": "pvt-dmitri-seg-c58e11b4"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1757226672895,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.40",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1757226672942,
  "type": "user.created"
}
','applied',NULL,'development',1757226672942,1796093659698,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(171,'msg_000000010fd69f095c4e8aa8747','user.created','user_3Dt8gTriVnklsJiq25r9BO3SFDs','user_3Dt8gTriVnklsJiq25r9BO3SFDs','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1779090116190,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1779090115878,
        "email_address": "nadia.rahman@example.org",
        "id": "idn_3Dt8gQCvsxUdrHZAlBb9ApnJipG",
        "linked_to": [
          {
            "id": "idn_3Dt8gLisIWw68vZRI4oFiKN6vQF",
            "type": "saml"
          }
        ],
        "matches_sso_connection": true,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1779090116201,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_saml",
          "status": "verified",
          "strategy": "saml"
        }
      }
    ],
    "enterprise_accounts": [
      {
        "active": true,
        "email_address": "nadia.rahman@example.org",
        "enterprise_connection": {
          "active": true,
          "allow_idp_initiated": false,
          "allow_subdomains": false,
          "created_at": 1768903200012,
          "disable_additional_identifications": false,
          "domain": "example.org",
          "domains": [
            "example.org"
          ],
          "id": "entconn_38WLV3zJYa4HAaaztOuz8lZpBOO",
          "logo_public_url": null,
          "name": "Riverbend Okta",
          "protocol": "saml",
          "provider": "saml_okta",
          "sync_user_attributes": true,
          "updated_at": 1768903661090
        },
        "enterprise_connection_id": "entconn_38WLV3zJYa4HAaaztOuz8lZpBOO",
        "first_name": "Nadia",
        "id": "entacc_3Dt8gKnGE81k5ODPDRozaXTTbT3",
        "last_authenticated_at": 1779090115885,
        "last_name": "Rahman",
        "object": "enterprise_account",
        "protocol": "saml",
        "provider": "saml_okta",
        "provider_user_id": "00usQzalFFtgZeUIlyup",
        "public_metadata": {
          "department": "Field research"
        },
        "verification": {
          "attempts": null,
          "expire_at": 1779090706190,
          "external_verification_redirect_url": null,
          "object": "verification_saml",
          "status": "verified",
          "strategy": "saml"
        }
      }
    ],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Nadia",
    "has_image": false,
    "id": "user_3Dt8gTriVnklsJiq25r9BO3SFDs",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNEdDhnVHJpVm5rbHNKaXEyNXI5Qk8zU0ZEcyIsImluaXRpYWxzIjoiTlIifQ",
    "last_active_at": 1779090115397,
    "last_name": "Rahman",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3Dt8gQCvsxUdrHZAlBb9ApnJipG",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "cost_center": "pvt-nadia-cost-87c2e05b"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [
      {
        "active": true,
        "email_address": "nadia.rahman@example.org",
        "first_name": "Nadia",
        "id": "samlacc_3Dt8gKv26nx0bJljamTmHJZAP60",
        "last_authenticated_at": 1779090115885,
        "last_name": "Rahman",
        "object": "saml_account",
        "provider": "saml_okta",
        "provider_user_id": "00usQzalFFtgZeUIlyup",
        "public_metadata": {},
        "saml_connection": {
          "active": true,
          "allow_idp_initiated": false,
          "allow_subdomains": false,
          "created_at": 1768903200012,
          "disable_additional_identifications": false,
          "domain": "example.org",
          "domains": [
            "example.org"
          ],
          "id": "samlc_38WLV6vezMxXsszJIAtIGsXbEd1",
          "name": "Riverbend Okta",
          "provider": "saml_okta",
          "sync_user_attributes": true,
          "updated_at": 1768903661090
        },
        "verification": {
          "attempts": null,
          "expire_at": 1779090706190,
          "external_verification_redirect_url": null,
          "object": "verification_saml",
          "status": "verified",
          "strategy": "saml"
        }
      }
    ],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1779090116217,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.129",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1779090116243,
  "type": "user.created"
}
','applied',NULL,'development',1779090116243,1796093659698,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(172,'msg_00000008f1fd08c6f8bf949bfd8','user.created','user_34GgnbnjiKSWY3UaqalY5zRagbf','user_34GgnbnjiKSWY3UaqalY5zRagbf','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1760845490118,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1760845489726,
        "email_address": "xiaoming.chen@example.net",
        "id": "idn_34GgnUVb5v5NvEgduuTkfOEDwzf",
        "linked_to": [
          {
            "id": "idn_34GgnZwTB4xHsSZV6JtH9FUdMvx",
            "type": "oauth_github"
          }
        ],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1760845490129,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_from_oauth",
          "status": "verified",
          "strategy": "from_oauth_github"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "read:user user:email",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEalhYUXJncWF4aVVlUVhZcjVIQXR6RUIifQ",
        "created_at": 1760845489738,
        "email_address": "xiaoming.chen@example.net",
        "email_address_verified": true,
        "first_name": "晓明",
        "id": "eac_34GgnaV68tOBsuhJmaDBWp0UgXw",
        "identification_id": "idn_34GgnZwTB4xHsSZV6JtH9FUdMvx",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEalhYUXJncWF4aVVlUVhZcjVIQXR6RUIifQ",
        "label": null,
        "last_name": "陈",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_github",
        "provider_user_id": "21291866",
        "public_metadata": {},
        "updated_at": 1760845489738,
        "username": "chen-xm",
        "verification": {
          "attempts": null,
          "expire_at": 1760846083738,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_github"
        }
      }
    ],
    "external_id": null,
    "first_name": "晓明",
    "has_image": true,
    "id": "user_34GgnbnjiKSWY3UaqalY5zRagbf",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEalhYUXJncWF4aVVlUVhZcjVIQXR6RUIifQ",
    "last_active_at": 1760845489686,
    "last_name": "陈",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [],
    "primary_email_address_id": "idn_34GgnUVb5v5NvEgduuTkfOEDwzf",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1760845490143,
    "username": "chen-xm",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:4f2:91::c3",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1760845490194,
  "type": "user.created"
}
','applied',NULL,'development',1760845490194,1796093659705,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(173,'msg_00000006cc41efff5463692a38e','user.created','user_2rfTF8P3Cf1zjl92u9aNy4VJjau','user_2rfTF8P3Cf1zjl92u9aNy4VJjau','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1736949022415,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1736949022000,
        "email_address": "greta.holm@example.com",
        "id": "idn_2rfTF85Y3Y1p9gyGvaLwpbsrPuw",
        "linked_to": [
          {
            "id": "idn_2rfTF2mXd1AzfSK7HflJ7Fkl8n7",
            "type": "oauth_google"
          }
        ],
        "object": "email_address",
        "reserved": false,
        "updated_at": 1736949022426,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "status": "verified",
          "strategy": "from_oauth_google"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalhpazd1WUY1cmdUZGZDQ2ZlQ2Y3T3YifQ",
        "created_at": 1736949022013,
        "email_address": "greta.holm@example.com",
        "family_name": "Holm",
        "given_name": "Greta",
        "google_id": "165285485610100239572",
        "id": "idn_2rfTF2mXd1AzfSK7HflJ7Fkl8n7",
        "label": null,
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalhpazd1WUY1cmdUZGZDQ2ZlQ2Y3T3YifQ",
        "public_metadata": {},
        "updated_at": 1736949022013,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1736949616415,
          "status": "verified",
          "strategy": "oauth_google"
        }
      }
    ],
    "external_id": null,
    "first_name": "Greta",
    "has_image": false,
    "id": "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJyZlRGOFAzQ2YxempsOTJ1OWFOeTRWSmphdSIsImluaXRpYWxzIjoiR0gifQ",
    "last_active_at": 1736949021845,
    "last_name": "Holm",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2rfTF85Y3Y1p9gyGvaLwpbsrPuw",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1736949022434,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.88",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1736949022475,
  "type": "user.created"
}
','applied',NULL,'development',1736949022475,1796093659705,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(174,'msg_0000000a659517c9e016c6f772e','user.created','user_2uR5ASc9tcgwm5EHAWugddLxhHi','user_2uR5ASc9tcgwm5EHAWugddLxhHi','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1742198402253,1796093659706,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(175,'msg_000000023633036bb3ceae80854','user.created','user_39X4xl5cLwaX28PrdcnpFAUmypx','user_39X4xl5cLwaX28PrdcnpFAUmypx','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1770829329633,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1770829329202,
        "email_address": "bruno.almeida@example.com",
        "id": "idn_39X4xj6lzSaMWo6hv4cGWFZug4w",
        "linked_to": [
          {
            "id": "idn_39X4xkE3wdkASTg55y4tneaAHHM",
            "type": "oauth_google"
          }
        ],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1770829329644,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_from_oauth",
          "status": "verified",
          "strategy": "from_oauth_google"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalpDa3BHSDh0MERtcFJ3MmNkNkRmdTIifQ",
        "created_at": 1770829329213,
        "email_address": "bruno.almeida@example.com",
        "external_account_id": "eac_39X4xfTknJKxn5wd7bGIfTn2OQH",
        "family_name": "Almeida",
        "first_name": "Bruno",
        "given_name": "Bruno",
        "google_id": "182672960469950947918",
        "id": "idn_39X4xkE3wdkASTg55y4tneaAHHM",
        "identification_id": "idn_39X4xkE3wdkASTg55y4tneaAHHM",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalpDa3BHSDh0MERtcFJ3MmNkNkRmdTIifQ",
        "label": null,
        "last_name": "Almeida",
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalpDa3BHSDh0MERtcFJ3MmNkNkRmdTIifQ",
        "provider": "oauth_google",
        "provider_user_id": "182672960469950947918",
        "public_metadata": {},
        "updated_at": 1770829329213,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1770829923213,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_google"
        }
      }
    ],
    "external_id": null,
    "first_name": "Bruno",
    "has_image": true,
    "id": "user_39X4xl5cLwaX28PrdcnpFAUmypx",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalpDa3BHSDh0MERtcFJ3MmNkNkRmdTIifQ",
    "last_active_at": 1770829329211,
    "last_name": "Almeida",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [],
    "primary_email_address_id": "idn_39X4xj6lzSaMWo6hv4cGWFZug4w",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "risk": "pvt-bruno-risk-41ab07ce"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1770829329655,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.7",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770829329713,
  "type": "user.created"
}
','applied',NULL,'development',1770829329713,1796093659706,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(176,'msg_0000000e86679535fd9f352fe36','user.created','user_2N0glkB72Y9aalKFWSIIn40lqem','user_2N0glkB72Y9aalKFWSIIn40lqem',NULL,'{
  "data": {
    "birthday": "",
    "created_at": 1678806566535,
    "email_addresses": [
      {
        "email_address": "bettina.kraemer@example.com",
        "id": "idn_2N0glaTkeyc48EkSuRDru2IXPzr",
        "linked_to": [
          {
            "id": "idn_2N0gldcRCrsyhOyl0xXxECOLGcG",
            "type": "oauth_google"
          }
        ],
        "object": "email_address",
        "verification": {
          "attempts": null,
          "expire_at": null,
          "status": "verified",
          "strategy": "from_oauth_google"
        }
      }
    ],
    "external_accounts": [
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "email_address": "bettina.kraemer@example.com",
        "family_name": "Krämer",
        "given_name": "Bettina",
        "google_id": "141024003019129184343",
        "id": "idn_2N0gldcRCrsyhOyl0xXxECOLGcG",
        "label": null,
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJwZjhXZHJkZXE2ZWtvMU5YMENnQ2IifQ",
        "public_metadata": {},
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1678807156535,
          "status": "verified",
          "strategy": "oauth_google"
        }
      }
    ],
    "external_id": null,
    "first_name": "Bettina",
    "gender": "",
    "id": "user_2N0glkB72Y9aalKFWSIIn40lqem",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJwZjhXZHJkZXE2ZWtvMU5YMENnQ2IifQ",
    "last_name": "Krämer",
    "last_sign_in_at": null,
    "object": "user",
    "password_enabled": false,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2N0glaTkeyc48EkSuRDru2IXPzr",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJwZjhXZHJkZXE2ZWtvMU5YMENnQ2IifQ",
    "public_metadata": {},
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1678806566564,
    "username": null,
    "web3_wallets": []
  },
  "object": "event",
  "type": "user.created"
}
','applied',NULL,'development',1796093659000,1796093659708,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(177,'msg_00000002b1097e8e7d1674efee7','user.created','user_38ff0iGvBdQhxiDKGw7ecsvwj85','user_38ff0iGvBdQhxiDKGw7ecsvwj85','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1769195324051,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "ليلى",
    "has_image": false,
    "id": "user_38ff0iGvBdQhxiDKGw7ecsvwj85",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM4ZmYwaUd2QmRRaHhpREtHdzdlY3N2d2o4NSIsImluaXRpYWxzIjoiIn0",
    "last_active_at": 1769195324020,
    "last_name": "الحسن",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [
      {
        "backup_codes": null,
        "created_at": 1769195307851,
        "default_second_factor": false,
        "id": "idn_38feybDHS1Yw4CWfu580NNkIU8P",
        "linked_to": [],
        "object": "phone_number",
        "phone_number": "+12025550143",
        "reserved": false,
        "reserved_for_second_factor": false,
        "updated_at": 1769195324060,
        "verification": {
          "attempts": 1,
          "channel": "sms",
          "expire_at": 1769195907851,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "phone_code"
        }
      }
    ],
    "primary_email_address_id": null,
    "primary_phone_number_id": "idn_38feybDHS1Yw4CWfu580NNkIU8P",
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1769195324066,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.143",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769195324091,
  "type": "user.created"
}
','applied',NULL,'development',1769195324091,1796093659708,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(178,'msg_0000000975b7514d321a5985c27','user.created','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','user_3Ea4x0UXljtd7bK7quj6WiuCiHG','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1780403588356,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1780403588216,
        "email_address": "studio.marin@example.org",
        "id": "idn_3Ea4wyVdHYFwASeCMO6FUWqlmTg",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": true,
        "updated_at": 1780403588367,
        "verification": null
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Quentin",
    "has_image": false,
    "id": "user_3Ea4x0UXljtd7bK7quj6WiuCiHG",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNFYTR4MFVYbGp0ZDdiSzdxdWo2V2l1Q2lIRyIsImluaXRpYWxzIjoiUU0ifQ",
    "last_active_at": 1780403587516,
    "last_name": "Marchand",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1780403588356,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3Ea4wyVdHYFwASeCMO6FUWqlmTg",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1780403588371,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.17",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1780403588426,
  "type": "user.created"
}
','applied',NULL,'development',1780403588426,1796093659714,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(179,'msg_0000000f9cc2a049cf8e4f915ea','user.created','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','user_3EWsBvOkEkLrJLYjnqOM2ThIRRG','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1780305527612,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1780305513612,
        "email_address": "studio.marin@example.org",
        "id": "idn_3EWsAD3yIUdtYOqikXlt2gJrKLO",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1780305527623,
        "verification": {
          "attempts": 1,
          "expire_at": 1780306113612,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Rosa",
    "has_image": false,
    "id": "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNFV3NCdk9rRWtMckpMWWpucU9NMlRoSVJSRyIsImluaXRpYWxzIjoiUk0ifQ",
    "last_active_at": 1780305527492,
    "last_name": "Marín",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1780305527612,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3EWsAD3yIUdtYOqikXlt2gJrKLO",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "contract": {
        "number": "pvt-rosa-contract-3c6f90",
        "signed_by": "pvt-rosa-signer-b71e48"
      }
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {
      "role": "editor"
    },
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1780305527627,
    "username": "rosamarin",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.140",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1780305527676,
  "type": "user.created"
}
','applied',NULL,'development',1780305527676,1796093659714,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(180,'msg_000000074dc196dffc215dd8016','user.created','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1772439331204,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1772439317204,
        "email_address": "ada.okafor@example.com",
        "id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1772439331215,
        "verification": {
          "attempts": 1,
          "expire_at": 1772439917204,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Ada",
    "has_image": false,
    "id": "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBTmlHSU1rejZYOEQxSUM5RXJVcUpnUmsyRiIsImluaXRpYWxzIjoiQU8ifQ",
    "last_active_at": 1772439330732,
    "last_name": "Okafor",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1772439331204,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "crm_note": "pvt-ada-crm-9f2c71d0"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {
      "plan": "free"
    },
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1772439331219,
    "username": "ada_okafor",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.31",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772439331244,
  "type": "user.created"
}
','stale',NULL,'development',1772439331244,1796093659718,NULL,NULL,NULL,NULL,'user',NULL,NULL);
INSERT INTO "webhook_events" VALUES(181,'msg_0000000988ebdc476fd2056df28','user.created','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'stale',NULL,'development',1770135708459,1796093659734,NULL,NULL,NULL,NULL,'user',NULL,NULL);
INSERT INTO "webhook_events" VALUES(182,'msg_000000071e71e586caf9879d873','user.created','user_3C7POr5yh7uNq5jPhUY5qhhGESA','user_3C7POr5yh7uNq5jPhUY5qhhGESA','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"backup_code_enabled":false,"banned":false,"bypass_client_trust":false,"create_organization_enabled":true,"create_organizations_limit":null,"created_at":1775733605071,"delete_self_enabled":true,"deprovisioned":false,"email_addresses":[],"enterprise_accounts":[],"external_accounts":[],"external_id":null,"first_name":"Kofi","has_image":false,"id":"user_3C7POr5yh7uNq5jPhUY5qhhGESA","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNDN1BPcjV5aDd1TnE1alBoVVk1cWhoR0VTQSIsImluaXRpYWxzIjoiS00ifQ","last_active_at":1775733604505,"last_name":"Mensah","last_sign_in_at":null,"legal_accepted_at":null,"locale":"en-US","locked":false,"lockout_expires_in_seconds":null,"mfa_disabled_at":null,"mfa_enabled_at":null,"object":"user","passkeys":[],"password_enabled":false,"password_last_updated_at":null,"phone_numbers":[],"primary_email_address_id":null,"primary_phone_number_id":null,"primary_web3_wallet_id":"idn_3C7PNbHVWSswY2NkWFKhdY4mTgb","private_metadata":{},"profile_image_url":"https://www.gravatar.com/avatar?d=mp","public_metadata":{},"requires_password_reset":false,"saml_accounts":[],"totp_enabled":false,"two_factor_enabled":false,"unsafe_metadata":{},"updated_at":1775733605102,"username":null,"verification_attempts_remaining":100,"web3_wallets":[{"created_at":1775733595971,"id":"idn_3C7PNbHVWSswY2NkWFKhdY4mTgb","object":"web3_wallet","updated_at":1775733597404,"verification":{"attempts":1,"expire_at":1775734195071,"message":null,"nonce":"[redacted]","object":"verification_web3","status":"verified","strategy":"web3_metamask_signature"},"web3_wallet":"0x7f3c71d1901151e202a33a273be130078e9f353a"}]},"event_attributes":{"http_request":{"client_ip":"192.0.2.77","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1775733605136,"type":"user.created"}','applied',NULL,'development',1775733605136,1796093659736,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(183,'msg_000000015a2c007d686bcf55714','user.created','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1777877742919,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1777877728919,
        "email_address": "farah.haddad@example.com",
        "id": "idn_3DFVIvd8X0lKqEoQ0A9uNadyuMq",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1777877742930,
        "verification": {
          "attempts": 1,
          "expire_at": 1777878328919,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Farah",
    "has_image": false,
    "id": "user_3DFVKjDyEU8wpgZH1jXaiwMKO1k",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNERlZLakR5RVU4d3BnWkgxalhhaXdNS08xayIsImluaXRpYWxzIjoiRkgifQ",
    "last_active_at": 1777877742500,
    "last_name": "Haddad",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1777877742919,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3DFVIvd8X0lKqEoQ0A9uNadyuMq",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1777877742934,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.21",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1777877742983,
  "type": "user.created"
}
','applied',NULL,'development',1777877742983,1796093659740,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(184,'msg_0000000ae8b8bb51724c0b5120b','user.created','user_30VmkKjT7Vwydgrxxu1uTsOktKf','user_30VmkKjT7Vwydgrxxu1uTsOktKf','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1753721255925,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1753721255795,
        "email_address": "priya.nair@example.net",
        "id": "idn_30VmkKaE2Qbzf6GdW4x6IPUKmPz",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": true,
        "updated_at": 1753721255936,
        "verification": null
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Priya",
    "has_image": false,
    "id": "user_30VmkKjT7Vwydgrxxu1uTsOktKf",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMwVm1rS2pUN1Z3eWRncnh4dTF1VHNPa3RLZiIsImluaXRpYWxzIjoiUE4ifQ",
    "last_active_at": 1753721255203,
    "last_name": "Nair",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1753721255925,
    "phone_numbers": [],
    "primary_email_address_id": "idn_30VmkKaE2Qbzf6GdW4x6IPUKmPz",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1753721255940,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:a11:7::5e",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1753721255962,
  "type": "user.created"
}
','applied',NULL,'development',1753721255962,1796093659742,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(185,'msg_000000040d407bf67db4f0ac388','user.created','user_37yhFMmnyFfWu0M51Qk7xKnftAE','user_37yhFMmnyFfWu0M51Qk7xKnftAE','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1767881113467,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Olu",
    "has_image": false,
    "id": "user_37yhFMmnyFfWu0M51Qk7xKnftAE",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM3eWhGTW1ueUZmV3UwTTUxUWs3eEtuZnRBRSIsImluaXRpYWxzIjoiT0EifQ",
    "last_active_at": 1767881112826,
    "last_name": "Adeyemi",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1767881113467,
    "phone_numbers": [],
    "primary_email_address_id": null,
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1767881113482,
    "username": "olu.adeyemi",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.61",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1767881113498,
  "type": "user.created"
}
','applied',NULL,'development',1767881113498,1796093659743,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(186,'msg_0000000560b9f28ee478a74752f','user.deleted','user_2uR5ASc9tcgwm5EHAWugddLxhHi','user_2uR5ASc9tcgwm5EHAWugddLxhHi','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1781947844118,1796093659746,NULL,NULL,NULL,NULL,'user','deleted',NULL);
INSERT INTO "webhook_events" VALUES(187,'msg_00000007eeeee605626a94e8ebc','user.deleted','user_2DqosZb0otAO9utyQs4CNca1EEm','user_2DqosZb0otAO9utyQs4CNca1EEm',NULL,NULL,'applied',NULL,'development',1778580007000,1796093659747,NULL,NULL,NULL,NULL,'user','deleted',NULL);
INSERT INTO "webhook_events" VALUES(188,'msg_000000059ebf8914e12a82d493e','user.deleted',NULL,NULL,'ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"object":"user"},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1782025490902,"type":"user.deleted"}','failed','data.id is missing','development',1782025490902,1796093659749,NULL,NULL,NULL,NULL,'user',NULL,NULL);
INSERT INTO "webhook_events" VALUES(189,'msg_00000003af6af32d5ebcd26963f','user.deleted','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','user_39AP4Gsg3uJeTxKOEQtOgN6CqVE','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'applied',NULL,'development',1783338309523,1796093659853,NULL,NULL,NULL,NULL,'user','deleted',NULL);
INSERT INTO "webhook_events" VALUES(190,'msg_00000005f109934da2c115021e0','user.updated','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0','user_2DTfgLJDuSaP8SfNPbe8FiQxGm0',NULL,'{
  "data": {
    "birthday": "",
    "created_at": 1660728104308,
    "email_addresses": [
      {
        "email_address": "dashboard.example@example.org",
        "id": "idn_2DTfgEk4R8LMz39EaeFlWPInZ7X",
        "linked_to": [],
        "object": "email_address",
        "verification": {
          "status": "verified",
          "strategy": "ticket"
        }
      }
    ],
    "external_accounts": [],
    "external_id": "example-30418",
    "first_name": "Exemplary",
    "gender": "",
    "id": "user_2DTfgLJDuSaP8SfNPbe8FiQxGm0",
    "image_url": "https://img.clerk.com/example-person",
    "last_name": "Person",
    "last_sign_in_at": 1660728104308,
    "object": "user",
    "password_enabled": true,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2DTfgEk4R8LMz39EaeFlWPInZ7X",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": null,
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1660728395308,
    "username": "example_person",
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.1",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "object": "event",
  "timestamp": 1660728395,
  "type": "user.updated"
}
','applied',NULL,'development',1660728395000,1796093659853,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(191,'msg_00000008f2afa428d79345085ea','user.updated','user_3ChygTQUzbw6diTQ5X4eiNeWmdN','user_3ChygTQUzbw6diTQ5X4eiNeWmdN','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1776852207448,
    "delete_self_enabled": true,
    "deprovisioned": true,
    "email_addresses": [
      {
        "created_at": 1776852193448,
        "email_address": "zane.muller@example.org",
        "id": "idn_3Chyejs9AW1FMz2yNeYzeNBBlQF",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1776852207459,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_scim",
          "status": "verified",
          "strategy": "scim"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": "directory-50317",
    "first_name": "Zane",
    "has_image": false,
    "id": "user_3ChygTQUzbw6diTQ5X4eiNeWmdN",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNDaHlnVFFVemJ3NmRpVFE1WDRlaU5lV21kTiIsImluaXRpYWxzIjoiWk0ifQ",
    "last_active_at": null,
    "last_name": "Muller",
    "last_sign_in_at": null,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": false,
    "password_last_updated_at": null,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3Chyejs9AW1FMz2yNeYzeNBBlQF",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "scim": {
      "directory_enabled": true,
      "directory_id": "dir_38WLV89RAxgrtenVXKImv4Rj9M4",
      "external_id": "directory-50317"
    },
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1782885603217,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.8",
      "user_agent": "clerk/clerk-sdk-go@v3.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1782885603241,
  "type": "user.updated"
}
','applied',NULL,'development',1782885603241,1796093659854,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(192,'msg_0000000474ffa0d92239197b367','user.updated','user_33WdKfszOekBWXW7QRXdrh8x508','user_33WdKfszOekBWXW7QRXdrh8x508','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1759436699748,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1759436685748,
        "email_address": "sam.whitfield@example.com",
        "id": "idn_33WdIzNqSD0jvesNRNOfPV7oTD0",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1759436699759,
        "verification": {
          "attempts": 1,
          "expire_at": 1759437285748,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1769440158092,
        "email_address": "sam.failed@example.com",
        "id": "idn_38nfGMdYWt6GvrHlBdxC7VQb3mU",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1769440187358,
        "verification": {
          "attempts": 3,
          "expire_at": 1769440758092,
          "object": "verification_otp",
          "status": "failed",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1769435958092,
        "email_address": "sam.expired@example.com",
        "id": "idn_38nWkVIh1MzHpb9BNOavIKB5n6m",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1769435997851,
        "verification": {
          "attempts": null,
          "expire_at": 1769436558092,
          "object": "verification_email_link",
          "status": "expired",
          "strategy": "email_link"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Sam",
    "has_image": false,
    "id": "user_33WdKfszOekBWXW7QRXdrh8x508",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMzV2RLZnN6T2VrQldYVzdRUlhkcmg4eDUwOCIsImluaXRpYWxzIjoiU1cifQ",
    "last_active_at": 1769441357765,
    "last_name": "Whitfield",
    "last_sign_in_at": 1769434158092,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1759436699748,
    "phone_numbers": [],
    "primary_email_address_id": "idn_33WdIzNqSD0jvesNRNOfPV7oTD0",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1769441358092,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.177",
      "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769441358138,
  "type": "user.updated"
}
','applied',NULL,'development',1769441358138,1796093659854,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(193,'msg_00000004bc74033277e555ca5c6','user.updated','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','user_3ANiGIMkz6X8D1IC9ErUqJgRk2F','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1772439331204,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1772439317204,
        "email_address": "ada.okafor@example.com",
        "id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
        "linked_to": [
          {
            "id": "idn_3AiiaDkQA9B3ZHsWFxXoPghjikt",
            "type": "oauth_google"
          }
        ],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1772439331215,
        "verification": {
          "attempts": 1,
          "expire_at": 1772439917204,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamNveVNaQWF6Wm9zRExDakt6bXFKaHQifQ",
        "created_at": 1773081852646,
        "email_address": "ada.okafor@example.com",
        "external_account_id": "eac_3AiiaEnj91m2gtTDZ92qqfQfyGA",
        "family_name": "Okafor",
        "first_name": "Ada",
        "given_name": "Ada",
        "google_id": "165341719714957285346",
        "id": "idn_3AiiaDkQA9B3ZHsWFxXoPghjikt",
        "identification_id": "idn_3AiiaDkQA9B3ZHsWFxXoPghjikt",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamNveVNaQWF6Wm9zRExDakt6bXFKaHQifQ",
        "label": null,
        "last_name": "Okafor",
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamNveVNaQWF6Wm9zRExDakt6bXFKaHQifQ",
        "provider": "oauth_google",
        "provider_user_id": "165341719714957285346",
        "public_metadata": {},
        "updated_at": 1773081852646,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1773082446646,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_google"
        }
      }
    ],
    "external_id": null,
    "first_name": "Ada",
    "has_image": false,
    "id": "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBTmlHSU1rejZYOEQxSUM5RXJVcUpnUmsyRiIsImluaXRpYWxzIjoiQU8ifQ",
    "last_active_at": 1773081852565,
    "last_name": "Okafor",
    "last_sign_in_at": 1772439331244,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1772439331204,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "crm_note": "pvt-ada-crm-9f2c71d0"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {
      "plan": "free"
    },
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1773081852660,
    "username": "ada_okafor",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.31",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1773081852680,
  "type": "user.updated"
}
','applied',NULL,'development',1773081852680,1796093659854,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(194,'msg_0000000ae066c5f20973673868b','user.updated','user_2xOocFfUQreMgh25uKw2PqdKL6m','user_2xOocFfUQreMgh25uKw2PqdKL6m','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1747818558302,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1747818544302,
        "email_address": "ines.carvalho@example.org",
        "id": "idn_2xOoabsFYn6k98ObpbOLceBWLzU",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1747818558313,
        "verification": {
          "attempts": 1,
          "expire_at": 1747819144302,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email openid profile User.Read",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbWljcm9zb2Z0L2ltZ18yeHVEamQwYjNET1QyVUpDd0FHRG5rUFlUSUUifQ",
        "created_at": 1749715334451,
        "email_address": "ines.carvalho@example.org",
        "email_address_verified": true,
        "first_name": "Inês",
        "id": "eac_2yOpAzN2dxzhJNJTkRKacNOqfjd",
        "identification_id": "idn_2yOpB1hNqqPeeBWCLJuwqLrxaRg",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbWljcm9zb2Z0L2ltZ18yeHVEamQwYjNET1QyVUpDd0FHRG5rUFlUSUUifQ",
        "label": null,
        "last_name": "Carvalho",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_microsoft",
        "provider_user_id": "31182933",
        "public_metadata": {},
        "updated_at": 1749715334451,
        "username": null,
        "verification": null
      }
    ],
    "external_id": null,
    "first_name": "Inês",
    "has_image": false,
    "id": "user_2xOocFfUQreMgh25uKw2PqdKL6m",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJ4T29jRmZVUXJlTWdoMjV1S3cyUHFkS0w2bSIsImluaXRpYWxzIjoiSUMifQ",
    "last_active_at": 1749715333685,
    "last_name": "Carvalho",
    "last_sign_in_at": 1749715264471,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1747818558302,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2xOoabsFYn6k98ObpbOLceBWLzU",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "import_batch": "pvt-ines-batch-e1906f3d"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1749715334471,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.202",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1749715334505,
  "type": "user.updated"
}
','applied',NULL,'development',1749715334505,1796093659853,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(195,'msg_0000000f2fa682ce48b935cf134','user.updated','user_36DUaINvnqFmSSVBVNDMchIZu2m','user_36DUaINvnqFmSSVBVNDMchIZu2m','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"backup_code_enabled":false,"banned":false,"bypass_client_trust":false,"create_organization_enabled":true,"create_organizations_limit":null,"created_at":1764540697760,"delete_self_enabled":true,"deprovisioned":false,"email_addresses":[{"created_at":1764540683760,"email_address":"hugo.tremblay@example.com","id":"idn_36DUYXpu32WTKmfdDS0qVKk0wck","linked_to":[],"matches_sso_connection":false,"object":"email_address","reserved":false,"updated_at":1764540697771,"verification":{"attempts":1,"expire_at":1764541283760,"object":"verification_otp","status":"verified","strategy":"email_code"}}],"enterprise_accounts":[],"external_accounts":[{"approved_scopes":"","avatar_url":"","created_at":1767556331338,"email_address":"","email_address_verified":null,"first_name":"","id":"eac_37o4wwJ66jnVoNpp8xpHIT5MHD5","identification_id":"idn_37o4wqjyhiSu8QX9PLbLc7Roj2B","image_url":"","label":null,"last_name":"","object":"external_account","phone_number":null,"provider":"oauth_github","provider_user_id":"","public_metadata":{},"updated_at":1767556331338,"username":"","verification":{"attempts":null,"error":{"code":"external_account_not_found","long_message":"The External Account was not found.","message":"[redacted]"},"expire_at":1767556931338,"external_verification_redirect_url":null,"object":"verification_oauth","status":"expired","strategy":"oauth_github"}},{"approved_scopes":"","avatar_url":"","created_at":1767556971316,"email_address":"","email_address_verified":null,"first_name":"","id":"eac_37o6FN98TEOSlU2afg3ZumbDPYU","identification_id":"idn_37o6FOKbkHJzSEc0IlnMecxBc5r","image_url":"","label":null,"last_name":"","object":"external_account","phone_number":null,"provider":"oauth_discord","provider_user_id":"","public_metadata":{},"updated_at":1767556971316,"username":"","verification":{"attempts":null,"error":null,"expire_at":1767557551338,"external_verification_redirect_url":"[redacted]","object":"verification_oauth","status":"unverified","strategy":"oauth_discord"}}],"external_id":null,"first_name":"Hugo","has_image":false,"id":"user_36DUaINvnqFmSSVBVNDMchIZu2m","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM2RFVhSU52bnFGbVNTVkJWTkRNY2hJWnUybSIsImluaXRpYWxzIjoiSFQifQ","last_active_at":1767556970666,"last_name":"Tremblay","last_sign_in_at":1767556071338,"legal_accepted_at":null,"locale":"en-US","locked":false,"lockout_expires_in_seconds":null,"mfa_disabled_at":null,"mfa_enabled_at":null,"object":"user","passkeys":[],"password_enabled":true,"password_last_updated_at":1764540697760,"phone_numbers":[],"primary_email_address_id":"idn_36DUYXpu32WTKmfdDS0qVKk0wck","primary_phone_number_id":null,"primary_web3_wallet_id":null,"private_metadata":{},"profile_image_url":"https://www.gravatar.com/avatar?d=mp","public_metadata":{},"requires_password_reset":false,"saml_accounts":[],"totp_enabled":false,"two_factor_enabled":false,"unsafe_metadata":{},"updated_at":1767556971338,"username":"htremblay","verification_attempts_remaining":100,"web3_wallets":[]},"event_attributes":{"http_request":{"client_ip":"203.0.113.62","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1767556971358,"type":"user.updated"}','applied',NULL,'development',1767556971358,1796093659855,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(196,'msg_0000000d822709e64d22376d3e8','user.updated','user_320baXCrFWSBAuWrM5OaGaPKeBY','user_320baXCrFWSBAuWrM5OaGaPKeBY','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": true,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1756560500137,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1756560486137,
        "email_address": "xavier.dubois@example.com",
        "id": "idn_320bYogZgCFkvy9aWY6gYPYaHk4",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1756560500148,
        "verification": {
          "attempts": 1,
          "expire_at": 1756561086137,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Xavier",
    "has_image": false,
    "id": "user_320baXCrFWSBAuWrM5OaGaPKeBY",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMyMGJhWENyRldTQkF1V3JNNU9hR2FQS2VCWSIsImluaXRpYWxzIjoiWEQifQ",
    "last_active_at": 1772712767479,
    "last_name": "Dubois",
    "last_sign_in_at": 1772661676040,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1756560500137,
    "phone_numbers": [],
    "primary_email_address_id": "idn_320bYogZgCFkvy9aWY6gYPYaHk4",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "abuse_case": "pvt-xavier-case-6a19f2c8"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1772712767911,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.6",
      "user_agent": "clerk/clerk-sdk-go@v3.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1772712767947,
  "type": "user.updated"
}
','applied',NULL,'development',1772712767947,1796093659855,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(197,'msg_000000041e24ed4f8e75933ff17','user.updated','user_2uR5ASc9tcgwm5EHAWugddLxhHi','user_2uR5ASc9tcgwm5EHAWugddLxhHi','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL',NULL,'tombstoned',NULL,'development',1781946725088,1796093659864,NULL,NULL,NULL,NULL,'user',NULL,NULL);
INSERT INTO "webhook_events" VALUES(198,'msg_000000005d17914f8003369f58d','user.updated','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1748965001589,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1748964987589,
        "email_address": "jonas.weiss@example.net",
        "id": "idn_2y0IIwdnmlzTVzbRfxI6eI1t8AG",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1748965001600,
        "verification": {
          "attempts": 1,
          "expire_at": 1748965587589,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1750330087229,
        "email_address": "jonas.other@example.net",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1750330117218,
        "verification": {
          "attempts": 0,
          "expire_at": 1750330687229,
          "object": "verification_otp",
          "status": "unverified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "openid profile email read_user",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0bGFiL2ltZ18yeHVEamNEQ0FFcWhwT1VOTTFSWmJXZ0VMUEwifQ",
        "created_at": 1750330027229,
        "email_address": "jonas.weiss@example.net",
        "email_address_verified": true,
        "first_name": "Jonas",
        "id": "eac_2yiv5ohMUOYmuD6oRrhSocmecyb",
        "identification_id": "idn_2yiv5nE4JGDP4RcYDUauCQe2fW3",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0bGFiL2ltZ18yeHVEamNEQ0FFcWhwT1VOTTFSWmJXZ0VMUEwifQ",
        "label": null,
        "last_name": "Weiß",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_gitlab",
        "provider_user_id": "90632814",
        "public_metadata": {},
        "updated_at": 1750330027229,
        "username": "jweiss",
        "verification": {
          "attempts": null,
          "expire_at": 1750330621229,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_gitlab"
        }
      },
      {
        "approved_scopes": "openid email profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfc2xhY2svaW1nXzJ4dURqY0RDQUVxaHBPVU5NMVJaYldnRUxQTCJ9",
        "created_at": 1750330057229,
        "email_address": "jonas.weiss@example.net",
        "email_address_verified": true,
        "first_name": "Jonas",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfc2xhY2svaW1nXzJ4dURqY0RDQUVxaHBPVU5NMVJaYldnRUxQTCJ9",
        "label": null,
        "last_name": "Weiß",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_slack",
        "provider_user_id": "76579878",
        "public_metadata": {},
        "updated_at": 1750330057229,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1750330651229,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_slack"
        }
      }
    ],
    "external_id": null,
    "first_name": "Jonas",
    "has_image": false,
    "id": "user_2y0IKh2dgvr6dwjLUFUwGYPv1vB",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJ5MElLaDJkZ3ZyNmR3akxVRlV3R1lQdjF2QiIsImluaXRpYWxzIjoiSlcifQ",
    "last_active_at": 1750330116740,
    "last_name": "Weiß",
    "last_sign_in_at": 1750329917229,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1748965001589,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2y0IIwdnmlzTVzbRfxI6eI1t8AG",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1750330117229,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:31::aa04",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1750330117256,
  "type": "user.updated"
}
','applied',NULL,'development',1750330117256,1796093659864,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(199,'msg_0000000b0191f3a9027011fbb12','user.updated','user_392VhowPHWsDFoqy4THLEMQQXlM','user_392VhowPHWsDFoqy4THLEMQQXlM','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1769894274812,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1769894260812,
        "email_address": "yara.benali@example.net",
        "id": "idn_392Vg6REU6QXuyb15oUkq1FVVC0",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1769894274823,
        "verification": {
          "attempts": 1,
          "expire_at": 1769894860812,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Yara",
    "has_image": false,
    "id": "user_392VhowPHWsDFoqy4THLEMQQXlM",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM5MlZob3dQSFdzREZvcXk0VEhMRU1RUVhsTSIsImluaXRpYWxzIjoiWUIifQ",
    "last_active_at": 1770681064867,
    "last_name": "Benali",
    "last_sign_in_at": 1770672065388,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": true,
    "lockout_expires_in_seconds": 3600,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1769894274812,
    "phone_numbers": [],
    "primary_email_address_id": "idn_392Vg6REU6QXuyb15oUkq1FVVC0",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1770681065388,
    "username": null,
    "verification_attempts_remaining": 0,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.111",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770681065446,
  "type": "user.updated"
}
','applied',NULL,'development',1770681065446,1796093659866,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(200,'msg_00000008b5eef768710381df6b3','user.updated','user_392VhowPHWsDFoqy4THLEMQQXlM','user_392VhowPHWsDFoqy4THLEMQQXlM','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1769894274812,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1769894260812,
        "email_address": "yara.benali@example.net",
        "id": "idn_392Vg6REU6QXuyb15oUkq1FVVC0",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1769894274823,
        "verification": {
          "attempts": 1,
          "expire_at": 1769894860812,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Yarah",
    "has_image": false,
    "id": "user_392VhowPHWsDFoqy4THLEMQQXlM",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM5MlZob3dQSFdzREZvcXk0VEhMRU1RUVhsTSIsImluaXRpYWxzIjoiWUIifQ",
    "last_active_at": 1770677064636,
    "last_name": "Benali",
    "last_sign_in_at": 1770672065388,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1769894274812,
    "phone_numbers": [],
    "primary_email_address_id": "idn_392Vg6REU6QXuyb15oUkq1FVVC0",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1770677065388,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.111",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1770677065424,
  "type": "user.updated"
}
','stale',NULL,'development',1770677065424,1796093659866,NULL,NULL,NULL,NULL,'user',NULL,NULL);
INSERT INTO "webhook_events" VALUES(201,'msg_0000000b50b123117b591186d27','user.updated','user_3743aOgv7ht0NyQbmDZviDmSk6i','user_3743aOgv7ht0NyQbmDZviDmSk6i','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1766148578273,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1766148564273,
        "email_address": "abel@example.org",
        "id": "idn_3743YchLVRJHqGpgPgJ7YrIbvkC",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1766148578284,
        "verification": {
          "attempts": 1,
          "expire_at": 1766149164273,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": "customer-8812",
    "first_name": "Abel",
    "has_image": false,
    "id": "user_3743aOgv7ht0NyQbmDZviDmSk6i",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM3NDNhT2d2N2h0ME55UWJtRFp2aURtU2s2aSIsImluaXRpYWxzIjoiQVQifQ",
    "last_active_at": 1778180556539,
    "last_name": "Tesfaye-Berg",
    "last_sign_in_at": 1778180468740,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1766148578273,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3743YchLVRJHqGpgPgJ7YrIbvkC",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "billing": {
        "customer": "pvt-abel-billing-0e5bd917",
        "history": [
          {
            "invoice": "pvt-abel-inv-1-66c2f40a"
          },
          {
            "invoice": "pvt-abel-inv-2-9de83b71"
          }
        ]
      },
      "note": "pvt-abel-note-52a7c08f",
      "tags": [
        "pvt-abel-tag-e4419d63",
        "pvt-abel-tag-a08c75d2"
      ]
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {
      "address_book": {
        "labels": [
          "work",
          "家",
          "☕"
        ],
        "shared": true
      },
      "flags": {
        "beta": true,
        "ratio": 0.25,
        "seats": 12
      },
      "nothing": null,
      "plan": "team"
    },
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {
      "onboarding": {
        "answers": [
          {
            "q": 1,
            "text": "\"quoted\" \\ back\tslash"
          },
          {
            "q": 2,
            "text": "emoji 🚀 and ü"
          }
        ],
        "step": 3
      },
      "tour_seen": false
    },
    "updated_at": 1778180556740,
    "username": "abel-tb",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.58",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1778180556790,
  "type": "user.updated"
}
','applied',NULL,'development',1778180556790,1796093659866,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(202,'msg_00000007339fbe7a4249d25c171','user.updated','user_36PEfVrDg36HXmfToITHewezGMR','user_36PEfVrDg36HXmfToITHewezGMR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"backup_code_enabled":false,"banned":false,"bypass_client_trust":false,"create_organization_enabled":true,"create_organizations_limit":null,"created_at":1764899909833,"delete_self_enabled":true,"deprovisioned":false,"email_addresses":[{"created_at":1764899895833,"email_address":"mei.tanaka@example.org","id":"idn_36PEdnigNZjX9fEVGLN3zPXWLKm","linked_to":[],"matches_sso_connection":false,"object":"email_address","reserved":false,"updated_at":1764899909844,"verification":{"attempts":1,"expire_at":1764900495833,"object":"verification_otp","status":"verified","strategy":"email_code"}}],"enterprise_accounts":[],"external_accounts":[],"external_id":null,"first_name":"Mei","has_image":false,"id":"user_36PEfVrDg36HXmfToITHewezGMR","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM2UEVmVnJEZzM2SFhtZlRvSVRIZXdlekdNUiIsImluaXRpYWxzIjoiTVQifQ","last_active_at":1768617668006,"last_name":"Tanaka","last_sign_in_at":1768617608264,"legal_accepted_at":null,"locale":"en-US","locked":false,"lockout_expires_in_seconds":null,"mfa_disabled_at":null,"mfa_enabled_at":null,"object":"user","passkeys":[{"id":"idn_38Mm9tYWncFKf2SOjP2BEbaGsXQ","last_used_at":1768617667764,"name":"iCloud Keychain","object":"passkey","verification":{"attempts":1,"expire_at":1768618258264,"message":null,"nonce":"[redacted]","object":"verification_passkey","status":"verified","strategy":"passkey"}}],"password_enabled":true,"password_last_updated_at":1764899909833,"phone_numbers":[],"primary_email_address_id":"idn_36PEdnigNZjX9fEVGLN3zPXWLKm","primary_phone_number_id":null,"primary_web3_wallet_id":null,"private_metadata":{
      "beta_group": "pvt-mei-beta-2b84d6fa"
    },"profile_image_url":"https://www.gravatar.com/avatar?d=mp","public_metadata":{},"requires_password_reset":false,"saml_accounts":[],"totp_enabled":false,"two_factor_enabled":false,"unsafe_metadata":{},"updated_at":1768617668264,"username":"meitanaka","verification_attempts_remaining":100,"web3_wallets":[]},"event_attributes":{"http_request":{"client_ip":"2001:db8:90:4::1b","user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1768617668289,"type":"user.updated"}','applied',NULL,'development',1768617668289,1796093659868,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(203,'msg_00000000c901d57ebdf81080a34','user.updated','user_3AExTGRXJeAWUlgURxbzae5svBr','user_3AExTGRXJeAWUlgURxbzae5svBr','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1772171536,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1772171522,
        "email_address": "uma.krishnan@example.org",
        "id": "idn_3AExRW2MJGstAtQKHAds440e9So",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1772171536,
        "verification": {
          "attempts": 1,
          "expire_at": 1772172122,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Uma",
    "has_image": false,
    "id": "user_3AExTGRXJeAWUlgURxbzae5svBr",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNBRXhUR1JYSmVBV1VsZ1VSeGJ6YWU1c3ZCciIsImluaXRpYWxzIjoiVUsifQ",
    "last_active_at": 1773808226,
    "last_name": "Krishnan",
    "last_sign_in_at": 1773808167,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1772171536,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3AExRW2MJGstAtQKHAds440e9So",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1773808227,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.90",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1773808227,
  "type": "user.updated"
}
','applied',NULL,'development',1773808227000,1796093659868,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(204,'msg_0000000f11b781b22b0d4f1ead2','user.updated','user_338aXdAjzC5JhXnA8Yg61FLD67N','user_338aXdAjzC5JhXnA8Yg61FLD67N','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"backup_code_enabled":false,"banned":false,"bypass_client_trust":false,"create_organization_enabled":true,"create_organizations_limit":null,"created_at":1758701193695,"delete_self_enabled":true,"deprovisioned":false,"email_addresses":[{"created_at":1758701179695,"email_address":"wanda.kowalska@example.org","id":"idn_338aVqokjW2V6bE8UzDtj3ofAmG","linked_to":[],"matches_sso_connection":false,"object":"email_address","reserved":false,"updated_at":1758701193706,"verification":{"attempts":1,"expire_at":1758701779695,"object":"verification_otp","status":"verified","strategy":"email_code"}}],"enterprise_accounts":[],"external_accounts":[],"external_id":null,"first_name":"Wanda","has_image":false,"id":"user_338aXdAjzC5JhXnA8Yg61FLD67N","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMzOGFYZEFqekM1SmhYbkE4WWc2MUZMRDY3TiIsImluaXRpYWxzIjoiV0sifQ","last_active_at":1771234064327,"last_name":"Kowalska","last_sign_in_at":1771233664803,"legal_accepted_at":null,"locale":"en-US","locked":false,"lockout_expires_in_seconds":null,"mfa_disabled_at":null,"mfa_enabled_at":1771234064795,"object":"user","passkeys":[],"password_enabled":true,"password_last_updated_at":1758701193695,"phone_numbers":[{"backup_codes":"[redacted]","created_at":1771234033803,"default_second_factor":true,"id":"idn_39kJFnTEkqGkrfS68wPdiJpSKF5","linked_to":[],"object":"phone_number","phone_number":"+12025550188","reserved":false,"reserved_for_second_factor":true,"updated_at":1771234039214,"verification":{"attempts":1,"channel":"sms","expire_at":1771234633803,"object":"verification_otp","status":"verified","strategy":"phone_code"}}],"primary_email_address_id":"idn_338aVqokjW2V6bE8UzDtj3ofAmG","primary_phone_number_id":"idn_39kJFnTEkqGkrfS68wPdiJpSKF5","primary_web3_wallet_id":null,"private_metadata":{
      "kyc_reference": "pvt-wanda-kyc-d04f6e17"
    },"profile_image_url":"https://www.gravatar.com/avatar?d=mp","public_metadata":{},"requires_password_reset":false,"saml_accounts":[],"totp_enabled":false,"two_factor_enabled":true,"unsafe_metadata":{},"updated_at":1771234064803,"username":null,"verification_attempts_remaining":100,"web3_wallets":[]},"event_attributes":{"http_request":{"client_ip":"203.0.113.75","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1771234064831,"type":"user.updated"}','applied',NULL,'development',1771234064831,1796093659869,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(205,'msg_000000084496ca21a69b9b754c5','user.updated','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1762859471111,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1762859457111,
        "email_address": "tomas.novak@example.com",
        "id": "idn_35KWtNfsMdcthrWQQTXePS8sNcK",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1762859471122,
        "verification": {
          "attempts": 1,
          "expire_at": 1762860057111,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1768414807415,
        "email_address": "tomas.novak@example.net",
        "id": "idn_38G8zHadCCtmEmTe0OHORDK9QcN",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1768414838814,
        "verification": {
          "attempts": 1,
          "expire_at": 1768415407415,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Tomáš",
    "has_image": false,
    "id": "user_35KWvGGYjg1NWoH7YDT3lY8ASFw",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM1S1d2R0dZamcxTldvSDdZRFQzbFk4QVNGdyIsImluaXRpYWxzIjoiVE4ifQ",
    "last_active_at": 1768415029956,
    "last_name": "Novák",
    "last_sign_in_at": 1768414697330,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1762859471111,
    "phone_numbers": [],
    "primary_email_address_id": "idn_38G8zHadCCtmEmTe0OHORDK9QcN",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1768415030330,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.9",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1768415030364,
  "type": "user.updated"
}
','applied',NULL,'development',1768415030364,1796093660456,NULL,NULL,NULL,NULL,'user','created',NULL);
INSERT INTO "webhook_events" VALUES(206,'msg_00000009ec69d51b8e63fab0994','user.updated','user_338aXdAjzC5JhXnA8Yg61FLD67N','user_338aXdAjzC5JhXnA8Yg61FLD67N','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": true,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1758701193695,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1758701179695,
        "email_address": "wanda.kowalska@example.org",
        "id": "idn_338aVqokjW2V6bE8UzDtj3ofAmG",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1758701193706,
        "verification": {
          "attempts": 1,
          "expire_at": 1758701779695,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Wanda",
    "has_image": false,
    "id": "user_338aXdAjzC5JhXnA8Yg61FLD67N",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMzOGFYZEFqekM1SmhYbkE4WWc2MUZMRDY3TiIsImluaXRpYWxzIjoiV0sifQ",
    "last_active_at": 1771603681787,
    "last_name": "Kowalska",
    "last_sign_in_at": 1771603587140,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": 1771234064795,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1758701193695,
    "phone_numbers": [
      {
        "backup_codes": null,
        "created_at": 1771234033803,
        "default_second_factor": false,
        "id": "idn_39kJFnTEkqGkrfS68wPdiJpSKF5",
        "linked_to": [],
        "object": "phone_number",
        "phone_number": "+12025550188",
        "reserved": false,
        "reserved_for_second_factor": true,
        "updated_at": 1771234039214,
        "verification": {
          "attempts": 1,
          "channel": "sms",
          "expire_at": 1771234633803,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "phone_code"
        }
      }
    ],
    "primary_email_address_id": "idn_338aVqokjW2V6bE8UzDtj3ofAmG",
    "primary_phone_number_id": "idn_39kJFnTEkqGkrfS68wPdiJpSKF5",
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "kyc_reference": "pvt-wanda-kyc-d04f6e17"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": true,
    "two_factor_enabled": true,
    "unsafe_metadata": {},
    "updated_at": 1771603682140,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.75",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1771603682165,
  "type": "user.updated"
}
','applied',NULL,'development',1771603682165,1796093660466,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(207,'msg_0000000d701ee5d28a38fc45c28','user.updated','user_2xOocFfUQreMgh25uKw2PqdKL6m','user_2xOocFfUQreMgh25uKw2PqdKL6m',NULL,'{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1747818558302,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1747818544302,
        "email_address": "ines.carvalho@example.org",
        "id": "idn_2xOoabsFYn6k98ObpbOLceBWLzU",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1747818558313,
        "verification": {
          "attempts": 1,
          "expire_at": 1747819144302,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email openid profile User.Read",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbWljcm9zb2Z0L2ltZ18yeHVEamQwYjNET1QyVUpDd0FHRG5rUFlUSUUifQ",
        "created_at": 1749715334451,
        "email_address": "ines.carvalho@example.org",
        "email_address_verified": true,
        "first_name": "Inês",
        "id": "eac_2yOpAzN2dxzhJNJTkRKacNOqfjd",
        "identification_id": "idn_2yOpB1hNqqPeeBWCLJuwqLrxaRg",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbWljcm9zb2Z0L2ltZ18yeHVEamQwYjNET1QyVUpDd0FHRG5rUFlUSUUifQ",
        "label": null,
        "last_name": "Carvalho",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_microsoft",
        "provider_user_id": "31182933",
        "public_metadata": {},
        "updated_at": 1749715334451,
        "username": null,
        "verification": null
      }
    ],
    "external_id": null,
    "first_name": "Inês",
    "has_image": false,
    "id": "user_2xOocFfUQreMgh25uKw2PqdKL6m",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJ4T29jRmZVUXJlTWdoMjV1S3cyUHFkS0w2bSIsImluaXRpYWxzIjoiSUMifQ",
    "last_active_at": 1751131868563,
    "last_name": "Carvalho",
    "last_sign_in_at": 1751131840007,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1747818558302,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2xOoabsFYn6k98ObpbOLceBWLzU",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "import_batch": "pvt-ines-batch-e1906f3d"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {
      "newsletter": true
    },
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1751131869012,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "192.0.2.202",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "object": "event",
  "timestamp": 1751131869024,
  "type": "user.updated"
}
','applied',NULL,'development',1751131869024,1796093660466,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(208,'msg_0000000e380ac2b45aa972e5f56','user.updated','user_3C7POr5yh7uNq5jPhUY5qhhGESA','user_3C7POr5yh7uNq5jPhUY5qhhGESA','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"backup_code_enabled":false,"banned":false,"bypass_client_trust":false,"create_organization_enabled":true,"create_organizations_limit":null,"created_at":1775733605071,"delete_self_enabled":true,"deprovisioned":false,"email_addresses":[],"enterprise_accounts":[],"external_accounts":[],"external_id":null,"first_name":"Kofi","has_image":false,"id":"user_3C7POr5yh7uNq5jPhUY5qhhGESA","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNDN1BPcjV5aDd1TnE1alBoVVk1cWhoR0VTQSIsImluaXRpYWxzIjoiS00ifQ","last_active_at":1777124180088,"last_name":"Mensah","last_sign_in_at":1777124130518,"legal_accepted_at":null,"locale":"en-US","locked":false,"lockout_expires_in_seconds":null,"mfa_disabled_at":null,"mfa_enabled_at":null,"object":"user","passkeys":[],"password_enabled":false,"password_last_updated_at":null,"phone_numbers":[],"primary_email_address_id":null,"primary_phone_number_id":null,"primary_web3_wallet_id":"idn_3C7PNbHVWSswY2NkWFKhdY4mTgb","private_metadata":{},"profile_image_url":"https://www.gravatar.com/avatar?d=mp","public_metadata":{},"requires_password_reset":false,"saml_accounts":[],"totp_enabled":false,"two_factor_enabled":false,"unsafe_metadata":{},"updated_at":1777124180518,"username":null,"verification_attempts_remaining":100,"web3_wallets":[{"created_at":1775733595971,"id":"idn_3C7PNbHVWSswY2NkWFKhdY4mTgb","object":"web3_wallet","updated_at":1775733597404,"verification":{"attempts":1,"expire_at":1775734195071,"message":null,"nonce":"[redacted]","object":"verification_web3","status":"verified","strategy":"web3_metamask_signature"},"web3_wallet":"0x7f3c71d1901151e202a33a273be130078e9f353a"},{"created_at":1777124180485,"id":"idn_3Cqrwf1U15zTcFjJJwAGohDFZrn","object":"web3_wallet","updated_at":1777124180498,"verification":{"attempts":0,"expire_at":1777124770518,"message":"[redacted]","nonce":"[redacted]","object":"verification_web3","status":"unverified","strategy":"web3_coinbase_wallet_signature"},"web3_wallet":"0x19be82c3c6293edf07de96a0f5427a9e4fdcb8f6"}]},"event_attributes":{"http_request":{"client_ip":"192.0.2.77","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1777124180574,"type":"user.updated"}','applied',NULL,'development',1777124180574,1796093660494,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(209,'msg_0000000b3533ae892b68bed059f','user.updated','user_36PEfVrDg36HXmfToITHewezGMR','user_36PEfVrDg36HXmfToITHewezGMR','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"backup_code_enabled":false,"banned":false,"bypass_client_trust":false,"create_organization_enabled":true,"create_organizations_limit":null,"created_at":1764899909833,"delete_self_enabled":true,"deprovisioned":false,"email_addresses":[{"created_at":1764899895833,"email_address":"mei.tanaka@example.org","id":"idn_36PEdnigNZjX9fEVGLN3zPXWLKm","linked_to":[],"matches_sso_connection":false,"object":"email_address","reserved":false,"updated_at":1764899909844,"verification":{"attempts":1,"expire_at":1764900495833,"object":"verification_otp","status":"verified","strategy":"email_code"}}],"enterprise_accounts":[],"external_accounts":[],"external_id":null,"first_name":"Mei","has_image":false,"id":"user_36PEfVrDg36HXmfToITHewezGMR","image_url":"https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM2UEVmVnJEZzM2SFhtZlRvSVRIZXdlekdNUiIsImluaXRpYWxzIjoiTVQifQ","last_active_at":1769922992938,"last_name":"Tanaka","last_sign_in_at":1769922600031,"legal_accepted_at":null,"locale":"en-US","locked":false,"lockout_expires_in_seconds":null,"mfa_disabled_at":null,"mfa_enabled_at":null,"object":"user","passkeys":[{"id":"idn_38Mm9tYWncFKf2SOjP2BEbaGsXQ","last_used_at":1768617667764,"name":"iCloud Keychain","object":"passkey","verification":{"attempts":1,"expire_at":1768618258264,"message":null,"nonce":"[redacted]","object":"verification_passkey","status":"verified","strategy":"passkey"}}],"password_enabled":true,"password_last_updated_at":1764899909833,"phone_numbers":[],"primary_email_address_id":"idn_36PEdnigNZjX9fEVGLN3zPXWLKm","primary_phone_number_id":null,"primary_web3_wallet_id":null,"private_metadata":{
      "beta_group": "pvt-mei-beta-2b84d6fa"
    },"profile_image_url":"https://www.gravatar.com/avatar?d=mp","public_metadata":{
      "theme": "dark"
    },"requires_password_reset":false,"saml_accounts":[],"totp_enabled":false,"two_factor_enabled":false,"unsafe_metadata":{},"updated_at":1769922993747,"username":"meitanaka","verification_attempts_remaining":100,"web3_wallets":[]},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1769922993779,"type":"user.updated"}','applied',NULL,'development',1769922993779,1796093660537,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(210,'msg_0000000f6ac1edd2e3b5f8794a2','user.updated','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1755167223940,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1755167209940,
        "email_address": "zoe.lindqvist@example.net",
        "id": "idn_31H3XTBa7xMt9xDMkLXQLb0BmQX",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1755167223951,
        "verification": {
          "attempts": 1,
          "expire_at": 1755167809940,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1775122212031,
        "email_address": "zoe.work@example.net",
        "id": "idn_3BnQAf1ogHuAcxMFYwHEolubDtZ",
        "linked_to": [
          {
            "id": "idn_3BnQAkAqPXUtHWPvESrZCX7yZed",
            "type": "oauth_google"
          },
          {
            "id": "idn_3BnSsz2MnUE8QAB19mLHsHY6LKc",
            "type": "oauth_linkedin_oidc"
          }
        ],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1775122247820,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_from_oauth",
          "status": "verified",
          "strategy": "from_oauth_google"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "created_at": 1755253623940,
        "email_address": "zoe.lindqvist@example.net",
        "external_account_id": "eac_31JsgouV6H39Wi6eXmszPAtBHQe",
        "family_name": "Lindqvist",
        "first_name": "Zoë",
        "given_name": "Zoë",
        "google_id": "116276895342991419801",
        "id": "idn_31Jsgs5MPf84u1jB0uDH7bF4hlA",
        "identification_id": "idn_31Jsgs5MPf84u1jB0uDH7bF4hlA",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "label": null,
        "last_name": "Lindqvist",
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "provider": "oauth_google",
        "provider_user_id": "116276895342991419801",
        "public_metadata": {},
        "updated_at": 1755253623940,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1755254217940,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_google"
        }
      },
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalljRnB2dGtaQnN4SDVETnJuQ0FteGYifQ",
        "created_at": 1775122212040,
        "email_address": "zoe.work@example.net",
        "external_account_id": "eac_3BnQAgFrFY8XtJMz2NXXydScplJ",
        "family_name": "Lindqvist",
        "first_name": "Zoë",
        "given_name": "Zoë",
        "google_id": "156730797114372209794",
        "id": "idn_3BnQAkAqPXUtHWPvESrZCX7yZed",
        "identification_id": "idn_3BnQAkAqPXUtHWPvESrZCX7yZed",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalljRnB2dGtaQnN4SDVETnJuQ0FteGYifQ",
        "label": "work",
        "last_name": "Lindqvist",
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalljRnB2dGtaQnN4SDVETnJuQ0FteGYifQ",
        "provider": "oauth_google",
        "provider_user_id": "156730797114372209794",
        "public_metadata": {},
        "updated_at": 1775122212040,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1775122806040,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_google"
        }
      },
      {
        "approved_scopes": "read:user user:email",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "created_at": 1775122915302,
        "email_address": "zoe.lindqvist@example.net",
        "email_address_verified": true,
        "first_name": "Zoë",
        "id": "eac_3BnRb31A5i15jL6vnb9ioe2CjzN",
        "identification_id": "idn_3BnRb6ebnjaLt1ZuOrqPQahun96",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "label": null,
        "last_name": "Lindqvist",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_github",
        "provider_user_id": "44695219",
        "public_metadata": {},
        "updated_at": 1775122915302,
        "username": "zoefox",
        "verification": {
          "attempts": null,
          "expire_at": 1775123509302,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_github"
        }
      },
      {
        "approved_scopes": "email openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbGlua2VkaW5fb2lkYy9pbWdfMnh1RGpidDN6MkF3Uk5VTzJ2WnFBTWhvNDhJIn0",
        "created_at": 1775123551877,
        "email_address": "zoe.work@example.net",
        "email_address_verified": null,
        "first_name": "Zoë",
        "id": "eac_3BnSt3FLGHm0wVFB1np9WZ4Ss51",
        "identification_id": "idn_3BnSsz2MnUE8QAB19mLHsHY6LKc",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbGlua2VkaW5fb2lkYy9pbWdfMnh1RGpidDN6MkF3Uk5VTzJ2WnFBTWhvNDhJIn0",
        "label": null,
        "last_name": "Lindqvist",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_linkedin_oidc",
        "provider_user_id": "52000242",
        "public_metadata": {},
        "updated_at": 1775123551877,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1775124145877,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_linkedin_oidc"
        }
      }
    ],
    "external_id": null,
    "first_name": "Zoë 🦊",
    "has_image": false,
    "id": "user_31H3ZDLk6q1VQcYqslPFbp3JU8i",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMxSDNaRExrNnExVlFjWXFzbFBGYnAzSlU4aSIsImluaXRpYWxzIjoiWkwifQ",
    "last_active_at": 1775123551489,
    "last_name": "Lindqvist 🌊",
    "last_sign_in_at": 1775122251890,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1755167223940,
    "phone_numbers": [],
    "primary_email_address_id": "idn_31H3XTBa7xMt9xDMkLXQLb0BmQX",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "support_tier": "pvt-zoe-tier-70d3aa92"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1775123551890,
    "username": "zoefox",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.33",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775123551929,
  "type": "user.updated"
}
','applied',NULL,'development',1775123551929,1796093660538,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(211,'msg_0000000d118718dc8d76ea32c9b','user.updated','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','user_31H3ZDLk6q1VQcYqslPFbp3JU8i','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1755167223940,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1755167209940,
        "email_address": "zoe.lindqvist@example.net",
        "id": "idn_31H3XTBa7xMt9xDMkLXQLb0BmQX",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1755167223951,
        "verification": {
          "attempts": 1,
          "expire_at": 1755167809940,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1775122212031,
        "email_address": "zoe.work@example.net",
        "id": "idn_3BnQAf1ogHuAcxMFYwHEolubDtZ",
        "linked_to": [
          {
            "id": "idn_3BnQAkAqPXUtHWPvESrZCX7yZed",
            "type": "oauth_google"
          },
          {
            "id": "idn_3BnSsz2MnUE8QAB19mLHsHY6LKc",
            "type": "oauth_linkedin_oidc"
          }
        ],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1775122247820,
        "verification": {
          "attempts": null,
          "expire_at": null,
          "object": "verification_from_oauth",
          "status": "verified",
          "strategy": "from_oauth_google"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "created_at": 1755253623940,
        "email_address": "zoe.lindqvist@example.net",
        "external_account_id": "eac_31JsgouV6H39Wi6eXmszPAtBHQe",
        "family_name": "Lindqvist",
        "first_name": "Zoë",
        "given_name": "Zoë",
        "google_id": "116276895342991419801",
        "id": "idn_31Jsgs5MPf84u1jB0uDH7bF4hlA",
        "identification_id": "idn_31Jsgs5MPf84u1jB0uDH7bF4hlA",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "label": null,
        "last_name": "Lindqvist",
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEamJ0M3oyQXdSTlVPMnZacUFNaG80OEkifQ",
        "provider": "oauth_google",
        "provider_user_id": "116276895342991419801",
        "public_metadata": {},
        "updated_at": 1755253623940,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1755254217940,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_google"
        }
      },
      {
        "approved_scopes": "email https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalljRnB2dGtaQnN4SDVETnJuQ0FteGYifQ",
        "created_at": 1775122212040,
        "email_address": "zoe.work@example.net",
        "external_account_id": "eac_3BnQAgFrFY8XtJMz2NXXydScplJ",
        "family_name": "Lindqvist",
        "first_name": "Zoë",
        "given_name": "Zoë",
        "google_id": "156730797114372209794",
        "id": "idn_3BnQAkAqPXUtHWPvESrZCX7yZed",
        "identification_id": "idn_3BnQAkAqPXUtHWPvESrZCX7yZed",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalljRnB2dGtaQnN4SDVETnJuQ0FteGYifQ",
        "label": "work",
        "last_name": "Lindqvist",
        "object": "google_account",
        "picture": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2ltZ18yeHVEalljRnB2dGtaQnN4SDVETnJuQ0FteGYifQ",
        "provider": "oauth_google",
        "provider_user_id": "156730797114372209794",
        "public_metadata": {},
        "updated_at": 1775122212040,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1775122806040,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_google"
        }
      },
      {
        "approved_scopes": "email openid profile",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbGlua2VkaW5fb2lkYy9pbWdfMnh1RGpidDN6MkF3Uk5VTzJ2WnFBTWhvNDhJIn0",
        "created_at": 1775123551877,
        "email_address": "zoe.work@example.net",
        "email_address_verified": null,
        "first_name": "Zoë",
        "id": "eac_3BnSt3FLGHm0wVFB1np9WZ4Ss51",
        "identification_id": "idn_3BnSsz2MnUE8QAB19mLHsHY6LKc",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfbGlua2VkaW5fb2lkYy9pbWdfMnh1RGpidDN6MkF3Uk5VTzJ2WnFBTWhvNDhJIn0",
        "label": null,
        "last_name": "Lindqvist",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_linkedin_oidc",
        "provider_user_id": "52000242",
        "public_metadata": {},
        "updated_at": 1775123551877,
        "username": null,
        "verification": {
          "attempts": null,
          "expire_at": 1775124145877,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_linkedin_oidc"
        }
      }
    ],
    "external_id": null,
    "first_name": "Zoë 🦊",
    "has_image": false,
    "id": "user_31H3ZDLk6q1VQcYqslPFbp3JU8i",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzMxSDNaRExrNnExVlFjWXFzbFBGYnAzSlU4aSIsImluaXRpYWxzIjoiWkwifQ",
    "last_active_at": 1775892048537,
    "last_name": "Lindqvist 🌊",
    "last_sign_in_at": 1775122251890,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1755167223940,
    "phone_numbers": [],
    "primary_email_address_id": "idn_31H3XTBa7xMt9xDMkLXQLb0BmQX",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {
      "support_tier": "pvt-zoe-tier-70d3aa92"
    },
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1775892049056,
    "username": "zoefox",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "2001:db8:77:2::19",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1775892049092,
  "type": "user.updated"
}
','applied',NULL,'development',1775892049092,1796093660538,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(212,'msg_00000009a606989206294f83fac','user.updated','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','user_3Bg1XxC0rz3SSgpnDhDmObMBkZO','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1774895942506,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1774895928506,
        "email_address": "viktor@example.net",
        "id": "idn_3Bg1WD4WPuwY09XiG2bmX723bhT",
        "linked_to": [],
        "matches_sso_connection": false,
        "new_email_field": [
          "a",
          "b"
        ],
        "object": "email_address",
        "reserved": false,
        "updated_at": 1774895942517,
        "verification": {
          "attempts": 1,
          "expire_at": 1774896528506,
          "new_verification_field": {
            "k": null
          },
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "user:email",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEalpTSlJ0WU9iS0I3ZWpsdFpna3JwS1gifQ",
        "created_at": 1776156269759,
        "email_address": "viktor@example.net",
        "email_address_verified": true,
        "first_name": "",
        "id": "eac_3CLE5s56WAnSTHp2Kr5avFsYUKr",
        "identification_id": "idn_3CLE5q0p0vvP7UchZveB00VKD02",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0aHViL2ltZ18yeHVEalpTSlJ0WU9iS0I3ZWpsdFpna3JwS1gifQ",
        "label": null,
        "last_name": "",
        "new_account_field": {
          "depth": [
            1,
            2,
            3
          ]
        },
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_github",
        "provider_user_id": "81555952",
        "public_metadata": {},
        "updated_at": 1776156269759,
        "username": "vik-tor",
        "verification": {
          "attempts": null,
          "expire_at": 1776156863759,
          "new_verification_field": "x",
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_github"
        }
      }
    ],
    "external_id": null,
    "first_name": "",
    "has_image": false,
    "id": "user_3Bg1XxC0rz3SSgpnDhDmObMBkZO",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNCZzFYeEMwcnozU1NncG5EaERtT2JNQmtaTyIsImluaXRpYWxzIjoiIn0",
    "last_active_at": 1776156269890,
    "last_name": "",
    "last_sign_in_at": 1776156268959,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "new_flag": true,
    "new_list": [
      {
        "id": "new_1",
        "object": "new_thing"
      }
    ],
    "new_object": {
      "inner": {
        "value": 1.5
      }
    },
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1774895942506,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3Bg1WD4WPuwY09XiG2bmX723bhT",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1776156270159,
    "username": "viktor",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "delivery_hint": {
    "attempt": null
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.154",
      "new_request_field": "y",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    },
    "new_attribute": []
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "new_envelope_field": 7,
  "object": "event",
  "timestamp": 1776156270189,
  "type": "user.updated"
}
','applied',NULL,'development',1776156270189,1796093660540,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(213,'msg_0000000a4a5344082d756ac0c47','user.updated','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','user_35KWvGGYjg1NWoH7YDT3lY8ASFw','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1762859471111,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1762859457111,
        "email_address": "tomas.novak@example.com",
        "id": "idn_35KWtNfsMdcthrWQQTXePS8sNcK",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1762859471122,
        "verification": {
          "attempts": 1,
          "expire_at": 1762860057111,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      },
      {
        "created_at": 1768414807415,
        "email_address": "tomas.novak@example.net",
        "id": "idn_38G8zHadCCtmEmTe0OHORDK9QcN",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1768414838814,
        "verification": {
          "attempts": 1,
          "expire_at": 1768415407415,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Tomáš",
    "has_image": false,
    "id": "user_35KWvGGYjg1NWoH7YDT3lY8ASFw",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzM1S1d2R0dZamcxTldvSDdZRFQzbFk4QVNGdyIsImluaXRpYWxzIjoiVE4ifQ",
    "last_active_at": 1769759712327,
    "last_name": "Novák",
    "last_sign_in_at": 1768414697330,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1762859471111,
    "phone_numbers": [],
    "primary_email_address_id": "idn_38G8zHadCCtmEmTe0OHORDK9QcN",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "username": "tnovak",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.9",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1769759712841,
  "type": "user.updated"
}
','applied',NULL,'development',1769759712841,1796093660545,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(214,'msg_0000000cc66d4ba412bd178296f','user.updated','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','user_3DFVKjDyEU8wpgZH1jXaiwMKO1k','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "bypass_client_trust": false,
    "create_organization_enabled": true,
    "create_organizations_limit": null,
    "created_at": 1777877742919,
    "delete_self_enabled": true,
    "deprovisioned": false,
    "email_addresses": [
      {
        "created_at": 1777877728919,
        "email_address": "farah.haddad@example.com",
        "id": "idn_3DFVIvd8X0lKqEoQ0A9uNadyuMq",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1777877742930,
        "verification": {
          "attempts": 1,
          "expire_at": 1777878328919,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": null,
    "first_name": "Farah",
    "has_image": false,
    "id": "user_3DFVKjDyEU8wpgZH1jXaiwMKO1k",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzNERlZLakR5RVU4d3BnWkgxalhhaXdNS08xayIsImluaXRpYWxzIjoiRkgifQ",
    "last_active_at": 1779268461658,
    "last_name": "Haddad-Reid",
    "last_sign_in_at": 1779268202877,
    "legal_accepted_at": null,
    "locale": "en-US",
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1777877742919,
    "phone_numbers": [],
    "primary_email_address_id": "idn_3DFVIvd8X0lKqEoQ0A9uNadyuMq",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "requires_password_reset": false,
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1779268462305,
    "username": "farahreid",
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.21",
      "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1779268462329,
  "type": "user.updated"
}
','applied',NULL,'development',1779268462329,1796093660545,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(215,'msg_0000000acb5a5885b109875807c','waitlistEntry.created',NULL,'wle_3FUKRaXy5mzQoWDoVNtq8YqvdOc','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1782124200250,
    "email_address": "locked.out@example.net",
    "id": "wle_3FUKRaXy5mzQoWDoVNtq8YqvdOc",
    "invitation": null,
    "is_locked": true,
    "object": "waitlistEntry",
    "status": "pending",
    "updated_at": 1782124200250
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.222",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1782124200264,
  "type": "waitlistEntry.created"
}
','applied',NULL,'development',1782124200264,1796093660546,NULL,NULL,NULL,NULL,'waitlist_entry','created',NULL);
INSERT INTO "webhook_events" VALUES(216,'msg_0000000e5afce03c9911aa15d99','user.updated','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','user_2y0IKh2dgvr6dwjLUFUwGYPv1vB','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "backup_code_enabled": false,
    "banned": false,
    "create_organization_enabled": true,
    "created_at": 1748965001589,
    "delete_self_enabled": true,
    "email_addresses": [
      {
        "created_at": 1748964987589,
        "email_address": "jonas.weiss@example.net",
        "id": "idn_2y0IIwdnmlzTVzbRfxI6eI1t8AG",
        "linked_to": [],
        "matches_sso_connection": false,
        "object": "email_address",
        "reserved": false,
        "updated_at": 1748965001600,
        "verification": {
          "attempts": 1,
          "expire_at": 1748965587589,
          "object": "verification_otp",
          "status": "verified",
          "strategy": "email_code"
        }
      }
    ],
    "enterprise_accounts": [],
    "external_accounts": [
      {
        "approved_scopes": "openid profile email read_user",
        "avatar_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0bGFiL2ltZ18yeHVEamNEQ0FFcWhwT1VOTTFSWmJXZ0VMUEwifQ",
        "created_at": 1750330027229,
        "email_address": "jonas.weiss@example.net",
        "email_address_verified": true,
        "first_name": "Jonas",
        "id": "eac_2yiv5ohMUOYmuD6oRrhSocmecyb",
        "identification_id": "idn_2yiv5nE4JGDP4RcYDUauCQe2fW3",
        "image_url": "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ2l0bGFiL2ltZ18yeHVEamNEQ0FFcWhwT1VOTTFSWmJXZ0VMUEwifQ",
        "label": null,
        "last_name": "Weiß",
        "object": "external_account",
        "phone_number": null,
        "provider": "oauth_gitlab",
        "provider_user_id": "90632814",
        "public_metadata": {},
        "updated_at": 1750330027229,
        "username": "jweiss",
        "verification": {
          "attempts": null,
          "expire_at": 1750330621229,
          "object": "verification_oauth",
          "status": "verified",
          "strategy": "oauth_gitlab"
        }
      }
    ],
    "external_id": null,
    "first_name": "Jonas",
    "has_image": false,
    "id": "user_2y0IKh2dgvr6dwjLUFUwGYPv1vB",
    "image_url": "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCIsImlpZCI6Imluc18yckZWV2FIUUc3Um1VWTRFUGQxbU4zc3VNc0wiLCJyaWQiOiJ1c2VyXzJ5MElLaDJkZ3ZyNmR3akxVRlV3R1lQdjF2QiIsImluaXRpYWxzIjoiSlcifQ",
    "last_active_at": 1751457659342,
    "last_name": "Weiß",
    "last_sign_in_at": 1751457481002,
    "legal_accepted_at": null,
    "locked": false,
    "lockout_expires_in_seconds": null,
    "mfa_disabled_at": null,
    "mfa_enabled_at": null,
    "object": "user",
    "passkeys": [],
    "password_enabled": true,
    "password_last_updated_at": 1748965001589,
    "phone_numbers": [],
    "primary_email_address_id": "idn_2y0IIwdnmlzTVzbRfxI6eI1t8AG",
    "primary_phone_number_id": null,
    "primary_web3_wallet_id": null,
    "private_metadata": {},
    "profile_image_url": "https://www.gravatar.com/avatar?d=mp",
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": false,
    "two_factor_enabled": false,
    "unsafe_metadata": {},
    "updated_at": 1751457659650,
    "username": null,
    "verification_attempts_remaining": 100,
    "web3_wallets": []
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.14",
      "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "type": "user.updated"
}
','applied',NULL,'development',1796093660000,1796093660546,NULL,NULL,NULL,NULL,'user','updated',NULL);
INSERT INTO "webhook_events" VALUES(217,'msg_0000000cec494b108818e4378b0','waitlistEntry.created',NULL,'wle_3FcOHDOgAnkkuuqNI5H7UUUG1Yw','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1782370800,
    "email_address": "patient@example.org",
    "id": "wle_3FcOHDOgAnkkuuqNI5H7UUUG1Yw",
    "is_locked": false,
    "object": "waitlistEntry",
    "status": "pending",
    "updated_at": 1782370800
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.222",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1782370800,
  "type": "waitlistEntry.created"
}
','applied',NULL,'development',1782370800000,1796093660666,NULL,NULL,NULL,NULL,'waitlist_entry','created',NULL);
INSERT INTO "webhook_events" VALUES(218,'msg_0000000cdf3fed3d7c84e9e1879','waitlistEntry.created',NULL,'wle_3FZZ9b55JWW30Bh7jEI8eEbcP18','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1782284400600,
    "email_address": "curious@example.net",
    "id": "wle_3FZZ9b55JWW30Bh7jEI8eEbcP18",
    "invitation": null,
    "new_field": "x",
    "object": "waitlist_entry",
    "status": "pending",
    "updated_at": 1782284400600
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.222",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "new_envelope_field": 7,
  "object": "event",
  "timestamp": 1782284400614,
  "type": "waitlistEntry.created"
}
','applied',NULL,'development',1782284400614,1796093660667,NULL,NULL,NULL,NULL,'waitlist_entry','created',NULL);
INSERT INTO "webhook_events" VALUES(219,'msg_0000000effe0d51f87635c2d0e4','waitlistEntry.created',NULL,'wle_3FEH5kzrzj3GlYqxe0QaVe07F1p','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1781633127900,
    "email_address": "waiting@example.net",
    "id": "wle_3FEH5kzrzj3GlYqxe0QaVe07F1p",
    "invitation": null,
    "is_locked": false,
    "object": "waitlistEntry",
    "status": "pending",
    "updated_at": 1781633127900
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "203.0.113.222",
      "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1781633127914,
  "type": "waitlistEntry.created"
}
','applied',NULL,'development',1781633127914,1796093660667,NULL,NULL,NULL,NULL,'waitlist_entry','created',NULL);
INSERT INTO "webhook_events" VALUES(220,'msg_000000052f11342df359fa9cb19','waitlistEntry.updated',NULL,'wle_39vYR9Hx3RfMJg7ZZAm5yc3iO5r','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1771578000111,"email_address":"uma.krishnan@example.org","id":"wle_39vYR9Hx3RfMJg7ZZAm5yc3iO5r","invitation":{"created_at":1772096400222,"email_address":"uma.krishnan@example.org","id":"inv_3ACVB8pZlqyFjUAVraldIWZ4U9k","object":"invitation","public_metadata":{},"revoked":false,"status":"accepted","updated_at":1772171536400,"url":"[redacted]"},"is_locked":false,"object":"waitlistEntry","status":"completed","updated_at":1772171536400},"event_attributes":{"http_request":{"client_ip":"198.51.100.90","user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1772171536414,"type":"waitlistEntry.updated"}','applied',NULL,'development',1772171536414,1796093660678,NULL,NULL,NULL,NULL,'waitlist_entry','created',NULL);
INSERT INTO "webhook_events" VALUES(221,'msg_0000000b8ce35a75c060c67c2ed','waitlistEntry.updated',NULL,'wle_39vYR9Hx3RfMJg7ZZAm5yc3iO5r','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1771578000111,"email_address":"uma.krishnan@example.org","id":"wle_39vYR9Hx3RfMJg7ZZAm5yc3iO5r","invitation":{"created_at":1772096400222,"email_address":"uma.krishnan@example.org","id":"inv_3ACVB8pZlqyFjUAVraldIWZ4U9k","object":"invitation","public_metadata":{},"revoked":false,"status":"pending","updated_at":1772096400222,"url":"[redacted]"},"is_locked":false,"object":"waitlistEntry","status":"invited","updated_at":1772096400222},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1772096400236,"type":"waitlistEntry.updated"}','stale',NULL,'development',1772096400236,1796093660680,NULL,NULL,NULL,NULL,'waitlist_entry',NULL,NULL);
INSERT INTO "webhook_events" VALUES(222,'msg_0000000a05686fdc3d92df618db','waitlistEntry.updated',NULL,'wle_3FTuuAmUHFatlW8biQB5qzfhGxr','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{
  "data": {
    "created_at": 1782111600500,
    "email_address": "rejected@example.net",
    "id": "wle_3FTuuAmUHFatlW8biQB5qzfhGxr",
    "invitation": null,
    "is_locked": false,
    "object": "waitlistEntry",
    "status": "rejected",
    "updated_at": 1782198000500
  },
  "event_attributes": {
    "http_request": {
      "client_ip": "198.51.100.58",
      "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    }
  },
  "instance_id": "ins_2rFVWaHQG7RmUY4EPd1mN3suMsL",
  "object": "event",
  "timestamp": 1782198000514,
  "type": "waitlistEntry.updated"
}
','applied',NULL,'development',1782198000514,1796093660680,NULL,NULL,NULL,NULL,'waitlist_entry','created',NULL);
INSERT INTO "webhook_events" VALUES(223,'msg_00000006337fa02f132d1c6cc00','waitlistEntry.updated',NULL,'wle_3FEH5kzrzj3GlYqxe0QaVe07F1p','ins_2rFVWaHQG7RmUY4EPd1mN3suMsL','{"data":{"created_at":1781633127900,"email_address":"waiting@example.net","id":"wle_3FEH5kzrzj3GlYqxe0QaVe07F1p","invitation":{"created_at":1781805927900,"email_address":"waiting@example.net","id":"inv_3FJvLA9pkAsafywpmyKQuWF7O1v","object":"invitation","public_metadata":{},"revoked":false,"status":"pending","updated_at":1781805927900,"url":"[redacted]"},"is_locked":false,"object":"waitlistEntry","status":"invited","updated_at":1781805927900},"event_attributes":{"http_request":{"client_ip":"198.51.100.58","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"}},"instance_id":"ins_2rFVWaHQG7RmUY4EPd1mN3suMsL","object":"event","timestamp":1781805927951,"type":"waitlistEntry.updated"}','applied',NULL,'development',1781805927951,1796093660681,NULL,NULL,NULL,NULL,'waitlist_entry','updated',NULL);
CREATE TABLE webhook_secrets (
    label        TEXT    NOT NULL PRIMARY KEY,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "webhook_secrets" VALUES('development',1796093657888);
CREATE INDEX users_by_username ON users (username) WHERE username IS NOT NULL;
CREATE INDEX users_by_external_id ON users (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX webhook_events_by_subject ON webhook_events (subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX webhook_events_by_decision ON webhook_events (decision, seq)
    WHERE decision NOT IN ('applied', 'stale');
CREATE VIEW email_owners (email, clerk_id) AS
SELECT email, clerk_id
FROM (
    SELECT lower(email) AS email, clerk_id, ROW_NUMBER() OVER (
        PARTITION BY lower(email)
        ORDER BY (email_verified IS TRUE) DESC,
                 version_updated_at DESC, version_occurred_at DESC, version_event_id DESC
    ) AS place
    FROM users
    WHERE email IS NOT NULL
) AS claims
WHERE place = 1;
CREATE INDEX users_by_email ON users (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX organizations_by_slug ON organizations (slug) WHERE slug IS NOT NULL;
CREATE INDEX organization_memberships_by_organization
    ON organization_memberships (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX organization_memberships_by_user
    ON organization_memberships (user_id, organization_id, id) WHERE user_id IS NOT NULL;
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
CREATE INDEX organization_invitations_by_organization
    ON organization_invitations (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX organization_invitations_by_email
    ON organization_invitations (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX organization_domains_by_organization
    ON organization_domains (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX roles_by_key ON roles (key) WHERE key IS NOT NULL;
CREATE INDEX webhook_events_by_organization ON webhook_events (organization_id, seq)
    WHERE organization_id IS NOT NULL;
CREATE INDEX webhook_events_by_object ON webhook_events (object_id, seq)
    WHERE object_id IS NOT NULL AND (subject IS NULL OR organization_id IS NOT NULL);
CREATE INDEX waitlist_entries_by_email ON waitlist_entries (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX users_in_order_of_creation ON users (created_at, clerk_id)
    WHERE created_at IS NOT NULL;
CREATE INDEX users_without_creation ON users (clerk_id)
    WHERE created_at IS NULL AND deleted_at IS NULL;
CREATE INDEX organizations_in_order_of_creation ON organizations (created_at, id)
    WHERE created_at IS NOT NULL;
CREATE INDEX organizations_without_creation ON organizations (id)
    WHERE created_at IS NULL AND deleted_at IS NULL;
CREATE INDEX organization_memberships_live
    ON organization_memberships (organization_id, user_id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX users_by_phone_number ON users (phone_number) WHERE phone_number IS NOT NULL;
CREATE INDEX users_banned ON users (banned, clerk_id) WHERE banned = TRUE;
CREATE VIEW active_users (
    clerk_id, external_id, username, first_name, last_name, email, email_verified, image, banned,
    locked, public_metadata, last_sign_in_at, last_active_at, created_at, updated_at
) AS
SELECT clerk_id, external_id, username, first_name, last_name, email, email_verified, image, banned,
       locked, public_metadata,
       strftime('%Y-%m-%dT%H:%M:%fZ', last_sign_in_at / 1000.0, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%fZ', last_active_at / 1000.0, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch')
FROM users
WHERE (version_updated_at, version_occurred_at, version_event_id) > (0, 0, '');
CREATE VIEW user_emails (user_id, email, is_primary, is_verified) AS
SELECT listed.user_id, listed.identifier,
       COALESCE(lower(listed.identifier) = lower(owner.email), FALSE),
       COALESCE(listed.status = 'verified', FALSE)
FROM verifications AS listed
JOIN users AS owner ON owner.clerk_id = listed.user_id
WHERE listed.kind = 'email' AND listed.identifier IS NOT NULL;
CREATE VIEW organization_members (
    organization_id, user_id, membership_id, organization_name, organization_slug, role, email,
    first_name, last_name, public_metadata, joined_at, updated_at
) AS
SELECT live.organization_id, live.user_id, live.id, organization.name, organization.slug,
       membership.role, member.email, member.first_name, member.last_name,
       membership.public_metadata,
       strftime('%Y-%m-%dT%H:%M:%fZ', membership.created_at / 1000.0, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%fZ', membership.updated_at / 1000.0, 'unixepoch')
FROM live_memberships AS live
JOIN organization_memberships AS membership ON membership.id = live.id
JOIN organizations AS organization ON organization.id = live.organization_id
JOIN users AS member ON member.clerk_id = live.user_id
WHERE (organization.version_updated_at, organization.version_occurred_at,
       organization.version_event_id) > (0, 0, '')
  AND (member.version_updated_at, member.version_occurred_at, member.version_event_id)
      > (0, 0, '');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('webhook_events',223);
COMMIT;

PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
CREATE TABLE records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (kind, id)
);
INSERT INTO records VALUES(1,'project','proj_a','{"id": "proj_a", "name": "A", "created_at": 1795620809, "is_default": true, "external_key_id": null, "residency": null, "archived_at": null}');
INSERT INTO records VALUES(2,'project','proj_b','{"id": "proj_b", "name": "B", "created_at": 1795620809, "is_default": false, "external_key_id": null, "residency": null, "archived_at": null}');
INSERT INTO records VALUES(3,'service_account','svc_acct_b','{"id": "svc_acct_b", "project_id": "proj_b", "name": "ci", "role": "member", "created_at": 1795620809, "deleted_at": null}');
INSERT INTO records VALUES(4,'api_key','key_b','{"id": "key_b", "project_id": "proj_b", "name": "Secret Key", "redacted_value": "sk-svcacct-...6789", "digest": "ad5db5005879ba520fa6932443f0ea2429931a5c4794b12d963af726bf98bc3e", "created_at": 1795620809, "service_account_id": "svc_acct_b", "user": null, "scopes": [], "expires_at": null, "revoked_at": null}');
INSERT INTO records VALUES(5,'api_key','key_u','{"id": "key_u", "project_id": "proj_b", "name": "mine", "redacted_value": "sk-svcacct-...xAM4", "digest": "21c3dd046db2debc87c0851c3283d437a3aaf9902d33901dcbb43459de01868f", "created_at": 1795620809, "service_account_id": null, "user": {"id": "user-emulator", "name": "Ada Emulated", "email": "ada@example.com", "role": "owner", "created_at": 1711471533}, "scopes": [], "expires_at": null, "revoked_at": null}');
INSERT INTO records VALUES(6,'changed_row','proj_b/rl-gpt-4o','{"id": "proj_b/rl-gpt-4o", "project_id": "proj_b", "rate_limit_id": "rl-gpt-4o", "limits": {"max_requests_per_1_minute": 100}}');
INSERT INTO records VALUES(7,'project','proj_c','{"id": "proj_c", "name": "C", "created_at": 1795620809, "is_default": false, "external_key_id": null, "residency": null, "archived_at": 1795620809}');
INSERT INTO records VALUES(8,'service_account','svc_acct_gone','{"id": "svc_acct_gone", "project_id": "proj_b", "name": "gone", "role": "member", "created_at": 1795620810, "deleted_at": 1795620810}');
INSERT INTO records VALUES(9,'api_key','key_gone','{"id": "key_gone", "project_id": "proj_b", "name": "Secret Key", "redacted_value": "sk-svcacct-...ZIo3", "digest": "fa1eb55d17f69b6051ba45bb2135e629c2ce26907344f7f34a986633d139e78a", "created_at": 1795620810, "service_account_id": "svc_acct_gone", "user": null, "scopes": [], "expires_at": null, "revoked_at": 1795620810}');

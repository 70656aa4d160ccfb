"""Programs get their permissions from a group: keyless service accounts, and a role of the project."""

import pulumi

from pulumi_openai_admin import Group, GroupUser, ProjectGroupRole, ProjectRole, ProjectServiceAccount

project_id = pulumi.Config().require("projectId")

indexers = Group("indexers", name="Indexers")
role = ProjectRole(
    "indexer",
    project_id=project_id,
    name="Indexer",
    description="Calls models, and nothing else.",
    permissions=["api.model.request", "api.responses.write"],
)
ProjectGroupRole("indexers", project_id=project_id, group_id=indexers.group_id, role_id=role.role_id)

accounts = {}
for name in ("nightly", "on-demand"):
    # Without a key the account has the role `none`.
    account = ProjectServiceAccount(name, project_id=project_id, name=name, create_service_account_only=True)
    GroupUser(name, group_id=indexers.group_id, user_id=account.service_account_id)
    accounts[name] = account.service_account_id

pulumi.export("accounts", accounts)

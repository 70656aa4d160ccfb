"""A small company: everything that OpenAI's Administration API can manage, in one program.

`README.md` says how to run it on this machine.
"""

import pulumi

import pulumi_openai_admin as openai

# What holds for the whole organization. Destroy restores what was there before.
openai.OrganizationSpendLimit("budget", threshold_amount=500_000)  # cents: $5,000
openai.OrganizationSpendAlert("budget", threshold_amount=400_000, recipients=["finance@example.com"])
openai.OrganizationDataRetention("retention", retention_type="modified_abuse_monitoring")

# People: groups, and what they may do.
engineering = openai.Group("engineering", name="Engineering")
openai.GroupUser("grace", group_id=engineering.group_id, user_id="user-grace")
auditor = openai.Role("auditor", name="Auditor", permissions=["api.groups.read"], description="Reads, changes nothing.")

# One project, with everything in it.
shop = openai.Project("shop", name="Shop")
openai.ProjectSpendLimit("shop", project_id=shop.project_id, threshold_amount=100_000)
openai.ProjectSpendAlert(
    "shop", project_id=shop.project_id, threshold_amount=80_000, recipients=["shop@example.com"], subject_prefix="Shop"
)
openai.ProjectDataRetention("shop", project_id=shop.project_id, retention_type="organization_default")
openai.ProjectModelPermissions(
    "shop", project_id=shop.project_id, mode="allow_list", model_ids=["gpt-4.1-mini", "gpt-4o"]
)
openai.ProjectHostedToolPermissions("shop", project_id=shop.project_id, code_interpreter=False, web_search=False)
openai.ProjectServiceTierSettings("shop", project_id=shop.project_id, enabled_tiers=["flex"])
openai.ProjectRateLimit("shop", project_id=shop.project_id, model="gpt-4o", max_requests_per_1_minute=60)
openai.ProjectGroup("shop", project_id=shop.project_id, group_id=engineering.group_id, role="member")
openai.ProjectRole("shop-deployer", project_id=shop.project_id, name="Deployer", permissions=["api.model.read"])
web = openai.ProjectServiceAccount(
    "web", project_id=shop.project_id, name="web", create_service_account_only=True, role="member"
)
key = openai.ProjectServiceAccountApiKey(
    "web", project_id=shop.project_id, service_account_id=web.service_account_id, name="web", triggers=["2026-Q4"]
)

# Another project, where only the models that are named can be used.
research = openai.Project("research", name="Research")
openai.ProjectRateLimits(
    "research",
    project_id=research.project_id,
    limits={"gpt-4o*": {"max_requests_per_1_minute": 30}},
    others={"max_requests_per_1_minute": 0},
)

pulumi.export("web_key", key.api_key)  # secret

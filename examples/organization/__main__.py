"""A small company: everything that OpenAI's Administration API can manage, in one program.

`README.md` says how to run it on your machine.
"""

import pathlib

import pulumi

import pulumi_openai_admin as openai

# Settings of the whole organization. Destroy restores the original values.
openai.OrganizationSpendLimit("budget", threshold_amount=500_000)  # cents: $5,000
openai.OrganizationSpendAlert("budget", threshold_amount=400_000, recipients=["finance@example.com"])
openai.OrganizationDataRetention("retention", retention_type="zero_data_retention")

# People: groups, and what they may do.
engineering = openai.Group("engineering", name="Engineering")
leads = openai.Group("leads", name="Engineering leads")
openai.GroupUser("grace", group_id=engineering.group_id, user_id="user-grace")
openai.GroupMembers("engineering-leads", group_id=leads.group_id, user_ids=["user-grace", "user-edsger"])
openai.OrganizationUser("grace", email="grace@example.com", role="owner")
openai.OrganizationMember("alan", email="alan@example.com", role="reader")
openai.Invite("barbara", email="barbara@example.com", role="reader")
auditor = openai.Role("auditor", name="Auditor", permissions=["api.groups.read"], description="Reads, changes nothing.")

openai.UserRole("katherine", user_id="user-katherine", role_id=auditor.role_id)
openai.UserRoles("grace", user_id="user-grace", role_ids=[auditor.role_id])
openai.GroupRole("leads", group_id=leads.group_id, role_id=auditor.role_id)
openai.GroupRoles("engineering", group_id=engineering.group_id, role_ids=[auditor.role_id], exclusive=True)

# Keys, certificates and identities.
ci_key = openai.AdminApiKey("ci", name="ci", expires_in_seconds=90 * 24 * 3600, triggers=["2026-Q4"])
openai.ExternalKey(
    "data",
    name="data",
    provider={
        "oci": {
            "key_ocid": "ocid1.key.oc1..example",
            "vault_ocid": "ocid1.vault.oc1..example",
            "region": "eu-frankfurt-1",
        },
    },
)
openai.ExternalStorage(
    "data",
    project_id="proj_demo",
    provider={"aws": {"bucket": "example-openai", "role_arn": "arn:aws:iam::123456789012:role/openai"}},
)
openai.McpTunnel("office", name="office", description="MCP servers of the office")
certificate = openai.Certificate(
    "mtls", name="mtls", certificate=(pathlib.Path(__file__).parent / "mtls.pem").read_text()
)
openai.OrganizationCertificateActivation("mtls", certificate_id=certificate.certificate_id)
github = openai.WorkloadIdentityProvider(
    "github",
    name="github",
    type="oidc",
    issuer="https://token.actions.githubusercontent.com",
    audience="https://api.openai.com",
    verification={"discovery": {}},
)

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
openai.ProjectUser("shop-edsger", project_id=shop.project_id, email="edsger@example.com", role="member")
deployer = openai.ProjectRole(
    "shop-deployer", project_id=shop.project_id, name="Deployer", permissions=["api.model.read"]
)
openai.ProjectUserRole("edsger", project_id=shop.project_id, user_id="user-edsger", role_id=deployer.role_id)
openai.ProjectGroupRole(
    "engineering", project_id=shop.project_id, group_id=engineering.group_id, role_id=deployer.role_id
)
openai.ProjectCertificateActivation("shop", project_id=shop.project_id, certificate_id=certificate.certificate_id)
web = openai.ProjectServiceAccount(
    "web", project_id=shop.project_id, name="web", create_service_account_only=True, role="member"
)
key = openai.ProjectServiceAccountApiKey(
    "web", project_id=shop.project_id, service_account_id=web.service_account_id, name="web", triggers=["2026-Q4"]
)

openai.WorkloadIdentityFederationRule(
    "deploy",
    workload_identity_provider_id=github.workload_identity_provider_id,
    project_id=shop.project_id,
    service_account_id=web.service_account_id,
    attribute_matchers={"repository": "example/shop"},
    name="deploy",
)

# Another project, where only the models that are named can be used.
research = openai.Project("research", name="Research")
openai.ProjectRateLimits(
    "research",
    project_id=research.project_id,
    limits={"gpt-4o*": {"max_requests_per_1_minute": 30}},
    others={"max_requests_per_1_minute": 0},
)

researchers = openai.ProjectMembers(
    "research",
    project_id=research.project_id,
    members=[
        {"email": "grace@example.com", "role": "owner"},
        {"email": "edsger@example.com", "role": "member"},
    ],
    exclusive=True,
)
reviewer = openai.ProjectRole(
    "research-reviewer", project_id=research.project_id, name="Reviewer", permissions=["api.model.read"]
)
openai.ProjectUserRoles(
    "research-grace",
    project_id=research.project_id,
    user_id="user-grace",
    role_ids=[reviewer.role_id],
    opts=pulumi.ResourceOptions(depends_on=[researchers]),
)
openai.ProjectGroupRoles(
    "research-leads",
    project_id=research.project_id,
    group_id=leads.group_id,
    role_ids=[reviewer.role_id],
    exclusive=True,
)

pulumi.export("web_key", key.api_key)  # secret

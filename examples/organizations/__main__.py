"""Two organizations, each with the admin key from its own environment variable."""

import pulumi

from pulumi_openai_admin import Group, Provider

research = Provider(
    "research",
    organization="org-research",
    opts=pulumi.ResourceOptions(env_var_mappings={"RESEARCH_ADMIN_KEY": "OPENAI_ADMIN_KEY"}),
)

Group("readers", name="Readers", opts=pulumi.ResourceOptions(provider=research))
Group("staff", name="Staff")  # in the organization of OPENAI_ADMIN_KEY

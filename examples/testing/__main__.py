"""The project of one team."""

import pulumi
from team import team

account, limits = team(pulumi.Config().require("name"), share=0.5)

pulumi.export("project_id", account.project_id)
pulumi.export("api_key", account.api_key)  # secret

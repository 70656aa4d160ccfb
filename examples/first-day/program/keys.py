"""A key for the account `ci` of both teams. It goes into the store, and the state does not contain it.

`pulumi config set rotate 2027-01-08` (any other value) and `pulumi up` replace both keys.
"""

import pulumi
from projects import search, shop

from pulumi_openai_admin import Command, ProjectServiceAccountApiKey

rotate = pulumi.Config().get("rotate") or "first day"

for name, team in {"shop": shop.team, "search": search.team}.items():
    ProjectServiceAccountApiKey(
        f"{name}-delivered",
        project_id=team.project_id,
        service_account_id=team.service_account_ids["ci"],
        name="delivered",
        triggers=[rotate],
        deliver_to=Command(["sh", "../store.sh", f"{name}-ci"]),
    )

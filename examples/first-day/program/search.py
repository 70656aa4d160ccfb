"""Search (proj_03), as a TeamProject: in place of the resources that `adopt` wrote, with their values."""

from projects import KEEP

from pulumi_openai_admin import TeamProject

team = TeamProject(
    "search",
    name="Search",
    limits={"gpt-4o": {"max_requests_per_1_minute": 102}},
    others=None,
    spend_limit_dollars=1_000,
    alerts={"80000": {"threshold_dollars": 800, "recipients": ["finance@example.com"]}},
    members={"barbara@example.com": "member", "grace@example.com": "member"},
    service_accounts={"ci": {"role": "member"}},
    opts=KEEP,
)

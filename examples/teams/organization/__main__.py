"""The platform team's stack: a project for each team, who is in it, and what it may spend."""

import json
from pathlib import Path

import pulumi

from pulumi_openai_admin import OrganizationSpendLimit, Project, ProjectMember, ProjectMembers, ProjectSpendLimit

teams = json.loads(Path(__file__).with_name("teams.json").read_bytes())
CENTS = 100

OrganizationSpendLimit("budget", threshold_amount=sum(team["budget"] for team in teams.values()) * CENTS)

project_ids = {}
for name, team in teams.items():
    project = Project(name, name=name.capitalize(), opts=pulumi.ResourceOptions(protect=True))
    ProjectSpendLimit(name, project_id=project.project_id, threshold_amount=team["budget"] * CENTS)
    ProjectMembers(
        name,
        project_id=project.project_id,
        members=[
            *(ProjectMember(email=email, role="member") for email in team["members"]),
            *(ProjectMember(email=email, role="owner") for email in team["owners"]),
        ],
        exclusive=True,
    )
    project_ids[name] = project.project_id

pulumi.export("project_ids", project_ids)

"""The program of every stack: its name says which group, and fleet.json what is wanted there."""

import json
from pathlib import Path

import pulumi

from pulumi_openai_admin import ProjectRateLimits

fleet = json.loads(Path(__file__).with_name("fleet.json").read_text(encoding="utf-8"))
group = fleet["groups"][pulumi.get_stack()]
policy = fleet["policies"][group["policy"]]

for project_id in group["projects"]:
    ProjectRateLimits(project_id, project_id=project_id, limits=policy["limits"], others=policy.get("others"))

"""The program of all stacks. The stack's name is a group of fleet.json, which has its projects and policy."""

import json
from pathlib import Path

import pulumi

from pulumi_openai_admin import ProjectRateLimits

fleet = json.loads(Path(__file__).with_name("fleet.json").read_bytes())
group = fleet["groups"][pulumi.get_stack()]
policy = fleet["policies"][group["policy"]]

for project_id in group["projects"]:
    ProjectRateLimits(project_id, project_id=project_id, limits=policy["limits"], others=policy.get("others"))

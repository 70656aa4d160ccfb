"""The people of people.json: invited, in their projects, and removed from the organization when they are taken out."""

import json
from pathlib import Path

import pulumi

from pulumi_openai_admin import OrganizationMember

people = json.loads(Path(__file__).with_name("people.json").read_bytes())

members = {
    email: OrganizationMember(
        email, email=email, role=person["role"], projects=person["projects"], remove_on_destroy=True
    )
    for email, person in people.items()
}

pulumi.export("status", {email: member.status for email, member in members.items()})

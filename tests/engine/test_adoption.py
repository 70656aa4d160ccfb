"""An organization that was there before Pulumi: read, written down, imported, and previewed without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.adopt.kinds import selected
from pulumi_openai_admin.cli.adopt.patterns import Patterns
from tests.company import EVERYTHING, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.adopted import AdoptedStack

THREE_KINDS = [f"--include=kind:{kind}" for kind in ("Project", "ProjectRateLimits", "ProjectServiceAccount")]


@pytest.mark.parametrize("options", [(), ("--one-by-one",)], ids=["together", "one by one"])
def test_every_kind_previews_clean(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack], options: tuple[str, ...]
) -> None:
    plant(emulator)
    before = emulator.control.live()
    stack = adopt("--all", *EVERYTHING, "--exclude", "model:[!og]*", *options)
    stack.take_over()
    stack.preview_shows_no_change()
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert {one["method"] for one in emulator.control.requests()} == {"GET"}
    assert emulator.control.live() == before
    imported = {one["type"].rpartition(":")[2] for one in stack.export()["deployment"]["resources"]}
    kinds = {kind.name for kind in selected(Patterns(include=["kind:*"]), one_by_one=bool(options))}
    assert kinds <= imported


def organization(projects: int, accounts: int) -> dict[str, Any]:
    """Projects of which every fifth has a limit of its own."""
    return {
        "projects": [
            {
                "id": f"proj_{number:04}",
                "name": f"Team {number}",
                "residency": "EU_STORAGE_PROCESSING" if number % 7 == 0 else None,
                "service_accounts": [
                    {"name": f"bot {count}", "role": ("owner", "none", "member")[min(count, 2)], "keys": [{}]}
                    for count in range(accounts)
                ],
                "rate_limits": {"rl-gpt-4o": {"max_requests_per_1_minute": number}} if number % 5 == 0 else {},
            }
            for number in range(projects)
        ]
    }


def test_a_large_organization(emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]) -> None:
    emulator.control.seed(organization(200, 5))
    stack = adopt("--all", *THREE_KINDS, "--exclude", "proj_d*", "--exclude", "Staging", "--exclude", "Production")
    stack.take_over()
    stack.preview_shows_no_change()
    asked = emulator.control.requests()
    assert {one["method"] for one in asked} == {"GET"}
    assert len([one for one in asked if one["path"] == "/organization/projects"]) == 3  # pages of 100, of 204
    of_projects = [one["path"] for one in asked if one["path"] != "/organization/projects"]
    assert len(of_projects) == len(set(of_projects)) == 2 * 200
    resources = stack.export()["deployment"]["resources"]
    kinds = [one["type"].rpartition(":")[2] for one in resources]
    assert [kinds.count(kind) for kind in ("Project", "ProjectRateLimits", "ProjectServiceAccount")] == [200, 40, 1000]


@pytest.mark.parametrize(
    "options",
    [("--all-limits",), ("--one-by-one",), ("--all-limits", "--one-by-one", "--include", "model:gpt-4o*")],
    ids=" ".join,
)
def test_each_way_to_write_it_previews_clean(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack], options: tuple[str, ...]
) -> None:
    emulator.control.seed(organization(3, 3))
    stack = adopt("Team 0", "Team 1", "Team 2", *options)
    stack.take_over()
    stack.preview_shows_no_change()
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")


HOSTILE = (
    *("Pulumi", "pulumi_openai_admin", "Projects", "KEEP", "Project", "__init__", "__main__", "sys", "json", "typing"),
    *("Con", "Aux", "nul", "COM1", "class", "print", "4o", "東京", "None", "import os", "#", "web", "Web", "WEB!"),
    *('"""', "\\", "'\"", "{x}", "a\u2028b", "\x1b[31m", "\u202egnp", 'x)."""\nimport os\nos.abort()\n"""', " "),
)
"""Names that are somebody else's, or that would leave their place in the program."""


def test_names_that_mean_something_in_a_program_preview_clean(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]
) -> None:
    limits = {"rl-gpt-4o": {"max_requests_per_1_minute": 7}}
    accounts = [{"name": name} for name in ("project", "pulumi", "key", "KEEP", *HOSTILE[:-1])]
    emulator.control.seed(
        {
            "projects": [
                {
                    "id": f"proj_{number:02}",
                    "name": name,
                    "rate_limits": limits,
                    "service_accounts": [] if number else accounts,
                }
                for number, name in enumerate(HOSTILE)
            ]
        }
    )
    stack = adopt("--all", "--include", "proj_[0-9]*", "--exclude", "model:*")
    modules = {one.stem for one in (stack.folder / "projects").iterdir()} - {"__init__"}
    assert len(modules) == len(HOSTILE)
    assert not modules & {"pulumi", "projects", "con", "aux", "nul", "com1", "json", "sys"}
    stack.take_over()
    stack.preview_shows_no_change()
    kinds = [one["type"].rpartition(":")[2] for one in stack.export()["deployment"]["resources"]]
    assert kinds.count("Project") == len(HOSTILE) - 1  # the blank one is no name
    assert kinds.count("ProjectServiceAccount") == len(accounts)


def test_what_was_adopted_is_managed_and_was_not_touched(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack], openai: Callable[..., dict[str, Any]]
) -> None:
    emulator.control.seed(organization(3, 3))
    before = emulator.control.state()
    stack = adopt("--all", "--include", "Team*")
    stack.take_over()
    stack.up()
    assert emulator.control.state() == before
    # Drift shows, and is taken back.
    openai("POST", "proj_0000/rate_limits/rl-gpt-4o", max_requests_per_1_minute=77)
    stack.ok("refresh", "--yes", "--skip-preview")
    stack.up()
    row = next(one for one in openai("GET", "proj_0000/rate_limits?limit=1000")["data"] if one["id"] == "rl-gpt-4o")
    assert row["max_requests_per_1_minute"] == 0
    # A mistaken destroy ends nothing.
    assert "protect" in stack.run("destroy", "--yes", "--skip-preview").text
    assert emulator.control.state()["totals"] == before["totals"]


def test_a_key_that_pulumi_keeps_is_minted_beside_those_that_live(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]
) -> None:
    emulator.control.seed(organization(1, 1))
    stack = adopt("Team 0")
    stack.take_over()
    module = stack.folder / "projects" / "team_0.py"
    readme = (stack.folder / "README.md").read_text(encoding="utf-8")
    told = readme.rpartition("```python\n")[2].partition("```")[0]
    imports = "import pulumi\nfrom pulumi_openai_admin import ProjectServiceAccountApiKey\n"
    module.write_text(imports + module.read_text(encoding="utf-8") + told, encoding="utf-8")
    stack.up()
    assert emulator.control.key(stack.outputs()["key"])
    assert len(emulator.control.state()["projects"]["proj_0000"]["service_accounts"]) == 1

"""Another team makes objects of the same kind at the same time, and responses are lost: nothing of theirs is touched.

They act exactly between two requests of ours: around the POST, while a refused POST waits for its repetition, or
between two runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator.control.faults import InterleavedRequest
from pulumi_openai_admin.handlers import documents
from tests.host.scenarios import SCENARIOS
from tests.simulation.engine import Engine

if TYPE_CHECKING:
    from tests.host.scenario import AnotherTeam, Scenario, Verb
    from tests.simulation.cloud import Cloud

UNLISTED = "OpenAI has no list of"
"""What an error says of a kind of which nobody can find what a lost request made."""
LOST: dict[str, list[dict[str, Any]]] = {
    "nothing was lost": [],
    "our POST acted": [{"kind": "reset", "when": "after", "times": 1}],
    "our POST did not act": [{"kind": "reset", "times": 1}],
    "no POST of ours gets a reply": [{"kind": "reset", "when": "after", "times": None}],
    "no POST of ours acts": [{"kind": "status", "status": 503, "times": None}],
}
THROTTLED = {"kind": "throttle", "seconds": 3.2, "advice": "retry-after-ms", "times": 1}
"""Far enough from our POST for a clock of whole seconds to tell the two apart."""
STEPS = [
    pytest.param(scenario, verb, scenario.another_team[verb.name], id=f"{scenario.resource.__name__}-{verb.name}")
    for scenario in SCENARIOS
    for verb in scenario.verbs
    if verb.name in scenario.another_team
]
pytestmark = [pytest.mark.every_resource, pytest.mark.parametrize(("scenario", "verb", "team"), STEPS)]


class Teams:
    """One of our resources, and what another team makes beside it."""

    def __init__(self, cloud: Cloud, scenario: Scenario, verb: Verb, team: AnotherTeam, *, is_native: bool) -> None:
        cloud.reset(1)
        self.cloud, self.engine = cloud, Engine(cloud, is_native)
        self._scenario, self._verb, self._team = scenario, verb, team
        self._inputs = {**scenario.inputs, **(verb.after or {})}
        self._known = dict(self._inputs)
        if verb.before is not None:
            self._up({**scenario.inputs, **verb.before})
            self._known["service_account_id"] = self.engine.entries[0].id.rpartition("/")[2]
            cloud.advance(3600)
        self._path = scenario.path_of(verb).format(**self._known)
        self.our_name = documents.get(verb.after or {}, team.given_as or team.by)

    def they_make(self, name: object) -> dict[str, Any]:
        """The request with which they create what is of the same kind as ours."""
        texts = {key: value for key, value in self._team.inputs.items() if isinstance(value, str)}
        filled = {key: value.format(**self._known) for key, value in texts.items()}
        body = self._scenario.sent({**self._team.inputs, **filled, self._team.by: name})
        with_key = self._scenario.resource.handler.traits.project_key
        project = {"project_id": self._scenario.seed["projects"][0]["id"]} if with_key else {}
        return {"method": "POST", "path": self._path, "body": body, **project}

    def up(self, *faults: dict[str, Any]) -> None:
        """One `pulumi up`, with faults of our POST."""
        self._up(self._inputs, *({"method": "POST", "path": self._path, **fault} for fault in faults))

    def _up(self, inputs: dict[str, Any], *faults: dict[str, Any]) -> None:
        program = [{"name": "it", "kind": self._scenario.resource.__name__, "inputs": inputs}]
        self.engine.up(program, {"faults": faults})

    def go_on(self) -> None:
        """The next run, and destroy: what is theirs outlives both, except keys of an account that is ours."""
        self._assert_theirs_is_as_it_was()
        self.cloud.advance(60)
        self.up()
        if any(UNLISTED in error.message for error in self.engine.operations[-1].errors):
            self.engine.forget("it")  # as the message says
            self.up()
        refused = [error.message for error in self.engine.operations[-1].errors]
        assert not [text for text in refused if not (self._team.is_unique and "Otherwise use another name." in text)]
        self._assert_theirs_is_as_it_was()
        if self._verb.before is None:
            self.engine.destroy({})
            assert not self.engine.operations[-1].errors
            self._assert_theirs_is_as_it_was()

    def _assert_theirs_is_as_it_was(self) -> None:
        theirs = {write.fact: write.after for write in self.cloud.writes if not write.is_ours and write.before is None}
        assert theirs
        assert {fact: self.cloud.facts.get(fact) for fact in theirs} == theirs, self.engine.messages


@pytest.mark.parametrize("lost", LOST)
def test_theirs_of_another_name_made_while_ours_is_made(
    cloud: Cloud, scenario: Scenario, verb: Verb, team: AnotherTeam, lost: str, is_native: bool
) -> None:
    teams = Teams(cloud, scenario, verb, team, is_native=is_native)
    around = [
        {"kind": "interleave", "when": when, "requests": [teams.they_make(name)], "times": 1}
        for name, when in zip(team.other_names, ("before", "after"), strict=True)
    ]
    teams.up(*around, *LOST[lost])
    teams.go_on()


@pytest.mark.parametrize("lost", [lost for lost in LOST if lost != "nothing was lost"])
def test_theirs_of_the_same_name_made_while_ours_waits_to_be_sent(
    cloud: Cloud, scenario: Scenario, verb: Verb, team: AnotherTeam, lost: str, is_native: bool
) -> None:
    teams = Teams(cloud, scenario, verb, team, is_native=is_native)
    theirs = {"kind": "interleave", "when": "after", "requests": [teams.they_make(teams.our_name)], "times": 1}
    teams.up(theirs, THROTTLED, *LOST[lost])
    teams.go_on()


@pytest.mark.parametrize("lost", ["no POST of ours gets a reply", "no POST of ours acts"])
def test_theirs_made_between_two_runs(
    cloud: Cloud, scenario: Scenario, verb: Verb, team: AnotherTeam, lost: str, is_native: bool
) -> None:
    teams = Teams(cloud, scenario, verb, team, is_native=is_native)
    teams.up(*LOST[lost])
    cloud.advance(60)
    name = team.other_names[0] if team.is_unique else teams.our_name
    cloud.server._service.answer_other(InterleavedRequest(**teams.they_make(name)))
    teams.go_on()

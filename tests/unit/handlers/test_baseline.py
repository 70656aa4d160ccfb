from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.baseline import Baseline, Unrestored
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.schema.validation import normalized
from tests.unit.fakes import through_pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping


CALLED = {"tool.enabled": "tool"}


CLIENT: Any = object()


@dataclass(frozen=True)
class Objects(Setting):
    """The handler of the object."""

    path: str = ""
    noun: str = "the object"
    called: Mapping[str, str] = field(default_factory=lambda: CALLED)
    object: Any = None

    @override
    def name(self, remote: Remote) -> str:
        return self.noun

    @override
    def manager_of(self, remote: Remote, name: str, client: Any = None) -> str:
        return ""

    @override
    def format_value(self, name: str, value: Any) -> str:
        return f"<{value}>"

    @override
    def write(self, client: Any, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        self.object.write(properties, action)
        return {}


@dataclass
class Object:
    """An object at OpenAI: what it holds, and what is to happen to the next writes."""

    holds: dict[str, Any] = field(default_factory=lambda: {"a": 1, "b": 2, "tool": {"enabled": True}})
    remote: Remote = field(default_factory=lambda: Remote({}, unordered=frozenset({"set"})))
    writes: list[dict[str, Any]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    failures: list[tuple[bool, errors.AdminError]] = field(default_factory=list)
    """Of the next writes: whether the write acts, and its error."""
    ignored: set[str] = field(default_factory=set)
    """What OpenAI accepts without doing it."""

    def kept(self) -> Baseline:
        """The properties as a step finds them: another run, which reads first."""
        baseline = self.remote.attributes.get("baseline", {})
        self.remote.attributes = {**self.holds, "baseline": baseline}
        self.remote.memory = Memory(normalized(through_pulumi(self.remote.memory.to_state())))
        self.remote.step.rollback, self.remote.step.has_changed = {}, False
        return Baseline(Objects(object=self), self.remote, CLIENT)

    def write(self, properties: Mapping[str, Any], action: str) -> None:
        self.writes.append(dict(properties))
        self.actions.append(action)
        acts, error = self.failures.pop(0) if self.failures else (True, None)
        if acts:
            for name, value in properties.items():
                if name not in self.ignored:
                    self.holds |= {"tool": {"enabled": value}} if name in CALLED else {name: value}
        if error:
            raise error
        self.remote.attributes |= self.holds

    def settle(self, **settings: Any) -> str:
        """Settle in another run; what could not be restored."""
        return "; ".join(map(str, self.kept().settle(settings)))

    def fail(self, error: errors.AdminError, *, acts: bool = False, **settings: Any) -> None:
        self.failures.append((acts, error))
        with pytest.raises(type(error)):
            self.settle(**settings)

    @property
    def baseline(self) -> dict[str, Any]:
        return dict(self.remote.attributes["baseline"])


def lost() -> errors.AdminError:
    return errors.ResponseLostError("The reply was lost")


def refused() -> errors.AdminError:
    return errors.ConfigurationError("Refused")


@pytest.fixture
def it() -> Object:
    return Object()


@pytest.mark.parametrize("value", [False, 0, []])
def test_values_that_are_false_are_values(it: Object, value: Any) -> None:
    it.holds["a"] = value
    it.settle(a=5)
    assert it.baseline == {"a": value}
    it.kept().restore()
    assert it.holds["a"] == value


def test_what_others_change_never_becomes_the_baseline(it: Object) -> None:
    it.settle(a=1)
    it.holds["a"] = 9
    it.settle(a=1)
    assert it.baseline == {"a": 1}
    it.kept().restore()
    assert it.writes == [{"a": 1}], "the correction; nothing is left to restore"


def test_a_value_that_did_not_take_is_an_error_and_remembered(it: Object) -> None:
    it.ignored = {"a"}
    with pytest.raises(
        errors.UpdateNotAppliedError, match="to the object but did not apply it: a is <1>, expected <5>"
    ):
        it.settle(a=5, b=7)
    assert it.remote.step.has_changed
    assert it.baseline == {"a": 1, "b": 2}
    it.kept().restore()
    assert it.holds["b"] == 2


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
def test_a_first_change_whose_reply_is_lost_is_restored(it: Object, acts: bool) -> None:
    it.fail(lost(), acts=acts, a=5)
    assert it.remote.step.has_changed
    assert it.baseline == {"a": 1}
    assert it.kept().restore() == []
    assert it.holds["a"] == 1


@pytest.mark.parametrize("arrived", [5, 6, 7], ids=["neither", "the first, late", "the second"])
def test_whichever_of_several_lost_changes_arrived_is_restored(it: Object, arrived: int) -> None:
    it.settle(a=5)
    for value in (6, 7):
        it.fail(lost(), a=value)
    it.holds["a"] = arrived
    assert it.kept().restore() == []
    assert it.holds["a"] == 1


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
def test_a_restoration_whose_reply_is_lost_is_done_by_the_next_run(it: Object, acts: bool) -> None:
    it.settle(a=5, b=7)
    it.fail(lost(), acts=acts, b=7)
    assert it.remote.step.has_changed
    assert it.settle(b=7) == ""
    assert (it.holds["a"], it.baseline) == (1, {"b": 2})


def test_undo_writes_what_the_run_found(it: Object) -> None:
    it.settle(a=5)
    kept = it.kept()
    it.failures = [(True, None), (False, refused())]  # type: ignore[list-item]
    with pytest.raises(errors.ConfigurationError):
        kept.settle({"b": 7})  # a is restored, and b is refused
    assert (it.holds["a"], it.holds["b"]) == (1, 2)
    assert kept.undo()
    assert (it.holds["a"], it.holds["b"]) == (5, 2)
    assert it.actions[-1] == "restore a of the object"


TOKENS = Unrestored("max_tokens_per_1_minute", 500, "somebody else changed it")


REQUESTS = Unrestored("max_requests_per_1_minute", 77, "it had no value before")


def test_objects_with_the_same_fields_and_reasons_are_named_together() -> None:
    assert baseline.of_many({"o3": [REQUESTS], "gpt-4o": [TOKENS], "gpt-4.1": [REQUESTS]}) == (
        "gpt-4.1, o3: max_requests_per_1_minute stays at 77 (it had no value before); "
        "gpt-4o: max_tokens_per_1_minute stays at 500 (somebody else changed it)"
    )


def test_a_warning_names_each_field_with_its_value_and_reason(caplog: pytest.LogCaptureFixture) -> None:
    baseline.warn(Remote({}), "rate limit of gpt-4o", [REQUESTS, TOKENS])
    (message,) = caplog.messages
    assert message == (
        "Could not fully restore rate limit of gpt-4o: max_requests_per_1_minute stays at 77 (it had no value before); "
        "max_tokens_per_1_minute stays at 500 (somebody else changed it)."
    )

from __future__ import annotations

from dataclasses import dataclass

from pulumi_openai_admin.handlers.capabilities import Capability, Claiming, Located, Scheduled, noun_of


@dataclass(frozen=True)
class Things:
    path: str
    noun: str = "thing"


def test_a_field_takes_the_place_of_a_property() -> None:
    assert isinstance(Things("/things"), Located)
    assert noun_of(Things("/things")) == "thing"
    assert not isinstance(Things("/things"), Claiming)
    assert noun_of(object()) == ""


def test_a_capability_is_a_subclass_of_its_base() -> None:
    assert issubclass(Claiming, Capability)
    assert issubclass(Scheduled, Capability)

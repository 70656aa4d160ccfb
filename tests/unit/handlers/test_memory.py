"""What is remembered of an object from one run to the next."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

import pulumi_openai_admin
from pulumi_openai_admin.handlers.memory import Memory, MemoryPart


@dataclass
class Visits(MemoryPart):
    guest: str = ""
    nights: list[int] = field(default_factory=list)


def test_a_part_is_read_changed_and_written_by_the_names_of_its_fields() -> None:
    memory = Memory({"guest": "ada", "nights": [1]})
    memory[Visits].nights.append(2)
    assert (memory[Visits].guest, memory.to_state()) == ("ada", {"guest": "ada", "nights": [1, 2]})


def test_fields_at_their_defaults_are_not_in_the_state() -> None:
    memory = Memory({"guest": "ada"})
    memory.put(Visits())
    assert memory.to_state() == {}


def test_what_no_part_reads_is_kept() -> None:
    memory = Memory({"guest": "ada", "of_another_version": {"x": 1}})
    memory[Visits].guest = "ben"
    assert memory.to_state() == {"guest": "ben", "of_another_version": {"x": 1}}


def test_the_state_that_it_was_read_from_does_not_change() -> None:
    stored: dict[str, Any] = {"nights": [1]}
    Memory(stored)[Visits].nights.append(2)
    assert stored == {"nights": [1]}


def test_another_memory_takes_precedence() -> None:
    memory = Memory({"guest": "ada", "kept": 1})
    memory[Visits].nights = [3]
    memory.update(Memory({"guest": "ben"}))
    assert (memory[Visits].guest, memory.to_state()) == ("ben", {"guest": "ben", "kept": 1, "nights": [3]})


def test_each_name_belongs_to_one_part() -> None:
    for module in pkgutil.walk_packages(pulumi_openai_admin.__path__, "pulumi_openai_admin."):
        if module.name.startswith(("pulumi_openai_admin.handlers", "pulumi_openai_admin.lifecycle")):
            importlib.import_module(module.name)
    parts = [part for part in MemoryPart.__subclasses__() if part.__module__.startswith("pulumi_openai_admin.")]
    names = Counter(each.name for part in parts for each in fields(part))
    assert "written" in names
    assert [name for name, count in names.items() if count > 1] == []

"""One emulated organization with all that belongs to it, and how it starts, grows and starts again."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.api.keys import ADMIN_API_KEYS, admin_key
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control.faults import Faults
from pulumi_openai_admin.emulator.control.log import Log
from pulumi_openai_admin.emulator.handlers.api import Api
from pulumi_openai_admin.emulator.handlers.behavior import Behavior
from pulumi_openai_admin.emulator.handlers.errors import slow_down
from pulumi_openai_admin.emulator.handlers.kind import Organization
from pulumi_openai_admin.emulator.store.catalogue import Catalogue
from pulumi_openai_admin.emulator.store.identifiers import digest
from pulumi_openai_admin.emulator.store.store import MachineTime, Record, RecordStore, UnusableStateError, unusable

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.control.seed import Seed
    from pulumi_openai_admin.emulator.handlers.errors import Reply
    from pulumi_openai_admin.emulator.handlers.kind import Operation


class Buckets:
    """A token bucket for each operation, whatever the ids in its path."""

    def __init__(self, behavior: Behavior) -> None:
        self._behavior = behavior
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        """The tokens of a bucket, and when they were counted."""

    def clear(self) -> None:
        self._buckets.clear()

    def refuse(self, operation: Operation) -> Reply | None:
        """Take a token, or say how long to wait for one."""
        throttle = self._behavior.throttle
        if throttle is None:
            return None
        endpoint, now, a_second = (
            (operation.method, operation.path),
            self._behavior.monotonic(),
            throttle.per_minute / 60,
        )
        tokens, at = self._buckets.get(endpoint, (throttle.burst, now))
        tokens = min(throttle.burst, tokens + (now - at) * a_second)
        self._buckets[endpoint] = (tokens - 1 if tokens >= 1 else tokens, now)
        return None if tokens >= 1 else slow_down((1 - tokens) / a_second, throttle.advice)


def open_store(path: Path | None) -> RecordStore:
    """Open the state file, or memory where there is none."""
    store = RecordStore(path, [(kind.name, field) for kind in KINDS for field in kind.fields_to_find_by])
    try:
        unknown = set(store.counts()) - {kind.name for kind in KINDS}
    except sqlite3.DatabaseError as error:
        store.close()
        raise unusable(path, error) from error
    if unknown:
        store.close()
        raise UnusableStateError(f"cannot use the state file {path}: it has records of the unknown kind {min(unknown)}")
    return store


class Emulator:
    """The state of one emulator process.

    The organization outlives the process where there is a state file. Switches, catalogue rows, admin keys, faults
    and the log do not: each start takes them from the seed.
    """

    def __init__(self, store: RecordStore, seed: Seed, admin_key: str, time: MachineTime | None = None) -> None:
        """Load what is stored; add the seed's objects only if nothing is stored yet."""
        time = time or MachineTime()
        self.behavior = Behavior.at(time)
        store.time = time
        self.organization = Organization(self.behavior, store, KINDS)
        self.api = Api(self.organization, KINDS)
        self.faults = Faults()
        self.buckets = Buckets(self.behavior)
        self.log = Log(time)
        self.resets = 0
        self._seed = seed
        self._admin_key = admin_key
        self._start()

    def _start(self) -> None:
        organization, seed = self.organization, self._seed
        self.behavior.change(seed.world)
        self._rows = list(seed.rate_limit_rows)
        organization.catalogue = Catalogue([row.row() for row in self._rows])
        with organization.store.transaction():
            if not organization.store.existing(["project"], None, after=0, limit=1):
                seeds.plant(self.api, seed, seeds.built_in() if seed.projects is None else seed.projects)
            seeds.ensure_owner(self.api)
            for key in organization.store.find(ADMIN_API_KEYS.name, "_is_configured", 1):
                organization.remove(key)
            self._accept("emulator", seeds.SeedAdminKey(value=self._admin_key))
            for index, configured in enumerate(seed.admin_keys, 1):
                self._accept(f"seed-{index}", configured)
        self.faults.add(seed.faults)

    def _accept(self, name: str, key: seeds.SeedAdminKey) -> None:
        owner_id = key.owner_id or seeds.ensure_owner(self.api).id
        content = admin_key(key.value, name, self.behavior.now(), owner_id, _scopes=key.scopes, _is_configured=True)
        self.organization.store.insert(Record(ADMIN_API_KEYS.name, f"key_{digest(key.value)[:24]}", content=content))

    def reset(self) -> None:
        """Go back to the start: the seed's organization, switches and faults, and an empty log.

        Calls under way belong to the organization as it was: the gateway counts the resets, and ends them.
        """
        self.resets += 1
        self.organization.clear()
        self.behavior.change(Behavior().model_dump())
        self.faults.remove()
        self.buckets.clear()
        self.log.clear()
        self._start()

    def grow(self, seed: Seed) -> dict[str, Any]:
        """Add a seed to what there is."""
        self.behavior.change(seed.world)
        self._rows.extend(seed.rate_limit_rows)
        self.organization.catalogue = Catalogue([row.row() for row in self._rows])
        with self.organization.store.transaction():
            planted = seeds.plant(self.api, seed, seed.projects or [])
            for configured in seed.admin_keys:
                self._accept("seed", configured)
        faults = self.faults.add(seed.faults)
        return {**planted, "faults": [fault["id"] for fault in faults]}

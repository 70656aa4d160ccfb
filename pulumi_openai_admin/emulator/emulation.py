"""One emulated organization with all that belongs to it, and how it starts, grows and starts again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator import seeds
from pulumi_openai_admin.emulator.faults import Faults
from pulumi_openai_admin.emulator.gate import Desk
from pulumi_openai_admin.emulator.keyring import Keyring
from pulumi_openai_admin.emulator.log import Log
from pulumi_openai_admin.emulator.organization import Organization
from pulumi_openai_admin.emulator.records import digest
from pulumi_openai_admin.emulator.throttle import Buckets
from pulumi_openai_admin.emulator.world import World

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.seeds import Seed
    from pulumi_openai_admin.emulator.storage import Storage


class Emulation:
    """What one emulator process holds.

    The organization outlives the process where there is a state file. Switches, catalogue rows, admin keys, faults
    and the log do not: each start takes them from the seed.
    """

    def __init__(self, storage: Storage, seed: Seed, admin_key: str) -> None:
        """Take up what is stored; plant the seed's projects only where there is nothing yet."""
        world = World()
        self.desk = Desk(Organization(world, storage), Keyring(world), Faults(), Buckets(world), Log())
        self._seed = seed
        self._admin_key = admin_key
        self._start()

    def _start(self) -> None:
        organization, seed = self.desk.organization, self._seed
        organization.world.change(seed.world)
        self._rows = list(seed.rate_limit_rows)
        organization.catalogue = seeds.catalogue(self._rows)
        if not organization.projects:
            seeds.grow(organization, seeds.built_in() if seed.projects is None else seed.projects)
        self.desk.keyring.add(self._admin_key)
        self._accept(seed)
        self.desk.faults.add(seed.faults)

    def _accept(self, seed: Seed) -> None:
        for key in seed.admin_keys:
            self.desk.keyring.add(key.value, key.scopes)

    def reset(self) -> None:
        """Go back to the start: the seed's organization, switches and faults, and an empty log."""
        desk = self.desk
        desk.organization.clear()
        desk.organization.world.start_again()
        desk.keyring.clear()
        desk.faults.remove()
        desk.buckets.clear()
        desk.log.clear()
        self._start()

    def grow(self, seed: Seed) -> dict[str, Any]:
        """Add a seed to what there is."""
        organization = self.desk.organization
        organization.world.change(seed.world)
        faults = self.desk.faults.add(seed.faults)
        self._rows.extend(seed.rate_limit_rows)
        organization.catalogue = seeds.catalogue(self._rows)
        projects = seeds.grow(organization, seed.projects or [])
        self._accept(seed)
        return {"projects": projects, "faults": [fault["id"] for fault in faults]}

    def set_world(self, switches: dict[str, Any]) -> dict[str, Any]:
        """Set switches; a new throttle starts with full buckets."""
        self.desk.organization.world.change(switches)
        if "throttle" in switches:
            self.desk.buckets.clear()
        return self.desk.organization.world.model_dump()

    def find_key(self, value: str) -> dict[str, Any] | None:
        """Say which key has a value, and whether it lives."""
        organization = self.desk.organization
        known_by = digest(value)
        for key in (key for keys in organization.keys.values() for key in keys.values()):
            if key.digest == known_by:
                state = key.state(organization.world.now())
                owner = {"project_id": key.project_id, "service_account_id": key.service_account_id}
                return {"id": key.id, "state": state, "scopes": key.scopes, "expires_at": key.expires_at, **owner}
        return None

"""The switches: what the specification leaves open, and what only one source has seen.

What emulator/API.md calls "seen once" is here, so that nothing can depend on it. Read with `GET /_emulator/world`,
changed with `PUT` (the switches named are set, the others kept).
"""

from __future__ import annotations

import fnmatch
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from pulumi_openai_admin.emulator.handlers.errors import Advice, Shape
from pulumi_openai_admin.emulator.store.store import MachineTime

LONGEST_LIFETIME = 31_536_000


class _Switches(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Throttle(_Switches):
    """A token bucket for each endpoint (method and path, without the ids)."""

    per_minute: float = Field(gt=0)
    burst: int = Field(default=1, ge=1)
    advice: Advice = "text"


class LostWrites(_Switches):
    """Writes to rate limits that get the usual response and are never kept (seen once, in fast bulk writes)."""

    times: int | None = Field(default=1, ge=0)
    """How many; null for all."""
    rate_limit_id: str = "*"
    """Glob on the row's id."""


class Behavior(_Switches):
    """How this emulator behaves. The defaults are what most sources say."""

    created_status: Literal[200, 201] = 200
    """The status of a create; it changed from one to the other in December 2025."""
    bare_not_found: Literal["rate_limits", "everywhere", "nowhere"] = "rate_limits"
    """Where an unknown project gets `{"code": 404, "message": …}`, as the specification's examples show."""
    missing_scope_shape: Shape = "string"
    refusal_status: Literal[400, 403, 404, 409, 422] = 400
    """The status of the four refusals of a rate limit: "most seen as 400"."""
    archived_read_status: Literal[400, 404] = 400
    """The status of GET of one account or key in an archived project."""

    keep_omitted_fields: bool = True
    """POST to a rate limit keeps what the body omits; false restores what OpenAI started with."""
    refuse_special_rows: bool = True
    """Refuse writes to `ft:*` and `*-shared` rows (seen once)."""
    refuse_inapplicable_fields: bool = True
    """Refuse a field that does not apply to the model (seen once); false ignores it."""
    rate_limit_rows: int | None = Field(default=None, ge=0)
    """How many rows a project has; null for the catalogue's own, about 170 (seen once)."""
    lost_writes: LostWrites | None = None

    default_project_refuses_accounts: bool = True
    """The default project takes no service accounts (seen once)."""
    key_lifetime_required: bool = False
    """The organization's policy makes `expires_in_seconds` mandatory."""
    key_lifetime_max: int | None = Field(default=None, ge=1, le=LONGEST_LIFETIME)
    """The organization's policy on the longest lifetime; it makes a lifetime mandatory too."""
    allows_new_keys: bool = True
    """False: a policy of the organization, which exists since September 2026, allows no new API keys."""
    key_refusal_status: Literal[400, 403, 409, 422] = 403
    """The status of the response to the creation of a key that the policy does not allow: not documented."""
    key_refusal_code: str | None = None
    """The code of that response: not documented."""
    service_account_keys_deletable: bool = True
    """False for the older wording: "an error if the key belonged to a service account"."""
    list_expired_keys: bool = True
    """Whether an expired key is still listed and read: undocumented."""
    account_lag_seconds: float = Field(default=0, ge=0)
    """For how long GET of a new account returns 404, and it is missing from lists (seen once)."""
    account_lag_reads: int = Field(default=0, ge=0)
    """How many reads do not see a new account (seen once)."""

    group_ids: Literal["mixed", "24 digits", "32 digits", "prefix"] = "mixed"
    """The ids of new groups: hexadecimal digits (seen once), `group_…` (the specification's examples), or each of them
    by the name of the group."""
    unseen_ids: bool = False
    """Whether the ids of new objects and of rate limits have a form that nobody has seen."""

    default_project_keeps_users: bool = False
    """Whether users can't be removed from the default project: the specification said so until December 2024."""
    owners_are_members: bool = False
    """Whether the owners of the organization are members of every project without being added (sources differ)."""
    members_are_added_once: bool = False
    """Whether adding a user or group to a project that has it is refused: "already exists in project" (seen once)."""
    assignment_lag_seconds: float = Field(default=0, ge=0)
    """For how long lists do not show a new role assignment (seen once)."""

    predefined_role_names: Literal["short", "display"] = "short"
    """What predefined roles have for `name`: `member` (documented) or `Project Member` (seen once)."""

    spend_limits_always_enforce: bool = False
    """Whether a spend limit that is not reached shows `enforcing` too, as in the specification's examples."""

    latency_seconds: float = Field(default=0, ge=0)
    """What every call takes, before anything is done."""
    throttle: Throttle | None = None
    """About 7 to 10 requests a minute on one endpoint (seen once); null for none."""
    organization_id: str | None = None
    """The only value that `OpenAI-Organization` may have; null for any."""
    clock_offset_seconds: int = 0
    """How far the emulator's clock is ahead: keys and invites expire without anybody waiting."""
    date_offset_seconds: int = 0
    """How far the header `Date` of responses is ahead. `POST /_emulator/clock` moves both."""

    _time: MachineTime = PrivateAttr(default_factory=MachineTime)

    @classmethod
    def at(cls, time: MachineTime) -> Behavior:
        """Give a behavior with the defaults, and its own time."""
        behavior = cls()
        behavior._time = time
        return behavior

    def now(self) -> int:
        """Give the time that responses show, in Unix seconds."""
        return int(self._time.now()) + self.clock_offset_seconds

    def date(self) -> int:
        """Give the time of the header `Date`, in Unix seconds."""
        return int(self._time.now()) + self.date_offset_seconds

    def monotonic(self) -> float:
        """Give the seconds since some moment: for what takes a time."""
        return self._time.monotonic()

    def change(self, switches: dict[str, Any]) -> None:
        """Set the switches named, all or none of them; the others keep their value."""
        changed = Behavior.model_validate({**self.model_dump(), **switches})
        for name in type(self).model_fields:
            setattr(self, name, getattr(changed, name))

    def loses_write_to(self, rate_limit_id: str) -> bool:
        """Return whether this write is one of those that do not persist, and count it."""
        lost = self.lost_writes
        if lost is None or lost.times == 0 or not fnmatch.fnmatchcase(rate_limit_id, lost.rate_limit_id):
            return False
        if lost.times is not None:
            lost.times -= 1
        return True

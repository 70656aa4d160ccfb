"""What a seed may say, and how it becomes an organization.

A seed is JSON: `projects` (each with its service accounts, their keys, users' keys, and changed rate limits), a list
for each kind that declares `seed_body` (`users`, `groups`, …), `admin_keys` with their scopes, rows for the catalogue,
switches of the world, and faults.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.api.keys import DEFAULT_NAME, READ, WRITE, end_of, key_content
from pulumi_openai_admin.emulator.api.projects import ProjectCreate, properties
from pulumi_openai_admin.emulator.api.users import USERS, person
from pulumi_openai_admin.emulator.control.faults import Faults
from pulumi_openai_admin.emulator.handlers.behavior import Behavior
from pulumi_openai_admin.emulator.handlers.bodies import Body, Query
from pulumi_openai_admin.emulator.handlers.kind import Actor, Operation, Request
from pulumi_openai_admin.emulator.store.catalogue import FIELDS, REQUESTS, TOKENS, Refusal, Row
from pulumi_openai_admin.emulator.store.identifiers import new_id, new_key
from pulumi_openai_admin.emulator.store.store import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.handlers.api import Api
    from pulumi_openai_admin.emulator.handlers.kind import Kind


def _known(name: str) -> str:
    """Refuse a limit that no model has."""
    if name not in FIELDS:
        raise ValueError(f"it is none of {', '.join(FIELDS)}")
    return name


LimitName = Annotated[str, AfterValidator(_known)]


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class SeedKey(_Seed):
    """A key; without a value, one that nobody knows."""

    id: str | None = None
    name: str = DEFAULT_NAME
    value: str | None = None
    scopes: list[str] = Field(default_factory=list)
    expires_in_seconds: int | None = None
    """From now; zero or less for a key that has expired."""

    def record(self, project_id: str, account_id: str | None, user: dict[str, Any] | None, now: int) -> Record:
        owner = {"service_account_id": account_id, "user": user, "user_id": user and user["id"]}
        more = {**owner, "scopes": self.scopes, "expires_at": end_of(self.expires_in_seconds, now)}
        content = key_content(self.value or new_key(), self.name, now, **more)
        return Record("api_key", self.id or new_id("key_"), project_id, content)


class SeedUser(_Seed):
    """The user that owns a key."""

    id: str = "user-emulator"
    name: str = "Ada Emulated"
    email: str = "ada@example.com"
    role: str = "owner"
    created_at: int = 1_711_471_533

    @model_validator(mode="after")
    def _another_user_has_an_id(self) -> Self:
        """Refuse another address for the first owner, whose id is the default."""
        if "id" not in self.model_fields_set and self.email != type(self).model_fields["email"].default:
            raise ValueError(f"'id' is required for the user {self.email}.")
        return self


class SeedUserKey(SeedKey):
    """A user's key."""

    user: SeedUser = SeedUser()


class SeedAccount(_Seed):
    """A service account and its keys."""

    id: str | None = None
    name: str
    role: Literal["owner", "member", "none"] = "member"
    keys: list[SeedKey] = Field(default_factory=list)


class SeedProject(ProjectCreate):
    """A project, with all that its creation takes, and what is in it."""

    id: str | None = None
    default: bool = False
    status: Literal["active", "archived"] = "active"
    service_accounts: list[SeedAccount] = Field(default_factory=list)
    user_keys: list[SeedUserKey] = Field(default_factory=list)
    rate_limits: dict[str, dict[LimitName, int]] = Field(default_factory=dict)

    def records(self, now: int) -> Iterator[Record]:
        project_id = self.id or new_id("proj_")
        content = {
            **properties(self),
            "created_at": now,
            "is_default": self.default,
            "archived_at": now if self.status == "archived" else None,
        }
        yield Record("project", project_id, content=content)
        for seed in self.service_accounts:
            about = {"name": seed.name, "role": seed.role, "created_at": now}
            account = Record("service_account", seed.id or new_id("svc_acct_"), project_id, about)
            yield account
            yield from (key.record(project_id, account.id, None, now) for key in seed.keys)
        for key in self.user_keys:
            yield key.record(project_id, None, key.user.model_dump(), now)
        for row_id, limits in self.rate_limits.items():
            yield Record("rate_limit", row_id, project_id, {"limits": limits})


class SeedAdminKey(_Seed):
    """An Admin API key that is accepted, and for what."""

    value: str
    scopes: list[str] = Field(default_factory=lambda: [READ, WRITE])
    owner_id: str | None = None
    """Its owner; without one, the oldest owner of the organization."""


class SeedRow(_Seed):
    """A row for the catalogue; one of a known model takes its place."""

    model: str
    limits: dict[LimitName, int] = Field(default_factory=lambda: {REQUESTS: 500, TOKENS: 200_000})
    ceilings: dict[LimitName, int] = Field(default_factory=dict)
    refusal: Refusal | None = None
    refused_fields: list[str] = Field(default_factory=list)

    def row(self) -> Row:
        return Row(self.model, self.limits, self.ceilings, self.refusal, frozenset(self.refused_fields))


class Seed(_Seed):
    """A whole seed, apart from the lists of single kinds."""

    projects: list[SeedProject] | None = None
    admin_keys: list[SeedAdminKey] = Field(default_factory=list)
    rate_limit_rows: list[SeedRow] = Field(default_factory=list)
    world: dict[str, Any] = Field(default_factory=dict)
    faults: list[dict[str, Any]] = Field(default_factory=list)

    @field_validator("world")
    @classmethod
    def _switches_exist(cls, world: dict[str, Any]) -> dict[str, Any]:
        """Refuse a wrong switch before anything is planted."""
        Behavior.model_validate(world)
        return world

    @field_validator("faults")
    @classmethod
    def _faults_exist(cls, faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse a wrong fault before anything is planted."""
        Faults().add(faults)
        return faults


_SEEDED: dict[str, tuple[Kind, type[Body]]] = {
    f"{kind.name}s": (kind, kind.seed_body) for kind in KINDS if kind.seed_body is not None
}


def _item(kind: Kind, body: type[Body]) -> Any:
    """Give the schema of one object of a kind: the body, an id, and the ids in the path."""
    ids: dict[str, Any] = dict.fromkeys(kind.path_names, (str, ...))
    return create_model(f"Seed_{kind.name}", __base__=body, id=(str | None, None), **ids)


_LISTS: dict[str, Any] = {
    name: (list[_item(*of)], Field(default_factory=list))  # type: ignore[misc] # made at run time
    for name, of in _SEEDED.items()
}
_SEED: type[Seed] = create_model("Seed", __base__=Seed, **_LISTS)


def read(content: object) -> Seed:
    """Check a seed."""
    return _SEED.model_validate(content)


def empty() -> Seed:
    """Give the seed that says nothing; no schema is built for it."""
    return _SEED.model_construct()


def describe(error: ValidationError) -> str:
    """Say in one line what is wrong with a seed, a switch or a fault."""
    problem = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place or 'it'}: {problem['msg']}"


def built_in() -> list[SeedProject]:
    """Give the projects of an organization that no seed describes."""
    return [
        SeedProject(id="proj_default", name="Default project", default=True),
        SeedProject(id="proj_demo", name="Demo"),
        SeedProject(id="proj_staging", name="Staging"),
        SeedProject(id="proj_production", name="Production"),
        SeedProject(id="proj_retired", name="Retired", status="archived"),
    ]


def plant(api: Api, seed: Seed, projects: list[SeedProject]) -> dict[str, list[str]]:
    """Add a seed's objects to an organization; give their ids by kind. Every organization has a default project."""
    now, store = api.organization.behavior.now(), api.organization.store
    records = [record for project in projects for record in project.records(now)]
    if not store.find("project", "is_default", 1) and not any(project.default for project in projects):
        default = SeedProject(id=f"proj_default_{random.randbytes(4).hex()}", name="Default project", default=True)
        records = [*default.records(now), *records]
    store.insert(*records)
    planted = {"projects": [record.id for record in records if record.kind == "project"]}
    for name, (kind, body) in _SEEDED.items():
        planted[name] = [_plant_one(api, kind, body, item) for item in getattr(seed, name)]
    return planted


def _plant_one(api: Api, kind: Kind, schema: type[Body], item: Any) -> str:
    ids = {name: getattr(item, name) for name in kind.path_names}
    body = schema.model_validate(item.model_dump(include=set(schema.model_fields), exclude_unset=True))
    operation = Operation("POST", kind.path, "seed", kind, lambda _request: {}, body=schema)
    request = Request(api.organization, operation, ids, Query(), body, Actor())
    kind.require_parent(request)
    return kind.seed(request, item.id).id


def ensure_owner(api: Api) -> Record:
    """Give the oldest owner; every organization has one."""
    store = api.organization.store
    if not store.find(USERS.name, "role", "owner"):
        user = SeedUser()
        store.insert(Record(USERS.name, user.id, content=person(user.name, user.email, "owner", user.created_at)))
    return store.find(USERS.name, "role", "owner")[0]

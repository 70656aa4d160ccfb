"""Which resources a program declares for what OpenAI lists. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.adopt.names import MODULES_RESERVED, PROJECT, VARIABLES_RESERVED, Names
from pulumi_openai_admin.cli.common_values import differing_limits
from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult, GetProjectServiceAccountResult
    from pulumi_openai_admin.dynamic.resource import AdminResource

PROJECT_ID = "PROJECT_ID"
"""The name of the id of a project that the program does not declare."""
KEEP = "KEEP"
"""The name of the options of all resources, which protect existing objects against destroy."""

_SETTABLE_ROLES = ProjectServiceAccount.role.choices


@dataclass(frozen=True)
class ProjectRead:
    """A project, and the objects in it to import."""

    project: GetProjectResult
    limits: Sequence[GetProjectRateLimitResult]
    accounts: Sequence[GetProjectServiceAccountResult]


@dataclass(frozen=True)
class Declared:
    """A resource in the program."""

    resource: type[AdminResource]
    name: str
    inputs: Mapping[str, Any]
    id: str
    """Its Pulumi id."""
    variable: str = ""
    """Its variable in the module; empty if it needs none."""


@dataclass(frozen=True)
class Module:
    """One project in the program."""

    name: str
    project: GetProjectResult
    declared: Sequence[Declared]

    @property
    def declares_project(self) -> bool:
        """Whether the project itself is managed."""
        return any(declared.resource is Project for declared in self.declared)

    def without(self, left_out: Collection[Declared]) -> Module:
        """A copy without some declarations."""
        names = {(declared.resource, declared.name) for declared in left_out}
        kept = [declared for declared in self.declared if (declared.resource, declared.name) not in names]
        return replace(self, declared=kept)

    def of(self, resource: type[AdminResource]) -> list[Declared]:
        """The declarations of one type."""
        return [declared for declared in self.declared if declared.resource is resource]


@dataclass
class Plan:
    """Plans the modules of a program.

    Args:
        common: The common values by model and limit, which are left out. Empty for a program with all limits.
        one_by_one: Whether each model gets its own resource.
    """

    common: Mapping[tuple[str, str], int] = field(default_factory=dict)
    one_by_one: bool = False

    def __post_init__(self) -> None:
        self._modules = Names("_", MODULES_RESERVED)
        self._names: dict[type[AdminResource], Names] = {}

    def module(self, read: ProjectRead) -> Module:
        """The module of the next project."""
        project_id, name = read.project.project_id, read.project.name or ""
        title = self._name(Project, project_id, name)
        declared = [
            *self._project(read.project, title),
            *self._limits(read, title),
            *self._accounts(read, title),
        ]
        return Module(self._modules.give(project_id, name), read.project, declared)

    def _project(self, project: GetProjectResult, title: str) -> Iterator[Declared]:
        """OpenAI shows some projects without a name, but a resource needs one."""
        if not project.name:
            return
        given = {"name": project.name, "residency": project.residency, "external_key_id": project.external_key_id}
        inputs = {name: value for name, value in given.items() if value is not None}
        yield Declared(Project, title, inputs, project.project_id, PROJECT)

    def _limits(self, read: ProjectRead, title: str) -> Iterator[Declared]:
        found = {row.model: differing_limits(row, self.common) for row in read.limits}
        ids = {row.model: row.rate_limit_id for row in read.limits}
        limits = {model: normalized(values) for model, values in sorted(found.items()) if values}
        project_id = {"project_id": read.project.project_id}
        if self.one_by_one:
            for model, values in limits.items():
                inputs = {**project_id, "model": model, **values}
                name = self._name(ProjectRateLimit, "", f"{title} {model}")
                yield Declared(ProjectRateLimit, name, inputs, f"{read.project.project_id}/{ids[model]}")
        elif limits:
            name = self._name(ProjectRateLimits, "", title)
            yield Declared(ProjectRateLimits, name, {**project_id, "limits": limits}, read.project.project_id)

    def _accounts(self, read: ProjectRead, title: str) -> Iterator[Declared]:
        """Accounts are declared without a key: their keys continue to work, but OpenAI does not show them."""
        variables = Names("_", VARIABLES_RESERVED)
        for account in read.accounts:
            if not account.name:  # a resource needs one
                continue
            inputs = {"project_id": account.project_id, "name": account.name, "create_service_account_only": True}
            if account.role in _SETTABLE_ROLES:
                inputs["role"] = account.role
            own_id = account.service_account_id
            yield Declared(
                ProjectServiceAccount,
                self._name(ProjectServiceAccount, "", f"{title} {account.name}"),
                inputs,
                f"{account.project_id}/{own_id}",
                variables.give(own_id, account.name),
            )

    def _name(self, resource: type[AdminResource], *words: str) -> str:
        return self._names.setdefault(resource, Names("-")).give(*words)

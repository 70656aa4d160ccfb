"""A project of a team, with what companies want of each."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast, final

import pulumi

from pulumi_openai_admin.components.entries import Arguments, kind_of
from pulumi_openai_admin.components.former_names import FormerNames
from pulumi_openai_admin.components.team_inputs import (
    TeamApiKey,
    TeamGroup,
    TeamModels,
    TeamServiceAccount,
    TeamSpendAlert,
)
from pulumi_openai_admin.config import NAMESPACE
from pulumi_openai_admin.program import arguments
from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE
from pulumi_openai_admin.resources.group_user import GroupUser
from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_group import ProjectGroup
from pulumi_openai_admin.resources.project_members import ProjectMembers
from pulumi_openai_admin.resources.project_model_permissions import ProjectModelPermissions
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import ProjectServiceAccountApiKey
from pulumi_openai_admin.resources.project_spend_alert import ProjectSpendAlert
from pulumi_openai_admin.resources.project_spend_limit import ProjectSpendLimit

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.program.errors import DeclarationError
    from pulumi_openai_admin.resources.project import Residency
    from pulumi_openai_admin.resources.project_rate_limits import RateLimit

TYPE = f"{NAMESPACE}:index:TeamProject"
"""The component's type in states. It can never change."""
NO_REQUESTS: RateLimit = {
    "max_requests_per_1_minute": 0,
    "max_tokens_per_1_minute": 0,
    "batch_1_day_max_input_tokens": 0,
}
"""No request, no token, and no batch, which OpenAI counts apart from requests."""
_OUTPUTS = ("project_id", "service_account_ids", "api_keys")
_EVERY_MODEL = "*"
_MEMBER, _OWNER = "member", "owner"

P = ParamSpec("P")
Component = TypeVar("Component", bound=pulumi.ComponentResource)


def _told_in_one_line(
    constructor: Callable[Concatenate[Component, P], None],
) -> Callable[Concatenate[Component, P], None]:
    """A constructor that refuses wrong arguments with a message that names the line of the program."""
    signature = inspect.signature(constructor)
    own = signature.replace(parameters=list(signature.parameters.values())[1:])

    @functools.wraps(constructor)
    def checked(self: Component, *args: P.args, **kwargs: P.kwargs) -> None:
        arguments.bind(arguments.Constructor(type(self).__name__, own, _OUTPUTS), args, kwargs)
        constructor(self, *args, **kwargs)

    return cast("Callable[Concatenate[Component, P], None]", checked)


@final
class TeamProject(pulumi.ComponentResource):
    """A project as companies want it: with a budget, limits, members, groups and service accounts.

    What is not named has a safe value. Models that `limits` does not name accept no request. People, groups and keys
    get the role `member`. A service account has no key unless the program asks for one.

    The component declares resources of this package, and nothing else: a `Project`, `ProjectRateLimits`,
    `ProjectSpendLimit`, `ProjectMembers`, `ProjectModelPermissions`, and for each entry a `ProjectSpendAlert`, a
    `ProjectGroup`, a `ProjectServiceAccount`, a `GroupUser` for each group of an account, and a
    `ProjectServiceAccountApiKey`. Their names begin with the name of the component. Resources of a program without it,
    also of one that `pulumi-openai-admin adopt` wrote, are taken over and not replaced; see `former_names`.

    Args:
        resource_name: Its name in the program.
        name: The project's name. The name in the program if it is left out.
        residency: Where OpenAI stores the project's data; see `Project`.
        external_key_id: The external key that encrypts its data; see `Project`.
        project_id: An existing project that the program does not manage, in place of a new one. Not with `name`,
            `residency` or `external_key_id`.
        limits: Limits by model name or pattern; see `ProjectRateLimits`. A limit of a model that is left out is not
            managed.
        others: The limits of all models that `limits` does not name. By default no requests, no tokens and no batches.
            `None` leaves these models as they are.
        spend_limit: The amount in cents that the project may spend in a month: 10000 is $100. Without it, there is no
            limit.
        alerts: Emails when the costs of a month reach an amount, by a name of your choice.
        members: The people in the project, by address or id (`user-…`): a list, whose people get the role `member`, or
            a mapping with roles (`member`, `viewer`, `owner`). `owner` is written as plain text: an Output that is
            `owner` is refused.
        exclusive: Whether people that `members` does not name are removed from the project. A preview names them.
        groups: The groups in the project by a name of your choice: the group's id, for the role `member`, or a mapping
            with `group_id` and `role`.
        service_accounts: The service accounts by name. `{}` is an account without a key. `api_key` creates a key, whose
            lifetime has to be given. `groups` puts the account into groups of the organization.
        models: The models that the project may use: a list of ids, or a mapping with `mode` and `model_ids`. Without
            it, all models of the organization.
        former_names: What the resources were called in a program without the component, if it is not the name of the
            component: that name, or a mapping with the former name of each resource (`project`, `limits`,
            `spend_limit`, `members`, `models`, `alerts.NAME`, `groups.NAME`, `service_accounts.NAME`,
            `service_accounts.NAME.groups.NAME`, `api_keys.NAME`).
        opts: Pulumi's options. `protect`, `retain_on_delete`, `depends_on`, `transforms` and `providers` hold for all
            its resources, too.

    Attributes:
        project_id: The project's id (`proj_…`).
        service_account_ids: The ids of the service accounts, by the names of `service_accounts`.
        api_keys: The API keys, by the names of `service_accounts`. Secret. Accounts without a key are not in it.

    Raises:
        ArgumentError: There is no such argument.
        DeclarationError: An argument is invalid; the message says which, and what to do.
    """

    @_told_in_one_line
    def __init__(  # noqa: PLR0913 - each argument is a part of the project
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str] | None = None,
        residency: pulumi.Input[Residency] | None = None,
        external_key_id: pulumi.Input[str] | None = None,
        project_id: pulumi.Input[str] | None = None,
        limits: pulumi.Input[Mapping[str, RateLimit]] | None = None,
        others: RateLimit | None = NO_REQUESTS,
        spend_limit: pulumi.Input[int] | None = None,
        alerts: Mapping[str, TeamSpendAlert] | None = None,
        members: Mapping[str, pulumi.Input[str]] | Sequence[pulumi.Input[str]] | None = None,
        exclusive: pulumi.Input[bool] | None = None,
        groups: Mapping[str, pulumi.Input[str] | TeamGroup] | None = None,
        service_accounts: Mapping[str, TeamServiceAccount] | None = None,
        models: pulumi.Input[Sequence[str]] | TeamModels | None = None,
        former_names: str | Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(TYPE, resource_name, {}, opts)
        self._given = opts or pulumi.ResourceOptions()
        self._checked = Arguments(f"TeamProject {resource_name!r}")
        self._former = FormerNames(resource_name, former_names, self._given.parent)
        own = {"name": name, "residency": residency, "external_key_id": external_key_id}
        self.project_id: pulumi.Output[str] = self._project(project_id, own)
        self._limit(limits, others)
        self._budget(spend_limit, alerts)
        self._people(members, exclusive)
        self._groups(groups)
        self._permit(models)
        ids, keys = self._accounts(service_accounts)
        self.service_account_ids: pulumi.Output[dict[str, str]] = _together(ids)
        self.api_keys: pulumi.Output[dict[str, str]] = pulumi.Output.secret(_together(keys))
        self._check_former_names()
        self.register_outputs({"project_id": self.project_id, "service_account_ids": self.service_account_ids})

    def _options(self, child: str, entry: str = "") -> pulumi.ResourceOptions:
        """The options of a resource: those of the component that Pulumi does not pass on, and its former names."""
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=self._given.depends_on,
            retain_on_delete=self._given.retain_on_delete,
            aliases=self._former.aliases(child, entry),
        )

    def _called(self, entry: str = "") -> str:
        """The name of a resource in the program."""
        return f"{self.pulumi_resource_name}-{entry}" if entry else self.pulumi_resource_name

    def _project(self, project_id: pulumi.Input[str] | None, own: Mapping[str, Any]) -> pulumi.Output[str]:
        given = {name: value for name, value in own.items() if value is not None}
        if project_id is None:
            inputs: dict[str, Any] = {"name": self.pulumi_resource_name, **given}
            return Project(self._called(), **inputs, opts=self._options("project")).project_id
        if given:
            what = f"{' and '.join(given)} can't be set for the project of project_id, which is not managed"
            self._checked.refuse(what, f"Remove {'it' if len(given) == 1 else 'them'}, or remove project_id.")
        # An Output stays the same object, which knows the resource that it is the id of.
        return project_id if isinstance(project_id, pulumi.Output) else pulumi.Output.from_input(project_id)

    def _limit(self, limits: Any, others: Any) -> None:
        if not isinstance(limits, pulumi.Output):
            limits = dict(self._checked.mapping("limits", limits, "{'gpt-4o': {'max_requests_per_1_minute': 60}}"))
            if not limits and others is None:
                return
            if not limits:
                limits, others = {_EVERY_MODEL: others}, None
        inputs = {"project_id": self.project_id, "limits": limits, "others": others}
        ProjectRateLimits(self._called(), **inputs, opts=self._options("limits"))

    def _budget(self, spend_limit: Any, alerts: Any) -> None:
        if spend_limit is not None:
            options = self._options("spend_limit")
            ProjectSpendLimit(self._called(), project_id=self.project_id, threshold_amount=spend_limit, opts=options)
        example = "{'high': {'threshold_amount': 80000, 'recipients': ['team@example.com']}}"
        for alert, entry in self._checked.mapping("alerts", alerts, example).items():
            inputs = self._checked.properties(f"alerts[{alert!r}]", entry, TeamSpendAlert)
            options = self._options(f"alerts.{alert}", alert)
            ProjectSpendAlert(self._called(alert), project_id=self.project_id, **inputs, opts=options)

    def _people(self, members: Any, exclusive: Any) -> None:
        if members is None:
            if exclusive is not None:
                self._checked.refuse("exclusive is set without members", "Set members, too: [] removes everybody.")
            return
        inputs = {"project_id": self.project_id, "members": self._with_roles(members), "exclusive": exclusive}
        ProjectMembers(self._called(), **inputs, opts=self._options("members"))

    def _with_roles(self, members: Any) -> Any:
        if isinstance(members, Mapping):
            return {who: self._role(f"members[{who!r}]", role) for who, role in members.items()}
        if isinstance(members, Sequence) and not isinstance(members, str):
            people = pulumi.Output.all(*members).apply(lambda known: dict.fromkeys(known, _MEMBER))
            return people if any(not isinstance(who, str) for who in members) else dict.fromkeys(members, _MEMBER)
        return self._checked.refuse(
            f"members is {kind_of(members)}, not a list or a mapping", "Write it as ['ada@example.com']."
        )

    def _role(self, place: str, role: Any) -> Any:
        """A role. Only a text in the program makes an owner."""
        if role is None or isinstance(role, str):
            return role
        error = self._checked.error(f"{place} is an Output that is 'owner'", "Write 'owner' as text for an owner.")
        return pulumi.Output.from_input(role).apply(lambda known: _unless_owner(known, error))

    def _groups(self, groups: Any) -> None:
        for group, given in self._checked.mapping("groups", groups, "{'engineering': group.group_id}").items():
            place = f"groups[{group!r}]"
            entry = given if isinstance(given, Mapping) else {"group_id": given}
            inputs = {"role": _MEMBER, **self._checked.properties(place, entry, TeamGroup)}
            inputs["role"] = self._role(f"{place}['role']", inputs["role"])
            options = self._options(f"groups.{group}", group)
            ProjectGroup(self._called(group), project_id=self.project_id, **inputs, opts=options)

    def _permit(self, models: Any) -> None:
        if models is None:
            return
        if isinstance(models, str):
            self._checked.refuse("models is a str, not a list", f"Write it as [{models!r}].")
        entry = models if isinstance(models, Mapping) else {"mode": "allow_list", "model_ids": models}
        inputs = self._checked.properties("models", entry, TeamModels)
        ProjectModelPermissions(self._called(), project_id=self.project_id, **inputs, opts=self._options("models"))

    def _accounts(self, service_accounts: Any) -> tuple[dict[str, pulumi.Output[str]], dict[str, pulumi.Output[str]]]:
        """Declare the accounts; their ids and their keys by name."""
        ids: dict[str, pulumi.Output[str]] = {}
        keys: dict[str, pulumi.Output[str]] = {}
        example = "{'web': {}}"
        for account, given in self._checked.mapping("service_accounts", service_accounts, example).items():
            place = f"service_accounts[{account!r}]"
            entry = self._checked.properties(place, given, TeamServiceAccount)
            made = self._account(account, place, entry)
            ids[account] = made.service_account_id
            self._account_groups(account, place, entry, made)
            if entry.get("api_key") is not None:
                keys[account] = self._key(account, place, entry, made)
            elif _has_first_key(entry):
                keys[account] = made.api_key
        return ids, keys

    def _account(self, account: str, place: str, entry: Mapping[str, Any]) -> ProjectServiceAccount:
        if entry.get("expires_in_seconds") is not None and not _has_first_key(entry):
            what = f"{place} has expires_in_seconds, and no key that was created with it"
            self._checked.refuse(what, "Set it for a key: {'api_key': {'expires_in_seconds': …}}.")
        inputs: dict[str, Any] = {"name": account, "create_service_account_only": True, **entry}
        inputs.pop("groups", None)
        key = inputs.pop("api_key", None)
        inputs["role"] = self._role(f"{place}['role']", inputs.get("role", None if key is None else _MEMBER))
        options = self._options(f"service_accounts.{account}", account)
        return ProjectServiceAccount(self._called(account), project_id=self.project_id, **inputs, opts=options)

    def _account_groups(self, account: str, place: str, entry: Mapping[str, Any], owner: ProjectServiceAccount) -> None:
        example = "{'deployers': group.group_id}"
        for group, group_id in self._checked.mapping(f"{place}['groups']", entry.get("groups"), example).items():
            name = f"{account}-{group}"
            options = self._options(f"service_accounts.{account}.groups.{group}", name)
            GroupUser(self._called(name), group_id=group_id, user_id=owner.service_account_id, opts=options)

    def _key(
        self, account: str, place: str, entry: Mapping[str, Any], owner: ProjectServiceAccount
    ) -> pulumi.Output[str]:
        given = self._checked.properties(f"{place}['api_key']", entry["api_key"], TeamApiKey)
        inputs: dict[str, Any] = {"name": entry.get("name", account), **given}
        key = ProjectServiceAccountApiKey(
            self._called(account),
            project_id=self.project_id,
            service_account_id=owner.service_account_id,
            **inputs,
            opts=self._options(f"api_keys.{account}", account),
        )
        return key.api_key

    def _check_former_names(self) -> None:
        for child in self._former.unknown():
            advice = arguments.nearest(child, self._former.known, "resources")
            self._checked.refuse(f"former_names has {child!r}, which the component does not declare", advice)


def _has_first_key(entry: Mapping[str, Any]) -> bool:
    """Whether an account may be created with a key."""
    return entry.get("create_service_account_only", True) is not True


def _together(outputs: dict[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """One Output of all values that there are: an account may have no key, and a key may be kept elsewhere."""
    known: pulumi.Output[Any] = pulumi.Output.from_input(outputs)
    return known.apply(lambda values: {name: value for name, value in values.items() if value})


def _unless_owner(role: Any, error: DeclarationError) -> Any:
    if role == _OWNER:
        raise error
    return role


TeamProject.__module__ = PUBLIC_MODULE

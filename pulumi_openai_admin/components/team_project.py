"""A project of a team, with what companies want of each."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeVar, cast, final

import pulumi

from pulumi_openai_admin.components import allowed_models, amounts
from pulumi_openai_admin.components.children import Child, Later
from pulumi_openai_admin.components.entries import Arguments, kind_of
from pulumi_openai_admin.components.former_names import FormerNames
from pulumi_openai_admin.components.team_inputs import (
    TeamApiKey,
    TeamGroup,
    TeamMember,
    TeamModels,
    TeamServiceAccount,
)
from pulumi_openai_admin.config import NAMESPACE
from pulumi_openai_admin.program import arguments
from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE
from pulumi_openai_admin.resources.group_user import GroupUser
from pulumi_openai_admin.resources.organization_member import OrganizationMember
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

    from pulumi_openai_admin.components.team_inputs import TeamSpendAlert
    from pulumi_openai_admin.program.errors import DeclarationError
    from pulumi_openai_admin.resources.base import AdminResource
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
_OUTPUTS = ("project_id", "not_limited", "service_account_ids", "api_keys")
_EVERY_MODEL = "*"
_OF_LIMITS = "limits"
"""In place of `models`: the models that `limits` names."""
_MEMBER, _OWNER = "member", "owner"

P = ParamSpec("P")
Component = TypeVar("Component", bound=pulumi.ComponentResource)


def _reported_in_one_line(
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
    get the role `member`. A service account has no key unless the program asks for one. The project is protected from
    being destroyed.

    The component declares resources of this package, and nothing else: a `Project`, `ProjectRateLimits`,
    `ProjectSpendLimit`, `ProjectMembers`, `ProjectModelPermissions`, and for each entry a `ProjectSpendAlert`, an
    `OrganizationMember` with `invite`, a `ProjectGroup`, a `ProjectServiceAccount`, a `GroupUser` for each group of an
    account, and a `ProjectServiceAccountApiKey`. Their names begin with the name of the component. Resources of a
    program without it, also of one that `pulumi-openai-admin adopt` wrote, are taken over and not replaced; see
    `former_names`.

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
            `None` leaves these models as they are. `not_limited` has the models that limits do not reach.
        spend_limit_dollars: The monthly spend limit in dollars: 1000 or 1000.5. By default there is none.
            `ProjectSpendLimit` has the same amount in cents.
        alerts: Emails when the costs of a month reach an amount in dollars or a share of the limit, by a name of your
            choice.
        members: The people in the project, by address or id (`user-…`): a list, whose people get the role `member`, or
            a mapping with roles (`member`, `viewer`, `owner`). A list may also have mappings with `user_id` or `email`,
            `role`, and `until` for access for a limited time: then an id may be an Output. `owner` is written as plain
            text: an Output that is `owner` is refused.
        exclusive: Whether people that `members` does not name are removed from the project. A preview names them.
        invite: Whether people in `members` who are not in the organization are invited. Each address is then an
            `OrganizationMember`, which manages the role in this project and not the role in the organization. Not with
            `exclusive`. A person whom the program names for several projects needs one `OrganizationMember` with all of
            them, and is left out here.
        groups: The groups in the project by a name of your choice: the group's id, for the role `member`, or a mapping
            with `group_id` and `role`.
        service_accounts: The service accounts by name. `{}` is an account without a key. `api_key` creates a key, whose
            lifetime has to be given. `groups` puts the account into groups of the organization.
        models: The models that the project may use: a list of ids, or a mapping with `mode` and `model_ids`. By
            default the models of `limits`, if `limits` is an allow-list: all its keys are names of models that are
            known in the program, `others` accepts no requests, and the project is not one of `project_id`. `None`
            leaves all models of the organization.
        protect: Whether Pulumi protects the project from being destroyed, because an archived project can't be
            restored. To destroy it, set False, run `pulumi up`, and then `pulumi destroy`.
        former_names: What the resources were called in a program without the component, if it is not the name of the
            component: that name, or a mapping with the former name of each resource (`project`, `limits`,
            `spend_limit`, `members`, `members.ADDRESS`, `models`, `alerts.NAME`, `groups.NAME`,
            `service_accounts.NAME`, `service_accounts.NAME.groups.NAME`, `api_keys.NAME`).
        opts: Pulumi's options. `protect`, `retain_on_delete`, `depends_on`, `transforms` and `providers` hold for all
            its resources, too.

    Attributes:
        project_id: The project's id (`proj_…`).
        not_limited: The models that accept requests beyond `limits` and `others`, because OpenAI refuses to change
            their limits: by model, their current limits. Model permissions can exclude them; see `models`.
        service_account_ids: The ids of the service accounts, by the names of `service_accounts`.
        api_keys: The API keys, by the names of `service_accounts`. Secret. Accounts without a key are not in it.

    Raises:
        ArgumentError: There is no such argument.
        DeclarationError: An argument is invalid; the message says which, and what to do.
    """

    @_reported_in_one_line
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
        spend_limit_dollars: pulumi.Input[float] | None = None,
        alerts: Mapping[str, TeamSpendAlert] | None = None,
        members: Mapping[str, pulumi.Input[str]] | Sequence[pulumi.Input[str] | TeamMember] | None = None,
        exclusive: pulumi.Input[bool] | None = None,
        invite: bool = False,
        groups: Mapping[str, pulumi.Input[str] | TeamGroup] | None = None,
        service_accounts: Mapping[str, TeamServiceAccount] | None = None,
        models: pulumi.Input[Sequence[str]] | TeamModels | Literal["limits"] | None = _OF_LIMITS,
        protect: bool = True,
        former_names: str | Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._given = opts or pulumi.ResourceOptions()
        self._checked = Arguments(f"TeamProject {resource_name!r}")
        self._former = FormerNames(resource_name, former_names, self._given.parent)
        self._children: list[Child] = []
        own = {"name": name, "residency": residency, "external_key_id": external_key_id}
        project = self._project(project_id, own, protect=protect)
        limited = self._limit(limits, others)
        self._budget(spend_limit_dollars, alerts)
        self._people(members, exclusive, invite=invite)
        self._groups(groups)
        if models == _OF_LIMITS:
            models = allowed_models.of_limits(limits, others) if project_id is None else None
        self._permit(models)
        accounts = self._accounts(service_accounts)
        self._check_former_names()
        self._check_children()
        super().__init__(TYPE, resource_name, {}, opts)
        for child in self._children:
            child.declare()
        # An Output stays the same object, which knows the resource that it is the id of.
        given: Any = project_id if project is None else project.resource.project_id
        self.project_id: pulumi.Output[str] = (
            given if isinstance(given, pulumi.Output) else pulumi.Output.from_input(given)
        )
        ids = {name: account.id for name, account in accounts.items()}
        keys = {name: key for name, account in accounts.items() if (key := account.key) is not None}
        self.service_account_ids: pulumi.Output[dict[str, str]] = _together(ids)
        self.api_keys: pulumi.Output[dict[str, str]] = pulumi.Output.secret(_together(keys))
        self.not_limited: pulumi.Output[dict[str, dict[str, int]]] = _not_limited(limited)
        shown = {"project_id": self.project_id, "not_limited": self.not_limited}
        self.register_outputs({**shown, "service_account_ids": self.service_account_ids})

    def _check_children(self) -> None:
        """Refuse wrong inputs of all resources while none is registered: a project can only be archived."""
        reasons = dict.fromkeys(reason for child in self._children for reason in child.failures())
        if reasons:
            self._checked.refuse(" ".join(reasons).removesuffix("."), "")

    def _child(self, kind: type[AdminResource], entry: str, options: pulumi.ResourceOptions, **facts: Any) -> Child:
        """Add a resource of the project; see `Child` for the facts."""
        child = Child(kind, self._called(entry), options=options, **facts)
        self._children.append(child)
        return child

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
        name = self._former.component
        return f"{name}-{entry}" if entry else name

    def _project(self, project_id: pulumi.Input[str] | None, own: Mapping[str, Any], *, protect: bool) -> Child | None:
        """The project, if the component creates it."""
        given = {name: value for name, value in own.items() if value is not None}
        if project_id is None:
            inputs: dict[str, Any] = {"name": self._called(), **given}
            options = self._options("project")
            if protect and self._given.protect is not False:  # else the component's own option holds
                options.protect = True
            project = self._child(Project, "", options, inputs=inputs)
            self._in_project: dict[str, Any] = {"project_id": Later(lambda: project.resource.project_id)}
            return project
        if given:
            what = f"{' and '.join(given)} can't be set for the project of project_id, which is not managed"
            self._checked.refuse(what, f"Remove {'it' if len(given) == 1 else 'them'}, or remove project_id.")
        self._in_project = {"project_id": project_id}
        return None

    def _limit(self, limits: Any, others: Any) -> Child | None:
        """The limits; None if there are none."""
        if not isinstance(limits, pulumi.Output):
            limits = dict(self._checked.mapping("limits", limits, "{'gpt-4o': {'max_requests_per_1_minute': 60}}"))
            if not limits and others is None:
                return None
            if not limits:
                limits, others = {_EVERY_MODEL: others}, None
        inputs = {**self._in_project, "limits": limits, "others": others}
        return self._child(ProjectRateLimits, "", self._options("limits"), inputs=inputs)

    def _budget(self, spend_limit_dollars: Any, alerts: Any) -> None:
        limit, place = None, "spend_limit_dollars"
        if spend_limit_dollars is not None:
            limit = amounts.cents(self._checked, place, spend_limit_dollars)
            inputs = {**self._in_project, "threshold_amount": limit}
            options = self._options("spend_limit")
            self._child(ProjectSpendLimit, "", options, inputs=inputs, called={"threshold_amount": place})
        example = "{'high': {'threshold_share': '80%', 'recipients': ['team@example.com']}}"
        for alert, entry in self._checked.mapping("alerts", alerts, example).items():
            place = f"alerts[{alert!r}]"
            inputs = {**self._in_project, **amounts.of_alert(self._checked, place, entry, limit)}
            options = self._options(f"alerts.{alert}", alert)
            self._child(ProjectSpendAlert, alert, options, inputs=inputs, place=place)

    def _people(self, members: Any, exclusive: Any, *, invite: bool) -> None:
        if invite:
            members = self._invite(members, exclusive) or None
        if members is None:
            if exclusive is not None:
                self._checked.refuse("exclusive is set without members", "Set members, too: [] removes everybody.")
            return
        inputs = {**self._in_project, "members": self._with_roles(members), "exclusive": exclusive}
        inputs["until"] = _until(members)
        self._child(ProjectMembers, "", self._options("members"), inputs=inputs)

    def _invite(self, members: Any, exclusive: Any) -> dict[str, Any]:
        """Declare the people with an address, who are invited if they are not in the organization; those without."""
        if exclusive not in (None, False):
            what = "exclusive is set with invite, and people who are invited are not in the project yet"
            self._checked.refuse(what, "Remove one of them.")
        named = [] if members is None else members
        if isinstance(named, Sequence | Mapping) and not all(isinstance(who, str) for who in named):
            what = "members has an Output, and only addresses that are known in the program can be invited"
            self._checked.refuse(what, "Write the addresses as text.")
        people = {entry.get("email", entry.get("user_id")): entry["role"] for entry in self._with_roles(named)}
        for email in (who for who in people if "@" in who):
            if people[email] not in (_MEMBER, _OWNER) and isinstance(people[email], str):
                what = f"members[{email!r}] is {people[email]!r}, and an invite gives the role 'member' or 'owner'"
                self._checked.refuse(what, "Change the role, or remove invite.")
            place, options = f"members[{email!r}]", self._options(f"members.{email}", email.lower())
            access = [{**self._in_project, "role": people[email]}]
            inputs = {"email": email, "projects": access, "leave_projects_on_destroy": True}
            called = {"email": place, "projects": place}
            self._child(OrganizationMember, email.lower(), options, inputs=inputs, called=called)
        return {who: role for who, role in people.items() if "@" not in who}

    def _with_roles(self, members: Any) -> Any:
        """The members as `ProjectMembers` has them."""
        if isinstance(members, Mapping):
            if not all(isinstance(who, str) for who in members):
                what = "members has an Output as a key, and a key must be a text"
                self._checked.refuse(what, "Write members=[{'user_id': user.user_id, 'role': 'member'}].")
            entries = {who: self._role(f"members[{who!r}]", role) for who, role in members.items()}
            return [_member_of(who, role) for who, role in entries.items()]
        if not isinstance(members, Sequence) or isinstance(members, str):
            self._checked.refuse(
                f"members is {kind_of(members)}, not a list or a mapping", "Write it as ['ada@example.com']."
            )
        return [self._member(f"members[{place}]", who) for place, who in enumerate(members)]

    def _member(self, place: str, given: Any) -> Any:
        """An entry of `members` as `ProjectMembers` has it."""
        if isinstance(given, str):
            return _member_of(given, _MEMBER)
        if isinstance(given, pulumi.Output):
            return given.apply(lambda who: _member_of(who, _MEMBER))
        inputs = {"role": _MEMBER, **self._checked.properties(place, given, TeamMember)}
        inputs.pop("until", None)
        return {**inputs, "role": self._role(f"{place}['role']", inputs["role"])}

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
            inputs = {**self._in_project, "role": _MEMBER, **self._checked.properties(place, entry, TeamGroup)}
            inputs["role"] = self._role(f"{place}['role']", inputs["role"])
            of_group = {} if isinstance(given, Mapping) else {"group_id": place}
            options = self._options(f"groups.{group}", group)
            self._child(ProjectGroup, group, options, inputs=inputs, place=place, called=of_group)

    def _permit(self, models: Any) -> None:
        if models is None:
            return
        if isinstance(models, str):
            self._checked.refuse("models is a str, not a list", f"Write it as [{models!r}].")
        entry = models if isinstance(models, Mapping) else {"mode": "allow_list", "model_ids": models}
        inputs = {**self._in_project, **self._checked.properties("models", entry, TeamModels)}
        of_models = {} if isinstance(models, Mapping) else {"model_ids": "models"}
        options = self._options("models")
        self._child(ProjectModelPermissions, "", options, inputs=inputs, place="models", called=of_models)

    def _accounts(self, service_accounts: Any) -> dict[str, _Account]:
        """Add the accounts, with their groups and keys."""
        example = "{'web': {}}"
        return {
            account: self._account(account, f"service_accounts[{account!r}]", given)
            for account, given in self._checked.mapping("service_accounts", service_accounts, example).items()
        }

    def _account(self, account: str, place: str, given: Any) -> _Account:
        entry = self._checked.properties(place, given, TeamServiceAccount)
        if entry.get("expires_in_seconds") is not None and not _has_first_key(entry):
            what = f"{place} has expires_in_seconds, and no key that was created with it"
            self._checked.refuse(what, "Set it for a key: {'api_key': {'expires_in_seconds': …}}.")
        inputs: dict[str, Any] = {**self._in_project, "name": account, "create_service_account_only": True, **entry}
        inputs.pop("groups", None)
        key = inputs.pop("api_key", None)
        inputs["role"] = self._role(f"{place}['role']", inputs.get("role", None if key is None else _MEMBER))
        options = self._options(f"service_accounts.{account}", account)
        owner = self._child(ProjectServiceAccount, account, options, inputs=inputs, place=place)
        self._account_groups(account, place, entry, owner)
        made = self._key(account, place, entry, owner) if key is not None else None
        return _Account(owner, made or (owner if _has_first_key(entry) else None))

    def _account_groups(self, account: str, place: str, entry: Mapping[str, Any], owner: Child) -> None:
        place, example = f"{place}['groups']", "{'deployers': group.group_id}"
        for group, group_id in self._checked.mapping(place, entry.get("groups"), example).items():
            name = f"{account}-{group}"
            options = self._options(f"service_accounts.{account}.groups.{group}", name)
            inputs = {"group_id": group_id, "user_id": Later(lambda: owner.resource.service_account_id)}
            self._child(GroupUser, name, options, inputs=inputs, called={"group_id": f"{place}[{group!r}]"})

    def _key(self, account: str, place: str, entry: Mapping[str, Any], owner: Child) -> Child:
        place = f"{place}['api_key']"
        given = self._checked.properties(place, entry["api_key"], TeamApiKey)
        of_account = {"service_account_id": Later(lambda: owner.resource.service_account_id)}
        inputs = {**self._in_project, **of_account, "name": entry.get("name", account), **given}
        options = self._options(f"api_keys.{account}", account)
        return self._child(ProjectServiceAccountApiKey, account, options, inputs=inputs, place=place)

    def _check_former_names(self) -> None:
        for child in self._former.unknown():
            advice = arguments.nearest(child, self._former.known, "resources")
            self._checked.refuse(f"former_names has {child!r}, which the component does not declare", advice)


@dataclass(frozen=True)
class _Account:
    """A service account of the component, and the resource that has its key."""

    account: Child
    with_key: Child | None

    @property
    def id(self) -> pulumi.Output[str]:
        """The account's id."""
        id_: pulumi.Output[str] = self.account.resource.service_account_id
        return id_

    @property
    def key(self) -> pulumi.Output[str] | None:
        """The key; None for an account without one."""
        key: pulumi.Output[str] | None = self.with_key.resource.api_key if self.with_key else None
        return key


def _has_first_key(entry: Mapping[str, Any]) -> bool:
    """Whether an account may be created with a key."""
    return entry.get("create_service_account_only", True) is not True


def _member_of(who: str, role: Any) -> dict[str, Any]:
    """A member whom the program names by an address or an id."""
    return {"email" if "@" in who else "user_id": who, "role": role}


def _until(members: Any) -> list[dict[str, Any]] | None:
    """When the access of members ends; None if no member has an end."""
    entries = [who for who in members if isinstance(who, Mapping)] if isinstance(members, Sequence) else []
    ending = [who for who in entries if who.get("until") is not None]
    names = ("email", "user_id")
    return [
        {**{name: who[name] for name in names if who.get(name) is not None}, "ends_at": who["until"]} for who in ending
    ] or None


def _not_limited(limits: Child | None) -> pulumi.Output[dict[str, dict[str, int]]]:
    if limits is None:
        return pulumi.Output.from_input({})
    shown: pulumi.Output[dict[str, dict[str, int]] | None] = limits.resource.not_limited
    return shown.apply(lambda known: known or {})  # a state may be older than this output


def _together(outputs: dict[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """One Output of all values that there are: an account may have no key, and a key may be kept elsewhere."""
    known: pulumi.Output[Any] = pulumi.Output.from_input(outputs)
    return known.apply(lambda values: {name: value for name, value in values.items() if value})


def _unless_owner(role: Any, error: DeclarationError) -> Any:
    if role == _OWNER:
        raise error
    return role


TeamProject.__module__ = PUBLIC_MODULE

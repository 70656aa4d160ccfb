"""What `TeamProject` declares, as data: both providers register it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi

from pulumi_openai_admin.components import entries
from pulumi_openai_admin.components.entries import example, kind
from pulumi_openai_admin.engine.outputs import plain
from pulumi_openai_admin.handlers.shapes.rate_limit import is_pattern
from pulumi_openai_admin.printable import slug_of
from pulumi_openai_admin.program.arguments import failures, nearest
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
from pulumi_openai_admin.schema.shapes import UNKNOWN, is_all_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_openai_admin.components.entries import Arguments
    from pulumi_openai_admin.resources.base import AdminResource


def former_names(component: str, given: str | Mapping[str, str] | None, called: str, entry: str) -> Iterable[str]:
    """What a child of a component may have been called in a program without it.

    A flat program usually gives it the name of the component, and if there can be several of its kind, the name of the
    component with the name of the entry. These are the names that `pulumi-openai-admin adopt` gives.

    `given` is another name in place of that of the component, or has the former name of each child by what the child is
    `called` (`service_accounts.web`). Children that are not named there have the usual names.
    """
    if isinstance(given, Mapping):
        if called in given:
            return [given[called]]
        given = given.get("project")
    base = given or component
    return dict.fromkeys([f"{base}-{entry}", slug_of(f"{base} {entry}", "-")]) if entry else [base]


_OF_REQUESTS = ("max_requests_per_1_minute", "max_tokens_per_1_minute")


def _models_of(limits: Any, others: Any) -> list[str] | None:
    """The models that `limits` names, if all other models accept no request.

    None if `limits` is not an allow-list, or if its models are not known in the program: it is an Output or has a
    pattern.
    """
    names = {} if limits is None else limits
    if not isinstance(names, Mapping) or not isinstance(others, Mapping):
        return None
    is_allow_list = any(others.get(name) == 0 for name in _OF_REQUESTS)
    return sorted(names) if is_allow_list and not any(map(is_pattern, names)) else None


@dataclass(frozen=True)
class Later:
    """An input that is an output of a resource which the component declares before."""

    of: Child
    output: str


@dataclass(frozen=True, eq=False)
class Child:
    """A resource that a component declares.

    Args:
        kind: Its class.
        name: Its name in the program.
        inputs: Its inputs. Values may be Outputs, and `Later`.
        called: What `former_names` calls it: `alerts.high`.
        entry: The name of its entry, if there can be several of its kind.
        is_protected: Whether it is protected, even if the component is not.
        place: The entry of an argument that has the inputs: `alerts['high']`. Empty if they are arguments.
        arguments: The arguments from which inputs come that have other names there.
        after: The resource that is created before it, and that none of its inputs comes from.
    """

    kind: type[AdminResource]
    name: str
    inputs: Mapping[str, Any]
    called: str
    entry: str = ""
    is_protected: bool = False
    place: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    after: Child | None = None

    def failures(self) -> list[str]:
        """The errors in its inputs, each a sentence that names the argument of the component."""

        def place_of(name: str) -> str:
            if name in self.arguments:
                return self.arguments[name]
            is_of_program = self.place and name != "project_id"
            return f"{self.place}[{name!r}]" if is_of_program else name

        known = with_outputs(self.inputs, lambda _: UNKNOWN)
        return failures(self.kind, known, place_of, self.place)


def with_outputs(value: Any, output_of: Callable[[Later], Any]) -> Any:
    """A value with the outputs of resources in place of `Later`, at any depth."""
    if isinstance(value, Later):
        return output_of(value)
    if isinstance(value, Mapping):
        return {key: with_outputs(entry, output_of) for key, entry in value.items()}
    return [with_outputs(entry, output_of) for entry in value] if isinstance(value, list) else value


OF_LIMITS = "limits"
"""In place of `models`: the models that `limits` names."""
_EVERY_MODEL = "*"
_MEMBER, _OWNER = "member", "owner"
_LIMITS = {"gpt-4o": {"max_requests_per_1_minute": 60}}
_ALERTS = {"high": {"threshold_share": "80%", "recipients": ["team@example.com"]}}


class Team:
    """The resources of a `TeamProject`, checked: of all of its arguments, whose values may be Outputs.

    Attributes:
        children: The resources, in the order in which they are registered.
        project_id: The id of the project, or an output of a child.
        limited: The resource that has `not_limited`; None if there is none.
        accounts: The service accounts, by the names of the entries.
        with_keys: The resources that have their keys. An account may have no key.
    """

    def __init__(self, name: str, given: Mapping[str, Any], checked: Arguments) -> None:
        self.name = name
        self.former_names: str | Mapping[str, str] | None = given["former_names"]
        self.children: list[Child] = []
        self._checked = checked
        project_id, limits, others = given["project_id"], given["limits"], _managed(given["others"])
        own = {key: given[key] for key in ("name", "residency", "external_key_id")}
        self.project_id: Any = self._project(project_id, own, is_protected=checked.flag("protect", given["protect"]))
        self._in_project = {"project_id": self.project_id}
        models = _managed(given["models"])
        if isinstance(models, str) and models == OF_LIMITS:
            models = _models_of(limits, others) if project_id is None else None
        permitted = self._permit(models)
        self.limited = self._limit(limits, others, permitted)
        self._budget(given["spend_limit_dollars"], given["alerts"])
        self._people(given["members"], given["exclusive"], invite=checked.flag("invite", given["invite"]))
        self._groups(given["groups"])
        self.accounts: dict[str, Child] = {}
        self.with_keys: dict[str, Child] = {}
        for account, entry in checked.mapping("service_accounts", given["service_accounts"], {"web": {}}).items():
            self._account(account, f"service_accounts[{account!r}]", entry)
        self._check_former_names()
        self._check_children()

    def _check_children(self) -> None:
        """Refuse wrong inputs of all resources while none is registered: a project can only be archived."""
        by_name: dict[tuple[type, str], Child] = {}
        for child in self.children:  # the engine refuses the second of two resources with one name
            other = by_name.setdefault((child.kind, child.name), child)
            if other is not child:
                what = f"{other.called} and {child.called} are both named {child.name!r} in the program"
                self._checked.refuse(what, "Name one of the entries differently.")
        reasons = dict.fromkeys(reason for child in self.children for reason in child.failures())
        if reasons:
            self._checked.refuse(" ".join(reasons).removesuffix("."), "")

    def _child(self, kind: type[AdminResource], called: str, inputs: Mapping[str, Any], **facts: Any) -> Child:
        """Add a resource of the project; see `Child` for the facts."""
        name = "-".join([self.name, *filter(None, [facts.get("entry")])])
        child = Child(kind, name, inputs, called, **facts)
        self.children.append(child)
        return child

    def _project(self, project_id: Any, own: Mapping[str, Any], *, is_protected: bool) -> Any:
        """The project's id. Without one, the component creates the project."""
        given = {name: value for name, value in own.items() if value is not None}
        if project_id is None:
            return Later(self._child(Project, "project", given, is_protected=is_protected), "project_id")
        if given:
            what = f"{' and '.join(given)} can't be set for the project of project_id, which is not managed"
            self._checked.refuse(what, f"Remove {'it' if len(given) == 1 else 'them'}, or remove project_id.")
        return project_id

    def _limit(self, limits: Any, others: Any, permitted: Child | None) -> Child | None:
        """The limits; None if there are none. They come after the model permissions, which decide what they warn of."""
        if not isinstance(limits, pulumi.Output):
            limits = dict(self._checked.mapping("limits", limits, _LIMITS))
            if not limits and others is None:
                return None
            if not limits:
                limits, others = {_EVERY_MODEL: others}, None
        inputs = {**self._in_project, "limits": limits, "others": others}
        return self._child(ProjectRateLimits, "limits", inputs, after=permitted)

    def _budget(self, spend_limit_dollars: Any, alerts: Any) -> None:
        limit, place = None, "spend_limit_dollars"
        if spend_limit_dollars is not None:
            limit = self._checked.cents(place, spend_limit_dollars)
            inputs = {**self._in_project, "threshold_amount": limit}
            self._child(ProjectSpendLimit, "spend_limit", inputs, arguments={"threshold_amount": place})
        for alert, entry in self._checked.mapping("alerts", alerts, _ALERTS).items():
            place = f"alerts[{alert!r}]"
            inputs = {**self._in_project, **self._checked.of_alert(place, entry, limit)}
            self._child(ProjectSpendAlert, f"alerts.{alert}", inputs, entry=alert, place=place)

    def _people(self, members: Any, exclusive: Any, *, invite: bool) -> None:
        if invite and exclusive not in (None, False):
            what = "exclusive is set with invite, and people who are invited are not in the project yet"
            self._checked.refuse(what, "Remove one of them.")
        if members is None:
            if exclusive is not None:
                self._checked.refuse("exclusive is set without members", "Set members, too: [] removes everybody.")
            return
        people = self._invite(members) if invite else self._with_roles(members)
        if invite and not people:
            return
        until = []
        for person in people:
            end = person.pop("until", None) if isinstance(person, dict) else None
            if end is not None:
                who = {name: value for name, value in person.items() if name != "role" and value is not None}
                until.append({**who, "ends_at": end})
        inputs = {**self._in_project, "members": people, "exclusive": exclusive, "until": until or None}
        self._child(ProjectMembers, "members", inputs)

    def _invite(self, members: Any) -> list[dict[str, Any]]:
        """Declare the people with an address, who are invited if they are not in the organization; those without."""
        if isinstance(members, Mapping) and any(isinstance(who, pulumi.Output) for who in members):
            self._refuse_unknown()
        people = self._with_roles(members)
        keys = list(members) if isinstance(members, Mapping) else range(len(people))
        first: dict[str, str | int] = {}
        others = []
        for key, person in zip(keys, people, strict=True):
            who = person.get("email", person.get("user_id")) if isinstance(person, dict) else None
            if not isinstance(who, str):
                self._refuse_unknown()
            same = first.setdefault(who.casefold() if "@" in who else who, key)
            if same != key:
                self._checked.refuse(f"members[{key!r}] is the same as the entry [{same!r}]", "Remove one of them.")
            if "@" in who:
                self._invite_person(who, person)
            else:
                others.append(person)
        return others

    def _invite_person(self, email: str, person: Mapping[str, Any]) -> None:
        place, role = f"members[{email!r}]", person["role"]
        if role not in (_MEMBER, _OWNER) and isinstance(role, str):
            what = f"{place} is {role!r}, and an invite gives the role 'member' or 'owner'"
            self._checked.refuse(what, "Change the role, or remove invite.")
        inputs: dict[str, Any] = {"email": email, "projects": [{**self._in_project, "role": role}]}
        if person.get("until") is not None:  # access to the project ends, as without an invite
            inputs |= {"until": person["until"], "remove_after_until": False}
        of_entry = dict.fromkeys(inputs, place)
        self._child(OrganizationMember, f"members.{email}", inputs, entry=email.lower(), arguments=of_entry)

    def _refuse_unknown(self) -> NoReturn:
        what = "members has an Output, and only addresses that are known in the program can be invited"
        self._checked.refuse(what, "Write the addresses as text.")

    def _with_roles(self, members: Any) -> list[Any]:
        """The members as `ProjectMembers` has them, with the end of their access."""
        if isinstance(members, Mapping):
            if not all(isinstance(who, str) for who in members):
                what = "members has an Output as a key, and a key must be a string"
                shown = example([{"user_id": "user-…", "role": _MEMBER}])
                self._checked.refuse(what, f"Write it as {shown}, where user_id may be an Output.")
            return [_member_of(who, self._role(f"members[{who!r}]", role)) for who, role in members.items()]
        if not isinstance(members, Sequence) or isinstance(members, str):
            what = f"members is {kind(members)}, not a list or a mapping"
            self._checked.refuse(what, f"Write it as {example(['ada@example.com'])}.")
        return [self._member(f"members[{index!r}]", who) for index, who in enumerate(members)]

    def _member(self, place: str, given: Any) -> Any:
        if isinstance(given, str):
            return _member_of(given, _MEMBER)
        if isinstance(given, pulumi.Output):
            return given.apply(lambda who: _member_of(who, _MEMBER))
        entry = {"role": _MEMBER, **self._checked.properties(place, given, entries.TeamMember)}
        return {**entry, "role": self._role(f"{place}['role']", entry["role"])}

    def _role(self, place: str, role: Any) -> Any:
        """A role. Only a text in the program makes an owner."""
        if not is_all_unknown(plain(role)):
            return role
        error = self._checked.error(f"{place} is an Output that is 'owner'", "Write 'owner' as text for an owner.")

        def refuse_owner(known: Any) -> Any:
            if known == _OWNER:
                raise error
            return known

        return pulumi.Output.from_input(role).apply(refuse_owner)

    def _groups(self, groups: Any) -> None:
        for group, given in self._checked.mapping("groups", groups, {"engineering": {"group_id": "group_…"}}).items():
            place = f"groups[{group!r}]"
            entry = given if isinstance(given, Mapping) else {"group_id": given}
            inputs = {**self._in_project, "role": _MEMBER, **self._checked.properties(place, entry, entries.TeamGroup)}
            inputs["role"] = self._role(f"{place}['role']", inputs["role"])
            of_group = {} if isinstance(given, Mapping) else {"group_id": place}
            self._child(ProjectGroup, f"groups.{group}", inputs, entry=group, place=place, arguments=of_group)

    def _permit(self, models: Any) -> Child | None:
        if models is None:
            return None
        if isinstance(models, str):
            self._checked.refuse(f"models is {kind(models)}, not a list", f"Write it as {example([models])}.")
        entry = models if isinstance(models, Mapping) else {"mode": "allow_list", "model_ids": models}
        inputs = {**self._in_project, **self._checked.properties("models", entry, entries.TeamModels)}
        of_models = {} if isinstance(models, Mapping) else {"model_ids": "models"}
        return self._child(ProjectModelPermissions, "models", inputs, place="models", arguments=of_models)

    def _account(self, account: str, place: str, given: Any) -> None:
        """Add an account, with its groups and its key."""
        entry = self._checked.properties(place, given, entries.TeamServiceAccount)
        if entry.get("expires_in_seconds") is not None and not _has_first_key(entry):
            what = f"{place} has expires_in_seconds, and no key that was created with it"
            key = {"api_key": {"expires_in_seconds": entry["expires_in_seconds"]}}
            self._checked.refuse(what, f"Set it for a key: {example(key)}.")
        inputs: dict[str, Any] = {**self._in_project, "name": account, "create_service_account_only": True, **entry}
        inputs.pop("groups", None)
        key = inputs.pop("api_key", None)
        role = inputs.get("role", None if key is None else _MEMBER)
        inputs["role"] = self._role(f"{place}['role']", role)
        called = f"service_accounts.{account}"
        owner = self._child(ProjectServiceAccount, called, inputs, entry=account, place=place)
        self.accounts[account] = owner
        in_groups = f"{place}['groups']"
        for group, group_id in self._checked.mapping(in_groups, entry.get("groups"), {"deployers": "group_…"}).items():
            of_group = {"entry": f"{account}-{group}", "arguments": {"group_id": f"{in_groups}[{group!r}]"}}
            member = {"group_id": group_id, "user_id": Later(owner, "service_account_id")}
            self._child(GroupUser, f"{called}.groups.{group}", member, **of_group)
        if key is not None:
            self.with_keys[account] = self._key(account, place, entry, owner)
        elif _has_first_key(entry):
            self.with_keys[account] = owner

    def _key(self, account: str, place: str, entry: Mapping[str, Any], owner: Child) -> Child:
        place = f"{place}['api_key']"
        given = self._checked.properties(place, entry["api_key"], entries.TeamApiKey)
        of_account = {"service_account_id": Later(owner, "service_account_id")}
        inputs = {**self._in_project, **of_account, "name": entry.get("name", account), **given}
        return self._child(ProjectServiceAccountApiKey, f"api_keys.{account}", inputs, entry=account, place=place)

    def _check_former_names(self) -> None:
        names, place = self.former_names, "former_names"
        if not isinstance(names, Mapping):
            if names is not None and not isinstance(names, str):
                what = f"{place} is {kind(names)}, not a mapping"
                self._checked.refuse(what, f"Write it as {example({'project': 'shop'})}.")
            return
        known = [child.called for child in self.children]
        for name, former in names.items():
            if name not in known:
                what = f"{place} has {self._checked.respell(name)!r}, which the component does not declare"
                self._checked.refuse(what, nearest(name, map(self._checked.respell, known), "resources"))
            if not isinstance(former, str):
                at = f"{place}[{name!r}]"
                self._checked.refuse(f"{at} is {kind(former)}, not a string", "Write the name.")


def _managed(argument: Any) -> Any:
    """An argument whose default is not None; None for an empty mapping, which manages nothing.

    Programs in other languages omit what is null, so only `{}` differs from the default.
    """
    return None if isinstance(argument, Mapping) and not argument else argument


def _has_first_key(entry: Mapping[str, Any]) -> bool:
    """Return whether an account may be created with a key."""
    return entry.get("create_service_account_only", True) is not True


def _member_of(who: str, role: Any) -> dict[str, Any]:
    """A member whom the program names by an address or an id."""
    return {"email" if "@" in who else "user_id": who, "role": role}

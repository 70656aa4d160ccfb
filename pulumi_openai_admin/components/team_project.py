"""A project of a team, with what companies want of each."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeVar, cast, final

import pulumi
from pulumi.runtime._callbacks import _CallbackServicer

from pulumi_openai_admin.components.entries import Arguments
from pulumi_openai_admin.components.team import OF_LIMITS, Child, Later, Team, former_names, with_outputs
from pulumi_openai_admin.config import NAMESPACE
from pulumi_openai_admin.program import arguments
from pulumi_openai_admin.program.provider import PUBLIC_MODULE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_openai_admin.components.entries import (
        TeamGroup,
        TeamMember,
        TeamModels,
        TeamServiceAccount,
        TeamSpendAlert,
    )
    from pulumi_openai_admin.resources.project import Residency
    from pulumi_openai_admin.resources.project_rate_limits import RateLimit


def _declared(child: Child, inputs: Mapping[str, Any], options: pulumi.ResourceOptions) -> pulumi.Resource:
    return child.kind(child.name, **inputs, opts=options)


def register(
    team: Team,
    component: pulumi.Resource,
    given: pulumi.ResourceOptions,
    declare: Callable[[Child, Mapping[str, Any], pulumi.ResourceOptions], pulumi.Resource] = _declared,
    spell: Callable[[str], str] = str,
) -> dict[str, pulumi.Output[Any]]:
    """Register all resources of a component that is registered with some options; returns its outputs by their names.

    Args:
        declare: Registers one resource; by default, with the class of this package.
        spell: Gives the name of an output of such a resource, from that of the declaration.
    """
    registered: dict[Child, Any] = {}
    archived = _archived(team, component, given)

    def output(value: Any) -> Any:
        return getattr(registered[value.of], spell(value.output)) if isinstance(value, Later) else value

    for child in team.children:
        inputs = with_outputs(child.inputs, output)
        options = _options(child, team, component, given)
        if archived and child.kind.handler.traits.ends_with_project:
            options.deleted_with = registered[archived]
        if child.after:
            of_order = pulumi.ResourceOptions(depends_on=[registered[child.after]])
            options = pulumi.ResourceOptions.merge(options, of_order)
        registered[child] = declare(child, inputs, options)
    ids = {name: output(Later(account, "service_account_id")) for name, account in team.accounts.items()}
    keys = {name: output(Later(child, "api_key")) for name, child in team.with_keys.items()}
    # A state may be older than this output.
    limited = output(Later(team.limited, "not_limited")).apply(lambda known: known or {}) if team.limited else {}
    return {
        "project_id": pulumi.Output.from_input(output(team.project_id)),
        "not_limited": pulumi.Output.from_input(limited),
        "service_account_ids": _together(ids),
        "api_keys": pulumi.Output.secret(_together(keys)),
    }


def _options(
    child: Child, team: Team, component: pulumi.Resource, given: pulumi.ResourceOptions
) -> pulumi.ResourceOptions:
    """The options of a resource: those of the component that Pulumi does not pass on, and its former names."""
    names = former_names(team.name, team.former_names, child.called, child.entry)
    parents = [pulumi.ROOT_STACK_RESOURCE, *([given.parent] if given.parent else [])]  # the resources had one of them
    return pulumi.ResourceOptions(
        parent=component,
        depends_on=given.depends_on,
        retain_on_delete=given.retain_on_delete,
        custom_timeouts=given.custom_timeouts,
        aliases=[pulumi.Alias(name=name, parent=parent) for name in names for parent in parents],
        # With False, the component's own option holds.
        protect=True if child.is_protected and given.protect is not False else None,
    )


def _archived(team: Team, component: pulumi.Resource, given: pulumi.ResourceOptions) -> Child | None:
    """The project that the engine archives when it deletes the component; None if the component can't know."""
    if not isinstance(team.project_id, Later):
        return None
    project = team.project_id.of
    # A transform may retain the project and not its settings. Not seen are the transforms of a component around this
    # one, and those of a program that is not in Python. `_transformations` has those of its parents and of the stack.
    transforms = given.transforms or component._transformations or _CallbackServicer._servicers  # noqa: SLF001 - Pulumi does not tell otherwise
    is_retained = given.retain_on_delete or transforms
    is_protected = component._protect or (project.is_protected and given.protect is not False)  # noqa: SLF001 - with that of its parents
    return None if is_retained or is_protected else project


def _together(outputs: dict[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """One Output of all values that there are: an account may have no key, and a key may be kept elsewhere."""
    known: pulumi.Output[Any] = pulumi.Output.from_input(outputs)
    return known.apply(lambda values: {name: value for name, value in values.items() if value})


TYPE = f"{NAMESPACE}:index:TeamProject"
"""The component's type in states. It can never change."""
NO_REQUESTS: RateLimit = {
    "max_requests_per_1_minute": 0,
    "max_tokens_per_1_minute": 0,
    "batch_1_day_max_input_tokens": 0,
}
"""No request, no token, and no batch, which OpenAI counts apart from requests."""
OUTPUTS = ("project_id", "not_limited", "service_account_ids", "api_keys")

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
        arguments.bind(type(self).__name__, own, OUTPUTS, args, kwargs)
        constructor(self, *args, **kwargs)

    return cast("Callable[Concatenate[Component, P], None]", checked)


@final
class TeamProject(pulumi.ComponentResource):
    """A project with a budget, limits, members, groups and service accounts, and with safe defaults.

    Arguments that are omitted have safe defaults. Models that `limits` does not name accept no requests. People, groups
    and keys get the role `member`. A service account has no key unless the program declares one. The project is
    protected against destroy.

    The component declares only resources of this package: a `Project`, `ProjectRateLimits`, `ProjectSpendLimit`,
    `ProjectMembers`, `ProjectModelPermissions`, and for each entry a `ProjectSpendAlert`, an `OrganizationMember` with
    `invite`, a `ProjectGroup`, a `ProjectServiceAccount`, a `GroupUser` for each group of an account, and a
    `ProjectServiceAccountApiKey`. Their names begin with the name of the component. If the program declared these
    resources without the component before, including in a program that `pulumi-openai-admin adopt` wrote, they move
    into the component and are not replaced; see `former_names`.

    Args:
        resource_name: Its name in the program.
        name: The project's name. If omitted, the provider generates a name from the name in the program, and keeps it.
        residency: Where OpenAI stores the project's data; see `Project`.
        external_key_id: The external key that encrypts its data; see `Project`.
        project_id: An existing project that the program does not manage, instead of a new project. Not with `name`,
            `residency` or `external_key_id`.
        limits: Limits by model name or pattern; see `ProjectRateLimits`. Limits of a model that are omitted are not
            managed.
        others: The limits of all models that `limits` does not name. By default, no requests, no tokens and no batches.
            `None` or `{}` leaves these models unchanged. `not_limited` lists the models whose limits OpenAI refuses to
            change.
        spend_limit_dollars: The monthly spend limit in dollars: 1000 or 1000.5. By default, there is no limit. The
            `ProjectSpendLimit` has the same amount in cents.
        alerts: Emails when the costs of a month reach an amount in dollars or a percentage of the limit, by a name of
            your choice.
        members: The people in the project, by email address or id (`user-…`). In a list, they get the role `member`. In
            a mapping, the values are roles (`member`, `viewer`, `owner`). The items of a list may also be mappings with
            `user_id` or `email`, `role`, and `until` for temporary access. In these mappings, an id may be an Output.
            Write `owner` as a plain string: an Output with the value `owner` is an error.
        exclusive: Whether people that `members` does not name are removed from the project. They lose access. A preview
            names them first.
        invite: Whether people in `members` who are not in the organization are invited. Each address is then an
            `OrganizationMember`, which manages the role in this project and not the role in the organization. Not with
            `exclusive`. If the program names a person for several projects, declare one `OrganizationMember` with all
            of the projects instead, and omit the person here.
        groups: The groups in the project by a name of your choice: either the group's id, for the role `member`, or a
            mapping with `group_id` and `role`.
        service_accounts: The service accounts by name. `{}` is an account without a key. `api_key` creates a key and
            requires its lifetime. `groups` adds the account to groups of the organization.
        models: The models that the project may use: a list of ids, or a mapping with `mode` and `model_ids`. By
            default, the models of `limits`, if `limits` is an allow-list: all its keys are names of models that the
            program knows, `others` accepts no requests, and `project_id` is not set. `None` or `{}` allows all models
            of the organization.
        protect: Whether Pulumi protects the project against destroy, because an archived project can't be restored. To
            destroy it, set `False`, run `pulumi up`, and then `pulumi destroy`. With `False`, its limits and model
            permissions end with the project: they are not restored if the project is archived.
        former_names: The former logical names of the resources, in a program without the component. Set it if they are
            not the name of the component: either one name, or a mapping with the former name of each resource
            (`project`, `limits`, `spend_limit`, `members`, `members.ADDRESS`, `models`, `alerts.NAME`, `groups.NAME`,
            `service_accounts.NAME`, `service_accounts.NAME.groups.NAME`, `api_keys.NAME`).
        opts: Pulumi's options. `protect`, `retain_on_delete`, `depends_on`, `custom_timeouts`, `transforms` and
            `providers` also apply to all its resources.

    Attributes:
        project_id: The project's id (`proj_…`).
        not_limited: The models that accept requests beyond `limits` and `others`, because OpenAI refuses to change
            their limits. For each model, its current limits. Model permissions can exclude them; see `models`.
        service_account_ids: The ids of the service accounts, by the names of `service_accounts`.
        api_keys: The API keys, by the names of `service_accounts`. Secret. It does not contain accounts without a key.

    Raises:
        ArgumentError: There is no such argument.
        DeclarationError: An argument is invalid. The message names the argument and the correction.
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
        models: pulumi.Input[Sequence[str]] | TeamModels | Literal["limits"] | None = OF_LIMITS,
        protect: bool = True,
        former_names: str | Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        values = locals()
        given = {name: values[name] for name in defaults()}
        team = Team(resource_name, given, Arguments(f"TeamProject {resource_name!r}: "))
        super().__init__(TYPE, resource_name, {}, opts)
        outputs = register(team, self, opts or pulumi.ResourceOptions())
        self.project_id: pulumi.Output[str] = outputs["project_id"]
        self.not_limited: pulumi.Output[dict[str, dict[str, int]]] = outputs["not_limited"]
        self.service_account_ids: pulumi.Output[dict[str, str]] = outputs["service_account_ids"]
        self.api_keys: pulumi.Output[dict[str, str]] = outputs["api_keys"]
        self.register_outputs({name: value for name, value in outputs.items() if name != "api_keys"})


def defaults() -> dict[str, Any]:
    """The arguments of `TeamProject`, with their defaults."""
    parameters = inspect.signature(TeamProject).parameters.values()
    arguments_ = (parameter for parameter in parameters if parameter.kind is inspect.Parameter.KEYWORD_ONLY)
    return {parameter.name: parameter.default for parameter in arguments_ if parameter.name != "opts"}


TeamProject.__module__ = PUBLIC_MODULE

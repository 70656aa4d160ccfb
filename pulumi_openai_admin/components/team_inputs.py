"""The entries of the arguments of `TeamProject`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - annotations are read at run time
from typing import Any, Required, TypedDict

import pulumi  # noqa: TC002 - the same

from pulumi_openai_admin.program.key_delivery import DeliverTo, Store  # noqa: TC001 - the same
from pulumi_openai_admin.program.provider import PUBLIC_MODULE


class TeamSpendAlert(TypedDict, total=False):
    """An email when the costs of a month reach an amount; see `ProjectSpendAlert`."""

    threshold_dollars: pulumi.Input[float]
    """The amount in dollars: 800 or 800.5. Either this or `threshold_share`."""
    threshold_share: pulumi.Input[str]
    """The amount as a percentage of `spend_limit_dollars`: `"80%"`."""
    recipients: Required[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The email addresses that get the alert."""
    subject_prefix: pulumi.Input[str] | None
    """The text at the beginning of the emails' subjects."""


class TeamMember(TypedDict, total=False):
    """A person in the project: one of `user_id` and `email`; see `ProjectMembers`."""

    user_id: pulumi.Input[str]
    """The user (`user-…`)."""
    email: pulumi.Input[str]
    """The user's address."""
    role: pulumi.Input[str]
    """`member`, `viewer` or `owner`. If omitted, `member`. Write `owner` as a plain string: an Output with the value
    `owner` is an error."""
    until: pulumi.Input[str | int] | None
    """When the access ends; see `ProjectMembers`. With `invite`, an invite that is open then is withdrawn. The user
    leaves the project, and stays in the organization."""


class TeamGroup(TypedDict, total=False):
    """A group of the organization in the project; see `ProjectGroup`."""

    group_id: Required[pulumi.Input[str]]
    """The group (`group_…`)."""
    role: pulumi.Input[str]
    """`member`, `viewer`, `owner`, or the id of a role of the project. If omitted, `member`. Write `owner` as a plain
    string: an Output with the value `owner` is an error."""


class TeamApiKey(TypedDict, total=False):
    """An API key of a service account; see `ProjectServiceAccountApiKey`."""

    expires_in_seconds: Required[pulumi.Input[int] | None]
    """The key's lifetime in seconds. `None` for a key that does not expire. It must be set."""
    name: pulumi.Input[str]
    """The key's name. If omitted, the account's name."""
    scopes: pulumi.Input[Sequence[pulumi.Input[str]]] | None
    """The permissions of the key. If omitted, the key has all permissions of its account."""
    triggers: pulumi.Input[Sequence[Any]] | None
    """Any values. Changing one of them rotates the key."""
    rotate_every: pulumi.Input[str] | None
    """The maximum age of the key: `90d`. The first update after that time rotates the key."""
    overlap: pulumi.Input[str] | None
    """How long the old key continues to work after a scheduled rotation: `24h`."""
    deliver_to: DeliverTo | Store | None
    """The secret store that receives the key, such as `Command([…])`. The key is then not in `api_keys`."""


class TeamServiceAccount(TypedDict, total=False):
    """A service account of the project; see `ProjectServiceAccount`."""

    name: pulumi.Input[str]
    """The account's name at OpenAI. If omitted, the name of the entry."""
    role: pulumi.Input[str] | None
    """`member` or `owner`. If omitted, the role is not managed: OpenAI gives a keyless account the role `none`. Write
    `owner` as a plain string: an Output with the value `owner` is an error."""
    api_key: TeamApiKey | None
    """A key for the account, which can be rotated without an outage. If omitted, the account has no key."""
    groups: Mapping[str, pulumi.Input[str]] | None
    """The groups of the organization that contain the account: group ids by a name of your choice. The account has the
    roles of these groups."""
    create_service_account_only: pulumi.Input[bool] | None
    """`True`, the default, creates the account without a key. `None` or `False` is for an account that the program
    declared with its first key before the account moved into the component."""
    expires_in_seconds: pulumi.Input[int] | None
    """The lifetime of that first key in seconds. It does not apply to `api_key`."""


class TeamModels(TypedDict, total=False):
    """The models that the project may use, or the models that it may not use; see `ProjectModelPermissions`."""

    mode: Required[pulumi.Input[str]]
    """`allow_list` or `deny_list`."""
    model_ids: Required[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The ids of the models."""


for _shape in (TeamApiKey, TeamGroup, TeamMember, TeamModels, TeamServiceAccount, TeamSpendAlert):
    _shape.__module__ = PUBLIC_MODULE

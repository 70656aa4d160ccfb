"""Terraform providers for OpenAI: what their resources are here. One table for each provider, from its documentation.

openai/openai         1.3.0, and commits after it
jianyuan/openai       0.7.0
mkdev-me/openai       2.2.7
cloudopsworks/openai  0.1.1, and commits after it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PREDEFINED = "role-api-"
"""What the id of a role that OpenAI predefines begins with."""


@dataclass(frozen=True)
class Counterpart:
    """The kind of object that a resource of Terraform manages.

    Args:
        kind: The kind.
        id: Its id, with the names of Terraform's attributes: `{project_id}/{role_id}`.
        inputs: The inputs whose values Terraform's state has, by the names of its attributes; a dot leads into an
            object. Without those that have the same name.
        not_compared: Attributes with the name of an input that are not compared with it.
        joint: What is between the ids in an attribute of Terraform that contains several.
        when: The attribute that has to be true, or the resource of Terraform does not manage such an object.
        each: The attribute with several objects, a list of ids or a mapping: an id or a key is `{item}` in `id`.
        predefined: Where it concerns a role that OpenAI predefines, the counterpart instead of this one: it is the
            `role` of another kind of resource.
    """

    kind: str
    id: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    not_compared: tuple[str, ...] = ()
    joint: str = "/"
    when: str = ""
    each: str = ""
    predefined: Counterpart | None = None


@dataclass(frozen=True)
class Nothing:
    """A resource of Terraform without a counterpart.

    Args:
        why: The reason, and what to do.
    """

    why: str


Row = tuple[Counterpart, ...] | Nothing

_KEY = "OpenAI shows an API key only when it is created: declare an AdminApiKey, then revoke the old key"
_WEBHOOK_ENDPOINT = (
    "it is read with an API key of its project, and OpenAI shows its signing secret only once: declare a "
    "WebhookEndpoint, then delete the old endpoint"
)
_KEY_OF_ACCOUNT = (
    "OpenAI shows an API key only when it is created: declare a ProjectServiceAccountApiKey, then revoke the old key"
)
_NOT_ADMINISTRATION = "it belongs to the API for models, not to the administration of the organization"

_USER = Counterpart("OrganizationUser", "{user_id}")
_PROJECT_USER = Counterpart("ProjectUser", "{project_id}/{user_id}")
_PROJECT_GROUP = Counterpart("ProjectGroup", "{project_id}/{group_id}")
_ALERT = {
    "notification_channel_recipients": "recipients",
    "notification_channel_subject_prefix": "subject_prefix",
}
_NESTED_ALERT = {
    "notification_channel.recipients": "recipients",
    "notification_channel.subject_prefix": "subject_prefix",
}
_ROLE_OF_USER = Counterpart("UserRole", "{user_id}/{role_id}", predefined=_USER)
_ROLE_OF_GROUP = Counterpart("GroupRole", "{group_id}/{role_id}")
_ROLE_OF_USER_IN_PROJECT = Counterpart("ProjectUserRole", "{project_id}/{user_id}/{role_id}", predefined=_PROJECT_USER)
_ROLE_OF_GROUP_IN_PROJECT = Counterpart(
    "ProjectGroupRole", "{project_id}/{group_id}/{role_id}", predefined=_PROJECT_GROUP
)
_GROUP_USER = Counterpart("GroupUser", "{group_id}/{user_id}")
_PROJECT_RETENTION = Counterpart("ProjectDataRetention", "{project_id}", {"type": "retention_type"})
_MODELS = Counterpart("ProjectModelPermissions", "{project_id}")
_LIMIT = Counterpart("ProjectRateLimit", "{project_id}/{rate_limit_id}")
_PROJECT = Counterpart("Project", "{id}")
_GROUP = Counterpart("Group", "{id}")
_INVITE = Counterpart("Invite", "{id}", not_compared=("projects",))

OFFICIAL: dict[str, Row] = {
    "openai_certificate": (Counterpart("Certificate", "{certificate_id}", not_compared=("certificate",)),),
    "openai_external_key": (Counterpart("ExternalKey", "{external_key_id}"),),
    "openai_group": (Counterpart("Group", "{group_id}"),),
    "openai_group_role": (_ROLE_OF_GROUP,),
    "openai_group_user": (_GROUP_USER,),
    "openai_invite": (Counterpart("Invite", "{invite_id}", not_compared=("projects",)),),
    "openai_mcp_tunnel": (Counterpart("McpTunnel", "{id}"),),
    "openai_organization_data_retention": (
        Counterpart("OrganizationDataRetention", "organization", {"type": "retention_type"}),
    ),
    "openai_organization_spend_alert": (Counterpart("OrganizationSpendAlert", "{alert_id}", _ALERT),),
    "openai_organization_spend_limit": (Counterpart("OrganizationSpendLimit", "organization"),),
    "openai_organization_user": (_USER,),
    "openai_project": (Counterpart("Project", "{project_id}"),),
    "openai_project_data_retention": (_PROJECT_RETENTION,),
    "openai_project_group": (_PROJECT_GROUP,),
    "openai_project_group_role": (_ROLE_OF_GROUP_IN_PROJECT,),
    "openai_project_hosted_tool_permissions": (
        Counterpart(
            "ProjectHostedToolPermissions",
            "{project_id}",
            {
                "code_interpreter_enabled": "code_interpreter",
                "file_search_enabled": "file_search",
                "image_generation_enabled": "image_generation",
                "mcp_enabled": "mcp",
                "web_search_enabled": "web_search",
            },
        ),
    ),
    "openai_project_model_permissions": (_MODELS,),
    "openai_project_rate_limit": (_LIMIT,),
    "openai_project_role": (Counterpart("ProjectRole", "{project_id}/{role_id}", {"role_name": "name"}),),
    "openai_project_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{service_account_id}"),),
    "openai_project_spend_alert": (Counterpart("ProjectSpendAlert", "{project_id}/{alert_id}", _ALERT),),
    "openai_project_spend_limit": (Counterpart("ProjectSpendLimit", "{project_id}"),),
    "openai_project_user": (_PROJECT_USER,),
    "openai_project_user_role": (_ROLE_OF_USER_IN_PROJECT,),
    "openai_role": (Counterpart("Role", "{role_id}", {"role_name": "name"}),),
    "openai_user_role": (_ROLE_OF_USER,),
    "openai_webhook_endpoint": Nothing(_WEBHOOK_ENDPOINT),
    "openai_project_rate_limits": (  # before 1.0.0
        Counterpart("ProjectRateLimit", "{project_id}/rl-{item}", each="rate_limits"),
    ),
}

JIANYUAN: dict[str, Row] = {
    "openai_admin_api_key": Nothing(_KEY),
    "openai_data_retention": (Counterpart("OrganizationDataRetention", "organization", {"type": "retention_type"}),),
    "openai_group": (_GROUP,),
    "openai_group_role_assignment": (_ROLE_OF_GROUP,),
    "openai_group_user": (_GROUP_USER,),
    "openai_invite": (_INVITE,),
    "openai_organization_role": (Counterpart("Role", "{id}"),),
    "openai_project": (_PROJECT,),
    "openai_project_group_role_assignment": (_ROLE_OF_GROUP_IN_PROJECT,),
    "openai_project_model_permissions": (_MODELS,),
    "openai_project_rate_limit": (_LIMIT,),
    "openai_project_role": (Counterpart("ProjectRole", "{project_id}/{id}"),),
    "openai_project_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{id}"),),
    "openai_project_spend_alert": (Counterpart("ProjectSpendAlert", "{project_id}/{id}", _NESTED_ALERT),),
    "openai_project_spend_limit": (Counterpart("ProjectSpendLimit", "{project_id}"),),
    "openai_project_user": (_PROJECT_USER,),
    "openai_project_user_role_assignment": (_ROLE_OF_USER_IN_PROJECT,),
    "openai_spend_alert": (Counterpart("OrganizationSpendAlert", "{id}", _NESTED_ALERT),),
    "openai_spend_limit": (Counterpart("OrganizationSpendLimit", "organization"),),
    "openai_user_role": (_USER,),
    "openai_user_role_assignment": (_ROLE_OF_USER,),
}

MKDEV: dict[str, Row] = {
    "openai_admin_api_key": Nothing(_KEY),
    "openai_group": (_GROUP,),
    "openai_group_user": (_GROUP_USER,),
    "openai_invite": (_INVITE,),
    "openai_organization_group_role": (_ROLE_OF_GROUP,),
    "openai_organization_role": (Counterpart("Role", "{id}"),),
    "openai_organization_user": (_USER,),
    "openai_organization_user_role": (_ROLE_OF_USER,),
    "openai_project": (_PROJECT,),
    "openai_project_api_key": Nothing(_KEY_OF_ACCOUNT),
    "openai_project_group": (
        _PROJECT_GROUP,
        Counterpart("ProjectGroupRole", "{project_id}/{group_id}/{item}", each="role_ids", predefined=_PROJECT_GROUP),
    ),
    "openai_project_role": (Counterpart("ProjectRole", "{id}", joint=":"),),
    "openai_project_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{service_account_id}"),),
    "openai_project_user": (
        _PROJECT_USER,
        Counterpart("ProjectUserRole", "{project_id}/{user_id}/{item}", each="role_ids", predefined=_PROJECT_USER),
    ),
    "openai_rate_limit": (
        Counterpart(
            "ProjectRateLimit",
            "{project_id}/rl-{model}",  # its `rate_limit_id` is one that OpenAI does not know
            {
                "max_images_per_minute": "max_images_per_1_minute",
                "max_requests_per_minute": "max_requests_per_1_minute",
                "max_tokens_per_minute": "max_tokens_per_1_minute",
            },
        ),
    ),
    **dict.fromkeys(
        (
            *("openai_audio_transcription", "openai_audio_translation", "openai_batch", "openai_chat_completion"),
            *("openai_embedding", "openai_file", "openai_fine_tuning_checkpoint_permission", "openai_fine_tuning_job"),
            *("openai_image_edit", "openai_image_generation", "openai_image_variation", "openai_model"),
            *("openai_moderation", "openai_response", "openai_speech_to_text", "openai_text_to_speech"),
            *("openai_vector_store", "openai_vector_store_file", "openai_vector_store_file_batch"),
        ),
        Nothing(_NOT_ADMINISTRATION),
    ),
}

CLOUDOPSWORKS: dict[str, Row] = {
    "openai_admin_api_key": Nothing(_KEY),
    "openai_organization_certificate": (
        Counterpart("Certificate", "{id}", not_compared=("certificate",)),
        Counterpart("OrganizationCertificateActivation", "{id}", when="active"),
    ),
    "openai_organization_data_retention": (
        Counterpart("OrganizationDataRetention", "organization", {"type": "retention_type"}),
    ),
    "openai_organization_group": (_GROUP,),
    "openai_organization_group_role": (_ROLE_OF_GROUP,),
    "openai_organization_group_user": (_GROUP_USER,),
    "openai_organization_invite": (_INVITE,),
    "openai_organization_role": (Counterpart("Role", "{id}"),),
    "openai_organization_spend_alert": (Counterpart("OrganizationSpendAlert", "{id}", _NESTED_ALERT),),
    "openai_organization_spend_limit": (Counterpart("OrganizationSpendLimit", "organization"),),
    "openai_organization_user_role": (_ROLE_OF_USER,),
    "openai_project": (_PROJECT,),
    "openai_project_api_key": Nothing(_KEY_OF_ACCOUNT),
    "openai_project_data_retention": (_PROJECT_RETENTION,),
    "openai_project_group": (_PROJECT_GROUP,),
    "openai_project_group_role": (_ROLE_OF_GROUP_IN_PROJECT,),
    "openai_project_hosted_tool_permissions": (Counterpart("ProjectHostedToolPermissions", "{project_id}"),),
    "openai_project_model_permissions": (_MODELS,),
    "openai_project_rate_limit": (Counterpart("ProjectRateLimit", "{project_id}/{id}"),),
    "openai_project_role": (Counterpart("ProjectRole", "{project_id}/{id}"),),
    "openai_project_spend_alert": (Counterpart("ProjectSpendAlert", "{project_id}/{id}", _NESTED_ALERT),),
    "openai_project_spend_limit": (Counterpart("ProjectSpendLimit", "{project_id}"),),
    "openai_project_user": (_PROJECT_USER,),
    "openai_project_user_role": (_ROLE_OF_USER_IN_PROJECT,),
    "openai_service_account": (Counterpart("ProjectServiceAccount", "{project_id}/{id}"),),
}

PROVIDERS = {
    "openai/openai": OFFICIAL,
    "jianyuan/openai": JIANYUAN,
    "mkdev-me/openai": MKDEV,
    "cloudopsworks/openai": CLOUDOPSWORKS,
}
"""The tables, by the end of a provider's address in a state."""

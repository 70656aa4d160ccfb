"""Objects with one special property each: projects, their models, certificates, keys, storages, tunnels, identities.

A project can only be archived: POST /organization/projects/{project_id}/archive. GET still shows an archived project,
so `status` is checked.
"""

from __future__ import annotations

import logging
import re
from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import CERTIFICATE_ACTIVATION_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.creation import Creations, in_words
from pulumi_openai_admin.handlers.handler import Observation, PendingAction, Shows
from pulumi_openai_admin.handlers.removals import Removal
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.setting import OptionalSetting
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice, Message
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.paths import PROJECT, describe, fill
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection as Collection_
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass(eq=False, repr=False)
class Projects(Collection):
    """The handler of projects."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("project.created",), ("project.updated", "project.archived", "project.deleted")
    )

    removal_verb: ClassVar[str] = "archive"
    traits: ClassVar[Traits] = replace(Collection.traits, proves_organization=True)
    """No project is ever deleted, so one that is not shown belongs to another organization."""

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: not one that is archived."""
        return not (row.get("status") == "archived" or row.get("archived_at"))

    @override
    def require_valid(self, client: Client, remote: Remote) -> None:
        if remote.attributes.get("status") == "archived":
            raise errors.ResourceGoneError(f"{self.name(remote)} is archived", errors.ARCHIVED_ADVICE)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update the project; an archived project can't be updated."""
        try:
            super().update(client, remote, wanted)
        except errors.BadRequestError:
            self.read(client, remote)  # raises an error if it is archived
            raise

    def delete(self, client: Client, remote: Remote) -> None:
        """Archive the project; nothing is done if it is archived.

        Raises:
            errors.ProjectNotFoundError: OpenAI does not show the project, so it may belong to another organization.
        """
        try:
            reply = client.send(Call("POST", self.path_of(remote) + "/archive", f"archive {self.name(remote)}"))
        except errors.NotFoundError as missing:
            raise self._gone(remote) from missing
        except (errors.BadRequestError, errors.PermissionDeniedError):
            try:
                self.read(client, remote)
            except errors.ProjectNotFoundError:
                raise
            except errors.ResourceGoneError:
                return
            raise
        self._learn(remote, reply)
        logger.warning(
            "%s is archived, not deleted, because OpenAI does not delete %ss. This cannot be undone.",
            self.name(remote), self.noun,
        )  # fmt: skip

    @override
    def removal(self, remote: Remote, now: float) -> Removal:
        return Removal("archived, which cannot be undone")

    def _gone(self, remote: Remote) -> errors.ResourceGoneError:
        return errors.ProjectNotFoundError.named(self.name(remote))

    def creation_note(self, wanted: Wanted) -> str:
        """How the project ends. The engine asks no provider when it previews a deletion, so this is said before."""
        return f"OpenAI does not delete {self.noun}s. Destroying one archives it, which cannot be undone."

    def replacement_note(self, remote: Remote) -> str:
        """The warning that the old project will be archived."""
        return (
            f"The old {self.noun} {remote.get('name')!r} will be archived after the new one is created. That "
            "cannot be undone, and its keys stop working."
        )


_CONTENT = "certificate_details.content"


@dataclass(eq=False, repr=False)
class Certificates(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("certificate.created",),
        ("certificate.updated", "certificate.deleted", *CERTIFICATE_ACTIVATION_EVENTS.types),
    )

    traits: ClassVar[Traits] = replace(Collection.traits, not_shown=("certificate",))

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Import a certificate with its content."""
        remote.attributes.update(self.declared(client, remote))
        super().adopt(client, remote, wanted)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The certificate with its content, which takes a request for each: lists do not show it."""
        row = self._listed(client, remote)
        if not documents.get(row, _CONTENT):
            row = {**row, **self._with_content(client, remote, remote.id)}
            self.listing(client, remote).learn(row)
        self._learn(remote, row)
        return {**remote.attributes, "certificate": formats.canonical(str(documents.get(row, _CONTENT) or ""))}

    def _with_content(self, client: Client, remote: Remote, id_: str) -> Mapping[str, Any]:
        path = fill(self.path + "/{id}", **remote.parents, id=id_)
        return client.send(Call("GET", path, f"look at {self.noun} {id_}", {"include[]": "content"}))

    def _fits(self, client: Client, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """See `Collection._fits`: a certificate with the name and the content, which no list shows."""
        content = body.get("certificate")  # a preview may not know it
        if content is None or (self._declared(row).get("name") or None) != body.get("name"):
            return False
        shown = documents.get(self._with_content(client, remote, str(row[self.identity])), _CONTENT)
        return formats.canonical(str(shown or "")) == formats.canonical(content)

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get("name") or "without a name"


@dataclass(eq=False, repr=False)
class _Validated(Collection):
    """Objects that OpenAI tries to use, when they are created, and by each update until it can."""

    status: ClassVar[str]
    """The property that says whether OpenAI can use it."""
    usable: ClassVar[str]
    """Its value if OpenAI can."""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create it, and have OpenAI try it."""
        super().create(client, remote, wanted)
        self._validate(client, remote)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Have OpenAI try what it could not use before."""
        super().update(client, remote, wanted)
        if remote.attributes.get(self.status) != self.usable:
            self._validate(client, remote)

    @abstractmethod
    def _validate(self, client: Client, remote: Remote) -> None:
        """POST …/validate."""

    def _send_validation(self, client: Client, remote: Remote) -> dict[str, Any]:
        return client.send(Call("POST", self.path_of(remote) + "/validate", f"validate {self.name(remote)}"))


_PROVIDER = "provider"


@dataclass(eq=False, repr=False)
class ExternalKeys(_Validated):
    """The handler; see `Collection` for its other arguments.

    Args:
        of_the_cloud: What of a key is about its cloud, by OpenAI's names.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(("external_key.registered",), ("external_key.removed",))

    traits: ClassVar[Traits] = replace(Collection.traits, not_shown=("validation_status",))
    status = "validation_status"
    usable = "success"

    of_the_cloud: frozenset[str] = field(kw_only=True)

    def _validate(self, client: Client, remote: Remote) -> None:
        """POST …/validate. A key that OpenAI can't use is kept, and tried again by the next run."""
        remote.attributes[self.status] = "failed"
        try:
            remote.attributes[self.status] = self._send_validation(client, remote).get("status") or self.usable
        except errors.BadRequestError as refusal:
            what = f"{self.name(remote)} was created, but OpenAI can't use it: {refusal.event}"
            advice = Advice("Give OpenAI access to the key in your cloud, then ", remedies.RUN_AGAIN, ".")
            raise errors.ConfigurationError(what, advice) from refusal

    @override
    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        others = {name: value for name, value in properties.items() if name != _PROVIDER}
        return {**super()._sent(others), **properties.get(_PROVIDER, {})}

    def _called(self, body: Mapping[str, Any]) -> object:
        return body["name"]

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """A key with the properties of its cloud together, as a program gives them."""
        provider = {name: value for name, value in shown.items() if name in self.of_the_cloud and value is not None}
        return {**({_PROVIDER: provider} if "type" in provider else {}), **shown}


@dataclass(eq=False, repr=False)
class ExternalStorages(_Validated):
    """The handler; see `Collection` for its other arguments.

    Args:
        given: By `type`, what a program gives of a bucket; all else is what OpenAI found.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        reason="OpenAI takes no filter for the events about external storage"
    )

    status = "status"
    usable = "validated"

    given: Mapping[str, Collection_[str]] = field(kw_only=True)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring it up to date. One that OpenAI can't use is tried again by the next update."""
        super().read(client, remote)
        is_usable = remote.attributes.get(self.status) == self.usable
        what = capitalized(f"{self.name(remote)} is {remote.get(self.status)}")
        remote.pending_actions = [] if is_usable else [PendingAction(what, "have OpenAI test it again")]

    def _validate(self, client: Client, remote: Remote) -> None:
        """POST …/validate. What it finds is no error: the cloud may need outputs of the resource to grant access."""
        self._learn(remote, self._send_validation(client, remote))
        if remote.attributes.get(self.status) != self.usable:
            logger.warning(
                "%s is %s: OpenAI can't use it. Give OpenAI access in your cloud, then %s: OpenAI tests it again.",
                self.name(remote), remote.get(self.status), remedies.REFRESH_THEN_RUN,
            )  # fmt: skip

    def _called(self, body: Mapping[str, Any]) -> object:
        provider = body[_PROVIDER]
        return provider.get("bucket") or provider.get("container")

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """A bucket with what a program gives apart from what OpenAI found."""
        provider = shown.get(_PROVIDER)
        if not provider:
            return shown
        names = self.given.get(provider.get("type", ""), provider)
        given = {name: value for name, value in provider.items() if name in names}
        found = {name: value for name, value in provider.items() if name not in given and value is not None}
        return {**shown, _PROVIDER: given, **({"found": found} if found else {})}


_MODELS = "model_ids"
_RATE_LIMITS = "/organization/projects/{project_id}/rate_limits"
_VERSION = re.compile(r"-\d{4}(-\d\d-\d\d)?$")
"""The end of the name of a version of a model: `gpt-4o-2024-08-06`."""


@dataclass(eq=False, repr=False)
class ModelPermissions(OptionalSetting):
    """The handler; see `OptionalSetting` for its arguments. OpenAI accepts a model that it does not have."""

    @override
    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        self._warn_of_unknown(client, remote, wanted)
        super().update(client, remote, wanted)

    @override
    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        self._warn_of_unknown(client, remote, wanted)
        return super().observe(client, remote, wanted)

    def _warn_of_unknown(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Warn of new models that resemble one with a rate limit. Others may be new, or fine-tuned: `ft:gpt-4o:…`."""
        news = [name for name in wanted.settings.get(_MODELS) or () if name not in (remote.get(_MODELS) or ())]
        if not news or _MODELS in remote.step.secret:
            return
        path, place = fill(_RATE_LIMITS, **remote.parents), describe(remote.parents)
        with suppress(errors.AdminError):  # whoever may not read the rate limits may set the models
            rows = client.listing(path, f"list the rate limits of {place}", {"limit": 1000}).rows()
            known = {str(row.get("model")) for row in rows.values()}
            for name in news:
                question = "" if {name, _VERSION.sub("", name)} & known else did_you_mean(name, known)
                if question and not name.startswith("ft:"):
                    logger.warning(
                        "%s has no rate limit for the model %r, so the name may be misspelled. %s If the name is "
                        "right, ignore this warning.",
                        capitalized(place), name, question,
                    )  # fmt: skip


_DESCRIPTION = "description"


@dataclass(eq=False, repr=False)
class McpTunnels(Collection):
    """The handler; see `Collection` for its arguments. No list shows the tunnels.

    A user looks for the fields in `recognized_by` after a lost response.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(("tunnel.created",), ("tunnel.updated", "tunnel.deleted"))
    traits: ClassVar[Traits] = replace(Collection.traits, shows=Shows.EACH)

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """None: a user has to name each object."""
        return []

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """An object that is there, as GET shows it. Nothing can be found before a creation."""
        return super().observe(client, remote, wanted) if remote.id else Observation(self.noun)

    @override
    def _listed(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        return self._shown(client, remote)

    @override
    def _warn_of_namesakes(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        pass

    def own_creations(self, client: Client, remote: Remote) -> Creations:
        """See `Collection.own_creations`: nothing can be found."""
        return _Unfindable(**vars(super().own_creations(client, remote)), handler=self)

    def unknown(self, what: Message, called: str) -> errors.UnknownCreationError:
        """The error that says what may exist."""
        advice = (
            f"OpenAI has no list of {self.noun}s, so look in its dashboard for a new {self.noun} with the "
            f"{self._recognition} {called!r}. If there is one, delete it there."
        )
        return errors.UnknownCreationError(Message(what, f". The {self.noun} may have been created"), advice)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """Send all that can be set. A description that the program does not set stays as it is now."""
        if _DESCRIPTION not in body:
            self.read(client, remote)
        super()._set(client, remote, {**body, _DESCRIPTION: body.get(_DESCRIPTION, remote.get(_DESCRIPTION))})

    @override
    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        return super()._sent({_DESCRIPTION: None, **properties})


@dataclass(eq=False, repr=False)
class _Unfindable(Creations):
    """Requests for objects that nothing lists."""

    handler: McpTunnels = field(kw_only=True)

    @override
    def create(self, call: Call, body: Mapping[str, Any], *, discards: bool = False) -> dict[str, Any]:
        try:
            return self._post(call, self._request(call.action, body))
        except errors.AdminError as error:
            # The conflict may be with the same request, which a gateway has sent twice.
            if not (error.may_have_acted or isinstance(error, errors.ConflictError)):
                raise
            self.add(call.action, {"called": str(body["name"])})
            raise self.handler.unknown(error.happened, str(body["name"])) from error

    def resolve(self, seconds: float = 0, *, removes: bool = True) -> None:
        """Nothing but the user can decide."""
        for request in self.requests if removes else ():
            raise self.handler.unknown(Message(in_words(request)), request["body"]["called"])


@dataclass(eq=False, repr=False)
class FederationRules(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("workload_identity_provider_mapping.created",),
        ("workload_identity_provider_mapping.updated", "workload_identity_provider_mapping.deleted"),
    )

    def ends_with(self, remote: Remote) -> Mapping[str, str]:
        """See `Collection.ends_with`: the project of the service account, too."""
        project_id = remote.get(PROJECT.id_name)
        return {**remote.parents, **({PROJECT.id_name: project_id} if project_id else {})}

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get("name") or f"for {body.get('service_account_id')}"


_VERIFICATION, _URL = "verification", "discovery_url"


@dataclass(eq=False, repr=False)
class WorkloadIdentityProviders(Collection):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("workload_identity_provider.created",),
        ("workload_identity_provider.updated", "workload_identity_provider.deleted"),
    )

    @override
    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        verification = properties.get(_VERIFICATION)
        if isinstance(verification, dict) and verification.get("type") == "discovery":
            properties = {**properties, _VERIFICATION: {_URL: None, **verification}}  # OpenAI asks for the null
        return super()._sent(properties)

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        """Store a response without its nulls: no value of a program has any."""
        super()._learn(remote, reply)
        if isinstance(verification := remote.get(_VERIFICATION), dict):
            remote.attributes[_VERIFICATION] = {name: it for name, it in verification.items() if it is not None}
